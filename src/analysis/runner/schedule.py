"""Run what is planned, several at a time, each in a process of its own that can die without the others."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from analysis.errors import RunFailed
from analysis.layout import Layout
from analysis.runner import history
from analysis.runner.child import job
from analysis.runner.execute import CellFailed, Desk, failure
from analysis.runner.kernels import kill_group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from analysis.runner.history import Failure, RunRecord
    from analysis.runner.plan import PlannedRun

TIMEOUT: Final = 600.0
"""Seconds that the cells of one run may take."""
SETTLING: Final = 3600.0
"""Seconds with records: the first report of a period settles which cells are hidden, which takes minutes."""

GRACE: Final = 60.0
"""Seconds more for starting, rendering and cleaning up before the process itself is killed."""

SHORT_TEMPORARY: Final = 60
"""Longest temporary folder (bytes) whose sockets still have names that the system accepts."""


@dataclass(frozen=True)
class Event:
    """Something to tell whoever waits.

    Attributes
    ----------
    kind
        "started", "cell" (one begins), "finished" or "failed".
    run
        What it is about.
    done, total
        Runs that have ended, this one included, and runs in all.
    cell, number, cells
        For "cell": its id, its place from 1, and code cells in all.
    seconds
        For "finished" and "failed": how long it took.
    message
        For "finished" and "failed": the one line to print.
    """

    kind: Literal["started", "cell", "finished", "failed"]
    run: PlannedRun
    done: int
    total: int
    cell: str = ""
    number: int = 0
    cells: int = 0
    seconds: float = 0.0
    message: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a planned run: a record if it succeeded, a failure if not."""

    run: PlannedRun
    record: RunRecord | None
    failure: Failure | None


@dataclass
class Worker:
    """One child process, from its start to its result."""

    run: PlannedRun
    desk: Desk
    kernel: int | None = None
    cell: str = ""
    overdue: bool = False
    process: subprocess.Popen[str] = field(init=False)

    def start(self) -> None:
        """Start the child and hand it its job."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "analysis.runner.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            **_own_group(),
        )
        with suppress(OSError):
            _stdin(self.process).write(job(self.run, self.desk))
            _stdin(self.process).flush()

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield what the child says until it ends."""
        deadline = threading.Timer(self.desk.timeout + GRACE, self._late)
        deadline.daemon = True
        deadline.start()
        try:
            for line in self.process.stdout or ():
                message: dict[str, Any] = json.loads(line)
                self.kernel = message.get("pid", self.kernel)
                self.cell = message.get("cell", self.cell)
                yield message
        finally:
            deadline.cancel()

    def _late(self) -> None:
        self.overdue = True
        self.stop()

    def stop(self, patience: float = 0.0) -> None:
        """End the child and its kernel; closing the pipe asks it to, and it has so many seconds to do so."""
        with suppress(OSError, ValueError):
            _stdin(self.process).close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        for pid in (self.kernel, self.process.pid if self.process.poll() is None else None):
            if pid is not None:
                kill_group(pid)
        self.process.wait()


