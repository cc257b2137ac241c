"""Runs of ``deepdive ingest`` are killed at random instants: whole months are kept, the next run goes on."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd
import pytest
import sent

from analysis.records.commands import ingest_command
from analysis.records.keyfile import KeyFile
from analysis.records.store import Store

KILLS = 50
MONTHS = 6
PATIENCE = 60
"""Seconds without a word after which a reading is given up."""

SPAWN = multiprocessing.get_context("spawn")


def workbook(folder: Path, month: int) -> Path:
    """Write the workbook of one month: three referrals of its own."""
    rows = [
        sent.row(case=f"NDA-{month}{number}", day=sent.DAY.replace(month=month + 4)) for number in range(3)
    ]
    front = [["Provider", "north-refuge"], ["Month of the workbook", f"2022-{month + 4:02}"]]
    sheets = {"Front page": front, "Referrals": [sent.HEADINGS, *rows]}
    return sent.xlsx(folder / f"month {month}.xlsx", sheets)


def start_readings(out: Path, key: Path, asked: Connection) -> None:
    """Start an ingest, a process of its own, whenever asked, and say its id and how it ended."""
    while True:
        paths = asked.recv()
        reading = os.fork()
        if reading == 0:
            os._exit(ingest_command(paths, "norfolk", out, key, say=lambda _: None))
        asked.send(reading)
        _, status = os.waitpid(reading, 0)
        asked.send(os.waitstatus_to_exitcode(status))


def word(heard: Connection) -> int:
    """Return the next word, within reason."""
    assert heard.poll(PATIENCE), "the reading says nothing"
    return int(heard.recv())


@pytest.fixture
def asks(tmp_path: Path) -> Iterator[Connection]:
    """A pipe to ask for an ingest into the store below `tmp_path`; imports are paid once."""
    ours, theirs = SPAWN.Pipe()
    mother = SPAWN.Process(target=start_readings, args=(tmp_path / "kept", tmp_path / "key", theirs))
    mother.start()
    yield ours
    mother.kill()
    mother.join()


def wholes(months: list[Path], tmp_path: Path) -> list[dict[str, pd.DataFrame]]:
    """Return what the store holds after none, one, two … months, read without a disturbance."""
    out, key = tmp_path / "undisturbed", tmp_path / "key"
    found: list[dict[str, pd.DataFrame]] = [{}]
    for month in months:
        assert ingest_command([month], "norfolk", out, key, say=lambda _: None) == 0
        found.append(Store(out / "norfolk", KeyFile.open(key)).read_all())
    return found


def same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> bool:
    """Return whether two readings of a store hold the same tables."""
    return one.keys() == other.keys() and all(one[name].equals(other[name]) for name in one)


def test_an_ingest_killed_at_fifty_random_instants_loses_no_accepted_row(
    tmp_path: Path, asks: Connection
) -> None:
    """After each kill the store is of whole months: those read before, or these and the one being read."""
    months = [workbook(tmp_path, month) for month in range(MONTHS)]
    expected = wholes(months, tmp_path)
    assert [len(frames.get("referrals", [])) for frames in expected] == [3 * n for n in range(MONTHS + 1)]
    store = Store(tmp_path / "kept" / "norfolk", KeyFile.open(tmp_path / "key"))
    asks.send([months[0]])
    began = time.monotonic()
    word(asks)
    assert word(asks) == 0
    seconds, chance, kept = time.monotonic() - began, random.Random(20220402), 1  # noqa: S311  # instants
    kills = 0
    while kills < KILLS:
        asks.send(months[kept : kept + 1] or months)
        reading = word(asks)
        time.sleep(chance.uniform(0, 1.1 * seconds))
        with contextlib.suppress(ProcessLookupError):  # it was faster
            os.kill(reading, signal.SIGKILL)
        kills += word(asks) == -signal.SIGKILL
        frames = store.read_all()
        grown = kept < MONTHS and same(frames, expected[kept + 1])
        assert grown or same(frames, expected[kept])
        kept += grown
    assert ingest_command(months, "norfolk", tmp_path / "kept", tmp_path / "key", say=lambda _: None) == 0
    assert same(store.read_all(), expected[MONTHS])
