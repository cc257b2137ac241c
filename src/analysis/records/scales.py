"""Scales of distress and wellbeing by the label that a frame of scores gives them."""

from __future__ import annotations

from functools import cache

import pandas as pd

from analysis.evidence.codes import load_codes
from analysis.evidence.instruments import load_instruments


@cache
def published_scales() -> pd.DataFrame:
    """Return what is published of each scale, as `analysis.evidence.instruments.load_instruments` does.

    Returns
    -------
    DataFrame
        One row a scale, with ``label``: what the column ``measure`` of a cohort's scores calls it.
    """
    codes = load_codes("score_measure")
    label = {
        str(code): str(words).partition(": ")[0]
        for code, words in zip(codes["code"], codes["label"], strict=True)
    }
    table = load_instruments()
    return table.assign(label=table["measure"].map(label))
