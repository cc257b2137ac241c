"""Targets of an authority that prints no count of the people in its accommodation.

It is given the proportions of Norfolk, the only ones in print, over its own number of places; its sample
says so in its notes. Nothing here is an estimate for that authority.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from analysis.evidence import published
from analysis.records.fields import NOT_RECORDED, unknown_codes
from analysis.records.synthetic.apportion import apportion
from analysis.records.synthetic.margins import (
    MODEL,
    OUT_OF_COUNTY,
    Counts,
    Targets,
    districts,
    model,
    span,
)
from analysis.records.synthetic.stays import Cell, Flow

DEFAULT_PLACES: Final = 30
"""Places of an authority that prints none."""


def targets(
    area: str, period: str, *, places: int | None = None, years: int = 1, printed_places: bool = True
) -> Targets:
    """Return what the sample of an authority must come to.

    Parameters
    ----------
    area, period
        A slug of ``data/published/areas.csv`` and a period.
    places
        Family places to use where the authority prints none; `DEFAULT_PLACES` if None.
    years
        Years from the first of the period, where more than the period is wanted.
    printed_places
        Whether to use what the authority prints at all.

    Raises
    ------
    DataRefused
        If the period is none.
    """
    if printed_places and (area, period) == MODEL:
        return model()
    start, days = span(area, period)
    if years > 1:
        days = (start.replace(year=start.year + years) - start).days
    own = _printed_places(area, period) if printed_places else {}
    if own:
        mean = refuge_mean()
        cells = tuple(Cell(district, "refuge", mean, name) for name, (district, _) in own.items())
        places_by_flow = {name: count for name, (_, count) in own.items()}
        return borrowed(area, period, cells, places_by_flow, (start, days))
    cells = tuple(Cell(code, "refuge", refuge_mean()) for code in districts(area))
    return borrowed(area, period, cells, {"refuge": max(places or DEFAULT_PLACES, len(cells))}, (start, days))


def _printed_places(area: str, period: str) -> dict[str, tuple[str, int]]:
    """Return commissioned refuge places by where they are printed to be: its district if that is known."""
    figures = published.load().select(area, period, measure=_PLACES, breakdown="", corrected=False)
    found: dict[str, tuple[str, int]] = {}
    codes = dict(zip(published.load().areas["name"], published.load().areas["code"], strict=True))
    own = published.load().areas.set_index("area")["name"][area]
    for printed_as, value in zip(figures["area"], figures["value"], strict=True):
        place = _SINGLE.get(printed_as, printed_as)
        if place in codes and place not in found:
            district = NOT_RECORDED if place == own else codes[place]
            found[place] = (district, round(value))
    return found


_PLACES: Final = ("refuge_units", "refuge_bedspaces_commissioned")
_SINGLE: Final = {"Leicester City": "Leicester"}


def refuge_mean() -> float:
    """Return the plain mean of Norfolk's printed mean stays in refuges [days]."""
    means = [cell.mean for cell in model().cells if cell.kind == "refuge"]
    return sum(means) / len(means)


def _all_places(base: Targets) -> int:
    return sum(flow.places for flow in base.flows.values())


def scaled(counts: Counts, total: int) -> Counts:
    """Return counts in the same proportions that come to another total."""
    shares = apportion(total, list(counts.values()))
    return dict(zip(counts, shares, strict=True))


def borrowed(
    area: str, period: str, cells: tuple[Cell, ...], places: dict[str, int], when: tuple[date, int]
) -> Targets:
    """Return targets of an authority that prints no count of people: Norfolk's proportions, its own places.

    Parameters
    ----------
    cells
        Its districts and types, with the means to use.
    places
        Places by `Cell.flow`.
    when
        First day and length.
    """
    base, (start, days) = model(), when
    flows = {name: _steady(base, cells, name, count) for name, count in places.items()}
    leaving = sum(_turnover(flow, cells, name, days) for name, flow in flows.items())
    there = sum(flow.at_end for flow in flows.values())
    supported, declined = leaving + there, round(leaving * base.declined / base.accepted)
    children = round(supported * base.children / base.supported)
    kinds = {kind: round(leaving * n / base.departures) for kind, n in base.departure_kinds.items()}
    return replace(
        base,
        area=area,
        period=period,
        start=start,
        days=days,
        referrals=leaving + declined,
        declined=declined,
        supported=supported,
        departures=leaving,
        traits=_elsewhere(base, area, supported),
        destinations=scaled(base.destinations, leaving),
        departure_kinds=kinds,
        independent=round(leaving * base.independent / base.departures),
        cells=cells,
        flows=flows,
        any_adult=0,
        accessible=round(sum(places.values()) * base.accessible / _all_places(base)),
        children=children,
        child_traits={name: scaled(counts, children) for name, counts in base.child_traits.items()},
        previous_use=round((leaving + declined) * base.previous_use / base.referrals),
        sanctuary=0,
        providers=max(1, min(base.providers, len(cells))),
        own=False,
    )


def _elsewhere(base: Targets, area: str, supported: int) -> dict[str, Counts]:
    """Return Norfolk's proportions of people with the districts of another authority."""
    traits = dict(base.traits)
    origin = traits["origin"]
    away = {code: n for code, n in origin.items() if code in {OUT_OF_COUNTY, *unknown_codes()}}
    home, codes = sum(origin.values()) - sum(away.values()), list(districts(area))
    traits["origin"] = dict(zip(codes, apportion(home, [1] * len(codes)), strict=True)) | away
    return {name: scaled(counts, supported) for name, counts in traits.items()}


def _steady(base: Targets, cells: tuple[Cell, ...], name: str, places: int) -> Flow:
    kind = next(cell.kind for cell in cells if cell.flow == name)
    share = base.flows[kind].occupancy
    taken = min(places, round(places * share))
    return Flow(places, taken, taken, share, (0,) * places)


def _turnover(flow: Flow, cells: tuple[Cell, ...], name: str, days: int) -> int:
    """Return how many leave places in a steady state, shared evenly among a flow's cells."""
    mine = [cell for cell in cells if cell.flow == name]
    return round(sum(flow.places / len(mine) * days * flow.occupancy / cell.mean for cell in mine))
