"""Curves of how long stays last, on the policy's days alone, with every count behind them a cell of the base.

A curve with its own steps shows single people leaving. On a fixed grid it shows, between any two of its
points, how many left; so every such count is a cell, for each pair of days, and is protected with all others:
where one would be small, points between are hidden, which joins their steps. How many were still seen at a
day, and how many ceased to be seen or came under observation in a step, are cells too.

References
----------
Griffiths E and others (2019), Handbook on Statistical Disclosure Control for Outputs, Safe Data Access
Professionals, "Survival analysis". OpenSAFELY, output checking: Kaplan-Meier curves are rounded so that each
step is of more than a few events.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.breakdown import Bools, Breakdown
from analysis.disclosure.content import MARKER, Content
from analysis.disclosure.hidden import Hidden, Unavailable
from analysis.disclosure.policy import Policy
from analysis.disclosure.population import KNOWN, NOT_KNOWN, Floats, Lacking, Population, categories
from analysis.disclosure.settled import Settled, too_few
from analysis.disclosure.tables import Key, Table, make_key
from analysis.errors import DataRefused
from analysis.methods.durations import kaplan_meier
from analysis.methods.exits import cumulative_incidence

SEEN: Final = "stay seen"
"""Dimension of a base whose categories are when a stay began to be seen, when it ended, and how."""
STILL: Final = "still there"
LEFT: Final = "left"
DAYS: Final = "days"
PLACES: Final = 2
"""Decimals of a share on a curve: on a finer one the numbers at risk could be worked back."""


@dataclass(frozen=True)
class Columns:
    """Where the columns of a table of durations stand.

    Attributes
    ----------
    days
        Days from the start to the end, or to when last seen.
    entry
        Day from which it was seen; all from the start if the table has none.
    exits
        Kind of exit, a category.
    censored
        Whether the end was not seen, if the table says so.
    still
        Categories of ``exits`` that are no exit.
    """

    days: str = "days"
    entry: str = "entry"
    exits: str = "exit"
    censored: str = "censored"
    still: tuple[str, ...] = ("Still there", "Still waiting")


@dataclass(frozen=True)
class Point:
    """A curve on one day: a share and its interval [fractions]."""

    value: float
    low: float
    high: float


UNKNOWN: Final = Point(math.nan, math.nan, math.nan)


@dataclass(frozen=True, eq=False)
class Stays:
    """What a curve is computed from, one item a row of the base.

    Attributes
    ----------
    entry, days
        Days from the start to when the row began to be seen, and to its end [NaN where not known].
    exits
        Kind of leaving; "" if the row was still there when last seen.
    kinds
        Every kind of leaving.
    grid
        Days of the curve, from 0.
    column, still
        Column of the kinds among the categories of the base, if it is one, and those of its categories that
        are no leaving.
    """

    entry: Floats
    days: Floats
    exits: np.ndarray[Any, Any]
    kinds: tuple[str, ...]
    grid: tuple[int, ...]
    column: str = ""
    still: tuple[str, ...] = ()

    @property
    def known(self) -> Bools:
        """Which rows can be followed: seen for a day at least, or from the start."""
        found: Bools = (self.days > self.entry) | ((self.entry <= 0) & (self.days >= 0))
        return found

    @property
    def late(self) -> bool:
        """Whether any row began to be seen after its start."""
        return bool((self.entry[self.known] > 0).any())

    @property
    def steps(self) -> range:
        """Steps of the grid by number; the last is beyond its end."""
        return range(1, len(self.grid) + 1)

    def leaves(self) -> tuple[str, ...]:
        """Return every category that a row can have, whether or not one has it."""
        firsts = range(len(self.grid) + 1) if self.late else (0,)
        ends = [(first, last) for last in self.steps for first in firsts if first <= last]
        return (*(_leaf(*end, how) for end in ends for how in (*self.kinds, STILL)), NOT_KNOWN)

    def categories(self) -> list[str]:
        """Return the category of each row."""
        first = np.searchsorted(self.grid, np.nan_to_num(self.entry), side="left")
        last = np.maximum(np.searchsorted(self.grid, np.nan_to_num(self.days), side="left"), 1)
        return [
            _leaf(int(one), int(end), how or STILL) if known else NOT_KNOWN
            for one, end, how, known in zip(first, last, self.exits, self.known, strict=True)
        ]

    def frame(self, rows: Bools, people: np.ndarray[Any, Any]) -> pd.DataFrame:
        """Return some rows as the methods take them."""
        exits = self.exits[rows]
        return pd.DataFrame(
            {
                "person": people[rows],
                "entry": self.entry[rows],
                "days": self.days[rows],
                "censored": exits == "",
                "exit": pd.Series(exits).replace("", None),
            }
        )

    def fewest(self, rows: Bools) -> Callable[[int], int]:
        """Return what tells the fewest rows at risk at any leaving up to a day."""
        entry, days, left = self.entry[rows], self.days[rows], self.exits[rows] != ""
        moments = np.unique(days[left])
        begun = np.where(entry <= 0, -1.0, entry)
        risk = ((begun < moments[:, None]) & (days >= moments[:, None])).sum(axis=1)
        return lambda day: int(risk[moments <= day].min(initial=len(days)))

    def groups(self) -> Iterator[tuple[str, list[str]]]:
        """Yield every count that a reader of the curve has or can work out, by name, with what it covers."""
        cells = [(leaf, *_parts(leaf)) for leaf in self.leaves() if leaf != NOT_KNOWN]
        yield KNOWN, [leaf for leaf, *_ in cells]
        for begin, end in combinations(range(len(self.grid)), 2):
            for kinds in [set(self.kinds)] + [{kind} for kind in self.kinds if len(self.kinds) > 1]:
                name = self.left_name(begin, end, next(iter(kinds)) if len(kinds) < len(self.kinds) else "")
                yield name, [leaf for leaf, _, last, how in cells if begin < last <= end and how in kinds]
        for step in range(1, len(self.grid)):
            seen = [leaf for leaf, first, last, _ in cells if first <= step < last]
            yield self.risk_name(step), seen
            ended = [leaf for leaf, _, last, how in cells if last == step and how == STILL]
            yield f"seen no longer, {self._span(step - 1, step)}", ended
            if self.late:
                came = [leaf for leaf, first, _, _ in cells if first == step]
                yield f"first seen, {self._span(step - 1, step)}", came

    def relations(self) -> Iterator[Key]:
        """Yield what cannot be: a kind of exit with the stays that ended in another way."""
        for leaf in self.leaves():
            if self.column and leaf != NOT_KNOWN:
                how = _parts(leaf)[-1]
                own = self.still if how == STILL else (how,)
                others = (kind for kind in (*self.kinds, *self.still) if kind not in own)
                yield from (make_key([(self.column, kind), (SEEN, leaf)]) for kind in others)

    def left_name(self, begin: int, end: int, kind: str = "") -> str:
        """Return the name of the count of those who left between two points of the grid."""
        return f"{kind or LEFT}, {self._span(begin, end)}"

    def risk_name(self, step: int) -> str:
        """Return the name of the count of those still there after a day of the grid."""
        return f"{STILL} after day {self.grid[step]}"

    def _span(self, begin: int, end: int) -> str:
        first = self.grid[begin] + 1 if begin else 0
        return f"day {first} to {self.grid[end]}"


def _leaf(first: int, last: int, how: str) -> str:
    return f"{first}|{last}|{how}"


def _parts(leaf: str) -> tuple[int, int, str]:
    first, last, how = leaf.split("|", 2)
    return int(first), int(last), how


def declare(population: Population, split: Breakdown, stays: Stays, name: str) -> Table:
    """Declare the cells of a curve, and return its table of counts.

    All curves of a base stand on one dimension, so that what they share is one cell.
    """
    population.add(SEEN, stays.leaves(), stays.categories())
    population.relate(stays.relations())
    nodes = [population.group(SEEN, node, covered) for node, covered in stays.groups() if covered]
    levels = {**split.levels(), SEEN: (*nodes, NOT_KNOWN)}
    return Table(name, population.base, (*split.axes, *split.part, SEEN), levels=levels)


@dataclass(frozen=True, eq=False)
class Curve:
    """The share still there, or gone by each kind of exit, on the days of the grid.

    Attributes
    ----------
    split
        Its groups.
    stays
        What it is computed from.
    competing
        Whether kinds of exit are told apart.
    """

    split: Breakdown
    stays: Stays
    competing: bool

    @property
    def of_known(self) -> Breakdown:
        """The groups, of those who can be followed."""
        return replace(self.split, part={**self.split.part, SEEN: (KNOWN, NOT_KNOWN)})

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return the points that are released."""
        if (nothing := too_few(settled, self.of_known)) is not None:
            return nothing
        competing = self.competing
        kinds = self.stays.kinds if competing else ("",)
        pairs = product(self.split.cells(), kinds)
        rows = [row for at, kind in pairs for row in self._rows(settled, policy, at, kind)]
        value = "gone" if competing else "remaining"
        formats = dict.fromkeys((value, "low", "high"), "percent") | dict.fromkeys(("at_risk", LEFT), "count")
        content = settled.content(self.of_known, rows, formats={**formats, DAYS: "days"})
        axes = (*content.axes, *(("exit",) if competing else ()), DAYS)
        ends = {DAYS: tuple(map(str, self.stays.grid[1:]))} | ({"exit": kinds} if competing else {})
        return replace(content, axes=axes, nodes={**content.nodes, **ends})

    def _rows(self, settled: Settled, policy: Policy, at: dict[str, str], kind: str) -> list[dict[str, Any]]:
        stays, base = self.stays, self.of_known.key(at)
        points = self._curve(settled, policy, at, kind) if settled.shown(base) else {}
        label = {**at, **({"exit": kind} if kind else {})}
        lines = []
        for step in range(1, len(stays.grid)):
            counts = {
                "at_risk": self._count(settled, at, stays.risk_name(step)),
                LEFT: self._count(settled, at, stays.left_name(0, step, kind)),
            }
            lines.append(self._line(settled, {**label, DAYS: stays.grid[step]}, points.get(step), counts))
        return lines

    def _points(self, settled: Settled, policy: Policy, at: dict[str, str], kind: str) -> list[int]:
        """Return the points between which enough survivors leave, if the base bears percentages."""
        base = self.of_known.key(at)
        if settled.system.count[settled.system.index(base)] < policy.percentage_base:
            return []
        kept = [0]
        for step in range(1, len(self.stays.grid)):
            whole = self._key(at, self.stays.left_name(0, step, kind))
            since = self._key(at, self.stays.left_name(kept[-1], step, kind))
            if settled.shown(whole) and settled.people(since) >= policy.survival_events:
                kept.append(step)
        return kept[1:]

    def _curve(self, settled: Settled, policy: Policy, at: dict[str, str], kind: str) -> dict[int, Point]:
        """Return the curve of a group at the points that it may be shown at."""
        stays, steps = self.stays, self._points(settled, policy, at, kind)
        rows = self.split.rows(settled.population, at) & stays.known
        seen = stays.frame(rows, settled.population.codes())
        points = curve(seen, kind, [stays.grid[step] for step in steps], settled.terms.confidence)
        fewest = stays.fewest(rows)
        return {
            step: point
            for step, point in zip(steps, points, strict=True)
            if fewest(stays.grid[step]) >= policy.threshold and not _certain(point)
        }

    def _line(
        self, settled: Settled, label: dict[str, Any], point: Point | None, counts: Mapping[str, Any]
    ) -> dict[str, Any]:
        told = (point.value, point.low, point.high) if point else (math.nan,) * 3
        names = ("gone" if self.competing else "remaining", "low", "high")
        numbers = {name: round(one, PLACES) for name, one in zip(names, told, strict=True)}
        shown = {name: None if isinstance(one, Hidden) else one for name, one in counts.items()}
        lacking = point is None or None in shown.values()
        return {**label, **numbers, **shown, MARKER: settled.terms.marker if lacking else ""}

    def _key(self, at: dict[str, str], node: str) -> Any:
        pair = (SEEN, node)
        return tuple(sorted((*self.split.key(at), pair)))

    def _count(self, settled: Settled, at: dict[str, str], node: str) -> int | Hidden:
        return settled.count(self._key(at, node))


