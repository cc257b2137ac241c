"""What each stratum's share is likely to be, given its own people and how much strata differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.methods import random_intercept
from analysis.methods.random_intercept import Counts, Spread

SPREADS: Final = 16
"""Standard deviations between strata over which predictions are averaged."""

_BEYOND: Final = 1.6
_LEAST, _MOST = 0.5, 5.0


@dataclass(frozen=True)
class Predicted:
    """Means and standard deviations on the log odds scale, one item a cell.

    Parameters
    ----------
    whole, whole_sd
        Of the stratum: terms and intercept together.
    parts, parts_sd
        Of the terms alone.
    beyond, beyond_sd
        Of the intercept alone.
    """

    whole: np.ndarray
    whole_sd: np.ndarray
    parts: np.ndarray
    parts_sd: np.ndarray
    beyond: np.ndarray
    beyond_sd: np.ndarray


def predict(data: Counts, found: Spread) -> Predicted:
    """Predict every stratum, averaged over the spread between strata.

    Parameters
    ----------
    data, found
        What was fitted, and how much strata differ.

    Returns
    -------
    Predicted
        Small strata are drawn towards what their terms say, the more so the less strata differ. No single
        spread is taken for certain: each counts as far as the data bear it out, with all of them equally
        likely beforehand, so that strata are not called alike only because the best estimate of their
        spread is 0.

    References
    ----------
    Gelman A (2006). Prior distributions for variance parameters in hierarchical models. Bayesian Analysis 1,
    515-534: a uniform prior on the standard deviation. Rue H, Martino S, Chopin N (2009). Approximate
    Bayesian inference for latent Gaussian models by using integrated nested Laplace approximations. Journal
    of the Royal Statistical Society B 71, 319-392: the average over a grid.
    """
    top = float(np.clip(_BEYOND * np.sqrt(found.high), _LEAST, _MOST))
    spreads = (np.arange(SPREADS) + 0.5) * top / SPREADS
    terms, strata = data.design.shape[1], int(data.stratum.max()) + 1
    rows = np.hstack([data.design, np.eye(strata)[data.stratum]])
    split = np.arange(rows.shape[1]) < terms
    views = (rows, rows * split, rows * ~split)
    logs, means, variances = [], [], []
    for sd in spreads:
        held = random_intercept.fit(data, sd=float(sd), start=found.found)
        at, covariance = random_intercept.joint_modes(data, held.coefficients, float(sd))
        logs.append(random_intercept.restricted(data, held))
        means.append([view @ at for view in views])
        variances.append([np.einsum("ij,jk,ik->i", view, covariance, view) for view in views])
    weight = np.exp(np.array(logs) - max(logs))
    weight /= weight.sum()
    mean = np.tensordot(weight, np.array(means), 1)
    square = np.tensordot(weight, np.array(variances) + (np.array(means) - mean) ** 2, 1)
    sd_of = np.sqrt(square)
    return Predicted(mean[0], sd_of[0], mean[1], sd_of[1], mean[2], sd_of[2])
