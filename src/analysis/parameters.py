"""What a run may be asked for: known areas and periods, and typed parameters of a notebook.

Ground floor and standard library alone, because both sides ask: the runner before a kernel starts, the
session inside it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from analysis.errors import DataRefused, UsageError, did_you_mean, one_of
from analysis.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

AREAS_FILE: Final = "published/areas.csv"
PERIODS_FILE: Final = "published/periods.csv"
REFERENCE_YEARS: Final = range(2018, 2026)
"""Financial years, by the year they start in, that hold a quarter of the homelessness statistics."""

Scalar = str | int | float | bool
Kind = Literal["str", "int", "float", "bool"]
KINDS: Final[dict[str, str]] = {
    "str": "text (str)",
    "int": "a whole number (int)",
    "float": "a number (float)",
    "bool": "true or false (bool)",
}
SUPPORTED: Final = "str, int, float, bool, Literal[…] of those, and list[…] of any of them"
_YES: Final = frozenset({"true", "yes", "1"})
_NO: Final = frozenset({"false", "no", "0"})


def _rows(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of a small CSV table, refusing one that lacks a column."""
    if not path.is_file():
        raise DataRefused("the table is missing", where=f"data/published/{path.name}")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise DataRefused(f"no column {', '.join(missing)}", where=f"data/published/{path.name}")
        return list(reader)


