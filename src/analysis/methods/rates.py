"""Rates of events for a population or a time, with Poisson intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.special import gammaincinv

from analysis.errors import DataRefused
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import level, normal_quantile, positive, whole
from analysis.methods.rows import columns, with_estimates

if TYPE_CHECKING:
    import pandas as pd

EXACT_BELOW = 10
"""Fewer events than this take the exact interval; Byar's is within 0.2% of it from here on."""


def byar(count: int, base: float, per: float = 100, confidence: float = 0.95) -> Estimate:
    """Rate with Byar's approximate Poisson interval.

    Parameters
    ----------
    count
        Events [whole number, 1 or more].
    base
        People, or person-years, among whom they happened [above 0].
    per
        Size of population that the rate is for.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Estimate
        Events per ``per``.

    Raises
    ------
    DataRefused
        If there is no event, or the base is not above 0.

    References
    ----------
    Breslow NE, Day NE (1987). Statistical methods in cancer research, volume II: the design and analysis of
    cohort studies. Lyon: International Agency for Research on Cancer, page 69.
    """
    k, z = whole(count, "count"), normal_quantile(confidence)
    if k == 0:
        raise DataRefused(
            "Byar's interval is not defined for no events", where="count", cure="Use exact_poisson or rate."
        )
    low = k * (1 - 1 / (9 * k) - z / (3 * math.sqrt(k))) ** 3
    high = (k + 1) * (1 - 1 / (9 * (k + 1)) + z / (3 * math.sqrt(k + 1))) ** 3
    events = Estimate(k, max(low, 0.0), high, confidence, "Byar", count=k, base=base)
    return events.scaled(*_per(base, per))


def exact_poisson(count: int, base: float, per: float = 100, confidence: float = 0.95) -> Estimate:
    """Rate with the exact Poisson interval.

    Parameters
    ----------
    count
        Events [whole number, 0 or more].
    base, per, confidence
        As in `byar`.

    Returns
    -------
    Estimate
        Events per ``per``.

    Raises
    ------
    DataRefused
        If the count is not whole, or the base is not above 0.

    References
    ----------
    Garwood F (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    """
    k, tail = whole(count, "count"), (1 - level(confidence)) / 2
    low = 0.0 if k == 0 else float(gammaincinv(k, tail))
    high = float(gammaincinv(k + 1, 1 - tail))
    events = Estimate(k, low, high, confidence, "exact Poisson", count=k, base=base)
    return events.scaled(*_per(base, per))


def rate(count: int, base: float, per: float = 100, confidence: float = 0.95) -> Estimate:
    """Rate by the rule of this project: Byar's interval at 10 events or more, exact below.

    Parameters
    ----------
    count, base, per, confidence
        As in `exact_poisson`.

    Returns
    -------
    Estimate
        Events per ``per``.

    Raises
    ------
    DataRefused
        If the count is not whole, or the base is not above 0.

    References
    ----------
    Office for Health Improvement and Disparities. Public health technical guidance: rates. As for `byar` and
    `exact_poisson`.
    """
    method = exact_poisson if whole(count, "count") < EXACT_BELOW else byar
    return method(count, base, per, confidence)


def with_rates(
    frame: pd.DataFrame,
    count: str = "count",
    base: str = "base",
    *,
    per: float = 100,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Add to each row its `rate`.

    Parameters
    ----------
    frame
        With a column of events and one of the population at risk.
    count, base
        Names of those columns.
    per, confidence
        As in `byar`.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``rate``, ``rate_low``, ``rate_high`` [events per ``per``] and
        ``rate_method``; NaN and "" where the count or the base is not known.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a row's numbers are impossible.

    References
    ----------
    As for `rate`.
    """
    level(confidence)
    return with_estimates(
        frame,
        columns(frame, [count, base], where="with_rates"),
        lambda k, n: rate(k, n, per, confidence),
        value="rate",
        prefix="rate_",
        where="with_rates",
    )


def _per(base: float, per: float) -> tuple[float, str]:
    return positive(per, "per") / positive(base, "base"), f"per {per:,g}"
