"""Which kinds of place: who finds one among places for women, for any adult, larger and accessible ones.

The kinds and the groups are made from a few named shares; `analysis.methods.pools` runs them. Requests and
stays are the same for every provision compared, so that two provisions differ by their places alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.methods import pools as simulated
from analysis.methods.capacity import DAYS_IN_YEAR, places_for
from analysis.methods.inputs import amount, positive, require_columns, share, whole
from analysis.methods.rows import PROVENANCE, resting_on

if TYPE_CHECKING:
    from collections.abc import Mapping

WOMEN, ANY = "women", "any"
PLAIN, LARGER, ACCESSIBLE = "", " larger", " accessible"
KINDS: Final[dict[str, str]] = {
    WOMEN: "Women and children",
    WOMEN + LARGER: "Women and children, larger",
    WOMEN + ACCESSIBLE: "Women and children, accessible",
    ANY: "Any adult",
    ANY + LARGER: "Any adult, larger",
    ANY + ACCESSIBLE: "Any adult, accessible",
}
"""Kinds of place, in the order in which they are shown."""

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Women": (WOMEN, ANY, WOMEN + LARGER, ANY + LARGER, WOMEN + ACCESSIBLE, ANY + ACCESSIBLE),
    "Women with a larger family": (WOMEN + LARGER, ANY + LARGER),
    "Women who need an accessible place": (WOMEN + ACCESSIBLE, ANY + ACCESSIBLE),
    "Men": (ANY, ANY + LARGER, ANY + ACCESSIBLE),
}
"""Who asks, and the kinds of place they may use, in the order in which they are tried: the least particular
first, so that a larger or accessible place is kept for whoever needs it while another is free."""

SETTINGS: Final[dict[str, Any]] = {
    "years": 20,
    "warm_up": 2,
    "replications": 20,
    "seed": 20230331,
    "engine": "loop",
}
"""Length of each replication [years], what before it is not counted, how many, and their random numbers; the
loop agrees with ciw request by request, and takes a tenth of the time."""

SEARCH: Final[dict[str, Any]] = {**SETTINGS, "years": 10, "replications": 10}
"""The same for a search, which runs many provisions."""


def kinds(by_who: pd.DataFrame, *, accessible: float, larger: float) -> pd.DataFrame:
    """Part places by who may use them into kinds, with accessible and larger ones in both in proportion.

    Parameters
    ----------
    by_who
        With ``group`` (who may use it) and ``count`` [places], and provenance; a group that names any adult
        is open to men.
    accessible
        Accessible places among all [places].
    larger
        Share of the places that hold a larger family [fraction].

    Returns
    -------
    DataFrame
        One row a kind: ``pool``, ``label``, ``places`` [whole], and provenance.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If there is no place, or a number is impossible.

    References
    ----------
    None: shares of places, rounded.
    """
    require_columns(by_who, ["group", "count", *PROVENANCE], where="kinds")
    is_any = by_who["group"].str.contains("any adult", case=False)
    sizes = {ANY: by_who.loc[is_any, "count"].sum(), WOMEN: by_who.loc[~is_any, "count"].sum()}
    every = positive(sum(sizes.values()), "places")
    rows = []
    for pool, label in KINDS.items():
        own = sizes[pool.split()[0]]
        fit, big = (
            round(amount(accessible, "accessible places") * own / every),
            round(share(larger, "larger") * own),
        )
        plain = {LARGER: big, ACCESSIBLE: fit}.get(pool.removeprefix(pool.split()[0]), own - fit - big)
        rows.append({"pool": pool, "label": label, "places": whole(plain, "places")})

    return resting_on(_carried(pd.DataFrame(rows), by_who), by_who)


def asking(women: float, men: float, *, accessible: float, larger: float, mean_stay: float) -> pd.DataFrame:
    """Return who asks for a place: requests of each group, and the kinds of place it may use.

    Parameters
    ----------
    women, men
        Requests a year.
    accessible, larger
        Shares of women's requests that need an accessible place, or one for a larger family [fractions].
    mean_stay
        Mean stay [days], the same for all.

    Returns
    -------
    DataFrame
        ``group``, ``requests`` [a year], ``mean_stay`` [days] and ``pools``, as
        `analysis.methods.pools.simulate` takes it.

    Raises
    ------
    DataRefused
        If a number is negative, a share no fraction, or the two together above 1.

    References
    ----------
    None.
    """
    fit, big = share(accessible, "accessible"), share(larger, "larger")
    parts = (amount(1 - fit - big, "share without particular need"), big, fit)
    asked = [*(amount(women, "requests of women") * part for part in parts), amount(men, "requests of men")]
    return pd.DataFrame(
        {
            "group": list(GROUPS),
            "requests": asked,
            "mean_stay": positive(mean_stay, "mean stay"),
            "pools": ["; ".join(tried) for tried in GROUPS.values()],
        }
    )


def with_more(places: pd.DataFrame, more: Mapping[str, int]) -> pd.DataFrame:
    """Return a provision with more places of some kinds.

    Parameters
    ----------
    places
        From `kinds`.
    more
        Kind of place to places more [whole].

    Returns
    -------
    DataFrame
        As ``places``.

    Raises
    ------
    UsageError
        If there is no column of kinds.
    """
    require_columns(places, ["pool", "places"], where="with_more")
    return places.assign(places=places["places"] + places["pool"].map(dict(more)).fillna(0).astype(int))


def compared(
    places: pd.DataFrame,
    demand: pd.DataFrame,
    options: Mapping[str, Mapping[str, int]],
    *,
    confidence: float = 0.95,
    resting: pd.DataFrame,
) -> pd.DataFrame:
    """Return the share of each group turned away as things are and under each option, in long form.

    Parameters
    ----------
    places, demand
        From `kinds` and `asking`.
    options
        By name: places more of each kind. None more is the provision as it is, and comes first.
    confidence
        Level of the intervals over replications [0 to 1].
    resting
        What the requests rest on.

    Returns
    -------
    DataFrame
        By group, then option: ``option``, ``label`` (the group), ``places`` (all of the option),
        ``requests`` [a year], ``share``, ``low``, ``high``, ``change``, ``change_low``, ``change_high``
        [fractions; paired with the first option], ``replications``, and provenance. The interval says how
        exact the simulation is.

    Raises
    ------
    UsageError, DataRefused
        As `analysis.methods.pools.simulate`.

    References
    ----------
    As for `analysis.methods.pools.compare`.
    """
    runs = {
        name: (with_more(places, more), _run(with_more(places, more), demand, confidence))
        for name, more in options.items()
    }
    first = next(iter(runs.values()))[1]
    asked = dict(zip(demand["group"], demand["requests"], strict=True))
    parts = []
    for name, (offered, run) in runs.items():
        change = simulated.compare(first, run).set_index("group")
        found = run.turned_away().rename(columns={"group": "label"})
        parts.append(
            found.assign(
                option=name,
                places=int(offered["places"].sum()),
                requests=found["label"].map(asked),
                change=found["label"].map(change["difference"]),
                change_low=found["label"].map(change["low"]),
                change_high=found["label"].map(change["high"]),
            )
        )
    order = {group: at for at, group in enumerate(demand["group"])}
    rows = pd.concat(parts).sort_values("label", key=lambda names: names.map(order), kind="stable")
    return resting_on(_carried(rows.reset_index(drop=True), places), resting)


def enough_for_all(
    places: pd.DataFrame,
    demand: pd.DataFrame,
    *,
    turn_away: float,
    confidence: float = 0.95,
    resting: pd.DataFrame,
) -> pd.DataFrame:
    """Return places of each kind at which no group is turned away more often than is accepted.

    Each group is first given as many places that it may use as Erlang's formula asks for it alone. Then the
    group that is worst off gets more of the kind of place it tries first, until all are within the limit by
    the simulated mean. Places are only added: it is what to open, not the least that would do.

    Parameters
    ----------
    places, demand
        From `kinds` and `asking`.
    turn_away
        Largest share turned away that is accepted [strictly between 0 and 1].
    confidence, resting
        As in `compared`.

    Returns
    -------
    DataFrame
        As `kinds`, with ``now`` (places there are), ``places`` (those found) and ``gap``; and ``worst``, the
        largest share turned away of a group that is left [fraction, the same in every row].

    Raises
    ------
    UsageError, DataRefused
        As `analysis.methods.pools.simulate`.

    References
    ----------
    As for `analysis.methods.pools.simulate`; a greedy search.
    """
    limit, found = share(turn_away, "turn_away"), places
    loads = dict(zip(demand["group"], demand["requests"] * demand["mean_stay"] / DAYS_IN_YEAR, strict=True))
    for group, tried in GROUPS.items():
        there = int(found.loc[found["pool"].isin(tried), "places"].sum())
        found = with_more(found, {tried[0]: max(0, places_for(loads[group], limit) - there)})
    while True:  # ends: the group that is worst off is given places until it is not
        shares = _run(found, demand, confidence, SEARCH).turned_away().set_index("group")["share"].dropna()
        worst, group = float(shares.max()), str(shares.idxmax())
        if worst <= limit:
            break
        found = with_more(found, {GROUPS[group][0]: max(1, math.ceil((worst - limit) * loads[group]))})
    answer = found.assign(now=places["places"], gap=found["places"] - places["places"], worst=worst)
    return resting_on(answer, resting)


def scaled(demand: pd.DataFrame, factor: float, mean_stay: float) -> pd.DataFrame:
    """Return the same groups asking more or less often, and staying longer or shorter.

    Parameters
    ----------
    demand
        From `asking`.
    factor
        Requests in place of one.
    mean_stay
        Mean stay [days].

    Returns
    -------
    DataFrame
        As ``demand``.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If the factor is negative, or the stay is 0.

    References
    ----------
    None.
    """
    require_columns(demand, ["requests", "mean_stay"], where="scaled")
    return demand.assign(
        requests=demand["requests"] * amount(factor, "factor"), mean_stay=positive(mean_stay, "mean stay")
    )


def in_all(
    found: pd.DataFrame,
    places: pd.DataFrame,
    ends: tuple[pd.DataFrame, pd.DataFrame],
    *,
    turn_away: float,
    label: str,
) -> pd.DataFrame:
    """Return one row with the places of every kind together, for setting beside other methods.

    Parameters
    ----------
    found
        From `enough_for_all`.
    places
        From `kinds`.
    ends
        The least and the most that may be asked, as `asking` returns it.
    turn_away
        As in `enough_for_all`.
    label
        Its name.

    Returns
    -------
    DataFrame
        ``label``, ``places``, ``places_low`` and ``places_high`` (the search at either end), and provenance.

    Raises
    ------
    UsageError, DataRefused
        As `enough_for_all`.

    References
    ----------
    As for `enough_for_all`.
    """
    require_columns(found, ["places", *PROVENANCE], where="in_all")
    totals = [
        float(enough_for_all(places, end, turn_away=turn_away, resting=found)["places"].sum()) for end in ends
    ]
    middle = float(found["places"].sum())
    one = found.head(1)[list(PROVENANCE)].assign(label=label, places=middle)
    one = one.assign(places_low=min(totals[0], middle), places_high=max(totals[1], middle))
    return resting_on(one, found)


def _run(
    places: pd.DataFrame, demand: pd.DataFrame, confidence: float, settings: Mapping[str, Any] = SETTINGS
) -> simulated.Simulation:
    return simulated.simulate(places[["pool", "places"]], demand, confidence=confidence, **settings)


def _carried(frame: pd.DataFrame, resting: pd.DataFrame) -> pd.DataFrame:
    """Give each row of a frame the provenance of the first row of another."""
    return frame.assign(**{name: resting[name].iloc[0] for name in PROVENANCE})
