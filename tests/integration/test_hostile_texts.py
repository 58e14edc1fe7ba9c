"""Texts, archives and mails made to hurt: read or kept, in two seconds, and nothing written."""

import io
import json
import struct
import subprocess
import sys
import time
import zipfile
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from itertools import pairwise, product

import pytest

from evidence_service.domain.reading import Reading
from evidence_service.readers import read

MB = 1_000_000
# Has the readers loaded and forks for each file that it is named: a process of its own, quickly.
MEASURE = r"""
import json, os, re, sys, time
from pathlib import Path
from evidence_service.readers import read
for line in sys.stdin:
    if os.fork():
        os.wait()
        continue
    started = time.process_time()
    found = read(Path(line.rstrip("\n")))
    # Of this program alone: what getrusage tells begins with the size of whoever started it.
    peak = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) * 1024
    print(json.dumps([found.to_plain(), time.process_time() - started, peak]), flush=True)
    break
"""
CHAT = {"has_next": False, "messages": []}
MESSAGE = {
    "message_id": "1",
    "user": {"id": "1", "type": "Customer"},
    "created_at": "2026-11-20T09:00:00Z",
    "data": ["hello"],
}


@pytest.fixture(scope="module")
def measurer():
    with subprocess.Popen(
        [sys.executable, "-c", MEASURE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def measured(tmp_path, measurer):
    """The reading, CPU seconds and peak memory of a process of its own."""

    def run(content):
        path = tmp_path / "hostile"
        path.write_bytes(content)
        measurer.stdin.write(f"{path}\n")
        plain, seconds, peak = json.loads(measurer.stdout.readline())
        return Reading.from_plain(plain), seconds, peak

    return run


def chat_with(value):
    return json.dumps({**CHAT, "messages": [{**MESSAGE, "data": [value]}]}).encode()


def nested(depth):
    return b'{"a":' * depth + b"1" + b"}" * depth


JSON_BOMBS = {
    "a hundred thousand deep": nested(100_000),
    "lists a hundred thousand deep": b"[" * 100_000 + b"]" * 100_000,
    "a number of 5,000 digits": b'{"messages": [' + b"9" * 5000 + b'], "has_next": false}',
    "not a number": b'{"messages": [NaN, Infinity], "has_next": false}',
    "a number beyond every number": b'{"messages": [1e400, -1e999999999], "has_next": false}',
    "a key twice": b'{"messages": 1, "messages": [], "has_next": 0, "has_next": false}',
    "half a surrogate": b'{"messages": [{"message_id": "\\ud800"}], "has_next": false}',
    "zeros": b'{"messages": [{"message_id": "\\u0000"}], "has_next": false}',
    "a byte order mark in the middle": b'{"messages": ["\xef\xbb\xbf"]}\xef\xbb\xbf',
    "two encodings": "Заказ".encode() + "Заказ".encode("cp1251") * 50,
    "UTF-16 cut in half": "{}".encode("utf-16")[:-1],
}


class TestJSON:
    @pytest.mark.parametrize("content", JSON_BOMBS.values(), ids=JSON_BOMBS)
    def test_bombs_are_kept_unread(self, measured, content):
        found, seconds, peak = measured(content)

        assert (found.reader, found.contents) == (None, ())
        assert seconds < 2
        assert peak < 256 * MB

    def test_a_line_of_thirty_megabytes(self, measured):
        found, seconds, peak = measured(chat_with("x" * (30 * MB)))

        assert found.reader == "ozon_chat"
        assert seconds < 4
        assert peak < 500 * MB

    def test_more_than_is_read_is_looked_through_with_flat_memory(self, measured):
        content = b'{"a": "' + b"x" * (50 * MB) + b' 4111 1111 1111 1111"}'
        found, seconds, peak = measured(content)

        assert (found.reader, found.masked.count) == (None, 1)
        assert seconds < 8
        assert peak < 200 * MB

    @pytest.mark.parametrize("value", ["\0", "\ud800", "a\0b", "\U0010ffff", "\ufdd0"])
    def test_what_no_database_takes_leaves_no_message(self, measured, value):
        found, _, _ = measured(chat_with(f"before {value} after"))
        said = found.contents[0].messages[0].text

        assert said.startswith("before")
        assert "\0" not in said
        said.encode()

    def test_a_hundred_thousand_messages(self, measured):
        content = json.dumps({**CHAT, "messages": [MESSAGE] * 100_000}).encode()
        found, seconds, _ = measured(content)

        assert len(found.contents[0].messages) == 100_000
        assert seconds < 10


XML_BOMBS = {
    "a billion laughs": (
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
        + b"".join(
            f'<!ENTITY {name} "{f"&{of};" * 10}">'.encode() for of, name in pairwise("abcdefghij")
        )
        + b"]><TrackResponse>&j;</TrackResponse>"
    ),
    "a file": b'<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><t>&x;</t>',
    "an outside definition": b'<!DOCTYPE t SYSTEM "http://127.0.0.1:9/x.dtd"><t/>',
    "an inclusion": (
        b'<TrackResponse xmlns:xi="http://www.w3.org/2001/XInclude">'
        b'<xi:include href="file:///etc/passwd" parse="text"/></TrackResponse>'
    ),
    "a style sheet": b'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/"?><t/>',
    "a picture of entities": b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
    "a hundred thousand deep": b"<TrackResponse>" * 100_000,
    "a hundred thousand attributes": (
        b"<TrackResponse " + b" ".join(b'a%d="b"' % n for n in range(100_000)) + b"/>"
    ),
}


class TestXML:
    @pytest.mark.parametrize("content", XML_BOMBS.values(), ids=XML_BOMBS)
    def test_nothing_multiplies_and_nothing_is_fetched(self, measured, content):
        found, seconds, peak = measured(content)

        assert (found.media_type, found.reader) in {("application/xml", None), ("text/plain", None)}
        assert seconds < 1
        assert peak < 200 * MB


def archive(*entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


WHATSAPP = "[20/11/2026, 09:00:00] Ann: hello\n[20/11/2026, 09:01:00] Bob: good morning\n"


def encrypted():
    """The flag that says so, in both headers of the one entry."""
    made = bytearray(archive(("_chat.txt", WHATSAPP)))
    made[6] |= 1
    made[made.find(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def lying():
    """A size that the entry does not have."""
    made = bytearray(archive(("_chat.txt", WHATSAPP)))
    struct.pack_into("<I", made, made.find(b"PK\x01\x02") + 24, 0xFFFFFFFE)
    return bytes(made)


def overlapping():
    """A thousand entries that are all the same bytes."""
    made = archive(("_chat.txt", WHATSAPP))
    start, end = made.find(b"PK\x01\x02"), made.find(b"PK\x05\x06")
    entries = made[start:end] * 1000
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1000, 1000, len(entries), start, 0)
    return made[:start] + entries + tail


def nested_archive():
    inner = archive(("zeros", bytes(10 * MB)))
    for _ in range(6):
        inner = archive(*((f"{n}.zip", inner) for n in range(10)))
    return inner


UNREAD_ARCHIVES = {
    "archives in archives": nested_archive,
    "a thousand to one": lambda: archive(("_chat.txt", bytes(200 * MB))),
    "a thousand to one of words": lambda: archive(("_chat.txt", WHATSAPP * 1_000_000)),
    "a hundred thousand entries": lambda: archive(*((f"{n}", b"") for n in range(100_000))),
    "encrypted": encrypted,
    "cut": lambda: archive(("_chat.txt", WHATSAPP))[:-30],
    "no entry at all": archive,
}


class TestArchives:
    @pytest.mark.parametrize("make", UNREAD_ARCHIVES.values(), ids=UNREAD_ARCHIVES)
    def test_bombs_are_kept_unread(self, measured, make):
        found, seconds, peak = measured(make())

        assert (found.media_type, found.reader) == ("application/zip", None)
        assert seconds < 2
        assert peak < 256 * MB

    @pytest.mark.parametrize(
        "name",
        ["../../_chat.txt", "/etc/_chat.txt", "C:\\_chat.txt", "a/../../_chat.txt", "_CHAT.TXT"],
    )
    def test_a_name_that_leads_elsewhere_leads_nowhere(self, measured, tmp_path, name):
        before = sorted(tmp_path.parent.rglob("*_chat.txt"))
        found, _, _ = measured(archive((name, WHATSAPP), ("../../evil.jpg", b"x")))

        assert found.reader == "whatsapp"
        assert sorted(tmp_path.parent.rglob("*_chat.txt")) == before

    def test_a_link_is_no_chat_s_text(self, measured):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            link = zipfile.ZipInfo("_chat.txt")
            link.external_attr = 0o120777 << 16
            made.writestr(link, "/etc/passwd")
        found, _, _ = measured(out.getvalue())

        assert found.reader is None

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_names_that_stand_twice(self, measured):
        entries = [("_chat.txt", WHATSAPP), ("_chat.txt", WHATSAPP), ("_CHAT.txt", WHATSAPP)]
        found, _, _ = measured(archive(*entries))

        assert (found.reader, len(found.contents)) == ("whatsapp", 1)

    @pytest.mark.parametrize("make", [overlapping, lying])
    def test_a_directory_that_lies_gives_no_more_than_there_is(self, measured, make):
        found, seconds, peak = measured(make())

        assert [len(chat.messages) for chat in found.contents] == [2]
        assert seconds < 2
        assert peak < 256 * MB

    def test_a_card_number_inside_holds_it(self, measured):
        said = WHATSAPP + "[20/11/2026, 09:02:00] Ann: my card 4111 1111 1111 1111\n"
        found, _, _ = measured(archive(("_chat.txt", said)))

        assert (found.hides_card, found.contents) == (True, ())


def deep_mail(depth):
    """Parts in parts, written out: the library's own generator would recurse."""
    head = b"From: a@example.com\nTo: b@example.com\nSubject: deep\nMIME-Version: 1.0\n"
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    return head + opening + b"Content-Type: text/plain\n\nhello\n"


def wide_mail(parts):
    mail = MIMEMultipart()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "wide"
    for _ in range(parts):
        mail.attach(MIMEText("x"))
    return mail.as_bytes()


MAIL = b"From: a@example.com\nTo: b@example.com\n"
MAILS = {
    "parts 500 deep": deep_mail(500),
    "parts 5,000 deep": deep_mail(5_000),
    "10,000 parts": wide_mail(10_000),
    "a header of a megabyte": MAIL + b"Subject: " + b"a " * 500_000 + b"\n\nx",
    "a megabyte of folded header": MAIL + b"Subject: a" + b"\n b" * 300_000 + b"\n\nx",
    "100,000 headers": MAIL + b"X-A: b\n" * 100_000 + b"\nx",
    "encoded words without end": MAIL + b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\nx",
    "quotes that never close": MAIL + b'From: "' + b"\\" * 100_000 + b"\n\nx",
    "comments in comments": MAIL + b"Date: " + b"(" * 50_000 + b"\n\nx",
    "a million closing brackets": MAIL + b"Date: x " + b")" * 1_000_000 + b"\n\nx",
    "HTML 50,000 deep": MAIL + b"Content-Type: text/html\n\n" + b"<div>" * 50_000 + b"x",
    "a mail in a mail, 500 deep": MAIL + b"Content-Type: message/rfc822\n\n" * 500 + b"x",
    "5,000 mails": (b"From a@example.com Fri Nov 20 09:00:00 2026\n" + MAIL + b"\nx\n\n") * 5_000,
}


class TestMails:
    @pytest.mark.parametrize("content", MAILS.values(), ids=MAILS)
    def test_are_read_or_kept_in_time(self, measured, content):
        found, seconds, peak = measured(content)

        assert found.media_type == "message/rfc822"
        assert seconds < 4
        assert peak < 300 * MB


TABLE = "time,author,message\n"
TABLES = {
    "a cell of two megabytes": TABLE + f'2026-11-20T09:00:00Z,Ann,"{"x" * 2_000_000}"\n',
    "a quote that never closes": TABLE + '2026-11-20T09:00:00Z,Ann,"' + "x,y\n" * 300_000,
    "100,000 columns": "time,author,message," + ",".join("x" * 100_000) + "\n1,2,3\n",
    "100,000 delimiters in a text": TABLE + "2026-11-20T09:00:00Z,Ann," + "," * 100_000 + "\n",
    "a million blank rows": TABLE + "\n" * 1_000_000,
    "only quotes": TABLE + '"' * 1_000_000,
    "old line ends": TABLE + "2026-11-20T09:00:00Z,Ann,hello\r" * 50_000,
}


class TestTables:
    @pytest.mark.parametrize("content", TABLES.values(), ids=TABLES)
    def test_are_read_or_kept_in_time(self, measured, content):
        _, seconds, peak = measured(content.encode())

        assert seconds < 3
        assert peak < 400 * MB


# What makes an expression that backtracks fall over: long runs that nearly match.
RUNS = (
    *(
        "[",
        "[1/1/20, ",
        "1/1/20, 9:00 - ",
        "1/1/20, 9:00",
        " ",
        "\t",
        "a",
        ":",
        "-",
        "9",
        "9:",
        "1/",
    ),
    *(
        "<",
        "<div class=",
        '"',
        "'",
        "&",
        "&#",
        "=",
        "\u200e",
        "[20/11/2026, 09:00:00] ",
        "09:00\tA",
    ),
    *("From ", "A: ", "{", '{"a":', ".", "\r", "年", "上午", "2026-11-20 ", "<!--", "</", "\\"),
)


HEADS = ("", "[LINE] Chat\n", "<html>", "[20/11/2026, 09:00:00] Ann: x\n")


class TestBacktracking:
    @pytest.mark.parametrize("run", RUNS)
    def test_no_run_of_anything_takes_long(self, tmp_path, run):
        path = tmp_path / "run"
        for head, end in product(HEADS, ("", "\n!")):
            path.write_bytes((head + run * (50_000 // len(run)) + end).encode())
            started = time.process_time()
            read(path)
            assert time.process_time() - started < 1
