"""Imputation: Rubin's rules as printed, parameters recovered, shifts, and what cannot be said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods.imputation import impute, pool, pooled_share
from analysis.methods.tipping import share_gap, shifted, tipping_point


def people(random, n=400, *, shift=0.0):
    """Return people with a group that depends on an outcome and age, and is missing by both and by itself."""
    age = random.normal(40, 10, n)
    refused = random.random(n) < 1 / (1 + np.exp(1 - 0.05 * (age - 40)))
    odds = np.column_stack([np.zeros(n), 0.5 + 1.2 * refused, -1 + 0.04 * (age - 40)])
    likely = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    group = np.array(["a", "b", "c"])[(random.random(n)[:, None] > likely.cumsum(axis=1)[:, :-1]).sum(axis=1)]
    leaning = -0.8 + refused + 0.03 * (age - 40) + shift * (group == "b")
    gone = random.random(n) < 1 / (1 + np.exp(-leaning))
    income = 10 + 2 * refused + 0.3 * (age - 40) + random.normal(0, 3, n)
    return pd.DataFrame(
        {
            "age": age,
            "refused": refused,
            "group": pd.Series(group).mask(gone),
            "income": np.where(random.random(n) < 0.3, np.nan, income),
            "true_group": group,
            "true_income": income,
        }
    )


def test_rubins_rules_are_as_printed():
    """SAS/STAT, MIANALYZE, first example: five means of oxygen, 31 people, complete degrees of freedom 30."""
    means = [47.0120, 47.2407, 47.4995, 47.1485, 47.0042]
    errors = [0.95984, 0.93540, 1.00766, 0.95439, 0.96528]
    found = pool(means, [error**2 for error in errors], complete_df=30)
    assert found.value == pytest.approx(47.180993, abs=2e-5)
    assert [found.within, found.between, found.total] == pytest.approx(
        [0.93085, 0.04148, 0.98063], abs=1.5e-5
    )
    assert found.df == pytest.approx(26.298, abs=0.001)
    assert [found.low, found.high] == pytest.approx([45.1466, 49.2154], abs=1e-4)


def test_rubins_rules_by_hand():
    """Two data sets: 1 and 3 with variances 1 and 2; total 1.5 + 1.5 × 2, df (1 + 1.5 / 3)²."""
    found = pool([1, 3], [1, 2])
    assert (found.value, found.within, found.between, found.total) == (2, 1.5, 2, 4.5)
    assert found.df == pytest.approx((1 + 1.5 / 3) ** 2)
    assert found.increase == pytest.approx(2)


def test_nothing_missing_changes_nothing():
    """The same estimate every time: the variance within, and the normal interval."""
    found = pool([5.0] * 10, [4.0] * 10)
    assert found.total == 4
    assert [found.low, found.high] == pytest.approx([5 - 2 * 1.959964, 5 + 2 * 1.959964], abs=1e-5)
    assert found.missing_information == pytest.approx(0, abs=1e-8)


def test_recorded_values_stay_and_missing_ones_are_filled():
    """In every copy, with levels and numbers that occur; the same seed gives the same frames."""
    frame = people(np.random.default_rng(1), 120)
    made = impute(frame, ["group", "income"], using=["age", "refused"], seed=5, imputations=3, cycles=3)
    again = impute(frame, ["group", "income"], using=["age", "refused"], seed=5, imputations=3, cycles=3)
    other = impute(frame, ["group", "income"], using=["age", "refused"], seed=6, imputations=3, cycles=3)
    for name in ("group", "income"):
        known = frame[name].notna()
        for one in made:
            assert one[name].notna().all()
            assert one.loc[known, name].eq(frame.loc[known, name]).all()
            assert set(one[name]) <= set(frame.loc[known, name])
    for one, same in zip(made, again, strict=True):
        pd.testing.assert_frame_equal(one, same)
    assert not made[0]["group"].equals(made[1]["group"])
    assert not made[0]["group"].equals(other[0]["group"])


def test_shares_and_means_are_recovered_where_the_missing_depend_on_the_recorded():
    """Of 30 samples, 95% intervals hold the truth in 26 or more; the recorded alone are 2 points off."""
    random = np.random.default_rng(7)
    truth = people(random, 300_000)
    share, mean = truth["true_group"].eq("b").mean(), truth["true_income"].mean()
    held, found, recorded = [0, 0], [], []
    for seed in range(30):
        frame = people(random)
        made = impute(
            frame, ["group", "income"], using=["age", "refused"], seed=seed, imputations=8, cycles=4
        )
        one = pooled_share(made, lambda f: f["group"].eq("b"))
        two = pool(*zip(*((f["income"].mean(), f["income"].var() / len(f)) for f in made), strict=True))
        held[0] += one.low <= share <= one.high
        held[1] += two.low <= mean <= two.high
        here = frame["true_group"].eq("b").mean()
        found.append(one.value - here)
        recorded.append(frame["group"].dropna().eq("b").mean() - here)
    assert min(held) >= 26
    assert np.mean(found) == pytest.approx(0, abs=0.012)
    assert np.mean(recorded) < -0.012


def test_a_shift_moves_the_imputed_by_the_odds_it_says():
    """Where nothing else says anything, 1 turns odds of 1 into 2.7."""
    frame = pd.DataFrame({"group": ["a", "b"] * 2000 + [None] * 2000})
    made = impute(frame, ["group"], seed=1, imputations=4, cycles=1, shifts={("group", "b"): 1.0})
    imputed = pd.concat([one.loc[4000:, "group"] for one in made])
    assert imputed.eq("b").mean() == pytest.approx(np.e / (1 + np.e), abs=0.02)
    number = pd.DataFrame({"age": [*np.arange(20, 60, 0.1), *[np.nan] * 200]})
    older = impute(number, ["age"], seed=1, imputations=2, cycles=1, shifts={("age", ""): 5.0})
    plain = impute(number, ["age"], seed=1, imputations=2, cycles=1)
    gap = older[0].loc[400:, "age"] - plain[0].loc[400:, "age"]
    assert gap.to_numpy() == pytest.approx(5)


def test_shifting_back_what_was_missing_recovers_the_truth():
    """Group b is missing at three times the odds: unshifted too low, shifted by the log of 3 right."""
    random, plain, right = np.random.default_rng(3), [], []
    for seed in range(12):
        frame = people(random, 600, shift=np.log(3))
        args = {"using": ["age", "refused"], "seed": seed, "imputations": 4, "cycles": 2}
        truth = frame["true_group"].eq("b").mean()
        for found, by in ((plain, 0.0), (right, np.log(3))):
            made = impute(frame, ["group"], shifts={("group", "b"): by}, **args)
            found.append(pooled_share(made, lambda f: f["group"].eq("b")).value - truth)
    assert np.mean(plain) < -0.05
    assert np.mean(right) == pytest.approx(0, abs=0.02)


def test_the_tipping_point_is_the_smallest_shift_that_turns_the_finding():
    """A difference of 25 points with a third missing stands whatever shift is tried."""
    random = np.random.default_rng(9)
    group = np.repeat(["a", "b"], 300)
    frame = pd.DataFrame({"refused": random.random(600) < np.where(group == "b", 0.45, 0.2), "group": group})
    frame.loc[random.random(600) < 0.35, "group"] = None
    gap = share_gap("refused", "group", "b", "a")
    rows = shifted(frame, "group", "b", gap, using=["refused"], seed=2, imputations=5, cycles=2)
    assert rows["shift"].is_monotonic_increasing
    assert rows["imputed_share"].is_monotonic_increasing
    plain = rows.loc[rows["shift"] == 0].iloc[0]
    assert plain["finding"]
    assert plain["low"] < 0.25 < plain["high"]
    found = tipping_point(rows)
    assert found["finding"]
    assert found["note"] == "The finding stands whatever shift was tried."
    forced = rows.assign(finding=rows["shift"].between(-1, 2))
    assert tipping_point(forced)["shift"] == -1.5
    nothing = tipping_point(rows.assign(finding=False))
    assert nothing["note"] == "There is no finding whatever shift was tried."


def test_the_gap_of_shares_counts_one_more_of_each():
    """Agresti and Caffo: (3 + 1) / (8 + 2) less (1 + 1) / (6 + 2); an empty group gives no estimate."""
    frame = pd.DataFrame(
        {"out": [True] * 3 + [False] * 5 + [True] + [False] * 5, "by": list("b" * 8 + "a" * 6)}
    )
    value, variance = share_gap("out", "by", "b", "a")(frame)
    assert value == pytest.approx(0.4 - 0.25)
    assert variance == pytest.approx(0.4 * 0.6 / 10 + 0.25 * 0.75 / 8)
    lone = pd.DataFrame({"out": [True, False] * 20, "by": ["b"] * 30 + [None] * 10})
    row = shifted(lone, "by", "b", share_gap("out", "by", "b", "a"), seed=1, imputations=2, shifts=[]).iloc[0]
    assert (row["status"], row["finding"]) == ("no estimate", False)
    assert np.isnan(share_gap("out", "by", "z", "a")(frame)[0])


def test_a_share_of_none_or_all_keeps_an_interval():
    """Wilson's at 0 of 50 without missing, and wider limits than 0 to 1 never."""
    none = [pd.DataFrame({"x": ["a"] * 50})] * 3
    found = pooled_share(none, lambda f: f["x"].eq("b"))
    assert found.low == 0
    assert found.high == pytest.approx(1.959964**2 / (50 + 1.959964**2), rel=1e-4)
    everybody = pooled_share(none, lambda f: f["x"].eq("a"))
    assert everybody.high == pytest.approx(1)


