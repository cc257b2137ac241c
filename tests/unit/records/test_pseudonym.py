"""Pseudonyms are keyed, stable and joined across providers; the key file is guarded."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.layout import Layout
from analysis.records.keyfile import KEY_VARIABLE, KeyFile
from analysis.records.pseudonym import pseudonym, pseudonymise


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    """A new key outside the repository."""
    return KeyFile.open(tmp_path / "keys" / "key", create=True)


def sent(*rows: tuple[str, str, str | None]) -> dict[str, pd.DataFrame]:
    """Referrals as they come: provider, case reference, shared reference."""
    frame = pd.DataFrame(rows, columns=["provider", "case_reference", "shared_reference"])
    return {"referrals": frame.assign(month=pd.Timestamp("2022-04-01"))}


def test_a_key_is_created_once_readable_by_its_owner_alone(tmp_path: Path) -> None:
    """The first opening makes the file with mode 0600; the second reads the same key."""
    path = tmp_path / "deep" / "key"
    made = KeyFile.open(path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KeyFile.open(path, create=True) == made == KeyFile.open(path)
    assert list(path.parent.iterdir()) == [path]


def test_a_missing_key_is_refused_unless_it_may_be_made(tmp_path: Path) -> None:
    """Only reading workbooks makes a key."""
    with pytest.raises(DataRefused, match="there is no key file"):
        KeyFile.open(tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_a_key_inside_the_repository_is_refused() -> None:
    """Nothing that opens the store is ever near to being committed."""
    with pytest.raises(DataRefused, match="inside the repository"):
        KeyFile.open(Layout.find().root / "data" / "key", create=True)


def test_a_link_into_the_repository_does_not_help(tmp_path: Path) -> None:
    """What counts is where the file is."""
    (tmp_path / "key").symlink_to(Layout.find().root / "data" / "key")
    with pytest.raises(DataRefused, match="inside the repository"):
        KeyFile.open(tmp_path / "key", create=True)


def test_a_key_that_others_may_read_is_refused_with_the_command_that_mends_it(key: KeyFile) -> None:
    """Nobody goes on with a key that has been open to all."""
    key.path.chmod(0o640)
    with pytest.raises(DataRefused, match="chmod 600"):
        KeyFile.open(key.path)


@pytest.mark.parametrize(
    "content", [b"", b"deepdive-key-1 abc", b"\x00\xff" * 40, b"deepdive-key-1 " + b"zz" * 32]
)
def test_a_damaged_key_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    """A key file cut short or overwritten is named, its content is not."""
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(DataRefused, match="damaged") as caught:
        KeyFile.open(path)
    assert "zz" not in str(caught.value)


def test_the_variable_names_the_key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One environment variable moves it."""
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "elsewhere"))
    assert KeyFile.open(create=True).path == tmp_path / "elsewhere"


def test_a_key_is_never_shown(key: KeyFile) -> None:
    """Neither repr nor fingerprint holds the secret."""
    assert key.secret.hex() not in repr(key) + str(key)
    assert key.fingerprint not in key.secret.hex()


def test_keys_for_two_purposes_differ(key: KeyFile) -> None:
    """Whoever learns one derived key does not have the other."""
    assert len({key.derive(name) for name in ("pseudonym", "store", "manifest", "fingerprint")}) == 4


def test_spelling_does_not_tell_references_apart(key: KeyFile) -> None:
    """Case, spaces and look-alike dashes are the same reference; another number is not."""
    spelt = pd.Series(["NDA-0412", " nda 0412", "NDA–0412", "nda.0412 ", "ＮＤＡ-0412"])
    assert len(set(pseudonym(spelt, key, "case"))) == 1
    assert pseudonym(pd.Series(["NDA-0412", "NDA-0413"]), key, "case").nunique() == 2


def test_a_pseudonym_needs_the_key_and_its_scope(key: KeyFile, tmp_path: Path) -> None:
    """Another key or scope gives another; the same gives the same, and blank stays blank."""
    other = KeyFile.open(tmp_path / "other", create=True)
    references = pd.Series(["NDA-0412", None, "  "], index=[7, 8, 9])
    mine = pseudonym(references, key, "case")
    assert mine.equals(pseudonym(references, KeyFile.open(key.path), "case"))
    assert mine.isna().tolist() == [False, True, True]
    assert mine.index.tolist() == [7, 8, 9]
    assert len({mine[7], pseudonym(references, other, "case")[7], pseudonym(references, key, "form")[7]}) == 3
    assert len(mine[7]) == 32


def test_two_providers_may_use_the_same_case_reference(key: KeyFile) -> None:
    """A case belongs to its provider."""
    kept = pseudonymise(sent(("a", "1", None), ("b", "1", None)), "norfolk", key)["referrals"]
    assert kept["case"].nunique() == kept["person"].nunique() == 2


def test_a_shared_reference_joins_a_person_over_providers_and_rows(key: KeyFile) -> None:
    """Given once for a case, it holds for all its rows, earlier ones too."""
    rows = [("a", "1", None), ("a", "1", "OT-9"), ("b", "77", "ot 9"), ("b", "78", None)]
    kept = pseudonymise(sent(*rows), "norfolk", key)["referrals"]
    assert kept["person"].nunique() == 2
    assert len(set(kept["person"].iloc[:3])) == 1


def test_nothing_of_a_reference_is_kept(key: KeyFile) -> None:
    """No column holds the reference as it came, and none that is not declared."""
    frames = sent(("a", "NDA-0412", "OT-77310"))
    frames["referrals"] = frames["referrals"].assign(notes="Sarah")
    kept = pseudonymise(frames, "norfolk", key)["referrals"]
    assert not {"case_reference", "shared_reference", "notes"} & set(kept.columns)
    assert not kept.astype(str).isin(["NDA-0412", "OT-77310", "Sarah"]).any(axis=None)


def test_two_makers_of_a_key_end_with_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is second reads the key of the first, and overwrites nothing."""
    path, link = tmp_path / "key", os.link

    def beaten(draft: Path, place: Path) -> None:
        path.write_text("deepdive-key-1 " + "ab" * 32 + "\n")
        path.chmod(0o600)
        link(draft, place)

    monkeypatch.setattr(os, "link", beaten)
    assert KeyFile.open(path, create=True).secret == b"\xab" * 32
