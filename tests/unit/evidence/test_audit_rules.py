"""General rules of the audit: each fires on a small table, and stays silent on one that adds up."""

from __future__ import annotations

import pytest
from audit_tables import figure, figures, percent, relation, relations

from analysis.errors import DataRefused
from analysis.evidence.audit import AuditReport, audit

ALL = figure("all", 225)


def kinds(report: AuditReport) -> list[str]:
    """Return the kinds of the findings."""
    return [item.kind for item in report.findings]


def agreeing(report: AuditReport, kind: str) -> list[str]:
    """Return what a kind of check saw agree."""
    return [item.statement for item in report.agreements if item.kind == kind]


def test_an_impossible_share_is_found_with_the_nearest_possible_one() -> None:
    """36.9 % of 189 is no whole number of people: 70 of 189 is 37.04 %."""
    report = audit(
        figures(figure("referrals", 189, measure="referrals"), percent("share", 36.9, "referrals"))
    )
    (found,) = report.findings
    assert found.kind == "impossible_share"
    assert (found.printed, found.recomputed, found.gap) == (36.9, 37.037, -0.137)
    assert "no other base stated in the document can" in found.reading
    assert not found.mends


def test_a_base_with_a_printed_count_of_the_same_thing_mends_an_impossible_share() -> None:
    """83 from elsewhere, of 225, prints as 36.9 %, so 225 is the base and not 189."""
    table = figures(
        ALL,
        figure("referrals", 189, measure="referrals"),
        figure("elsewhere", 83, breakdown="from", category="out-of-county", of="all"),
        percent("share", 36.9, "referrals", measure="out_of_county_share"),
        percent("again", 36.9, "referrals", measure="out_of_county_share", section="Summary", repeat=True),
    )
    (found,) = audit(table).findings
    assert "83 of 225" in found.reading
    assert {(mend.figure_id, mend.corrected) for mend in found.mends} == {("share", "all"), ("again", "all")}


def test_a_count_that_shares_no_word_does_not_mend_a_share() -> None:
    """A base is taken for certain only with a printed count of the same thing."""
    table = figures(
        ALL,
        figure("referrals", 189, measure="referrals"),
        figure("pets", 83, breakdown="pets", category="with-a-pet", of="all"),
        percent("share", 36.9, "referrals", measure="out_of_county_share"),
    )
    (found,) = audit(table).findings
    assert "225 can" in found.reading
    assert not found.mends


def test_a_possible_share_on_a_small_base_names_its_whole_numbers() -> None:
    """22.6 % of 84 can only be 19."""
    report = audit(figures(figure("places", 84), percent("share", 22.6, "places")))
    assert report.findings == ()
    assert agreeing(report, "impossible_share") == [
        "People supported (Anyshire, 2024-25): 22.6% of 84 can only be 19."
    ]


def test_a_base_too_large_for_the_test_is_said_to_be_unchecked() -> None:
    """Any whole percentage of 630 is possible, so passing says nothing."""
    report = audit(figures(figure("victims", 630), percent("rate", 78, "victims")))
    assert report.findings == ()
    assert [item.kind for item in report.unchecked] == ["impossible_share"]


def test_a_share_rounded_to_the_nearest_half_is_recognised() -> None:
    """2 of 150 printed as 1.5 % is rounded to the nearest half."""
    count = {"measure": "destination", "breakdown": "destination", "category": "supported"}
    share = {**count, "measure": "destination_share"}
    report = audit(
        figures(figure("left", 150), figure("n", 2, of="left", **count), percent("p", 1.5, "left", **share))
    )
    (found,) = report.findings
    assert (found.kind, found.recomputed) == ("impossible_share", 1.3333)
    assert "nearest half" in found.reading


@pytest.mark.parametrize(("printed", "expected"), [(38.7, []), (38.0, ["share"])])
def test_a_share_is_compared_with_the_count_beside_it(printed: float, expected: list[str]) -> None:
    """58 of 150 is 38.7 %; 38.0 % is possible out of 150 but is 57."""
    column = {"breakdown": "destination", "category": "social"}
    row = percent("p", printed, "left", measure="destination_share", **column)
    row["quote"] = f"58 ({printed}%)"
    table = figures(figure("left", 150), figure("n", 58, of="left", measure="destination", **column), row)
    assert kinds(audit(table)) == expected


@pytest.mark.parametrize(
    ("parts", "found", "agreed", "left"),
    [
        ((200, 25), 0, 1, 0),
        ((200, 17), 1, 0, 0),
        ((200, 30), 1, 0, 0),
        ((20, 17), 0, 0, 1),
    ],
    ids=["adds up", "a few missing", "too many", "not meant to add up"],
)
def test_parts_are_added_up(parts: tuple[int, int], found: int, agreed: int, left: int) -> None:
    """Categories that nearly or more than make up their base must make it up; a mere list need not."""
    rows = [figure(f"p{n}", n, breakdown="age_band", category=str(n), of="all") for n in parts]
    report = audit(figures(ALL, *rows))
    assert kinds(report) == ["total"] * found
    assert len(agreeing(report, "total")) == agreed
    assert len([item for item in report.unchecked if item.kind == "total"]) == left