def test_a_perfect_predictor_does_not_break_it():
    """Every recorded woman has the level; the prior keeps the coefficients finite."""
    frame = pd.DataFrame({"sex": ["f", "m"] * 60, "group": ["b", "a"] * 50 + [None] * 20})
    made = impute(frame, ["group"], using=["sex"], seed=4, imputations=3, cycles=2)
    imputed = pd.concat([one.iloc[100:] for one in made])
    assert imputed.loc[imputed["sex"] == "f", "group"].eq("b").mean() > 0.8


def test_too_little_recorded_is_refused():
    """Nobody, or a handful, says nothing of the others; messages hold no value."""
    frame = pd.DataFrame({"group": [None] * 50, "age": 30})
    with pytest.raises(DataRefused, match='"group" is recorded for 0 people'):
        impute(frame, ["group"], seed=1)
    frame.loc[:8, "group"] = "a"
    with pytest.raises(DataRefused, match="recorded for 9 people"):
        impute(frame, ["group"], seed=1)
    one_level = frame.assign(group=["a"] * 30 + [None] * 20)
    assert impute(one_level, ["group"], seed=1, imputations=2)[0]["group"].eq("a").all()


def test_a_wrong_call_is_refused():
    """A column, a level, too few imputations, a missing predictor, estimates without variances."""
    frame = pd.DataFrame({"group": ["a", "b"] * 10 + [None] * 5, "age": [30.0] * 24 + [None]})
    with pytest.raises(UsageError, match='no column "groups"'):
        impute(frame, ["groups"], seed=1)
    with pytest.raises(UsageError, match=r'no level "c" of "group" to shift\. Known: a, b'):
        impute(frame, ["group"], seed=1, shifts={("group", "c"): 1})
    with pytest.raises(UsageError, match="fewer than two imputations"):
        impute(frame, ["group"], seed=1, imputations=1)
    with pytest.raises(DataRefused, match='"age" is missing in 1 rows'):
        impute(frame, ["group"], using=["age"], seed=1)
    with pytest.raises(DataRefused, match="1 estimates and 1 variances"):
        pool([1], [1])
    with pytest.raises(UsageError, match="no row has the shift 0"):
        tipping_point(
            pd.DataFrame({"shift": [1.0], "finding": [True], "imputed_share": [0.5], "status": [""]})
        )
