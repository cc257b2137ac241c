"""What the two sides say to each other: a run as JSON on disk, and the structured outputs of its notebook.

The kernel side (`analysis.present`) emits each output twice in one display bundle: accessible HTML under
``text/html`` and the payload typed here under one of the MIME types below. The runner side
(`analysis.runner`, `analysis.publish`) reads payloads and never parses HTML.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final, Literal, TypedDict

REPORT_MIME: Final = "application/vnd.deepdive.report+json"
FINDING_MIME: Final = "application/vnd.deepdive.finding+json"
TABLE_MIME: Final = "application/vnd.deepdive.table+json"
FIGURE_MIME: Final = "application/vnd.deepdive.figure+json"
ABSENCE_MIME: Final = "application/vnd.deepdive.absence+json"
MIME_TYPES: Final = (REPORT_MIME, FINDING_MIME, TABLE_MIME, FIGURE_MIME, ABSENCE_MIME)

Tier = Literal["published", "reference", "assumption", "records", "synthetic"]
TIERS: Final[tuple[Tier, ...]] = ("published", "reference", "assumption", "records", "synthetic")
PUBLIC: Final[frozenset[str]] = frozenset({"published", "reference", "assumption"})
"""Tiers without anything person-level: they are shown as they are, without disclosure control."""


class Value(TypedDict):
    """A number said in prose: what was computed, and how it was printed."""

    value: float | int | str | bool | None
    low: float | None
    high: float | None
    text: str


class Provenance(TypedDict):
    """What a finding, table or figure rests on."""

    tiers: list[Tier]
    sources: list[str]
    """Human-readable citations, in order of first use."""
    figure_ids: list[str]
    """Ids in data/published/figures.csv or row ids in data/reference."""
    footnotes: list[str]
    """Corrected readings and caveats that travel with the numbers."""


class Report(TypedDict):
    """Emitted once by ``begin``."""

    notebook: str
    title: str
    question: str
    area: str
    area_name: str
    period: str
    parameters: dict[str, Any]
    sections: list[str]


class Finding(TypedDict):
    """One sentence of the report whose numbers were computed."""

    id: str
    section: str
    text: str
    """Markdown with numbers filled in."""
    uncertainty: str
    meaning: str
    headline: int
    """Its place on the first screen, from 1; equal places keep the order of the report; 0 for none."""
    summary: bool
    """Whether it is the plain-English summary of the report, which opens the page."""
    values: dict[str, Value]
    provenance: Provenance


class Column(TypedDict):
    """One column of a table."""

    name: str
    label: str
    unit: str
    kind: Literal["text", "number"]


class Table(TypedDict):
    """A table as shown (``cells``) and as computed (``values``), by row; the first column heads the row."""

    id: str
    section: str
    title: str
    columns: list[Column]
    cells: list[list[str]]
    values: list[list[float | int | str | bool | None]]
    notes: list[str]
    provenance: Provenance


class Figure(TypedDict):
    """A figure: its claim, its words, the table it was drawn from and the files it was saved as."""

    id: str
    section: str
    title: str
    alt: str
    caption: str
    columns: list[Column]
    cells: list[list[str]]
    values: list[list[float | int | str | bool | None]]
    files: dict[str, str]
    """``{"png": "figures/visibility.png", "svg": …}`` relative to the run; empty outside the runner."""
    provenance: Provenance


class Absence(TypedDict):
    """A section, or a part of one, that the evidence cannot answer, and why."""

    id: str
    section: str
    why: str
    needs: list[str]
    """Questions or data fields that would have to be answered or recorded."""


RUN_FILE: Final = "run.json"
DISCLOSURE_FILE: Final = "disclosure.json"
"""What a run that shows something of records leaves for its release; it tells no more than the report."""
Verdict = Literal["succeeded", "failed"]


def sha256(data: bytes) -> str:
    """Return the hexadecimal digest that every fingerprint in a record uses."""
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the digest of a file's bytes."""
    return sha256(path.read_bytes())


def canonical_json(value: Any) -> str:
    """Return JSON that is the same text for the same value: sorted keys, no NaN, newline at the end."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
