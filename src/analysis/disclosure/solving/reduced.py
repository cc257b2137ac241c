"""Equations without what is settled: a table that fits, and the atoms in which others can differ from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.solving.knowledge import Knowledge
from analysis.disclosure.solving.solver import INFINITY, Programme
from analysis.errors import DisclosureRefused

MANY: Final = 1_000_000.0

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Reduced:
    """Equations over the atoms that are not settled, as changes from a table that fits.

    Parameters
    ----------
    cells
        Which atoms make each cell [cells × atoms, sparse].
    start
        Each cell in the table that fits; the truth, if the rows hold every dimension.
    here
        Each atom in it.
    rows
        Sums of changes that are limited [sums × atoms, sparse].
    low, high
        By these; 0 where a sum is known exactly.
    """

    cells: Any
    start: Ints
    here: Ints
    rows: Any
    low: Floats
    high: Floats

    @property
    def width(self) -> int:
        """Number of atoms."""
        return len(self.here)

    def atoms(self, cell: int) -> Ints:
        """Return the atoms of a cell that are not settled."""
        found: Ints = self.cells.indices[self.cells.indptr[cell] : self.cells.indptr[cell + 1]]
        return found

    def changed(self, step: Ints) -> Ints:
        """Return how every cell changes when atoms do."""
        found: Ints = np.rint(self.cells @ step).astype(np.int64)
        return found

    def fits(self, step: Ints) -> bool:
        """Say whether the table that is a step away fits all that is known: the proof, in whole numbers."""
        sums = np.rint(self.rows @ step)
        return bool(
            ((self.here + step) >= 0).all() and (sums >= self.low).all() and (sums <= self.high).all()
        )


def reduced(knowledge: Knowledge, count: Ints, *, seconds: float) -> Reduced:
    """Return the equations over atoms that are not settled.

    Parameters
    ----------
    knowledge
        All equations.
    count
        Rows in each cell of the system: a table with them is searched for if the truth is not known.
    seconds
        Longest time for that.

    Raises
    ------
    DisclosureRefused
        If nothing fits: what was printed before contradicts the rows.
    """
    point = knowledge.truth if knowledge.truth is not None else _fitting(knowledge, count, seconds)
    rows, exact = knowledge.rows, knowledge.low == knowledge.high
    free = ~knowledge.empty
    while True:
        left = rows[:, np.flatnonzero(free)]
        single = (np.diff(left.indptr) == 1) & exact
        if not single.any():
            break
        free[np.flatnonzero(free)[np.unique(left[np.flatnonzero(single)].indices)]] = False
    columns = np.flatnonzero(free)
    sums = rows @ point
    low, high = knowledge.low - sums, knowledge.high - sums
    kept = _distinct(left, low, high)
    return Reduced(
        sparse.csr_array(knowledge.cells[:, columns]),
        np.rint(knowledge.cells @ point).astype(np.int64),
        point[columns],
        sparse.csr_array(left[kept]),
        low[kept],
        high[kept],
    )


def _distinct(rows: Any, low: Floats, high: Floats) -> Ints:
    """Return rows that say something, one of those over the same atoms: the narrowest."""
    rows.sort_indices()
    best: dict[bytes, int] = {}
    for place in np.flatnonzero(np.diff(rows.indptr) > 0):
        inside = slice(rows.indptr[place], rows.indptr[place + 1])
        mark = rows.indices[inside].tobytes() + rows.data[inside].tobytes()
        other = best.get(mark)
        if other is None or high[place] - low[place] < high[other] - low[other]:
            best[mark] = int(place)
    return np.array(sorted(best.values()), dtype=np.int64)


def _fitting(knowledge: Knowledge, count: Ints, seconds: float) -> Ints:
    """Return a table with the true cells of the system that fits what was printed before."""
    mine = knowledge.cells[: len(count)]
    matrix = sparse.vstack([mine, knowledge.rows])
    low = np.concatenate([count.astype(np.float64), knowledge.low])
    high = np.concatenate([count.astype(np.float64), knowledge.high])
    width = knowledge.cells.shape[1]
    top = np.where(knowledge.empty, 0.0, INFINITY)
    programme = Programme(matrix, (low, high), (np.zeros(width), top), whole=True, seconds=seconds)
    found = programme.solve()
    if found is None:
        raise DisclosureRefused(
            "what was printed before contradicts the rows",
            where="earlier releases",
            cure="Release from the same data as before, or for other rows.",
        )
    return np.rint(found.values).astype(np.int64)
