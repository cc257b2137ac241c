"""What survival curves are computed from, and every count that a reader of one has or can work out.

Between any two points of a curve so many left; so every such count is a cell of the base. Where a curve shows
how many were still there on a day, those who ceased to be seen or came under observation in a step are cells
too, because a reader takes them from two such days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.outputs.breakdown import Bools, Breakdown
from analysis.disclosure.population import KNOWN, NOT_KNOWN, Floats, Lacking, Population, categories
from analysis.disclosure.tables import TOTAL, Key, Table, make_key
from analysis.errors import UsageError, one_of

SEEN: Final = "stay seen"
"""Dimension of a base whose categories are when a stay began to be seen, when it ended, and how."""
STILL: Final = "still there"
LEFT: Final = "left"
DAYS: Final = "days"
MOST_KINDS: Final = 7
OTHER: Final = "Any other exit"
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
        Kinds of leaving that are told apart, each with its categories.
    grid
        Days of the curve, from 0.
    column, still
        Column of the categories, and those that are no leaving.
    followed
        Whether a curve shows how many were still there.
    """

    entry: Floats
    days: Floats
    exits: np.ndarray[Any, Any]
    kinds: Mapping[str, tuple[str, ...]]
    grid: tuple[int, ...]
    column: str
    still: tuple[str, ...]
    followed: bool = False

    @property
    def known(self) -> Bools:
        """Which rows can be followed: seen for a day at least, or from the start."""
        found: Bools = (self.days > self.entry) | ((self.entry <= 0) & (self.days >= 0))
        return found

    @property
    def late(self) -> bool:
        """Whether it matters here that a row began to be seen after its start."""
        return self.followed and bool((self.entry[self.known] > 0).any())

    @property
    def steps(self) -> range:
        """Steps of the grid by number; the last is beyond its end."""
        return range(1, len(self.grid) + 1)

    def told(self, *, others: bool) -> tuple[str, ...]:
        """Return the kinds of leaving that a curve shows."""
        return tuple(kind for kind in self.kinds if others or kind != OTHER)

    def leaves(self) -> tuple[str, ...]:
        """Return every category that a row can have, whether or not one has it."""
        firsts = range(len(self.grid) + 1) if self.late else (0,)
        ends = [(first, last) for last in self.steps for first in firsts if first <= last]
        known = (_leaf(*end, how) for end in ends for how in (*self.kinds, STILL))
        return (*known, *(() if self.known.all() else (NOT_KNOWN,)))

    def categories(self) -> list[str]:
        """Return the category of each row."""
        entry = np.nan_to_num(self.entry) if self.late else np.zeros(len(self.entry))
        first = np.searchsorted(self.grid, entry, side="left")
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
        if not self.known.all():
            yield KNOWN, [leaf for leaf, *_ in cells]
        for begin, end in combinations(range(len(self.grid)), 2):
            left = [(leaf, how) for leaf, _, last, how in cells if begin < last <= end and how != STILL]
            yield self.left_name(begin, end), [leaf for leaf, _ in left]
            for kind in self.kinds if len(self.kinds) > 1 else ():
                yield self.left_name(begin, end, kind), [leaf for leaf, how in left if how == kind]
        for step in range(1, len(self.grid)) if self.followed else ():
            seen = [leaf for leaf, first, last, _ in cells if first <= step < last]
            yield self.risk_name(step), seen
            ended = [leaf for leaf, _, last, how in cells if last == step and how == STILL]
            yield f"seen no longer, {self._span(step - 1, step)}", ended
            if self.late:
                came = [leaf for leaf, first, _, _ in cells if first == step]
                yield f"first seen, {self._span(step - 1, step)}", came

    def relations(self) -> Iterator[Key]:
        """Yield what cannot be: a kind of exit with the stays that ended in another way."""
        every = [*(one for members in self.kinds.values() for one in members), *self.still]
        for leaf in self.leaves():
            if leaf != NOT_KNOWN:
                how = _parts(leaf)[-1]
                own = self.still if how == STILL else self.kinds[how]
                others = (category for category in every if category not in own)
                yield from (make_key([(self.column, category), (SEEN, leaf)]) for category in others)

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


def declare(
    population: Population,
    split: Breakdown,
    stays: Stays,
    name: str,
    *,
    competing: bool = False,
    at_risk: bool = False,
    others: bool = True,
) -> Table:
    """Declare the cells of a curve, and return its table of counts.

    All curves of a base stand on one dimension, so that what they share is one cell. How many left by a day
    is printed; how many between two days is worked out from that, and so counted and not printed.

    Parameters
    ----------
    competing
        Whether the curve tells kinds of exit apart.
    at_risk
        Whether it shows how many were still there.
    others
        Whether it shows the kind of exit that no other names.
    """
    nodes = _nodes(population, stays)
    levels = {**split.levels(), SEEN: (*nodes, *(() if stays.known.all() else (NOT_KNOWN,)), TOTAL)}
    kinds = stays.told(others=others) if competing and len(stays.kinds) > 1 else ("",)
    printed = {stays.left_name(0, step, kind) for step in range(1, len(stays.grid)) for kind in kinds}
    printed |= {stays.risk_name(step) for step in range(1, len(stays.grid))} if at_risk else set()
    told = (*(node for node in nodes if node in {*printed, KNOWN}), TOTAL)
    part = {one: both[:1] for one, both in split.part.items()}
    dimensions = (*split.axes, *split.part, SEEN)
    return Table(name, population.base, dimensions, levels=levels, told={**part, SEEN: told})


