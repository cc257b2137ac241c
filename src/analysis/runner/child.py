"""The process of one run: reads a job from its standard input, reports on its standard output, cleans up.

The parent keeps the pipe open for as long as it lives. When it closes, because the parent was stopped or
killed, the kernel is killed, half-written folders are removed and the process ends: nothing is left running.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.runner.execute import Desk, Lifeline, execute_and_render, failure
from analysis.runner.plan import PlannedRun

if TYPE_CHECKING:
    from collections.abc import Callable

STOPPED: Final = 4


def job(planned: PlannedRun, desk: Desk) -> str:
    """Return the one line that tells a child what to do."""
    stored = {**desk.__dict__, **{name: str(getattr(desk, name)) for name in ("root", "staging", "private")}}
    return json.dumps({"planned": planned.as_json(), "desk": stored}) + "\n"


def _read_line() -> bytes:
    """Read the job byte by byte: a buffered reader would hold a lock that the watcher needs."""
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return line


def _take_output() -> Callable[[dict[str, Any]], None]:
    """Keep standard output for reports to the parent, and send what libraries print nowhere."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)

    def say(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    return say


def _watch_parent(lifeline: Lifeline, desk: Desk) -> None:
    """Wait for the end of the pipe, then leave nothing behind."""
    while os.read(0, 1):
        continue
    lifeline.cut("parent gone")
    for folder in (desk.staging, desk.private):
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # the last of the children takes the folder that they shared
            folder.parent.rmdir()
    os._exit(STOPPED)


def main() -> None:
    """Run one job and report: ``kernel``, ``cell``…, then ``done`` or ``failed``."""
    say = _take_output()
    stored = json.loads(_read_line())
    planned = PlannedRun.from_json(stored["planned"])
    paths = {name: Path(stored["desk"][name]) for name in ("root", "staging", "private")}
    desk = Desk(**{**stored["desk"], **paths})
    lifeline = Lifeline(
        on_kernel=lambda pid: say({"is": "kernel", "pid": pid}),
        on_cell=lambda cell, number, cells: say({"is": "cell", "cell": cell, "number": number, "of": cells}),
    )
    threading.Thread(target=_watch_parent, args=(lifeline, desk), daemon=True).start()
    try:
        say({"is": "done", "record": execute_and_render(planned, desk, lifeline)})
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        say({"is": "failed", "failure": failure(planned, error, cell=lifeline.cell)})
    os._exit(0)  # the result is told; closing sockets and loops one by one would cost half a second


if __name__ == "__main__":
    main()
