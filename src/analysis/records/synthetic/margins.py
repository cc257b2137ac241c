"""What a synthetic sample must come to, read from what an authority has published.

`printed` finds the counts of one authority and period in ``data/published``; `targets` makes them a full
set. An authority that publishes no count of people is given Norfolk's proportions, the only ones in print,
over its own number of places, and its sample says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.evidence import published
from analysis.evidence.codes import load_codes, load_mappings
from analysis.parameters import starting_year
from analysis.records.fields import NOT_RECORDED
from analysis.records.synthetic.apportion import apportion
from analysis.records.synthetic.stays import Cell, Flow

MODEL: Final = ("norfolk", "2022-23")
"""The authority and period whose proportions are borrowed where nothing is printed."""
OUT_OF_COUNTY: Final = "out-of-county"
TICKS: Final = {
    "disability": ("disability", "disabled"),
    "sexuality": ("sexual_orientation", "lgb-plus"),
    "pregnancy": ("pregnant", "yes"),
    "ex-offender": ("ex_offender", "yes"),
}
"""Printed characteristic: the field that holds it, and its value there."""
CHILD_TICKS: Final = {
    "ethnic-minority": ("ethnic_minority", "yes"),
    "disabled": ("disability", "disabled"),
    "lgbtq": ("lgbtq", "yes"),
    "pregnant": ("pregnant", "yes"),
}
BREAKDOWNS: Final = {
    "age_band": "age_band",
    "ethnicity": "ethnicity",
    "financial_status": "financial_status",
    "tenure": "tenure_at_referral",
    "origin": "referred_from",
}
"""Field of a survivor: the printed breakdown it is counted by."""

Counts = dict[str, int]


@dataclass(frozen=True)
class Printed:
    """The figures one authority prints about one period, as printed.

    Attributes
    ----------
    figures
        Rows of ``data/published/figures.csv``, the repeated ones last.
    """

    area: str
    period: str
    figures: pd.DataFrame

    def value(self, measure: str, breakdown: str = "", category: str = "") -> float | None:
        """Return one figure, or None if it is not printed."""
        found = self._where(measure, breakdown)
        found = found[found["category"] == category]
        return float(found["value"].iloc[0]) if len(found) else None

    def count(self, measure: str, breakdown: str = "", category: str = "") -> int:
        """Return one printed count.

        Raises
        ------
        DataRefused
            If it is not printed.
        """
        found = self.value(measure, breakdown, category)
        if found is None:
            name = "/".join(part for part in (measure, breakdown, category) if part)
            raise DataRefused(f"{name} is not printed", where=f"{self.area} {self.period}")
        return round(found)

    def counts(self, measure: str, breakdown: str) -> Counts:
        """Return the printed counts of a breakdown by the code that each category means."""
        found = self._where(measure, breakdown).drop_duplicates("category")
        return {
            self._codes.get((breakdown, category), category): round(value)
            for category, value in zip(found["category"], found["value"], strict=True)
        }

    def code(self, breakdown: str, category: str) -> str:
        """Return the code that a printed category means; the category itself if it has none."""
        return self._codes.get((breakdown, category), category)

    @cached_property
    def _codes(self) -> dict[tuple[str, str], str]:
        known = load_mappings()
        known = known[known["source_id"].isin(self.figures["source_id"]) & known["code"].ne("")]
        known = known[known["category"].ne("")].drop_duplicates(["breakdown", "category"])
        keys = zip(known["breakdown"], known["category"], strict=True)
        return dict(zip(keys, known["code"], strict=True))

    def _where(self, measure: str, breakdown: str) -> pd.DataFrame:
        return self.figures[(self.figures["measure"] == measure) & (self.figures["breakdown"] == breakdown)]


@dataclass(frozen=True)
class Targets:
    """Everything a sample of one authority must come to.

    Attributes
    ----------
    start, days
        First day and length of the period.
    referrals, declined
        New referrals, and those of them that did not become a stay.
    supported, departures
        Survivors with a stay in the period, and stays that ended.
    traits
        Field of a survivor to its values to how many: each comes to `supported`, unknown included.
    destinations, departure_kinds, independent
        Of those who left.
    cells, flows
        Districts and types of accommodation, and what each type comes to.
    any_adult, accessible
        Places open to any adult, and places a wheelchair user can use.
    children, child_traits
        Children, and field to value to how many.
    previous_use
        New referrals of survivors who had used a service before.
    sanctuary
        Homes made safe.
    providers
        Accommodation providers.
    own
        Whether people's counts are the authority's own in print.
    series
        A letter that keeps the references of survivors who are added to a sample apart.
    """

    area: str
    period: str
    start: date
    days: int
    referrals: int
    declined: int
    supported: int
    departures: int
    traits: dict[str, Counts]
    destinations: Counts
    departure_kinds: Counts
    independent: int
    cells: tuple[Cell, ...]
    flows: dict[str, Flow]
    any_adult: int
    accessible: int
    children: int
    child_traits: dict[str, Counts]
    previous_use: int
    sanctuary: int
    providers: int
    own: bool
    series: str = ""

    @property
    def accepted(self) -> int:
        """New referrals that became a stay."""
        return self.referrals - self.declined

    @property
    def at_start(self) -> int:
        """Survivors who were there when the period began: supported, less the new ones."""
        return self.supported - self.accepted

    @property
    def at_end(self) -> int:
        """Survivors who are still there when it ends."""
        return self.supported - self.departures


def span(area: str, period: str) -> tuple[date, int]:
    """Return the first day of a period and its length in days.

    Raises
    ------
    DataRefused
        If it is neither a financial year nor a period the authority publishes for.
    """
    known = published.load().periods
    own = known[(known["area"] == area) & (known["period"] == period)]
    if len(own):
        first, last = date.fromisoformat(own["start"].iloc[0]), date.fromisoformat(own["end"].iloc[0])
        return first, (last - first).days + 1
    year = starting_year(period)
    if year is None:
        raise DataRefused(f'"{period}" is not a period', where=area, cure="Write a financial year: 2022-23.")
    return date(year, 4, 1), (date(year + 1, 4, 1) - date(year, 4, 1)).days


@lru_cache(maxsize=8)
def printed(area: str, period: str) -> Printed:
    """Return the figures of an authority's sources that are about a period, as printed."""
    figures = published.load().select(area, period, repeats=True, corrected=False)
    figures = figures[figures["period"] == period].sort_values("repeat", kind="stable")
    return Printed(area, period, figures.reset_index(drop=True))


