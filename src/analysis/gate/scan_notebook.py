"""notebook.ipynb: committed cells, run once and in order, showing what the session made and nothing else.

papermill leaves much in a notebook (timings, paths, host names, its version, tracebacks). The runner takes
all of it out (`analysis.runner.verdict.normalise`), so the list of what papermill may leave is empty, and
what stands in a finished notebook is spelled out here.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any, Final

from analysis.gate.refusal import Refusal, refuse
from analysis.gate.scan_record import committed
from analysis.gate.shape import faults
from analysis.gate.subject import Json, Subject, outputs, tags, text
from analysis.record import (
    ABSENCE_MIME,
    FIGURE_MIME,
    FINDING_MIME,
    REPORT_MIME,
    TABLE_MIME,
    Absence,
    Figure,
    Finding,
    Report,
    Table,
)
from analysis.runner.history import NOTEBOOK_FILE
from analysis.runner.notebook import PARAMETERS_TAG, Notebook
from analysis.runner.verdict import ALLOWED, INJECTED_TAG, KEPT_METADATA

NOTEBOOK_KEYS: Final = frozenset({"cells", "metadata", "nbformat", "nbformat_minor"})
NOTEBOOK_METADATA: Final = frozenset({*KEPT_METADATA, "language_info"})
"""What the runner keeps; nothing of papermill's, and no state of widgets."""
CELL_KEYS: Final = frozenset({"cell_type", "id", "metadata", "source"})
CODE_KEYS: Final = CELL_KEYS | {"execution_count", "outputs"}
CELL_METADATA: Final = frozenset({"tags"})
TAGS: Final = frozenset({PARAMETERS_TAG, INJECTED_TAG, "hide-input", "hide-output", "hide-cell"})
OUTPUT_KEYS: Final = frozenset({"data", "metadata", "output_type"})
PAYLOADS: Final[dict[str, Any]] = {
    REPORT_MIME: Report,
    FINDING_MIME: Finding,
    TABLE_MIME: Table,
    FIGURE_MIME: Figure,
    ABSENCE_MIME: Absence,
}


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield what is wrong with the executed notebook."""
    yield from _notebook(run)
    for number, cell in enumerate(run.cells, 1):
        where = run.cell_name(number)
        yield from _cell(cell, where)
        for place, output in enumerate(outputs(cell), 1):
            yield from _output(output, f"{where}, output {place}")
    yield from _order(run)
    yield from _sources(run)
    for bundle in run.bundles:
        for path, fault in faults(bundle.payload, PAYLOADS[bundle.mime]):
            yield refuse("output-shape", f"{bundle.name}{', ' if path else ''}{path}", f"it {fault}")


def _notebook(run: Subject) -> Iterator[Refusal]:
    stored = run.notebook
    if set(stored) != NOTEBOOK_KEYS or (stored["nbformat"], stored["nbformat_minor"]) != (4, 5):
        yield refuse("notebook-shape", NOTEBOOK_FILE, "it has other fields than a notebook of format 4.5")
    if not isinstance(stored.get("cells"), list) or len(run.cells) != len(stored["cells"]):
        yield refuse("notebook-shape", NOTEBOOK_FILE, "it holds something that is no cell")
    metadata = stored.get("metadata")
    if not isinstance(metadata, dict) or not set(metadata) <= NOTEBOOK_METADATA:
        yield refuse("notebook-metadata", NOTEBOOK_FILE, "its metadata have a field that nobody declares")
    elif metadata.get("language_info") not in ({"name": "python"}, None):
        yield refuse("notebook-metadata", NOTEBOOK_FILE, "its language has fields that nobody declares")
    form = json.dumps(stored, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
    if (run.folder / NOTEBOOK_FILE).read_text("utf-8") != f"{form}\n":
        yield refuse("notebook-shape", NOTEBOOK_FILE, "it is not written in the one form that a run has")


def _cell(cell: Json, where: str) -> Iterator[Refusal]:
    kind, metadata = cell.get("cell_type"), cell.get("metadata")
    keys = CODE_KEYS if kind == "code" else CELL_KEYS
    if kind not in {"code", "markdown"} or set(cell) != keys:
        attached = "attachments" in cell
        why = "it has attachments" if attached else "it has other fields than a cell of a report"
        yield refuse("notebook-shape", where, why)
    if not isinstance(metadata, dict) or not set(metadata) <= CELL_METADATA:
        yield refuse("notebook-metadata", where, "its metadata have a field that nobody declares")
    elif not set(tags(cell)) <= TAGS or len(tags(cell)) != len(metadata.get("tags", [])):
        yield refuse("notebook-metadata", where, "it has a tag that nobody declares")
    if not isinstance(cell.get("source"), str | list):
        yield refuse("notebook-shape", where, "its source is no text")


def _output(output: Json, where: str) -> Iterator[Refusal]:
    kind = output.get("output_type")
    if kind == "stream":
        stream = "stderr" if output.get("name") == "stderr" else "stdout"
        yield refuse("notebook-stream", where, f"it holds what a cell wrote to {stream}")
        return
    if kind == "error":
        yield refuse("notebook-error", where, "it holds an error with its traceback")
        return
    if output.get("metadata") != {}:
        yield refuse("notebook-metadata", where, "it has metadata, and outputs of a report have none")
    data = output.get("data")
    if not isinstance(data, dict) or set(output) != OUTPUT_KEYS or kind != "display_data":
        yield refuse("notebook-output", where, "it is not one that the session made")
        return
    unknown = len(set(data) - ALLOWED)
    ours = [mime for mime in PAYLOADS if mime in data]
    if unknown:
        yield refuse("notebook-output", where, f"it has {unknown} form(s) of a type that is not known")
    if len(ours) != 1 or not isinstance(data.get(ours[0] if ours else ""), dict):
        yield refuse("notebook-output", where, "it has not one payload of a known type")
    elif {"text/html", "text/plain"} - set(data):
        yield refuse("notebook-output", where, "it lacks a form that people read")


def _order(run: Subject) -> Iterator[Refusal]:
    """Yield cells that ran out of order, twice, or not at all."""
    counts = [cell.get("execution_count") for cell in run.cells if cell.get("cell_type") == "code"]
    if counts != list(range(1, len(counts) + 1)):
        yield refuse("notebook-order", NOTEBOOK_FILE, "its code cells did not run once each, in order")


def _sources(run: Subject) -> Iterator[Refusal]:
    """Yield cells that are not the committed ones; only the injected parameters may stand between."""
    notebook = committed(run)
    if notebook is None:
        why = "the notebook that it was made from is not in the repository, or has changed since"
        yield refuse("notebook-source", NOTEBOOK_FILE, why)
        return
    own = [(n, cell) for n, cell in enumerate(run.cells, 1) if INJECTED_TAG not in tags(cell)]
    if len(own) != len(notebook.cells):
        why = f"it has {len(own)} cells, and the repository's has {len(notebook.cells)}"
        yield refuse("notebook-source", NOTEBOOK_FILE, why)
        return
    for (number, cell), kept in zip(own, notebook.cells, strict=True):
        said = (cell.get("id"), cell.get("cell_type"), text(cell.get("source")), tuple(tags(cell)))
        if said != (kept.id, kept.kind, kept.source, kept.tags):
            yield refuse("notebook-source", run.cell_name(number), "it is not the repository's cell")
    yield from _injected(run, notebook)
    if run.notebook.get("metadata", {}).get("deepdive") != _variants(notebook):
        yield refuse("notebook-metadata", NOTEBOOK_FILE, "its variants are not the repository's")


def _variants(notebook: Notebook) -> Any:
    stored = json.loads(notebook.path.read_text("utf-8"))
    return stored.get("metadata", {}).get("deepdive")


def _injected(run: Subject, notebook: Notebook) -> Iterator[Refusal]:
    """Yield injected parameters that are not those recorded, or stand elsewhere than after their cell."""
    places = [n for n, cell in enumerate(run.cells) if INJECTED_TAG in tags(cell)]
    if not notebook.parameters and not places:
        return
    before = run.cells[places[0] - 1] if places else {}
    if len(places) != 1 or PARAMETERS_TAG not in tags(before):
        yield refuse(
            "notebook-source", NOTEBOOK_FILE, "its parameters were not injected once, in their place"
        )
        return
    cell, where = run.cells[places[0]], run.cell_name(places[0] + 1)
    given = run.record.get("parameters")
    if cell.get("id") != INJECTED_TAG or tags(cell) != [INJECTED_TAG]:
        yield refuse("notebook-source", where, "it is not the cell that the runner injects")
    elif not isinstance(given, dict) or _assigned(text(cell.get("source"))) != given.get("typed"):
        yield refuse("notebook-source", where, "it sets other parameters than run.json says")


def _assigned(source: str) -> Json | None:
    """Return what an injected cell assigns, or None if it does or says anything else."""
    head, *lines = source.rstrip("\n").split("\n")
    try:
        nodes = [ast.parse(line).body[0] for line in lines]
        values = {ast.unparse(node.targets[0]): ast.literal_eval(node.value) for node in nodes}  # type: ignore[attr-defined]
    except (SyntaxError, ValueError, AttributeError, IndexError):
        return None
    plain = all(
        line == line.strip() and ast.get_source_segment(line, node) == line
        for line, node in zip(lines, nodes, strict=True)
    )
    return values if head == "# Parameters" and plain else None
