"""The arithmetic audit of printed figures: what does not add up, what does, and what is read instead.

Rules that compare figures take what belongs together from ``data/published/relations.csv``; rules that need
nothing declared run over every figure. Neither knows any figure by name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd

from analysis.evidence import audit_rules, relation_findings, relations, tables
from analysis.evidence.audit_findings import KINDS, Agreement, Book, Finding, Settled, book, worded
from analysis.evidence.audit_headlines import headline_findings
from analysis.evidence.audit_sections import MINUTE, SUMMARY_LABELS, AuditFrames, extremes, frames_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.evidence.published import Evidence

__all__ = [
    "CORRECTION_COLUMNS",
    "MINUTE",
    "SUMMARY_LABELS",
    "AuditFrames",
    "AuditReport",
    "as_text",
    "audit",
    "audit_frame",
    "corrections",
    "extremes",
    "headline_findings",
    "report_for",
]

Said = TypeVar("Said", Finding, Agreement)
LAST_PERIOD: Final = "9998-99"
"""After every period there is: all of an area's sources."""
CORRECTION_COLUMNS: Final = ("figure_id", "field", "printed", "corrected", "footnote")


@dataclass(frozen=True)
class AuditReport:
    """What an audit found, what it saw agree, and what could not be checked.

    Attributes
    ----------
    findings
        Contradictions, and results that follow but are not printed, by kind.
    agreements
        Checks that the printed figures pass, by kind.
    unchecked
        Checks that could not be made, and why: a share without a base, a base too large for the test.
    book
        The figures audited, by id.
    """

    findings: tuple[Finding, ...]
    agreements: tuple[Agreement, ...]
    unchecked: tuple[Agreement, ...]
    book: Book = field(repr=False)

    @property
    def checks(self) -> dict[str, dict[str, int]]:
        """Checks of each kind: how many were made, found something, agree, or could not be made."""
        return {kind: self._count(kind) for kind in KINDS if any(self._count(kind).values())}

    def _count(self, kind: str) -> dict[str, int]:
        """Count one kind."""
        found = sum(item.kind == kind for item in self.findings)
        agree = sum(item.checks for item in self.agreements if item.kind == kind)
        left = sum(item.kind == kind for item in self.unchecked)
        return {"checked": found + agree, "findings": found, "agreements": agree, "unchecked": left}

    def to_json(self) -> str:
        """Return findings, agreements, what is unchecked and the counts of checks as JSON."""
        content: dict[str, Any] = {
            "findings": [item.as_json() for item in self.findings],
            "agreements": [item.as_json() for item in self.agreements],
            "unchecked": [item.as_json() for item in self.unchecked],
            "checks": self.checks,
        }
        return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)

    def of_sources(self, sources: Iterable[str]) -> AuditReport:
        """Return the part of the report that is about figures of these sources alone."""
        wanted = frozenset(sources)

        def about(item: Finding | Agreement) -> bool:
            return bool(item.figure_ids) and all(self.book[i].source_id in wanted for i in item.figure_ids)

        return AuditReport(
            tuple(filter(about, self.findings)),
            tuple(filter(about, self.agreements)),
            tuple(filter(about, self.unchecked)),
            self.book,
        )


def audit(figures: pd.DataFrame, declared: pd.DataFrame | None = None) -> AuditReport:
    """Audit printed figures by general rules and by the relations declared between them.

    Parameters
    ----------
    figures
        Columns as in ``data/published/figures.csv``, exactly as printed [one row a figure].
    declared
        Columns as in ``data/published/relations.csv`` [one row a reading]; none if None.

    Raises
    ------
    DataRefused
        If a figure or a relation cannot be understood.
    """
    printed = book(figures)
    rows = relations.readings(declared) if declared is not None else []
    outcome = relation_findings.check(rows, printed)
    outcome.add(audit_rules.run(printed, _settled(rows, printed, outcome.findings, outcome.agreements)))
    return AuditReport(
        _by_kind(outcome.findings), _by_kind(outcome.agreements), _by_kind(outcome.unchecked), printed
    )