@lru_cache(maxsize=8)
def model() -> Targets:
    """Return the targets of `MODEL`: every count as printed, and what follows from them."""
    found = printed(*MODEL)
    start, days = span(*MODEL)
    referrals = found.count("new_referrals")
    supported = found.count("people_supported", "sex", "women")
    departures = found.count("departures", "age_group", "adults")
    declined = found.count("referrals_declined_or_refused")
    flows = _flows(found, supported - referrals + declined, supported - departures, days)
    children = found.count("people_supported", "age_group", "children")
    kinds = found.counts("departures_by_reason", "reason")
    return Targets(
        *MODEL,
        start,
        days,
        referrals,
        declined,
        supported,
        departures,
        traits=_traits(found, supported),
        destinations=_appendix_destinations(found),
        departure_kinds=kinds,
        independent=found.count("independent_living"),
        cells=_cells(found),
        flows=flows,
        any_adult=found.count("safe_accommodation_bedspaces", "eligibility", "any-adult"),
        accessible=found.count("accessible_units"),
        children=children,
        child_traits=_child_traits(found, children),
        previous_use=round(found.count("previous_service_use_share_of_referrals") / 100 * referrals),
        sanctuary=found.count("properties_target_hardened"),
        providers=found.count("accredited_providers_on_framework"),
        own=True,
    )


