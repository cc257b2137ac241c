"""Places of several kinds at once: who finds one they may use, by discrete-event simulation.

Erlang's formula knows one kind of place and one kind of request. Real provision has women-only units, units
for any adult, family-sized and accessible ones, and a request goes to the first that is open to it and free.
The events are run by ciw, or by a loop that agrees with it request by request; requests and stays are drawn
beforehand, the same for every provision that is compared, so that two provisions differ by their places alone
(common random numbers).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import UsageError, one_of
from analysis.methods.capacity import DAYS_IN_YEAR
from analysis.methods.inputs import amount, level, positive, require_columns, whole
from analysis.methods.pool_runs import NOWHERE, Requests, by_ciw, by_loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEMAND: Final = ("group", "requests", "mean_stay", "pools")
POOLS: Final = ("pool", "places")
Engine = Literal["ciw", "loop"]
ENGINES: Final = {"ciw": by_ciw, "loop": by_loop}
"""What runs the events: ciw, or a loop of our own that says the same of every request, and far sooner."""
_MARGIN: Final = 8.0
"""Requests drawn beyond those expected [standard deviations], so that none is lacking at the end."""


@dataclass(frozen=True)
class Demand:
    """Requests of one group.

    Attributes
    ----------
    group
        Its name.
    requests
        Requests a year, met or not, at random times [requests a year].
    mean_stay
        Mean stay [days].
    spread
        Standard deviation of stays over their mean; 1 is exponential, 0 all alike (gamma between).
    pools
        Pools it may use, in the order in which they are tried.
    """

    group: str
    requests: float
    mean_stay: float
    spread: float
    pools: tuple[str, ...]


@dataclass(frozen=True)
class Simulation:
    """What happened in every replication, after the warm-up.

    Attributes
    ----------
    groups
        One row a replication and group: ``replication``, ``group``, ``requests``, ``turned_away`` [requests].
    pools
        One row a replication and pool: ``replication``, ``pool``, ``places``, ``occupied`` [places, mean].
    confidence
        Level of the intervals over replications [0 to 1].
    """

    groups: pd.DataFrame
    pools: pd.DataFrame
    confidence: float

    def turned_away(self) -> pd.DataFrame:
        """Share turned away of each group, with the simulation's own interval.

        Returns
        -------
        DataFrame
            One row a group: ``group``, ``share``, ``low``, ``high`` [fractions], ``replications``. The
            interval is Student's over replications: it says how exact the simulation is, not how sure demand
            is. Where nobody was turned away, ``high`` is the exact binomial limit for none of all requests.

        References
        ----------
        Law AM (2015). Simulation modeling and analysis, 5th edition, section 9.4 (replication and deletion).
        """
        asked = self.groups["requests"].where(self.groups["requests"] > 0)
        shares = self.groups.assign(share=self.groups["turned_away"] / asked)
        found = _over_replications(shares, "group", "share", self.confidence)
        requests = found["group"].map(self.groups.groupby("group")["requests"].sum())
        none = 1 - ((1 - self.confidence) / 2) ** (1 / requests.clip(lower=1))
        high = found["high"].clip(0, 1).where(found["share"] != 0, none)
        return found.assign(low=found["low"].clip(0, 1), high=high)

    def occupancy(self) -> pd.DataFrame:
        """Mean share of the places of each pool that was taken.

        Returns
        -------
        DataFrame
            One row a pool: ``pool``, ``share``, ``low``, ``high`` [fractions], ``replications``; a pool
            without places has no share.
        """
        there = self.pools["places"].where(self.pools["places"] > 0)
        return _over_replications(
            self.pools.assign(share=self.pools["occupied"] / there), "pool", "share", self.confidence
        )


def simulate(
    pools: pd.DataFrame,
    demand: pd.DataFrame,
    *,
    years: float = 20,
    warm_up: float = 3,
    replications: int = 20,
    seed: int = 1,
    confidence: float = 0.95,
    engine: Engine = "ciw",
) -> Simulation:
    """Run a provision for some years, again and again, from empty.

    Parameters
    ----------
    pools
        ``pool`` and ``places`` [whole number].
    demand
        ``group``, ``requests`` [a year], ``mean_stay`` [days], ``pools`` (names in the order in which they
        are tried, separated by semicolons) and, if stays are not exponential, ``spread`` [standard deviation
        over mean].
    years, warm_up
        Length that is counted, and length before it that is not [years].
    replications, seed
        How often, from which random numbers. Group and replication have their own, whatever the pools are.
    confidence
        Level of the intervals [0 to 1].
    engine
        What runs the events, one of `ENGINES`; the result is the same.

    Returns
    -------
    Simulation
        One row a group, or pool, and replication.

    Raises
    ------
    UsageError
        If a column is absent, a pool unknown or named twice, or there are fewer than two replications.
    DataRefused
        If a number is impossible.

    References
    ----------
    Palmer GI, Knight VA, Harper PR, Hawa AL (2019). Ciw: an open-source discrete event simulation library.
    Journal of Simulation 13(1), 68-82. With one pool and one group the share turned away is Erlang's B.
    """
    places, groups = _pools(pools), _demand(demand, list(pools["pool"]))
    span, before = positive(years, "years"), amount(warm_up, "warm_up")
    if replications < 2:
        raise UsageError("one replication has no interval", where="replications", cure="Ask for 2 or more.")
    asked: list[dict[str, Any]] = []
    taken: list[dict[str, Any]] = []
    for number in range(replications):
        drawn = [_draw(one, before + span, (seed, number)) for one in groups]
        went = _run(places, groups, drawn, (before + span) * DAYS_IN_YEAR, engine)
        start, end = before * DAYS_IN_YEAR, (before + span) * DAYS_IN_YEAR
        for one, (arrivals, _), to in zip(groups, drawn, went, strict=True):
            counted = (arrivals[: len(to)] >= start) & (arrivals[: len(to)] < end)
            turned = int((to[counted] == NOWHERE).sum())
            row = {"replication": number, "group": one.group}
            asked.append({**row, "requests": int(counted.sum()), "turned_away": turned})
        for index, (name, size) in enumerate(places.items()):
            days = sum(
                _days_within(arrivals[: len(to)][to == index], stays[: len(to)][to == index], start, end)
                for (arrivals, stays), to in zip(drawn, went, strict=True)
            )
            row = {"replication": number, "pool": name, "places": size}
            taken.append({**row, "occupied": days / (end - start)})
    return Simulation(pd.DataFrame(asked), pd.DataFrame(taken), level(confidence))


def compare(one: Simulation, other: Simulation) -> pd.DataFrame:
    """How much less is turned away by the second of two provisions that met the same requests.

    Parameters
    ----------
    one, other
        From `simulate`, with the same demand, seed and replications.

    Returns
    -------
    DataFrame
        One row a group: ``group``, ``difference`` (other less one) and its ``low`` and ``high`` [fractions],
        ``replications``; paired by replication.

    Raises
    ------
    UsageError
        If the two did not meet the same requests.

    References
    ----------
    Law AM (2015). Simulation modeling and analysis, 5th edition, section 11.2 (common random numbers).
    """
    keys = ["replication", "group", "requests"]
    if not one.groups[keys].equals(other.groups[keys]):
        raise UsageError(
            "the two simulations did not meet the same requests",
            where="compare",
            cure="Simulate both with the same demand, years, seed and replications.",
        )
    asked = one.groups["requests"].where(one.groups["requests"] > 0)
    change = (other.groups["turned_away"] - one.groups["turned_away"]) / asked
    frame = one.groups[["replication", "group"]].assign(difference=change)
    return _over_replications(frame, "group", "difference", one.confidence)


def places_for_group(
    pools: pd.DataFrame, demand: pd.DataFrame, *, pool: str, group: str, turn_away: float, **settings: Any
) -> int:
    """Smallest number of places in one pool at which a group is turned away no more often than is accepted.

    Parameters
    ----------
    pools, demand
        As in `simulate`; the places of ``pool`` are what is searched for.
    pool, group
        Their names.
    turn_away
        Largest share turned away that is accepted, by the simulated mean [strictly between 0 and 1].
    **settings
        Of `simulate`.

    Returns
    -------
    int
        Places; found by one binary search below a number that is enough, because more places never turn more
        away under the same requests.

    Raises
    ------
    UsageError
        If a name is unknown, the group may not use the pool, or the share is not between 0 and 1.
    DataRefused
        As in `simulate`.
    """
    _known(pool, pools["pool"], "places_for_group")
    _known(group, demand["group"], "places_for_group")
    if not 0 < turn_away < 1:
        raise UsageError(f"turn_away is {turn_away}", where="turn_away", cure="Give a share such as 0.05.")
    asks = _demand(demand, list(pools["pool"]))
    if pool not in next(one.pools for one in asks if one.group == group):
        raise UsageError(
            f"{group} may not use {pool}", where="places_for_group", cure="Name a pool open to them."
        )

    def enough(places: int) -> bool:
        changed = pools.assign(places=pools["places"].where(pools["pool"] != pool, places))
        found = simulate(changed, demand, **settings).turned_away().set_index("group")["share"]
        return not found[group] > turn_away

    load = sum(one.requests * one.mean_stay / DAYS_IN_YEAR for one in asks if pool in one.pools)
    low, high = -1, max(1, int(load + 4 * np.sqrt(load)) + 4)
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _pools(frame: pd.DataFrame) -> dict[str, int]:
    require_columns(frame, POOLS, where="pools")
    found = {
        str(name): whole(size, "places") for name, size in zip(frame["pool"], frame["places"], strict=True)
    }
    if len(found) < len(frame):
        raise UsageError("a pool is named twice", where="pools", cure="Add its places up in one row.")
    return found


def _demand(frame: pd.DataFrame, names: Sequence[str]) -> list[Demand]:
    require_columns(frame, DEMAND, where="demand")
    found = []
    for row in frame.to_dict("records"):
        tried = tuple(part.strip() for part in str(row["pools"]).split(";") if part.strip())
        for name in tried:
            _known(name, names, f"demand of {row['group']}")
        found.append(
            Demand(
                str(row["group"]),
                amount(row["requests"], "requests"),
                positive(row["mean_stay"], "mean_stay"),
                amount(row.get("spread", 1.0), "spread"),
                tried,
            )
        )
    if len({one.group for one in found}) < len(found):
        raise UsageError("a group is named twice", where="demand", cure="Give each group one row.")
    return found


def _known(name: str, names: Iterable[Any], where: str) -> None:
    known = [str(one) for one in names]
    if name not in known:
        raise UsageError(f'there is no "{name}"', where=where, cure=one_of(name, known))


def _draw(one: Demand, years: float, seed: tuple[int, int]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return times of requests and lengths of stay, were they accepted [days]."""
    source = np.random.default_rng([*seed, *one.group.encode()])
    expected = one.requests * years
    size = int(expected + _MARGIN * np.sqrt(expected) + _MARGIN) if expected else 0
    arrivals = np.cumsum(source.exponential(DAYS_IN_YEAR / one.requests, size)) if size else np.empty(0)
    if not one.spread:
        return arrivals, np.full(size, one.mean_stay)
    shape = one.spread**-2
    return arrivals, source.gamma(shape, one.mean_stay / shape, size)


