"""Survivors of a synthetic sample: referrals, stays and children, drawn so that every count is exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.records.synthetic.apportion import fill_between
from analysis.records.synthetic.declined import declined, share_references
from analysis.records.synthetic.frames import MARK, Calendar, Columns, Rng, case, exact, finished, only
from analysis.records.synthetic.margins import OUT_OF_COUNTY, Counts, Targets
from analysis.records.synthetic.stays import occupy

CHILDREN_A_FAMILY: Final = 1.84
"""Children of a survivor who brings any: an assumption, nothing is printed but their number."""
MOST_CHILDREN: Final = 6
"""Children of one family whose sex and age a workbook holds (printed by Norfolk)."""
INDEPENDENT_TO: Final = ("social-housing", "private-rented", "other-accommodation", "all-other")
"""Destinations from which the independent are taken, in this order, in print nowhere."""
UNKNOWN_PLACE: Final = ("not-known", "not-recorded")


@dataclass(frozen=True)
class Core:
    """The accommodation tables of a sample, in input form, and who its survivors are.

    Attributes
    ----------
    survivors
        One row a stay: ``case_reference``, ``provider``, ``unit``, ``start``, ``end`` (days), ``ended``,
        and the traits.
    """

    survivors: pd.DataFrame
    tables: dict[str, pd.DataFrame]


def core(targets: Targets, rng: Rng) -> Core:
    """Make units, stays, referrals and children that come to the targets."""
    when = Calendar(targets.start, targets.days)
    places, stays = occupy(targets.cells, targets.flows, targets.departures, targets.days, rng)
    units = _units(targets, places, rng)
    people = _survivors(targets, units, stays, rng)
    children = _children(targets, people, rng)
    sizes = children.groupby("case_reference").size().reindex(people["case_reference"], fill_value=0)
    people = people.assign(children_with=sizes.to_numpy())
    units = units.assign(family_size=_largest(units, people))
    tables = {
        "referrals": finished("referrals", _referrals(targets, people, when, rng), when),
        "stays": _stays(targets, people, when, rng),
        "children": _child_rows(children, people, when),
        "units": finished("units", _unit_rows(units, when), when),
    }
    return Core(people, tables)


def provider_of(targets: Targets, number: int) -> str:
    """Return the short name of a provider, as it is kept: it says what it is."""
    return f"{MARK.lower()}-{targets.area}-{targets.series.lower()}{number}"


def _units(targets: Targets, places: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Name the places, and say who may use them: those open to any adult are dispersed if there are any."""
    cells = targets.cells
    district = [cells[at].district for at in places["cell"]]
    kind = np.array([cells[at].kind for at in places["cell"]])
    known = sorted(set(district))
    number = [known.index(one) % targets.providers + 1 for one in district]
    names = [
        f"{MARK}-{targets.series}{at + 1:02d}{cells[at].kind[0].upper()}-{place:03d}"
        for at, place in zip(places["cell"], places["place"], strict=True)
    ]
    order = np.argsort((kind != "dispersed") + rng.uniform(0, 0.5, len(kind)), kind="stable")
    eligibility = np.full(len(kind), "women-and-children", dtype=object)
    eligibility[order[: targets.any_adult]] = "any-adult"
    accessible = np.full(len(kind), "no", dtype=object)
    accessible[rng.permutation(len(kind))[: targets.accessible]] = "yes"
    return places.assign(
        unit=names,
        district=district,
        accommodation_type=kind,
        provider=[provider_of(targets, one) for one in number],
        eligibility=eligibility,
        accessible=accessible,
    )


def _unit_rows(units: pd.DataFrame, when: Calendar) -> Columns:
    early = when.day(np.full(len(units), -3650.0))
    opened = when.day(units["opens"].to_numpy()).where(units["opens"].to_numpy() > 0, early)
    kept = ["provider", "unit", "district", "accommodation_type", "eligibility", "accessible", "family_size"]
    return {name: units[name].to_numpy() for name in kept} | {
        "places": 1,
        "capacity_unit": "family-place",
        "open_from": opened,
    }


