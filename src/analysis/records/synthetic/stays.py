"""Stays of a synthetic sample: who is in which place when, made to fit totals exactly.

A place holds one household at a time. Given how many people were there at the start, left, and were there
at the end, how many nights were used, and the mean stay of every cell (district and type), `occupy` lays
every stay out on its place so that all of these hold to the night. Nights are counted as usual: the first
night is one, the day of leaving is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.errors import DataRefused
from analysis.records.synthetic.apportion import apportion, fill_between

Rng = np.random.Generator
TRIES: Final = 60
EVENNESS: Final = 60.0
"""What one place more than an even share costs, in nights, when places are given to cells."""
TURNOVER: Final = 0.5
"""The least that leave a place, as a share of what its mean stay and the nights used would make it."""


@dataclass(frozen=True)
class Cell:
    """Places of one type in one district.

    Attributes
    ----------
    district
        Code of the district, or of a kind of unknown.
    kind
        Type of accommodation.
    mean
        Mean of the stays that ended there [days].
    group
        Which `Flow` the cell belongs to; that of its type if empty.
    """

    district: str
    kind: str
    mean: float
    group: str = ""

    @property
    def flow(self) -> str:
        """Name of the flow it belongs to."""
        return self.group or self.kind


@dataclass(frozen=True)
class Flow:
    """What one type of accommodation must come to.

    Attributes
    ----------
    places
        How many there are at the end of the period.
    at_start, at_end
        How many are taken on the first and on the last night.
    occupancy
        Nights used over nights open, from 0 to 1.
    opens
        The day each place opens, counted from the first of the period; 0 for those open before it.
    """

    places: int
    at_start: int
    at_end: int
    occupancy: float
    opens: tuple[int, ...]


@dataclass(frozen=True)
class Share:
    """What one cell is given of its type: places and when they open, and how many leave."""

    opens: tuple[int, ...]
    departures: int
    at_start: int
    at_end: int


def occupy(
    cells: tuple[Cell, ...], flows: dict[str, Flow], departures: int, days: int, rng: Rng
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay out every stay.

    Parameters
    ----------
    cells
        Districts and types, with the mean stay of each.
    flows
        By type of accommodation, or by `Cell.group`; each has a cell.
    departures
        Stays that end in the period, over all cells.
    days
        Length of the period.

    Returns
    -------
    places, stays
        Places: ``cell``, ``place`` (number in its cell), ``opens`` (day). Stays: ``cell``, ``place``,
        ``start``, ``end`` (days from the first of the period; a start before it is negative), ``ended``.

    Raises
    ------
    DataRefused
        If no arrangement is found: the totals contradict each other.
    """
    shares = _shares(cells, tuple(sorted(flows.items())), departures, days)
    for _ in range(TRIES):
        found = _try(cells, flows, shares, days, rng)
        if found is not None:
            return found
    raise DataRefused(
        "no arrangement of stays has these totals",
        where="synthetic sample",
        cure="Give fewer departures, longer means or more places.",
    )


def nights_used(flow: Flow, days: int) -> int:
    """Return the whole number of nights that prints as the occupancy of a type."""
    return round(flow.occupancy * sum(days - day for day in flow.opens))


@lru_cache(maxsize=256)
def _shares(
    cells: tuple[Cell, ...], flows: tuple[tuple[str, Flow], ...], departures: int, days: int
) -> tuple[Share, ...]:
    """Give every cell its places and departures, as near to a steady state as the totals let it be."""
    by_kind = dict(flows)
    places, leaving = _programme(cells, by_kind, departures, days)
    starts, ends = [0] * len(cells), [0] * len(cells)
    opens: list[tuple[int, ...]] = [()] * len(cells)
    for kind, flow in flows:
        mine = [at for at, cell in enumerate(cells) if cell.flow == kind]
        dealt = _deal(flow.opens, [places[at] for at in mine])
        old = [sum(day == 0 for day in days_) for days_ in dealt]
        begun = apportion(flow.at_start, old)
        left = _ends(flow.at_end, [places[at] for at in mine], [leaving[at] for at in mine])
        for at, days_, begin, end in zip(mine, dealt, begun, left, strict=True):
            opens[at], starts[at], ends[at] = days_, begin, end
    return tuple(Share(tuple(opens[at]), leaving[at], starts[at], ends[at]) for at in range(len(cells)))


def _ends(total: int, places: list[int], leaving: list[int]) -> list[int]:
    """Share out who is there at the end: a place that ends empty must have been left at least once."""
    least = np.array([max(have - left, 0) for have, left in zip(places, leaving, strict=True)])
    return [int(one) for one in fill_between(total, least, np.array(places), np.array(places, float))]


