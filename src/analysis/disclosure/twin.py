"""A second set of records that agrees with the first on everything released, and on nothing else.

A report made of both must be the same to the last byte. Whatever differs was made of something that was not
released: a hidden number, an identifier, an order of rows, a column that no view names.

The twin is made of the cohort itself. Rows change places, survivors get other pseudonyms, columns that no
view uses are dealt anew, and categories are exchanged between rows, always so that every released cell keeps
its count. The same cells are hidden in it: which ones is released with the first, and hides the small cells
of the twin as well. Then everything is released again, as a report would: what differs was made of rows that
were exchanged, and those columns are left as they are.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.cells import CellSystem
from analysis.disclosure.exchange import Base, Measured, exchanged
from analysis.disclosure.outputs.breakdown import Bools
from analysis.disclosure.release import Release
from analysis.disclosure.views import View
from analysis.errors import DisclosureRefused

ATTEMPTS: Final = 4
"""So often are columns left alone where a twin is not released like the first; at last all of them."""


class Watched(Release):
    """A release that keeps, for its twin, what it counted: rows, cells and which of them are hidden.

    Parameters
    ----------
    *args, **named
        As `analysis.disclosure.release.Release` takes them.
    known
        By base, what is hidden in the first that was released; filled by it.
    """

    def __init__(self, *args: Any, known: dict[str, Base], **named: Any) -> None:
        super().__init__(*args, **named)
        self.bases: dict[str, Base] = {}
        self._known = known

    def _protected(self, system: CellSystem) -> Bools:
        """Return which cells are hidden: those of the first, whose pattern is released with it."""
        first = self._known.get(system.base)
        if first is not None and first.system.keys == system.keys:
            hidden: Bools = first.hidden
            return hidden
        return super()._protected(system)

    def _settled(self, population: Any) -> Any:
        settled = super()._settled(population)
        system, threshold = settled.system, self._thresholds[population.base]
        few = bool((system.sensitive(threshold) & ~settled.hidden).any())
        base = Base(population.frame(), system, settled.hidden, few)
        self._known.setdefault(population.base, base)
        self.bases[population.base] = base
        return settled

    def commit(self) -> None:
        """Commit, and keep of each base in which of its groups a number is shown that is no count."""
        plans = list(self._plans)
        super().commit()
        for plan in plans:
            if plan.shown and plan.released.absence is None:
                self.bases[plan.base].measured.append(Measured.of(plan.measure.split, plan.released.content))


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
    listed = tuple(views)
    used = frozenset(column for view in listed for column in view.columns())
    release, shown = released(cohort)
    columns = _columns(cohort, release.bases)
    alone: dict[str, set[str]] = {name: set() for name in release.bases}
    for attempt in range(ATTEMPTS + 1):
        source = np.random.default_rng([seed, 1, attempt])
        edits = {
            name: exchanged(base, _without(columns[name], alone[name], last=attempt == ATTEMPTS), source)
            for name, base in release.bases.items()
        }
        twin = _dealt(cohort, release.bases, edits, used, seed)
        again, seen = released(twin)
        wrong = {
            name: set(columns[name]) for name, base in release.bases.items() if _differs(base, again, name)
        }
        for name in shown:
            if not _same(shown[name], seen[name]):
                wrong.setdefault(_base(name, shown), set()).update(_of_view(listed, name))
        if not wrong:
            return Twin(twin, *_reach(release.bases, again.bases))
        for name, found in wrong.items():
            alone[name] |= found
    raise DisclosureRefused(
        "the same counts in another order of rows are not released alike",
        where="twin",
        cure="Report it: a release must not depend on the order of rows.",
    )


def _without(
    columns: Mapping[str, Sequence[str]], alone: set[str], *, last: bool
) -> dict[str, Sequence[str]]:
    return {} if last else {name: found for name, found in columns.items() if name not in alone}


def _of_view(views: Sequence[View], name: str) -> set[str]:
    """Return the columns of the views of a name, or of a name and report."""
    return {column for view in views if name in {view.name, view.label} for column in view.columns()}


def _differs(base: Base, again: Watched, name: str) -> bool:
    other = again.bases[name]
    return other.few or not _alike(base, other)


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
