"""A report made a second time, of records that differ in all that is not released: it must be the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.errors import RunFailed
from analysis.gate.twin import compare
from analysis.layout import as_twin
from analysis.record import RUN_FILE
from analysis.records.supplied import supply
from analysis.runner.plan import PlannedRun, plan
from analysis.runner.schedule import run_all


def differences(run_dir: Path, records: Path, work: Path, *, timeout: float = 1200) -> list[str]:
    """Run a report on the twin of its records, and say where the two reports differ.

    Parameters
    ----------
    run_dir
        A finished run on records.
    records
        The store that it was made of, or a folder of stores.
    work
        An empty folder that nobody else reads.
    timeout
        Seconds that the cells may take.

    Returns
    -------
    list of str
        A line a difference: file and place, never content. Empty if the two are the same to the last byte.

    Raises
    ------
    RunFailed
        If the report cannot be made of the twin.
    """
    record = json.loads((run_dir / RUN_FILE).read_text("utf-8"))
    planned = _planned(record, records, work)
    [outcome] = run_all([replace(planned, records=as_twin(planned.records))], timeout=timeout)
    if outcome.failure is not None:
        raise RunFailed(
            "the report cannot be made of the twin of its records",
            where=record["name"],
            cure=str(outcome.failure["message"]),
        )
    return [str(one) for one in compare(run_dir, planned.folder)]


def _planned(record: dict[str, Any], records: Path, work: Path) -> PlannedRun:
    found = plan(
        [record["notebook"]["name"]],
        [record["area"]],
        [record["period"]],
        record["parameters"]["given"],
        work,
        force=True,
        records=supply(records),
    )
    return next(one for one in found if one.folder.name == record["name"])
