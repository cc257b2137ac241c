"""How long groups stay, compared: the methods' own values, of groups large enough alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rows import RULES, coded, episodes, release

from analysis.disclosure.attack import attack
from analysis.disclosure.outputs.durations import Columns
from analysis.disclosure.outputs.models import three_digits
from analysis.errors import UsageError
from analysis.methods.cox import cox
from analysis.methods.logrank import logrank
from analysis.methods.restricted import restricted_mean

SEXES = ("Female", "Male", "Intersex", "Not recorded")


def stays(rows=800, *, twice=1.0, tiny=0, unknown=0, seed=5):
    """Return stays that for men last so many times as long; a few are of a third group, or unknown."""
    frame = episodes(rows, seed=seed)
    sex = frame["sex"].astype(str).to_numpy(copy=True)
    days = np.where(sex == "Male", np.ceil(frame["days"] * twice), frame["days"])
    sex[:tiny] = "Intersex"
    sex[tiny : tiny + unknown] = "Not recorded"
    return frame.assign(sex=coded(sex, SEXES), days=days)


def paced(frame, **how):
    one = release()
    planned = one.pace(frame, "sex", **how)
    one.commit()
    return planned


def methods(frame, most):
    """Return what the methods make of women and men, followed to a day."""
    rows = pd.DataFrame(frame)
    rows = rows[rows["sex"].isin(["Female", "Male"]) & (rows["entry"] < most)]
    rows = rows[(rows["days"] > rows["entry"]) | (rows["entry"] <= 0)]
    late = rows["days"] > most
    return rows.assign(
        sex=rows["sex"].astype(str), days=rows["days"].clip(upper=most), censored=rows["censored"] | late
    )


def test_days_and_paces_are_the_methods_own_and_find_what_was_planted():
    frame = stays(twice=2.0, unknown=30)
    found = paced(frame, horizon=182, against="Female").frame().set_index("sex").loc["Male"]
    rows = methods(frame, 182)
    mean = restricted_mean(rows, 182, entry="entry", by="sex", against="Female").set_index("sex").loc["Male"]
    ratio = cox(rows, ["sex"], reference={"sex": "Female"}, entry="entry", person="person")
    assert found["mean"] == round(mean["mean"])
    assert found["difference"] == round(mean["difference"])
    assert found["difference_low"] == round(mean["difference_low"])
    male = ratio.frame.set_index("level").loc["Male"]
    assert [found[name] for name in ("ratio", "ratio_low", "ratio_high")] == [
        three_digits(male[name]) for name in ("ratio", "low", "high")
    ]
    assert found["logrank_p"] == three_digits(logrank(rows, "sex", entry="entry").p)
    assert found["check_p"] == three_digits(ratio.check.set_index("covariate").loc["sex", "p"])
    assert found["difference_low"] > 0
    assert found["ratio_high"] < 1


def test_where_nothing_was_planted_few_intervals_leave_it_out():
    found = [paced(stays(400, seed=seed), against="Female").frame().set_index("sex") for seed in range(12)]
    held = [one.loc["Male", "ratio_low"] < 1 < one.loc["Male", "ratio_high"] for one in found]
    assert sum(held) >= 10


def test_a_group_of_too_few_is_hidden_and_changes_nothing():
    frame = stays(tiny=14)
    days = frame["days"].to_numpy(copy=True)
    days[:7], days[7:14] = 1.0, 300.0
    few = paced(frame).frame().set_index("sex").loc["Intersex"]
    assert few["marker"] == "[c]"
    assert few[["mean", "ratio"]].isna().all()
    same = [paced(one.assign(entry=0.0)).frame().astype(str) for one in (frame, frame.assign(days=days))]
    assert same[0].equals(same[1])


def test_no_mean_of_everybody_stands_beside_those_of_groups():
    assert set(paced(stays()).frame()["sex"]) == {"Female", "Male", "Intersex"}


def test_a_ratio_that_changes_is_said():
    frame = stays(1600, seed=9)
    draw = np.random.default_rng(2)
    male = frame["sex"].astype(str).eq("Male").to_numpy()
    days = np.where(male, 60 + np.ceil(draw.exponential(10, 1600)), frame["days"])
    shown = paced(frame.assign(days=days, entry=0.0), against="Female").frame().set_index("sex")
    assert shown.loc["Male", "note"] == "The ratio changes as time goes on: read the difference in days."


@pytest.mark.parametrize(
    ("frame", "how", "why"),
    [
        (stays(40), {}, "its groups have too few people"),
        (stays().assign(sex=coded(["Not recorded"] * 800, SEXES)), {}, "its groups have too few people"),
        (stays(tiny=14), {"against": "Intersex"}, "the group to compare with has too few people"),
    ],
    ids=["few", "nobody recorded", "no reference"],
)
def test_what_cannot_be_compared_is_a_sentence_without_a_number(frame, how, why):
    shown = paced(frame, **how)
    assert shown.absence.why == f"No comparison of how long episodes last is shown: {why}."


def test_one_group_alone_has_its_days_and_no_ratio():
    one = stays().assign(sex=coded(["Female"] * 799 + ["Male"], SEXES))
    shown = paced(one).frame()
    assert shown.set_index("sex").loc["Female", "mean"] > 0
    assert "ratio" not in shown
    assert shown.set_index("sex").loc["Male", "marker"] == "[c]"


def test_where_nobody_leaves_or_nobody_is_followed_nothing_is_made_up():
    frame = stays().assign(censored=True, exit=coded(["Still there"] * 800, ("Social home", "Still there")))
    assert paced(frame).absence is not None
    late = stays().assign(entry=stays()["days"] - 1)
    assert paced(late, horizon=28).absence is not None or paced(late, horizon=28).frame()["mean"].isna().any()


def test_days_that_are_none_of_the_policys_are_refused():
    with pytest.raises(UsageError, match="100 is none of the policy's days"):
        paced(stays(), horizon=100)


def test_the_cells_behind_it_withstand_the_attack(monkeypatch):
    systems = []
    one = release()
    kept = one._protected

    def watched(system):
        systems.append((system, kept(system)))
        return systems[-1][1]

    monkeypatch.setattr(one, "_protected", watched)
    one.pace(stays(400, tiny=14, unknown=6), "sex")
    one.crosstab(stays(400, tiny=14, unknown=6), "sex")
    one.commit()
    ((system, hidden),) = systems
    assert attack(system, hidden | system.silent, threshold=10).safe


def test_waits_are_followed_by_their_own_result():
    frame = stays().rename(columns={"exit": "result"}).drop(columns="censored")
    result = np.array(["Still waiting", "Reached", "Reached", "Left before it"])[np.arange(800) % 4]
    frame = frame.assign(result=coded(result, ("Reached", "Left before it", "Still waiting")))
    one = release(policy=replace(RULES, survival_grid_days=(0, 28, 91)))
    shown = one.survival(frame, kinds={"Reached": ["Reached"]}, columns=Columns(exits="result"))
    one.commit()
    assert shown.frame()["gone"].notna().any()
