"""The page of what was measured on planted effects, written from the figures that the benchmark keeps."""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

MEASURED = Path(__file__).resolve().parents[2] / "benchmarks" / "planted_effects.csv"
NAME = "planted_effects"
TITLE = "Planted effects"
HEAD = """# Planted effects

Each method was run on SYNTHETIC records whose truth is known: an effect was planted, or nothing was. No \
number on this page says anything about survivors.

Of 100 sound 95% intervals about 95 hold the truth; between 88 and 99 do so by chance alone. Where nothing \
was planted, about 5 of 100 samples give a find, which is then false; up to 12 do so by chance alone, and \
methods for many comparisons may give fewer. Where something was planted, the more finds the better: their \
number depends on how large the effect is and how many people there are. A line marked as a warning shows a \
way not to do it.
"""
TABLE = """
## {subject}

| planted | measured | interval holds the truth | finds something |
|---|---|---|---|
"""
FOOT = """
<!-- Written from benchmarks/planted_effects.csv by `python -m tests.spec.document`; the figures are measured
by `python benchmarks/planted_effects.py`. -->
"""


def page() -> str:
    """Return the text of the page."""
    with MEASURED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tables = [
        TABLE.format(subject=subject.capitalize()) + "".join(_line(row) for row in some)
        for subject, some in groupby(rows, key=lambda row: row["subject"])
    ]
    return HEAD + "".join(tables) + FOOT


def _line(row: dict[str, str]) -> str:
    holds = f"{row['covered']} of {row['intervals']}" if int(row["intervals"]) else "–"
    finds = f"{row['found']} of {row['asked']}" if int(row["asked"]) else "–"
    false = " (false)" if row["nothing"] == "True" and int(row["asked"]) else ""
    return f"| {row['planted']} | {row['measure']} | {holds} | {finds}{false} |\n"