def declare_exits(
    population: Population,
    split: Breakdown,
    stays: Stays,
    name: str,
    *,
    step: int,
    told: Mapping[str, tuple[str, ...]],
) -> Table:
    """Declare how many were followed and how many left by a day of the grid, and return that table.

    Parameters
    ----------
    step
        The day, by its place on the grid.
    told
        Nodes of each axis that are used.
    """
    wanted = {KNOWN, stays.left_name(0, step)}
    nodes = [node for node in _nodes(population, stays) if node in wanted]
    levels = {**split.levels(), SEEN: (*nodes, *(() if stays.known.all() else (NOT_KNOWN,)), TOTAL)}
    part = {one: both[:1] for one, both in split.part.items()}
    shown = {**part, **told, SEEN: (*nodes, TOTAL)}
    return Table(name, population.base, (*split.axes, *split.part, SEEN), levels=levels, told=shown)


def _nodes(population: Population, stays: Stays) -> list[str]:
    """Declare the dimension of all curves of a base, and return the nodes that a reader can learn of."""
    population.add(SEEN, stays.leaves(), stays.categories())
    population.relate(stays.relations())
    return [population.group(SEEN, node, covered) for node, covered in stays.groups() if covered]


class Durations:
    """The durations of one base, whose kinds of exit are told apart in one way by all its curves.

    Parameters
    ----------
    seen
        What is known without telling kinds apart.
    said
        Category of exit of each row.
    """

    def __init__(self, seen: Stays, said: np.ndarray[Any, Any]) -> None:
        self._seen, self._said = seen, said
        self._kinds: dict[str, tuple[str, ...]] | None = None
        self._followed = False

    def follow(self) -> None:
        """Have the counts of those still there, and of those who come and go unseen, be cells too."""
        self._followed = True

    def tell_apart(self, kinds: Mapping[str, Sequence[str]] | None) -> None:
        """Take the kinds of exit that a curve tells apart, if it does.

        Raises
        ------
        UsageError
            If another curve tells others apart, a category is unknown or stands twice, or there are too many.
        """
        if kinds is None:
            return
        (every,) = self._seen.kinds.values()
        named = [one for members in kinds.values() for one in members]
        strangers = sorted(set(named) - set(every))
        where = f"release.survival, {self._seen.column}"
        if strangers:
            cure = one_of(strangers[0], every)
            raise UsageError(f'there is no exit "{strangers[0]}"', where=where, cure=cure)
        if len(set(named)) < len(named) or not 1 <= len(kinds) <= MOST_KINDS:
            cure = f"Name one to {MOST_KINDS} kinds, and each category once."
            raise UsageError("the kinds of exit cannot be told apart", where=where, cure=cure)
        rest = tuple(one for one in every if one not in named)
        wanted = {kind: tuple(members) for kind, members in kinds.items()} | ({OTHER: rest} if rest else {})
        if self._kinds is not None and self._kinds != wanted:
            cure = "Give all curves of one table the same kinds, so that they cannot be subtracted."
            raise UsageError("another curve tells other kinds apart", where=where, cure=cure)
        self._kinds = wanted

    @cached_property
    def stays(self) -> Stays:
        """What curves are computed from, once all of them are planned."""
        seen = replace(self._seen, followed=self._followed)
        if self._kinds is None:
            return seen
        kind_of = {one: kind for kind, members in self._kinds.items() for one in members}
        exits = np.array([kind_of.get(one, "") for one in self._said], dtype=object)
        return replace(seen, kinds=self._kinds, exits=np.where(seen.exits == "", "", exits))


def durations_of(
    population: Population, frame: pd.DataFrame, grid: tuple[int, ...], columns: Columns
) -> Durations:
    """Return the durations of a base, made once for all its curves.

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
        If the kinds of exit have no declared categories, or another curve is of other columns.
    """
    population.same(frame)
    for name in (columns.days, columns.exits):
        if name not in frame:
            raise Lacking(f"The records do not hold {name.replace('_', ' ')}.")
    before, made = population.made.get(SEEN, (columns, None))
    if before != columns:
        cure = "All curves of one table are of the same columns."
        raise UsageError("another curve is of other columns", where="release.survival", cure=cure)
    if made is None:
        made = _durations(frame, grid, columns)
        population.made[SEEN] = (columns, made)
    durations: Durations = made
    return durations


def _durations(frame: pd.DataFrame, grid: tuple[int, ...], columns: Columns) -> Durations:
    declared, values = categories(frame[columns.exits], columns.exits)
    said = np.array(values, dtype=object)
    still = tuple(kind for kind in declared if kind in columns.still)
    seen = np.isin(said, still)
    if columns.censored in frame:
        seen |= frame[columns.censored].astype("boolean").fillna(value=True).to_numpy(dtype=np.bool_)
    begun = _floats(frame[columns.entry]) if columns.entry in frame else np.zeros(len(frame))
    every = {LEFT: tuple(kind for kind in declared if kind not in still)}
    exits = np.where(seen, "", LEFT).astype(object)
    return Durations(
        Stays(begun, _floats(frame[columns.days]), exits, every, grid, columns.exits, still), said
    )


def _floats(column: pd.Series[Any]) -> Floats:
    values = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(values, dtype=np.float64)
