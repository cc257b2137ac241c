"""Costs as delivered refuse a period that has no length and a fill that is none."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.methods.delivery import at_fills, cost_by_fill, months_in, wide

BASIS = {"tier": "published", "source_id": "bid", "figure_ids": "a", "footnote": ""}


@pytest.mark.parametrize("period", ["not stated", "2018", "Quarter 1 (year not stated)", "12 months"])
def test_a_period_without_a_beginning_and_an_end_has_no_length(period):
    """The message quotes it and shows one that can be read."""
    with pytest.raises(DataRefused, match=r"has no length.*Nov 2018-Mar 2020"):
        months_in(period)


@pytest.mark.parametrize("fill", [0, 1.2, 60])
def test_a_fill_is_a_fraction_above_nothing(fill):
    """Sixty is a percentage, and nobody pays for a place that never fills."""
    with pytest.raises(DataRefused):
        at_fills(pd.DataFrame({"people": [224.0], "period": ["2018-20"]}), [fill])


def test_nothing_printed_gives_no_cost():
    """An authority without costs gets an empty frame, and no error."""
    costs = pd.DataFrame(columns=["group", "value", "period", *BASIS])
    assert cost_by_fill(wide(costs, ("cost", "people")), 0.6).empty
