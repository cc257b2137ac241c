"""A second set of records that agrees with the first on everything released, and on nothing else.

A report made of both must be the same to the last byte. Whatever differs was made of something that was not
released: a hidden number, an identifier, an order of rows, a column that no view names.

The twin is made of the cohort itself. Rows change places, survivors get other pseudonyms, columns that no
view uses are dealt anew, and categories are exchanged between rows, always so that every released cell keeps
its count and every hidden one stays in its band. Then everything is released again, as a report would: a twin
that would not be released just like the first is no twin, and the changes that made it so are taken back.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import product
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.breakdown import Bools
from analysis.disclosure.cells import CellSystem
from analysis.disclosure.release import Release
from analysis.disclosure.tables import TOTAL, Table
from analysis.disclosure.views import View
from analysis.errors import DisclosureRefused

BANDS: Final = (0, 10, 25, 50, 100, 250, 500, 1000)
"""Least count of each band; a hidden count keeps to its own, because costs of hiding go by bands."""
PROPOSALS: Final = 12_000
"""Exchanges tried on one base."""
ATTEMPTS: Final = 4
"""So often are changes taken back where a twin is not released like the first; at last all of them."""
LOOKED_AT: Final = 40
"""Rows looked at for one to exchange with."""

Cells = Counter[int]


class Watched(Release):
    """A release that keeps, for its twin, what it counted: rows, cells and which of them are hidden.

    Parameters
    ----------
    *args, **named
        As `analysis.disclosure.release.Release` takes them.
    known
        What was protected before, by its counts; filled here.
    """

    def __init__(self, *args: Any, known: dict[bytes, Any], **named: Any) -> None:
        super().__init__(*args, **named)
        self.bases: dict[str, Base] = {}
        self._known = known

    def _protected(self, system: CellSystem) -> Bools:
        """Return which cells are hidden; the same counts are protected once, since they are hidden alike."""
        counts = system.count.tobytes() + system.people.tobytes()
        name = blake2b(counts, key=system.base.encode()[:64]).digest()
        if name not in self._known:
            self._known[name] = super()._protected(system)
        hidden: Bools = self._known[name]
        return hidden

    def _settled(self, population: Any) -> Any:
        settled = super()._settled(population)
        self.bases[population.base] = Base(population.frame(), settled.system, settled.hidden)
        return settled


@dataclass(frozen=True, eq=False)
class Base:
    """What one base was counted from.

    Attributes
    ----------
    rows
        Survivor and category of each row, by dimension.
    system
        Its cells.
    hidden
        Which of them are hidden.
    """

    rows: pd.DataFrame
    system: Any
    hidden: Any

    def cells(self, row: Mapping[str, str]) -> Cells:
        """Return the cells that a row is counted in, once for each table that shows them."""
        found: Cells = Counter()
        for table in self.system.tables:
            for place in self._places(table, row):
                found[place] = 1
        return found

    def _places(self, table: Table, row: Mapping[str, str]) -> list[int]:
        dimensions = self.system.dimensions
        if any(row[name] not in dimensions[name].covers(node) for name, node in table.where):
            return []
        axes = [
            [node for node in table.nodes(dimensions[name]) if row[name] in dimensions[name].covers(node)]
            for name in table.dimensions
        ]
        fixed = [pair for pair in table.where if pair[1] != TOTAL]
        keys = ([*fixed, *zip(table.dimensions, nodes, strict=True)] for nodes in product(*axes))
        return [self.system.index([pair for pair in key if pair[1] != TOTAL]) for key in keys]


@dataclass(frozen=True)
class Twin:
    """A twin, and how far it is another.

    Attributes
    ----------
    cohort
        The second set of records.
    changed, hidden
        Hidden cells whose count is another in the twin, and all hidden cells.
    """

    cohort: Any
    changed: int
    hidden: int


def twin_of(
    cohort: Any,
    released: Callable[[Any], tuple[Watched, Mapping[str, Any]]],
    views: Iterable[View],
    seed: int = 1,
) -> Twin:
    """Return the twin of a cohort for one report.

    Parameters
    ----------
    cohort
        The records of the report.
    released
        Takes a cohort, releases the views of the report, and returns the release and what each view shows.
    views
        The views; columns that none of them uses are dealt anew, but for numbers and days.
    seed
        Another seed gives another twin.

    Raises
    ------
    DisclosureRefused
        If what is released depends on the order of rows.
    """
    used = frozenset(column for view in views for column in view.columns())
    release, shown = released(cohort)
    source, columns = np.random.default_rng([seed, 1]), _columns(cohort, release.bases)
    edits = {name: exchanged(base, columns[name], source) for name, base in release.bases.items()}
    for attempt in range(ATTEMPTS + 1):
        twin = _dealt(cohort, release.bases, edits, used, seed)
        again, seen = released(twin)
        wrong = {name for name, base in release.bases.items() if not _alike(base, again.bases[name])}
        wrong |= {_base(name, shown) for name in shown if not _same(shown[name], seen[name])}
        if not wrong & {name for name, made in edits.items() if len(made)}:
            return Twin(twin, *_reach(release.bases, again.bases))
        kept = {name: len(made) // 3 if attempt < ATTEMPTS - 1 else 0 for name, made in edits.items()}
        edits = {name: made.iloc[: kept[name]] if name in wrong else made for name, made in edits.items()}
    raise DisclosureRefused(
        "the same counts in another order of rows are not released alike",
        where="twin",
        cure="Report it: a release must not depend on the order of rows.",
    )


def exchanged(base: Base, columns: Mapping[str, Sequence[str]], source: np.random.Generator) -> pd.DataFrame:
    """Return exchanges of categories between rows that no released cell notices.

    Parameters
    ----------
    base
        What was counted.
    columns
        Columns that may be changed, each with the categories that may be set.
    source
        Random numbers.

    Returns
    -------
    DataFrame
        One row a change, in order: ``dimension``, ``row`` (its place), ``category`` (the one it has then).
    """
    every = [name for name in base.rows.columns if name in base.system.dimensions]
    rows: list[dict[str, str]] = base.rows[every].astype(str).to_dict("records")  # type: ignore[assignment]
    names = [name for name in every if len(columns.get(name, ())) > 1]
    now, made = base.system.count.astype(int).copy(), []
    cells = [base.cells(row) for row in rows]
    touched = [at for at, found in enumerate(cells) if any(base.hidden[place] for place in found)]
    for _ in range(PROPOSALS if touched and names else 0):
        name = names[int(source.integers(len(names)))]
        one = touched[source.integers(len(touched))]
        leaves = columns[name]
        after = {one: {**rows[one], name: leaves[int(source.integers(len(leaves)))]}}
        if source.integers(2) and rows[one][name] in leaves:
            chosen = [touched[at] for at in source.integers(len(touched), size=LOOKED_AT)]
            other = _partner(rows, one, after[one], name, chosen)
            after[other] = {**rows[other], name: rows[one][name]}
        found = {at: base.cells(row) for at, row in after.items()}
        change: Cells = Counter()
        for at, places in found.items():
            change.update(places)
            change.subtract(cells[at])
        if not _unnoticed(base, now, change):
            continue
        for place, number in change.items():
            now[place] += number
        for at, row in after.items():
            rows[at], cells[at] = row, found[at]
            made.append({"dimension": name, "row": at, "category": row[name]})
    return pd.DataFrame(made, columns=["dimension", "row", "category"])


def _partner(
    rows: list[dict[str, str]], one: int, wanted: dict[str, str], name: str, chosen: list[int]
) -> int:
    """Return a row that has the wanted category and is otherwise as like as one of those chosen can be."""
    fits = [at for at in chosen if rows[at][name] == wanted[name] and at != one]
    return min(fits, key=lambda at: _differences(rows[at], wanted), default=chosen[0])


def _differences(row: dict[str, str], other: dict[str, str]) -> int:
    return sum(row[name] != other[name] for name in row)


def _unnoticed(base: Base, now: Any, change: Cells) -> bool:
    return any(change.values()) and all(
        number == 0 or (base.hidden[place] and _band(now[place] + number) == _band(base.system.count[place]))
        for place, number in change.items()
    )


def _band(count: int) -> int:
    return -1 if count < 0 else sum(count >= least for least in BANDS)


def _dealt(
    cohort: Any,
    bases: Mapping[str, Base],
    edits: Mapping[str, pd.DataFrame],
    used: frozenset[str],
    seed: int,
) -> Any:
    """Return the cohort with other rows in every frame that a view is of."""
    twin = copy.copy(cohort)
    for name in _frames(cohort, bases):
        frame = getattr(cohort, name)
        made = _edited(frame, edits[frame.what])
        source = np.random.default_rng([seed, *name.encode()])
        for column in made.columns:
            if column not in used and not _measured(made[column]):
                made[column] = made[column].iloc[source.permutation(len(made))].set_axis(made.index)
        made["person"] = [
            blake2b(f"{seed}/{one}".encode(), digest_size=16).hexdigest() for one in made["person"]
        ]
        order = source.permutation(len(made))
        twin.__dict__[name] = _whole(made.iloc[order].reset_index(drop=True), frame)
    return twin


def _edited(frame: Any, made: pd.DataFrame) -> pd.DataFrame:
    plain = pd.DataFrame(frame).copy()
    cells: Any = plain.iloc
    for name, row, category in made.itertuples(index=False):
        cells[row, plain.columns.get_loc(name)] = category
    return plain


def _whole(made: pd.DataFrame, frame: Any) -> Any:
    found = type(frame)(made)
    found.what, found.rows = frame.what, len(made)
    return found


def _measured(column: pd.Series[Any]) -> bool:
    """Say whether a column is of numbers, truths or days, which a view may measure: it stays as it is."""
    return not isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.kind in "fiubM"


def _columns(cohort: Any, bases: Mapping[str, Base]) -> dict[str, dict[str, list[str]]]:
    """Return, for each base and column of its frame, the categories that it is counted by and can be set."""
    frames = {getattr(cohort, name).what: getattr(cohort, name) for name in _frames(cohort, bases)}
    found: dict[str, dict[str, list[str]]] = {base: {} for base in bases}
    for base, frame in frames.items():
        for name, dimension in bases[base].system.dimensions.items():
            if name in frame and isinstance(frame[name].dtype, pd.CategoricalDtype):
                known = set(frame[name].cat.categories)
                found[base][name] = [leaf for leaf in dimension.leaves if leaf in known]
    return found


def _frames(cohort: Any, bases: Mapping[str, Base]) -> list[str]:
    from analysis.records.cohort import FRAMES  # noqa: PLC0415

    return [name for name in FRAMES if name in cohort.__dict__ and getattr(cohort, name).what in bases]


def _alike(one: Base, other: Base) -> bool:
    """Say whether the same cells are hidden, and all others have the same count."""
    open_ = ~one.hidden
    return bool(
        one.system.keys == other.system.keys
        and np.array_equal(one.hidden, other.hidden)
        and np.array_equal(one.system.count[open_], other.system.count[open_])
    )


def _base(name: str, shown: Mapping[str, Any]) -> str:
    return str(shown[name].about).split(" of ", 1)[-1].split(" (", 1)[0].split(" by ", 1)[0]


def _same(one: Any, other: Any) -> bool:
    if one.absence is not None or other.absence is not None:
        return repr(one.absence) == repr(other.absence)
    frame, twin = one.content.frame, other.content.frame
    return bool(frame.astype(str).equals(twin.astype(str)))


def _reach(bases: Mapping[str, Base], twins: Mapping[str, Base]) -> tuple[int, int]:
    changed = hidden = 0
    for name, base in bases.items():
        inside = base.hidden & ~base.system.structural
        hidden += int(inside.sum())
        changed += int((base.system.count != twins[name].system.count)[inside].sum())
    return changed, hidden
