"""Unit costs refuse what cannot be divided, and name their prices."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataRefused, UsageError
from analysis.methods.value import unit_cost, with_unit_costs

FRAME = pd.DataFrame(
    {
        "cost": [1700, 1200, None],
        "units": [1, 2, 3],
        "months": [17, 12, 12],
        "fill": [1, 0.5, 1],
        "tier": "published",
    },
    index=["a", "b", "c"],
)


@given(st.floats(0, 1e7), st.floats(0.5, 1000), st.integers(1, 60), st.floats(0.05, 1))
def test_cost_times_what_was_delivered_is_the_money_again(cost, units, months, fill):
    """Per unit delivered and year, times units, times fill, times years."""
    assert unit_cost(cost, units, months, fill) * units * fill * months / 12 == pytest.approx(cost)


def test_the_frame_agrees_with_the_single_cost():
    """Row by row, with NaN where the cost is not known."""
    result = with_unit_costs(FRAME, price_basis="as printed", months="months", fill="fill")
    assert result["cost_per_unit_delivered"].tolist()[:2] == [
        unit_cost(1700, 1, 17),
        unit_cost(1200, 2, 12, 0.5),
    ]
    assert result["cost_per_unit_year"].tolist()[:2] == [1200, 600]
    assert pd.isna(result.loc["c", "cost_per_unit"])
    assert result["price_basis"].eq("as printed").all()
    pd.testing.assert_frame_equal(result[FRAME.columns.tolist()], FRAME)


def test_prices_without_a_basis_are_refused():
    """A cost that does not say which prices it is in cannot be compared."""
    with pytest.raises(UsageError, match="no price basis is named"):
        with_unit_costs(FRAME, price_basis=" ")


@pytest.mark.parametrize("arguments", [(-1, 1), (1, 0), (1, 1, 0), (1, 1, 12, 0), (1, 1, 12, 80)])
def test_impossible_costs_are_refused(arguments):
    """Negative money, no units, no time, no fill, and a fill in percent."""
    with pytest.raises(DataRefused):
        unit_cost(*arguments)


def test_an_impossible_row_is_refused():
    """In the frame form as well."""
    with pytest.raises(DataRefused):
        with_unit_costs(FRAME.assign(units=0), price_basis="as printed")
