"""Change told from noise in a short series: XmR charts, and g-charts for rare events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.inputs import amount, require_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT: Final = 2.66
"""Natural process limits lie this many mean moving ranges from the centre: 3 / 1.128."""

RANGE_LIMIT: Final = 3.268
"""Upper limit of the moving range, in mean moving ranges."""

TRIAL_BELOW: Final = 12
"""Limits from fewer points than this are trial limits."""

FEWEST: Final = 3
"""Points without which there are no limits at all."""

RUN: Final = 8
"""This many points in a row on one side of the centre are a signal."""

OUTSIDE, RUN_SIGNAL = "outside limits", f"run of {RUN}"


def xmr(
    frame: pd.DataFrame,
    value: str = "value",
    *,
    baseline: int | None = None,
    minimum: float | None = None,
) -> pd.DataFrame:
    """Add to a series, in the order of its rows, the limits and signals of an XmR chart.

    Parameters
    ----------
    frame
        One row a period, equally spaced, earliest first.
    value
        Column of values; a missing value is a gap, over which no moving range is taken.
    baseline
        Number of first rows that the limits are computed from; all of them by default.
    minimum
        Least value possible, such as 0 for counts and shares; the lower limit does not go below it.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``centre``, ``lower``, ``upper``, ``moving_range``,
        ``range_limit`` [in the unit of the value], ``signal`` ("", "outside limits", "run of 8", or both
        joined by "; ") and ``trial`` (True where the limits rest on fewer than 12 points).

    Raises
    ------
    UsageError
        If the column is absent.
    DataRefused
        If there are fewer than 3 points, or no two in a row.

    References
    ----------
    Wheeler DJ (2000). Understanding variation: the key to managing chaos, 2nd edition. SPC Press. Shewhart
    WA (1931). Economic control of quality of manufactured product. Van Nostrand.
    """
    require_columns(frame, [value], where="xmr")
    series = frame[value].astype(float)
    moving = series.diff().abs()
    centre, spread, points = _limits(series.iloc[:baseline], moving.iloc[:baseline])
    lower, upper = centre - LIMIT * spread, centre + LIMIT * spread
    if minimum is not None:
        lower = max(lower, minimum)
    return frame.assign(
        centre=centre,
        lower=lower,
        upper=upper,
        moving_range=moving,
        range_limit=RANGE_LIMIT * spread,
        signal=_signals(series.to_list(), centre, lower, upper),
        trial=points < TRIAL_BELOW,
    )


def _limits(series: pd.Series, moving: pd.Series) -> tuple[float, float, int]:
    points = int(series.count())
    if points < FEWEST or not moving.count():
        raise DataRefused(
            f"a series of {points} points has no limits",
            where="xmr",
            cure=f"Give {FEWEST} points or more, two of them in a row.",
        )
    return float(series.mean()), float(moving.mean()), points


def _signals(values: Sequence[float], centre: float, lower: float, upper: float) -> list[str]:
    outside = [not math.isnan(value) and not lower <= value <= upper for value in values]
    runs = _in_runs([0 if math.isnan(value) else (value > centre) - (value < centre) for value in values])
    return [
        "; ".join(name for name, found in ((OUTSIDE, out), (RUN_SIGNAL, run)) if found)
        for out, run in zip(outside, runs, strict=True)
    ]


def _in_runs(sides: Sequence[int]) -> list[bool]:
    """Say which points belong to a run on one side; a point on the centre or a gap ends a run."""
    flags = [False] * len(sides)
    start = 0
    for end in range(1, len(sides) + 1):
        if end == len(sides) or sides[end] != sides[start]:
            if sides[start] and end - start >= RUN:
                flags[start:end] = [True] * (end - start)
            start = end
    return flags


def g_chart(frame: pd.DataFrame, between: str = "between") -> pd.DataFrame:
    """Add to a series of gaps between rare events the limits of a g-chart.

    Parameters
    ----------
    frame
        One row an event, earliest first.
    between
        Column of units of opportunity (days, referrals) between this event and the one before [whole
        numbers, 0 or more].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``centre``, ``lower``, ``upper`` [units], ``signal`` ("",
        "outside limits") and ``trial`` (True under 12 events).

    Raises
    ------
    UsageError
        If the column is absent.
    DataRefused
        If there are fewer than 3 gaps, or one is missing or negative.

    References
    ----------
    Benneyan JC (2001). Number-between g-type statistical quality control charts for monitoring adverse
    events. Health Care Management Science 4, 305-318.
    """
    require_columns(frame, [between], where="g_chart")
    gaps = [amount(gap, between) for gap in frame[between]]
    if len(gaps) < FEWEST:
        raise DataRefused(
            f"{len(gaps)} gaps have no limits", where="g_chart", cure=f"Give {FEWEST} gaps or more."
        )
    mean = sum(gaps) / len(gaps)
    spread = 3 * math.sqrt(mean * (mean + 1))
    lower, upper = max(mean - spread, 0.0), mean + spread
    signal = ["" if lower <= gap <= upper else OUTSIDE for gap in gaps]
    return frame.assign(centre=mean, lower=lower, upper=upper, signal=signal, trial=len(gaps) < TRIAL_BELOW)
