"""What the needs assessment says of each authority, read from its own outputs."""

from __future__ import annotations

import json
import math
from typing import Any

import pandas as pd
import pytest
from outputs_of import Shown, shown

from analysis.evidence import published
from analysis.layout import Layout
from analysis.methods import funnel, mixed_places
from analysis.methods.capacity import erlang_b, places_for

NOTEBOOK = "needs_assessment"
PAIRS = [
    ("norfolk", "2022-23"),
    ("leicestershire", "2018-20"),
    ("leicestershire", "2023-24"),
    ("nottinghamshire", "2021-24"),
    ("rutland", "2022-23"),
]
SECTIONS = {
    "capacity",
    "flows",
    "origin",
    "stays",
    "refusals",
    "standard",
    "survey",
    "demand",
    "kinds",
    "places",
    "homelessness",
    "annual_return",
    "printed",
    "gaps",
}
FLOW, UNSEEN, SIMULATED = (
    "Flow: requests on record",
    "Flow: with requests never seen",
    "Simulation: kinds kept apart",
)
EVIDENCE = published.load()


def made(area: str, period: str) -> Shown:
    """Return the report's outputs by kind."""
    return shown(NOTEBOOK, area, period)


@pytest.fixture(scope="module")
def norfolk() -> Shown:
    """The report on Norfolk."""
    return made("norfolk", "2022-23")


def one(report: Shown, kind: str, key: str) -> dict[str, Any]:
    """Return the output of a kind with an id."""
    return next(entry for entry in report[kind] if entry["id"] == key)


def rows(table: dict[str, Any]) -> pd.DataFrame:
    """Return a table or figure as it was shown, by the words that head each row, without notes."""
    names = [head["name"] for head in table["columns"]]
    frame = pd.DataFrame(table["values"], columns=names)
    return frame.set_index(frame.columns[0])


def headlines(report: Shown) -> dict[int, str]:
    """Return each headline by its place, with how sure it is and what it means."""
    return {
        one["headline"]: f"{one['text']} {one['uncertainty']} {one['meaning']}"
        for one in report["finding"]
        if one["headline"]
    }


@pytest.mark.parametrize(("area", "period"), PAIRS)
def test_every_report_is_whole(area, period):
    """Each area has three to five headlines, every section, and three figures or more with their words."""
    report = made(area, period)
    assert 3 <= len(headlines(report)) <= 5
    assert {entry["section"] for kind in report for entry in report[kind]} >= SECTIONS
    assert len(report["figure"]) >= 3
    said = [entry["text"] for entry in report["finding"]] + [drawn["alt"] for drawn in report["figure"]]
    assert "nan" not in " ".join(said).split()


@pytest.mark.parametrize(("area", "period"), PAIRS)
def test_the_summary_is_short_and_says_nothing_new(area, period):
    """It is of fewer than 120 words, and each of its numbers is said by a finding."""
    found = [entry for entry in made(area, period)["finding"] if entry["summary"]]
    assert len(found) == 1
    assert len(found[0]["text"].split()) < 120
    others = {
        value["text"]
        for entry in made(area, period)["finding"]
        if not entry["summary"]
        for value in entry["values"].values()
    }
    assert {value["text"] for value in found[0]["values"].values()} <= others


def test_norfolk_s_standard_in_three_readings(norfolk):
    """92 places, 38 short before and 8 now; 123 and 39 at the stricter end; 10 as misprinted."""
    table = rows(one(norfolk, "table", "standard")).set_index("value")
    assert table.loc[10_000, ["places", "gap_before", "gap"]].tolist() == [92, 38, 8]
    assert table.loc[7_500, ["places", "gap_before", "gap"]].tolist() == [123, 69, 39]
    assert table.loc[100_000, ["places", "gap"]].tolist() == [10, -74]
    said = headlines(norfolk)[1]
    assert "needs 92 places and has 84: 8 short, where it was 38 short before" in said
    assert "123, and be 39 short" in said


def test_each_area_s_standard_is_its_residents():
    """Without printed places the standard still says how many, and no gap."""
    for area, period in PAIRS[1:]:
        table = rows(one(made(area, period), "table", "standard")).set_index("value")
        people = EVIDENCE.census("TS009", area)["base"]["female"]
        assert table["places"][10_000] == math.ceil(people / 10_000)
        assert table["places"][7_500] == math.ceil(people / 7_500)
        shown = {"gap", "gap_before"} & set(table.columns)
        assert shown == ({"gap"} if area == "nottinghamshire" else set())


