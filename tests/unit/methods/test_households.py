"""Households are added up over complete district quarters alone."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import UsageError
from analysis.methods.households import added_up, charted

BASIS = {"tier": "reference", "source_id": "tables", "figure_ids": "a", "footnote": ""}


def series(quarters, *, need=10.0, owed=40.0, status="ok"):
    """Return one district's figures for a number of quarters."""
    index = pd.period_range("2020Q1", periods=quarters, freq="Q")
    parts = [
        pd.DataFrame({"quarter": index, "measure": measure, "value": value, "status": status})
        for measure, value in (("need", need), ("owed", owed))
    ]
    return pd.concat(parts, ignore_index=True).assign(district="North", **BASIS)


def test_a_quarter_is_named_by_its_year_and_number():
    """As a reader writes it."""
    assert list(added_up(series(2), "quarter", count=["need"], base=["owed"])["label"]) == [
        "2020 Q1",
        "2020 Q2",
    ]


def test_a_quarter_without_a_complete_district_has_no_count_and_no_base():
    """Unknown is never nought."""
    rows = added_up(series(1, status="suppressed"), "quarter", count=["need"], base=["owed"])
    assert rows[["count", "base"]].isna().all(axis=None)
    assert (rows["used"].iloc[0], rows["expected"].iloc[0]) == (0, 1)


def test_of_no_households_there_is_no_share():
    """A base of nought leaves the quarter without numbers."""
    rows = added_up(series(1, need=0.0, owed=0.0), "quarter", count=["need"], base=["owed"])
    assert rows[["count", "base"]].isna().all(axis=None)


def test_six_quarters_are_charted_and_five_are_not():
    """Fewer say nothing about change."""
    assert len(charted(series(6), count=["need"], base=["owed"])) == 6
    assert charted(series(5), count=["need"], base=["owed"]).empty


def test_adding_up_by_something_else_is_refused():
    """The two ways there are stand in the message."""
    with pytest.raises(UsageError, match=r"district, quarter"):
        added_up(series(1), "year", count=["need"], base=["owed"])
