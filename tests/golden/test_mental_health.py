"""What the report on mental health says of each authority, read from its own outputs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from outputs_of import shown

from analysis.layout import Layout

PAIRS = [
    ("norfolk", "2022-23"),
    ("leicestershire", "2018-20"),
    ("leicestershire", "2023-24"),
    ("nottinghamshire", "2021-24"),
    ("leicester", "2022-23"),
    ("rutland", "2018-19"),
]
SECTIONS = [
    "prevalence",
    "turned_away",
    "cascade",
    "waits",
    "outcomes",
    "capacity",
    "stays",
    "equity",
    "gaps",
]


def report(area: str, period: str, **parameters: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the outputs of the report by kind."""
    return shown("mental_health", area, period, **parameters)


def finding(area: str, period: str, text: str, **parameters: Any) -> dict[str, Any]:
    """Return the one finding, but for the summary, that holds some words."""
    said = [one for one in report(area, period, **parameters)["finding"] if not one["summary"]]
    found = [one for one in said if text in one["text"]]
    assert len(found) == 1, f"{len(found)} findings say {text!r}"
    return found[0]


def table(area: str, period: str, key: str) -> list[dict[str, Any]]:
    """Return the rows of a table by column name, as computed."""
    (found,) = [one for one in report(area, period)["table"] if one["id"] == key]
    names = [column["name"] for column in found["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found["values"]]


def rounded(value: dict[str, Any]) -> tuple[float, float, float]:
    """Return an estimate and its limits in percent, to a tenth."""
    return tuple(round(100 * value[name], 1) for name in ("value", "low", "high"))


@pytest.mark.parametrize(("area", "period"), PAIRS)
def test_every_section_shows_something_and_the_first_screen_holds_three_to_five_findings(area, period):
    """An authority that publishes nothing still gets an answer in each section."""
    outputs = report(area, period)
    sections = {one["section"] for some in outputs.values() for one in some}
    assert set(SECTIONS) <= sections
    headlines = [one for one in outputs["finding"] if one["headline"]]
    assert 3 <= len(headlines) <= 5
    assert all(one["uncertainty"] and one["meaning"] for one in headlines)


@pytest.mark.parametrize(("area", "period"), PAIRS)
def test_no_headline_is_a_count_of_one_to_nine_people(area, period):
    """Numbers on the first screen are of ten people or more, or are not counts of people."""
    counts = {"k", "n", "base", "people", "own_k", "held_k", "seen_k", "lost_k", "waits_k", "needs", "space"}
    for one in report(area, period)["finding"]:
        if one["headline"]:
            small = {name: value["value"] for name, value in one["values"].items() if name in counts}
            assert not [name for name, value in small.items() if 0 < value < 10]


def test_of_57_people_using_adult_counselling_40_were_in_it_or_through_it():
    """Leicestershire: 70.2%, with its interval."""
    said = finding("leicestershire", "2023-24", "adult counselling, 40")["values"]
    assert (said["held_k"]["value"], said["held_n"]["value"]) == (40, 57)
    assert rounded(said["held"]) == (70.2, 57.3, 80.5)


def test_thirteen_referrals_are_eight_seen_three_not_engaged_and_two_waiting():
    """Leicestershire's LGBT counselling: the parts make the whole, each with its interval."""
    said = finding("leicestershire", "2023-24", "Of 13 referrals to LGBT counselling")["values"]
    parts = {name: said[f"{name}_k"]["value"] for name in ("seen", "lost", "waits")}
    assert parts == {"seen": 8, "lost": 3, "waits": 2}
    assert sum(parts.values()) == said["seen_n"]["value"] == 13
    assert rounded(said["seen"]) == (61.5, 35.5, 82.3)
    assert rounded(said["lost"]) == (23.1, 8.2, 50.3)
    assert rounded(said["waits"]) == (15.4, 4.3, 42.2)


def test_twelve_of_27_young_people_are_being_supported():
    """Leicestershire: 44.4%, with its interval."""
    assert rounded(finding("leicestershire", "2023-24", "Of 27 young people")["values"]["young"]) == (
        44.4,
        27.6,
        62.7,
    )


def test_waits_of_12_to_18_months_and_4_to_8_weeks_are_put_into_weeks():
    """At least 44 weeks apart, and called an association."""
    one = finding("leicestershire", "2023-24", "average waits of 12 to 18 months")
    assert "4 to 8 weeks since" in one["text"]
    assert round(one["values"]["least"]["value"], 1) == 44.2
    assert "not a cause" in one["uncertainty"]
    before, after = table("leicestershire", "2023-24", "waits")[:2]
    assert (round(before["low_weeks"], 1), round(before["high_weeks"], 1)) == (52.2, 78.3)
    assert (after["low_weeks"], after["high_weeks"]) == (4, 8)


def test_32_referrals_in_a_quarter_are_128_a_year_with_the_interval_of_a_count():
    """Byar's interval for 32, times four."""
    said = finding("leicestershire", "2023-24", "32 referrals in one quarter")["values"]
    assert said["load"]["value"] == 128
    assert (round(said["load_low"]["value"], 1), round(said["load_high"]["value"], 1)) == (87.5, 180.7)


@pytest.mark.parametrize(("fill", "each"), [(0.6, 374), (1.0, 224)])
def test_a_group_programme_costs_224_pounds_a_woman_only_when_full(fill, each):
    """£71,131 for 17 months and 224 places a year: £374 a woman at three fifths."""
    said = finding("leicestershire", "2018-20", "A group programme", fill=fill)["values"]
    assert (said["full"]["value"], said["places"]["value"]) == (224, 224)
    assert round(said["each"]["value"]) == each


def test_an_hour_of_support_is_the_printed_one_worked_out_from_a_years_cost():
    """£15.59 and £28.59: twelve of seventeen months over 52 weeks."""
    for row in table("leicestershire", "2018-20", "capacity.costs"):
        assert row["months"] == 17
        assert round(row["cost_an_hour"], 2) == row["hourly"]


def test_norfolk_is_told_first_that_nothing_is_counted_and_what_may_be_expected():
    """No count; 52 to 119 of 225 if survivors were like those counted elsewhere."""
    first = report("norfolk", "2022-23")["finding"][0]
    assert first["headline"]
    assert first["text"].startswith("**Norfolk publishes no count of mental-health need")
    said = finding("norfolk", "2022-23", "If survivors in Norfolk")["values"]
    assert said["people"]["value"] == 225
    assert (round(said["least"]["value"]), round(said["most"]["value"])) == (52, 119)


@pytest.mark.parametrize(
    ("area", "period", "count", "base", "share"),
    [
        ("norfolk", "2022-23", 1060, 3586, (29.6, 28.1, 31.1)),
        ("leicestershire", "2023-24", 527, 2486, (21.2, 19.6, 22.8)),
        ("nottinghamshire", "2021-24", 1421, 6668, (21.3, 20.3, 22.3)),
    ],
)
def test_households_with_a_need_are_added_up_over_complete_district_quarters(
    area, period, count, base, share
):
    """Count and base from the same districts and quarters."""
    said = finding(area, period, "households owed a homelessness duty in")["values"]
    assert (said["own_k"]["value"], said["own_n"]["value"]) == (count, base)
    assert rounded(said["own"]) == share


@pytest.mark.parametrize(
    ("area", "period", "low", "high"),
    [
        ("norfolk", "2022-23", 11.2, 53.0),
        ("leicestershire", "2018-20", 15.4, 53.0),
        ("leicestershire", "2023-24", 10.1, 53.0),
    ],
)
def test_definitions_in_use_lie_three_to_five_times_apart(area, period, low, high):
    """From priority need among homeless households to refuge clients of fourteen services."""
    said = finding(area, period, "Definitions in use")["values"]
    assert (round(100 * said["low"]["value"], 1), round(100 * said["high"]["value"], 1)) == (low, high)
    assert 3 < said["times"]["value"] < 5.5


def test_a_printed_percentage_without_a_base_has_no_interval():
    """42% of the joint support service stands alone; 53% of 1,016 has its interval."""
    (figure,) = [one for one in report("leicestershire", "2018-20")["figure"] if one["id"] == "prevalence"]
    names = [column["name"] for column in figure["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in figure["values"]]
    alone = next(row for row in rows if row["share"] == 0.42)
    assert alone["low"] is None
    assert alone["high"] is None
    insights = next(row for row in rows if row["share"] == 0.53)
    assert (round(insights["low"], 3), round(insights["high"], 3)) == (0.499, 0.560)


def test_nottinghamshires_one_therapist_is_beside_the_need_that_may_be_expected():
    """87 people a year on the assumptions named, against 73 to 167."""
    said = finding("nottinghamshire", "2021-24", "One full-time therapist")["values"]
    assert [round(said[name]["value"]) for name in ("courses", "least", "most")] == [87, 73, 167]


@pytest.mark.parametrize(("area", "period"), PAIRS)
def test_the_summary_is_short_and_repeats_what_findings_say(area, period):
    """Fewer than 120 words, with the two ends of what definitions in use give."""
    (summary,) = [one for one in report(area, period)["finding"] if one["summary"]]
    ends = finding(area, period, "Definitions in use")["values"]
    assert len(summary["text"].split()) < 120
    assert all(summary["values"][name]["value"] == ends[name]["value"] for name in ("low", "high"))


def test_the_queue_has_no_wait_below_the_posts_that_one_load_needs():
    """Leicestershire: 128 referrals a year, 12 weeks and 20 places a post: 1.47 posts' work."""
    report_ = report("leicestershire", "2023-24")
    (drawn,) = [one for one in report_["figure"] if one["id"] == "capacity.queue"]
    places = [column["name"] for column in drawn["columns"]].index("posts")
    waits = [column["name"] for column in drawn["columns"]].index("wait")
    assert min(row[places] for row in drawn["values"]) > 128 * 12 * 7 / 365.25 / 20
    falling = [row[waits] for row in drawn["values"]]
    assert falling == sorted(falling, reverse=True)


def test_no_number_stands_beside_self_harm_or_suicide():
    """They are named without counts."""
    for area, period in PAIRS:
        for some in report(area, period).values():
            for one in some:
                for words in (one.get("text", ""), one.get("why", "")):
                    if re.search(r"suicid|self-harm", words):
                        assert not re.search(r"\d", words)


def test_where_to_find_help_stands_under_the_heading_of_the_last_section():
    """Samaritans and the National Domestic Abuse Helpline, before anything else is said there."""
    content = json.loads((Layout.find().notebooks / "mental_health.ipynb").read_text("utf-8"))
    (cell,) = [one for one in content["cells"] if one["id"] == "gaps"]
    heading, _, first = "".join(cell["source"]).partition("\n\n")
    assert heading.startswith("## ")
    first = first.partition("\n\n")[0]
    assert "Samaritans: 116 123" in first
    assert "0808 2000 247" in first
