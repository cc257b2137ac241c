"""Sums beside counts: whether what is shown of both still leaves open that nobody is in a small group.

Counts are attacked without a look at the amounts beside them. A reader looks at both: nine rows hidden beside
twelve others, with £9,100 for all of them and £100 for the twelve and some more, are not nobody. So each
small group is asked again: is there a table, of counts and of sums, that shows all that is shown and has
nobody in the group; and is there one with as many as the threshold? Each row is taken to be known to lie
between the least and the largest amount that there is, which is more than anybody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog

FITS, FITS_NOT = 0, 2
"""What `scipy.optimize.linprog` says of a programme that has a solution, and of one that has none."""

Floats = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class Shown:
    """What a release shows of groups of rows that have an amount each.

    Attributes
    ----------
    within
        Whether an atom lies in a group [groups × atoms]; an atom is a kind of row that no group tells apart.
    rows
        Rows of each atom.
    share
        Sum of each atom, every row's amount counted from the least that there is, as a share of the largest
        less the least: from 0 to ``rows``.
    counted
        Groups whose count is shown.
    summed
        Groups whose sum is shown, or their mean, which beside a count is the same.
    """

    within: Bools
    rows: Floats
    share: Floats
    counted: Bools
    summed: Bools


def of_amounts(chosen: Bools, amounts: Floats, counted: Bools, summed: Bools) -> Shown:
    """Return what is shown of some rows.

    Parameters
    ----------
    chosen
        Whether a row is in a group [groups × rows].
    amounts
        One a row [any unit].
    counted, summed
        As of `Shown`.
    """
    inside = chosen.any(axis=0)
    chosen, amounts = chosen[:, inside], amounts[inside]
    kinds, kind = np.unique(chosen, axis=1, return_inverse=True)
    least, width = float(amounts.min(initial=0)), float(np.ptp(amounts)) if len(amounts) else 0.0
    shares = (amounts - least) / width if width else np.zeros(len(amounts))
    rows, share = (np.bincount(kind, weights, kinds.shape[1]) for weights in (None, shares))
    return Shown(kinds, rows.astype(np.float64), share.astype(np.float64), counted, summed)


def possible(shown: Shown, group: int, threshold: int) -> bool:
    """Say whether a group may be of nobody, and may be of as many as the threshold, for all that is shown.

    What counts alone rule out is no fault of the sums, and is left to the attack on the counts.

    Parameters
    ----------
    shown
        What is shown.
    group
        Which of its groups; one whose count is hidden.
    threshold
        Fewest rows that need no hiding.
    """
    nobody, many = (0.0, 0.0), (float(threshold), None)
    return all(
        _fits(shown, group, ends) or not _fits(shown, group, ends, sums=False) for ends in (nobody, many)
    )


def _fits(shown: Shown, group: int, ends: tuple[float, float | None], *, sums: bool = True) -> bool:
    """Say whether a table of rows and shares shows the same with so many rows in a group.

    Where the solver does not know, the sums are held to it: they do not fit, and the counts alone do.
    """
    atoms = len(shown.rows)
    if not atoms:  # no amount at all is known
        return ends[0] == 0.0
    inside = shown.within.astype(np.float64)
    nothing = np.zeros_like(inside)
    counts, shares = np.hstack([inside, nothing]), np.hstack([nothing, inside])
    fixed, limit = [counts[shown.counted]], [inside[shown.counted] @ shown.rows]
    if sums:
        fixed.append(shares[shown.summed])
        limit.append(inside[shown.summed] @ shown.share)
    most = np.hstack([-np.eye(atoms), np.eye(atoms)])  # no atom has a larger share than rows
    here = counts[group]
    upper = [] if ends[1] is None else [here]
    found = linprog(
        np.zeros(2 * atoms),
        A_eq=np.vstack(fixed),
        b_eq=np.concatenate(limit),
        A_ub=np.vstack([most, -here, *upper]),
        b_ub=np.array([*np.zeros(atoms), -ends[0], *([] if ends[1] is None else [ends[1]])]),
        bounds=(0, None),
    )
    return bool(found.status == FITS) if sums else bool(found.status != FITS_NOT)
