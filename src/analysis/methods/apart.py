"""One stratum beside what its parts lead one to expect, learnt from all the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.methods import firth
from analysis.methods.inputs import normal_quantile

if TYPE_CHECKING:
    from analysis.methods.random_intercept import Counts

_COLUMNS: Final = [
    *("expected", "expected_low", "expected_high", "beyond", "beyond_low", "beyond_high"),
    *("beyond_odds_ratio", "beyond_odds_ratio_low", "beyond_odds_ratio_high", "beyond_p"),
]


def beyond_parts(data: Counts, strata: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Compare every stratum with its parts.

    Parameters
    ----------
    data
        Effective counts of the strata, and a design of their characteristics' own terms.
    strata
        The same strata with ``share``, ``low`` and ``high``.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        Indexed as ``strata``: ``expected`` (the share that the terms, estimated without this stratum, give
        it), ``beyond`` (share less expected) and ``beyond_odds_ratio``, each with ``_low`` and ``_high``, and
        ``beyond_p`` by the penalised likelihood ratio. NaN for a stratum that alone holds a category, since
        no other says what that part is worth.

    References
    ----------
    Heinze G, Schemper M (2002). A solution to the problem of separation in logistic regression. Statistics
    in Medicine 21, 2409-2419. Donner A, Zou GY (2012). Closed-form confidence intervals for functions of the
    normal mean and standard deviation. Statistical Methods in Medical Research 21, 347-359: the interval of
    a difference from the two intervals it is made of.
    """
    rows = [_beyond(data, at, strata.iloc[at], confidence) for at in range(len(strata))]
    return pd.DataFrame(rows, strata.index, columns=_COLUMNS)


def _beyond(data: Counts, at: int, stratum: pd.Series, confidence: float) -> list[float]:
    alone = (np.arange(len(data.count)) == at).astype(float)
    design = np.column_stack([data.design, alone])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return [math.nan] * len(_COLUMNS)
    grouped = firth.Data(data.count, data.base, design)
    whole, last = firth.fit(grouped), design.shape[1] - 1
    limits = firth.profile(grouped, whole, last, confidence)
    ratio = [math.exp(float(one.coefficients[last])) for one in (whole, *limits)]
    linear = float(data.design[at] @ whole.coefficients[:last])
    spread = math.sqrt(float(data.design[at] @ whole.covariance[:last, :last] @ data.design[at]))
    half = normal_quantile(confidence) * spread
    expected, low, high = (float(expit(one)) for one in (linear, linear - half, linear + half))
    seen, least, most = (float(stratum[name]) for name in ("share", "low", "high"))
    beyond = [
        seen - expected,
        seen - expected - math.hypot(seen - least, high - expected),
        seen - expected + math.hypot(most - seen, expected - low),
    ]
    return [expected, low, high, *beyond, *ratio, firth.against_zero(grouped, whole, last)[1]]
