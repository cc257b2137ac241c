"""The least-cost alternative table for one demand, and the limit beyond which none goes.

References
----------
Kelly JP, Golden BL, Assad AA (1992). Cell suppression: disclosure protection for sensitive tabular data.
Networks 22, 397-417 (complements from the least-cost change of a linear programme). Fischetti M, Salazar JJ
(2001). Management Science 47, 1008-1027, section 4 (capacity constraints from the attacker's programmes).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.solving.cubes import Cubes
from analysis.disclosure.solving.demands import Demand, Demands
from analysis.disclosure.solving.solver import INFINITY, TOLERANCE, Programme, Solution
from analysis.disclosure.solving.vertices import rounded
from analysis.disclosure.solving.wanted import UP

HIDDEN_COST: Final = 1.0
"""What touching a cell that is hidden already costs: enough to leave alone what need not move."""
LARGE: Final = 400
"""Columns of a single table from which on cubes are tried first, and alone say what may be shown again."""
MANY: Final = 300
"""Sensitive cells from which on one clique alone does what it can, where there are several."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
_NONE: Final = np.zeros(0, dtype=np.int64)


class _Changes(Programme):
    """Programmes over changes: columns from minus the truth, rows for cells that must not change freely.

    A sensitive cell of one column has no row of its own: bounds of the column serve. All columns but the
    chosen ones stay as they are.
    """

    def __init__(self, demands: Demands, chosen: Ints, *, whole: bool, extra: int = 0) -> None:
        behind = demands.behind
        chosen = chosen[~behind.never[chosen]]
        self.demands, self.chosen = demands, chosen
        cells, agree = behind.cells[:, chosen], behind.agree[:, chosen]
        size = np.diff(cells.indptr)
        single = demands.free & (size == 1)
        self._column = np.full(len(single), -1)
        self._column[single] = cells.indices[cells.indptr[:-1][single]]
        rows = np.flatnonzero(~single & (size > 0))
        self._row = np.full(len(single), -1)
        self._row[rows] = np.arange(len(rows))
        kept = np.flatnonzero(np.diff(agree.indptr))
        room = np.where(demands.free[rows], INFINITY, 0.0)
        limits = (
            np.concatenate([-room, behind.low[kept]]),
            np.concatenate([room, behind.high[kept]]),
        )
        self.floor = -behind.truth[chosen].astype(np.float64)
        self._ceiling = np.full(len(chosen), INFINITY)
        self._cells = cells
        matrix = sparse.vstack([cells[rows], agree[kept]])
        if extra:
            matrix = sparse.hstack([matrix, self._slack(extra, matrix.shape[0])])
        self._least, self._most = self.floor.copy(), self._ceiling.copy()
        low = np.concatenate([self.floor, np.zeros(extra)])
        high = np.concatenate([self._ceiling, np.full(extra, INFINITY)])
        super().__init__(matrix, limits, (low, high), whole=whole)

    def _slack(self, extra: int, height: int) -> Any:
        raise NotImplementedError

    def limit(self, cells: Ints | Sequence[int], low: float, high: float) -> None:
        """Bound how sensitive cells change."""
        chosen = np.asarray(cells, dtype=np.int64)
        columns = self._column[chosen]
        alone = np.unique(columns[columns >= 0])
        if len(alone):
            self._least[alone] = np.maximum(self.floor[alone], low)
            self._most[alone] = np.minimum(self._ceiling[alone], high)
            self.bound(alone, self._least[alone], self._most[alone])
        rows = self._row[chosen[columns < 0]]
        rows = rows[rows >= 0]
        if len(rows):
            self.bound_rows(rows, np.full(len(rows), low), np.full(len(rows), high))

    def change(self, found: Solution) -> Ints:
        """Return a solution as a change of all columns."""
        change = np.zeros(self.demands.behind.width, dtype=np.int64)
        change[self.chosen] = np.rint(found.values[: len(self.chosen)])
        return change

    def under(self, demand: Demand, *, reach: bool = True, whole: bool = False) -> Solution | None:
        """Solve with a demand in force, or with only its knower's cells fixed; then lift it again.

        If columns should be whole numbers and are not, they are rounded as far as that leads.
        """
        cell, low, high = self.demands.change(demand)
        known = np.flatnonzero(self.demands.known[demand[2]])
        if len(known):
            self.limit(known, 0.0, 0.0)
        if reach:
            self.limit([cell], low, high)
        elif demand[1] == UP:
            self.limit([cell], -INFINITY, low)
        found = self.solve()
        self._last = self._prices() if found is not None else None
        if whole and found is not None and not self._is_whole(found):
            values = rounded(self, found, self._least, self._most)
            found = found if values is None else Solution(found.objective, values)
        self.limit([*known, cell], -INFINITY, INFINITY)
        return found

    def _is_whole(self, found: Solution) -> bool:
        values = found.values[: len(self.chosen)]
        return bool(np.abs(values - np.rint(values)).max(initial=0.0) <= TOLERANCE)

    def _prices(self) -> tuple[Floats, Floats] | None:
        return None


