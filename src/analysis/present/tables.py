"""Tables as people read them: caption, headers with scope and units, footnotes, sources; and as a payload."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

import pandas as pd

from analysis.errors import UsageError
from analysis.present import formats, outputs, prose
from analysis.present.formats import MISSING
from analysis.present.provenance import (
    COLUMNS,
    NOTHING,
    Basis,
    in_words,
    markers_html,
    notes_html,
    sources_html,
    split,
)
from analysis.record import PUBLIC, TABLE_MIME, Column, Table

LABELS: Final[dict[str, str]] = {
    "label": "Group",
    "count": "Count",
    "base": "Out of",
    "share": "Share",
    "printed": "Share as printed",
    "low": "Interval from",
    "high": "Interval to",
    "ratio": "Ratio",
    "note": "What to know",
    "expected_low": "Range from",
    "expected_high": "Range to",
    "chance": "Chance of so few",
    "people_needed": "People from whom none would be a surprise",
    "requests": "Requests a year",
    "load": "Places in use at once",
    "places": "Places, usual stay",
    "places_short": "Places, shortest stay",
    "places_long": "Places, longest stay",
    "places_unseen": "Places, if some requests are unseen",
    "strict": "Places, 1 in 100 turned away",
    "turned_away": "Turned away",
    "place_low": "A place a year, from",
    "place_high": "A place a year, to",
    "year_low": "All places a year, from",
    "year_high": "All places a year, to",
    "ratio_low": "Ratio from",
    "ratio_high": "Ratio to",
    "reference_count": "Count in the denominator",
    "reference_base": "Everyone in the denominator",
    "reference": "Share of the denominator",
    "q": "Adjusted p-value",
    "by_chance": "How likely by chance",
    "printed_of": "What is printed",
    "recorded": "Known for",
    "bound_low": "If none of the unknown",
    "bound_high": "If all of the unknown",
}
"""Words for the columns that the evidence and the methods name; others read as their own name."""
SOURCE: Final = "source"
SOURCES: Final = "sources"
"""Key of the list of sources that closes every report."""

STATUSES: Final = ("no data", "suppressed")
"""Why a number of the homelessness statistics is missing, as their ``status`` column says it."""

RUNNING: Final = 40
"""A cell longer than this is running text [characters]."""

_MARKS = re.compile(r"(?: \[note \d+\])+$")


@dataclass(frozen=True)
class Look:
    """How a frame is to be shown.

    Attributes
    ----------
    columns
        Columns shown, in order; empty for all of them. The first heads each row.
    labels, units, formats
        Words, units and formats by column.
    missing
        What stands where there is no number. If empty, what is true of the tier of the row: of public
        evidence that none was published; of records nothing is said, as what is hidden has its marker.
    """

    columns: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""


@dataclass(frozen=True)
class Body:
    """The part that tables and figures share: columns, cells as shown and values as computed."""

    columns: list[Column]
    cells: list[list[str]]
    raw: list[list[float | int | str | bool | None]]


def body(frame: pd.DataFrame, look: Look, basis: Basis, *, where: str) -> Body:
    """Return a frame as columns, cells and values; several sources add a column that says which.

    Raises
    ------
    UsageError
        If the frame is empty, a column is unknown, repeated, or cannot be printed without a format.
    """
    names = _shown(frame, look, where)
    frame = with_printed_shares(frame) if "share" in names and "printed" not in names else frame
    shown = {name: _column(frame, name, look, where) for name in names}
    columns = [_head(frame, name, look) for name in names]
    cells = [list(row) for row in zip(*shown.values(), strict=True)]
    values = [[formats.plain(cell) for cell in row] for row in zip(*(frame[n] for n in names), strict=True)]
    for row, text in zip(cells, _footnotes(frame), strict=True):
        row[0] += "".join(f" [note {basis.note(note)}]" for note in text)
    if len(basis.citations) > 1 and SOURCE not in names:
        columns.append({"name": SOURCE, "label": "Source", "unit": "", "kind": "text"})
        for row, raw, letters in zip(cells, values, _letters(frame, basis), strict=True):
            row.append(letters)
            raw.append(letters)
    return Body(columns, cells, values)


def with_printed_shares(frame: pd.DataFrame, share: str = "share") -> pd.DataFrame:
    """Put shares that were printed without their base in the place of missing ones, if there are any."""
    if "printed" not in frame.columns:
        return frame
    return frame.assign(**{share: frame[share].fillna(frame["printed"] / 100)})


def _shown(frame: pd.DataFrame, look: Look, where: str) -> list[str]:
    names = list(look.columns) or [str(name) for name in frame.columns if name not in COLUMNS]
    if frame.empty or not names:
        raise UsageError("the table has no rows", where=where, cure="Say why with run.absent.")
    for name in [*names, *look.labels, *look.units, *look.formats]:
        if name not in frame.columns:
            known = ", ".join(str(column) for column in frame.columns if column not in COLUMNS)
            raise UsageError(f'the table has no column "{name}"', where=where, cure=f"It has: {known}.")
    if frame.columns.duplicated().any():
        raise UsageError("two columns of the table have the same name", where=where)
    return names


def _how(frame: pd.DataFrame, name: str, look: Look, where: str) -> str:
    try:
        return look.formats.get(name) or formats.infer(name, frame[name])
    except ValueError as error:
        raise UsageError(
            f'column "{name}" {error}',
            where=where,
            cure=f'Say what it is: formats={{"{name}": …}} with one of {", ".join(formats.NAMED)}.',
        ) from None


def _column(frame: pd.DataFrame, name: str, look: Look, where: str) -> list[str]:
    how = _how(frame, name, look, where)
    try:
        pairs = zip(frame[name], _missing(frame, look), strict=True)
        return [formats.show(value, how, missing) for value, missing in pairs]
    except (TypeError, ValueError) as error:
        raise UsageError(f'column "{name}" cannot be printed as {how}: {error}', where=where) from None


def _missing(frame: pd.DataFrame, look: Look) -> list[str]:
    """Return what stands for a missing number in each row: its status, where the source says why."""
    said = frame["status"] if "status" in frame else [""] * len(frame)
    tiers = frame["tier"] if "tier" in frame else [""] * len(frame)
    return [
        status if status in STATUSES else look.missing or _blank(split(tier))
        for status, tier in zip(said, tiers, strict=True)
    ]


def _blank(tiers: Sequence[str]) -> str:
    return MISSING if PUBLIC.issuperset(tiers) else formats.EMPTY


def _head(frame: pd.DataFrame, name: str, look: Look) -> Column:
    label = look.labels.get(name) or LABELS.get(name) or _sentence(name)
    number = formats.numeric(frame[name])
    return {
        "name": name,
        "label": label,
        "unit": look.units.get(name, ""),
        "kind": "number" if number else "text",
    }


def _sentence(name: str) -> str:
    """Return a column's name as words: its first letter is large, and names within it stay so."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _footnotes(frame: pd.DataFrame) -> list[list[str]]:
    if "footnote" not in frame:
        return [[] for _ in range(len(frame))]
    return [[cell.strip()] if isinstance(cell, str) and cell.strip() else [] for cell in frame["footnote"]]


