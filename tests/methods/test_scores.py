"""Scores: Jacobson and Truax's example, a printed effect, simulated attrition, what cannot be said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.evidence.instruments import load_instruments
from analysis.methods.attrition import completion_weights, gap_at_start, weighted_gain, who_was_lost
from analysis.methods.gains import mean_gain
from analysis.methods.scores import (
    Instrument,
    change_shares,
    cut_off,
    error_of_difference,
    instruments,
    reliable_change,
    scale_of,
    with_change,
)

SCALES = instruments(load_instruments())
CORE = SCALES["core-10"]


def courses(start, end, **more):
    """Return courses on CORE-10."""
    frame = pd.DataFrame({"score_start": start, "score_end": end, "measure": "core-10", **more})
    return frame.astype({"score_start": float, "score_end": float})


def sample(random, n=400, *, gains=(8.0, 2.0), kept=(1.2, -1.0)):
    """Return courses of two groups that gain and stay differently; the mean gain is half the sum of gains."""
    group = random.choice(["x", "y"], n)
    first = random.normal(20, 5, n).clip(6, 34)
    gain = np.where(group == "x", *gains) + random.normal(0, 4, n)
    again = random.random(n) < 1 / (1 + np.exp(-np.where(group == "x", *kept)))
    return courses(first, np.where(again, (first - gain).clip(0, 40), np.nan), group=group)


def test_the_example_of_jacobson_and_truax():
    """Spread 7.5, reliability 0.80: error 3.35, of differences 4.74; 32.5 to 47.5: 3.16; criterion c 50."""
    assert error_of_difference(7.5, 0.8) / np.sqrt(2) == pytest.approx(3.35, abs=0.005)
    assert error_of_difference(7.5, 0.8) == pytest.approx(4.74, abs=0.005)
    assert (47.5 - 32.5) / error_of_difference(7.5, 0.8) == pytest.approx(3.16, abs=0.005)
    assert cut_off(40, 7.5, 60, 7.5) == 50


def test_published_thresholds_follow_from_published_spreads():
    """CORE-10: 6 points at 90% and 11 from the manual's means; SWEMWBS: 2.87 points are 2.77 errors."""
    core = load_instruments().set_index("measure").loc["core-10"]
    points = reliable_change(core["sd"], core["reliability"], core["level"])
    assert np.ceil(points) == core["reliable_change"]
    assert np.ceil(cut_off(19.7, core["sd"], 4.7, 4.8)) == core["cut_off"]


def test_thresholds_are_published_and_have_a_source():
    """PHQ-9 10 and 6, GAD-7 8 and 4, CORE-10 11 and 6; every row says what was compared."""
    table = load_instruments().set_index("measure")
    assert table.loc["phq-9", ["cut_off", "reliable_change"]].to_list() == [10, 6]
    assert table.loc["gad-7", ["cut_off", "reliable_change"]].to_list() == [8, 4]
    assert table.loc["core-10", ["cut_off", "reliable_change"]].to_list() == [11, 6]
    assert table["checked"].str.len().gt(40).all()
    assert np.isnan(table.loc["swemwbs", "cut_off"])


def test_each_kind_of_change():
    """At the thresholds themselves, on scales that run either way."""
    frame = pd.DataFrame(
        [
            ("core-10", 16, 10, "recovered"),
            ("core-10", 16, 11, "no reliable change"),
            ("core-10", 17, 11, "improved"),
            ("core-10", 9, 3, "improved"),
            ("core-10", 20, 26, "worse"),
            ("core-10", 20, 25, "no reliable change"),
            ("core-10", 20, None, "not measured again"),
            ("core-10", None, 5, "no first score"),
            ("phq-9", 15, 9, "recovered"),
            ("gad-7", 12, 8, "improved"),
            ("swemwbs", 18, 21, "improved"),
            ("swemwbs", 21, 18, "worse"),
            ("other", 9, 2, "no published threshold"),
            (None, 9, 2, "no published threshold"),
        ],
        columns=["measure", "score_start", "score_end", "expected"],
    )
    made = with_change(frame, SCALES)
    assert made["change"].to_list() == frame["expected"].to_list()
    assert made.loc[10, "gain"] == 3
    assert made.loc[10, ["clinical_start", "clinical_end"]].isna().all()
    assert len(made) == len(frame)


