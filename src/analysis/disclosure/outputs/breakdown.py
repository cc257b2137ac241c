"""How one output breaks its base down: axes, the part that it is about, and the cells that this takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.population import EVERYONE, KNOWN, NOT_KNOWN, Population, Where, kinds_of_unknown
from analysis.disclosure.tables import MOST_DIMENSIONS, TOTAL, Key, Table, make_key
from analysis.errors import UsageError

UNKNOWN: Final = "Unknown, of any kind"
"""What the kinds of unknown are called together; none of them is ever "no"."""

Groups = Mapping[str, Mapping[str, Sequence[str]]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Breakdown:
    """The axes of one output, and the part of the base that it is about.

    Attributes
    ----------
    axes
        Dimensions, in order; none for one number of everyone.
    nodes
        Categories shown by axis, without the total. Together they cover everyone.
    part
        Dimension to the node that the output is about, and the node of everyone else.
    """

    axes: tuple[str, ...]
    nodes: Mapping[str, tuple[str, ...]]
    part: Mapping[str, tuple[str, str]]

    @property
    def whole(self) -> Breakdown:
        """The same, whether or not the number is known that the output is of."""
        part = {name: both for name, both in self.part.items() if both[0] != KNOWN}
        return self if len(part) == len(self.part) else replace(self, part=part)

    @property
    def others(self) -> tuple[Breakdown, ...]:
        """The same of everyone else, part by part: what a reader of the whole gets by subtraction."""
        parts = {name: both for name, both in self.part.items() if both[0] != KNOWN}
        return tuple(replace(self, part={**self.part, name: both[::-1]}) for name, both in parts.items())

    def table(self, base: str, name: str, told: Mapping[str, tuple[str, ...]] | None = None) -> Table:
        """Return the table of counts that the output takes.

        It has the cells of everyone else too, since a reader subtracts the part from the whole: that all of a
        group were refused is told by the refused and the whole alone (class disclosure; Hundepool and others,
        2012, section 5.2: group disclosure). They are counted and not printed.

        Parameters
        ----------
        base, name
            Of the table.
        told
            Nodes of an axis that the output prints, where these are not all.
        """
        if not self.axes and not self.part:
            return Table(name, base, (EVERYONE,), levels={EVERYONE: (TOTAL,)})
        part = {one: (KNOWN, TOTAL) if both[0] == KNOWN else both[:1] for one, both in self.part.items()}
        shown = {**part, **(told or {})}
        return Table(name, base, (*self.axes, *self.part), levels=self.levels(), told=shown)

    def levels(self) -> dict[str, tuple[str, ...]]:
        """Return the nodes that its table has, by dimension."""
        sides = {dimension: (*both, TOTAL) for dimension, both in self.part.items()}
        return {axis: (*self.nodes[axis], TOTAL) for axis in self.axes} | sides

    def key(self, at: Mapping[str, str]) -> Key:
        """Return the key, among the cells of the base, of a combination of categories of the axes."""
        return make_key([*at.items(), *((name, node) for name, (node, _) in self.part.items())])

    def cells(self, *, totals: bool = True) -> Iterator[dict[str, str]]:
        """Yield every combination of categories, in order, with the totals of each axis last."""
        ends = (TOTAL,) if totals else ()
        for nodes in product(*((*self.nodes[axis], *ends) for axis in self.axes)):
            yield dict(zip(self.axes, nodes, strict=True))

    def rows(self, population: Population, at: Mapping[str, str]) -> Bools:
        """Say which rows of the base stand in a combination."""
        found: Bools = np.ones(population.rows, dtype=np.bool_)
        for name, node in self.key(at):
            found &= population.at(name, node)
        return found

    def words(self, base: str) -> str:
        """Return what is broken down by what: ``referrals by sex and outcome``."""
        by = " and ".join(axis.replace("_", " ") for axis in self.axes)
        part = ", ".join(node for node, _ in self.part.values() if node != KNOWN)
        return base + (f" ({part})" if part else "") + (f" by {by}" if by else "")


def breakdown(
    population: Population,
    frame: pd.DataFrame,
    by: Sequence[str],
    *,
    where: Where | None = None,
    groups: Groups | None = None,
    known: str = "",
    apart: Sequence[str] = (),
) -> Breakdown:
    """Declare the dimensions of an output and return how it breaks them down.

    Parameters
    ----------
    population
        The rows of its base.
    frame
        The whole table, with the columns.
    by
        Columns that are its axes.
    where
        Column to the category, or categories, that the output is about.
    groups
        Column to named sets of categories that are shown as one.
    known
        Dimension that says whether the number is known that the output is of; it is then of those alone.
    apart
        Columns whose kinds of unknown are shown one by one; of the others they are one category.

    Raises
    ------
    Lacking
        If the records do not hold a column.
    UsageError
        If a column stands twice, there are too many, or a category is unknown.
    """
    part: dict[str, tuple[str, str]] = {}
    names = [*by, *(where or {}), *([known] if known else [])]
    if len(set(names)) < len(names) or len(names) > MOST_DIMENSIONS:
        raise UsageError(
            "a column stands in it twice, or there are too many",
            where=f"release of {population.base}",
            cure=f"Name at most {MOST_DIMENSIONS} columns, each once, among axes and where.",
        )
    for name in (*by, *(where or {})):
        population.declare(frame, name)
    named = {axis: (groups or {}).get(axis, {}) for axis in by}
    together = {axis: {} if axis in apart else _unknown(population.leaves(axis), named[axis]) for axis in by}
    nodes = {axis: _nodes(population, axis, {**named[axis], **together[axis]}) for axis in by}
    for name, wanted in (where or {}).items():
        part[name] = population.part(name, wanted)
    if known:
        part[known] = (KNOWN, NOT_KNOWN)
    return Breakdown(tuple(by), nodes, part)


def _unknown(leaves: Sequence[str], named: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return the kinds of unknown as one group, if there are several that no group names."""
    taken = {leaf for covered in named.values() for leaf in covered}
    kinds = [leaf for leaf in leaves if leaf in kinds_of_unknown() and leaf not in taken]
    return {UNKNOWN: kinds} if len(kinds) > 1 else {}


def unknown_nodes() -> frozenset[str]:
    """Return every name under which what is not known stands."""
    return kinds_of_unknown() | {UNKNOWN}


def _nodes(population: Population, axis: str, groups: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the categories shown: each group in the place of the first category that it covers."""
    named = {
        leaf: population.group(axis, node, covered) for node, covered in groups.items() for leaf in covered
    }
    return tuple(dict.fromkeys(named.get(leaf, leaf) for leaf in population.leaves(axis)))


def columns(by: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return one column, several or none as a tuple."""
    return () if by is None else (by,) if isinstance(by, str) else tuple(by)
