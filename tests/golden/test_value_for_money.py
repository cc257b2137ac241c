"""What the report on value for money says of each authority, read from its own outputs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from outputs_of import Shown, shown

from analysis.errors import DataRefused, UsageError
from analysis.layout import ROOT_VARIABLE, Layout

NORFOLK, HOPE = ("norfolk", "2022-23"), ("leicestershire", "2018-20")
PAIRS = [
    NORFOLK,
    HOPE,
    ("leicestershire", "2023-24"),
    ("nottinghamshire", "2021-24"),
    ("rutland", "2023-24"),
    ("nottingham", "2025-26"),
]
SECTIONS = {
    *("money", "unit_costs", "places", "people", "break_even", "social_return", "assumptions", "gaps"),
}


def report(area: str, period: str, **parameters: Any) -> Shown:
    return shown("value_for_money", area, period, **parameters)


def one(made: Shown, kind: str, key: str) -> dict[str, Any]:
    return next(output for output in made[kind] if output["id"] == key)


def rows(table: dict[str, Any], *, raw: bool = True) -> dict[str, dict[str, Any]]:
    """Return a table's rows by their heads, each by the name of its column."""
    names = [column["name"] for column in table["columns"]]
    cells = table["values"] if raw else table["cells"]
    return {str(row[0]): dict(zip(names, row, strict=True)) for row in cells}


def headlines(made: Shown) -> str:
    said = sorted((one for one in made["finding"] if one["headline"]), key=lambda one: one["headline"])
    return "\n".join(f"{one['text']} {one['uncertainty']} {one['meaning']}" for one in said)


@pytest.mark.parametrize(("area", "period"), PAIRS)
def test_every_report_is_whole(area: str, period: str) -> None:
    """Three to five headlines with their words, every section, break-even first, no number that is none."""
    made = report(area, period)
    first = [finding for finding in made["finding"] if finding["headline"]]
    assert 3 <= len(first) <= 5
    assert all(finding["uncertainty"] and finding["meaning"] for finding in first)
    assert {output["section"] for kind in made.values() for output in kind} >= SECTIONS
    assert "survivors are spared further abuse" in headlines(made).split("\n")[0]
    words = " ".join([headlines(made), *(drawn["alt"] for drawn in made["figure"])])
    assert "nan" not in words.lower().split()


def test_unit_costs_of_the_bid_a_year_and_over_the_project() -> None:
    """£16,522, £12,635 and £14,300 a year; £23,407, £17,899 and £20,259 over 17 months."""
    said = headlines(report(*HOPE))
    assert "£16,522 a year in one refuge, £12,635 in the other and £14,300 in both together" in said
    assert "Over the 17 months of the project the same bedspaces cost £23,407, £17,899 and £20,259." in said
    table = rows(one(report(*HOPE), "table", "unit_costs"))
    for label, printed, year, whole in (
        ("Refuge for multiple needs, Women's Aid", 16_522, 16_522.43, 23_406.78),
        ("Refuge by and for minoritised women, Panahghar", 12_635, 12_634.47, 17_898.83),
        ("Both refuges together", 14_300, 14_300.74, 20_259.38),
        ("Emotional management programme", 1_793, 1_793.22, 2_540.39),
        ("Woman on that programme", 224, 224.15, 317.55),
    ):
        row = table[label]
        assert row["printed"] == printed
        assert row["cost_per_unit_year"] == pytest.approx(year, abs=0.005)
        assert row["cost_per_unit"] == pytest.approx(whole, abs=0.005)
        assert row["cost_per_unit_delivered"] == pytest.approx(row["cost_per_unit_year"] / 0.6)


def test_a_programme_at_the_fill_the_reader_sets() -> None:
    """£1,793 at full; £2,989 at 60%, £3,586 at half."""
    assert "At 60% it is £2,989**" in headlines(report(*HOPE))
    half = report(*HOPE, fill=0.5)
    assert "At 50% it is £3,586**" in headlines(half)
    assert one(half, "figure", "unit_costs.fill")["title"].startswith("With 50% of programmes filled")


def test_cost_of_a_person_by_who_is_counted() -> None:
    """£1,634 on the printed 540, £1,796 on 78% of 630; £662 and £637 with children."""
    table = rows(one(report(*HOPE), "table", "people.ways"))
    people = {label: round(row["people"], 1) for label, row in table.items()}
    assert people == {
        "An adult, as planned": 540,
        "An adult, of those who would engage": 491.4,
        "An adult or child": 1_332,
        "An adult, child or unborn child": 1_386,
    }
    assert [round(row["each"]) for row in table.values()] == [1_634, 1_796, 662, 637]
    assert [row["printed"] for row in table.values()] == [1_634, None, 662, 637]
    assert "78% of the 630 a year it names would be 491.4, and £1,796 each" in headlines(report(*HOPE))


