"""Models and comparisons: coefficients and intervals of released groups, and nothing of single rows."""

import math

import numpy as np
import pandas as pd
import pytest
from rows import coded, referrals, release
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.errors import UsageError

AGES = ("16 to 24", "25 to 34", "35 to 44", "45 to 54", "55 and over")


def many(rows=900, *, unknown=0):
    """Return referrals with an outcome that depends on sex and age, and a few whose age is not recorded."""
    draw = np.random.default_rng(4)
    sex = draw.choice(["Female", "Male"], rows, p=[0.6, 0.4])
    age = draw.choice(np.array(AGES, dtype=object), rows, p=[0.3, 0.25, 0.2, 0.15, 0.1])
    chance = 0.35 + 0.2 * (sex == "Female") + 0.1 * (age == AGES[4])
    outcome = np.where(draw.random(rows) < chance, "Accepted", "Declined")
    age[:unknown] = "Not recorded"
    ages = (*AGES, "Not recorded") if unknown else AGES
    return referrals({("Female", "Accepted"): rows}).assign(
        sex=coded(sex, ("Female", "Male")),
        age=coded(age, ages),
        outcome=coded(outcome, ("Accepted", "Declined")),
    )


def fitted(frame, **how):
    """Plan one model, commit, and return it."""
    one = release()
    planned = one.model(frame, "outcome", how.pop("on", ["sex", "age"]), positive="Accepted", **how)
    one.commit()
    return planned


def test_estimates_are_those_of_the_model_to_three_digits():
    """Odds ratios against the first category, with robust intervals."""
    frame = many(unknown=60)
    model = fitted(frame)
    plain = pd.DataFrame(frame)
    design = pd.DataFrame({"constant": 1.0, "Male": plain["sex"] == "Male"})
    ages = {age: plain["age"] == age for age in (*AGES[1:], "Not recorded")}
    design = design.assign(**ages).astype(float)
    other = GLM((plain["outcome"] == "Accepted").astype(float), design, family=Binomial()).fit()
    row = model.frame().set_index("term").loc["sex: Male"]
    assert row["compared_with"] == "Female"
    assert row["ratio"] == pytest.approx(math.exp(other.params["Male"]), rel=0.005)
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"]
    terms = ["sex: Male", *(f"age: {age}" for age in (*AGES[1:], "Not recorded"))]
    assert list(model.frame()["term"]) == terms


def test_nothing_of_single_rows_is_kept():
    """No residual, fitted value, leverage or constant; the summary is a table of numbers."""
    model = fitted(many(unknown=60))
    assert list(model.frame().columns[:5]) == ["term", "compared_with", "ratio", "ratio_low", "ratio_high"]
    assert len(model.frame()) == 6
    kept = {name for name in dir(model) if not name.startswith("_")}
    assert kept.isdisjoint({"resid", "fittedvalues", "model", "summary", "results"})


def test_a_category_of_too_few_people_has_no_coefficient():
    """It stays in the model, in a term that is not shown."""
    terms = list(fitted(many(unknown=6)).frame()["term"])
    assert "age: Not recorded" not in terms
    assert "age: 25 to 34" in terms
    assert "sex: Male" in terms


@pytest.mark.parametrize(
    ("frame", "on", "why"),
    [
        (many(40), ["sex", "age"], "some of its categories are of too few people"),
        (many(), ["sex", "same"], "it has as many terms as there are kinds of survivor"),
    ],
    ids=["small", "saturated"],
)
def test_a_model_that_could_be_worked_back_is_not_shown(frame, on, why):
    """The reason stands in its place, without a count."""
    frame = frame.assign(same=frame["sex"])
    model = fitted(frame, on=on)
    assert model.absence.why == f"No model of referrals is shown: {why}."


def test_too_few_events_for_the_terms():
    """Ten people with the outcome for each term, and ten without."""
    rows = 1500
    outcome = np.where(np.arange(rows) % 30 == 0, "Accepted", "Declined")
    frame = many(rows).assign(outcome=coded(outcome, ("Accepted", "Declined")))
    groups = coded([f"Group {i % 4}" for i in np.arange(rows) // 30], [f"Group {i}" for i in range(4)])
    model = fitted(frame.assign(group=groups), on=["group", "sex", "age"])
    assert model.absence is not None
    assert "too few people" in model.absence.why


def test_models_of_numbers_are_differences():
    """A linear model of a number, on categories."""
    frame = many().assign(days=np.where(many()["sex"] == "Male", 20.0, 10.0) + np.arange(900) % 7)
    one = release()
    model = one.model(frame, "days", "sex", family="linear")
    one.commit()
    row = model.frame().set_index("term").loc["sex: Male"]
    assert row["difference"] == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"family": "probit"}, 'no family "probit"'),
        ({"positive": None}, "the outcome has no yes and no"),
        ({"positive": "Taken"}, "the outcome has no yes and no. Pass positive= one or more of: Accepted"),
    ],
)
def test_a_model_that_cannot_be_planned_is_refused(how, said):
    """With what could be given instead."""
    with pytest.raises(UsageError) as refused:
        release().model(many(), "outcome", "sex", **{"positive": "Accepted", **how})
    assert said in str(refused.value)


def test_an_unknown_outcome_is_neither_yes_nor_no():
    """Those whose outcome is not recorded are left out of both sides."""
    frame = many(1800)
    outcome = pd.Series(frame["outcome"].astype(str))
    outcome[:600] = "Not recorded"
    unknown = frame.assign(outcome=coded(outcome, ("Accepted", "Declined", "Not recorded")))
    first = fitted(unknown).frame()["ratio"]
    kept = pd.DataFrame(frame).iloc[600:]
    design = pd.DataFrame({"constant": 1.0, "Male": kept["sex"] == "Male"})
    design = design.assign(**{age: kept["age"] == age for age in AGES[1:]}).astype(float)
    other = GLM((kept["outcome"] == "Accepted").astype(float), design, family=Binomial()).fit()
    assert first.iloc[0] == pytest.approx(math.exp(other.params["Male"]), rel=0.005)


def test_errors_do_not_tell_how_few_have_several_rows():
    """With four survivors of two rows each the intervals are those without any; with many they differ."""
    found = []
    for several in (0, 4, 200):
        people = np.arange(900)
        people[: 2 * several] = np.repeat(np.arange(several), 2)
        found.append(fitted(many().assign(person=people), on=["sex"]).frame())
    assert found[0].equals(found[1])
    assert not found[0].equals(found[2])
    assert found[0]["ratio"].equals(found[2]["ratio"])
