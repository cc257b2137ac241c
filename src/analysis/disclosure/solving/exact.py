"""The fewest cells, with proof: choices of one cell fewer, until constraints leave none.

References
----------
Fischetti M, Salazar JJ (2001). Solving the cell suppression problem on tabular data with linear constraints.
Management Science 47, 1008-1027, sections 3 and 4.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.solving.constraints import ENOUGH, Constraints
from analysis.disclosure.solving.demands import Cover
from analysis.disclosure.solving.solver import INFINITY, Programme
from analysis.errors import RunFailed

ROUNDS: Final = 60
"""Most choices that are looked at."""
NODES: Final = 200
"""Most nodes of the search for one: numbers, not times, so that the result is the same on every machine."""

Bools = np.ndarray[Any, np.dtype[np.bool_]]


def fewest(cover: Cover, constraints: Constraints) -> tuple[Cover, bool]:
    """Return a cover of as few cells as were found, and whether it is proven that none has fewer.

    Parameters
    ----------
    cover
        Meets every demand.
    constraints
        Of its pool; what is learned is added.
    """
    unprinted = cover.hidden & (cover.pool.cost == 0)
    for _ in range(ROUNDS):
        try:
            chosen = _within(constraints, len(cover.extras()) - 1)
        except RunFailed:
            return cover, False
        if chosen is None:
            return cover, True
        hidden = unprinted.copy()
        hidden[constraints.candidates[chosen]] = True
        trial = Cover(cover.pool, hidden)
        if _safe(trial, constraints):
            cover = trial
            for cell in cover.extras():
                if cover.spare(int(cell)):
                    cover.show(int(cell))
    return cover, False


def _within(constraints: Constraints, cells: int) -> Bools | None:
    """Return any choice of so many cells at most that satisfies every constraint, or None if there is none.

    Raises
    ------
    RunFailed
        If `NODES` do not settle it.
    """
    table = constraints.table
    height, width = table.shape
    low = np.append(np.full(height, 1 - ENOUGH), 0.0)
    high = np.append(np.full(height, INFINITY), float(cells))
    matrix = sparse.csc_array(np.vstack([table, np.ones(width)]))
    columns = (np.zeros(width), np.ones(width))
    found = Programme(matrix, (low, high), columns, whole=True, nodes=NODES).solve()
    return None if found is None else found.values > 0.5


def _safe(cover: Cover, constraints: Constraints) -> bool:
    """Say whether a choice meets every demand; else keep the constraints that it breaks."""
    for row in cover.unmet():
        demand = int(row[0]), int(row[1]), int(row[2])
        if cover.lacks(demand):
            capacity = constraints.probe(demand, cover)
            if capacity is not None:
                constraints.keep(capacity)
    return not len(cover.unmet())
