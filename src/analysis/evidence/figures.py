"""The figures that authorities print, their sources and areas, and the rules they keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.evidence import tables
from analysis.record import TIERS

if TYPE_CHECKING:
    from analysis.evidence.tables import Faults, Table
    from analysis.layout import Layout

UNITS: Final = {
    "count": "things counted",
    "percent": "per hundred",
    "gbp": "pounds sterling",
    "years": "years",
    "months": "months",
    "weeks": "weeks",
    "days": "days",
    "hours": "hours, or a clock time as a decimal",
    "ratio": "one number to another",
    "rate_per_1000": "per thousand people",
}
"""The units a figure may be in."""

FIGURE_COLUMNS: Final = (
    "figure_id",
    "source_id",
    "section",
    "area",
    "period",
    "domain",
    "measure",
    "breakdown",
    "category",
    "value",
    "unit",
    "denominator_figure_id",
    "quote",
    "qualifier",
    "theme",
    "repeat",
    "note",
)
SOURCE_COLUMNS: Final = ("source_id", "title", "publisher", "date", "licence", "tier", "url")
AREA_COLUMNS: Final = ("area", "name", "code", "printed_as", "districts")
PERIOD_COLUMNS: Final = ("area", "period", "label", "start", "end", "sources")
OUTSIDE_COLUMNS: Final = ("printed_as", "reason")


def read_sources(layout: Layout, path: str, inputs: dict[str, str], faults: Faults) -> pd.DataFrame:
    """Return a table of sources (one row each), noting what is wrong with it."""
    table = tables.read(layout, path, SOURCE_COLUMNS, inputs=inputs)
    tables.unique(table, "source_id", faults)
    tables.filled(table, ("source_id", "title", "publisher", "date", "licence"), faults)
    tables.known(table, "tier", TIERS, faults)
    return table.frame


def read_areas(layout: Layout, inputs: dict[str, str], faults: Faults) -> pd.DataFrame:
    """Return the areas (one row each, lists split), noting a printed name that two of them claim."""
    table = tables.read(layout, "published/areas.csv", AREA_COLUMNS, inputs=inputs)
    tables.unique(table, "area", faults)
    tables.filled(table, AREA_COLUMNS, faults)
    frame = table.frame.assign(
        printed_as=table["printed_as"].str.split(";"), districts=table["districts"].str.split(";")
    )
    claimed = frame[["printed_as"]].explode("printed_as")
    for row in claimed.index[claimed["printed_as"].duplicated()]:
        faults.cell(
            table, int(row), "printed_as", "holds a name that an earlier area claims", "Keep it in one."
        )
    return frame


def read_periods(
    layout: Layout, areas: pd.DataFrame, sources: pd.DataFrame, inputs: dict[str, str], faults: Faults
) -> pd.DataFrame:
    """Return the periods with published evidence (area x period, `sources` split), noting what is wrong."""
    table = tables.read(layout, "published/periods.csv", PERIOD_COLUMNS, inputs=inputs)
    tables.filled(table, PERIOD_COLUMNS, faults)
    tables.known(table, "area", areas["area"], faults)
    frame = table.frame.assign(sources=table["sources"].str.split(";"))
    named = frame.explode("sources")
    for row in named.index[~named["sources"].isin(sources["source_id"])]:
        faults.cell(
            table, int(row), "sources", "names an unknown source", "Add it to data/published/sources.csv."
        )
    for source in sorted(set(sources["source_id"]) - set(named["sources"])):
        cure = "Add the period it is evidence for to data/published/periods.csv."
        faults.at("data/published/sources.csv", f'source "{source}" belongs to no period', cure)
    return frame


def read_outside(layout: Layout, inputs: dict[str, str]) -> set[str]:
    """Return the printed areas that are declared to lie outside every known area."""
    return set(tables.read(layout, "published/outside.csv", OUTSIDE_COLUMNS, inputs=inputs)["printed_as"])


def read_figures(
    layout: Layout, sources: pd.DataFrame, places: set[str], inputs: dict[str, str], faults: Faults
) -> pd.DataFrame:
    """Return the printed figures (one row each), noting every broken rule.

    Parameters
    ----------
    sources
        The published sources.
    places
        Every printed area name that is mapped or declared outside.
    """
    table = tables.read(layout, "published/figures.csv", FIGURE_COLUMNS, inputs=inputs)
    _check_figures(table, sources, places, faults)
    value = tables.numbers(table, "value", faults)
    repeat = tables.truths(table, "repeat", faults)
    return table.frame.assign(
        value=value, repeat=repeat, tier="published", figure_ids=table["figure_id"], footnote=""
    )


def _check_figures(table: Table, sources: pd.DataFrame, places: set[str], faults: Faults) -> None:
    """Note blanks, ids that stand twice, and names that lead nowhere."""
    tables.unique(table, "figure_id", faults)
    tables.filled(table, ("figure_id", "section", "area", "period", "domain", "measure", "quote"), faults)
    tables.known(table, "unit", UNITS, faults)
    tables.known(
        table, "source_id", sources["source_id"], faults, cure="Add the source to data/published/sources.csv."
    )
    tables.known(
        table,
        "area",
        places,
        faults,
        cure="Add it to printed_as of its area in areas.csv, or to outside.csv.",
    )
    tables.known(
        table,
        "denominator_figure_id",
        {"", *table["figure_id"]},
        faults,
        cure="Name the figure_id of the base that the source states, or leave it blank.",
    )
