"""What providers send, in the small: sheets of a few rows, written in any form, and read into a store."""

from __future__ import annotations

import atexit
import csv
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from analysis.records.accounting.ledger import Ledger
from analysis.records.ingest import ingest
from analysis.records.keyfile import KeyFile
from analysis.records.reading.reader import Reader
from analysis.records.store import Store

Rows = list[list[Any]]

HEADINGS = [
    "Case reference",
    "Date of referral",
    "Outcome",
    "Sex",
    "Age band",
    "From outside the authority",
    "District referred from",
    "Pregnant",
]
DAY = dt.date(2022, 4, 14)
ROW: list[Any] = ["NDA-0412", DAY, "accepted", "female", "26-64", "no", "Norwich", "no"]
UNIT_HEADINGS = [
    "Unit",
    "Type of accommodation",
    "District",
    "Who may use it",
    "Places",
    "What a place is",
    "Open from",
]
UNIT: list[Any] = [
    "NR-03",
    "refuge",
    "Norwich",
    "women-and-children",
    1,
    "family-place",
    dt.date(2021, 4, 1),
]
STAY_HEADINGS = ["Case reference", "Unit", "Start of stay", "End of stay", "How the stay ended"]
STAY: list[Any] = ["NDA-0412", "NR-03", dt.date(2022, 4, 16), "", ""]
FRONT: Rows = [["Provider", "north-refuge"], ["Month of the workbook", "2022-04"]]


def moment(*parts: int) -> dt.datetime:
    """Return a time as a workbook has it: of no zone."""
    return dt.datetime(*parts, tzinfo=dt.UTC).replace(tzinfo=None)


def row(**changes: Any) -> list[Any]:
    """Return the usual referral with some cells changed: ``row(sex="Femal")``."""
    names = ["case", "day", "outcome", "sex", "age", "outside", "district", "pregnant"]
    return [changes.get(name, value) for name, value in zip(names, ROW, strict=True)]


def referrals(*rows: list[Any]) -> dict[str, Rows]:
    """Return a workbook of referrals: a front page and one sheet."""
    return {"Front page": FRONT, "Referrals": [HEADINGS, *(rows or [ROW])]}


def xlsx(
    path: Path,
    sheets: dict[str, Rows],
    *,
    hidden: Sequence[str] = (),
    merged: Sequence[tuple[str, int, int, int, int, Any]] = (),
    since_1904: bool = False,
    extra: Callable[[Any, dict[str, Any]], None] | None = None,
    saved: dt.datetime | None = None,
) -> Path:
    """Write an .xlsx; a cell that is a tuple is a formula and the value it was saved with."""
    book = xlsxwriter.Workbook(path, {"date_1904": since_1904, "strings_to_formulas": False})
    book.set_properties({"created": saved or moment(2022, 5, 1)})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    made = {}
    for name, rows in sheets.items():
        made[name] = sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for number, cells in enumerate(rows):
            for column, value in enumerate(cells):
                _put(sheet, number, column, value, day)
    for name, *place, value in merged:
        made[name].merge_range(*place, value)
    if extra:
        extra(book, made)
    book.close()
    return path


def _put(sheet: Any, number: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, tuple):
        sheet.write_formula(number, column, value[0], None, value[1])
    elif isinstance(value, dt.date):
        sheet.write_datetime(number, column, value, day)
    elif isinstance(value, bool):
        sheet.write_boolean(number, column, value)
    elif isinstance(value, str):
        sheet.write_string(number, column, value)
    elif value is not None:
        sheet.write_number(number, column, value)


def ods(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write an .ods."""
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        book.spreadsheet.addElement(table)
        for cells in rows:
            line = TableRow()
            table.addElement(line)
            for value in cells:
                line.addElement(_ods_cell(value))
    book.save(str(path))
    return path


def _ods_cell(value: Any) -> TableCell:
    if isinstance(value, dt.date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat())
    elif isinstance(value, bool):
        cell = TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    elif isinstance(value, (int, float)):
        cell = TableCell(valuetype="float", value=str(value))
    else:
        cell = TableCell(valuetype="string") if value else TableCell()
    if value not in {"", None}:
        cell.addElement(P(text=str(value)))
    return cell


def text(path: Path, rows: Rows, *, separator: str = ",", encoding: str = "utf-8", first: str = "") -> Path:
    """Write a .csv; dates as people see them."""
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(first)
        csv.writer(file, delimiter=separator).writerows(
            [cell.strftime("%d/%m/%Y") if isinstance(cell, dt.date) else cell for cell in cells]
            for cells in rows
        )
    return path


def table_csv(*rows: list[Any]) -> Rows:
    """Return referrals as a .csv has them: provider and month in columns of their own."""
    return [
        ["Provider", "Month of the workbook", *HEADINGS],
        *(["north-refuge", "2022-04", *cells] for cells in (rows or (ROW,))),
    ]


def mapping(path: Path, **parts: Any) -> Path:
    """Write a mapping file."""
    path.write_text(yaml.safe_dump(parts), "utf-8")
    return path


@dataclass
class Sent:
    """What was sent, and how it is to be read."""

    paths: list[Path] = field(default_factory=list)
    mapping: Path | None = None


@cache
def reader() -> Reader:
    """Return the one reader of a test run, so that not every test starts child processes."""
    made = Reader()
    atexit.register(made.__exit__)
    return made


def read(sent: Sent, folder: Path) -> tuple[Ledger, Store]:
    """Read what was sent into the store of Norfolk below a folder, made if it is not there."""
    key = KeyFile.open(folder / "secret" / "key", create=True)
    store = Store(folder / "kept" / "norfolk", key)
    return ingest(sent.paths, "norfolk", store, key, mapping_path=sent.mapping, reader=reader()), store
