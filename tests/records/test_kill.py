"""Writers of the store are killed at random instants: never a torn store, never a lost accepted row."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.records.keyfile import KeyFile
from analysis.records.schema import complete
from analysis.records.store import Store

KILLS = 50
WRITES = 4
"""A writer is killed within so many times the seconds that one write takes."""

PATIENCE = 60
"""Seconds without a word after which a writer is given up."""

SPAWN = multiprocessing.get_context("spawn")


def tables_of(count: int) -> dict[str, pd.DataFrame]:
    """Two tables that hold the rows 0 to `count` - 1 each."""
    start = pd.Timestamp("2022-04-02")
    rows = pd.DataFrame({"provider": "a", "case": [f"{n:032x}" for n in range(count)]})
    return complete(
        {"referrals": rows.assign(referred_on=start), "stays": rows.assign(start_date=start)},
    )


def write_on(store: Store, count: int, said: Connection) -> None:
    """Write one row more again and again, and say so only when it is written."""
    said.send(count)
    while True:
        count += 1
        store.write(tables_of(count), {"rows": count})
        said.send(count)


def start_writers(folder: Path, key: Path, asked: Connection, said: Connection) -> None:
    """Start a writer, a process of its own, whenever asked, and say its id; imports are paid once."""
    store = Store(folder, KeyFile.open(key))
    store.write(tables_of(1), {"rows": 1})
    began = time.monotonic()
    store.write(tables_of(1), {"rows": 1})
    said.send(time.monotonic() - began)
    while True:
        count = asked.recv()
        writer = os.fork()
        if writer == 0:
            write_on(store, count, said)
        asked.send(writer)
        _, status = os.waitpid(writer, 0)
        asked.send(os.WTERMSIG(status))


def word(heard: Connection) -> Any:
    """Return the next word, within reason."""
    assert heard.poll(PATIENCE), "the writer says nothing"
    return heard.recv()


def killed_writer(asks: Connection, heard: Connection, count: int, wait: float) -> int:
    """Have a writer started, kill it some time after its first word, and return the last that it said."""
    asks.send(count)
    writer, last = word(asks), word(heard)
    time.sleep(wait)
    os.kill(writer, signal.SIGKILL)
    assert word(asks) == signal.SIGKILL
    while heard.poll():
        last = heard.recv()
    return int(last)


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    """A new key."""
    return KeyFile.open(tmp_path / "key", create=True)


@pytest.fixture
def writers(tmp_path: Path, key: KeyFile) -> Iterator[tuple[Connection, Connection, float]]:
    """Two pipes, to ask for a writer and be told of its death, to hear what it wrote; seconds of a write."""
    asks, asked = SPAWN.Pipe()
    heard, said = SPAWN.Pipe(duplex=False)
    mother = SPAWN.Process(
        target=start_writers, args=(tmp_path / "store", key.path, asked, said), daemon=True
    )
    mother.start()
    yield asks, heard, word(heard)
    mother.kill()
    mother.join()


def test_a_writer_killed_at_fifty_random_instants_never_tears_the_store(
    tmp_path: Path, key: KeyFile, writers: tuple[Connection, Connection, float]
) -> None:
    """What a writer said was written is there, all tables are of one moment, and the next writer goes on."""
    store, generations = Store(tmp_path / "store", key), tmp_path / "store" / "generations"
    asks, heard, seconds = writers
    chance, kept, midway, kills = random.Random(20220401), 1, 0, 0  # noqa: S311  # instants, not secrets
    while kills < KILLS or midway <= KILLS / 10:
        kills += 1
        assert kills <= 8 * KILLS, "hardly any writer was killed while it wrote: the instants prove nothing"
        said = killed_writer(asks, heard, kept, chance.uniform(0, WRITES * seconds))
        frames, kept = store.read_all(), store.provenance["rows"]
        assert kept in {said, said + 1}
        wanted = tables_of(kept)
        for name, frame in frames.items():
            pd.testing.assert_frame_equal(frame, wanted[name])
        midway += len(list(generations.iterdir())) > 1
    assert kept > 1
    store.write(tables_of(kept), {"rows": kept})
    assert len(list(generations.iterdir())) == 1
