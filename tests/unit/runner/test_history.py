"""What is left on disk, and how a finished folder gets into place."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest

from analysis.errors import UsageError
from analysis.runner import history

NOTE = {"message": "m", "exit_code": 4}


def test_a_finished_folder_replaces_the_old_one_whole(tmp_path):
    """Nothing of the old report stays, and nothing of the swap is left."""
    staged, folder = tmp_path / "staging" / "report", tmp_path / "norfolk" / "2022-23" / "tiny"
    staged.mkdir(parents=True)
    (staged / "new").touch()
    folder.mkdir(parents=True)
    (folder / "old").touch()
    history.put_in_place(staged, folder)
    assert [path.name for path in folder.iterdir()] == ["new"]
    assert list((tmp_path / "staging").iterdir()) == []


def test_the_old_report_comes_back_if_the_new_one_cannot_be_moved(tmp_path):
    """A swap that fails half way is undone."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    (folder / "old").touch()
    with pytest.raises(FileNotFoundError):
        history.put_in_place(tmp_path / "nothing", folder)
    assert [path.name for path in folder.iterdir()] == ["old"]


def test_a_note_of_failure_comes_and_goes_with_its_folders(tmp_path):
    """Clearing it leaves neither the note nor an empty folder, unless there are other notes."""
    one, two = (tmp_path / "norfolk" / "2022-23" / name for name in ("one", "two"))
    history.note_failure(tmp_path, one, NOTE)
    history.note_failure(tmp_path, two, NOTE)
    assert json.loads((tmp_path / ".failed/norfolk/2022-23/one.json").read_text()) == NOTE
    history.clear_failure(tmp_path, one)
    assert history.failure_path(tmp_path, two).exists()
    history.clear_failure(tmp_path, two)
    history.clear_failure(tmp_path, two)
    assert list(tmp_path.iterdir()) == []


def test_only_staging_of_dead_processes_is_removed(tmp_path):
    """Another run may be using its own; one that has ended is not."""
    code = "import os; print(os.getpid())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    dead = tmp_path / f".staging-{socket.gethostname()}-{done.stdout.strip()}-abc"
    elsewhere = tmp_path / f".staging-{socket.gethostname()}x-{done.stdout.strip()}-abc"
    mine = history.new_staging(tmp_path)
    for folder in (dead, elsewhere):
        folder.mkdir()
    history.remove_stale_staging(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([mine, elsewhere])
    assert mine.stat().st_mode & 0o777 == 0o700


def test_records_are_found_in_order_and_hidden_folders_are_not_looked_into(tmp_path):
    """The site is built from these; staging and failures are no reports."""
    complete = dict.fromkeys(history.RunRecord.__required_keys__)
    for place in ("b/p/n", "a/p/n", ".staging-x/1/report", "a/p/broken"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "run.json").write_text(json.dumps(complete if "broken" not in place else {}))
    found = [folder.relative_to(tmp_path).as_posix() for folder, _ in history.records(tmp_path)]
    assert found == ["a/p/n", "b/p/n"]


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    """With what the system says, and where."""
    (tmp_path / "file").touch()
    with pytest.raises(
        UsageError, match=r"--out .*file.*: cannot write there \(.+\)\. Choose another folder"
    ):
        history.check_writable(tmp_path / "file" / "reports")
    history.check_writable(tmp_path / "new" / "reports")
    assert os.listdir(tmp_path / "new" / "reports") == []  # noqa: PTH208
