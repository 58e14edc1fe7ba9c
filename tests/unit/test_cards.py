"""Card numbers are found in every disguise, and nothing else is."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_service.domain.cards import find, is_card, masked

PREFIXES = {
    **dict.fromkeys(("4",), (13, 16, 19)),
    **dict.fromkeys(("51", "55", "2221", "2720"), (16,)),
    **dict.fromkeys(("34", "37"), (15,)),
    **dict.fromkeys(("36", "38", "305"), (14,)),
    **dict.fromkeys(("6011", "649", "65", "3528", "3589", "62", "2200", "50", "58"), (16, 19)),
}


def with_check_digit(digits):
    """Luhn, written from ISO/IEC 7812's own words: double every second digit from the right."""
    total = 0
    for place, digit in enumerate(reversed(digits + "0")):
        value = int(digit) * (2 if place % 2 else 1)
        total += value // 10 + value % 10
    return digits + str(-total % 10)


@st.composite
def card_numbers(draw):
    prefix = draw(st.sampled_from(sorted(PREFIXES)))
    length = draw(st.sampled_from(PREFIXES[prefix]))
    rest = draw(st.text("0123456789", min_size=length, max_size=length))
    return with_check_digit((prefix + rest)[: length - 1])


def groups(number):
    sizes = {15: (4, 6, 5), 14: (4, 6, 4), 19: (4, 4, 4, 4, 3)}.get(len(number), (4,) * 4)
    places = [sum(sizes[:n]) for n in range(len(sizes) + 1)]
    return [number[a:b] for a, b in pairwise(places) if number[a:b]]


def full_width(number):
    return number.translate({ord(d): ord(d) - ord("0") + 0xFF10 for d in "0123456789"})


DISGUISES = {
    "plain": lambda number: number,
    **{
        f"by {gap!r}": lambda number, gap=gap: gap.join(groups(number))
        for gap in (" ", "-", ".", "\u00a0", "\u2011", "\n", "\r\n", "&nbsp;", " - ", "\\n")
    },
    "zero width": "\u200b".join,
    "soft hyphens": lambda number: "\u00ad".join(groups(number)),
    "full width": full_width,
    "entities": lambda number: "".join(f"&#{ord(d)};" for d in number),
    "hexadecimal entities": lambda number: "".join(f"&#x{ord(d):x};" for d in number),
    "json escapes": lambda number: "".join(f"\\u00{ord(d):x}" for d in number),
    "first digit escaped": lambda number: f"&#{ord(number[0])};{number[1:]}",
}


class TestFinds:
    @pytest.mark.parametrize("disguise", DISGUISES)
    @pytest.mark.parametrize("around", ["{}", "card: {}, thanks", '{{"text": "{}"}}', "卡号{}。"])
    @given(number=card_numbers())
    def test_every_number_in_every_disguise(self, disguise, around, number):
        text = around.format(DISGUISES[disguise](number))
        count, covers = find(text)

        assert count == 1
        assert len(covers) == len(number) - 10
        assert find(masked(text, covers)) == (0, ())

    @given(number=card_numbers())
    def test_a_number_among_others(self, number):
        assert find(f"order 12345 {' '.join(groups(number))} 678")[0] == 1

    def test_a_json_number(self):
        assert find('{"pan":4111111111111111,"n":1}')[0] == 1

    def test_two_numbers(self):
        assert find("4111111111111111 and 5555-5555-5555-4444")[0] == 2


class TestMasks:
    @given(number=card_numbers())
    def test_first_six_and_last_four_stay(self, number):
        count, covers = find(number)

        assert count == 1
        assert masked(number, covers) == number[:6] + "*" * (len(number) - 10) + number[-4:]

    @pytest.mark.parametrize("disguise", DISGUISES)
    def test_no_byte_moves(self, disguise):
        text = f"до {DISGUISES[disguise]('4111111111111111')} после"
        hidden = masked(text, find(text)[1])

        assert len(hidden.encode()) == len(text.encode())
        assert hidden.startswith("до ")
        assert hidden.endswith(" после")

    @pytest.mark.parametrize("word", ["CVV", "cvc2:", "安全码：", "код безопасности"])
    def test_the_security_code_beside_it_goes_whole(self, word):
        text = f"4111111111111111, {word} 123"

        assert masked(text, find(text)[1]).endswith(" ***")

    def test_a_security_code_alone_is_no_card(self):
        assert find("CVV 123") == (0, ())


class TestLeaves:
    @pytest.mark.parametrize(
        "text",
        [
            "4111111111111112",  # the check digit is wrong
            "7111111111111113",  # nobody issues it
            "41111111111111111111",  # too long for any
            "2026-11-25 13:30:05.123456",
            "+7 912 345-67-89, +86 138 0013 8000",
            "3000000000118032000",
            "tracking 9400111899223197428490",
            "v4111111111111111",
            "0.4111111111111111",
            "43658312-0011-1",  # an Ozon posting, whose digits are a Visa's of 13
            '{"posting_number": "43658312-0011-1"}',
        ],
    )
    def test_what_is_none(self, text):
        assert find(text) == (0, ())

    def test_numbers_the_case_knows(self):
        assert find("order 4111 1111 1111 1111", known=("4111-1111-1111-1111",)) == (0, ())

    def test_every_sample(self, samples):
        found = []
        for path in sorted(p for p in samples.rglob("*") if p.is_file()):
            try:
                text = path.read_bytes().decode()
            except UnicodeDecodeError:
                continue
            if find(text)[0]:
                found.append(path.name)

        assert found == []


class TestIsCard:
    @pytest.mark.parametrize(
        "number",
        [
            *("4222222222222", "4111111111111111", "5105105105105100", "2223003122003222"),
            *("378282246310005", "30569309025904", "6011111111111117", "3530111333300000"),
            *("6200000000000005", "2200000000000004"),
        ],
    )
    def test_the_networks_own_test_numbers(self, number):
        assert is_card(number)
