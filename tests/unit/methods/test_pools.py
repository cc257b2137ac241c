"""Simulated pools: Erlang's formula where it holds, and the properties that must hold where it does not."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods.capacity import DAYS_IN_YEAR, erlang_b, places_for
from analysis.methods.pools import Simulation, compare, places_for_group, simulate

STAY = 90.0
GRID = list(product((0.5, 1.0, 2.0, 4.0, 8.0), (1, 2, 4, 6, 10), (0.0, 1.5)))
"""Loads [erlangs], places, spreads of stays: fifty cases."""


def provision(**places: int) -> pd.DataFrame:
    return pd.DataFrame({"pool": list(places), "places": list(places.values())})


def demand(*rows: tuple[str, float, str], spread: float = 1.0) -> pd.DataFrame:
    """Return groups with their load and the pools they may use."""
    return pd.DataFrame(
        [
            {
                "group": group,
                "requests": load * DAYS_IN_YEAR / STAY,
                "mean_stay": STAY,
                "pools": pools,
                "spread": spread,
            }
            for group, load, pools in rows
        ]
    )


def share(simulation: Simulation, group: str) -> pd.Series:
    return simulation.turned_away().set_index("group").loc[group]


def test_one_pool_agrees_with_erlang_over_fifty_cases_whatever_the_shape_of_stays() -> None:
    """Each within its own interval; of 99.9%, so that fifty hold together with about 95%."""
    assert len(GRID) == 50
    missed = []
    for seed, (load, places, spread) in enumerate(GRID):
        found = share(
            simulate(
                provision(refuge=places),
                demand(("all", load, "refuge"), spread=spread),
                years=30,
                replications=10,
                seed=seed,
                confidence=0.999,
            ),
            "all",
        )
        if not found["low"] <= erlang_b(places, load) <= found["high"]:
            missed.append((load, places, spread, erlang_b(places, load), *found[["low", "high"]]))
    assert missed == []


def test_two_pools_that_everybody_may_use_are_one() -> None:
    asks = demand(("all", 3.0, "a; b"))
    apart = simulate(provision(a=2, b=3), asks, replications=5, years=10)
    together = simulate(provision(c=5), asks.assign(pools="c"), replications=5, years=10)
    pd.testing.assert_frame_equal(apart.groups, together.groups)
    assert apart.pools.groupby("replication")["occupied"].sum().to_numpy() == pytest.approx(
        together.pools["occupied"].to_numpy()
    )


def test_pools_that_are_not_shared_do_not_meet() -> None:
    both = simulate(provision(a=2, b=3), demand(("x", 1.0, "a"), ("y", 4.0, "b")), replications=4, years=10)
    alone = simulate(provision(a=2), demand(("x", 1.0, "a")), replications=4, years=10)
    pd.testing.assert_frame_equal(
        both.groups[both.groups["group"] == "x"].reset_index(drop=True), alone.groups
    )


def test_places_taken_are_those_erlang_expects() -> None:
    found = simulate(provision(a=4), demand(("x", 3.0, "a")), replications=20, years=30, confidence=0.999)
    row = found.occupancy().iloc[0]
    assert row["low"] <= 3.0 * (1 - erlang_b(4, 3.0)) / 4 <= row["high"]


def test_a_second_choice_lowers_what_is_turned_away_and_is_compared_request_by_request() -> None:
    one = simulate(provision(a=2, b=1), demand(("x", 2.0, "a"), ("y", 0.2, "b")), replications=8)
    other = simulate(provision(a=2, b=1), demand(("x", 2.0, "a; b"), ("y", 0.2, "b")), replications=8)
    change = compare(one, other).set_index("group")
    assert change.loc["x", "high"] < 0
    assert change.loc["y", "low"] > 0
    apart = change.loc["x", "high"] - change.loc["x", "low"]
    alone = share(one, "x")["high"] - share(one, "x")["low"]
    assert apart < alone


def test_simulations_that_met_other_requests_are_not_compared() -> None:
    asks = demand(("x", 2.0, "a"))
    one, other = (simulate(provision(a=2), asks, replications=2, years=5, seed=seed) for seed in (1, 2))
    with pytest.raises(UsageError, match="same requests"):
        compare(one, other)


def test_none_turned_away_keeps_an_upper_limit() -> None:
    found = share(simulate(provision(a=20), demand(("x", 1.0, "a")), replications=2, years=5), "x")
    assert found["share"] == 0
    assert 0 < found["high"] < 0.2


def test_no_places_turn_everybody_away_and_have_no_occupancy() -> None:
    found = simulate(provision(a=0), demand(("x", 1.0, "a")), replications=2, years=5)
    assert share(found, "x")["share"] == 1
    assert found.occupancy()["share"].isna().all()


def test_a_group_without_requests_has_no_share() -> None:
    asks = pd.concat([demand(("x", 1.0, "a")), demand(("y", 0.0, "a"))])
    found = simulate(provision(a=2), asks, replications=2, years=5)
    assert pd.isna(share(found, "y")["share"])


def test_the_places_searched_for_are_those_of_the_closed_form() -> None:
    found = places_for_group(
        provision(a=0),
        demand(("x", 3.0, "a")),
        pool="a",
        group="x",
        turn_away=0.035,
        replications=10,
        years=100,
    )
    assert found == places_for(3.0, 0.035)


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"pools": provision(a=1).drop(columns="places")}, UsageError, "places"),
        ({"pools": pd.concat([provision(a=1), provision(a=2)])}, UsageError, "named twice"),
        ({"pools": provision(a=-1)}, DataRefused, "places"),
        ({"demand": demand(("x", 1.0, "b"))}, UsageError, 'no "b"'),
        ({"demand": demand(("x", 1.0, "a"), ("x", 1.0, "a"))}, UsageError, "named twice"),
        ({"demand": demand(("x", 1.0, "a")).assign(mean_stay=0.0)}, DataRefused, "mean_stay"),
        ({"replications": 1}, UsageError, "one replication"),
    ],
)
def test_what_cannot_be_simulated_is_refused(change: dict, error: type[Exception], match: str) -> None:
    given = {"pools": provision(a=1), "demand": demand(("x", 1.0, "a")), "years": 1, "replications": 2}
    with pytest.raises(error, match=match):
        simulate(**(given | change))
