"""What the report on protected characteristics says of each authority, read from its own outputs."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from outputs_of import Shown, shown

report = partial(shown, "protected_characteristics")
CASES = [
    ("norfolk", "2022-23", {}),
    ("norfolk", "2022-23", {"scope": "women"}),
    ("leicestershire", "2018-20", {}),
    ("leicestershire", "2023-24", {}),
    ("leicestershire", "2023-24", {"scope": "women"}),
    ("nottinghamshire", "2021-24", {}),
    ("rutland", "2023-24", {}),
    ("norfolk", "2019-20", {"scope": "women"}),
]
SECTIONS = {
    "completeness",
    "representation",
    "access",
    "refusal_reasons",
    "suitability",
    "stays",
    "intersections",
    "missing",
    "duty",
}


def row(made: Shown, kind: str, key: str, label: str) -> dict[str, Any]:
    """Return the computed values of one row of a table or figure by the words that head it."""
    one = next(entry for entry in made[kind] if entry["id"] == key)
    names = [column["name"] for column in one["columns"]]
    return next(dict(zip(names, values, strict=True)) for values in one["values"] if values[0] == label)


def headlines(made: Shown) -> str:
    """Return the first screen as text."""
    return "\n".join(
        f"{said['text']} {said['uncertainty']} {said['meaning']}"
        for said in made["finding"]
        if said["headline"]
    )


@pytest.mark.parametrize(("area", "period", "given"), CASES)
def test_every_report_is_whole(area, period, given):
    """Each has three to five headlines, every section, three figures or more, and no number that is none."""
    made = report(area, period, **given)
    assert 3 <= sum(said["headline"] for said in made["finding"]) <= 5
    assert {entry["section"] for kind in made for entry in made[kind]} >= SECTIONS
    assert 3 <= len(made["figure"]) <= 8
    words = " ".join([headlines(made), *(drawn["alt"] for drawn in made["figure"])])
    assert "nan" not in words.split()


@pytest.mark.parametrize(("area", "period", "given"), CASES)
def test_no_headline_is_a_count_of_a_few_people(area, period, given):
    """A count of one to nine people stands in the full tables alone."""
    said = [one["values"] for one in report(area, period, **given)["finding"] if one["headline"]]
    people = [values["k"]["value"] for values in said if "k" in values]
    assert all(count == 0 or count >= 10 for count in people)


def test_norfolk_completeness():
    """Ethnicity is known for 225 of 225, age for 223; disability is counted for those who have it alone."""
    made = report("norfolk", "2022-23")
    known = partial(row, made, "table", "completeness.act")
    assert known("Race")["completeness"] == "100.0% (98.4% to 100.0%), 225 of 225"
    assert known("Age")["completeness"] == "99.1% (96.8% to 99.8%), 223 of 225"
    assert known("Disability")["printed_of"] == "only those who have it"
    assert known("Disability")["completeness"] == "not published"
    assert known("Religion or belief")["printed_of"] == "nothing"
    more = partial(row, made, "table", "completeness.others")
    assert more("Financial status")["completeness"].endswith("217 of 225")
    assert more("Where they lived when referred")["completeness"].endswith("223 of 225")
    assert "**3 of 9 protected characteristics**" in headlines(made)


def test_norfolk_beside_residents():
    """White British 77.3% beside 88.9%, Other White twice its share, disability no clear difference."""
    made = report("norfolk", "2022-23")
    groups = partial(row, made, "table", "representation.groups")
    british, disabled = groups("White British"), groups("Disabled")
    assert british["count"] == 174
    assert british["share"] == pytest.approx(174 / 225)
    assert british["reference"] == pytest.approx(814728 / 916126)
    assert (british["finding"], disabled["finding"]) == ("less often", "no clear difference")
    assert disabled["ratio"] == pytest.approx((53 / 225) / (184286 / 916142))
    assert groups("White, other than British")["count"] == 26
    assert groups("Asian, Black, Mixed and other groups together")["count"] == 25
    white = row(made, "table", "representation.detail", "White: other")
    assert white["ratio"] == pytest.approx(2.02, abs=0.005)


def test_norfolk_prints_no_mixed_category():
    """What is not printed is unknown, never zero."""
    mixed = row(report("norfolk", "2022-23"), "table", "representation.groups", "Mixed")
    assert mixed["count"] is None
    assert mixed["finding"] == "not published"
    assert mixed["reference"] == pytest.approx(15081 / 916126)


def test_groups_of_a_few_are_not_drawn():
    """The forest leaves out groups of one to nine people, and keeps those that are not published."""
    drawn = next(
        one for one in report("norfolk", "2022-23")["figure"] if one["id"] == "representation.ratios"
    )
    counts = [values[1] for values in drawn["values"]]
    assert None in counts
    assert all(count is None or count >= 10 for count in counts)


def test_scope_changes_the_denominators():
    """Women are set beside women of the area and of the survey; everyone beside everyone."""
    everyone, women = headlines(report("norfolk", "2022-23")), report("norfolk", "2022-23", scope="women")
    assert "about **41% of people abused**" in everyone
    assert "about **40% of women abused**" in headlines(women)
    assert "**2 of 8 protected characteristics**" in headlines(women)
    said = " ".join(one["text"] for one in women["finding"])
    assert "225 women were supported: 8.2 per 10,000 women aged 16 to 64 living in Norfolk" in said
    said = " ".join(one["text"] for one in report("norfolk", "2022-23")["finding"])
    assert "225 adults were supported: 4.1 per 10,000 people aged 16 to 64" in said


def test_norfolk_refusals_are_not_split():
    """27 of 189 were declined or refused; of disabled people's referrals anything from 0% to 60% could be."""
    said = headlines(report("norfolk", "2022-23"))
    assert "**27 of 189 referrals**" in said
    assert "0% to 60% of theirs could have failed" in said


