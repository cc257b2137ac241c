"""From columns made by the generator to a table in the form that a provider's workbook has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.records.fields import NOT_RECORDED, FieldSpec, TableSpec, table

MARK: Final = "SYNTHETIC"
"""The word that every provider, case reference, file and sheet of a sample carries."""

Rng = np.random.Generator
Columns = dict[str, Any]


@dataclass(frozen=True)
class Calendar:
    """The days of a sample, counted from the first of its period."""

    start: date
    days: int

    def day(self, offsets: Any) -> pd.Series[Any]:
        """Return dates of day numbers; a missing number is a missing date."""
        numbers = pd.Series(offsets, dtype="Float64").astype("float64")
        first = pd.Timestamp(self.start)
        return (first + pd.to_timedelta(numbers, unit="D")).astype("datetime64[s]")

    @property
    def first_month(self) -> pd.Timestamp:
        """First month that workbooks are sent for."""
        return pd.Timestamp(self.start).replace(day=1)

    @property
    def last_day(self) -> pd.Timestamp:
        """Last day of the period."""
        return pd.Timestamp(self.start) + pd.Timedelta(days=self.days - 1)

    @property
    def last_month(self) -> pd.Timestamp:
        """Last month that workbooks are sent for."""
        return self.last_day.replace(day=1)


def case(area: str, numbers: Iterable[int], kind: str = "") -> list[str]:
    """Return references that nobody can take for real ones: SYNTHETIC-NOR-00001."""
    return [f"{MARK}-{area[:3].upper()}-{kind}{number:05d}" for number in numbers]


def only(mask: Any, values: Any) -> np.ndarray:
    """Return values where a mask is true, and nothing elsewhere."""
    chosen = np.asarray(mask, dtype=bool)
    found = np.full(len(chosen), None, dtype=object)
    found[chosen] = np.broadcast_to(np.asarray(values, dtype=object), len(chosen))[chosen]
    return found


def exact(counts: dict[str, int], rng: Rng) -> np.ndarray:
    """Return every value as often as it is counted, in random order."""
    values = np.repeat(np.array(list(counts), dtype=object), list(counts.values()))
    return rng.permutation(values)


def finished(
    name: str, columns: Columns | pd.DataFrame, when: Calendar, *, open_rows: Any = None
) -> pd.DataFrame:
    """Return a table in input form: every column of the schema, typed, in order, with the month it is sent.

    Parameters
    ----------
    name
        Table of the schema.
    columns
        Values by input name. What is left out is blank, or *not recorded* where the field asks.
    when
        The days of the sample.
    open_rows
        Rows that are still going on at the end, which the last month reports; none if None.

    Returns
    -------
    DataFrame
        Sorted by provider, month and key.
    """
    spec = table(name)
    frame = pd.DataFrame(columns).reset_index(drop=True)
    for one in spec.inputs:
        if one.input not in frame:
            frame[one.input] = pd.NA
    frame = _completed(spec, frame)
    frame["month"] = _months(spec, frame, when, open_rows)
    frame = frame[[one.input for one in spec.inputs]]
    frame = frame.astype({one.input: _dtype(one) for one in spec.inputs})
    keys = [one.input for one in spec.inputs if one.key]
    return frame.sort_values(["provider", "month", *keys], kind="stable", ignore_index=True)


def _dtype(field: FieldSpec) -> str:
    return field.dtype


def _completed(spec: TableSpec, frame: pd.DataFrame) -> pd.DataFrame:
    """Write *not recorded* where a field asks and nothing is known, and nothing where it does not ask."""
    for one in spec.inputs:
        asked = _asked(spec, one, frame)
        values = frame[one.input].astype("object").where(asked.to_numpy(), None)
        if one.unknown and one.codes:
            values = values.where(values.notna() | ~asked, NOT_RECORDED)
        frame[one.input] = values
    return frame


def _asked(spec: TableSpec, field: FieldSpec, frame: pd.DataFrame) -> pd.Series[bool]:
    """Return for which rows a field may be filled."""
    need = field.requirement
    if need.demand in {"yes", "no"}:
        return pd.Series(True, index=frame.index)
    other = frame[spec[need.field].input]
    return other.isin(need.among) if need.among else other.notna()


def _months(spec: TableSpec, frame: pd.DataFrame, when: Calendar, open_rows: Any) -> pd.Series[Any]:
    """Return the month of the workbook each row is in: that of its latest date, within the period."""
    dated = [one.input for one in spec.inputs if one.type in {"date", "month"} and one.input != "month"]
    latest = pd.concat([pd.to_datetime(frame[name]) for name in dated], axis=1).max(axis=1)
    months = latest.dt.to_period("M").dt.to_timestamp()
    if open_rows is not None:
        months = months.where(~np.asarray(open_rows, dtype=bool), when.last_month)
    within: pd.Series[Any] = months.clip(when.first_month, when.last_month)
    return within.astype("datetime64[s]")
