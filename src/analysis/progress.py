"""What is shown while runs go on: a live bar on a terminal, plain lines elsewhere, JSON for a machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analysis.runner.plan import PlannedRun
from analysis.runner.schedule import Event

OnEvent = Callable[[Event], None]


@contextmanager
def follow(todo: Sequence[PlannedRun], *, as_json: bool = False) -> Iterator[OnEvent]:
    """Yield the function that is told each event of a schedule, and draw until the block ends."""
    if as_json:
        yield _json_lines
    elif todo and sys.stdout.isatty():
        with _bar() as bar:
            yield _drawing(bar, len(todo))
    else:
        yield _plain_lines


def _ended(event: Event) -> bool:
    return event.kind in {"finished", "failed"}


def _json_lines(event: Event) -> None:
    if _ended(event):
        line: dict[str, Any] = {
            "kind": event.kind,
            "notebook": event.run.notebook,
            "area": event.run.area,
            "period": event.run.period,
            "folder": str(event.run.folder),
            "seconds": round(event.seconds, 2),
            "message": event.message,
        }
        sys.stdout.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
        sys.stdout.flush()


def _plain_lines(event: Event) -> None:
    if not _ended(event):
        return
    stream = sys.stderr if event.kind == "failed" else sys.stdout
    stream.write(f"[{event.done}/{event.total}] {event.message}\n")
    stream.flush()


def _bar() -> Progress:
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=False, highlight=False),
        transient=True,
    )


def _drawing(bar: Progress, total: int) -> OnEvent:
    task = bar.add_task("starting", total=total)

    def on_event(event: Event) -> None:
        if event.kind == "cell":
            where = f"{event.run.label}: cell {event.number} of {event.cells}"
            bar.update(task, description=where)
        elif _ended(event):
            bar.update(task, completed=event.done)
            style = "red" if event.kind == "failed" else ""
            bar.console.print(event.message, style=style, markup=False)

    return on_event
