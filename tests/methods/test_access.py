"""Outcomes by group: closed forms, the choice of method, and every corner as a row with a sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from published_logistic import binary
from statsmodels.discrete.discrete_model import Logit

from analysis.errors import DataRefused, UsageError
from analysis.methods.access import NOTES, contrasts, outcomes_by_group
from analysis.methods.firth import firth
from analysis.methods.proportions import newcombe

SHARES = {"accepted": 0.5, "refused": 0.25, "withdrawn": 0.15, "inappropriate": 0.1}
NUMBERS = [
    "difference",
    "difference_low",
    "difference_high",
    "odds_ratio",
    "odds_ratio_low",
    "odds_ratio_high",
]


def referrals(people=300, seed=4, **more):
    """SYNTHETIC referrals of three groups in two areas, two to a person in a quarter of cases."""
    rng = np.random.default_rng(seed)
    person = np.append(np.arange(people), rng.choice(people, people // 3, replace=False))
    own = {
        "group": rng.choice(["a", "b", "c"], people, p=[0.6, 0.3, 0.1]),
        "area": rng.choice(["north", "south"], people),
        "age": rng.integers(18, 70, people).astype(float),
    }
    frame = pd.DataFrame({name: values[person] for name, values in own.items()})
    drawn = rng.choice(list(SHARES), len(person), p=list(SHARES.values()))
    return frame.assign(person=person, outcome=drawn, **more)


def refused(frame, characteristics=("group",), **options):
    return contrasts(frame, "outcome", "refused", list(characteristics), person="person", **options)


def two_groups(first, other, outcome="refused"):
    """Return one referral a person, of which so many of so many were refused in each group."""
    parts = [
        pd.DataFrame({"group": name, "outcome": [outcome] * k + ["accepted"] * (n - k)})
        for name, (k, n) in (("first", first), ("other", other))
    ]
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(person=frame.index)


def sane(found):
    """Say that every row has a known status and sentence, and every interval holds its value or is absent."""
    assert set(found["status"]) <= set(NOTES)
    assert (found["note"] == found["status"].map(NOTES)).all()
    for prefix in ("", "adjusted_"):
        for name in ("odds_ratio", "difference"):
            three = found[[f"{prefix}{name}_low", f"{prefix}{name}", f"{prefix}{name}_high"]].dropna(
                how="all"
            )
            assert np.isfinite(three.to_numpy(dtype=float)).all()
            assert (three.diff(axis=1).iloc[:, 1:] >= -1e-9).all(axis=None)
        differences = found[[f"{prefix}difference_low", f"{prefix}difference_high"]].to_numpy(dtype=float)
        assert not (np.abs(differences) > 1).any()
    return found.set_index("group") if found["group"].is_unique else found


def test_the_crude_difference_is_the_raw_one_and_its_limits_come_close_to_newcombes():
    """One referral a person: 56 of 70 and 48 of 80, the first of Newcombe's examples."""
    found = sane(refused(two_groups((56, 70), (48, 80)), references={"group": "other"})).loc["first"]
    theirs = newcombe(56, 70, 48, 80)
    assert found["status"] == "estimated"
    assert found["difference"] == pytest.approx(0.2, abs=1e-9)
    assert found["odds_ratio"] == pytest.approx(56 * 32 / (14 * 48))
    assert (found["difference_low"], found["difference_high"]) == pytest.approx(
        (theirs.low, theirs.high), abs=0.015
    )


def test_a_sparse_comparison_is_firths_with_newcombes_difference():
    """None of 20 beside 12 of 60: finite odds, the raw difference, one method named for each."""
    found = sane(refused(two_groups((0, 20), (12, 60)), references={"group": "other"})).loc["first"]
    grouped = pd.DataFrame({"count": [0, 12], "base": [20, 60], "first": [1, 0]})
    theirs, gap = firth(grouped, "count", ["first"], base="base").iloc[1], newcombe(0, 20, 12, 60)
    assert found["status"] == "sparse"
    assert found["odds_ratio_method"] == theirs["method"]
    assert found[NUMBERS[3:]].tolist() == pytest.approx(theirs[NUMBERS[3:]].tolist(), rel=1e-6)
    assert found[NUMBERS[:3]].tolist() == pytest.approx([gap.value, gap.low, gap.high])
    assert found["p"] == pytest.approx(theirs["p"])


