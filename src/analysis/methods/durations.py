"""How long it lasts: Kaplan-Meier curves with entry, and their quantiles.

For waits and stays alike. Who is there before the window opens is left-truncated, who is there when it
closes is censored. Exits of several kinds compete: their shares are in `analysis.methods.exits`, and one
minus the curve of a single kind is never shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.followup import (
    FINE,
    NOBODY,
    ONE_PERSON,
    SENTENCES,
    UNSEEN,
    FollowUp,
    follow_up,
    grid_of,
    grouped,
    judged,
    log_log,
    none_seen,
    with_basis,
)
from analysis.methods.inputs import normal_quantile, require_columns, share

METHOD: Final = "Kaplan–Meier, log-log"
BOUND: Final = "exact bound"
NEARLY: Final = 1e-12
NOT_REACHED: Final = "not reached"
TOO_FEW_LEFT: Final = "Fewer than that share had left by the longest follow-up."


def kaplan_meier(
    frame: pd.DataFrame,
    *,
    days: str = "days",
    censored: str = "censored",
    entry: str | None = None,
    by: str | None = None,
    person: str | None = None,
    since: float = 0,
    grid: Sequence[float] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what share is still there after each day.

    Parameters
    ----------
    frame
        One row a duration.
    days
        Column of the days from the start to the end, or to when last seen [days, 0 or more].
    censored
        Column that says whether the end was not seen.
    entry
        Column of the day after which a person was under observation [days], 0 if from the start.
    by
        Column of groups, each with a curve of its own.
    person
        Column of persons, if one may have several durations: standard errors then allow for it.
    since
        Say only what becomes of those that last longer than this [days]: the cure where hardly anybody is
        under observation on the first days.
    grid
        Days to read the curve at [days]; every day with an exit by default.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        Long form, by group and ``day``: the group (``by``, or "group"), ``day``, ``at_risk`` [rows, just
        before the day's exits], ``exits`` and ``censored`` [rows, since the day before in this table],
        ``remaining`` with ``low``, ``high`` and ``se`` [fractions], ``method``, ``status`` and ``note``. The
        first row is the day ``since``, the last the longest follow-up. Where no share can be said it is NaN,
        and status and note say why. Until the first exit the share is 1 and the lower limit an exact bound.

    Raises
    ------
    UsageError
        If a column is absent, the grid is empty, or ``since`` negative.
    DataRefused
        If a value is missing or impossible.

    Notes
    -----
    Until the first exit, with n under observation at the least, the lower limit is (half the error)^(1/n):
    were fewer still there, no exit among them would be less likely than that. Where the n at risk all leave
    on one day the upper limit is one minus that, or the limit of the day before if it is lower; as the lower
    limit cannot err there, both together err no more than the level allows.

    References
    ----------
    Kaplan EL, Meier P (1958). Nonparametric estimation from incomplete observations. Journal of the American
    Statistical Association 53, 457-481. Klein JP, Moeschberger ML (2003). Survival analysis, 2nd edition,
    sections 4.2, 4.3 (log-log limits) and 4.6 (left truncation). Lin DY, Wei LJ (1989) for errors clustered
    by person. Journal of the American Statistical Association 84, 1074-1078.
    """
    z, asked = normal_quantile(confidence), None if grid is None else grid_of(grid, where="kaplan_meier")
    if person is not None:
        require_columns(frame, [person], where="kaplan_meier")
    curves = []
    for label, rows in grouped(frame, by, where="kaplan_meier"):
        seen = follow_up(rows, days=days, censored=censored, entry=entry, since=since, where="kaplan_meier")
        who = None if person is None else _people(rows, days, person, since)
        curve = _curve(seen, who, z, asked)
        curve.insert(0, by or "group", label)
        curves.append(curve)
    return with_basis(pd.concat(curves, ignore_index=True), frame)


def _people(rows: pd.DataFrame, days: str, person: str, since: float) -> np.ndarray:
    codes = pd.factorize(rows[person], use_na_sentinel=False)[0]
    return np.asarray(codes[(rows[days] > since).to_numpy()] if since else codes)


def _curve(seen: FollowUp, who: np.ndarray | None, z: float, asked: np.ndarray | None) -> pd.DataFrame:
    times = seen.times()
    at_risk, exits = seen.at_risk(times), seen.counted(times, seen.ended)
    remaining = np.cumprod(1 - exits / at_risk)
    spread = remaining * _log_spread(seen, times, at_risk, exits, who)
    low, high = _limits(remaining, spread, at_risk, z)
    shown = asked if asked is not None else np.unique(np.concatenate([[seen.since], times, [seen.last()]]))
    shown = shown[shown >= seen.since]
    place = np.searchsorted(times, shown, "right") - 1
    still = place < 0
    frame = pd.DataFrame(
        {
            "day": shown,
            "at_risk": seen.at_risk(shown),
            "exits": between(seen, shown, seen.ended),
            "censored": between(seen, shown, ~seen.ended),
            "remaining": np.where(still, 1.0, np.append(remaining, 1.0)[place]),
            "low": np.where(still, none_seen(seen.fewest(shown), z), np.append(low, 0.0)[place]),
            "high": np.where(still, 1.0, np.append(high, 1.0)[place]),
            "se": np.where(still, 0.0, np.append(spread, 0.0)[place]),
            "method": np.where(still, BOUND, METHOD),
        }
    )
    return judged(frame, seen, closed=seen.closed(), numbers=("remaining", "low", "high", "se"))


