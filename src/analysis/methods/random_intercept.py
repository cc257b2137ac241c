"""A logistic model whose strata differ by a random intercept: maximum likelihood on grouped counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import expit, log_expit
from scipy.stats import chi2

from analysis.errors import DataRefused
from analysis.methods.inputs import level

POINTS: Final = 21
"""Quadrature points of each stratum, placed round its own mode."""

WIDEST: Final = 20.0
"""Standard deviation on the log odds scale beyond which strata count as without any bound."""

_NODES, _WEIGHTS = np.polynomial.hermite.hermgauss(POINTS)
_MODE_STEPS: Final = 60
_GAIN: Final = 1e-7
_CLIMB: Final = 100
_FLAT: Final = 1e-9
_UNSETTLED: Final = 1e-3


class NotSettled(DataRefused):
    """Strata say too little of how much they differ for their likelihood to have a maximum."""


@dataclass(frozen=True)
class Counts:
    """Counts in cells, each of which belongs to one stratum.

    Parameters
    ----------
    count, base
        People with the outcome, and people [cells]; may be fractions, as effective numbers are.
    design
        Cells by terms, the constant among them.
    stratum
        Codes from 0 of the strata [cells].
    """

    count: np.ndarray
    base: np.ndarray
    design: np.ndarray
    stratum: np.ndarray


@dataclass(frozen=True)
class Fit:
    """A model fitted.

    Parameters
    ----------
    coefficients
        Log odds [terms].
    sd
        Standard deviation of the strata's intercepts [log odds].
    log_likelihood
        Without the binomial constant.
    """

    coefficients: np.ndarray
    sd: float
    log_likelihood: float

    @property
    def variance(self) -> float:
        """Variance between strata [log odds squared]."""
        return self.sd**2


def log_likelihood(data: Counts, coefficients: np.ndarray, sd: float) -> float:
    """Log-likelihood with the random intercepts integrated out, without the binomial constant.

    Parameters
    ----------
    data
        The counts.
    coefficients, sd
        As in `Fit`.

    Returns
    -------
    float
        By adaptive Gauss-Hermite quadrature with 21 points.

    References
    ----------
    Pinheiro JC, Bates DM (1995). Approximations to the log-likelihood function in the nonlinear mixed-effects
    model. Journal of Computational and Graphical Statistics 4, 12-35.
    """
    return _integrated(data, coefficients, sd)[0]


def _integrated(data: Counts, coefficients: np.ndarray, sd: float) -> tuple[float, np.ndarray, float]:
    """Return the log-likelihood and its derivatives by the coefficients and the standard deviation."""
    linear, strata = data.design @ coefficients, int(data.stratum.max()) + 1
    mode, spread = _modes(data, linear, sd, strata)
    at = mode[:, None] + math.sqrt(2) * spread[:, None] * _NODES
    eta = linear[:, None] + sd * at[data.stratum]
    each = data.count[:, None] * log_expit(eta) + (data.base - data.count)[:, None] * log_expit(-eta)
    joint = _summed(each, data.stratum, strata) - at**2 / 2
    terms = joint + _NODES**2 + np.log(_WEIGHTS)
    top = terms.max(axis=1)
    parts = np.exp(terms - top[:, None])
    weight = parts / parts.sum(axis=1, keepdims=True)
    value = float((top + np.log(parts.sum(axis=1) * spread)).sum()) - strata * math.log(math.pi) / 2
    residual = data.count[:, None] - data.base[:, None] * expit(eta)
    slope = data.design.T @ (residual * weight[data.stratum]).sum(axis=1)
    return value, slope, float((_summed(residual, data.stratum, strata) * at * weight).sum())


def _modes(data: Counts, linear: np.ndarray, sd: float, strata: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each stratum's most likely standard normal deviate, and the spread round it."""
    mode, longest, before = np.zeros(strata), np.ones(strata), np.zeros(strata)
    for _ in range(_MODE_STEPS):
        chance = expit(linear + sd * mode[data.stratum])
        score = sd * _summed(data.count - data.base * chance, data.stratum, strata) - mode
        bend = sd**2 * _summed(data.base * chance * (1 - chance), data.stratum, strata) + 1
        # Far from the mode the curve is flat and Newton's step too long; one that turned back is halved.
        longest = np.where(score * before < 0, longest / 2, longest)
        step = np.clip(score / bend, -longest, longest)
        mode, before = mode + step, score
        if np.abs(step).max() < 1e-10:
            break
    chance = expit(linear + sd * mode[data.stratum])
    bend = sd**2 * _summed(data.base * chance * (1 - chance), data.stratum, strata) + 1
    return mode, 1 / np.sqrt(bend)


