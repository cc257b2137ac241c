"""Which printed figures must fit together, declared in data, and whether they do.

``data/published/relations.csv`` has one row a *reading*: rows with the same ``relation_id`` are readings of
one printed figure, the first as it is printed, the others what else could have been meant. If the first
holds, the figures agree; if another holds, that is the finding's most plausible reading; if none does,
nothing printed reproduces the figure. A new authority's figures are audited by adding rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.errors import DataRefused, one_of
from analysis.evidence import grim
from analysis.evidence.audit_findings import KINDS, Figure
from analysis.evidence.formulas import Absent, Evaluated, evaluate, period_year, select
from analysis.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.evidence.audit_findings import Book

FILE: Final = "published/relations.csv"
COLUMNS: Final = (
    "relation_id",
    "kind",
    "figure_id",
    "test",
    "formula",
    "tolerance",
    "mend",
    "reading",
    "agreement",
)
TESTS: Final = ("equals", "at_most", "at_least", "year_equals", "unstated", "overlap")
ROUGH: Final = ("around", "approximately", "roughly", "estimated")
FLOOR: Final = ("over", "at least", "or more")
CEILING: Final = ("up to", "maximum")
LEEWAY: Final = 0.05
"""What "around", "over" and "up to" are taken to allow [share of the printed number]."""


@dataclass(frozen=True)
class Reading:
    """One row of the table of relations."""

    relation_id: str
    kind: str
    figure_id: str
    test: str
    formula: str
    tolerance: str
    mend: str
    reading: str
    agreement: str


@dataclass(frozen=True)
class Check:
    """One reading applied to one printed figure, or to none where the result is not printed."""

    reading: Reading
    target: Figure | None
    result: Evaluated

    @property
    def printed(self) -> float:
        """The printed number, or the year its period starts in [in the unit of the figure]."""
        if self.target is None:
            return self.result.value
        return period_year(self.target.period) if self.reading.test == "year_equals" else self.target.value

    @property
    def holds(self) -> bool:
        """Whether the printed figure fits what the reading gives, within its rounding."""
        low, high = (0.0, 0.0) if self.target is None else leeway(self.target, self.reading)
        excess = self.result.value - self.printed
        slack = 1e-9 * max(1.0, abs(self.printed))
        above = self.reading.test != "at_most" and excess > high + slack
        below = self.reading.test != "at_least" and excess < low - slack
        if self.reading.test == "at_most":
            return excess >= low - slack
        if self.reading.test == "at_least":
            return excess <= high + slack
        return not (above or below)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The printed figure first, then those it is worked out from."""
        target = (self.target,) if self.target else ()
        return tuple(dict.fromkeys((*target, *self.result.figures)))


@dataclass(frozen=True)
class Judged:
    """A printed figure, the reading as printed, and the first other reading that holds, if any."""

    first: Check
    fits: Check | None

    @property
    def agrees(self) -> bool:
        """Whether the figure holds as it is printed."""
        return self.first.holds


def load(layout: Layout | None = None) -> pd.DataFrame:
    """Read the table of relations [one row a reading; every column text].

    Raises
    ------
    DataRefused
        If the table is missing.
    """
    path = (layout or Layout.find()).data / FILE
    if not path.is_file():
        raise DataRefused("the table is missing", where=f"data/{FILE}")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def readings(table: pd.DataFrame) -> list[Reading]:
    """Check and read every row of the table of relations.

    Parameters
    ----------
    table
        Columns ``COLUMNS``; those not given are empty [one row a reading].

    Raises
    ------
    DataRefused
        If a column, a kind or a test is unknown.
    """
    for column in table.columns:
        _known(str(column), COLUMNS, "column", "relations")
    rows = [
        Reading(**{column: str(row.get(column) or "").strip() for column in COLUMNS})
        for row in table.fillna("").to_dict("records")
    ]
    for row in rows:
        _known(row.kind, KINDS, "kind", row.relation_id)
        _known(row.test, TESTS, "test", row.relation_id)
    return rows


def _known(given: str, known: Iterable[str], what: str, where: str) -> None:
    """Refuse a word that is not one of the known ones."""
    if given not in known:
        raise DataRefused(f'unknown {what} "{given}"', where=where, cure=one_of(given, known))


def leeway(target: Figure, reading: Reading) -> tuple[float, float]:
    """Return how far below and above the printed number a result may lie [in the unit of the figure].

    A tolerance in the table decides (``1`` or ``2%``); else the words around the number ("around",
    "over", "up to"); else half of the last printed digit.
    """
    if reading.tolerance:
        width = _width(reading, abs(target.value))
        return -width, width
    half, wide = 0.5 * 10 ** -grim.decimals(target.value, target.quote), LEEWAY * abs(target.value)
    below = wide if target.qualifier in ROUGH + CEILING else half
    above = wide if target.qualifier in ROUGH + FLOOR else half
    return -max(below, half), max(above, half)


