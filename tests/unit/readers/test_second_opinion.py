"""Chats written here in every form, read by us and by chat-miner, which nobody here wrote.

What was written is the truth; the forms that chat-miner cannot read are listed with the reason.
"""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from evidence_service.readers import read

chatparsers = pytest.importorskip("chatminer.chatparsers")

NARROW, LEFT, RIGHT = "\u202f", "\u200e", "\u200f"
START = datetime(2024, 1, 9, 8, 5, 7)  # noqa: DTZ001 - the clock of a phone
SAID = (
    ("Ann Lee", "hello, is it sent?"),
    ("Żółć", "yes: yesterday - see\nthe second line\n\nthe fourth 12:30"),
    (None, "Messages and calls are end-to-end encrypted."),
    ("+49 170 1234567", "😀 https://example.com/a?b=c:d"),
    ("محمد", "أين الطلب؟"),
    ("王女士", "[图片] 在吗"),
    (None, "Ann Lee added Bob"),
    ("Bob", "12/31/23, 11:59 PM is when"),
    ("Ann Lee", "ok"),
)


@dataclass(frozen=True)
class Written:
    """Who said what, when; None wrote what the system says."""

    author: str | None
    at: datetime
    text: str


def conversation():
    """Over three weeks, before noon and after, at midnight and at noon; days above 12 occur."""
    hours = (0, 5, 12, 23, 36, 100, 200, 332, 447)
    return [
        Written(
            author, START.replace(hour=0, minute=0) + timedelta(hours=at, minutes=at % 60), text
        )
        for at, (author, text) in zip(hours, SAID, strict=True)
    ]


def clock(at, form):
    half = form.get("halves", ("", ""))[at.hour >= 12]
    hour = at.hour if not any(form.get("halves", ())) else (at.hour % 12 or 12)
    return form["clock"].format(h=hour, at=at, half=half)


def export(form):
    """The conversation as a phone with this form would export it."""
    lines = []
    for one in conversation():
        date = form["date"].format(
            d=one.at.day, m=one.at.month, y=one.at.year, yy=one.at.year % 100
        )
        head = form["head"].format(date=date, clock=clock(one.at, form))
        said = f"{one.author}: {one.text}" if one.author else one.text
        mark = form.get("mark", "") if one.author is None or "图片" in one.text else ""
        lines.append(f"{mark}{head}{said}")
    return "\n".join(lines) + "\n"


