"""Proportions, the bound that none of n sets, and the difference of two proportions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.special import betaincinv

from analysis.methods.estimate import Estimate
from analysis.methods.inputs import level, normal_quantile, part_of, positive, share, whole
from analysis.methods.rows import columns, with_estimates

if TYPE_CHECKING:
    import pandas as pd


def wilson(count: int, base: int, confidence: float = 0.95) -> Estimate:
    """Score interval of a proportion.

    Parameters
    ----------
    count, base
        People with the characteristic, and people asked [whole numbers, 0 <= count <= base, base >= 1].
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Estimate
        A fraction from 0 to 1.

    Raises
    ------
    DataRefused
        If the count is not a part of the base.

    References
    ----------
    Wilson EB (1927). Probable inference, the law of succession, and statistical inference. Journal of the
    American Statistical Association 22, 209-212. Newcombe RG (1998). Two-sided confidence intervals for the
    single proportion. Statistics in Medicine 17, 857-872, method 3.
    """
    k, n = part_of(count, base)
    p, z2 = k / n, normal_quantile(confidence) ** 2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    # At 0 and n one limit is exactly 0 or 1; floating point would miss it by a hair.
    low, high = 0.0 if k == 0 else centre - half, 1.0 if k == n else centre + half
    return Estimate(p, low, high, confidence, "Wilson", count=k, base=n)


def clopper_pearson(count: int, base: int, confidence: float = 0.95) -> Estimate:
    """Exact interval of a proportion, from the tails of the binomial distribution.

    Parameters
    ----------
    count, base
        As in `wilson`.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Estimate
        A fraction from 0 to 1; never too narrow, often wider than it need be.

    Raises
    ------
    DataRefused
        If the count is not a part of the base.

    References
    ----------
    Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the
    binomial. Biometrika 26, 404-413.
    """
    k, n = part_of(count, base)
    tail = (1 - level(confidence)) / 2
    low = 0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - tail))
    return Estimate(k / n, low, high, confidence, "Clopper–Pearson", count=k, base=n)


def proportion(count: int, base: int, confidence: float = 0.95) -> Estimate:
    """Proportion by the rule of this project: Wilson, and Clopper-Pearson where the count is 0 or all.

    Parameters
    ----------
    count, base, confidence
        As in `wilson`.

    Returns
    -------
    Estimate
        A fraction from 0 to 1.

    Raises
    ------
    DataRefused
        If the count is not a part of the base.

    References
    ----------
    As for `wilson` and `clopper_pearson`.
    """
    extreme = count in (0, base)
    return clopper_pearson(count, base, confidence) if extreme else wilson(count, base, confidence)


def zero_bound(base: int, confidence: float = 0.95) -> Estimate:
    """One-sided exact bound on a share of which none was seen: 1 - (1 - confidence)^(1/base).

    Parameters
    ----------
    base
        People among whom there was none [whole number, 1 or more].
    confidence
        Level of the bound [0 to 1].

    Returns
    -------
    Estimate
        0, with the bound as ``high``, as a fraction; about 3/base at 95%.

    Raises
    ------
    DataRefused
        If the base is not a whole number above 0.

    References
    ----------
    Hanley JA, Lippman-Hand A (1983). If nothing goes wrong, is everything all right? Interpreting zero
    numerators. Journal of the American Medical Association 249, 1743-1745.
    """
    n = part_of(0, base)[1]
    high = -math.expm1(math.log1p(-level(confidence)) / n)
    return Estimate(0.0, 0.0, high, confidence, "one-sided exact bound", count=0, base=n, sided=1)


def prob_none(base: int, expected_share: float) -> float:
    """Probability of seeing none among ``base`` people if the share were ``expected_share``.

    Parameters
    ----------
    base
        People seen [whole number].
    expected_share
        The share supposed [fraction, 0 to 1].

    Returns
    -------
    float
        (1 - share)^base [0 to 1].

    Raises
    ------
    DataRefused
        If the base is not a whole number or the share not a fraction.

    References
    ----------
    The binomial distribution at 0.
    """
    return float((1 - share(expected_share, "expected share")) ** whole(base, "base"))


def newcombe(count: int, base: int, other_count: int, other_base: int, confidence: float = 0.95) -> Estimate:
    """Difference of two independent proportions with its hybrid score interval.

    Parameters
    ----------
    count, base
        The first group, as in `wilson`.
    other_count, other_base
        The group it is compared with.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Estimate
        First minus other, a fraction from -1 to 1, unit "difference".

    Raises
    ------
    DataRefused
        If a count is not a part of its base.

    References
    ----------
    Newcombe RG (1998). Interval estimation for the difference between independent proportions: comparison of
    eleven methods. Statistics in Medicine 17, 873-890, method 10.
    """
    first, other = wilson(count, base, confidence), wilson(other_count, other_base, confidence)
    difference = first.value - other.value
    low = difference - math.hypot(first.value - first.low, other.high - other.value)
    high = difference + math.hypot(first.high - first.value, other.value - other.low)
    return Estimate(difference, low, high, confidence, "Newcombe", unit="difference")


def with_proportions(
    frame: pd.DataFrame, count: str = "count", base: str = "base", confidence: float = 0.95
) -> pd.DataFrame:
    """Add to each row its `proportion`.

    Parameters
    ----------
    frame
        With a column of counts and one of bases [people].
    count, base
        Names of those columns.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``share``, ``low``, ``high`` [fractions] and ``method``; NaN
        and "" where the count or the base is not known. Columns of these names are replaced.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a row's count is not a part of its base.

    References
    ----------
    As for `wilson` and `clopper_pearson`.
    """
    level(confidence)
    return with_estimates(
        frame,
        columns(frame, [count, base], where="with_proportions"),
        lambda k, n: proportion(k, n, confidence),
        value="share",
        prefix="",
        where="with_proportions",
    )


def expected_count(base: int, share_elsewhere: Estimate) -> Estimate:
    """Return how many of ``base`` people a share found elsewhere would lead one to expect.

    Parameters
    ----------
    base
        People seen here [whole number, 1 or more].
    share_elsewhere
        The share in the denominator population, with its interval [fraction].

    Returns
    -------
    Estimate
        Of the expected number; the interval is that of the share, not of what one group would show.

    Raises
    ------
    DataRefused
        If the base is not a whole number above 0.

    References
    ----------
    The mean of the binomial distribution.
    """
    return share_elsewhere.scaled(positive(whole(base, "base"), "base"), "count")
