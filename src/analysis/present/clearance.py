"""What may be shown: public evidence, and of records only what was released."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from analysis.disclosure.outputs.content import marked
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.released import Released
from analysis.errors import DisclosureRefused
from analysis.present import provenance
from analysis.present.canvas import Chart
from analysis.present.tables import Look

HIDDEN_NOTE: Final = (
    "{marker} stands for a number that is not shown: it is of too few people, none among them, or would give"
    " such a number away."
)
NO_RECORDS: Final = "This needs person-level records, and this report was made without any."
SYNTHETIC: Final = "SYNTHETIC"


@dataclass(frozen=True)
class Given:
    """What an output is said to rest on.

    Attributes
    ----------
    public
        Frames that must be of published or reference evidence.
    released
        Objects that disclosure control released.
    """

    public: tuple[pd.DataFrame, ...]
    released: tuple[Released, ...]

    @property
    def frames(self) -> list[pd.DataFrame]:
        """Frames of the released objects."""
        return [one.content.frame for one in self.released]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the released objects, as the checker's page has them."""
        return tuple(dict.fromkeys(name for one in self.released for name in one.sources))

    def notes(self, frame: pd.DataFrame) -> list[str]:
        """Return what a reader must be told of a frame: what its markers stand for, and exceptions."""
        said = [HIDDEN_NOTE.format(marker=marker) for marker in self._markers() if _holds(frame, marker)]
        return [*said, *dict.fromkeys(text for one in self.released for text in one.exceptions)]

    def _markers(self) -> Iterable[str]:
        return dict.fromkeys(one.terms.marker for one in self.released)


def _holds(frame: pd.DataFrame, marker: str) -> bool:
    return any(str(cell) == marker for name in frame.columns for cell in frame[name])


def given(source: Any, *, where: str) -> Given:
    """Return what a source is: public frames, and released objects.

    Raises
    ------
    UsageError
        If it is neither a frame, a row of one, a released object, a chart, nor a list of these.
    DisclosureRefused
        If a released object is still pending.
    """
    if isinstance(source, Released):
        source.content  # noqa: B018  a pending one is refused here
        return Given((), (source,))
    if isinstance(source, Chart) and source.released:
        return Given((), source.released)
    if isinstance(source, list | tuple):
        parts = [given(one, where=where) for one in source]
        return Given(
            tuple(frame for part in parts for frame in part.public),
            tuple(one for part in parts for one in part.released),
        )
    return Given(tuple(provenance.frames(source, where=where)), ())


def absence_in(things: Iterable[Any]) -> Unavailable | None:
    """Return the first output that is not available among values, sources and charts."""
    for one in things:
        if isinstance(one, Unavailable):
            return one
        if isinstance(one, Released) and one.absence is not None:
            return one.absence
        if isinstance(one, list | tuple) and (found := absence_in(one)) is not None:
            return found
    return None


def reason(absence: Unavailable) -> tuple[str, list[str]]:
    """Return why an output is not available, and which records it would need; none if it had them."""
    if absence.why:
        return absence.why, []
    return NO_RECORDS, [f"person-level records: {name}" for name in absence.needs] or ["person-level records"]


def laid_out(shown: pd.DataFrame | Released, look: Look) -> tuple[pd.DataFrame, Look]:
    """Return a frame as a table shows it, and how; of a released object with its own words and markers."""
    if not isinstance(shown, Released):
        return shown, look
    content = shown.content
    long = set(look.columns) and set(look.columns) <= set(content.frame.columns)
    frame = marked(content.frame) if long else shown.table()
    return frame, Look(
        look.columns,
        {**_of(content.labels, frame), **look.labels},
        {**_of(content.units, frame), **look.units},
        {**_of(content.formats, frame), **look.formats},
        look.missing,
    )


def drawn(chart: Chart) -> pd.DataFrame:
    """Return the data of a chart as its table shows it.

    Raises
    ------
    DisclosureRefused
        If it is said to be drawn from released objects and has no marker for what they hide.
    """
    if not chart.released:
        return chart.frame
    if "marker" not in chart.frame:
        raise DisclosureRefused(
            "the chart has lost its markers", where="charts", cure="Draw what is released."
        )
    return marked(chart.frame)


def flagged(text: str, tiers: Sequence[str]) -> str:
    """Return a title or a sentence that says so if it rests on a synthetic sample."""
    return f"{SYNTHETIC}: {text}" if "synthetic" in tiers else text


def _of(said: Any, frame: pd.DataFrame) -> dict[str, str]:
    return {name: words for name, words in said.items() if name in frame.columns}
