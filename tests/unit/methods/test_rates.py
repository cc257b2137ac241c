"""Rates against independent implementations, and their properties."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, poisson

from analysis.errors import DataRefused
from analysis.methods.rates import byar, exact_poisson, rate, with_rates


@given(st.integers(0, 400), st.sampled_from([0.9, 0.95, 0.998]))
def test_the_exact_interval_is_the_chi_squared_one(count, confidence):
    """Gamma quantiles here, chi-squared in the published formula."""
    tail = (1 - confidence) / 2
    low = chi2.ppf(tail, 2 * count) / 2 if count else 0
    estimate = exact_poisson(count, 1, 1, confidence)
    assert (estimate.low, estimate.high) == pytest.approx((low, chi2.isf(tail, 2 * count + 2) / 2))


@given(st.integers(1, 200))
def test_at_its_limits_the_count_is_as_surprising_as_the_level_says(count):
    """The tails of the Poisson distribution at either limit hold 2.5%."""
    estimate = exact_poisson(count, 1, 1)
    assert poisson.sf(count - 1, estimate.low) == pytest.approx(0.025)
    assert poisson.cdf(count, estimate.high) == pytest.approx(0.025)


@given(st.integers(10, 1000))
def test_byar_is_within_half_a_percent_of_the_exact_interval(count):
    """From ten events on, where the rule of the reports uses it."""
    close, exact = byar(count, 1, 1), exact_poisson(count, 1, 1)
    assert (close.low, close.high) == pytest.approx((exact.low, exact.high), rel=0.005)


@given(st.integers(0, 100), st.floats(1, 1e6), st.sampled_from([1, 100, 100_000]))
def test_a_rate_scales_with_its_population(count, base, per):
    """Twice the people, half the rate, and half of both limits."""
    one, half = rate(count, base, per), rate(count, 2 * base, per)
    assert (one.value, one.low, one.high) == pytest.approx((2 * half.value, 2 * half.low, 2 * half.high))
    assert one.low <= one.value <= one.high


@pytest.mark.parametrize(("count", "method"), [(0, "exact Poisson"), (9, "exact Poisson"), (10, "Byar")])
def test_the_rule_changes_at_ten_events(count, method):
    """Byar at ten or more."""
    assert rate(count, 100).method == method


def test_byar_of_no_event_is_refused_with_the_alternative():
    """The formula divides by the count."""
    with pytest.raises(DataRefused, match="Use exact_poisson or rate"):
        byar(0, 100)


def test_a_rate_prints_its_population():
    """Per 100,000 with its comma, once."""
    assert f"{rate(20, 1000, 100_000)}" == "2,000 per 100,000 (95% CI 1,221.1 to 3,089.0)"


def test_columns_are_named_for_the_rate():
    """So that a share and a rate can stand in one frame."""
    frame = pd.DataFrame({"count": [1], "base": [100], "share": [0.01], "low": [0.0]})
    result = with_rates(frame)
    assert list(result.columns[4:]) == ["rate", "rate_low", "rate_high", "rate_method"]
    assert result["low"].item() == 0
