"""Places that a group shares with others: who finds one, by simulation, beside what the closed form says.

A place open to any adult is not kept for anyone. Whether a man finds one depends on how many women are in it,
and they are in it when the places for women alone are full. Erlang's formula has no answer for that; it has
one for both ends, places kept for men alone and all places open to all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.methods.capacity import erlang_b, offered_load
from analysis.methods.inputs import positive, require_columns, whole
from analysis.methods.pools import places_for_group, simulate
from analysis.methods.rows import resting_on

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS: Final = {"years": 20.0, "warm_up": 3.0, "replications": 20, "engine": "loop"}
"""Length of a run and of what is not counted before it [years], how often it is run, and by what."""
SEARCH: Final = {**SETTINGS, "years": 15.0, "replications": 10}
"""The same for a search, which runs many provisions."""
_OF_ALL: Final = ("count", "base", "printed")
"""Of a provision, not of those who ask: left out, so that no share is taken to be of it."""
KEPT, SHARED = "kept for others", "open to all"
GROUP, OTHERS = "group", "others"


def shared_places(
    scenarios: pd.DataFrame,
    asked: pd.DataFrame,
    others: pd.DataFrame,
    *,
    mean_stay_days: float,
    confidence: float = 0.95,
    **settings: Any,
) -> pd.DataFrame:
    """Return whom each provision turns away, for each number of requests that a group may make.

    Everybody else tries the places kept for them first, and then those open to all; the group may use these
    alone. Both stay as long. Every provision meets the same requests (common random numbers).

    Parameters
    ----------
    scenarios
        Provisions: ``count`` places that the group may use, of ``base`` [whole numbers], and provenance.
    asked
        The group's ``requests`` [a year], with ``label`` and provenance.
    others
        One row, whose ``base`` less its ``count`` is how many requests a year everybody else made, and
        provenance.
    mean_stay_days
        Mean stay of all [days].
    confidence
        Level of the simulation's own intervals [0 to 1].
    **settings
        Of `analysis.methods.pools.simulate`; `SETTINGS` unless given.

    Returns
    -------
    DataFrame
        One row a provision and number of requests, under the key and ``label`` of the provision: ``places``
        ("19 of 84 places"), ``open`` and ``every`` [places], ``asking`` (requests, then the label of
        ``asked``), ``requests`` [a year]; ``share``, ``low``,
        ``high`` of the group turned away and ``others_share``, ``others_low``, ``others_high`` of everybody
        else [fractions, simulated]; ``used`` (share of the places open to all in use, simulated); ``kept``
        (the group's share turned away if these were kept for it) and ``others_alone`` (everybody else's if
        the group never asked), both by Erlang B. It rests on all three frames, and has no row if one of them
        has none.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a number is impossible.

    References
    ----------
    As for `analysis.methods.pools.simulate` and `analysis.methods.capacity.erlang_b`. The intervals say how
    exact the simulation is, not how sure demand is.
    """
    where = "shared_places"
    require_columns(scenarios, ["count", "base"], where=where)
    require_columns(asked, ["requests", "label"], where=where)
    require_columns(others, ["count", "base"], where=where)
    if scenarios.empty or asked.empty or others.empty:
        return scenarios.iloc[:0]
    rest = whole((others["base"] - others["count"]).iloc[0], "requests of others")
    days = positive(mean_stay_days, "mean stay in days")
    how = {**SETTINGS, "confidence": confidence, **settings}
    parts = [
        _one(scenarios.loc[[key]], asked.loc[[name]], rest, days, how)
        for key in scenarios.index
        for name in asked.index
    ]
    return resting_on(pd.concat(parts), others)


def with_places_shared(
    asked: pd.DataFrame,
    others: pd.DataFrame,
    kept: int,
    *,
    mean_stay_days: float,
    turn_away: float,
    **settings: Any,
) -> pd.DataFrame:
    """Add to each number of requests how many places open to all it takes, if everybody else uses them too.

    Parameters
    ----------
    asked, others, mean_stay_days
        As for `shared_places`.
    kept
        Places kept for everybody else [whole number].
    turn_away
        Largest share of the group turned away that is accepted [strictly between 0 and 1].
    **settings
        As for `shared_places`; `SEARCH` unless given.

    Returns
    -------
    DataFrame
        All rows and columns of ``asked``, then ``shared`` (places open to all), resting on ``others`` too.

    Raises
    ------
    UsageError
        If a column is absent, or the share is not strictly between 0 and 1.
    DataRefused
        If a number is impossible.

    References
    ----------
    As for `analysis.methods.pools.places_for_group`.
    """
    require_columns(asked, ["requests"], where="with_places_shared")
    require_columns(others, ["count", "base"], where="with_places_shared")
    rest = float(whole((others["base"] - others["count"]).iloc[0], "requests of others"))
    pools = pd.DataFrame({"pool": [KEPT, SHARED], "places": [whole(kept, "places"), 0]})
    found = [
        places_for_group(
            pools,
            _demand({GROUP: float(number), OTHERS: rest}, mean_stay_days),
            pool=SHARED,
            group=GROUP,
            turn_away=turn_away,
            **{**SEARCH, **settings},
        )
        for number in asked["requests"]
    ]
    return resting_on(asked.assign(shared=found), others)


def _one(
    scenario: pd.DataFrame, asking: pd.DataFrame, rest: int, days: float, how: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the row of one provision and one number of requests."""
    open_to_all, every = (whole(scenario[name].iloc[0], name) for name in ("count", "base"))
    requests = float(asking["requests"].iloc[0])
    found = _simulated(open_to_all, every, {GROUP: requests, OTHERS: float(rest)}, days, how)
    row = scenario.drop(columns=[name for name in _OF_ALL if name in scenario]).assign(
        places=f"{open_to_all:,} of {every:,} places",
        open=open_to_all,
        every=every,
        asking=f"{requests:,.0f} asking a year: {asking['label'].iloc[0]}",
        requests=requests,
        **found,
        kept=erlang_b(open_to_all, offered_load(requests, days)),
        others_alone=erlang_b(every, offered_load(rest, days)),
    )
    return resting_on(row, asking)


def _simulated(
    open_to_all: int, every: int, requests: Mapping[str, float], days: float, how: Mapping[str, Any]
) -> dict[str, float]:
    pools = pd.DataFrame({"pool": [KEPT, SHARED], "places": [every - open_to_all, open_to_all]})
    ran = simulate(pools, _demand(requests, days), **how)
    away, taken = ran.turned_away().set_index("group"), ran.occupancy().set_index("pool")
    names = {GROUP: "", OTHERS: "others_"}
    shares = {
        f"{prefix}{name}": float(away[name][group])
        for group, prefix in names.items()
        for name in ("share", "low", "high")
    }
    return {**shares, "used": float(taken["share"][SHARED])}


def _demand(requests: Mapping[str, float], days: float) -> pd.DataFrame:
    """Return what the group asks, which may use places open to all alone, and what everybody else does."""
    return pd.DataFrame(
        {
            "group": list(requests),
            "requests": list(requests.values()),
            "mean_stay": days,
            "pools": [SHARED, f"{KEPT}; {SHARED}"],
        }
    )