def _letters(frame: pd.DataFrame, basis: Basis) -> list[str]:
    return [
        ", ".join(basis.letter(name) for name in split(cell)) or formats.EMPTY for cell in frame["source_id"]
    ]


def table_html(table: Table, basis: Basis, anchor: str) -> str:
    """Return a table as HTML that stands by itself: scroll region, caption, head, body, notes, sources."""
    notes = "".join(f"<p>{prose.html(note)}</p>" for note in table["notes"])
    return (
        f'<div class="dd-output dd-table-output" id="{anchor}">'
        + grid_html(table["title"], table["columns"], table["cells"], anchor)
        + (f'<div class="dd-remarks">{notes}</div>' if notes else "")
        + notes_html(basis.footnotes, anchor)
        + sources_html(basis, letters=lettered(table["columns"]))
        + "</div>"
    )


def grid_html(title: str, columns: Sequence[Column], cells: Sequence[Sequence[str]], anchor: str) -> str:
    """Return caption, head and body in a region that scrolls by keyboard when the page is narrow."""
    heads = "".join(_head_html(column) for column in columns)
    rows = "".join(f"<tr>{_row_html(row, columns, anchor)}</tr>" for row in cells)
    return (
        f'<div class="dd-scroll" role="region" tabindex="0" aria-labelledby="{anchor}-caption">'
        f'<table class="dd-table"><caption id="{anchor}-caption">{prose.html(title)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head_html(column: Column) -> str:
    unit = f' <span class="dd-unit">({escape(column["unit"])})</span>' if column["unit"] else ""
    return f'<th scope="col"{_align(column)}>{escape(column["label"])}{unit}</th>'


def _align(column: Column) -> str:
    return ' class="dd-number"' if column["kind"] == "number" else ""


def _row_html(row: Sequence[str], columns: Sequence[Column], anchor: str) -> str:
    label = _MARKS.sub("", row[0])
    noted = [int(number) for number in re.findall(r"\d+", row[0][len(label) :])]
    head = f'<th scope="row"{_align(columns[0])}>{escape(label)}{markers_html(noted, anchor)}</th>'
    return head + "".join(
        f"<td{_align(column) or _long(cell)}>{escape(cell)}</td>"
        for cell, column in zip(row[1:], columns[1:], strict=True)
    )


def _long(cell: str) -> str:
    """Mark a cell of running text, which a narrow page must not squeeze into a word a line."""
    return ' class="dd-long"' if len(cell) > RUNNING else ""


def lettered(columns: Sequence[Column]) -> bool:
    """Tell whether rows say by a letter which source they rest on."""
    return any(column["name"] == SOURCE for column in columns)


def of_sources(frame: pd.DataFrame, basis: Basis, notes: Sequence[str] = ()) -> Table:
    """Return the list of sources that closes a report: who published each, when, and its tier."""
    look = Look(("title", "publisher", "date", "licence", "tier"), missing="not stated")
    tier, date = frame["tier"].str.capitalize(), frame["date"].map(in_words, na_action="ignore")
    shown = body(frame.assign(tier=tier, date=date), look, NOTHING, where=SOURCES)
    return {
        "id": SOURCES,
        "section": SOURCES,
        "title": "Sources used in this report",
        "columns": shown.columns,
        "cells": shown.cells,
        "values": shown.raw,
        "notes": list(notes),
        "provenance": basis.payload(),
    }


def csv_text(frame: pd.DataFrame, look: Look) -> str:
    """Return a frame as CSV: what is shown, unrounded, then the provenance columns."""
    names = list(look.columns) or [name for name in frame.columns if name not in COLUMNS]
    kept = [*names, *(name for name in COLUMNS if name in frame.columns)]
    return frame[kept].to_csv(index=False, lineterminator="\n")


def show(table: Table, basis: Basis) -> None:
    """Display a table with its notes and sources."""
    html = table_html(table, basis, outputs.anchor("table", table["id"]))
    text = f"Table: {prose.words(table['title'])} ({len(table['cells'])} rows)"
    outputs.show(TABLE_MIME, table, html, text)
