"""An area's part of an audit as a notebook uses it: tables, counts, and the sentence that leads a section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.evidence import audit_frames as made
from analysis.evidence import audit_headlines as heads

if TYPE_CHECKING:
    from analysis.evidence.audit import AuditReport

HEADLINES: Final = 4
"""Findings on the first screen, besides how many checks agree."""
MINUTE: Final = 0.05
"""Printed and recomputed closer than this, as a part of what is printed, look alike on a chart."""
SUMMARY_LABELS: Final = {
    "kind": "Kind of check",
    "checked": "Checks made",
    "findings": "Do not agree, or not printed",
    "agreements": "Agree",
    "unchecked": "Could not be made",
}


@dataclass(frozen=True)
class AuditFrames:
    """An area's part of an audit as tables for a notebook.

    Attributes
    ----------
    findings
        One row a finding: ``kind`` (in words), ``section``, ``about`` and ``period`` of the figure, and
        both as ``figure``; ``printed``, ``recomputed``, ``gap`` (in words), ``reading``; what the
        first screen says of it (``said``, ``sure``, ``means``, ``headline``) and what it was chosen by.
    agreements, unchecked
        One row a statement: ``kind``, ``section``, ``statement``, ``checks``.
    summary
        Checks by kind: ``kind``, ``checked``, ``findings``, ``agreements``, ``unchecked``.
    sections
        Checks by section and outcome, long form: ``section``, ``label``, ``outcome``, ``count``.
    corrected
        Corrected readings: ``about``, ``printed_in`` (section), ``printed``, ``read_as``, ``why``.
    coverage
        One row, or none: how many figures are ``printed``, ``compared`` with another, and stand ``alone``.
    alone
        Figures that no check compares with another: ``about``, ``period``, ``printed``.
    steps
        Money carried from year to year, step by step: ``about``, ``period``, ``printed``, ``recomputed``,
        ``outcome``.
    """

    findings: pd.DataFrame
    agreements: pd.DataFrame
    unchecked: pd.DataFrame
    summary: pd.DataFrame
    sections: pd.DataFrame
    corrected: pd.DataFrame
    coverage: pd.DataFrame
    alone: pd.DataFrame
    steps: pd.DataFrame

    @property
    def agree(self) -> int:
        """How many checks agree."""
        return int(self.summary["agreements"].sum())

    @property
    def checked(self) -> int:
        """How many checks were made."""
        return int(self.summary["checked"].sum())

    @property
    def unprinted(self) -> int:
        """How many results follow and are not printed."""
        return int(self.findings["section"].eq("unstated").sum())

    @property
    def headlines(self) -> int:
        """How many findings stand on the first screen."""
        return int(self.findings["headline"].sum())

    @property
    def counts(self) -> dict[str, int]:
        """What was found, as `found` has it, and how many checks were ``left`` unmade."""
        return {**self.found, "left": len(self.unchecked)}

    @property
    def found(self) -> dict[str, int]:
        """Checks: ``agree`` of those ``checked``; how many are ``apart``; ``more`` follow unprinted."""
        more = self.unprinted
        return {**self.passed, "apart": len(self.findings) - more, "more": more}

    @property
    def passed(self) -> dict[str, int]:
        """Checks that ``agree``, of those ``checked``."""
        return {"agree": self.agree, "checked": self.checked}

    @property
    def covered(self) -> dict[str, int]:
        """Figures ``printed``, ``compared`` and ``alone``; empty if there is no source."""
        return {
            name: int(self.coverage[name].iloc[0]) for name in made.COLUMNS["coverage"] if len(self.coverage)
        }

    @property
    def summed(self) -> dict[str, Any]:
        """What agrees, how much is ``apart``, and the group with ``most`` of that, with its ``count``."""
        apart = self.sections[self.sections["outcome"].eq(made.OUTCOMES[1])]
        worst = apart.sort_values("count", ascending=False, kind="stable").iloc[0]
        words = {"most": str(worst["label"]).lower(), "count": int(worst["count"])}
        return {**self.passed, "apart": int(apart["count"].sum()), **words}

    @property
    def strongest(self) -> dict[str, Any]:
        """The ``kind`` most of what agrees is of, with its ``count``; the ``last``, with the ``least``."""
        held = self.summary[self.summary["agreements"] > 0].set_index("kind")["agreements"]
        first, last = held.idxmax(), held.iloc[::-1].idxmin()
        ends = {"kind": str(first).lower(), "count": int(held.max())}
        return {**ends, "last": str(last).lower(), "least": int(held.min()), "agree": self.agree}

    @property
    def gaps(self) -> pd.DataFrame:
        """Findings whose two values can be set in relation and differ visibly, the widest apart first."""
        shown = self.findings[self.findings["ratio"].sub(1).abs().ge(MINUTE)]
        return shown.sort_values("size", ascending=False, kind="stable")

    def part(self, section: str) -> Part:
        """Return one section's part of the audit."""
        own = {
            name: frame[frame["section"].eq(section)].reset_index(drop=True)
            for name, frame in (("findings", self.findings), ("agreements", self.agreements))
        }
        return Part(own["findings"], own["agreements"])