def _deal(opens: tuple[int, ...], places: list[int]) -> list[tuple[int, ...]]:
    """Deal the opening days to cells, early ones in proportion, so that no cell opens last of all."""
    order = sorted(((at + 0.5) / count, cell) for cell, count in enumerate(places) for at in range(count))
    dealt: list[list[int]] = [[] for _ in places]
    for day, (_, cell) in zip(sorted(opens), order, strict=True):
        dealt[cell].append(day)
    return [tuple(days) for days in dealt]


def _programme(
    cells: tuple[Cell, ...], flows: dict[str, Flow], departures: int, days: int
) -> tuple[list[int], list[int]]:
    """Choose places and departures of every cell by integer programming.

    Minimised is how far the nights of those who leave are from what a steady state would use, with a small
    charge for uneven places. Columns: places, departures, distance from steady state, from an even share.
    """
    if len({cell.mean for cell in cells}) == 1:
        return _alike(cells, flows, departures)
    count = len(cells)
    gain = [_nights_a_place(flows[cell.flow], cell.mean, days) for cell in cells]
    even = [flows[cell.flow].places / sum(one.flow == cell.flow for one in cells) for cell in cells]
    eye, none = np.eye(count), np.zeros((count, count))
    means = np.diag([cell.mean for cell in cells])
    steady = np.hstack([np.diag(gain), -means, eye, none])
    above = np.hstack([-np.diag(gain), means, eye, none])
    fair = np.hstack([eye, none, none, eye])
    unfair = np.hstack([-eye, none, none, eye])
    kinds = sorted(flows)
    totals = np.zeros((len(kinds) + 1, 4 * count))
    for row, kind in enumerate(kinds):
        totals[row, :count] = [cell.flow == kind for cell in cells]
    totals[-1, count : 2 * count] = 1
    wanted = [*(flows[kind].places for kind in kinds), departures]
    slowest = [TURNOVER * nights / cell.mean for nights, cell in zip(gain, cells, strict=True)]
    turnover = np.hstack([-np.diag(slowest), eye, none, none])
    fewest = np.maximum(np.floor(np.array(even) * 0.55), 1)
    solved = milp(
        np.concatenate([np.zeros(2 * count), np.ones(count), np.full(count, EVENNESS)]),
        integrality=np.concatenate([np.ones(2 * count), np.zeros(2 * count)]),
        bounds=Bounds(lb=np.concatenate([fewest, np.ones(count), np.zeros(2 * count)]), ub=np.inf),
        constraints=[
            LinearConstraint(np.vstack([steady, above]), lb=0),
            LinearConstraint(fair, lb=even),
            LinearConstraint(unfair, lb=[-one for one in even]),
            LinearConstraint(turnover, lb=0),
            LinearConstraint(totals, lb=wanted, ub=wanted),
        ],
        options={"mip_rel_gap": 0.01},
    )
    if solved.x is None:
        raise DataRefused("places and departures cannot be shared out", where="synthetic sample")
    whole = [round(one) for one in solved.x[: 2 * count]]
    return whole[:count], whole[count:]


def _alike(cells: tuple[Cell, ...], flows: dict[str, Flow], departures: int) -> tuple[list[int], list[int]]:
    """Share places evenly, and departures by places: nothing tells the cells apart."""
    places = [0] * len(cells)
    for kind, flow in flows.items():
        mine = [at for at, cell in enumerate(cells) if cell.flow == kind]
        for at, share in zip(mine, apportion(flow.places, [1] * len(mine)), strict=True):
            places[at] = share
    return places, apportion(departures, places)


def _nights_a_place(flow: Flow, mean: float, days: int) -> float:
    """Return the nights that leavers of one place would have stayed in all, in a steady state."""
    used = nights_used(flow, days) / flow.places
    growth = (flow.at_end - flow.at_start) / flow.places
    return max(used - growth * mean / 2, mean / 4)


