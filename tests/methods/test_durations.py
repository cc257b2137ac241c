"""Curves, quantiles and restricted means against printed examples, closed forms and what cannot be said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from published_durations import leukaemia, maintenance, pregnancies
from statsmodels.duration.survfunc import SurvfuncRight

from analysis.errors import DataRefused, UsageError
from analysis.methods.durations import first_day_seen, kaplan_meier, quantiles
from analysis.methods.exits import cumulative_incidence
from analysis.methods.restricted import restricted_mean
from analysis.records.episodes import episodes


def on(curve, day):
    """Return the one row of a curve on a day."""
    return curve.loc[curve["day"] == day].iloc[0]


def test_six_mp_is_as_printed():
    """Klein and Moeschberger (2003), table 4.1B: shares, errors; log-log limits as R's survfit gives them."""
    curve = kaplan_meier(leukaemia(), by="group")
    curve = curve.loc[curve["group"] == "6-MP"]
    printed = [
        (6, 21, 3, 0.857, 0.0764, 0.620, 0.952),
        (7, 17, 1, 0.807, 0.0869, 0.563, 0.923),
        (10, 15, 1, 0.753, 0.0963, 0.503, 0.889),
        (13, 12, 1, 0.690, 0.1068, 0.432, 0.849),
        (16, 11, 1, 0.627, 0.1141, 0.368, 0.805),
        (22, 7, 1, 0.538, 0.1282, 0.268, 0.747),
        (23, 6, 1, 0.448, 0.1346, 0.188, 0.680),
    ]
    for day, at_risk, exits, share, error, low, high in printed:
        row = on(curve, day)
        assert (row["at_risk"], row["exits"]) == (at_risk, exits)
        assert [round(row["remaining"], 3), round(row["se"], 4)] == [share, pytest.approx(error, abs=6e-5)]
        assert [round(row["low"], 3), round(row["high"], 3)] == [low, high]


def test_it_agrees_with_statsmodels_with_and_without_entry():
    """Shares and Greenwood errors, where statsmodels gives any."""
    frame = pregnancies()
    ours = kaplan_meier(frame, entry="entry", since=3).iloc[1:-1]
    theirs = SurvfuncRight(frame["days"], np.ones(len(frame)), entry=frame["entry"])
    assert ours["remaining"].to_numpy() == pytest.approx(theirs.surv_prob[:-1], abs=1e-12)
    assert ours["se"].to_numpy() == pytest.approx(theirs.surv_prob_se[:-1], abs=1e-12)


def test_pregnancies_seen_late_are_as_printed():
    """The R package etm prints the share still pregnant and its variance, with entry (tests of etm 0.6)."""
    curve = kaplan_meier(pregnancies(), entry="entry", since=3)
    printed = {
        6: (0.965811966, 2.822155e-04),
        13: (0.810577612, 4.941740e-04),
        23: (0.802804129, 4.933371e-04),
        36: (0.745862216, 4.728916e-04),
        39: (0.477043404, 3.424805e-04),
        42: (0.005166535, 4.440837e-06),
    }
    for week, (share, variance) in printed.items():
        row = on(kaplan_meier(pregnancies(), entry="entry", since=3, grid=[week]), week)
        assert row["remaining"] == pytest.approx(share, abs=5e-10)
        assert row["se"] ** 2 == pytest.approx(variance, rel=2e-7)
    assert curve["status"].eq("").all()


def test_a_grid_reads_the_curve_and_counts_what_lies_between():
    """Shares are those of the last exit; exits and censorings add up to everybody."""
    frame = leukaemia().query("group == '6-MP'")
    full, read = kaplan_meier(frame), kaplan_meier(frame, grid=[0, 7, 14, 28, 35])
    assert read["remaining"].to_list() == pytest.approx([1, 0.806723, 0.690196, 0.448179, 0.448179], abs=1e-6)
    assert read["exits"].to_list() == [0, 4, 2, 3, 0]
    assert read["censored"].to_list() == [0, 1, 3, 4, 4]
    assert read["exits"].sum() + read["censored"].sum() == len(frame)
    assert full["exits"].sum() == 9
    assert full["day"].to_list() == [0, 6, 7, 10, 13, 16, 22, 23, 35]


