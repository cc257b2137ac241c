"""How long 200 monthly workbooks take to read, and how much memory: this package, and pandas with openpyxl.

Both sides read the same files into one frame a table, columns by field. Ours also tells what each file
is before it opens it, reads in guarded child processes, reads every cell as its field's type and screens
it for identifiers; pandas gives the cells as they are. Each side runs in a process of its own, in turns,
several times; the fastest of each counts.

    .venv/bin/python benchmarks/ingest.py [--files 200] [--rows 40] [--turns 2]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.records import template
from analysis.records.fields import FieldSpec, tables
from analysis.records.reading import screening
from analysis.records.reading.mapping import NO_MAPPING
from analysis.records.reading.reader import Reader
from analysis.records.reading.sheets import read

WANTED = 8.0


def write_workbooks(folder: Path, files: int, rows: int) -> None:
    """Fill templates as a provider would, a month each; every row is made up."""

    def value(one: FieldSpec, number: int) -> Any:
        if one.type == "date":
            return dt.date(2022, 4, 1) + dt.timedelta(number % 28)
        if one.type in {"integer", "number"}:
            return (one.least or 0) + number % 3
        if one.codes:
            return one.labels[number % len(one.labels)]
        return f"{one.example or 'N'}-{number}"

    for file in range(files):
        filled = {
            name: [
                {one.input: value(one, row + file) for one in spec.inputs if one.given == "row"}
                for row in range(rows)
            ]
            for name, spec in tables().items()
        }
        month = f"{2010 + file // 12}-{file % 12 + 1:02}"
        template.write(
            folder / f"provider {month}.xlsx",
            provider="made-up",
            month=month,
            rows=filled,
            mark="SYNTHETIC",
        )


def read_ours(folder: Path) -> int:
    """Read every workbook as `analysis.records.ingest` does; return the rows."""
    rows = 0
    with Reader() as reader:
        for path, book in reader.read_all(sorted(folder.glob("*.xlsx"))):
            found = read(path, book, NO_MAPPING)
            screening.screen(found)
            rows += sum(len(part.rows) for part in found.parts)
    return rows


def read_cells(folder: Path) -> int:
    """Read the cells of every workbook, guarded, and no more; return the rows."""
    with Reader() as reader:
        books = reader.read_all(sorted(folder.glob("*.xlsx")))
        return sum(len(sheet.rows) - 2 for _, book in books for sheet in book.sheets[2:10])


def read_pandas(folder: Path) -> int:
    """Read every workbook with pandas and openpyxl; return the rows."""
    rows = 0
    for path in sorted(folder.glob("*.xlsx")):
        sheets = pd.read_excel(path, sheet_name=None, header=1, engine="openpyxl")
        rows += sum(len(frame) for name, frame in list(sheets.items())[2:10])
    return rows


SIDES = {"ours": read_ours, "cells": read_cells, "pandas": read_pandas}


def side(name: str, folder: Path) -> None:
    """Run one side in this process and print seconds, rows and peak memory as JSON."""
    start = time.perf_counter()
    rows = SIDES[name](folder)
    seconds = time.perf_counter() - start
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps({"seconds": seconds, "rows": rows, "own": own, "child": children}))


def measured(name: str, folder: Path) -> dict[str, float]:
    """Run one side in a process of its own."""
    command = [sys.executable, __file__, "--side", name, "--folder", str(folder)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> int:
    """Write the workbooks, run both sides in turns, print the ratios; 1 if ours is not fast enough."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.side:
        side(given.side, given.folder)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_workbooks(folder, given.files, given.rows)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
        print(f"{given.files} workbooks of 8 tables with {given.rows} rows each, {size:.1f} MB")
        turns = [{one: measured(one, folder) for one in SIDES} for _ in range(given.turns)]
    best = {one: min((turn[one] for turn in turns), key=lambda m: m["seconds"]) for one in SIDES}
    told = {"ours": "ours, typed and screened", "cells": "ours, cells alone", "pandas": "pandas + openpyxl"}
    for one, words in told.items():
        found = best[one]
        ratio = best["pandas"]["seconds"] / found["seconds"]
        print(
            f"{words:26} {found['seconds']:7.2f} s {found['rows']:>8,} rows {ratio:5.1f} times as fast,"
            f" peak {found['own']:.0f} MB, largest child {found['child']:.0f} MB"
        )
    ratio = best["pandas"]["seconds"] / best["ours"]["seconds"]
    print(f"wanted: at least {WANTED:g} times; found {ratio:.1f}")
    return 0 if ratio >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