def starting_year(period: str) -> int | None:
    """Return the year a financial year such as ``2022-23`` starts in, or None if it is not one."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", period)
    if not match:
        return None
    year = int(match[1])
    return year if (year + 1) % 100 == int(match[2]) else None


@dataclass(frozen=True)
class Areas:
    """The authorities a report can be about, and the periods each has published evidence for.

    Attributes
    ----------
    names
        Area slug to printed name, in the order of the table.
    evidence
        Area slug to the periods its published sources cover, earliest first.
    dates
        (Area slug, period) to its first and last day, ISO, where the table of periods says.
    """

    names: dict[str, str]
    evidence: dict[str, tuple[str, ...]]
    dates: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, layout: Layout | None = None) -> Areas:
        """Read ``areas.csv`` and ``periods.csv``.

        Raises
        ------
        DataRefused
            If a table or a column is missing, or a period names an unknown area.
        """
        data = (layout or Layout.find()).data
        names = {row["area"]: row["name"] for row in _rows(data / AREAS_FILE, ("area", "name"))}
        evidence: dict[str, list[str]] = {}
        dates: dict[tuple[str, str], tuple[str, str]] = {}
        for row in _rows(data / PERIODS_FILE, ("area", "period")):
            if row["area"] not in names:
                raise DataRefused(f'unknown area "{row["area"]}"', where=f"data/{PERIODS_FILE}")
            evidence.setdefault(row["area"], []).append(row["period"])
            if row.get("start") and row.get("end"):
                dates[row["area"], row["period"]] = (row["start"], row["end"])
        return cls(names, {area: tuple(sorted(set(periods))) for area, periods in evidence.items()}, dates)

    def check_area(self, area: str) -> str:
        """Return the area if it is known.

        Raises
        ------
        UsageError
            If it is not, with the nearest name and all names.
        """
        if area not in self.names:
            raise UsageError(f'unknown area "{area}"', where="area", cure=one_of(area, self.names))
        return area

    def check_period(self, area: str, period: str) -> str:
        """Return the period if the area has evidence for it: published, or the reference statistics.

        Raises
        ------
        UsageError
            If the area is unknown, or there is no evidence; it lists the periods that have some.
        """
        published = self.published_periods(self.check_area(area))
        if period in published or starting_year(period) in REFERENCE_YEARS:
            return period
        raise UsageError(
            f'no evidence for period "{period}"', where=area, cure=_periods_cure(area, period, published)
        )

    def name(self, area: str) -> str:
        """Return the printed name of an area: ``Norfolk``.

        Raises
        ------
        UsageError
            If the area is unknown.
        """
        return self.names[self.check_area(area)]

    def published_periods(self, area: str) -> tuple[str, ...]:
        """Return the periods the area's published sources cover, earliest first; empty if none does.

        Raises
        ------
        UsageError
            If the area is unknown.
        """
        return self.evidence.get(self.check_area(area), ())

    def days(self, area: str, period: str) -> tuple[date, date]:
        """Return the first and last day of a period: as published for the area, or of the financial year.

        Raises
        ------
        UsageError
            If the area is unknown, or there is no evidence for the period.
        """
        year = starting_year(self.check_period(area, period))
        if (area, period) in self.dates:
            first, last = self.dates[area, period]
            return date.fromisoformat(first), date.fromisoformat(last)
        if year is None:
            raise UsageError(
                f'no dates for period "{period}"', where=area, cure=f"Give it in data/{PERIODS_FILE}."
            )
        return date(year, 4, 1), date(year + 1, 3, 31)

    def default_pairs(self) -> list[tuple[str, str]]:
        """Return every (area, period) with published evidence, sorted: what a plain run covers."""
        return sorted((area, period) for area, periods in self.evidence.items() for period in periods)


def _periods_cure(area: str, period: str, published: tuple[str, ...]) -> str:
    """Say which periods would have been accepted."""
    near = did_you_mean(period, published)
    own = f"{area} has published evidence for {', '.join(published)}." if published else ""
    first, last = REFERENCE_YEARS[0], REFERENCE_YEARS[-1]
    reference = (
        f"Reference statistics alone: any year from {first}-{(first + 1) % 100:02}"
        f" to {last}-{(last + 1) % 100:02}."
    )
    return " ".join(part for part in (near, own, reference) if part)


@dataclass(frozen=True)
class Parameter:
    """One line of a notebook's parameters cell: ``confidence: float = 0.95  # of the intervals``.

    Attributes
    ----------
    name, kind
        Its name, and the type of one value.
    default
        What the notebook runs with if nobody says otherwise.
    choices
        The values a ``Literal`` allows; empty if any value of the type will do.
    many
        Whether it takes a list of such values.
    help
        The comment that follows it in the cell.
    """

    name: str
    kind: Kind
    default: Scalar | list[Scalar]
    choices: tuple[Scalar, ...] = ()
    many: bool = False
    help: str = ""

    @property
    def takes(self) -> str:
        """What it takes, in words: ``a number (float)``, ``"women" or "all"``."""
        words = " or ".join(_quoted(choice) for choice in self.choices) or KINDS[self.kind]
        return f"a comma-separated list of {words}" if self.many else words

    def coerce(self, text: str, *, where: str = "") -> Scalar | list[Scalar]:
        """Return the typed value of ``-p NAME=VALUE``; a list is separated by commas.

        Parameters
        ----------
        text
            What was typed after the equals sign.
        where
            The notebook, for the message.

        Raises
        ------
        UsageError
            If the text is not of the type, or not one of the choices.
        """
        parts = [part.strip() for part in text.split(",") if part.strip()] if self.many else [text]
        try:
            values = [self._chosen(_CONVERT[self.kind](part)) for part in parts]
        except ValueError:
            raise self.refusal(text, where=where) from None
        return values if self.many else values[0]

    def check(self, value: Any, *, where: str = "") -> Scalar | list[Scalar]:
        """Return an already typed value (a default, a variant) if it is of the type, exactly.

        Raises
        ------
        UsageError
            If it is not. A whole number is a number; ``True`` is not.
        """
        values = value if self.many else [value]
        if not isinstance(values, list) or not all(self._fits(one) for one in values):
            raise self.refusal(value, where=where)
        typed = [float(one) if self.kind == "float" else one for one in values]
        return typed if self.many else typed[0]

    def refusal(self, given: Any, *, where: str) -> UsageError:
        """Return the error that says what would have been accepted."""
        shown = given if isinstance(given, str) else repr(given)
        near = did_you_mean(str(given), [str(choice) for choice in self.choices])
        default = self.default if not isinstance(self.default, list) else ",".join(map(str, self.default))
        cure = f"{near} Write -p {self.name}={default}, for example.".strip()
        return UsageError(
            f'parameter "{self.name}" takes {self.takes}, not "{shown}"', where=where, cure=cure
        )

    def _fits(self, value: Any) -> bool:
        allowed: tuple[type, ...] = {"float": (float, int)}.get(self.kind, (_TYPES[self.kind],))
        right = type(value) in allowed
        return right and (not self.choices or value in self.choices)

    def _chosen(self, value: Scalar) -> Scalar:
        if self.choices and value not in self.choices:
            raise ValueError
        return value


def _quoted(value: Scalar) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _yes_or_no(text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise ValueError
    return word in _YES


def _finite(text: str) -> float:
    value = float(text)
    if value - value != 0:  # inf and nan are read by float(), and are never meant
        raise ValueError
    return value


_TYPES: Final[dict[str, type]] = {"str": str, "int": int, "float": float, "bool": bool}
_CONVERT: Final[dict[str, Callable[[str], Scalar]]] = {
    "str": str,
    "int": int,
    "float": _finite,
    "bool": _yes_or_no,
}
