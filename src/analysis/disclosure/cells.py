"""The linked tables of one base as one system of cells, each with its rows and its distinct survivors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure.tables import (
    TOTAL,
    Dimension,
    Key,
    Table,
    known_nodes,
    lies_within,
    make_key,
    named,
    used_dimensions,
)
from analysis.disclosure.tally import Rows, Tally, layers, owners
from analysis.errors import DataRefused, UsageError, one_of

__all__ = [
    "TOTAL",
    "CellSystem",
    "Dimension",
    "Joint",
    "Key",
    "Table",
    "from_counts",
    "from_frame",
    "make_key",
]

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class Joint:
    """The rows behind the cells, alike ones together: what an attack starts from, and never a reader sees.

    Parameters
    ----------
    codes
        Leaf of each dimension, as a position among its leaves [kinds of row × dimensions].
    weight
        Rows of each kind [whole number].
    owner
        The survivor they belong to if she is the only contributor to some cell, else -1.
    """

    codes: Ints
    weight: Ints
    owner: Ints


@dataclass(frozen=True, eq=False)
class CellSystem:
    """Every cell of every table of one base.

    Parameters
    ----------
    base
        The population of rows.
    dimensions
        Those that the tables and the impossible combinations use.
    tables
        In the order of the report.
    keys
        Every cell once, sorted; the cell of everyone is the empty key.
    count
        Rows [whole number per cell].
    people
        Distinct survivors [whole number per cell].
    structural
        Cells declared impossible, which everyone knows to be 0.
    owner
        The survivor who alone contributes to the cell, else -1. Numbers say only which cells share one.
    joint
        The rows behind the cells, over ``dimensions`` in order.
    impossible
        Combinations declared impossible, shown in a table or not.
    area, start, end
        Atoms of area and the days, inclusive, that the base covers; empty if every release covers the same.
    """

    base: str
    dimensions: Mapping[str, Dimension]
    tables: tuple[Table, ...]
    keys: tuple[Key, ...]
    count: Ints
    people: Ints
    structural: Bools
    owner: Ints
    joint: Joint
    impossible: tuple[Key, ...] = ()
    area: tuple[str, ...] = ()
    start: str = ""
    end: str = ""

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def _places(self) -> dict[Key, int]:
        return {key: place for place, key in enumerate(self.keys)}

    def index(self, key: Iterable[tuple[str, str]]) -> int:
        """Return the place of a cell in ``keys`` and in every array; order and totals do not matter.

        Raises
        ------
        UsageError
            If no table shows the cell.
        """
        place = self._places.get(make_key(key))
        if place is None:
            cure = "Declare a table that shows it."
            raise UsageError("no table shows this cell", where=f"cells of {self.base}", cure=cure)
        return place

    def table(self, name: str) -> Table:
        """Return a table by its name.

        Raises
        ------
        UsageError
            If there is none.
        """
        by_name = {table.name: table for table in self.tables}
        if name not in by_name:
            cure = one_of(name, by_name)
            raise UsageError(f'there is no table "{name}"', where=f"cells of {self.base}", cure=cure)
        return by_name[name]

    def cells_of(self, table: Table | str) -> Ints:
        """Return the places of a table's cells in its own layout.

        Returns
        -------
        ndarray of int
            One axis a dimension of the table, in its order, along the nodes that it shows.
        """
        asked = self.table(table) if isinstance(table, str) else table
        axes = {name: asked.nodes(self.dimensions[name]) for name in asked.dimensions}
        pairs = product(*([(name, node) for node in axis] for name, axis in axes.items()))
        places = [self.index((*asked.where, *pair)) for pair in pairs]
        return np.array(places, dtype=np.int64).reshape([len(axis) for axis in axes.values()])

    @cached_property
    def silent(self) -> Bools:
        """Cells that no table prints: they are counted because they must not be worked out."""
        found = np.ones(len(self), dtype=np.bool_)
        for table in self.tables:
            axes = [(name, table.nodes(self.dimensions[name])) for name in table.dimensions]
            told = [np.isin(nodes, table.told.get(name, nodes)) for name, nodes in axes]
            found[self.cells_of(table)[np.ix_(*told)].ravel()] = False
        return found

    def sensitive(self, threshold: int) -> Bools:
        """Return the cells that must be hidden: fewer survivors than the threshold, and not impossible.

        Zeros are among them: they hide under the same marker, so that a marker does not say "at least one"
        (Hundepool and others, 2012, Statistical Disclosure Control, Wiley, section 4.2.3).
        """
        found: Bools = (self.people < threshold) & ~self.structural
        return found


def from_frame(
    frame: pd.DataFrame,
    base: str,
    dimensions: Iterable[Dimension] | Mapping[str, Dimension],
    tables: Sequence[Table],
    *,
    person: str = "person",
    structural: Iterable[Key] = (),
    area: tuple[str, ...] = (),
    start: str = "",
    end: str = "",
) -> CellSystem:
    """Count rows and distinct survivors in every cell of all tables.

    Parameters
    ----------
    frame
        One row a referral, stay or whatever the base is; a column a dimension, and one that tells survivors
        apart.
    base, dimensions, tables
        What is counted.
    person
        The column that tells survivors apart.
    structural
        Combinations of nodes that cannot occur. A cell that lies within them is impossible.
    area, start, end
        Atoms of area and days that the base covers, if releases may differ in them.

    Returns
    -------
    CellSystem
        The same, whatever the order of the rows and the names of the survivors.

    Raises
    ------
    UsageError
        If a column is absent, or tables and dimensions do not fit together.
    DataRefused
        If a value is missing or not among the leaves, or a row has an impossible combination.
    """
    declared, used, impossible = _declared(base, dimensions, tables, structural)
    for column in (*used, person):
        if column not in frame:
            cure = one_of(column, map(str, frame.columns))
            raise UsageError(f'there is no column "{column}"', where=base, cure=cure)
    codes = np.empty((len(frame), len(used)), dtype=np.int64)
    for place, dimension in enumerate(used.values()):
        codes[:, place] = _codes(frame[dimension.name], dimension, base)
    people = pd.factorize(frame[person])[0].astype(np.int64)
    if (people < 0).any():
        cure = "Every row needs one: give rows whose survivor is not known a value each."
        raise DataRefused(f"{int((people < 0).sum())} rows have no {person}", where=base, cure=cure)
    ones = np.ones(len(frame), dtype=np.int64)
    return _system(base, used, declared, impossible, Rows(codes, ones, people), covered=(area, start, end))


def from_counts(
    base: str,
    dimensions: Iterable[Dimension] | Mapping[str, Dimension],
    tables: Sequence[Table],
    joint: Ints,
    *,
    people: Ints | None = None,
    structural: Iterable[Key] = (),
    area: tuple[str, ...] = (),
    start: str = "",
    end: str = "",
) -> CellSystem:
    """Make the cells of all tables from a table of counts over the leaves of all dimensions.

    Parameters
    ----------
    joint
        Rows [whole number], an axis a dimension as declared, along its leaves.
    people
        Distinct survivors in each of its cells, of whom none stands in two; left out, one a row.
    base, dimensions, tables, structural, area, start, end
        As for `from_frame`.

    Raises
    ------
    UsageError
        If the axes are not the leaves.
    DataRefused
        If a count is negative, survivors are not between 1 and the rows, or an impossible cell is not empty.
    """
    given = named(dimensions)
    counts = np.asarray(joint, dtype=np.int64)
    heads = counts if people is None else np.asarray(people, dtype=np.int64)
    shape = tuple(len(dimension.leaves) for dimension in given.values())
    if counts.shape != shape or heads.shape != shape:
        cure = f"An axis a dimension, along its leaves: {shape}."
        raise UsageError("the counts do not have the shape of the dimensions", where=base, cure=cure)
    if (counts < 0).any() or (heads > counts).any() or ((counts > 0) & (heads < 1)).any():
        cure = "A cell with rows has at least one survivor and at most as many as rows."
        raise DataRefused("rows and survivors do not fit together", where=base, cure=cure)
    declared, used, impossible = _declared(base, given, tables, structural)
    filled = np.argwhere(counts > 0)
    each, rows = heads[counts > 0], counts[counts > 0]
    codes = np.repeat(filled, each, axis=0)[:, [list(given).index(name) for name in used]]
    weight = np.ones(len(codes), dtype=np.int64)
    weight[np.cumsum(each) - 1] += rows - each
    persons = np.arange(len(codes), dtype=np.int64)
    return _system(base, used, declared, impossible, Rows(codes, weight, persons), covered=(area, start, end))


def _declared(
    base: str,
    dimensions: Iterable[Dimension] | Mapping[str, Dimension],
    tables: Sequence[Table],
    structural: Iterable[Key],
) -> tuple[tuple[Table, ...], dict[str, Dimension], tuple[Key, ...]]:
    """Check tables and impossible combinations, and return them with the dimensions used."""
    by_name = named(dimensions)
    if not tables:
        raise UsageError("no table is declared", where=base, cure="Declare at least one.")
    if len({table.name for table in tables}) < len(tables):
        raise UsageError("two tables have one name", where=base, cure="Name each table once.")
    for table in tables:
        where = f"table {table.name}"
        if table.base != base:
            cure = "Tables of one base make one system."
            raise UsageError(f'it counts "{table.base}", not "{base}"', where=where, cure=cure)
        known_nodes(((name, TOTAL) for name in table.dimensions), by_name, where)
        known_nodes(table.where, by_name, where)
        known_nodes(((name, node) for name, nodes in table.levels.items() for node in nodes), by_name, where)
    impossible = tuple(sorted({make_key(key) for key in structural}))
    for key in impossible:
        known_nodes(key, by_name, "impossible combination")
    if () in impossible:
        cure = "Name the categories that cannot stand together."
        raise UsageError("everything is declared impossible", where=base, cure=cure)
    return tuple(tables), used_dimensions(tables, impossible, by_name), impossible


def _codes(column: pd.Series[Any], dimension: Dimension, base: str) -> Ints:
    """Return the position of each row's value among the leaves, and refuse rows that have none."""
    where = f"{base}, {dimension.name}"
    missing = int(column.isna().sum())
    if missing:
        cure = "Map unknown to a category of its own: no row is left out silently."
        raise DataRefused(f"{missing} rows have no value", where=where, cure=cure)
    codes = pd.Index(dimension.leaves).get_indexer(pd.Index(column)).astype(np.int64)
    strangers = int((codes < 0).sum())
    if strangers:
        cure = "Map each value to one of the declared leaves, as text."
        raise DataRefused(f"{strangers} rows have a value that is not declared", where=where, cure=cure)
    return codes


