"""CSV files: the columns, rows and values of their payloads, written plainly, and safe to open."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, Final

from analysis.gate.refusal import Refusal, refuse
from analysis.gate.subject import SOURCES, Bundle, Subject

PROVENANCE: Final = ("tier", "source_id", "figure_ids", "footnote")
"""Columns that the session writes after those of the payload, where the frame has them."""
LETTERS: Final = "source"
"""Column of a payload that says by a letter which source a row rests on; a CSV says it in full."""
OF_SOURCES: Final = ("source_id", "title", "publisher", "date", "licence", "tier", "url")
FORMULA: Final = re.compile(r"[=@\t\r]|[+-](?![\d.])")
"""How a cell begins that a spreadsheet takes for a formula (OWASP, *CSV injection*); numbers do not."""
NOTE: Final = re.compile(r"(?: \[note \d+\])+$")

Json = dict[str, Any]
Rows = list[list[str]]


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield what is wrong with the CSV of each table and figure."""
    for bundle in run.bundles:
        for name in bundle.files:
            path = run.folder / name
            if name.endswith(".csv") and path.is_file() and not path.is_symlink():
                yield from _file(path.read_bytes(), bundle, run.said_file(name))


def _file(content: bytes, bundle: Bundle, where: str) -> Iterator[Refusal]:
    rows = _read(content)
    if rows is None:
        yield refuse("csv-shape", where, "it is not written in the one form that a table of a run has")
        return
    for number, row in enumerate(rows, 1):
        if any(FORMULA.match(cell) for cell in row):
            yield refuse("csv-formula", f"{where}, line {number}", "a cell begins as a formula does")
    if bundle.id == SOURCES:
        yield from _sources(rows, bundle, where)
        return
    yield from _table(rows, bundle, where)


def _read(content: bytes) -> Rows | None:
    """Return the rows, or None if the file is not exactly as plain CSV writes them."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    again = io.StringIO(newline="")
    csv.writer(again, lineterminator="\n").writerows(rows)
    even = rows and len({len(row) for row in rows}) == 1
    return rows if even and again.getvalue().encode() == content else None


def _sources(rows: Rows, bundle: Bundle, where: str) -> Iterator[Refusal]:
    """Yield a list of sources that has other columns or rows than the one that is shown."""
    if tuple(rows[0]) != OF_SOURCES or len(rows) - 1 != len(bundle.payload.get("cells", ())):
        yield refuse("csv-shape", where, "it has other columns or rows than the list of sources")


def _table(rows: Rows, bundle: Bundle, where: str) -> Iterator[Refusal]:
    head, *body = rows
    names = [column.get("name") for column in bundle.payload.get("columns", ())]
    shown = names[:-1] if names and names[-1] == LETTERS and head[: len(names)] != names else names
    rest = head[len(shown) :]
    if head[: len(shown)] != shown or [name for name in PROVENANCE if name in rest] != rest:
        yield refuse("csv-shape", where, "it has other columns than its payload")
        return
    values = bundle.payload.get("values", ())
    if len(body) != len(values):
        yield refuse("csv-shape", where, f"it has {len(body)} rows, and its payload has {len(values)}")
        return
    for number, (row, wanted) in enumerate(zip(body, values, strict=True), 2):
        pairs = zip(row, wanted[: len(shown)], strict=False)
        wrong = [place for place, (cell, value) in enumerate(pairs, 1) if not same(cell, value)]
        for place in wrong:
            yield refuse(
                "csv-values", f"{where}, line {number}, column {place}", "it is not the payload's value"
            )
    yield from _provenance(rest, [row[len(shown) :] for row in body], bundle, where)


def same(cell: str, value: Any) -> bool:
    """Whether a cell of a CSV is the value of a payload: the same text, or the same number."""
    if value is None:
        return cell in {"", "inf", "-inf", "nan"}
    if isinstance(value, bool):
        return cell == str(value)
    if isinstance(value, str):
        return cell in {value, NOTE.sub("", value)} or (not cell and not value.strip())
    try:
        number = float(cell)
    except ValueError:
        return False
    return number == value and cell in {str(value), str(float(value)), str(int(value))}


def _provenance(names: list[str], rows: Rows, bundle: Bundle, where: str) -> Iterator[Refusal]:
    """Yield cells of the provenance columns that the payload's own provenance does not have."""
    basis = bundle.payload.get("provenance", {})
    known = {
        "tier": set(basis.get("tiers", ())),
        "figure_ids": set(basis.get("figure_ids", ())),
    }
    footnotes = {*basis.get("footnotes", ()), ""}
    for place, name in enumerate(names):
        cells = [row[place] for row in rows]
        if name in known:
            sound = all(set(cell.replace(";", " ").split()) <= known[name] for cell in cells)
        elif name == "footnote":
            sound = all(cell.strip() in footnotes for cell in cells)
        else:
            sound = all(re.fullmatch(r"[a-z0-9 ;_.-]*", cell) for cell in cells)
        if not sound:
            yield refuse("csv-values", where, f"its column {name} has what the payload's sources have not")
