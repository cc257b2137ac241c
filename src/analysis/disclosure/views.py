"""Views over records: what each report counts in person-level tables, declared in ``data/record_views.yml``.

A report's views are planned together when the first is asked for, and committed once: a notebook cannot show
one before the others are protected with it. What is counted is data: a commissioner can read it whole,
and a new breakdown is a line of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from analysis.disclosure.policy_file import Document, Keys
from analysis.errors import UsageError, one_of
from analysis.layout import Layout

VIEWS_FILE: Final = "data/record_views.yml"
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "crosstab": ("by",),
    "quantiles": ("value",),
    "means": ("value",),
    "magnitude": ("value",),
    "survival": (),
    "model": ("outcome", "on"),
}
"""Kinds of view, with the keys that each needs beside ``kind`` and ``frame``."""

OF_STAYS: Final = ("entry", "days", "censored", "exit", "departure_kind")
"""Columns that a view of survival uses without naming them."""
WORDS: Final = ("kind", "frame", "section", "title")
"""What every view says of itself."""

OPTIONAL: Final = ("say", "cells", "by", "where", "groups", "unit", "kinds", "family", "positive")
SHAPED: Final = ("by", "on", "value", "outcome", "unit", "family", "positive", "where", "groups", "kinds")


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
    """

    name: str
    kind: str
    frame: str
    how: Mapping[str, Any]
    section: str
    title: str
    say: str = ""
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def columns(self) -> tuple[str, ...]:
        """Return the columns that it uses."""
        named = [self.how.get(name, ()) for name in ("by", "on", "value", "outcome")]
        found = [column for one in named for column in ((one,) if isinstance(one, str) else one)]
        return (*found, *self.how.get("where", ()), *(OF_STAYS if self.kind == "survival" else ()))

    def plan(self, release: Any, cohort: Any) -> Any:
        """Plan it: pending, or not available where a run has no records."""
        named = dict(self.how)
        label = f"{self.frame}.{self.name}"
        table = getattr(cohort, self.frame)
        if self.kind == "crosstab":
            return release.crosstab(table, *named.pop("by"), name=label, **named)
        return getattr(release, self.kind)(table, name=label, **named)


class Views(Mapping[str, Any]):
    """The views of one report, released together; asking for the first commits them all.

    Parameters
    ----------
    views
        From `declared`.
    release, cohort
        Of the session.
    """

    def __init__(self, views: tuple[View, ...], release: Any, cohort: Any) -> None:
        self._names = tuple(view.name for view in views)
        self._shown = {view.name: view.plan(release, cohort) for view in views}
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
    document = Document.read(path or Layout.find().root / VIEWS_FILE, VIEWS_FILE)
    found = {
        report: [_view(document, (report, name)) for name in document.names((report,))]
        for report in document.names(())
    }
    document.refuse()
    return tuple(found.get(notebook, []))


def _view(document: Document, keys: Keys) -> View:
    body = document.value(keys)
    kind = str(body.get("kind", "")) if isinstance(body, Mapping) else ""
    if isinstance(body, Mapping) and kind not in KINDS:
        document.at(keys, f'"{kind}" is no kind of view', one_of(kind, KINDS))
    needed = (*WORDS, *KINDS.get(kind, ()))
    given = document.mapping(keys, (*needed, *(one for one in OPTIONAL if one not in needed)), needed)
    how: dict[str, Any] = {name: _shaped(document, (*keys, name)) for name in SHAPED if name in given}
    words = {name: document.text((*keys, name)) for name in (*WORDS[1:], "say") if name in given}
    cells = document.value((*keys, "cells")) if "cells" in given else {}
    if "frame" not in words or "section" not in words or "title" not in words:
        return View(str(keys[-1]), kind, "", how, "", "")
    return View(str(keys[-1]), kind, how=how, cells=cells, **words)


def _shaped(document: Document, keys: Keys) -> Any:
    """Return an argument: columns as a tuple, a truth or words as they are, named sets as tuples."""
    value, name = document.value(keys), keys[-1]
    if name in {"by", "on"}:
        return tuple(value) if isinstance(value, list) else (document.text(keys),)
    if name in {"where", "groups", "kinds"}:
        return {column: _sets(document, (*keys, column)) for column in document.names(keys)}
    if name == "positive" and isinstance(value, list):
        return tuple(value)
    return value if isinstance(value, bool) else document.text(keys)


def _sets(document: Document, keys: Keys) -> Any:
    value = document.value(keys)
    if isinstance(value, Mapping):
        return {node: _sets(document, (*keys, node)) for node in document.names(keys)}
    return tuple(value) if isinstance(value, list) else document.text(keys)
