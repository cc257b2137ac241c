"""What runs leave on disk: the record of a success, the note of a failure, and how both get into place."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast

from analysis.errors import UsageError
from analysis.record import RUN_FILE, Tier, Value, Verdict, canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOTEBOOK_FILE: Final = "notebook.ipynb"
PAGE_FILE: Final = "report.html"
FAILED_FOLDER: Final = ".failed"
STAGING_PREFIX: Final = ".staging-"
STORES: Final = ("records", "synthetic")
"""Tiers of person-level tables, and how the names of their stores begin among a run's inputs."""


class Source(TypedDict):
    """The committed notebook a run was made from."""

    name: str
    path: str
    """Below the root of the checkout."""
    sha256: str


class Parameters(TypedDict):
    """What was asked for, as typed on the command line and as the notebook received it."""

    given: dict[str, str]
    typed: dict[str, Any]


class Input(TypedDict):
    """One data file that the notebook read, or the store of person-level records."""

    path: str
    """Below the root of the checkout; of a store its tier and area alone: ``records/norfolk``."""
    sha256: str
    tier: Tier


class Code(TypedDict):
    """Fingerprint of code: all of it, and by module (dotted) or asset (path below the package)."""

    sha256: str
    modules: dict[str, str]


class Environment(TypedDict):
    """What the code ran on."""

    lock: str
    """SHA-256 of the lock file."""
    python: str
    packages: dict[str, str]


class RunRecord(TypedDict):
    """``run.json``: what a report is, and all that decides whether it is stale; times live here alone."""

    notebook: Source
    name: str
    """Folder name: the notebook, and parameters that are not the default."""
    title: str
    area: str
    area_name: str
    period: str
    parameters: Parameters
    inputs: list[Input]
    tiers: list[Tier]
    code: Code
    environment: Environment
    page: Code | None
    """What made report.html; None if nothing did."""
    started: str
    """UTC, ISO 8601."""
    seconds: float
    verdict: Verdict
    outputs: dict[str, str]
    """Path below the run to its SHA-256, this file excepted."""
    values: dict[str, dict[str, Value]]
    """Finding id to the named numbers it says."""


class Failure(TypedDict):
    """``.failed/<area>/<period>/<name>.json``: what went wrong, without a value that the run saw."""

    notebook: str
    area: str
    period: str
    parameters: Parameters
    verdict: Verdict
    cell: str
    """Id of the failing cell, empty if it is not about one."""
    line: str
    """Its source line as committed."""
    error: str
    """Class of the error."""
    message: str
    """One line; words of an error only if it is one of our own."""
    exit_code: int


def read(folder: Path) -> RunRecord | None:
    """Return the record in a run's folder, or None if there is none that can be read."""
    try:
        record = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    complete = isinstance(record, dict) and RunRecord.__required_keys__ <= record.keys()
    return cast("RunRecord", record) if complete else None


def stores(inputs: Sequence[Input]) -> list[Input]:
    """Return those inputs that are stores of person-level records, real or synthetic."""
    return [one for one in inputs if one["path"].split("/")[0] in STORES]


def records(out: Path) -> Iterator[tuple[Path, RunRecord]]:
    """Yield (folder, record) of every run below a reports folder, sorted by path."""
    for path in sorted(out.glob(f"*/*/*/{RUN_FILE}")):
        hidden = path.relative_to(out).parts[0].startswith(".")
        if not hidden and (record := read(path.parent)):
            yield path.parent, record


def write(folder: Path, record: RunRecord) -> None:
    """Write ``run.json``."""
    (folder / RUN_FILE).write_text(canonical_json(record), encoding="utf-8")


def failure_path(out: Path, folder: Path) -> Path:
    """Return where the failure of the run that belongs in a folder is noted."""
    return out / FAILED_FOLDER / folder.relative_to(out).with_name(f"{folder.name}.json")


def note_failure(out: Path, folder: Path, failure: Failure) -> None:
    """Leave a note of a failed run; the report of an earlier success stays as it is."""
    path = failure_path(out, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(canonical_json(failure), encoding="utf-8")


def clear_failure(out: Path, folder: Path) -> None:
    """Remove the note after a success, and the folders it leaves empty."""
    path = failure_path(out, folder)
    path.unlink(missing_ok=True)
    with suppress(OSError):
        for parent in list(path.parents)[:3]:
            parent.rmdir()


# -- folders ------------------------------------------------------------------------------------------


def check_writable(out: Path) -> None:
    """Refuse a reports folder that cannot be written, before anything is started.

    Raises
    ------
    UsageError
        With what the system says.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise UsageError(
            f"cannot write there ({error.strerror})", where=f"--out {out}", cure="Choose another folder."
        ) from None


def new_staging(out: Path) -> Path:
    """Make a private folder inside the reports folder; its name says which process owns it."""
    prefix = f"{STAGING_PREFIX}{socket.gethostname()}-{os.getpid()}-"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=out))


def remove_stale_staging(out: Path) -> None:
    """Remove what runs that were killed left half written."""
    mine = f"{STAGING_PREFIX}{socket.gethostname()}-"
    for folder in out.glob(f"{mine}*"):
        owner = folder.name.removeprefix(mine).partition("-")[0]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _alive(pid: int) -> bool:
    if sys.platform == "win32":  # there signal 0 would interrupt the process that is asked about
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def put_in_place(staged: Path, folder: Path) -> None:
    """Swap a finished folder in by renames: a reader finds the old report or the new one, never a half."""
    aside = staged.with_name(f"{staged.name}-old")
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rename(aside)
    try:
        staged.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)
