"""Execute, judge, render and put in place one run: one function, made to be called in a process of its own.

Only this module imports papermill, and only when a run starts.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from analysis import errors
from analysis.errors import DeepDiveError, RenderFailed, RunFailed
from analysis.layout import Layout
from analysis.record import RUN_FILE, TIERS, Tier, file_sha256
from analysis.runner import history, kernels, verdict
from analysis.runner.digest import Package, combined
from analysis.runner.history import NOTEBOOK_FILE, Failure, RunRecord
from analysis.runner.notebook import Notebook
from analysis.runner.plan import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.runner.plan import PlannedRun

TIER_OF_FOLDER: Final[dict[str, Tier]] = {
    "published": "published",
    "assumptions": "assumption",
    "processed": "records",
    "synthetic": "synthetic",
}
"""By folder of ``data/``; anything else there is reference."""

OWN_CODES: Final = {"DataRefused": 3, "DisclosureRefused": 5}
"""Errors of a session that keep their own exit code; all others mean that a run failed."""


@dataclass
class Lifeline:
    """The one handle on a run's kernel, held by the run, its deadline and whoever may have to stop it.

    Attributes
    ----------
    on_kernel
        Called with the process id of the kernel once it is known.
    on_cell
        Called with (cell id, number from 1, code cells in all) before each code cell.
    cut_by
        Why the kernel was killed; empty while it lives.
    cell
        The code cell that is running, or ran last.
    """

    on_kernel: Callable[[int], None] = lambda _pid: None
    on_cell: Callable[[str, int, int], None] = lambda _cell, _number, _cells: None
    cut_by: str = ""
    cell: str = ""
    launching: threading.RLock = field(default_factory=threading.RLock)
    _pid: int | None = None

    def started(self, pid: int) -> None:
        """Take note of the kernel; kill it if the run was cut meanwhile."""
        self._pid = pid
        self.on_kernel(pid)
        if self.cut_by:
            kernels.kill_group(pid)

    def cut(self, why: str) -> None:
        """Kill the kernel and all it started."""
        with self.launching:
            self.cut_by = self.cut_by or why
            if self._pid is not None:
                kernels.kill_group(self._pid)


@dataclass(frozen=True)
class Desk:
    """Where one run works: nothing outside is written until it is finished.

    Attributes
    ----------
    root
        The checkout.
    staging
        A private folder inside the reports folder, where the run is built.
    private
        A private folder with a short path, for sockets and settings of the kernel.
    timeout
        Seconds that all cells together may take.
    """

    root: Path
    staging: Path
    private: Path
    timeout: float = 600.0

    def folder(self, planned: PlannedRun) -> Path:
        """Return where a run is built: under its own name, so that a page may already say it."""
        return self.staging / planned.folder.name


class CellFailed(RunFailed):
    """A run that stopped in a cell: which, where in it, and with what class of error."""

    def __init__(self, what: str, *, cell: str, cure: str = "", line: str = "", error: str = "") -> None:
        super().__init__(what, where=f'cell "{cell}"' if cell else "", cure=cure)
        self.cell, self.line, self.error = cell, line, error or "RunFailed"
        self.exit_code = OWN_CODES.get(self.error, RunFailed.exit_code)


def execute_and_render(planned: PlannedRun, desk: Desk, lifeline: Lifeline | None = None) -> RunRecord:
    """Do what a planned run needs, put the finished folder in place, and return its record.

    An earlier report stays untouched until the new one is complete. The folders of the desk are left for
    the caller to remove.

    Raises
    ------
    RunFailed
        If a cell raised, the kernel died, the time was up, or the notebook is no finished report.
    RenderFailed
        If the page could not be made.
    UsageError
        If the notebook changed into one that may not be run.
    """
    clock, staged = time.perf_counter(), desk.folder(planned)
    if planned.action == "render":
        shutil.copytree(planned.folder, staged)
        record = cast("RunRecord", history.read(staged))
    else:
        record = executed(planned, desk, lifeline or Lifeline())
        record["seconds"] = round(time.perf_counter() - clock, 3)
    history.write(staged, record)
    if planned.page:
        _render(planned.page, staged, desk.root, record)
        if planned.action == "run":
            record["seconds"] = round(time.perf_counter() - clock, 3)
        history.write(staged, record)
    history.put_in_place(staged, planned.folder)
    return record


def executed(planned: PlannedRun, desk: Desk, lifeline: Lifeline) -> RunRecord:
    """Execute the notebook into the run's folder on the desk and return the record, without a page yet.

    Raises
    ------
    RunFailed
        As `execute_and_render`.
    """
    layout, package, folder = Layout(desk.root), Package(), desk.folder(planned)
    notebook = Notebook.read(planned.source)
    code = package.of_notebook(notebook)  # before the kernel starts: an edit meanwhile makes the run stale
    started = datetime.now(UTC).isoformat(timespec="seconds")
    folder.mkdir(mode=0o755)
    cells = _in_kernel(planned, desk, lifeline)
    shown = verdict.payloads(cells["cells"])
    verdict.check(shown, folder)
    inputs = _take_inputs(folder)
    _check_records(planned, inputs)
    _write_notebook(verdict.normalise(cells), folder / NOTEBOOK_FILE)
    report = verdict.report(shown)
    used = verdict.tiers(shown) | {row["tier"] for row in inputs}
    return {
        "notebook": {
            "name": planned.notebook,
            "path": _below(planned.source, desk.root),
            "sha256": notebook.digest,
        },
        "name": planned.folder.name,
        "title": report["title"],
        "area": planned.area,
        "area_name": report["area_name"],
        "period": planned.period,
        "parameters": {"given": planned.given, "typed": dict(planned.parameters)},
        "inputs": inputs,
        "tiers": [tier for tier in TIERS if tier in used],
        "code": {"sha256": combined(code), "modules": code},
        "environment": environment(layout),
        "page": None,
        "started": started,
        "seconds": 0.0,
        "verdict": "succeeded",
        "outputs": _outputs(folder),
        "values": verdict.values(shown),
    }


def failure(planned: PlannedRun, error: Exception, *, cell: str = "") -> Failure:
    """Return the note of a failed run. Words of an error are kept only if the error is our own."""
    ours = isinstance(error, DeepDiveError)
    name = getattr(error, "error", type(error).__name__)
    words = str(error) if ours else f"{name} in the runner itself. Please report it."
    return {
        "notebook": planned.notebook,
        "area": planned.area,
        "period": planned.period,
        "parameters": {"given": planned.given, "typed": dict(planned.parameters)},
        "verdict": "failed",
        "cell": getattr(error, "cell", cell),
        "line": getattr(error, "line", ""),
        "error": name,
        "message": " ".join(f"{planned.label}: {words}".split()),
        "exit_code": error.exit_code if isinstance(error, DeepDiveError) else RunFailed.exit_code,
    }


# -- the kernel ---------------------------------------------------------------------------------------


def _in_kernel(planned: PlannedRun, desk: Desk, lifeline: Lifeline) -> dict[str, Any]:
    """Execute all cells and return the notebook as plain JSON."""
    kernels.prepare(desk.private)
    variables = kernels.environment(
        os.environ, desk.private, desk.root, desk.folder(planned), planned.records
    )
    manager = kernels.kernel_manager(desk.private, variables, lifeline.started, lifeline.launching)
    deadline = threading.Timer(desk.timeout, lifeline.cut, ["deadline"])
    deadline.daemon = True
    deadline.start()
    try:
        return _papermill(planned, desk, lifeline, manager)
    finally:
        deadline.cancel()
        lifeline.cut("done")


def _papermill(planned: PlannedRun, desk: Desk, lifeline: Lifeline, manager: type[Any]) -> dict[str, Any]:
    # jsonschema compiles a grammar of web addresses for 2 s if this package of JupyterLab's is there
    sys.modules.setdefault("rfc3987_syntax", cast("Any", None))
    nbformat = import_module("nbformat")
    papermill = import_module("papermill.execute")
    stopped = import_module("papermill.exceptions").PapermillExecutionError
    node = nbformat.read(planned.source, as_version=4)
    code = [cell.id for cell in node.cells if cell.cell_type == "code"]

    def begin_cell(cell: Any, cell_index: int) -> None:  # noqa: ARG001
        if cell.cell_type == "code" and cell.id in code:
            lifeline.cell = cell.id
            lifeline.on_cell(cell.id, code.index(cell.id) + 1, len(code))

    try:
        done = papermill.execute_notebook(
            node,
            None,
            parameters=dict(planned.parameters),
            kernel_name="python3",
            progress_bar=False,
            cwd=str(desk.private / "cwd"),
            kernel_manager_class=manager,
            shutdown_kernel="immediate",
            record_timing=False,
            store_widget_state=False,
            force_raise_errors=True,
            on_cell_start=begin_cell,
        )
    except stopped as error:
        raise _raised(error, lifeline.cell) from None
    except Exception as error:  # noqa: BLE001 - nbclient, zmq and asyncio each have their own for a dead kernel
        raise _died(error, lifeline, desk) from None
    return cast("dict[str, Any]", json.loads(json.dumps(done)))


def _raised(error: Any, cell: str) -> CellFailed:
    """Return what to say of a cell that raised: its own words only if the error is one of ours."""
    line = _source_line(error.traceback, error.source)
    ours = getattr(errors, error.ename, None)
    if isinstance(ours, type) and issubclass(ours, DeepDiveError):
        return CellFailed(error.evalue, cell=cell, line=line, error=error.ename)
    at = f" at: {line}" if line else ""
    return CellFailed(
        f"it raised {error.ename}{at}",
        cell=cell,
        line=line,
        error=error.ename,
        cure="Open the notebook in JupyterLab to see why.",
    )


def _source_line(traceback: list[str], source: str) -> str:
    """Return the committed line of the cell that an error passed through."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(traceback))
    match = re.search(r"Cell In\[\d+\], line (\d+)", plain)
    lines = source.splitlines()
    number = int(match[1]) if match else 0
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _died(error: Exception, lifeline: Lifeline, desk: Desk) -> CellFailed:
    """Return what to say of a kernel that is gone."""
    if lifeline.cut_by == "deadline":
        return CellFailed(
            f"it was stopped after {desk.timeout:g} s",
            cell=lifeline.cell,
            error="TimeoutError",
            cure="See what this cell waits for.",
        )
    if lifeline.cut_by:
        return CellFailed("the run was interrupted", cell=lifeline.cell, error="KeyboardInterrupt")
    return CellFailed(
        "the kernel died" if lifeline.cell else "the kernel did not start",
        cell=lifeline.cell,
        error=type(error).__name__,
        cure="If the machine ran out of memory, run fewer at once with -j 1.",
    )


