"""Views over records: what each report counts in person-level tables, declared in ``data/record_views.yml``.

The views of all reports on one area and period are planned together when the first is asked for, and
committed once: two reports that are protected each by itself can give each other away. Every report protects
the whole of the file and shows its own part, and since protection is the same each time, all hide alike.
What is counted is data: a commissioner can read it whole, and a new breakdown is a line of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from analysis.disclosure.outputs.durations import Columns
from analysis.disclosure.policy_file import Document, Keys
from analysis.disclosure.population import kinds_of_unknown
from analysis.errors import DisclosureRefused, UsageError, one_of
from analysis.layout import Layout

VIEWS_FILE: Final = "data/record_views.yml"
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "crosstab": ("by",),
    "quantiles": ("value",),
    "means": ("value",),
    "magnitude": ("value",),
    "survival": (),
    "model": ("outcome", "on"),
    "comparison": ("outcome", "by"),
    "intersections": ("outcome", "by", "positive"),
    "imputed": ("outcome", "by", "level"),
    "trend": ("by",),
    "pace": ("by",),
    "change_shares": (),
    "gain": ("measure",),
}
"""Kinds of view, with the keys that each needs beside ``kind`` and ``frame``."""

OF_STAYS: Final = ("entry", "days", "censored", "exit", "departure_kind")
"""Columns of how long a row was seen, and how it ended."""
OF_WAITS: Final = ("entry", "days")
"""Those of them that a view uses which names the column of endings."""
UNNAMED: Final = {
    "survival": OF_STAYS,
    "pace": OF_STAYS,
    "change_shares": ("measure", "start", "end"),
    "gain": ("measure", "start", "end", "change", "paired"),
}
"""Columns that a kind of view uses without naming them."""
WORDS: Final = ("kind", "frame", "section", "title")
"""What every view says of itself."""
EACH: Final = "each"
"""Stands in a view for a column; the key of that name lists the columns, and there is a view for each."""
RECORDED: Final = "recorded"
"""Stands for all answers of a column that no other set names, shown as one; never for kinds of unknown."""
ANSWERED: Final = "Recorded"
WORKED: Final = "worked"
"""Key of an entry that is no view, but worked out of views: see `analysis.present.worked`."""

OPTIONAL: Final = (
    *("say", "cells", "each", "shown", "by", "where", "groups", "unit", "kinds", "family", "positive"),
    *("adjust", "references", "parts", "level", "against", "at", "at_risk", "horizon", "exits"),
    *("measure", "on", "others"),
)
SHAPED: Final = (
    *("by", "on", "value", "outcome", "unit", "family", "positive", "where", "groups", "kinds"),
    *("adjust", "references", "parts", "level", "against", "at", "at_risk", "horizon", "exits"),
    *("measure", "others"),
)


@dataclass(frozen=True)
class View:
    """One declared view.

    Attributes
    ----------
    name
        What a notebook calls it.
    kind
        The method of `analysis.disclosure.release.Release` that plans it.
    frame
        The table of the cohort that it is about.
    how
        The arguments of that method, by name.
    section, title
        Where a report shows it, and under which title.
    say
        A sentence whose fields are cells, if any: ``Of {all} referrals, {men} were of men.``
    cells
        Field of the sentence to the cell that it names: ``{"men": {"sex": "Male"}}``.
    report
        The report that shows it.
    shown
        Whether a report shows the view itself, and not only what it works out of it.
    """

    name: str
    kind: str
    frame: str
    how: Mapping[str, Any]
    section: str
    title: str
    say: str = ""
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    report: str = ""
    shown: bool = True

    @property
    def label(self) -> str:
        """What the checker's page and exceptions of the policy call it: ``male_survivors.units.places``."""
        return ".".join(one for one in (self.report, self.frame, self.name) if one)

    def columns(self) -> tuple[str, ...]:
        """Return the columns that it uses."""
        named = [self.how.get(name, ()) for name in ("by", "on", "value", "outcome", "adjust", "exits")]
        found = [column for one in named for column in ((one,) if isinstance(one, str) else one)]
        unnamed = OF_WAITS if "exits" in self.how else UNNAMED.get(self.kind, ())
        return (*found, *self.how.get("where", ()), *unnamed)

    def plan(self, release: Any, cohort: Any) -> Any:
        """Plan it: pending, or not available where a run has no records."""
        named = {**self.how, **self._recorded(getattr(cohort, self.frame))}
        label = self.label
        table = getattr(cohort, self.frame)
        if "exits" in named:
            named["columns"] = Columns(exits=named.pop("exits"))
        if self.kind == "crosstab":
            return release.crosstab(table, *named.pop("by"), name=label, **named)
        return getattr(release, self.kind)(table, name=label, **named)

    def _recorded(self, table: Any) -> dict[str, Any]:
        """Return its groups, with all answers of a column as one where the file says `RECORDED`."""
        groups = self.how.get("groups", {})
        named = {column: _named(some, table[column]) for column, some in groups.items()}
        return {"groups": named} if groups else {}