def test_adjusted_odds_are_those_of_statsmodels_beside_crude_ones():
    """Crude and adjusted stand side by side, both clustered by person."""
    made = binary(np.random.default_rng(2), 3000, np.array([-0.8, 0.6, 0.9]), 0.5)
    frame = made.assign(
        outcome=np.where(made["event"], "refused", "accepted"), extra=made["extra"].astype(str)
    )
    found = refused(frame, adjust=["extra"], references={"group": "0"}).set_index("group").loc["1"]
    for terms, prefix in ((["group"], ""), (["group", "extra"], "adjusted_")):
        design = np.column_stack([np.ones(len(made)), made[terms]])
        theirs = Logit(made["event"].to_numpy(dtype=int), design).fit(
            disp=0, cov_type="cluster", cov_kwds={"groups": made["person"]}
        )
        limits = theirs.conf_int()[1]
        ours = found[[f"{prefix}{name}" for name in NUMBERS[3:]]].astype(float)
        assert np.log(ours.tolist()) == pytest.approx([theirs.params[1], *limits], abs=0.004)
    assert found["adjusted_base"] == len(frame)


def test_doubling_every_referral_changes_nothing_that_is_clustered():
    """A copy of each referral is no more information: shares, differences and p-values stay."""
    frame = referrals(people=900)
    twice = pd.concat([frame, frame], ignore_index=True)
    one, two = refused(frame), refused(twice)
    assert two["base"].tolist() == (2 * one["base"]).tolist()
    assert two["people"].tolist() == one["people"].tolist()
    for name in [*NUMBERS, "p"]:
        assert two[name].tolist() == pytest.approx(one[name].tolist(), rel=0.02, abs=0.002, nan_ok=True)


def test_a_sparse_comparison_of_doubled_referrals_is_no_surer():
    """The effective numbers undo the copies in Firth's intervals too."""
    frame = two_groups((2, 20), (12, 60))
    one, two = (
        refused(some, references={"group": "other"}).set_index("group").loc["first"]
        for some in (frame, pd.concat([frame, frame], ignore_index=True))
    )
    assert two["status"] == "sparse"
    assert two[[*NUMBERS, "p"]].tolist() == pytest.approx(one[[*NUMBERS, "p"]].tolist(), rel=1e-6)
    assert two["odds_ratio_method"].endswith("effective numbers")


def test_four_outcomes_have_shares_that_add_up_and_differences_that_cancel():
    """Whatever is adjusted for, a group's differences over all outcomes come to nought."""
    found = outcomes_by_group(
        referrals(people=1500),
        "outcome",
        ["group"],
        person="person",
        outcomes=list(SHARES),
        adjust=["area", "age"],
    )
    sane(found)
    by_group = found.groupby("group")
    assert by_group["share"].sum().tolist() == pytest.approx([1, 1, 1])
    estimated = found[found["status"] == "estimated"].groupby("group")
    assert set(estimated.groups) == {"b", "c"}
    assert estimated["difference"].sum().tolist() == pytest.approx([0, 0], abs=1e-9)
    assert estimated["adjusted_difference"].sum().tolist() == pytest.approx([0, 0], abs=1e-9)
    assert found[found["outcome"] == "accepted"]["odds_ratio"].isna().all()
    assert estimated["pattern_p"].nunique().tolist() == [1, 1]


def test_four_outcomes_and_one_contrast_give_one_difference():
    """The crude difference of the multinomial model is that of the binary one."""
    frame = referrals(people=1500)
    many = outcomes_by_group(frame, "outcome", ["group"], person="person", outcomes=list(SHARES))
    one, many = refused(frame).set_index("group"), many[many["outcome"] == "refused"].set_index("group")
    assert many["difference"].tolist() == pytest.approx(one["difference"].tolist(), abs=1e-8, nan_ok=True)
    assert many["p"].tolist() == pytest.approx(one["p"].tolist(), abs=1e-3, nan_ok=True)


def test_an_outcome_nobody_of_a_group_had_leaves_the_other_outcomes_estimated():
    """A zero cell is compared by itself; the well-filled outcomes of that group are not sparse for it."""
    frame = referrals(people=1500)
    frame.loc[(frame["group"] == "b") & (frame["outcome"] == "inappropriate"), "outcome"] = "accepted"
    found = sane(outcomes_by_group(frame, "outcome", ["group"], person="person", outcomes=list(SHARES)))
    status = found[found["group"] == "b"].set_index("outcome")["status"]
    assert status.to_dict() == {
        "accepted": "estimated",
        "refused": "estimated",
        "withdrawn": "estimated",
        "inappropriate": "sparse",
    }