def _survivors(targets: Targets, units: pd.DataFrame, stays: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Give every stay a survivor, with traits that come to the printed counts."""
    people = stays.merge(
        units[["cell", "place", "unit", "provider", "accommodation_type"]], on=["cell", "place"]
    )
    people = people.sort_values(["start", "unit"], kind="stable", ignore_index=True)
    people["case_reference"] = case(targets.area, range(1, len(people) + 1), targets.series)
    people["shared_reference"] = share_references(targets, people, rng)
    for name, counts in targets.traits.items():
        people[name] = exact(counts, rng)
    return _settle(people, rng)


def _settle(people: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Swap values between survivors until nobody of 65 and over is pregnant."""
    old = people["age_band"].eq("65-and-over")
    wrong = np.flatnonzero(old & people["pregnant"].eq("yes"))
    free = np.flatnonzero(~old & people["pregnant"].ne("yes"))
    others = rng.choice(free, len(wrong), replace=False)
    pregnant = people["pregnant"].to_numpy(copy=True)
    pregnant[wrong], pregnant[others] = pregnant[others], pregnant[wrong]
    return people.assign(pregnant=pregnant)


def _referrals(targets: Targets, people: pd.DataFrame, when: Calendar, rng: Rng) -> pd.DataFrame:
    """Return accepted referrals of everybody with a stay, and those of the period that came to none."""
    start = people["start"].to_numpy()
    lag = rng.integers(0, 15, len(people))
    lag = np.where(start >= 0, np.minimum(lag, start), lag)
    new = start >= 0
    used = np.full(len(people), None, dtype=object)
    before = min(targets.previous_use, int(new.sum()))
    used[rng.permutation(np.flatnonzero(new))[:before]] = "yes"
    columns: Columns = {name: people[name].to_numpy() for name in targets.traits if name != "origin"}
    columns |= origin_columns(people["origin"].to_numpy())
    columns |= {
        "provider": people["provider"].to_numpy(),
        "case_reference": people["case_reference"].to_numpy(),
        "shared_reference": people["shared_reference"].to_numpy(),
        "referred_on": when.day(start - lag),
        "decided_on": when.day(start - lag + np.minimum(lag, 2)),
        "asked_for": people["accommodation_type"].to_numpy(),
        "outcome": "accepted",
        "previous_use": used,
        "children_with": people["children_with"].to_numpy(),
    }
    return pd.concat([pd.DataFrame(columns), declined(targets, people, when, rng)], ignore_index=True)


def origin_columns(origin: np.ndarray) -> Columns:
    """Return where survivors lived: the district, or that it was outside, or that nobody wrote it down."""
    outside = origin == OUT_OF_COUNTY
    district = np.array([str(one).startswith("E") for one in origin])
    return {
        "out_of_county": np.where(outside, "yes", np.where(district, "no", origin)),
        "referred_from": only(~outside, origin),
    }


def _stays(targets: Targets, people: pd.DataFrame, when: Calendar, rng: Rng) -> pd.DataFrame:
    ended = people["ended"].to_numpy()
    columns: Columns = {
        "provider": people["provider"],
        "case_reference": people["case_reference"],
        "shared_reference": people["shared_reference"],
        "unit": people["unit"],
        "start_date": when.day(people["start"].to_numpy()),
        "end_date": when.day(np.where(ended, people["end"], np.nan)),
    }
    for name, values in _leaving(targets, rng).items():
        column = np.full(len(people), None, dtype=object)
        column[ended] = values
        columns[name] = column
    return finished("stays", columns, when, open_rows=~ended)


def _leaving(targets: Targets, rng: Rng) -> dict[str, np.ndarray]:
    """Return destination, kind of departure and independence of those who left, in one random order."""
    destination = np.sort(exact(targets.destinations, rng).astype(str)).astype(object)
    count = len(destination)
    rank = {one: at for at, one in enumerate(INDEPENDENT_TO)}
    order = np.argsort([rank.get(one, 9) for one in destination], kind="stable")
    independent = only(~np.isin(destination, UNKNOWN_PLACE), "no")
    independent[order[: targets.independent]] = "yes"
    kind = only(independent == "yes", "planned")
    last = order[::-1]
    free = last[np.isin(destination[last], (*UNKNOWN_PLACE, *INDEPENDENT_TO))]
    sudden = np.repeat(list(targets.departure_kinds), list(targets.departure_kinds.values()))
    kind[free[: len(sudden)]] = sudden
    mixed = rng.permutation(count)
    found = {"destination": destination, "departure_kind": kind, "independent": independent}
    return {name: values[mixed] for name, values in found.items()}


def _children(targets: Targets, people: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Give children to survivors: none to the oldest, and those of 11 and over to nobody under 26."""
    mothers = people[~people["age_band"].eq("65-and-over")]
    families = round(targets.children / CHILDREN_A_FAMILY)
    families = min(max(families, -(-targets.children // MOST_CHILDREN)), len(mothers), targets.children)
    chosen = mothers.iloc[np.sort(rng.permutation(len(mothers))[:families])]
    ones = np.ones(families, dtype=int)
    sizes = fill_between(targets.children, ones, ones * MOST_CHILDREN, rng.gamma(1.0, 1.0, families) + 1e-6)
    rows = chosen.iloc[np.repeat(np.arange(families), sizes)].reset_index(drop=True)
    rows = rows[["case_reference", "shared_reference", "provider", "start", "age_band"]].rename(
        columns={"age_band": "parent"}
    )
    rows["child_number"] = rows.groupby("case_reference").cumcount() + 1
    for name, counts in targets.child_traits.items():
        rows[name] = exact(counts, rng)
    rows["age_band"] = _ages(rows["parent"], targets.child_traits["age_band"], rng)
    return rows


def _ages(parent: pd.Series[str], counts: Counts, rng: Rng) -> np.ndarray:
    """Deal out age bands so that the older children have a parent old enough, where the numbers allow it."""
    bands = sorted(exact(counts, rng), key=lambda band: band in {"11-16", "17-plus"}, reverse=True)
    order = np.argsort(parent.eq("16-25") + rng.uniform(0, 0.5, len(parent)), kind="stable")
    older = sum(band in {"11-16", "17-plus"} for band in bands)
    dealt = np.empty(len(parent), dtype=object)
    dealt[order[:older]] = rng.permutation(bands[:older])
    dealt[order[older:]] = rng.permutation(bands[older:])
    return dealt


def _child_rows(children: pd.DataFrame, people: pd.DataFrame, when: Calendar) -> pd.DataFrame:
    there = people.set_index("case_reference")["ended"].reindex(children["case_reference"])
    columns = children.drop(columns=["parent", "start"]).assign(
        stay_start=when.day(children["start"].to_numpy())
    )
    return finished("children", columns, when, open_rows=~there.to_numpy(dtype=bool))


def _largest(units: pd.DataFrame, people: pd.DataFrame) -> np.ndarray:
    """Return how large a family each place takes: the largest that lives there, or four."""
    most = people.groupby("unit")["children_with"].max().reindex(units["unit"], fill_value=0)
    return most.add(1).clip(lower=4).to_numpy()
