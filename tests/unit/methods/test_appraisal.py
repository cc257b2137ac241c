"""Requests implied, places for them, and what their cost turns on."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataRefused, UsageError
from analysis.methods import appraisal, demand, planning
from analysis.methods.capacity import erlang_b, occupied, offered_load, places_for
from analysis.methods.proportions import wilson

STAY = {"short": 66.0, "usual": 144.0, "long": 302.0}


def evidence(**columns):
    """Return a frame with provenance, one row for each value."""
    rows = len(next(iter(columns.values())))
    return pd.DataFrame(
        {**columns, "tier": "published", "source_id": "s", "figure_ids": "f", "footnote": ""},
        index=range(rows),
    )


COSTS = evidence(
    label=["a", "b"], low=[10.0, 12.0], high=[10.0, 16.0], period=["", ""], note=["", ""]
).set_index(pd.Index(["dispersed", "refuge"]))


@given(st.integers(0, 500), st.floats(0.001, 0.99))
def test_the_implied_requests_have_the_share_of_all(rest, share):
    """Added to those of the rest, they are the share they were implied by."""
    asked = demand.implied_requests(evidence(share=[share]), evidence(count=[0], base=[rest]))
    requests = asked["requests"].iloc[0]
    assert requests == pytest.approx(share * (requests + rest))


def test_a_share_of_all_or_an_unknown_one_implies_nothing():
    """A group that is everybody leaves no rest to reckon from."""
    asked = demand.implied_requests(evidence(share=[1.0, float("nan"), 0.5]), evidence(count=[1], base=[11]))
    assert list(asked["requests"]) == [10.0]


@given(st.integers(1, 60), st.floats(0.05, 0.97))
def test_the_load_found_uses_the_places_as_much(places, used):
    """The share finding none belongs to a load that fills the places exactly so far."""
    lost = planning.share_finding_none(places, used)
    load = used * places / (1 - lost)
    assert occupied(places, load) == pytest.approx(used * places, rel=1e-6)
    assert erlang_b(places, load) == pytest.approx(lost, rel=1e-6, abs=1e-12)


def test_places_always_full_are_refused():
    """No load fills every place all the time."""
    with pytest.raises(DataRefused):
        planning.share_finding_none(10, 1.0)


def test_the_stay_chosen_replaces_the_mean_and_widens_the_ends_if_it_must():
    """A stay longer than any printed one is then the longest."""
    stays = evidence(value=[66.0, 302.0])
    assert demand.stay_range(stays) == {"short": 66, "usual": 184, "long": 302}
    assert demand.stay_range(stays, 400) == {"short": 66, "usual": 400, "long": 400}
    with pytest.raises(DataRefused):
        demand.stay_range(stays.iloc[:0])


def test_what_the_cost_turns_on_is_in_order_and_holds_the_plan():
    """Each range holds the planned cost; the widest comes first."""
    asked = evidence(requests=[10.0, 5.0, 100.0])
    drivers = appraisal.cost_drivers(asked, 0, STAY, COSTS, turn_away=0.05, group="People")
    widths = list(drivers["high"] - drivers["low"])
    assert widths == sorted(widths, reverse=True)
    assert ((drivers["low"] <= drivers["planned"]) & (drivers["planned"] <= drivers["high"])).all()
    assert drivers["label"].iloc[0] == "People asking in a year, 5 to 100"
    assert drivers["what"].iloc[0] == "how many people ask"


def test_options_without_a_price_are_kept_and_say_so():
    """No unit cost is nothing to multiply, and not nothing."""
    plan = evidence(places=[3], load=[1.0])
    options = appraisal.option_costs(COSTS, plan, unpriced={"At home": "no unit cost"})
    assert list(options["year_high"].iloc[:2]) == [30.0, 48.0]
    assert list(options["year"]) == ["£30", "£36 to £48", "not published"]
    assert list(options["turned_away"]) == ["1 in 16", "1 in 16", "no place to be full"]
    assert options.loc["At home", "year_low"] != options.loc["At home", "year_low"]
    assert options.loc["At home", "note"] == "no unit cost"
    assert options.loc["At home", "tier"] == "published"


def test_an_accepted_share_in_percent_is_refused():
    """5 is not a share turned away."""
    with pytest.raises(UsageError, match="turn_away"):
        planning.with_places_needed(
            evidence(requests=[1.0]), STAY, turn_away=5, resting=evidence(value=[66.0])
        )


def test_prices_of_one_year_stand_beside_those_printed():
    """Where the year of the printed prices is not known it says so."""
    costs = COSTS.assign(low_real=[float("nan"), 24.0], high_real=[float("nan"), 32.0])
    options = appraisal.option_costs(costs, evidence(places=[3], load=[1.0]), unpriced={})
    assert list(options["real"]) == ["price year not printed", "£72 to £96"]
    assert list(options["real_low"])[1] == 72.0


def test_what_happens_if_nothing_is_bought_comes_first():
    """It costs nothing more, and whom it turns away was simulated."""
    now = evidence(label=["As now"], share=[0.1], note=["shared"])
    options = appraisal.option_costs(COSTS, evidence(places=[3], load=[1.0]), as_now=now)
    assert list(options.iloc[0][["label", "turned_away", "year"]]) == ["As now", "1 in 10", "nothing more"]


def test_support_at_home_is_priced_by_the_hour():
    """Hours a week, over a year of weeks; beside the unit costs it was handed."""
    hourly = evidence(label=["Visits"], low=[10.0], high=[20.0], period=[""], note=[""])
    both = appraisal.support_costs(hourly, 7, COSTS)
    assert list(both["label"]) == ["a", "b", "Visits, 7 hours a week"]
    assert both["low"].iloc[2] == pytest.approx(10 * 365.25)
    with pytest.raises(DataRefused):
        appraisal.support_costs(hourly, 0, COSTS)


@given(st.integers(20, 400), st.integers(1, 300), st.integers(0, 400))
def test_the_limits_of_implied_requests_hold_them_and_widen_with_the_share_s_own(base, count, rest):
    """With the base of the share published its own error is carried too."""
    count = min(count, base - 1)
    known = wilson(count, base)
    rows = evidence(share=[known.value] * 2, low=[known.low, float("nan")], high=[known.high, float("nan")])
    both, alone = demand.implied_requests(rows, evidence(count=[0], base=[rest])).to_dict("records")
    for one in (both, alone):
        assert one["requests_low"] <= one["requests"] <= one["requests_high"]
    if rest:
        assert both["requests_low"] < alone["requests_low"]
        assert alone["requests_high"] < both["requests_high"]
    assert (both["carries"], alone["carries"]) == (demand.BOTH, demand.REQUESTS_ALONE)


def test_a_share_of_none_keeps_the_upper_limit():
    """None of 50 is not none for certain."""
    rows = evidence(share=[0.0], low=[0.0], high=[0.06])
    asked = demand.implied_requests(rows, evidence(count=[0], base=[100])).iloc[0]
    assert (asked["requests"], asked["requests_low"]) == (0, 0)
    assert asked["requests_high"] == pytest.approx(121.63 * 6 / 94, rel=1e-3)


@given(st.floats(0.1, 300), st.floats(0, 0.9))
def test_unseen_requests_are_the_share_of_all(requests, unseen):
    """Those seen are the rest."""
    everything = demand.if_unseen(requests, unseen)
    assert everything * (1 - unseen) == pytest.approx(requests)


def test_all_unseen_is_refused():
    """Nothing says how many there are."""
    with pytest.raises(UsageError, match="below 1"):
        demand.if_unseen(3, 1)


def test_places_carry_the_limits_of_requests_and_two_accepted_shares():
    """Each number of places is the smallest of its own load."""
    asked = evidence(requests=[20.0], requests_low=[10.0], requests_high=[30.0], label=["x"])
    row = planning.with_places_needed(
        asked, STAY, turn_away=0.05, resting=evidence(value=[66.0]), unseen=0.2
    ).iloc[0]
    loads = {name: offered_load(number, 144) for name, number in
             {"": 20, "_low": 10, "_high": 30, "_unseen": 25}.items()}  # fmt: skip
    for name, load in loads.items():
        assert row[f"places{name}"] == places_for(load, 0.05)
    for name in ("", "_low", "_high"):
        assert row[f"strict{name}"] == places_for(loads[name], 0.01)
    assert row["places_range"] == f"{row['places_low']} to {row['places_high']}"


def test_places_by_share_has_two_rows_each_fewest_requests_first():
    """Labels say how many ask, once."""
    asked = evidence(label=["40 requests a year", "Police"], requests=[40.0, 9.3])
    needed = planning.with_places_needed(asked, STAY, turn_away=0.05, resting=evidence(value=[66.0]))
    rows = planning.places_by_share(needed, 0.05)
    assert list(rows["label"]) == ["Police: about 9 a year"] * 2 + ["40 requests a year"] * 2
    assert list(rows["accepted"]) == ["1 in 20 turned away", "1 in 100 turned away"] * 2
    assert len(planning.places_by_share(needed, 0.01)) == 2


def test_requests_that_are_supposed_give_places_without_an_interval():
    """An example is no estimate: its places have no limits, those of a share keep theirs."""
    resting = evidence(value=[66.0], label=["stay"])
    supposed = demand.example_requests([10], resting)
    implied = evidence(label=["Police"], requests=[9.3], requests_low=[7.0], requests_high=[12.0])
    rows = {}
    for name, asked in (("supposed", supposed), ("implied", implied)):
        needed = planning.with_places_needed(asked, STAY, turn_away=0.05, resting=resting)
        rows[name] = planning.places_by_share(needed, 0.05)
    assert rows["supposed"][["low", "high"]].isna().all(axis=None)
    assert set(rows["supposed"]["no_interval"]) == {"an example"}
    assert rows["implied"][["low", "high"]].notna().all(axis=None)


def test_rows_spoken_of_fall_back_to_those_there_are():
    """Where no share is known the middle example is planned with."""
    needed = evidence(places=[1, 2, 3, 4]).set_index(pd.Index(list("abcd")))
    rows = planning.chosen(needed, "marac", "a", "police")
    assert rows == {"low": "a", "plan": "b", "high": "d"}
    assert planning.named(needed, rows)["plan_places"] == 2


def test_requests_that_nobody_records_are_one_of_the_things_the_cost_turns_on():
    """They only add to the cost."""
    asked = evidence(requests=[10.0, 5.0, 100.0])
    drivers = appraisal.cost_drivers(asked, 0, STAY, COSTS, turn_away=0.05, group="People", unseen=0.25)
    row = drivers[drivers["label"] == "Requests nobody records, none to 1 in 4"].iloc[0]
    assert row["low"] == row["planned"] < row["high"]