def test_norfolk_s_answers_stand_side_by_side(norfolk):
    """Every method has its question; 74 more is shown, and said to be another question than 8 more."""
    table = rows(one(norfolk, "table", "places.methods"))
    assert len(table) == 9
    assert table["gap"]["Standard: 1 place to 10,000 people"] == 8
    assert table["gap"]["NODA's estimate, on top of now"] == 74
    assert table["question"].str.len().gt(10).all()
    assert table["places"][FLOW] == places_for(189 * 144 / 365.25, 0.05) == 80
    seen = 1 - (1 - 10_824 / 27_754) * 0.406
    assert table["places"][UNSEEN] == places_for(189 / seen * 144 / 365.25, 0.05) == 104
    ranged = table.dropna(subset=["places_low"])
    assert ((ranged["places_low"] <= ranged["places"]) & (ranged["places"] <= ranged["places_high"])).all()
    said = next(entry["text"] for entry in norfolk["finding"] if entry["text"].startswith("NODA"))
    assert "NODA's 74 more places and the standard's 8 are not two answers to one question" in said
    assert "158 places" in said


def test_norfolk_s_unseen_requests_raise_the_answer(norfolk):
    """The curve rises with the share never seen, and lies higher the fewer are turned away."""
    figure = rows(one(norfolk, "figure", "demand")).reset_index()
    lines = {name: part.sort_values("unseen")["places"] for name, part in figure.groupby("label")}
    assert set(lines) == {"1 in 20 turned away", "1 in 100 turned away"}
    assert all(line.is_monotonic_increasing for line in lines.values())
    strict, usual = lines["1 in 100 turned away"].tolist(), lines["1 in 20 turned away"].tolist()
    assert all(a > b for a, b in zip(strict, usual, strict=True))
    assert usual[0] == 80


def test_none_refused_is_not_demand_met(norfolk):
    """The printed zero stands beside the chance of it and the share who would find no place."""
    said = headlines(norfolk)[3]
    assert "No referral of 189 was refused for want of space, yet refuges were 94.74% full" in said
    assert "less than 1 in a million" in said
    table = rows(one(norfolk, "table", "refusals"))
    assert table["count"]["Refused because the service was full"] == 0


def test_the_year_balances(norfolk):
    """63 were there, 162 came, 225 were supported, 150 left and 75 were there at the end."""
    assert rows(one(norfolk, "figure", "flows"))["count"].tolist() == [63, 162, 225, 150, 75]


def test_origin_counts_those_from_outside_apart(norfolk):
    """83 of 225 came from outside the county and are in no district's rate."""
    rates = rows(one(norfolk, "figure", "origin"))
    assert len(rates) == 7
    assert (rates["rate_low"] < rates["rate"]).all()
    said = next(entry for entry in norfolk["finding"] if entry["section"] == "origin")
    assert "83 of 225" in said["text"]


def test_the_simulation_agrees_with_the_closed_form_where_there_is_one():
    """With one kind of place and one group the share turned away is Erlang's, within its own interval."""
    empty = {"tier": "", "source_id": "", "figure_ids": "", "footnote": ""}
    sizes = dict.fromkeys(mixed_places.KINDS, 0) | {"women": 12}
    places = pd.DataFrame([{"pool": name, "label": name, "places": n} | empty for name, n in sizes.items()])
    demand = mixed_places.asking(36.525, 0, accessible=0, larger=0, mean_stay=100)
    found = mixed_places.compared(places, demand, {"As now": {}}, resting=places).set_index("label")
    assert found["low"]["Women"] <= erlang_b(12, 10) <= found["high"]["Women"]


def test_the_same_requests_meet_every_option(norfolk):
    """More places never turn more away, and the right kind helps those who are worst off most."""
    shares = rows(one(norfolk, "figure", "kinds")).reset_index()
    found = shares.pivot_table(index="option", columns="label", values="share")
    assert (found.drop(index="As now") <= found.loc["As now"] + 1e-12).all().all()
    worst = found["Women with a larger family"]
    assert worst["More for any adult, half accessible, half larger"] < worst["More for women and children"]
    low, high = (shares.set_index(["option", "label"])[name] for name in ("low", "high"))
    share = shares.set_index(["option", "label"])["share"]
    assert ((low <= share) & (share <= high)).all()


def test_enough_for_all_adds_places_and_leaves_nobody_out(norfolk):
    """No kind loses a place, and the whole is what the methods show."""
    table = rows(one(norfolk, "table", "kinds.enough"))
    assert (table["places"] >= table["now"]).all()
    assert table["now"].sum() == 84
    assert rows(one(norfolk, "table", "places.methods"))["places"][SIMULATED] == table["places"].sum()