def _traits(found: Printed, supported: int) -> dict[str, Counts]:
    traits = {
        name: completed(found.counts("people_supported", printed_as), supported)
        for name, printed_as in BREAKDOWNS.items()
    }
    for category, (name, value) in TICKS.items():
        ticked = found.count("people_supported", "characteristic", category)
        traits[name] = completed({value: ticked}, supported)
    elsewhere = found.count("adults_with_children_not_living_with_them")
    traits["children_elsewhere"] = completed({"yes": elsewhere}, supported)
    men = found.count("people_supported", "sex", "men")
    other = found.count("people_supported", "gender_identity", "trans-and-non-binary")
    traits["sex"] = {"female": supported, "male": men}
    traits["gender_identity"] = {"same": supported - other, "different": other}
    traits["trans"] = {"no": supported - other, "yes": other}
    return traits


def _child_traits(found: Printed, children: int) -> dict[str, Counts]:
    gender = found.counts("people_supported", "child_gender")
    traits = {
        "sex": {code: gender[code] for code in ("female", "male")},
        "age_band": completed(found.counts("people_supported", "child_age_band"), children),
    }
    for category, (name, value) in CHILD_TICKS.items():
        ticked = found.count("people_supported", "child_characteristic", category)
        traits[name] = completed({value: ticked}, children)
    return traits


def _appendix_destinations(found: Printed) -> Counts:
    """Return the destinations of the appendix: the text folds two of its rows into one."""
    rows = found.figures
    rows = rows[(rows["measure"] == "destination_on_leaving") & rows["section"].str.startswith("Appendix 3")]
    return {
        found.code("destination", category): round(value)
        for category, value in zip(rows["category"], rows["value"], strict=True)
    }


def _cells(found: Printed) -> tuple[Cell, ...]:
    """Return the printed means of stays; a district printed without a type has its refuge alone."""
    rows = found.figures[found.figures["measure"] == "average_length_of_stay"]
    codes = {_plain(name): code for code, name in districts(found.area).items()}
    return tuple(
        Cell(codes[_plain(place)], found.code("accommodation_type", kind) or "refuge", float(mean))
        for place, kind, mean in zip(rows["area"], rows["category"], rows["value"], strict=True)
    )


def _flows(found: Printed, at_start: int, at_end: int, days: int) -> dict[str, Flow]:
    """Return what refuge and dispersed places come to; new places open no sooner than people need them."""
    refuge, new = found.count("refuge_bedspaces"), found.count("new_bedspaces")
    used = {
        kind: (found.value("capacity_utilisation", "accommodation_type", kind) or 0) / 100
        for kind in ("refuge", "dispersed")
    }
    begun = min(at_start, refuge)
    stayed = round(refuge * used["refuge"])
    opened = at_start - begun
    return {
        "refuge": Flow(refuge, begun, stayed, used["refuge"], (0,) * refuge),
        "dispersed": Flow(new, opened, at_end - stayed, used["dispersed"], _opening(new, opened, days)),
    }


def _opening(places: int, at_start: int, days: int, batches: int = 7) -> tuple[int, ...]:
    """Return the day each new place opens: those already lived in on day 0, the rest in even batches."""
    sizes = apportion(places - at_start, [1] * batches)
    later = [round(days * (at + 1) / (batches + 2)) for at, size in enumerate(sizes) for _ in range(size)]
    return (0,) * at_start + tuple(later)


def completed(counts: Counts, total: int) -> Counts:
    """Return counts with whoever is in none of them as not recorded: unknown is never "no".

    Raises
    ------
    DataRefused
        If they come to more than the total.
    """
    rest = total - sum(counts.values())
    if rest < 0:
        raise DataRefused(f"parts come to {total - rest}, the whole is {total}", where="published figures")
    return counts | ({NOT_RECORDED: counts.get(NOT_RECORDED, 0) + rest} if rest else {})


def districts(area: str) -> dict[str, str]:
    """Return the code and name of an authority's districts."""
    areas = published.load().areas
    own = str(areas.loc[areas["area"] == area, "code"].iloc[0])
    codes = load_codes("district")
    mine = codes[codes["parent"] == own] if (codes["parent"] == own).any() else codes[codes["code"] == own]
    return dict(zip(mine["code"], mine["label"], strict=True))


def _plain(name: str) -> str:
    return name.replace("’", "'").strip().lower()
