"""Places shared with others: the ends that a formula knows, and what lies between."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.methods.capacity import erlang_b, offered_load, places_for
from analysis.methods.sharing import shared_places, with_places_shared

STAY = 100.0
FAST = {"years": 60, "replications": 10}


def evidence(key: str = "a", **columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {**columns, "tier": "published", "source_id": "s", "figure_ids": "f", "footnote": ""}, index=[key]
    )


def others(requests: int) -> pd.DataFrame:
    return evidence(count=0, base=requests)


def test_with_nobody_else_the_simulation_is_the_closed_form() -> None:
    """Within its own interval, of 99.9%."""
    asked = evidence(label="men", requests=10.0)
    row = shared_places(
        evidence(count=5, base=5), asked, others(0), mean_stay_days=STAY, confidence=0.999, **FAST
    ).iloc[0]
    expected = erlang_b(5, offered_load(10, STAY))
    assert row["kept"] == expected
    assert row["low"] <= expected <= row["high"]


def test_others_without_the_group_are_turned_away_as_from_one_pool() -> None:
    """They may use every place, so the closed form holds for them."""
    asked = evidence(label="men", requests=0.0)
    row = shared_places(
        evidence(count=2, base=8), asked, others(20), mean_stay_days=STAY, confidence=0.999, **FAST
    ).iloc[0]
    assert row["others_low"] <= row["others_alone"] <= row["others_high"]
    assert row["others_alone"] == erlang_b(8, offered_load(20, STAY))
    assert pd.isna(row["share"])


def test_sharing_turns_more_of_both_away_than_keeping() -> None:
    """And more places of either turn fewer away."""
    asked = evidence(label="men", requests=8.0)
    provisions = pd.concat([evidence("now", count=3, base=10), evidence("later", count=6, base=13)])
    rows = shared_places(provisions, asked, others(25), mean_stay_days=STAY, **FAST)
    assert (rows["share"] > rows["kept"]).all()
    assert (rows["others_share"] > rows["others_alone"]).all()
    assert rows.loc["later", "share"] < rows.loc["now", "share"]
    assert list(rows["places"]) == ["3 of 10 places", "6 of 13 places"]
    assert not {"count", "base"} & set(rows.columns)


def test_more_places_are_wanted_if_they_are_shared() -> None:
    """As many as the closed form says if nobody shares them."""
    asked = evidence(label="men", requests=8.0)
    alone = with_places_shared(asked, others(0), 0, mean_stay_days=STAY, turn_away=0.06, **FAST)
    shared = with_places_shared(asked, others(25), 6, mean_stay_days=STAY, turn_away=0.06, **FAST)
    assert alone["shared"].iloc[0] == places_for(offered_load(8, STAY), 0.06)
    assert shared["shared"].iloc[0] > alone["shared"].iloc[0]


def test_where_one_thing_is_not_published_there_is_no_row() -> None:
    """No requests, or no places by who may use them."""
    asked, places = evidence(label="men", requests=8.0), evidence(count=3, base=10)
    for one, two, three in ((places, asked, others(3).iloc[:0]), (places.iloc[:0], asked, others(3))):
        assert shared_places(one, two, three, mean_stay_days=STAY).empty


def test_fewer_places_in_all_than_the_group_may_use_are_refused() -> None:
    """There is no negative number of places for others."""
    with pytest.raises(DataRefused):
        shared_places(
            evidence(count=9, base=3),
            evidence(label="men", requests=8.0),
            others(3),
            mean_stay_days=STAY,
            **FAST,
        )
