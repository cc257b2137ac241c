"""``results.json`` in the form of ACRO, which checkers of research outputs read with the SACRO viewer.

The form is that of ACRO 1.0 (AI-SDC/ACRO, ``record.py``): one entry an output with its status (pass, review
or fail), its files, and an outcome for each cell. Every output of a run is in it, findings and absences too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from analysis.gate.subject import Subject, Unreadable
from analysis.gate.verdicts import Judgement, Verdict
from analysis.layout import Layout
from analysis.record import RUN_FILE, canonical_json, file_sha256

VERSION: Final = "1.0.2"
"""Version of ACRO whose form is written."""
TYPES: Final = {
    "survival": "survival plot",
    **dict.fromkeys(("model", "comparison", "intersections", "pace"), "regression"),
}
"""ACRO's name for kinds of released objects; all other tables are tables."""
HIDDEN: Final = "hidden"

Json = dict[str, Any]


def results(judgement: Judgement, run_dir: Path, root: Path | None = None) -> Json:
    """Return what the gate says of a run in ACRO's form.

    Parameters
    ----------
    judgement
        As `analysis.gate.verdicts.judge` gives it.
    run_dir, root
        The run, and the checkout it is of.
    """
    cells = _cells(run_dir, root or Layout.find().root)
    entries = {
        f"output_{number}": _entry(
            f"output_{number}", verdict, judgement, cells.get((verdict.kind, verdict.key))
        )
        for number, verdict in enumerate(judgement.outputs)
    }
    if judgement.others:
        uid = f"output_{len(entries)}"
        entries[uid] = _whole(uid, judgement)
    return {"version": VERSION, "results": entries}


def write(judgement: Judgement, run_dir: Path, folder: Path, root: Path | None = None) -> Path:
    """Write ``results.json`` and the checksums that the viewer compares, and return the former.

    Parameters
    ----------
    judgement, run_dir, root
        As `results` takes them.
    folder
        Where the run's files lie, or will lie, under the same names.
    """
    said = results(judgement, run_dir, root)
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted({file["name"] for entry in said["results"].values() for file in entry["files"]}):
        if (run_dir / name).is_file():
            check = folder / "checksums" / f"{name}.txt"
            check.parent.mkdir(parents=True, exist_ok=True)
            check.write_text(file_sha256(run_dir / name), encoding="utf-8")
    path = folder / "results.json"
    path.write_text(canonical_json(said), encoding="utf-8")
    return path


def _entry(uid: str, verdict: Verdict, judgement: Judgement, cells: Json | None) -> Json:
    kinds = [TYPES[one.kind] for one in verdict.decisions if one.kind in TYPES]
    plain = "table" if verdict.kind in {"table", "figure"} else "custom"
    positions = (cells or {}).get("positions", [])
    sdc = {
        "summary": {"suppressed": bool(verdict.hidden), HIDDEN: verdict.hidden, "cells": verdict.cells},
        "cells": {HIDDEN: positions} if positions else {},
    }
    files = [name for name in verdict.files if name.endswith(".csv")] + [
        name for name in verdict.files if not name.endswith(".csv")
    ]
    return {
        "uid": uid,
        "status": verdict.status,
        "type": kinds[0] if kinds else plain,
        "properties": {
            "name": verdict.key,
            "kind": verdict.kind,
            "title": verdict.title,
            "tiers": list(verdict.tiers),
            "method": "; ".join(dict.fromkeys(one.kind for one in verdict.decisions)),
            "rule": verdict.rule,
        },
        "files": [{"name": name, "sdc": sdc} for name in files or ["report.html"]],
        "outcome": (cells or {}).get("outcome", {}),
        "command": f"{verdict.kind}: {verdict.key}",
        "summary": f"{verdict.status}; {verdict.reason}",
        "timestamp": judgement.started,
        "comments": [f"{one.about}: {one.verdict}. {one.reason}" for one in verdict.decisions],
        "exception": " ".join(verdict.exceptions),
    }


def _whole(uid: str, judgement: Judgement) -> Json:
    """Return the entry for what is refused of no single output."""
    return {
        "uid": uid,
        "status": "fail",
        "type": "custom",
        "properties": {"name": judgement.name, "kind": "run"},
        "files": [{"name": RUN_FILE, "sdc": {"summary": {}, "cells": {}}}],
        "outcome": {},
        "command": "run",
        "summary": f"fail; {len(judgement.others)} reasons",
        "timestamp": judgement.started,
        "comments": [str(one) for one in judgement.others],
        "exception": "",
    }


def _cells(run_dir: Path, root: Path) -> dict[tuple[str, str], Json]:
    """Return, by output, what became of each cell: "ok" or hidden, by column and row."""
    try:
        run = Subject.read(run_dir, root)
    except Unreadable:
        return {}
    found: dict[tuple[str, str], Json] = {}
    for bundle in run.bundles:
        if bundle.kind not in {"table", "figure"}:
            continue
        marker = run.limits(bundle).marker
        heads = [str(column.get("label", "")) for column in bundle.payload.get("columns", ())]
        rows = [[str(cell) for cell in row] for row in bundle.payload.get("cells", ())]
        outcome = {
            head: {str(row): HIDDEN if cells[place] == marker else "ok" for row, cells in enumerate(rows)}
            for place, head in enumerate(heads)
            if all(place < len(cells) for cells in rows)
        }
        positions = [[r, c] for r, cells in enumerate(rows) for c, cell in enumerate(cells) if cell == marker]
        found[bundle.kind, bundle.id] = {"outcome": outcome, "positions": positions}
    return found
