"""Methods that are handed counts alone: combinations of categories, each with how many rows stand in it.

Released tables are such counts, with some of them missing. A method here uses the combinations whose count is
given and leaves out the others, so that whatever it says follows from the counts it was given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.methods import change, imputation, intersections, missing, tipping, trends
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import require_columns
from analysis.methods.proportions import proportion

COUNT: Final = "count"
UNKNOWN: Final = "unknown"
"""Value of a characteristic in the counts of those of whom it is not known."""
SEED: Final = 20_221_123
"""Of imputations: the same counts give the same numbers."""
SHIFTS: Final = {-1.0: "a third of", 0.0: "the same as", 1.0: "three times"}
"""Shifts of the log odds, nearly, in words."""


def rows_of(counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each that is counted, in the order of the counts.

    Parameters
    ----------
    counts
        One row a combination of categories, with ``count`` [rows; missing where it is not known].

    Raises
    ------
    UsageError
        If there is no such column.
    """
    require_columns(counts, [COUNT], where="rows_of")
    given = counts.loc[counts[COUNT].notna()]
    repeated = given.loc[given.index.repeat(given[COUNT].astype(int))]
    return repeated.drop(columns=COUNT).reset_index(drop=True)


def strata(counts: pd.DataFrame, characteristics: Sequence[str], outcome: str, event: str) -> pd.DataFrame:
    """Return each combination of characteristics with those who had an outcome, and all of known outcome.

    Parameters
    ----------
    counts
        One row a combination of the characteristics and the outcome, with ``count``.
    characteristics, outcome, event
        Columns, and the outcome asked about.

    Returns
    -------
    DataFrame
        The characteristics, ``count`` and ``base`` [rows; missing where a count behind it is].

    Raises
    ------
    UsageError
        If a column is absent.
    """
    names = list(characteristics)
    require_columns(counts, [*names, outcome, COUNT], where="strata")
    grouped = counts.groupby(names, sort=False, dropna=False)
    base = grouped[COUNT].sum(min_count=1).where(grouped[COUNT].count() == grouped.size())
    hits = (
        counts.loc[counts[outcome] == event].groupby(names, sort=False, dropna=False)[COUNT].sum(min_count=1)
    )
    return pd.DataFrame({"count": hits, "base": base}).where(base.notna() & hits.notna()).reset_index()


def in_strata(
    counts: pd.DataFrame, characteristics: Sequence[str], outcome: str, event: str, confidence: float = 0.95
) -> tuple[pd.DataFrame, intersections.Maihda]:
    """Divide the variation between combinations, from those whose counts are known.

    Parameters
    ----------
    counts, characteristics, outcome, event
        As for `strata`.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame and Maihda
        All combinations, with what `analysis.methods.intersections.maihda` says of those known; and the
        whole of what it says.

    References
    ----------
    As for `analysis.methods.intersections.maihda`.
    """
    every = strata(counts, characteristics, outcome, event)
    given = every.dropna(subset=["base"]).astype({"count": int, "base": int})
    found = intersections.maihda(given, list(characteristics), confidence=confidence)
    added = [name for name in found.frame if name not in every]
    return every.join(found.frame[added]), found


def partition(found: intersections.Maihda) -> pd.DataFrame:
    """Return what a division of variation comes to, a row a statement.

    Returns
    -------
    DataFrame
        ``measure``, ``value``, ``low``, ``high`` [fractions]; the last two rows are p-values [0 to 1].
    """
    told: dict[str, Estimate | float | None] = {
        "Share of all variation that lies between combinations": found.vpc,
        "The same, once each characteristic's own part is taken away": found.remaining_vpc,
        "Share of the variation between them that the parts explain one by one": found.pcv,
        "p that combinations do not differ": found.p_between,
        "p that they do not differ beyond their parts": found.p_beyond,
    }
    rows = []
    for words, one in told.items():
        three = (one.value, one.low, one.high) if isinstance(one, Estimate) else (one, math.nan, math.nan)
        rows.append({"measure": words, **dict(zip(("value", "low", "high"), three, strict=True))})
    return pd.DataFrame(rows).astype(dict.fromkeys(("value", "low", "high"), float))


