"""Looking into other people's values: what is missing or odd is none, never a failure."""

import pytest
from readings import xml

from evidence_service.readers.values import TEXT, dig, elements, items, plain, records, text, texts

MARKS = frozenset({"number", "events"})
PARCEL = {"number": "1", "events": [], "more": True}


class TestDig:
    @pytest.mark.parametrize("value", [None, "words", 7, [], {"a": None}, {"a": "b"}, {"a": [1]}])
    def test_a_path_that_is_not_there_ends_in_nothing(self, value):
        assert dig(value, "a", "b") is None
        assert text(value, "a", "b") == ""
        assert items(value, "a", "b") == []

    def test_numbers_are_text(self):
        assert text({"id": 12345678901234567890}, "id") == "12345678901234567890"

    def test_a_single_object_is_a_list_of_one(self):
        assert items({"event": {"code": "DL"}}, "event") == [{"code": "DL"}]

    def test_a_single_word_is_a_list_of_one(self):
        assert texts({"street": "Lane 1"}, "street") == ["Lane 1"]


class TestRecords:
    @pytest.mark.parametrize(
        "value",
        [
            PARCEL,
            [PARCEL],
            {"data": PARCEL},
            {"data": [PARCEL]},
            {"data": {"parcels": [PARCEL]}},
            {"data": {"parcels": [{"number": "2"}, PARCEL]}},
        ],
    )
    def test_are_found_in_every_envelope(self, value):
        assert records(value, MARKS, "data", "parcels") == [PARCEL]

    @pytest.mark.parametrize("value", [None, 3, "number", {"other": PARCEL}, {"number": "1"}, [[]]])
    def test_are_not_found_elsewhere(self, value):
        assert records(value, MARKS, "data", "parcels") == []


class TestPlain:
    def test_is_like_json(self):
        root = xml('<a xmlns="urn:x" id="7"><b> one </b><c>1</c><c>2</c><d k="v">words</d></a>')

        assert plain(root) == {
            "id": "7",
            "b": "one",
            "c": ["1", "2"],
            "d": {TEXT: "words", "k": "v"},
        }

    def test_finds_elements_at_any_depth_in_any_namespace(self):
        root = xml('<soap xmlns:x="urn:x"><body><x:a>1</x:a></body><a>2</a></soap>')

        assert elements(root, "a") == ["1", "2"]
