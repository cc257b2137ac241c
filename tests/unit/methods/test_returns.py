"""What money would have to bring about: which money is taken, in whose prices, and what the ends give."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods.prices import in_prices_of, price_level
from analysis.methods.returns import appraised, completed, distribution, drivers, pound_back, spared_needed
from analysis.methods.rows import PROVENANCE
from analysis.methods.social_return import chance_of, social_return

BASIS = {"tier": "published", "source_id": "s", "figure_ids": "f", "footnote": ""}
QUARTERS = pd.period_range("2016Q2", "2023Q1", freq="Q")
DEFLATORS = pd.DataFrame({"index": 100.0, **BASIS}, QUARTERS)
DEFLATORS.loc[QUARTERS[-4:], "index"] = 120.0


def years(*rows: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["label", "received", "spent"]).assign(**BASIS)
    return frame.set_index(frame["label"].to_numpy())


def people(*rows: tuple[str, str, float, float, str]) -> pd.DataFrame:
    columns = ["key", "label", "money", "number", "period"]
    return pd.DataFrame(rows, columns=columns).set_index("key").assign(**BASIS)


def assumed(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["outcome", "assumption", "low", "likely", "high"])
    money = frame["assumption"].isin(["value", "cost"])
    unit = money.map({True: "GBP", False: "fraction"})
    year = money.map({True: "2016-17", False: ""})
    return frame.assign(unit=unit, price_year=year, kind="assumption", label="x", reason="y", **BASIS)


SUPPORTED = ("supported", "Women supported", 1_200.0, 10.0, "2022-23")
PLANNED = ("planned", "Adults planned", 900.0, 30.0, "Nov 2018-Mar 2020")


def spent() -> pd.DataFrame:
    return appraised(
        years(("2022-23", 2_000, 1_200)), people(SUPPORTED), "2022-23", example=1, price_year="2022-23"
    )


VALUE = ("spared", "value", 50.0, 100.0, 100.0)


@pytest.mark.parametrize(
    ("of_years", "of_people", "kind", "cost"),
    [
        (years(("2022-23", 2_000, 1_200)), people(SUPPORTED, PLANNED), "spent", 1_200),
        (years(("2021-22", 1_500, 900), ("2022-23", 2_000, 0)), people(PLANNED), "received", 2_000),
        (years(("2021-22", 1_500, 900)), people(PLANNED), "planned", 900),
        (years(), people(PLANNED), "planned", 900),
        (years(), people(), "example", 500),
    ],
)
def test_money_of_the_report_s_year_is_taken_before_that_of_an_older_project(
    of_years: pd.DataFrame, of_people: pd.DataFrame, kind: str, cost: float
) -> None:
    found = appraised(of_years, of_people, "2022-23", example=500, price_year="2020-21").iloc[0]
    assert (found["kind"], found["cost"]) == (kind, cost)
    assert pd.isna(found["people"]) == (kind in {"received", "example"})


def test_a_value_is_brought_to_the_prices_of_the_spending() -> None:
    """Prices of 2022-23 are 1.2 times those of 2016-17: 1,200 / 120 = 10 survivors, and 20 at the low end."""
    subject = appraised(
        years(("2022-23", 2_000, 1_200)), people(SUPPORTED), "2022-23", example=1, price_year=""
    )
    table = completed(assumed(VALUE), subject, DEFLATORS)
    assert table.set_index("assumption").loc["value", ["low", "high"]].tolist() == pytest.approx([60, 120])
    assert (spared_needed(table), spared_needed(table, "low")) == pytest.approx((10, 20))
    assert social_return(table).value == pytest.approx(1)
    line = pound_back(table, 20, ends={"All": "likely"}, points=20)
    assert line["survivors"].eq(line["survivors"].round()).all()
    assert line.loc[line["survivors"].eq(10), "back"].tolist() == pytest.approx([1])


def test_what_an_evaluator_gives_takes_the_place_of_what_is_published() -> None:
    subject = appraised(
        years(("2022-23", 2_000, 1_200)), people(SUPPORTED), "2022-23", example=1, price_year=""
    )
    given = assumed(VALUE, ("spared", "quantity", 5, 5, 5), ("", "cost", 1_000, 1_000, 1_000))
    table = completed(given, subject, DEFLATORS)
    assert len(table) == 3
    assert spared_needed(table) == pytest.approx(10)
    assert social_return(table).value == pytest.approx(0.5)


def test_without_people_there_is_a_break_even_and_no_ratio() -> None:
    subject = appraised(years(("2022-23", 2_400, 0)), people(), "2022-23", example=1, price_year="")
    table = completed(assumed(VALUE), subject, DEFLATORS)
    assert spared_needed(table) == pytest.approx(20)
    with pytest.raises(DataRefused, match="quantity of spared"):
        social_return(table)


def test_prices_that_no_deflator_reaches_are_refused() -> None:
    subject = appraised(years(("2024-25", 2_400, 0)), people(), "2024-25", example=1, price_year="")
    with pytest.raises(DataRefused, match="prices of 2016-17 cannot be brought to 2024-25"):
        completed(assumed(VALUE), subject, DEFLATORS)
    frame = pd.DataFrame({"cost": [1.0], "period": ["2022-23"], **BASIS})
    with pytest.raises(UsageError, match='no deflator for price year "2031-32"'):
        in_prices_of(frame, "2031-32", DEFLATORS, ["cost"])
    assert pd.isna(price_level("not stated", DEFLATORS))


def test_the_curve_of_the_draws_falls_and_agrees_with_the_chance() -> None:
    subject = appraised(
        years(("2022-23", 2_000, 1_200)), people(SUPPORTED), "2022-23", example=1, price_year=""
    )
    table = completed(assumed(VALUE, ("spared", "reached", 0.2, 0.5, 1.0)), subject, DEFLATORS)
    curve = distribution(table, draws=2_000)
    assert curve["share"].is_monotonic_decreasing
    assert curve["share"].iloc[0] == 1
    level = curve["back"].iloc[20]
    assert curve["share"].iloc[20] == pytest.approx(chance_of(table, level, draws=2_000))
    assert drivers(table)["label"].tolist() == ["x, 20% to 100%", "x, £60 to £120"]
    assert all(set(frame["tier"]) == {"published"} for frame in (curve, drivers(table)))
    assert set(PROVENANCE) <= set(curve.columns)
