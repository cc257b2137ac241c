"""Rules over the committed notebooks: one clean form, short cells, nothing left in them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.checks.rule import Failure

TAGS = {"parameters", "hide-input", "hide-output", "hide-cell"}
MAX_CODE_CELLS, MAX_CELL_LINES = 25, 12
METADATA = {"kernelspec", "language_info", "deepdive"}
FORBIDDEN: tuple[tuple[tuple[type[ast.AST], ...], str], ...] = (
    ((ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef), "defines a function or class"),
    ((ast.For, ast.While, ast.AsyncFor, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp), "loops"),
)
PLOTTING = {"matplotlib", "seaborn", "plt", "sns"}
CELL_ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")


def notebooks(root: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return ``(path below the root, parsed notebook)`` of every committed notebook."""
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    return [(str(p.relative_to(root)), json.loads(p.read_text("utf-8"))) for p in paths]


def _cells(root: Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    for where, notebook in notebooks(root):
        for cell in notebook["cells"]:
            yield f"{where} cell {cell.get('id', '?')}", cell, "".join(cell["source"])


def clean(root: Path) -> tuple[int, list[Failure]]:
    """Committed notebooks carry no outputs, no execution counts and no stray metadata."""
    failures, found = [], notebooks(root)
    for where, notebook in found:
        stray = set(notebook["metadata"]) - METADATA
        if stray:
            failures.append(
                Failure(where, f"metadata {sorted(stray)}", "Remove it: it is not the project's.")
            )
    for where, cell, _ in _cells(root):
        if cell.get("outputs") or cell.get("execution_count") is not None:
            failures.append(Failure(where, "has outputs or an execution count", "Clear outputs and save."))
        stray = set(cell["metadata"]) - {"tags"}
        if stray:
            failures.append(Failure(where, f"metadata {sorted(stray)}", "Remove it: only tags are kept."))
        unknown = set(cell["metadata"].get("tags", ())) - TAGS
        if unknown:
            failures.append(Failure(where, f"unknown tag {sorted(unknown)}", f"Tags: {sorted(TAGS)}."))
    return len(found), failures


def cell_ids(root: Path) -> tuple[int, list[Failure]]:
    """Cell ids are written by hand, unique, and name what the cell is for."""
    failures, checked = [], 0
    for where, notebook in notebooks(root):
        seen: set[str] = set()
        for cell in notebook["cells"]:
            checked += 1
            name = str(cell.get("id", ""))
            if not CELL_ID.match(name) or re.fullmatch(r"[0-9a-f]{8}", name) or name in seen:
                failures.append(
                    Failure(where, f"cell id {name!r}", "Use a unique lower-case name with hyphens.")
                )
            seen.add(name)
    return checked, failures


def thin(root: Path) -> tuple[int, list[Failure]]:
    """Notebooks hold no functions, loops, paths or plotting calls, and no more than 25 short code cells."""
    failures, checked = [], 0
    for where, notebook in notebooks(root):
        code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
        if len(code) > MAX_CODE_CELLS:
            failures.append(Failure(where, f"{len(code)} code cells", f"At most {MAX_CODE_CELLS}: split it."))
    for where, cell, source in _cells(root):
        if cell["cell_type"] != "code":
            continue
        checked += 1
        lines = [line for line in source.splitlines() if line.strip()]
        if len(lines) > MAX_CELL_LINES:
            failures.append(
                Failure(where, f"{len(lines)} lines", f"At most {MAX_CELL_LINES}: split the cell.")
            )
        failures.extend(Failure(where, what, "Move it into the package.") for what in _forbidden(source))
    return checked, failures


def _forbidden(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        for kinds, what in FORBIDDEN:
            if isinstance(node, kinds):
                yield what
        if isinstance(node, ast.Name) and node.id in PLOTTING:
            yield f"calls {node.id} itself"
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if any(m.split(".")[0] not in {"analysis", "typing"} for m in modules):
                yield f"imports {', '.join(modules)}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_path(node.value):
            yield f"names a path, {node.value!r}"


def _is_path(text: str) -> bool:
    return (
        bool(re.match(r"^(/|~/|\.{1,2}/|[A-Za-z]:\\)|.*\.(csv|xlsx|parquet|json)$", text)) and " " not in text
    )


def declared_sections(notebook: dict[str, Any]) -> list[str]:
    """Return the section ids that a notebook passes to ``begin``, read from its source."""
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "begin":
                for keyword in node.keywords:
                    if keyword.arg == "sections":
                        return list(ast.literal_eval(keyword.value))
    return []


def sections(root: Path) -> tuple[int, list[Failure]]:
    """Every section a notebook declares has its heading, in the declared order, under its own cell id."""
    failures, checked = [], 0
    for where, notebook in notebooks(root):
        declared = declared_sections(notebook)
        if not declared:
            continue
        checked += len(declared)
        wanted = [name.replace("_", "-") for name in declared]
        heads = [
            c["id"]
            for c in notebook["cells"]
            if c["cell_type"] == "markdown" and "".join(c["source"]).startswith("## ") and c["id"] in wanted
        ]
        if heads != wanted:
            failures.append(
                Failure(
                    where,
                    f"declares {wanted} and has the headings {heads}",
                    "Give each section a level-2 heading whose cell id is its name, in the declared order.",
                )
            )
    return checked, failures
