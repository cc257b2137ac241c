"""Follow-up: who was under observation on each day, seen from when, and whether the end was seen.

A person counts as at risk on a day if she came into view before it and was last seen on it or later.
Whoever is seen from her first day counts from the start, so that an end on day 0 counts too. On the day of
an end and of a censoring, the end comes first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.errors import DataRefused, UsageError
from analysis.methods.inputs import amount, require_columns
from analysis.methods.rows import PROVENANCE, resting_on

ALL: Final = "all"
"""What the one group is called where no grouping is asked for."""

UNRECORDED: Final = "not recorded"
"""Group of the people whose group is missing."""

FINE, NOBODY, ONE_PERSON, NO_EXIT, UNSEEN, BEYOND = (
    "",
    "nobody",
    "one person",
    "no exit",
    "not seen",
    "beyond follow-up",
)
"""What is said of an estimate that cannot be made, or of which only a bound is known."""

SENTENCES: Final = {
    FINE: "",
    NOBODY: "Nobody was under observation.",
    ONE_PERSON: "There is only one person, of whom no curve is drawn.",
    NO_EXIT: "No such exit was seen, so only a bound is known.",
    UNSEEN: "On some earlier day nobody was under observation, so nothing is known from that day on.",
    BEYOND: "This is longer than anybody was followed.",
}


@dataclass(frozen=True)
class FollowUp:
    """Durations of one group.

    Parameters
    ----------
    days
        Days from the start to the end or to when last seen [days].
    ended
        Whether the end was seen.
    entry
        Day after which a person is under observation [days]; minus infinity if from the first day looked at.
    since
        Day from which the durations are looked at: all is said of those that last longer [days].
    """

    days: np.ndarray
    ended: np.ndarray
    entry: np.ndarray
    since: float = 0.0

    @property
    def people(self) -> int:
        """Rows of the group."""
        return len(self.days)

    def times(self) -> np.ndarray:
        """Return the distinct days with an exit, increasing."""
        return np.unique(self.days[self.ended])

    def at_risk(self, times: np.ndarray) -> np.ndarray:
        """Return how many are under observation just before each day's exits."""
        left = np.searchsorted(np.sort(self.days), times, side="left")
        come = np.searchsorted(np.sort(self.entry), times, side="left")
        return np.asarray(come - left)

    def counted(self, times: np.ndarray, of: np.ndarray) -> np.ndarray:
        """Return how many of the rows marked end on each of the days."""
        ends = np.sort(self.days[of])
        return np.asarray(np.searchsorted(ends, times, "right") - np.searchsorted(ends, times, "left"))

    def unseen_from(self) -> float:
        """Return the first day on which nobody is under observation while others come later, or infinity."""
        moments = np.unique(np.concatenate([[self.since], self.days]))
        present = np.searchsorted(np.sort(self.entry), moments, "right")
        present -= np.searchsorted(np.sort(self.days), moments, "right")
        empty = moments[(present == 0) & (moments < self.entry.max(initial=-math.inf))]
        return float(empty[0]) if len(empty) else math.inf

    def fewest(self, times: np.ndarray) -> np.ndarray:
        """Return the smallest number under observation at any moment up to each of the increasing days."""
        come = self.entry[np.isfinite(self.entry)]
        moments = np.unique(np.concatenate([self.days, come, times]))
        lowest = np.minimum.accumulate(self.at_risk(moments)) if len(moments) else np.zeros(0)
        return np.asarray(lowest[np.searchsorted(moments, times)])

    def last(self) -> float:
        """Return the longest follow-up [days]."""
        return float(self.days.max(initial=0.0))

    def closed(self) -> bool:
        """Say whether everybody under observation on the last day left on it."""
        return bool(self.people) and bool(self.ended[self.days == self.last()].all())


def follow_up(
    frame: pd.DataFrame,
    *,
    days: str,
    censored: str,
    entry: str | None,
    since: float = 0,
    where: str,
) -> FollowUp:
    """Return the durations of a frame, checked.

    Raises
    ------
    UsageError
        If a column is absent, or ``since`` is negative.
    DataRefused
        If a duration, or whether it is censored, is missing; if a duration is negative; or if somebody left
        before coming into view.
    """
    names = [days, censored, *([entry] if entry else [])]
    require_columns(frame, names, where=where)
    for name in names:
        _complete(frame[name], name, where)
    if since < 0:
        raise UsageError(f"since is {since:g}", where=where, cure="Give a day of 0 or more.")
    length = _numbers(frame[days], days, where)
    ended = ~frame[censored].to_numpy(dtype=bool)
    come = np.zeros(len(frame)) if entry is None else _numbers(frame[entry], entry, where)
    late = come > 0
    if (length[late] <= come[late]).any():
        raise DataRefused(
            f'"{days}" is not above "{entry}" in {int((length[late] <= come[late]).sum())} rows',
            where=where,
            cure="Leave out who left before coming into view; analysis.records.episodes does so.",
        )
    come = np.where(late, come, -math.inf)
    if since == 0:
        return FollowUp(length, ended, come)
    longer = length > since
    come = np.where(come > since, come, -math.inf)
    return FollowUp(length[longer], ended[longer], come[longer], float(since))


