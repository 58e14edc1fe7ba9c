"""Every chat among the sample files: what is expected of it, and what is found in it."""

import csv

import pytest

from evidence_service.domain.transcript import Transcript
from evidence_service.readers import read

# Reader, transcripts, messages, and people named in them.
FOUND = {
    "email-attachment-message-rfc822__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-attachment-nonascii-filename__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-attachment-pdf__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-attachment-with-base64-encoded-name__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-bad-date-header__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-bug27257__eml_parser.eml": ("eml", 1, 1, 1),
    "email-email-in-from__eml_parser.eml": ("eml", 1, 1, 1),
    "email-encoding-madness__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-example06__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-gh-issue-79-2__eml_parser.eml": ("eml", 1, 1, 1),
    "email-invalid-date1__eml_parser.eml": ("eml", 1, 1, 1),
    "email-japanese-attachment-long-name__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-japanese-iso-2022__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-japanese-shift-jis__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-ks-c-5601-1987__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-mime-inline-html__eml_parser.eml": ("eml", 1, 1, 1),
    "email-raw-email-with-binary-encoded__mikel-mail.eml": ("eml", 1, 1, 1),
    "email-two-from-in-message__mikel-mail.eml": ("eml", 1, 1, 1),
    "facebook-messages-htm__fbchat-archive-parser.htm": ("facebook_html", 3, 20, 3),
    "freshdesk-v1-ticket__python-freshdesk.json": ("freshdesk_v1", 1, 2, 2),
    "helpscout-v2-conversation__helpscout-api-php.json": ("helpscout", 1, 1, 0),
    "instagram-messages__chat-miner.json": ("messenger", 1, 2, 2),
    "intercom-conversation-note__intercom-openapi.json": ("intercom", 1, 2, 1),
    "intercom-conversation-redacted__intercom-openapi.json": ("intercom", 1, 2, 2),
    "intercom-conversation-user-reply__intercom-openapi.json": ("intercom", 1, 2, 2),
    "intercom-conversation__intercom-openapi.json": ("intercom", 1, 5, 4),
    "intercom-ticket__intercom-openapi.json": ("intercom", 1, 2, 1),
    "line-japanese-quoted__line-history-rs.txt": ("line", 1, 10, 5),
    "mbox-3-message__node-mbox.mbox": ("mbox", 1, 3, 1),
    "ozon-chat-history-v3__ozon-api-client.json": ("ozon_chat", 1, 1, 1),
    "signal-cli-txt__chat-miner.txt": ("signal_text", 1, 2, 2),
    "telegram-result-batch__chat-miner.json": ("telegram", 1, 2, 2),
    "wechat-csv-doc__wechat_stat.csv": ("wechat_csv", 1, 4, 1),
    "whatsapp-android-group__whats_json.txt": ("whatsapp", 1, 20, 1),
    "whatsapp-czech-ios__whats_json.txt": ("whatsapp", 1, 23, 2),
    "whatsapp-ddmmyy-24h__chat-miner.txt": ("whatsapp", 1, 9, 5),
    "whatsapp-ddmmyyyy-emoji__rwhatsapp.txt": ("whatsapp", 1, 9, 2),
    "whatsapp-english-android-media__whats_json.txt": ("whatsapp", 1, 60, 2),
    "whatsapp-englishandroid24h__whatsr.txt": ("whatsapp", 1, 50, 5),
    "whatsapp-englishandroidampm__whatsr.txt": ("whatsapp", 1, 50, 5),
    "whatsapp-englishiosampm__whatsr.txt": ("whatsapp", 1, 50, 5),
    "whatsapp-export-zip__rwhatsapp.zip": ("whatsapp", 1, 9, 2),
    "whatsapp-germanandroid24h__whatsr.txt": ("whatsapp", 1, 50, 5),
    "whatsapp-germanandroidampm__whatsr.txt": ("whatsapp", 1, 50, 5),
    "whatsapp-germanios24h__whatsr.txt": ("whatsapp", 1, 50, 5),
    "whatsapp-ios-calendar-buddhist__whats_json.txt": ("whatsapp", 1, 28, 2),
    "whatsapp-ios-chat-file5__port-whatsapp.txt": ("whatsapp", 1, 10, 4),
    "whatsapp-ios-export__port-whatsapp.zip": ("whatsapp", 1, 10, 4),
    "whatsapp-italian-ios__whats_json.txt": ("whatsapp", 1, 23, 2),
    "whatsapp-merge-part1__whatstk.txt": ("whatsapp", 1, 300, 4),
    "whatsapp-merge-part2__whatstk.txt": ("whatsapp", 1, 300, 5),
    "whatsapp-mmddyy-24h__chat-miner.txt": ("whatsapp", 1, 9, 5),
    "whatsapp-mmddyy-brackets-24h__chat-miner.txt": ("whatsapp", 1, 9, 5),
    "whatsapp-mmddyyyy-12h-a-m__chat-miner.txt": ("whatsapp", 1, 9, 5),
    "whatsapp-russian-ios__whats_json.zip": ("whatsapp", 1, 25, 2),
    "whatsapp-spanish-ios__whats_json.txt": ("whatsapp", 1, 23, 2),
    "whatsapp-ukrainian-ios__whats_json.txt": ("whatsapp", 1, 23, 2),
    "whatsapp-vietnamese-ios__whats_json.txt": ("whatsapp", 1, 23, 2),
    "zendesk-incremental-tickets__zenpy.json": ("zendesk_tickets", 7, 7, 1),
    "zendesk-ticket-audits-one__zenpy.json": ("zendesk_audits", 1, 1, 1),
    "zendesk-ticket-audits-page__zenpy.json": ("zendesk_audits", 86, 88, 3),
    "zendesk-tickets-page__zenpy.json": ("zendesk_tickets", 1, 1, 0),
}
# The list of samples calls it a reference, yet it is a conversation with a buyer's reply in it, of
# the same form as its neighbours that are to be read.
READ_ANYWAY = {"intercom-conversation-user-reply__intercom-openapi.json"}


def rows(samples):
    with (samples / "INDEX.tsv").open(encoding="utf-8") as index:
        found = csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in found if row["file"].startswith("chat/")]


def transcripts(samples, name):
    found = read(samples / "chat" / name)
    return found, [one for one in found.contents if isinstance(one, Transcript)]


class TestSamples:
    def test_each_is_read_or_left_as_expected(self, samples):
        wrong = [
            row["file"]
            for row in rows(samples)
            if bool(transcripts(samples, row["file"].removeprefix("chat/"))[1])
            != (row["expect"] == "transcript")
        ]

        assert wrong == [f"chat/{name}" for name in sorted(READ_ANYWAY)]

    def test_each_that_is_read_stands_in_the_table(self, samples):
        expected = {row["file"] for row in rows(samples) if row["expect"] == "transcript"}

        assert {f"chat/{name}" for name in FOUND.keys() - READ_ANYWAY} == expected

    @pytest.mark.parametrize("name", FOUND)
    def test_messages_and_people(self, samples, name):
        found, chats = transcripts(samples, name)
        messages = [message for chat in chats for message in chat.messages]
        people = {message.author for message in messages if message.author}

        assert (found.reader, len(chats), len(messages), len(people)) == FOUND[name]

    @pytest.mark.parametrize("name", FOUND)
    def test_a_message_without_an_instant_is_told_of(self, samples, name):
        found, chats = transcripts(samples, name)
        missing = any(message.sent_at is None for chat in chats for message in chat.messages)
        told = {"time_zone_unknown", "time_unknown", "date_unreadable"} & set(found.warnings)

        assert missing == bool(told)
