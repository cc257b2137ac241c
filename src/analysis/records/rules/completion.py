"""What can be filled in without asking anybody: kinds of unknown, age bands, types of columns."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.records.fields import (
    NOT_RECORDED,
    FieldSpec,
    Requirement,
    TableSpec,
    blank,
    table,
    unknown_codes,
)

ADULT_BANDS: Final = {"16-25": (16, 25), "26-64": (26, 64), "65-and-over": (65, 120)}
CHILD_BANDS: Final = {"0-4": (0, 4), "5-10": (5, 10), "11-16": (11, 16), "17-plus": (17, 25)}
BANDS: Final = {**ADULT_BANDS, **CHILD_BANDS, "adult": (16, 120), "child": (0, 25)}
"""First and last age of each band [years]; the adult and child bands overlap at 17, as printed."""


def complete(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return kept tables with every declared column in its type, and blanks filled that say something.

    An age band is worked out from the age; a blank characteristic is *not recorded*; a kind of unknown where
    a field does not apply is taken for the blank it means. Columns that are not declared stay as they are.
    """
    return {name: complete_table(table(name), frame) for name, frame in frames.items()}


def complete_table(spec: TableSpec, frame: pd.DataFrame) -> pd.DataFrame:
    """Return one kept table completed; see `complete`."""
    columns: dict[str, Any] = {field.field: _typed(spec, field, frame) for field in spec.fields}
    others = {str(name): frame[name] for name in frame.columns if name not in columns}
    made = pd.DataFrame({**columns, **others}, index=frame.index)
    if {"age", "age_band"} <= set(spec.columns):
        made["age_band"] = made["age_band"].fillna(band_of(made))
    for field in spec.fields:
        if field.unknown:
            made[field.field] = _filled(field, made)
    return made


def _typed(spec: TableSpec, field: FieldSpec, frame: pd.DataFrame) -> Any:
    if field.field not in frame.columns:
        return blank(field, frame.index)
    try:
        return frame[field.field].astype(field.dtype)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        cure = f"Give it as {field.dtype}, blank as missing."
        raise DataRefused(f'"{field.label}" is no {field.type}', where=spec.table, cure=cure) from None


def band_of(frame: pd.DataFrame) -> pd.Series[str]:
    """Return the age band of each row that has an age; children are told by having a number."""
    number = next((frame[name] for name in ("child_number", "client_number") if name in frame.columns), None)
    child = pd.Series(False, index=frame.index) if number is None else (number > 0).fillna(value=False)
    made = pd.Series(None, index=frame.index, dtype="str")
    for bands, rows in ((ADULT_BANDS, ~child), (CHILD_BANDS, child)):
        for band, (first, last) in bands.items():
            inside = frame["age"].between(first, last).fillna(value=False).astype(bool)
            made = made.mask(inside & rows.astype(bool), band)
    return made


def holds(requirement: Requirement, frame: pd.DataFrame) -> pd.Series[bool]:
    """Return for which rows the condition of a field holds."""
    other, wanted = frame[requirement.field], requirement.among
    return other.isin(wanted) if wanted else other.notna()


def _filled(field: FieldSpec, frame: pd.DataFrame) -> pd.Series[str]:
    given: pd.Series[str] = frame[field.field]
    demand = field.requirement.demand
    if demand == "no":
        return given.fillna(NOT_RECORDED)
    if demand == "yes":
        return given
    applies = holds(field.requirement, frame)
    given = given.mask(~applies & given.isin(unknown_codes()))
    return given.mask(applies & given.isna(), NOT_RECORDED) if demand == "when" else given
