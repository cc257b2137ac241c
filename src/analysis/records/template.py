"""The workbook that a provider fills: instructions, dropdowns from the code lists, protected headings.

Made from the declaration of the records alone, so that what the template asks is what is read. No cell is
merged, the row of headings is frozen and repeated in print, and every column says what it takes when a cell
of it is entered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.errors import UsageError
from analysis.records.fields import FieldSpec, TableSpec, tables

HEADER_ROW: Final = 2
"""Row of the headings, as a user counts; row 1 says what a row is."""
ROWS: Final = 500
"""Rows that have dropdowns, unless more are filled."""
FRONT: Final = "Front page"
FRONT_CELLS: Final = {"Provider": "provider", "Month of the workbook": "month", "Date sent": "sent"}
"""What the front page asks in column A, and what is answered in column B."""
MADE: Final = dt.datetime(2024, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""A fixed date of making, so that the same template is the same file."""

_PAPER, _INK, _LINE = "#E7EEF4", "#12324A", "#7A8C99"
_ASKED: Final = {
    "yes": "Always",
    "no": "If known",
    "if": "Always, if it applies",
    "when": "If it applies",
    "only": "If it applies and is known",
}


@dataclass(frozen=True)
class _Styles:
    title: Format
    heading: Format
    asked: Format
    text: Format
    wrapped: Format
    date: Format
    month: Format

    def column(self, kind: str) -> Format:
        """Return the format of a column's cells by the field's type; text stays text as it is typed."""
        return {"date": self.date, "month": self.month}.get(kind, self.text)


