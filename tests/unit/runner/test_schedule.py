"""Order, exit code, and what the parent does when a child says nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.errors import RunFailed
from analysis.runner import schedule
from analysis.runner.plan import plan
from analysis.runner.schedule import Outcome, exit_code, longest_first, run_all


@pytest.fixture
def run(desk):
    """Return one planned run."""
    desk.write()
    return plan(layout=desk.layout)[0]


def test_unknown_runs_start_first_and_then_the_longest(run):
    """A long run that starts last keeps one worker busy alone."""
    runs = [replace(run, notebook=name, seconds=s) for name, s in (("a", 1.0), ("b", None), ("c", 9.0))]
    assert [one.notebook for one in longest_first(runs)] == ["b", "c", "a"]


@pytest.mark.parametrize(("codes", "code"), [([], 0), ([None], 0), ([6, None, 6], 6), ([3, 5], 4), ([4], 4)])
def test_the_exit_code_is_the_failures_own_if_they_agree(run, codes, code):
    """All of one class keep it; a mixture is a failed run."""
    outcomes = [Outcome(run, None, {"exit_code": one} if one else None) for one in codes]
    assert exit_code(outcomes) == code


def test_nothing_to_do_starts_nothing(run):
    """Fresh runs need no process, and not even a folder."""
    assert run_all([replace(run, action="skip")]) == []
    assert not run.out.exists()


def test_a_crash_of_the_runner_is_never_taken_for_success(run, desk, monkeypatch):
    """A disk that fills up while a run is set up ends in an error, not in an empty list."""

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(schedule.Worker, "start", full)
    with pytest.raises(RunFailed, match="No space left on device"):
        run_all([run], layout=desk.layout)
    assert list(run.out.iterdir()) == []


def test_private_folders_have_short_paths_that_only_the_owner_can_enter(monkeypatch):
    """A socket's name may not pass about 100 bytes, however deep the temporary folder is."""
    monkeypatch.setattr(schedule.tempfile, "gettempdir", lambda: "/tmp/" + "x" * 80)  # noqa: S108
    folder = schedule._private_folder()
    try:
        assert len(str(folder)) < schedule.SHORT_TEMPORARY
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.parent == Path("/tmp")  # noqa: S108
    finally:
        folder.rmdir()
