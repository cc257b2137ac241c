"""A table of records as a checker reads it: which columns count people, which cells are hidden."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from analysis.gate.refusal import Limits

NOTE: Final = re.compile(r"(?: \[note \d+\])+$")
NUMBER: Final = re.compile(r"[−+-]?£?[−-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?:%| points)?")
INTERVAL: Final = re.compile(rf"{NUMBER.pattern} \({NUMBER.pattern} to {NUMBER.pattern}\)")
TOTALS: Final = frozenset({"all", "total", "totals", "all together", "everyone", "everybody", "sum"})
COUNTS: Final = frozenset({"count", "base", "at_risk", "left", "n", "events", "people", "survivors"})
"""Columns that count, by name."""
MEASURES: Final = frozenset(
    {
        *(
            "share",
            "low",
            "high",
            "lower",
            "upper",
            "ratio",
            "rate",
            "odds",
            "risk",
            "hazard",
            "estimate",
            "se",
        ),
        *(
            "mean",
            "average",
            "median",
            "quartile",
            "quantile",
            "percentile",
            "expected",
            "survival",
            "interval",
        ),
        *(
            "day",
            "days",
            "week",
            "weeks",
            "month",
            "months",
            "year",
            "years",
            "nights",
            "hours",
            "age",
            "score",
        ),
        *(
            "total",
            "cost",
            "price",
            "pounds",
            "gbp",
            "difference",
            "effect",
            "points",
            "probability",
            "p",
            "q",
        ),
        *("df", "rank", "order", "number", "bound", "reference", "place", "places", "load", "confidence"),
    }
)
"""Words in the name of a column that is no count of people."""
NOT_SAID: Final = frozenset({"not published", "not stated", "not recorded", "not known", "–", ""})

Json = dict[str, Any]


@dataclass(frozen=True)
class Tabular:
    """A table or the data of a figure.

    Attributes
    ----------
    payload
        As the notebook holds it.
    guarded
        For each row, whether it rests on records.
    mixed
        Whether other rows, or the same, rest on public evidence as well.
    limits
        Numbers of the policy that hold for it.
    """

    payload: Json
    guarded: tuple[bool, ...]
    mixed: bool
    limits: Limits

    @cached_property
    def columns(self) -> list[Json]:
        """Heads of the columns."""
        return list(self.payload.get("columns", ()))

    @cached_property
    def cells(self) -> list[list[str]]:
        """What is printed, by row."""
        return [[str(cell) for cell in row] for row in self.payload.get("cells", ())]

    @cached_property
    def values(self) -> list[list[Any]]:
        """What was computed, by row."""
        return [list(row) for row in self.payload.get("values", ())]

    @cached_property
    def numeric(self) -> list[int]:
        """Places of the columns of numbers."""
        return [place for place, column in enumerate(self.columns) if column.get("kind") == "number"]

    @cached_property
    def labelling(self) -> list[int]:
        """Places of the columns of labels: those of text that stand before the first number."""
        first = min(self.numeric, default=len(self.columns))
        return [place for place in range(len(self.columns)) if place < first] or [0]

    @cached_property
    def counting(self) -> list[int]:
        """Places of the columns whose printed numbers are whole and count people."""
        return [place for place in self.numeric if self._counts(place)]

    def _counts(self, place: int) -> bool:
        shown = [self.text(row, place) for row in range(len(self.cells))]
        whole = all(re.fullmatch(r"[−-]?\d[\d,]*", cell) for cell in shown if NUMBER.fullmatch(cell))
        name, unit = str(self.columns[place].get("name", "")), self.columns[place].get("unit", "")
        measured = name.isidentifier() and name.islower() and bool(MEASURES & set(name.split("_")))
        return whole and (self.crossed or name in COUNTS or not (measured or unit))

    @property
    def crossed(self) -> bool:
        """Whether categories stand across, so that every column of numbers counts."""
        return any(self.is_total(str(self.columns[place].get("name", ""))) for place in self.numeric)

    def head(self, place: int) -> str:
        """Return the name and the label of a column."""
        column = self.columns[place]
        return f"{column.get('name', '')} {column.get('label', '')}"

    def named(self, *names: str) -> list[int]:
        """Return the places of the columns of numbers that have one of some names."""
        return [place for place in self.numeric if self.columns[place].get("name") in names]

    def text(self, row: int, place: int) -> str:
        """Return what a cell prints, without the marks of footnotes."""
        return NOTE.sub("", self.cells[row][place])

    def hidden(self, row: int, place: int) -> bool:
        """Whether a cell prints the marker."""
        return self.text(row, place) == self.limits.marker

    def number(self, row: int, place: int) -> float | None:
        """Return the number that a cell prints [a share as a fraction], None if it prints none."""
        return printed(self.text(row, place))

    def label(self, row: int) -> tuple[str, ...]:
        """Return what a row is of."""
        return tuple(self.text(row, place) for place in self.labelling)

    def is_total(self, label: str) -> bool:
        """Whether a label stands for everything."""
        return label.casefold() in TOTALS and not label.islower()


def printed(cell: str) -> float | None:
    """Return the number that a cell prints, a percentage as a fraction; None if it prints none."""
    if not NUMBER.fullmatch(cell):
        return None
    digits = re.sub(r"[£,%]| points", "", cell).replace("−", "-")
    number = float(digits)
    return number / 100 if cell.endswith(("%", "points")) else number


def agrees(cell: str, value: Any) -> bool:
    """Whether a value, rounded as its cell prints it, is what the cell prints."""
    number = printed(cell)
    if number is None or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    places = len(cell.partition(".")[2].rstrip("% points")) if "." in cell else 0
    step = 10.0**-places / (100 if cell.endswith(("%", "points")) else 1)
    return math.isclose(number, value, rel_tol=0, abs_tol=step * 0.5000001)
