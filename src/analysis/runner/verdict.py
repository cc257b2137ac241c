"""Whether an executed notebook is a finished report, and the one form in which it is kept.

papermill's own word is not enough: after its kernel is killed the notebook on disk says that nothing
failed. Here a run succeeded only if every cell ran, every output is one the session made, every declared
section has an output or an absence, and every declared file exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import RunFailed
from analysis.record import FIGURE_MIME, FINDING_MIME, MIME_TYPES, REPORT_MIME, TABLE_MIME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

INPUTS_FILE: Final = "inputs.json"
"""Written by the session: the data files that were read. The runner takes it into the record."""

ALLOWED: Final = frozenset({*MIME_TYPES, "text/html", "text/plain"})
KEPT_METADATA: Final = ("kernelspec", "deepdive")
INJECTED_TAG: Final = "injected-parameters"


class Refused(RunFailed):
    """A finished notebook that is no finished report; it names the cell, never what the cell showed."""

    def __init__(self, what: str, *, cell: str = "", cure: str = "") -> None:
        super().__init__(what, where=f'cell "{cell}"' if cell else "", cure=cure)
        self.cell = cell


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
    RunFailed
        If a cell shows anything else, or writes to stdout or stderr.
    """
    return [_payload(str(cell.get("id", "")), output) for cell in cells for output in cell.get("outputs", ())]


def _payload(cell: str, output: Mapping[str, Any]) -> Payload:
    if output["output_type"] == "stream":
        raise Refused(
            f"it writes to {output.get('name', 'stdout')}",
            cell=cell,
            cure="A report shows only what the session makes. Open the notebook in JupyterLab to see it.",
        )
    if output["output_type"] == "error":
        raise Refused(f"it stopped with {output.get('ename', 'an error')}", cell=cell)
    data: Mapping[str, Any] = output.get("data", {})
    unknown = sorted(set(data) - ALLOWED)
    ours = [mime for mime in MIME_TYPES if mime in data]
    if unknown or len(ours) != 1:
        raise Refused(
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
        Naming the first section or file that is missing, or the first file nobody declared.
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
    stray = sorted(set(files(run_dir)) - declared)
    if stray:
        raise Refused(
            f"{stray[0]} was written, and no output declares it", cure="Reports hold no other files."
        )


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
