"""What methods make of released counts: the methods' own values, and sentences where there are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from rows import coded, referrals, release

from analysis.disclosure.outputs.models import three_digits
from analysis.errors import UsageError
from analysis.methods import change, imputation, intersections, tipping, trends
from analysis.methods.counted import SEED

OUTCOMES = ("Accepted", "Declined", "Not known")
AGES = ("Young", "Middle", "Old", "Oldest")
NEEDS = ("Yes", "No", "Not recorded", "Not asked")
MONTHS = tuple(pd.period_range("2021-04", periods=24, freq="M").astype("str"))


def made(rows=3000, *, seed=3, worse=0.0, tiny=0, unknown=0.2):
    """Return referrals of young people with a need who are accepted less often than their parts say."""
    draw = np.random.default_rng(seed)
    age = draw.choice(np.array(AGES[:3], dtype=object), rows)
    need = draw.choice(np.array(NEEDS[:2], dtype=object), rows, p=[0.4, 0.6])
    chance = (
        0.75 - 0.1 * (age == "Young") - 0.1 * (need == "Yes") - worse * ((age == "Young") & (need == "Yes"))
    )
    outcome = np.where(draw.random(rows) < chance, "Accepted", "Declined")
    need = np.where(draw.random(rows) < unknown, "Not recorded", need)
    age[:tiny] = "Oldest"
    month = draw.choice(np.array(MONTHS), rows, p=np.where(np.arange(24) < 12, 1, 2) / 36)
    return referrals({("Female", "Accepted"): rows}).assign(
        age=coded(age, AGES),
        need=coded(need, NEEDS),
        outcome=coded(outcome, OUTCOMES),
        month=coded(month, MONTHS),
    )


def planned(kind, frame, *args, **how):
    """Plan one output, commit, and return it."""
    one = release()
    found = getattr(one, kind)(frame, *args, **how)
    one.commit()
    return found


def plain(frame, *names):
    return pd.DataFrame({name: pd.DataFrame(frame)[name].astype(str) for name in names})


# -- intersections ------------------------------------------------------------------------------------


def test_combinations_are_divided_as_the_method_divides_them():
    frame = made(worse=0.3)
    strata = planned("intersections", frame, "outcome", ["age", "need"], positive="Accepted")
    parts = planned("intersections", frame, "outcome", ["age", "need"], positive="Accepted", parts=True)
    rows = plain(frame, "age", "need", "outcome")
    rows = rows[rows["need"] != "Not recorded"]
    counted = rows.groupby(["age", "need"])["outcome"].agg(
        count=lambda one: (one == "Accepted").sum(), base="size"
    )
    wanted = intersections.maihda(counted.reset_index(), ["age", "need"])
    values = dict(zip(parts.frame()["measure"], parts.frame()["value"], strict=True))
    assert values["Share of all variation that lies between combinations"] == three_digits(wanted.vpc.value)
    assert values["p that they do not differ beyond their parts"] == three_digits(wanted.p_beyond)
    for _, one in wanted.frame.iterrows():
        found = strata.frame().set_index(["age", "need"]).loc[(one["age"], one["need"])]
        for name in ("shrunk", "shrunk_low", "interaction", "share"):
            assert found[name] == three_digits(one[name]), name
    assert float(strata.value("beyond_p", stratum="Young × Yes")) < 0.05


def test_combinations_of_too_few_people_are_left_out_and_change_nothing():
    frame, other = (made(worse=0.2, tiny=15) for _ in range(2))
    outcome = other["outcome"].astype(str).to_numpy(copy=True)
    outcome[:8], outcome[8:15] = "Accepted", "Declined"
    other = other.assign(outcome=coded(outcome, OUTCOMES))
    found = [
        planned("intersections", one, "outcome", ["age", "need"], positive="Accepted")
        for one in (frame, other)
    ]
    assert found[0].frame().astype(str).equals(found[1].frame().astype(str))
    oldest = found[0].frame().query("age == 'Oldest'")
    assert list(oldest["marker"]) == ["[c]", "[c]"]
    assert oldest.select_dtypes("number").isna().all(axis=None)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (made(60), "Not enough combinations of characteristics can be shown."),
        (made(3000).assign(need=coded(["Yes"] * 3000, NEEDS)), "An intersection needs two characteristics"),
        (made(3000).assign(need=coded(["Not recorded"] * 3000, NEEDS)), "Not enough combinations"),
    ],
    ids=["few", "one group", "nobody recorded"],
)
def test_where_combinations_cannot_be_divided_a_sentence_stands(frame, why):
    shown = planned("intersections", frame, "outcome", ["age", "need"], positive="Accepted")
    assert shown.absence.why.startswith(why)
    assert not any(sign.isdigit() for sign in shown.absence.why)


# -- what is not known --------------------------------------------------------------------------------


def test_a_share_with_the_unknown_imputed_is_the_methods_own():
    frame = made()
    shown = planned("imputed", frame, "outcome", "need", level="Yes", positive="Accepted").frame()
    rows = plain(frame, "need", "outcome").sort_values(["need", "outcome"], kind="stable")
    order = {"Yes": 0, "No": 1, "Not recorded": 2}
    rows = rows.sort_values("need", key=lambda one: one.map(order), kind="stable", ignore_index=True)
    rows["need"] = rows["need"].where(rows["need"] != "Not recorded", None)
    completed = imputation.impute(
        rows, ["need"], using=["outcome"], seed=SEED, cycles=1, shifts={("need", "Yes"): 0.0}
    )
    pooled = imputation.pooled_share(completed, lambda one: one["need"].eq("Yes"))
    found = shown.set_index("basis")
    assert found.loc["Imputed, odds the same as the recorded", "share"] == three_digits(pooled.value)
    assert found.loc["Imputed, odds the same as the recorded", "high"] == three_digits(pooled.high)
    bounds = found.loc["If none, and if all, of the unknown were"]
    assert bounds["low"] < found.loc["Among those recorded", "share"] < bounds["high"]
    assert found.loc["Share for whom it is recorded", "share"] == pytest.approx(0.8, abs=0.03)


def test_how_different_the_unknown_would_have_to_be():
    frame = made(900, worse=0.3, unknown=0.3)
    shown = planned(
        "imputed", frame, "outcome", "need", level="Yes", against="No", positive="Accepted"
    ).frame()
    rows = plain(frame, "need", "outcome")
    rows["outcome"] = rows["outcome"].map({"Accepted": 0, "Declined": 1})
    order = {"Yes": 0, "No": 1, "Not recorded": 2}
    rows = rows.assign(place=rows["need"].map(order)).sort_values(["place", "outcome"], ignore_index=True)
    rows["need"] = rows["need"].where(rows["need"] != "Not recorded", None)
    rows["event"] = rows["outcome"].eq(0)
    wanted = tipping.shifted(
        rows,
        "need",
        "Yes",
        tipping.share_gap("event", "need", "Yes", "No"),
        using=["event"],
        seed=SEED,
        cycles=1,
    )
    assert list(shown["difference"]) == [three_digits(one) for one in wanted["value"]]
    assert shown["note"].ne("").sum() == 1
    assert shown.set_index("odds").loc["1", "apart"] == "Yes"


@pytest.mark.parametrize(
    ("need", "why"),
    [
        (["Not recorded"] * 400, "A count that it takes cannot be shown"),
        (["Yes"] * 200 + ["No"] * 200, "A count that it takes cannot be shown"),
        (["Yes"] * 1 + ["No"] * 299 + ["Not recorded"] * 100, "A count that it takes cannot be shown"),
    ],
    ids=["nobody recorded", "nobody unknown", "a group of one"],
)
def test_where_nothing_can_be_said_of_the_unknown_a_sentence_stands(need, why):
    frame = made(400).assign(need=coded(need, NEEDS))
    for more in ({}, {"against": "No"}):
        shown = planned("imputed", frame, "outcome", "need", level="Yes", positive="Accepted", **more)
        assert shown.absence.why.startswith(why)


def test_a_group_that_is_none_is_refused():
    with pytest.raises(UsageError, match='there is no group "Perhaps"'):
        planned("imputed", made(), "outcome", "need", level="Perhaps", positive="Accepted")


# -- over time ----------------------------------------------------------------------------------------


def test_months_with_their_limits_are_the_methods_own():
    frame = made()
    shown = planned("trend", frame).frame()
    counts = plain(frame, "month")["month"].value_counts().reindex(list(MONTHS)).to_frame("count")
    wanted = trends.xmr(counts, "count", minimum=0)
    assert list(shown["count"]) == list(wanted["count"])
    assert list(shown["upper"]) == [three_digits(one) for one in wanted["upper"]]
    assert list(shown["signal"]) == list(wanted["signal"])


def test_a_doubling_is_found_and_is_the_methods_own():
    frame = made()
    shown = planned("trend", frame, at="2022-04").frame().set_index("measure")
    counts = (
        plain(frame, "month")["month"].value_counts().reindex(list(MONTHS)).to_frame("count").reset_index()
    )
    counts["month"] = pd.PeriodIndex(counts["month"], freq="M")
    wanted = change.segmented(counts, "count", "month", pd.Period("2022-04", "M"), season=0, slope=False)
    step = shown.loc["Level after over level before"]
    assert step["value"] == three_digits(wanted.step.value)
    assert step["low"] == three_digits(wanted.step.low)
    assert step["low"] > 1


@pytest.mark.parametrize(
    ("frame", "at", "why"),
    [
        (made(), "2021-07", "It takes eight months before it"),
        (made(120), "2022-04", "Some of the months cannot be shown"),
        (made().assign(month=coded([MONTHS[0]] * 3000, MONTHS)), "2022-04", "Some of the months cannot"),
    ],
    ids=["short", "few", "one month"],
)
def test_where_no_change_can_be_estimated_a_sentence_stands(frame, at, why):
    shown = planned("trend", frame, at=at)
    assert shown.absence.why.startswith(why)
    assert not any(sign.isdigit() for sign in shown.absence.why)


def test_months_of_too_few_are_gaps():
    draw = np.random.default_rng(2)
    few = draw.choice(np.array(MONTHS), 3000, p=np.where(np.arange(24) < 2, 0.001, 0.998 / 22))
    shown = planned("trend", made().assign(month=coded(few, MONTHS))).frame()
    hidden = shown["marker"] == "[c]"
    assert hidden[:2].all()
    assert shown.loc[hidden, "count"].isna().all()
    assert shown.loc[~hidden, "count"].notna().all()
