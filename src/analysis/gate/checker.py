"""The checker's page: every output with its rule, verdict and reason, for whoever answers for a release."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from analysis.errors import RenderFailed
from analysis.gate.verdicts import Judgement, Verdict
from analysis.publish.assets import fill
from analysis.publish.lint import lint
from analysis.publish.markdown import inline
from analysis.publish.page import write as put

WORDS: Final = {"pass": "Pass", "review": "Look at the exception", "fail": "Refused"}
"""What a status says to a reader; it never stands by colour alone."""
CHECKER_FILE: Final = "checker.html"


def page(judgements: Sequence[Judgement], *, policy: str = "", ledger: Sequence[str] = ()) -> str:
    """Return the page of a release, not yet checked.

    Parameters
    ----------
    judgements
        One a run, as `analysis.gate.verdicts.judge` gives them.
    policy
        Digest of the disclosure policy.
    ledger
        What the ledger says of earlier releases, in sentences; empty if it was not asked.
    """
    passed = all(judgement.passed for judgement in judgements)
    return fill(
        "checker.html",
        passed=passed,
        runs=[_run(number, judgement) for number, judgement in enumerate(judgements, 1)],
        rules=_rules(judgements),
        rules_digest=policy[:12],
        synthetic=any("synthetic" in one.tiers for judgement in judgements for one in judgement.outputs),
        ledger=list(ledger),
    )


def write(
    folder: Path, judgements: Sequence[Judgement], *, policy: str = "", ledger: Sequence[str] = ()
) -> Path:
    """Write the page into a folder and return it.

    Raises
    ------
    RenderFailed
        If the page breaks a rule that every page of the project keeps.
    """
    html = page(judgements, policy=policy, ledger=ledger)
    if faults := lint(html):
        raise RenderFailed("; ".join(faults), where=CHECKER_FILE, cure="Report it: the gate wrote this page.")
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / CHECKER_FILE, html)
    return folder / CHECKER_FILE


def _run(number: int, judgement: Judgement) -> dict[str, Any]:
    outputs = [_output(verdict) for verdict in judgement.outputs]
    counts = {word: sum(one["status"] == status for one in outputs) for status, word in WORDS.items()}
    given = [part.replace("-", " ", 1) for part in judgement.name.split("--")[1:]]
    return {
        "id": f"run-{number}",
        "title": judgement.title or "A run that cannot be read",
        "place": ", ".join(part for part in (judgement.area_name, judgement.period, *given) if part),
        "name": judgement.name,
        "passed": judgement.passed,
        "counts": [(word, count) for word, count in counts.items() if count],
        "outputs": outputs,
        "others": judgement.others,
    }


def _output(verdict: Verdict) -> dict[str, Any]:
    return {
        "kind": verdict.kind.capitalize(),
        "key": verdict.key,
        "title": inline(verdict.title),
        "tiers": verdict.tiers,
        "status": verdict.status,
        "word": WORDS[verdict.status],
        "rule": verdict.rule,
        "reason": verdict.reason,
        "cells": f"{verdict.hidden} of {verdict.cells}" if verdict.decisions and verdict.cells else "–",
        "where": list(dict.fromkeys(one.where for one in verdict.refusals)),
        "exceptions": verdict.exceptions,
    }


def _rules(judgements: Sequence[Judgement]) -> list[dict[str, Any]]:
    """Return every rule with its promise and how often it is broken in all runs together."""
    broken: dict[str, int] = {}
    promises: dict[str, str] = {}
    for judgement in judgements:
        for name, promise, count in judgement.rules:
            broken[name] = broken.get(name, 0) + count
            promises[name] = promise
    return [{"name": name, "promise": promises[name], "broken": broken[name]} for name in promises]
