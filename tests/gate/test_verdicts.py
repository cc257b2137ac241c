"""What the gate decided is told to people on the checker's page, and to machines in ACRO's form."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
from building import Planted
from leaks_in_numbers import cell

from analysis import gate
from analysis.disclosure.policy import load
from analysis.gate import checker
from analysis.gate.results import write
from analysis.gate.verdicts import Judgement, judge
from analysis.publish.lint import lint


def judged(run: Planted) -> Judgement:
    found = gate.examine(run.folder, policy=load(), root=run.root)
    return judge(run.folder, found, load(), run.root)


def test_a_sound_run_passes_output_by_output(run: Planted) -> None:
    """Every output has a verdict; those of records have the rule and reason of disclosure control."""
    judgement = judged(run)
    assert judgement.passed
    verdicts = {f"{one.kind} {one.key}": one for one in judgement.outputs}
    assert set(verdicts) == {
        *("table background", "table outcomes", "table outcomes.shares", "figure outcomes", "table waits"),
        *("figure waits", "finding outcomes.1", "finding waits.1", "finding background.1", "finding waits.2"),
        *("absence waits.cause", "table sources"),
    }
    table = verdicts["table outcomes"]
    assert (table.status, table.hidden, table.cells) == ("pass", 4, 16)
    assert (table.rule, table.reason) == ("threshold", "Safe.")
    assert verdicts["table background"].rule == "public evidence"


def test_a_refusal_is_told_where_it_belongs(run: Planted) -> None:
    """A small count fails its table and no other output."""
    cell(1, 2, "4", 4)(run)
    failed = {f"{one.kind} {one.key}": one for one in judged(run).outputs if one.status == "fail"}
    assert set(failed) == {"table outcomes"}
    assert "A count under 10 is shown." in failed["table outcomes"].reason


def test_an_exception_asks_to_be_looked_at(run: Planted) -> None:
    """An output that an exception of the policy touches passes no further than to a person."""
    path = run.folder / "disclosure.json"
    body = json.loads(path.read_text())
    body["exceptions"] = ["Exception for outcomes: percentage_base is 40. Reason: agreed."]
    path.write_text(json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    run.edit_file("disclosure.json", lambda held: held)
    looked_at = {f"{one.kind} {one.key}" for one in judged(run).outputs if one.status == "review"}
    assert {"figure outcomes", "table outcomes.shares", "finding outcomes.1"} <= looked_at


def test_results_have_the_form_that_the_viewer_reads(run: Planted, tmp_path: Path) -> None:
    """Version, results, and of each output what ACRO 1.0 writes; every file is there with its checksum."""
    write(judged(run), run.folder, tmp_path, run.root)
    said = json.loads((tmp_path / "results.json").read_text())
    assert set(said) == {"version", "results"}
    for uid, entry in said["results"].items():
        assert set(entry) == {
            *("uid", "status", "type", "properties", "files", "outcome", "command", "summary"),
            *("timestamp", "comments", "exception"),
        }
        assert entry["uid"] == uid
        assert entry["status"] in {"pass", "fail", "review"}
        assert entry["files"]
        assert all((run.folder / file["name"]).is_file() for file in entry["files"])
        assert all((tmp_path / "checksums" / f"{file['name']}.txt").is_file() for file in entry["files"])


def test_results_name_hidden_cells_and_no_number(run: Planted, tmp_path: Path) -> None:
    """Hidden cells are placed, and what they hide is nowhere."""
    write(judged(run), run.folder, tmp_path, run.root)
    results = json.loads((tmp_path / "results.json").read_text())["results"]
    entry = next(one for one in results.values() if one["command"] == "table: outcomes")
    assert entry["files"][0]["sdc"]["cells"] == {"hidden": [[0, 2], [0, 3], [1, 2], [1, 3]]}
    assert entry["outcome"]["Declined"] == {"0": "hidden", "1": "hidden", "2": "ok", "3": "ok"}
    assert entry["type"] == "table"


def test_results_of_a_spoilt_run_fail(run: Planted, tmp_path: Path) -> None:
    """What is refused of the run as a whole is an entry of its own."""
    run.edit_record(lambda record: record.update(note="x"))
    write(judged(run), run.folder, tmp_path, run.root)
    entries = json.loads((tmp_path / "results.json").read_text())["results"].values()
    assert [one["command"] for one in entries if one["status"] == "fail"] == ["run"]


def test_the_checkers_page_keeps_the_rules_of_every_page(run: Planted, tmp_path: Path) -> None:
    """Headings, captions, scopes and the security policy are those of the reports."""
    path = checker.write(tmp_path, [judged(run)], policy=load().digest, ledger=["No earlier release."])
    html = path.read_text("utf-8")
    assert lint(html) == []
    assert "Nothing is refused" in html
    assert "No earlier release." in html
    assert html.count("<tr>") > 40


def test_the_checkers_page_says_what_is_refused_and_where(run: Planted) -> None:
    """A reader finds the rule, the place and the reason beside the output."""
    cell(1, 2, "4", 4)(run)
    html = checker.page([judged(run)])
    assert lint(html) == []
    assert "This may not be released" in html
    assert "A count under 10 is shown." in html
    assert "table outcomes, row 2, column 3" in html


def test_two_reports_of_one_notebook_are_told_apart(run: Planted) -> None:
    """What a report was asked for stands beside its area and period."""
    judgement = judged(run)
    other = dataclasses.replace(judgement, name=f"{judgement.name}--scope-women")
    html = checker.page([judgement, other])
    assert html.count("scope women</span>") == 1


def test_a_run_that_cannot_be_read_is_on_the_page_too(tmp_path: Path) -> None:
    """An empty folder fails, and the page says so."""
    found = gate.examine(tmp_path)
    judgement = judge(tmp_path, found)
    assert not judgement.passed
    html = checker.page([judgement])
    assert lint(html) == []
    assert "run.json is missing" in html


@pytest.mark.parametrize("module", ["analysis.gate", "analysis.gate.checker", "analysis.gate.results"])
def test_the_gate_needs_no_pandas(module: str) -> None:
    """It stands on the runner's side: what it reads of records it reads through what the caller hands it."""
    code = f"import sys, {module}; print(sorted({{'pandas', 'numpy', 'papermill'}} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
