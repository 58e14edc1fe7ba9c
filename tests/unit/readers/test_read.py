"""The way from bytes to a reading: sniffed, offered to each reader, kept where nobody knows it."""

import json

import pytest

from evidence_service.domain.reading import Reading
from evidence_service.readers import read, sniff


@pytest.fixture
def file(tmp_path):
    def make(content):
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return make


class TestSniff:
    @pytest.mark.parametrize(
        ("head", "media_type"),
        [
            (b"\x89PNG\r\n\x1a\n....", "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
            (b"\x00\x00\x00\x18ftypheic", "image/heic"),
            (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
            (b"%PDF-1.7", "application/pdf"),
            (b"PK\x03\x04", "application/zip"),
            (b'\xef\xbb\xbf {"a": 1}', "application/json"),
            ("Заказ".encode(), "text/plain"),
            ("Заказ".encode("utf-16"), "text/plain"),
            ("Заказ".encode()[:-1], "text/plain"),
            (b"\x00\x01\x02", "application/octet-stream"),
            ("Заказ".encode("cp1251"), "application/octet-stream"),
            (b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>', "application/xml"),
            (
                b'<?xml version="1.0" encoding="iso-8859-1"?>\xe9\x00\x00',
                "application/octet-stream",
            ),
        ],
    )
    def test_by_content(self, head, media_type):
        assert sniff.sniff(head) == media_type


class TestRead:
    @pytest.mark.parametrize(
        "content",
        [
            b"{}",
            b"[]",
            b"null",
            b'{"messages": 3, "has_next": 1}',
            b'{"data": {"tracking": null}}',
            b'{"data": {"trackings": [[]]}}',
            b"[" * 100_000,
            b'{"a": ' * 50_000,
            b"\xff\xfe\x00",
            b"\x89PNG\r\n\x1a\n",
            b"just words",
        ],
    )
    def test_what_nobody_recognises_is_kept(self, file, content):
        found = read(file(content))

        assert (found.reader, found.contents) == (None, ())
        assert found.warnings

    @pytest.mark.parametrize(
        "around",
        [
            lambda answer: {"body": answer},
            lambda answer: {"statusCode": 200, "body": json.dumps(answer)},
            lambda answer: {"status": 200, "data": {"result": answer}},
        ],
    )
    def test_an_answer_in_an_envelope(self, file, around):
        answer = {"noSuivi": "1G", "listSuivis": [{"codeSituationJustification": "LIV/CFM"}]}

        found = read(file(json.dumps(around(answer)).encode()))

        assert (found.reader, found.contents[0].number) == ("geodis", "1G")

    def test_of_two_envelopes_side_by_side_none_is_opened(self, file):
        answer = {"noSuivi": "1G", "listSuivis": [{"codeSituationJustification": "LIV/CFM"}]}

        assert read(file(json.dumps({"data": answer, "result": answer}).encode())).reader is None

    def test_an_envelope_too_deep_is_kept_closed(self, file):
        answer = {"noSuivi": "1G", "listSuivis": [{"codeSituationJustification": "LIV/CFM"}]}
        deep = {"data": {"data": {"data": answer}}}

        assert read(file(json.dumps(deep).encode())).reader is None

    def test_survives_as_json(self, samples):
        for path in sorted(samples.rglob("*.*")):
            if path.is_file():
                reading = read(path)
                assert Reading.from_plain(reading.to_plain()) == reading
