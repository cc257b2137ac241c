"""Representation ratios: coverage by simulation, the delta method as the large-sample check, corners."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.errors import DataRefused
from analysis.methods.estimate import Estimate
from analysis.methods.proportions import proportion, wilson
from analysis.methods.ratios import ratio_of, representation_ratio, with_ratios

PAIRS = st.integers(2, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
KNOWN = st.floats(0.01, 1)


@given(PAIRS, KNOWN)
def test_a_known_denominator_only_scales(pair, known):
    """Share and limits divided by one number."""
    share, ratio = proportion(*pair), representation_ratio(*pair, known)
    expected = (share.value / known, share.low / known, share.high / known)
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(expected, abs=1e-12)


@given(PAIRS, KNOWN, st.floats(0, 0.4))
def test_error_in_the_denominator_widens_the_interval(pair, known, error):
    """A survey denominator never gives a narrower interval than a census one."""
    bounded = Estimate(known, known * (1 - error), min(known * (1 + error), 1.0))
    certain, surveyed = representation_ratio(*pair, known), representation_ratio(*pair, bounded)
    assert surveyed.low <= certain.low + 1e-12
    assert certain.high <= surveyed.high + 1e-12
    assert surveyed.low <= surveyed.value <= surveyed.high


def test_large_samples_agree_with_the_log_delta_method():
    """Where both are valid, variance recovery and the delta method on the log scale agree to 1%."""
    theirs = confint_proportions_2indep(900, 4000, 1500, 5000, compare="ratio", method="log")
    ours = representation_ratio(900, 4000, wilson(1500, 5000))
    assert (ours.low, ours.high) == pytest.approx(theirs, rel=0.01)


def test_it_comes_close_to_the_score_interval_in_small_samples():
    """Inverting Koopman's score test needs a search; the closed form stays within 4%."""
    for counts in ((36, 40, 16, 80), (5, 40, 12, 90), (2, 60, 30, 200)):
        theirs = confint_proportions_2indep(*counts, compare="ratio", method="score")
        ours = representation_ratio(*counts[:2], wilson(*counts[2:]))
        assert (ours.low, ours.high) == pytest.approx(theirs, rel=0.04)


def test_symmetric_intervals_give_fiellers_limits():
    """With equal distances to both limits the formula is Fieller's theorem, here by its quadratic."""
    a, b, sa, sb = 3.0, 5.0, 0.6, 0.8
    result = ratio_of(Estimate(a, a - sa, a + sa), Estimate(b, b - sb, b + sb))
    quadratic = [b**2 - sb**2, -2 * a * b, a**2 - sa**2]
    assert sorted((result.low, result.high)) == pytest.approx(sorted(np.roots(quadratic)))


@pytest.mark.parametrize(("p", "q", "n", "m"), [(0.05, 0.25, 220, 400), (0.02, 0.06, 150, 300)])
def test_simulated_coverage_is_near_the_level(p, q, n, m):
    """Of 1,000 simulated services and surveys, between 93% and 98% hold the true ratio."""
    random = np.random.default_rng(20221)
    service, survey = random.binomial(n, p, 1000), random.binomial(m, q, 1000)
    held = [
        result.low <= p / q <= result.high
        for k, j in zip(service.tolist(), survey.tolist(), strict=True)
        if j > 0
        for result in [representation_ratio(k, n, proportion(j, m))]
    ]
    assert 0.93 <= np.mean(held) <= 0.98


def test_none_in_the_service_is_a_ratio_of_nought_with_an_upper_limit():
    """Zero is a result: 0, and how large it could still be."""
    known = representation_ratio(0, 225, 0.25)
    assert (known.value, known.low) == (0, 0)
    assert known.high == pytest.approx((1 - 0.025 ** (1 / 225)) / 0.25)
    surveyed = representation_ratio(0, 225, wilson(25, 100))
    assert known.high < surveyed.high < math.inf


def test_a_denominator_that_could_be_nought_leaves_no_upper_limit():
    """And the lower limit still stands."""
    result = ratio_of(Estimate(0.5, 0.4, 0.6), Estimate(0.1, 0.0, 0.3))
    assert math.isinf(result.high)
    assert 0 < result.low < 5


def test_a_denominator_of_nought_is_refused():
    """Nothing is over- or under-represented against a group that is not there."""
    with pytest.raises(DataRefused, match="nothing can be divided by it"):
        representation_ratio(3, 10, 0)


def test_two_levels_of_confidence_do_not_mix():
    """A 90% survey interval in a 95% ratio is refused."""
    with pytest.raises(DataRefused, match="Compute both at one confidence"):
        representation_ratio(3, 10, wilson(1, 10, 0.9))


def test_rows_with_and_without_survey_error_share_a_frame():
    """A missing limit means a denominator known without error; a missing count stays missing."""
    frame = pd.DataFrame(
        {
            "count": [8, 8, None],
            "base": [100, 100, 100],
            "reference": [0.2, 0.2, 0.2],
            "from": [0.1, None, 0.1],
            "to": [0.3, None, 0.3],
            "tier": "published",
        }
    )
    result = with_ratios(frame, reference_low="from", reference_high="to")
    assert result["ratio_method"].tolist() == ["variance recovery (MOVER-R)", "Wilson, scaled", ""]
    assert result["ratio_high"][0] > result["ratio_high"][1]
    pd.testing.assert_frame_equal(result[frame.columns.tolist()], frame)
