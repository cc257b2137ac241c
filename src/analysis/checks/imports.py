"""Rules over the package's own source: imports run downhill, the two sides stay apart, modules stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from analysis.checks.rule import Failure

GROUND = ("errors", "layout", "parameters", "record")
KERNEL_SIDE = ("evidence", "records", "methods", "disclosure", "present")
RUNNER_SIDE = ("runner", "publish", "gate")

# What each room may import from the package, besides itself and the ground floor.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "evidence": (),
    "records": ("evidence",),
    "methods": (),
    "disclosure": ("records", "methods"),
    "present": ("evidence", "records", "methods", "disclosure"),
    "runner": (),
    "publish": ("runner",),
    "gate": ("records", "runner", "publish"),  # of records only what needs no pandas: a test over it says so
    "releases": ("records", "disclosure", "runner", "gate"),
    "checks": ("runner", "publish"),
    "progress": ("runner",),
    "cli": ("evidence", "records", "runner", "publish", "gate", "releases", "checks", "progress"),
    "__main__": ("cli",),
    "__init__": ("evidence", "methods", "present"),
}
EXECUTION = {"papermill", "nbclient", "nbconvert", "nbformat", "jinja2", "mistune"}
ANALYSIS = {"pandas", "numpy", "scipy", "statsmodels", "matplotlib", "seaborn"}
HAND_OVERS = {
    # imported where it is called: a finished run is handed on to be rendered, the rule that reads the
    # command line has to import it, and the rules over the evidence run in a process of their own
    ("runner.execute", "publish"),
    ("checks.repository", "cli"),
    ("checks.evidence", "evidence"),
    ("checks.evidence", "present"),
}
MAX_LINES = 400
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc"}


def modules(root: Path) -> list[tuple[str, Path]]:
    """Return ``(dotted name below analysis, path)`` of every module, sorted."""
    top = root / "src" / "analysis"
    found = []
    for path in sorted(top.rglob("*.py")):
        parts = path.relative_to(top).with_suffix("").parts
        found.append((".".join(parts), path))
    return found


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every absolute module a file imports, inside functions too, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            if node.module == "analysis":
                for alias in node.names:
                    yield f"analysis.{alias.name}", node.lineno


def room_of(dotted: str) -> str:
    """Return the room of a dotted name below ``analysis``: ``runner.plan`` → ``runner``."""
    return dotted.split(".", maxsplit=1)[0]


def downhill(root: Path) -> tuple[int, list[Failure]]:
    """Imports run downhill: each room imports only from the rooms whose data flows into it."""
    failures, checked = [], 0
    for name, path in modules(root):
        room = room_of(name)
        allowed = {room, *GROUND, *MAY_IMPORT.get(room, ())}
        for target, line in imported(path):
            if not target.startswith("analysis."):
                continue
            checked += 1
            other = room_of(target.removeprefix("analysis."))
            if other not in allowed and (name, other) not in HAND_OVERS:
                failures.append(
                    Failure(
                        f"{path.relative_to(root)}:{line}",
                        f"{room} imports {target}, which is uphill",
                        f"It may import {', '.join(sorted(allowed))}: move the code, or pass the data in.",
                    )
                )
    return checked, failures


def two_sides(root: Path) -> tuple[int, list[Failure]]:
    """The kernel side never imports the execution stack, the runner side never imports pandas."""
    failures, checked = [], 0
    for name, path in modules(root):
        room = room_of(name)
        kernel_side = room in KERNEL_SIDE or name == "checks.evidence"
        banned = EXECUTION if kernel_side else ANALYSIS
        for target, line in imported(path):
            checked += 1
            if target.split(".")[0] in banned:
                failures.append(
                    Failure(
                        f"{path.relative_to(root)}:{line}",
                        f"{room} imports {target}",
                        "The two sides meet in analysis.record only: move the code to the other side.",
                    )
                )
    return checked, failures


def small_modules(root: Path) -> tuple[int, list[Failure]]:
    """No module is past 400 lines or named for nothing."""
    failures = []
    found = modules(root)
    for name, path in found:
        where = str(path.relative_to(root))
        lines = len(path.read_text("utf-8").splitlines())
        if lines > MAX_LINES:
            failures.append(
                Failure(where, f"{lines} lines, past {MAX_LINES}", "Split it by reason to exist.")
            )
        if NAMELESS & set(name.split(".")):
            failures.append(Failure(where, "its name says nothing", "Name it for its one reason to exist."))
    return len(found), failures
