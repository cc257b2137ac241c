"""Fewer hidden cells for small systems: several beginnings, improved, and what two of the best hide together.

Where a search ends depends on where it begins. What two safe choices hide together is safe; what of it need
not be hidden is shown again in an order drawn at random, and the search goes on from there.

References
----------
Beasley JE, Chu PC (1996). A genetic algorithm for the set covering problem. European Journal of Operational
Research 94, 392-404 (a population of choices without anything needless). Charon I, Hudry O (1993). The
noising method: a new method for combinatorial optimization. Operations Research Letters 14, 133-137.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from analysis.disclosure.solving.alternatives import Alternatives
from analysis.disclosure.solving.complements import clean, complete
from analysis.disclosure.solving.constraints import Constraints
from analysis.disclosure.solving.demands import Cover, Demands, Pool
from analysis.disclosure.solving.exact import fewest
from analysis.disclosure.solving.improve import Improvement

FEW: Final = 45
"""Cells that may be hidden, up to which the fewest are looked for with proof."""
EQUALS: Final = 4
"""Part of the budget that goes into telling choices of as many cells apart."""
STARTS: Final = 6
"""Beginnings, all but one by costs blurred at random; the blur is the same for systems of as many cells."""
PAIRS: Final = 12
"""Pairs of covers tried."""
PARENTS: Final = 8
"""Cheapest covers of which pairs are drawn."""
BLUR: Final = 0.5
"""Most that is added to a cost, as a share of it."""

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


def begun(wanted: Demands, cost: Ints, hidden: Bools) -> tuple[Cover, Alternatives]:
    """Return a cover that hides given cells and no more than it must, and its programmes."""
    alternatives = Alternatives(wanted, cost)
    cover = Cover(Pool(wanted, cost), hidden.copy())
    complete(cover, alternatives)
    return clean(cover, alternatives), alternatives


class Recombination:
    """The cheapest cover found from several beginnings.

    Parameters
    ----------
    cover, alternatives
        The first beginning, and the programmes by which it was found.
    unprinted
        Cells that are hidden in any case.
    budget
        Most programmes for improving one cover.
    """

    def __init__(self, cover: Cover, alternatives: Alternatives, unprinted: Bools, budget: int) -> None:
        self._first, self._alternatives = cover, alternatives
        self._unprinted, self._budget = unprinted, budget
        self._pool = cover.pool
        self._constraints = Constraints(cover.pool, alternatives)
        self._improvement = Improvement(self._constraints)
        self._random = np.random.default_rng(0)
        self._found: list[Cover] = []

    def run(self) -> Cover:
        """Return the cheapest cover found; nothing more is tried once one is proven to be the cheapest."""
        self._constraints.relax()
        if len(self._constraints.candidates) <= FEW:
            self._first, proven = fewest(self._first, self._constraints)
            if proven:
                return self._improvement.run(self._first, self._budget // EQUALS)
        for cover in self._beginnings():
            if self._improved(cover):
                return self._found[0]
        for _ in range(PAIRS):
            if len(self._found) == 1 or self._improved(self._of_two()):
                break
        return self._found[0]

    def _beginnings(self) -> Iterator[Cover]:
        yield self._first
        cost = self._pool.cost
        for _ in range(STARTS - 1):
            blurred = (cost * (1 + BLUR * self._random.random(len(cost)))).astype(np.int64)
            other, _ = begun(self._pool.demands, blurred, self._unprinted)
            yield self._cover(other.hidden)

    def _of_two(self) -> Cover:
        """Return what two covers hide together, less what need not be."""
        one, other = self._random.choice(min(len(self._found), PARENTS), 2, replace=False)
        return self._cover(self._found[one].hidden | self._found[other].hidden)

    def _cover(self, hidden: Bools) -> Cover:
        cover = Cover(self._pool, hidden)
        complete(cover, self._alternatives)
        extras = cover.extras()
        dear = self._pool.cost[extras] * (1 + BLUR * self._random.random(len(extras)))
        return clean(cover, self._alternatives, extras[np.argsort(-dear, kind="stable")])

    def _improved(self, cover: Cover) -> bool:
        """Take in a cover, improved; say whether it is proven to be the cheapest."""
        cover = self._improvement.run(cover, self._budget)
        if not any((cover.hidden == one.hidden).all() for one in self._found):
            self._found.append(cover)
            self._found.sort(key=lambda one: one.cost)
        return self._improvement.proven
