"""Bounds on characteristics that are counted one by one: never too narrow, never too wide."""

from __future__ import annotations

from itertools import combinations, product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataRefused
from analysis.methods import overlaps

RESTS = {"tier": "published", "source_id": "x", "figure_ids": "one", "footnote": ""}


@given(st.integers(1, 5), st.lists(st.integers(0, 5), min_size=1, max_size=2))
def test_bounds_are_those_of_every_way_to_choose_the_people(total, counts):
    """Every choice of who has what lies within the bounds, and some choice reaches each of them."""
    counts = [min(count, total) for count in counts]
    people = [list(combinations(range(total), count)) for count in counts]
    seen = {len(set().union(*chosen)) for chosen in product(*people)}
    found = overlaps.at_least_one(counts, total)
    assert (found.low * total, found.high * total) == pytest.approx((min(seen), max(seen)))
    if len(counts) == 2:
        together = {len(set(one) & set(other)) for one, other in product(*people)}
        assert overlaps.both(*counts, total) == (min(together), max(together))


def test_a_group_s_refusals_are_bounded_by_the_total():
    """The rate of everyone lies between the bounds, or at the nearest of them."""
    found = overlaps.refused_of(45, 27, 189)
    assert (found.low, found.high) == (0, pytest.approx(27 / 45))
    assert found.value == pytest.approx(27 / 189)
    assert found.confidence is None


def test_small_groups_count_in_the_first_row_alone():
    """Everyone is in "at least one"; pairs are of the larger groups, with the sources of both."""
    frame = pd.DataFrame(
        [
            {"label": "A", "count": 30, "base": 100, **RESTS},
            {"label": "B", "count": 20, "base": 100, **RESTS, "figure_ids": "two", "footnote": "Said."},
            {"label": "C", "count": 5, "base": 100, **RESTS, "figure_ids": "three"},
        ]
    )
    found = overlaps.ranges(frame, 10)
    assert found["label"].tolist() == ["At least one of them", "A, and b"]
    assert found.loc["any", ["fewest", "most"]].tolist() == [30, 55]
    assert found.loc["pair-1", "figure_ids"] == "one two"
    assert found.loc["pair-1", "footnote"] == "Said."


def test_characteristics_of_different_people_are_refused():
    """Two bases are two groups of people, whose overlap means nothing."""
    frame = pd.DataFrame([{"label": name, "count": 1, "base": base, **RESTS} for name, base in ("a1", "b2")])
    with pytest.raises(DataRefused, match="different bases"):
        overlaps.ranges(frame.assign(base=[1, 2]))


def test_nothing_to_bound_is_refused():
    """Without a characteristic there is nothing that anyone can have."""
    with pytest.raises(DataRefused, match="no characteristic"):
        overlaps.at_least_one([], 10)