@dataclass(frozen=True)
class Part:
    """One section's findings and agreements, and the sentence that leads it."""

    findings: pd.DataFrame
    agreements: pd.DataFrame

    @property
    def agree(self) -> int:
        """How many checks agree."""
        return int(self.agreements["checks"].sum())

    @property
    def checked(self) -> int:
        """How many checks were made."""
        return self.agree + len(self.findings)

    @property
    def lead(self) -> pd.DataFrame:
        """The foremost finding [one row, or none]."""
        ranked = heads.ranked_findings(self.findings)
        return pd.concat([ranked[ranked["headline"]], ranked]).head(1)

    @property
    def headline(self) -> bool:
        """Whether that finding stands on the first screen."""
        return bool(self.lead["headline"].any())

    @property
    def counts(self) -> dict[str, int]:
        """How many checks found something, of how many made: ``found`` and ``checked``."""
        return {"found": len(self.findings), "checked": self.checked}

    @property
    def sentence(self) -> dict[str, Any]:
        """What ``run.say`` is told of the section: its foremost finding, or that every check agrees."""
        if self.lead.empty:
            return {"text": "All {agree} checks agree.", "agree": self.agree, "source": self.agreements}
        row = self.lead.iloc[0]
        words = {name: str(row[name]) for name in ("said", "sure", "means")}
        same = int(self.findings["kind"].eq(row["kind"]).sum())
        more = f" One of {same} findings of this kind." if same > 1 else ""
        templates = {"text": "{said}", "uncertainty": "{sure}", "meaning": "{means}"}
        words["sure"] += more
        return {**templates, **words, "headline": self.headline, "source": self.lead}


def extremes(gaps: pd.DataFrame) -> dict[str, Any]:
    """Return the lowest and highest ratio of some gaps, and what the widest of them is about.

    Parameters
    ----------
    gaps
        Rows of `AuditFrames.gaps`, the widest first; at least one.
    """
    first = gaps.iloc[0]
    words = {name: str(first[name]) for name in ("about", "printed", "recomputed")}
    ends = {"low": float(gaps["ratio"].min()), "high": float(gaps["ratio"].max())}
    return {**ends, **words, "about": heads.lower(words["about"])}


def frames_of(report: AuditReport, sources: Sequence[str]) -> AuditFrames:
    """Return the part of an audit that is about some sources as tables.

    Parameters
    ----------
    report
        From `analysis.evidence.audit.audit`.
    sources
        Ids of the sources, latest first.
    """
    own = report.of_sources(sources)
    findings = made.findings_frame(own, sources)
    chosen = heads.headline_findings(findings, HEADLINES).index
    return AuditFrames(
        findings=findings.assign(headline=findings.index.isin(chosen)),
        agreements=made.agreements_frame(own),
        unchecked=made.unchecked_frame(own),
        summary=made.summary_frame(own),
        sections=made.sections_frame(own),
        corrected=made.corrected_frame(own),
        coverage=made.coverage_frame(own, sources),
        alone=made.alone_frame(own, sources),
        steps=made.steps_frame(own),
    )
