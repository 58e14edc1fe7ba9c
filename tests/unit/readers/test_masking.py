"""A text of any length is masked as a short one is, window by window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.domain.cards import find, masked
from evidence_service.readers.masking import TooMany, mask, mask_large

NUMBERS = ("4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005")
PIECES = st.sampled_from(
    (
        *NUMBERS,
        *("cvv 123", "cvv: 4567", "and then some words", ", ", '"', "\n", " 12345 ", "1.1,", "é"),
        *("&#52;111111111111111", "безопасности", "\u00a0", "—" * 40, "x" * 300),
    )
)


def patched(data, found):
    for at, instead in found.patches if found else ():
        data = data[:at] + instead + data[at + len(instead) :]
    return data


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("masking") / "large"


class TestLarge:
    @given(st.lists(PIECES, max_size=60), st.sampled_from(["utf-8", "utf-16", "cp1251"]))
    def test_it_hides_what_is_hidden_in_a_short_one(self, file, pieces, encoding):
        data = ("said: " + "\n and ".join(pieces)).encode(encoding, "ignore")
        file.write_bytes(data)
        text = data.decode(encoding)
        count, covers = find(text)
        found = mask_large(file, (), is_json=False, window_chars=700)

        assert patched(data, found).decode(encoding) == masked(text, covers)
        assert (found.count if found else 0) == count
        assert mask(file, ()) == (patched(data, found), found)

    def test_the_case_s_own_numbers_are_left_alone(self, file):
        file.write_bytes(f"order {NUMBERS[0]}, card {NUMBERS[2]}".encode())
        found = mask_large(file, NUMBERS[:1], is_json=False)

        assert found.count == 1

    def test_json_stays_json(self, file):
        file.write_bytes(f'{{"pan": {NUMBERS[0]}, "said": "{NUMBERS[0]}"}}'.encode())
        found = mask_large(file, (), is_json=True)

        hidden = b'{"pan": 4111110000001111, "said": "4111110000001111"}'
        assert patched(file.read_bytes(), found) == hidden

    def test_a_list_of_them_is_too_many(self, file):
        file.write_bytes(f"{NUMBERS[1]}, ".encode() * 20)

        with pytest.raises(TooMany):
            mask_large(file, (), is_json=False, most_patches=10)
