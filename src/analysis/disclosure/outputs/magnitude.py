"""Sums of amounts, and means, which are sums over a count: who would be told by them, and what hides her."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from scipy.optimize import linprog

from analysis.disclosure.outputs.breakdown import Bools, Breakdown
from analysis.disclosure.outputs.content import MARKER, Content
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.outputs.presence import Shown, of_amounts, possible
from analysis.disclosure.outputs.settled import Settled, too_few
from analysis.disclosure.policy import Dominance, Policy
from analysis.disclosure.population import Floats
from analysis.disclosure.tables import Key

SLACK: Final = 1e-9
UNBOUNDED: Final = 3
"""What scipy calls a linear programme without a limit."""


def p_percent(contributions: Sequence[float], p: float) -> bool:
    """Say whether an amount is sensitive by the p% rule.

    Parameters
    ----------
    contributions
        What each survivor contributes to it [any unit; a negative one counts by its size].
    p
        Nobody who takes her own from the sum may know another's as closely as this [per cent].

    Returns
    -------
    bool
        Whether the sum less the two largest is below p% of the largest: the second largest contributor then
        knows the largest within p%.

    References
    ----------
    Hundepool A and others (2012), Statistical Disclosure Control, Wiley, section 4.2.1, table of sensitivity
    rules.
    """
    ordered = sorted(map(abs, contributions), reverse=True)
    if not ordered or ordered[0] == 0:
        return False
    return sum(ordered[2:]) < p / 100 * ordered[0] * (1 - SLACK)


def dominated(contributions: Sequence[float], contributors: int, share: float) -> bool:
    """Say whether an amount is sensitive by the (n, k) dominance rule.

    Parameters
    ----------
    contributions
        As for `p_percent`.
    contributors
        How many of the largest may not hold more than the share [n].
    share
        That share [k, per cent].

    References
    ----------
    As for `p_percent`.
    """
    ordered = sorted(map(abs, contributions), reverse=True)
    return sum(ordered[:contributors]) > share / 100 * sum(ordered) * (1 + SLACK)


def sensitive(contributions: Sequence[float], p: float, dominance: Dominance) -> bool:
    """Say whether an amount is sensitive by either rule."""
    return p_percent(contributions, p) or dominated(contributions, dominance.contributors, dominance.share)


@dataclass(eq=False)
class Amounts:
    """Every sum that a report shows of one column of one base: they are one system, like counts.

    Attributes
    ----------
    name
        The column.
    values
        One a row [NaN where not known].
    splits
        Breakdowns of all outputs that show its sums or means.
    """

    name: str
    values: Floats
    splits: list[Breakdown] = field(default_factory=list)
    _released: frozenset[Key] | None = None

    def of(self, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> Floats:
        """Return the amounts of some rows."""
        chosen: Floats = self.values[rows]
        return chosen

    def released(self, settled: Settled, policy: Policy) -> frozenset[Key]:
        """Return the cells whose sum may be shown, found once for all outputs.

        Primary: cells whose count is hidden, and those sensitive by `sensitive`. A sum beside a hidden count,
        and a mean still more, is a number that the attack on the counts knows nothing of: two groups' means
        and that of both give the sizes of the groups. Secondary: as many more as keep every primary sum from
        being known within p%, the smallest first (Hundepool and others, 2012, section 4.2.2, upper and lower
        protection levels; ranges by linear programming, section 4.3.1), and as keep every small group
        possible at nobody and at the threshold (`analysis.disclosure.outputs.presence`).
        """
        if self._released is None:
            people, amounts = settled.population.codes(), np.nan_to_num(self.values)
            cells = self._cells(settled, policy)
            keys = sorted(cells)
            chosen = np.array([cells[key] for key in keys])
            held = [_by_person(amounts[rows], people[rows]) for rows in chosen]
            counted = np.array([settled.shown(key) for key in keys], dtype=np.bool_)
            small = np.array([len(own) < policy.threshold for own in held], dtype=np.bool_)
            apart = [sensitive(own, policy.p_percent, policy.dominance) for own in held]
            hidden = secondary(_sums(chosen, amounts), ~counted | small | np.array(apart), policy.p_percent)
            impossible = np.array([settled.impossible(key) for key in keys], dtype=np.bool_)
            few = map(int, np.flatnonzero(small & ~counted & ~impossible))
            hidden = unsaid(of_amounts(chosen, amounts, counted | impossible, ~hidden), few, policy.threshold)
            self._released = frozenset(key for key, hide in zip(keys, hidden, strict=True) if not hide)
        return self._released

    def _cells(self, settled: Settled, policy: Policy) -> dict[Key, Bools]:
        """Return the rows of each cell whose sum is planned, and of everyone else where theirs is sensitive.

        No output shows those, but a reader has them who subtracts the sum of a part from that of the whole.
        """
        population, people = settled.population, settled.population.codes()
        cells = {one.key(at): one.rows(population, at) for one in self.splits for at in one.cells()}
        for split in (other for one in self.splits for other in one.others):
            for at in split.cells():
                rows = split.rows(population, at)
                own = _by_person(np.nan_to_num(self.of(rows)), people[rows])
                if sensitive(own, policy.p_percent, policy.dominance):
                    cells.setdefault(split.key(at), rows)
        return cells


def unsaid(shown: Shown, few: Iterable[int], threshold: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return the groups whose sum is hidden, so that each of a few small ones may be of nobody, or of many.

    Parameters
    ----------
    shown
        What is shown of every group.
    few
        Which groups are small.
    threshold
        Fewest rows that need no hiding.
    """
    for group in few:
        while not possible(shown, group, threshold):
            open_ = [one for one in map(int, np.flatnonzero(shown.summed)) if _meet(shown.within, one, group)]
            if not open_:
                break
            summed, sums = shown.summed.copy(), shown.within @ shown.share
            summed[min(open_, key=lambda one: (sums[one], one))] = False
            shown = replace(shown, summed=summed)
    hidden: np.ndarray[Any, np.dtype[np.bool_]] = ~shown.summed
    return hidden


