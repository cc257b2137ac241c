"""Exchanges of categories between rows that no released number notices: what makes a twin another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.tables import TOTAL, Table

PROPOSALS: Final = 12_000
"""Exchanges tried on one base."""
LOOKED_AT: Final = 40
"""Rows looked at for one to exchange with."""


Cells = Counter[int]


@dataclass(frozen=True)
class Measured:
    """Numbers of one output that are made of rows, and not of counts: who changes groups may change them.

    Attributes
    ----------
    axes
        Its columns.
    part
        Column to the categories that it is about.
    shown
        Combinations of categories with a number, as sets of leaves by column.
    """

    axes: tuple[str, ...]
    part: tuple[str, ...]
    shown: tuple[Mapping[str, str], ...]

    @classmethod
    def of(cls, split: Any, content: Any) -> Measured:
        """Return the numbers of an output; none, if it shows counts alone."""
        frame = content.frame
        counts = {"count", "known", "base", *split.axes}
        numbers = [name for name in frame.columns if name not in counts and frame[name].dtype.kind == "f"]
        rows = frame.loc[frame[numbers].notna().any(axis=1)] if numbers else frame.iloc[:0]
        known = [axis for axis in split.axes if axis in rows]
        shown = tuple(
            dict(zip(known, row, strict=True)) for row in rows[known].astype(str).to_numpy().tolist()
        )
        return cls(tuple(split.axes), tuple(split.part), shown)

    def holds(self, row: Mapping[str, str], name: str, covers: Callable[[str, str], Sequence[str]]) -> bool:
        """Say whether a row counts in a number that would change if it had another category in a column."""
        if name in self.part:
            return bool(self.shown)
        if name not in self.axes:
            return False
        return any(
            at.get(name, TOTAL) != TOTAL
            and all(node == TOTAL or row[axis] in covers(axis, node) for axis, node in at.items())
            for at in self.shown
        )


@dataclass(frozen=True, eq=False)
class Base:
    """What one base was counted from.

    Attributes
    ----------
    rows
        Survivor and category of each row, by dimension.
    system
        Its cells.
    hidden
        Which of them are hidden.
    few
        Whether a cell of too few is not.
    measured
        What is shown of it beside counts.
    """

    rows: pd.DataFrame
    system: Any
    hidden: Any
    few: bool = False
    measured: list[Measured] = field(default_factory=list)
    _by: dict[str, list[Table]] = field(default_factory=dict)
    _excluded: dict[str, list[dict[str, frozenset[str]]]] = field(default_factory=dict)
    _layouts: dict[str, tuple[Any, list[dict[str, list[int]]]]] = field(default_factory=dict)

    def frozen(self, row: Mapping[str, str], name: str) -> bool:
        """Say whether a number is shown that a row counts in because of its category in a column."""
        dimensions = self.system.dimensions

        def covers(axis: str, node: str) -> Sequence[str]:
            known: Sequence[str] = dimensions[axis].covers(node)
            return known

        return any(one.holds(row, name, covers) for one in self.measured)

    def cannot_be(self, row: Mapping[str, str], name: str) -> bool:
        """Say whether a row with its category in a column stands where everybody knows that nobody can."""
        if name not in self._excluded:
            covers = {axis: one.covers for axis, one in self.system.dimensions.items()}
            keys = [
                key
                for key in self.system.impossible
                if name in dict(key) and dict(key).keys() <= covers.keys()
            ]
            self._excluded[name] = [
                {axis: frozenset(covers[axis](node)) for axis, node in key} for key in keys
            ]
        return any(all(row[axis] in leaves for axis, leaves in key.items()) for key in self._excluded[name])

    def cells(self, row: Mapping[str, str], name: str = "") -> Cells:
        """Return the cells that a row is counted in, of the tables by a column if one is named."""
        found: Cells = Counter()
        for table in self._tables(name):
            for place in self._places(table, row):
                found[place] = 1
        return found

    def _tables(self, name: str) -> list[Table]:
        if name not in self._by:
            self._by[name] = [table for table in self.system.tables if not name or name in table.scope]
        return self._by[name]

    def _places(self, table: Table, row: Mapping[str, str]) -> list[int]:
        dimensions = self.system.dimensions
        if any(row[name] not in dimensions[name].covers(node) for name, node in table.where):
            return []
        if table.name not in self._layouts:
            self._layouts[table.name] = (self.system.cells_of(table), _positions(table, dimensions))
        layout, positions = self._layouts[table.name]
        axes = [found[row[name]] for name, found in zip(table.dimensions, positions, strict=True)]
        places: list[int] = layout[np.ix_(*axes)].ravel().tolist()
        return places


def _positions(table: Table, dimensions: Mapping[str, Any]) -> list[dict[str, list[int]]]:
    """Return, for each axis of a table, the places of the nodes that each category is counted in."""
    found: list[dict[str, list[int]]] = []
    for name in table.dimensions:
        at: dict[str, list[int]] = {leaf: [] for leaf in dimensions[name].leaves}
        for place, node in enumerate(table.nodes(dimensions[name])):
            for leaf in dimensions[name].covers(node):
                at[leaf].append(place)
        found.append(at)
    return found


def exchanged(base: Base, columns: Mapping[str, Sequence[str]], source: np.random.Generator) -> pd.DataFrame:
    """Return exchanges of categories between rows that no released cell notices.

    Parameters
    ----------
    base
        What was counted.
    columns
        Columns that may be changed, each with the categories that may be set.
    source
        Random numbers.

    Returns
    -------
    DataFrame
        One row a change, in order: ``dimension``, ``row`` (its place), ``category`` (the one it has then).
    """
    every = [name for name in base.rows.columns if name in base.system.dimensions]
    rows: list[dict[str, str]] = base.rows[every].astype(str).to_dict("records")  # type: ignore[assignment]
    names = [name for name in every if len(columns.get(name, ())) > 1]
    now, made = base.system.count.astype(int).copy(), []
    touched = [at for at, row in enumerate(rows) if any(base.hidden[place] for place in base.cells(row))]
    for _ in range(PROPOSALS if touched and names else 0):
        name = names[int(source.integers(len(names)))]
        one = touched[source.integers(len(touched))]
        leaves = columns[name]
        if base.frozen(rows[one], name):
            continue
        after = {one: {**rows[one], name: leaves[int(source.integers(len(leaves)))]}}
        if source.integers(2) and rows[one][name] in leaves:
            chosen = [touched[at] for at in source.integers(len(touched), size=LOOKED_AT)]
            other = _partner(rows, one, after[one], name, chosen)
            after[other] = {**rows[other], name: rows[one][name]}
        if any(base.frozen(row, name) or base.frozen(rows[at], name) for at, row in after.items()):
            continue
        if any(base.cannot_be(row, name) for row in after.values()):
            continue
        change: Cells = Counter()
        for at, row in after.items():
            change.update(base.cells(row, name))
            change.subtract(base.cells(rows[at], name))
        if not _unnoticed(base, now, change):
            continue
        for place, number in change.items():
            now[place] += number
        for at, row in after.items():
            rows[at] = row
            made.append({"dimension": name, "row": at, "category": row[name]})
    return pd.DataFrame(made, columns=["dimension", "row", "category"])


def _partner(
    rows: list[dict[str, str]], one: int, wanted: dict[str, str], name: str, chosen: list[int]
) -> int:
    """Return a row that has the wanted category and is otherwise as like as one of those chosen can be."""
    fits = [at for at in chosen if rows[at][name] == wanted[name] and at != one]
    return min(fits, key=lambda at: _differences(rows[at], wanted), default=chosen[0])


def _differences(row: dict[str, str], other: dict[str, str]) -> int:
    return sum(row[name] != other[name] for name in row)


def _unnoticed(base: Base, now: Any, change: Cells) -> bool:
    return any(change.values()) and all(
        number == 0 or (base.hidden[place] and now[place] + number >= 0) for place, number in change.items()
    )
