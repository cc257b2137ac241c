"""What a report works out of released views, as ``data/record_views.yml`` declares it: tables and figures.

An entry of that file with the key ``worked`` is no view over records. It hands views that were released to a
method of `METHODS`, which sees their released numbers alone, and shows what comes back.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.policy_file import Document, Keys
from analysis.disclosure.released import Released
from analysis.disclosure.views import VIEWS_FILE, WORKED
from analysis.errors import DataRefused, one_of
from analysis.layout import Layout
from analysis.methods import asked, beside, cascade, groups, therapy
from analysis.present import charts

if TYPE_CHECKING:
    from analysis.present.session import Session

METHODS: Final[dict[str, Callable[..., Any]]] = {
    "asked.completeness": asked.completeness,
    "asked.over_time": asked.over_time,
    "asked.spread": asked.spread,
    "beside.differences_beside": beside.differences_beside,
    "beside.largest": beside.largest,
    "beside.shares_beside": beside.shares_beside,
    "cascade.ends": cascade.ends,
    "cascade.from_furthest": cascade.from_furthest,
    "groups.extremes": groups.extremes,
    "groups.side_by_side": groups.side_by_side,
    "therapy.fill_in_words": therapy.fill_in_words,
    "therapy.fill_reached": therapy.fill_reached,
}
"""What released numbers are handed to, by the name that the file gives it."""

AS_RELEASED: Final = "nothing"
"""Instead of a method: the view is drawn as it was released."""
WORDS: Final = ("section", "title", WORKED)
FURTHER: Final = ("chart", "draw", "alt", "notes", "columns", "labels", "formats", "absent", "values")
HOW: Final = ("by", "of", "beside", "shares", "give")
NOT_SHOWN: Final = (
    "This cannot be worked out of the numbers that may be shown. That is no sign that the groups fare alike."
)
"""Said where nothing is left to show, unless the file says something else."""


@dataclass(frozen=True)
class Worked:
    """One result that is worked out of views.

    Attributes
    ----------
    name
        Its key after the section's.
    section, title
        Where a report shows it, and under which title: a template.
    how
        ``by`` which method, ``of`` which view, ``beside`` which others (a name that the method knows each by
        to the view), of ``shares`` instead of counts (of each ``group``, the first axis, or of ``all``), and
        what else to ``give`` it.
    chart
        The chart of it; a table if empty.
    draw
        Arguments of the chart.
    words
        Arguments of ``run.table`` or ``run.figure``.
    absent
        What is said where nothing is left to show.
    values
        Method that returns what the fields of the title stand for.
    """

    name: str
    section: str
    title: str
    how: Mapping[str, Any]
    chart: str = ""
    draw: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Any] = field(default_factory=dict)
    absent: str = NOT_SHOWN
    values: str = ""

    def made(self, run: Session) -> Any:
        """Return what the method makes of the released views: released too, or not available."""
        if self.how["by"] == AS_RELEASED:
            return self._view(run, self.how["of"])
        beside = {name: self._view(run, view) for name, view in dict(self.how.get("beside", {})).items()}
        method = METHODS[self.how["by"]]
        given = dict(self.how.get("give", {}))
        if "confidence" in inspect.signature(method).parameters:
            given["confidence"] = run.confidence
        if "least" in inspect.signature(method).parameters:
            given["least"] = run.release.policy.percentage_base
        if beside:
            given["others"] = {name: one for name, one in beside.items() if not _gone(one)}
        return self._view(run, self.how["of"]).derive(method, **given)

    def _view(self, run: Session, name: str) -> Any:
        view = run.records[name]
        kept = self.how.get("shares")
        return (
            view if kept is None or _gone(view) else view.shares(of=view.axes[:1] if kept == "group" else ())
        )

    def show(self, run: Session) -> None:
        """Show it, or say in its place why there is nothing."""
        key = f"{self.section}.{self.name}"
        try:
            made = self.made(run)
        except DataRefused as refused:
            run.absent(key, why=_plain(f"{refused.what}. {refused.cure or ''}".strip()))
            return
        if _gone(made) or not _tells(made):
            run.absent(key, why=_plain(getattr(made, "why", "") or self.absent))
            return
        known = made.derive(METHODS[self.values]) if self.values else {}
        if any(map(_missing, known.values())):  # what its title would say is hidden
            run.absent(key, why=_plain(self.absent))
            return
        if self.chart:
            drawn = getattr(charts, self.chart)(made, **self.draw)
            run.figure(key, drawn, title=self.title, **self.words, **known)
        else:
            run.table(key, made, title=self.title, **self.words, **known)


def _missing(value: Any) -> bool:
    number = getattr(value, "value", value)
    return number is None or (isinstance(number, float) and math.isnan(number))


def show_worked(run: Session, section: str) -> None:
    """Show everything that the file works out for a section of a report."""
    for one in worked(run.notebook):
        if one.section == section:
            one.show(run)


@cache
def worked(notebook: str) -> tuple[Worked, ...]:
    """Return what a report works out of views, in the order of the file.

    Raises
    ------
    DataRefused
        If an entry has an unknown key, method or chart, or lacks one.
    """
    document = Document.read(Layout.find().root / VIEWS_FILE, VIEWS_FILE)
    found = tuple(_entries(document, notebook))
    document.refuse()
    return found


def _entries(document: Document, notebook: str) -> Iterator[Worked]:
    for name in document.names((notebook,)) if notebook in document.names(()) else ():
        keys: Keys = (notebook, name)
        if WORKED in (document.value(keys) or {}):
            yield _entry(document, keys)


def _entry(document: Document, keys: Keys) -> Worked:
    given = document.mapping(keys, (*WORDS, *FURTHER), WORDS)
    document.mapping((*keys, WORKED), HOW, HOW[:2])
    body = document.value(keys)
    how = dict(body[WORKED]) if isinstance(body[WORKED], Mapping) else {}
    for at, known in ((how.get("by"), METHODS), (body.get("values"), METHODS)):
        if at not in (None, AS_RELEASED, *known):
            document.at(keys, f'"{at}" is no method of this file', one_of(str(at), known))
    if body.get("chart", "") not in ("", *charts.__all__):
        document.at(keys, f'"{body["chart"]}" is no chart', one_of(str(body["chart"]), charts.__all__))
    said: dict[str, Any] = {
        name: body[name] for name in ("alt", "notes", "columns", "labels", "formats") if name in given
    }
    rest = {name: body[name] for name in ("chart", "draw", "absent", "values") if name in given}
    return Worked(str(keys[-1]), body.get("section", ""), body.get("title", ""), how, words=said, **rest)


def _gone(made: Any) -> bool:
    return isinstance(made, Unavailable) or (isinstance(made, Released) and made.absence is not None)


def _tells(made: Released) -> bool:
    """Whether any number of it is left."""
    frame: pd.DataFrame = made.frame()
    return bool(frame.select_dtypes("number").notna().any(axis=None))


def _plain(text: str) -> str:
    return text.replace("{", "").replace("}", "")


__all__ = ["METHODS", "Worked", "show_worked", "worked"]
