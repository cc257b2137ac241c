"""Where a table lies in a sheet: which table it is, which row its headings are, which column is which field.

Headings are placed only if they are the template's words, a field's name, or named by a mapping file. What
is merely similar is a suggestion and is never placed.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from analysis.records.fields import TableSpec, tables
from analysis.records.reading import hostile, values
from analysis.records.reading.mapping import IGNORE, NO_MAPPING, ProviderMapping, names
from analysis.records.reading.workbook import Cell, Sheet

LOOKED_AT: Final = 60
"""Rows from the top that may be the headings."""
ENOUGH: Final = 3
"""Headings that must be a table's before a sheet is taken for it without being named so."""
MOST: Final = 0.6
"""Share of a table's fields that make a row the row of headings without looking further."""
MAX_COLUMNS: Final = 400
OWN_SHEETS: Final = frozenset({"instructions", "front-page", "examples", "codes", "lists", "notes"})
"""Sheets of the template that hold no records, as `values.slug`."""


@dataclass(frozen=True)
class Placed:
    """A table found in a sheet.

    Attributes
    ----------
    table
        Its name.
    header
        Position of the row of headings, from 0.
    columns
        Input name of a field to the position of its column, from 0.
    unplaced
        Headings that were not placed, with position; among them those a mapping ignores are not.
    twice
        Labels of fields that two columns claim.
    """

    table: str
    header: int
    columns: Mapping[str, int]
    unplaced: tuple[tuple[int, str], ...] = ()
    twice: tuple[str, ...] = ()

    @property
    def spec(self) -> TableSpec:
        """The table's declaration."""
        return tables()[self.table]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Input names of fields that every row must have and no column gives."""
        return tuple(
            one.input
            for one in self.spec.inputs
            if one.given == "row" and one.requirement.demand == "yes" and one.input not in self.columns
        )


def letter(position: int) -> str:
    """Return the letter of a column: 0 → ``A``, 26 → ``AA``."""
    text, position = "", position + 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text


def place(sheet: Sheet, mapping: ProviderMapping = NO_MAPPING) -> Placed | None:
    """Find the table that a sheet holds.

    Returns
    -------
    The table with its headings placed, or None if the sheet is not one of the tables; see `wanted` for
    whether it ought to be.
    """
    named = wanted(sheet, mapping)
    if named == IGNORE:
        return None
    candidates = [named] if named else list(tables())
    found = [_best(sheet, name, mapping) for name in candidates]
    found.sort(key=lambda pair: -pair[0])
    score, best = found[0]
    if best is None or score < (1 if named else ENOUGH):
        return None
    if not named and len(found) > 1 and found[1][0] == score:
        return None
    return best


def wanted(sheet: Sheet, mapping: ProviderMapping = NO_MAPPING) -> str:
    """Return the table a sheet is named for, ``ignore`` if it is none, or "" if its name does not say."""
    name = values.slug(sheet.name)
    if name in mapping.sheets:
        return mapping.sheets[name]
    if name in OWN_SHEETS:
        return IGNORE
    words = set(name.split("-"))
    said = [table for table, spec in tables().items() if words & _spellings(table, spec.label)]
    return said[0] if len(said) == 1 else ""


def _spellings(table: str, label: str) -> set[str]:
    """Return the words that name a table: ``referrals``, ``referral``."""
    return {table, table.removesuffix("s"), values.slug(label)} - {"unit", "child"}


def _best(sheet: Sheet, table: str, mapping: ProviderMapping) -> tuple[int, Placed | None]:
    """Return the row with the most headings of one table, and how many it has."""
    best: tuple[int, Placed | None] = (0, None)
    for position, row in enumerate(sheet.rows[:LOOKED_AT]):
        known = _known(table, row, mapping)
        if known > best[0]:
            best = known, _placed(position, row, table, mapping)
            if known >= MOST * len(tables()[table].inputs):
                break
    return best


def _known(table: str, row: Sequence[Cell], mapping: ProviderMapping) -> int:
    own, general = mapping.columns.get(table, {}), headings(table)
    found = {own.get(s) or general.get(s) for s in _slugs(row)}
    return len(found - {None, IGNORE})


def _slugs(row: Sequence[Cell]) -> list[str]:
    return [values.slug(cell) if isinstance(cell, str) and cell else "" for cell in row[:MAX_COLUMNS]]


def _placed(position: int, row: Sequence[Cell], table: str, mapping: ProviderMapping) -> Placed:
    own, general = mapping.columns.get(table, {}), headings(table)
    columns: dict[str, int] = {}
    unplaced, twice = [], []
    for number, given in enumerate(_slugs(row)):
        name = own.get(f"column-{letter(number).casefold()}") or own.get(given) or general.get(given)
        if name == IGNORE:
            continue
        if name is None:
            unplaced.append((number, hostile.shown(str(row[number])) if given else ""))
        elif name in columns:
            twice.append(names(tables()[table])[name])
        else:
            columns[name] = number
    return Placed(table, position, columns, tuple(unplaced), tuple(twice))


@cache
def headings(table: str) -> dict[str, str]:
    """Return every heading that is placed without a mapping, as `values.slug`, by the field it is for."""
    found: dict[str, str | None] = {}
    for one in tables()[table].inputs:
        for words in {one.label, one.input, one.field, one.label.partition(" (")[0]}:
            key = values.slug(words)
            found[key] = one.input if found.get(key, one.input) == one.input else None
    return {key: name for key, name in found.items() if name}


def suggestion(heading: str, table: str, taken: Mapping[str, int]) -> str:
    """Return the input name of the free field that a heading is most like, or "".

    Parameters
    ----------
    heading
        As it stands in the sheet.
    table
        The table it stands in.
    taken
        Fields that have a column already.
    """
    free = {key: name for key, name in headings(table).items() if name not in taken}
    given = values.slug(heading)
    near = difflib.get_close_matches(given, free, n=1, cutoff=0.6)
    if near:
        return free[near[0]]
    words = set(given.split("-"))
    shared = sorted((-len(words & set(key.split("-"))), key) for key in free)
    best = shared[0] if shared else (0, "")
    return free[best[1]] if -best[0] >= 2 else ""