def _system(
    base: str,
    dimensions: dict[str, Dimension],
    tables: tuple[Table, ...],
    impossible: tuple[Key, ...],
    rows: Rows,
    *,
    covered: tuple[tuple[str, ...], str, str],
) -> CellSystem:
    """Count every table's cells, and put the system together."""
    tally = Tally(rows, dimensions)
    for key in impossible:
        if tally.within(key).any():
            cure = "Correct the rows, or the declaration."
            raise DataRefused(
                f"{int(tally.within(key).sum())} rows have a combination declared impossible",
                where=f"{base}, {', '.join(name for name, _ in key)}",
                cure=cure,
            )
    for table in tables:
        split = [layers(dimensions[name], table.nodes(dimensions[name])) for name in table.dimensions]
        for chosen in product(*split):
            tally.add(table.where, dict(zip(table.dimensions, chosen, strict=True)))
    keys = tuple(sorted(tally.cells))
    found = np.array([tally.cells[key] for key in keys], dtype=np.int64)
    owner, kinds = owners(found[:, 2], rows)
    structural = found[:, 0] == 0
    for place in np.flatnonzero(structural):
        structural[place] = lies_within(keys[place], impossible, dimensions)
    return CellSystem(
        base=base,
        dimensions=dimensions,
        tables=tables,
        keys=keys,
        count=found[:, 0].copy(),
        people=found[:, 1].copy(),
        structural=structural,
        owner=owner,
        joint=Joint(*kinds),
        impossible=impossible,
        area=covered[0],
        start=covered[1],
        end=covered[2],
    )
