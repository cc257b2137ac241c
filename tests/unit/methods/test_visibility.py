"""A ladder of shares as published, and what each share leads one to expect."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataRefused, UsageError
from analysis.methods import visibility
from analysis.methods.rows import PROVENANCE, resting_on


def evidence(**columns):
    """Return a frame with provenance, one row for each value."""
    rows = len(next(iter(columns.values())))
    return pd.DataFrame(
        {**columns, "tier": "reference", "source_id": "s", "figure_ids": "f", "footnote": ""},
        index=range(rows),
    )


@given(st.integers(1, 400), st.floats(0.001, 0.999))
def test_none_seen_is_the_closed_form(people, share):
    """With none seen, the chance of so few is (1 - share)^people, and the range holds the mean."""
    counted = evidence(count=[0], base=[people])
    row = visibility.with_expected(evidence(share=[share]), counted).iloc[0]
    assert row["probability"] == pytest.approx((1 - share) ** people, rel=1e-9, abs=1e-300)
    assert row["expected_low"] <= math.ceil(row["expected"])
    assert row["expected_high"] >= math.floor(row["expected"])


@given(st.floats(0.001, 0.999), st.floats(0.5, 0.999))
def test_from_so_many_people_none_is_a_surprise_and_not_before(share, confidence):
    """The number of people is the fewest at which none is rarer than one minus the confidence."""
    frame = visibility.with_none_surprising(evidence(share=[share]), confidence=confidence)
    people = int(frame["people_needed"].iloc[0])
    assert (1 - share) ** people <= (1 - confidence) * (1 + 1e-6)
    assert people == 1 or (1 - share) ** (people - 1) > (1 - confidence) * (1 - 1e-6)


def test_nobody_counted_leaves_every_row_and_no_number():
    """Without people counted, nothing is expected and nothing is said of chance."""
    counted = evidence(count=[0], base=[9]).iloc[:0]
    frame = visibility.with_expected(evidence(share=[0.1, 0.2]), counted)
    assert len(frame) == 2
    assert frame["expected"].isna().all()
    assert (frame["chance"] == "").all()


def test_a_share_of_everybody_surprises_at_once_and_of_nobody_never():
    """The two ends of a share need no formula."""
    frame = visibility.with_none_surprising(evidence(share=[1.0, 0.0]))
    assert frame["people_needed"].iloc[0] == 1
    assert math.isnan(frame["people_needed"].iloc[1])


def test_a_count_above_its_base_is_refused():
    """Impossible numbers are no shares."""
    with pytest.raises(DataRefused, match="above its base"):
        visibility.with_shares(evidence(count=[5.0], base=[4.0], printed=[math.nan]))
    with pytest.raises(DataRefused, match="above its base"):
        visibility.with_expected(evidence(share=[0.1]), evidence(count=[5], base=[4]))


def test_a_missing_column_is_named():
    """Every frame form says which column it lacks."""
    for call in (visibility.with_shares, visibility.with_none_surprising, visibility.spread):
        with pytest.raises(UsageError, match="no column"):
            call(pd.DataFrame({"label": ["a"]}))


def test_rows_rest_on_what_they_were_computed_with():
    """Ids are merged once each; a footnote that another one says already is left out."""
    frame = evidence(share=[0.1]).assign(footnote="Rounded.")
    other = evidence(share=[0.2]).assign(tier="published", source_id="t s", footnote="Press. Rounded.")
    row = resting_on(frame, other).iloc[0]
    assert list(row[list(PROVENANCE)]) == ["reference published", "s t", "f", "Press. Rounded."]
    with pytest.raises(UsageError, match="no column"):
        resting_on(frame, pd.DataFrame({"tier": ["published"]}))
