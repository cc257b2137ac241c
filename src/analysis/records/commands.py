"""What ``deepdive ingest`` and ``deepdive template`` do: lines to show, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from analysis.layout import Layout
from analysis.records import template
from analysis.records.ingest import ingest
from analysis.records.keyfile import KeyFile
from analysis.records.store import Store

DONE: Final = 0
REFUSED: Final = 3
"""Exit code if a whole file was refused, or nothing was accepted: refused rows alone are a normal month."""

Say = Callable[[str], None]


def ingest_command(
    paths: Iterable[Path],
    area: str,
    out: Path | None = None,
    key_file: Path | None = None,
    mapping: Path | None = None,
    *,
    say: Say = print,
) -> int:
    """Read workbooks into the store of an authority and say what became of every row.

    Parameters
    ----------
    paths
        Workbooks, and folders of them.
    area
        Slug of the authority.
    out
        Folder of the stores, one folder an authority below it; ``data/processed`` if None.
    key_file
        The key file; the default place if None. It is made on first use.
    mapping
        A mapping file, or a folder of them.
    say
        Takes one line.

    Returns
    -------
    Exit code: 0, or 3 if a file was refused or no row was accepted.

    Raises
    ------
    UsageError
        If the area, a path or a mapping is not known.
    DataRefused
        If the key file or the store cannot be used.
    """
    from analysis.parameters import Areas  # noqa: PLC0415  before a key is made

    Areas.load().check_area(area)
    key = KeyFile.open(key_file, create=True)
    folder = (out or Layout.find().data / "processed") / area
    ledger = ingest(paths, area, Store(folder, key), key, mapping_path=mapping)
    for line in ledger.lines():
        say(line)
    total = ledger.total
    return REFUSED if ledger.refused_files or (total.refused and not total.accepted) else DONE


def template_command(path: Path, *, say: Say = print) -> int:
    """Write the template that providers fill.

    Parameters
    ----------
    path
        Where; an .xlsx.

    Raises
    ------
    UsageError
        If it cannot be written there.
    """
    say(f"{template.write(path)}")
    return DONE
