"""Quantiles and means of groups whose sizes are cells of the base, so that no group is got by subtraction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.disclosure.outputs.breakdown import Breakdown
from analysis.disclosure.outputs.content import MARKER, Content
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.outputs.magnitude import Amounts
from analysis.disclosure.outputs.settled import Settled, too_few
from analysis.disclosure.policy import Policy
from analysis.disclosure.population import Floats

Ints = np.ndarray[Any, np.dtype[np.int64]]

QUANTILES: Final = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
COUNTED: Final = {"count": "count", "known": "count"}
WORDS: Final = {"known": "With a known value", "mean": "Mean"}
DIGITS: Final = 2
"""Digits of a quantile that are shown, and never finer than a whole unit."""


def quantile(values: Floats, people: Ints, at: float, side: int) -> float:
    """Return a quantile that has enough survivors on each side of it, else NaN.

    Parameters
    ----------
    values
        One a row [any unit, none missing].
    people
        Survivor of each row.
    at
        Which quantile [0 to 1, neither].
    side
        Distinct survivors that must have a value at or below it, and at or above it.

    Returns
    -------
    float
        The quantile (linear between order statistics: Hyndman and Fan's type 7) to two digits and no finer
        than a whole unit, so that it is seldom anybody's own value.

    References
    ----------
    Griffiths E and others (2019), Handbook on Statistical Disclosure Control for Outputs, Safe Data Access
    Professionals, "Percentiles" and "Maxima and minima": a percentile is a count of those beyond it, and a
    maximum is one person. Hyndman RJ, Fan Y (1996). Sample quantiles in statistical packages. The American
    Statistician 50, 361-365.
    """
    heads = len(np.unique(people))
    if heads * min(at, 1 - at) < side:
        return math.nan
    found = float(np.quantile(values, at))
    below, above = (len(np.unique(people[beyond])) for beyond in (values <= found, values >= found))
    return _two_digits(found) if min(below, above) >= side else math.nan


def _two_digits(value: float) -> float:
    if value == 0:
        return 0.0
    places = DIGITS - 1 - math.floor(math.log10(abs(value)))
    return float(round(value, min(places, 0)))


def mean(values: Floats, people: Ints, confidence: float) -> tuple[float, float, float]:
    """Return a mean and its interval, rows of one survivor taken as a cluster.

    Parameters
    ----------
    values
        One a row [any unit, none missing].
    people
        Survivor of each row.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    tuple of float
        Mean and limits, in the unit of the values; Student's t with a degree of freedom less than survivors.

    References
    ----------
    Liang KY, Zeger SL (1986). Longitudinal data analysis using generalized linear models. Biometrika 73,
    13-22 (the robust variance of a mean). With one row each it is the usual interval.
    """
    centre, heads = float(values.mean()), len(np.unique(people))
    sums = np.bincount(np.unique(people, return_inverse=True)[1], weights=values - centre)
    error = math.sqrt(float((sums**2).sum()) * heads / (heads - 1)) / len(values)
    half = float(stdtrit(heads - 1, (1 + confidence) / 2)) * error
    return centre, centre - half, centre + half


@dataclass(frozen=True)
class Quantiles:
    """Quartiles of a number in each group."""

    split: Breakdown
    values: Floats
    unit: str

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return the quantiles that have enough survivors on each side."""
        if (nothing := too_few(settled, self.split)) is not None:
            return nothing
        rows = [self._row(settled, at, policy.quantile_side) for at in self.split.cells()]
        shown = dict.fromkeys(QUANTILES, self.unit)
        return settled.content(self.split, rows, formats={**COUNTED, **shown}, labels=WORDS)

    def _row(self, settled: Settled, at: Mapping[str, str], side: int) -> dict[str, Any]:
        found: dict[str, Any] = dict.fromkeys(QUANTILES, math.nan)
        chosen = self.split.rows(settled.population, at)
        people = settled.population.codes()[chosen]
        for name, share in QUANTILES.items():
            if settled.bears(self.split, at, math.ceil(side / min(share, 1 - share))):
                found[name] = quantile(self.values[chosen], people, share, side)
        found = {**settled.sizes(self.split, at), **found}
        lacking = any(pd.isna(one) for one in found.values())
        return {**at, **found, MARKER: settled.mark(self.split.key(at), lacking=lacking)}


@dataclass(frozen=True)
class Means:
    """The mean of a number in each group, with its interval."""

    split: Breakdown
    amounts: Amounts
    unit: str

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return the means that tell nobody's own number."""
        if (nothing := too_few(settled, self.split)) is not None:
            return nothing
        kept = self.amounts.released(settled, policy)
        rows = [self._row(settled, at, kept=self.split.key(at) in kept) for at in self.split.cells()]
        formats = {**COUNTED, **dict.fromkeys(("mean", "low", "high"), self.unit)}
        return settled.content(self.split, rows, formats=formats, labels=WORDS)

    def _row(self, settled: Settled, at: Mapping[str, str], *, kept: bool) -> dict[str, Any]:
        found: Sequence[float] = (math.nan, math.nan, math.nan)
        if kept:
            chosen = self.split.rows(settled.population, at)
            people = settled.population.codes()[chosen]
            found = mean(self.amounts.of(chosen), people, settled.terms.confidence)
        sizes = settled.sizes(self.split, at)
        numbers = dict(zip(("mean", "low", "high"), (round(one, 1) for one in found), strict=True))
        lacking = None in sizes.values() or not kept
        return {**at, **sizes, **numbers, MARKER: settled.mark(self.split.key(at), lacking=lacking)}
