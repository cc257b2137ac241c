"""Competing exits against printed examples, closed forms and what cannot be said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from published_durations import leukaemia, pregnancies

from analysis.errors import UsageError
from analysis.methods.durations import kaplan_meier
from analysis.methods.exits import cumulative_incidence

WEEKS = [13, 23, 33, 39, 43]


def test_pregnancies_seen_late_are_as_printed():
    """Shares, variances and limits that the R package etm prints for the control group (etmCIF, 0.6)."""
    made = cumulative_incidence(pregnancies(), entry="entry", since=3, grid=WEEKS)
    printed = {
        ("termination", 13): (0.03895488, 8.444048e-05, 0.02448808, 0.06169378),
        ("termination", 43): (0.04015931, 8.570657e-05, 0.02551262, 0.06293875),
        ("birth", 33): (0.01354288, 1.216141e-05, 0.008169604, 0.02241009),
        ("birth", 39): (0.32201590, 2.469805e-04, 0.292313907, 0.35391574),
        ("birth", 43): (0.79905931, 4.922394e-04, 0.753968839, 0.84061317),
        ("loss", 13): (0.1504675, 0.0004551293, 0.1135970, 0.1979013),
        ("loss", 39): (0.1607814, 0.0004548031, 0.1235965, 0.2077571),
    }
    rows = made.set_index(["exit", "day"])
    for key, (share, variance, low, high) in printed.items():
        row = rows.loc[key]
        assert row["share"] == pytest.approx(share, rel=2e-7)
        assert row["se"] ** 2 == pytest.approx(variance, rel=2e-7)
        assert [row["low"], row["high"]] == pytest.approx([low, high], rel=2e-6)


def test_exits_and_those_still_there_make_one():
    """On every day, with entry."""
    frame = pregnancies()
    left = cumulative_incidence(frame, entry="entry", since=3).groupby("day")["share"].sum()
    still = kaplan_meier(frame, entry="entry", since=3).set_index("day")["remaining"]
    assert (left + still).to_numpy() == pytest.approx(1)


def test_with_one_kind_it_is_the_kaplan_meier_curve():
    """Shares, errors and limits, above and below."""
    frame = leukaemia().assign(exit="relapse")
    left, still = cumulative_incidence(frame, by="group"), kaplan_meier(frame, by="group")
    assert left["share"].to_numpy() == pytest.approx(1 - still["remaining"].to_numpy())
    assert left["se"].to_numpy() == pytest.approx(still["se"].to_numpy(), abs=1e-12)
    assert left["low"].to_numpy() == pytest.approx(1 - still["high"].to_numpy())
    assert left["high"].to_numpy() == pytest.approx(1 - still["low"].to_numpy())


def test_without_censoring_it_is_the_share_of_each_kind():
    """With the binomial error, to the last day."""
    frame = pd.DataFrame(
        {"days": range(1, 11), "exit": ["home", "moved"] * 5, "censored": False}
    )  # second test of the R package etm
    last = cumulative_incidence(frame, grid=[6, 10]).set_index(["exit", "day"])
    assert last.loc[("home", 6), "share"] == pytest.approx(0.3)
    assert last.loc[("home", 10), ["share", "se"]].to_list() == pytest.approx([0.5, np.sqrt(0.25 / 10)])


def test_the_variance_is_that_of_simulated_samples():
    """Two exponential exits, entry, censoring: mean standard error within 15% of the spread of estimates."""
    random, shares, errors = np.random.default_rng(2), [], []
    for _ in range(120):
        start, length = random.uniform(-200, 200, 300), random.exponential(80, 300)
        kind = np.where(random.random(300) < 0.4, "home", "moved")
        seen = start + length > 0
        start, length, kind = start[seen], length[seen], kind[seen]
        end = length > 300 - start
        frame = pd.DataFrame(
            {
                "days": np.minimum(length, 300 - start),
                "censored": end,
                "entry": (-start).clip(min=0),
                "exit": pd.Series(kind).mask(end),
            }
        )
        row = cumulative_incidence(frame, entry="entry", grid=[120], kinds=["home"]).iloc[0]
        shares.append(row["share"])
        errors.append(row["se"])
    assert np.mean(shares) == pytest.approx(0.4 * (1 - np.exp(-1.5)), abs=0.01)
    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.15)


def test_a_kind_nobody_left_by_has_an_upper_bound():
    """None of 20 by day 10: one minus 0.025^(1/20)."""
    frame = pd.DataFrame({"days": [10] * 20, "censored": True, "exit": None})
    row = cumulative_incidence(frame, grid=[10], kinds=["eviction"]).iloc[0]
    assert (row["share"], row["low"], row["status"]) == (0, 0, "no exit")
    assert row["high"] == pytest.approx(1 - 0.025 ** (1 / 20))
    assert row["note"].startswith("No such exit was seen")


def test_nobody_leaving_in_any_way_is_said():
    """All censored, or nobody at all: one row for any exit."""
    frame = pd.DataFrame({"days": [10] * 20, "censored": True, "exit": None})
    last = cumulative_incidence(frame).iloc[-1]
    assert (last["exit"], last["share"], last["status"]) == ("any exit", 0, "no exit")
    assert cumulative_incidence(frame.iloc[:0])["status"].to_list() == ["nobody"]


def test_all_leaving_in_one_way_has_an_exact_bound():
    """Ten of ten home by day 4: at least 0.025^(1/10)."""
    row = cumulative_incidence(pd.DataFrame({"days": [4] * 10, "exit": "home", "censored": False})).iloc[-1]
    assert (row["share"], row["high"]) == (1, 1)
    assert row["low"] == pytest.approx(0.025 ** (1 / 10))


def test_an_unrecorded_destination_is_a_kind_of_its_own():
    """It is no censoring, and never dropped."""
    frame = pd.DataFrame(
        {"days": [1, 2, 3, 4], "censored": [False, False, False, True], "exit": ["home", None, "home", None]}
    )
    made = cumulative_incidence(frame, grid=[4])
    assert made.set_index("exit")["share"].to_dict() == pytest.approx({"home": 0.5, "not recorded": 0.25})


def test_one_person_a_gap_and_the_end_of_follow_up_are_said():
    """No number where there is none."""
    one = pd.DataFrame({"days": [5], "censored": [False], "exit": ["home"]})
    assert cumulative_incidence(one).loc[0, "status"] == "one person"
    two = pd.DataFrame({"days": [5, 7], "censored": [False, True], "exit": ["home", None]})
    later = cumulative_incidence(two, grid=[5, 9]).set_index("day")
    assert later.loc[5, "share"] == 0.5
    assert np.isnan(later.loc[9, "share"])
    assert later.loc[9, "status"] == "beyond follow-up"
    gap = pd.DataFrame(
        {"days": [3, 20, 30], "censored": False, "entry": [0, 10, 10], "exit": ["home", "home", "moved"]}
    )
    made = cumulative_incidence(gap, entry="entry", grid=[20])
    assert made["share"].isna().all()
    assert made["status"].eq("not seen").all()


def test_an_unknown_column_is_a_usage_error():
    """Answered with what is known."""
    with pytest.raises(UsageError, match='no column "destination"'):
        cumulative_incidence(leukaemia().assign(exit="a"), exit="destination")
