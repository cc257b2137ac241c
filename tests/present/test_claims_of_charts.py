"""What the title of a chart of released numbers says was found."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.present import claims, prose

SURVIVAL = pd.DataFrame(
    [("All", 28, 0.9), ("All", 91, 0.6), ("All", 182, 0.4), ("Refuge", 91, 0.7), ("Dispersed", 91, 0.5)],
    columns=["type", "days", "remaining"],
)
ODDS = pd.DataFrame(
    [("Sex: Men", 0.5, 0.01), ("Age: Old", 1.2, 0.6), ("Age: Young", 0.4, math.nan)],
    columns=["term", "ratio", "p_family"],
)


def said(kind, known, value, label, form="percent"):
    """Return the words of a claim, filled."""
    template, values = claims.found(kind, claims.Drawn(known, value, label, form), 0.95)
    return prose.fill(template, values, where="a test")[0] if values else template


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (SURVIVAL, "after 91 days 70.0% (Refuge) and 50.0% (Dispersed)"),
        (SURVIVAL[SURVIVAL["type"].eq("All")], "40.0% (All) after 182 days"),
        (SURVIVAL.head(2), "60.0% (All) after 91 days"),
    ],
    ids=["the widest gap", "half have gone", "half have not gone"],
)
def test_a_curve_tells_the_widest_gap_or_when_half_have_gone(known, words):
    assert said("survival", known, "remaining", ("type", "days")) == words


def test_a_curve_of_one_group_without_a_name_tells_no_name():
    known = SURVIVAL.head(3).drop(columns="type")
    assert said("survival", known, "remaining", ("days",)) == "40.0% after 182 days"


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (ODDS, "odds ratio 0.50 (Sex: Men), unlikely to be chance"),
        (ODDS.iloc[[1]], "odds ratio 1.20 (Age: Old), which may be chance"),
        (ODDS.assign(p_family=[0.5, 0.6, 0.7]), "none of 3 odds ratios stands apart from chance"),
        (ODDS.iloc[[2]], "0.40 (Age: Young)"),
        (ODDS.drop(columns="p_family"), "from 0.40 (Age: Young) to 1.20 (Age: Old)"),
    ],
    ids=["one stands apart", "one alone", "none", "not judged", "no family"],
)
def test_a_comparison_tells_what_stands_apart_from_chance(known, words):
    assert said("comparison", known, "ratio", ("term",), "ratio") == words


def test_an_adjusted_comparison_is_judged_by_what_was_adjusted():
    known = pd.DataFrame(
        [("Men, crude", 0.5, 0.001, 0.4), ("Men, adjusted", 0.8, 0.001, 0.4)],
        columns=["term", "ratio", "p_family", "adjusted_p_family"],
    )
    words = "odds ratio 0.80 (Men, adjusted), which may be chance"
    assert said("comparison", known, "ratio", ("term",), "ratio") == words


def test_means_tell_lowest_and_highest_in_days():
    known = pd.DataFrame({"type": ["Refuge", "Dispersed"], "mean": [100.0, 120.0]})
    assert said("pace", known, "mean", ("type",), "days") == "from 100 days (Refuge) to 120 days (Dispersed)"
    assert said("pace", known.head(1), "mean", ("type",), "days") == "100 days (Refuge)"


@pytest.mark.parametrize(
    ("signals", "words"),
    [
        (["", "", ""], "none of 3 stands out from the usual noise"),
        (["", "above", ""], "1 of 3 stands out from the usual noise"),
        (["run", "above", ""], "2 of 3 stand out from the usual noise"),
    ],
)
def test_a_trend_tells_how_many_points_stand_out(signals, words):
    known = pd.DataFrame({"month": ["a", "b", "c"], "count": [10, 30, 12], "signal": signals})
    assert said("trend", known, "count", ("month",), "count") == words


def test_a_title_says_what_is_compared_and_then_what_was_found():
    assert claims.titled("Stays", "half") == "Stays: half"
    assert claims.titled("Stays: by type", "half") == "Stays: by type; half"
    assert claims.titled("Are some worse?", "none is") == "Are some worse? None is"
    assert claims.titled("Stays", "") == "Stays"


@pytest.mark.parametrize(
    ("chances", "words"),
    [
        ([0.9, 0.01, math.nan], "30.0% (Old × Disabled) stands apart from what its parts say"),
        ([0.9, 0.04, math.nan], "none of 3 stands clearly apart from what its parts say"),
    ],
    ids=["one", "none, judged together"],
)
def test_combinations_tell_whether_one_stands_apart_from_its_parts(chances, words):
    known = pd.DataFrame(
        {
            "stratum": ["Young × Disabled", "Old × Disabled", "Old × Not disabled"],
            "shrunk": [0.5, 0.3, 0.6],
            "beyond_p": chances,
        }
    )
    assert said("intersections", known, "shrunk", ("stratum",)) == words