def _settled(
    rows: list[relations.Reading], printed: Book, findings: list[Finding], agreements: list[Agreement]
) -> Settled:
    """Return what the relations have said, for the general rules not to say it again."""
    return Settled(
        overlap=relations.overlapping(rows, printed),
        related=tuple(frozenset(item.figure_ids) for item in agreements),
        mended=frozenset(mend.figure_id for item in findings for mend in item.mends),
    )


def _by_kind(items: list[Said]) -> tuple[Said, ...]:
    """Sort by kind, in the order the kinds are listed."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    return tuple(sorted(items, key=lambda item: order[item.kind]))


def report_for(evidence: Evidence, area: str | None = None, period: str | None = None) -> AuditReport:
    """Audit all published evidence, or keep what concerns one area up to a period.

    Parameters
    ----------
    evidence
        From ``analysis.evidence.published.load()``.
    area
        A slug of ``data/published/areas.csv``; every area if None.
    period
        The report period; every period of the area if None.

    Raises
    ------
    UsageError
        If the area is unknown.
    """
    table = tables.read(evidence.layout, relations.FILE, relations.COLUMNS, inputs=evidence.inputs)
    report = audit(evidence.figures, table.frame)
    if area is None:
        return report
    return report.of_sources(evidence.sources_of(area, period or LAST_PERIOD))


def corrections(evidence: Evidence) -> pd.DataFrame:
    """Return the readings that are clearly mended, for every other notebook to use.

    Only three things mend a figure: two broken sums that ask for the same value, a standard or unit that
    alone reproduces a printed result, and a printed count and base that alone give an impossible share.

    Returns
    -------
    DataFrame
        ``figure_id``, ``field`` (value, denominator_figure_id or unit), ``printed``, ``corrected``,
        ``footnote`` [one row a corrected field, in the order of the figures].
    """
    report = report_for(evidence)
    order = {figure_id: place for place, figure_id in enumerate(report.book)}
    mends = sorted(
        {mend for item in report.findings for mend in item.mends}, key=lambda m: (order[m.figure_id], m.field)
    )
    rows = [(m.figure_id, m.field, m.printed, m.corrected, m.footnote) for m in mends]
    return pd.DataFrame(rows, columns=list(CORRECTION_COLUMNS), dtype=object)


def audit_frame(report: AuditReport, area: str, period: str, evidence: Evidence | None = None) -> AuditFrames:
    """Return what an audit says of one area's sources up to a period, with provenance on every row.

    Parameters
    ----------
    report
        From `report_for` or `audit`.
    area, period
        As a report is asked for.
    evidence
        Where the area's sources are listed; the published evidence of this checkout if None.

    Raises
    ------
    UsageError
        If the area is unknown or the period is none.
    """
    if evidence is None:
        from analysis.evidence.published import load  # noqa: PLC0415  published evidence asks for corrections

        evidence = load()
    return frames_of(report, evidence.sources_of(area, period))


def as_text(report: AuditReport) -> str:
    """Return the report for a terminal: findings by kind in plain words, then the counts.

    Parameters
    ----------
    report
        From `report_for`.
    """
    lines: list[str] = []
    for kind, heading in KINDS.items():
        found = [item for item in report.findings if item.kind == kind]
        if found:
            lines += [heading, *(_line(item) for item in found), ""]
    made, agree, left = (
        sum(counts[name] for counts in report.checks.values())
        for name in ("checked", "agreements", "unchecked")
    )
    count = len(report.findings)
    lines.append(f"{made:,} checks: {agree:,} agree, {count:,} findings; {left:,} could not be checked.")
    return "\n".join(lines)


def _line(item: Finding) -> str:
    """Return one finding on two lines: the numbers, then the reading."""
    numbers = f"printed {worded(item.printed, item.unit)}, recomputed {worded(item.recomputed, item.unit)}"
    if item.printed is None:
        numbers = f"not printed; {worded(item.recomputed, item.unit)} follows"
    return f"  - {numbers}\n    {item.reading}"
