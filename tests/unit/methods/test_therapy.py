"""Pathways to therapy, waits and posts refuse what has no meaning, and keep what each row rests on."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods.therapy import between, courses_a_year, expected_need, in_weeks, with_holes, with_posts

BASIS = {"tier": "published", "source_id": "pack", "figure_ids": "a", "footnote": ""}


def frame(**columns):
    """Return a frame of one row or more that rests on one source."""
    return pd.DataFrame(columns).assign(**BASIS)


def test_a_pathway_none_of_whose_steps_is_published_is_refused():
    """The cure is to say so."""
    with pytest.raises(DataRefused, match=r"no step is published.*run.absent"):
        with_holes(frame(count=[3.0]).set_axis(["seen"]), {"need": "Need seen"})


def test_a_wait_in_something_that_is_no_time_is_refused():
    """The units known are named."""
    with pytest.raises(DataRefused, match=r'"gbp" is not a unit of time.*weeks'):
        in_weeks(frame(low=[1.0], high=[2.0], unit=["gbp"]))


def test_no_wait_at_all_stays_no_wait():
    """An authority that publishes none gets no row, and the columns all the same."""
    empty = in_weeks(frame(low=[1.0], high=[2.0], unit=["weeks"]).iloc[:0])
    assert list(empty["low_weeks"]) == []


def test_ranges_that_overlap_have_no_least_difference():
    """A later wait that may be as long as the earlier is not called shorter."""
    waits = pd.DataFrame(
        {"low_weeks": [4.0, 3.0], "high_weeks": [8.0, 5.0]}, index=pd.Index(["before", "after"])
    )
    with pytest.raises(DataRefused):
        between(waits, "before", "after")


def test_a_course_of_no_length_is_refused():
    """Nothing is divided by zero."""
    with pytest.raises(DataRefused):
        courses_a_year(20, 0)


def test_posts_without_limits_of_the_rate_get_none():
    """Only a rate with an interval gives posts with one."""
    posts = with_posts(frame(rate=[87.0]), "rate", caseload=20, weeks=12)
    assert "posts_low" not in posts
    with pytest.raises(UsageError):
        with_posts(frame(other=[1.0]), "rate", caseload=20, weeks=12)


def test_need_expected_rests_on_the_people_counted_too():
    """Both sources stand behind each row."""
    definition = frame(count=[float("nan")], base=[1016.0], printed=[53.0])
    counted = frame(label=["adults"], count=[225.0], period=["2022-23"]).assign(
        source_id="refresh", figure_ids="c"
    )
    expected = expected_need(definition, counted)
    assert expected["source_id"].iloc[0] == "pack refresh"
    assert expected["expected_low"].iloc[0] < 119.25 < expected["expected_high"].iloc[0]
