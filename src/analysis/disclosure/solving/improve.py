"""Fewer hidden cells: the best choice of complements within a neighbourhood, proven by capacity constraints.

A set of cells is safe only if, for every demand, the hidden ones among the cells that stop the attacker's
programme let enough through. Each constraint found so is kept; the least-cost choice that satisfies all of
them is a bound, and if it meets every demand it is the best there is. Some complements are set free, the
others stay: small problems, solved one after the other.

References
----------
Fischetti M, Salazar JJ (2001). Solving the cell suppression problem on tabular data with linear constraints.
Management Science 47, 1008-1027, sections 3 and 4. Fischetti M, Lodi A (2003). Local branching. Mathematical
Programming 98, 23-47 (neighbourhoods solved exactly).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from analysis.disclosure.solving.constraints import Constraints
from analysis.disclosure.solving.covering import cheapest, least
from analysis.disclosure.solving.demands import Cover

START: Final = 6
"""Complements set free at first."""
WIDER: Final = 4
FAILS: Final = 2
"""Neighbourhoods of one size without success before the next ones are wider."""
NEW_CUTS: Final = 6
PROBES: Final = 15
"""Most constraints and programmes of one look at a choice that is not safe."""
ROUNDS, PATIENCE = 25, 100
"""Most choices that are looked at for one neighbourhood, and for the last one, of all complements."""
CHOICE: Final = 5
"""What a choice counts for, in linear programmes."""
STEPS: Final = 25
"""Steps of a search with proof that count for a choice."""

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


class Improvement:
    """Looks for covers cheaper than given ones; what it learns of the demands serves the next one, too.

    Parameters
    ----------
    constraints
        What is known of the choices that meet every demand; what is learned is added.

    Attributes
    ----------
    proven
        Whether no cover is cheaper than the last one returned.
    """

    def __init__(self, constraints: Constraints) -> None:
        self._constraints, self._pool = constraints, constraints.pool
        self._candidates = constraints.candidates
        self._budget, self.proven, self._settled = 0, False, False
        self._random = np.random.default_rng(0)
        self._chosen = 0

    def run(self, cover: Cover, budget: int) -> Cover:
        """Return the cheapest cover found.

        Parameters
        ----------
        cover
            Meets every demand; changes are of the pool.
        budget
            Most programmes to solve: a number, not a time, so that the result is the same on every machine.
        """
        self._cover, self._budget = cover, self._spent() + budget
        self.proven, size, fails = False, START, 0
        while self._spent() < self._budget:
            free = self._neighbourhood(size)
            everything = len(free) == len(self._cover.extras())
            better = self._best_of(free)
            if better is not None:
                self._cover, fails = better, 0
            elif everything:
                self.proven = self._settled
                break
            else:
                fails += 1
            if fails >= FAILS:
                size, fails = size + WIDER, 0
        return self._cover

    def _spent(self) -> int:
        return self._constraints.spent + CHOICE * self._chosen

    def _neighbourhood(self, size: int) -> Ints:
        """Return complements that stand in changes together with one drawn at random."""
        extras = self._cover.extras()
        if len(extras) <= size:
            return extras
        centre = self._random.choice(extras)
        support = self._pool.support[: self._pool.size]
        near = support[support[:, centre]].sum(axis=0)[extras].astype(float)
        near += self._random.random(len(extras)) * 0.5 * max(1.0, near.max())
        near[extras == centre] = np.inf
        chosen: Ints = extras[np.argsort(-near, kind="stable")[:size]]
        return chosen

    def _best_of(self, free: Ints) -> Cover | None:
        """Return the best cover that keeps all complements but some, if it is cheaper than ours."""
        self._settled = False
        kept = self._cover.hidden.copy()
        kept[free] = False
        everything = len(free) == len(self._cover.extras())
        for _ in range(PATIENCE if everything else ROUNDS):
            choice = self._choice(kept)
            if choice is None or self._spent() >= self._budget:
                return None
            cover = Cover(self._pool, choice)
            safe = self._look(cover)
            if safe is None:
                return None
            if safe:
                for cell in cover.extras():
                    if cover.spare(int(cell)):
                        cover.show(int(cell))
                return cover
        return None

    def _look(self, cover: Cover) -> bool | None:
        """Look for demands that a choice does not meet; None if nothing new is learned of them."""
        refused: set[tuple[int, int, int]] = set()
        found, probes = 0, 0
        while True:
            unmet = [row for row in map(tuple, cover.unmet().tolist()) if row not in refused]
            if not unmet:
                break
            if found >= NEW_CUTS or (found and probes >= PROBES):
                return False
            demand = unmet[int(self._random.integers(len(unmet)))]
            probes += 1
            capacity = self._constraints.probe(demand, cover)
            if capacity is not None:
                refused.add(demand)
                found += self._constraints.keep(capacity)
        if not refused:
            return True
        return False if found else None

    def _choice(self, kept: Bools) -> Bools | None:
        """Return a choice that keeps some cells, satisfies every known constraint and costs less than ours.

        None if there is none, or none was found: a greedy one is tried first, then a search with proof.
        """
        known = self._constraints.table
        inside = kept[self._candidates]
        missing = 1.0 - known[:, inside].sum(axis=1)
        broken = missing > 1e-7
        table = np.minimum(known[broken][:, ~inside], missing[broken, None])
        useful = table.any(axis=0)
        cells, table, need = self._candidates[~inside][useful], table[:, useful], missing[broken]
        room = self._cover.cost - 0.5 - float(self._pool.cost[kept].sum())
        if room <= 0 or not broken.any():
            return kept.copy() if room > 0 else None
        cost = self._pool.cost[cells]
        chosen: Bools | None = least(table, need, cost, self._random)
        self._chosen += 1
        if cost[chosen].sum() >= room:
            chosen, steps = cheapest(table, need, cost)
            self._chosen += 1 + steps // STEPS
        if chosen is None or cost[chosen].sum() >= room:
            self._settled = chosen is not None
            return None
        hidden = kept.copy()
        hidden[cells[chosen]] = True
        return hidden
