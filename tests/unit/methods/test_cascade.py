"""Pathways and splits refuse what does not add up."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods.cascade import cascade, split
from analysis.methods.proportions import proportion


def steps(*counts, **columns):
    """Return a pathway as a frame."""
    return pd.DataFrame({"step": [f"step {at}" for at in range(len(counts))], "count": counts, **columns})


def test_each_step_is_a_share_of_the_one_before_and_of_the_first():
    """57, 40, 10: 40 of 57, 10 of 40, and 10 of 57."""
    result = cascade(steps(57, 40, 10))
    for at, base in ((1, 57), (2, 40)):
        expected = proportion([57, 40, 10][at], base)
        assert result["share"][at] == expected.value
        assert (result["low"][at], result["high"][at]) == (expected.low, expected.high)
    assert result["start_share"][2] == 10 / 57


def test_a_step_with_more_people_than_an_earlier_one_is_refused():
    """Even over a step that is not known."""
    for counts in ((3, 4), (5, None, 6)):
        with pytest.raises(DataRefused, match="more than the"):
            cascade(steps(*counts))


def test_a_pathway_that_empties_stays_computable():
    """None of ten is a result; of nobody there is no share, and of the first ten there still is."""
    result = cascade(steps(10, 0, 0))
    assert result["high"][1] == pytest.approx(1 - 0.025 ** (1 / 10))
    assert result["base"][2] == 0
    assert pd.isna(result["share"][2])
    assert result["start_share"][2] == 0
    assert cascade(steps(0, 0))["start_share"].isna().all()


def test_no_step_at_all_is_refused():
    """An empty pathway says so."""
    with pytest.raises(DataRefused, match="there is no step"):
        cascade(steps())


def test_parts_that_do_not_make_the_whole_are_refused():
    """The sum, the whole and the cure are in the message."""
    with pytest.raises(DataRefused, match=r"sum to 12, but the whole is 13.*not recorded"):
        split(steps(8, 3, 1), 13)


def test_a_part_that_is_not_known_is_refused():
    """Unknown is never nought."""
    with pytest.raises(DataRefused):
        split(steps(8, None), 13)


@pytest.mark.parametrize("method", [cascade, lambda frame: split(frame, 15)])
def test_rows_columns_and_provenance_are_kept(method):
    """In order, under any index."""
    frame = steps(10, 3, 2, tier="published").set_axis([4, 9, 1])
    pd.testing.assert_frame_equal(method(frame)[frame.columns.tolist()], frame)


def test_absent_columns_are_usage_errors():
    """Both functions name the column."""
    with pytest.raises(UsageError, match="step"):
        cascade(pd.DataFrame({"count": [1]}))
    with pytest.raises(UsageError, match="count"):
        split(pd.DataFrame({"step": ["a"]}), 1)
