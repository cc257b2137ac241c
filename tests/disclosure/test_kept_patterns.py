"""Patterns settled before: found again by what they are of, sealed, and never believed without an attack."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rows import referrals, release

from analysis.disclosure import commitment, kept
from analysis.disclosure.kept import Kept
from analysis.records.keyfile import KeyFile
from analysis.records.seals import seal

COUNTS = {
    ("Female", "Accepted"): 61,
    ("Female", "Declined"): 33,
    ("Female", "Withdrew"): 14,
    ("Male", "Accepted"): 25,
    ("Male", "Declined"): 12,
    ("Male", "Withdrew"): 4,
}


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    return KeyFile.open(tmp_path / "key", create=True)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the bases that were protected from the start, filled as they are."""
    found: list[str] = []
    real = commitment.protect

    def counted(system: Any, **named: Any) -> Any:
        found.append(system.base)
        return real(system, **named)

    monkeypatch.setattr(commitment, "protect", counted)
    return found


def hidden(folder: Path, key: KeyFile, counts: Any = None) -> dict[Any, Any]:
    """Return what a release with kept patterns tells."""
    one = release(kept=Kept(folder, key))
    one.crosstab(referrals(counts or COUNTS), "sex", "outcome", name="outcomes")
    one.commit()
    return dict(one.published()[0].cells)


def sealed(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sealed"))


def test_the_second_release_of_the_same_counts_is_not_protected_again(
    tmp_path: Path, key: KeyFile, runs: list[str]
) -> None:
    first = hidden(tmp_path / "kept", key)
    assert hidden(tmp_path / "kept", key) == first
    assert runs == ["referrals"]
    assert len(sealed(tmp_path / "kept")) == 1


def test_other_counts_are_another_pattern(tmp_path: Path, key: KeyFile, runs: list[str]) -> None:
    hidden(tmp_path / "kept", key)
    hidden(tmp_path / "kept", key, {**COUNTS, ("Male", "Withdrew"): 5})
    assert runs == ["referrals"] * 2
    assert len(sealed(tmp_path / "kept")) == 2


def test_other_code_settles_anew(
    tmp_path: Path, key: KeyFile, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden(tmp_path / "kept", key)
    monkeypatch.setattr(kept, "engine", lambda: "0" * 64)
    hidden(tmp_path / "kept", key)
    assert runs == ["referrals"] * 2


def test_another_key_finds_nothing_under_any_name(tmp_path: Path, key: KeyFile, runs: list[str]) -> None:
    hidden(tmp_path / "kept", key)
    hidden(tmp_path / "kept", KeyFile.open(tmp_path / "other", create=True))
    assert runs == ["referrals"] * 2
    names = {path.stem for path in sealed(tmp_path / "kept")}
    assert len(names) == 2


def test_what_lies_there_says_nothing_without_the_key(tmp_path: Path, key: KeyFile) -> None:
    hidden(tmp_path / "kept", key)
    (path,) = sealed(tmp_path / "kept")
    content = path.read_bytes()
    assert b"hidden" not in content
    assert b"cells" not in content
    assert path.stat().st_mode & 0o077 == 0
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "change", [lambda body: body[:-1] + bytes([body[-1] ^ 1]), lambda _: b"", lambda b: b[:9]]
)
def test_a_file_that_was_changed_is_settled_anew(
    change: Any, tmp_path: Path, key: KeyFile, runs: list[str]
) -> None:
    first = hidden(tmp_path / "kept", key)
    (path,) = sealed(tmp_path / "kept")
    path.write_bytes(change(path.read_bytes()))
    assert hidden(tmp_path / "kept", key) == first
    assert runs == ["referrals"] * 2


def test_a_pattern_that_shows_too_much_is_not_believed_though_its_seal_is_good(
    tmp_path: Path, key: KeyFile, runs: list[str]
) -> None:
    first = hidden(tmp_path / "kept", key)
    (path,) = sealed(tmp_path / "kept")
    for shown in (0, len(first) // 2):
        bits = np.zeros(20, dtype=np.bool_)
        bits[:shown] = True
        body = f'{{"cells":20,"hidden":"{np.packbits(bits).tobytes().hex()}"}}'
        path.write_bytes(seal(key.derive(kept.PURPOSE), body.encode(), f"{kept.FORM} {path.stem}"))
        assert hidden(tmp_path / "kept", key) == first
    assert runs == ["referrals"] * 3


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, key: KeyFile, runs: list[str]) -> None:
    (tmp_path / "file").write_text("a file, and no folder", "utf-8")
    assert hidden(tmp_path / "file", key) == hidden(tmp_path / "file", key)
    assert runs == ["referrals"] * 2


def test_the_oldest_patterns_go_first(tmp_path: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    for more in range(4):
        hidden(tmp_path / "kept", key, {**COUNTS, ("Female", "Accepted"): 61 + more})
    assert len(sealed(tmp_path / "kept")) == 2
    assert len(list((tmp_path / "kept").iterdir())) == 4


def test_locks_that_no_pattern_came_of_are_tidied_unless_they_are_new_or_held(
    tmp_path: Path, key: KeyFile
) -> None:
    """A run that was broken off leaves its lock; one that is at work holds it."""
    left, new, held = (tmp_path / f"{name}.lock" for name in ("left", "new", "held"))
    for path in (left, new, held):
        path.touch()
    for path in (left, held):
        os.utime(path, (0, 0))
    with held.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        hidden(tmp_path, key)
    assert not left.exists()
    assert new.exists()
    assert held.exists()
    assert all(path.with_suffix(".lock").exists() for path in sealed(tmp_path))


def test_the_code_that_decides_is_all_that_protection_imports() -> None:
    room = Path(kept.__file__).parent
    seen = kept.modules()
    assert {"protect", "attack", "cells", "solving.solver", "tables"} <= set(seen)
    assert not {"kept", "commitment", "views"} & set(seen)
    assert all(room.joinpath(*name.split(".")).with_suffix(".py").is_file() for name in seen)
