"""Funnel limits against exact binomial tails, over-dispersion against scipy, and zero counts."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from scipy.stats.mstats import winsorize

from analysis.errors import DataRefused
from analysis.methods.funnel import binomial_limit, funnel, funnel_limits, overdispersion

CENTRES = st.floats(0.01, 0.99)


@given(st.integers(1, 400), CENTRES, st.data())
def test_an_area_is_outside_exactly_when_its_tail_is(base, centre, data):
    """Below the lower limit if and only if P(X <= count) is under 2.5%, and the mirror of it above."""
    count = data.draw(st.integers(0, base))
    limits = funnel_limits([base], centre).iloc[0]
    below, above = binom.cdf(count, base, centre), binom.sf(count - 1, base, centre)
    for tail, low, high in ((0.025, "low95", "high95"), (0.001, "low998", "high998")):
        if abs(below - tail) > 1e-9:
            assert (count / base < limits[low]) == (below < tail)
        if abs(above - tail) > 1e-9:
            assert (count / base > limits[high]) == (above < tail)


@given(CENTRES)
def test_limits_close_in_as_areas_grow_and_enclose_the_centre(centre):
    """And the 99.8% limits lie outside the 95% ones."""
    limits = funnel_limits([20, 200, 2000], centre)
    assert (limits["low998"] <= limits["low95"]).all()
    assert (limits["low95"] <= centre).all()
    assert (limits["high95"] >= centre).all()
    assert (limits["high998"] >= limits["high95"]).all()
    assert (limits["high95"] - limits["low95"]).is_monotonic_decreasing


def test_large_areas_have_the_normal_limits():
    """At a million people the exact limit is 1.96 standard errors away."""
    limits = funnel_limits([1_000_000], 0.3).iloc[0]
    error = math.sqrt(0.3 * 0.7 / 1_000_000)
    assert limits["high95"] == pytest.approx(0.3 + 1.96 * error, abs=0.002 * error + 1e-6)
    assert limits["low998"] == pytest.approx(0.3 - 3.09 * error, abs=0.01 * error + 1e-6)


@given(st.lists(st.floats(-8, 8), min_size=1, max_size=60))
def test_winsorising_agrees_with_scipy(z):
    """The factor is the mean square of scipy's winsorised scores, unless chance explains it."""
    factor = float(np.mean(np.asarray(winsorize(np.array(z), (0.1, 0.1))) ** 2))
    assert overdispersion(z) == pytest.approx(factor if factor > 1 + 2 * math.sqrt(2 / len(z)) else 1)


def test_areas_that_differ_by_chance_alone_are_not_called_over_dispersed():
    """Forty areas drawn from one binomial keep a factor of 1, and few lie outside."""
    random = np.random.default_rng(7)
    base = random.integers(30, 500, 40)
    result = funnel(pd.DataFrame({"count": random.binomial(base, 0.2), "base": base}))
    assert result["dispersion"].eq(1).all()
    assert result["position"].ne("within limits").sum() <= 4


def test_areas_that_truly_differ_widen_the_limits():
    """The square root of the factor multiplies the distance from the centre."""
    plain, wide = funnel_limits([100], 0.5).iloc[0], funnel_limits([100], 0.5, dispersion=4).iloc[0]
    assert wide["high95"] - 0.5 == pytest.approx(2 * (plain["high95"] - 0.5))


def test_every_position_is_named():
    """Far and very far, on both sides, and within."""
    frame = pd.DataFrame({"count": [50, 39, 61, 30, 70], "base": [100] * 5})
    positions = funnel(frame.iloc[[0]], centre=0.5)["position"].tolist()
    assert positions == ["within limits"]
    for count, position in ((39, "below 95%"), (61, "above 95%"), (30, "below 99.8%"), (70, "above 99.8%")):
        calm = pd.DataFrame({"count": [count, *[50] * 40], "base": [100] * 41})
        assert funnel(calm, centre=0.5)["position"].iloc[0] == position


def test_none_anywhere_is_a_result():
    """All areas at zero: limits at zero, nobody outside, no division by zero."""
    result = funnel(pd.DataFrame({"count": [0, 0], "base": [10, 2000]}))
    assert result[["share", "centre", "z", "low95", "high998"]].eq(0).all(axis=None)
    assert result["position"].eq("within limits").all()


def test_a_zero_among_large_areas_is_seen():
    """None of 400 where a tenth is usual lies below; none of 8 does not."""
    frame = pd.DataFrame({"count": [0, 0, *[40] * 30], "base": [400, 8, *[400] * 30]})
    assert funnel(frame)["position"].tolist()[:2] == ["below 99.8%", "within limits"]


def test_unknown_areas_stay_in_place_without_a_position():
    """Rows, order and other columns are kept; the unknown is not judged."""
    frame = pd.DataFrame(
        {"area": ["x", "y", "z"], "count": [3, None, 5], "base": [10, 10, 10], "tier": "reference"},
        index=[7, 3, 5],
    )
    result = funnel(frame)
    pd.testing.assert_frame_equal(result[frame.columns.tolist()], frame)
    assert result["position"].tolist() == ["within limits", "", "within limits"]
    assert np.isnan(result.loc[3, "share"])


def test_nothing_known_is_refused_with_a_cure():
    """And so are limits narrower than chance, and scores of no area."""
    with pytest.raises(DataRefused, match="no area has a count and a base"):
        funnel(pd.DataFrame({"count": [None], "base": [10]}))
    with pytest.raises(DataRefused, match="below 1"):
        funnel_limits([10], 0.5, dispersion=0.5)
    with pytest.raises(DataRefused, match="there is no area"):
        overdispersion([])


@pytest.mark.parametrize("centre", [0, 1])
def test_a_certain_centre_is_its_own_limit(centre):
    """A share of nobody or everybody has no spread."""
    assert binomial_limit(50, centre, 0.025) == centre
