"""Bounds hold whatever the missing are."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataRefused, UsageError
from analysis.methods.missing import bounds, completeness, with_bounds


@given(
    st.lists(st.sampled_from([True, False, None]), min_size=1).filter(lambda p: set(p) != {None}), st.data()
)
def test_however_the_missing_are_filled_the_share_lies_within(people, data):
    """Fill every unknown at random: the share of all never leaves the bounds."""
    known = [person for person in people if person is not None]
    bound = bounds(sum(known), len(known), len(people))
    filled = [data.draw(st.booleans()) if person is None else person for person in people]
    assert bound.low - 1e-12 <= sum(filled) / len(filled) <= bound.high + 1e-12
    assert bound.high - bound.low == pytest.approx(1 - len(known) / len(people))


def test_nothing_missing_is_no_width():
    """With everyone recorded both bounds are the share."""
    bound = bounds(3, 10, 10)
    assert bound.low == bound.value == bound.high == 0.3


def test_bounds_are_not_called_a_confidence_interval():
    """They are certain, and leave chance aside."""
    assert bounds(21, 64, 106).confidence is None
    assert "CI" not in f"{bounds(21, 64, 106)}"


def test_more_recorded_than_people_is_refused():
    """The row is named."""
    frame = pd.DataFrame({"count": [1], "recorded": [12], "total": [10]}, index=["ethnicity"])
    with pytest.raises(DataRefused, match="with_bounds, row ethnicity: count 12 is above its base 10"):
        with_bounds(frame)
    with pytest.raises(DataRefused):
        completeness(12, 10)


def test_a_count_among_nobody_recorded_is_refused():
    """Two people with a characteristic that is recorded for none is a contradiction."""
    with pytest.raises(DataRefused):
        with_bounds(pd.DataFrame({"count": [2], "recorded": [0], "total": [10]}))


def test_rows_and_provenance_are_kept():
    """A row that is not known stays, with nothing computed."""
    frame = pd.DataFrame(
        {"count": [1, None], "recorded": [5, 5], "total": [10, 10], "tier": "published"}, index=[9, 2]
    )
    result = with_bounds(frame)
    pd.testing.assert_frame_equal(result[frame.columns.tolist()], frame)
    assert result["missing"].tolist()[0] == 5
    assert result.loc[2, "missing":].isna().all()


def test_an_absent_column_is_a_usage_error():
    """Named with those that exist."""
    with pytest.raises(UsageError, match="recorded"):
        with_bounds(pd.DataFrame({"count": [1], "total": [2]}))
