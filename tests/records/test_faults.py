"""Faults of real workbooks and hostile files: every row has one fate, every message its cure."""

from __future__ import annotations

import time
from pathlib import Path

import hostile_files  # noqa: F401  adds to the library
import pytest
from faults import FAULTS, Fault
from sent import read

from analysis.records.accounting.ledger import Ledger

SECONDS = 60
"""A file is given up after 20; two of them and a slow machine are within this."""


def said(ledger: Ledger) -> str:
    """Return everything a user is told."""
    told = [f"{one.heading} {one.problem} {one.cure} {one.value}" for one in ledger.refusals]
    return "\n".join([*ledger.lines(), *told])


def test_the_library_is_large() -> None:
    """There are at least sixty faults, each of a name of its own."""
    assert len(FAULTS) >= 60
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault, tmp_path: Path) -> None:
    """The rows add up, the message is there, and nothing that identifies is repeated."""
    folder = tmp_path / "sent"
    folder.mkdir()
    start = time.monotonic()
    ledger, store = read(fault.make(folder), tmp_path)
    told, total = said(ledger), ledger.total
    assert (total.read, total.accepted, total.refused, total.superseded, total.blank) == fault.counts, told
    assert all(one.balanced for one in ledger.files)
    assert sum(ledger.kept.values()) == sum(
        rows for name, rows in store.rows().items() if not name.startswith("superseded")
    )
    for words in fault.says:
        assert words in told
    for words in fault.never:
        assert words not in told
    assert "Traceback" not in told
    assert time.monotonic() - start < SECONDS
