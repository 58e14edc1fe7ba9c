"""Mails and mailboxes: well-formed ones, and those that keep to no standard."""

from datetime import UTC, datetime

import pytest

from evidence_service.readers import read as read_file
from evidence_service.readers.mail import eml, mbox

AT_NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
HEAD = "From: Ann <ann@example.com>\nSubject: Lamp\nDate: Fri, 1 May 2026 14:00:00 +0200\n"


def mail(text, *, head=HEAD):
    return (head + text).encode()


def only(data):
    (found,) = eml.read(data).contents[0].messages
    return found


def multipart(kind, *parts):
    body = "".join(f"--b\n{part}\n" for part in parts)
    return mail(f'Content-Type: multipart/{kind}; boundary="b"\n\n{body}--b--\n')


class TestMail:
    def test_author_instant_and_text_below_the_subject(self):
        found = only(mail("\nIt is broken.\n"))

        assert (found.author, found.sent_at) == ("Ann <ann@example.com>", AT_NOON)
        assert found.local_time == "Fri, 1 May 2026 14:00:00 +0200"
        assert found.text == "Subject: Lamp\n\nIt is broken."

    @pytest.mark.parametrize(
        ("charset", "text"),
        [
            ("koi8-r", "Привет"),
            ("gb2312", "你好"),
            ("shift_jis", "こんにちは"),
            ("ks_c_5601-1987", "안녕"),
            ("utf-8", "Grüße"),
        ],
    )
    def test_each_mail_names_its_own_charset(self, charset, text):
        head = f"{HEAD}Content-Type: text/plain; charset={charset}\n"
        data = f"{head}Content-Transfer-Encoding: 8bit\n\n".encode() + text.encode(charset)

        assert only(data).text.endswith(text)

    @pytest.mark.parametrize(
        ("charset", "encoding", "text"),
        [
            ("gb2312", "utf-8", "你好,发票"),
            ("us-ascii", "utf-8", "Grüße"),
            ("gb2312", "gbk", "國家"),
            ("ks_c_5601-1987", "cp949", "똠방각하"),
        ],
    )
    def test_a_charset_that_is_not_quite_the_one_named(self, charset, encoding, text):
        head = f"{HEAD}Content-Type: text/plain; charset={charset}\n"
        data = f"{head}Content-Transfer-Encoding: 8bit\n\n".encode() + text.encode(encoding)

        assert only(data).text.endswith(text)

    def test_an_unknown_charset_is_read_as_utf_8(self):
        data = mail("Content-Type: text/plain; charset=x-nobody\n\nПривет\n")

        assert only(data).text.endswith("Привет")

    @pytest.mark.parametrize("subject", ["=?utf-8?B?0JvQsNC80L/QsA==?=", "Лампа"])
    def test_headers_encoded_or_raw(self, subject):
        assert (
            only(mail("\nx", head=f"From: a\nSubject: {subject}\n")).text == "Subject: Лампа\n\nx"
        )

    def test_the_plain_one_of_alternatives(self):
        data = multipart(
            "alternative",
            "Content-Type: text/html\n\n<p>rich</p>",
            "Content-Type: text/plain\n\nplain",
        )

        assert only(data).text == "Subject: Lamp\n\nplain"

    def test_html_as_text_where_nothing_else_is_there(self):
        data = mail("Content-Type: text/html\n\n<style>x</style><p>a<br>b &amp; c</p><p>d</p>")

        assert only(data).text == "Subject: Lamp\n\na\nb & c\nd"

    def test_attachments_by_name(self):
        data = multipart(
            "mixed",
            "Content-Type: text/plain\n\nsee",
            "Content-Type: image/png\n\nx",
            'Content-Type: text/plain\nContent-Disposition: attachment; filename="чек.txt"\n\nx',
            "Content-Type: application/pdf; name==?utf-8?B?YS5wZGY=?=\n\nx",
            "Content-Disposition: attachment; filename*=utf-8''%D1%87.txt\n\nx",
            "Content-Type: message/rfc822; name=fwd.eml\n\nSubject: inner\n\nsecret",
        )
        found = only(data)

        assert found.attachments == ("image/png", "чек.txt", "a.pdf", "ч.txt", "fwd.eml")
        assert found.text == "Subject: Lamp\n\nsee"

    def test_a_boundary_may_go_on_in_the_next_line(self):
        head = 'Content-Type: multipart/mixed; boundary="a\n b"\n\n'
        data = mail(f"{head}--a b\n\nsee\n--a b\nContent-Type: image/png\n\nx\n--a b--\n")

        assert only(data).text == "Subject: Lamp\n\nsee"
        assert only(data).attachments == ("image/png",)

    def test_a_part_that_only_says_it_has_parts_is_no_attachment(self):
        data = multipart("mixed", 'Content-Type: multipart/alternative; boundary="b"\n\nsee')

        assert only(data).attachments == ()

    @pytest.mark.parametrize(
        ("date", "at", "warnings"),
        [
            ("Fri, 1 May 2026 12:00:00 -0000", AT_NOON, ()),
            ("Fri, 1 May 2026 14:00:00 +0200 (CEST)", AT_NOON, ()),
            ("Fri, 1 May 2026 14:00:00", None, ("time_zone_unknown",)),
            ("yesterday", None, ("date_unreadable",)),
            ("", None, ("time_unknown",)),
        ],
    )
    def test_dates(self, date, at, warnings):
        found = eml.read(mail("\nx", head=f"From: a\nDate: {date}\n"))

        assert found.contents[0].messages[0].sent_at == at
        assert found.warnings == warnings

    def test_the_servers_time_where_the_date_cannot_be_read(self):
        received = "Received: by mx.test;\n Fri, 1 May 2026 12:00:00 +0000\n"
        found = eml.read(mail("\nx", head=f"{received}From: a\nDate: <HR>\n"))
        (said,) = found.contents[0].messages

        assert (said.sent_at, said.local_time) == (AT_NOON, "<HR>")
        assert found.warnings == ("date_from_received",)

    @pytest.mark.parametrize(
        "head",
        [
            "From: <>\nMessage-ID: <[x]>\n",
            "From: =?x?Q?=?=\nSubject: =?utf-8?B?!!?=\n",
            'From: "a\nSubject: \udcff\n',
            "From: a\nContent-Type: multipart/mixed; boundary=\n",
            "From: a\nContent-Type: text/plain; charset*=x''%ff\n",
        ],
    )
    def test_broken_headers_never_hide_the_mail(self, head):
        data = head.encode("utf-8", "surrogateescape") + b"\nhello\n"

        assert only(data).text.endswith("hello")

    @pytest.mark.parametrize("part", ["<a ", "<!--", "<div>", "<p>a</b>"])
    def test_hostile_html_takes_linear_time(self, part):
        assert eml.read(mail("Content-Type: text/html\n\n" + part * 100_000)) is not None