def curve(seen: pd.DataFrame, kind: str, days: Sequence[int], confidence: float) -> list[Point]:
    """Return a curve at some days: the share still there, or gone by one kind of exit; none if it has none.

    Parameters
    ----------
    seen
        One row a stay: ``person``, ``days``, ``entry`` [days], ``censored``, ``exit``.
    kind
        A kind of exit, or "" for the share still there.
    days
        Where the curve is wanted.
    confidence
        Level of the intervals [0 to 1].
    """
    if not len(days):
        return []
    try:
        found = (
            cumulative_incidence(seen, entry="entry", grid=days, kinds=[kind], confidence=confidence)
            if kind
            else kaplan_meier(seen, entry="entry", person="person", grid=days, confidence=confidence)
        )
    except DataRefused:  # what it would say is of single people
        return [UNKNOWN] * len(days)
    columns = ["share" if kind else "remaining", "low", "high"]
    return [Point(*map(float, row)) for row in found[columns].itertuples(index=False)]


def _certain(point: Point) -> bool:
    """Say whether a point would tell that all stayed, or that all left, or tells nothing."""
    return math.isnan(point.value) or round(point.value, PLACES) in {0.0, 1.0}


def stays_of(population: Population, frame: pd.DataFrame, grid: tuple[int, ...], columns: Columns) -> Stays:
    """Return what a curve is computed from.

    Parameters
    ----------
    population, frame
        The base, and its whole table.
    grid
        Days of the curve.
    columns
        Where they stand.

    Raises
    ------
    Lacking
        If the records do not hold one.
    UsageError
        If the kinds of exit have no declared categories.
    """
    population.same(frame)
    for name in (columns.days, columns.exits):
        if name not in frame:
            raise Lacking(f"The records do not hold {name.replace('_', ' ')}.")
    declared, said = categories(frame[columns.exits], columns.exits)
    still = tuple(kind for kind in declared if kind in columns.still)
    seen = np.isin(np.array(said, dtype=object), still)
    if columns.censored in frame:
        seen |= frame[columns.censored].astype("boolean").fillna(value=True).to_numpy(dtype=np.bool_)
    begun = _floats(frame[columns.entry]) if columns.entry in frame else np.zeros(len(frame))
    kinds = tuple(kind for kind in declared if kind not in still)
    exits = np.where(seen, "", np.array(said, dtype=object))
    return Stays(begun, _floats(frame[columns.days]), exits, kinds, grid, columns.exits, still)


def _floats(column: pd.Series[Any]) -> Floats:
    values = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(values, dtype=np.float64)
