"""File names are kept for people: nothing in one acts unseen, and no card number stays."""

import pytest

from evidence_service.domain.names import shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("order.png", "order.png"),
        ("отчёт 证据 é.pdf", "отчёт 证据 é.pdf"),
        ("evil\u202egnp.exe", "evil[U+202E]gnp.exe"),
        ("a\u2066b\u2069.txt", "a[U+2066]b[U+2069].txt"),
        ("a\r\nSet-Cookie: x", "a␍␊Set-Cookie: x"),
        ("a\x7fb\x00", "a␡b␀"),
        ("card 4111 1111 1111 1111.png", "card 4111 11** **** 1111.png"),
        ("CON", "CON"),
        ("-rf", "-rf"),
    ],
)
def test_it_shows_what_it_is(name, shown):
    assert shown_name(name) == shown
