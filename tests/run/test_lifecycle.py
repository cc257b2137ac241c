"""Real kernels: what a run leaves, what a failed one leaves, and what the next run then does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.errors import UsageError
from analysis.record import RUN_FILE
from analysis.runner import schedule


def only(outcomes):
    """Return the one outcome."""
    (outcome,) = outcomes
    return outcome


def failed(checkout, body, **rest):
    """Run a notebook that must fail and return the note of it."""
    checkout.notebook("tiny", body)
    outcome = only(checkout.run("tiny", **rest))
    assert outcome.record is None
    assert not checkout.folder("tiny").exists()
    assert checkout.leftovers() == []
    note = checkout.out / ".failed" / "norfolk" / "2022-23" / "tiny.json"
    assert json.loads(note.read_text()) == outcome.failure
    return outcome.failure


def alive(pid: int) -> bool:
    """Whether a process still runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone(pid: int, within: float = 5.0) -> bool:
    """Whether a process ends soon."""
    end = time.monotonic() + within
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


def test_a_run_leaves_a_notebook_its_files_and_a_record(checkout):
    """A success holds exactly the declared files, and a record that fingerprints each of them."""
    checkout.notebook("tiny")
    record = only(checkout.run("tiny", parameters={"scope": "women"})).record
    folder = checkout.folder("tiny--scope-women")
    assert sorted(checkout.files(folder)) == ["notebook.ipynb", "run.json", "tables/one.csv"]
    assert json.loads((folder / RUN_FILE).read_text()) == record
    assert record["verdict"] == "succeeded"
    assert record["parameters"] == {
        "given": {"scope": "women"},
        "typed": {"area": "norfolk", "period": "2022-23", "confidence": 0.95, "scope": "women"},
    }
    assert (folder / "tables/one.csv").read_text() == "scope,women\n"
    assert record["inputs"][0]["path"] == "data/published/figures.csv"
    assert record["inputs"][0]["tier"] == "published"
    assert set(record["outputs"]) == {"notebook.ipynb", "tables/one.csv"}
    assert record["values"]["one.1"]["n"]["text"] == "3"
    assert "analysis.runner.kernels" in record["code"]["modules"]


def test_two_runs_are_byte_equal_but_for_times(checkout):
    """Every file of two runs is the same, but for the start and the seconds in run.json."""
    checkout.notebook("tiny")
    only(checkout.run("tiny"))
    first = checkout.files(checkout.folder("tiny"))
    only(checkout.run("tiny", force=True))
    second = checkout.files(checkout.folder("tiny"))
    records = [json.loads(files.pop(RUN_FILE)) for files in (first, second)]
    assert first == second
    for record in records:
        assert record.pop("started") > "2020"
        assert record.pop("seconds") > 0
    assert records[0] == records[1]
    text = first["notebook.ipynb"].decode()
    assert "papermill" not in text
    assert str(checkout.root) not in text
    assert "injected-parameters" in text


def test_stale_reasons_follow_what_changed_and_a_run_settles_them(checkout):
    """Each change is named, and what is fresh is skipped."""
    checkout.notebook("tiny")

    def why():
        return only(checkout.plan("tiny")).why

    assert why() == "never run"
    checkout.run("tiny")
    assert why() == ""
    assert checkout.run("tiny") == []
    figures = checkout.root / "data/published/figures.csv"
    figures.write_text(figures.read_text() + "f2,4\n")
    assert why() == "data changed: data/published/figures.csv"
    checkout.run("tiny")
    assert why() == ""
    (checkout.folder("tiny") / "tables/one.csv").write_text("edited")
    assert why() == "output missing or changed: tables/one.csv"
    (checkout.root / "requirements.lock").write_text("new")
    assert why() == "environment changed: requirements.lock"
    checkout.notebook("tiny", "say()\nNone")
    assert why() == "notebook changed"
    assert only(checkout.plan("tiny", force=True)).why == "forced"


def test_a_kernel_killed_in_the_middle_fails_the_run_and_the_next_run_finishes(checkout):
    """After SIGKILL of its kernel a run says so, names the cell, leaves nothing, and is done next time."""
    marker = checkout.root / "killed"
    kill = f"if not pathlib.Path({str(marker)!r}).exists():\n    pathlib.Path({str(marker)!r}).touch()\n"
    note = failed(checkout, f"{kill}    os.kill(os.getpid(), 9)\nsay()")
    assert note["exit_code"] == 4
    assert note["message"] == (
        'tiny norfolk 2022-23: cell "body": the kernel died.'
        " If the machine ran out of memory, run fewer at once with -j 1."
    )
    assert only(checkout.plan("tiny")).why == "last run failed"
    assert only(checkout.run("tiny")).record is not None
    assert not (checkout.out / ".failed").exists()


