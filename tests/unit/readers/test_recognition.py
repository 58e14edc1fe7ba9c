"""A format is never taken for another: the order of the readers does not matter."""

import pytest

from evidence_service import readers


def recognised_by(file):
    """The names of the readers that would take the file."""
    text = file.read_text("utf-8-sig")
    if file.suffix == ".json":
        value, offered = readers._parse_json(text), readers.JSON_READERS
    else:
        value, offered = readers._parse_xml(text), readers.XML_READERS
    found = [readers._first((reader,), value) for reader in offered]
    return [one.reader for one in found if one is not None]


@pytest.mark.parametrize("folder", ["tracking", "order"])
def test_every_sample_is_recognised_by_exactly_one_reader(samples, expected, folder):
    for file, expect in expected(folder):
        taken = recognised_by(samples / file)

        assert len(taken) == (expect not in {"error", "reference"}), (file, taken)


def test_no_chat_is_taken_for_anything_else(samples, expected):
    for file, _ in expected("chat"):
        if file.endswith(".json"):
            assert len(recognised_by(samples / file)) <= 1, file
