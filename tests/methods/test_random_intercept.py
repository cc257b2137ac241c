"""The random-intercept model: lme4's published fit, brute-force integration, and the variance it recovers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from published_logistic import cbpp
from scipy.integrate import quad
from scipy.special import expit, xlogy
from scipy.stats import binom, norm
from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

from analysis.methods import random_intercept
from analysis.methods.random_intercept import Counts, Fit


def herds() -> Counts:
    frame = cbpp()
    periods = [frame["period"] == one for one in (2, 3, 4)]
    return Counts(
        frame["incidence"].to_numpy(dtype=float),
        frame["size"].to_numpy(dtype=float),
        np.column_stack([np.ones(len(frame)), *periods]).astype(float),
        frame["herd"].to_numpy() - 1,
    )


def made(rng: np.random.Generator, strata: int, people: int, sd: float, terms: int = 0) -> Counts:
    """SYNTHETIC strata of so many people each."""
    design = np.column_stack([np.ones(strata), rng.integers(0, 2, (strata, terms))]).astype(float)
    chance = expit(-0.5 + design[:, 1:].sum(axis=1) * 0.3 + rng.normal(0, sd, strata))
    base = np.full(strata, float(people))
    return Counts(rng.binomial(people, chance).astype(float), base, design, np.arange(strata))


def test_a_published_fit_is_reproduced():
    """R's lme4 on its own data (25 points): coefficients to 1e-5, deviance to nine digits."""
    data = herds()
    found = random_intercept.fit(data)
    published = [-1.39922533406847, -0.991407294757321, -1.12782184600404, -1.57946627431248]
    assert found.coefficients.tolist() == pytest.approx(published, abs=1e-5)
    assert found.sd == pytest.approx(0.6475, abs=5e-5)
    share = data.count / data.base
    saturated = (xlogy(data.count, share) + xlogy(data.base - data.count, 1 - share)).sum()
    assert 2 * (saturated - found.log_likelihood) == pytest.approx(100.010030538022, rel=1e-9)


@pytest.mark.parametrize("sd", [0.2, 1.0, 4.0])
def test_the_likelihood_is_the_integral(sd):
    """Each stratum integrated by brute force over its intercept."""
    data, at = herds(), np.array([-1.2, -0.8, -1.0, -1.5])
    total = 0.0
    for one in range(15):
        rows = data.stratum == one
        count, base, linear = data.count[rows], data.base[rows], data.design[rows] @ at

        def chance(u, count=count, base=base, linear=linear):
            return binom.pmf(count, base, expit(linear + sd * u)).prod() * norm.pdf(u)

        total += math.log(quad(chance, -8, 8, epsabs=0, epsrel=1e-10, limit=300)[0])
    constant = (binom.logpmf(data.count, data.base, 0.5) - data.base * math.log(0.5)).sum()
    assert random_intercept.log_likelihood(data, at, sd) + constant == pytest.approx(total, abs=2e-5)


def test_a_bayesian_fit_of_statsmodels_comes_to_the_same_place():
    """The mode of its posterior with wide priors: coefficients and spread within 0.05."""
    data = made(np.random.default_rng(12), 40, 100, 0.7, terms=1)
    rows = np.repeat(np.arange(40), 100)
    event = (np.arange(4000) % 100 < data.count[rows]).astype(float)
    members = (rows[:, None] == np.arange(40)).astype(float)
    theirs = BinomialBayesMixedGLM(
        event, data.design[rows], members, np.zeros(40, dtype=int), vcp_p=3, fe_p=10
    ).fit_map()
    ours = random_intercept.fit(data)
    assert ours.coefficients.tolist() == pytest.approx(theirs.fe_mean.tolist(), abs=0.05)
    assert ours.sd == pytest.approx(math.exp(theirs.vcp_mean[0]), abs=0.05)


def test_strata_that_do_not_differ_have_no_variance():
    """Equal shares in all: the estimate is 0, its test says 1, its upper limit is finite."""
    data = Counts(np.full(10, 20.0), np.full(10, 50.0), np.ones((10, 1)), np.arange(10))
    found = random_intercept.spread(data)
    assert (found.found.sd, found.low, found.p) == (0, 0, 1)
    assert 0 < found.high < 0.1


def test_strata_with_everything_or_nothing_have_no_upper_limit():
    """All or none of each stratum: nothing bounds how much they differ, and nothing crashes."""
    count = np.array([0.0, 3, 0, 3, 3, 0])
    found = random_intercept.spread(Counts(count, np.full(6, 3.0), np.ones((6, 1)), np.arange(6)))
    assert found.low > 0
    assert found.high == math.inf


def test_restricted_likelihood_recovers_a_variance_that_plain_likelihood_underrates():
    """Eighteen strata and five terms, 30 samples: the mean variance is near the planted one."""
    plain, ours, held = [], [], 0
    for seed in range(30):
        data = made(np.random.default_rng(seed), 18, 150, 0.5, terms=4)
        found = random_intercept.spread(data)
        plain.append(random_intercept.fit(data).variance)
        ours.append(found.found.variance)
        held += found.low <= 0.25 <= found.high
    assert np.mean(plain) < 0.21 < np.mean(ours) < 0.29
    assert held >= 25


def test_order_and_grouping_of_strata_do_not_matter():
    """A stratum in two cells, and strata in any order, give one answer."""
    data = made(np.random.default_rng(3), 12, 40, 0.6, terms=1)
    half = np.floor(data.count / 2)
    order = np.random.default_rng(1).permutation(24)
    split = Counts(
        np.append(half, data.count - half)[order],
        np.append(data.base / 2, data.base / 2)[order],
        np.vstack([data.design, data.design])[order],
        np.tile(np.arange(12), 2)[order],
    )
    one, two = random_intercept.fit(data), random_intercept.fit(split)
    assert two.coefficients.tolist() == pytest.approx(one.coefficients.tolist(), abs=1e-5)
    assert two.sd == pytest.approx(one.sd, abs=1e-5)


def test_the_joint_mode_has_no_slope():
    """At it, terms and intercepts balance; the curvature is that of small steps."""
    data = made(np.random.default_rng(9), 8, 30, 0.5, terms=1)
    found = Fit(np.zeros(2), 0.5, 0.0)
    at, covariance = random_intercept.joint_modes(data, found.coefficients, 0.5)

    def penalised(point):
        linear = data.design @ point[:2] + point[2:]
        return float(binom.logpmf(data.count, data.base, expit(linear)).sum() - (point[2:] ** 2).sum() / 0.5)

    steps = np.eye(10) * 1e-4
    slope = [(penalised(at + step) - penalised(at - step)) / 2e-4 for step in steps]
    assert slope == pytest.approx([0] * 10, abs=1e-5)
    bend = -np.array(
        [
            [
                (
                    penalised(at + a + b)
                    - penalised(at + a - b)
                    - penalised(at - a + b)
                    + penalised(at - a - b)
                )
                / 4e-8
                for b in steps
            ]
            for a in steps
        ]
    )
    assert np.linalg.inv(bend) == pytest.approx(covariance, rel=1e-2, abs=1e-3)