def test_a_run_over_its_time_is_stopped(checkout):
    """The time limit kills the kernel and all it started, and names the cell it was in."""
    pids = checkout.root / "pids"
    body = (
        "import subprocess, time\nchild = subprocess.Popen(['sleep', '60'])\n"
        f"pathlib.Path({str(pids)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(60)\nscope"
    )
    note = failed(checkout, body, timeout=12)  # a busy machine takes seconds to start a kernel
    assert note["cell"] == "body"
    assert 'cell "body": it was stopped after 12 s' in note["message"]
    assert all(gone(int(pid)) for pid in pids.read_text().split())


def test_a_raising_cell_is_named_by_its_line_never_by_its_values(checkout):
    """A foreign error shows its class and the committed line; its words may hold values."""
    note = failed(checkout, "secret = 'Jane ' + scope\nraise ValueError(secret)")
    assert (note["cell"], note["error"], note["line"]) == ("body", "ValueError", "raise ValueError(secret)")
    assert "Jane all" not in json.dumps(note)
    assert "raised ValueError at: raise ValueError(secret)." in note["message"]


def test_our_own_errors_keep_their_words_and_their_exit_code(checkout):
    """An error of the package is shown as it was worded, and decides the exit code."""
    body = "from analysis.errors import DataRefused\nraise DataRefused('no column x', where='y.csv')\nscope"
    note = failed(checkout, body)
    assert note["message"] == 'tiny norfolk 2022-23: cell "body": y.csv: no column x.'
    assert note["exit_code"] == 3


def test_a_report_that_writes_to_stderr_fails_without_its_content(checkout):
    """A warning may hold values: the run fails, the cell is named, and what it wrote is not repeated."""
    note = failed(checkout, "import sys\nprint('Jane', file=sys.stderr)\nsay()")
    assert 'cell "body": it writes to stderr.' in note["message"]
    assert "Jane" not in json.dumps(note)
    assert note["exit_code"] == 5


def test_a_report_that_is_not_finished_fails(checkout):
    """A notebook whose cells all ran is no report yet: every declared file must exist."""
    note = failed(checkout, "say()\n(folder / 'tables/one.csv').unlink()")
    assert 'cell "body": it declares tables/one.csv, which was not written.' in note["message"]


def test_a_failure_leaves_the_earlier_report_in_place(checkout):
    """A notebook that worked and now fails does not take its last good report with it."""
    checkout.notebook("tiny")
    checkout.run("tiny")
    before = checkout.files(checkout.folder("tiny"))
    checkout.notebook("tiny", "raise ValueError(scope)")
    assert only(checkout.run("tiny")).failure is not None
    assert checkout.files(checkout.folder("tiny")) == before


def test_keep_going_runs_the_others_and_stopping_does_not(checkout):
    """With keep_going one failure costs one report; without, nothing more is started."""
    checkout.notebook("a_bad", "raise ValueError(scope)")
    checkout.notebook("b_good")
    stopped = checkout.run()
    assert [(done.run.notebook, bool(done.failure)) for done in stopped] == [("a_bad", True)]
    assert schedule.exit_code(stopped) == 4
    going = checkout.run(keep_going=True)
    assert [(done.run.notebook, bool(done.failure)) for done in going] == [("a_bad", True), ("b_good", False)]


def test_two_at_once_give_what_one_at_a_time_gives(checkout):
    """With two jobs each variant runs in its own folder, and events count up to the total."""
    checkout.notebook("tiny", variants=[{"scope": "women"}])
    checkout.run("tiny")
    alone = {name: checkout.files(checkout.folder(name)) for name in ("tiny", "tiny--scope-women")}
    events = checkout.events("tiny", jobs=2, force=True)
    for name, files in alone.items():
        again = checkout.files(checkout.folder(name))
        assert {**again, RUN_FILE: b""} == {**files, RUN_FILE: b""}
    ends = [event for event in events if event.kind == "finished"]
    assert [(event.done, event.total) for event in ends] == [(1, 2), (2, 2)]
    assert {event.cell for event in events if event.kind == "cell"} == {
        "parameters",
        "session",
        "begin",
        "body",
        "end",
    }
    assert ends[0].message.endswith(" s (forced)")


