"""Families of comparisons adjusted together."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, false_discovery_control

from analysis.errors import DataRefused
from analysis.methods.multiplicity import benjamini_hochberg, exact_test


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_are_those_of_an_independent_implementation(p):
    """Benjamini and Hochberg agrees with scipy, in the order given."""
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p).tolist())


def test_a_comparison_that_could_not_be_made_is_not_in_the_family():
    """NaN stays NaN and makes no other p-value larger."""
    adjusted = benjamini_hochberg([0.01, math.nan, 0.04])
    assert adjusted[0] == pytest.approx(0.02)
    assert math.isnan(adjusted[1])


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.05, 0.95))
def test_the_exact_test_adds_up_what_is_no_likelier(pair, reference):
    """The p-value is the probability of every count no likelier than the one seen."""
    count, base = pair
    at = [binom.pmf(k, base, reference) for k in range(base + 1)]
    unlikely = sum(one for one in at if one <= at[count] * (1 + 1e-7))
    assert exact_test(count, base, reference) == pytest.approx(unlikely)


def test_a_p_value_is_a_fraction():
    """A percentage given by mistake is refused."""
    with pytest.raises(DataRefused, match="fraction"):
        benjamini_hochberg([5.0])