def test_shares_stand_beside_their_bounds():
    """Two of three recovered and one lost: between half and three quarters of the four."""
    made = with_change(courses([20, 20, 20, 20, 8], [5, 9, 19, None, 2]), SCALES)
    found = change_shares(made).set_index("change")
    recovered = found.loc["recovered"]
    assert recovered[["count", "base", "total"]].to_list() == [2, 3, 4]
    assert recovered[["bound_low", "bound_high"]].to_list() == [0.5, 0.75]
    assert recovered["among"] == "in the clinical range at the start"
    either = found.loc["recovered or improved"]
    assert either[["count", "base", "total"]].to_list() == [3, 4, 5]
    kinds = found.loc[["improved", "no reliable change", "worse"], "count"]
    assert kinds.to_list() == [1, 1, 0]


def test_nobody_measured_again_leaves_nothing_but_bounds():
    """Shares NaN, bounds 0 and 1; nobody with a first score leaves not even those."""
    lost = change_shares(with_change(courses([20, 25], [None, None]), SCALES)).set_index("change")
    assert np.isnan(lost.loc["worse", "share"])
    assert lost.loc["worse", ["bound_low", "bound_high"]].to_list() == [0, 1]
    none = change_shares(with_change(courses([None, None], [3, 4]), SCALES))
    assert none["total"].eq(0).all()
    assert none["bound_low"].isna().all()


def test_the_mean_gain_is_the_paired_t_interval():
    """As scipy gives it; each way of ending of the two lost bounds the mean of all."""
    first, last = [20, 25, 18, 30, 22, 12, 14], [12, 20, 16, 15, 25, None, None]
    found = mean_gain(courses(first, last), CORE).iloc[0]
    gain = np.array([8, 5, 2, 15, -3])
    half = 2.7764451 * gain.std(ddof=1) / np.sqrt(5)
    assert found[["gain", "low", "high"]].to_list() == pytest.approx([5.4, 5.4 - half, 5.4 + half])
    assert found[["total", "base"]].to_list() == [7, 5]
    assert found["unchanged"] == pytest.approx(27 / 7)
    assert found["bound_low"] == pytest.approx((27 + 12 - 40 + 14 - 40) / 7)
    assert found["bound_high"] == pytest.approx((27 + 12 + 14) / 7)


def test_the_size_of_a_gain_is_as_printed():
    """Morris (2008), first study: 30.6 to 38.5, spread 15.0, n 20, r 0.47: 0.5056, variance 0.0594."""
    random = np.random.default_rng(1)
    raw = np.linalg.qr(np.column_stack([np.ones(20), random.normal(size=(20, 2))]))[0][:, 1:] * np.sqrt(19)
    first = 30.6 + 15.0 * raw[:, 0]
    last = 38.5 + 11.6 * (0.47 * raw[:, 0] + np.sqrt(1 - 0.47**2) * raw[:, 1])
    scale = Instrument("test", "higher", -100, 200, None, None, 0.95, "test")
    found = mean_gain(pd.DataFrame({"score_start": first, "score_end": last}), scale).iloc[0]
    assert found["effect"] == pytest.approx(0.5056, abs=5e-5)
    assert ((found["effect_high"] - found["effect"]) / 1.959964) ** 2 == pytest.approx(0.0594, abs=5e-5)


def test_errors_are_clustered_by_person():
    """Every course twice is no more evidence than once, but for the degrees of freedom it never had."""
    once = courses([20, 25, 18, 30], [12, 20, 16, 15], person=list("abcd"))
    twice = pd.concat([once, once])
    names = ["gain", "low", "high"]
    assert mean_gain(twice, CORE, person="person")[names].iloc[0].to_list() == pytest.approx(
        mean_gain(once, CORE)[names].iloc[0].to_list()
    )
    assert mean_gain(twice, CORE).loc[0, "low"] > mean_gain(once, CORE).loc[0, "low"]


def test_one_measured_twice_is_too_few():
    """A sentence in place of an interval."""
    found = mean_gain(courses([20, 22], [10, None]), CORE).iloc[0]
    assert np.isnan(found["gain"])
    assert (found["status"], found["note"]) == ("too few", "Fewer than two people were measured twice.")
    assert mean_gain(courses([20, 20, 20], [15, 15, 15]), CORE)["effect"].isna().all()


