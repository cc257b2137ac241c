"""Stays, episodes, children in stays, and the units they are in."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.records.episodes import episodes as joined_stays
from analysis.records.fields import tables
from analysis.records.frames.labels import NO, YES, coding, labelled
from analysis.records.frames.people import JOINED, characteristics
from analysis.records.frames.window import Window, at_least, at_most, days_between

STILL_THERE: Final = "Still there"
"""Stands for the ending of a stay that has none by the end of the period."""

ENDINGS: Final = ("departure_kind", "destination")
OF_UNIT: Final = ("accommodation_type", "district", "eligibility")
DEPENDS: Final = "Depends on the service"

OPEN_TO: Final = {
    "women-only": (YES, NO),
    "women-and-children": (YES, NO),
    "men-only": (NO, YES),
    "men-and-children": (NO, YES),
    "any-adult": (YES, YES),
    "any-single-adult": (YES, YES),
    "by-and-for": (DEPENDS, DEPENDS),
    "older-or-disabled": (YES, YES),
}
"""Whether women and men may use a unit, by who it is let to; for trans and non-binary survivors the
provider's own policy decides."""


def stays(rows: pd.DataFrame, units: pd.DataFrame, known: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row a stay of which a night may lie in the period.

    Parameters
    ----------
    rows, units
        Kept stays of the period, and all kept units.
    known
        From `analysis.records.frames.people.labels_of`.

    Returns
    -------
    DataFrame
        ``person``, ``provider``, ``unit``, ``start_date``, ``end_date`` (missing while it lasts),
        ``accommodation_type``, ``district`` and ``eligibility`` of the unit; coded fields as categories,
        *Still there* for how a stay ended that goes on; ``nights`` [nights in the period]; numbers as floats;
        the survivor's characteristics.
    """
    ended = rows["end_date"].notna()
    made = labelled(rows, tables()["stays"], window.area)
    made |= {name: _ending(made[name], ended) for name in ENDINGS}
    found = _of_unit(rows, units, window)
    who = characteristics(rows["person"], known)
    nights = _nights(rows["start_date"], last_known(rows, rows["end_date"]), window)
    return pd.DataFrame(
        {**made, **found, "nights": nights, **{name: who[name] for name in JOINED}}, rows.index
    )


def _ending(said: pd.Categorical, ended: pd.Series[bool]) -> pd.Categorical:
    values = pd.Series(said, index=ended.index).astype("object").where(ended, STILL_THERE)
    kept = [label for label in said.categories if label not in {STILL_THERE, "Does not apply"}]
    return pd.Categorical(values, categories=[*kept, STILL_THERE])


def _of_unit(rows: pd.DataFrame, units: pd.DataFrame, window: Window) -> dict[str, Any]:
    """Return what is known of the unit of each stay; every stay that is kept has one."""
    own = units.drop_duplicates(["provider", "unit"], keep="last").set_index(["provider", "unit"])
    places = pd.MultiIndex.from_frame(rows[["provider", "unit"]])
    found = own[list(OF_UNIT)].reindex(places).set_axis(rows.index)
    spec = tables()["units"]
    return {name: coding(spec[name], window.area).category(found[name]) for name in OF_UNIT}


def _nights(begin: pd.Series[Any], end: pd.Series[Any], window: Window) -> pd.Series[float]:
    """Return nights in the period: the day of leaving is none, the last day of the period is."""
    last = at_most(end, window.closes + pd.Timedelta(days=1))
    return days_between(at_least(begin, window.opens), last).clip(lower=0)


def episodes(rows: pd.DataFrame, units: pd.DataFrame, known: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row an episode that reaches into the period; see `analysis.records.episodes.episodes`.

    Parameters
    ----------
    rows
        All kept stays, those before and after the period too.

    Returns
    -------
    DataFrame
        ``person``, ``start``, ``end``, ``stays``, ``truncated``, ``entry``, ``days``, ``censored``, ``exit``
        and ``departure_kind`` as categories with *Still there* for the censored; ``accommodation_type``,
        ``district`` and ``eligibility`` of the unit it began in; the survivor's characteristics.
    """
    made = joined_stays(rows, start=window.first, end=window.last).drop(columns="area")
    ended, spec = ~made["censored"].astype(bool), tables()["stays"]
    how = {"exit": spec["destination"], "departure_kind": spec["departure_kind"]}
    said = {
        name: _ending(coding(field, window.area).category(made[name]), ended) for name, field in how.items()
    }
    first = rows.sort_values(["start_date", "end_date"], kind="stable").drop_duplicates(
        ["person", "start_date"]
    )
    began = made[["person", "start"]].merge(
        first, how="left", left_on=["person", "start"], right_on=["person", "start_date"]
    )
    who = characteristics(made["person"], known)
    return made.assign(**said, **_of_unit(began, units, window), **{name: who[name] for name in JOINED})


def children(rows: pd.DataFrame, stays_of: pd.DataFrame, units: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row a child in a stay of which a night may lie in the period.

    Parameters
    ----------
    rows
        Kept children of the period, with ``begin`` and ``end`` from `spans_of_children`.
    stays_of
        All kept stays.

    Returns
    -------
    DataFrame
        ``person`` (the parent), ``provider``, ``begin``, ``end``, coded fields as categories,
        ``ethnicity_group``, numbers as floats, ``accommodation_type``, ``district`` and ``eligibility`` of
        the unit.
    """
    made = labelled(rows, tables()["children"], window.area)
    del made["child_number"]
    own = stays_of.drop_duplicates(["provider", "case", "start_date"]).rename(
        columns={"start_date": "stay_start"}
    )
    keys = ["provider", "case", "stay_start"]
    homes = rows[keys].merge(own[[*keys, "unit"]], how="left", on=keys).set_axis(rows.index)
    found = _of_unit(homes, units, window)
    return pd.DataFrame({**made, "begin": rows["begin"], "end": rows["end"], **found}, index=rows.index)


def spans_of_children(rows: pd.DataFrame, stays_of: pd.DataFrame) -> pd.DataFrame:
    """Return kept children with ``begin`` and ``end``, their own or the stay's, missing while it lasts."""
    keys = ["provider", "case", "stay_start"]
    own = stays_of.rename(columns={"start_date": "stay_start"}).drop_duplicates(keys)[[*keys, "end_date"]]
    left = rows[keys].merge(own, how="left", on=keys)["end_date"].set_axis(rows.index)
    return rows.assign(begin=rows["joined_on"].fillna(rows["stay_start"]), end=rows["left_on"].fillna(left))


def units(rows: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row a unit that was open on a day of the period.

    Returns
    -------
    DataFrame
        ``provider``, ``unit``, ``person`` (the unit, since it is nobody's), coded fields as categories,
        ``places``, ``family_size`` [people], ``oldest_boy`` [years], ``open_from``, ``open_to``;
        ``open_to_women`` and ``open_to_men`` (Yes, No, *Depends on the service*); ``nights`` [places × nights
        open in the period].
    """
    made = labelled(rows, tables()["units"], window.area)
    after = (rows["open_to"].fillna(window.closes)) + pd.Timedelta(days=1)
    nights = _nights(rows["open_from"], after, window) * rows["places"].astype("float64")
    who = {
        name: pd.Categorical(
            rows["eligibility"].map({code: allowed[place] for code, allowed in OPEN_TO.items()}),
            categories=[YES, NO, DEPENDS],
        )
        for place, name in enumerate(("open_to_women", "open_to_men"))
    }
    unit = "unit-" + rows["provider"] + "-" + rows["unit"]
    return pd.DataFrame({**made, "person": unit, **who, "nights": nights}, index=rows.index)


def last_known(rows: pd.DataFrame, end: pd.Series[Any]) -> pd.Series[Any]:
    """Return the day of leaving, or the day after the month last reported where there is none yet."""
    return end.fillna(rows["month"] + pd.offsets.MonthBegin(1))


def ends_in(end: pd.Series[Any], window: Window) -> Any:
    """Return whether something ended in the period, as categories: Yes or No."""
    return pd.Categorical(np.where(window.holds(end), YES, NO), categories=[YES, NO])
