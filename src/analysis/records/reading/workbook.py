"""Workbooks as rows of cells: .xlsx, .xls, .ods and .csv alike, with what calamine does not say.

`sheets` is what everything else calls: it reads in a child process that is held to a time and a size.
`parse` is what that child does.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetTypeEnum, SheetVisibleEnum
from python_calamine import load_workbook as load_calamine

from analysis.record import sha256
from analysis.records.reading import delimited, hostile, package


class Lost(str):
    """What stands in a cell whose value is lost: ``"#N/A"``, or a formula that was never calculated."""

    __slots__ = ()


Cell = str | float | int | bool | dt.date | dt.time | dt.timedelta
"""What a cell can hold; a blank one is ``""``."""
Range = tuple[tuple[int, int], tuple[int, int]]

MAX_CELLS: Final = 2_000_000
"""The most cells of one sheet, blank ones between others included."""
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
MAX_SHEETS: Final = 300
"""The most sheets of one workbook."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows from the first of the sheet, so that ``rows[0]`` is what a user calls row 1.

    Attributes
    ----------
    name
        As the user sees it; may hold anything, and is never made part of a path.
    rows
        Cells from column A on, a list a row; no blank rows after the last that holds something.
    hidden
        Whether it is hidden from the user.
    merged
        Merged ranges, first and last cell, from 0.
    since_1904
        Whether numbers that are dates count from 1904.
    """

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    merged: tuple[Range, ...] = ()
    since_1904: bool = False


@dataclass(frozen=True)
class Workbook:
    """A file that was read.

    Attributes
    ----------
    form, sheets
        What it is, and its sheets in their order.
    digest
        SHA-256 of its bytes.
    saved
        When it was last saved, if it says so itself.
    """

    form: hostile.Form
    sheets: list[Sheet]
    digest: str
    saved: str = ""


def sheets(path: Path | str) -> list[Sheet]:
    """Read every sheet of one file, held to a time and a size.

    Parameters
    ----------
    path
        An .xlsx, .xlsm, .xls, .ods or .csv; what it is is told from its bytes.

    Raises
    ------
    DataRefused
        If it is no workbook, is protected, damaged or hostile; the message names the file and the cure.
    """
    from analysis.records.reading.reader import Reader  # noqa: PLC0415  the reader reads workbooks

    with Reader() as reader:
        return reader.read(Path(path)).sheets


def parse(path: Path) -> Workbook:
    """Read a file in this process.

    Raises
    ------
    DataRefused
        If it cannot be read, with the cure.
    """
    file = hostile.opened(path)
    if file.form == "csv":
        rows: list[list[Cell]] = [list(row) for row in delimited.rows(path, file.data)]
        return Workbook("csv", [Sheet(path.stem, rows)], sha256(file.data))
    facts = package.facts(file)
    if facts.locked:
        raise hostile.locked(path)
    try:
        with load_calamine(io.BytesIO(file.data)) as book:
            return Workbook(file.form, _sheets(path, book, facts), sha256(file.data), facts.saved)
    except PasswordError:
        raise hostile.locked(path) from None
    except CalamineError:
        raise hostile.refusal(path, "is damaged or was cut short", hostile.RESEND) from None


def _sheets(path: Path, book: Any, facts: package.Facts) -> list[Sheet]:
    known = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    if len(known) > MAX_SHEETS:
        raise hostile.refusal(path, f"has {len(known):,} sheets, more than {MAX_SHEETS}", hostile.RESEND)
    found = []
    for meta in known:
        inner = book.get_sheet_by_name(meta.name)
        found.append(
            Sheet(
                meta.name,
                _rows(path, inner, facts.broken.get(meta.name, {})),
                hidden=meta.visible != SheetVisibleEnum.Visible,
                merged=tuple(inner.merged_cell_ranges or ()),
                since_1904=facts.since_1904,
            )
        )
    return found


def _rows(path: Path, inner: CalamineSheet, broken: dict[tuple[int, int], str]) -> list[list[Cell]]:
    """Return the cells from A1 on, lost values marked, without the blank rows at the end."""
    start, end = inner.start or (0, 0), inner.end or (0, 0)
    height, width = end[0] + 1, end[1] + 1
    if height * width > MAX_CELLS:
        raise hostile.refusal(
            path,
            f'the sheet "{hostile.shown(inner.name)}" reaches row {height:,} and column {width:,}',
            "Delete the rows below and the columns beside the last record, and save it again.",
        )
    margin: list[Cell] = [""] * start[1]
    rows: list[list[Cell]] = [margin + row if margin else row for row in inner.iter_rows()]
    for (row, column), what in broken.items():
        _mark(rows, row, column, Lost(what))
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    return rows


def _mark(rows: list[list[Cell]], row: int, column: int, value: Lost) -> None:
    """Put a mark where calamine has a blank, or nothing because the sheet seemed to end before."""
    if row > MAX_ROWS or column > MAX_COLUMNS:
        return
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend("" for _ in range(column + 1 - len(rows[row])))
    rows[row][column] = value
