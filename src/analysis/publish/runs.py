"""A run on disk, read back: its record, its cells, and what each cell showed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from analysis.errors import RenderFailed
from analysis.record import (
    ABSENCE_MIME,
    FINDING_MIME,
    MIME_TYPES,
    REPORT_MIME,
    RUN_FILE,
    TIERS,
    Absence,
    Finding,
    Report,
    Tier,
)
from analysis.runner.history import stores

NOTEBOOK_FILE: Final = "notebook.ipynb"
PAGE_FILE: Final = "report.html"


@dataclass(frozen=True)
class Shown:
    """One structured output: its type, its payload and the HTML that came with it."""

    mime: str
    payload: dict[str, Any]
    html: str


@dataclass(frozen=True)
class Cell:
    """One cell of an executed notebook; ``faults`` are outputs that no report may carry."""

    id: str
    kind: str
    source: str
    tags: frozenset[str]
    shown: tuple[Shown, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """A finished run: ``reports/<area>/<period>/<name>/``."""

    folder: Path
    record: dict[str, Any]
    cells: tuple[Cell, ...]

    @classmethod
    def read(cls, folder: Path) -> Run:
        """Read ``run.json`` and ``notebook.ipynb``.

        Raises
        ------
        RenderFailed
            If one is missing or is not JSON.
        """
        notebook = _json(folder / NOTEBOOK_FILE)
        return cls(folder, _json(folder / RUN_FILE), tuple(_cell(cell) for cell in notebook["cells"]))

    @cached_property
    def report(self) -> Report:
        """What ``begin`` said the report is.

        Raises
        ------
        RenderFailed
            If no cell began a report.
        """
        for shown in self.shown():
            if shown.mime == REPORT_MIME:
                return cast("Report", shown.payload)
        raise RenderFailed(
            "no cell began a report",
            where=NOTEBOOK_FILE,
            cure="Call begin(...) in the first code cell after the parameters.",
        )

    def shown(self) -> Iterator[Shown]:
        """Yield every structured output in the order of the cells."""
        return (shown for cell in self.cells for shown in cell.shown)

    @property
    def findings(self) -> list[Finding]:
        """All findings, in order."""
        return [cast("Finding", shown.payload) for shown in self.shown() if shown.mime == FINDING_MIME]

    @property
    def headlines(self) -> list[Finding]:
        """The findings of the first screen."""
        chosen = [finding for finding in self.findings if finding["headline"]]
        return sorted(chosen, key=lambda finding: finding["headline"])

    @property
    def summary(self) -> str:
        """The plain-English summary that opens the page, if the report has one."""
        return next((finding["text"] for finding in self.findings if finding["summary"]), "")

    @property
    def absences(self) -> list[Absence]:
        """What the evidence cannot answer, in order."""
        return [cast("Absence", shown.payload) for shown in self.shown() if shown.mime == ABSENCE_MIME]

    @property
    def empty_sections(self) -> frozenset[str]:
        """Sections that hold an absence and nothing else."""
        kinds: dict[str, set[str]] = {}
        for shown in self.shown():
            if shown.mime != REPORT_MIME:
                kinds.setdefault(str(shown.payload["section"]), set()).add(shown.mime)
        return frozenset(section for section, held in kinds.items() if held == {ABSENCE_MIME})

    @property
    def tiers(self) -> list[Tier]:
        """Every tier that an output rests on, and that of the records it read, in the fixed order of tiers.

        A report that was given a synthetic sample counts as synthetic, whatever its outputs rest on.
        """
        used = {
            tier for shown in self.shown() for tier in shown.payload.get("provenance", {}).get("tiers", ())
        }
        used |= {source["tier"] for source in stores(self.record["inputs"])}
        return [tier for tier in TIERS if tier in used]

    def provenance(self, field: str) -> list[str]:
        """Return the distinct entries of a list in the outputs' provenance, in order of first use."""
        entries = (
            entry
            for shown in self.shown()
            for entry in shown.payload.get("provenance", {}).get(field, ())
            if entry
        )
        return list(dict.fromkeys(entries))


def anchor(section: str) -> str:
    """Return the id of a section's heading: ``none_supported`` is ``none-supported``."""
    return section.replace("_", "-").replace(".", "-")


def _json(path: Path) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise RenderFailed("the file is missing", where=path.name, cure="Run the notebook again.") from None
    except json.JSONDecodeError as error:
        raise RenderFailed(
            f"the file is not JSON ({error})", where=path.name, cure="Run the notebook again."
        ) from None


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)


def _cell(cell: dict[str, Any]) -> Cell:
    tags = frozenset(cell.get("metadata", {}).get("tags", ()))
    outputs = [] if tags & {"hide-output", "hide-cell"} else cell.get("outputs", [])
    shown, faults = [], []
    for output in outputs:
        data = output.get("data", {})
        mime = next((mime for mime in MIME_TYPES if mime in data), "")
        if mime:
            shown.append(Shown(mime, data[mime], _text(data.get("text/html", ""))))
        else:
            faults.append(f'cell "{cell.get("id", "?")}" shows {_foreign(output)}')
    return Cell(
        cell.get("id", ""), cell["cell_type"], _text(cell["source"]), tags, tuple(shown), tuple(faults)
    )


USE: Final = "a report shows what run.say, run.table, run.figure and run.absent make"


def _foreign(output: dict[str, Any]) -> str:
    """Say what an output is that is not a finding, table, figure or absence."""
    kind = output["output_type"]
    if kind == "stream":
        return f"text on {output.get('name', 'stdout')}: {USE}"
    if kind == "error":
        return f"the error {output.get('ename', '')}"
    types = ", ".join(sorted(output.get("data", {})))
    return f"a raw value ({types}): {USE}"
