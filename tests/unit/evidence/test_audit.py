"""The report: its JSON, its frames, its text, an area's part, and a new authority audited by data alone."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from audit_tables import figure, figures, percent, relation, relations

from analysis.errors import UsageError
from analysis.evidence import audit as audits
from analysis.evidence.audit import as_text, audit, audit_frame, report_for
from analysis.evidence.published import Evidence
from analysis.evidence.tables import PROVENANCE

NEW_AUTHORITY = figures(
    figure("any-women", 120, category="women", breakdown="sex"),
    figure("any-referrals", 90, measure="referrals"),
    figure("any-aged-16-25", 50, breakdown="age", category="16-25", of="any-women"),
    figure("any-aged-26", 60, breakdown="age", category="26-and-over", of="any-women"),
    figure("any-disabled", 41, breakdown="characteristic", category="disabled", of="any-women"),
    percent("any-disabled-share", 34.2, "any-referrals", measure="disabled_share", category="disabled"),
    figure("any-grant", 500000, unit="gbp", measure="grant", quote="£500,000"),
    figure("any-spend", 420000, unit="gbp", measure="spend", quote="£420,000"),
    figure("any-left", 8000, unit="gbp", measure="carried_forward", quote="£8,000"),
)
NEW_RELATIONS = relations(
    relation("any-left", "chain", "any-left", "equals", "[any-grant] - [any-spend]"),
    relation("any-per-woman", "unstated", "", "unstated", "[any-spend] / [any-women]"),
)


def test_a_new_authority_is_audited_by_its_figures_and_relations_alone() -> None:
    """Nothing in the code knows Anyshire: a total, a share, a chain and an unprinted result are found."""
    report = audit(NEW_AUTHORITY, NEW_RELATIONS)
    found = {item.kind: item for item in report.findings}
    assert set(found) == {"total", "impossible_share", "chain", "unstated"}
    assert (found["total"].printed, found["total"].recomputed) == (120, 110)
    assert [mend.corrected for mend in found["impossible_share"].mends] == ["any-women"]
    assert (found["chain"].printed, found["chain"].recomputed) == (8000, 80000)
    assert "one digit would mend it" in found["chain"].reading
    assert found["unstated"].recomputed == 3500


def test_without_relations_the_general_rules_still_run() -> None:
    """Relations are optional: the total and the share need none."""
    assert {item.kind for item in audit(NEW_AUTHORITY).findings} == {"total", "impossible_share"}


def test_json_has_the_published_fields_and_no_others() -> None:
    """Findings and agreements keep exactly the fields that a reader of the JSON was promised."""
    content = json.loads(audit(NEW_AUTHORITY, NEW_RELATIONS).to_json())
    fields = {"kind", "figure_ids", "printed", "recomputed", "gap", "reading"}
    assert all(set(item) == fields for item in content["findings"])
    assert content["agreements"]
    assert all(set(item) == {"kind", "figure_ids", "statement"} for item in content["agreements"])


def test_the_same_table_gives_the_same_bytes() -> None:
    """An audit does not depend on the run."""
    assert audit(NEW_AUTHORITY, NEW_RELATIONS).to_json() == audit(NEW_AUTHORITY, NEW_RELATIONS).to_json()


def test_checks_are_counted_by_kind() -> None:
    """Made is found and agreed together; what could not be checked is apart."""
    report = audit(NEW_AUTHORITY, NEW_RELATIONS)
    assert report.checks["part_above_whole"] == {
        "checked": 4,
        "findings": 0,
        "agreements": 4,
        "unchecked": 0,
    }
    assert all(c["checked"] == c["findings"] + c["agreements"] for c in report.checks.values())


def test_the_text_groups_findings_under_plain_headings() -> None:
    """A terminal reader sees what is printed, what follows, and the count of checks."""
    text = as_text(audit(NEW_AUTHORITY, NEW_RELATIONS))
    lines = text.splitlines()
    assert lines.index("Totals and their parts") < lines.index("Money carried from year to year")
    assert "  - printed £8,000, recomputed £80,000" in lines
    assert "  - not printed; £3,500 follows" in lines
    assert lines[-1].endswith("could not be checked.")


def test_frames_carry_provenance_and_words(printed: Evidence) -> None:
    """Every row names its tier, sources and figures; numbers have units; nothing printed is said so."""
    frames = audit_frame(report_for(printed), "norfolk", "2022-23", printed)
    for frame in (frames.findings, frames.agreements, frames.unchecked, frames.summary):
        assert list(frame.columns[-4:]) == list(PROVENANCE)
        assert set(frame["tier"]) == {"published"}
        assert set(frame["source_id"]) == {"norfolk-refresh-2023"}
        assert frame["figure_ids"].str.len().min() > 0
    assert "£1,002,400" in set(frames.findings["recomputed"])
    assert "not printed" in set(frames.findings["printed"])
    assert frames.findings["footnote"].str.contains("read as £1,002,400").sum() == 1
    assert int(frames.summary["findings"].sum()) == len(frames.findings)


def test_labels_write_names_and_periods_as_a_reader_does(printed: Evidence) -> None:
    """Peoples, places and acts have their capitals, a period not stated says of what, districts are named."""
    frames = audit_frame(report_for(printed), "norfolk", "2022-23", printed)
    said = " | ".join([*frames.agreements["statement"], *frames.alone["about"]])
    assert "white Gypsy" not in said
    for name in (
        "White Gypsy or Irish Traveller",
        "Asian Indian",
        "Domestic abuse crime rate, Great Yarmouth",
    ):
        assert name in said
    assert "Average length of stay, refuge, Norwich" in set(frames.alone["about"])
    assert not frames.alone["about"].str.contains("Norwich, Norwich").any()
    assert not frames.agreements["statement"].str.contains(r"\([^)]*\([^)]*published").any()
    assert "Accessible units" in set(frames.alone["about"])
    told = frames.findings["figure"]
    assert not told.str.contains(r"\([^)]*\(").any()
    assert told.str.contains("(period not stated; needs assessment published", regex=False).any()


def test_an_area_sees_its_own_sources_up_to_the_period(printed: Evidence) -> None:
    """In 2018-20 Leicestershire has the bid and not yet the board's pack; in 2023-24 it has both."""
    report = report_for(printed)
    early = audit_frame(report, "leicestershire", "2018-20", printed).findings
    late = audit_frame(report, "leicestershire", "2023-24", printed).findings
    assert set(early["source_id"]) == {"leicestershire-hope-bid-2018"}
    assert set(late["source_id"]) == {"leicestershire-hope-bid-2018", "leicestershire-board-2023-09"}
    assert len(late) == len(report_for(printed, "leicestershire").findings)


