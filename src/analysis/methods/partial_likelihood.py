"""Cox's partial likelihood with entry and tied days (Efron): its value, slope, curvature and residuals.

`statsmodels` counts who comes into view on a day as at risk for that day's exits, and gives the residuals of
Breslow's ties for a fit with Efron's; so both are computed here, and agree with it where there is no entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.methods.followup import FollowUp

STEPS: Final = 30
HALVINGS: Final = 12
CLOSE: Final = 1e-9


@dataclass(frozen=True)
class Likelihood:
    """The partial likelihood at given coefficients.

    Parameters
    ----------
    loglik
        Its logarithm.
    score
        Slope [coefficients].
    information
        Minus the curvature [coefficients × coefficients].
    days
        Day of each exit [exits].
    schoenfeld
        What the one who left had above the mean of those at risk [exits × coefficients].
    curvatures
        Share of each exit in the information [exits × coefficients × coefficients].
    per_row
        Share of each row in the score [rows × coefficients].
    """

    loglik: float
    score: np.ndarray
    information: np.ndarray
    days: np.ndarray
    schoenfeld: np.ndarray
    curvatures: np.ndarray
    per_row: np.ndarray


def partial_likelihood(x: np.ndarray, seen: FollowUp, beta: np.ndarray) -> Likelihood:
    """Return the partial likelihood of coefficients.

    Parameters
    ----------
    x
        Covariates [rows × coefficients], in the order of ``seen``.
    seen
        Durations.
    beta
        Coefficients.

    References
    ----------
    Cox DR (1972). Regression models and life-tables. Journal of the Royal Statistical Society B 34, 187-220.
    Efron B (1977). The efficiency of Cox's likelihood function for censored data. Journal of the American
    Statistical Association 72, 557-565. Therneau TM, Grambsch PM (2000). Modeling survival data: extending
    the Cox model. Springer, sections 3.3 and 4.6, appendix E (worked by hand, with entry and with ties).
    """
    linear = x @ beta
    linear = linear - (linear.max() if len(linear) else 0.0)
    weight, p = np.exp(linear), x.shape[1]
    loglik, per_row = 0.0, np.zeros(x.shape)
    schoenfeld, curvatures, days = [], [], []
    for day in seen.times():
        at = np.flatnonzero((seen.entry < day) & (seen.days >= day))
        gone = seen.ended[at] & (seen.days[at] == day)
        xa, wa, exits = x[at], weight[at], int(gone.sum())
        all_sums, own_sums = _sums(xa, wa), _sums(xa[gone], wa[gone])
        centre, curve = np.zeros(p), np.zeros((p, p))
        for drawn in range(exits):
            kept = drawn / exits
            size = all_sums[0] - kept * own_sums[0]
            mean = (all_sums[1] - kept * own_sums[1]) / size
            centre += mean / exits
            curve += (all_sums[2] - kept * own_sums[2]) / size - np.outer(mean, mean)
            loglik -= float(np.log(size))
            expected = wa * np.where(gone, 1 - kept, 1.0) / size
            per_row[at] += (xa - mean) * (gone / exits - expected)[:, None]
        loglik += float(linear[at][gone].sum())
        schoenfeld.append(xa[gone] - centre)
        curvatures.extend([curve / exits] * exits)
        days.extend([day] * exits)
    residuals = np.concatenate(schoenfeld) if schoenfeld else np.zeros((0, p))
    curved = np.array(curvatures).reshape(len(days), p, p)
    return Likelihood(
        loglik, residuals.sum(axis=0), curved.sum(axis=0), np.array(days), residuals, curved, per_row
    )


def _sums(x: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    weighted = x * weight[:, None]
    return float(weight.sum()), weighted.sum(axis=0), weighted.T @ x


def maximum(x: np.ndarray, seen: FollowUp) -> tuple[np.ndarray, Likelihood] | None:
    """Return the coefficients of greatest partial likelihood, or None where there is no finite maximum.

    Parameters
    ----------
    x
        Covariates [rows × coefficients], of full rank.
    seen
        Durations, with at least one exit.

    References
    ----------
    Newton's method with halved steps, as in Therneau and Grambsch (2000), section 3.1.
    """
    beta = np.zeros(x.shape[1])
    now = partial_likelihood(x, seen, beta)
    for _ in range(STEPS):
        if np.linalg.cond(now.information) > 1 / CLOSE:
            return None
        step = np.linalg.solve(now.information, now.score)
        if float(now.score @ step) < CLOSE:
            return beta, now
        for halving in range(HALVINGS):
            ahead = partial_likelihood(x, seen, beta + step / 2**halving)
            if ahead.loglik > now.loglik - CLOSE:
                beta, now = beta + step / 2**halving, ahead
                break
        else:
            return None
    return None
