"""What a reader of several releases can work out: the exact range of a cell, over all tables that fit.

A cell is a box of atoms: some atoms of some dimensions, all atoms of the others. Printed cells are sums over
their boxes, and nothing is negative; that is all a reader knows. The ranges are those of whole-number tables
over the cliques of the dimensions that stand in one table together, behind which a joint table stands (see
`analysis.disclosure.solving.joint`), so they are what a reader with any amount of patience could derive.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.solving.equations import Space, space
from analysis.disclosure.solving.joint import joined
from analysis.disclosure.solving.solver import TOLERANCE, Programme, Solution

Box = tuple[tuple[str, int], ...]
"""Sorted pairs of dimension and its atoms, as bits; dimensions of which all atoms belong are left out."""

DRAWN: Final = 12
"""Tables drawn at random before cells are looked at one by one."""

SEVERAL: Final = 3
"""How many thresholds, or whole numbers, are too many to be worth a closer look."""

ALONE: Final = " "
"""Stands for the dimensions of releases that print totals alone."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


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


class _Linear(Programme):
    """Costs alone change, so the last basis stays feasible, and the primal simplex goes on from it.

    Measured on a year beside its twelve months (1,968 atoms): twenty times as fast as the dual simplex.
    """

    def solve(self) -> Solution | None:
        self._set("simplex_strategy", value=4)
        return super().solve()


