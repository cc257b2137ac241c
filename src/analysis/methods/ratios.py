"""Representation ratios: how a group's share in a service compares with its share in a denominator."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.errors import DataRefused
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import level, positive, share
from analysis.methods.proportions import proportion
from analysis.methods.rows import columns, with_estimates

if TYPE_CHECKING:
    import pandas as pd


def ratio_of(top: Estimate, bottom: Estimate, confidence: float = 0.95) -> Estimate:
    """Ratio of two independent estimates, each with its own interval.

    The distances from each estimate to its limits are recovered as variances and combined as Fieller would
    (MOVER-R). No logarithm is taken, so a count of 0 needs no special rule, and with a bottom that is known
    without error the interval is that of the top, divided.

    Parameters
    ----------
    top, bottom
        Estimates in one unit; the bottom is above 0.
    confidence
        Level of both intervals and of the result [0 to 1].

    Returns
    -------
    Estimate
        Unit "ratio"; ``high`` is infinite if the bottom's interval reaches 0.

    Raises
    ------
    DataRefused
        If the bottom is 0.

    References
    ----------
    Donner A, Zou GY (2012). Closed-form confidence intervals for functions of the normal mean and standard
    deviation. Statistical Methods in Medical Research 21, 347-359. Newcombe RG (2016). MOVER-R confidence
    intervals for ratios and products of two independent quantities. Statistical Methods in Medical Research
    25, 1774-1778.
    """
    a, b = top.value, positive(bottom.value, "denominator share")
    down, up = (2 * a - top.low) * top.low, (2 * a - top.high) * top.high
    below, above = (2 * b - bottom.low) * bottom.low, (2 * b - bottom.high) * bottom.high
    # The lower limit is written without a difference of near-equal terms, so it holds for any bottom.
    low = 0.0 if top.low == 0 else down / (a * b + math.sqrt(max((a * b) ** 2 - down * above, 0.0)))
    high = math.inf if below <= 0 else (a * b + math.sqrt(max((a * b) ** 2 - up * below, 0.0))) / below
    certain = bottom.low == bottom.high
    method = f"{top.method}, scaled" if certain else "variance recovery (MOVER-R)"
    # A share of 0 or 1 is its own limit; rounding must not push the limit past it.
    ratio = a / b
    return Estimate(
        ratio, min(low, ratio), max(high, ratio), confidence, method, "ratio", top.count, top.base
    )


def representation_ratio(
    count: int, base: int, reference: float | Estimate, confidence: float = 0.95
) -> Estimate:
    """Share in the service divided by share in a denominator; 1 is parity, below 1 under-represented.

    Parameters
    ----------
    count, base
        The group, and all people, in the service [whole numbers].
    reference
        The group's share in the denominator [fraction]: a number where it is known without error, such as
        a census; an estimate at the same confidence where it is itself from a sample, such as a survey.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Estimate
        Unit "ratio". For a number, the Wilson or Clopper-Pearson interval scaled; for an estimate, wider by
        the denominator's own error.

    Raises
    ------
    DataRefused
        If the count is not a part of the base, the reference is 0 or not a fraction, or its interval was
        computed at another confidence.

    References
    ----------
    As for `ratio_of`, `analysis.methods.proportions.proportion`.
    """
    return ratio_of(proportion(count, base, confidence), _reference(reference, confidence), confidence)


def _reference(reference: float | Estimate, confidence: float) -> Estimate:
    if not isinstance(reference, Estimate):
        known = share(reference, "denominator share")
        return Estimate(known, known, known, confidence, "known")
    if reference.confidence != level(confidence):
        raise DataRefused(
            f"the denominator's interval is at {reference.confidence}, the ratio's at {confidence}",
            where="denominator share",
            cure="Compute both at one confidence.",
        )
    return reference


def with_ratios(
    frame: pd.DataFrame,
    count: str = "count",
    base: str = "base",
    reference: str = "reference",
    *,
    reference_low: str | None = None,
    reference_high: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Add to each row its `representation_ratio`.

    Parameters
    ----------
    frame
        With a column of counts, one of bases, and one of shares in the denominator [fractions].
    count, base, reference
        Names of those columns.
    reference_low, reference_high
        Columns with the limits of the denominator's share, where it is from a sample; a row in which both
        are missing is taken as known without error.
    confidence
        Level of all intervals [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``ratio``, ``ratio_low``, ``ratio_high`` and ``ratio_method``;
        NaN and "" where a number is not known.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a row's numbers are impossible.

    References
    ----------
    As for `representation_ratio`.
    """
    level(confidence)
    where = "with_ratios"
    counts, bases, shares = columns(frame, [count, base, reference], where=where)
    # A limit that is not given stands at the share itself: a denominator known without error.
    low, high = (
        shares if name is None else columns(frame, [name], where=where)[0].fillna(shares)
        for name in (reference_low, reference_high)
    )

    def estimator(k: int, n: int, middle: float, least: float, most: float) -> Estimate:
        known = Estimate(share(middle, "denominator share"), least, most, confidence)
        return representation_ratio(k, n, known, confidence)

    inputs = [counts, bases, shares, low, high]
    return with_estimates(frame, inputs, estimator, value="ratio", prefix="ratio_", where=where)