def test_the_page_is_made_again_without_a_kernel(checkout):
    """A lost page is rendered again from the results, and a page that fails the run leaves nothing behind."""
    page = checkout.root / "pages" / "tiny_page.py"
    page.write_text("def render(folder, layout):\n    (folder / 'report.html').write_text('<p>made</p>')\n")
    checkout.notebook("tiny")
    record = only(checkout.run("tiny", page="tiny_page")).record
    assert "report.html" in record["outputs"]
    (checkout.folder("tiny") / "report.html").unlink()
    planned = only(checkout.plan("tiny", page="tiny_page"))
    assert (planned.action, planned.why) == ("render", "output missing or changed: report.html")
    events = checkout.events("tiny", page="tiny_page")
    assert [event.kind for event in events] == ["started", "finished"]
    again = json.loads((checkout.folder("tiny") / RUN_FILE).read_text())
    assert again == record
    broken = (
        "from analysis.errors import RenderFailed\ndef render(*_):\n    raise RenderFailed('no alt text')\n"
    )
    page.write_text(broken)
    outcome = only(checkout.run("tiny", page="tiny_page", force=True))
    assert outcome.failure["exit_code"] == 6
    assert checkout.files(checkout.folder("tiny"))["report.html"] == b"<p>made</p>"


def test_an_unwritable_reports_folder_is_refused_before_anything_starts(checkout):
    """A file where the folder should be is a usage error that names it."""
    checkout.notebook("tiny")
    checkout.out.write_text("in the way")
    with pytest.raises(UsageError, match="cannot write there"):
        checkout.run("tiny")


SLOW = """\
import time
private = pathlib.Path(os.environ["IPYTHONDIR"]).parent.parent
pathlib.Path({pid!r}).write_text(f"{{os.getpid()}} {{private}}")
time.sleep(60)
scope
"""
DRIVE = """\
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent in the background may have had it ignored
from analysis.errors import DeepDiveError
from analysis.runner.plan import plan
from analysis.runner.schedule import run_all
try:
    run_all(plan(page=""), on_event=lambda event: print(event.kind, event.cell, flush=True))
except DeepDiveError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "killed"])
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc to see that a process is gone")
def test_nothing_is_left_running_when_the_runner_is_stopped(checkout, sent):
    """Ctrl-C ends in one line and exit code 4; even a killed runner takes its kernels with it."""
    pid = checkout.root / "pid"
    checkout.notebook("tiny", SLOW.format(pid=str(pid)))
    runner = subprocess.Popen(
        [sys.executable, "-c", DRIVE], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    while not pid.exists() or not pid.read_text():
        time.sleep(0.05)
    runner.send_signal(sent)
    said, _ = runner.communicate(timeout=10)
    kernel, private = pid.read_text().split(" ", 1)
    assert gone(int(kernel))
    if sent == signal.SIGINT:
        assert runner.returncode == 4
        wanted = "interrupted with 0 of 1 runs done. Run the same command again for the rest."
        assert said.splitlines()[-1] == wanted
    end = time.monotonic() + 5
    while (checkout.leftovers() or Path(private).exists()) and time.monotonic() < end:
        time.sleep(0.05)
    assert checkout.leftovers() == []
    assert not Path(private).exists()
    assert not checkout.folder("tiny").exists()


def test_a_listener_that_fails_ends_the_runs_it_listened_to(checkout):
    """A closed pipe under the progress lines leaves no process and no half-written report."""
    pid = checkout.root / "pid"
    checkout.notebook("tiny", SLOW.format(pid=str(pid)))

    def listener(event):
        if event.cell == "body":
            while not pid.exists() or not pid.read_text():
                time.sleep(0.05)
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        checkout.run("tiny", on_event=listener)
    assert gone(int(pid.read_text().split()[0]))
    assert checkout.leftovers() == []


def test_a_run_whose_own_process_is_killed_is_reported_and_takes_its_kernel_with_it(checkout):
    """SIGKILL of the child, not of the kernel, is a failed run as well."""
    body = f"import time\npathlib.Path({str(checkout.root / 'pid')!r}).write_text(str(os.getpid()))\n"
    note = failed(checkout, body + "os.kill(os.getppid(), 9)\ntime.sleep(60)\nscope")
    assert 'cell "body": its process was killed' in note["message"]
    assert gone(int((checkout.root / "pid").read_text()))
