"""Do groups leave at the same pace: the log-rank test, with entry."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import chi2

from analysis.methods.followup import FINE, NO_EXIT, SENTENCES, FollowUp, follow_up, grouped, with_basis

NEVER_TOGETHER: Final = "never together"
ONE_GROUP: Final = "one group"
WORDS: Final = SENTENCES | {
    NEVER_TOGETHER: "The groups were never under observation on the same days, so they cannot be compared.",
    ONE_GROUP: "There is only one group.",
}


@dataclass(frozen=True)
class LogRank:
    """What a log-rank test says.

    Parameters
    ----------
    statistic
        Chi-squared; NaN where there is no test.
    df
        Its degrees of freedom: groups less one.
    p
        Its p-value [0 to 1].
    status, note
        "" or why there is no test, and a sentence for it.
    frame
        One row a group: the group, ``people`` [rows], ``exits`` seen and ``expected`` [rows] if all groups
        left at the same pace.
    """

    statistic: float
    df: int
    p: float
    status: str
    note: str
    frame: pd.DataFrame


def logrank(
    frame: pd.DataFrame,
    by: str,
    *,
    days: str = "days",
    censored: str = "censored",
    entry: str | None = None,
) -> LogRank:
    """Test whether groups leave at the same pace.

    Parameters
    ----------
    frame
        One row a duration.
    by
        Column of groups.
    days, censored, entry
        As in `analysis.methods.durations.kaplan_meier`.

    Returns
    -------
    LogRank
        The test, and exits seen and expected.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a value is missing or impossible.

    Notes
    -----
    Rows count as independent: where one person may have several, use `analysis.methods.cox.cox` with
    ``person``. The test loses power where curves cross.

    References
    ----------
    Mantel N (1966). Evaluation of survival data and two new rank order statistics arising in its
    consideration. Cancer Chemotherapy Reports 50, 163-170. Klein JP, Moeschberger ML (2003). Survival
    analysis, 2nd edition, section 7.3: the hypergeometric variance, and at-risk sets with entry.
    """
    groups = list(grouped(frame, by, where="logrank"))
    parts = [
        follow_up(rows, days=days, censored=censored, entry=entry, where="logrank") for _, rows in groups
    ]
    times = np.unique(np.concatenate([part.times() for part in parts] or [np.zeros(0)]))
    at_risk, exits = _tables(parts, times)
    all_exits = exits.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(at_risk.sum(axis=0) > 0, at_risk / at_risk.sum(axis=0), 0.0)
    expected = (each * all_exits).sum(axis=1)
    table = pd.DataFrame(
        {
            by: [label for label, _ in groups],
            "people": [part.people for part in parts],
            "exits": exits.sum(axis=1),
            "expected": expected,
        }
    )
    statistic, status = _statistic(exits.sum(axis=1) - expected, _variance(each, at_risk, all_exits))
    if len(groups) < 2 or not all_exits.sum():
        statistic, status = math.nan, ONE_GROUP if len(groups) < 2 else NO_EXIT
    df = max(len(groups) - 1, 0)
    p = float(chi2.sf(statistic, df)) if status == FINE else math.nan
    return LogRank(statistic, df, p, status, WORDS[status], with_basis(table, frame))


def _tables(parts: list[FollowUp], times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many are at risk and how many leave, a row a group and a column a day with an exit."""
    at_risk = np.array([part.at_risk(times) for part in parts], dtype=float).reshape(len(parts), len(times))
    exits = [part.counted(times, part.ended) for part in parts]
    return at_risk, np.array(exits, dtype=float).reshape(len(parts), len(times))


def _variance(each: np.ndarray, at_risk: np.ndarray, exits: np.ndarray) -> np.ndarray:
    """Return the hypergeometric covariance of exits, groups by groups, summed over days."""
    people = at_risk.sum(axis=0)
    size = np.where(people > 1, exits * (people - exits) / np.maximum(people - 1, 1), 0.0)
    return np.asarray(np.diag((each * size).sum(axis=1)) - (each * size) @ each.T)


def _statistic(gap: np.ndarray, variance: np.ndarray) -> tuple[float, str]:
    # One group's row follows from the others; the inverse is of what is left.
    inner = variance[1:, 1:]
    if not len(inner) or np.linalg.matrix_rank(inner) < len(inner):
        return math.nan, NEVER_TOGETHER
    return float(gap[1:] @ np.linalg.solve(inner, gap[1:])), FINE
