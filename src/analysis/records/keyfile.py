"""The key file: the one secret from which pseudonyms and the encryption of the store are derived.

It lies outside the repository, readable by its owner alone, and is created once, by the first reading of
workbooks. Whoever holds it can match a case reference to a pseudonym and can read the store; whoever loses
it can do neither again.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from analysis.errors import DataRefused
from analysis.layout import Layout

KEY_VARIABLE: Final = "DEEPDIVE_KEY_FILE"
"""Environment variable that names the key file, if it is not at its default place."""

FORM: Final = "deepdive-key-1"
LENGTH: Final = 32
MODE: Final = 0o600


def default_path() -> Path:
    """Return where the key file is unless a command says otherwise."""
    given = os.environ.get(KEY_VARIABLE)
    return Path(given) if given else Path.home() / ".config" / "deepdive" / "key"


@dataclass(frozen=True)
class KeyFile:
    """The key as read from its file; it is never shown, not even by ``repr``.

    Attributes
    ----------
    path
        Where it was read from.
    """

    path: Path
    secret: bytes = field(repr=False)

    @classmethod
    def open(cls, path: Path | None = None, *, create: bool = False) -> KeyFile:
        """Read the key file.

        Parameters
        ----------
        path
            The file; `default_path` if None.
        create
            Make a new key if there is none. Reading workbooks does; reading a store never does.

        Raises
        ------
        DataRefused
            If there is none, if it lies inside the repository, if others than its owner may read it, or if
            it is no key file.
        """
        path = (path or default_path()).expanduser().resolve()
        _check_outside(path)
        if not path.exists():
            if not create:
                cure = f"Name it (--key-file or {KEY_VARIABLE}) or restore it: a new key opens no old store."
                raise DataRefused("there is no key file", where=str(path), cure=cure)
            _create(path)
        return cls(path, _secret(path))

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key for one purpose (HKDF with SHA-256, RFC 5869)."""
        return _derived(self.secret, purpose)

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that tell one key from another and say nothing of it."""
        return self.derive("fingerprint").hex()[:16]


@lru_cache(maxsize=64)
def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), LENGTH, salt=None, info=f"{FORM}/{purpose}".encode()).derive(secret)


def _check_outside(path: Path) -> None:
    if path.is_relative_to(Layout.find().root.resolve()):
        cure = f"Move it out, and name it with {KEY_VARIABLE} if it is not at the default place."
        raise DataRefused("the key file lies inside the repository", where=path.name, cure=cure)


def _create(path: Path) -> None:
    """Write a new key beside its place and link it there: never a half-written key, never one overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(prefix=".key-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            os.fchmod(file.fileno(), MODE)
            file.write(f"{FORM} {secrets.token_hex(LENGTH)}\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # somebody was quicker: theirs is the key
            os.link(draft, path)
        sync_folder(path.parent)
    finally:
        Path(draft).unlink()


def _secret(path: Path) -> bytes:
    if not path.is_file():
        raise DataRefused("the key file is not a file", where=str(path), cure="Name the file itself.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        cure = f"Make it readable by its owner alone: chmod 600 {path}"
        raise DataRefused("others than its owner may read the key file", where=str(path), cure=cure)
    words = path.read_bytes()[:200].decode("ascii", errors="replace").split()
    with contextlib.suppress(ValueError):
        if len(words) == 2 and words[0] == FORM and len(bytes.fromhex(words[1])) == LENGTH:
            return bytes.fromhex(words[1])
    cure = "Restore it from its copy; never edit it."
    raise DataRefused("this is not a key file, or it is damaged", where=str(path), cure=cure)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
