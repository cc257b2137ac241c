"""Rows under judgement beside rows accepted before: the ground that rules across tables stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from analysis.records.fields import table
from analysis.records.findings import Breach, Findings

LABEL: Final = "_label"
"""Column of a working table with the label that a row has in the table given."""

NEW: Final = "_new"
"""Column of a working table: whether the row is judged; one that was accepted before is not."""

JOIN: Final = "\x1f"


@dataclass
class Court:
    """Completed tables under judgement, those accepted before, and what was found so far.

    Attributes
    ----------
    frames
        Tables whose rows are judged; their labels are unique within a table.
    settled
        Tables accepted before: they count, and are never refused.
    """

    frames: dict[str, pd.DataFrame]
    settled: dict[str, pd.DataFrame]
    refusals: Findings = field(default_factory=Findings)
    warnings: Findings = field(default_factory=Findings)
    fallen: dict[str, set[Any]] = field(default_factory=dict)

    def refuse(self, name: str, breach: Breach) -> None:
        """Refuse rows of a table, by their labels."""
        self.refusals.note(name, breach)
        self.fallen.setdefault(name, set()).update(breach.rows)

    def warn(self, name: str, breach: Breach) -> None:
        """Note rows of a table to look at, by their labels."""
        self.warnings.note(name, breach)

    def standing(self, name: str) -> pd.DataFrame:
        """Return the rows of a table that are judged and not refused so far."""
        if name not in self.frames:
            return pd.DataFrame({column: pd.Series(dtype="str") for column in table(name).columns})
        frame = self.frames[name]
        fallen = self.fallen.get(name)
        return frame.loc[~frame.index.isin(list(fallen))] if fallen else frame

    def rows(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Return some columns of all rows that stand, accepted before or not, with `LABEL` and `NEW`."""
        judged = self.standing(name)
        parts = [_marked(judged[list(columns)], judged.index.astype(object), new=True)]
        if name in self.settled:
            before = self.settled[name]
            parts.insert(0, _marked(before[list(columns)], None, new=False))
        return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)

    def accepted(self) -> dict[str, pd.DataFrame]:
        """Return the judged tables without what was refused."""
        return {name: self.standing(name) for name in self.frames}


def _marked(frame: pd.DataFrame, names: pd.Index[Any] | None, *, new: bool) -> pd.DataFrame:
    marked = frame.copy()
    marked[LABEL] = names
    marked[NEW] = new
    return marked


def labels(rows: pd.DataFrame, mask: pd.Series[bool]) -> pd.Index[Any]:
    """Return the labels of the judged rows that a mask marks."""
    found: pd.Index[Any] = pd.Index(rows.loc[mask.astype(bool) & rows[NEW].astype(bool), LABEL])
    return found


def joined(rows: pd.DataFrame, *columns: str) -> pd.Series[str]:
    """Return one text a row of several columns, to match rows by; missing if any is missing."""
    made, *others = (_text(rows[column]) for column in columns)
    for other in others:
        made = made + JOIN + other
    return made


def _text(values: pd.Series[Any]) -> pd.Series[str]:
    if pd.api.types.is_datetime64_any_dtype(values):
        days = values.astype("datetime64[s]").astype("int64")
        return days.astype("str").mask(values.isna())
    return values.astype("str")
