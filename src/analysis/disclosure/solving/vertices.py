"""Vertices of linear programmes that are no whole numbers, rounded some coordinates at a time."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from analysis.disclosure.solving.solver import TOLERANCE, Programme, Solution

STEPS: Final = 40
"""Roundings before a vertex is left to a whole-number programme."""
SHARE: Final = 0.3
"""Coordinates rounded at a time, of those that are no whole numbers."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def rounded(programme: Programme, found: Solution, low: Floats, high: Floats) -> Floats | None:
    """Fix coordinates near whole numbers until all are, solving again in between.

    Parameters
    ----------
    programme
        Bounds of its columns are changed on the way, and put back.
    found
        Its solution.
    low, high
        Bounds of its first columns as they are now: those that must be whole numbers.

    Returns
    -------
    ndarray of float
        One value a column, of a vertex whose first columns are whole; None if that led nowhere.
    """
    fixed, share = [np.zeros(0, dtype=np.int64)], SHARE

    def with_(columns: Ints, values: Floats) -> Solution | None:
        programme.bound(columns, values, values)
        return programme.solve()

    for _ in range(STEPS):
        rough = _rough(found.values[: len(low)])
        if not len(rough):
            break
        chosen = rough[: max(1, int(len(rough) * share))]
        nearest = np.rint(found.values[chosen])
        after = with_(chosen, nearest)
        if after is None and len(chosen) > 1:
            programme.bound(chosen, low[chosen], high[chosen])
            share /= 3
            continue
        fixed.append(chosen)
        if after is None:
            after = with_(chosen, np.floor(found.values[chosen]) + np.ceil(found.values[chosen]) - nearest)
        if after is None:
            break
        found = after
    columns = np.unique(np.concatenate(fixed))
    programme.bound(columns, low[columns], high[columns])
    return None if len(_rough(found.values[: len(low)])) else found.values


def _rough(values: Floats) -> Ints:
    """Return the coordinates that are no whole numbers, those nearest to one first."""
    away = np.abs(values - np.rint(values))
    rough = np.flatnonzero(away > TOLERANCE)
    return rough[np.argsort(away[rough], kind="stable")]