def test_without_censoring_it_is_the_share_above_each_day():
    """The empirical distribution, with the binomial error; an end on day 0 counts."""
    frame = pd.DataFrame({"days": [0, 0, 1, 2, 2, 5, 9, 9], "censored": False})
    curve = kaplan_meier(frame)
    assert on(curve, 0)["remaining"] == pytest.approx(6 / 8)
    assert on(curve, 2)["remaining"] == pytest.approx(3 / 8)
    assert on(curve, 2)["se"] == pytest.approx(np.sqrt(3 / 8 * 5 / 8 / 8))
    assert on(curve, 9)["remaining"] == 0
    assert on(curve, 9)["low"] == 0
    assert on(curve, 9)["high"] == pytest.approx(on(curve, 5)["high"])


def test_clustered_errors_are_greenwoods_when_all_rows_are_different_people():
    """And those of half the sample when every person is there twice."""
    frame = leukaemia()
    plain, alone = kaplan_meier(frame), kaplan_meier(frame, person="person")
    assert alone["se"].to_numpy() == pytest.approx(plain["se"].to_numpy(), abs=1e-12)
    twice = pd.concat([frame, frame])
    assert kaplan_meier(twice)["se"].to_numpy() == pytest.approx(plain["se"].to_numpy() / np.sqrt(2))
    assert kaplan_meier(twice, person="person")["se"].to_numpy() == pytest.approx(plain["se"].to_numpy())


def test_clustered_errors_with_entry_are_the_sum_by_definition():
    """Each row's influence on the log of the share, day by day, summed by person."""
    random = np.random.default_rng(3)
    entry = random.integers(0, 10, 60) * (random.random(60) < 0.5)
    frame = pd.DataFrame(
        {
            "days": entry + random.integers(1, 15, 60),
            "censored": random.random(60) < 0.3,
            "entry": entry,
            "person": np.arange(60) // 2,
        }
    )
    by_person = np.zeros(30)
    for day in range(1, 9):
        at = (frame["entry"] < day) & (frame["days"] >= day)
        gone = at & (frame["days"] == day) & ~frame["censored"]
        n, d = at.sum(), gone.sum()
        influence = at * d / (n * (n - d)) - gone / (n - d)
        by_person += np.bincount(frame["person"], influence)
    row = kaplan_meier(frame, entry="entry", person="person", grid=[8]).iloc[0]
    assert row["se"] == pytest.approx(row["remaining"] * np.sqrt((by_person**2).sum()))


def test_medians_are_as_printed():
    """As R gives them, log-log: 6-MP 23 weeks (13, no upper limit), placebo 8 (4, 11); Miller 31 and 23."""
    found = quantiles(kaplan_meier(leukaemia(), by="group"), [0.5], by="group").set_index("group")
    assert found.loc["6-MP", ["day", "low", "high"]].to_list() == [23, 13, np.inf]
    assert found.loc["placebo", ["day", "low", "high"]].to_list() == [8, 4, 11]
    miller = quantiles(kaplan_meier(maintenance(), by="group"), [0.5], by="group").set_index("group")
    assert miller["day"].to_dict() == {"maintained": 31, "not maintained": 23}


def test_a_quantile_that_is_not_reached_says_so():
    """Only a lower limit is known."""
    found = quantiles(kaplan_meier(leukaemia().query("group == '6-MP'")), [0.75]).iloc[0]
    assert np.isnan(found["day"])
    assert (found["low"], found["high"], found["status"]) == (23, np.inf, "not reached")
    assert "longest follow-up" in found["note"]


def test_six_mp_stays_23_weeks_out_of_35():
    """Klein and Moeschberger (2003), example 4.1 continued: 23.29 weeks, standard error 2.83."""
    found = restricted_mean(leukaemia(), 35, by="group", against="placebo").set_index("group")
    assert [round(found.loc["6-MP", name], 2) for name in ("mean", "se")] == [23.29, 2.83]
    assert found.loc["placebo", "mean"] == pytest.approx(np.mean([*leukaemia()["days"][21:]]))
    gap = found.loc["6-MP"]
    assert gap["difference"] == pytest.approx(23.287395 - 8.666667, abs=1e-6)
    half = 1.959964 * np.hypot(gap["se"], found.loc["placebo", "se"])
    assert gap["difference_high"] - gap["difference"] == pytest.approx(half, rel=1e-6)
    assert np.isnan(found.loc["placebo", "difference"])


def test_the_restricted_mean_without_censoring_is_the_mean_of_what_is_cut_off():
    """With the variance of the plain mean, n below."""
    days = np.array([3.0, 5, 8, 20, 31, 44])
    found = restricted_mean(pd.DataFrame({"days": days, "censored": False}), 30).iloc[0]
    cut = days.clip(max=30)
    assert found["mean"] == pytest.approx(cut.mean())
    assert found["se"] == pytest.approx(cut.std() / np.sqrt(6))


