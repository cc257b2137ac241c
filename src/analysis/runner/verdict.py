"""Whether an executed notebook is a finished report, and the one form in which it is kept.

papermill's own word is not enough: after its kernel is killed the notebook on disk says that nothing
failed. Here a run succeeded only if every cell ran, every output is one the session made, every declared
section has an output or an absence, and every declared file exists.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import DisclosureRefused, RunFailed
from analysis.record import (
    DISCLOSURE_FILE,
    FIGURE_MIME,
    FINDING_MIME,
    MIME_TYPES,
    REPORT_MIME,
    TABLE_MIME,
)
from analysis.runner.history import STORES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

INPUTS_FILE: Final = "inputs.json"
"""Written by the session: the data files that were read. The runner takes it into the record."""

ADDED_METADATA: Final = frozenset({"tags", "papermill", "execution"})
"""What a cell's metadata may hold: tags, and what executing it adds, which is not kept."""
ALLOWED: Final = frozenset({*MIME_TYPES, "text/html", "text/plain"})
KEPT_METADATA: Final = ("kernelspec", "deepdive")
INJECTED_TAG: Final = "injected-parameters"


class Refused(RunFailed):
    """A finished notebook that is no finished report; it names the cell, never what the cell showed."""

    def __init__(self, what: str, *, cell: str = "", cure: str = "") -> None:
        super().__init__(what, where=f'cell "{cell}"' if cell else "", cure=cure)
        self.cell = cell


class Uncleared(DisclosureRefused):
    """A notebook that shows, writes or carries something that the session did not make.

    Whatever it is has passed no disclosure control, so it is named and never repeated.
    """

    def __init__(self, what: str, *, cell: str = "", cure: str = "") -> None:
        super().__init__(what, where=f'cell "{cell}"' if cell else "", cure=cure)
        self.cell, self.error = cell, "DisclosureRefused"


@dataclass(frozen=True)
class Payload:
    """One structured output and the cell that showed it."""

    cell: str
    mime: str
    content: dict[str, Any]


def payloads(cells: Sequence[Mapping[str, Any]]) -> list[Payload]:
    """Return every structured output of an executed notebook, in order.

    Raises
    ------
    DisclosureRefused
        If a cell shows anything else, writes to stdout or stderr, or carries metadata of its own.
    """
    for cell in cells:
        _check_metadata(str(cell.get("id", "")), cell)
    return [_payload(str(cell.get("id", "")), output) for cell in cells for output in cell.get("outputs", ())]


def _check_metadata(name: str, cell: Mapping[str, Any]) -> None:
    """Refuse metadata that neither the committed notebook nor executing it gives a cell or an output."""
    stray = set(cell.get("metadata", {})) - ADDED_METADATA or set(cell.get("attachments", {}))
    if stray or any(output.get("metadata") for output in cell.get("outputs", ())):
        raise Uncleared("it carries metadata that the session did not make", cell=name, cure="Take it out.")


def _payload(cell: str, output: Mapping[str, Any]) -> Payload:
    if output["output_type"] == "stream":
        raise Uncleared(
            f"it writes to {output.get('name', 'stdout')}",
            cell=cell,
            cure="A report shows only what the session makes. Open the notebook in JupyterLab to see it.",
        )
    if output["output_type"] == "error":
        raise Uncleared(f"it stopped with {output.get('ename', 'an error')}", cell=cell)
    data: Mapping[str, Any] = output.get("data", {})
    unknown = sorted(set(data) - ALLOWED)
    ours = [mime for mime in MIME_TYPES if mime in data]
    if unknown or len(ours) != 1:
        raise Uncleared(
            f"it shows something of type {', '.join(unknown or sorted(data))} that the session did not make",
            cell=cell,
            cure="Show it with run.table or run.figure.",
        )
    return Payload(cell, ours[0], data[ours[0]])


