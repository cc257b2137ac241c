"""Rules over the repository as a whole: pins agree, documentation keeps up, nothing private is left in it."""

from __future__ import annotations

import csv
import itertools
import re
import subprocess
import tomllib
from pathlib import Path

import yaml

from analysis.checks.notebooks import declared_sections, notebooks
from analysis.checks.rule import Failure

CONDA_NAMES = {"matplotlib-base": "matplotlib", "seaborn-base": "seaborn"}
LOCKED = re.compile(r"^([\w.-]+)==([\w.+-]+)", re.MULTILINE)
NOT_PINNED_BY_PROJECT = {"python", "pip"}
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".csv", ".ipynb", ".html", ".css", ".js", ".txt", ".cfg", ""}
PRIVATE_PATH = re.compile(
    r"(?<![\w.])/(?:home|root|work|Users)/[\w.-]+|\.\./sha" + r"red|(?<![\w/])/tmp/[\w.-]+|[A-Z]:\\Users"
)


def pins(root: Path) -> dict[str, dict[str, str]]:
    """Return ``{file: {package: version}}`` for the three files that pin packages."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = itertools.chain(project["dependencies"], *project["optional-dependencies"].values())
    direct = dict(requirement.partition(";")[0].strip().split("==") for requirement in wanted)
    lock = dict(LOCKED.findall((root / "requirements.lock").read_text("utf-8")))
    conda: dict[str, str] = {}
    for line in yaml.safe_load((root / "environment.yml").read_text("utf-8"))["dependencies"]:
        if isinstance(line, dict):
            conda |= dict(requirement.split("==") for requirement in line["pip"])
            continue
        name, _, version = str(line).partition("=")
        if name not in NOT_PINNED_BY_PROJECT:
            conda[CONDA_NAMES.get(name, name)] = version
    return {"pyproject.toml": direct, "requirements.lock": lock, "environment.yml": conda}


def pins_agree(root: Path) -> tuple[int, list[Failure]]:
    """pyproject.toml, requirements.lock and environment.yml pin the same packages at the same versions."""
    found = pins(root)
    direct = found["pyproject.toml"]
    failures = []
    for other in ("requirements.lock", "environment.yml"):
        for name, version in direct.items():
            if found[other].get(name) != version:
                failures.append(
                    Failure(
                        other,
                        f"{name} is {found[other].get(name, 'missing')}, pyproject.toml says {version}",
                        "Run `make lock` after changing a pin, and repeat the pin in environment.yml.",
                    )
                )
    failures.extend(
        Failure("environment.yml", f"{name} is not in pyproject.toml", "Remove it, or declare it there.")
        for name in sorted(set(found["environment.yml"]) - set(direct))
    )
    return len(direct), failures


def tracked(root: Path) -> list[Path]:
    """Return the files git tracks or would track, sorted; in a plain folder, every file."""
    command = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"]
    listing = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if listing.returncode == 0 and listing.stdout:
        paths = [root / line for line in listing.stdout.splitlines()]
    else:
        paths = list(root.rglob("*"))
    return sorted(p for p in paths if p.is_file())


def no_private_paths(root: Path) -> tuple[int, list[Failure]]:
    """No file names an absolute path of somebody's machine."""
    failures, checked = [], 0
    for path in tracked(root):
        if path.suffix not in TEXT or path.name == "requirements.lock":
            continue
        checked += 1
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            match = PRIVATE_PATH.search(line)
            if match and "private-path-ok" not in line:
                where = f"{path.relative_to(root)}:{number}"
                failures.append(Failure(where, f"names {match.group()}", "Derive it from analysis.layout."))
    return checked, failures


def no_person_level_data(root: Path) -> tuple[int, list[Failure]]:
    """Nothing under data/raw, data/processed, data/synthetic or reports is committed."""
    failures = []
    paths = [p.relative_to(root) for p in tracked(root)]
    for path in paths:
        private = path.parts[:2] in {("data", "raw"), ("data", "processed"), ("data", "synthetic")}
        generated = path.parts[0] == "reports" and path.name != "README.md"
        if private or generated:
            failures.append(Failure(str(path), "is committed", "Remove it from git: it is git-ignored."))
    return len(paths), failures


def verbs_documented(root: Path) -> tuple[int, list[Failure]]:
    """Every verb and option of the command line has a help text and stands in docs/guide/commands.md."""
    import typer.main  # noqa: PLC0415

    from analysis.cli import app  # noqa: PLC0415

    page = root / "docs" / "guide" / "commands.md"
    text = page.read_text("utf-8") if page.exists() else ""
    failures, checked = [], 0
    group = typer.main.get_command(app)
    for verb, command in sorted(getattr(group, "commands", {}).items()):
        checked += 1
        if not command.help:
            failures.append(Failure(f"deepdive {verb}", "has no help text", "Give its function a docstring."))
        if f"## deepdive {verb}" not in text:
            failures.append(
                Failure("docs/guide/commands.md", f"`deepdive {verb}` is not there", "Add a section for it.")
            )
        for option in command.params:
            names = [n for n in getattr(option, "opts", ()) if n.startswith("--")]
            checked += 1
            if getattr(option, "help", None) in {None, ""} and names:
                failures.append(Failure(f"deepdive {verb} {names[0]}", "has no help text", "Add help=…."))
            if names and not any(f"`{n}" in text for n in option.opts):
                failures.append(
                    Failure("docs/guide/commands.md", f"{verb} {names[0]} is not there", "Describe it.")
                )
    return checked, failures


def coverage_points_somewhere(root: Path) -> tuple[int, list[Failure]]:
    """Every question is covered once, by a section that exists, or says what is missing."""
    known = {Path(where).stem: declared_sections(notebook) for where, notebook in notebooks(root)}
    failures = []
    with (root / "data/questions/coverage.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    with (root / "data/questions/questions.csv").open(encoding="utf-8", newline="") as handle:
        refs = {row["ref"] for row in csv.DictReader(handle)}
    for number, row in enumerate(rows, 2):
        where = f"data/questions/coverage.csv row {number} ({row['ref']})"
        if row["status"] != "not possible" and row["section"] not in known.get(row["notebook"], []):
            what = f"points to {row['notebook']} / {row['section']}, which is not there"
            failures.append(Failure(where, what, "Name a section that the notebook declares in begin()."))
        if row["status"] != "answered" and not row["missing"].strip():
            failures.append(Failure(where, f"is {row['status']} and does not say what is missing", "Say it."))
    given = [row["ref"] for row in rows]
    failures.extend(
        Failure("data/questions/coverage.csv", f"{ref} is not covered exactly once", "Give it one row.")
        for ref in sorted(refs | set(given))
        if given.count(ref) != 1
    )
    return len(rows), failures
