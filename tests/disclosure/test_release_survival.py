"""Curves on fixed days: every count that a reader can take from one is a cell, steps of few are joined."""

import dataclasses
import itertools
import math

import numpy as np
import pandas as pd
import pytest
from rows import RULES, coded, episodes, release
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from analysis.disclosure.outputs.durations import SEEN, Columns
from analysis.disclosure.outputs.hidden import Hidden
from analysis.errors import UsageError
from analysis.records.personframe import person_frame

KINDS = {"Own home": ("Social home", "Private home"), "Returned": ("Returned",)}
GRID = (0, 14, 28, 56, 91, 182)
SHORT = dataclasses.replace(RULES, survival_grid_days=GRID)


def curves(frame, **how):
    """Plan one curve, commit, and return it with what the release tells."""
    one = release(policy=SHORT)
    planned = one.survival(frame, **how)
    one.commit()
    return planned, one.published()[0]


def shown(planned, **at):
    """Return the points of a curve that are shown, by day."""
    frame = planned.frame()
    for axis, node in at.items():
        frame = frame[frame[axis] == node]
    value = "remaining" if "remaining" in frame else "gone"
    return frame.set_index("days")[value].dropna()


def test_points_are_those_of_the_product_limit_curve():
    """On the days that are shown the curve is statsmodels' with late entry, to two decimals."""
    frame = episodes(600)
    points = shown(curves(frame)[0])
    assert len(points) >= 4
    plain = pd.DataFrame(frame)
    entry = np.where(plain["entry"] <= 0, -1, plain["entry"])
    other = SurvfuncRight(plain["days"], ~plain["censored"], entry=entry)
    for day, value in points.items():
        expected = other.surv_prob[other.surv_times <= day][-1]
        assert value == pytest.approx(expected, abs=0.005 + 1e-9)


def test_competing_exits_are_shares_gone_by_each_kind():
    """On the days that are shown the shares are statsmodels' cumulative incidence, to two decimals."""
    frame = episodes(900, late=0.0)
    planned, _ = curves(frame, kinds=KINDS)
    plain = pd.DataFrame(frame)
    code = (
        plain["exit"].astype(str).map({"Still there": 0, "Social home": 1, "Private home": 1, "Returned": 2})
    )
    other = CumIncidenceRight(plain["days"], code.astype(int))
    for place, kind in enumerate(KINDS):
        points = shown(planned, exit=kind)
        assert len(points) >= 3
        for day, value in points.items():
            expected = other.cinc[place][other.times <= day][-1]
            assert value == pytest.approx(expected, abs=0.005 + 1e-9)


def test_a_curve_has_the_policys_days_and_no_others():
    """No step of a single person's leaving is shown, and no last day."""
    frame = curves(episodes(), by="sex")[0].frame()
    assert set(frame["days"]) == set(GRID[1:])
    numbers = frame[["remaining", "low", "high"]].to_numpy(dtype=float)
    assert np.array_equal(numbers, numbers.round(2), equal_nan=True)


@pytest.mark.parametrize("seed", range(4))
def test_between_any_two_points_enough_people_left(seed):
    """Between every two released points, ten people left or more: fewer are joined to their neighbours."""
    frame = episodes(150, seed=seed)
    planned, _ = curves(frame, by="sex")
    plain = pd.DataFrame(frame)
    for sex in ("Female", "Male", "All"):
        points = shown(planned, sex=sex)
        rows = plain if sex == "All" else plain[plain["sex"] == sex]
        left = rows.loc[~rows["censored"], "days"]
        for begin, end in itertools.pairwise([-1, *points.index]):
            assert ((left > begin) & (left <= end)).sum() >= RULES.survival_events


@pytest.mark.parametrize("at_risk", [False, True])
def test_every_count_behind_a_curve_is_a_cell(at_risk):
    """Those who left between any two days; with those still there, also who comes and goes unseen."""
    planned, told = curves(episodes(150), at_risk=at_risk)
    nodes = {dict(key)[SEEN] for key in told.cells if SEEN in dict(key)}
    pairs, steps = len(list(itertools.combinations(GRID, 2))), len(GRID) - 1
    assert sum(node.startswith("left, ") for node in nodes) == pairs
    for name in ("still there after", "seen no longer", "first seen"):
        assert sum(node.startswith(name) for node in nodes) == (steps if at_risk else 0)
    assert ("at_risk" in planned.frame()) is at_risk


def test_counts_that_are_shown_agree_with_the_cells():
    """What stands beside a point is the released count, or the marker."""
    planned, told = curves(episodes(), by="sex")
    for _, row in planned.frame().iterrows():
        day = int(row["days"])
        at = [] if row["sex"] == "All" else [("sex", row["sex"])]
        cell = told.cells[tuple(sorted([*at, (SEEN, f"left, day 0 to {day}")]))]
        assert (cell is None) == pd.isna(row["left"])
        if cell is not None:
            assert cell == row["left"]
        if not math.isnan(row["remaining"]):
            assert cell is not None