def _own_group() -> dict[str, Any]:
    """Keep Ctrl-C from the children: it reaches this process alone, which then ends the others."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _stdin(process: subprocess.Popen[str]) -> Any:
    return process.stdin


class Schedule:
    """The runs still to do, those being done, and what became of the others."""

    def __init__(self, planned: Sequence[PlannedRun], desks: Iterator[Desk], *, keep_going: bool) -> None:
        self.total = len(planned)
        self.waiting = deque(planned)
        self.desks, self.keep_going = desks, keep_going
        self.outcomes: list[Outcome] = []
        self.working: set[int] = set()
        self.workers: dict[int, Worker] = {}
        self.events: queue.Queue[Event | None] = queue.Queue()
        self.lock = threading.Lock()
        self.stopped = False
        self.crash: Exception | None = None

    def work(self) -> None:
        """Take runs until there are none; the body of each thread."""
        try:
            while worker := self._next():
                self._attend(worker)
        except Exception as error:  # noqa: BLE001 - told by run_all: a thread that dies must not pass for done
            self.crash = error
        finally:
            self.events.put(None)

    def _next(self) -> Worker | None:
        """Start the next run, unless all are done or one failed and the others are not wanted."""
        with self.lock:
            failed = any(outcome.failure for outcome in self.outcomes)
            if self.stopped or not self.waiting or (failed and not self.keep_going):
                return None
            worker = Worker(self.waiting.popleft(), next(self.desks))
            worker.start()
            self.workers[id(worker)] = worker
            return worker

    def _attend(self, worker: Worker) -> None:
        """Follow one run to its end and note what became of it."""
        self._tell(worker, "started")
        clock = time.perf_counter()
        record, failed = None, None
        try:
            for message in worker.messages():
                if message["is"] == "cell":
                    self._tell(worker, "cell", message)
                record, failed = message.get("record", record), message.get("failure", failed)
        finally:
            worker.stop(patience=1.0 if record or failed else 0.0)
        with self.lock:
            del self.workers[id(worker)]
            if self.stopped:
                return
            if record is None and failed is None:
                failed = _killed(worker)
            _clear(worker.desk)
            _note(worker.run, failed)
            self.outcomes.append(Outcome(worker.run, record, failed))
        self._told_end(worker.run, failed, time.perf_counter() - clock)

    def _tell(
        self, worker: Worker, kind: Literal["started", "cell"], about: dict[str, Any] | None = None
    ) -> None:
        about = about or {}
        cell, number, cells = about.get("cell", ""), about.get("number", 0), about.get("of", 0)
        self.events.put(Event(kind, worker.run, len(self.outcomes), self.total, cell, number, cells))

    def _told_end(self, run: PlannedRun, failed: Failure | None, seconds: float) -> None:
        verb = "rendered" if run.action == "render" else "done"
        message = failed["message"] if failed else f"{run.label}: {verb} in {seconds:.1f} s ({run.why})"
        kind: Literal["failed", "finished"] = "failed" if failed else "finished"
        self.events.put(Event(kind, run, len(self.outcomes), self.total, seconds=seconds, message=message))

    def stop(self) -> None:
        """Start nothing more and end what runs."""
        with self.lock:
            self.stopped = True
            workers = list(self.workers.values())
        for worker in workers:
            worker.stop(patience=2.0)


def run_all(
    planned: Sequence[PlannedRun],
    jobs: int = 1,
    *,
    keep_going: bool = False,
    on_event: Callable[[Event], None] = lambda _event: None,
    timeout: float = TIMEOUT,
    layout: Layout | None = None,
) -> list[Outcome]:
    """Run everything planned that is not fresh, longest first, and return what became of each.

    Parameters
    ----------
    planned
        From `analysis.runner.plan.plan`; all of one reports folder.
    jobs
        How many processes at once.
    keep_going
        Start further runs after one has failed. Those already started are always finished.
    on_event
        Called in this thread, in order.
    timeout
        Seconds that the cells of one run may take.

    Returns
    -------
    list of Outcome
        Sorted by area, period and name; runs that were never started are not in it.

    Raises
    ------
    UsageError
        If the reports folder cannot be written; nothing has been started then.
    RunFailed
        If it was interrupted; what had finished stays.
    """
    todo = longest_first([run for run in planned if run.action != "skip"])
    if not todo:
        return []
    out, layout = todo[0].out, layout or Layout.find()
    history.check_writable(out)
    history.remove_stale_staging(out)
    staging, private = history.new_staging(out), _private_folder()
    schedule = Schedule(todo, _desks(layout.root, staging, private, timeout), keep_going=keep_going)
    try:
        _follow(schedule, min(jobs, len(todo)), on_event)
    except KeyboardInterrupt:
        schedule.stop()
        raise RunFailed(
            f"interrupted with {len(schedule.outcomes)} of {len(todo)} runs done",
            cure="Run the same command again for the rest.",
        ) from None
    except BaseException:  # whoever was told is gone, such as a closed pipe: so are the runs
        schedule.stop()
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        shutil.rmtree(private, ignore_errors=True)
    if schedule.crash:
        raise RunFailed(f"the runner stopped ({schedule.crash})", where=str(out)) from schedule.crash
    return sorted(schedule.outcomes, key=lambda done: (done.run.area, done.run.period, done.run.folder.name))


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return 0 if all succeeded, the failures' exit code if they share one, and otherwise 4."""
    codes = {outcome.failure["exit_code"] for outcome in outcomes if outcome.failure}
    return (codes.pop() if len(codes) == 1 else RunFailed.exit_code) if codes else 0


def longest_first(planned: Sequence[PlannedRun]) -> list[PlannedRun]:
    """Return runs in the order that keeps all workers busy: unknown ones first, then the longest."""
    return sorted(planned, key=lambda run: -(run.seconds if run.seconds is not None else float("inf")))


def _follow(schedule: Schedule, jobs: int, on_event: Callable[[Event], None]) -> None:
    """Hand on events in this thread until every worker thread has ended."""
    threads = [threading.Thread(target=schedule.work, daemon=True) for _ in range(max(jobs, 1))]
    for thread in threads:
        thread.start()
    left = len(threads)
    while left:
        event = schedule.events.get()
        if event is None:
            left -= 1
        else:
            on_event(event)


def _private_folder() -> Path:
    """Make a private folder whose path is short enough for the name of a socket."""
    usual = tempfile.gettempdir()
    short = usual if len(usual.encode()) <= SHORT_TEMPORARY or not Path("/tmp").is_dir() else "/tmp"  # noqa: S108
    return Path(tempfile.mkdtemp(prefix="dd-", dir=short))


def _desks(root: Path, staging: Path, private: Path, timeout: float) -> Iterator[Desk]:
    """Yield a fresh desk for each run."""
    number = 0
    while True:
        number += 1
        desk = Desk(root, staging / str(number), private / str(number), timeout)
        desk.staging.mkdir(mode=0o700)
        desk.private.mkdir(mode=0o700)
        yield desk


def _clear(desk: Desk) -> None:
    for folder in (desk.staging, desk.private):
        shutil.rmtree(folder, ignore_errors=True)


def _note(run: PlannedRun, failed: Failure | None) -> None:
    if failed:
        history.note_failure(run.out, run.folder, failed)
    else:
        history.clear_failure(run.out, run.folder)


def _killed(worker: Worker) -> Failure:
    """Return the failure of a run whose process ended without a word."""
    what = "its process took too long and was stopped" if worker.overdue else "its process was killed"
    cure = "If the machine ran out of memory, run fewer at once with -j 1."
    return failure(worker.run, CellFailed(what, cell=worker.cell, cure=cure, error="ProcessLookupError"))