def test_an_area_without_published_evidence_has_empty_frames(printed: Evidence) -> None:
    """Rutland has no document of its own: empty tables with their columns, and no failure."""
    frames = audit_frame(report_for(printed), "rutland", "2022-23", printed)
    assert frames.findings.empty
    assert "reading" in frames.findings.columns
    assert frames.summary.empty


def test_an_unknown_area_is_refused(printed: Evidence) -> None:
    """A misspelt area is not an area without findings."""
    with pytest.raises(UsageError, match="norfolk"):
        report_for(printed, "norfok")


def test_corrections_name_what_is_printed_and_what_is_read(printed: Evidence) -> None:
    """Each row says which field, what is printed, what is read instead, and why."""
    table = audits.corrections(printed)
    assert list(table.columns) == ["figure_id", "field", "printed", "corrected", "footnote"]
    assert set(table["field"]) <= {"value", "denominator_figure_id", "unit"}
    assert table["footnote"].str.startswith(("Printed", "The source says")).all()
    by_id = printed.figures.set_index("figure_id")
    for row in table.itertuples():
        assert by_id.loc[row.figure_id, row.field] == row.printed


def test_the_relations_are_among_the_inputs_of_the_evidence(printed: Evidence) -> None:
    """A report that used the audit records which relations it read."""
    report_for(printed)
    assert any(path.endswith("published/relations.csv") for path in printed.inputs)


def test_an_audit_changes_no_figure(printed: Evidence) -> None:
    """Figures stay exactly as printed."""
    before = printed.figures.copy()
    report_for(printed)
    pd.testing.assert_frame_equal(before, printed.figures)
