"""Tables whose columns nobody named for us: as a person chose, or as is most probable."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evidence_service.domain.choices import COLUMNS_PROPOSED, COLUMNS_UNKNOWN, FIELDS, TableForm
from evidence_service.domain.reading import unread
from evidence_service.readers.chat import table as chat
from evidence_service.readers.columns import lacking, layout_of, nearest, proposed
from evidence_service.readers.order import table as order
from evidence_service.readers.tracking import table as tracking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evidence_service.domain.choices import Choices, DateOrder
    from evidence_service.domain.reading import Reading
    from evidence_service.readers.tables import Table

_MAKERS = {
    TableForm.TRANSCRIPT: chat.with_columns,
    TableForm.TRACKING: tracking.with_columns,
    TableForm.ORDER: order.with_columns,
}


def propose(table: Table, choices: Choices) -> Reading | None:
    """The reading by the most probable columns, with a warning that says so."""
    layout = proposed(table)
    if layout is None:
        return None
    found = _made(table, layout.form, layout.columns, choices.date_order)
    if found is None:
        return None
    return replace(found, warnings=(COLUMNS_PROPOSED, *found.warnings), layout=layout)


def undecided(table: Table) -> Reading | None:
    """A table that nobody can read yet, with what a person needs to say what its columns are."""
    layout = nearest(table)
    return replace(unread(table.media_type, COLUMNS_UNKNOWN), layout=layout) if layout else None


def as_chosen(table: Table, choices: Choices) -> Reading | None:
    """The reading by the columns a person chose; None where this table has not all of them."""
    form, columns = choices.form, choices.columns
    if form is None or not set(columns.values()) <= set(table.names):
        return None
    if not columns.keys() <= set(FIELDS[form]) or lacking(form, columns):
        return None
    found = _made(table, form, columns, choices.date_order)
    return replace(found, layout=layout_of(table, form, columns)) if found else None


def _made(
    table: Table, form: TableForm, columns: Mapping[str, str], order: DateOrder | None
) -> Reading | None:
    return _MAKERS[form](table, columns, order)