class Alternatives(_Changes):
    """Least-cost changes that meet a demand, each cell at a price [price per row that it changes by].

    Parameters
    ----------
    demands
        What is demanded.
    cost
        Of each cell that is not sensitive.
    chosen
        Columns that may change; left out, all.
    """

    def __init__(self, demands: Demands, cost: Any, chosen: Ints | None = None) -> None:
        behind = demands.behind
        columns = np.arange(behind.width) if chosen is None else chosen
        shut = np.ones(len(behind.count), dtype=np.bool_)
        shut[: len(demands.system)] = demands.system.structural
        open_ = ~(demands.free | shut | behind.printed)
        open_ &= np.diff(behind.cells[:, columns].indptr) > 0
        self.candidates = np.flatnonzero(open_)
        self._cost = cost.astype(np.float64)
        super().__init__(demands, columns, whole=False, extra=2 * len(self.candidates))
        self._number = np.full(len(behind.count), -1)
        self._number[self.candidates] = np.arange(len(self.candidates))
        self._hidden = np.zeros(len(demands.system), dtype=np.bool_)
        self.costs(self._slacks(self.candidates), np.tile(self._cost[self.candidates], 2))
        self._exact: _Changes | None = None
        self._cliques: dict[int, Alternatives] = {}
        self._home = np.full(len(behind.count), -1)
        if chosen is None and behind.clique[-1] > 0:
            self._home = behind.clique[behind.cells.indices[behind.cells.indptr[:-1]]]
        self._cubes: Cubes | None = None
        if chosen is None and len(behind.grids) == 1 and behind.width >= LARGE:
            self._cubes = Cubes(demands, self._cost, behind.grids[0])

    def _slack(self, extra: int, height: int) -> Any:
        count = extra // 2
        at = self._row[self.candidates]
        place = np.arange(count)
        values = np.concatenate([-np.ones(count), np.ones(count)])
        where = (np.concatenate([at, at]), np.concatenate([place, count + place]))
        return sparse.csr_array((values, where), shape=(height, extra))

    def _slacks(self, cells: Ints) -> Ints:
        number = self._number[cells]
        number = number[number >= 0]
        return np.concatenate([number, number + len(self.candidates)]) + len(self.chosen)

    def find(self, demand: Demand, hidden: Bools, banned: Sequence[int] = ()) -> Ints | None:
        """Return the least-cost change that meets a demand, or None if there is none.

        Where one clique can meet it by itself with hidden cells alone, the others are left alone; where many
        cells are sensitive, also with cells that are not hidden yet.

        Parameters
        ----------
        demand
            What it must meet.
        hidden
            Cells that cost next to nothing, because they are hidden already.
        banned
            Cells that it must leave alone; if there are any, it touches hidden cells alone.
        """
        if self._cubes is not None:
            change = self._cubes.find(demand, hidden, banned)
            if change is not None or banned:
                return change
        near = self._near(demand)
        if near is not None:
            change = near.find(demand, hidden, banned)
            free = change is not None and not touched(self.demands, change, hidden).size
            if free or (len(self.demands.cells) >= MANY and (banned or change is not None)):
                return change
        self._price(hidden)
        shut = self._slacks(self.candidates[~hidden[self.candidates]] if len(banned) else _NONE)
        self.bound(shut, np.zeros(len(shut)), np.zeros(len(shut)))
        found = self.under(demand, whole=True)
        self.bound(shut, np.zeros(len(shut)), np.full(len(shut), INFINITY))
        if found is None:
            return None
        if self._is_whole(found):
            return self.change(found)
        if len(banned):
            return self.whole(demand, hidden)
        near_by = np.abs(self._cells @ found.values[: len(self.chosen)]) > TOLERANCE
        change = self.whole(demand, hidden | near_by[: len(hidden)])
        return self.whole(demand, np.ones(len(hidden), dtype=np.bool_)) if change is None else change

    @property
    def heavy(self) -> int:
        """Programmes in whole numbers solved so far."""
        return 0 if self._exact is None else self._exact.solved

    def whole(self, demand: Demand, hidden: Bools) -> Ints | None:
        """Return a whole-number change that meets a demand and touches hidden cells alone, or None."""
        if self._exact is None:
            self._exact = _Changes(self.demands, self.chosen, whole=True)
        exact = self._exact
        opened = self.candidates[hidden[self.candidates]]
        exact.limit(opened, -INFINITY, INFINITY)
        found = exact.under(demand)
        exact.limit(opened, 0.0, 0.0)
        return None if found is None else self.change(found)

    def _near(self, demand: Demand) -> Alternatives | None:
        """Return the programmes of the clique in which a demand's cell is counted, if there are several."""
        home = int(self._home[self.demands.cells[demand[0]]])
        if home < 0:
            return None
        if home not in self._cliques:
            chosen = np.flatnonzero(self.demands.behind.clique == home)
            self._cliques[home] = Alternatives(self.demands, self._cost, chosen)
        return self._cliques[home]

    def _price(self, hidden: Bools) -> None:
        turned = self.candidates[hidden[self.candidates] != self._hidden[self.candidates]]
        if len(turned):
            cost = np.where(hidden[turned], HIDDEN_COST, self._cost[turned])
            self.costs(self._slacks(turned), np.tile(cost, 2))
            self._hidden = hidden.copy()


