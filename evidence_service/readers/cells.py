"""A table's rows by field, whichever column each stands in, with their times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from evidence_service.readers.written import Times, is_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from evidence_service.domain.choices import DateOrder
    from evidence_service.readers.tables import Table

Cell = Callable[[str], str]


class Cells:
    """The rows of a table, read twice: once to tell its dates apart, once to be used.

    Args:
        table: the table.
        columns: of each field the name of its column, as `table.names` has it.
        chosen: what a person says of day and month.
    """

    def __init__(
        self, table: Table, columns: Mapping[str, str], chosen: DateOrder | None = None
    ) -> None:
        self._table = table
        self._places = {field: table.names.index(name) for field, name in columns.items()}
        header = table.header[self._places["time"]] if "time" in self._places else ""
        self._times = Times((self._written(row) for row in table.rows()), header, chosen)
        self.order = self._times.order
        self.are_ambiguous = self._times.are_ambiguous

    def __iter__(self) -> Iterator[Row]:
        return (Row(row, self._places) for row in self._table.rows())

    def time(self, row: Row) -> tuple[datetime | None, str]:
        """The instant, where there is a zone, and the local time."""
        return self._times.of(self._written(row.cells))

    def _written(self, row: Sequence[str]) -> str:
        found = Row(row, self._places)
        clock = found["clock"]
        return f"{found['time']} {clock}" if clock and not is_time(clock) else found["time"]


class Row:
    """The cells of a row by field; a field without a column is empty."""

    __slots__ = ("_places", "cells")

    def __init__(self, cells: Sequence[str], places: Mapping[str, int]) -> None:
        self.cells = cells
        self._places = places

    def __getitem__(self, field: str) -> str:
        return self.cells[self._places[field]].strip() if field in self._places else ""

    def as_written(self, field: str) -> str:
        return self.cells[self._places[field]] if field in self._places else ""
