"""What a report may add up of released tables, and in which order it may set their groups."""

from __future__ import annotations

import pytest

from analysis.gate.scan_order import explained, under_one_another
from analysis.gate.scan_released import told

SEXES, ANSWERS = ("Men", "Others"), ("Yes", "No", "Not asked")
COUNTS = {"Men": (14, 23, 31), "Others": (57, 109, 40)}
NEED = "report.people.need"


def base(hidden: frozenset[tuple[str, str]] = frozenset()) -> dict:
    """Return what was told of a table of answers by sex, and of one of districts beside it."""
    both = {(sex, answer): n for sex in SEXES for answer, n in zip(ANSWERS, COUNTS[sex], strict=True)}
    cells = [
        [[["answer", answer], ["sex", sex]], None if (sex, answer) in hidden else count]
        for (sex, answer), count in both.items()
    ]
    cells += [[[["sex", sex]], sum(COUNTS[sex])] for sex in SEXES]
    cells += [[[["district", "Norwich"]], 91], [[["district", "Elsewhere"]], 183]]
    dimensions = {
        "sex": {"leaves": list(SEXES), "groups": {}},
        "answer": {"leaves": list(ANSWERS), "groups": {}},
        "district": {"leaves": ["Norwich", "Elsewhere"], "groups": {}},
    }
    levels = {"sex": [*SEXES, "All"], "answer": [*ANSWERS, "All"]}
    own = {"name": NEED, "dimensions": ["sex", "answer"], "where": [], "levels": levels}
    other = {"name": "report.people.place", "dimensions": ["district"], "where": [], "levels": {}}
    return {"tables": [own, other], "dimensions": dimensions, "cells": cells}


def test_those_whose_answer_is_known_and_those_who_got_so_far_are_told() -> None:
    """Sums from one end of a line of released cells; sums from its middle, or of two lines, are not."""
    found = told(base(), [NEED])
    assert {14, 23, 31, 57, 109, 40} <= found
    assert {14 + 23, 57 + 109, 23 + 31, 109 + 40, 14 + 57} <= found
    assert not {14 + 31, 57 + 40, 14 + 109} & found


def test_no_sum_runs_over_a_hidden_cell() -> None:
    """It would give the cell away; sums that stop short of it stay."""
    found = told(base(frozenset({("Men", "No")})), [NEED])
    assert not {23, 14 + 23, 23 + 31, 23 + 109} & found
    assert {57 + 109, 14 + 57, 31 + 40} <= found


def test_cells_of_other_objects_are_not_told() -> None:
    """A number that happens to be one of another table's is no reason to show it here."""
    assert not {91, 183} & told(base(), [NEED])
    assert {91, 183, 274} <= told(base(), ["report.people.place"])


def test_a_cell_that_cannot_be_adds_nobody() -> None:
    """Combinations declared impossible are absent."""
    body = base()
    body["cells"] = [cell for cell in body["cells"] if cell[0] != [["answer", "Not asked"], ["sex", "Men"]]]
    assert {14 + 23, 23} <= told(body, [NEED])


def table(name: str, axis: str, *nodes: str) -> dict:
    return {"name": name, "dimensions": [axis, "outcome"], "where": [], "levels": {axis: [*nodes, "All"]}}


TABLES = [
    table("r.referrals.by_ethnicity", "ethnicity", "Others", "White", "Unknown, of any kind"),
    table("r.referrals.by_disability", "disability", "Yes", "No", "Unknown, of any kind"),
    table("r.referrals.each, no_recourse", "no_recourse", "Without", "With"),
    table("r.referrals.each, disability", "disability", "Yes", "No"),
    table("r.referrals.each, ethnicity", "ethnicity", "Others", "White"),
]
BY = {"r.referrals.each": ("disability", "no_recourse", "ethnicity")}
ONE_AFTER_THE_OTHER = ["r.referrals.by_disability", "r.referrals.by_ethnicity"]
STACKED = ["Yes", "No", "Disability: unknown", "Others", "White", "Race: unknown"]
NAMED = [
    *("Disability: Yes", "Disability: No", "No recourse: Without", "No recourse: With"),
    *("Ethnicity: Others", "Ethnicity: White"),
]


def test_groups_of_several_tables_stand_in_the_order_of_the_tables() -> None:
    orders = list(under_one_another(TABLES, ONE_AFTER_THE_OTHER, BY))
    assert explained(STACKED, orders)
    assert explained([STACKED[0], *STACKED[3:]], orders)
    assert explained(NAMED, list(under_one_another(TABLES, ["r.referrals.each"], BY)))


@pytest.mark.parametrize("one", range(4))
def test_any_two_groups_exchanged_are_an_order_without_a_reason(one: int) -> None:
    """Sorted by a hidden number they would stand so."""
    stacked, named = list(STACKED), list(NAMED)
    stacked[one], stacked[one + 1] = stacked[one + 1], stacked[one]
    named[one], named[one + 1] = named[one + 1], named[one]
    assert not explained(stacked, list(under_one_another(TABLES, ONE_AFTER_THE_OTHER, BY)))
    assert not explained(named, list(under_one_another(TABLES, ["r.referrals.each"], BY)))


def test_combinations_stand_in_the_order_of_their_categories() -> None:
    """The last characteristic changes first; any other order is one without a reason."""
    levels = {"age": ["Young", "Old", "All"], "need": ["Yes", "No", "All"]}
    tables = [
        {"name": "r.people.both", "dimensions": ["age", "need", "outcome"], "where": [], "levels": levels}
    ]
    orders = list(under_one_another(tables, ["r.people.both"], {"r.people.both": ("age", "need")}))
    combined = ["Young × Yes", "Young × No", "Old × Yes", "Old × No"]
    assert explained(combined, orders)
    assert not explained([combined[2], *combined[:2], combined[3]], orders)


def test_the_tables_exchanged_are_an_order_without_a_reason() -> None:
    orders = list(under_one_another(TABLES, ONE_AFTER_THE_OTHER, BY))
    assert not explained([*STACKED[3:], *STACKED[:3]], orders)
