"""What ``deepdive release`` is given, made into what it asks the gate and the ledger."""

from __future__ import annotations

import getpass
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.disclosure.policy import load as load_policy
from analysis.errors import UsageError
from analysis.releases.giving_out import Asked, Say, give_out, label_of, of_records, runs_below

if TYPE_CHECKING:
    from analysis.disclosure.ledger import Ledger
    from analysis.records.telltales import Telltales


def release_command(
    folders: list[Path],
    to: Path,
    *,
    records: Path | None = None,
    ledger: Path | None = None,
    who: str = "",
    label: str = "",
    twin: bool = False,
    say: Say = print,
) -> int:
    """Give reports out: through the gate, past the ledger, into a package.

    Parameters
    ----------
    folders
        Runs, or folders that hold them.
    to
        Folder of the package, which must not exist yet.
    records
        Store of the records that the reports rest on, or a folder of stores.
    ledger
        The ledger; beside the stores of the checkout if None.
    who
        Who releases; the name of the account if empty.
    label
        What the release is called; made from its contents if empty.
    twin
        Whether each report on records is made again of a twin of them, and must be the same.
    say
        Takes one line.

    Returns
    -------
    Exit code: 0, or 5 if the gate or the ledger refuses.

    Raises
    ------
    UsageError
        If there is no run, the package cannot be written, or a report on records comes without its store.
    DataRefused
        If key, store or ledger cannot be read.
    """
    runs = runs_below(folders)
    guarded = [run for run in runs if of_records(run)]
    if guarded and records is None:
        raise UsageError(
            "a report on records is examined with their store at hand",
            where=str(guarded[0]),
            cure="Name the store with --records, as the run was given it.",
        )
    asked = Asked(
        runs=runs,
        to=to.absolute(),
        who=who or getpass.getuser(),
        label=label or label_of(runs),
        ledger=_ledger(ledger) if guarded else None,
        telltales=_telltales(records) if guarded and records is not None else None,
        policy=load_policy(),
    )
    if not (twin and guarded and records is not None):
        return give_out(asked, say)
    with tempfile.TemporaryDirectory(prefix="deepdive-twin-") as work:
        return give_out(replace(asked, twins=_twins(records, Path(work))), say)


def _twins(records: Path, work: Path) -> Callable[[Path], list[str]]:
    from analysis.releases.twin_run import differences  # noqa: PLC0415  the runner, if a twin is asked for

    return lambda run: differences(run, records, Path(tempfile.mkdtemp(dir=work)))


def _ledger(path: Path | None) -> Ledger:
    from analysis.disclosure.ledger import Ledger, default_path  # noqa: PLC0415
    from analysis.records.keyfile import KeyFile  # noqa: PLC0415

    return Ledger(path or default_path(), KeyFile.open())


def _telltales(records: Path) -> Callable[[str], Telltales]:
    from analysis.records.keyfile import KeyFile  # noqa: PLC0415
    from analysis.records.store import Store  # noqa: PLC0415
    from analysis.records.supplied import store_of  # noqa: PLC0415
    from analysis.records.telltales import Telltales  # noqa: PLC0415

    key = KeyFile.open()

    @lru_cache
    def of(area: str) -> Telltales:
        return Telltales.of(Store(store_of(records, area), key), key)

    return of