def _try(
    cells: tuple[Cell, ...],
    flows: dict[str, Flow],
    shares: tuple[Share, ...],
    days: int,
    rng: Rng,
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    places = _places(shares, days, rng)
    nights = np.zeros(len(places), dtype=int)
    for kind, flow in sorted(flows.items()):
        mine = np.flatnonzero([cells[cell].flow == kind for cell in places["cell"]])
        kept = _voids(places.iloc[mine], nights_used(flow, days), days, rng)
        if kept is None:
            return None
        nights[mine] = kept
    places = places.assign(nights=nights)
    parts = []
    for at, (cell, share) in enumerate(zip(cells, shares, strict=True)):
        stays = _cell_stays(places[places["cell"] == at], cell, share, days, rng)
        if stays is None:
            return None
        parts.append(stays)
    return places[["cell", "place", "opens"]], pd.concat(parts, ignore_index=True)


def _places(shares: tuple[Share, ...], days: int, rng: Rng) -> pd.DataFrame:
    """Say of every place whether it is taken first and last, and how many leave it."""
    rows = []
    for at, share in enumerate(shares):
        opens = np.array(share.opens)
        old = np.flatnonzero(opens == 0)
        first, last = np.zeros(len(opens), dtype=int), np.zeros(len(opens), dtype=int)
        first[rng.choice(old, share.at_start, replace=False)] = 1
        last[rng.choice(len(opens), share.at_end, replace=False)] = 1
        weight = (days - opens) * rng.uniform(0.7, 1.3, len(opens))
        left = fill_between(share.departures, 1 - last, np.full(len(opens), days // 3), weight)
        rows.append(
            pd.DataFrame(
                {
                    "cell": at,
                    "place": range(1, len(opens) + 1),
                    "opens": opens,
                    "first": first,
                    "last": last,
                    "left": left,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def _voids(places: pd.DataFrame, used: int, days: int, rng: Rng) -> np.ndarray | None:
    """Return the nights used of every place, so that those of the type come to the total."""
    window = days - places["opens"].to_numpy()
    gaps = (places["left"] + 1 - places["first"]).to_numpy()
    need = 2 * (places["left"] + places["last"]).to_numpy()
    most = np.where(gaps == 0, 0, window - need)
    void = int(window.sum()) - used
    if void < gaps.sum() or void > most.sum() or (most < gaps).any():
        return None
    weight = gaps * window * rng.gamma(2.0, 0.5, len(window)) + 1e-9
    kept: np.ndarray = window - fill_between(void, gaps, most, weight)
    return kept


def _cell_stays(places: pd.DataFrame, cell: Cell, share: Share, days: int, rng: Rng) -> pd.DataFrame | None:
    """Cut the used nights of every place into stays, and add nights before the period to fit the mean."""
    left, last = places["left"].to_numpy(), places["last"].to_numpy()
    first, nights = places["first"].to_numpy(), places["nights"].to_numpy()
    total = round(cell.mean * share.departures)
    ending = (first == 1) & (left > 0)
    least = np.where(last == 1, 2 * left, nights)
    most = np.where(last == 1, np.where(left > 0, nights - 2, 0), nights)
    before = round(0.8 * cell.mean * ending.sum())
    inside = int(np.clip(total - before, least.sum(), most.sum()))
    before = total - inside
    if before < ending.sum() or (before > 0 and not ending.any()):
        return None
    leaving = fill_between(inside, least, most, nights * rng.uniform(0.4, 1.6, len(nights)) + 1e-9)
    earlier = np.zeros(len(nights), dtype=int)
    earlier[ending] = _pieces(before, int(ending.sum()), 1, rng)
    staying = (first == 1) & (left == 0)
    earlier[staying] = 1 + rng.exponential(cell.mean, int(staying.sum())).astype(int)
    rows = [
        row
        for at in range(len(nights))
        for row in _timeline(places.iloc[at], int(leaving[at]), int(earlier[at]), days, rng)
    ]
    return pd.DataFrame(rows, columns=["cell", "place", "start", "end", "ended"])


def _timeline(
    place: pd.Series, leaving: int, earlier: int, days: int, rng: Rng
) -> list[tuple[int, int, int, int, bool]]:
    """Lay the stays of one place on its days, with the empty days between."""
    left, last, first = int(place["left"]), int(place["last"]), int(place["first"])
    lengths = _pieces(leaving, left, 2, rng) + ([int(place["nights"]) - leaving] if last else [])
    open_days = days - int(place["opens"])
    gaps = _pieces(open_days - int(place["nights"]), left + 1 - first, 1, rng)
    day = int(place["opens"])
    rows = []
    for at, length in enumerate(lengths):
        if at or not first:
            day += gaps.pop(0)
        start = day - earlier if first and at == 0 else day
        day += length
        rows.append((int(place["cell"]), int(place["place"]), start, day, at < left))
    return rows


def _pieces(total: int, count: int, least: int, rng: Rng) -> list[int]:
    """Cut a number of nights into pieces, long and short ones, none under the least."""
    if not count:
        return []
    more = apportion(total - least * count, rng.gamma(1.3, 1.0, count) + 1e-6)
    return [least + one for one in more]