def _meet(within: np.ndarray[Any, np.dtype[np.bool_]], one: int, other: int) -> bool:
    return bool((within[one] & within[other]).any())


def _by_person(amounts: Floats, people: np.ndarray[Any, np.dtype[np.int64]]) -> list[float]:
    """Return what each survivor contributes."""
    if not len(people):
        return []
    return [float(one) for one in np.bincount(np.unique(people, return_inverse=True)[1], weights=amounts)]


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of amounts as sums of atoms: the kinds of row that no cell tells apart.

    Attributes
    ----------
    within
        Whether an atom lies in a cell [cells × atoms].
    atoms
        Sum of each atom.
    """

    within: np.ndarray[Any, np.dtype[np.bool_]]
    atoms: Floats

    @property
    def cells(self) -> Floats:
        """Sum of each cell."""
        total: Floats = self.within @ self.atoms
        return total


def _sums(chosen: np.ndarray[Any, np.dtype[np.bool_]], amounts: Floats) -> Sums:
    kinds, kind = np.unique(chosen, axis=1, return_inverse=True)
    atoms = np.bincount(kind, weights=amounts, minlength=kinds.shape[1]).astype(np.float64)
    return Sums(kinds.astype(np.bool_), atoms)


def secondary(
    sums: Sums, primary: np.ndarray[Any, np.dtype[np.bool_]], p: float
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return primary and secondary suppressions of a system of sums.

    Parameters
    ----------
    sums
        Cells as sums of atoms [any unit].
    primary
        Which cells must be hidden.
    p
        A hidden sum may not be known within so much of itself, on either side [per cent].

    Returns
    -------
    ndarray of bool
        One a cell.

    References
    ----------
    As for `Amounts.released`.
    """
    hidden = primary.copy()
    for cell in np.flatnonzero(primary):
        while not _protected(sums, hidden, int(cell), p):
            open_ = np.flatnonzero(~hidden)
            near = [one for one in open_ if (sums.within[one] & sums.within[cell]).any()]
            if not near:
                break
            hidden[min(near, key=lambda one: (abs(sums.cells[one]), one))] = True
    return hidden


def _protected(sums: Sums, hidden: np.ndarray[Any, np.dtype[np.bool_]], cell: int, p: float) -> bool:
    """Say whether what is shown leaves a hidden sum open by p% of itself on both sides."""
    truth = float(sums.cells[cell])
    wanted = max(abs(truth) * p / 100, SLACK)
    low, high = interval(sums, hidden, cell)
    return high - truth >= wanted * (1 - SLACK) and (truth - low >= wanted * (1 - SLACK) or truth == 0)


def interval(sums: Sums, hidden: np.ndarray[Any, np.dtype[np.bool_]], cell: int) -> tuple[float, float]:
    """Return the least and the most that a hidden sum can be, given what is shown.

    Amounts are taken as known not to be negative, unless one is. A programme that cannot be solved counts as
    one that tells everything.
    """
    truth = float(sums.cells[cell])
    if not len(sums.atoms):  # of no rows at all
        return truth, truth
    scale = float(np.abs(sums.cells).max()) or 1.0
    weight = sums.within[cell].astype(np.float64)
    known, limit = sums.within[~hidden].astype(np.float64), sums.cells[~hidden] / scale
    bounds = (None if (sums.atoms < 0).any() else 0, None)
    ends = []
    for sign in (1, -1):
        found = linprog(
            sign * weight,
            A_eq=known if len(known) else None,
            b_eq=limit if len(known) else None,
            bounds=bounds,
        )
        reached = sign * scale * float(found.fun) if found.status == 0 else truth
        ends.append(-sign * math.inf if found.status == UNBOUNDED else reached)
    return ends[0], ends[1]


@dataclass(frozen=True)
class Totals:
    """The sum of an amount in each group, with how many rows it is of."""

    split: Breakdown
    amounts: Amounts
    unit: str

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return the sums that tell nobody's own amount."""
        if (nothing := too_few(settled, self.split)) is not None:
            return nothing
        kept = self.amounts.released(settled, policy)
        rows = [self._row(settled, at, kept=self.split.key(at) in kept) for at in self.split.cells()]
        formats = {"count": "count", "known": "count", "total": self.unit}
        return settled.content(self.split, rows, formats=formats, labels={"known": "With a known amount"})

    def _row(self, settled: Settled, at: Mapping[str, str], *, kept: bool) -> dict[str, Any]:
        key = self.split.key(at)
        chosen = self.split.rows(settled.population, at)
        total = round(float(self.amounts.of(chosen).sum())) if kept else math.nan
        sizes = settled.sizes(self.split, at)
        lacking = None in sizes.values() or not kept
        return {**at, **sizes, "total": total, MARKER: settled.mark(key, lacking=lacking)}
