"""The private settings of a kernel."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.runner import kernels


def test_a_kernel_inherits_nothing_that_changes_results(tmp_path):
    """One thread, fixed seeds, Agg, no start-up files or settings of the user's; the rest is kept."""
    given = {"PATH": "/bin", "PYTHONSTARTUP": "x.py", "OMP_NUM_THREADS": "8", "MPLBACKEND": "Qt", "TZ": "NZ"}
    made = kernels.environment(given, tmp_path, Path("/root"), tmp_path / "run")
    assert made["PATH"] == "/bin"
    assert "PYTHONSTARTUP" not in made
    wanted = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg", "TZ": "UTC"}
    assert wanted.items() <= made.items()
    assert made["DEEPDIVE_RUN_DIR"] == str(tmp_path / "run")
    assert made["IPYTHONDIR"].startswith(str(tmp_path))


def test_a_kernel_has_the_records_it_is_given_and_never_those_of_a_shell(tmp_path):
    """A variable that somebody set for JupyterLab gives a report nothing."""
    shell = {"DEEPDIVE_RECORDS": "elsewhere"}
    assert "DEEPDIVE_RECORDS" not in kernels.environment(shell, tmp_path, Path("/root"), tmp_path / "run")
    made = kernels.environment(shell, tmp_path, Path("/root"), tmp_path / "run", "the store")
    assert made["DEEPDIVE_RECORDS"] == "the store"


def test_settings_stand_ins_are_made_once(tmp_path):
    """Empty folders that only the owner can enter, and an empty matplotlibrc."""
    kernels.prepare(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cwd", "ipython", "jupyter", "matplotlibrc"]
    assert (tmp_path / "cwd").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")
def test_a_kernel_talks_through_sockets_in_its_private_folder(tmp_path):
    """No port that another kernel could take."""
    manager = kernels.kernel_manager(tmp_path, {}, lambda _pid: None, contextlib.nullcontext())()
    assert (manager.transport, manager.ip) == ("ipc", str(tmp_path / "k"))
    assert manager.kernel_spec.argv[0] == sys.executable


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
def test_killing_a_group_takes_what_a_process_started_and_forgives_one_that_is_gone():
    """The pipe closes only when the grandchild, which holds it too, has ended."""
    code = "import subprocess, sys; subprocess.Popen(['sleep', '60']).wait()"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
    kernels.kill_group(process.pid)
    assert process.communicate(timeout=5) == (b"", None)
    kernels.kill_group(process.pid)
