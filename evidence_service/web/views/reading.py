"""How a file was read, as its page lets it be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from evidence_service.domain.choices import (
    COLUMNS_PROPOSED,
    COLUMNS_UNKNOWN,
    FIELDS,
    REQUIRED,
    DateOrder,
    TableForm,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evidence_service.domain.reading import Reading
    from evidence_service.web.words import Reader

# What a text may be in; the languages whose letters a machine reads come first.
TEXT_LANGUAGES = (
    *("zh", "en", "ru", "ar", "es"),
    *("de", "fr", "it", "ja", "kk", "ko", "pl", "pt", "tr"),
)
# What a reader warns of and a person can say.
ABOUT_READING = frozenset(
    {COLUMNS_PROPOSED, COLUMNS_UNKNOWN, "date_order_ambiguous", "time_zone_unknown"}
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a file was read, as its page lets it be chosen. Without a `header` it is no table.

    `first` are the fields that a table of the form must have, or that were found; `more` the rest.
    """

    form: TableForm | None
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    columns: Mapping[str, str]
    date_order: str
    time_zone: str

    @classmethod
    def of(cls, read: Reading, form: TableForm | None) -> Chosen:
        """`form` is another than the table was read as, or None."""
        layout = read.layout
        is_same = layout is not None and form in {None, layout.form}
        return cls(
            layout.form if layout and is_same else form,
            layout.header if layout else (),
            layout.rows if layout else (),
            layout.columns if layout and is_same else {},
            read.date_order.value if read.date_order else "",
            read.chosen.time_zone,
        )

    @property
    def forms(self) -> Sequence[TableForm]:
        return list(TableForm)

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(name, name) for name in self.header]

    def is_needed(self, field: str) -> bool:
        return self.form is not None and (field,) in REQUIRED[self.form]

    @property
    def first(self) -> list[str]:
        if self.form is None:
            return []
        asked = {name for group in REQUIRED[self.form] for name in group}
        return [name for name in FIELDS[self.form] if name in asked | self.columns.keys()]

    @property
    def more(self) -> list[str]:
        return [] if self.form is None else [n for n in FIELDS[self.form] if n not in self.first]


def date_orders(reader: Reader) -> list[tuple[str, str]]:
    return [(order.value, reader.t(f"date_order.{order.value}")) for order in DateOrder]


def zones() -> list[str]:
    """IANA's names of places."""
    return sorted(zone for zone in available_timezones() if "/" in zone)


def text_languages(known: str, reader: Reader) -> list[tuple[str, str]]:
    """The languages a text may be in, its own among them."""
    codes = dict.fromkeys((*TEXT_LANGUAGES, *([known] if known else [])))
    return [(code, reader.language_name(code)) for code in codes]
