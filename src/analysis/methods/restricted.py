"""The mean number of days out of the first so many, which censoring does not make too short."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import UsageError
from analysis.methods.followup import (
    BEYOND,
    FINE,
    NO_EXIT,
    NOBODY,
    ONE_PERSON,
    SENTENCES,
    UNSEEN,
    FollowUp,
    follow_up,
    grouped,
    none_seen,
    with_basis,
)
from analysis.methods.inputs import normal_quantile, positive


def restricted_mean(
    frame: pd.DataFrame,
    horizon: float,
    *,
    days: str = "days",
    censored: str = "censored",
    entry: str | None = None,
    by: str | None = None,
    against: Any = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the mean number of days out of the first so many.

    Parameters
    ----------
    frame, days, censored, entry, by
        As in `kaplan_meier`.
    horizon
        Days looked at; longer durations count as this [days, above 0].
    against
        A group: the difference of every other group from it is given too.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        One row a group: the group, ``mean``, ``low``, ``high``, ``se`` [days], with ``against`` also
        ``difference``, ``difference_low``, ``difference_high`` [days]; ``method``, ``status`` and ``note``.
        NaN where nobody was followed so long while some were still there. Where nobody left, the lower
        limit is a bound and there is no difference.

    Raises
    ------
    UsageError
        If a column or the group to compare with is absent.
    DataRefused
        If a value is missing or impossible, or the horizon is not above 0.

    References
    ----------
    Klein JP, Moeschberger ML (2003). Survival analysis, 2nd edition, section 4.5, formulae 4.5.1 and 4.5.2.
    Royston P, Parmar MKB (2013). Restricted mean survival time: an alternative to the hazard ratio. BMC
    Medical Research Methodology 13, 152.
    """
    z, reach = normal_quantile(confidence), positive(horizon, "horizon")
    group, made = by or "group", []
    for label, rows in grouped(frame, by, where="restricted_mean"):
        seen = follow_up(rows, days=days, censored=censored, entry=entry, where="restricted_mean")
        made.append({group: label, **_mean(seen, reach, z)})
    means = pd.DataFrame(made)
    return with_basis(means if against is None else _differences(means, group, against, z), frame)


def _mean(seen: FollowUp, horizon: float, z: float) -> dict[str, Any]:
    times = seen.times()
    times = times[times <= horizon]
    at_risk, exits = seen.at_risk(times), seen.counted(times, seen.ended)
    remaining = np.concatenate([[1.0], np.cumprod(1 - exits / at_risk)])
    widths = np.diff(np.concatenate([[0.0], times, [horizon]]))
    areas = (remaining * widths)[::-1].cumsum()[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(at_risk > exits, exits / (at_risk * (at_risk - exits)), 0.0)
    value, error = float(areas[0]), float(np.sqrt((areas[1:] ** 2 * each).sum()))
    status = _mean_status(seen, horizon, any_left=bool(len(times)))
    low, high = max(0.0, value - z * error), min(horizon, value + z * error)
    if status == NO_EXIT:
        # While nobody leaves, the mean is at least the horizon times the least share that stays to it.
        low = horizon * float(none_seen(seen.fewest(np.array([horizon])), z)[0])
    elif status != FINE:
        value = error = low = high = math.nan
    return {
        "mean": value,
        "low": low,
        "high": high,
        "se": error,
        "method": f"restricted mean to {horizon:g} days",
        "status": status,
        "note": SENTENCES[status],
    }


def _mean_status(seen: FollowUp, horizon: float, *, any_left: bool) -> str:
    if seen.people < 2:
        return ONE_PERSON if seen.people else NOBODY
    if seen.unseen_from() < horizon:
        return UNSEEN
    if seen.last() < horizon and not seen.closed():
        return BEYOND
    return FINE if any_left else NO_EXIT


def _differences(means: pd.DataFrame, group: str, against: Any, z: float) -> pd.DataFrame:
    base = means.loc[means[group] == against]
    if base.empty:
        raise UsageError(
            f'there is no group "{against}"',
            where="restricted_mean",
            cure=f"Known: {', '.join(map(str, means[group]))}.",
        )
    told = means[group].ne(against) & means["status"].eq(FINE) & (base["status"].iloc[0] == FINE)
    gap = (means["mean"] - base["mean"].iloc[0]).where(told)
    half = z * np.hypot(means["se"], base["se"].iloc[0])
    return means.assign(difference=gap, difference_low=gap - half, difference_high=gap + half)