def test_a_confounder_is_adjusted_away():
    """A group that lives where more is refused differs crudely and not once the area is held."""
    rng = np.random.default_rng(6)
    group = rng.choice(["a", "b"], 6000)
    north = rng.random(6000) < np.where(group == "b", 0.9, 0.1)
    outcome = np.where(rng.random(6000) < np.where(north, 0.5, 0.2), "refused", "accepted")
    frame = pd.DataFrame({"person": range(6000), "group": group, "north": north, "outcome": outcome})
    row = refused(frame, adjust=["north"], references={"group": "a"}).set_index("group").loc["b"]
    assert row["difference_low"] > 0.15
    assert row["adjusted_difference_low"] < 0 < row["adjusted_difference_high"]


# The corners. Each is a row with a status and a sentence, and no number that cannot be.


def test_a_group_of_one_is_counted_and_not_compared():
    """One person with two referrals."""
    frame = referrals()
    frame.loc[frame["person"] == 0, "group"] = "alone"
    found = sane(refused(frame)).loc["alone"]
    assert (found["people"], found["status"]) == (1, "too few")
    assert found[NUMBERS].isna().all()
    assert found["note"] == "Too few people for a comparison."


def test_a_group_of_one_as_the_reference_compares_nothing():
    """Nothing can be set beside one person."""
    frame = referrals()
    frame.loc[frame["person"] == 0, "group"] = "alone"
    found = sane(refused(frame, references={"group": "alone"}))
    assert set(found["status"]) == {"no reference"}
    assert found["difference"].isna().all()


def test_a_characteristic_nobody_recorded_is_one_row_that_says_so():
    """An all-missing column beside one that is known."""
    found = refused(referrals(religion=None), ["religion", "group"])
    row = sane(found[found["characteristic"] == "religion"]).iloc[0]
    assert row["status"] == "nobody recorded"
    assert "recorded for nobody" in row["note"]
    assert (found["characteristic"] == "group").sum() == 3


def test_referrals_without_the_characteristic_are_counted_and_in_no_comparison():
    """Unknown is a row of its own, never a group, never "no"."""
    frame = referrals(people=900)
    known = refused(frame[frame["area"] == "north"])
    frame.loc[frame["area"] == "south", "group"] = None
    found = sane(refused(frame))
    assert found.loc["not recorded", "status"] == "not recorded"
    assert found.loc["not recorded", "base"] == (frame["area"] == "south").sum()
    assert found.loc[["b"], NUMBERS].to_numpy() == pytest.approx(
        known.set_index("group").loc[["b"], NUMBERS].to_numpy()
    )


def test_one_level_only_has_nothing_to_compare():
    """Everybody in one group."""
    found = sane(refused(referrals(sex="woman"), ["sex"])).iloc[0]
    assert (found["status"], found["count"] > 0) == ("one group", True)
    assert found[["share", "low", "high"]].notna().all()


def test_no_event_in_two_groups_gives_a_bounded_difference_and_no_odds():
    """None of 30 and none of 40 (a third group has some)."""
    third = two_groups((10, 30), (0, 0)).assign(group="third")
    frame = pd.concat([two_groups((0, 30), (0, 40)), third], ignore_index=True)
    found = sane(refused(frame.assign(person=frame.index), references={"group": "other"})).loc["first"]
    assert found["status"] == "no event"
    assert found[["odds_ratio", "p"]].isna().all()
    assert found["difference"] == 0
    assert (found["difference_low"], found["difference_high"]) == pytest.approx((-0.0876, 0.1135), abs=1e-4)


def test_everybody_refused_is_all_events():
    """The other end."""
    third = two_groups((10, 30), (0, 0)).assign(group="third")
    frame = pd.concat([two_groups((30, 30), (40, 40)), third], ignore_index=True)
    found = sane(refused(frame.assign(person=frame.index), references={"group": "other"})).loc["first"]
    assert found["status"] == "all events"


def test_outcomes_separated_by_what_is_adjusted_for_are_sparse():
    """Everybody in the south was refused: the crude comparison stands, the adjusted one is Firth's."""
    frame = referrals(people=900)
    frame.loc[frame["area"] == "south", "outcome"] = "refused"
    found = sane(refused(frame, adjust=["area"])).loc["b"]
    assert (found["status"], found["adjusted_status"]) == ("estimated", "sparse")
    assert found["adjusted_difference_method"] == "carried over from the odds ratio"


