"""Requests implied, places for them, and what their cost turns on."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataRefused, UsageError
from analysis.methods import appraisal
from analysis.methods.capacity import erlang_b, occupied

STAY = {"short": 66.0, "usual": 144.0, "long": 302.0}


def evidence(**columns):
    """Return a frame with provenance, one row for each value."""
    rows = len(next(iter(columns.values())))
    return pd.DataFrame(
        {**columns, "tier": "published", "source_id": "s", "figure_ids": "f", "footnote": ""},
        index=range(rows),
    )


COSTS = evidence(label=["a", "b"], low=[10.0, 12.0], high=[10.0, 16.0], period=["", ""], note=["", ""])


@given(st.integers(0, 500), st.floats(0.001, 0.99))
def test_the_implied_requests_have_the_share_of_all(rest, share):
    """Added to those of the rest, they are the share they were implied by."""
    asked = appraisal.implied_requests(evidence(share=[share]), evidence(count=[0], base=[rest]))
    requests = asked["requests"].iloc[0]
    assert requests == pytest.approx(share * (requests + rest))


def test_a_share_of_all_or_an_unknown_one_implies_nothing():
    """A group that is everybody leaves no rest to reckon from."""
    asked = appraisal.implied_requests(
        evidence(share=[1.0, float("nan"), 0.5]), evidence(count=[1], base=[11])
    )
    assert list(asked["requests"]) == [10.0]


@given(st.integers(1, 60), st.floats(0.05, 0.97))
def test_the_load_found_uses_the_places_as_much(places, used):
    """The share finding none belongs to a load that fills the places exactly so far."""
    lost = appraisal.share_finding_none(places, used)
    load = used * places / (1 - lost)
    assert occupied(places, load) == pytest.approx(used * places, rel=1e-6)
    assert erlang_b(places, load) == pytest.approx(lost, rel=1e-6, abs=1e-12)


def test_places_always_full_are_refused():
    """No load fills every place all the time."""
    with pytest.raises(DataRefused):
        appraisal.share_finding_none(10, 1.0)


def test_the_stay_chosen_replaces_the_mean_and_widens_the_ends_if_it_must():
    """A stay longer than any printed one is then the longest."""
    stays = evidence(value=[66.0, 302.0])
    assert appraisal.stay_range(stays) == {"short": 66, "usual": 184, "long": 302}
    assert appraisal.stay_range(stays, 400) == {"short": 66, "usual": 400, "long": 400}
    with pytest.raises(DataRefused):
        appraisal.stay_range(stays.iloc[:0])


def test_what_the_cost_turns_on_is_in_order_and_holds_the_plan():
    """Each range holds the planned cost; the widest comes first."""
    asked = evidence(requests=[10.0, 5.0, 100.0])
    drivers = appraisal.cost_drivers(asked, 0, STAY, COSTS, turn_away=0.05, group="People")
    widths = list(drivers["high"] - drivers["low"])
    assert widths == sorted(widths, reverse=True)
    assert ((drivers["low"] <= drivers["planned"]) & (drivers["planned"] <= drivers["high"])).all()
    assert drivers["label"].iloc[0] == "People asking in a year, 5 to 100"


def test_options_without_a_price_are_kept_and_say_so():
    """No unit cost is nothing to multiply, and not nothing."""
    options = appraisal.option_costs(COSTS, evidence(places=[3]), unpriced={"At home": "no unit cost"})
    assert list(options["year_high"].iloc[:2]) == [30.0, 48.0]
    assert options.loc["At home", "year_low"] != options.loc["At home", "year_low"]
    assert options.loc["At home", "note"] == "no unit cost"
    assert options.loc["At home", "tier"] == "published"


def test_an_accepted_share_in_percent_is_refused():
    """5 is not a share turned away."""
    with pytest.raises(UsageError, match="turn_away"):
        appraisal.with_places_needed(
            evidence(requests=[1.0]), STAY, turn_away=5, resting=evidence(value=[66.0])
        )