def _complete(column: pd.Series, name: str, where: str) -> None:
    missing = int(column.isna().sum())
    if missing:
        raise DataRefused(
            f'"{name}" is missing in {missing} of {len(column)} rows',
            where=where,
            cure="Count those rows and leave them out in words, or give the day they were last seen.",
        )


def _numbers(column: pd.Series, name: str, where: str) -> np.ndarray:
    values = column.to_numpy(dtype=float)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise DataRefused(
            f'"{name}" is below 0 or not finite in some rows', where=where, cure="Check start and end."
        )
    return values


def grouped(frame: pd.DataFrame, by: str | None, *, where: str) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Yield each group's label and rows, in order of appearance; a missing label is "not recorded".

    A frame without rows is one group, "all", so that something can be said of it.

    Raises
    ------
    UsageError
        If the column is absent.
    """
    if by is not None:
        require_columns(frame, [by], where=where)
    if by is None or frame.empty:
        yield ALL, frame
        return
    labels = frame[by].astype(object).where(frame[by].notna(), UNRECORDED)
    for label in labels.unique():
        yield label, frame.loc[labels == label]


def with_basis(made: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Return what was made with the provenance of the rows it was made from, if they have any."""
    if not set(PROVENANCE) <= set(frame.columns) or made.empty:
        return made
    basis = frame[list(PROVENANCE)].drop_duplicates()
    merged = resting_on(pd.DataFrame([dict.fromkeys(PROVENANCE, "")]), basis).iloc[0]
    return made.assign(**{name: merged[name] for name in PROVENANCE})


def grid_of(days: Any, *, where: str) -> np.ndarray:
    """Return the days asked for, increasing.

    Raises
    ------
    DataRefused
        If one is missing or negative.
    UsageError
        If there is none.
    """
    asked = np.unique([amount(day, "grid") for day in days])
    if not len(asked):
        raise UsageError("the grid has no day", where=where, cure="Give the days to read the curve at.")
    return asked


def judged(curve: pd.DataFrame, seen: FollowUp, *, closed: bool, numbers: Sequence[str]) -> pd.DataFrame:
    """Add to a curve what is to be said of each of its days, and take away what cannot be said.

    Parameters
    ----------
    curve
        With ``day`` and the columns ``numbers``.
    seen
        The durations it was made from.
    closed
        Whether the curve holds beyond the longest follow-up.
    numbers
        Columns that are made NaN where nothing can be said.
    """
    status = np.full(len(curve), FINE if seen.ended.any() else NO_EXIT, dtype=object)
    if not closed:
        status[(curve["day"] > seen.last()).to_numpy()] = BEYOND
    status[(curve["day"] >= seen.unseen_from()).to_numpy()] = UNSEEN
    if seen.people < 2:
        status[:] = NOBODY if not seen.people else ONE_PERSON
    silent = np.isin(status, [BEYOND, UNSEEN, NOBODY, ONE_PERSON])
    cut = {name: curve[name].mask(silent) for name in numbers}
    return curve.assign(**cut, status=status, note=[SENTENCES[one] for one in status])


def none_seen(fewest: np.ndarray, z: float) -> np.ndarray:
    """Return the lower limit of the share that stays while nobody has left.

    Parameters
    ----------
    fewest
        Smallest number under observation so far; with n of them the limit is (half the error)^(1/n).
    z
        Normal quantile of the level.

    References
    ----------
    Fay MP, Brittain EH, Proschan MA (2013). Pointwise confidence intervals for a survival distribution with
    small samples or heavy censoring. Biostatistics 14, 723-736: their limit before the first exit.
    """
    tail = math.erfc(z / math.sqrt(2)) / 2
    return np.where(fewest > 0, tail ** (1 / np.maximum(fewest, 1)), 0.0)


def log_log(share: np.ndarray, spread: np.ndarray, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the complementary log-log limits of shares strictly between 0 and 1.

    Parameters
    ----------
    share, spread
        Shares and their standard errors [fractions].
    z
        Normal quantile of the level.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.exp(z * spread / np.abs(share * np.log(share)))
        return share**reach, share ** (1 / reach)