def test_norfolk_overlaps_are_bounded():
    """53, 51, 17, 5 and 3 may be of the same people: from 53 to 129 of 225 have at least one."""
    made = report("norfolk", "2022-23")
    assert "Between **53 and 129 of 225 people supported** have at least one of 5" in headlines(made)
    spans = row(made, "figure", "intersections", "Disabled, and ethnic groups other than White British")
    assert (spans["low"], spans["high"]) == (0, pytest.approx(51 / 225))


def test_norfolk_findings_that_no_unknown_overturns():
    """Ethnic differences stand; the share of disabled people has a floor of 23.6% and no ceiling."""
    made = report("norfolk", "2022-23")
    bounds = partial(row, made, "table", "missing")
    assert bounds("White British")["verdict"] == "less often, whoever the unknown are"
    assert bounds("Disabled")["verdict"] == "could go either way"
    assert (bounds("Disabled")["unknown"], bounds("Disabled")["bound_high"]) == (172, 1)
    assert (bounds("On Universal Credit")["unknown"], bounds("Aged 16 to 25")["unknown"]) == (8, 2)
    assert bounds("On Universal Credit")["bound_low"] == pytest.approx(161 / 225)


def test_leicestershire_s_empty_post():
    """96 of the quarter's 406 referrals were to one adviser, with nobody in post."""
    said = headlines(report("leicestershire", "2023-24"))
    assert "**96 of 406 referrals**" in said
    assert "Staff in that post: **0**" in said
    assert "23.6% of referrals to all commissioned posts: between 19 and 28 in every 100" in said
    services = partial(row, report("leicestershire", "2023-24"), "table", "representation.services")
    assert services("Black, Asian and minority ethnic survivors supported")["number"] == 273
    assert services("Gypsy, Roma and Traveller survivors supported")["number"] == 11
    assert services("Referrals to the Gypsy, Roma and Traveller worker")["number"] == 21
    assert services("Referrals to the LGBT service")["number"] == 13


def test_leicestershire_2018_says_what_it_cannot():
    """84 turned away without a base, none of 31 units specialist, and a comparison without group sizes."""
    made = report("leicestershire", "2018-20")
    assert "**84 people were turned away**" in headlines(made)
    assert "**0 of 31 commissioned refuge units**" in headlines(made)
    assert "12 of 21 additional units planned" in headlines(made)
    drawn = row(made, "figure", "access.disability", "Struggling financially: Disabled")
    assert drawn["share"] == pytest.approx(0.38)
    assert drawn["low"] is None
    costs = partial(row, made, "table", "suitability.language")
    assert (
        costs("A year of interpreting in the earlier project, which its costing left out")["number"] == 14000
    )
    assert costs("Interpreters in the later project's budget, for its whole life")["number"] == 20009


def test_nottinghamshire_has_denominators_alone():
    """Without one count by characteristic the residents are shown, and nothing is set beside them."""
    made = report("nottinghamshire", "2021-24")
    assert "**0 of 9 protected characteristics**" in headlines(made)
    assert "Their share of those supported is **not published**" in headlines(made)
    residents = row(made, "table", "representation.groups", "Disabled")
    assert residents["reference"] == pytest.approx(162720 / 824797)
    assert "representation.ratios" in [one["id"] for one in made["absence"]]


def test_every_question_of_the_group_is_listed():
    """The last table holds all 41 questions on protected characteristics and the others that name it."""
    table = next(one for one in report("norfolk", "2022-23")["table"] if one["id"] == "duty.questions")
    refs = {values[0] for values in table["values"]}
    assert refs >= {f"P{number}" for number in range(1, 42)}
