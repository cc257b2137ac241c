"""Rows under judgement beside rows accepted before: the ground that rules across tables stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.errors import DataRefused
from analysis.records.fields import table
from analysis.records.rules.findings import Breach, Findings

LABEL: Final = "_label"
"""Column of a working table with the label that a row has in the table given."""

NEW: Final = "_new"
"""Column of a working table: whether the row is judged; one that was accepted before is not."""

NUMBERED: Final = ("provider", "case", "person", "shared", "unit")
"""Columns that working tables hold as whole numbers, the same in all of them: texts are slow to match."""

BITS: Final = {"id": 24, "date": 17, "count": 8}
"""Bits that a column takes in a joined number."""

EPOCH: Final = np.datetime64("1900-01-01", "D")
Numbers = dict[str, dict[str, np.ndarray[Any, np.dtype[np.int64]]]]


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
    _numbers: dict[str, Numbers] = field(default_factory=dict)

    def refuse(self, name: str, breach: Breach) -> None:
        """Refuse rows of a table, by their labels."""
        self.refusals.note(name, breach)
        self.fallen.setdefault(name, set()).update(breach.rows)

    def warn(self, name: str, breach: Breach) -> None:
        """Note rows of a table to look at, by their labels."""
        self.warnings.note(name, breach)

    def replace(self, frames: dict[str, pd.DataFrame], settled: dict[str, pd.DataFrame]) -> None:
        """Put the same rows with other values in place of the tables."""
        self.frames, self.settled, self._numbers = frames, settled, {}

    def standing(self, name: str) -> pd.DataFrame:
        """Return the rows of a table that are judged and not refused so far."""
        return self.frames[name].loc[self.upright(name)]

    def rows(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Return some columns of all rows that stand, accepted before or not, with `LABEL` and `NEW`.

        Columns of `NUMBERED` are whole numbers, -1 where missing.
        """
        parts = [self._part(side, name, columns) for side in ("settled", "frames")]
        there = [part for part in parts if part is not None and len(part)]
        return pd.concat(there, ignore_index=True) if there else _nothing(name, columns)

    def accepted(self) -> dict[str, pd.DataFrame]:
        """Return the judged tables without what was refused."""
        return {name: self.standing(name) for name in self.frames}

    def upright(self, name: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows of a judged table are not refused so far."""
        frame, fallen = self.frames[name], self.fallen.get(name)
        return ~frame.index.isin(list(fallen)) if fallen else np.ones(len(frame), dtype=bool)

    def _part(self, side: str, name: str, columns: Sequence[str]) -> pd.DataFrame | None:
        held: dict[str, pd.DataFrame] = getattr(self, side)
        if name not in held:
            return None
        plain = [column for column in columns if column not in NUMBERED]
        made = held[name][plain].copy()
        for column in columns:
            if column in NUMBERED:
                made[column] = self._numbered(column)[side][name]
        judged = side == "frames"
        made[LABEL] = made.index.astype(object) if judged else None
        made[NEW] = judged
        return made.loc[self.upright(name)] if judged else made

    def _numbered(self, column: str) -> Numbers:
        """Return a column of every table as numbers: the same text has the same number everywhere."""
        if column not in self._numbers:
            self._numbers[column] = self._number(column)
        return self._numbers[column]

    def _number(self, column: str) -> Numbers:
        places = [
            (side, name, frame[column])
            for side, frames in (("frames", self.frames), ("settled", self.settled))
            for name, frame in frames.items()
            if column in frame.columns
        ]
        codes, distinct = pd.factorize(pd.concat([values for _, _, values in places], ignore_index=True))
        if len(distinct) >= 1 << BITS["id"]:
            raise DataRefused(f"too many values of {column}", where="records", cure="Split the period.")
        made: Numbers = {"frames": {}, "settled": {}}
        ends = np.cumsum([len(values) for _, _, values in places])
        for (side, name, _), part in zip(places, np.split(codes.astype(np.int64), ends[:-1]), strict=True):
            made[side][name] = part
        return made


def _nothing(name: str, columns: Sequence[str]) -> pd.DataFrame:
    spec = table(name)
    kinds = {column: "int64" if column in NUMBERED else spec[column].dtype for column in columns}
    return pd.DataFrame(
        {
            **{column: pd.Series(dtype=kind) for column, kind in kinds.items()},
            LABEL: pd.Series(dtype=object),
            NEW: pd.Series(dtype=bool),
        }
    )


def labels(rows: pd.DataFrame, mask: pd.Series[bool]) -> pd.Index[Any]:
    """Return the labels of the judged rows that a mask marks."""
    found: pd.Index[Any] = pd.Index(rows.loc[mask.astype(bool) & rows[NEW].astype(bool), LABEL])
    return found


def looked_up(keys: pd.Series[Any], values: pd.Series[Any]) -> pd.Series[Any]:
    """Return the value of each key, missing if it has none; also where there are no values at all."""
    found: pd.Series[Any] = values.reindex(keys).set_axis(keys.index)
    return found


def joined(rows: pd.DataFrame, *columns: str) -> pd.Series[int]:
    """Return one number a row for several columns of a working table, to match rows by.

    The columns are numbered ones, dates and small counts; rows that lack one of them have been refused.
    """
    made = np.zeros(len(rows), dtype=np.int64)
    for column in columns:
        values, bits = _whole(rows[column])
        made = (made << bits) | (values & ((1 << bits) - 1))
    return pd.Series(made, index=rows.index)


def _whole(values: pd.Series[Any]) -> tuple[np.ndarray[Any, np.dtype[np.int64]], int]:
    if pd.api.types.is_datetime64_any_dtype(values):
        days = (values.to_numpy().astype("datetime64[D]") - EPOCH).astype(np.int64)
        return days, BITS["date"]
    if values.dtype == np.int64:
        return values.to_numpy(), BITS["id"]
    return values.fillna(0).to_numpy(dtype=np.int64), BITS["count"]