def test_nobody_is_followed_to_the_horizon():
    """A sentence, and no number."""
    found = restricted_mean(leukaemia().query("group == '6-MP'"), 40).iloc[0]
    assert np.isnan(found["mean"])
    assert found["status"] == "beyond follow-up"
    assert found["note"] == "This is longer than anybody was followed."


def test_all_censored_leaves_a_bound():
    """With 12 followed to day 30 and none gone, the lower limit is (0.025)^(1/12)."""
    frame = pd.DataFrame({"days": [30] * 12, "censored": True})
    row = on(kaplan_meier(frame, grid=[30, 31]), 30)
    assert (row["remaining"], row["high"], row["status"]) == (1, 1, "no exit")
    assert row["low"] == pytest.approx(0.025 ** (1 / 12))
    later = on(kaplan_meier(frame, grid=[30, 31]), 31)
    assert np.isnan(later["remaining"])
    assert later["status"] == "beyond follow-up"
    mean = restricted_mean(frame, 30).iloc[0]
    assert (mean["mean"], mean["high"], mean["status"]) == (30, 30, "no exit")
    assert mean["low"] == pytest.approx(30 * 0.025 ** (1 / 12))


def test_the_bound_rests_on_the_fewest_under_observation():
    """One of three leaves view on day 2 and five come on day 4: two is the fewest."""
    frame = pd.DataFrame(
        {"days": [2, 9, 9, 9, 9, 9, 9, 9], "censored": True, "entry": [0, 0, 0, 4, 4, 4, 4, 4]}
    )
    row = on(kaplan_meier(frame, entry="entry", grid=[9]), 9)
    assert row["low"] == pytest.approx(0.025 ** (1 / 2))


def test_a_group_of_one_has_no_curve():
    """Nor a quantile nor a mean; the other group keeps its own."""
    frame = pd.DataFrame(
        {"days": [4, 5, 9, 3], "censored": [False, False, True, False], "group": ["a", "a", "a", "b"]}
    )
    curve = kaplan_meier(frame, by="group")
    alone = curve.loc[curve["group"] == "b"]
    assert alone[["remaining", "low", "high", "se"]].isna().all(axis=None)
    assert alone["status"].eq("one person").all()
    found = quantiles(curve, [0.5], by="group").set_index("group")
    assert found.loc["a", "day"] == 5
    assert found.loc["b", ["day", "low", "high"]].isna().all()
    assert found.loc["b", "status"] == "one person"
    assert restricted_mean(frame, 4, by="group").set_index("group").loc["b", "status"] == "one person"


def test_an_early_gap_under_truncation_is_said_and_cured():
    """The only one at risk early leaves, and the curve would fall to 0: known only from the next entry on."""
    frame = pd.DataFrame(
        {"days": [3, 20, 25, 30], "censored": [False, False, True, False], "entry": [0, 10, 10, 12]}
    )
    curve = kaplan_meier(frame, entry="entry")
    assert curve.loc[curve["day"] >= 3, "remaining"].isna().all()
    assert on(curve, 20)["status"] == "not seen"
    assert quantiles(curve, [0.5]).loc[0, "status"] == "not seen"
    assert restricted_mean(frame, 20, entry="entry").loc[0, "status"] == "not seen"
    day = first_day_seen(frame, fewest=2)
    assert day == 10
    cured = kaplan_meier(frame, entry="entry", since=day)
    assert cured["status"].eq("").all()
    assert cured["remaining"].to_list() == pytest.approx([1, 2 / 3, 0])
    assert cured["at_risk"].to_list() == [2, 3, 1]


def test_all_leaving_on_one_day_has_an_exact_bound():
    """Forty of forty on day 3: at most 1 - 0.025^(1/40) would stay; so too after an earlier exit."""
    curve = kaplan_meier(pd.DataFrame({"days": [3] * 40, "censored": False}))
    assert on(curve, 3)[["remaining", "low"]].to_list() == [0, 0]
    assert on(curve, 3)["high"] == pytest.approx(1 - 0.025 ** (1 / 40))
    later = kaplan_meier(pd.DataFrame({"days": [1] + [3] * 39, "censored": False}))
    assert on(later, 3)["high"] == pytest.approx(1 - 0.025 ** (1 / 39))
    assert on(later, 3)["high"] < on(later, 1)["high"]


