"""The period of a report as a window on records: which rows it holds, and its months and quarters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Window:
    """The days that a report is about, both ends included.

    Attributes
    ----------
    area
        Slug of the authority.
    first, last
        First and last day.
    """

    area: str
    first: date
    last: date

    @property
    def opens(self) -> pd.Timestamp:
        """First day."""
        return pd.Timestamp(self.first)

    @property
    def closes(self) -> pd.Timestamp:
        """Last day."""
        return pd.Timestamp(self.last)

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Every month of the period: ``2022-04`` …."""
        return tuple(pd.period_range(self.opens, self.closes, freq="M").astype("str"))

    @cached_property
    def quarters(self) -> tuple[str, ...]:
        """Every calendar quarter of the period, as the homelessness statistics name them: ``2022Q2`` …."""
        return tuple(pd.period_range(self.opens, self.closes, freq="Q").astype("str"))

    def holds(self, days: pd.Series[Any]) -> pd.Series[bool]:
        """Return which days lie in the period; a missing one does not."""
        return days.between(self.opens, self.closes)

    def overlaps(self, begin: pd.Series[Any], end: pd.Series[Any]) -> pd.Series[bool]:
        """Return which spans reach into the period; a missing end has not come yet."""
        return (begin <= self.closes) & (end.isna() | (end >= self.opens))

    def as_of(self, rows: pd.DataFrame, dated: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """Return rows as they were known on the last day of the period, so that later months change nothing.

        Parameters
        ----------
        dated
            Columns of dates, each with the columns that mean something only once it has come.
        """
        blanked: dict[str, Any] = {}
        for name, others in dated.items():
            later = rows[name] > self.closes
            blanked |= {one: rows[one].mask(later) for one in (name, *others)}
        return rows.assign(**blanked)

    def calendar(self, days: pd.Series[Any]) -> dict[str, Any]:
        """Return the columns ``month`` and ``quarter`` of days that lie in the period."""
        return {
            "month": pd.Categorical(days.dt.strftime("%Y-%m"), categories=self.months),
            "quarter": pd.Categorical(days.dt.to_period("Q").astype("str"), categories=self.quarters),
        }


def at_least(days: pd.Series[Any], bound: Any) -> pd.Series[Any]:
    """Return days, or the bound where that is later; a missing one stays missing."""
    return days.mask(days < bound, bound)


def at_most(days: pd.Series[Any], bound: Any) -> pd.Series[Any]:
    """Return days, or the bound where that is earlier; a missing one stays missing."""
    return days.mask(days > bound, bound)


def days_between(begin: pd.Series[Any], end: pd.Series[Any]) -> pd.Series[float]:
    """Return days from one date to another; NaN where one is missing."""
    return (end - begin).dt.days.astype("float64")