def imputed(
    counts: pd.DataFrame, characteristic: str, outcome: str, level: str, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the share of a level: as recorded, within its bounds, and with the unknown imputed.

    Parameters
    ----------
    counts
        One row a combination of characteristic and outcome, with ``count``; the characteristic is "unknown"
        where it is not known.
    characteristic, outcome
        The columns; the outcome says something of the unknown.
    level
        The level whose share is wanted.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        One row a way of reckoning: ``basis``, ``share``, ``low``, ``high`` [fractions]. Bounds have no share.

    Raises
    ------
    DataRefused
        If a count is missing, or the recorded are too few to impute from.

    References
    ----------
    As for `analysis.methods.missing.bounds`, `analysis.methods.imputation.impute` and
    `analysis.methods.imputation.pooled_share`.
    """
    rows = _complete(counts, characteristic)
    known = rows[characteristic].notna()
    hits, recorded = int((rows[characteristic] == level).sum()), int(known.sum())
    found: list[tuple[str, tuple[float, float, float]]] = []
    for words, one in (
        ("Share for whom it is recorded", missing.completeness(recorded, len(rows), confidence)),
        ("Among those recorded", proportion(hits, recorded, confidence)),
    ):
        found.append((words, (one.value, one.low, one.high)))
    wide = missing.bounds(hits, recorded, len(rows))
    found.append(("If none, and if all, of the unknown were", (math.nan, wide.low, wide.high)))
    for shift, words in SHIFTS.items():
        completed = imputation.impute(
            rows,
            [characteristic],
            using=[outcome],
            seed=SEED,
            cycles=1,
            shifts={(characteristic, level): shift},
        )
        pooled = imputation.pooled_share(
            completed, lambda one: one[characteristic].eq(level), confidence=confidence
        )
        found.append((f"Imputed, odds {words} the recorded", (pooled.value, pooled.low, pooled.high)))
    names = ("share", "low", "high")
    return pd.DataFrame([{"basis": words, **dict(zip(names, three, strict=True))} for words, three in found])


def tipped(
    counts: pd.DataFrame,
    characteristic: str,
    outcome: str,
    event: str,
    *,
    level: str,
    against: str,
    confidence: float = 0.95,
) -> tuple[pd.DataFrame, Mapping[str, Any]]:
    """Return how different the unknown would have to be before a gap between two groups goes or comes.

    Parameters
    ----------
    counts, characteristic, outcome
        As for `imputed`.
    event
        The outcome asked about.
    level, against
        The group, and the one it is compared with.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame and dict
        As `analysis.methods.tipping.shifted` and `analysis.methods.tipping.tipping_point` give them.

    Raises
    ------
    DataRefused
        As for `imputed`.

    References
    ----------
    As for `analysis.methods.tipping.shifted`.
    """
    rows = _complete(counts, characteristic)
    rows = rows.assign(event=rows[outcome].eq(event))
    gap = tipping.share_gap("event", characteristic, level, against)
    found = tipping.shifted(
        rows, characteristic, level, gap, using=["event"], seed=SEED, cycles=1, confidence=confidence
    )
    return found, tipping.tipping_point(found)


def without_reference(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a comparison but those of the groups that others are compared with.

    Parameters
    ----------
    frame
        With ``compared_with`` ("" for such a group, and for one that is not shown) and ``count``.

    Raises
    ------
    UsageError
        If a column is absent.
    """
    require_columns(frame, ["compared_with", COUNT], where="without_reference")
    kept = frame["compared_with"].ne("") | frame[COUNT].isna()
    return frame.loc[kept].reset_index(drop=True)


def crude_and_adjusted(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a comparison without references, each twice if it was adjusted: crude, and adjusted.

    Parameters
    ----------
    frame
        As for `without_reference`, with ``term``, ``ratio`` and its limits, and ``adjusted_ratio`` and its
        limits where the comparison was adjusted.
    """
    kept = without_reference(frame)
    if "adjusted_ratio" not in kept:
        return kept
    ratios = ("ratio", "ratio_low", "ratio_high")
    adjusted = kept.assign(
        term=kept["term"] + ", adjusted", **{name: kept[f"adjusted_{name}"] for name in ratios}
    )
    both = pd.concat([kept.assign(term=kept["term"] + ", crude"), adjusted])
    return both.sort_index(kind="stable").reset_index(drop=True)


def told_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the days of a curve on which there is a number, for a curve of too few to be drawn.

    Parameters
    ----------
    frame
        One row a day, and a group if there are several.
    """
    numbers = [name for name in ("remaining", "gone") if name in frame]
    return frame.loc[frame[numbers].notna().any(axis=1)].reset_index(drop=True)


def over_time(counts: pd.DataFrame, time: str) -> pd.DataFrame:
    """Return counts in the order of time, with the limits and signals of an XmR chart.

    Parameters
    ----------
    counts
        One row a period, earliest first, with ``count``.
    time
        Column of periods.

    Raises
    ------
    DataRefused
        If there are too few points.

    References
    ----------
    As for `analysis.methods.trends.xmr`.
    """
    require_columns(counts, [time, COUNT], where="over_time")
    return trends.xmr(counts.astype({COUNT: float}), COUNT, minimum=0)


def changed(
    counts: pd.DataFrame, time: str, change_at: str, *, confidence: float = 0.95
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Estimate a change of level in counts of months at a month fixed in advance.

    Parameters
    ----------
    counts
        One row a month, earliest first, with ``count``.
    time
        Column of months, ``2022-04`` say.
    change_at
        First month after the change.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    two DataFrames
        ``measure``, ``value``, ``low``, ``high`` [ratios]: step with errors that allow for correlation and
        with the model's own, and the trend before; and the months with what was fitted.

    Raises
    ------
    DataRefused
        If a month is missing, there are fewer than 8 on a side, or none has an event on one.

    References
    ----------
    As for `analysis.methods.change.segmented`.
    """
    require_columns(counts, [time, COUNT], where="changed")
    months = counts.assign(period=pd.PeriodIndex(counts[time].astype(str), freq="M"))
    how: dict[str, Any] = {"season": 0, "slope": False, "confidence": confidence}
    at = pd.Period(change_at, freq="M")
    found = change.segmented(months, COUNT, "period", at, **how)
    alone = change.segmented(months, COUNT, "period", at, lags=None, **how)
    told = {
        "Level after over level before": found.step,
        "The same, months taken as independent": alone.step,
        "Change from month to month before": found.trend,
    }
    rows = [
        {"measure": words, "value": one.value, "low": one.low, "high": one.high}
        for words, one in told.items()
    ]
    return pd.DataFrame(rows), found.frame.drop(columns="period")


def _complete(counts: pd.DataFrame, characteristic: str) -> pd.DataFrame:
    """Return the rows behind complete counts, the unknown as missing.

    Raises
    ------
    DataRefused
        If a count is not known.
    """
    require_columns(counts, [characteristic, COUNT], where="counted")
    if counts[COUNT].isna().any():
        cure = "Choose wider groups, so that every count can be released."
        raise DataRefused("a count behind it is not known", where=characteristic, cure=cure)
    rows = rows_of(counts)
    return rows.assign(**{characteristic: rows[characteristic].where(rows[characteristic] != UNKNOWN)})
