"""Rules that one row can break by itself: what belongs together, order of dates, ages and bands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import pandas as pd

from analysis.evidence.codes import load_codes
from analysis.parameters import Areas
from analysis.records.fields import FieldSpec, TableSpec, unknown_codes
from analysis.records.rules.completion import BANDS, holds
from analysis.records.rules.findings import Breach

ORDER: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "referrals": (("referred_on", "decided_on"),),
    "stays": (("start_date", "end_date"),),
    "children": (("stay_start", "joined_on"), ("joined_on", "left_on"), ("stay_start", "left_on")),
    "therapy": (
        ("identified_on", "assessed_on"),
        ("referred_on", "assessed_on"),
        ("referred_on", "started_on"),
        ("assessed_on", "started_on"),
        ("started_on", "ended_on"),
        ("referred_on", "ended_on"),
    ),
    "units": (("open_from", "open_to"),),
    "sanctuary": (("referred_on", "completed_on"),),
    "attempts": (),
    "feedback": (),
}
"""Dates of one row of which the first is never after the second."""

PLANNED: Final = {("units", "open_from"), ("units", "open_to")}
"""Dates that may lie after the month of the workbook: openings and closings are known beforehand."""

SCORES: Final = {
    "core-10": (0, 40),
    "phq-9": (0, 27),
    "gad-7": (0, 21),
    "swemwbs": (7, 35),
    "wemwbs": (14, 70),
    "top-quality-of-life": (0, 20),
}
"""Lowest and highest score of each scale; an area's own scale has the bounds of the field alone."""

MEASURED: Final = {
    "stays": ("wellbeing_measure", ("wellbeing_start", "wellbeing_end")),
    "children": ("wellbeing_measure", ("wellbeing_start", "wellbeing_end")),
    "therapy": ("measure", ("score_start", "score_end")),
}


def breaches(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Breach]:
    """Yield what rows of one completed table break by themselves."""
    for field in spec.fields:
        yield from _conditions(spec, field, frame)
    yield from _order(spec, frame)
    yield from _future(spec, frame)
    if "age_band" in spec.columns and "age" in spec.columns:
        yield _band(frame)
    if spec.table in MEASURED:
        yield from _scores(spec, frame)
    if spec.table == "referrals":
        yield _reason(frame)
        yield from _origin(frame)


def _conditions(spec: TableSpec, field: FieldSpec, frame: pd.DataFrame) -> Iterator[Breach]:
    need = field.requirement
    if not need.field:
        return
    applies, given = holds(need, frame), frame[field.field].notna()
    other = f'"{spec[need.field].label}"'
    where = f"{other} is {' or '.join(need.among)}" if need.among else f"{other} is filled"
    if need.demand == "if":
        problem = f'"{field.label}" is blank though {where}'
        rows = frame.index[applies & ~given]
        yield Breach(rows, field.field, "blank", problem, f"Fill it, or correct {other}.")
    problem = f'"{field.label}" is filled, and applies only where {where}'
    rows = frame.index[~applies & given]
    yield Breach(rows, field.field, "not-applicable", problem, f"Clear it, or correct {other}.")


def _order(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Breach]:
    for first, second in ORDER[spec.table]:
        problem = f'"{spec[second].label}" is before "{spec[first].label}"'
        rows = frame.index[frame[second] < frame[first]]
        yield Breach(rows, second, "dates-out-of-order", problem, "Correct the one that is wrong.")


def month_end(months: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """Return the last day of each month."""
    return months + pd.offsets.MonthEnd(0)


def _future(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Breach]:
    last = month_end(frame["month"])
    for name in spec.of_type("date", "month"):
        if name != "month" and (spec.table, name) not in PLANNED:
            problem = f'"{spec[name].label}" is after the month of the workbook'
            cure = "Correct it, or the month on the front sheet."
            yield Breach(frame.index[frame[name] > last], name, "in-the-future", problem, cure)


def _band(frame: pd.DataFrame) -> Breach:
    first = frame["age_band"].map({band: ages[0] for band, ages in BANDS.items()})
    last = frame["age_band"].map({band: ages[1] for band, ages in BANDS.items()})
    age = frame["age"].astype("Float64")
    outside = ((age < first) | (age > last)).fillna(value=False).astype(bool)
    cure = "Correct the one that is wrong; give the age or the band on the day that the row is about."
    return Breach(
        frame.index[outside], "age_band", "age-outside-band", "The age is not in the age band", cure
    )


def _scores(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Breach]:
    measure, scores = MEASURED[spec.table]
    least = frame[measure].map({name: bounds[0] for name, bounds in SCORES.items()})
    most = frame[measure].map({name: bounds[1] for name, bounds in SCORES.items()})
    for name in scores:
        outside = ((frame[name] < least) | (frame[name] > most)).fillna(value=False).astype(bool)
        problem = f'"{spec[name].label}" is no score of that scale'
        cure = f'Correct it, or "{spec[measure].label}".'
        yield Breach(frame.index[outside], name, "score-off-the-scale", problem, cure)


def _reason(frame: pd.DataFrame) -> Breach:
    """Return refusals whose reason is of another kind: a survivor's choice is no refusal by the provider."""
    reason, outcome = frame["refusal_reason"], frame["outcome"]
    kind = reason.map(_reason_kinds())
    wrong = kind.notna() & (kind != outcome)
    problem = "The reason is one for another outcome"
    cure = (
        "Choose a reason of the same kind as the outcome: the provider's, the survivor's, or inappropriate."
    )
    return Breach(frame.index[wrong], "refusal_reason", "reason-of-another-outcome", problem, cure)


@cache
def _reason_kinds() -> dict[str, str]:
    codes = load_codes("refusal_reason")
    return {code: parent or code for code, parent in zip(codes["code"], codes["parent"], strict=True)}


def _origin(frame: pd.DataFrame) -> Iterator[Breach]:
    """Yield referrals from a district of another authority that are said to be from this one."""
    origin = frame["referred_from"]
    known = origin.notna() & ~origin.isin(unknown_codes())
    outside = known & (origin.map(authority_of()) != frame["area"].map(codes_of_areas()))
    problem = '"District referred from" lies in another authority'
    cure = 'Say yes under "From outside the authority", and give the authority of origin.'
    rows = frame.index[outside & (frame["out_of_county"] == "no")]
    yield Breach(rows, "referred_from", "district-of-another-authority", problem, cure)


@cache
def authority_of() -> dict[str, str]:
    """Return the code of the authority that each district belongs to."""
    codes = load_codes("district")
    return {code: parent or code for code, parent in zip(codes["code"], codes["parent"], strict=True)}


@cache
def codes_of_areas() -> dict[str, str]:
    """Return the code of each area by its slug."""
    named = dict(zip(load_codes("district")["label"], load_codes("district")["code"], strict=True))
    return {slug: named[name] for slug, name in Areas.load().names.items() if name in named}
