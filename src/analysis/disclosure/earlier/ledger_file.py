"""The ledger on disk: sealed entries in a hash chain under a sealed head, replaced whole or not at all.

A reader must find the old chain or the new one whenever a writer is killed, so an entry is appended by
writing the file anew beside itself and renaming it. The head says how many entries there are and what the
last link of the chain is: an entry that is changed, left out, added or moved no longer fits it. A link is
the digest of the link before and of the sealed entry, so it can be published: it says nothing of what it
seals.

What no file can tell by itself is that an older copy of the whole was put in its place. A published chain
can: see `analysis.disclosure.ledger.Ledger.verify`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.errors import DataRefused
from analysis.record import canonical_json, sha256
from analysis.records.keyfile import KeyFile, sync_folder
from analysis.records.sealing import seal, unseal

FORM: Final = "deepdive-ledger-1"
PURPOSE: Final = "ledger"
LENGTH: Final = struct.Struct(">Q")
"""Eight bytes before each sealed part: how long it is."""


@dataclass(frozen=True)
class Chain:
    """Every entry of a ledger, as it is sealed and as it reads.

    Attributes
    ----------
    name
        A random name, so that no two ledgers have a link in common.
    sealed
        The entries as they lie in the file.
    entries
        The entries as text.
    links
        One digest an entry; each follows from the one before.
    """

    name: str
    sealed: tuple[bytes, ...] = ()
    entries: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """The link that the next entry holds."""
        return self.links[-1] if self.links else sha256(f"{FORM} {self.name}".encode())


class LedgerFile:
    """A chain of sealed entries in one file.

    Parameters
    ----------
    path
        The file; outside every git checkout, or ignored by it.
    key
        The key file of the records.

    Raises
    ------
    DataRefused
        If git would track the file.
    """

    def __init__(self, path: Path, key: KeyFile) -> None:
        self.path = path.expanduser().resolve()
        self._key, self._secret = key, key.derive(PURPOSE)
        self._lock_path = self.path.with_name(f"{self.path.name}.lock")
        _check_untracked((self.path, self._lock_path, self.path.with_name(f".{self.path.name}-draft")))

    def read(self) -> Chain:
        """Return the chain, every link checked; a new one if there is no file.

        Raises
        ------
        DataRefused
            If the key is another, or anything in the file was changed, cut off, added or moved.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return Chain(secrets.token_hex(16))
        except OSError:
            raise self._refused("it cannot be read", "Name a readable file.") from None
        return self._chain(self._parts(content))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let one writer in at a time; the lock goes with the process that holds it, however it ends."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock_path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for draft in self.path.parent.glob(f".{self.path.name}-*"):  # of a writer that was killed
                draft.unlink(missing_ok=True)
            yield

    def append(self, chain: Chain, entry: str) -> Chain:
        """Write a chain and one more entry; call it with the lock held.

        Returns
        -------
        Chain
            As it is now on disk.
        """
        sealed = seal(self._secret, zlib.compress(entry.encode()), _context(len(chain.sealed), chain.last))
        longer = Chain(
            chain.name,
            (*chain.sealed, sealed),
            (*chain.entries, entry),
            (*chain.links, _link(chain.last, sealed)),
        )
        self._replace(longer)
        return longer

    def _replace(self, chain: Chain) -> None:
        head = canonical_json({"name": chain.name, "entries": len(chain.links), "last": chain.last})
        parts = (seal(self._secret, head.encode(), f"{FORM} head"), *chain.sealed)
        handle, draft = tempfile.mkstemp(prefix=f".{self.path.name}-", dir=self.path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(f"{FORM} {self._key.fingerprint}\n".encode("ascii"))
                for part in parts:
                    file.write(LENGTH.pack(len(part)) + part)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(self.path)
            sync_folder(self.path.parent)
        finally:
            Path(draft).unlink(missing_ok=True)

    def _parts(self, content: bytes) -> list[bytes]:
        """Return the sealed parts of a file: the head, and the entries."""
        first, _, rest = content.partition(b"\n")
        words = first[:200].decode("ascii", errors="replace").split(" ")
        if len(words) != 2 or words[0] != FORM:
            raise self._refused("this is not a ledger, or its first line was changed", _RESTORE)
        if words[1] != self._key.fingerprint:
            cure = "Name the key file that it was written with; without it nobody can read this ledger."
            raise self._refused("the ledger was written with another key", cure)
        parts: list[bytes] = []
        place, view = 0, memoryview(rest)
        while place < len(rest):
            start = place + LENGTH.size
            length = LENGTH.unpack(view[place:start])[0] if start <= len(rest) else len(rest)
            if start + length > len(rest):
                raise self._refused(f"it is cut short after entry {max(0, len(parts) - 1)}", _RESTORE)
            parts.append(rest[start : start + length])
            place = start + length
        return parts

    def _chain(self, parts: Sequence[bytes]) -> Chain:
        opened = unseal(self._secret, parts[0], f"{FORM} head") if parts else None
        if opened is None:
            raise self._refused("the head of the ledger is missing, or was changed", _RESTORE)
        head = json.loads(opened)
        chain = Chain(head["name"])
        entries, links = [], [chain.last]
        for place, sealed in enumerate(parts[1:]):
            entry = unseal(self._secret, sealed, _context(place, links[-1]))
            if entry is None:
                raise self._refused(f"entry {place + 1} was changed, or is not in its place", _RESTORE)
            entries.append(zlib.decompress(entry).decode())
            links.append(_link(links[-1], sealed))
        if len(entries) != head["entries"] or links[-1] != head["last"]:
            what = f"it has {len(entries)} entries and its head counts {head['entries']}"
            raise self._refused(what, _RESTORE)
        return Chain(chain.name, tuple(parts[1:]), tuple(entries), tuple(links[1:]))

    def _refused(self, what: str, cure: str) -> DataRefused:
        return DataRefused(what, where=str(self.path), cure=cure)


_RESTORE: Final = "Release nothing; restore the ledger from its copy."


def _context(place: int, last: str) -> str:
    return f"{FORM} {place} {last}"


def _link(last: str, sealed: bytes) -> str:
    return sha256(last.encode("ascii") + sealed)


def _check_untracked(paths: Sequence[Path]) -> None:
    """Refuse files that lie in a git checkout and are not ignored by it."""
    folder = paths[0].parent
    root = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)
    if root is None:
        return
    names = [str(path.relative_to(root)) for path in paths]
    command = ["git", "-C", str(root), "check-ignore", "--", *names]
    with contextlib.suppress(OSError):
        found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if len(found.stdout.splitlines()) == len(names):
            return
    cure = "Keep it beside the records store, or in any folder that no repository tracks."
    raise DataRefused("the ledger lies in a git checkout that would track it", where=str(paths[0]), cure=cure)