def test_a_small_group_has_no_percentages():
    """Forty people bear no percentage, whatever happened to them."""
    frame = episodes(400)
    few = coded(["Male"] * 40 + ["Female"] * 360, ["Female", "Male"])
    planned, _ = curves(frame.assign(sex=few), by="sex")
    assert shown(planned, sex="Male").empty
    assert not shown(planned, sex="Female").empty


def test_that_all_left_is_never_told():
    """A curve that falls to nothing would tell of everybody at once."""
    days = np.tile(np.arange(1.0, 29.0), 10)
    frame = pd.DataFrame({"person": np.arange(280), "days": days, "censored": False})
    frame["exit"] = coded(["Gone"] * 280, ["Gone", "Still there"])
    planned, _ = curves(person_frame(frame, "waits"))
    assert 0.0 not in set(shown(planned))
    assert planned.frame()["remaining"].isna().any()


def test_curves_of_one_table_stand_on_one_dimension():
    """A second curve adds no second set of counts that could be subtracted from the first."""
    frame, one = episodes(), release(policy=SHORT)
    everybody, by_sex = one.survival(frame), one.survival(frame, by="sex")
    kinds = one.survival(frame, kinds=KINDS)
    one.commit()
    (told,) = one.published()
    assert {name for name in told.dimensions if name.startswith(SEEN)} == {SEEN}
    assert shown(everybody).equals(shown(by_sex, sex="All").rename("remaining"))
    assert kinds.axes == ("exit", "days")


def test_an_exit_and_a_stay_that_ended_otherwise_cannot_be():
    """A table of the kinds of exit says nothing that the curves by kind do not count as well."""
    frame, one = episodes(), release(policy=SHORT)
    table = one.crosstab(frame, "exit")
    one.survival(frame, kinds={kind: (kind,) for kind in ("Social home", "Private home", "Returned")})
    population = one._populations["episodes"]
    population.finish()
    cannot = population.impossible(())
    one.commit()
    assert (("exit", "Returned"), (SEEN, "0|1|Social home")) in cannot
    assert table.count(exit="Returned") is not None


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ({"Home": ("Social house",)}, 'there is no exit "Social house". Did you mean "Social home"?'),
        ({"A": ("Returned",), "B": ("Returned",)}, "the kinds of exit cannot be told apart"),
        ({}, "the kinds of exit cannot be told apart"),
    ],
)
def test_kinds_of_exit_that_cannot_be_are_refused(kinds, said):
    """Unknown categories, one in two kinds, none."""
    with pytest.raises(UsageError) as refused:
        release(policy=SHORT).survival(episodes(), kinds=kinds)
    assert said in str(refused.value)


def test_two_ways_to_tell_exits_apart_are_refused():
    """They could be subtracted from each other."""
    frame, one = episodes(), release(policy=SHORT)
    one.survival(frame, kinds=KINDS)
    with pytest.raises(UsageError, match="another curve tells other kinds apart"):
        one.survival(frame, kinds={"Returned": ("Returned",)})
    with pytest.raises(UsageError, match="another curve is of other columns"):
        one.survival(frame, columns=Columns(entry="days"))


def test_waits_are_durations_too():
    """A wait that goes on is censored, leaving before the step is another exit, no date is not known."""
    draw = np.random.default_rng(2)
    result = draw.choice(["Reached", "Left before it", "Still waiting"], 500, p=[0.6, 0.2, 0.2])
    frame = pd.DataFrame({"person": np.arange(500), "days": np.ceil(draw.exponential(60, 500))})
    frame["result"] = coded(result, ["Reached", "Left before it", "Still waiting"])
    frame.loc[:19, "days"] = np.nan
    kinds = {"Reached": ("Reached",), "Left before it": ("Left before it",)}
    planned, told = curves(person_frame(frame, "waits"), kinds=kinds, columns=Columns(exits="result"))
    assert len(shown(planned, exit="Reached")) >= 3
    assert told.cells[((SEEN, "Known"),)] == 480
    assert told.cells[((SEEN, "Not known"),)] is None


def test_a_table_without_days_says_so():
    """The sentence stands in place of the curve."""
    one = release(policy=SHORT)
    planned = one.survival(episodes().drop(columns="days"))
    one.commit()
    assert planned.absence.why == "The records do not hold days."


def test_one_person_with_many_stays_makes_no_step():
    """Ten stays of one person are one person who left."""
    frame = episodes(400, late=0.0)
    people = np.where(pd.DataFrame(frame)["days"] <= 14, 0, np.arange(400) + 1)
    planned, told = curves(frame.assign(person=people))
    assert 14 not in shown(planned).index
    assert told.cells[((SEEN, "left, day 0 to 14"),)] is None
    assert isinstance(planned.value("left", days="14"), Hidden)


def test_a_kind_that_no_other_names_can_be_left_out():
    """It is counted still, and hides nothing of the others."""
    one = release(policy=SHORT)
    planned = one.survival(episodes(), kinds={"Home": ("Social home", "Private home")}, others=False)
    one.commit()
    assert set(planned.frame()["exit"]) == {"Home"}
    assert planned.frame()["gone"].notna().any()