def test_norfolk_s_chain_with_the_corrected_carry_forward() -> None:
    """£1,002,400 carried in, not £10,224,400; £1,466,211 left, which is not printed."""
    made = report(*NORFOLK)
    table = rows(one(made, "table", "money"))
    assert [row["carried"] for row in table.values()] == [0, 1_002_400, 1_501_127, 1_483_948]
    assert [row["left"] for row in table.values()] == [1_002_400, 1_501_127, 1_483_948, 1_466_211]
    assert [row["note"] for row in table.values()][1:] == ["", "partly predicted", "partly predicted"]
    assert "By the end of 2024-25, £1,466,211 would be left unspent: 77.9%" in headlines(made)
    corrected = one(made, "finding", "money.2")["text"]
    assert "£10,224,400 is printed as carried into 2022-23, and £1,002,400" in corrected


def test_norfolk_s_money_over_people() -> None:
    """£5,833 a woman supported, £13,257 a move to independent living."""
    table = rows(one(report(*NORFOLK), "table", "people"))
    each = {label: round(row["each"]) for label, row in table.items()}
    assert each["Women supported"] == 5_833
    assert each["Adults who moved on to live independently"] == 13_257


def test_the_case_cost_that_the_bid_leaves_out_is_worked_out() -> None:
    """£986,240 over 1,882 new cases, as the audit promises."""
    assert "£524 a new case" in one(report(*HOPE), "finding", "people.1")["text"]


def test_costs_of_a_place_in_the_prices_of_one_year() -> None:
    """Printed pounds times 102.0 over 90.46, the levels of 2022-23 and of the 17 months."""
    table = rows(one(report(*NORFOLK), "table", "places"))
    bed = table["Refuge bedspace: Women's Aid Leicestershire"]
    assert bed["uplift"] == pytest.approx(102.0 / 90.4647, abs=1e-5)
    assert bed["value_real"] == pytest.approx(16_522 * 102.0 / 90.4647, rel=1e-5)
    undated = table["Support in a unit of safe accommodation, a year"]
    assert undated["value_real"] is None
    other = rows(one(report(*NORFOLK, price_year="2018-19"), "table", "places"))
    assert other["Refuge bedspace: Panahghar"]["value_real"] < 12_635


@pytest.mark.parametrize(
    ("area", "period", "spared", "paid"),
    [
        (*NORFOLK, "34", "117"),
        (*HOPE, "26", "89"),
        ("leicestershire", "2023-24", "28", "97"),
        ("nottinghamshire", "2021-24", "43", "147"),
        ("rutland", "2023-24", "3", "9"),
    ],
)
def test_break_even_is_worked_out_from_one_published_value(
    area: str, period: str, spared: str, paid: str
) -> None:
    """Money × 1.035 ÷ £34,015 brought to its prices, rounded up; and with harm left out of the value."""
    said = one(report(area, period), "finding", "break_even.1")["values"]
    assert (said["spared"]["text"], said["spared_paid"]["text"]) == (spared, paid)


def test_no_ratio_without_people_and_never_as_a_finding() -> None:
    """Without people supported nothing is worked out; elsewhere the ratio is said not to be known."""
    for area, period in PAIRS[2:]:
        made = report(area, period)
        assert any(gap["id"] == "social_return" for gap in made["absence"])
        assert "What a pound brings back" not in headlines(made)
    assert "**What a pound brings back here is not known: between £0.32 and £1.64" in headlines(
        report(*NORFOLK)
    )
    listed = rows(one(report(*NORFOLK), "table", "assumptions"))
    assert sum(row["rests"] == "Assumption" for row in listed.values()) == 6
    drawn = one(report(*NORFOLK), "figure", "social_return")
    assert any("assumptions" in note for note in drawn["provenance"]["footnotes"])


@pytest.fixture
def another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with an evaluator's file beside the project's, in which a victim's abuse counts twice."""
    ours = Layout.find()
    shutil.copytree(ours.data, tmp_path / "data")
    (tmp_path / "notebooks").symlink_to(ours.notebooks)
    folder = tmp_path / "data" / "assumptions"
    text = (folder / "value_for_money.csv").read_text("utf-8")
    assert "9792,34015,34015" in text
    made = folder / "county_2025.csv"
    made.write_text(text.replace("9792,34015,34015", "20000,68030,68030"), "utf-8")
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    return made


def test_an_evaluator_s_file_takes_the_place_of_ours(another: Path) -> None:
    """Twice the value halves the break-even; the table names the file, and no output its folder."""
    made = report(*NORFOLK, assumed="county_2025")
    assert one(made, "finding", "break_even.1")["values"]["spared"]["text"] == "17"
    assert "From the file county_2025 of data/assumptions" in one(made, "table", "assumptions")["notes"][0]
    assert str(another.parents[2]) not in str(made)


def test_a_file_that_is_not_there_or_named_by_its_path_is_refused() -> None:
    with pytest.raises(DataRefused, match=r"there is no data/assumptions/value_for_monay\.csv.*Did you mean"):
        report(*NORFOLK, assumed="value_for_monay")
    with pytest.raises(UsageError, match="the name of a file and no path"):
        report(*NORFOLK, assumed="elsewhere/mine.csv")
