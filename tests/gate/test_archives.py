"""Archives of runs: packed plainly they pass, and whatever else an archive can carry is refused."""

from __future__ import annotations

import io
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from building import Planted
from leak import NAME
from secrets_of_a_store import PSEUDONYM, SECRETS

from analysis import gate
from analysis.disclosure.policy import load
from analysis.gate.scan_archive import MODE, TIME, pack, scan

Files = list[tuple[zipfile.ZipInfo, bytes]]


def zipped(folder: Path, target: Path) -> None:
    """Write a folder as an archive."""
    found = (path for path in folder.rglob("*") if path.is_file())
    pack({path.relative_to(folder).as_posix(): path for path in found}, target)


@pytest.fixture
def packed(run: Planted, tmp_path: Path) -> Path:
    """The run as an archive of a release."""
    folder = tmp_path / "release"
    shutil.copytree(run.folder, folder / "norfolk" / "2022-23" / "tiny")
    (folder / "README.txt").write_text("Made by deepdive release.\n")
    zipped(folder, tmp_path / "release.zip")
    return tmp_path / "release.zip"


def info(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, TIME)
    made.external_attr, made.create_system = MODE << 16, 3
    return made


def rules(content: bytes) -> set[str]:
    return {one.why for one in scan(content, "the archive")}


def written(change: Callable[[Files], None] = lambda _: None, comment: bytes = b"") -> bytes:
    """Return an archive of one file, changed."""
    files: Files = [(info("a.txt"), b"four")]
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = comment
        for one, body in files:
            archive.writestr(one, body)
    return out.getvalue()


def test_a_packed_run_passes(packed: Path, run: Planted) -> None:
    """What pack writes, with a sound run in it, is found sound."""
    assert [str(one) for one in gate.examine_archive(packed, SECRETS, load(), run.root)] == []


def test_a_folder_is_packed_to_the_same_bytes(packed: Path, run: Planted, tmp_path: Path) -> None:
    """No time and no order of a disk is in an archive."""
    again = tmp_path / "again.zip"
    folder = tmp_path / "release"
    for path in sorted(folder.rglob("*"), reverse=True):
        path.touch()
    zipped(folder, again)
    assert again.read_bytes() == packed.read_bytes()
    assert run.folder.exists()


def test_a_leak_in_a_run_of_an_archive_is_named_with_its_run(run: Planted, tmp_path: Path) -> None:
    """Runs inside an archive are examined like any other."""
    run.edit_file("tables/outcomes.csv", lambda held: held.replace(b"[c]", b"4", 1))
    zipped(run.folder.parent, tmp_path / "release.zip")
    found = gate.examine_archive(tmp_path / "release.zip", None, load(), run.root)
    assert ("run 1 of the archive, tables/outcomes.csv, line 2, column 3", "csv-values") in {
        (one.where, one.rule) for one in found
    }


def test_secrets_beside_the_runs_are_found(tmp_path: Path, run: Planted) -> None:
    """A file that belongs to no run is read as well, and so is its name."""
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "results.json").write_text(f'{{"by": "{PSEUDONYM}"}}')
    (tmp_path / "release" / f"{PSEUDONYM}.csv").write_text("a\n")
    zipped(tmp_path / "release", tmp_path / "release.zip")
    found = gate.examine_archive(tmp_path / "release.zip", SECRETS, load(), run.root)
    assert [one.rule for one in found] == ["secret", "secret"]
    assert PSEUDONYM not in " ".join(map(str, found))


def _timed(files: Files) -> None:
    files[0][0].date_time = (2023, 4, 1, 9, 0, 4)


def _linked(files: Files) -> None:
    files[0][0].external_attr = (stat.S_IFLNK | 0o777) << 16


def _extra(files: Files) -> None:
    files[0][0].extra = struct.pack("<HH", 0xCAFE, len(NAME)) + NAME.encode()


def _noted(files: Files) -> None:
    files[0][0].comment = NAME.encode()


def _nested(files: Files) -> None:
    files.append((info("b.txt"), written(_noted)))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_timed, "its time is not the one"),
        (_linked, "no plain file"),
        (_extra, "extra fields or a comment"),
        (_noted, "extra fields or a comment"),
        (_nested, "another archive"),
        (lambda files: files.append((info("../a.txt"), b"")), "leads elsewhere"),
        (lambda files: files.append((info("/etc/a.txt"), b"")), "leads elsewhere"),
        (lambda files: files.append((info("C:a.txt"), b"")), "leads elsewhere"),
        (lambda files: files.append((info("a\\b.txt"), b"")), "leads elsewhere"),
        (lambda files: files.append((info("A.TXT"), b"")), "a name twice"),
        (lambda files: files.append((info("b/"), b"")), "leads elsewhere"),
        (lambda files: files.append((info("b.gz"), b"\x1f\x8b\x08")), "another archive"),
    ],
)
def test_each_trick_of_an_archive_is_named(change: Callable[[Files], None], fault: str) -> None:
    """One fault planted, that fault told, and the name that it hides never repeated."""
    assert rules(written()) == set()
    told = " ".join(rules(written(change)))
    assert fault in told
    assert NAME not in told


def test_what_is_nested_is_read_as_well() -> None:
    """An archive in an archive is refused, and so is what it hides."""
    assert {"it is another archive", "it carries extra fields or a comment"} <= rules(written(_nested))


def _gap(content: bytes) -> bytes:
    """Put bytes between the file and the list, and say so nowhere but in the offsets."""
    at = content.index(b"PK\x01\x02")
    moved = bytearray(content[:at] + NAME.encode() + content[at:])
    end = moved.rindex(b"PK\x05\x06")
    moved[end + 16 : end + 20] = struct.pack("<I", at + len(NAME))
    return bytes(moved)


def _renamed(content: bytes) -> bytes:
    """Say another name at the file than in the list."""
    return content.replace(b"a.txt", b"m.txt", 1)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda content: NAME.encode() + content, "stand between its files"),
        (lambda content: content + NAME.encode(), "before or behind its list"),
        (_gap, "before or behind its list"),
        (_renamed, "cannot be unpacked"),
        (lambda content: content[:40], "no archive"),
    ],
)
def test_bytes_that_no_list_mentions_are_found(spoil: Callable[[bytes], bytes], fault: str) -> None:
    """Libraries skip what the format does not need; the gate does not."""
    assert fault in " ".join(rules(spoil(written())))


def test_a_comment_of_an_archive_is_found() -> None:
    """The comment at the end of an archive is shown by few tools."""
    assert "it has a comment" in rules(written(comment=NAME.encode()))


def test_a_package_holds_what_was_examined_and_nothing_else(
    packed: Path, run: Planted, tmp_path: Path
) -> None:
    """Files may be left out of a package; another byte, or another file, may not be in it."""
    runs = {"norfolk/2022-23/tiny": run.folder}
    assert [one.why for one in gate.examine_package(packed, runs)] == [
        "it is no file of a run that was examined"
    ]
    (tmp_path / "release" / "README.txt").unlink()
    zipped(tmp_path / "release", tmp_path / "again.zip")
    assert gate.examine_package(tmp_path / "again.zip", runs) == []
    (run.folder / "tables" / "outcomes.csv").write_text("4")
    assert len(gate.examine_package(tmp_path / "again.zip", runs)) == 1
