"""Scales of distress and wellbeing: their published reliable change and cut-off, each with its source."""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.evidence.codes import load_codes
from analysis.evidence.tables import Faults, filled, known, numbers, read, truths, unique
from analysis.layout import Layout

INSTRUMENT_COLUMNS: Final = (
    "measure",
    "better",
    "least",
    "most",
    "cut_off",
    "reliable_change",
    "level",
    "reliability",
    "sd",
    "source",
    "url",
    "verified",
    "checked",
)
NUMBERS: Final = ("least", "most", "level")
OPTIONAL: Final = ("cut_off", "reliable_change", "reliability", "sd")


def load_instruments(layout: Layout | None = None, *, inputs: dict[str, str] | None = None) -> pd.DataFrame:
    """Return the thresholds of every scale.

    Parameters
    ----------
    layout
        The checkout; the one this package belongs to if None.
    inputs
        Where to note the digest of the table read, by its path in the checkout.

    Returns
    -------
    pandas.DataFrame
        One row a scale: ``measure`` (a code of score_measure), ``better`` ("lower" or "higher"), ``least``,
        ``most``, ``cut_off``, ``reliable_change`` [points], ``level`` [0 to 1], ``reliability``, ``sd``
        [points], ``source``, ``url``, ``verified`` (bool), ``checked``. A threshold that is not published
        is NaN.

    Raises
    ------
    DataRefused
        Naming every broken rule of the table.
    """
    layout, faults = layout or Layout.find(), Faults()
    table = read(layout, "codes/score_instruments.csv", INSTRUMENT_COLUMNS, inputs=inputs)
    filled(table, ("source", "checked"), faults)
    unique(table, "measure", faults)
    known(table, "measure", load_codes("score_measure", layout)["code"], faults)
    known(table, "better", ("lower", "higher"), faults)
    columns = {
        name: numbers(table, name, faults, optional=name in OPTIONAL) for name in (*NUMBERS, *OPTIONAL)
    }
    verified = truths(table, "verified", faults)
    _within(table.frame["measure"], columns, faults)
    faults.refuse()
    return table.frame.assign(**columns, verified=verified)


def _within(measure: pd.Series[str], columns: dict[str, pd.Series[float]], faults: Faults) -> None:
    width = columns["most"] - columns["least"]
    rules = (
        (width <= 0, "the scale has no width", "Give its lowest and its highest score."),
        (
            (columns["cut_off"] < columns["least"]) | (columns["cut_off"] > columns["most"]),
            "the cut-off is off the scale",
            "Give a score between its lowest and its highest.",
        ),
        (
            (columns["reliable_change"] <= 0) | (columns["reliable_change"] > width),
            "the reliable change does not fit the scale",
            "Give points, above 0.",
        ),
        (
            (columns["reliability"] <= 0) | (columns["reliability"] >= 1),
            "the reliability is not between 0 and 1",
            "Give it as a fraction.",
        ),
    )
    for broken, what, cure in rules:
        for name in measure[broken]:
            faults.at("data/codes/score_instruments.csv", f"{name}: {what}", cure)