@pytest.mark.parametrize("nothing", ["one area", "missing", "the group itself"])
def test_what_cannot_be_adjusted_for_leaves_the_crude_comparison(nothing):
    """One area, an adjuster nobody recorded, and the characteristic over again."""
    frame = referrals(people=900)
    frame["area"] = {"one area": "north", "missing": None, "the group itself": frame["group"]}[nothing]
    found = sane(refused(frame, adjust=["area"])).loc["b"]
    assert found["status"] == "estimated"
    if nothing == "the group itself":
        assert found["adjusted_difference"] == pytest.approx(found["difference"])
    else:
        assert np.isnan(found["adjusted_difference"])


def test_fewer_outcomes_than_terms_are_not_adjusted():
    """Three refusals cannot carry ten districts; the crude comparison stands beside the gap."""
    frame = referrals(people=60).drop_duplicates("person")
    frame = frame.assign(area=np.resize(list("cdefghijkl"), len(frame)), outcome="accepted")
    frame.iloc[:3, frame.columns.get_loc("outcome")] = "refused"
    frame["group"] = np.resize(["a", "b"], len(frame))
    found = sane(refused(frame, adjust=["area"], references={"group": "a"})).loc["b"]
    assert (found["status"], found["adjusted_status"]) == ("sparse", "too few to adjust")
    assert np.isfinite(found[NUMBERS].to_numpy(dtype=float)).all()
    assert found[["adjusted_difference", "adjusted_odds_ratio", "adjusted_p"]].isna().all()


def test_a_rare_category_of_what_is_adjusted_for_counts_to_the_largest():
    """A district of one person has no term of its own."""
    frame = referrals(people=900)
    lone = frame.assign(area=frame["area"].mask(frame["person"] == 0, "island"))
    largest = lone.groupby("area")["person"].nunique().idxmax()
    merged = frame.assign(area=frame["area"].mask(frame["person"] == 0, largest))
    columns = [f"adjusted_{name}" for name in NUMBERS]
    one, two = (sane(refused(some, adjust=["area"])).loc[["b"], columns] for some in (lone, merged))
    assert one.to_numpy() == pytest.approx(two.to_numpy())


def test_referrals_that_lack_an_adjuster_are_in_the_crude_comparison_only():
    """``adjusted_base`` says how many referrals of the two groups are left."""
    frame = referrals(people=900)
    frame.loc[::3, "age"] = np.nan
    found = sane(refused(frame, adjust=["age"])).loc["b"]
    both = frame["group"].isin(["a", "b"])
    assert found["adjusted_base"] == (both & frame["age"].notna()).sum()
    assert found["difference"] == pytest.approx(refused(frame).set_index("group").loc["b", "difference"])


@pytest.mark.parametrize("size", [0, 1, 3])
def test_hardly_any_referrals_are_still_rows(size):
    """None, one and three referrals."""
    found = refused(referrals().head(size).assign(outcome="refused"), ["group", "area"], adjust=["age"])
    sane(found)
    assert not found.empty
    assert found["difference"].isna().all()


def test_outcomes_that_nobody_recorded_say_so():
    """A whole column of missing outcomes."""
    found = refused(referrals().assign(outcome=None))
    assert found["status"].tolist() == ["no referral"]


def test_one_person_with_all_the_referrals_of_a_group_is_one_person():
    """Thirty referrals of one survivor are not thirty people."""
    frame = two_groups((15, 30), (20, 60))
    frame.loc[frame["group"] == "first", "person"] = 999
    assert sane(refused(frame)).loc["first", "status"] == "too few"


def test_no_sentence_holds_a_count():
    """Sentences are shown before disclosure control knows of them."""
    told = [note.replace("Fewer than 10 people", "") for note in NOTES.values()]
    assert not any(character.isdigit() for note in told for character in note)


def test_mistakes_are_named():
    """A mistyped event, reference, outcome and column."""
    frame = referrals()
    with pytest.raises(UsageError, match=r'outcome "refusd".*"refused"'):
        contrasts(frame, "outcome", "refusd", ["group"], person="person")
    with pytest.raises(UsageError, match='reference group "z"'):
        refused(frame, references={"group": "z"})
    with pytest.raises(UsageError, match='"inappropriate" is not one of the outcomes'):
        outcomes_by_group(
            frame, "outcome", ["group"], person="person", outcomes=["accepted", "refused", "withdrawn"]
        )
    with pytest.raises(UsageError, match='no column "grup"'):
        refused(frame, ["grup"])
    with pytest.raises(DataRefused, match='"person" is missing'):
        refused(frame.assign(person=None))