def test_categories_declared_to_overlap_are_not_added() -> None:
    """Characteristics of the same person may be more than one."""
    rows = [figure(f"c{n}", n, breakdown="characteristic", category=str(n), of="all") for n in (200, 100)]
    declared = relations(relation("overlap", "overlapping", "breakdown=characteristic", "overlap", ""))
    assert kinds(audit(figures(ALL, *rows))) == ["total"]
    assert audit(figures(ALL, *rows), declared).findings == ()


def test_a_part_above_its_whole_is_found() -> None:
    """More people than the base has is another base."""
    report = audit(figures(ALL, figure("part", 226, breakdown="sex", category="women", of="all")))
    (found,) = report.findings
    assert (found.kind, found.printed, found.recomputed) == ("part_above_whole", 226, 225)


@pytest.mark.parametrize(("measure", "expected"), [("x_share", ["part_above_whole"]), ("x_change", [])])
def test_only_a_change_may_be_above_a_hundred_percent(measure: str, expected: list[str]) -> None:
    """A share of 120 % is impossible; an increase of 120 % is not."""
    assert kinds(audit(figures(figure("p", 120, unit="percent", measure=measure)))) == expected


def test_shares_of_one_breakdown_may_not_exceed_the_whole() -> None:
    """60 % and 50 % of the same people cannot both be."""
    base = figure("all", 1000)
    rows = [percent(f"p{n}", n, "all", breakdown="sex", category=str(n)) for n in (60.0, 50.0)]
    assert kinds(audit(figures(base, *rows))) == ["total"]


def test_one_thing_printed_twice_with_two_values_is_found() -> None:
    """84 in the text and 94 in the appendix cannot both be."""
    table = figures(figure("text", 84), figure("appendix", 94, section="Appendix"))
    (found,) = audit(table).findings
    assert (found.kind, found.gap) == ("printed_twice", -10)
    assert "Appendix" in found.reading


def test_one_number_rounded_twice_agrees() -> None:
    """28 and 27.8 are one number printed with different decimals."""
    rounded = figure("a", 28, unit="percent", quote="28%")
    exact = figure("b", 27.8, unit="percent", quote="27.8%")
    report = audit(figures(rounded, exact))
    assert report.findings == ()
    assert "rounded twice" in agreeing(report, "printed_twice")[0]


def test_a_different_grouping_is_explained_and_not_shouted() -> None:
    """51 other in the text are 15 other and 36 'all other' in the appendix."""
    columns = {"measure": "destination", "breakdown": "destination"}
    table = figures(
        figure("text", 51, category="other", **columns),
        figure("appendix", 15, category="other", section="Appendix", **columns),
        figure("rest", 36, category="all-other", section="Appendix", **columns),
    )
    regrouped = relations(relation("r", "printed_twice", "text", "equals", "[appendix] + [rest]"))
    assert kinds(audit(table)) == ["printed_twice"]
    assert audit(table, regrouped).findings == ()


def test_a_standard_ten_fold_apart_is_found_and_other_ratios_are_not() -> None:
    """One place per 10,000 and per 100,000 is a slip; 7,500 and 10,000 is a range."""
    columns = {"measure": "people_per_place", "unit": "ratio"}
    slip = figures(figure("a", 10000, section="1", **columns), figure("b", 100000, section="2", **columns))
    choice = figures(
        figure("a", 7500, breakdown="bound", category="lower", **columns),
        figure("b", 10000, breakdown="bound", category="upper", **columns),
    )
    assert "ten_fold" in kinds(audit(slip))
    assert kinds(audit(choice)) == []


@pytest.mark.parametrize(("low", "high", "expected"), [(15, 20, []), (20, 15, ["bounds"])])
def test_the_ends_of_a_range_are_in_order(low: int, high: int, expected: list[str]) -> None:
    """A range that runs downwards has its ends swapped."""
    ends = [figure(end, n, breakdown="bound", category=end) for end, n in (("lower", low), ("upper", high))]
    assert kinds(audit(figures(*ends))) == expected


@pytest.mark.parametrize(("quote", "expected"), [("£1,0224", ["malformed_number"]), ("£10,224", [])])
def test_a_numeral_grouped_as_none_is_found(quote: str, expected: list[str]) -> None:
    """£1,0224 groups four digits."""
    assert kinds(audit(figures(figure("money", 10224, unit="gbp", quote=quote)))) == expected


def test_a_share_without_a_base_is_listed_with_the_smallest_that_can_print_it() -> None:
    """16.25 % needs 80 people or more."""
    report = audit(figures(figure("p", 16.25, unit="percent", quote="16.25%")))
    assert report.findings == ()
    (left,) = report.unchecked
    assert left.kind == "base_not_stated"
    assert "a base of 80 is the smallest" in left.statement


def test_an_id_used_twice_is_refused() -> None:
    """Two figures with one id cannot be told apart."""
    with pytest.raises(DataRefused, match="used twice"):
        audit(figures(figure("a", 1), figure("a", 2)))


def test_a_base_that_is_not_there_is_refused() -> None:
    """A stated base must be a figure of the table."""
    with pytest.raises(DataRefused, match='its base "nobody" is not in the table'):
        audit(figures(figure("a", 1, of="nobody")))
