"""People with several referrals: how alike these are, and what a share and a difference are worth then."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from scipy.special import betaincinv

from analysis.methods.estimate import Estimate
from analysis.methods.inputs import level, normal_quantile

FEWEST_REPEATED: Final = 10
"""People with several referrals below which their likeness is not estimated but taken to be complete."""


def within_person(outcome: np.ndarray, group: np.ndarray, person: np.ndarray) -> float:
    """Correlation of an outcome between two referrals of one person in one group.

    Parameters
    ----------
    outcome, group, person
        One item a referral: 0 or 1, and codes.

    Returns
    -------
    float
        The mean product of standardised residuals over all pairs of a person's referrals [0 to 1; a negative
        mean counts as 0]. With fewer than 10 people to learn it from it is taken to be 1, the cautious end.

    References
    ----------
    Liang K-Y, Zeger SL (1986). Longitudinal data analysis using generalized linear models. Biometrika 73,
    13-22, section 4: the moment estimator of an exchangeable correlation.
    """
    codes, base = np.unique(group, return_inverse=True, return_counts=True)[1:]
    mean = np.bincount(codes, outcome) / base
    spread = np.sqrt(mean * (1 - mean))[codes]
    residual = np.divide(outcome - mean[codes], spread, out=np.zeros(len(codes)), where=spread > 0)
    cell, size = np.unique(np.stack([codes, person]), axis=1, return_inverse=True, return_counts=True)[1:]
    sums, squares = np.bincount(cell, residual), np.bincount(cell, residual**2)
    informative = (size > 1) & (np.bincount(cell, spread) > 0)
    if informative.sum() < FEWEST_REPEATED:
        return 1.0
    pairs = float((size * (size - 1))[informative].sum())
    return float(np.clip((sums**2 - squares)[informative].sum() / pairs, 0.0, 1.0))


def design_effect(person: np.ndarray, correlation: float) -> float:
    """Return how many referrals of such people are worth one referral of a different person.

    Parameters
    ----------
    person
        One code a referral.
    correlation
        Within a person [0 to 1].

    Returns
    -------
    float
        1 where everybody has one referral, or these are not alike; the effective base is the base over it.

    References
    ----------
    Rao JNK, Scott AJ (1992). A simple method for the analysis of clustered binary data. Biometrics 48,
    577-585. Donner A, Klar N (2000). Design and analysis of cluster randomization trials in health
    research. Arnold, section 1.4: unequal sizes.
    """
    size = np.unique(person, return_counts=True)[1]
    return 1 + correlation * (float((size**2).sum()) / len(person) - 1)


def effective_share(count: float, base: float, effect: float, confidence: float = 0.95) -> Estimate:
    """Share with the interval of the people it is worth.

    Parameters
    ----------
    count, base
        Referrals with the outcome, and all.
    effect
        Their design effect [1 or more].
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Estimate
        A fraction; Wilson's limits, and Clopper and Pearson's where the count is 0 or all, on the effective
        base. With an effect of 1 it is `analysis.methods.proportions.proportion`.

    References
    ----------
    Korn EL, Graubard BI (1998). Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data. Survey Methodology 24, 193-201. Rao JNK, Scott AJ (1992), as for
    `design_effect`.
    """
    p, n = count / base, base / effect
    told = "" if effect == 1 else ", effective base"
    if count in (0, base):
        tail = (1 - level(confidence)) / 2
        low = 0.0 if count == 0 else float(betaincinv(n, 1, tail))
        high = 1.0 if count else float(betaincinv(1, n, 1 - tail))
        return Estimate(p, low, high, confidence, f"Clopper–Pearson{told}", count=count, base=base)
    low, high = _wilson(p, n, confidence)
    return Estimate(p, low, high, confidence, f"Wilson{told}", count=count, base=base)


def _wilson(p: float, n: float, confidence: float) -> tuple[float, float]:
    z2 = normal_quantile(confidence) ** 2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return (0.0 if p == 0 else centre - half, 1.0 if p == 1 else centre + half)


def _around(count: float, base: float, effect: float, confidence: float) -> tuple[float, float, float]:
    return count / base, *_wilson(count / base, base / effect, confidence)


def effective_difference(
    first: tuple[float, float, float], other: tuple[float, float, float], confidence: float = 0.95
) -> Estimate:
    """Difference of two shares with the interval of the people they are worth.

    Parameters
    ----------
    first, other
        Each a count, a base and a design effect, as for `effective_share`.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Estimate
        First minus other, unit "difference"; with effects of 1 it is `analysis.methods.proportions.newcombe`.

    References
    ----------
    Newcombe RG (1998). Interval estimation for the difference between independent proportions: comparison of
    eleven methods. Statistics in Medicine 17, 873-890, method 10. Rao JNK, Scott AJ (1992), as for
    `design_effect`.
    """
    (p, low, high), (q, least, most) = (_around(*one, confidence) for one in (first, other))
    told = "Newcombe" if first[2] == other[2] == 1 else "Newcombe, effective bases"
    return Estimate(
        p - q,
        p - q - math.hypot(p - low, most - q),
        p - q + math.hypot(high - p, q - least),
        confidence,
        told,
        unit="difference",
    )
