"""The mean gain in a score: of those measured twice, its size, and its bounds for all who began."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gammaln, stdtrit

from analysis.methods.followup import grouped, with_basis
from analysis.methods.inputs import level, normal_quantile, require_columns
from analysis.methods.scores import Instrument, check_on_scale


def mean_gain(
    frame: pd.DataFrame,
    scale: Instrument,
    *,
    by: str | None = None,
    person: str | None = None,
    start: str = "score_start",
    end: str = "score_end",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the mean gain of those measured twice, its size, and its bounds for all.

    Parameters
    ----------
    frame
        One row a course or stay, all on one scale.
    scale
        What is published of it.
    by
        Column of groups.
    person
        Column of persons, if one may have several rows: errors are then clustered by person.
    start, end
        Columns of the first and latest score [points].
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        One row a group: the group, ``total`` [rows with a first score], ``base`` [rows measured twice],
        ``gain``, ``low``, ``high`` [points], ``effect``, ``effect_low``, ``effect_high`` (gain in standard
        deviations of the first score), ``unchanged`` (mean gain of all, if the lost had none),
        ``bound_low``, ``bound_high`` [points: if all the lost ended at the worst, at the best end of the
        scale], ``method``, ``status``, ``note``. NaN with fewer than two measured twice.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a score lies off the scale.

    References
    ----------
    Becker BJ (1988). Synthesizing standardized mean-change measures. British Journal of Mathematical and
    Statistical Psychology 41, 257-278: the size, its small-sample correction and its variance. Manski CF
    (1989), as for `analysis.methods.missing.bounds`.
    """
    require_columns(frame, [start, end, *([person] if person else [])], where="mean_gain")
    level(confidence)
    made = []
    for label, rows in grouped(frame, by, where="mean_gain"):
        begun = rows.loc[rows[start].notna()]
        first, last = begun[start].astype(float), begun[end].astype(float)
        check_on_scale(scale, first, last)
        who = begun[person] if person else pd.Series(range(len(begun)), index=begun.index)
        made.append({by or "group": label, **_gain(scale, first, last, who, confidence)})
    return with_basis(pd.DataFrame(made), frame)


def _gain(
    scale: Instrument, first: pd.Series, last: pd.Series, who: pd.Series, confidence: float
) -> dict[str, Any]:
    twice = last.notna()
    gain = scale.gain(first[twice], last[twice])
    ends = (scale.most, scale.least) if scale.better == "lower" else (scale.least, scale.most)
    worst, best = (scale.gain(first, last.fillna(score)).mean() for score in ends)
    known = {
        "total": len(first),
        "base": int(twice.sum()),
        "unchanged": gain.sum() / len(first) if len(first) else math.nan,
        "bound_low": worst,
        "bound_high": best,
        "method": "paired t",
    }
    names = ("gain", "low", "high", "effect", "effect_low", "effect_high")
    people = who[twice].nunique()
    if people < 2:
        note = "Fewer than two people were measured twice."
        return known | dict.fromkeys(names, math.nan) | {"status": "too few", "note": note}
    value, error = gain.mean(), clustered_error((gain - gain.mean()).to_numpy(), who[twice])
    half = float(stdtrit(people - 1, 1 - (1 - confidence) / 2)) * error
    sized = _effect(first[twice], last[twice], value, normal_quantile(confidence))
    numbers = (value, value - half, value + half, *sized)
    return known | dict(zip(names, numbers, strict=True)) | {"status": "", "note": ""}


def clustered_error(residuals: np.ndarray, who: pd.Series) -> float:
    """Return the standard error of a mean from residuals, summed by person.

    Parameters
    ----------
    residuals
        What each row is above the mean.
    who
        Whose row it is.

    References
    ----------
    Liang KY, Zeger SL (1986). Longitudinal data analysis using generalized linear models. Biometrika 73,
    13-22; with G/(G − 1) for G people, so that with one row each it is the usual standard error.
    """
    sums = np.bincount(pd.factorize(who)[0], residuals)
    return math.sqrt(float((sums**2).sum()) * len(sums) / (len(sums) - 1)) / len(residuals)


def _effect(first: pd.Series, last: pd.Series, value: float, z: float) -> tuple[float, float, float]:
    spread, n = float(first.std()), len(first)
    if n < 3 or spread == 0:
        return math.nan, math.nan, math.nan
    correction = math.exp(gammaln((n - 1) / 2) - gammaln((n - 2) / 2)) * math.sqrt(2 / (n - 1))
    size = correction * value / spread
    alike = float(first.corr(last)) if last.std() > 0 else 0.0
    half = z * math.sqrt(2 * (1 - alike) / n + size**2 / (2 * n))
    return size, size - half, size + half
