"""Price levels by quarter: complete, once each, and from a source that is cited."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.evidence.published import Evidence

FILE = "reference/deflator.csv"


def test_every_quarter_of_the_years_in_print_has_a_level(printed: Evidence) -> None:
    found = printed.reference.deflators
    assert found.index.is_unique
    assert list(found.index) == list(pd.period_range("2016Q1", "2025Q1", freq="Q"))
    assert found["index"][pd.period_range("2022Q1", "2022Q4", freq="Q")].mean() == pytest.approx(100)
    assert set(found["source_id"]) <= set(printed.sources["source_id"])
    assert found["figure_ids"].iloc[0] == "deflator:2016Q1"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2016Q2", "2016Q1", "stands twice"),
        ("84.4", "high", "is not a number"),
        ("ons-gdp-deflator", "ons", "is not known"),
    ],
)
def test_a_broken_rule_is_named(broken: Callable[..., Evidence], old: str, new: str, said: str) -> None:
    with pytest.raises(DataRefused, match=said):
        _ = broken(FILE, (old, new)).reference.deflators
