"""Many comparisons: an exact test of each, and the p-values of a declared family adjusted together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.stats import binomtest

from analysis.methods.inputs import part_of, share

if TYPE_CHECKING:
    from collections.abc import Sequence


def exact_test(count: int, base: int, reference: float) -> float:
    """Probability of a count at least as unlikely as this one if the share were that of the denominator.

    Parameters
    ----------
    count, base
        The group, and all people, in the service [whole numbers].
    reference
        The group's share in a denominator that is known without error [fraction].

    Returns
    -------
    float
        Two-sided exact binomial p-value [0 to 1].

    Raises
    ------
    DataRefused
        If the count is not a part of the base, or the reference not a fraction.

    References
    ----------
    Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the
    binomial. Biometrika 26, 404-413. Conover WJ (1971). Practical nonparametric statistics. Wiley, 97-104.
    """
    k, n = part_of(count, base)
    return float(binomtest(k, n, share(reference, "denominator share")).pvalue)


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p-values of a family: the false discovery rate at which each would be called a discovery.

    Parameters
    ----------
    p
        p-values of all comparisons of the family [0 to 1]; NaN for one that could not be made.

    Returns
    -------
    list of float
        In the same order; NaN stays NaN and is not counted in the family.

    Raises
    ------
    DataRefused
        If a p-value lies outside 0 to 1.

    References
    ----------
    Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate: a practical and powerful approach
    to multiple testing. Journal of the Royal Statistical Society B 57, 289-300.
    """
    made = sorted(
        ((share(value, "p"), at) for at, value in enumerate(p) if not math.isnan(value)), reverse=True
    )
    adjusted, least = [math.nan] * len(p), 1.0
    for rank, (value, at) in zip(range(len(made), 0, -1), made, strict=True):
        least = min(least, value * len(made) / rank)
        adjusted[at] = least
    return adjusted
