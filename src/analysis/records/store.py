"""The store: kept tables as encrypted Parquet files, replaced as a whole or not at all.

A store is a folder of generations and one pointer. Writing makes a new generation beside the old, waits
until it is on disk, and then moves the pointer, which is a single rename: whoever is killed, or reads, at any
instant has the old tables or the new ones. Parquet's modular encryption (AES-GCM, 256-bit keys) protects each
file with a key of its own, which is wrapped by a key that is derived from the key file; the manifest that
names the files and their digests is sealed with another.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import pandas as pd
import pyarrow as pa

from analysis.errors import DataRefused, one_of
from analysis.record import sha256
from analysis.records.fields import TableSpec, blank, table, tables
from analysis.records.keyfile import KeyFile, sync_folder
from analysis.records.manifest import GENERATIONS, MANIFEST, POINTER, Generation
from analysis.records.sealing import Parquet
from analysis.records.seals import seal

T = TypeVar("T")

LOCK: Final = ".lock"
SUPERSEDED: Final = "superseded-"
"""Before the name of a table: its rows that a later workbook has replaced."""

SYNTHETIC: Final = "synthetic"
"""How the name of every provider of a synthetic sample begins."""

BOOKKEEPING: Final = {"source": "str", "source_row": "Int64"}
"""Columns a kept table may have beside those declared: digest of the workbook, and row in its sheet."""


@dataclass(frozen=True)
class Snapshot:
    """Everything that is kept, as one writer left it.

    Attributes
    ----------
    digest
        Fingerprint of the tables as they are kept.
    covers
        What they are about; see `covers`.
    tables
        Every table but those of replaced rows.
    """

    digest: str
    covers: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(repr=False)


class Store:
    """The person-level tables of one authority, in one folder.

    Parameters
    ----------
    folder
        The store's folder; made by the first `write`.
    key
        The key it is written and read with.
    """

    def __init__(self, folder: Path, key: KeyFile) -> None:
        self.folder, self._key = folder, key
        self._parquet = Parquet(key.derive("store"))

    def __repr__(self) -> str:
        return f"Store({self.folder})"

    @property
    def exists(self) -> bool:
        """Whether anything was ever written."""
        return (self.folder / POINTER).is_file()

    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables it has, sorted; none before the first `write`."""
        return tuple(sorted(self._manifest()["tables"])) if self.exists else ()

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has."""
        return {name: int(about["rows"]) for name, about in self._manifest()["tables"].items()}

    @property
    def provenance(self) -> dict[str, Any]:
        """What the last `write` said of where the tables are from; empty before it."""
        return dict(self._manifest()["provenance"]) if self.exists else {}

    @property
    def covers(self) -> dict[str, Any]:
        """What the tables are about: ``areas``, ``first`` and ``last`` month, ``synthetic``; see `covers`."""
        said = self._manifest() if self.exists else {}
        return dict(said["covers"]) if "covers" in said else covers(self.read_all())

    def read(self, name: str) -> pd.DataFrame:
        """Return one table, columns as declared and of their types.

        Raises
        ------
        DataRefused
            If there is no store or no such table, if the key is another, or if a file is missing or damaged.
        """
        return self._reading(lambda generation, manifest: self._read(generation, manifest, name))

    def read_all(self) -> dict[str, pd.DataFrame]:
        """Return every table, all of one generation; empty before the first `write`."""
        if not self.exists:
            return {}
        return self._reading(
            lambda generation, manifest: {
                name: self._read(generation, manifest, name) for name in sorted(manifest["tables"])
            }
        )

    def snapshot(self) -> Snapshot:
        """Return the tables, without those of replaced rows, and what they are, all of one generation.

        Raises
        ------
        DataRefused
            If there is no store, if the key is another, or if a file is missing or damaged.
        """

        def read(generation: Generation, manifest: dict[str, Any]) -> Snapshot:
            names = [name for name in sorted(manifest["tables"]) if not name.startswith(SUPERSEDED)]
            found = {name: self._read(generation, manifest, name) for name in names}
            return Snapshot(generation.digest, manifest.get("covers") or covers(found), found)

        return self._reading(read)

    def write(self, frames: Mapping[str, pd.DataFrame], provenance: Mapping[str, Any]) -> None:
        """Replace all tables, at once or not at all.

        Parameters
        ----------
        frames
            Kept tables by name; rows that were replaced under ``superseded-`` and the table's name.
        provenance
            What JSON can hold, and nothing that names a person; it is sealed with the tables.

        Raises
        ------
        DataRefused
            If a table or column is not declared, or if the folder holds a store of another key.
        """
        shaped = {name: _shaped(name, frame) for name, frame in sorted(frames.items())}
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock():
            if self.exists:
                self._manifest()
            self._point_at(self._new_generation(shaped, provenance))
            self._sweep()

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one writer in at a time; the lock goes with the process that holds it, however it ends."""
        with (self.folder / LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _new_generation(self, frames: dict[str, pd.DataFrame], provenance: Mapping[str, Any]) -> Path:
        generation = self.folder / GENERATIONS / secrets.token_hex(8)
        generation.mkdir(parents=True)
        about = {
            name: self._write_table(generation / f"{name}.parquet", frame) for name, frame in frames.items()
        }
        manifest = {"tables": about, "provenance": dict(provenance), "covers": covers(frames)}
        sealed = seal(
            self._key.derive("manifest"), json.dumps(manifest, sort_keys=True).encode(), generation.name
        )
        _write(generation / MANIFEST, sealed)
        sync_folder(generation)
        sync_folder(generation.parent)
        return generation

    def _write_table(self, path: Path, frame: pd.DataFrame) -> dict[str, Any]:
        self._parquet.write(pa.Table.from_pandas(frame, preserve_index=False), path)
        with path.open("rb") as file:
            os.fsync(file.fileno())
            return {"rows": len(frame), "sha256": sha256(file.read())}

    def _point_at(self, generation: Path) -> None:
        draft = self.folder / f".{POINTER}-{generation.name}"
        _write(draft, f"{generation.name} {self._key.fingerprint}\n".encode())
        draft.replace(self.folder / POINTER)
        sync_folder(self.folder)

    def _sweep(self) -> None:
        """Remove generations that nothing points at any more, and drafts of writers that were killed."""
        current = Generation.current(self.folder).folder
        for old in (self.folder / GENERATIONS).iterdir():
            if old != current:
                shutil.rmtree(old, ignore_errors=True)
        for draft in self.folder.glob(f".{POINTER}-*"):
            draft.unlink(missing_ok=True)

    def _reading(self, job: Callable[[Generation, dict[str, Any]], T]) -> T:
        """Do a job on one generation; if a writer has replaced it meanwhile, on the next."""
        while True:
            generation = Generation.current(self.folder)
            try:
                return job(generation, generation.manifest(self._key))
            except DataRefused:
                if Generation.current(self.folder) == generation:
                    raise

    def _manifest(self) -> dict[str, Any]:
        return self._reading(lambda _, manifest: manifest)

    def _read(self, generation: Generation, manifest: dict[str, Any], name: str) -> pd.DataFrame:
        if name not in manifest["tables"]:
            cure = one_of(name, manifest["tables"])
            raise DataRefused(f'the store has no table "{name}"', where=str(self.folder), cure=cure)
        return _shaped(name, self._parquet.read(generation.table(manifest, name)).to_pandas())


def covers(frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return what kept tables are about: ``areas``, ``first`` and ``last`` month, and whether ``synthetic``.

    Tables of replaced rows do not count. One row of a synthetic sample makes all of them synthetic.
    """
    kept = [frame for name, frame in frames.items() if not name.startswith(SUPERSEDED) and len(frame)]
    if not kept:
        return {"areas": [], "first": "", "last": "", "synthetic": False}
    all_of = pd.concat([frame[["area", "month", "provider"]] for frame in kept])
    months = all_of["month"].dropna()
    return {
        "areas": sorted(all_of["area"].dropna().unique()),
        "first": f"{months.min():%Y-%m}" if len(months) else "",
        "last": f"{months.max():%Y-%m}" if len(months) else "",
        "synthetic": bool(all_of["provider"].str.casefold().str.startswith(SYNTHETIC).any()),
    }


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _spec(name: str) -> TableSpec:
    plain = name.removeprefix(SUPERSEDED)
    if plain not in tables():
        raise DataRefused(f'no table "{name}" of records', where="store", cure=one_of(plain, tables()))
    return table(plain)


def _shaped(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every declared column in its type, and none that is not declared."""
    spec = _spec(name)
    extra = [column for column in frame.columns if column not in {*spec.columns, *BOOKKEEPING}]
    if extra:
        what = f"{len(extra)} columns of {name} are declared by no field"
        raise DataRefused(what, where="store", cure="What is not declared is not kept: leave them out.")
    kept: dict[str, Any] = {
        field.field: frame[field.field].astype(field.dtype)  # type: ignore[call-overload]
        if field.field in frame.columns
        else blank(field, frame.index)
        for field in spec.fields
    }
    kept |= {name: frame[name].astype(kind) for name, kind in BOOKKEEPING.items() if name in frame.columns}  # type: ignore[call-overload]
    return pd.DataFrame(kept, index=frame.index).reset_index(drop=True)
