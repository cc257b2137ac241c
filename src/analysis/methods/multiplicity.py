"""Many comparisons: an exact test of each, and the p-values of a declared family adjusted together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

from scipy.stats import binomtest

from analysis.errors import UsageError, one_of
from analysis.methods.inputs import level, part_of, require_columns, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Kind = Literal["confirmatory", "exploratory"]
KINDS: Final = ("confirmatory", "exploratory")
"""Families asked before the data were looked at, and searches."""


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


def holm(p: Sequence[float]) -> list[float]:
    """Adjusted p-values of a family: the error rate of the whole family at which each would be called real.

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
    Holm S (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics 6, 65-70.
    """
    made = sorted((share(value, "p"), at) for at, value in enumerate(p) if not math.isnan(value))
    adjusted, most = [math.nan] * len(p), 0.0
    for rank, (value, at) in enumerate(made):
        most = max(most, min(1.0, value * (len(made) - rank)))
        adjusted[at] = most
    return adjusted


def with_family(frame: pd.DataFrame, kind: Kind, *, p: str = "p", confidence: float = 0.95) -> pd.DataFrame:
    """Add to each row what its p-value is worth in the family that all rows make up.

    Parameters
    ----------
    frame
        All comparisons of one declared family, those that were not remarkable too, and those that could not
        be made.
    kind
        "confirmatory" for a question asked before the data were looked at (Holm decides), "exploratory" for
        a search (Benjamini and Hochberg decide).
    p
        Column of p-values.
    confidence
        One less the error rate of the family, or the false discovery rate [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``<p>_holm``, ``<p>_bh``, ``family`` (the kind),
        ``comparisons`` (how many were made) and ``stands``, whether the rule of that kind lets it stand.

    Raises
    ------
    UsageError
        If the column is absent, or the kind is not one of the two.
    DataRefused
        If a p-value lies outside 0 to 1.

    References
    ----------
    As for `holm` and `benjamini_hochberg`.
    """
    require_columns(frame, [p], where="with_family")
    if kind not in KINDS:
        raise UsageError(f'"{kind}" is not a kind of family', where="with_family", cure=one_of(kind, KINDS))
    values = [float(value) for value in frame[p]]
    adjusted = {"confirmatory": holm(values), "exploratory": benjamini_hochberg(values)}
    error = 1 - level(confidence)
    return frame.assign(
        **{
            f"{p}_holm": adjusted["confirmatory"],
            f"{p}_bh": adjusted["exploratory"],
            "family": kind,
            "comparisons": sum(not math.isnan(value) for value in values),
            "stands": [value < error for value in adjusted[kind]],
        }
    )