ANDROID, IOS = "{date}, {clock} - ", "[{date}, {clock}] "
H24, H24S = "{h:02}:{at.minute:02}", "{h:02}:{at.minute:02}:{at.second:02}"
H12, H12S = "{h}:{at.minute:02} {half}", "{h}:{at.minute:02}:{at.second:02} {half}"
AM_PM, LOWER = ("AM", "PM"), ("am", "pm")
FORMS = {
    "android de": {"head": ANDROID, "date": "{d:02}.{m:02}.{yy:02}", "clock": H24},
    "android gb": {"head": ANDROID, "date": "{d:02}/{m:02}/{y}", "clock": H24},
    "android nl": {"head": "{date} {clock} - ", "date": "{d:02}-{m:02}-{y}", "clock": H24},
    "android us": {"head": ANDROID, "date": "{m}/{d}/{yy:02}", "clock": H12, "halves": AM_PM},
    "android us, narrow blank": {
        "head": ANDROID,
        "date": "{m}/{d}/{yy:02}",
        "clock": H12.replace(" ", NARROW),
        "halves": AM_PM,
    },
    "android in": {"head": ANDROID, "date": "{d:02}/{m:02}/{yy:02}", "clock": H12, "halves": LOWER},
    "android us 24": {"head": ANDROID, "date": "{m}/{d}/{yy:02}", "clock": H24},
    "android it": {"head": ANDROID, "date": "{d:02}/{m:02}/{yy:02}", "clock": H24},
    "android es": {
        "head": "{date} {clock} - ",
        "date": "{d}/{m}/{y}",
        "clock": H12,
        "halves": ("a. m.", "p. m."),
    },
    "android pt": {"head": "{date} {clock} - ", "date": "{d:02}/{m:02}/{y}", "clock": H24},
    "android fr": {"head": "{date} à {clock} - ", "date": "{d:02}/{m:02}/{y}", "clock": H24},
    "android tr": {"head": "{date} {clock} - ", "date": "{d:02}.{m:02}.{y}", "clock": H24},
    "android zh": {
        "head": "{date} {clock} - ",
        "date": "{y}/{m}/{d}",
        "clock": "{half}{h}:{at.minute:02}",
        "halves": ("上午", "下午"),
    },
    "android ja": {"head": "{date} {clock} - ", "date": "{y}/{m:02}/{d:02}", "clock": H24},
    "android ko": {
        "head": "{date} {clock} - ",
        "date": "{y}. {m}. {d}.",
        "clock": "{half} {h}:{at.minute:02}",
        "halves": ("오전", "오후"),
    },
    "android id": {
        "head": "{date} {clock} - ",
        "date": "{d:02}/{m:02}/{yy:02}",
        "clock": "{h:02}.{at.minute:02}",
    },
    "android hu": {"head": ANDROID, "date": "{y}. {m:02}. {d:02}.", "clock": H24},
    "android sv": {"head": "{date} {clock} - ", "date": "{y}-{m:02}-{d:02}", "clock": H24},
    "android ca": {
        "head": ANDROID,
        "date": "{y}-{m:02}-{d:02}",
        "clock": H12,
        "halves": ("a.m.", "p.m."),
    },
    "android ar": {
        "head": f"{RIGHT}{{date}}، {{clock}} - ",
        "date": f"{{d}}{RIGHT}/{{m}}{RIGHT}/{{y}}",
        "clock": H12,
        "halves": ("ص", "م"),
    },
    "ios de": {"head": IOS, "date": "{d:02}.{m:02}.{yy:02}", "clock": H24S, "mark": LEFT},
    "ios gb": {"head": IOS, "date": "{d:02}/{m:02}/{y}", "clock": H24S, "mark": LEFT},
    "ios us": {
        "head": IOS,
        "date": "{m}/{d}/{yy:02}",
        "clock": H12S.replace(" ", NARROW),
        "halves": AM_PM,
        "mark": LEFT,
    },
    "ios nl": {"head": IOS, "date": "{d:02}-{m:02}-{y}", "clock": H24S, "mark": LEFT},
    "ios se": {
        "head": "[{date} {clock}] ",
        "date": "{y}-{m:02}-{d:02}",
        "clock": H24S,
        "mark": LEFT,
    },
    "ios zh": {
        "head": "[{date} {clock}] ",
        "date": "{y}/{m}/{d}",
        "clock": "{half}{h}:{at.minute:02}:{at.second:02}",
        "halves": ("上午", "下午"),
        "mark": LEFT,
    },
    "ios ru": {"head": IOS, "date": "{d:02}.{m:02}.{y}", "clock": H24S, "mark": LEFT},
    "ios fi": {
        "head": "[{date} klo {clock}] ",
        "date": "{d}.{m}.{y}",
        "clock": "{h}.{at.minute:02}.{at.second:02}",
        "mark": LEFT,
    },
    "ios br": {"head": IOS, "date": "{d:02}/{m:02}/{yy:02}", "clock": H24S, "mark": LEFT},
}
# What chat-miner cannot read (0.6), and why: it finds no message in these, or raises.
UNREAD = {
    "android fr": "a word between date and time",
    "android zh": "a half day before the hour",
    "android ko": "blanks in the date",
    "android id": "points in the time",
    "android hu": "blanks in the date",
    "android sv": "the year first and no comma behind the date",
    "android ja": "the year first and no comma behind the date",
    "android ar": "marks inside the date",
    "ios se": "the year first and no comma behind the date",
    "ios zh": "a half day before the hour",
    "ios fi": "a word between date and time",
}


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def theirs(parser, path):
    """Author and time of each message, as chat-miner has it."""
    made = parser(str(path))
    made.parse_file()
    found = made.parsed_messages.get_df().to_dicts()
    return [(one["author"], one["timestamp"]) for one in found]