def write(
    path: Path,
    *,
    provider: str = "",
    month: str = "",
    sent: str = "",
    rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    mark: str = "",
) -> Path:
    """Write an empty template, or one that is filled.

    Parameters
    ----------
    path
        Where; an .xlsx.
    provider, month, sent
        What the front page says.
    rows
        By table, rows by input name of a field; dates and numbers as such, blanks as "" or None.
    mark
        Stands first on every sheet: ``SYNTHETIC``.

    Raises
    ------
    UsageError
        If the path is not an .xlsx, its folder does not exist, or it cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError("a template is an .xlsx", where=path.name, cure="Name it template.xlsx.")
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    title = "Monthly workbook of a provider of domestic abuse support"
    book.set_properties(
        {
            "title": f"{mark} {title}".strip(),
            "subject": "Referrals, stays and support, month by month",
            "comments": f"{mark} No names, dates of birth, addresses, telephone numbers or e-mail.".strip(),
            "author": "Deep dives",
            "created": MADE,
        }
    )
    _fill(book, mark, (provider, month, sent), {name: list(of) for name, of in (rows or {}).items()})
    try:
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError):
        raise UsageError(
            "cannot be written", where=path.name, cure="Name a folder that exists and may be written to."
        ) from None
    return path


def _fill(
    book: Workbook, mark: str, front: Sequence[str], rows: Mapping[str, list[Mapping[str, Any]]]
) -> None:
    styles = _styles(book)
    _instructions(book.add_worksheet("Instructions"), styles, mark)
    _front(book.add_worksheet(FRONT), styles, mark, front)
    sheets = {name: book.add_worksheet(spec.label) for name, spec in tables().items()}
    _examples(book.add_worksheet("Examples"), styles, mark)
    lists = _codes(book.add_worksheet("Codes"), styles, mark)
    for name, sheet in sheets.items():
        _table(sheet, tables()[name], styles, lists, mark=mark, rows=rows.get(name, []))


def _styles(book: Workbook) -> _Styles:
    base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
    heading = {**base, "bold": True, "font_color": _INK, "bg_color": _PAPER, "bottom": 1, "text_wrap": True}
    return _Styles(
        title=book.add_format({**base, "bold": True, "font_size": 14, "font_color": _INK}),
        heading=book.add_format({**heading, "bottom_color": _LINE}),
        asked=book.add_format({**heading, "bottom_color": _INK, "bottom": 5}),
        text=book.add_format({**base, "locked": False}),
        wrapped=book.add_format({**base, "text_wrap": True}),
        date=book.add_format({**base, "locked": False, "num_format": "dd/mm/yyyy"}),
        month=book.add_format({**base, "locked": False, "num_format": "mmmm yyyy"}),
    )


def _titled(mark: str, text: str) -> str:
    return f"{mark}. {text}" if mark else text


def _instructions(sheet: Worksheet, styles: _Styles, mark: str) -> None:
    lines = [
        "Write the provider and the month on the sheet Front page.",
        "Fill one sheet for each kind of record. One row is one record: the first line says of what.",
        "A heading with a thick line under it must be filled in every row.",
        "Enter a cell to see what it takes. Lists: choose from the dropdown. Dates: day/month/year.",
        "Write no name, date of birth, address, postcode, telephone number, e-mail or NHS number anywhere.",
        "The case reference is your own. It is replaced by a keyed pseudonym when the workbook is read.",
        "Unknown is not no. Not known, not asked, prefer not to say and not recorded are four answers.",
        "Sex, gender identity and trans are three questions: answer each for itself.",
        "Send a month again whenever it changes, with every row of it: the latest replaces the earlier.",
        "Repeat a stay in a later month when it changes, with the same case reference and start date.",
        "The sheets Examples and Codes are for reading alone. Headings are protected, without a password.",
    ]
    sheet.set_column(0, 0, 110, styles.wrapped)
    sheet.write_string(0, 0, _titled(mark, "How to fill this workbook"), styles.title)
    for number, line in enumerate(lines, 2):
        sheet.write_string(number, 0, line, styles.wrapped)
    sheet.protect()
    _print(sheet, 0)


def _front(sheet: Worksheet, styles: _Styles, mark: str, answers: Sequence[str]) -> None:
    sheet.set_column(0, 0, 28, styles.wrapped)
    sheet.set_column(1, 1, 32, styles.text)
    sheet.set_column(2, 2, 70, styles.wrapped)
    sheet.write_string(0, 0, _titled(mark, "Front page"), styles.title)
    for column, words in enumerate(("Question", "Answer", "What to write")):
        sheet.write_string(1, column, words, styles.heading)
    name = tables()["referrals"]["provider"].help
    hints = (name, "Year and month, such as 2022-04", "Day you send it, day/month/year")
    for row, (label, answer, hint) in enumerate(zip(FRONT_CELLS, answers, hints, strict=True), 2):
        sheet.write_string(row, 0, label, styles.wrapped)
        sheet.write_string(row, 1, answer, styles.text)
        sheet.write_string(row, 2, hint, styles.wrapped)
    sheet.freeze_panes(2, 0)
    sheet.protect()
    _print(sheet, 1)


def _examples(sheet: Worksheet, styles: _Styles, mark: str) -> None:
    wide = (("Sheet", 14), ("Column", 34), ("Filled", 26), ("What to write", 90), ("Example", 22))
    _reading(sheet, styles, _titled(mark, "Examples, column by column"), wide)
    given = [(spec, one) for spec in tables().values() for one in spec.inputs if one.given == "row"]
    for row, (spec, one) in enumerate(given, HEADER_ROW):
        example = _label(one, one.example)
        asked = _ASKED[one.requirement.demand]
        for column, words in enumerate((spec.label, one.label, asked, one.help, example)):
            sheet.write_string(row, column, words, styles.wrapped)
    sheet.autofilter(HEADER_ROW - 1, 0, HEADER_ROW - 1 + len(given), len(wide) - 1)


def _label(one: FieldSpec, code: str) -> str:
    return dict(zip(one.codes, one.labels, strict=True)).get(code, code)


def _codes(sheet: Worksheet, styles: _Styles, mark: str) -> dict[tuple[str, ...], str]:
    """Write every list once and return the range of its labels, for the dropdowns."""
    wide = (("List", 34), ("Choose", 70), ("Code", 34))
    _reading(sheet, styles, _titled(mark, "Lists of codes"), wide)
    ranges: dict[tuple[str, ...], str] = {}
    row = HEADER_ROW
    for one in (one for spec in tables().values() for one in spec.inputs if one.codes):
        if one.labels in ranges:
            continue
        ranges[one.labels] = f"=Codes!$B${row + 1}:$B${row + len(one.codes)}"
        for code, label in zip(one.codes, one.labels, strict=True):
            for column, words in enumerate((one.label, label, code)):
                sheet.write_string(row, column, words, styles.wrapped)
            row += 1
    return ranges


def _reading(sheet: Worksheet, styles: _Styles, title: str, wide: Sequence[tuple[str, int]]) -> None:
    """Begin a sheet that is read and not filled."""
    sheet.write_string(0, 0, title, styles.title)
    for column, (words, width) in enumerate(wide):
        sheet.set_column(column, column, width, styles.wrapped)
        sheet.write_string(HEADER_ROW - 1, column, words, styles.heading)
    sheet.freeze_panes(HEADER_ROW, 0)
    sheet.protect(options={"autofilter": True, "format_columns": True})
    _print(sheet, HEADER_ROW - 1)


def _table(
    sheet: Worksheet,
    spec: TableSpec,
    styles: _Styles,
    lists: Mapping[tuple[str, ...], str],
    *,
    mark: str,
    rows: list[Mapping[str, Any]],
) -> None:
    asked = [one for one in spec.inputs if one.given == "row"]
    for column, one in enumerate(asked):
        style = styles.asked if one.requirement.demand == "yes" else styles.heading
        sheet.set_column(column, column, max(14, min(26, len(one.label) + 2)), styles.column(one.type))
        sheet.write_string(HEADER_ROW - 1, column, one.label, style)
        sheet.data_validation(
            HEADER_ROW, column, HEADER_ROW + max(ROWS, len(rows)), column, _validation(one, lists)
        )
    sheet.write_string(0, 0, _titled(mark, f"{spec.label}: {spec.row}"), styles.title)
    for number, row in enumerate(rows, HEADER_ROW):
        for column, one in enumerate(asked):
            _cell(sheet, number, column, row.get(one.input), styles.column(one.type))
    sheet.freeze_panes(HEADER_ROW, 1)
    sheet.protect(
        options=dict.fromkeys(("format_columns", "insert_rows", "delete_rows", "sort", "autofilter"), True)
    )
    _print(sheet, HEADER_ROW - 1)


def _cell(sheet: Worksheet, row: int, column: int, value: Any, style: Format) -> None:
    """Write a value as what it is; text that begins like a formula stays text."""
    if value is None or value == "" or value != value:  # noqa: PLR0124  not a number is a blank
        return
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, style)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)


def _validation(one: FieldSpec, lists: Mapping[tuple[str, ...], str]) -> dict[str, Any]:
    """Return what Excel is to allow in a column, and what it is to say when a cell is entered."""
    said = {
        "input_title": one.label[:32],
        "input_message": f"{_ASKED[one.requirement.demand]}. {one.help}"[:255],
        "error_title": one.label[:32],
    }
    if one.codes:
        source = lists[one.labels]
        return {**said, "validate": "list", "source": source, "error_message": "Choose from the list."}
    if one.type == "date":
        words = "Write day/month/year: 14/04/2022."
        days = {"minimum": dt.date(1990, 1, 1), "maximum": dt.date(2100, 1, 1)}
        return {**said, "validate": "date", "criteria": "between", **days, "error_message": words}
    if one.type in {"integer", "number"}:
        kind = "integer" if one.type == "integer" else "decimal"
        least, most = one.least or 0, one.most if one.most is not None else 1_000_000
        words = f"Write a number from {least:g} to {most:g}."
        between = {"minimum": least, "maximum": most}
        return {**said, "validate": kind, "criteria": "between", **between, "error_message": words}
    return {**said, "validate": "any"}


def _print(sheet: Worksheet, header: int) -> None:
    """Set how a sheet prints: landscape, A4, one page wide, headings on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)


def columns(table: str) -> dict[str, str]:
    """Return the headings of one sheet by input name, in order: what a .csv of it has as its first line.

    A .csv has no front page: its first two columns are the provider and the month.
    """
    spec = tables()[table]
    first = [one for one in spec.inputs if one.given == "workbook"]
    return {one.input: one.label for one in (*first, *(o for o in spec.inputs if o.given == "row"))}
