"""One workbook as records: which rows hold one, what their cells mean, and what is wrong with them.

Every row below the headings has one fate. A row that holds no record (blank, a total, a heading repeated or
set between rows) is *blank*; every other is a record, and each of its cells that cannot be read is a
problem of that row. Nothing here decides what is accepted: see `analysis.records.ingest`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from analysis.records import identifiers
from analysis.records.fields import FieldSpec, tables
from analysis.records.reading import headers, hostile, values
from analysis.records.reading.headers import Placed
from analysis.records.reading.mapping import IGNORE, ProviderMapping
from analysis.records.reading.values import Problem
from analysis.records.reading.workbook import Cell, Range, Sheet, Workbook

SOFT_SHEETS: Final = frozenset(
    (
        *("summary", "dashboard", "charts", "chart", "guidance", "guide", "readme", "read-me", "contents"),
        *("cover", "cover-sheet", "lookups", "lookup", "drop-downs", "dropdowns", "drop-down-lists"),
        *("validation", "data-validation", "pivot", "totals", "about", "help"),
    )
)
"""Names of sheets that hold no records unless their headings say so, as `values.slug`."""
_TOTAL: Final = re.compile(
    r"(?:grand|sub|overall|monthly|quarterly|annual)?[ -]?totals?\b.*|sum|average|count"
)
_ASKED: Final = {
    "provider": ("provider", "provider-name", "name-of-provider", "service-provider", "organisation"),
    "month": ("month-of-the-workbook", "month", "reporting-month", "month-reported", "return-month"),
    "sent": ("date-sent", "sent-on", "date-submitted", "submitted-on", "date-returned", "date-completed"),
}
_FRONT_ROWS, _FRONT_COLUMNS = 40, 8
_NUMBERED: Final = re.compile(r"(20\d\d)[-_ .]?(0[1-9]|1[0-2])(?!\d)")
_NAMED: Final = re.compile(
    r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-_ '.]*(20\d\d|\d\d)(?!\d)"
)


@dataclass(frozen=True)
class CellProblem:
    """Why a row is refused: the field and the column (from 0, -1 without one), the rule, and the cure."""

    field: str
    column: int
    rule: str
    problem: str
    cure: str


@dataclass
class Row:
    """One record as it stands in a workbook."""

    number: int
    cells: Sequence[Cell]
    known: dict[str, Any]
    problems: list[CellProblem] = field(default_factory=list)


@dataclass
class Part:
    """What one sheet gave."""

    sheet: str
    table: str
    placed: Placed | None
    rows: list[Row] = field(default_factory=list)
    headings: Sequence[Cell] = ()
    blank: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass
class Read:
    """What one file gave: its parts, and what its front page, its mapping or its name say of it."""

    path: Path
    provider: str = ""
    month: dt.date | None = None
    sent: str = ""
    saved: str = ""
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(path: Path, book: Workbook, mapping: ProviderMapping) -> Read:
    """Return what the sheets of one workbook hold.

    Parameters
    ----------
    path
        For its name alone.
    book
        From `analysis.records.reading.reader`.
    mapping
        What the provider's words mean.
    """
    found = Read(path, saved=book.saved)
    placed = [headers.place(sheet, mapping) for sheet in book.sheets]
    _front(found, book.sheets, placed, mapping)
    for number, (sheet, where) in enumerate(zip(book.sheets, placed, strict=True), 1):
        wanted = headers.wanted(sheet, mapping)
        part = _part(_told(sheet, number), where, wanted, mapping, found.notes)
        if part is not None:
            found.parts.append(part)
            _complete(part, found)
    return found


def _told(sheet: Sheet, number: int) -> Sheet:
    """Return a sheet under a name that may be told: one that is named for a person goes by its number."""
    named = identifiers.of_text(hostile.shown(sheet.name))
    return replace(sheet, name=f"sheet {number}") if named else sheet


def _part(
    sheet: Sheet, placed: Placed | None, wanted: str, mapping: ProviderMapping, notes: list[str]
) -> Part | None:
    """Return the rows of a sheet that is a table, refuse those of one that ought to be, or leave it out."""
    name = hostile.shown(sheet.name)
    if sheet.hidden and not mapping.read_hidden:
        if placed and any(map(_filled, sheet.rows[placed.header + 1 :])):
            notes.append(
                f'the hidden sheet "{name}" looks like {placed.table} and was not read. Unhide it if it is'
                ' meant, or write "hidden: read" in the mapping file.'
            )
        return None
    if placed:
        return _table(sheet, placed, mapping)
    filled = 0 if wanted == IGNORE else sum(map(_filled, sheet.rows))
    if not filled:
        return None
    if not wanted and (values.slug(sheet.name) in SOFT_SHEETS or _widest(sheet) < 3):
        notes.append(f'the sheet "{name}" holds no table that is known and was not read ({filled:,} rows)')
        return None
    return _unknown(sheet, wanted)


def _widest(sheet: Sheet) -> int:
    return max(sum(not values.is_blank(cell) for cell in row) for row in sheet.rows)


def _unknown(sheet: Sheet, wanted: str) -> Part:
    """Refuse every row of a sheet that no table was found in."""
    name = hostile.shown(sheet.name)
    if wanted:
        what = f"no row of headings of {wanted} was found in the sheet"
        cure = "Put the template's headings in one row above the records, or name yours in a mapping file."
    else:
        what = "the sheet is not recognised as a table"
        cure = f'Write in the mapping file, under sheets: "{name}": TABLE, or "{name}": ignore.'
    part = Part(sheet.name, wanted, None)
    for number, row in enumerate(sheet.rows, 1):
        if _filled(row):
            problem = CellProblem("", -1, "sheet-not-recognised", what, cure)
            part.rows.append(Row(number, (), {}, [problem]))
        else:
            part.blank += 1
    return part


def _filled(row: Sequence[Cell]) -> bool:
    return any(cell != "" and not values.is_blank(cell) for cell in row)


# A table's rows ----------------------------------------------------------------------------------------


def _table(sheet: Sheet, placed: Placed, mapping: ProviderMapping) -> Part:
    part = Part(sheet.name, placed.table, placed, headings=sheet.rows[placed.header])
    down, across = _merged(sheet.merged, placed.header)
    for position in range(placed.header + 1, len(sheet.rows)):
        row = sheet.rows[position]
        if position in across or not _is_record(row, placed, part.headings):
            part.blank += 1
        else:
            part.rows.append(Row(position + 1, row, {}))
    _spread(part, sheet, down)
    for one in placed.spec.inputs:
        if one.input in placed.columns:
            own = mapping.values.get(one.input, {})
            memo = (
                values.Memo(one, sheet.since_1904, own)
                if own
                else _memo(placed.table, one.input, sheet.since_1904)
            )
            _column(part, one, placed.columns[one.input], memo)
    _whole(part, placed)
    _beside(part, placed)
    return part


def _is_record(row: Sequence[Cell], placed: Placed, headings: Sequence[Cell]) -> bool:
    """Return whether a row holds a record; it does not if it is blank, a total, or the headings again."""
    wide = len(row)
    for at in placed.columns.values():
        if at < wide and row[at] != "" and not values.is_blank(row[at]):
            break
    else:
        return False
    at = next(at for at, cell in enumerate(row) if cell != "" and not values.is_blank(cell))
    first = row[at]
    if not isinstance(first, str):
        return True
    if len(first) < 40 and _TOTAL.fullmatch(values.plain(first).casefold()):
        shown = [cell for cell in row[at + 1 :] if not values.is_blank(cell)]
        return not all(isinstance(cell, (int, float)) for cell in shown)
    return at >= len(headings) or first != headings[at] or not _is_again(row, headings)


def _is_again(row: Sequence[Cell], headings: Sequence[Cell]) -> bool:
    """Return whether a row is the row of headings, repeated."""
    pairs = [(cell, head) for cell, head in zip(row, headings, strict=False) if not values.is_blank(cell)]
    return sum(cell == head for cell, head in pairs) >= max(2, len(pairs) - 1)


def _merged(ranges: Sequence[Range], header: int) -> tuple[list[Range], set[int]]:
    """Return the ranges that fill cells below them, and the rows that are one heading across columns."""
    below = [one for one in ranges if one[0][0] > header]
    down = [one for one in below if one[0][1] == one[1][1]]
    across = {one[0][0] for one in below if one[1][1] - one[0][1] >= 2 and one[0][0] == one[1][0]}
    return down, across


def _spread(part: Part, sheet: Sheet, down: Sequence[Range]) -> None:
    """Give every row of a cell that is merged downwards the value it shows."""
    rows = {row.number - 1: row for row in part.rows}
    for (first, column), (last, _) in down:
        if first >= len(sheet.rows) or column >= len(sheet.rows[first]):
            continue
        value = sheet.rows[first][column]
        for position in range(first + 1, min(last, len(sheet.rows) - 1) + 1):
            row = rows.get(position)
            if row is not None:
                cells = [*row.cells, *[""] * (column + 1 - len(row.cells))]
                cells[column] = value
                row.cells = cells


def _column(part: Part, one: FieldSpec, at: int, memo: values.Memo) -> None:
    """Read one column."""
    name = one.input
    column = [row.cells[at] if at < len(row.cells) else "" for row in part.rows]
    if True in column or False in column:  # 1 and 0 are equal to them, and mean something else
        found = [memo.read(cell) if isinstance(cell, bool) else memo[cell] for cell in column]
    else:
        found = list(map(memo.__getitem__, column))
    for row, value in zip(part.rows, found, strict=True):
        if value.__class__ is Problem:
            row.problems.append(CellProblem(name, at, value.rule, value.problem, value.cure))
        elif value is not None:
            row.known[name] = value


@lru_cache(maxsize=1024)
def _memo(table: str, name: str, since_1904: bool) -> values.Memo:
    """Return what the cells of a field meant in earlier sheets, where no mapping says otherwise."""
    spec = {one.input: one for one in tables()[table].inputs}
    return values.Memo(spec[name], since_1904, {})


def _whole(part: Part, placed: Placed) -> None:
    """Note on every row what is wrong with the sheet as a whole: columns that lack, or that stand twice."""
    problems = []
    for label in placed.twice:
        what = f'two columns are headed "{label}"'
        problems.append(
            CellProblem("", -1, "column-twice", what, "Keep one, or ignore one in a mapping file.")
        )
    labels = {one.input: one.label for one in placed.spec.inputs}
    for name in placed.lacking:
        near = _nearest(placed, name)
        cure = f'Is it the column "{near}"? Then write in a mapping file: "{near}": {name}.' if near else ""
        what = f'no column is headed "{labels[name]}"'
        problems.append(
            CellProblem(name, -1, "no-column", what, cure or "Add the column, as in the template.")
        )
    for row in part.rows:
        row.problems.extend(problems)


def _nearest(placed: Placed, name: str) -> str:
    for _, heading in placed.unplaced:
        if heading and headers.suggestion(heading, placed.table, placed.columns) == name:
            return heading
    return ""


def _beside(part: Part, placed: Placed) -> None:
    """Note columns that hold something and were not placed, with what each may be."""
    for at, heading in placed.unplaced:
        count = sum(at < len(row.cells) and not values.is_blank(row.cells[at]) for row in part.rows)
        if not count:
            continue
        named = (
            f'the column "{heading}"' if heading else f"column {headers.letter(at)}, which has no heading,"
        )
        near = headers.suggestion(heading, placed.table, placed.columns) if heading else ""
        hint = f' It may be {near}: write "{heading}": {near} in a mapping file.' if near else ""
        sheet = hostile.shown(part.sheet)
        part.notes.append(f'sheet "{sheet}": {named} was not read ({count:,} cells).{hint}')
    wide = len(part.headings)
    for row in part.rows:
        if len(row.cells) > wide and not all(map(values.is_blank, row.cells[wide:])):
            what = "the row has more cells than there are headings"
            row.problems.append(
                CellProblem("", wide, "shifted", what, "Check that no cell was split in two.")
            )


# The file as a whole -----------------------------------------------------------------------------------


def _front(
    found: Read, sheets: Sequence[Sheet], placed: Sequence[Placed | None], mapping: ProviderMapping
) -> None:
    """Find provider, month and date of sending: on a sheet, in the mapping file, in the file's name."""
    answers: dict[str, Cell] = {}
    for sheet, where in zip(sheets, placed, strict=True):
        last = where.header if where else _FRONT_ROWS
        if where or values.slug(sheet.name) not in headers.OWN_SHEETS - {"front-page", "notes"}:
            for row in sheet.rows[: min(last, _FRONT_ROWS)]:
                _answer(row, answers)
    name = values.read(answers.get("provider", ""), _spec("provider"))
    if isinstance(name, Problem):
        found.notes.append(f"the provider's name {name.problem}. {name.cure}")
    found.provider = name if isinstance(name, str) else mapping.provider
    month = values.read(answers.get("month", ""), _spec("month"))
    if isinstance(month, Problem):
        found.notes.append(f"the month of the workbook {month.problem}. {month.cure}")
    named = month_in(found.path.stem)
    found.month = month if isinstance(month, dt.date) else (mapping.month or named)
    if named and found.month != named:
        found.notes.append("the month in the file's name is not the one inside; the one inside counts")
    sent = values.read(answers.get("sent", ""), tables()["referrals"]["referred_on"])
    found.sent = sent.isoformat() if isinstance(sent, dt.date) else ""