def _run(
    places: dict[str, int],
    groups: Sequence[Demand],
    drawn: Sequence[tuple[NDArray[Any], NDArray[Any]]],
    days: float,
    engine: Engine,
) -> list[NDArray[Any]]:
    """Return, for each group, the pool each request went to, in order; NOWHERE if turned away."""
    names, nothing = list(places), np.empty(0)
    asking: dict[str, Requests] = {
        one.group: (
            [names.index(pool) for pool in one.pools],
            *(draw if one.requests else (nothing, nothing)),
        )
        for one, draw in zip(groups, drawn, strict=True)
    }
    went = ENGINES[engine](list(places.values()), asking, days)
    return [went[one.group] for one in groups]


def _days_within(starts: NDArray[Any], stays: NDArray[Any], start: float, end: float) -> float:
    """Return days of stays that lie between two days."""
    return float(np.clip(np.minimum(starts + stays, end) - np.maximum(starts, start), 0, None).sum())


def _over_replications(frame: pd.DataFrame, by: str, value: str, confidence: float) -> pd.DataFrame:
    """Return the mean of each group over replications, with Student's interval."""
    found = frame.groupby(by, sort=False)[value].agg(["mean", "std", "count"]).reset_index()
    width = found["std"] / np.sqrt(found["count"]) * stats.t.ppf((1 + confidence) / 2, found["count"] - 1)
    return pd.DataFrame(
        {
            by: found[by],
            value: found["mean"],
            "low": found["mean"] - width,
            "high": found["mean"] + width,
            "replications": found["count"],
        }
    )
