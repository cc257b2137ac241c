"""What an output rests on: tiers, citations, figure ids and footnotes, from the frames it came from."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final, cast

import pandas as pd

from analysis.errors import DataRefused, DisclosureRefused, UsageError
from analysis.record import PUBLIC, TIERS, Provenance, Tier

COLUMNS: Final = ("tier", "source_id", "figure_ids", "footnote")
"""Columns that travel with every row of evidence and are shown as badges, source lines and footnotes."""

FEW: Final = 2
"""So many sources stand open under an output; more are folded into one line."""

_BADGES: Final[dict[str, str]] = {
    "published": "Published",
    "reference": "Reference",
    "assumption": "Assumption",
    "records": "Records",
    "synthetic": "Synthetic",
}


@dataclass(frozen=True)
class Citation:
    """A source as it is named under an output."""

    source_id: str
    text: str
    tier: Tier


@dataclass(frozen=True)
class Basis:
    """What one output rests on, in order of first use."""

    tiers: tuple[Tier, ...]
    citations: tuple[Citation, ...]
    figure_ids: tuple[str, ...]
    footnotes: tuple[str, ...]

    def payload(self) -> Provenance:
        """Return the basis as the record keeps it."""
        return {
            "tiers": list(self.tiers),
            "sources": [citation.text for citation in self.citations],
            "figure_ids": list(self.figure_ids),
            "footnotes": list(self.footnotes),
        }

    def letter(self, source_id: str) -> str:
        """Return the letter that stands for a source under this output: A, B, …."""
        ids = [citation.source_id for citation in self.citations]
        return _letter(ids.index(source_id))

    def note(self, footnote: str) -> int:
        """Return the number of a footnote under this output, from 1."""
        return self.footnotes.index(footnote) + 1


NOTHING: Final = Basis((), (), (), ())


def together(bases: Iterable[Basis]) -> Basis:
    """Return what several outputs rest on, each source and note once."""
    held = list(bases)
    return Basis(
        tiers=tuple(tier for tier in TIERS if any(tier in one.tiers for one in held)),
        citations=tuple(dict.fromkeys(citation for one in held for citation in one.citations)),
        figure_ids=_unique(name for one in held for name in one.figure_ids),
        footnotes=_unique(note for one in held for note in one.footnotes),
    )


def _letter(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else f"A{_letter(index - 26)}"


def split(cell: Any) -> list[str]:
    """Return the ids in a cell of a provenance column; a row made from two sources names both."""
    return cell.replace(";", " ").split() if isinstance(cell, str) else []


def frames(source: Any, *, where: str) -> list[pd.DataFrame]:
    """Return what a finding or table was given as its source as a list of frames.

    Raises
    ------
    UsageError
        If it is neither a frame, a row of one, a chart, nor a list of these.
    """
    if source is None:
        return []
    if isinstance(source, pd.DataFrame):
        return [source]
    if isinstance(source, pd.Series):
        return [source.to_frame().T]
    if isinstance(source, list | tuple):
        return [frame for one in source for frame in frames(one, where=where)]
    if isinstance(getattr(source, "frame", None), pd.DataFrame):
        return [source.frame]
    raise UsageError(
        f"a {type(source).__name__} is not a source",
        where=where,
        cure="Pass the frame, or the rows of it, that the numbers were computed from.",
    )


def gather(
    source: Sequence[pd.DataFrame],
    sources: pd.DataFrame,
    *,
    where: str,
    released: Sequence[pd.DataFrame] = (),
) -> Basis:
    """Return what frames rest on, refusing those that may not be displayed.

    Parameters
    ----------
    source
        Frames with the provenance columns, which must be public.
    sources
        The table of sources: source_id, title, publisher, date, tier.
    released
        Frames that disclosure control released, of any tier.

    Raises
    ------
    DisclosureRefused
        If a frame or a row has no tier, or its tier is not public.
    DataRefused
        If a row names a source that the table does not have.
    """
    for frame in source:
        _refuse_tiers(frame, where, PUBLIC)
    for frame in released:
        _refuse_tiers(frame, where, frozenset(TIERS))
    source = [*source, *released]
    known = {str(row["source_id"]): row for row in sources.to_dict("records")}
    ids = _unique(name for cell in _cells(source, "source_id") for name in split(cell))
    used = {name for cell in _cells(source, "tier") for name in split(cell)}
    return Basis(
        tiers=tuple(tier for tier in TIERS if tier in used),
        citations=tuple(_citation(name, known, where) for name in ids),
        figure_ids=_unique(name for cell in _cells(source, "figure_ids") for name in split(cell)),
        footnotes=_unique(_footnote(cell) for cell in _cells(source, "footnote")),
    )


def _refuse_tiers(frame: pd.DataFrame, where: str, displayable: frozenset[str]) -> None:
    tiers = [split(cell) for cell in frame["tier"]] if "tier" in frame else [[]]
    if not all(tiers):
        raise DisclosureRefused(
            "nothing without a tier is displayed",
            where=where,
            cure="Keep the columns tier, source_id, figure_ids and footnote through every step.",
        )
    named = sorted({name for cell in tiers for name in cell})
    for tier in named:
        if tier not in TIERS:
            raise DisclosureRefused(
                f'"{tier}" is not a tier', where=where, cure=f"Tiers: {', '.join(TIERS)}."
            )
        if tier not in displayable:
            raise DisclosureRefused(
                f"the {tier} tier is not displayed before disclosure control has released it",
                where=where,
                cure="Plan it with run.release, commit, and show the object that the plan returned.",
            )


def _cells(source: Sequence[pd.DataFrame], column: str) -> list[Any]:
    return [cell for frame in source if column in frame for cell in frame[column]]


def _footnote(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _citation(source_id: str, known: Mapping[str, Mapping[Any, Any]], where: str) -> Citation:
    if source_id not in known:
        raise DataRefused(f'source "{source_id}" is not in the table of sources', where=where)
    row = known[source_id]
    when = in_words(row["date"]) if _known(row.get("date")) else ""
    who = ", ".join(
        part for part in (str(row["publisher"]) if _known(row.get("publisher")) else "", when) if part
    )
    title = str(row["title"]).rstrip(".")
    return Citation(source_id, f"{title}. {who}." if who else f"{title}.", cast("Tier", str(row["tier"])))


def in_words(date: str) -> str:
    """Return an ISO date as people write it; a year or a month alone stays as it is."""
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        return date
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _known(value: Any) -> bool:
    return isinstance(value, str) and value.strip() not in {"", "not stated"}


def badge(tier: str) -> str:
    """Return a tier as a badge that says its name, so that colour is not the only sign."""
    return f'<span class="dd-tier dd-tier-{escape(tier)}">{_BADGES[tier]}</span>'


def sources_html(basis: Basis, *, letters: bool = False) -> str:
    """Return each source with its tier, and its letter where rows refer to it; many are folded away."""
    items = []
    for index, citation in enumerate(basis.citations):
        letter = f"<b>{_letter(index)}</b> " if letters else ""
        items.append(f"<li>{badge(citation.tier)} {letter}{escape(citation.text)}</li>")
    if not items:
        return ""
    listed = f"<ul>{''.join(items)}</ul>"
    if len(items) > FEW:
        badges = " ".join(badge(tier) for tier in basis.tiers)
        summary = f"<summary>{badges} {len(items)} sources</summary>"
        return f'<details class="dd-source">{summary}{listed}</details>'
    word = "Source" if len(items) == 1 else "Sources"
    return f'<div class="dd-source"><span class="dd-word">{word}</span>{listed}</div>'


def notes_html(footnotes: Sequence[str], anchor: str) -> str:
    """Return numbered footnotes, each with an id that a marker can point to."""
    items = "".join(
        f'<li id="{anchor}-note-{number}"><span class="dd-word">[note {number}]</span> {escape(note)}</li>'
        for number, note in enumerate(footnotes, 1)
    )
    return f'<ul class="dd-notes">{items}</ul>' if items else ""


def markers_html(numbers: Iterable[int], anchor: str) -> str:
    """Return links to the footnotes of one row."""
    return "".join(
        f' <a class="dd-mark" href="#{anchor}-note-{number}">[note {number}]</a>' for number in numbers
    )
