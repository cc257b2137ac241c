"""The folder of a run: every file listed, of a kind that can be read, and named by a declared key."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from analysis.gate.refusal import Refusal, refuse
from analysis.gate.subject import Subject
from analysis.record import RUN_FILE, file_sha256
from analysis.runner.history import NOTEBOOK_FILE

KINDS: Final = frozenset({".json", ".ipynb", ".html", ".csv", ".png", ".svg", ".txt", ".xlsx"})
"""Suffixes of files that a scanner can read. PDF is not among them: see docs/decisions/0008-gate.md."""
MADE_LATER: Final = frozenset({RUN_FILE})
"""What run.json cannot list: itself."""


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield what is wrong with the folder: files that nobody lists, declares or can read, and links."""
    found = sorted(_walk(run.folder))
    listed = run.record.get("outputs")
    listed = listed if isinstance(listed, dict) else {}
    for name in found:
        yield from _file(run, name, listed)
    for number, name in enumerate(sorted(set(listed) - set(found)), 1):
        said = name if name in run.expected_files else f"file {number} of those missing"
        yield refuse("folder-listed", said, "run.json lists it, and it is not there")
    for bundle in run.bundles:
        if sorted(bundle.files) != sorted(bundle.expected):
            yield refuse("folder-name", bundle.name, "its files are not named by its key")
    for name in (RUN_FILE, NOTEBOOK_FILE):
        if name not in found:
            yield refuse("folder-complete", name, "it is missing")


def _walk(folder: Path) -> Iterator[str]:
    """Yield everything below a folder that is no plain folder, links and hidden things among them."""
    for parent, folders, files in os.walk(folder):
        inside = Path(parent).relative_to(folder)
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]
        yield from ((inside / name).as_posix() for name in [*files, *linked])
        if not files and not folders and inside.parts:
            yield inside.as_posix()


def _file(run: Subject, name: str, listed: dict[str, object]) -> Iterator[Refusal]:
    path, said = run.folder / name, run.said_file(name)
    yield from _plain(path, said)
    if name not in run.expected_files:
        yield refuse("folder-name", said, "its name is made from no key that the notebook's code declares")
    if name not in MADE_LATER and name not in listed:
        yield refuse("folder-listed", said, "run.json does not list it")
    if path.suffix not in KINDS:
        yield refuse("file-kind", said, "it is of a kind that the gate cannot read")
    if path.is_symlink() or not path.is_file():
        return
    if name in listed and listed[name] != file_sha256(path):
        yield refuse("folder-digest", said, "it is not the file that run.json lists")


def _plain(path: Path, said: str) -> Iterator[Refusal]:
    mode = path.lstat().st_mode
    if not stat.S_ISREG(mode):
        yield refuse("folder-plain", said, "it is no plain file")
        return
    if path.name.startswith("."):
        yield refuse("folder-plain", said, "it is hidden")
    if path.stat().st_nlink > 1:
        yield refuse("folder-plain", said, "it has another name elsewhere")
    if _attributes(path):
        yield refuse("folder-plain", said, "it has extended attributes")


def _attributes(path: Path) -> bool:
    """Whether a file carries attributes of its own, but for those of the system."""
    try:
        names = os.listxattr(path)
    except (AttributeError, OSError):
        return False
    return any(name.startswith("user.") for name in names)
