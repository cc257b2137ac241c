"""Survivors: one row each, with what is known of them up to the end of the period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.records.fields import NOT_RECORDED, tables, unknown_codes
from analysis.records.frames.labels import DOES_NOT_APPLY, NO, YES, labelled, short
from analysis.records.frames.window import Window

CHARACTERISTICS: Final = (
    "sex",
    "gender_identity",
    "trans",
    "sexual_orientation",
    "age_band",
    "ethnicity",
    "religion",
    "partnership_status",
    "main_language",
    "interpreter_needed",
    "disability",
    "impairment",
    "accessible_needed",
    "mental_health_need",
    "substance_use_need",
    "known_to_substance_service",
    "learning_difficulty",
    "multiple_disadvantage",
    "needs_carer",
    "pregnant",
    "recent_birth",
    "ex_offender",
    "no_recourse",
    "financial_status",
    "tenure",
    "previous_use",
    "living_with_perpetrator",
    "honour_based_risk",
    "risk_level",
    "children_elsewhere",
    "children_removed",
    "has_pet",
)
"""Fields of a referral that are about the survivor, not about the referral."""

JOINED: Final = (*CHARACTERISTICS, "ethnicity_group")
"""What is joined to rows that record nothing of the survivor themselves, such as stays."""

DATED: Final = {
    "referrals": "referred_on",
    "therapy": "referred_on",
    "sanctuary": "referred_on",
    "attempts": "attempt_month",
}
"""Tables that record characteristics of survivors, and the day that a row is of."""

HERE: Final = {
    "referrals": "referred",
    "stays": "supported",
    "therapy": "in_therapy",
    "sanctuary": "made_safe",
}
"""Whether a survivor has a row of a table in the period: the column that says so."""


def known_of(rows: Mapping[str, pd.DataFrame], window: Window) -> pd.DataFrame:
    """Return what is known of each survivor at the end of the period, as codes.

    The latest answer counts; a kind of unknown only where no answer was ever given, the latest of them, and
    *not recorded* only where there is nothing else. What was recorded after the period is not used, so that
    later months do not change an earlier report.

    Parameters
    ----------
    rows
        Kept tables.

    Returns
    -------
    DataFrame
        Indexed by person; `CHARACTERISTICS`.
    """
    parts = [_dated(rows[name], day, window) for name, day in DATED.items()]
    stacked = pd.concat(parts, ignore_index=True).sort_values("day", kind="stable", ignore_index=True)
    places, names = pd.factorize(stacked["person"], sort=True)
    found = {name: _latest(places, len(names), stacked[name]) for name in CHARACTERISTICS}
    known = pd.DataFrame(found, index=pd.Index(names, name="person"))
    return known.fillna(NOT_RECORDED).assign(**_conditional(known))


def _dated(frame: pd.DataFrame, day: str, window: Window) -> pd.DataFrame:
    """Return the rows of survivors by the end of the period; children in therapy are no survivors."""
    seen = frame.loc[frame["person"].notna() & (frame[day] <= window.closes)]
    if "client_number" in seen:
        seen = seen.loc[seen["client_number"] == 0]
    return (
        seen.reindex(columns=["person", day, *CHARACTERISTICS])
        .rename(columns={day: "day"})
        .astype(dict.fromkeys(CHARACTERISTICS, "object"))
    )


def _latest(places: Any, people: int, codes: pd.Series[Any]) -> Any:
    """Return the best code of each of so many people; rows are in order of time, and of each the person."""
    said = codes.notna() & ~codes.isin(unknown_codes())
    rank = np.select([said, codes.isna(), codes == NOT_RECORDED], [3, 0, 1], default=2)
    best = np.zeros(people, dtype="int64")
    np.maximum.at(best, places, rank * len(codes) + np.arange(len(codes)))
    return codes.to_numpy(dtype=object)[best % max(len(codes), 1)]


def _conditional(known: pd.DataFrame) -> dict[str, Any]:
    """Return fields that another one makes meaningful: blank where it does not."""
    made = {}
    for name in CHARACTERISTICS:
        need = tables()["referrals"][name].requirement
        if need.demand in {"if", "when", "only"}:
            holds = known[need.field].isin(need.among)
            made[name] = known[name].fillna(NOT_RECORDED).where(holds)
    return made


def people(
    rows: Mapping[str, pd.DataFrame], inside: Mapping[str, pd.Series[bool]], known: pd.DataFrame
) -> pd.DataFrame:
    """Return the survivors who have a row in the period.

    Parameters
    ----------
    rows, inside
        Kept tables, and which of their rows the period holds.
    known
        From `labels_of`.

    Returns
    -------
    DataFrame
        One row a survivor, by pseudonym: ``person``; `JOINED`; ``referred``, ``supported`` (had a stay),
        ``in_therapy`` (herself, not a child) and ``made_safe`` in the period, Yes or No; ``referrals``
        [referrals in the period].
    """
    here = {}
    for name, column in HERE.items():
        mine = rows[name].loc[inside[name]]
        if "client_number" in mine:
            mine = mine.loc[mine["client_number"] == 0]
        here[column] = mine["person"].dropna()
    everyone = pd.Index(sorted(set().union(*(set(found) for found in here.values()))), name="person")
    said = {
        column: pd.Categorical(np.where(everyone.isin(found.unique()), YES, NO), categories=[YES, NO])
        for column, found in here.items()
    }
    counted = here["referred"].value_counts().reindex(everyone).fillna(0).to_numpy(dtype="float64")
    made = characteristics(pd.Series(everyone, dtype="str"), known)
    return made.assign(**said, referrals=counted)


def labels_of(known: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return what is known of each survivor as categories: `JOINED`, indexed by person."""
    labels = labelled(known, tables()["referrals"], window.area)
    return pd.DataFrame({name: labels[name] for name in JOINED}, index=known.index)


def nothing_known(categories: Any) -> str:
    """Return the category of a survivor of whom nothing is known: a field that follows another has none."""
    return DOES_NOT_APPLY if DOES_NOT_APPLY in categories else short(NOT_RECORDED)


def characteristics(person: pd.Series[str], known: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of the survivor of each row, beside ``person``; of nobody known, not recorded.

    Parameters
    ----------
    person
        Of each row.
    known
        From `labels_of`.
    """
    at = known.index.get_indexer(pd.Index(person))
    made: dict[str, Any] = {"person": person}
    for name in known:
        column = known[name].cat
        nobody = list(column.categories).index(nothing_known(column.categories))
        places = np.append(column.codes.to_numpy(dtype="int64"), nobody)
        made[str(name)] = pd.Categorical.from_codes(places[at], categories=column.categories)
    return pd.DataFrame(made, index=person.index)
