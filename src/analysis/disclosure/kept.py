"""Patterns of hidden cells that were settled before, sealed, so that the next report of a period reads them.

Protection is what takes long in a run, and all reports of an area and period protect the same cells. The
first leaves the pattern beside the stores, sealed under the records key; the others find it by what it is of.
A pattern that is found is not believed: it must fit the cells, and it is attacked again before it is used.
Its name is a keyed digest, so that neither name nor content tells anybody without the key anything.
"""

from __future__ import annotations

import ast
import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.disclosure.attack import attack
from analysis.disclosure.cells import CellSystem
from analysis.disclosure.published import Published
from analysis.record import canonical_json
from analysis.records.keyfile import KeyFile
from analysis.records.seals import seal, unseal

FORM: Final = "deepdive-pattern-1"
PURPOSE: Final = "patterns"
FOLDER: Final = "protected"
"""Folder of the patterns, beside the stores."""
MOST: Final = 200
"""Patterns that are kept; the oldest go first."""
STALE: Final = 86_400.0
"""Age from which a lock that no pattern came of is taken away, if nobody holds it [seconds]."""
ENGINE: Final = "protect"
"""The module of this room whose code, with all that it imports of the room, decides a pattern."""
SOLVERS: Final = ("highspy", "numpy", "scipy")

Bools = np.ndarray[Any, np.dtype[np.bool_]]


class Kept:
    """The patterns in one folder.

    Parameters
    ----------
    folder
        Where they lie; made when the first is kept. Where nothing can be written, nothing is kept.
    key
        The key file of the records.
    """

    def __init__(self, folder: Path, key: KeyFile) -> None:
        self._folder, self._secret = folder, key.derive(PURPOSE)

    def __repr__(self) -> str:
        return "<patterns: sealed>"

    def pattern(
        self,
        system: CellSystem,
        settle: Callable[[], Bools],
        *,
        threshold: int,
        earlier: Sequence[Published] = (),
    ) -> Bools:
        """Return which cells are hidden: as settled before, if that still withstands the attack, else anew.

        Parameters
        ----------
        system, threshold, earlier
            As `analysis.disclosure.protect.protect` takes them.
        settle
            Finds a pattern; called once, while others who want the same wait.
        """
        name = self._name(system, threshold, earlier)
        with self._alone(name):
            found = self._read(name, len(system))
            if found is not None and _holds(system, found, threshold, earlier):
                return found
            hidden = settle()
            self._write(name, hidden)
            return hidden

    def _name(self, system: CellSystem, threshold: int, earlier: Sequence[Published]) -> str:
        """Return a keyed digest of everything that a pattern depends on."""
        joint = system.joint
        parts = (system.count, system.people, system.structural, system.owner)
        arrays = (*parts, joint.codes, joint.weight, joint.owner)
        said = [FORM, engine(), str(threshold), *(one.digest for one in earlier)]
        said += [repr((system.base, system.area, system.start, system.end, system.impossible))]
        said += [repr(list(system.dimensions.values())), repr(system.tables)]
        made = hashlib.blake2b(key=self._secret, digest_size=16)
        for one in (
            *(text.encode() for text in said),
            *(np.ascontiguousarray(one).tobytes() for one in arrays),
        ):
            made.update(len(one).to_bytes(8, "big") + one)
        return made.hexdigest()

    def _read(self, name: str, cells: int) -> Bools | None:
        """Return a kept pattern; None if there is none, or it is not what was written under this name."""
        try:
            opened = unseal(self._secret, self._path(name).read_bytes(), f"{FORM} {name}")
        except OSError:
            return None
        body = json.loads(opened) if opened is not None else {}
        if body.get("cells") != cells:
            return None
        bits = np.unpackbits(np.frombuffer(bytes.fromhex(body["hidden"]), dtype=np.uint8), count=cells)
        return bits.astype(np.bool_)

    def _write(self, name: str, hidden: Bools) -> None:
        body = canonical_json({"cells": len(hidden), "hidden": np.packbits(hidden).tobytes().hex()})
        with contextlib.suppress(OSError):
            handle, draft = tempfile.mkstemp(prefix=".draft-", dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(seal(self._secret, body.encode(), f"{FORM} {name}"))
            Path(draft).replace(self._path(name))
            self._forget()

    def _forget(self) -> None:
        """Take the oldest patterns away, and what goes with them."""
        aged = sorted(self._folder.glob("*.sealed"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in aged[MOST:]:
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)
        for path in self._folder.glob("*.lock"):
            if not path.with_suffix(".sealed").exists() and time.time() - path.stat().st_mtime > STALE:
                _tidy(path)

    @contextlib.contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """Let one process at a time look for a pattern; the lock goes with it, however it ends."""
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                file = held.enter_context(self._path(name).with_suffix(".lock").open("w"))
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sealed"


def _tidy(lock: Path) -> None:
    """Take a lock away that nobody holds; a run that opens it just then settles alone, and finds the same."""
    with contextlib.suppress(OSError), lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.unlink(missing_ok=True)


def _holds(system: CellSystem, hidden: Bools, threshold: int, earlier: Sequence[Published]) -> bool:
    """Say whether a pattern hides all that is sensitive, and withstands the attack."""
    if (system.sensitive(threshold) & ~hidden).any() or (hidden & system.structural).any():
        return False
    return attack(system, hidden, threshold=threshold, earlier=earlier).safe


@cache
def engine() -> str:
    """Return a digest of the code that decides a pattern, and of the packages that solve it."""
    made = hashlib.sha256(repr([(name, version(name)) for name in SOLVERS]).encode())
    for name, content in sorted(modules().items()):
        made.update(name.encode() + hashlib.sha256(content).digest())
    return made.hexdigest()


def modules() -> dict[str, bytes]:
    """Return the modules of this room that decide a pattern, by name, as they are on disk."""
    folder, seen, todo = Path(__file__).parent, dict[str, bytes](), [ENGINE]
    while todo:
        name = todo.pop()
        path = folder.joinpath(*name.split(".")).with_suffix(".py")
        if name not in seen and path.is_file():
            seen[name] = path.read_bytes()
            todo += _imported(ast.parse(seen[name]))
    return seen


def _imported(tree: ast.AST) -> list[str]:
    """Return the modules of this room that a module imports."""
    room = f"{__package__}."
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [name.removeprefix(room) for name in names if name.startswith(room)]