def touched(demands: Demands, change: Ints, hidden: Bools) -> Ints:
    """Return the cells that a change touches though they are not hidden."""
    by = (demands.behind.cells @ change)[: len(hidden)]
    return np.flatnonzero((np.abs(by) > 0.5) & ~hidden)


class Limits(_Changes):
    """How far the attacker's range of a cell goes while some cells are printed, and which ones stop it."""

    def __init__(self, demands: Demands, candidates: Ints) -> None:
        super().__init__(demands, np.arange(demands.behind.width), whole=False)
        self.candidates = candidates
        self._room = demands.behind.count[candidates].astype(np.float64)

    def probe(self, demand: Demand, hidden: Bools) -> tuple[Floats | None, Ints | None]:
        """Push a cell as far as the printed cells allow.

        Returns
        -------
        capacity, change
            If it falls short of the demand: what each candidate would add if hidden, as a share of what is
            missing, so that hidden cells must come to 1 (a capacity constraint). Else None, and a change
            that meets the demand if it is whole.
        """
        shown = ~hidden[self.candidates]
        found, need = self._pushed(demand, np.where(shown, 0.0, INFINITY), np.where(shown, 0.0, INFINITY))
        if -found.objective >= need - TOLERANCE:
            return None, self.change(found) if found.whole else None
        return self._capacity(demand, need), None

    def partly(self, demand: Demand, share: Floats) -> Floats | None:
        """Push a cell as far as cells that are hidden in part allow; return a constraint as `probe` does.

        Parameters
        ----------
        demand
            What must be met.
        share
            How far each candidate is hidden [0 to 1].
        """
        missing = self.demands.change(demand)[1]
        need = missing if demand[1] == UP else -missing
        if need <= 0:
            return None
        whole = share >= 1
        down = np.where(whole, INFINITY, np.minimum(self._room, need) * share)
        found, _ = self._pushed(demand, down, np.where(whole, INFINITY, need * share))
        return None if -found.objective >= need - TOLERANCE else self._capacity(demand, need)

    def _pushed(self, demand: Demand, down: Floats, up: Floats) -> tuple[Solution, float]:
        """Solve with how far each candidate may fall and rise; return the solution and what is needed."""
        cell, low, _ = self.demands.change(demand)
        self.bound_rows(self._row[self.candidates], -down, up)
        cells = self._cells
        columns = cells.indices[cells.indptr[cell] : cells.indptr[cell + 1]]
        self.costs(columns, np.full(len(columns), -1.0 if demand[1] == UP else 1.0))
        found = self.under(demand, reach=False)
        self.costs(columns, np.zeros(len(columns)))
        assert found is not None  # the truth itself is a table that fits
        return found, abs(low)

    def _capacity(self, demand: Demand, need: float) -> Floats:
        assert self._last is not None  # the last programme was solved
        prices, reduced = self._last
        price = prices[self._row[self.candidates]]
        floor = self.floor.copy()
        held = self._column[self.demands.known[demand[2]]]
        floor[held[held >= 0]] = 0.0
        given = float(reduced @ -floor)
        missing = need - given
        up = np.where(price < -TOLERANCE, missing, 0.0)
        down = np.where(price > TOLERANCE, price * self._room, 0.0)
        capacity: Floats = np.minimum(up + down, missing) / missing
        return capacity

    def _prices(self) -> tuple[Floats, Floats] | None:
        found = self._highs.getSolution()
        return np.array(found.row_dual), np.array(found.col_dual)


class Blurred(_Changes):
    """Changes that fit rounded numbers in print: each cell stays less than the base away from its number."""

    def __init__(self, demands: Demands, candidates: Ints) -> None:
        every = np.arange(demands.behind.width)
        super().__init__(demands, every, whole=False)
        self._whole_numbers = _Changes(demands, every, whole=True)
        self._candidates = candidates

    def print(self, printed: Ints, hidden: Bools, slack: Ints) -> None:
        """Put numbers in print, each with how far from it the cell may be [rows]."""
        cells = self._candidates
        off = (printed - self.demands.behind.count[: len(printed)])[cells].astype(np.float64)
        low = np.where(hidden[cells], -INFINITY, off - slack[cells])
        high = np.where(hidden[cells], INFINITY, off + slack[cells])
        for programme in (self, self._whole_numbers):
            programme.bound_rows(programme._row[cells], low, high)  # noqa: SLF001  one of its own kind

    def find(self, demand: Demand) -> Ints | None:
        """Return a change that meets a demand, or None if none fits what is printed.

        In a large system one in fractions of rows counts as none: more is hidden then, never less.
        """
        found = self.under(demand)
        if found is not None and not found.whole:
            found = self._whole_numbers.under(demand) if len(self.chosen) < LARGE else None
        return None if found is None else self.change(found)
