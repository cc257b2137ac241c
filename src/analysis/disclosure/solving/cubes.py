"""Hypercubes: alternatives in large tables found by adding up slices, without a programme.

In a table with its totals, a row more in a cell and every other corner of a cube, a row less in the corners
between, changes nothing outside the cube; a corner may be a total. All cubes through a cell are priced at
once. Where the best one does not hold enough rows, the next is added to it.

References
----------
Giessing S, Repsilber D (2002). Tools and strategies to protect multiple tables with the GHQUAR cell
suppression engine. In Domingo-Ferrer J (ed), Inference control in statistical databases. Springer, 181-192.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, Final

import numpy as np

from analysis.disclosure.solving.demands import Demand, Demands
from analysis.disclosure.solving.wanted import DOWN

MOST: Final = 12
"""Cubes added up for one demand."""
TOUCHED, ALONE, UNSEEN = 0.01, 0.05, 0.001
"""Price of a corner that is hidden, one that a survivor knows alone, and one in no table."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


class Cubes:
    """Cubes in the table of one clique.

    Parameters
    ----------
    demands
        What is demanded.
    cost
        Of each cell that is not sensitive.
    grid
        Column of each combination of atoms, an axis a dimension.
    """

    def __init__(self, demands: Demands, cost: Floats, grid: Ints) -> None:
        self._demands, self._cost, self._grid = demands, cost, grid
        behind = demands.behind
        self._place = _places(behind.cells, grid)
        self._count = _with_totals(behind.truth[grid]).astype(np.float64)
        self._at = {int(cell): at for at, cell in np.ndenumerate(self._place) if cell >= 0}
        shut = behind.printed.copy()
        shut[: len(demands.system)] |= demands.system.structural
        self._shut = shut & ~demands.free
        self._alone = demands.known.any(axis=0)

    def find(self, demand: Demand, hidden: Bools, banned: Sequence[int]) -> Ints | None:
        """Return a cheap change that meets a demand, or None if no cubes add up to one."""
        cell, low, _ = self._demands.change(demand)
        centre = self._at.get(cell)
        if centre is None:
            return None
        sign, left = (-1 if demand[1] == DOWN else 1), abs(low)
        price, count = self._prices(demand, hidden, banned), self._count.copy()
        step = np.zeros(self._grid.shape, dtype=np.int64)
        for _ in range(MOST):
            found = self._best(centre, price, count, sign, left)
            if found is None:
                return None
            corner, rows = found
            for at, way in _corners(centre, corner, self._grid.shape):
                count[at] += sign * way * rows
                price[at] = min(price[at], TOUCHED)
                if all(place < size for place, size in zip(at, self._grid.shape, strict=True)):
                    step[at] += sign * way * rows
            left -= rows
            if left <= 0:
                return self._checked(step)
        return None

    def _prices(self, demand: Demand, hidden: Bools, banned: Sequence[int]) -> Floats:
        demands = self._demands
        price = np.full(len(demands.free) + 1, UNSEEN)
        price[:-1] = np.where(demands.free, TOUCHED, np.inf)
        own = price[: len(hidden)]
        own[:] = np.where(hidden | demands.free[: len(hidden)], TOUCHED, self._cost)
        price[:-1][self._alone] = ALONE
        price[:-1][self._shut | demands.known[demand[2]]] = np.inf
        price[list(banned)] = np.inf
        found: Floats = price[self._place]
        return found

    def _best(
        self, centre: tuple[int, ...], price: Floats, count: Floats, sign: int, left: float
    ) -> tuple[tuple[int, ...], int] | None:
        """Return the opposite corner of the cube that is cheapest for the rows it can move, and these."""
        more, less = count, np.full(count.shape, np.inf)
        for axis, place in enumerate(centre):
            price = price + price.take([place], axis=axis)
            same = np.zeros(count.shape[axis], dtype=np.bool_)
            same[:-1] = place < count.shape[axis] - 1
            flips = same.reshape([-1 if other == axis else 1 for other in range(count.ndim)])
            more, less = (
                np.minimum(more.take([place], axis=axis), np.where(flips, less, more)),
                np.minimum(less.take([place], axis=axis), np.where(flips, more, less)),
            )
        room = np.minimum(less if sign > 0 else more, left)
        for axis, place in enumerate(centre):
            room[(slice(None),) * axis + (place,)] = 0
        score = np.where(room >= 1, price / np.maximum(room, 1), np.inf)
        best = int(np.argmin(score))
        if not np.isfinite(score.flat[best]):
            return None
        return tuple(int(at) for at in np.unravel_index(best, score.shape)), int(room.flat[best])

    def _checked(self, step: Ints) -> Ints | None:
        """Return a step as a change of all columns, if it leaves alone what must stay."""
        behind = self._demands.behind
        change = np.zeros(behind.width, dtype=np.int64)
        np.add.at(change, self._grid.ravel(), step.ravel())
        sums = behind.agree @ change
        fits = (behind.truth + change >= 0).all() and not change[behind.never].any()
        return change if fits and ((sums >= behind.low) & (sums <= behind.high)).all() else None


def _corners(centre: tuple[int, ...], corner: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """Yield the corners of a cube with their signs: they change between two parts, not towards a total."""
    for far in product((False, True), repeat=len(shape)):
        at = tuple(other if way else one for one, other, way in zip(centre, corner, far, strict=True))
        flips = sum(
            way and one < size and other < size
            for one, other, way, size in zip(centre, corner, far, shape, strict=True)
        )
        yield at, (-1) ** flips


def _with_totals(inner: Ints) -> Ints:
    for axis in range(inner.ndim):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    return inner


def _places(cells: Any, grid: Ints) -> Ints:
    """Return the cell at each place of a table with its totals, -1 if none shows it."""
    ends = zip(cells.indptr[:-1], cells.indptr[1:], strict=True)
    known = {np.sort(cells.indices[start:end]).tobytes(): cell for cell, (start, end) in enumerate(ends)}
    place = np.full([size + 1 for size in grid.shape], -1, dtype=np.int64)
    for at in np.ndindex(*place.shape):
        part = grid[
            tuple(slice(None) if one == size else one for one, size in zip(at, grid.shape, strict=True))
        ]
        columns = np.sort(np.asarray(part).ravel()).astype(cells.indices.dtype)
        place[at] = known.get(columns.tobytes(), -1)
    return place
