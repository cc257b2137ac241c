"""Logistic regression with any number of outcomes, kept finite by a weak prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

PRIOR_SD: Final = 2.5
"""Spread of the normal prior of a coefficient, for a covariate of half a standard deviation, or a 0/1 one."""

INTERCEPT_SD: Final = 10.0
STEPS: Final = 50
CLOSE: Final = 1e-8


@dataclass(frozen=True)
class Logit:
    """A fitted regression.

    Parameters
    ----------
    coefficients
        Log odds of each outcome against the first [outcomes less one × columns].
    covariance
        Of the coefficients in one row [all × all].
    """

    coefficients: np.ndarray
    covariance: np.ndarray

    def drawn(self, random: np.random.Generator) -> Logit:
        """Return coefficients drawn from their approximate posterior."""
        flat = random.multivariate_normal(self.coefficients.ravel(), self.covariance, method="cholesky")
        return Logit(flat.reshape(self.coefficients.shape), self.covariance)

    def scores(self, x: np.ndarray) -> np.ndarray:
        """Return the log odds of every outcome against the first [rows × outcomes]."""
        return np.column_stack([np.zeros(len(x)), x @ self.coefficients.T])


def shares(scores: np.ndarray) -> np.ndarray:
    """Return probabilities from log odds [rows × outcomes]."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def design(frame: pd.DataFrame) -> np.ndarray:
    """Return an intercept, each number with mean 0 and spread one half, and a centred 0/1 column a level.

    Parameters
    ----------
    frame
        Covariates without missing values; the first level of each is left out.

    References
    ----------
    Gelman A (2008). Scaling regression inputs by dividing by two standard deviations. Statistics in
    Medicine 27, 2865-2873.
    """
    columns = [np.ones(len(frame))]
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            values, spread = column.to_numpy(dtype=float), float(column.std(ddof=0))
            columns.append((values - values.mean()) / (2 * spread) if spread > 0 else 0 * values)
        else:
            labels = column.astype(object)
            for one in list(labels.unique())[1:]:
                is_one = (labels == one).to_numpy(dtype=float)
                columns.append(is_one - is_one.mean())
    return np.column_stack(columns)


def fit(x: np.ndarray, outcome: np.ndarray, outcomes: int) -> Logit:
    """Fit the log odds of each outcome against the first.

    Parameters
    ----------
    x
        As `design` makes it [rows × columns].
    outcome
        Number of each row's outcome, from 0.
    outcomes
        How many there are.

    Returns
    -------
    Logit
        Coefficients of greatest posterior probability, and the inverse of the curvature there.

    References
    ----------
    Gelman A, Jakulin A, Pittau MG, Su YS (2008). A weakly informative default prior distribution for
    logistic and other regression models. Annals of Applied Statistics 2, 1360-1383; here with a normal
    prior of the same scale in place of their Cauchy, so that one Newton iteration a step will do.
    """
    p = x.shape[1]
    seen = np.eye(outcomes)[outcome][:, 1:]
    loose = np.tile([1 / INTERCEPT_SD**2, *[1 / PRIOR_SD**2] * (p - 1)], outcomes - 1)
    beta = np.zeros((outcomes - 1) * p)
    for _ in range(STEPS):
        likely = shares(Logit(beta.reshape(outcomes - 1, p), np.zeros(0)).scores(x))[:, 1:]
        slope = ((seen - likely).T @ x).ravel() - loose * beta
        curve = _curvature(x, likely) + np.diag(loose)
        step = np.linalg.solve(curve, slope)
        # A step is never longer than the log likelihood is close to quadratic.
        beta = beta + step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-300))
        if float(slope @ step) < CLOSE:
            break
    likely = shares(Logit(beta.reshape(outcomes - 1, p), np.zeros(0)).scores(x))[:, 1:]
    return Logit(beta.reshape(outcomes - 1, p), np.linalg.inv(_curvature(x, likely) + np.diag(loose)))


def _curvature(x: np.ndarray, likely: np.ndarray) -> np.ndarray:
    outcomes, p = likely.shape[1], x.shape[1]
    made = np.zeros((outcomes * p, outcomes * p))
    for one in range(outcomes):
        for other in range(outcomes):
            weight = likely[:, one] * ((one == other) - likely[:, other])
            made[one * p : (one + 1) * p, other * p : (other + 1) * p] = (x * weight[:, None]).T @ x
    return made