def check(shown: Sequence[Payload], run_dir: Path) -> None:
    """Check that a run is complete: sections, files, and that the session was finished.

    Raises
    ------
    RunFailed
        Naming the first section or file that is missing.
    DisclosureRefused
        Naming the first file nobody declared.
    """
    begun = [payload for payload in shown if payload.mime == REPORT_MIME]
    if len(begun) != 1:
        times = "never" if not begun else f"{len(begun)} times"
        raise Refused(f"the report was begun {times}", cure="Call begin(...) once.")
    answered = {payload.content["section"] for payload in shown if payload.mime != REPORT_MIME}
    missing = [section for section in begun[0].content["sections"] if section not in answered]
    if missing:
        raise Refused(
            f'section "{missing[0]}" has no output',
            cure="Say something there, or say why not with run.absent.",
        )
    if not (run_dir / INPUTS_FILE).is_file():
        raise Refused("the report was never finished", cure="Call run.finish() in the last code cell.")
    _check_files(shown, run_dir)


def _check_files(shown: Sequence[Payload], run_dir: Path) -> None:
    """Check that exactly the declared files exist."""
    for payload in shown:
        for name in declared_files(payload):
            if not (run_dir / name).is_file():
                raise Refused(f"it declares {name}, which was not written", cell=payload.cell)
    declared = {INPUTS_FILE, *(name for payload in shown for name in declared_files(payload))}
    if _read_records(run_dir):
        declared.add(DISCLOSURE_FILE)
    stray = sorted(set(files(run_dir)) - declared)
    if stray:
        raise Uncleared(
            f"{stray[0]} was written, and no output declares it", cure="Reports hold no other files."
        )


def _read_records(run_dir: Path) -> bool:
    """Say whether the session read a store of person-level records."""
    read = json.loads((run_dir / INPUTS_FILE).read_text(encoding="utf-8"))
    return any(name.split("/")[0] in STORES for name in read)


def declared_files(payload: Payload) -> list[str]:
    """Return the files that come with an output: its data, and a figure's images."""
    stem = str(payload.content.get("id", "")).replace(".", "-")
    if payload.mime == TABLE_MIME:
        return [f"tables/{stem}.csv"]
    if payload.mime == FIGURE_MIME:
        return sorted({f"figures/{stem}.csv", *payload.content.get("files", {}).values()})
    return []


def files(folder: Path) -> Iterator[str]:
    """Yield every file below a folder, as a POSIX path relative to it, sorted."""
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())


def values(shown: Sequence[Payload]) -> dict[str, Any]:
    """Return the named numbers of every finding, by finding id."""
    return {p.content["id"]: p.content["values"] for p in shown if p.mime == FINDING_MIME}


def tiers(shown: Sequence[Payload]) -> set[str]:
    """Return every tier that an output rests on."""
    return {tier for p in shown for tier in p.content.get("provenance", {}).get("tiers", ())}


def report(shown: Sequence[Payload]) -> dict[str, Any]:
    """Return what ``begin`` said the report is."""
    return next(payload.content for payload in shown if payload.mime == REPORT_MIME)


def normalise(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return an executed notebook without what differs between two runs of the same thing.

    Timings, paths, versions and random cell ids go; injected parameters, tags, execution counts and
    outputs stay.
    """
    metadata = {name: value for name, value in notebook["metadata"].items() if name in KEPT_METADATA}
    return {
        "cells": [_normal_cell(cell) for cell in notebook["cells"]],
        "metadata": {**metadata, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _normal_cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    tags = list(cell["metadata"].get("tags", ()))
    normal = {
        "cell_type": cell["cell_type"],
        "id": INJECTED_TAG if INJECTED_TAG in tags else cell["id"],
        "metadata": {"tags": tags} if tags else {},
        "source": cell["source"],
    }
    if cell["cell_type"] == "code":
        normal["execution_count"] = cell.get("execution_count")
        normal["outputs"] = [_normal_output(output) for output in cell.get("outputs", ())]
    return normal


def _normal_output(output: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("output_type", "data", "execution_count")
    return {**{name: output[name] for name in kept if name in output}, "metadata": {}}
