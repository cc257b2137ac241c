"""Declared relations: readings of one figure, chains that are mended, and formulas that are refused."""

from __future__ import annotations

import pytest
from audit_tables import figure, figures, relation, relations

from analysis.errors import DataRefused
from analysis.evidence.audit import audit
from analysis.evidence.audit_findings import book
from analysis.evidence.formulas import evaluate
from analysis.evidence.relation_findings import one_digit

GBP = {"unit": "gbp", "measure": "money"}


def money(**amounts: float) -> list[dict[str, object]]:
    """Return one row a named amount of money."""
    return [
        figure(name, value, category=name, quote=f"£{value:,.0f}", **GBP) for name, value in amounts.items()
    ]


CHAIN = relations(
    relation("carried", "chain", "carry", "equals", "[total1] - [spend1]"),
    relation("total", "chain", "total2", "equals", "[grant2] + [carry]"),
)


def test_a_chain_that_holds_agrees() -> None:
    """1,000 less 400 carries 600 forward, and 900 more makes 1,500."""
    table = figures(*money(total1=1000, spend1=400, carry=600, grant2=900, total2=1500))
    report = audit(table, CHAIN)
    assert report.findings == ()
    assert [item.kind for item in report.agreements] == ["chain", "chain"]


def test_a_broken_chain_is_mended_where_two_sums_ask_for_one_value() -> None:
    """A carry-forward of 600 printed as 6,100 breaks the sums on both sides, which both need 600."""
    table = figures(*money(total1=1000, spend1=400, carry=6100, grant2=900, total2=1500))
    (found,) = audit(table, CHAIN).findings
    assert (found.printed, found.recomputed, found.gap) == (6100, 600, 5500)
    assert found.figure_ids[0] == "carry"
    (mend,) = found.mends
    assert (mend.figure_id, mend.field, mend.corrected) == ("carry", "value", 600)


def test_one_broken_sum_alone_mends_nothing_but_shows_a_slip_of_one_digit() -> None:
    """With one equation nobody can say which figure is wrong; a single digit is a hint."""
    table = figures(*money(total1=1000, spend1=400, carry=680, grant2=900, total2=1580))
    (found,) = audit(table, CHAIN).findings
    assert found.mends == ()
    assert "one digit would mend it" in found.reading


@pytest.mark.parametrize(
    ("printed", "needed", "slip"),
    [
        (680, 600, True),
        (7100, 600, False),
        (6000, 600, True),
        (1234, 1243, True),
        (1234, 4321, False),
        (12, 13, False),
    ],
)
def test_slips_of_one_digit(printed: float, needed: float, slip: bool) -> None:
    """A digit changed, doubled or exchanged with its neighbour is one slip; short numbers prove nothing."""
    assert one_digit(printed, needed) is slip


def test_the_reading_that_fits_is_the_one_reported() -> None:
    """A cost per place that recomputes only for a year is read as a year's, and mended so."""
    table = figures(*money(cost=210661, per=16522), figure("beds", 9, measure="beds"))
    declared = relations(
        relation("r", "time_basis", "per", "equals", "[cost] / [beds]"),
        relation("r", "time_basis", "per", "equals", "[cost] / [beds] * 12 / 17", mend="unit=gbp_per_year"),
    )
    (found,) = audit(table, declared).findings
    assert (found.kind, found.recomputed) == ("time_basis", 23406.7778)
    assert "£16,522.43" in found.reading
    assert [(mend.field, mend.corrected) for mend in found.mends] == [("unit", "gbp_per_year")]


def test_a_reading_that_does_not_fit_either_mends_nothing() -> None:
    """If no reading reproduces what is printed, the finding says so and corrects nothing."""
    table = figures(*money(cost=210661, per=12000), figure("beds", 9, measure="beds"))
    declared = relations(
        relation("r", "time_basis", "per", "equals", "[cost] / [beds]"),
        relation("r", "time_basis", "per", "equals", "[cost] / [beds] * 12 / 17", mend="unit=gbp_per_year"),
    )
    (found,) = audit(table, declared).findings
    assert found.mends == ()
    assert "no printed figure settles" in found.reading


STANDARDS = [
    figure("people", 916200, measure="population"),
    figure("need", 92, measure="need"),
    figure("loose", 100000, measure="standard", unit="ratio", section="1"),
    figure("strict", 10000, measure="standard", unit="ratio", section="2"),
]
SWAP = relations(
    relation("need", "ten_fold", "need", "equals", "ceil([people] / [loose])"),
    relation("need", "ten_fold", "need", "equals", "ceil([people] / [strict])", mend="swap"),
)


def test_a_swap_mends_the_figure_that_another_must_stand_in_for() -> None:
    """One per 100,000 gives 10 places; one per 10,000 gives the 92 printed."""
    report = audit(figures(*STANDARDS), SWAP)
    (found,) = [item for item in report.findings if item.mends]
    assert (found.printed, found.recomputed) == (100000, 10000)
    assert [(mend.figure_id, mend.corrected) for mend in found.mends] == [("loose", 10000)]


def test_a_swap_is_not_clear_if_two_printed_values_fit() -> None:
    """One per 10,010 gives 92 places as well, so nothing is mended."""
    other = figure("other", 10010, measure="standard", unit="ratio", section="3")
    report = audit(figures(*STANDARDS, other), SWAP)
    assert all(not item.mends for item in report.findings)


