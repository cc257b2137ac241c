"""The refusal workbook: each refused row again, with what is wrong in it, where, and how to mend it.

It says nothing free: what a person typed is shown only if it is a code, a number or a date. It still tells
of single people, so it lies beside the store, readable by its owner alone, and is not for publication.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from analysis.errors import UsageError
from analysis.records.accounting.ledger import FATES, Ledger, Refusal
from analysis.records.fields import tables
from analysis.records.reading.hostile import shown
from analysis.records.template import MADE

COLUMNS: Final = (
    ("File", 34),
    ("Provider", 20),
    ("Month", 10),
    ("Sheet", 16),
    ("Row", 8),
    ("Column", 30),
    ("Value", 22),
    ("Rule", 22),
    ("What is wrong", 46),
    ("What to do", 60),
)
PLACE: Final = (*COLUMNS[:5], ("What is wrong", 60))
MODE: Final = 0o600
_FORMULA: Final = re.compile(r"[=+\-@\t\r\n|%]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST: Final = 1_000


@dataclass(frozen=True)
class _Book:
    """A workbook being written, and how its cells look."""

    book: Any
    title: Any
    heading: Any
    cell: Any
    wrong: Any

    def sheet(self, name: str, title: str, wide: Sequence[tuple[str, int]]) -> Any:
        """Return a new sheet with a title in row 1 and headings in row 2, frozen."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, title, self.title)
        for column, (words, width) in enumerate(wide):
            sheet.set_column(column, column, width, self.cell)
            sheet.write_string(1, column, escaped(words), self.heading)
        sheet.freeze_panes(2, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        return sheet

    def rows(self, sheet: Any, rows: Iterable[Sequence[Any]], *, wrong: int = -1) -> None:
        """Write rows below the headings; one column of them in the colour of what is wrong."""
        for number, row in enumerate(rows, 2):
            for column, value in enumerate(row):
                put(
                    sheet, number, column, value, self.wrong if column == wrong and value != "" else self.cell
                )


def escaped(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula, as one safe line."""
    plain = _CONTROL.sub(" ", text)[:_LONGEST]
    return f"'{plain}" if _FORMULA.match(plain) else plain


def put(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """Write a number as a number and anything else as text, escaped."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value - value == 0:
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, escaped(str(value)), style)


def write(path: Path, ledger: Ledger) -> Path | None:
    """Write the refusal workbook of a reading.

    Parameters
    ----------
    path
        Where; what was there is replaced.
    ledger
        The account of the reading.

    Returns
    -------
    The path, or None if there is nothing to mend: an old workbook is then removed.

    Raises
    ------
    UsageError
        If it cannot be written, because it is open in a spreadsheet program, for example.
    """
    notes = any(one.notes or one.error for one in ledger.files)
    try:
        if not (ledger.refusals or ledger.warnings or notes):
            path.unlink(missing_ok=True)
            return None
        _replace(path, content(ledger))
    except OSError:
        cure = "Close it if it is open, and check who may write to the folder."
        raise UsageError(
            "the refusal workbook cannot be written", where=shown(path.name), cure=cure
        ) from None
    return path


def _replace(path: Path, data: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    draft.chmod(MODE)
    draft.replace(path)


def content(ledger: Ledger) -> bytes:
    """Return the bytes of the workbook: what to mend, the rows by table, warnings, files."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, {**options, "strings_to_numbers": False})
    book.set_properties(
        {
            "title": "Rows that were not accepted, and how to mend them",
            "subject": "Official: tells of single people. Not for publication.",
            "author": "Deep dives",
            "created": MADE,
        }
    )
    base = {"font_name": "Calibri", "font_size": 11, "valign": "top", "text_wrap": True}
    pen = _Book(
        book,
        title=book.add_format({**base, "bold": True, "font_size": 14, "text_wrap": False}),
        heading=book.add_format({**base, "bold": True, "bg_color": "#E7EEF4", "bottom": 1}),
        cell=book.add_format(base),
        wrong=book.add_format({**base, "bg_color": "#FBE3D6", "font_color": "#7A1F00", "bold": True}),
    )
    _summary(pen, ledger)
    _list(pen, ledger, "To mend", "Every broken rule of every refused row", ledger.refusals)
    for name, spec in tables().items():
        _table(pen, ledger, name, spec.label)
    if ledger.warnings:
        _list(pen, ledger, "To look at", "Accepted, but look again", ledger.warnings)
    _files(pen, ledger)
    book.close()
    return buffer.getvalue()


def _summary(pen: _Book, ledger: Ledger) -> None:
    wide = (("Provider", 30), ("Rule", 30), ("Rows refused", 14))
    sheet = pen.sheet("Summary", "Rows refused, by provider and rule", wide)
    pen.rows(sheet, [(provider, rule, rows) for (provider, rule), rows in ledger.by_rule().items()])


def _list(pen: _Book, ledger: Ledger, name: str, title: str, refusals: Sequence[Refusal]) -> None:
    sheet = pen.sheet(name, title, COLUMNS)
    pen.rows(
        sheet,
        [
            (*_place(ledger, one), one.heading, one.value, one.rule, _sentence(one.problem), one.cure)
            for one in _ordered(refusals)
        ],
        wrong=6,
    )
    sheet.autofilter(1, 0, 1 + len(refusals), len(COLUMNS) - 1)


def _ordered(refusals: Sequence[Refusal]) -> list[Refusal]:
    return sorted(refusals, key=lambda one: (one.file, one.sheet, one.row, one.column, one.rule))


def _place(ledger: Ledger, one: Refusal) -> tuple[Any, ...]:
    return shown(ledger.files[one.file].path.name), shown(one.provider), one.month, shown(one.sheet), one.row


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _table(pen: _Book, ledger: Ledger, name: str, label: str) -> None:
    """Repeat the refused rows of one table, the cells at fault coloured and named."""
    mine: dict[tuple[int, str, int], list[Refusal]] = {}
    for one in _ordered(ledger.refusals):
        if one.table == name and (one.file, one.sheet, one.row) in ledger.rows:
            mine.setdefault((one.file, one.sheet, one.row), []).append(one)
    if not mine:
        return
    labels = [one.label for one in tables()[name].inputs]
    sheet = pen.sheet(label, f"{label}: refused rows", (*PLACE, *((words, 18) for words in labels)))
    for number, (place, refusals) in enumerate(mine.items(), 2):
        wrong = {one.heading.rpartition(" (")[0] or one.heading for one in refusals}
        words = "; ".join(f"{one.heading}: {one.problem}" if one.heading else one.problem for one in refusals)
        for column, value in enumerate((*_place(ledger, refusals[0]), _sentence(words))):
            put(sheet, number, column, value, pen.cell)
        cells = dict(zip(ledger.headings[place[:2]], ledger.rows[place], strict=True))
        for column, heading in enumerate(labels, len(PLACE)):
            put(sheet, number, column, cells.get(heading, ""), pen.wrong if heading in wrong else pen.cell)


def _files(pen: _Book, ledger: Ledger) -> None:
    wide = (("File", 40), ("Read", 10), *((name.capitalize(), 12) for name in FATES), ("What to know", 100))
    sheet = pen.sheet("Files", "Every file: read = accepted + refused + superseded + blank", wide)
    rows = [
        (
            shown(one.path.name),
            one.read,
            *(getattr(one, name) for name in FATES),
            " ".join(filter(None, (one.error and f"Refused: {one.error}", *one.notes))),
        )
        for one in ledger.files
    ]
    pen.rows(sheet, rows)