class _Rough(Programme):
    """A programme whose first good table of whole numbers is good enough."""

    def solve(self) -> Solution | None:
        self._set("mip_rel_gap", value=0.5)
        self._set("mip_abs_gap", value=1e9)
        return super().solve()


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
        bounds = _bounds(printed)
        scopes = [[name for name, _ in box] for box in (*bounds, *asked) if box] or [[ALONE]]
        self._space: Space = space(joined(scopes, {**sizes, ALONE: 1}), {**sizes, ALONE: 1})
        self._places = {box: place for place, box in enumerate(asked)}
        self._columns = [self._atoms(box) for box in asked]
        self._sums = self._rows_of(self._columns)
        top = max((high for _, high in bounds.values() if high is not None), default=0) + 10 * enough
        self._top = np.full(self._space.width, float(top))
        self._know(bounds)
        self._start()

    def without(self, printed: Iterable[Printed]) -> Reader:
        """Return a reader of fewer releases: the cells given are all that is printed in them.

        The tables found so far fit it too, so that nothing is found out twice.
        """
        fewer = copy(self)
        fewer._know(_bounds(printed))  # noqa: SLF001  its own kind
        fewer._widen(self._fitting)  # noqa: SLF001
        return fewer

    def _know(self, bounds: Mapping[Box, tuple[int, int | None]]) -> None:
        """Begin with what is printed, and with nothing found out."""
        self._matrix, self._rows = self._equations(bounds)
        self._linear: Programme = self._programme(_Linear)
        self._whole: Programme | None = None
        self._low = np.full(len(self._columns), math.inf)
        self._high = np.full(len(self._columns), -math.inf)
        self._least_seen, self._most_seen = self._low.copy(), self._high.copy()
        self._shaken = False
        self._known: dict[tuple[Box, int, bool], tuple[int, int]] = {}

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
        place = self._places[box]
        columns = self._columns[place]
        if full or self._low[place] > 0:
            self._low[place] = self._least(columns, 0.0 if full else below)
        if full or self._high[place] < below > self._low[place]:
            self._high[place] = self._most(columns, math.inf if full else below)
        return int(self._low[place]), int(min(self._high[place], self._top[0]))

    def bounds(self, box: Box) -> tuple[int, int]:
        """Return what a cell lies between, quickly: no less than its range, and mostly the same."""
        columns = self._columns[self._places[box]]
        low = self._solve(self._linear, columns, np.ones(len(columns))).objective
        high = -self._solve(self._linear, columns, -np.ones(len(columns))).objective
        return math.ceil(low - TOLERANCE), math.floor(min(high, self._top[0]) + TOLERANCE)

    def settled(self, box: Box, *, below: int) -> bool:
        """Say whether tables were found in which a cell is none, and in which it reaches the threshold."""
        place = self._places[box]
        return bool(self._low[place] <= 0 and self._high[place] >= below)

    def settle(self, boxes: Iterable[Box], *, below: int) -> None:
        """Show of as many cells as possible at once that they may be none and may reach the threshold.

        Each time, one table is drawn that makes those cells small that are not yet known to be none, and
        those large that are not yet known to reach it. What stays open is found out by `range`.
        """
        places = np.array([self._places[box] for box in boxes], dtype=np.int64)
        chance, rough = np.random.default_rng(0), None
        for _ in range(DRAWN):
            low, high = self._low[places], self._high[places]
            small, large = places[(low > 0) & (low < SEVERAL * below)], places[high < below]
            if len(small) + len(large) < DRAWN:
                return
            pull = np.zeros(len(self._low))
            pull[small] += chance.uniform(0.5, 1.5, len(small))
            pull[large] -= chance.uniform(0.5, 1.5, len(large))
            every, cost = np.arange(self._space.width), self._sums.T @ pull
            found = self._solve(self._linear, every, cost)
            if not found.whole:
                rough = rough or self._programme(_Rough)
                self._solve(rough, every, cost)
            settled = (self._low[small] <= 0).sum() + (self._high[large] >= below).sum()
            if settled < (len(small) + len(large)) / DRAWN:
                return

    def constant(self, box: Box) -> int | None:
        """Return what a cell is, if every table that fits agrees on it; a few soon show most that do not."""
        place = self._places[box]
        self._shake()
        few = math.floor(self._most_seen[place]) - math.ceil(self._least_seen[place]) <= SEVERAL
        if self._low[place] < self._high[place] or not few:
            return None
        low, high = self.range(box, below=0, full=True)
        return low if low == high else None

    def _shake(self) -> None:
        """Find some more tables that fit, far from one another, once."""
        if self._shaken:
            return
        self._shaken = True
        chance, every = np.random.default_rng(0), np.arange(self._space.width)
        for _ in range(DRAWN):
            self._solve(self._linear, every, chance.normal(size=len(every)))

    def _least(self, columns: Ints, harmless: float) -> float:
        """Return the least sum of some columns, or a lower bound that is at or above a harmless one."""
        found = self._solve(self._linear, columns, np.ones(len(columns)))
        bound = math.ceil(found.objective - TOLERANCE)
        if found.whole or bound >= harmless > 0:
            return bound
        return round(self._solve(self._integer(), columns, np.ones(len(columns))).objective)

    def _most(self, columns: Ints, harmless: float) -> float:
        """Return the greatest sum of some columns, or an upper bound that is below a harmless one."""
        found = self._solve(self._linear, columns, -np.ones(len(columns)))
        bound = math.floor(-found.objective + TOLERANCE)
        if found.whole or bound < harmless < math.inf:
            return bound
        return round(-self._solve(self._integer(), columns, -np.ones(len(columns))).objective)

    def _solve(self, programme: Programme, columns: Ints, cost: Floats) -> Solution:
        programme.costs(columns, cost)
        found = programme.solve()
        programme.costs(columns, np.zeros(len(columns)))
        if found is None:
            raise Contradiction
        self._note(found)
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
        self._note(found)
        self._widen(found)

    def _widen(self, found: Solution) -> None:
        """Let a table that fits show of all cells at once what they can be."""
        self._fitting = found
        values = self._sums @ np.rint(found.values)
        self._low, self._high = np.minimum(self._low, values), np.maximum(self._high, values)

    def _note(self, found: Solution) -> None:
        """Keep what cells are in a table that fits but for its fractions."""
        values = self._sums @ found.values
        self._least_seen = np.minimum(self._least_seen, values)
        self._most_seen = np.maximum(self._most_seen, values)

    def _integer(self) -> Programme:
        if self._whole is None:
            self._whole = self._programme(Programme)
        return self._whole

    def _programme(self, kind: type[Programme]) -> Programme:
        bounds = (np.zeros(self._space.width), self._top)
        return kind(self._matrix, self._rows, bounds, whole=kind is not _Linear)

    def _equations(self, bounds: Mapping[Box, tuple[int, int | None]]) -> tuple[Any, tuple[Any, Any]]:
        known = [(box, low, high) for box, (low, high) in bounds.items() if high is not None]
        sums = self._rows_of([self._atoms(box) for box, _, _ in known])
        agree = self._space.agreement()
        low = np.concatenate([[low for _, low, _ in known], np.zeros(agree.shape[0])])
        high = np.concatenate([[high for _, _, high in known], np.zeros(agree.shape[0])])
        return sparse.vstack([sums, agree]), (low, high)

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