def test_who_was_lost_is_told_level_by_level():
    """A missing level is a level; first scores of kept and lost stand side by side."""
    frame = courses([20, 24, 30, 10, None], [9, None, None, 5, 8], group=["x", "x", "y", None, "y"])
    found = who_was_lost(frame, ["group"]).set_index("level")
    assert found.loc["all", ["base", "count", "lost"]].to_list() == [4, 2, 2]
    assert found.loc["all", ["start_kept", "start_lost"]].to_list() == [15, 27]
    assert found.loc["y", "share"] == 0
    assert found.loc["not recorded", "share"] == 1
    gap = gap_at_start(frame).iloc[0]
    assert gap["difference"] == 12
    assert gap["low"] < 12 < gap["high"]
    assert gap_at_start(frame.iloc[[0, 3]]).loc[0, "status"] == "too few"


def test_weights_recover_the_mean_of_all_where_the_lost_are_like_the_kept():
    """Of 60 samples, 95% intervals hold the gain of all in 53 or more; the mean of the kept is 1.4 off."""
    random, held, plain = np.random.default_rng(6), 0, []
    for _ in range(60):
        frame = sample(random)
        found = weighted_gain(frame, CORE, ["group"]).iloc[0]
        held += found["low"] <= 5 <= found["high"]
        plain.append(mean_gain(frame, CORE).loc[0, "gain"])
    assert held >= 53
    assert np.mean(plain) == pytest.approx(6.4, abs=0.15)


def test_the_weighted_error_is_that_of_simulated_samples():
    """Mean standard error within 15% of the spread of estimates, though the weights are estimated."""
    random = np.random.default_rng(8)
    rows = [weighted_gain(sample(random, 300), CORE, ["group"]).iloc[0] for _ in range(150)]
    errors = [(row["high"] - row["low"]) / 2 / 1.959964 for row in rows]
    assert np.mean(errors) == pytest.approx(np.std([row["gain"] for row in rows]), rel=0.15)


def test_weights_stand_for_everybody():
    """They sum to about all who began, and are 0 for the lost."""
    frame = sample(np.random.default_rng(3), 500)
    made = completion_weights(frame, ["group"])
    assert made["weight"].sum() == pytest.approx(500, rel=0.02)
    assert made.loc[~made["measured_again"], "weight"].eq(0).all()
    shares = made.groupby("group")["likely"].mean()
    seen = frame["score_end"].notna().groupby(frame["group"]).mean()
    assert shares.to_numpy() == pytest.approx(seen.to_numpy(), abs=0.02)


def test_a_level_that_was_lost_whole_has_no_weights():
    """A sentence from the mean, a refusal from the weights."""
    frame = courses([20, 24, 30, 10], [9, 12, None, None], group=["x", "x", "y", "y"])
    found = weighted_gain(frame, CORE, ["group"]).iloc[0]
    assert found["status"] == "no weights"
    assert found["note"].startswith("Of one level nobody was measured again")
    with pytest.raises(DataRefused, match='nobody of one level of "group"'):
        completion_weights(frame, ["group"])


def test_everybody_measured_and_hardly_anybody_measured_are_said():
    """Without loss the weighted mean is the plain one; a weight above 10 is called heavy."""
    frame = courses([20, 24, 30, 10], [9, 12, 25, 4], group=["x", "x", "y", "y"])
    full = weighted_gain(frame, CORE, ["group"]).iloc[0]
    assert full["note"] == "Everybody was measured again."
    assert full["gain"] == pytest.approx(mean_gain(frame, CORE).loc[0, "gain"], abs=0.1)
    assert weighted_gain(frame.iloc[:1], CORE, []).loc[0, "status"] == "no weights"
    random = np.random.default_rng(2)
    rare = sample(random, 600, kept=(2.0, -3.5))
    assert weighted_gain(rare, CORE, ["group"]).loc[0, "status"] == "heavy weights"


def test_what_cannot_be_is_refused():
    """A score off its scale, a number missing, two scales at once; messages hold no score."""
    with pytest.raises(DataRefused, match="1 scores are off the scale, 0 to 40"):
        with_change(courses([20, 44], [3, 9]), SCALES)
    frame = courses([20, 24, 30], [9, 12, None], age=[30, None, 20])
    with pytest.raises(DataRefused, match='"age" is missing in 1 rows'):
        weighted_gain(frame, CORE, ["age"])
    with pytest.raises(UsageError, match='no column "ages"'):
        weighted_gain(frame, CORE, ["ages"])
    mixed = frame.assign(measure=["core-10", "phq-9", "phq-9"])
    with pytest.raises(DataRefused, match="rows are on core-10, phq-9"):
        scale_of(mixed, SCALES)
    assert scale_of(frame, SCALES) is CORE
    broken = load_instruments().assign(better="left")
    with pytest.raises(DataRefused, match='"left" is no end of a scale'):
        instruments(broken)