# -- what it leaves -----------------------------------------------------------------------------------


def _take_inputs(folder: Path) -> list[history.Input]:
    """Take the session's list of data files that were read into the record."""
    path = folder / verdict.INPUTS_FILE
    stored: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    return [{"path": name, "sha256": digest, "tier": _tier(name)} for name, digest in sorted(stored.items())]


def _check_records(planned: PlannedRun, inputs: list[history.Input]) -> None:
    """Refuse a run that was given records and never read them, or read some that nobody gave it.

    Raises
    ------
    RunFailed
        If the session's list of what was read does not fit what the run was planned with.
    """
    if bool(history.stores(inputs)) != bool(planned.records):
        how = "was given records and did not read them" if planned.records else "read records nobody gave it"
        raise RunFailed(f"the run {how}", cure="Call begin(...) once, and nothing else that reads records.")


def _tier(path: str) -> Tier:
    """Return the tier of a data file, or of a store: ``data/published/figures.csv`` is published."""
    parts = path.split("/")
    if parts[0] in history.STORES:
        return cast("Tier", parts[0])
    return TIER_OF_FOLDER.get(parts[1] if len(parts) > 1 else "", "reference")


def _write_notebook(notebook: dict[str, Any], path: Path) -> None:
    nbformat = import_module("nbformat")
    text = nbformat.writes(nbformat.from_dict(notebook))
    path.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8")


def _outputs(folder: Path) -> dict[str, str]:
    """Return the fingerprint of every file of a run but its record."""
    names = (name for name in verdict.files(folder) if name != RUN_FILE)
    return {name: file_sha256(folder / name) for name in names}


def _below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _render(page: str, folder: Path, root: Path, record: RunRecord) -> None:
    """Make the page and take it, and what made it, into the record.

    Raises
    ------
    RenderFailed
        If the module cannot be imported, or it says so.
    """
    modules = Package().of_page(page)
    try:
        render = import_module(page).render
    except (ImportError, AttributeError) as error:
        raise RenderFailed(f"{page} cannot be imported", cure="Run with --no-render.") from error
    render(folder, Layout(root))
    record["page"] = {"sha256": combined(modules), "modules": modules}
    record["outputs"] = _outputs(folder)
