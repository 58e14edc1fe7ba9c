"""How a file is to be read where it does not say so itself: what a person chose, what was found."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# A warning: which column of a table is what was concluded, and nobody has looked yet.
COLUMNS_PROPOSED = "columns_proposed"
# A warning: the file is a table, and what its columns are has to be said by a person.
COLUMNS_UNKNOWN = "columns_unknown"


class DateOrder(StrEnum):
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"


class TableForm(StrEnum):
    """What a table's rows can be."""

    TRANSCRIPT = "transcript"
    TRACKING = "tracking"
    ORDER = "order"


# What a column can be, by form; surer ones first.
FIELDS: dict[TableForm, tuple[str, ...]] = {
    TableForm.TRANSCRIPT: (
        *("text", "time", "clock", "author", "role", "attachment", "internal", "language"),
    ),
    TableForm.TRACKING: (
        *("event", "time", "clock", "status", "place", "parcel", "carrier", "signed_by"),
    ),
    TableForm.ORDER: (
        *("number", "time", "clock", "status", "total", "currency", "tracking_number", "item"),
        *("quantity", "sku", "price", "recipient", "street", "city", "postcode", "country"),
        *("email", "phone", "account", "device", "ip"),
    ),
}
# What a table of the form must have: one field of each group.
REQUIRED: dict[TableForm, tuple[tuple[str, ...], ...]] = {
    TableForm.TRANSCRIPT: (("text",), ("time",), ("author", "role")),
    TableForm.TRACKING: (("time",), ("event", "status"), ("place", "parcel", "event")),
    TableForm.ORDER: (("number",), ("total", "item", "price"), ("time", "item", "currency")),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """`columns` names the column of each field of the form; `time_zone` is IANA's name of one."""

    form: TableForm | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    time_zone: str = ""

    def to_plain(self) -> dict[str, Any]:
        return {
            "form": self.form.value if self.form else None,
            "columns": dict(self.columns),
            "date_order": self.date_order.value if self.date_order else None,
            "time_zone": self.time_zone,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Choices:
        return cls(
            form=TableForm(plain["form"]) if plain["form"] else None,
            columns=plain["columns"],
            date_order=DateOrder(plain["date_order"]) if plain["date_order"] else None,
            time_zone=plain["time_zone"],
        )


NOTHING_CHOSEN = Choices()


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a table was taken for what; `rows` are the first ones, to look at.

    `alternatives` are the columns that could be each field of the form instead, best first.
    """

    form: TableForm
    columns: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def fingerprint(self) -> str:
        """The same for every table with this header."""
        return hashlib.sha256("\x1f".join(self.header).encode()).hexdigest()

    def to_plain(self) -> dict[str, Any]:
        return {
            "form": self.form.value,
            "columns": dict(self.columns),
            "alternatives": {name: list(found) for name, found in self.alternatives.items()},
            "header": list(self.header),
            "rows": [list(row) for row in self.rows],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Layout:
        return cls(
            form=TableForm(plain["form"]),
            columns=plain["columns"],
            alternatives={name: tuple(found) for name, found in plain["alternatives"].items()},
            header=tuple(plain["header"]),
            rows=tuple(tuple(row) for row in plain["rows"]),
        )
