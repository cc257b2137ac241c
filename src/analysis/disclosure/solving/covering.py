"""A cheap choice of cells that satisfies every constraint: greedy, pruned, drawn again many times, or proven.

References
----------
Feo TA, Resende MGC (1989). A probabilistic heuristic for a computationally difficult set covering problem.
Operations Research Letters 8, 67-71. Ruiz R, Stützle T (2007). A simple and effective iterated greedy
algorithm. European Journal of Operational Research 177, 2033-2049.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.solving.solver import INFINITY, Programme
from analysis.errors import RunFailed

ENOUGH: Final = 1e-7
TURNS: Final = 60
DROPPED: Final = 0.35
"""Share of a choice that is drawn again in a turn."""
NODES: Final = 40
"""Most nodes of a proof: a number, not a time, so that the result is the same on every machine."""

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def least(table: Floats, need: Floats, cost: Floats, random: np.random.Generator) -> Bools:
    """Return the cheapest choice of columns found of which every row adds up to what it needs.

    Parameters
    ----------
    table
        What each column gives to each row, 0 or more [rows × columns].
    need
        What each row needs; all columns together give it.
    cost
        Of each column, more than 0.
    random
        Breaks the greed, the same way every time.
    """
    capped = np.minimum(table, need[:, None])
    best = _pruned(capped, need, cost, _filled(capped, need, cost, np.zeros(len(cost), dtype=np.bool_)))
    for _ in range(TURNS):
        kept = best & (random.random(len(cost)) >= DROPPED)
        noisy = cost * (1.0 + 0.6 * random.random(len(cost)))
        trial = _pruned(capped, need, cost, _filled(capped, need, noisy, kept))
        if cost[trial].sum() <= cost[best].sum():
            best = trial
    return best


def cheapest(table: Floats, need: Floats, cost: Floats) -> tuple[Bools | None, int]:
    """Return the cheapest choice there is, and the steps that its proof took; arguments as for `least`.

    None stands for the choice if a few nodes do not settle it.
    """
    width = len(cost)
    rows, columns = (need - ENOUGH, np.full(len(need), INFINITY)), (np.zeros(width), np.ones(width))
    programme = Programme(
        sparse.csc_array(np.minimum(table, need[:, None])),
        rows,
        columns,
        cost=cost,
        whole=True,
        nodes=NODES,
    )
    try:
        found = programme.solve()
    except RunFailed:
        found = None
    return (None if found is None else found.values > 0.5), programme.steps


def _filled(table: Floats, need: Floats, cost: Floats, chosen: Bools) -> Bools:
    """Add the column that gives most for its cost until every row has what it needs."""
    chosen = chosen.copy()
    lacking = need - table[:, chosen].sum(axis=1)
    while (rows := np.flatnonzero(lacking > ENOUGH)).size:
        gain = np.minimum(table[rows], lacking[rows, None]).sum(axis=0) / cost
        gain[chosen] = -1.0
        column = int(np.argmax(gain))
        chosen[column] = True
        lacking -= table[:, column]
    return chosen


def _pruned(table: Floats, need: Floats, cost: Floats, chosen: Bools) -> Bools:
    """Take out what is not needed, the dearest first."""
    chosen = chosen.copy()
    spare = table[:, chosen].sum(axis=1) - need
    columns = np.flatnonzero(chosen)
    for column in columns[np.argsort(-cost[columns], kind="stable")]:
        left = spare - table[:, column]
        if left.min(initial=0.0) >= -ENOUGH:
            chosen[column], spare = False, left
    return chosen
