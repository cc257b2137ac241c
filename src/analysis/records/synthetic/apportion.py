"""Whole numbers that share out a total: largest remainders, between floors and ceilings where needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.errors import DataRefused

Weights = Sequence[float] | np.ndarray


def apportion(total: int, weights: Weights) -> list[int]:
    """Share out a total in proportion to weights, by largest remainders (Hamilton's method).

    Parameters
    ----------
    total
        What the shares come to.
    weights
        Not negative, not all zero unless the total is zero. Equal remainders go to the earlier.

    Returns
    -------
    list of int
        One share a weight.

    Raises
    ------
    DataRefused
        If there is something to share and no weight to share it by.
    """
    given = np.asarray(weights, dtype=float)
    if total == 0:
        return [0] * len(given)
    if given.sum() <= 0:
        raise DataRefused(f"{total} cannot be shared out: every weight is zero", where="synthetic sample")
    exact = total * given / given.sum()
    shares = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(shares - exact, kind="stable")
    shares[order[: total - int(shares.sum())]] += 1
    return [int(share) for share in shares]


def fill_between(total: int, least: np.ndarray, most: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Share out a total in proportion to weights, each share between its own floor and ceiling.

    Raises
    ------
    DataRefused
        If the floors come to more than the total, or the ceilings to less.
    """
    shares = np.asarray(least, dtype=int).copy()
    rest = total - int(shares.sum())
    if rest < 0 or total > int(np.sum(most)):
        raise DataRefused(
            f"{total} does not lie between {int(np.sum(least))} and {int(np.sum(most))}",
            where="synthetic sample",
        )
    while rest:
        room = np.asarray(most) - shares
        given = np.where(room > 0, np.maximum(weights, 1e-12), 0.0)
        shares += np.minimum(apportion(rest, given), room)
        rest = total - int(shares.sum())
    return shares
