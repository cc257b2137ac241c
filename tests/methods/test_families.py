"""Declared families: Holm beside statsmodels, both rules in every row, nothing left out."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analysis.errors import DataRefused, UsageError
from analysis.methods.multiplicity import benjamini_hochberg, holm, with_family


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_agrees_with_an_independent_implementation(p):
    """In the order given."""
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1].tolist())


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_never_laxer_than_benjamini_and_hochberg(p):
    """What stands by Holm stands by the other rule too."""
    assert all(one >= other - 1e-12 for one, other in zip(holm(p), benjamini_hochberg(p), strict=True))


def test_all_comparisons_come_back_with_both_rules():
    """Not the significant ones alone; one that could not be made is no part of the family."""
    frame = pd.DataFrame({"group": list("abcd"), "p": [0.001, 0.03, math.nan, 0.02]})
    found = with_family(frame, "confirmatory")
    assert found["p_holm"].tolist() == pytest.approx([0.003, 0.04, math.nan, 0.04], nan_ok=True)
    assert found["p_bh"].tolist() == pytest.approx([0.003, 0.03, math.nan, 0.03], nan_ok=True)
    assert found["stands"].tolist() == [True, True, False, True]
    assert found["comparisons"].tolist() == [3] * 4
    assert found["family"].tolist() == ["confirmatory"] * 4


def test_the_kind_decides_which_rule_counts():
    """A comparison that Benjamini and Hochberg let stand and Holm does not."""
    frame = pd.DataFrame({"chance": [0.01, 0.04, 0.03, 0.02]})
    kinds = {kind: with_family(frame, kind, p="chance") for kind in ("confirmatory", "exploratory")}
    assert kinds["confirmatory"]["stands"].tolist() == [True, False, False, False]
    assert kinds["exploratory"]["stands"].all()
    assert kinds["exploratory"]["chance_holm"].tolist() == pytest.approx([0.04, 0.06, 0.06, 0.06])


def test_mistakes_are_named():
    """A kind that is none, a column that is not there, a p-value in percent."""
    frame = pd.DataFrame({"p": [0.5]})
    with pytest.raises(UsageError, match=r'"explore" is not a kind.*"exploratory"'):
        with_family(frame, "explore")
    with pytest.raises(UsageError, match='no column "q"'):
        with_family(frame, "exploratory", p="q")
    with pytest.raises(DataRefused, match="fraction"):
        with_family(frame * 100, "exploratory")