def _spec(name: str) -> FieldSpec:
    return tables()["referrals"][name]


def _answer(row: Sequence[Cell], answers: dict[str, Cell]) -> None:
    """Note what stands beside a question, or behind its colon."""
    for at, cell in enumerate(row[:_FRONT_COLUMNS]):
        if not isinstance(cell, str) or not cell or len(cell) > 200:
            continue
        label, _, behind = cell.partition(":")
        beside = next((c for c in row[at + 1 : at + 4] if not values.is_blank(c)), "")
        for question, ways in _ASKED.items():
            if values.slug(label) in ways and question not in answers:
                answer = behind.strip() or beside
                if not values.is_blank(answer):
                    answers[question] = answer


def month_in(name: str) -> dt.date | None:
    """Return the one month that a file's name states, or None: ``North refuge 2022-04``, ``Apr22 v2``."""
    text = values.plain(name).casefold()
    found = {dt.date(int(year), int(month), 1) for year, month in _NUMBERED.findall(text)}
    for month, year in _NAMED.findall(text):
        number = values.month_number(month)
        found.add(dt.date(int(year) if len(year) == 4 else 2000 + int(year), number, 1))
    return found.pop() if len(found) == 1 else None


def _complete(part: Part, found: Read) -> None:
    """Give every row the provider and month of the workbook, if it has none of its own."""
    if part.placed is None:
        return
    for row in part.rows:
        for name, value in (("provider", found.provider), ("month", found.month)):
            if name in row.known or any(problem.field == name for problem in row.problems):
                continue
            if value:
                row.known[name] = value
            else:
                what = f"nothing says which {name} the row is of"
                cure = f"Write it on the front page, or in a mapping file: {name}."
                row.problems.append(CellProblem(name, -1, f"no-{name}", what, cure))
