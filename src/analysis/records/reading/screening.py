"""Direct identifiers in a workbook: never kept, never repeated; a date of birth becomes an age band.

What identifies is recognised by `analysis.records.identifiers`. A column of identifiers that is no field is
left where it is; a cell of a field that looks like one refuses its row.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final

import pandas as pd

from analysis.records import identifiers
from analysis.records.fields import FieldSpec, tables
from analysis.records.forenames import FORENAMES
from analysis.records.reading import headers, values
from analysis.records.reading.sheets import CellProblem, Part, Read, Row
from analysis.records.reading.workbook import Cell, Lost

RULE: Final = "identifier"
BORN: Final = "date-of-birth"
_DAYS: Final = ("referred_on", "start_date", "joined_on", "identified_on")
"""Fields whose day an age is worked out for, first that is given."""
_REFERENCE: Final = re.compile(r"([A-Z]{1,5})-?\d{1,6}(?:-\d{1,3})?", re.ASCII)
"""The usual look of a reference: too few figures for a number of anything else, and no letters after them."""
_ORGANISATIONS: Final = frozenset({"id"})
"""Types that may be named for a person: a house, a charity."""


def screen(found: Read) -> None:
    """Take identifiers out of what a workbook gave; rows they stand in are refused, with the cure."""
    for part in found.parts:
        if part.placed is not None:
            _beside(part)
            _by_heading(part)
            unread = [row for row in part.rows if row.problems]
            for one in part.placed.spec.inputs:
                if one.input in part.placed.columns:
                    _cells(part, one, part.placed.columns[one.input], unread)


@lru_cache(maxsize=20_000)
def kind_of(text: str) -> str:
    """Return the kind of identifier that a text looks like, or ""."""
    return identifiers.of_text(text)


def _beside(part: Part) -> None:
    """Say which columns that no field claims hold identifiers; turn dates of birth into age bands."""
    assert part.placed is not None
    for at, heading in part.placed.unplaced:
        kind = identifiers.of_header(heading)
        named = f'"{heading}"' if kind_of(heading) == "" else f"column {headers.letter(at)}"
        part.notes = [
            note for note in part.notes if f'"{heading}"' not in note or not (kind or named[0] == "c")
        ]
        if kind == BORN:
            made = _bands(part, at)
            part.notes.append(
                f"{named} holds dates of birth: none is kept; {made:,} age bands were worked out from them"
            )
        elif kind:
            part.notes.append(f"{named} holds {identifiers.KINDS[kind]}: it was not read and is not kept")
        elif named[0] == "c":
            part.notes.append(
                f"{named} was not read: its heading looks like {identifiers.KINDS[kind_of(heading)]}"
            )


def _by_heading(part: Part) -> None:
    """Refuse rows where a mapping puts a column of identifiers to a field."""
    assert part.placed is not None
    for name, at in part.placed.columns.items():
        heading = part.headings[at] if at < len(part.headings) else ""
        kind = identifiers.of_header(heading) if isinstance(heading, str) else ""
        if not kind:
            continue
        for row in part.rows:
            if at < len(row.cells) and not values.is_blank(row.cells[at]):
                what = f"its heading says that it holds {identifiers.KINDS[kind]}"
                _refuse(row, name, at, what, identifiers.CURES[kind])


def _cells(part: Part, one: FieldSpec, at: int, unread: list[Row]) -> None:
    """Refuse rows where a cell looks like an identifier; a value that was read as a code or a day is none."""
    loose = one.type in {"text", "pseudonym", "id"}
    for row in part.rows if loose else unread:
        cell = row.cells[at] if at < len(row.cells) else ""
        if cell == "" or _is_reference(cell) or (not loose and one.input in row.known):
            continue
        kind = _kind(cell)
        if kind and not (kind == "name" and one.type in _ORGANISATIONS):
            what = f"it looks like {identifiers.KINDS[kind]}"
            _refuse(row, one.input, at, what, identifiers.CURES[kind])


def _is_reference(cell: Cell) -> bool:
    """Return whether a cell has the usual look of a reference, which is no identifier of any kind."""
    found = _REFERENCE.fullmatch(cell) if isinstance(cell, str) else None
    return found is not None and found[1].casefold() not in FORENAMES


def _kind(cell: Cell) -> str:
    if isinstance(cell, (bool, dt.date, dt.time, dt.timedelta, Lost)) or cell == "":
        return ""
    return kind_of(values.plain(cell))


def _refuse(row: Row, name: str, at: int, what: str, cure: str) -> None:
    row.known.pop(name, None)
    row.problems = [problem for problem in row.problems if problem.column != at]
    row.problems.append(CellProblem(name, at, RULE, what, cure))


# Ages --------------------------------------------------------------------------------------------------


def _bands(part: Part, at: int) -> int:
    """Give rows without an age the band that a date of birth puts them in, and return how many."""
    assert part.placed is not None
    spec = {one.input: one for one in part.placed.spec.inputs}
    if "age_band" not in spec:
        return 0
    made = 0
    for row in part.rows:
        born = _day(row.cells[at] if at < len(row.cells) else "")
        on = next((row.known[name] for name in _DAYS if name in row.known), None)
        if born is None or on is None or {"age", "age_band"} & set(row.known):
            continue
        age = identifiers.age_on(
            pd.Series([born], dtype="datetime64[s]"), pd.Series([on], dtype="datetime64[s]")
        )
        band = "" if pd.isna(age.iloc[0]) else band_of(int(age.iloc[0]), spec["age_band"].codes)
        if band:
            row.known["age_band"] = band
            made += 1
    return made


def _day(cell: Cell) -> dt.date | None:
    found = values.read(cell, tables()["referrals"]["referred_on"])
    return found if isinstance(found, dt.date) else None


def band_of(age: int, bands: tuple[str, ...]) -> str:
    """Return the code of the band that an age lies in, the narrowest of several, or "".

    Parameters
    ----------
    age
        Completed years.
    bands
        Codes such as ``16-25``, ``65-and-over``, ``17-plus``; others are no bands.
    """
    fitting = []
    for code in bands:
        closed, open_ = re.fullmatch(r"(\d+)-(\d+)", code), re.fullmatch(r"(\d+)-(?:and-over|plus)", code)
        if closed and int(closed[1]) <= age <= int(closed[2]):
            fitting.append((int(closed[2]) - int(closed[1]), code))
        elif open_ and age >= int(open_[1]):
            fitting.append((999, code))
    return min(fitting)[1] if fitting else ""
