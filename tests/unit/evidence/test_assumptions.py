"""A table of assumptions: read as a whole, replaced by file, refused with what, where and the cure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.errors import DataRefused, UsageError
from analysis.evidence import assumptions
from analysis.evidence.published import Evidence
from analysis.record import file_sha256

FILE = "assumptions/value_for_money.csv"
NAME = "value_for_money"


def test_evidence_has_its_source_and_an_assumption_says_that_it_is_one(printed: Evidence) -> None:
    table = assumptions.read(printed, NAME)
    assumed = table["kind"].eq("assumption")
    assert assumed.any()
    assert set(table["source_id"][assumed]) == {assumptions.SOURCE}
    assert set(table["footnote"][assumed]) == {assumptions.NOTE}
    assert set(table["footnote"][~assumed]) == {""}
    assert set(table["source_id"]) <= set(printed.sources["source_id"])
    assert (table["low"] <= table["likely"]).all()
    assert (table["likely"] <= table["high"]).all()


def test_the_digest_of_the_file_stands_among_the_inputs(broken: Callable[..., Evidence]) -> None:
    evidence = broken(FILE, ("0.3,0.6,0.9", "0.4,0.6,0.9"))
    found = assumptions.read(evidence, NAME).set_index("assumption")
    assert found["low"]["reached"] == 0.4
    assert evidence.inputs[f"data/{FILE}"] == file_sha256(evidence.layout.data / FILE)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("outcome,assumption", "outcome,asumption", "no column assumption; unknown column asumption"),
        ("spared,deadweight", "spared,deadwieght", '"deadwieght" is not known. Did you mean "deadweight"?'),
        ("0.3,0.6,0.9", "0.7,0.6,0.9", 'row 3, column low: "0.7" is above likely "0.6"'),
        ("0.3,0.6,0.9", "0.3,0.6,0.5", 'column likely: "0.6" is above high "0.5"'),
        ("0.3,0.6,0.9", "0.3,0.6,1.9", "is above 1. Write a fraction: 0.4 for 40%."),
        ("0.3,0.6,0.9", "-0.3,0.6,0.9", "is below zero"),
        ("0.3,0.6,0.9", "0.3,sixty,0.9", '"sixty" is not a number'),
        ("0.9,fraction,", "0.9,,", 'column unit: "" is missing. A reached is in "fraction".'),
        ("0.9,fraction,", "0.9,percent,", '"percent" is not its unit. A reached is in "fraction".'),
        ("34015,GBP,2016-17", "34015,GBP,", "is no price year. Write the financial year, as 2022-23."),
        ("34015,GBP,2016-17", "34015,GBP,2016", '"2016" is no price year'),
        ("0.9,fraction,,", "0.9,fraction,2020-21,", "stands with what is no money"),
        ("home-office-cost-of-abuse-2019", "home-office", 'call the row an "assumption"'),
        (",assumption,,", ",assumption,somebody,", "stands with an assumption"),
        ("spared,value", ",value", "Name the outcome that the row belongs to."),
        (",discount", "spared,discount", "stands with what is of the whole"),
        ("spared,deadweight", "spared,reached", "stands twice for its outcome"),
        ("spared,value", "spare,value", 'the outcome "spared" has no value'),
    ],
)
def test_a_slip_is_refused_with_its_row_and_cure(
    broken: Callable[..., Evidence], old: str, new: str, said: str
) -> None:
    evidence = broken(FILE, (old, new))
    with pytest.raises(DataRefused) as refused:
        assumptions.read(evidence, NAME)
    assert f"data/{FILE}" in str(refused.value)
    assert said in str(refused.value)


def test_all_slips_are_named_at_once(broken: Callable[..., Evidence]) -> None:
    evidence = broken(FILE, ("0.3,0.6,0.9,fraction", "0.7,0.6,0.9,"), ("34015,GBP,2016-17", "34015,GBP,"))
    with pytest.raises(DataRefused, match="3 rules are broken"):
        assumptions.read(evidence, NAME)


@pytest.mark.parametrize("name", ["elsewhere/mine.csv", "../mine", "mine.csv", "assumptions/mine", ""])
def test_a_path_is_refused_and_not_repeated(printed: Evidence, name: str) -> None:
    with pytest.raises(UsageError, match="the name of a file and no path") as refused:
        assumptions.read(printed, name)
    assert not name or name not in str(refused.value)


def test_a_file_that_is_not_there_is_refused_with_the_nearest(printed: Evidence) -> None:
    with pytest.raises(DataRefused, match='Did you mean "value_for_money"'):
        assumptions.read(printed, "value_for_monay")


def test_a_quantity_and_a_cost_may_be_given(broken: Callable[..., Evidence]) -> None:
    row = "spared,quantity,100,120,150,people,,assumption,,Survivors supported,Counted by a provider"
    changed = broken(FILE, ("spared,value", f"{row}\nspared,value"))
    table = assumptions.read(changed, NAME).set_index("assumption")
    assert table["high"]["quantity"] == 150