def test_nobody_is_said():
    """An empty frame is one row with a sentence, grouped or not, for curve, quantile and mean."""
    nobody = leukaemia().iloc[:0]
    for by in (None, "group"):
        curve = kaplan_meier(nobody, by=by)
        assert curve["status"].to_list() == ["nobody"]
        assert curve["remaining"].isna().all()
        assert restricted_mean(nobody, 20, by=by)["note"].to_list() == ["Nobody was under observation."]
    assert quantiles(kaplan_meier(nobody), [0.5])["status"].to_list() == ["nobody"]


def test_episodes_go_in_as_they_are():
    """Joined stays with entry, censoring and competing exits, under the names the records give them."""
    stays = pd.DataFrame(
        {
            "person": list("aabcd"),
            "area": "made-up",
            "start_date": pd.to_datetime(
                ["2022-01-01", "2022-04-20", "2022-05-01", "2022-06-01", "2022-07-01"]
            ),
            "end_date": pd.to_datetime(["2022-04-20", "2022-06-01", "2022-07-01", None, "2022-07-15"]),
            "destination": ["refuge", "home", "home", None, None],
            "departure_kind": "planned",
        }
    )
    made = episodes(stays, start="2022-04-01", end="2023-03-31")
    curve = kaplan_meier(made, entry="entry", person="person")
    assert curve["day"].to_list() == [0, 14, 61, 151, 303]
    assert curve["at_risk"].to_list() == [3, 3, 2, 2, 1]
    left = cumulative_incidence(made, entry="entry", grid=[303]).set_index("exit")["share"]
    assert left.to_dict() == pytest.approx({"home": 1 / 3 + 1 / 6, "not recorded": 1 / 3})
    assert left.sum() == pytest.approx(1 - on(curve, 303)["remaining"])


def test_a_missing_group_is_a_group():
    """Nobody is lost for want of a label."""
    frame = leukaemia()
    frame.loc[3, "group"] = None
    curve = kaplan_meier(frame, by="group")
    assert set(curve["group"]) == {"6-MP", "placebo", "not recorded"}
    assert curve["exits"].sum() + curve["censored"].sum() == len(frame)


def test_provenance_is_carried():
    """Tiers and ids of all rows, once each."""
    frame = leukaemia().assign(tier="records", source_id="a", figure_ids="", footnote="Made up.")
    frame.loc[0, "source_id"] = "b"
    for made in (kaplan_meier(frame), quantiles(kaplan_meier(frame)), restricted_mean(frame, 20)):
        assert set(made["source_id"]) <= {"b a", "a b"}
        assert set(made["tier"]) == {"records"}


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("days", np.nan, '"days" is missing in 1 of 42 rows'),
        ("days", -1, "below 0"),
        ("censored", None, '"censored" is missing in 1 of 42 rows'),
        ("entry", 99, 'not above "entry" in 1 rows'),
    ],
)
def test_what_cannot_be_is_refused(column, value, words):
    """In words that hold no value of a record."""
    frame = leukaemia().astype({"days": float, "censored": object}).assign(entry=0.0)
    frame.loc[5, column] = value
    with pytest.raises(DataRefused, match=words):
        kaplan_meier(frame, entry="entry")


def test_a_wrong_call_is_a_usage_error():
    """A column, the grid, since, and a group to compare with."""
    frame = leukaemia()
    with pytest.raises(UsageError, match='no column "groups"'):
        kaplan_meier(frame, by="groups")
    with pytest.raises(UsageError, match="the grid has no day"):
        kaplan_meier(frame, grid=[])
    with pytest.raises(UsageError, match="since is -1"):
        kaplan_meier(frame, since=-1)
    with pytest.raises(UsageError, match="Known: 6-MP, placebo"):
        restricted_mean(frame, 20, by="group", against="control")
    with pytest.raises(DataRefused, match="on no day are 99"):
        first_day_seen(frame, fewest=99, entry=None)


def test_the_interval_holds_the_truth_with_entry_and_censoring():
    """Of 200 samples of exponential stays seen through a window, 95% intervals hold the share 0.5 in 95%."""
    random = np.random.default_rng(11)
    held = 0
    for _ in range(200):
        start = random.uniform(-300, 365, 400)
        length = random.exponential(100, 400)
        seen = start + length > 0
        start, length = start[seen], length[seen]
        frame = pd.DataFrame(
            {
                "days": np.minimum(length, 365 - start),
                "censored": length > 365 - start,
                "entry": (-start).clip(min=0),
            }
        )
        row = kaplan_meier(frame, entry="entry", grid=[100 * np.log(2)]).iloc[0]
        held += row["low"] <= 0.5 <= row["high"]
    assert held >= 182
