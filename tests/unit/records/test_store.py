"""The store gives back what was put in, to whoever has the key, and the old or the new after any failure."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.records import store as module
from analysis.records.keyfile import KeyFile
from analysis.records.manifest import Generation
from analysis.records.schema import complete, tables
from analysis.records.store import Store


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    """A new key."""
    return KeyFile.open(tmp_path / "key", create=True)


@pytest.fixture
def store(tmp_path: Path, key: KeyFile) -> Store:
    """A store that nothing was written to."""
    return Store(tmp_path / "store", key)


def stays(count: int) -> pd.DataFrame:
    """So many stays, completed."""
    frame = pd.DataFrame(
        {
            "provider": "a",
            "month": pd.Timestamp("2022-04-01"),
            "person": [f"{n:032x}" for n in range(count)],
            "start_date": pd.Timestamp("2022-04-02"),
            "contacts": pd.array(range(count), dtype="Int64"),
        }
    )
    return complete({"stays": frame})["stays"]


def test_what_was_written_is_read_back_exactly(store: Store) -> None:
    """Values, types, missing values and order survive, for every table, and so does an empty one."""
    frames = {name: complete({name: pd.DataFrame()})[name] for name in tables()}
    frames["stays"] = stays(3)
    store.write(frames, {"workbooks": ["ab12"]})
    assert store.tables() == tuple(sorted(tables()))
    assert store.rows()["stays"] == 3
    assert store.provenance == {"workbooks": ["ab12"]}
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(store.read(name), frame.reset_index(drop=True))
    pd.testing.assert_frame_equal(store.read_all()["stays"], frames["stays"])


def test_superseded_rows_and_bookkeeping_are_kept_beside(store: Store) -> None:
    """Earlier rows lie under a name of their own, and rows may say which workbook they came from."""
    frame = stays(2).assign(source="ab12", source_row=pd.array([5, 6], dtype="Int64"))
    store.write({"stays": frame, "superseded-stays": frame.iloc[:1]}, {})
    assert store.read("superseded-stays")["source_row"].tolist() == [5]


def test_nothing_undeclared_is_kept(store: Store) -> None:
    """A column that no field declares is refused, unnamed and unread; so is a table."""
    with pytest.raises(DataRefused, match="declared by no field") as caught:
        store.write({"stays": stays(1).assign(sarah="Sarah Jones")}, {})
    assert "arah" not in str(caught.value)
    with pytest.raises(DataRefused, match='Did you mean "stays"'):
        store.write({"stay": stays(1)}, {})
    assert not store.exists


def test_nothing_readable_is_on_disk(store: Store) -> None:
    """No file holds a pseudonym, a provider, a column's name or the provenance in the clear."""
    store.write({"stays": stays(50).assign(provider="north-refuge")}, {"workbooks": ["april-2022"]})
    words = [b"north-refuge", f"{7:032x}".encode(), b"start_date", b"april-2022"]
    files = [path for path in store.folder.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [word for path in files for word in words if word in path.read_bytes()]


def test_another_key_is_refused_with_the_cure(store: Store, tmp_path: Path) -> None:
    """Neither reading nor writing goes on with a wrong key."""
    store.write({"stays": stays(1)}, {})
    wrong = Store(store.folder, KeyFile.open(tmp_path / "other", create=True))
    for act in (lambda: wrong.read("stays"), lambda: wrong.write({"stays": stays(2)}, {}), wrong.rows):
        with pytest.raises(DataRefused, match="another key") as caught:
            act()
        assert "Name the key file" in caught.value.cure
    assert len(store.read("stays")) == 1


def test_a_store_that_is_not_there_says_what_to_do(store: Store) -> None:
    """An empty folder has no tables, and reading one from it is refused."""
    assert store.tables() == ()
    assert store.read_all() == {}
    with pytest.raises(DataRefused, match="Read workbooks into it first"):
        store.read("stays")
    store.write({"stays": stays(1)}, {})
    with pytest.raises(DataRefused, match='no table "units"'):
        store.read("units")


@pytest.mark.parametrize("name", ["stays.parquet", "manifest.sealed"])
@pytest.mark.parametrize("harm", ["changed", "cut", "removed"])
def test_a_damaged_file_is_refused(store: Store, name: str, harm: str) -> None:
    """One changed byte, half a file, or none: never rows that were not written."""
    store.write({"stays": stays(20)}, {})
    path = next(store.folder.rglob(name))
    content = path.read_bytes()
    middle = len(content) // 2
    rest = b"" if harm == "cut" else bytes([content[middle] ^ 1]) + content[middle + 1 :]
    path.write_bytes(content[:middle] + rest)
    if harm == "removed":
        path.unlink()
    with pytest.raises(DataRefused, match="missing or damaged"):
        store.read("stays")


def test_files_cannot_be_exchanged_between_generations(store: Store, tmp_path: Path) -> None:
    """An older file put in the place of the newer one is seen."""
    store.write({"stays": stays(1)}, {})
    old = tmp_path / "old"
    shutil.copy(next(store.folder.rglob("stays.parquet")), old)
    store.write({"stays": stays(2)}, {})
    shutil.copy(old, next(store.folder.rglob("stays.parquet")))
    with pytest.raises(DataRefused, match="missing or damaged"):
        store.read("stays")


class Stopped(BaseException):
    """What a kill looks like from inside: nothing after it runs, not even a handler of errors."""


def test_stopped_at_any_step_the_store_is_the_old_or_the_new(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call that touches the disk is stopped before and after it; the next writer mends the rest."""
    store.write({"stays": stays(1)}, {"n": 1})
    steps, outcomes = 0, set()
    for stop_at in range(100):
        count = iter(range(10**6))
        with monkeypatch.context() as patch:
            for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "mkdir"), (module, "_write")):
                patch.setattr(owner, name, stopping(getattr(owner, name), count, stop_at))
            try:
                store.write({"stays": stays(2)}, {"n": 2})
            except Stopped:
                pass
            else:
                break
        found = len(store.read("stays"))
        assert found == store.provenance["n"] == store.rows()["stays"]
        outcomes.add(found)
        steps += 1
        store.write({"stays": stays(1)}, {"n": 1})
        assert len(list((store.folder / "generations").iterdir())) == 1
    assert steps > 10
    assert outcomes == {1, 2}


def stopping(act, count, stop_at):
    """Return a function that stops at one of its calls, half of them before it has done anything."""

    def stopped(*args, **kwargs):
        if next(count) == stop_at:
            raise Stopped
        done = act(*args, **kwargs)
        if next(count) == stop_at:
            raise Stopped
        return done

    return stopped


def test_a_reader_sees_one_generation_while_a_writer_replaces_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the files go from under a reader, it reads the new ones, and all of them."""
    store.write({"stays": stays(1), "units": pd.DataFrame()}, {})
    read, turns = Store._read, iter([True, False, False, False])

    def overtaken(self, *args):
        if next(turns):
            store.write({"stays": stays(2), "units": pd.DataFrame()}, {})
        return read(self, *args)

    monkeypatch.setattr(Store, "_read", overtaken)
    assert len(Store(store.folder, store._key).read_all()["stays"]) == 2


def test_writers_take_turns(store: Store) -> None:
    """The lock is held while a store is written, and free afterwards."""
    import fcntl

    store.write({"stays": stays(1)}, {})
    with store._lock(), (store.folder / ".lock").open("w") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with (store.folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_store_says_what_it_covers_and_one_synthetic_row_makes_it_synthetic(store: Store) -> None:
    """Authority, first and last month are sealed beside the tables; replaced rows do not count."""
    assert store.covers == {"areas": [], "first": "", "last": "", "synthetic": False}
    late = stays(2).assign(area="norfolk", month=[pd.Timestamp("2022-11-01"), pd.Timestamp("2022-06-01")])
    gone = stays(1).assign(area="rutland", provider="synthetic-1")
    store.write({"stays": late, "superseded-stays": gone}, {})
    assert store.covers == {"areas": ["norfolk"], "first": "2022-06", "last": "2022-11", "synthetic": False}
    store.write({"stays": late.assign(provider=["a", "Synthetic-norfolk-1"])}, {})
    assert store.covers["synthetic"]


def test_the_digest_of_a_store_needs_no_key_and_changes_with_every_write(store: Store) -> None:
    """Two writes of the same tables are two generations: nothing of what they hold can be compared."""
    store.write({"stays": stays(2)}, {})
    first = Generation.current(store.folder).digest
    assert first == Generation.current(store.folder).digest
    store.write({"stays": stays(2)}, {})
    assert first != Generation.current(store.folder).digest