def _named(some: Any, column: Any) -> dict[str, tuple[str, ...]]:
    """Return named sets of categories, where `RECORDED` stands for all answers, or those in no other set."""
    answers = [one for one in map(str, column.cat.categories) if one not in kinds_of_unknown()]
    if some == RECORDED:
        return {ANSWERED: tuple(answers)}
    taken = {one for covered in some.values() if covered != RECORDED for one in covered}
    rest = tuple(one for one in answers if one not in taken)
    return {name: rest if covered == RECORDED else covered for name, covered in some.items()}


class Views(Mapping[str, Any]):
    """The views of one report, protected with those of all others; asking for the first commits them all.

    Parameters
    ----------
    views
        Of every report, from `declared_by_all`, or of one, from `declared`.
    release, cohort
        Of the session.
    report
        The report that shows its own views; all are shown if empty.

    Raises
    ------
    UsageError, DisclosureRefused
        If a view of any report cannot be planned: nothing is shown of records until it can.
    """

    def __init__(self, views: tuple[View, ...], release: Any, cohort: Any, report: str = "") -> None:
        self._shown: dict[str, Any] = {}
        for view in views:
            release.shows = not report or view.report == report
            planned = _planned(view, release, cohort)
            if release.shows:
                self._shown[view.name] = planned
        self._names = tuple(self._shown)
        release.commit()

    def __getitem__(self, name: str) -> Any:
        if name not in self._shown:
            raise UsageError(f'no view "{name}"', where=VIEWS_FILE, cure=one_of(name, self._names))
        return self._shown[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<views of records: {', '.join(self._names)}>"


def _planned(view: View, release: Any, cohort: Any) -> Any:
    """Plan a view, and say which one it is if it cannot be."""
    try:
        return view.plan(release, cohort)
    except (DisclosureRefused, UsageError) as error:
        what = f"{error.what} ({error.where})" if error.where else error.what
        raise type(error)(what, where=f"{VIEWS_FILE}, {view.label}", cure=error.cure) from None


def declared(notebook: str, path: Path | None = None) -> tuple[View, ...]:
    """Return the views that a report declares, in order.

    Parameters
    ----------
    notebook
        Its name; a notebook that the file does not name has none.
    path
        The file; that of the project if None.

    Raises
    ------
    DataRefused
        If the file breaks a rule: an unknown key or kind, a key that the kind needs and lacks, a wrong type.
    """
    return tuple(view for view in declared_by_all(path) if view.report == notebook)


def declared_by_all(path: Path | None = None) -> tuple[View, ...]:
    """Return the views of every report, in the order of the file; raises as `declared`."""
    document = Document.read(path or Layout.find().root / VIEWS_FILE, VIEWS_FILE)
    found = tuple(
        replace(view, report=report)
        for report in document.names(())
        for name in document.names((report,))
        if WORKED not in (document.value((report, name)) or {})
        for view in _each(document, _view(document, (report, name)), (report, name))
    )
    document.refuse()
    return found


def _each(document: Document, view: View, keys: Keys) -> Iterator[View]:
    """Yield a view, or one for each column that the file lists for it, which stands where `EACH` does."""
    columns = document.value((*keys, "each"))
    shown = document.value((*keys, "shown")) is not False
    for column in columns if isinstance(columns, list) else [""]:
        name = f"{view.name}_{column}" if column else view.name
        yield replace(view, name=name, how=_put(view.how, str(column)), shown=shown)


def _put(value: Any, column: str) -> Any:
    """Return an argument with a column wherever `EACH` stands."""
    if isinstance(value, Mapping):
        return {_put(name, column): _put(one, column) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_put(one, column) for one in value)
    return column if value == EACH and column else value


def _view(document: Document, keys: Keys) -> View:
    body = document.value(keys)
    kind = str(body.get("kind", "")) if isinstance(body, Mapping) else ""
    if isinstance(body, Mapping) and kind not in KINDS:
        document.at(keys, f'"{kind}" is no kind of view', one_of(kind, KINDS))
    needed = (*WORDS, *KINDS.get(kind, ()))
    given = document.mapping(keys, (*needed, *(one for one in OPTIONAL if one not in needed)), needed)
    how: dict[str, Any] = {name: _shaped(document, (*keys, name)) for name in SHAPED if name in given}
    words: dict[str, Any] = {
        name: document.text((*keys, name)) for name in (*WORDS[1:], "say") if name in given
    }
    cells = document.value((*keys, "cells")) if "cells" in given else {}
    if "frame" not in words or "section" not in words or "title" not in words:
        return View(str(keys[-1]), kind, "", how, "", "")
    return View(str(keys[-1]), kind, how=how, cells=cells, **words)


def _shaped(document: Document, keys: Keys) -> Any:
    """Return an argument: columns as a tuple, a truth or words as they are, named sets as tuples."""
    value, name = document.value(keys), keys[-1]
    if name in {"by", "on", "adjust"}:
        return tuple(value) if isinstance(value, list) else (document.text(keys),)
    if name in {"where", "groups", "kinds", "references"}:
        return {column: _sets(document, (*keys, column)) for column in document.names(keys)}
    if name == "positive" and isinstance(value, list):
        return tuple(value)
    return value if isinstance(value, bool | int) else document.text(keys)


def _sets(document: Document, keys: Keys) -> Any:
    value = document.value(keys)
    if isinstance(value, Mapping):
        return {node: _sets(document, (*keys, node)) for node in document.names(keys)}
    return tuple(value) if isinstance(value, list) else document.text(keys)
