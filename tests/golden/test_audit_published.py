"""Known contradictions of the published figures, each with what follows from the figures around it."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.evidence.audit import AuditReport, corrections, report_for
from analysis.evidence.audit_findings import Finding
from analysis.evidence.published import Evidence, load

NO_CORRECTIONS = pd.DataFrame(columns=["figure_id", "field", "printed", "corrected", "footnote"])


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """Return the published figures exactly as printed."""
    return load(corrections=NO_CORRECTIONS)


@pytest.fixture(scope="module")
def report(evidence: Evidence) -> AuditReport:
    """Audit every published figure."""
    return report_for(evidence)


def found(report: AuditReport, kind: str, figure_id: str) -> Finding:
    """Return the one finding of a kind whose first figure is this."""
    (only,) = [item for item in report.findings if item.kind == kind and item.figure_ids[0] == figure_id]
    return only


CONTRADICTIONS = [
    ("chain", "norfolk-carry-forward-2022-23", 10224400, 1002400),
    ("ten_fold", "norfolk-na2021-coe-population-per-bedspace", 100000, 10000),
    ("ten_fold", "norfolk-highlights-coe-population-per-bedspace", 100000, 10000),
    ("impossible_share", "norfolk-out-of-county-share", 36.9, 37.037),
    ("impossible_share", "norfolk-disability-share-referrals", 23.6, 23.8095),
    ("impossible_share", "norfolk-text-destination-supported-housing-percent", 1.5, 1.3333),
    ("impossible_share", "norfolk-text-destination-not-recorded-percent", 2.5, 2.6667),
    ("change", "norfolk-out-of-county-share-change", 9.1, 8.9),
    ("change", "norfolk-na2021-demand-over-supply", 50, 100),
    ("part_above_whole", "norfolk-na2021-refuge-referrals-per-week", 26, 21.2308),
    ("printed_twice", "norfolk-new-referrals", 189, 1104),
    ("printed_twice", "norfolk-noda-additional-bedspaces-needed", 74, 8),
    ("base", "norfolk-age-26-64-percent", 75, 75.7848),
    ("product", "norfolk-action2-cost", 270000, 330000),
    ("period", "norfolk-next-additional-bedspaces-lower", 2023, 2024),
    ("period", "norfolk-action2-bedspaces-delivered", 2022, 2023),
    ("to_date_below_quarter", "leics-board-gate-supported", 11, 21),
    ("to_date_below_quarter", "leics-board-lwa-outreach-adults-supported", 68, 133),
    ("vacant_post", "leics-board-q1-in-post-freeva-bame-advisor", 0, 1),
    ("vacant_post", "leics-board-q1-in-post-lwa-yp-idva", 0, 1),
    ("period", "leics-board-contract-duration-children-support-jada-plus", 1, 1.3333),
    ("time_basis", "hope-element-wall-cost-per-bedspace", 16522, 23406.7778),
    ("time_basis", "hope-element-panahghar-cost-per-bedspace", 12635, 17898.8333),
    ("time_basis", "hope-element-total-cost-per-bedspace", 14300, 42017.7619),
    ("time_basis", "hope-element-emp-cost-per-programme", 1793, 2540.3929),
    ("time_basis", "hope-element-emp-cost-per-woman", 224, 317.5491),
    ("time_basis", "hope-element-substance-misuse-hourly", 22.35, 31.6616),
    ("time_basis", "hope-element-psychologist-hourly", 28.59, 40.4964),
    ("time_basis", "hope-profile-first-column-academic-evaluation", 7500, 7291.6667),
    ("period", "hope-profile-first-column-total", 259668, 882373),
    ("total", "hope-refuge-bedspaces-commissioned", 19, 31),
    ("product", "hope-victims-to-be-supported", 540, 491.4),
    ("base", "hope-children-to-be-supported", 790, 784.08),
    ("base", "hope-cost-per-person", 662, 663.4383),
    ("base", "hope-cost-per-person-with-unborn", 637, 637.5527),
    ("part_above_whole", "hope-uava-children", 959, 1242.12),
    ("plan", "hope-additional-refuge-units", 21, 0),
]


@pytest.mark.parametrize(("kind", "figure_id", "printed", "recomputed"), CONTRADICTIONS)
def test_a_known_contradiction_is_found(
    report: AuditReport, kind: str, figure_id: str, printed: float, recomputed: float
) -> None:
    """The figure is found under its kind, with what is printed, what follows, and by how much they differ."""
    item = found(report, kind, figure_id)
    assert (item.printed, item.recomputed) == (printed, recomputed)
    assert item.gap == pytest.approx(printed - recomputed, abs=1e-3)


@pytest.mark.parametrize(
    ("breakdown", "total", "missing"),
    [("age_band", 223, 2), ("financial_status", 217, 8), ("referred_from", 224, 1)],
)
def test_categories_that_fall_short_of_the_women_supported(
    report: AuditReport, breakdown: str, total: int, missing: int
) -> None:
    """Age, income and origin do not add up to 225, and no category says that nothing was recorded."""
    (item,) = [
        item
        for item in report.findings
        if item.kind == "total" and any(report.book[i].breakdown == breakdown for i in item.figure_ids)
    ]
    assert (item.printed, item.recomputed, item.gap) == (225, total, missing)


@pytest.mark.parametrize(
    ("figures", "value"),
    [
        (("norfolk-total-available-2024-25", "norfolk-spend-2024-25"), 1466211),
        (("norfolk-refuge-utilisation", "norfolk-refuge-utilisation-change"), 96.0),
        (("hope-refuge-spaces-required", "hope-coe-population-per-family-space"), 1010000),
        (("hope-uava-cost", "hope-uava-new-cases"), 524.0383),
        (("hope-emp-women-per-year", "hope-emp-programmes-per-year"), 8),
    ],
)
def test_a_result_that_follows_but_is_not_printed(
    report: AuditReport, figures: tuple[str, ...], value: float
) -> None:
    """A closing balance, an earlier year, a population and the cost of a case are nowhere printed."""
    (item,) = [item for item in report.findings if item.kind == "unstated" and item.figure_ids == figures]
    assert (item.printed, item.recomputed) == (None, value)


@pytest.mark.parametrize(
    "text",
    [
        "grouped differently",
        "79% of the way is 30 of the 38",
        "84 is what follows from 54 + 30",
        "£882,373 is what follows from £259,668 + £622,705",
        "£1,501,127 is what follows from £2,813,577 − £1,312,450",
        "£1,483,948 is what follows from £3,348,535 − £1,864,587",
        "£1,634 is what follows from £882,373 ÷ 540",
        "4,233 is what follows from (37 + 37 + 7.4) × 52",
        "7,696 is what follows from 148 × 52",
        "25% is what follows from (19 + 4) ÷ 92 × 100",
        "160 + 380 = 540",
        "13 is what follows from 8 + 3 + 2",
        "15 is not above 6 + 11",
        "one per 10,000 of 916,200 people, rounded up",
        "13,764 against 11,498 (19.71%)",
        "everyone but White British",
    ],
)
def test_what_adds_up_is_said_too(report: AuditReport, text: str) -> None:
    """An audit that only complains would hide how much of the evidence holds."""
    assert [item for item in report.agreements if text in item.statement]


def test_destinations_printed_twice_are_explained_and_not_shouted(report: AuditReport) -> None:
    """The text's 51 and the appendix's 15 other destinations are no finding."""
    pair = {
        "norfolk-text-destination-other-accommodation-count",
        "norfolk-appendix-destination-other-accommodation",
    }
    assert not [item for item in report.findings if pair <= set(item.figure_ids)]


def test_every_relation_finds_its_figures(report: AuditReport) -> None:
    """No relation names a figure that is not printed: a misspelt id would be passed over."""
    assert [item.statement for item in report.unchecked if "is not printed" in item.statement] == []


def test_the_bases_that_can_give_an_impossible_share_are_named(report: AuditReport) -> None:
    """36.9 % is 83 of 225, not of 189; 84 could give it too and has no such count."""
    item = found(report, "impossible_share", "norfolk-out-of-county-share")
    assert "84 and 225 can" in item.reading
    assert "83 of 225" in item.reading


def test_the_clearly_mended_readings(evidence: Evidence) -> None:
    """One value, two standards, three bases and four units have one reading that fits; nothing else has."""
    table = corrections(evidence)
    assert list(table[["figure_id", "field", "corrected"]].itertuples(index=False, name=None)) == [
        ("norfolk-carry-forward-2022-23", "value", 1002400),
        ("norfolk-na2021-coe-population-per-bedspace", "value", 10000),
        ("norfolk-out-of-county-share", "denominator_figure_id", "norfolk-women-supported"),
        ("norfolk-out-of-county-share-change", "unit", "percentage_points"),
        ("norfolk-highlights-coe-population-per-bedspace", "value", 10000),
        ("norfolk-conclusions-out-of-county-share", "denominator_figure_id", "norfolk-women-supported"),
        ("norfolk-disability-share-referrals", "denominator_figure_id", "norfolk-women-supported"),
        ("hope-element-wall-cost-per-bedspace", "unit", "gbp_per_year"),
        ("hope-element-panahghar-cost-per-bedspace", "unit", "gbp_per_year"),
        ("hope-element-total-cost-per-bedspace", "unit", "gbp_per_year"),
    ]


def test_no_rule_knows_a_figure_by_name(evidence: Evidence) -> None:
    """With every figure renamed, the general rules find as much: what they know is in the table."""
    from analysis.evidence.audit import audit

    names = {old: f"f{place}" for place, old in enumerate(evidence.figures["figure_id"])}
    renamed = evidence.figures.assign(
        figure_id=evidence.figures["figure_id"].map(names),
        denominator_figure_id=evidence.figures["denominator_figure_id"].map(lambda old: names.get(old, "")),
    )
    before, after = audit(evidence.figures), audit(renamed)
    assert [item.reading for item in before.findings] == [item.reading for item in after.findings]
    assert [item.kind for item in before.findings].count("impossible_share") == 4


def test_every_reading_is_one_sentence_in_plain_words(report: AuditReport) -> None:
    """A reading starts with a capital or a number, ends with one full stop, and shows no unfilled place."""
    for item in report.findings:
        assert item.reading.endswith(".")
        assert not item.reading[0].islower()
        assert ". " not in item.reading
        assert "[" not in item.reading
        assert "{" not in item.reading
