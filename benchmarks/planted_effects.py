"""Does each method find what is planted, and nothing where nothing is: a simulation study.

Every file of ``benchmarks/planted`` holds ``STUDIES``: SYNTHETIC records with a known truth, and what a
method says of them. Each study runs over many seeds. An interval should hold the truth in about 95 of 100,
and where nothing was planted about 5 of 100 should find something, or fewer. What was measured is kept in
``planted_effects.csv`` beside this file, from which ``docs/methods/planted_effects.md`` is written.

    .venv/bin/python benchmarks/planted_effects.py [--seeds 100] [--only access] [--no-write]
    .venv/bin/python -m tests.spec.document
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path

# More threads than cores make small matrices slower; set before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import planted
from planted.study import Seen, Study
from scipy.stats import binom

MEASURED = Path(__file__).with_name("planted_effects.csv")
WANTED, FALSE = 0.95, 0.05
RARE = 0.001
"""Chance below which fewer intervals, or more false finds, than these count as a fault of the method."""


def studies() -> dict[str, tuple[Study, ...]]:
    """Return what each file of the folder plants, by its name, in order."""
    names = sorted(one.name for one in pkgutil.iter_modules(planted.__path__) if one.name != "study")
    return {name: importlib.import_module(f"planted.{name}").STUDIES for name in names}


def measure(subject: str, study: Study, seeds: int) -> list[dict[str, object]]:
    """Run a study over many seeds and count."""
    seen = [study.run(np.random.default_rng(seed)) for seed in range(seeds)]
    measures = study.measures or {key: key for key in seen[0]}
    return [_counted(subject, study, key, says, [one[key] for one in seen]) for key, says in measures.items()]


def _counted(subject: str, study: Study, key: str, says: str, seen: list[Seen]) -> dict[str, object]:
    covered = [one.covered for one in seen if one.covered is not None]
    found = [one.found for one in seen if one.found is not None]
    return {
        "subject": subject,
        "method": study.method,
        "planted": study.planted,
        "measure": says,
        "nothing": study.nothing is None or key in study.nothing,
        "warning": seen[0].warning,
        "seeds": len(seen),
        "intervals": len(covered),
        "covered": sum(covered),
        "asked": len(found),
        "found": sum(found),
    }


def fault(row: Mapping[str, object]) -> str:
    """Say what is wrong with a row, if it cannot be chance."""
    if row["warning"]:
        return ""
    intervals, covered, asked, found = (
        int(str(row[name])) for name in ("intervals", "covered", "asked", "found")
    )
    if intervals and binom.cdf(covered, intervals, WANTED) < RARE:
        return f"only {covered} of {intervals} intervals hold the truth"
    if row["nothing"] and asked and binom.sf(found - 1, asked, FALSE) < RARE:
        return f"{found} of {asked} find what is not there"
    return ""


def kept(new: pd.DataFrame) -> pd.DataFrame:
    """Return all that was measured, of this run where it was, else as it was."""
    if not MEASURED.exists():
        return new
    old = pd.read_csv(MEASURED)
    merged = pd.concat([old[~old["subject"].isin(new["subject"])], new])
    return merged.sort_values("subject", kind="stable").reset_index(drop=True)


def main() -> int:
    """Run the studies, print and keep what was measured; 1 if a method is at fault."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--only", choices=sorted(studies()))
    parser.add_argument("--no-write", action="store_true")
    given = parser.parse_args()
    rows, faults = [], 0
    for subject, some in studies().items():
        if given.only in (None, subject):
            for study in some:
                start = time.perf_counter()
                part = measure(subject, study, given.seeds)
                print(f"{subject}: {study.planted} ({time.perf_counter() - start:.0f} s)", flush=True)
                for row in part:
                    wrong = fault(row)
                    faults += bool(wrong)
                    print(
                        f"    {row['measure']}: holds the truth {row['covered']}/{row['intervals']}, finds"
                        f" {row['found']}/{row['asked']}{' FAULT: ' + wrong if wrong else ''}",
                        flush=True,
                    )
                rows += part
    if not given.no_write:
        kept(pd.DataFrame(rows)).to_csv(MEASURED, index=False, lineterminator="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