def ours(reading):
    """Author and time of each message, as it is written there."""
    return [
        (one.author, datetime.fromisoformat(one.local_time).replace(tzinfo=None))
        for one in reading.contents[0].messages
    ]


def in_utc(reading):
    return [(one.author, one.sent_at.replace(tzinfo=None)) for one in reading.contents[0].messages]


class TestWhatsApp:
    @pytest.mark.parametrize("name", FORMS)
    def test_we_read_what_was_written(self, tmp_path, name):
        form, path = FORMS[name], tmp_path / "chat.txt"
        path.write_text(export(form), encoding="utf-8")
        has_seconds = "second" in form["clock"]
        written = [
            (one.author or "", one.at if has_seconds else one.at.replace(second=0), one.text)
            for one in conversation()
        ]

        found = read(path)

        texts = [one.text for one in found.contents[0].messages]
        assert [(*one, text) for one, text in zip(ours(found), texts, strict=True)] == written

    @pytest.mark.parametrize("name", [name for name in FORMS if name not in UNREAD])
    def test_chat_miner_reads_the_same(self, tmp_path, name):
        path = tmp_path / "chat.txt"
        path.write_text(export(FORMS[name]), encoding="utf-8")

        people = [one for one in ours(read(path)) if one[0]]
        assert theirs(chatparsers.WhatsAppParser, path)[::-1] == people


class TestOthers:
    """chat-miner leaves out what has no author; so does what is compared."""

    PEOPLE = tuple(one for one in conversation() if one.author)

    def test_telegram(self, tmp_path):
        messages = [
            {
                "id": at,
                "type": "message",
                "date": one.at.isoformat(),
                "date_unixtime": str(int(one.at.replace(tzinfo=UTC).timestamp())),
                "from": one.author,
                "from_id": f"user{at}",
                "text": [one.text, {"type": "link", "text": "https://example.com"}],
            }
            for at, one in enumerate(self.PEOPLE)
        ]
        service = {
            **messages[0],
            "type": "service",
            "actor": "Ann",
            "action": "pin_message",
            "text": "",
        }
        del service["from"]
        path = tmp_path / "result.json"
        path.write_text(json.dumps({"name": "x", "messages": [*messages, service]}))

        found = in_utc(read(path))
        assert found[:-1] == theirs(chatparsers.TelegramJsonParser, path)
        assert found[:-1] == [(one.author, one.at) for one in self.PEOPLE]

    def test_signal(self, tmp_path):
        path = tmp_path / "chat.txt"
        lines = (f"[{one.at:%Y-%m-%d, %H:%M}] {one.author}: {one.text}" for one in self.PEOPLE)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

        found = ours(read(path))
        assert found == theirs(chatparsers.SignalParser, path)[::-1]
        assert found == [(one.author, one.at.replace(second=0)) for one in self.PEOPLE]

    @pytest.mark.parametrize(
        "parser", [chatparsers.FacebookMessengerParser, chatparsers.InstagramJsonParser]
    )
    def test_messenger_and_instagram(self, tmp_path, parser):
        messages = [
            {
                "sender_name": one.author.encode().decode("latin-1"),
                "timestamp_ms": int(one.at.replace(tzinfo=UTC).timestamp()) * 1000,
                "content": one.text.encode().decode("latin-1"),
            }
            for one in self.PEOPLE
        ]
        path = tmp_path / "message_1.json"
        path.write_text(json.dumps({"participants": [], "messages": messages[::-1]}))

        found = in_utc(read(path))
        assert found == theirs(parser, path)[::-1]
        assert found == [(one.author, one.at) for one in self.PEOPLE]
