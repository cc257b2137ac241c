"""Completeness, and groups under one another, from released shares: what is hidden stays hidden."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods import asked, cascade, groups

FROM = {"tier": "records", "source_id": "records-norfolk", "figure_ids": "", "footnote": ""}


def shares(column: str, category: str, cells: dict[tuple[str, str], tuple[float, float]]) -> pd.DataFrame:
    """Return shares as a released object gives them; a count of NaN is hidden."""
    rows = [
        {
            column: group,
            category: at,
            "count": k,
            "base": n,
            "share": k / n,
            "low": k / n - 0.1,
            "high": k / n + 0.1,
        }
        for (group, at), (k, n) in cells.items()
    ]
    frame = pd.DataFrame(rows).assign(**FROM)
    return frame.assign(marker=["[c]" if hidden else "" for hidden in frame["count"].isna()])


DISABILITY = shares(
    "disability",
    "reason",
    {
        ("Disabled", "No space"): (12, 60),
        ("Disabled", "Accepted"): (48, 60),
        ("Not disabled", "No space"): (math.nan, 200),
        ("Not disabled", "Accepted"): (190, 200),
        ("Unknown, of any kind", "No space"): (20, 50),
        ("Unknown, of any kind", "Accepted"): (30, 50),
    },
)


def test_groups_stand_under_one_another_and_accepted_is_left_out():
    """The unknown of a characteristic are named by it; a hidden share stays without a number."""
    made = groups.side_by_side(DISABILITY, first="Disability", leave=["Accepted"])
    assert made["label"].to_list() == ["Disabled", "Not disabled", "Disability: unknown"]
    assert made["category"].eq("No space").all()
    assert math.isnan(made["share"][1])
    assert made["marker"].to_list() == ["", "[c]", ""]
    most = groups.extremes(made)
    assert (most["top"], most["top_label"], most["hidden"], most["cells"]) == (
        0.4,
        "Disability: unknown",
        1,
        3,
    )


def test_nothing_shown_has_no_largest_and_counts_are_refused():
    """All hidden: no number, no words; a frame without shares of two axes is refused."""
    hidden = DISABILITY.assign(share=math.nan)
    assert math.isnan(groups.extremes(hidden.assign(label="a", category="b"))["top"])
    with pytest.raises(UsageError, match="two are needed"):
        groups.axes_of(DISABILITY.drop(columns="reason"))


def test_completeness_keeps_every_characteristic_in_order():
    """A characteristic that is hidden keeps its row; the least and the most are of those shown."""
    one = shares("disability", "x", {("Recorded", ""): (150, 200)}).drop(columns="x")
    other = shares("age", "x", {("Recorded", ""): (math.nan, 200)}).drop(columns="x")
    made = asked.completeness(one, first="Disability", others={"Age": other})
    assert made["label"].to_list() == ["Disability", "Age"]
    ends = asked.spread(made)
    assert (ends["low"], ends["low_label"], ends["shown"], ends["listed"]) == (0.75, "Disability", 1, 2)
    assert asked.spread(made.iloc[1:])["low_label"] == ""


def test_completeness_over_time_names_the_quarter():
    """One row a characteristic and quarter."""
    frame = shares(
        "quarter",
        "disability",
        {("2022Q2", "Recorded"): (90, 100), ("2022Q2", "Unknown, of any kind"): (10, 100)},
    )
    made = asked.over_time(frame, first="Disability")
    assert made[["label", "category", "share"]].to_numpy().tolist() == [["Disability", "2022Q2", 0.9]]


def test_a_pathway_from_how_many_got_so_far_and_no_further():
    """50, 61 and 83: 194 referred, 144 started, 83 completed."""
    frame = pd.DataFrame({"reached": ["Not started", "Started", "Completed"], "count": [50, 61, 83], **FROM})
    steps = {"Not started": "Referred", "Started": "Started", "Completed": "Completed"}
    made = cascade.from_furthest(frame, steps)
    assert made["count"].to_list() == [194, 144, 83]
    assert cascade.ends(made)["completed"] == pytest.approx(83 / 194)
    with pytest.raises(DataRefused, match="One of the steps cannot be shown"):
        cascade.from_furthest(frame.assign(count=[50.0, math.nan, 83.0]), steps)