def _width(reading: Reading, size: float) -> float:
    """Read a tolerance: a number, or a percentage of the printed number."""
    text = reading.tolerance
    try:
        return float(text[:-1]) / 100 * size if text.endswith("%") else float(text)
    except ValueError as error:
        raise DataRefused(f'"{text}" is not a tolerance', where=reading.relation_id) from error


def judge(rows: list[Reading], book: Book) -> tuple[list[Judged], list[tuple[Reading, str]]]:
    """Apply every relation to every figure it names.

    Returns
    -------
    tuple
        What was judged, and the readings that could not be, each with the figure it lacks.
    """
    grouped: dict[str, list[Reading]] = {}
    for row in rows:
        if row.test != "overlap":
            grouped.setdefault(row.relation_id, []).append(row)
    judged: list[Judged] = []
    lacking: list[tuple[Reading, str]] = []
    for group in grouped.values():
        found, missing = _judge_group(group, book)
        judged += found
        lacking += missing
    return judged, lacking


def _judge_group(group: list[Reading], book: Book) -> tuple[list[Judged], list[tuple[Reading, str]]]:
    """Apply the readings of one relation to each figure it is about."""
    if group[0].test == "unstated":
        targets: list[Figure | None] = [None]
    else:
        targets = list(select(group[0].figure_id, book))
    if not targets:
        return [], [(group[0], group[0].figure_id)]
    judged: list[Judged] = []
    lacking: list[tuple[Reading, str]] = []
    for target in targets:
        checks: list[Check] = []
        for reading in group:
            try:
                checks.append(Check(reading, target, evaluate(reading.formula, book, target)))
            except Absent as absent:
                if reading.figure_id in book or target is None:  # a selector may find more than it relates
                    lacking.append((reading, str(absent)))
            except ZeroDivisionError:
                lacking.append((reading, "a base that is not zero"))
        if checks and checks[0].reading is group[0]:
            judged.append(Judged(checks[0], next((check for check in checks[1:] if check.holds), None)))
    return judged, lacking


def overlapping(rows: list[Reading], book: Book) -> frozenset[str]:
    """Return the figures whose categories are declared to overlap, so that they need not add up."""
    declared = [row for row in rows if row.test == "overlap"]
    return frozenset(figure.figure_id for row in declared for figure in select(row.figure_id, book))


def solve(judged: Judged, figure: Figure, book: Book) -> float | None:
    """Return the value of one figure that would make an equation hold, if it enters it linearly.

    Parameters
    ----------
    judged
        An equation that does not hold.
    figure
        One of the figures in it.

    Returns
    -------
    float or None
        The value [in the unit of the figure]; None if the equation is not linear in it.
    """
    errors = [_error(judged.first, replace(figure, value=figure.value + step), book) for step in (0, 1, 2)]
    slope = errors[1] - errors[0]
    if abs(slope) < 1e-9 or abs(errors[2] - errors[1] - slope) > 1e-6 * max(1.0, abs(slope)):
        return None
    return figure.value - errors[0] / slope


def _error(check: Check, changed: Figure, book: Book) -> float:
    """Return by how much an equation fails if one figure is changed."""
    again = with_value(check, changed, book)
    return again.result.value - again.printed


def with_value(check: Check, changed: Figure, book: Book) -> Check:
    """Return the same check with another value in place of one printed figure."""
    target = check.target
    if target is not None and target.figure_id == changed.figure_id:
        target = changed
    result = evaluate(check.reading.formula, {**book, changed.figure_id: changed}, target)
    return Check(check.reading, target, result)


@dataclass(frozen=True)
class Culprit:
    """A figure that two or more broken equations would have be one and the same other value."""

    figure: Figure
    value: float
    broken: tuple[Judged, ...]


def culprits(judged: Iterable[Judged], book: Book) -> list[Culprit]:
    """Find figures that one changed value would mend in every equation they break.

    Two independent equations that ask for the same value are what makes a mended reading clear; one
    equation alone cannot say which of its figures is wrong.
    """
    broken = [
        item
        for item in judged
        if not item.agrees and item.fits is None and item.first.target and item.first.reading.test == "equals"
    ]
    asked: dict[str, list[tuple[float, Judged]]] = {}
    for item in broken:
        for figure in item.first.figures:
            value = solve(item, figure, book)
            if value is not None:
                asked.setdefault(figure.figure_id, []).append((value, item))
    return [
        Culprit(book[figure_id], values[0][0], tuple(item for _, item in values))
        for figure_id, values in asked.items()
        if _same({item.first.reading.relation_id for _, item in values}, [value for value, _ in values])
    ]


def _same(relations: set[str], values: list[float]) -> bool:
    """Whether at least two relations ask for one value."""
    return len(relations) > 1 and max(values) - min(values) < 1e-6 * max(1.0, abs(values[0]))
