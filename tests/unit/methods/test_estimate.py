"""Estimates hold their value, and print honestly."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataRefused, UsageError
from analysis.methods.estimate import Estimate, chance, from_row, percentage
from analysis.methods.proportions import proportion, with_proportions, zero_bound


def counts(largest=2000):
    """Return a strategy of a count and its base."""
    return st.integers(1, largest).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts())
def test_words_never_promise_more_than_the_digits(pair):
    """The whole numbers said enclose the limits as printed."""
    estimate = proportion(*pair)
    words = f"{estimate:words}"
    numbers = [int(text.replace(",", "")) for text in re.findall(r"[\d,]+", words)]
    if words.startswith("too few"):
        assert estimate.low < 0.0005
        assert estimate.high > 0.99
        return
    per = numbers.pop()
    printed = [round(limit * per, 1) for limit in (estimate.low, estimate.high)]
    said = {
        "at most": [0, numbers[-1]],
        "at least": [numbers[0], per],
        "between": numbers,
        "about": numbers * 2,
    }[re.match(r"at most|at least|between|about", words)[0]]
    assert said[0] <= printed[0]
    assert printed[1] <= said[1]
    assert all(0 <= number <= per for number in said)


@given(st.floats(0, 100))
def test_a_percentage_is_never_rounded_into_certainty(percent):
    """0% and 100% are printed for exactly these alone."""
    assert (percentage(percent) == "0.0%") == (percent == 0)
    assert (percentage(percent) == "100.0%") == (percent == 100)


def test_a_value_outside_its_limits_is_refused():
    """An estimate that its own interval does not hold cannot be made, nor one without a value."""
    with pytest.raises(DataRefused, match="does not hold the value"):
        Estimate(0.5, 0.6, 0.7)
    with pytest.raises(DataRefused, match="does not hold the value"):
        Estimate(math.nan, 0.1, 0.2)


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("", "22.6% (95% CI 15.0% to 32.6%)"),
        ("value", "22.6%"),
        (".2", "22.62% (95% CI 14.99% to 32.65%)"),
        ("value.0", "23%"),
        ("interval", "15.0% to 32.6%"),
        ("interval.2", "14.99% to 32.65%"),
        ("words", "between 15 and 33 in every 100"),
    ],
)
def test_an_estimate_prints_in_four_forms(spec, text):
    """Each form, with and without a number of decimals."""
    assert format(proportion(19, 84), spec) == text


def test_a_form_that_does_not_exist_is_a_usage_error():
    """A mistyped form is answered with those that exist."""
    with pytest.raises(UsageError, match="is not a way to print an estimate"):
        format(proportion(1, 2), "values")


def test_a_one_sided_bound_says_so():
    """Nobody takes a one-sided bound for an interval."""
    bound = zero_bound(225)
    assert f"{bound}" == "0.0% (one-sided 95% bound: at most 1.3%)"
    assert f"{bound:interval.2}" == "at most 1.32%"


@pytest.mark.parametrize(
    ("estimate", "words"),
    [
        (Estimate(1.0, 0.0, 1.0), "too few to say: anything from none to all"),
        (Estimate(0.5, 0.5, 0.5), "about 50 in every 100"),
        (Estimate(0.004, 0.002, 0.006), "between 2 and 6 in every 1,000"),
        (Estimate(-0.2, -0.3, -0.1, unit="difference"), "between 10 and 30 fewer in every 100"),
        (Estimate(2.0, 1.0, math.inf, unit="ratio"), "at least 1.00"),
        (Estimate(3, 0, 9, unit="count"), "at most 9"),
    ],
)
def test_words_for_the_corner_cases(estimate, words):
    """Nothing known, no width, tiny shares, fewer, unbounded and none."""
    assert f"{estimate:words}" == words


def test_an_unbounded_interval_is_called_so():
    """An infinite limit is said in words, not printed as inf."""
    assert f"{Estimate(2.0, 1.0, math.inf, unit='ratio')}" == "2.00 (95% CI 1.00 to no upper limit)"


def test_a_share_scales_to_people():
    """The value, both limits and the unit move together."""
    scaled = Estimate(0.1, 0.05, 0.2).scaled(200, "count")
    assert (scaled.value, scaled.low, scaled.high, scaled.unit) == (20, 10, 40, "count")


def test_a_row_of_a_frame_is_an_estimate_again():
    """What a method wrote into a frame is read back as it was."""
    row = with_proportions(pd.DataFrame({"count": [19], "base": [84]})).iloc[0]
    assert from_row(row, confidence=0.95) == proportion(19, 84)


def test_a_row_without_a_number_is_refused():
    """A row whose count was not published gives no estimate."""
    row = with_proportions(pd.DataFrame({"count": [None], "base": [84]})).iloc[0]
    with pytest.raises(DataRefused):
        from_row(row, confidence=0.95)


def test_chances_are_said_for_the_whole_range():
    """From impossible to almost certain."""
    assert chance(0) == "less than 1 in a million"
    assert chance(0.05) == "about 1 in 20"
    assert chance(0.8) == "about 80 in 100"
    assert chance(0.999) == "almost certain"
    with pytest.raises(DataRefused):
        chance(5)
