"""Scales and their thresholds load, and a broken row is refused with its cure."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import DataRefused
from analysis.evidence.instruments import load_instruments
from analysis.layout import Layout


def test_every_scale_is_a_code_with_numbers_and_a_source() -> None:
    """Blanks are missing, never zero; the digest of the table is noted."""
    inputs: dict[str, str] = {}
    table = load_instruments(inputs=inputs)
    assert table["measure"].is_unique
    assert table.loc[table["measure"] == "wemwbs", "cut_off"].isna().all()
    assert table["verified"].dtype == bool
    assert np.isfinite(table[["least", "most", "level"]]).all(axis=None)
    assert list(inputs) == ["data/codes/score_instruments.csv"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("core-10,lower,0,40,11", "core-11,lower,0,40,11", 'Did you mean "core-10"'),
        ("core-10,lower,0,40,11", "core-10,left,0,40,11", "Known: higher, lower"),
        ("core-10,lower,0,40,11", "core-10,lower,0,40,41", "core-10: the cut-off is off the scale"),
        ("core-10,lower,0,40,11", "core-10,lower,40,0,", "core-10: the scale has no width"),
        ("11,6,0.90,0.90", "11,0,0.90,0.90", "core-10: the reliable change does not fit the scale"),
        ("11,6,0.90,0.90", "11,6,0.90,1.90", "core-10: the reliability is not between 0 and 1"),
        ("11,6,0.90,0.90", "eleven,6,0.90,0.90", '"eleven" is not a number'),
    ],
)
def test_a_broken_row_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    """Naming the scale and what is wrong with it."""
    shutil.copytree(Layout.find().data / "codes", tmp_path / "data" / "codes")
    file = tmp_path / "data" / "codes" / "score_instruments.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataRefused, match=words):
        load_instruments(Layout(tmp_path))