def _summed(values: np.ndarray, stratum: np.ndarray, strata: int) -> np.ndarray:
    if strata == len(stratum):
        return values[np.argsort(stratum)]
    total = np.zeros((strata, *values.shape[1:]))
    np.add.at(total, stratum, values)
    return total


def fit(data: Counts, *, sd: float | None = None, start: Fit | None = None) -> Fit:
    """Maximise the likelihood.

    Parameters
    ----------
    data
        The counts; terms are not separated and do not depend on each other.
    sd
        Standard deviation to hold; None to estimate it.
    start
        A fit to start from.

    Returns
    -------
    Fit
        A standard deviation of 0 where strata differ no more than chance would make them.

    Raises
    ------
    NotSettled
        If the search does not settle, as with a person or two in every stratum.

    References
    ----------
    As for `log_likelihood`.
    """
    first = np.zeros(data.design.shape[1]) if start is None else start.coefficients
    if sd is not None:
        return _held(data, first, sd)
    none = _held(data, first, 0.0)
    guesses = (0.3, 1.0) if start is None or start.sd == 0 else (start.sd,)
    some = [_free(data, none.coefficients, one) for one in guesses]
    best = max(some, key=lambda one: one.log_likelihood)
    return best if best.log_likelihood > none.log_likelihood + _GAIN else none


def _held(data: Counts, start: np.ndarray, sd: float) -> Fit:
    """Climb with the terms' information, which is close to the curvature, until the slope is nought."""
    at, (value, slope, _) = start, _integrated(data, start, sd)
    for _ in range(_CLIMB):
        if np.abs(slope).max() < _FLAT * max(1.0, float(data.base.sum())):
            return Fit(at, sd, value)
        step = np.linalg.solve(_information(data, at, sd), slope)
        step *= min(1.0, 5 / float(np.abs(step).max()))
        for _ in range(_CLIMB):
            moved, tilt, _ = _integrated(data, at + step, sd)
            if moved > value - 1e-12 * abs(value):
                break
            step = step / 2
        if moved <= value + 1e-13 * abs(value):
            return Fit(at + step, sd, moved)
        at, value, slope = at + step, moved, tilt
    raise _unsettled()


def _free(data: Counts, start: np.ndarray, guess: float) -> Fit:
    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope, tilt = _integrated(data, at[:-1], at[-1])
        return -value, -np.append(slope, tilt)

    found = minimize(
        loss, np.append(start, guess), jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 500}
    )
    if not np.isfinite(found.fun) or np.abs(found.jac).max() > _UNSETTLED * max(1.0, float(data.base.sum())):
        raise _unsettled()
    return Fit(found.x[:-1], abs(float(found.x[-1])), -float(found.fun))


def _unsettled() -> NotSettled:
    return NotSettled(
        "the likelihood of the strata did not settle at a maximum",
        where="random_intercept",
        cure="Use fewer characteristics, or leave out strata with hardly anybody in them.",
    )


def _information(data: Counts, coefficients: np.ndarray, sd: float) -> np.ndarray:
    """Information about the terms, with the intercepts at their modes and allowed for."""
    strata = int(data.stratum.max()) + 1
    linear = data.design @ coefficients
    mode, _ = _modes(data, linear, sd, strata)
    chance = expit(linear + sd * mode[data.stratum])
    weight = data.base * chance * (1 - chance)
    within = _summed(data.design * weight[:, None], data.stratum, strata)
    shrink = sd**2 / (1 + sd**2 * _summed(weight, data.stratum, strata))
    return np.asarray(data.design.T @ (data.design * weight[:, None]) - within.T @ (within * shrink[:, None]))


