"""The repository keeps its own rules, and each rule can fail."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from analysis.checks import imports, notebooks, repository
from analysis.checks.everything import RULES
from analysis.checks.rule import Rule, apply

ROOT = Path(__file__).parents[2]
PARTS = (
    "src",
    "notebooks",
    "data/questions",
    "docs/guide",
    "pyproject.toml",
    "requirements.lock",
    "environment.yml",
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_repository_keeps_the_rule(rule: Rule) -> None:
    """Every rule looks at something in this checkout and finds nothing wrong."""
    outcome = apply(rule, ROOT)
    assert outcome.checked > 0
    assert outcome.failures == ()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the parts of the checkout that rules read."""
    for part in PARTS:
        source, target = ROOT / part, tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return tmp_path


def messages(rule: Rule, root: Path) -> str:
    return "\n".join(str(failure) for failure in apply(rule, root).failures)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def edit_cell(root: Path, source: str | None = None, **changes: object) -> None:
    path = root / "notebooks" / "male_survivors.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    cell = [c for c in notebook["cells"] if c["cell_type"] == "code"][-1]
    cell.update(changes)
    if source is not None:
        cell["source"] = source
    path.write_text(json.dumps(notebook), "utf-8")


def test_an_import_uphill_is_named(copy: Path) -> None:
    """A method that imports the session is refused with the rooms it may import."""
    (copy / "src/analysis/methods/proportions.py").write_text("from analysis.present import session\n")
    assert "methods imports analysis.present, which is uphill" in messages(imports.downhill, copy)


def test_an_import_inside_a_function_counts(copy: Path) -> None:
    """Hiding an uphill import in a function does not hide it."""
    (copy / "src/analysis/evidence/codes.py").write_text("def f():\n    import analysis.runner.plan\n")
    assert "evidence imports analysis.runner.plan" in messages(imports.downhill, copy)


@pytest.mark.parametrize(
    ("module", "line"), [("runner/plan.py", "import pandas"), ("present/session.py", "import papermill")]
)
def test_the_two_sides_stay_apart(copy: Path, module: str, line: str) -> None:
    """Pandas on the runner side and papermill on the kernel side are refused."""
    (copy / "src/analysis" / module).write_text(f"def f():\n    {line}\n")
    assert line in messages(imports.two_sides, copy).replace("imports", "import")


def test_a_long_or_nameless_module_is_refused(copy: Path) -> None:
    """Past 400 lines, or called utils, a module fails."""
    (copy / "src/analysis/methods/utils.py").write_text("x = 1\n" * 401)
    found = messages(imports.small_modules, copy)
    assert "401 lines, past 400" in found
    assert "its name says nothing" in found


def test_an_output_left_in_a_notebook_is_refused(copy: Path) -> None:
    """Outputs, execution counts and private metadata must not be committed."""
    edit_cell(copy, outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}], metadata={"me": 1})
    found = messages(notebooks.clean, copy)
    assert "has outputs or an execution count. Clear outputs and save." in found
    assert "metadata ['me']" in found


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("def f():\n    return 1", "defines a function or class"),
        ("for row in rows:\n    row", "loops"),
        ("x = [r for r in rows]", "loops"),
        ("import os", "imports os"),
        ("import matplotlib.pyplot as plt\nplt.show()", "calls plt itself"),
        ("name = 'data/published/figures.csv'", "names a path"),
        ("\n".join(f"x{i} = {i}" for i in range(13)), "13 lines"),
    ],
)
def test_a_thick_notebook_is_refused(copy: Path, source: str, what: str) -> None:
    """Functions, loops, imports, plotting, paths and long cells belong in the package."""
    edit_cell(copy, source)
    assert what in messages(notebooks.thin, copy)


def test_a_random_cell_id_is_refused(copy: Path) -> None:
    """Ids that an editor made up would change on every save."""
    edit_cell(copy, id="0f3c9a1b")
    assert "cell id '0f3c9a1b'" in messages(notebooks.cell_ids, copy)


def test_a_section_without_its_heading_is_refused(copy: Path) -> None:
    """A declared section must have a heading whose cell id is its name."""
    edit(copy / "notebooks/male_survivors.ipynb", '"id": "visibility"', '"id": "seen"')
    assert "Give each section a level-2 heading" in messages(notebooks.sections, copy)


def test_pins_that_differ_are_named(copy: Path) -> None:
    """The same package at two versions fails in each file that differs."""
    edit(copy / "environment.yml", "pandas=3.1.1", "pandas=3.0.0")
    assert "pandas is 3.0.0, pyproject.toml says 3.1.1" in messages(repository.pins_agree, copy)


def test_an_undocumented_verb_is_named(copy: Path) -> None:
    """A verb that the page of commands does not describe fails."""
    edit(copy / "docs/guide/commands.md", "## deepdive audit", "## audit")
    assert "`deepdive audit` is not there" in messages(repository.verbs_documented, copy)


def test_coverage_that_points_nowhere_is_named(copy: Path) -> None:
    """A question said to be answered must name a section that exists."""
    edit(copy / "data/questions/coverage.csv", ",visibility,", ",sight,")
    assert "male_survivors / sight, which is not there" in messages(
        repository.coverage_points_somewhere, copy
    )


def test_a_private_path_is_found(copy: Path) -> None:
    """An absolute path of somebody's machine must not be committed."""
    (copy / "docs/guide/x.md").write_text("see /" + "home/someone/x.csv")
    assert "docs/guide/x.md:1: names /" + "home/someone" in messages(repository.no_private_paths, copy)


def test_person_level_data_is_found(copy: Path) -> None:
    """Anything under data/raw is refused, whatever it holds."""
    (copy / "data/raw").mkdir(parents=True)
    (copy / "data/raw/referrals.csv").write_text("x")
    assert "data/raw/referrals.csv: is committed" in messages(repository.no_person_level_data, copy)


def test_a_rule_that_looks_at_nothing_fails(tmp_path: Path) -> None:
    """An empty folder passes no rule."""
    assert "found nothing to check" in messages(notebooks.clean, tmp_path)
