"""Which tables of a store are the current ones, and what is said of them: without opening a table.

A store is a folder of generations and one pointer. The pointer names the generation and the key that wrote
it; the generation's manifest, sealed under that key, names its tables with their digests.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis.errors import DataRefused
from analysis.record import sha256
from analysis.records.keyfile import KeyFile
from analysis.records.seals import unseal

POINTER: Final = "CURRENT"
GENERATIONS: Final = "generations"
MANIFEST: Final = "manifest.sealed"


@dataclass(frozen=True)
class Generation:
    """The tables of a store as one writer left them.

    Attributes
    ----------
    store
        Folder of the store.
    name
        Name of the generation, which no other ever has.
    fingerprint
        Of the key that it was written with.
    """

    store: Path
    name: str
    fingerprint: str

    @classmethod
    def current(cls, store: Path) -> Generation:
        """Return the generation that the pointer names.

        Raises
        ------
        DataRefused
            If there is no store in the folder, or its pointer is damaged.
        """
        try:
            words = (store / POINTER).read_text("ascii", errors="replace").split()
        except FileNotFoundError:
            cure = "Read workbooks into it first, or name another folder."
            raise DataRefused("there is no store", where=str(store), cure=cure) from None
        if len(words) != 2 or not words[0].isalnum():
            raise damaged(store, POINTER)
        return cls(store, *words)

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self.store / GENERATIONS / self.name

    @property
    def digest(self) -> str:
        """Fingerprint of the tables as they are kept; it needs no key, and says nothing of what they hold.

        Raises
        ------
        DataRefused
            If the manifest is missing.
        """
        return sha256(self.content(MANIFEST))

    def content(self, name: str) -> bytes:
        """Return the bytes of one file.

        Raises
        ------
        DataRefused
            If it is missing.
        """
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise damaged(self.store, name) from None

    def check_key(self, key: KeyFile) -> None:
        """Refuse another key than the one that the tables were written with.

        Raises
        ------
        DataRefused
            If it is another.
        """
        if self.fingerprint != key.fingerprint:
            what = "the store was written with another key"
            cure = "Name the key file that it was written with; without it nobody can read this store."
            raise DataRefused(what, where=str(self.store), cure=cure)

    def manifest(self, key: KeyFile) -> dict[str, Any]:
        """Return what is said of the tables: ``tables`` (rows, digest), ``provenance`` and ``covers``.

        Raises
        ------
        DataRefused
            If the key is another, or the manifest is missing or damaged.
        """
        self.check_key(key)
        opened = unseal(key.derive("manifest"), self.content(MANIFEST), self.name)
        if opened is None:
            raise damaged(self.store, MANIFEST)
        return dict(json.loads(opened))

    def table(self, manifest: dict[str, Any], name: str) -> bytes:
        """Return the bytes of one table, still encrypted, if they are those that the manifest names.

        Raises
        ------
        DataRefused
            If they are not.
        """
        content = self.content(f"{name}.parquet")
        if sha256(content) != manifest["tables"][name]["sha256"]:
            raise damaged(self.store, f"{name}.parquet")
        return content


def damaged(store: Path, name: str) -> DataRefused:
    """Return the refusal of a store of which a file is missing, or is not as it was written."""
    cure = "Restore the folder from its copy, or read the workbooks again."
    return DataRefused(f"{name} is missing or damaged", where=str(store), cure=cure)
