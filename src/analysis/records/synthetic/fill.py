"""A synthetic sample as workbooks: the template filled month by month, as a provider would send it.

Every file's name, every sheet's first line, every provider and every reference says SYNTHETIC. The .ods and
.csv hold the same as the .xlsx: a sheet, or a file, for each table.
"""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from analysis.errors import UsageError, one_of
from analysis.records import template
from analysis.records.fields import FieldSpec, TableSpec, tables
from analysis.records.synthetic.frames import MARK
from analysis.records.synthetic.sample import Sample

Form = Literal["xlsx", "ods", "csv"]
FORMS: Final = ("xlsx", "ods", "csv")
NOTES: Final = f"{MARK} notes.txt"
_MADE: Final = (2024, 1, 1, 0, 0, 0)
_NAMESPACES: Final = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("meta", "meta"))
)
_MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST: Final = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    ' manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Book:
    """What one provider sends for one month, or for all of them if there is no month."""

    provider: str
    month: str
    rows: dict[str, list[Row]]

    @property
    def name(self) -> str:
        """Name of the file, without its ending."""
        return " ".join(
            part for part in (MARK, self.provider.removeprefix(f"{MARK.lower()}-"), self.month) if part
        )


def fill(sample: Sample, folder: Path, form: Form = "xlsx", *, monthly: bool = True) -> list[Path]:
    """Write a sample as providers' workbooks, and its notes beside them.

    Parameters
    ----------
    sample
        From `analysis.records.synthetic.sample.generate`.
    folder
        Where; it is made if it does not exist.
    form
        ``xlsx``, ``ods``, or ``csv``: a file for each table then.
    monthly
        Whether each provider sends a workbook a month. If not, it sends one for all months: .csv alone,
        because its rows carry the month.

    Returns
    -------
    list of Path
        The workbooks, in order.

    Raises
    ------
    UsageError
        If the form is unknown, or months cannot be told apart in it.
    """
    if form not in FORMS:
        raise UsageError(f'no form "{form}"', where="synthetic sample", cure=one_of(form, FORMS))
    if not monthly and form != "csv":
        raise UsageError(
            "one workbook for all months is a .csv", where=form, cure="Ask for csv, or by month."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTES).write_text("\n".join(sample.notes) + "\n", encoding="utf-8")
    write = _WRITERS[form]
    return [path for book in books(sample, monthly=monthly) for path in write(book, folder)]


def books(sample: Sample, *, monthly: bool = True) -> Iterator[Book]:
    """Yield what each provider sends, by provider and month."""
    keys = ["provider", "month"] if monthly else ["provider"]
    parts: dict[tuple[Any, ...], dict[str, list[Row]]] = {}
    for name, frame in sample.tables.items():
        for key, rows in frame.groupby(keys, sort=True):
            parts.setdefault(key, {})[name] = _spoken(tables()[name], rows)
    for key in sorted(parts):
        month = f"{key[1]:%Y-%m}" if monthly else ""
        yield Book(str(key[0]), month, parts[key])


def _spoken(spec: TableSpec, frame: pd.DataFrame) -> list[Row]:
    """Return rows as a provider would fill them: labels for codes, days for dates, blanks for nothing."""
    columns = {one.input: _said(one, frame[one.input]) for one in spec.inputs}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _said(field: FieldSpec, column: pd.Series[Any]) -> list[Any]:
    values = [None if pd.isna(value) else value for value in column.astype(object)]
    if field.type in {"date", "month"}:
        return [value and value.date() for value in values]
    if field.codes:
        label = dict(zip(field.codes, field.labels, strict=True))
        return [value and label[value] for value in values]
    return [_number(value) if field.type in {"integer", "number"} else value for value in values]


def _number(value: Any) -> int | float | None:
    if value is None:
        return None
    return int(value) if float(value).is_integer() else float(value)


def _xlsx(book: Book, folder: Path) -> list[Path]:
    path = folder / f"{book.name}.xlsx"
    template.write(path, provider=book.provider, month=book.month, rows=book.rows, mark=MARK)
    return [path]


def _csv(book: Book, folder: Path) -> list[Path]:
    return [_csv_table(book, name, folder) for name in book.rows]


def _csv_table(book: Book, name: str, folder: Path) -> Path:
    path = folder / f"{book.name} {name}.csv"
    headings = template.columns(name)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow(headings.values())
        for row in book.rows[name]:
            out.writerow([_text(column, row[column]) for column in headings])
    return path


def _text(column: str, value: Any) -> str:
    """Return a cell of a .csv: dates in British order, months as year and month."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}" if column.endswith("month") else f"{value:%d/%m/%Y}"
    return str(value)


def _ods(book: Book, folder: Path) -> list[Path]:
    """Write an OpenDocument spreadsheet: the front page, and one sheet for each table."""
    path = folder / f"{book.name}.ods"
    front = [[f"{MARK}. Front page"], ["Question", "Answer"], ["Provider", book.provider]]
    front.append(["Month of the workbook", book.month])
    sheets = [(template.FRONT, front)]
    sheets += [(tables()[name].label, _grid(name, rows)) for name, rows in book.rows.items()]
    body = "".join(_sheet(name, grid) for name, grid in sheets)
    content = (
        f'<office:document-content {_NAMESPACES} office:version="1.2"><office:body><office:spreadsheet>'
        f"{body}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        _part(archive, "mimetype", _MIMETYPE, zipfile.ZIP_STORED)
        _part(archive, "content.xml", content)
        _part(archive, "META-INF/manifest.xml", _MANIFEST)
    return [path]


def _part(archive: zipfile.ZipFile, name: str, text: str, method: int = zipfile.ZIP_DEFLATED) -> None:
    header = "" if name == "mimetype" else '<?xml version="1.0" encoding="UTF-8"?>\n'
    archive.writestr(zipfile.ZipInfo(name, _MADE), header + text, compress_type=method)


def _grid(name: str, rows: list[Row]) -> list[list[Any]]:
    spec = tables()[name]
    asked = [one for one in spec.inputs if one.given == "row"]
    title = [f"{MARK}. {spec.label}: {spec.row}"]
    return [title, [one.label for one in asked], *([row[one.input] for one in asked] for row in rows)]


def _sheet(name: str, grid: list[list[Any]]) -> str:
    rows = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in grid)
    return f"<table:table table:name={quoteattr(name)}>{rows}</table:table>"


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        shown = f"{value:%d/%m/%Y}"
    elif isinstance(value, (int, float)):
        kind, shown = f'office:value-type="float" office:value="{value!r}"', str(value)
    else:
        kind, shown = 'office:value-type="string"', str(value)
    return f"<table:table-cell {kind}><text:p>{escape(shown)}</text:p></table:table-cell>"


_WRITERS: Final[dict[str, Callable[[Book, Path], list[Path]]]] = {"xlsx": _xlsx, "ods": _ods, "csv": _csv}
