"""Firth's penalised likelihood: logistic regression that stays finite where outcomes are few or separated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import expit, log_expit
from scipy.stats import chi2

from analysis.errors import DataRefused
from analysis.methods.inputs import level, normal_quantile, part_of, require_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

METHOD: Final = "Firth, profile penalised likelihood"

_STEPS: Final = 200
_HALVINGS: Final = 30
_LONGEST_STEP: Final = 5.0
_SCORE: Final = 1e-12
_FURTHER: Final = 1.7
_AT_LIMIT: Final = 1e-10


@dataclass(frozen=True)
class Fit:
    """Maximum of the penalised likelihood, all of it or with one coefficient held.

    Parameters
    ----------
    coefficients
        Log odds ratios, the constant first if the design has one.
    covariance
        Inverse of the information at the maximum.
    log_likelihood
        Penalised log-likelihood, without the binomial constant.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    log_likelihood: float


@dataclass(frozen=True)
class Data:
    """Grouped binary outcomes.

    Parameters
    ----------
    events, trials
        One item a pattern of covariates; may be fractions, as effective numbers are.
    design
        Patterns by columns, the constant among them.
    """

    events: np.ndarray
    trials: np.ndarray
    design: np.ndarray


def fit(data: Data, *, held: tuple[int, float] | None = None, start: np.ndarray | None = None) -> Fit:
    """Maximise the likelihood times the square root of the information's determinant.

    Parameters
    ----------
    data
        Outcomes and design, of full column rank.
    held
        Position of a coefficient and the value it is held at; the penalty stays that of the whole model.
    start
        Coefficients to start from; 0 for all if not given.

    Returns
    -------
    Fit
        The estimates exist for any data, separated or not.

    Raises
    ------
    DataRefused
        If the columns of the design depend on each other, or the search does not settle.

    References
    ----------
    Firth D (1993). Bias reduction of maximum likelihood estimates. Biometrika 80, 27-38. Heinze G, Schemper
    M (2002). A solution to the problem of separation in logistic regression. Statistics in Medicine 21,
    2409-2419, section 2.
    """
    free = np.ones(data.design.shape[1], dtype=bool)
    at = np.zeros(len(free)) if start is None else start.astype(float)
    if held is not None:
        free[held[0]], at[held[0]] = False, held[1]
    value = _penalised(data, at)
    for _ in range(_STEPS):
        score, information, bend = _slopes(data, at)
        if not np.any(np.abs(score[free]) > _SCORE * max(1.0, float(data.trials.sum()))):
            return Fit(at, np.linalg.inv(information), value)
        step = np.zeros(len(free))
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], score[free])
        if step @ score <= 0:
            # Far from the maximum the curve can bend upwards; the information never does.
            step[free] = np.linalg.solve(information[np.ix_(free, free)], score[free])
        step *= min(1.0, _LONGEST_STEP / float(np.abs(step).max()))
        at, moved = _uphill(data, at, step, value)
        if moved <= value + 1e-14 * abs(value):
            return Fit(at, np.linalg.inv(information), max(moved, value))
        value = moved
    raise _unsettled()


def _unsettled() -> DataRefused:
    return DataRefused(
        "the penalised likelihood did not settle at a maximum",
        where="firth",
        cure="Check for columns on very different scales.",
    )


def _penalised(data: Data, at: np.ndarray) -> float:
    linear = data.design @ at
    likelihood = data.events @ log_expit(linear) + (data.trials - data.events) @ log_expit(-linear)
    weight = data.trials * expit(linear) * expit(-linear)
    sign, log_determinant = np.linalg.slogdet(data.design.T @ (data.design * weight[:, None]))
    return float(likelihood + log_determinant / 2) if sign > 0 else -np.inf