def test_at_most_and_at_least_have_two_sides() -> None:
    """Counts to date must reach one quarter's; a plan may not exceed its places."""
    table = figures(figure("to_date", 11), figure("quarter", 21, measure="referrals"))
    low = relations(relation("r", "to_date_below_quarter", "to_date", "at_least", "[quarter]"))
    high = relations(relation("r", "plan", "to_date", "at_most", "[quarter]"))
    assert [item.gap for item in audit(table, low).findings] == [-10]
    assert audit(table, high).findings == ()


@pytest.mark.parametrize(
    ("qualifier", "tolerance", "value", "agrees"),
    [
        ("", "", 792, False),
        ("over", "", 792, True),
        ("over", "", 784, False),
        ("up to", "", 784, True),
        ("around", "", 784, True),
        ("", "2", 792, True),
        ("", "1%", 784, True),
        ("over", "", 900, False),
    ],
)
def test_words_around_a_number_widen_it(qualifier: str, tolerance: str, value: float, agrees: bool) -> None:
    """'Over 790' may be 792 and not 784; a tolerance in the table comes first."""
    table = figures(
        figure("children", 790, qualifier=qualifier, quote="790"), figure("sum", value, measure="sum")
    )
    declared = relations(relation("r", "base", "children", "equals", "[sum]", tolerance=tolerance))
    assert (audit(table, declared).findings == ()) is agrees


def test_a_result_that_is_not_printed_is_reported_without_a_gap() -> None:
    """A closing balance follows from the total and the spend."""
    table = figures(*money(total=3366211, spend=1900000))
    declared = relations(relation("r", "unstated", "", "unstated", "[total] - [spend]"))
    (found,) = audit(table, declared).findings
    assert (found.printed, found.recomputed, found.gap) == (None, 1466211, None)


def test_a_selector_checks_every_figure_it_finds() -> None:
    """Referrals counted for a post that nobody holds are found post by post."""
    rows = [
        figure(f"{post}-{measure}", value, measure=measure, breakdown="role", category=post)
        for post, staff, referrals in (("a", 0, 96), ("b", 1, 32), ("c", 0, 0))
        for measure, value in (("staff", staff), ("referrals", referrals))
    ]
    lone = figure("d-staff", 0, measure="staff", breakdown="role", category="d")
    formula = "min([measure=referrals & breakdown=* & category=*], 1)"
    report = audit(
        figures(*rows, lone), relations(relation("v", "vacant_post", "measure=staff", "at_least", formula))
    )
    assert [item.figure_ids for item in report.findings] == [("a-staff", "a-referrals")]
    assert len(report.agreements) == 2


def test_a_year_under_two_labels_is_found() -> None:
    """Year 3 of a plan whose Year 1 is 2022-23 begins in 2024, not in 2023."""
    table = figures(
        figure("done", 30, period="2022-23"),
        figure("text", 15, period="2023-24"),
        figure("plan", 15, period="Year 3 (as published)"),
    )
    formula = "year[done] - 1 + yearno[plan]"
    declared = relations(relation("r", "period", "text", "year_equals", formula))
    (found,) = audit(table, declared).findings
    assert (found.printed, found.recomputed) == (2023, 2024)


def test_a_relation_on_a_figure_that_is_not_there_is_said_to_be_unchecked() -> None:
    """A misspelt id is not passed over in silence."""
    report = audit(figures(figure("a", 1)), relations(relation("r", "total", "a", "equals", "[b]")))
    assert [item.statement for item in report.unchecked] == ["Relation r needs b, which is not printed."]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "totle"}, 'unknown kind "totle". Did you mean "total"?'),
        ({"test": "equal"}, 'unknown test "equal". Did you mean "equals"?'),
        ({"formula": "[a] ** 2"}, "not arithmetic"),
        ({"formula": "[a] +"}, "not arithmetic"),
        ({"formula": "__import__('os')"}, "not arithmetic"),
        ({"formula": "[measure=people_supported]"}, "finds 2 figures"),
        ({"formula": "[colour=red]"}, 'no column "colour"'),
        ({"formula": "year[a] + yearno[a]"}, "not a numbered year"),
        ({"tolerance": "some"}, '"some" is not a tolerance'),
        ({"formula": "[b] + 5", "reading": "{nonsense}"}, "unknown place"),
    ],
)
def test_a_relation_that_cannot_be_understood_is_refused(change: dict[str, str], message: str) -> None:
    """The message names what is wrong with the row."""
    row = relation("r", "total", "a", "equals", "[b]") | change
    with pytest.raises(DataRefused, match=message.replace("?", r"\?")):
        audit(figures(figure("a", 1), figure("b", 1, section="2")), relations(row))


def test_an_unknown_column_of_relations_is_refused() -> None:
    """A column nobody reads would be a promise nobody keeps."""
    with pytest.raises(DataRefused, match="unknown column"):
        audit(figures(figure("a", 1)), relations().assign(colour=""))


def test_a_formula_reads_with_the_printed_numbers() -> None:
    """The working can be followed without looking up an id."""
    table = book(figures(*money(total=3366211, spend=1900000)))
    result = evaluate("[total] - [spend]", table)
    assert (result.value, result.text) == (1466211, "£3,366,211 − £1,900,000")
    assert evaluate("sum[measure=money & category!=total] / 2", table).value == 950000
