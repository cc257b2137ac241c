"""What must stay possible of every sensitive cell, and the changes that show it is.

A sensitive cell is safe if some table that fits all that is printed has nobody in it, and another has as
many rows as the threshold: two demands, put again for each survivor who alone contributes to a cell and so
knows it. A change (see `solving.behind`) meets a demand if it brings the cell there and leaves
alone what she knows; it holds as long as every cell that it touches is hidden.

References
----------
Fischetti M, Salazar JJ (2001). Solving the cell suppression problem on tabular data with linear constraints.
Management Science 47, 1008-1027. Hundepool A and others (2012). Statistical Disclosure Control. Wiley,
sections 4.3.2 (ranges) and 4.4.3 (singletons).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.disclosure.cells import CellSystem
from analysis.disclosure.published import Published
from analysis.disclosure.solving.before import least
from analysis.disclosure.solving.behind import Behind
from analysis.disclosure.solving.wanted import DOWN, wanted

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float32]]

Demand = tuple[int, int, int]
"""Number of the cell, side, and knower (0: an outsider)."""


@dataclass(frozen=True, eq=False)
class Demands:
    """Every demand on a system.

    Parameters
    ----------
    system, behind
        The cells, and the table behind them.
    cells
        Places of the cells with demands: sensitive ones, and those that an earlier release hid.
    reach, floor
        What each must be able to reach, and to fall to [rows].
    known
        Cells that each knower knows [1 + knowers × cells]; the first is an outsider and knows none.
    open
        Which demands there are [cells × 2 sides × 1 + knowers].
    free
        Cells that need no price to change: sensitive ones, and those that the system does not have.
    """

    system: CellSystem
    behind: Behind
    cells: Ints
    reach: Ints
    floor: Ints
    known: Bools
    open: Bools
    free: Bools

    def change(self, demand: Demand) -> tuple[int, float, float]:
        """Return the cell of a demand, and the least and most that it must change by."""
        cell = int(self.cells[demand[0]])
        count = float(self.behind.count[cell])
        if demand[1] == DOWN:
            fall = float(self.floor[demand[0]]) - count
            return cell, fall, fall
        return cell, float(self.reach[demand[0]]) - count, np.inf


def demands(system: CellSystem, behind: Behind, threshold: int, earlier: Sequence[Published] = ()) -> Demands:
    """Put the demands of a system, after earlier releases (see `analysis.disclosure.solving.wanted`)."""
    every = len(behind.count)
    found = wanted(system, ~system.structural, threshold=threshold, alone=True)
    found.floor = least(system, found.cells, earlier)
    found.also(system, behind.keys, behind.before)
    free = np.zeros(every, dtype=np.bool_)
    free[found.cells] = True
    return Demands(system, behind, found.cells, found.reach, found.floor, found.known, found.open, free)


class Pool:
    """Changes found so far.

    Attributes
    ----------
    support
        Cells not sensitive that each touches [changes × cells].
    reason
        The demand for which each cell was first hidden: where it is still needed, that one will say so first.
    serve
        Demands of an outsider that each meets [changes × 2 · cells].
    clear
        Knowers whose cells it leaves alone [changes × 1 + knowers].
    """

    def __init__(self, demands: Demands, cost: Ints) -> None:
        self.demands, self.cost = demands, cost.astype(np.float64)
        self.size = 0
        self.reason: dict[int, Demand] = {}
        self._seen: set[bytes] = set()
        self._known = demands.known.astype(np.float32)
        self.support = np.zeros((64, len(demands.system)), dtype=np.bool_)
        self.serve = np.zeros((64, 2 * len(demands.cells)), dtype=np.float32)
        self.clear = np.zeros((64, len(demands.known)), dtype=np.float32)
        self.add(np.zeros(demands.behind.width, dtype=np.int64))

    def add(self, change: Ints) -> bool:
        """Keep a change; say whether it is new."""
        demands = self.demands
        by = np.rint(demands.behind.cells @ change).astype(np.int64)
        mark = by.tobytes()
        if mark in self._seen:
            return False
        self._seen.add(mark)
        if self.size == len(self.support):
            self.support, self.serve, self.clear = map(_doubled, (self.support, self.serve, self.clear))
        after = (demands.behind.count + by)[demands.cells]
        self.support[self.size] = ((by != 0) & ~demands.free)[: len(demands.system)]
        self.serve[self.size] = np.column_stack([after <= demands.floor, after >= demands.reach]).ravel()
        self.clear[self.size] = self._known @ (by != 0) == 0
        self.size += 1
        return True


class Cover:
    """Hidden cells, and how many changes meet each demand under them.

    Attributes
    ----------
    hidden
        Which cells are.
    met
        Number of changes that hold and meet each demand [as `Demands.open`].
    """

    def __init__(self, pool: Pool, hidden: Bools) -> None:
        self.pool, self.hidden = pool, hidden.copy()
        self._size = 0
        self._missing = np.zeros(0, dtype=np.int64)
        self.met = np.zeros(pool.demands.open.shape, dtype=np.float32)
        self.extend()

    def copy(self) -> Cover:
        """Return another that can be changed apart."""
        other = object.__new__(Cover)
        other.pool, other.hidden, other._size = self.pool, self.hidden.copy(), self._size
        other._missing, other.met = self._missing.copy(), self.met.copy()
        return other

    @property
    def cost(self) -> float:
        """What hiding these cells costs; sensitive ones cost nothing."""
        return float(self.pool.cost[self.hidden].sum())

    def extend(self) -> None:
        """Take in the changes that were found since."""
        new = slice(self._size, self.pool.size)
        missing = self.pool.support[new][:, ~self.hidden].sum(axis=1)
        self._missing = np.concatenate([self._missing, missing])
        self.met += self._meets(np.arange(new.start, new.stop)[missing == 0])
        self._size = self.pool.size

    def show(self, cell: int) -> None:
        """Hide a cell no longer."""
        touching = self.pool.support[: self._size, cell]
        self.met -= self._meets(np.flatnonzero(touching & (self._missing == 0)))
        self._missing += touching
        self.hidden[cell] = False

    def hide(self, cells: Iterable[int]) -> None:
        """Hide cells."""
        for cell in cells:
            touching = self.pool.support[: self._size, cell]
            self._missing -= touching
            self.met += self._meets(np.flatnonzero(touching & (self._missing == 0)))
            self.hidden[cell] = True

    def spare(self, cell: int) -> bool:
        """Say whether every demand is known to be met without a cell."""
        lost = np.flatnonzero(self.pool.support[: self._size, cell] & (self._missing == 0))
        left = self.met - self._meets(lost)
        return not (self.pool.demands.open & (left < 0.5)).any()

    def unmet(self) -> Ints:
        """Return the demands that no known change meets, an outsider's first [demands × 3]."""
        lacking = self.pool.demands.open & (self.met < 0.5)
        return np.argwhere(np.moveaxis(lacking, 2, 0))[:, [1, 2, 0]]

    def lacks(self, demand: Demand) -> bool:
        """Say whether no known change meets a demand."""
        return bool(self.pool.demands.open[demand] and self.met[demand] < 0.5)

    def extras(self) -> Ints:
        """Return the hidden cells that are not sensitive, the dearest first."""
        found = np.flatnonzero(self.hidden & (self.pool.cost > 0))
        return found[np.argsort(-self.pool.cost[found], kind="stable")]

    def _meets(self, changes: Ints) -> Floats:
        serve, clear = self.pool.serve[changes], self.pool.clear[changes]
        found: Floats = (serve.T @ clear).reshape(self.met.shape)
        return found


def _doubled(array: Any) -> Any:
    return np.concatenate([array, np.zeros_like(array)])