class TestMailbox:
    def test_mails_in_their_order(self):
        box = "".join(
            f"From a Fri May  1 12:00:00 2026\nFrom: a\nSubject: {n}\n\nx\n\n" for n in "12"
        )
        found = mbox.read(box.encode())

        assert [m.text for m in found.contents[0].messages] == [
            "Subject: 1\n\nx",
            "Subject: 2\n\nx",
        ]

    def test_a_line_in_a_body_begins_no_mail(self):
        box = (
            "From a Fri May  1 12:00:00 2026\nFrom: a\n\n\nFrom 12:00 on\nit rained\n\n"
            ">From now on\n\nFrom b Fri May  1 12:00:00 2026\nFrom: b\n\ny\n"
        )
        first, second = mbox.read(box.encode()).contents[0].messages

        assert first.text == "From 12:00 on\nit rained\n\nFrom now on"
        assert (second.author, second.text) == ("b", "y")

    def test_the_whole_date_tells_a_mail_that_is_not_below_an_empty_line(self):
        box = (
            "From a Fri May  1 12:00:00 2026\nFrom: a\n\nx\nFrom 12:00 on\nNote: rain\n"
            "From b Fri May  1 12:00:00 MSK 2026\nFrom: b\n\ny\n"
        )
        first, second = mbox.read(box.encode()).contents[0].messages

        assert first.text == "x\nFrom 12:00 on\nNote: rain"
        assert (second.author, second.text) == ("b", "y")

    def test_may_begin_with_empty_lines(self, tmp_path):
        mails = (f"From a Fri May  1 12:00:00 2026\nFrom: a\nTo: b\n\n{n}\n" for n in "12")
        box = "\n" + "\n".join(mails)
        (tmp_path / "file").write_text(box)

        assert read_file(tmp_path / "file").reader == "mbox"

    def test_one_mail_alone_is_no_mailbox(self):
        assert mbox.read(b"From a 12:00\nFrom: a\n\nx\n") is None


class TestFiles:
    @pytest.mark.parametrize(
        ("data", "reader"),
        [
            (mail("\nx"), "eml"),
            (b"From a Fri May  1 12:00:00 2026\n" + mail("\nx"), "eml"),
            (
                mail("Content-Type: text/plain; charset=koi8-r\n\n") + "Привет".encode("koi8-r"),
                "eml",
            ),
            (b"X-A: 1\nReceived: by a\nDate: today\n\nx", "eml"),
            (b"This isn't a mailbox.\n", None),
            (b"From: Ann\nhello there\n", None),
            (b"Note: one\nAlso: two\n\nx", None),
        ],
    )
    def test_are_told_by_their_headers(self, tmp_path, data, reader):
        (tmp_path / "file").write_bytes(data)

        assert read_file(tmp_path / "file").reader == reader
