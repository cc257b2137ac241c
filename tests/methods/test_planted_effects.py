"""The simulation study: every file's studies run, were measured, and none of what was measured is a fault."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import planted_effects
from planted.study import Seen, Study

STUDIES = planted_effects.studies()
MEASURED = list(csv.DictReader(planted_effects.MEASURED.open(encoding="utf-8", newline="")))
SOME = [
    pytest.param(subject, study, id=f"{subject}: {study.planted}")
    for subject, studies in STUDIES.items()
    for study in studies[:2]
]


@pytest.mark.parametrize(("subject", "study"), SOME)
def test_a_study_runs_and_returns_what_it_says_it_measures(subject, study):
    """One seed of the first two studies of each file; the same seed gives the same again."""
    one, two = (study.run(np.random.default_rng(7)) for _ in range(2))
    assert set(one) == set(study.measures or one)
    assert [str(seen) for seen in one.values()] == [str(seen) for seen in two.values()]
    assert planted_effects.measure(subject, study, 1)[0]["subject"] == subject


def test_every_study_was_measured_on_a_hundred_seeds():
    """The kept figures are of the studies that the files hold, sentence by sentence."""
    declared = {(subject, study.planted) for subject, studies in STUDIES.items() for study in studies}
    assert {(row["subject"], row["planted"]) for row in MEASURED} == declared
    assert all(int(row["seeds"]) >= 100 for row in MEASURED)
    for subject, studies in STUDIES.items():
        for study in studies:
            kept = [
                row["measure"]
                for row in MEASURED
                if (row["subject"], row["planted"]) == (subject, study.planted)
            ]
            assert not study.measures or kept == list(study.measures.values())


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: f"{row['planted']} {row['measure']}")
def test_nothing_that_was_measured_is_a_fault(row):
    """Intervals hold the truth about as often as they say; what is not there is about as seldom found."""
    assert (
        planted_effects.fault(
            row | {"warning": row["warning"] == "True", "nothing": row["nothing"] == "True"}
        )
        == ""
    )


def _study(seen: Seen, nothing: frozenset[str] | None) -> Study:
    return Study("proportions", "Something.", {"it": "It"}, nothing, lambda _: {"it": seen})


def test_a_method_at_fault_is_told():
    """An interval that misses, and a find of what is not there, in all of 100 seeds."""
    missed = planted_effects.measure("x", _study(Seen(1.0, 2.0, 3.0, found=True), frozenset()), 100)[0]
    assert planted_effects.fault(missed) == "only 0 of 100 intervals hold the truth"
    false = planted_effects.measure("x", _study(Seen(1.0, 0.0, 3.0, found=True), None), 100)[0]
    assert planted_effects.fault(false) == "100 of 100 find what is not there"
    sound = planted_effects.measure("x", _study(Seen(1.0, 0.0, 3.0, found=True), frozenset()), 100)[0]
    assert planted_effects.fault(sound) == ""
