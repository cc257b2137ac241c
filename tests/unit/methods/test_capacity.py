"""Erlang B against its definition, a simulation, and its inverse."""

from __future__ import annotations

import heapq
import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from analysis.errors import DataRefused, UsageError
from analysis.methods.capacity import (
    erlang_b,
    occupied,
    offered_load,
    places_for,
    places_needed,
    with_places,
)
from analysis.methods.estimate import Estimate

LOADS = st.floats(0.01, 120)


@given(st.integers(0, 150), LOADS)
def test_the_recursion_is_the_truncated_poisson(places, load):
    """By its definition: the last term of a Poisson cut off at the places."""
    assert erlang_b(places, load) == pytest.approx(
        poisson.pmf(places, load) / poisson.cdf(places, load), rel=1e-9
    )


@given(st.integers(1, 150), st.fractions(Fraction(1, 100), 120, max_denominator=1000))
def test_the_recursion_is_the_fraction_itself(places, load):
    """By its definition in whole numbers: no digit is lost, so six printed digits are six right ones."""
    terms = [Fraction(1)]
    for place in range(1, places + 1):
        terms.append(terms[-1] * load / place)
    assert erlang_b(places, float(load)) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-12)


@given(st.integers(1, 150), LOADS)
def test_more_places_turn_fewer_away_and_more_demand_turns_more_away(places, load):
    """Monotone in both, and always a probability."""
    assert 0 < erlang_b(places, load) < erlang_b(places - 1, load) <= 1
    assert erlang_b(places, load) < erlang_b(places, load * 1.1)


@given(LOADS, st.floats(0.001, 0.9))
def test_the_places_found_are_the_fewest(load, turn_away):
    """They keep to the accepted share, and one fewer does not."""
    places = places_for(load, turn_away)
    assert erlang_b(places, load) <= turn_away
    assert erlang_b(places - 1, load) > turn_away


@given(st.integers(1, 150), LOADS)
def test_no_more_places_are_occupied_than_there_are(places, load):
    """Nor more than were asked for."""
    assert 0 <= occupied(places, load) <= min(places, load) + 1e-9


@pytest.mark.parametrize("shape", ["fixed", "exponential", "long-tailed"])
def test_only_the_mean_of_the_stay_matters(shape):
    """A simulated refuge of 6 places and a load of 5 turns away what the formula says, whatever the stays."""
    random = np.random.default_rng(11)
    draw = {
        "fixed": lambda: 5.0,
        "exponential": lambda: random.exponential(5.0),
        "long-tailed": lambda: random.lognormal(math.log(5.0) - 0.5, 1.0),
    }[shape]
    leaving, clock, refused, requests = [], 0.0, 0, 30_000
    for _ in range(requests):
        clock += random.exponential(1.0)
        while leaving and leaving[0] <= clock:
            heapq.heappop(leaving)
        if len(leaving) == 6:
            refused += 1
        else:
            heapq.heappush(leaving, clock + draw())
    assert refused / requests == pytest.approx(erlang_b(6, 5), abs=0.015)


def test_a_year_of_stays_is_a_load():
    """Ten requests a year for a year each keep ten places busy."""
    assert offered_load(10, 365.25) == 10


def test_the_interval_of_demand_is_carried_to_places():
    """Low and high demand give low and high places, and the unit says what they are."""
    result = places_needed(Estimate(60, 40, 90, unit="per year"), 100, 0.05)
    expected = [places_for(offered_load(rate, 100), 0.05) for rate in (60, 40, 90)]
    assert [result.value, result.low, result.high] == expected
    assert f"{result:words}" == "between 16 and 30 places"


def test_no_demand_needs_no_place():
    """Zero is a result."""
    assert places_for(0, 0.05) == 0
    assert erlang_b(0, 3) == 1


def test_a_table_of_rates_takes_limits_from_its_columns():
    """Rows that are not known stay, and provenance is kept."""
    frame = pd.DataFrame(
        {"rate": [60, None], "from": [40, None], "to": [90, None], "tier": "published"}, index=["a", "b"]
    )
    result = with_places(
        frame, "rate", mean_stay_days=100, turn_away=0.05, arrivals_low="from", arrivals_high="to"
    )
    assert result.loc["a", ["places_low", "places", "places_high"]].tolist() == [16, 22, 30]
    assert result.loc["b", "places_method"] == ""
    pd.testing.assert_frame_equal(result[frame.columns.tolist()], frame)


@pytest.mark.parametrize("turn_away", [0, 1, 5])
def test_an_impossible_turn_away_is_a_usage_error(turn_away):
    """5 for 5% is the usual slip."""
    with pytest.raises(UsageError, match=r"Write 0\.05"):
        places_for(3, turn_away)


def test_negative_numbers_are_refused():
    """Loads, places, arrivals and stays."""
    for call in (
        lambda: erlang_b(-1, 2),
        lambda: erlang_b(1, -2),
        lambda: erlang_b(1.5, 2),
        lambda: offered_load(-1, 2),
        lambda: offered_load(1, 0),
        lambda: places_for(-1, 0.1),
    ):
        with pytest.raises(DataRefused):
            call()
