"""Proportions against independent implementations, and their properties."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from analysis.errors import DataRefused, UsageError
from analysis.methods.estimate import Estimate
from analysis.methods.proportions import (
    clopper_pearson,
    expected_count,
    newcombe,
    prob_none,
    proportion,
    wilson,
    with_proportions,
    zero_bound,
)

PAIRS = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99, 0.998])


@given(PAIRS, LEVELS)
def test_wilson_agrees_with_statsmodels(pair, confidence):
    """The closed form here and theirs are one."""
    theirs = proportion_confint(*pair, alpha=1 - confidence, method="wilson")
    ours = wilson(*pair, confidence)
    assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-12)


@given(PAIRS, LEVELS)
def test_clopper_pearson_agrees_with_scipy(pair, confidence):
    """Beta quantiles here, a root search there."""
    theirs = binomtest(*pair).proportion_ci(confidence, method="exact")
    ours = clopper_pearson(*pair, confidence)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(PAIRS, PAIRS, LEVELS)
def test_newcombe_agrees_with_statsmodels(pair, other, confidence):
    """The difference of two groups, by their implementation."""
    theirs = confint_proportions_2indep(*pair, *other, method="newcomb", alpha=1 - confidence)
    ours = newcombe(*pair, *other, confidence)
    assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-9)


@given(PAIRS, LEVELS)
def test_the_complement_has_the_mirrored_interval(pair, confidence):
    """Of those who have it and those who have not, one interval is the other seen from 1."""
    k, n = pair
    for method in (wilson, clopper_pearson, proportion):
        one, other = method(k, n, confidence), method(n - k, n, confidence)
        assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-9)


@given(PAIRS, LEVELS)
def test_an_interval_holds_its_share_and_stays_within_0_to_1(pair, confidence):
    """Of any method, at any level."""
    for method in (wilson, clopper_pearson, proportion):
        estimate = method(*pair, confidence)
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


@given(PAIRS)
def test_more_confidence_is_a_wider_interval(pair):
    """99% encloses 95%."""
    narrow, wide = proportion(*pair, 0.95), proportion(*pair, 0.99)
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


@given(PAIRS)
def test_swapping_groups_turns_the_difference_round(pair):
    """Women less men is men less women, negated."""
    one, other = newcombe(*pair, 7, 20), newcombe(7, 20, *pair)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-12)


@pytest.mark.parametrize(("count", "method"), [(0, "Clopper–Pearson"), (3, "Wilson"), (9, "Clopper–Pearson")])
def test_the_rule_is_exact_at_the_ends(count, method):
    """Wilson, and Clopper–Pearson where the count is none or all."""
    assert proportion(count, 9).method == method


@given(st.integers(1, 5000), LEVELS)
def test_the_zero_bound_is_the_share_at_which_none_is_that_surprising(n, confidence):
    """At the bound, seeing none has exactly the probability left over."""
    assert prob_none(n, zero_bound(n, confidence).high) == pytest.approx(1 - confidence, rel=1e-9)


def test_none_of_225_as_the_reports_say_it():
    """One-sided 1.32%, two-sided 1.63%, and none is all but impossible at a quarter."""
    assert f"{zero_bound(225):interval.2}" == "at most 1.32%"
    assert f"{proportion(0, 225):interval.2}" == "0.00% to 1.63%"
    assert prob_none(225, 0.25) == pytest.approx(0.75**225)


def test_rows_and_columns_are_kept_in_order_with_provenance():
    """A frame of any index comes back with the same rows, and the columns it had come first."""
    frame = pd.DataFrame(
        {"tier": ["published", "published"], "count": [19, None], "base": [84, 84]}, index=["b", "a"]
    )
    result = with_proportions(frame)
    assert list(result.index) == ["b", "a"]
    assert list(result.columns) == ["tier", "count", "base", "share", "low", "high", "method"]
    assert result["share"].isna().tolist() == [False, True]
    pd.testing.assert_frame_equal(result[frame.columns.tolist()], frame)
    assert "share" not in frame


def test_an_empty_frame_stays_empty_with_its_columns():
    """No evidence is not an error here."""
    result = with_proportions(pd.DataFrame({"count": [], "base": []}))
    assert result.empty
    assert "share" in result


def test_an_impossible_row_is_named():
    """The message points at the row."""
    frame = pd.DataFrame({"count": [1, 9], "base": [2, 3]}, index=["first", "second"])
    with pytest.raises(DataRefused, match="with_proportions, row second: count 9 is above its base 3"):
        with_proportions(frame)


def test_a_wrong_level_is_refused_even_without_rows():
    """95 for 95% is caught before there is any row."""
    with pytest.raises(UsageError):
        with_proportions(pd.DataFrame({"count": [], "base": []}), confidence=95)


def test_the_expected_count_is_the_share_times_the_people():
    """And so are its limits."""
    expected = expected_count(200, Estimate(0.25, 0.2, 0.3))
    assert (expected.value, expected.low, expected.high) == pytest.approx((50, 40, 60))
