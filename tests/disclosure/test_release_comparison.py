"""Comparisons of groups: the method's own values, of released counts alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from rows import coded, referrals, release

from analysis.disclosure.attack import attack
from analysis.disclosure.outputs.models import three_digits
from analysis.errors import UsageError
from analysis.methods import access
from analysis.methods.multiplicity import benjamini_hochberg, holm

SEX = ("Female", "Male", "Not recorded", "Not asked")
NEED = ("Yes", "No", "Not recorded", "Not asked")
OUTCOMES = ("Accepted", "Declined by the provider", "Declined by the survivor", "Inappropriate referral")
GROUPS = {"outcome": {"Not accepted": OUTCOMES[1:]}}


def made(rows=1200, *, seed=7, tiny=0, several=0):
    """Return referrals in which men are accepted less and those with a need too; some are not recorded."""
    draw = np.random.default_rng(seed)
    sex = draw.choice(np.array(SEX, dtype=object), rows, p=[0.55, 0.35, 0.06, 0.04])
    need = draw.choice(np.array(NEED, dtype=object), rows, p=[0.35, 0.5, 0.1, 0.05])
    chance = 0.65 - 0.2 * (sex == "Male") - 0.15 * (need == "Yes")
    other = draw.choice(np.array(OUTCOMES[1:], dtype=object), rows, p=[0.4, 0.35, 0.25])
    outcome = np.where(draw.random(rows) < chance, "Accepted", other)
    people = np.arange(rows)
    people[: 2 * several] = np.repeat(np.arange(several), 2)
    age = draw.choice(np.array(["Younger", "Older"], dtype=object), rows)
    age[:tiny] = "Oldest"
    return referrals({("Female", "Accepted"): rows}, people=people).assign(
        sex=coded(sex, SEX),
        need=coded(need, NEED),
        age=coded(age, ("Younger", "Older", "Oldest")),
        outcome=coded(outcome, OUTCOMES),
    )


def compared(frame, by=("sex", "need"), **how):
    """Plan one comparison, commit, and return it."""
    one = release()
    how = {"positive": "Accepted", "groups": GROUPS, **how}
    planned = one.comparison(frame, "outcome", list(by), **how)
    one.commit()
    return planned


def plain(frame, *names):
    """Return the rows as a method takes them: unknown is missing."""
    unknown = {"Not recorded": None, "Not asked": None}
    columns = {name: pd.DataFrame(frame)[name].astype(object).replace(unknown) for name in names}
    return pd.DataFrame({**columns, "outcome": frame["outcome"].astype(str), "person": range(len(frame))})


def row(shown, group, characteristic="sex", **more):
    frame = shown.frame().set_index(["characteristic", "group", *more])
    return frame.loc[(characteristic, group, *more.values())]


def test_crude_and_adjusted_estimates_are_the_methods_own():
    frame = made()
    shown = compared(frame, adjust="need", references={"sex": "Female"})
    rows = plain(frame, "sex", "need").dropna()
    wanted = access.contrasts(
        rows,
        "outcome",
        "Accepted",
        ["sex"],
        person="person",
        adjust=["need"],
        references={"sex": "Female"},
    )
    men = wanted.set_index("group").loc["Male"]
    found = row(shown, "Male")
    pairs = {f"{a}{end}": f"{b}{end}" for a, b in NAMES.items() for end in ("", "_low", "_high")}
    for ours, theirs in (pairs | {"p": "p", "adjusted_p": "adjusted_p"}).items():
        assert found[ours] == three_digits(men[theirs]), ours
    assert found["count"] == men["count"]
    assert found["base"] == men["base"]
    assert found["ratio_high"] < 1


NAMES = {
    "ratio": "odds_ratio",
    "difference": "difference",
    "adjusted_ratio": "adjusted_odds_ratio",
    "adjusted_difference": "adjusted_difference",
}


def test_all_outcomes_at_once_are_the_methods_own():
    frame = made(2400)
    shown = compared(frame, ["sex"], positive=None, groups=None)
    wanted = access.outcomes_by_group(
        plain(frame, "sex"), "outcome", ["sex"], person="person", outcomes=OUTCOMES
    ).set_index(["group", "outcome"])
    for outcome in OUTCOMES:
        found = row(shown, "Male", outcome=outcome)
        assert found["difference"] == three_digits(wanted.loc[("Male", outcome), "difference"])
        if outcome != "Accepted":
            assert found["ratio"] == three_digits(wanted.loc[("Male", outcome), "odds_ratio"])


@pytest.mark.parametrize(("family", "rule"), [("exploratory", benjamini_hochberg), ("confirmatory", holm)])
def test_the_family_is_all_comparisons_that_are_shown(family, rule):
    frame = compared(made(), ["sex", "need", "age"], family=family).frame()
    p = [float(one) for one in frame["p"]]
    assert list(frame["p_family"].dropna()) == pytest.approx(
        [one for one in rule(p) if not np.isnan(one)], rel=0.01
    )
    assert len(frame) == 7
    assert list(frame.loc[frame["p"].isna(), "group"]) == ["Female", "No", "Older", "Oldest"]


def test_unknown_is_no_group_and_a_group_of_too_few_is_hidden():
    shown = compared(made(tiny=14), ["sex", "age"])
    frame = shown.frame()
    assert not frame["group"].isin(["Not recorded", "Not asked", "Unknown, of any kind"]).any()
    oldest = row(shown, "Oldest", "age")
    assert oldest["marker"] == "[c]"
    assert oldest[["count", "base", "share"]].isna().all()
    assert not pd.isna(row(shown, "Male")["ratio"])


def test_what_is_hidden_changes_nothing_that_is_shown():
    """Members of a group that is too small change their outcome, and rows their order."""
    frame = made(tiny=14)
    other = frame.copy()
    outcome = other["outcome"].astype(str).to_numpy(copy=True)
    outcome[:7], outcome[7:14] = "Accepted", OUTCOMES[1]
    other["outcome"] = coded(outcome, OUTCOMES)
    other = type(frame)(other.iloc[np.random.default_rng(1).permutation(len(other))].reset_index(drop=True))
    other.what, other.rows = frame.what, len(frame)
    assert (frame["outcome"].astype(str)[:14] != outcome[:14]).any()
    found = [compared(one, ["age"]).frame().astype(str) for one in (frame, other)]
    assert found[0].equals(found[1])


def test_errors_allow_for_several_rows_of_a_survivor_only_where_many_have_them():
    """How few have several would otherwise follow from the width of an interval."""
    none, few, many = (compared(made(several=number), ["sex"]) for number in (0, 4, 200))
    assert none.frame().astype(str).equals(few.frame().astype(str))
    assert "takes each row as a survivor of its own" in row(few, "Male")["note"]
    frame = made(several=200)
    rows = plain(frame, "sex").assign(person=frame["person"].to_numpy())
    wanted = access.contrasts(rows, "outcome", "Accepted", ["sex"], person="person").set_index("group")
    assert row(many, "Male")["ratio_low"] == three_digits(wanted.loc["Male", "odds_ratio_low"])
    assert "several" not in row(many, "Male")["note"]


def test_no_percentage_of_a_small_base():
    frame = made()
    sex = np.where(np.arange(1200) < 44, "Male", "Female")
    outcome = np.where(np.arange(1200) % 2 == 0, "Accepted", OUTCOMES[1])
    frame = frame.assign(sex=coded(sex, SEX), outcome=coded(outcome, OUTCOMES))
    found = row(compared(frame, ["sex"]), "Male")
    assert found[["share", "difference"]].isna().all()
    assert found["marker"] == "[c]"
    assert found["count"] == 22
    assert found["ratio"] == pytest.approx(1, abs=0.05)


def test_without_every_cell_of_the_joint_table_nothing_is_compared():
    few = compared(made(300), ["sex"], adjust=["need", "age"])
    assert few.absence.why == "No comparison of referrals is shown: its groups are of too few people."
    some = compared(made(300), ["sex", "need"], adjust="age").frame()
    if some["ratio"].isna().any():
        assert "share each combination" in " ".join(some["note"])


@pytest.mark.parametrize(
    "values",
    [
        ["Not recorded"] * 300,
        ["Female"] * 300,
        ["Female"] * 299 + ["Male"],
        ["Female"] * 150 + ["Male"] * 150,
    ],
    ids=["nobody recorded", "one group", "a group of one", "separated"],
)
def test_what_cannot_be_compared_is_a_sentence_without_a_number(values):
    outcome = ["Accepted"] * 150 + [OUTCOMES[1]] * 150
    frame = made(300).assign(sex=coded(values, SEX), outcome=coded(outcome, OUTCOMES))
    shown = compared(frame, ["sex"])
    assert shown.absence.why == "No comparison of referrals is shown: its groups are of too few people."


def test_a_comparison_that_cannot_be_planned_is_refused():
    with pytest.raises(UsageError, match="the outcome has no yes and no"):
        release().comparison(made(), "outcome", "sex", positive="Taken")
    with pytest.raises(UsageError, match='no family "all"'):
        release().comparison(made(), "outcome", "sex", positive="Accepted", family="all")


def test_a_group_to_compare_with_that_is_too_small_is_said():
    shown = compared(made(tiny=14), ["sex", "age"], references={"age": "Oldest"})
    assert row(shown, "Younger", "age")["note"] == "The group to compare with cannot be shown."
    assert not pd.isna(row(shown, "Female")["count"])


def test_the_cells_behind_it_withstand_the_attack(monkeypatch):
    """What no table prints is taken as unknown, and everything else as it was decided."""
    systems = []
    one = release()
    kept = one._protected

    def watched(system):
        systems.append((system, kept(system)))
        return systems[-1][1]

    monkeypatch.setattr(one, "_protected", watched)
    frame = made(600, tiny=14, several=6)
    one.comparison(frame, "outcome", ["sex", "age"], positive="Accepted", adjust="need", groups=GROUPS)
    one.intersections(frame, "outcome", ["sex", "need"], positive="Accepted", groups=GROUPS)
    one.imputed(frame, "outcome", "need", level="Yes", positive="Accepted", groups=GROUPS)
    one.commit()
    ((system, hidden),) = systems
    assert (hidden & ~system.silent).any()
    assert attack(system, hidden | system.silent, threshold=10).safe
    assert attack(system, hidden, threshold=10).safe
