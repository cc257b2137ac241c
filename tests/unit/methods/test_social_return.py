"""Social return: closed forms, draws that another way of drawing agrees with, and tables of no use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods.social_return import break_even, chance_of, social_return, tornado


def table(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["outcome", "assumption", "low", "likely", "high"])


def fixed(outcome: str, assumption: str, number: float) -> tuple[str, str, float, float, float]:
    return outcome, assumption, number, number, number


SURE = table(
    fixed("", "cost", 10_000),
    fixed("", "discount", 0.035),
    fixed("safer", "quantity", 20),
    fixed("safer", "value", 1_500),
    fixed("safer", "deadweight", 0.4),
    fixed("safer", "displacement", 0.1),
    fixed("safer", "attribution", 0.5),
    fixed("safer", "years", 3),
    fixed("safer", "drop_off", 0.2),
)
RANGED = table(
    fixed("", "cost", 1_000),
    ("safer", "quantity", 10.0, 20.0, 60.0),
    ("safer", "value", 50.0, 100.0, 150.0),
    ("safer", "deadweight", 0.0, 0.25, 0.5),
)


def test_without_ranges_it_is_the_sum_of_discounted_years() -> None:
    """20 x 1,500 x 0.6 x 0.9 x 0.5 = 8,100 in year one; a fifth less each year; each year t over 1.035^t."""
    worth = 8_100 / 1.035 + 6_480 / 1.035**2 + 5_184 / 1.035**3
    found = social_return(SURE)
    assert found.value == pytest.approx(worth / 10_000, rel=1e-12)
    assert (found.low, found.high) == pytest.approx((found.value, found.value))


def test_half_a_year_counts_half() -> None:
    half = SURE.assign(
        **{c: SURE[c].where(SURE["assumption"] != "years", 0.5) for c in ("low", "likely", "high")}
    )
    assert social_return(half).value == pytest.approx(8_100 / 1.035 / 2 / 10_000, rel=1e-12)


def test_draws_are_those_of_the_triangular_distribution() -> None:
    """Mean of a product of independent triangulars: the product of (low + likely + high) / 3."""
    mean = (90 / 3) * (300 / 3) * (1 - 0.75 / 3) / 1_000
    other = np.random.default_rng(99)
    ratios = (
        other.triangular(10, 20, 60, 200_000)
        * other.triangular(50, 100, 150, 200_000)
        * (1 - other.triangular(0, 0.25, 0.5, 200_000))
        / 1_000
    )
    found = social_return(RANGED, draws=200_000)
    assert found.value == pytest.approx(20 * 100 * 0.75 / 1_000)
    assert ratios.mean() == pytest.approx(mean, rel=0.01)
    assert (found.low, found.high) == pytest.approx(np.quantile(ratios, [0.025, 0.975]), rel=0.02)
    assert chance_of(RANGED, 1.5, draws=200_000) == pytest.approx((ratios >= 1.5).mean(), abs=0.01)


def test_the_same_seed_gives_the_same_limits_whatever_the_order_of_rows() -> None:
    assert social_return(RANGED) == social_return(RANGED.iloc[::-1])
    assert social_return(RANGED).low != social_return(RANGED, seed=2).low


def test_the_tornado_moves_one_assumption_at_a_time_and_names_the_widest_first() -> None:
    found = tornado(RANGED)
    assert found["assumption"].tolist() == ["quantity", "value", "deadweight"]
    assert found["planned"].unique() == pytest.approx([1.5])
    assert found.loc[0, ["ratio_low", "ratio_high"]].tolist() == pytest.approx([0.75, 4.5])
    assert found.loc[2, ["ratio_low", "ratio_high"]].tolist() == pytest.approx([1.0, 2.0])


def test_at_the_break_even_a_pound_brings_a_pound_back() -> None:
    worth = break_even(SURE, "safer")
    where = (SURE["outcome"] == "safer") & (SURE["assumption"] == "value")
    there = SURE.assign(**{c: SURE[c].where(~where, worth) for c in ("low", "likely", "high")})
    assert social_return(there).value == pytest.approx(1)


def test_an_outcome_that_is_not_needed_breaks_even_at_nothing() -> None:
    both = pd.concat([SURE, table(fixed("work", "quantity", 1), fixed("work", "value", 1e6))])
    assert break_even(both, "safer") == 0


def test_an_outcome_of_which_nothing_counts_never_breaks_even() -> None:
    nothing = table(fixed("", "cost", 10), fixed("a", "quantity", 0), fixed("a", "value", 5))
    assert break_even(nothing, "a") == float("inf")


@pytest.mark.parametrize(
    ("row", "error", "match"),
    [
        (fixed("safer", "deadwieght", 0.2), UsageError, "deadweight"),
        (fixed("safer", "cost", 5), DataRefused, "wrong outcome"),
        (fixed("", "quantity", 5), DataRefused, "wrong outcome"),
        (("work", "value", 3.0, 2.0, 4.0), DataRefused, "order"),
        (fixed("work", "attribution", 1.2), DataRefused, "out of its range"),
        (("work", "value", 1.0, float("nan"), 4.0), DataRefused, "lacks a number"),
        (fixed("safer", "value", 7), DataRefused, "twice"),
        (fixed("work", "value", 7), DataRefused, "quantity of work"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_row(
    row: tuple[str, str, float, float, float], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        social_return(pd.concat([SURE, table(row)], ignore_index=True))


def test_a_table_without_a_cost_is_refused() -> None:
    with pytest.raises(DataRefused, match="cost of the whole"):
        social_return(SURE.iloc[1:])
