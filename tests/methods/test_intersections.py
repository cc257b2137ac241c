"""Intersections: variance divided, strata shrunk and set beside their parts, corners said in words."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from analysis.errors import DataRefused, UsageError
from analysis.methods.intersections import NOTES, WITHIN, counts_of, maihda, strata
from analysis.methods.random_intercept import spread

NAMES = ["ethnicity", "disability", "age"]
LEVELS = {
    "ethnicity": ["Asian", "Black", "white"],
    "disability": ["no", "yes"],
    "age": ["old", "young", "middle"],
}
PARTS = {"Asian": -0.3, "Black": 0.4, "yes": 0.3, "old": 0.4, "young": -0.2}


def counts(people=200, extra=0.0, sd=0.0, seed=1) -> pd.DataFrame:
    """SYNTHETIC strata whose parts add up, but for one that is ``extra`` worse and a spread of all."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(itertools.product(*LEVELS.values()), columns=NAMES)
    parts = frame.replace(PARTS).map(lambda one: one if isinstance(one, float) else 0.0).sum(axis=1) - 0.8
    worse = (frame == ["Black", "yes", "old"]).all(axis=1)
    truth = expit(parts + extra * worse + rng.normal(0, sd, len(frame)))
    return frame.assign(count=rng.binomial(people, truth), base=people, truth=truth, worse=worse)


def test_the_parts_explain_all_where_nothing_else_was_planted():
    """Strata that add up: the change in variance is near 1, and nothing is left beyond it."""
    found = maihda(counts(1000), NAMES)
    assert found.status == "estimated"
    assert found.p_between < 0.001
    assert found.p_beyond > 0.05
    assert found.pcv.value > 0.9
    assert found.remaining_vpc.low == 0


def test_the_coefficient_is_the_share_of_the_latent_variance():
    """Between over between plus pi squared over 3, with the limits carried over."""
    found = maihda(counts(sd=0.5), NAMES)
    variance, vpc = found.variance, found.vpc
    for one, other in ((variance.value, vpc.value), (variance.low, vpc.low), (variance.high, vpc.high)):
        assert other == pytest.approx(one / (one + math.pi**2 / 3))
    assert pytest.approx(3.2898681) == WITHIN
    assert found.pcv.value == pytest.approx(1 - found.remaining.value / variance.value)


def test_a_stratum_worse_than_its_parts_is_found_and_the_interval_holds_it():
    """Three times the odds in one stratum: nothing else stands out."""
    made = counts(600, extra=math.log(3))
    found = maihda(made, NAMES).frame
    row = found[made["worse"]].iloc[0]
    parts = float(expit(logit(row["truth"]) - math.log(3)))
    assert row["beyond_p"] < 0.001
    assert row["expected_low"] < parts < row["expected_high"]
    assert row["beyond_low"] < row["truth"] - parts < row["beyond_high"]
    assert row["beyond_odds_ratio_low"] < 3 < row["beyond_odds_ratio_high"]
    assert found["beyond_p"].idxmin() == row.name


def test_the_expectation_from_the_parts_never_looks_at_the_stratum():
    """Whatever happened in a stratum, what its parts lead one to expect of it stays."""
    made = counts(200)
    other = made.assign(count=made["count"].mask(made["worse"], made["base"]))
    columns = ["expected", "expected_low", "expected_high"]
    one, two = (maihda(some, NAMES).frame.loc[made["worse"], columns] for some in (made, other))
    assert two.to_numpy() == pytest.approx(one.to_numpy(), abs=0.01)


def test_shrunk_shares_lie_between_the_raw_and_the_additive():
    """Small strata are drawn in further than large ones."""
    made = counts(sd=0.6, seed=5)
    made.loc[::2, ["count", "base"]] //= 10
    found = maihda(made, NAMES).frame
    low = found[["share", "additive"]].min(axis=1) - 0.02
    high = found[["share", "additive"]].max(axis=1) + 0.02
    assert found["shrunk"].between(low, high).all()
    drawn = ((found["share"] - found["shrunk"]) / (found["share"] - found["additive"])).clip(0, 1)
    assert drawn[::2].median() > drawn[1::2].median()
    assert found["interaction"].tolist() == pytest.approx(
        (found["shrunk"] - found["additive"]).tolist(), abs=0.02
    )


def test_shrunk_intervals_hold_the_truth_on_average():
    """Over all strata of 8 samples about 95 in 100 do."""
    held = []
    for seed in range(8):
        made = counts(80, sd=0.4, seed=seed)
        found = maihda(made, NAMES).frame
        held += made["truth"].between(found["shrunk_low"], found["shrunk_high"]).tolist()
    assert 0.9 < np.mean(held) < 0.99


def test_equal_strata_have_nothing_to_divide():
    """The same share everywhere: said in words, with an upper limit, and no change in variance."""
    found = maihda(counts().assign(count=80), NAMES)
    assert found.status == "no variance"
    assert "no variance to divide" in found.note
    assert (found.vpc.value, found.pcv, found.p_between) == (0, None, 1)
    assert 0 < found.vpc.high < 0.1
    assert found.frame["shrunk"].tolist() == pytest.approx([0.4] * 18, abs=0.01)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"count": 0}, "no event"),
        ({"count": 200}, "all events"),
        ({"ethnicity": None}, "nobody recorded"),
        ({"base": 0, "count": 0}, "nobody recorded"),
        ({"ethnicity": "x", "disability": "x"}, "one characteristic"),
    ],
)
def test_what_cannot_be_divided_is_said(change, status):
    """Nobody, everybody, a characteristic that nobody recorded, and one level only."""
    found = maihda(counts().assign(**change), NAMES)
    assert (found.status, found.note) == (status, NOTES[status])
    assert len(found.frame) == 18
    assert found.vpc is None
    assert found.frame["shrunk"].isna().all()


