"""No false alarm: the project's own reports, on published and reference evidence, pass the gate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from analysis import gate
from analysis.disclosure.policy import load
from analysis.layout import Layout
from analysis.publish.page import render
from analysis.record import RUN_FILE, canonical_json, file_sha256
from analysis.runner.plan import plan
from analysis.runner.schedule import run_all

LAYOUT = Layout.find()
MADE = {path.parent.name: path.parent for path in sorted(LAYOUT.reports.glob(f"*/*/*/{RUN_FILE}"))}
"""One report of each kind that lies in this checkout, if any were made."""


def refused(folder: Path) -> list[str]:
    return [str(one) for one in gate.examine(folder, policy=load(), root=LAYOUT.root)]


def test_a_report_made_now_passes(tmp_path: Path) -> None:
    """A report from its notebook, by the real runner, holds nothing that the gate refuses."""
    planned = plan(["male_survivors"], ["norfolk"], ["2022-23"], {"men_a_year": "10,20"}, out=tmp_path)
    (outcome,) = run_all(planned, 1)
    assert outcome.failure is None, outcome.failure
    assert refused(planned[0].folder) == []


if MADE:  # `.ci/run` asks again when it has made them; before that there is nothing to ask about

    @pytest.mark.parametrize("name", MADE)
    def test_reports_in_the_checkout_pass(name: str, tmp_path: Path) -> None:
        """Reports that were made before pass, their pages made again by the code as it stands."""
        folder = Path(shutil.copytree(MADE[name], tmp_path / name))
        record = json.loads((folder / RUN_FILE).read_text("utf-8"))
        notebook = LAYOUT.notebooks / f"{record['notebook']['name']}.ipynb"
        if file_sha256(notebook) != record["notebook"]["sha256"]:
            pytest.skip(
                "its notebook has changed since: the gate refuses it, and `deepdive run` makes it again"
            )
        render(folder, LAYOUT)
        record["outputs"] = {name: file_sha256(folder / name) for name in record["outputs"]}
        (folder / RUN_FILE).write_text(canonical_json(record), "utf-8")
        assert refused(folder) == []