def _log_spread(
    seen: FollowUp, times: np.ndarray, at_risk: np.ndarray, exits: np.ndarray, who: np.ndarray | None
) -> np.ndarray:
    """Return the standard error of the log of the curve at each exit: Greenwood's, or clustered by person."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(at_risk > exits, exits / (at_risk * (at_risk - exits)), 0.0)
    if who is None or not len(times):
        return np.asarray(np.sqrt(np.cumsum(each)))
    reached = np.concatenate([[0.0], np.cumsum(each)])
    came = np.searchsorted(times, seen.entry, "right")
    went = np.searchsorted(times, seen.days, "right")
    own = np.where(at_risk > exits, 1 / np.maximum(at_risk - exits, 1), 0.0)
    own_place = np.searchsorted(times, seen.days)
    people = np.zeros((int(who.max()) + 1, len(times)))
    for at in range(len(times)):
        influence = reached[came.clip(max=at + 1)] - reached[went.clip(max=at + 1)]
        gone = seen.ended & (seen.days <= times[at])
        influence[gone] += own[own_place[gone]]
        people[:, at] = np.bincount(who, influence, len(people))
    return np.asarray(np.sqrt((people**2).sum(axis=0)))


def _limits(
    remaining: np.ndarray, spread: np.ndarray, at_risk: np.ndarray, z: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return log-log limits at each exit, and bounds where nobody is left."""
    low, high = log_log(remaining, spread, z)
    left = remaining > 0
    last = float(high[left][-1]) if left.any() else 1.0
    none_left = np.minimum(last, 1 - none_seen(at_risk, z))
    return np.where(left, low, 0.0), np.where(left, high, none_left)


def between(seen: FollowUp, shown: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return how many of the rows marked end after the day shown before, and up to this one."""
    ends = np.searchsorted(np.sort(seen.days[of]), shown, "right")
    return np.diff(ends, prepend=0)


def first_day_seen(
    frame: pd.DataFrame,
    *,
    fewest: int = 10,
    days: str = "days",
    censored: str = "censored",
    entry: str | None = "entry",
) -> float:
    """Return the first day from which so many are under observation that a curve can start there.

    Parameters
    ----------
    frame, days, censored, entry
        As in `kaplan_meier`.
    fewest
        Rows under observation just after that day, and nobody missing later on before the last has come.

    Returns
    -------
    float
        A day to give as ``since`` [days]; 0 where the first day will do.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If there is no such day.

    References
    ----------
    Klein JP, Moeschberger ML (2003). Survival analysis, 2nd edition, section 4.6: with few at risk early the
    curve of truncated durations may fall to 0 at once, and is then to be read given that a later day is
    reached.
    """
    seen = follow_up(frame, days=days, censored=censored, entry=entry, where="first_day_seen")
    moments = np.unique(np.concatenate([[0.0], seen.entry[seen.entry > 0], seen.days]))
    present = np.searchsorted(np.sort(seen.entry), moments, "right")
    present -= np.searchsorted(np.sort(seen.days), moments, "right")
    last_entry = max(0.0, float(seen.entry.max(initial=0.0)))
    empty = moments[(present == 0) & (moments < last_entry)]
    enough = moments[(present >= fewest) & (moments > (empty.max() if len(empty) else -1))]
    if not len(enough):
        raise DataRefused(
            f"on no day are {fewest} under observation", where="first_day_seen", cure="Ask for fewer."
        )
    return float(enough[0])


def quantiles(
    curve: pd.DataFrame, shares: Sequence[float] = (0.25, 0.5, 0.75), *, by: str | None = None
) -> pd.DataFrame:
    """Return the day by which a share has left, with Brookmeyer-Crowley intervals.

    Parameters
    ----------
    curve
        As `kaplan_meier` returns it without a grid.
    shares
        Shares that have left [fractions]; 0.5 is the median.
    by
        The column of groups it was made by.

    Returns
    -------
    DataFrame
        One row a group and share: the group, ``left`` [fraction], ``day``, ``low``, ``high`` [days],
        ``method``, ``status`` and ``note``. A day that the curve does not reach is NaN; a limit it does not
        reach is infinite, for follow-up is too short to say.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a share is not a fraction.

    References
    ----------
    Brookmeyer R, Crowley J (1982). A confidence interval for the median survival time. Biometrics 38, 29-41.
    Klein JP, Moeschberger ML (2003). Survival analysis, 2nd edition, section 4.5: all days whose pointwise
    log-log interval holds the share.
    """
    group = by or "group"
    require_columns(curve, [group, "day", "remaining", "low", "high", "status"], where="quantiles")
    rows = [
        {group: label, "left": share(left, "share"), **_quantile(rows, 1 - left)}
        for label, rows in grouped(curve, group, where="quantiles")
        for left in shares
    ]
    return with_basis(pd.DataFrame(rows), curve)


def _quantile(rows: pd.DataFrame, remaining: float) -> dict[str, Any]:
    day = _first(rows, rows["remaining"] <= remaining + NEARLY, math.nan)
    low = _first(rows, rows["low"] <= remaining + NEARLY, math.nan)
    high = _first(rows, rows["high"] < remaining - NEARLY, math.inf)
    silent = [one for one in (NOBODY, ONE_PERSON, UNSEEN) if rows["status"].eq(one).any()]
    status = FINE if not math.isnan(day) else silent[0] if silent else NOT_REACHED
    if status in (NOBODY, ONE_PERSON):
        high = math.nan
    note = TOO_FEW_LEFT if status == NOT_REACHED else SENTENCES[status]
    method = "Brookmeyer–Crowley, log-log"
    return {"day": day, "low": low, "high": high, "method": method, "status": status, "note": note}


def _first(rows: pd.DataFrame, reached: pd.Series, otherwise: float) -> float:
    days = rows.loc[reached, "day"]
    return float(days.iloc[0]) if len(days) else otherwise
