"""Months that are sent again: which rows are the latest word, and which an earlier one that it replaces.

Two rules, each on rows that can be read:

- **the month sent again**: of the workbooks of one provider for one month, the latest replaces the earlier,
  if they have a row in common. If they have none, they are two parts of one month, and both stay.
- **the row sent again**: of rows with one key, the one in the latest month replaces the others; a stay is
  repeated in the month it ends.

Latest is by the date of sending on the front page; then by when the workbook was saved, as it says itself;
then by the file's name. The time stamp of the file on disk says nothing: copying changes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.records.fields import table

Rank = tuple[str, str, str]
"""Date sent, date saved, name of the file; the largest is the latest."""
SOURCE: Final = "source"
"""Column with the digest of the workbook that a row is from."""


@dataclass(frozen=True)
class Settled:
    """Which rows are replaced, by which, and which months came in parts.

    Attributes
    ----------
    superseded
        Index of every row that a later one replaces.
    groups
        ``(source, provider, month)`` of workbooks' months that were replaced as a whole.
    winners
        Index of the rows that replaced others, by key.
    parts
        ``(provider, month)`` that two workbooks give without a row in common.
    """

    superseded: pd.Index[int]
    groups: frozenset[tuple[str, str, pd.Timestamp]]
    winners: pd.Index[int]
    parts: tuple[tuple[str, pd.Timestamp], ...]


def settle(name: str, frame: pd.DataFrame, ranks: Mapping[str, Rank]) -> Settled:
    """Return which rows of one table are replaced.

    Parameters
    ----------
    name
        Of the table.
    frame
        Its rows of all workbooks, as kept, with `SOURCE`.
    ranks
        How late each source is.
    """
    order = {source: place for place, source in enumerate(sorted(ranks, key=lambda one: (ranks[one], one)))}
    late = frame[SOURCE].map(order).to_numpy(dtype=np.int64)
    keys = _keys(name, frame)
    gone, groups, parts = _months(frame, keys, late)
    beaten, winners = _rows(frame, keys, late, gone)
    return Settled(frame.index[gone | beaten], groups, frame.index[winners], parts)


def _keys(name: str, frame: pd.DataFrame) -> np.ndarray:
    """Return a number for each row's key, -1 where a part of it is missing."""
    columns = [column for column in table(name).key if column in frame.columns]
    numbers = frame.groupby(columns, sort=False, dropna=True).ngroup()
    return numbers.fillna(-1).to_numpy(dtype=np.int64)


def _months(
    frame: pd.DataFrame, keys: np.ndarray, late: np.ndarray
) -> tuple[np.ndarray, frozenset[tuple[str, str, pd.Timestamp]], tuple[tuple[str, pd.Timestamp], ...]]:
    """Find workbooks' months that a later workbook of the same month replaces as a whole."""
    gone = np.zeros(len(frame), dtype=bool)
    groups, parts = set(), []
    plain = frame.reset_index(drop=True)
    sources = plain.groupby(["provider", "month"])[SOURCE].nunique()
    for provider, month in sources.index[sources > 1]:
        mine = ((plain["provider"] == provider) & (plain["month"] == month)).to_numpy(dtype=bool)
        seen: set[int] = set()
        for place in sorted(set(late[mine]), reverse=True):
            of_source = mine & (late == place)
            own = set(keys[of_source]) - {-1}
            if seen & own:
                gone |= of_source
                groups.add((str(plain.loc[of_source, SOURCE].iloc[0]), str(provider), pd.Timestamp(month)))
            elif seen:
                parts.append((str(provider), pd.Timestamp(month)))
            seen |= own
    return gone, frozenset(groups), tuple(parts)


def _rows(
    frame: pd.DataFrame, keys: np.ndarray, late: np.ndarray, gone: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find rows that a row of the same key replaces; two in one workbook's month do not: they are twice."""
    months = frame["month"].to_numpy(dtype="datetime64[M]").astype(np.int64)
    age = pd.Series(months * (int(late.max(initial=0)) + 1) + late)
    compared = pd.Series((keys >= 0) & ~gone)
    last = age.where(compared).groupby(keys).transform("max")
    beaten = (compared & (age < last)).to_numpy(dtype=bool)
    repeated = pd.Series(beaten).groupby(keys).transform("any").to_numpy(dtype=bool)
    return beaten, repeated & compared.to_numpy(dtype=bool) & ~beaten
