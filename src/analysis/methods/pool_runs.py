"""Two ways to run the same requests through pools of places: by ciw, and by a loop of our own.

Both are handed every request with its day and its stay, and say where each went. They agree request by
request (``tests/unit/methods/test_pool_runs.py``); the loop is many times as fast, which lets a report run
long and often enough for narrow intervals.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import ciw
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOWHERE: Final = -1
"""Where a request went that was turned away."""
Requests = tuple[Sequence[int], "NDArray[Any]", "NDArray[Any]"]
"""Of one group: pools open to it, in the order in which they are tried; days of requests; stays [days]."""


def by_ciw(places: Sequence[int], asking: Mapping[str, Requests], days: float) -> dict[str, NDArray[Any]]:
    """Run requests through pools by ciw.

    Parameters
    ----------
    places
        Places of each pool [whole numbers].
    asking
        By group, what it asks.
    days
        Length of the run [days].

    Returns
    -------
    dict
        By group, the pool each request of the run went to, in order; `NOWHERE` if it was turned away.

    References
    ----------
    Palmer GI, Knight VA, Harper PR, Hawa AL (2019). Ciw: an open-source discrete event simulation library.
    Journal of Simulation 13(1), 68-82.
    """
    door = _Door({group: list(pools) for group, (pools, _, _) in asking.items()}, list(places))
    some = {group: one for group, one in asking.items() if len(one[1])}
    if some:
        nobody = [None] * len(places)
        network = ciw.create_network(
            arrival_distributions={
                group: [ciw.dists.Sequential(np.diff(arrivals, prepend=0.0).tolist()), *nobody]
                for group, (_, arrivals, _) in some.items()
            },
            service_distributions={
                group: [ciw.dists.Deterministic(0.0), *[_Stays(stays)] * len(places)]
                for group, (_, _, stays) in some.items()
            },
            number_of_servers=[float("inf"), *(max(1, size) for size in places)],
            routing={
                group: ciw.routing.NetworkRouting([door, *(ciw.routing.Leave() for _ in places)])
                for group in some
            },
        )
        ciw.Simulation(network).simulate_until_max_time(days)
    return {group: np.array(door.went[group], dtype=int) for group in asking}


def by_loop(places: Sequence[int], asking: Mapping[str, Requests], days: float) -> dict[str, NDArray[Any]]:
    """Run requests through pools by a loop over requests in order of time.

    Parameters
    ----------
    places, asking, days
        As for `by_ciw`.

    Returns
    -------
    dict
        As `by_ciw` returns it.

    References
    ----------
    Law AM (2015). Simulation modeling and analysis, 5th edition, section 1.3 (next-event time advance).
    """
    went: dict[str, list[int]] = {group: [] for group in asking}
    leaving: list[list[float]] = [[] for _ in places]
    for arrival, group, stay in _in_order(asking, days):
        for pool in asking[group][0]:
            taken = leaving[pool]
            while taken and taken[0] <= arrival:
                heapq.heappop(taken)
            if len(taken) < places[pool]:
                heapq.heappush(taken, arrival + stay)
                went[group].append(pool)
                break
        else:
            went[group].append(NOWHERE)
    return {group: np.array(found, dtype=int) for group, found in went.items()}


def _in_order(asking: Mapping[str, Requests], days: float) -> list[tuple[float, str, float]]:
    return sorted(
        (float(arrival), group, float(stay))
        for group, (_, arrivals, stays) in asking.items()
        for arrival, stay in zip(arrivals, stays, strict=True)
        if arrival < days
    )


class _Stays(ciw.dists.Distribution):  # type: ignore[misc]
    """The stay that was drawn for a request, wherever it is met."""

    def __init__(self, stays: NDArray[Any]) -> None:
        super().__init__()
        self.stays = stays

    def sample(self, t: float | None = None, ind: Any = None) -> float:  # noqa: ARG002  ciw's signature
        return float(self.stays[ind.ordinal])


class _Door(ciw.routing.NodeRouting):  # type: ignore[misc]
    """Sends each request to the first pool that is open to it and has room, or away."""

    def __init__(self, open_to: dict[str, list[int]], places: list[int]) -> None:
        self.open_to, self.places = open_to, places
        self.went: dict[str, list[int]] = {name: [] for name in open_to}

    def next_node(self, ind: Any) -> Any:
        log = self.went[ind.customer_class]
        ind.ordinal = len(log)
        for pool in self.open_to[ind.customer_class]:
            node = self.simulation.nodes[pool + 2]
            if node.number_of_individuals < self.places[pool]:
                log.append(pool)
                return node
        log.append(NOWHERE)
        return self.simulation.nodes[-1]
