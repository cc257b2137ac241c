"""What a reader of several releases can work out: the exact range of a cell, over all tables that fit.

A cell is a box of atoms: some atoms of some dimensions, all atoms of the others. Printed cells are sums over
their boxes, and nothing is negative; that is all a reader knows. The ranges are those of whole-number tables
over the cliques of the dimensions that stand in one table together, behind which a joint table stands (see
`analysis.disclosure.joint`), so they are what a reader with any amount of patience could derive.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.equations import Space, space
from analysis.disclosure.joint import joined
from analysis.disclosure.solver import TOLERANCE, Programme, Solution

Box = tuple[tuple[str, int], ...]
"""Sorted pairs of dimension and its atoms, as bits; dimensions of which all atoms belong are left out."""

SHAKES: Final = 12
"""Tables drawn at random to see which cells are fixed."""

ALONE: Final = " "
"""Stands for the dimensions of releases that print totals alone."""

Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Printed:
    """What a release says of one cell.

    Attributes
    ----------
    box
        The cell.
    low, high
        Least and most it can be by what is printed [rows]; ``high`` is None if nothing is.
    """

    box: Box
    low: int = 0
    high: int | None = None


class Contradiction(Exception):  # what the releases say of each other, not a fault
    """No table fits all that is printed: the data changed between two releases."""


class Reader:
    """Everything that follows from printed cells.

    Parameters
    ----------
    sizes
        Atoms of each dimension.
    printed
        The cells.
    asked
        Cells whose ranges will be wanted; their dimensions must stand together in a printed cell, or in one
        of these.
    enough
        Most that is told apart: a range that reaches it is as good as endless [rows].

    Raises
    ------
    Contradiction
        If nothing fits.
    """

    def __init__(
        self, sizes: Mapping[str, int], printed: Iterable[Printed], asked: Sequence[Box], *, enough: int
    ) -> None:
        self._enough = enough
        bounds = _bounds(printed)
        scopes = [[name for name, _ in box] for box in (*bounds, *asked) if box] or [[ALONE]]
        self._space: Space = space(joined(scopes, {**sizes, ALONE: 1}), {**sizes, ALONE: 1})
        self._columns = {box: self._atoms(box) for box in asked}
        self._bounds = bounds
        top = max((high for _, high in bounds.values() if high is not None), default=0) + 10 * enough
        self._top = np.full(self._space.width, float(top))
        self._matrix, self._rows = self._equations()
        self._linear = self._programme(whole=False)
        self._whole: Programme | None = None
        self._sums = self._indicators(asked)
        self._low = np.full(len(asked), math.inf)
        self._high = np.full(len(asked), -math.inf)
        self._shaken = False
        self._known: dict[tuple[Box, int, bool], tuple[int, int]] = {}
        self._places = {box: place for place, box in enumerate(asked)}
        self._start()

    @property
    def exact(self) -> bool:
        """Whether the joint table behind all tables was taken into account, and not only the tables."""
        return self._space.tree.exact

    def range(self, box: Box, *, below: int, full: bool = False) -> tuple[int, int]:
        """Return the least and the most that a cell can be.

        Parameters
        ----------
        box
            One of those asked for.
        below
            The threshold: once a cell is known to reach it, or to reach down to nothing, that end of the
            range need not be exact [rows].
        full
            Find both ends whatever they are.
        """
        if (box, below, full) not in self._known:
            self._known[box, below, full] = self._range(box, below, full=full)
        return self._known[box, below, full]

    def _range(self, box: Box, below: int, *, full: bool) -> tuple[int, int]:
        place, columns = self._places[box], self._columns[box]
        if full or self._low[place] > 0:
            self._low[place] = self._least(columns, 0.0 if full else below)
        if full or self._high[place] < below:
            self._high[place] = self._most(columns, math.inf if full else below)
        return int(self._low[place]), int(min(self._high[place], self._top[0]))

    def constant(self, box: Box) -> int | None:
        """Return what a cell is, if every table that fits agrees on it; a few soon show most that do not."""
        place = self._places[box]
        self._shake()
        if self._low[place] < self._high[place]:
            return None
        low, high = self.range(box, below=0, full=True)
        return low if low == high else None

    def _shake(self) -> None:
        """Find some more tables that fit, far from one another, once."""
        if self._shaken:
            return
        self._shaken = True
        chance, every = np.random.default_rng(0), np.arange(self._space.width)
        for _ in range(SHAKES):
            self._linear.costs(every, chance.normal(size=len(every)))
            if (found := self._linear.solve()) and found.whole:
                self._widen(found)
        self._linear.costs(every, np.zeros(len(every)))

    def _least(self, columns: Ints, harmless: float) -> float:
        """Return the least sum of some columns, or a lower bound that is at or above a harmless one."""
        found = self._solve(self._linear, columns, 1.0)
        bound = math.ceil(found.objective - TOLERANCE)
        if found.whole or bound >= harmless > 0:
            return bound
        return round(self._solve(self._integer(), columns, 1.0).objective)

    def _most(self, columns: Ints, harmless: float) -> float:
        """Return the greatest sum of some columns, or an upper bound that is below a harmless one."""
        found = self._solve(self._linear, columns, -1.0)
        bound = math.floor(-found.objective + TOLERANCE)
        if found.whole or bound < harmless < math.inf:
            return bound
        return round(-self._solve(self._integer(), columns, -1.0).objective)

    def _solve(self, programme: Programme, columns: Ints, sign: float) -> Solution:
        programme.costs(columns, np.full(len(columns), sign))
        found = programme.solve()
        programme.costs(columns, np.zeros(len(columns)))
        if found is None:
            raise Contradiction
        if found.whole:
            self._widen(found)
        return found

    def _start(self) -> None:
        """Find one table that fits, and prove by it that one does."""
        found = self._linear.solve()
        if found is None:
            raise Contradiction
        if not found.whole:
            found = self._integer().solve()
            if found is None:
                raise Contradiction
        self._widen(found)

    def _widen(self, found: Solution) -> None:
        """Let a table that fits show of all cells at once what they can be."""
        values = self._sums @ np.rint(found.values)
        self._low, self._high = np.minimum(self._low, values), np.maximum(self._high, values)

    def _integer(self) -> Programme:
        if self._whole is None:
            self._whole = self._programme(whole=True)
        return self._whole

    def _programme(self, *, whole: bool) -> Programme:
        zeros = np.zeros(self._space.width)
        return Programme(self._matrix, self._rows, (zeros, self._top), whole=whole)

    def _equations(self) -> tuple[Any, tuple[Any, Any]]:
        known = [(box, low, high) for box, (low, high) in self._bounds.items() if high is not None]
        sums = self._rows_of([self._atoms(box) for box, _, _ in known])
        agree = self._space.agreement()
        low = np.concatenate([[low for _, low, _ in known], np.zeros(agree.shape[0])])
        high = np.concatenate([[high for _, _, high in known], np.zeros(agree.shape[0])])
        return sparse.vstack([sums, agree]), (low, high)

    def _indicators(self, asked: Sequence[Box]) -> Any:
        return self._rows_of([self._columns[box] for box in asked])

    def _rows_of(self, columns: Sequence[Ints]) -> Any:
        """Return a sparse matrix with ones in the columns of each row."""
        starts = np.concatenate([[0], np.cumsum([len(one) for one in columns])]).astype(np.int64)
        places = np.concatenate([np.zeros(0, dtype=np.int64), *columns])
        shape = (len(columns), self._space.width)
        return sparse.csr_array((np.ones(len(places)), places, starts), shape=shape)

    def _atoms(self, box: Box) -> Ints:
        inside = {name: np.array(bits(mask), dtype=np.int64) for name, mask in box}
        return self._space.atoms(self._space.home(inside), inside)


def bits(mask: int) -> list[int]:
    """Return the places of the bits of a number, lowest first."""
    return [place for place in range(mask.bit_length()) if mask >> place & 1]


def _bounds(printed: Iterable[Printed]) -> dict[Box, tuple[int, int | None]]:
    """Return the narrowest that is printed of each cell."""
    found: dict[Box, tuple[int, int | None]] = {}
    for one in printed:
        low, high = found.get(one.box, (0, None))
        high = one.high if high is None else high if one.high is None else min(high, one.high)
        found[one.box] = (max(low, one.low), high)
        if high is not None and found[one.box][0] > high:
            raise Contradiction
    return found
