"""All rules, in the order in which ``deepdive check`` lists them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from analysis.checks import imports, notebooks, repository
from analysis.checks.rule import Failure, Outcome, Rule, apply
from analysis.layout import ROOT_VARIABLE

RULES: tuple[Rule, ...] = (
    imports.downhill,
    imports.two_sides,
    imports.small_modules,
    notebooks.clean,
    notebooks.cell_ids,
    notebooks.thin,
    notebooks.sections,
    repository.pins_agree,
    repository.verbs_documented,
    repository.coverage_points_somewhere,
    repository.no_private_paths,
    repository.no_person_level_data,
)
METHOD_PAGES = [sys.executable, "-m", "tests.spec.document", "--check"]
EVIDENCE = [sys.executable, "-m", "analysis.checks.evidence"]


def run_all(root: Path) -> list[Outcome]:
    """Run every rule over a checkout; nothing stops at the first failure."""
    return [apply(rule, root) for rule in RULES] + _evidence(root) + [_method_pages(root)]


def _child(command: list[str], root: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, ROOT_VARIABLE: str(root)}
    return subprocess.run(  # noqa: S603
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def _evidence(root: Path) -> list[Outcome]:
    done = _child(EVIDENCE, root)
    outcomes = []
    for line in done.stdout.splitlines():
        found = json.loads(line)
        failures = tuple(Failure(*failure) for failure in found["failures"])
        outcomes.append(Outcome(found["promise"], found["checked"], failures))
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        failure = Failure("analysis.checks.evidence", f"stopped: {last}", "Run it alone to see why.")
        outcomes.append(Outcome("The rules over the evidence could be run", 0, (failure,)))
    return outcomes


def _method_pages(root: Path) -> Outcome:
    done = _child(METHOD_PAGES, root)
    pages = [line.split() for line in done.stdout.splitlines()]
    failures = [
        Failure(f"docs/methods/{name}", "is stale", "Run `python -m tests.spec.document`.")
        for state, name in pages
        if state == "stale"
    ]
    if done.returncode != 0 and not failures:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        failures.append(Failure("tests/spec", f"the pages could not be made: {last}", "Mend the examples."))
    return Outcome("Method pages are what the worked examples say", len(pages), tuple(failures))