def test_few_strata_are_said_to_be_few():
    """Two characteristics of two levels leave one stratum beyond their terms."""
    found = maihda(counts().query("age == 'old' and ethnicity != 'Asian'"), ["ethnicity", "disability"])
    assert found.status == "too few strata"
    assert "strata are not enough" in found.note
    assert found.frame["share"].notna().all()


def test_strata_that_miss_a_characteristic_are_kept_and_not_modelled():
    """A row with an unknown age is no stratum, and no stratum without it changes."""
    made = counts(sd=0.3)
    unknown = pd.DataFrame(
        {"ethnicity": ["white"], "disability": ["yes"], "age": [None], "count": [9], "base": [10]}
    )
    one, two = maihda(made, NAMES), maihda(pd.concat([made, unknown], ignore_index=True), NAMES)
    assert two.vpc == one.vpc
    assert two.frame["status"].iloc[-1] == "not recorded"
    assert two.frame["stratum"].iloc[-1] == "white × yes × not recorded"
    assert np.isnan(two.frame["shrunk"].iloc[-1])


def test_a_category_in_which_nobody_had_the_outcome_is_set_aside():
    """Its strata say so; the others are modelled without it."""
    made = counts(sd=0.3)
    made.loc[made["ethnicity"] == "Asian", "count"] = 0
    found = maihda(made, NAMES)
    assert found.status == "estimated"
    aside = found.frame["status"] == "category with no event"
    assert aside.tolist() == (made["ethnicity"] == "Asian").tolist()
    assert np.isfinite(found.frame.loc[~aside, "shrunk"].to_numpy()).all()


def test_a_stratum_that_alone_holds_a_category_has_no_expectation():
    """No other stratum says what that part is worth."""
    made = counts(sd=0.3)
    made = made[~((made["ethnicity"] == "Asian") & ((made["disability"] == "yes") | (made["age"] != "old")))]
    found = maihda(made, NAMES).frame
    alone = found["ethnicity"] == "Asian"
    assert alone.sum() == 1
    assert found.loc[alone, ["expected", "beyond_p"]].isna().all(axis=None)
    assert found.loc[~alone, "beyond_p"].notna().all()


@pytest.mark.parametrize("people", [1, 2, 5])
def test_strata_of_hardly_anybody_give_wide_intervals_or_a_sentence(people):
    """One, two and five people a stratum, four samples each: no number is impossible, nothing crashes."""
    rng = np.random.default_rng(people)
    for _ in range(4):
        found = maihda(counts().assign(base=people, count=rng.integers(0, people + 1, 18)), NAMES)
        assert found.note == NOTES[found.status]
        shares = found.frame[["shrunk_low", "shrunk", "shrunk_high"]].dropna().to_numpy()
        assert ((shares >= 0) & (shares <= 1)).all()
        assert (np.diff(shares, axis=1) >= 0).all()
        assert (len(shares) == 0) == (found.vpc is None)


def referrals(people=500, seed=3):
    """SYNTHETIC referrals of people whose own all end alike, whatever their characteristics."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), rng.integers(1, 4, people))
    frame = pd.DataFrame({name: rng.choice(levels, people)[person] for name, levels in LEVELS.items()})
    outcome = np.where(rng.random(people) < 0.3, "refused", "accepted")[person]
    return frame.assign(person=person, outcome=outcome)


def test_strata_count_referrals_and_people():
    """Every referral with an outcome is in one stratum, those that miss a characteristic too."""
    frame = referrals()
    frame.loc[:20, "age"] = None
    frame.loc[30:40, "outcome"] = None
    found = strata(frame, "outcome", "refused", NAMES, person="person")
    known = frame[frame["outcome"].notna()]
    assert found["base"].sum() == len(known)
    assert found["count"].sum() == (known["outcome"] == "refused").sum()
    assert found["age"].isna().any()
    row = found.query("ethnicity == 'Asian' and disability == 'no' and age == 'old'").iloc[0]
    inside = known.query("ethnicity == 'Asian' and disability == 'no' and age == 'old'")
    assert (row["base"], row["people"]) == (len(inside), inside["person"].nunique())


def test_repeated_referrals_of_one_person_do_not_make_strata_differ():
    """Wholly alike referrals count as the people they are of; at their face value strata seem to differ."""
    found = []
    for seed in range(8):
        made = strata(referrals(seed=seed), "outcome", "refused", NAMES, person="person")
        assert (made["effect"] > 1).all()
        found.append(
            [
                spread(counts_of(one, np.ones((len(one), 1)))).p < 0.05
                for one in (made, made.assign(effect=1.0))
            ]
        )
    worth, face = np.sum(found, axis=0)
    assert worth <= 2
    assert face >= 4


def test_mistakes_are_named():
    """A mistyped column and event, and a count above its base."""
    with pytest.raises(UsageError, match='no column "agee"'):
        maihda(counts(), ["ethnicity", "agee"])
    with pytest.raises(UsageError, match='outcome "refusd"'):
        strata(referrals(), "outcome", "refusd", NAMES, person="person")
    with pytest.raises(DataRefused, match="above its base"):
        maihda(counts().assign(count=999), NAMES)
