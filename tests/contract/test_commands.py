"""The command line as a user meets it: one line a mistake, the documented exit code, nothing half done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def deepdive(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "analysis", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["male_survivors", "-p", "aera=norfolk"],
            ['parameter "aera"', 'Did you mean "area"?', "It takes: area"],
        ),
        (["male_survivors", "-p", "confidence=high"], ["confidence", "a number (float)", '"high"']),
        (["protected_characteristics", "-p", "scope=woman"], ['"women" or "all"', 'Did you mean "women"?']),
        (["male_survivor"], ["male_survivor", 'Did you mean "male_survivors"?']),
        (["--area", "norflok"], ['unknown area "norflok"', 'Did you mean "norfolk"?']),
        (["--area", "norfolk", "--period", "2035-36"], ['no evidence for period "2035-36"', "2022-23"]),
        (["-p", "confidence"], ["is not NAME=VALUE"]),
    ],
)
def test_a_slip_of_usage_exits_2_with_its_cure(
    tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    """What cannot be understood is refused in one line before anything starts."""
    done = deepdive("run", *arguments, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert all(word in done.stderr for word in words), done.stderr
    assert not (tmp_path / "out").exists()


def test_an_unwritable_folder_exits_2(tmp_path: Path) -> None:
    """A file where the reports folder should be is said before a kernel starts."""
    (tmp_path / "out").write_text("in the way")
    done = deepdive("run", "evidence_audit", "--area", "norfolk", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "out" in done.stderr


def test_the_plan_covers_every_area_with_published_evidence() -> None:
    """Three areas, all report notebooks, both scopes of the protected characteristics."""
    done = deepdive("plan", "--json", "--force")
    assert done.returncode == 0
    planned = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(planned) >= 10
    assert {one["area"] for one in planned} == {"norfolk", "leicestershire", "nottinghamshire"}
    reports = {one["notebook"] for one in planned}
    assert {"male_survivors", "mental_health", "value_for_money", "evidence_audit"} <= reports
    scopes = {one["parameters"]["scope"] for one in planned if one["notebook"] == "protected_characteristics"}
    assert scopes == {"women", "all"}


def test_planning_imports_no_pandas() -> None:
    """Asking what would run must not pay for what runs."""
    code = (
        "import sys; from analysis.runner.plan import plan; plan();"
        "print(sorted({'pandas', 'numpy', 'papermill', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"


def test_audit_as_json_has_the_agreed_shape() -> None:
    """Each finding has exactly the six fields that a machine may rely on."""
    done = deepdive("audit", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    fields = {"kind", "figure_ids", "printed", "recomputed", "gap", "reading"}
    assert found["findings"]
    assert all(set(one) == fields for one in found["findings"])
    assert found["agreements"]


def test_audit_of_one_area_names_only_its_sources() -> None:
    """Norfolk's audit is about Norfolk's figures."""
    found = json.loads(deepdive("audit", "--json", "--area", "norfolk").stdout)
    assert {name.split("-")[0] for one in found["findings"] for name in one["figure_ids"]} == {"norfolk"}