@pytest.mark.parametrize(("area", "period"), PAIRS)
def test_the_funnel_is_no_league_table(area, period):
    """Areas stand in the order of their names, all of them, with no rank."""
    figure = one(made(area, period), "figure", "homelessness")
    names = rows(figure).index.tolist()
    assert len(names) >= 20
    assert names == sorted(names)
    assert "not a league table" in figure["caption"].lower()
    assert not {"rank", "position_in_order"} & {head["name"] for head in figure["columns"]}


def test_the_funnel_takes_an_authority_with_none_and_one_with_three():
    """Zero counts and tiny bases are placed by exact limits, and none gives a signal by its size alone."""
    areas = pd.DataFrame(
        {
            "label": ["none", "three", *map(str, range(10))],
            "count": [0, 3, *[24] * 10],
            "base": [9, 20, *[200] * 10],
        }
    )
    placed = funnel.funnel(areas).set_index("label")
    assert placed["position"].eq("within limits").all()
    assert placed["share"]["none"] == 0
    assert placed["low95"]["none"] == 0
    wide = placed["high95"] - placed["low95"]
    assert wide["none"] > wide["three"] > wide["0"]
    assert funnel.funnel(areas.assign(base=[0.5, 20, *[200] * 10]).iloc[1:])["share"].notna().all()


def test_trends_have_the_limits_of_an_xmr_chart(norfolk):
    """The centre is the mean, limits lie 2.66 mean moving ranges from it, gaps break the moving range."""
    chart = rows(one(norfolk, "figure", "homelessness.trend"))
    values = chart["count"].astype(float)
    spread = values.diff().abs().mean()
    assert chart["centre"].iloc[0] == pytest.approx(values.mean())
    assert chart["upper"].iloc[0] == pytest.approx(values.mean() + 2.66 * spread)
    assert values.isna().any()


def test_the_return_is_laid_out_by_type_and_says_what_is_not_published(norfolk):
    """Six types of accommodation; places alone are published by type; an unknown is never 0."""
    table = one(norfolk, "table", "annual_return")
    frame = rows(table)
    types = [name for name in frame.columns if name not in {"heading", "all"} and "ource" not in name]
    assert len([name for name in types if name in set(EVIDENCE_TYPES)]) == 6
    assert frame.loc["Places, or homes made safer", ["refuge", "dispersed", "sanctuary"]].tolist() == [
        54,
        30,
        25,
    ]
    assert frame["all"]["Women"] == 225
    assert frame["all"]["Men"] == 0
    assert pd.isna(frame["refuge"]["Women"])


def test_people_of_a_caseworker_are_not_laid_out_as_people_in_safe_accommodation():
    """Leicestershire's 99 men were supported by a caseworker since his contract began, in no place."""
    report = made("leicestershire", "2023-24")
    assert "annual_return" not in {table["id"] for table in report["table"]}
    assert "no number of people in its safe accommodation" in one(report, "absence", "annual_return")["why"]


EVIDENCE_TYPES = ("refuge", "specialist", "dispersed", "sanctuary", "second-stage", "other")


def test_every_printed_figure_comes_out_or_is_explained(norfolk):
    """What records and arithmetic give is summed up, and each figure that differs says why."""
    table = rows(one(norfolk, "table", "printed"))
    assert table["n"].sum() == 173
    parts = table[["records", "arithmetic", "differs", "outside"]].sum(axis=1)
    assert (parts == table["n"]).all()
    differ = rows(one(norfolk, "table", "printed.differ"))
    assert len(differ) == table["differs"].sum() == 12
    assert differ["why"].str.len().gt(20).all()


def test_an_area_without_evidence_says_so_and_still_answers():
    """Rutland has no places in print: sections say so, and standard, survey and homelessness still speak."""
    report = made("rutland", "2022-23")
    absent = {entry["section"] for entry in report["absence"]}
    assert {"capacity", "flows", "origin", "stays", "demand", "kinds", "annual_return", "printed"} <= absent
    assert set(headlines(report)) == {1, 2, 4, 5}
    assert "Rutland needs 5 places" in headlines(report)[1]
    assert "16 of 133 households" in headlines(report)[5]


def test_its_questions_are_answered_or_say_what_is_missing():
    """Every question of the notebook names a section as the page heads it, and what is missing."""
    table = rows(one(made("nottinghamshire", "2021-24"), "table", "gaps"))
    cells = json.loads((Layout.find().notebooks / f"{NOTEBOOK}.ipynb").read_text("utf-8"))["cells"]
    headings = {line[3:].strip() for cell in cells for line in cell["source"] if line.startswith("## ")}
    assert len(table) >= 54
    assert len(headings) == len(SECTIONS)
    assert set(table["section"]) <= headings
    assert table.loc[table["status"] != "Answered", "missing"].str.len().gt(5).all()
