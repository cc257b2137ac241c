"""Pairs of what is printed and what follows, on a scale of ratios."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import UsageError
from analysis.present import charts

PAIRS = pd.DataFrame(
    {
        "about": ["Carried on", "Places", "Nothing printed"],
        "printed": ["£10,000", "8", "0"],
        "recomputed": ["£1,000", "16", "4"],
        "ratio": [0.1, 2.0, float("nan")],
        "period": ["2022-23", "2021-22", "2021-22"],
    }
).assign(tier="published", source_id="a", figure_ids="b", footnote="")


def test_both_values_stand_beside_the_dots() -> None:
    """What is printed and what follows are written out, with the period under the label."""
    drawn = charts.paired(PAIRS, xlabel="Times what is printed", detail=["period"]).figure
    texts = {text.get_text() for text in drawn.axes[0].texts}
    assert {"£10,000 → £1,000", "8 → 16", "2022-23"} <= texts


def test_an_open_dot_stands_at_one_and_a_full_one_at_the_ratio() -> None:
    """The line between them is the gap; a row without a ratio has no dots."""
    axes = charts.paired(PAIRS, xlabel="Times what is printed").figure.axes[0]
    dots = [float(line.get_xdata()[0]) for line in axes.lines if line.get_marker() == "o"]
    assert dots == [1.0, 0.1, 1.0, 2.0]
    assert axes.get_xscale() == "log"


def test_the_data_table_has_both_values_and_their_ratio() -> None:
    """Whoever cannot see the chart reads the same numbers."""
    chart = charts.paired(PAIRS, xlabel="Times what is printed", detail=["period"])
    assert chart.columns == ("about", "period", "printed", "recomputed", "ratio")


def test_a_missing_column_is_refused() -> None:
    """Without both values there is nothing to write beside the dots."""
    with pytest.raises(UsageError, match="recomputed"):
        charts.paired(PAIRS.drop(columns="recomputed"), xlabel="x")
