"""What stands on the first screen: chosen by what settles a finding and how much it moves, never by name."""

from __future__ import annotations

import pandas as pd
import pytest
from audit_tables import figure, figures, percent, relation, relations

from analysis.evidence.audit import audit
from analysis.evidence.audit_findings import KINDS
from analysis.evidence.audit_headlines import MEANINGS, SECTION_NAMES, SECTIONS, headline_findings
from analysis.evidence.audit_sections import AuditFrames, frames_of

FIGURES = [
    figure("any-women", 120, category="women", breakdown="sex"),
    figure("any-referrals", 90, measure="referrals"),
    figure("any-aged-16-25", 50, breakdown="age", category="16-25", of="any-women"),
    figure("any-aged-26", 60, breakdown="age", category="26-and-over", of="any-women"),
    figure("any-disabled", 41, breakdown="characteristic", category="disabled", of="any-women"),
    percent("any-disabled-share", 34.2, "any-referrals", measure="disabled_share", category="disabled"),
    figure("any-grant", 500000, unit="gbp", measure="grant", quote="£500,000"),
    figure("any-spend", 420000, unit="gbp", measure="spend", quote="£420,000"),
    figure("any-left", 8000, unit="gbp", measure="carried_forward", quote="£8,000"),
    figure("any-lone", 7, measure="helpline_calls"),
]
DECLARED = [
    relation("any-left", "chain", "any-left", "equals", "[any-grant] - [any-spend]"),
    relation("any-per-woman", "unstated", "", "unstated", "[any-spend] / [any-women]"),
]


@pytest.fixture(scope="module")
def frames() -> AuditFrames:
    """Return the audit of an authority that no code knows."""
    report = audit(figures(*FIGURES), relations(*DECLARED))
    return frames_of(report, sorted({item.source_id for item in report.book.values()}))


def test_every_kind_has_a_section_and_a_meaning() -> None:
    """A new kind of check without a place on the page, or without what it means, fails here."""
    assert sorted(kind for kinds in SECTIONS.values() for kind in kinds) == sorted(KINDS)
    assert set(MEANINGS) == set(KINDS)
    assert set(SECTION_NAMES) == set(SECTIONS)


def test_a_corrected_reading_comes_first_then_pounds_then_the_widest_gap(frames: AuditFrames) -> None:
    """The share of the wrong base is settled; a balance and a cost are in pounds; the sum is what is left."""
    chosen = headline_findings(frames.findings, 9)
    assert list(chosen["section"]) == ["shares", "money", "unstated", "sums"]
    assert list(headline_findings(frames.findings, 2)["section"]) == ["shares", "money"]


def test_one_finding_a_section(frames: AuditFrames) -> None:
    """However many costs are odd, one of them stands on the first screen."""
    doubled = pd.concat([frames.findings, frames.findings], ignore_index=True)
    assert headline_findings(doubled, 9)["section"].is_unique


def test_the_newest_source_comes_before_an_older_one(frames: AuditFrames) -> None:
    """Of two findings in one section, both unsettled, the one in the newer document leads."""
    sums = frames.findings[frames.findings["section"].eq("sums")]
    both = pd.concat([sums.assign(place=1, about="older"), sums.assign(place=0, about="newer")])
    assert list(headline_findings(both.reset_index(drop=True), 1)["about"]) == ["newer"]


def test_a_small_count_of_people_is_never_a_headline() -> None:
    """Five printed where four follow is shown in its table, and not on the first screen."""
    people = [
        figure("few", 5, measure="people_supported"),
        figure("some-a", 2, measure="people_supported", category="a", breakdown="origin", of="few"),
        figure("some-b", 4, measure="people_supported", category="b", breakdown="origin", of="few"),
    ]
    report = audit(figures(*people))
    frames = frames_of(report, [report.book["few"].source_id])
    assert list(frames.findings["small"]) == [True]
    assert headline_findings(frames.findings, 4).empty
    assert frames.headlines == 0


def test_no_findings_no_headlines() -> None:
    """An authority that prints one figure has an empty table and no failure."""
    report = audit(figures(figure("one", 12)))
    frames = frames_of(report, [report.book["one"].source_id])
    assert headline_findings(frames.findings, 4).empty
    assert (frames.checked, frames.part("money").checked) == (0, 0)
    assert frames.covered == {"printed": 1, "compared": 0, "alone": 1}


def test_sentences_read_well_for_any_authority(frames: AuditFrames) -> None:
    """Base, balance and what is not printed are each said in a plain sentence with one number in bold."""
    said = frames.findings.set_index("section")["said"]
    assert "34.2% is printed as a share of 90 (referrals); it can only be of **120**" in said["shares"]
    assert "**£80,000**" in said["money"]
    assert "**£3,500**" in said["unstated"]
    assert all(text.count("**") == 2 for text in said)


def test_how_sure_says_what_is_settled_and_what_is_likely(frames: AuditFrames) -> None:
    """A corrected reading is the only one that fits; others are the likeliest, or arithmetic."""
    sure = frames.findings.set_index("section")["sure"]
    assert sure["shares"].startswith("The only reading that fits.")
    assert sure["money"].startswith("The likeliest reading, not proof.")
    assert sure["unstated"].startswith("Arithmetic on printed figures.")


def test_checks_are_counted_once_by_section(frames: AuditFrames) -> None:
    """Sections and kinds are two ways to count the same checks."""
    by_section = frames.sections.groupby("outcome")["count"].sum()
    assert by_section["Agree"] == frames.agree
    assert by_section["Do not agree"] + by_section["Follow, not printed"] == len(frames.findings)
    assert sum(frames.part(name).checked for name in SECTIONS) == frames.checked


def test_a_figure_that_nothing_else_confirms_stands_alone(frames: AuditFrames) -> None:
    """Coverage says how much of what is printed an audit can say anything of."""
    assert "Helpline calls" in set(frames.alone["about"])
    assert frames.covered["compared"] + frames.covered["alone"] == frames.covered["printed"] == len(FIGURES)


def test_steps_of_money_are_in_printed_order_with_what_follows(frames: AuditFrames) -> None:
    """A balance is shown beside what was granted and not spent."""
    (step,) = frames.steps.to_dict("records")
    assert (step["printed"], step["recomputed"], step["outcome"]) == ("£8,000", "£80,000", "does not follow")


def test_a_gap_is_said_in_words(frames: AuditFrames) -> None:
    """More or less than what follows, with its unit, and nothing where nothing is printed."""
    gaps = frames.findings.set_index("section")["gap"]
    assert gaps["money"] == "£72,000 less"
    assert gaps["sums"] == "10 more"
    assert gaps["unstated"] == ""
