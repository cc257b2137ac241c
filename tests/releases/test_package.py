"""A package comes whole or not at all, and the same files give the same bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.releases.giving_out import runs_below
from analysis.releases.package import archive, named, staged


def run(root: Path, name: str = "male_survivors") -> Path:
    folder = root / "norfolk" / "2022-23" / name
    (folder / "tables").mkdir(parents=True)
    (folder / "run.json").write_text("{}", "utf-8")
    (folder / "tables" / "a.csv").write_text("x\n1\n", "utf-8")
    (folder / "disclosure.json").write_text("{}", "utf-8")
    return folder


def test_an_archive_holds_what_readers_get_and_says_nothing_of_who_made_it_when(tmp_path: Path) -> None:
    folder = run(tmp_path)
    for path in ("one.zip", "other.zip"):
        archive(tmp_path / path, named([folder]))
        (folder / "run.json").touch()
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as made:
        names = [entry.filename for entry in made.infolist()]
        assert names == [
            "norfolk/2022-23/male_survivors/run.json",
            "norfolk/2022-23/male_survivors/tables/a.csv",
        ]
        assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not made.comment


def test_a_package_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with staged(tmp_path / "to") as folder:
            (folder / "half").write_text("x", "utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "mine").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="something already"), staged(tmp_path / "to"):
        pass
    assert (tmp_path / "to" / "mine").is_file()


def test_runs_are_found_below_folders_once(tmp_path: Path) -> None:
    one, two = run(tmp_path), run(tmp_path, "mental_health")
    assert runs_below([tmp_path, one]) == (one, two) or runs_below([tmp_path, one]) == (two, one)
    with pytest.raises(UsageError, match="no finished run"):
        runs_below([one / "tables"])


def test_two_runs_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="two runs have this name"):
        named([run(tmp_path / "a"), run(tmp_path / "b")])