def restricted(data: Counts, held: Fit) -> float:
    """Profile log-likelihood of a standard deviation, adjusted for the terms that were estimated with it.

    Parameters
    ----------
    data
        The counts.
    held
        The fit with that standard deviation held.

    Returns
    -------
    float
        Less half the log determinant of the terms' information. Without it, the variance between few strata
        is underestimated, the more so the more terms there are.

    References
    ----------
    Cox DR, Reid N (1987). Parameter orthogonality and approximate conditional inference. Journal of the Royal
    Statistical Society B 49, 1-39. Patterson HD, Thompson R (1971). Recovery of inter-block information when
    block sizes are unequal. Biometrika 58, 545-554.
    """
    information = _information(data, held.coefficients, held.sd)
    return held.log_likelihood - float(np.linalg.slogdet(information)[1]) / 2


@dataclass(frozen=True)
class Spread:
    """How much strata differ.

    Parameters
    ----------
    found
        The model at the most likely spread.
    low, high
        Limits of its variance [log odds squared]; ``high`` may be infinite.
    p
        That strata do not differ [0 to 1].
    """

    found: Fit
    low: float
    high: float
    p: float


def spread(data: Counts, confidence: float = 0.95) -> Spread:
    """Estimate the variance between strata by restricted likelihood.

    Parameters
    ----------
    data
        The counts; terms are not separated and do not depend on each other.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Spread
        The limits are those of the adjusted profile likelihood: 0 where no difference at all cannot be ruled
        out, infinite where nothing bounds it. The p-value is that of its ratio, halved, since a variance
        cannot be below 0.

    Raises
    ------
    NotSettled
        If the search does not settle, as with a person or two in every stratum.

    References
    ----------
    As for `restricted`. Self SG, Liang K-Y (1987). Asymptotic properties of maximum likelihood estimators and
    likelihood ratio tests under nonstandard conditions. Journal of the American Statistical Association 82,
    605-610.
    """
    start = fit(data)

    def at(sd: float) -> float:
        return restricted(data, fit(data, sd=sd, start=start))

    none, top = at(0.0), max(3 * start.sd, 1.0)
    best = minimize_scalar(lambda sd: -at(sd), bounds=(0.0, top), method="bounded", options={"xatol": 1e-5})
    sd, most = (float(best.x), -float(best.fun)) if -best.fun > none + _GAIN else (0.0, none)
    drop = float(chi2.ppf(level(confidence), 1)) / 2
    low = 0.0 if most - none <= drop else float(brentq(lambda one: most - at(one) - drop, 0.0, sd, xtol=1e-6))
    outer = max(2 * sd, 0.5)
    while outer < WIDEST and most - at(outer) < drop:
        outer *= 2
    high = (
        math.inf
        if outer >= WIDEST
        else float(brentq(lambda one: most - at(one) - drop, sd, outer, xtol=1e-6))
    )
    p = float(chi2.sf(2 * (most - none), 1)) / 2 if sd else 1.0
    return Spread(fit(data, sd=sd, start=start), low**2, high**2, p)


def joint_modes(data: Counts, coefficients: np.ndarray, sd: float) -> tuple[np.ndarray, np.ndarray]:
    """Most likely terms and intercepts of the strata together, and their covariance, for one spread.

    Parameters
    ----------
    data
        The counts.
    coefficients
        Where to start.
    sd
        Standard deviation of the strata [above 0].

    Returns
    -------
    tuple of ndarray
        Terms and then intercepts [log odds], and the inverse of the curvature at them, which carries the
        uncertainty of the terms into each stratum's prediction.

    References
    ----------
    Breslow NE, Clayton DG (1993). Approximate inference in generalized linear mixed models. Journal of the
    American Statistical Association 88, 9-25, section 2.
    """
    strata, terms = int(data.stratum.max()) + 1, data.design.shape[1]
    rows = np.hstack([data.design, np.eye(strata)[data.stratum]])
    pull = np.append(np.zeros(terms), np.full(strata, sd**-2))
    at = np.append(coefficients, np.zeros(strata))
    for _ in range(_MODE_STEPS):
        chance = expit(rows @ at)
        score = rows.T @ (data.count - data.base * chance) - pull * at
        bend = rows.T @ (rows * (data.base * chance * (1 - chance))[:, None]) + np.diag(pull)
        step = np.linalg.solve(bend, score)
        at = at + step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-300))
        if np.abs(step).max() < 1e-10:
            break
    return at, np.linalg.inv(bend)
