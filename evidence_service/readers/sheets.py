"""Workbooks (XLSX, XLSB, XLS, ODS) as tables: their cells as texts, a table a sheet.

What a workbook unpacks to is asked of its directory before it is opened, and how far a sheet
reaches of the sheet; what lies about either ends with its child. No formula is computed (the value
that was saved counts) and nothing a workbook links to is fetched.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from zipfile import ZipFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
# The warning of a workbook that is larger than what is read.
SHEET_TOO_LARGE = "sheet_too_large"
# Of a workbook: bytes it unpacks to, sheets that are looked at, cells in one of them.
MOST_BYTES, _MOST_SHEETS, _MOST_CELLS = 64_000_000, 20, 1_000_000
_MOST_MEMBERS, _HEAD_BYTES = 2_000, 4096
_EXTENT = re.compile(rb"<dimension ref=\"[A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})\"")
_LETTERS = 26


class SheetTooLargeError(ValueError):
    """The workbook says that it is larger than what is read."""


def media_type_of(archive: ZipFile) -> str | None:
    """Which workbook the archive is, if it is one."""
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return XLSX
    if "xl/workbook.bin" in names:
        return XLSB
    if "mimetype" in names and archive.getinfo("mimetype").file_size == len(ODS):
        return ODS if archive.read("mimetype") == ODS.encode() else None
    return None


def ensure_size(archive: ZipFile) -> None:
    """Ask the directory, and each sheet's own word of how far it reaches.

    Raises:
        SheetTooLargeError: it is more than what is read.
    """
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
        raise SheetTooLargeError
    for one in members:
        if one.filename.startswith("xl/worksheets/") and one.filename.endswith(".xml"):
            with archive.open(one) as sheet:
                extent = _EXTENT.search(sheet.read(_HEAD_BYTES))
            if extent and int(extent[2]) * _column(extent[1]) > _MOST_CELLS:
                raise SheetTooLargeError


def read(path: Path) -> Iterator[tuple[list[list[str]], bool]]:
    """The rows of each sheet, and whether a person sees it.

    Raises:
        SheetTooLargeError: a sheet has more cells than what is read.
        ValueError: it is no workbook, or asks for a password.
    """
    try:
        with CalamineWorkbook.from_path(path) as book:
            for sheet in book.sheets_metadata[:_MOST_SHEETS]:
                if sheet.typ is SheetTypeEnum.WorkSheet:
                    yield _rows(book, sheet.name), sheet.visible is SheetVisibleEnum.Visible
    except (CalamineError, OSError) as error:
        raise ValueError(str(error)) from error


def _rows(book: CalamineWorkbook, name: str) -> list[list[str]]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise SheetTooLargeError
    rows = ([_text(cell) for cell in row] for row in sheet.iter_rows())
    return [row for row in rows if any(row)]


def _text(cell: object) -> str:
    """As a person would write it: 12 for 12.0, ISO for dates."""
    if isinstance(cell, bool):
        return str(cell).casefold()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0).isoformat(" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number