def _slopes(data: Data, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the modified score, the information, and the curvature of the penalised likelihood."""
    design, chance = data.design, expit(data.design @ at)
    spread = chance * (1 - chance)
    weight = data.trials * spread
    information = design.T @ (design * weight[:, None])
    try:
        inverse = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        raise _dependent() from None
    terms, pairs = design.shape[1], (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    reach = pairs @ inverse.ravel()
    tilt = weight * (1 - 2 * chance)
    score = design.T @ (data.events - data.trials * chance + reach * tilt / 2)
    thirds = inverse @ ((design * tilt[:, None]).T @ pairs).reshape(terms, terms, terms)
    fourths = design.T @ (design * (reach * weight * (1 - 6 * spread))[:, None])
    bend = information - (fourths - np.einsum("jab,kba->jk", thirds, thirds)) / 2
    return score, information, bend


def _uphill(data: Data, at: np.ndarray, step: np.ndarray, value: float) -> tuple[np.ndarray, float]:
    for _ in range(_HALVINGS):
        moved = _penalised(data, at + step)
        if moved > value:
            return at + step, moved
        step = step / 2
    return at, value


def _dependent() -> DataRefused:
    return DataRefused(
        "the terms depend on each other, so their coefficients cannot be told apart",
        where="firth",
        cure="Leave one of the terms out.",
    )


def profile(data: Data, whole: Fit, at: int, confidence: float = 0.95) -> tuple[Fit, Fit]:
    """Return the fits at both limits of a coefficient's profile penalised likelihood interval.

    Parameters
    ----------
    data, whole
        What was fitted, and the fit.
    at
        Position of the coefficient.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    tuple of Fit
        At the lower and at the upper limit, every other coefficient at its best there. Both limits are
        finite, for the penalty falls without bound on either side.

    Raises
    ------
    DataRefused
        As for `fit`.

    References
    ----------
    Heinze G, Schemper M (2002), as for `fit`, section 3.
    """
    drop = float(chi2.ppf(level(confidence), 1)) / 2
    reach = normal_quantile(confidence) * float(np.sqrt(whole.covariance[at, at]))
    lower, upper = (_limit(data, whole, at, drop, side * reach) for side in (-1, 1))
    return lower, upper


def _limit(data: Data, whole: Fit, at: int, drop: float, reach: float) -> Fit:
    """Return the fit where the profile has dropped enough; its slope is the held coefficient's score."""
    middle = float(whole.coefficients[at])
    inside, outside = 0.0, np.inf * reach
    shift, last = reach, whole
    for _ in range(_STEPS):
        try:
            last = fit(data, held=(at, middle + shift), start=last.coefficients)
        except DataRefused:  # so far out that chances round to 0 or 1
            shift = (inside + shift) / 2
            continue
        short = last.log_likelihood - (whole.log_likelihood - drop)
        if abs(short) < _AT_LIMIT:
            return last
        inside, outside = (shift, outside) if short > 0 else (inside, shift)
        slope = float(_slopes(data, last.coefficients)[0][at])
        shift -= short / slope if slope else 0.0
        if not min(inside, outside) < shift < max(inside, outside):
            shift = _FURTHER * inside if np.isinf(outside) else (inside + outside) / 2
    raise _unsettled()


def against_zero(data: Data, whole: Fit, at: int) -> tuple[float, float]:
    """Return the penalised likelihood ratio of a coefficient against 0, and its p-value.

    Parameters
    ----------
    data, whole
        What was fitted, and the fit.
    at
        Position of the coefficient.

    Returns
    -------
    tuple of float
        Chi-squared on one degree of freedom, and p [0 to 1].

    Raises
    ------
    DataRefused
        As for `fit`.

    References
    ----------
    Heinze G, Schemper M (2002), as for `fit`, section 3.
    """
    none = fit(data, held=(at, 0.0))
    ratio = max(2 * (whole.log_likelihood - none.log_likelihood), 0.0)
    return ratio, float(chi2.sf(ratio, 1))


def firth(
    frame: pd.DataFrame,
    outcome: str,
    terms: Sequence[str],
    *,
    base: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Fit a logistic regression by Firth's penalised likelihood.

    Parameters
    ----------
    frame
        One row a person, or a group of people who are alike in all terms.
    outcome
        Column of 0 and 1, or of counts where ``base`` is given.
    terms
        Columns of numbers; a constant is added.
    base
        Column of the people whom the count is of.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        One row a term, the constant first: ``term``, ``coefficient`` with ``coefficient_low`` and
        ``coefficient_high`` [log odds], ``odds_ratio`` with ``odds_ratio_low`` and ``odds_ratio_high``,
        ``chi_squared``, ``p`` and ``method``. Rows count as independent of each other.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a value is missing, an outcome is not a part of its base, or terms depend on each other.

    References
    ----------
    Firth D (1993). Bias reduction of maximum likelihood estimates. Biometrika 80, 27-38. Heinze G, Schemper
    M (2002). A solution to the problem of separation in logistic regression. Statistics in Medicine 21,
    2409-2419.
    """
    names = [outcome, *terms, *([base] if base else [])]
    require_columns(frame, names, where="firth")
    _check_complete(frame, names)
    trials = frame[base] if base else pd.Series(1, frame.index)
    for count, people in zip(frame[outcome], trials, strict=True):
        part_of(count, people)
    design = np.column_stack([np.ones(len(frame)), frame[list(terms)].to_numpy(dtype=float)])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise _dependent()
    data = Data(frame[outcome].to_numpy(dtype=float), trials.to_numpy(dtype=float), design)
    whole = fit(data)
    return pd.DataFrame(
        {"term": term, **_told(data, whole, at, confidence)} for at, term in enumerate(["constant", *terms])
    )


def _told(data: Data, whole: Fit, at: int, confidence: float) -> dict[str, float | str]:
    limits = [float(one.coefficients[at]) for one in profile(data, whole, at, confidence)]
    value, (ratio, p) = float(whole.coefficients[at]), against_zero(data, whole, at)
    numbers = {"coefficient": value, "coefficient_low": limits[0], "coefficient_high": limits[1]}
    odds = {name.replace("coefficient", "odds_ratio"): float(np.exp(one)) for name, one in numbers.items()}
    return {**numbers, **odds, "chi_squared": ratio, "p": p, "method": METHOD}


def _check_complete(frame: pd.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        if frame[name].isna().any():
            raise DataRefused(
                f'"{name}" is missing in some rows',
                where="firth",
                cure="Leave those rows out, and say how many they were.",
            )
