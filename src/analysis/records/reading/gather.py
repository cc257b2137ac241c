"""Which files a reading is of: named ones and those of named folders, each once, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from analysis.errors import UsageError
from analysis.records.reading.hostile import SUFFIXES, shown

MAX_FILES: Final = 100_000
REFUSALS_SUFFIX: Final = "-refusals.xlsx"
"""End of the name of a refusal workbook; one is never read as a provider's."""


def files(paths: Iterable[Path]) -> list[Path]:
    """Return every workbook named, and every one below a folder named, in order of path.

    Lock files of a spreadsheet program (``~$``), hidden files and refusal workbooks are left out of
    folders.

    Raises
    ------
    UsageError
        If a path does not exist, a folder has no workbook, or nothing is named.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for one in _below(path) if path.is_dir() else [path]:
            found.setdefault(_existing(one).resolve(), one)
    if not found:
        raise UsageError("no workbook is named", where="ingest", cure="Name workbooks, or a folder of them.")
    return list(found.values())


def _existing(path: Path) -> Path:
    if not path.exists():
        raise UsageError("there is no such file", where=shown(path.name), cure="Check the path.")
    return path


def _below(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if _is_workbook(path))
    if not found:
        cure = f"It is searched for {', '.join(SUFFIXES)}."
        raise UsageError("the folder holds no workbook", where=shown(folder.name), cure=cure)
    if len(found) > MAX_FILES:
        raise UsageError(f"the folder holds more than {MAX_FILES:,} workbooks", where=shown(folder.name))
    return found


def _is_workbook(path: Path) -> bool:
    name = path.name
    own = name.startswith((".", "~$", ".~lock")) or name.endswith(REFUSALS_SUFFIX)
    return path.suffix.lower() in SUFFIXES and not own and path.is_file()
