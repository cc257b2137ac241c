"""Areas compared without a league table: a funnel of limits around the common share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import bdtr, bdtrik

from analysis.errors import DataRefused
from analysis.methods.inputs import part_of, positive, require_columns, share, whole
from analysis.methods.rows import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Vector = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

LEVELS: Final = {"95": 0.95, "998": 0.998}
"""Limits drawn, and the suffix of their columns: about two and three standard deviations."""

WINSORISED: Final = 0.1
"""Share of z-scores at each end that is pulled in before over-dispersion is judged."""


def binomial_limit(base: int, centre: float, probability: float) -> float:
    """Share that a binomial with this base and centre stays at or below with this probability.

    Parameters
    ----------
    base
        People in one area [whole number, 1 or more].
    centre
        Share common to all areas [fraction].
    probability
        0.025 for the lower 95% limit, 0.975 for the upper.

    Returns
    -------
    float
        A fraction from 0 to 1, interpolated between whole numbers of people so that limits are smooth.

    Raises
    ------
    DataRefused
        If the base is not a whole number above 0 or the centre not a fraction.

    References
    ----------
    Spiegelhalter DJ (2005). Funnel plots for comparing institutional performance. Statistics in Medicine 24,
    1185-1202, appendix A.1.1.
    """
    n, p = int(positive(whole(base, "base"), "base")), share(centre, "centre")
    if p in (0, 1):
        return float(p)
    r = _quantile(n, p, probability)
    at = float(bdtr(r, n, p))
    step = at - (float(bdtr(r - 1, n, p)) if r > 0 else 0.0)
    return min(max((r - (at - probability) / step) / n, 0.0), 1.0)


def _quantile(n: int, p: float, probability: float) -> int:
    # bdtrik inverts in floating point and may be one off; the loop settles the smallest r with F(r) > q.
    r = max(int(np.nan_to_num(bdtrik(probability, n, p))) - 1, 0)
    while float(bdtr(r, n, p)) <= probability and r < n:
        r += 1
    return r


def funnel_limits(bases: Iterable[int], centre: float, *, dispersion: float = 1.0) -> pd.DataFrame:
    """Limits of a funnel plot over a range of bases.

    Parameters
    ----------
    bases
        Sizes of area [people].
    centre
        Share common to all areas [fraction].
    dispersion
        Over-dispersion factor, 1 for none; limits lie its square root times as far from the centre.

    Returns
    -------
    DataFrame
        ``base`` [people], ``low95``, ``high95``, ``low998``, ``high998`` [fractions], one row a base. Without
        over-dispersion an area lies below (above) a limit exactly when the binomial probability of a count as
        low (as high) is under 2.5% or 0.1%.

    Raises
    ------
    DataRefused
        If a base is not a whole number above 0, or the dispersion is below 1.

    References
    ----------
    As for `binomial_limit` and `overdispersion`.
    """
    if dispersion < 1:
        raise DataRefused(
            f"dispersion is {dispersion:g}, below 1",
            where="funnel",
            cure="Limits are never drawn narrower than chance alone would make them.",
        )
    sizes = list(bases)
    limits: dict[str, list[float]] = {"base": [float(size) for size in sizes]}
    for name, level in LEVELS.items():
        tail = (1 - level) / 2
        low = [binomial_limit(size, centre, tail) for size in sizes]
        # From the complement, so that an area is above exactly when its upper tail is below the level.
        high = [1 - binomial_limit(size, 1 - centre, tail) for size in sizes]
        limits[f"low{name}"] = [_widened(limit, centre, dispersion) for limit in low]
        limits[f"high{name}"] = [_widened(limit, centre, dispersion) for limit in high]
    return pd.DataFrame(limits)


def _widened(limit: float, centre: float, dispersion: float) -> float:
    return min(max(centre + (limit - centre) * math.sqrt(dispersion), 0.0), 1.0)


def overdispersion(z: Sequence[float] | Vector, winsorise: float = WINSORISED) -> float:
    """Over-dispersion factor of areas, from their winsorised z-scores.

    Parameters
    ----------
    z
        Standardised distances of areas from the centre.
    winsorise
        Share of the scores at each end set to the nearest score that remains [0 to below 0.5].

    Returns
    -------
    float
        Mean square of the winsorised scores, or 1 where that is within two standard deviations of what
        chance gives, 1 + 2 sqrt(2 / areas).

    Raises
    ------
    DataRefused
        If there is no score.

    References
    ----------
    Spiegelhalter DJ (2005). Handling over-dispersion of performance indicators. Quality and Safety in Health
    Care 14, 347-351, and its appendix.
    """
    scores = np.sort(np.asarray(z, dtype=float))
    if not scores.size:
        raise DataRefused("there is no area", where="funnel", cure="Give at least one area.")
    ends = int(winsorise * scores.size)
    pulled = np.clip(scores, scores[ends], scores[-ends - 1])
    factor = float(np.mean(pulled**2))
    return factor if factor > 1 + 2 * math.sqrt(2 / scores.size) else 1.0


def funnel(
    frame: pd.DataFrame, count: str = "count", base: str = "base", *, centre: float | None = None
) -> pd.DataFrame:
    """Add to each area its share, the funnel's limits at its size, and where it lies.

    Parameters
    ----------
    frame
        One row an area, with its count and base [people].
    count, base
        Names of those columns.
    centre
        Share common to all areas [fraction]; by default that of all areas together.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``share``, ``centre`` [fractions], ``z``, ``dispersion``,
        ``low95``, ``high95``, ``low998``, ``high998`` [fractions, widened by the dispersion] and
        ``position``: "within limits", "above 95%", "above 99.8%", "below 95%", "below 99.8%", or "" where a
        number is not known. Columns of these names are replaced.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If no area has both numbers, or a count is not a part of its base.

    References
    ----------
    As for `binomial_limit` and `overdispersion`.
    """
    require_columns(frame, [count, base], where="funnel")
    known = frame[[count, base]].dropna()
    if known.empty:
        raise DataRefused("no area has a count and a base", where="funnel", cure="Choose another measure.")
    pairs = [part_of(k, n) for k, n in zip(known[count], known[base], strict=True)]
    k, n = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    middle = k.sum() / n.sum() if centre is None else share(centre, "centre")
    z = _scores(k / n, n, middle)
    dispersion = overdispersion(z)
    limits = funnel_limits([size for _, size in pairs], middle, dispersion=dispersion)
    points = limits.assign(share=k / n, centre=middle, z=z, dispersion=dispersion)
    points["position"] = [_position(row) for _, row in points.iterrows()]
    order = ["share", "centre", "z", "dispersion", *limits.columns.drop("base"), "position"]
    added = points.set_index(known.index)[order].reindex(frame.index)
    return joined(frame, added.fillna({"position": ""}))


def _scores(shares: Vector, bases: Vector, centre: float) -> Vector:
    # With a centre of 0 or 1 every area lies exactly on it, and there is no spread to divide by.
    spread = np.sqrt(centre * (1 - centre) / bases)
    scores: Vector = np.divide(shares - centre, spread, out=np.zeros_like(shares), where=spread > 0)
    return scores


def _position(row: pd.Series) -> str:
    for level, name in (("99.8%", "998"), ("95%", "95")):
        if row["share"] > row[f"high{name}"]:
            return f"above {level}"
        if row["share"] < row[f"low{name}"]:
            return f"below {level}"
    return "within limits"
