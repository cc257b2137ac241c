"""Capacity constraints: what every safe choice of complements satisfies, learned from choices that are not.

References
----------
Fischetti M, Salazar JJ (2001). Solving the cell suppression problem on tabular data with linear constraints.
Management Science 47, 1008-1027, section 4 (the attacker's programmes, cells hidden in full or in part).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.solving.alternatives import Alternatives, Limits, touched
from analysis.disclosure.solving.demands import Cover, Demand, Pool
from analysis.disclosure.solving.solver import INFINITY, Programme

BROKEN: Final = 1e-4
"""By how much a constraint must be broken to be worth keeping."""
ENOUGH: Final = 1e-7
HEAVY: Final = 10
"""What a programme in whole numbers counts for, in linear programmes."""

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Constraints:
    """What is known of the choices that meet every demand of a pool.

    Parameters
    ----------
    pool
        Changes found so far.
    alternatives
        The programmes by which they were found.

    Attributes
    ----------
    candidates
        Cells that may be hidden.
    """

    def __init__(self, pool: Pool, alternatives: Alternatives) -> None:
        self.pool, self.alternatives = pool, alternatives
        self.candidates = alternatives.candidates
        self._limits = Limits(pool.demands, alternatives.candidates)
        self._found: list[Floats] = []
        self._table = np.zeros((0, len(self.candidates)))
        self._known: set[bytes] = set()
        self._before = alternatives.heavy

    @property
    def table(self) -> Floats:
        """What each candidate gives if hidden; in each row hidden ones must come to 1 [rows × candidates]."""
        if len(self._table) < len(self._found):
            self._table = np.array(self._found)
        return self._table

    @property
    def spent(self) -> int:
        """Programmes solved so far."""
        return self._limits.solved + HEAVY * (self.alternatives.heavy - self._before)

    def probe(self, demand: Demand, cover: Cover) -> Floats | None:
        """Return a constraint that a choice breaks, or None and a change more that meets the demand."""
        capacity, change = self._limits.probe(demand, cover.hidden)
        if capacity is not None:
            return capacity
        if change is None:
            change = self.alternatives.find(demand, cover.hidden)
            if change is None or touched(self.pool.demands, change, cover.hidden).size:
                change = self.alternatives.whole(demand, cover.hidden)
            if change is None:
                shown: Floats = (~cover.hidden[self.candidates]).astype(np.float64)
                return shown
        self.pool.add(change)
        cover.extend()
        return None

    def keep(self, capacity: Floats) -> bool:
        """Keep a constraint; say whether it is new."""
        mark = np.round(capacity, 6).tobytes()
        if mark in self._known:
            return False
        self._known.add(mark)
        self._found.append(capacity)
        return True

    def relax(self) -> None:
        """Find constraints until no cheaper mixture of cells hidden in part satisfies them."""
        demands = [(int(one[0]), int(one[1]), int(one[2])) for one in np.argwhere(self.pool.demands.open)]
        width = len(self.candidates)
        choice = Programme(
            sparse.csc_array((0, width)),
            (np.zeros(0), np.zeros(0)),
            (np.zeros(width), np.ones(width)),
            cost=self.pool.cost[self.candidates],
        )
        share, active = np.zeros(width), demands
        while active:
            broken = []
            for demand in active:
                capacity = self._limits.partly(demand, share)
                if capacity is not None and capacity @ share < 1 - BROKEN and self.keep(capacity):
                    broken.append(demand)
                    columns = np.flatnonzero(capacity > ENOUGH)
                    choice.add_row(1 - ENOUGH, INFINITY, columns, capacity[columns])
            if not broken and len(active) == len(demands):
                break
            share = _settled(choice) if broken else share
            active = broken or demands


def _settled(choice: Programme) -> Floats:
    found = choice.solve()
    assert found is not None  # everything hidden satisfies all
    values = found.values
    share: Floats = np.where(values < BROKEN, 0.0, np.where(values > 1 - BROKEN, 1.0, values))
    return share
