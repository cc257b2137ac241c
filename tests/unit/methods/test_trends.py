"""XmR and g-charts: limits, signals, gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import geom

from analysis.errors import DataRefused
from analysis.methods.trends import g_chart, xmr

SERIES = st.lists(st.integers(-1000, 1000), min_size=3, max_size=40)


def values(*numbers):
    """Return a series as a frame."""
    return pd.DataFrame({"value": numbers})


@given(SERIES, st.integers(-50, 50), st.integers(1, 9))
def test_limits_move_and_stretch_with_the_series(series, shift, factor):
    """Another unit gives the same chart in that unit, and the same signals unless a point is on a line."""
    one = xmr(values(*series))
    other = xmr(values(*[shift + factor * value for value in series]))
    for name in ("centre", "lower", "upper"):
        assert other[name].to_numpy() == pytest.approx(shift + factor * one[name].to_numpy())
    assert (one["lower"] <= one["centre"]).all()


@given(SERIES)
def test_a_series_read_backwards_has_the_same_limits(series):
    """Moving ranges do not know the direction of time."""
    one, other = xmr(values(*series)), xmr(values(*series[::-1]))
    assert other["upper"].iloc[0] == pytest.approx(one["upper"].iloc[0])


def test_a_stable_series_gives_few_signals():
    """Of 1,000 normal points about 0.3% lie outside; fewer than 2% here."""
    noise = np.random.default_rng(3).normal(50, 5, 1000)
    outside = xmr(values(*noise))["signal"].str.contains("outside")
    assert outside.mean() < 0.02


def test_seven_on_one_side_are_no_run_and_eight_are():
    """The rule is eight in a row."""
    assert not xmr(values(*[9] * 7, *[11] * 7))["signal"].str.contains("run").any()
    assert xmr(values(*[9] * 8, *[11] * 8))["signal"].str.contains("run of 8").all()


def test_a_point_on_the_centre_or_a_gap_ends_a_run():
    """Four, a missing value and four more are not eight in a row."""
    split = [9] * 4 + [None] + [9] * 4 + [11] * 4 + [10] + [11] * 4
    assert not xmr(values(*split))["signal"].str.contains("run").any()


def test_a_baseline_fixes_the_limits_before_the_change():
    """Later points are judged by the first, and do not move the limits."""
    frame = values(10, 12, 10, 12, 10, 12, 40)
    result = xmr(frame, baseline=6)
    assert result["centre"].iloc[0] == 11
    assert result["upper"].iloc[0] == pytest.approx(11 + 2.66 * 2)
    assert result["signal"].tolist()[-1] == "outside limits"


def test_the_lower_limit_stops_at_the_least_value_possible():
    """A count has no limit below 0."""
    assert xmr(values(0, 9, 1, 8), minimum=0)["lower"].eq(0).all()
    assert xmr(values(0, 9, 1, 8))["lower"].lt(0).all()


@pytest.mark.parametrize(("points", "trial"), [(11, True), (12, False)])
def test_limits_from_fewer_than_twelve_points_are_trial_limits(points, trial):
    """And missing points do not count."""
    frame = values(*range(points), None, None)
    assert xmr(frame)["trial"].eq(trial).all()


@pytest.mark.parametrize("series", [(1, 2), (1, None, 2, None, 3)])
def test_too_little_for_limits_is_refused(series):
    """Two points, or points of which none are neighbours."""
    with pytest.raises(DataRefused, match="has no limits"):
        xmr(values(*series))


def test_a_chart_keeps_rows_columns_and_provenance():
    """The frame comes back with its own columns first."""
    frame = pd.DataFrame({"quarter": list("abc"), "value": [1, 2, 3], "tier": "reference"}, index=[3, 1, 2])
    pd.testing.assert_frame_equal(xmr(frame)[frame.columns.tolist()], frame)


@given(st.floats(0.01, 0.9))
def test_g_limits_are_three_standard_deviations_of_a_geometric(p):
    """With gaps at their mean, the limit is the mean and three standard deviations of that distribution."""
    mean = geom(p).mean() - 1
    result = g_chart(pd.DataFrame({"between": [mean] * 5}))
    assert result["upper"].iloc[0] == pytest.approx(mean + 3 * geom(p).std())
    assert result["lower"].ge(0).all()


def test_gaps_must_be_known_and_enough():
    """A missing or negative gap, and two gaps, are refused."""
    for gaps in ([1, 2, None], [1, 2, -1], [1, 2]):
        with pytest.raises(DataRefused):
            g_chart(pd.DataFrame({"between": gaps}))
