"""What is handed to whoever asked: one archive, the checker's page beside it, and the chain of releases."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.gate.scan_archive import pack
from analysis.record import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT_BACK: Final = frozenset({"disclosure.json"})
"""Files of a run that the controller keeps: they say which rule hid what, which no reader needs."""
CHAIN_FILE: Final = "chain.json"


@contextmanager
def staged(to: Path) -> Iterator[Path]:
    """Give an empty folder that becomes `to` as a whole if all goes well, and vanishes if not.

    Raises
    ------
    UsageError
        If there is something at `to` already, or it cannot be made.
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(
            "there is something already", where=f"--to {to}", cure="Name a folder that does not exist."
        )
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".release-", dir=to.parent))
    except OSError as error:
        raise UsageError(f"it cannot be made ({error.strerror})", where=f"--to {to}") from None
    try:
        yield folder
        if to.exists():
            to.rmdir()
        folder.chmod(0o755)
        folder.rename(to)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def files_of(run_dir: Path) -> list[Path]:
    """Return the files of a run that are given out, sorted."""
    found = (path for path in run_dir.rglob("*") if path.is_file())
    return sorted(path for path in found if path.relative_to(run_dir).as_posix() not in KEPT_BACK)


def archive(path: Path, runs: Mapping[str, Path]) -> None:
    """Write runs into one archive: the same bytes for the same files, without times, owners or comments.

    Parameters
    ----------
    path
        The archive.
    runs
        Folder of each run, by the name it has in the archive.
    """
    files = {
        f"{name}/{file.relative_to(folder).as_posix()}": file
        for name, folder in runs.items()
        for file in files_of(folder)
    }
    pack(files, path)


def write_chain(folder: Path, chain: Sequence[str]) -> None:
    """Write the chain of releases: it tells nothing of them, and proves later that none was taken out."""
    (folder / CHAIN_FILE).write_text(canonical_json(list(chain)), encoding="utf-8")


def named(run_dirs: Iterable[Path]) -> dict[str, Path]:
    """Return runs by the name that each has in an archive: area, period and run, as in ``reports/``.

    Raises
    ------
    UsageError
        If two have the same.
    """
    found: dict[str, Path] = {}
    for folder in run_dirs:
        name = "/".join(folder.resolve().parts[-3:])
        if name in found:
            raise UsageError("two runs have this name", where=name, cure="Release them one after the other.")
        found[name] = folder
    return found
