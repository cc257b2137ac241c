"""An audit as tables for a notebook, every row with its provenance, by kind and by section of the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.evidence import audit_headlines as heads
from analysis.evidence import tables
from analysis.evidence.audit_findings import GBP_UNITS, KINDS, Agreement, Finding, worded

if TYPE_CHECKING:
    from analysis.evidence.audit import AuditReport

HEADLINES: Final = 4
"""Findings on the first screen, besides how many checks agree."""
MINUTE: Final = 0.01
"""Printed and recomputed closer than this, as a ratio, stand on one spot of a chart."""
YEAR: Final = re.compile(r"(?:19|20)\d\d")
COLUMNS: Final = {
    "findings": (
        *("kind", "section", "about", "period", "printed", "recomputed", "gap", "reading", "ids"),
        *("said", "sure", "means", "headline", "ratio", "size", "settled", "mends", "pounds", "small"),
        *("place", "year"),
    ),
    "statements": ("kind", "section", "statement", "checks"),
    "summary": ("kind", "checked", "findings", "agreements", "unchecked"),
    "sections": ("section", "label", "outcome", "count"),
    "corrected": ("about", "period", "printed", "read_as", "why"),
    "coverage": ("printed", "compared", "alone"),
    "alone": ("about", "period", "printed"),
    "steps": ("about", "period", "printed", "recomputed", "outcome"),
}
"""Columns of each table, before the provenance."""
SUMMARY_LABELS: Final = {
    "kind": "Kind of check",
    "checked": "Checks made",
    "findings": "Do not agree, or not printed",
    "agreements": "Agree",
    "unchecked": "Could not be made",
}
OUTCOMES: Final = ("Agree", "Do not agree", "Follow, not printed", "Could not be checked")
FIELDS: Final = {
    "gbp_per_year": "pounds a year",
    "gbp": "pounds",
    "percent": "percent",
    "percentage_points": "percentage points",
}


@dataclass(frozen=True)
class AuditFrames:
    """An area's part of an audit as tables for a notebook.

    Attributes
    ----------
    findings
        One row a finding: ``kind`` (in words), ``section``, ``about`` and ``period`` of the figure,
        ``printed``, ``recomputed`` and ``gap`` (text with units), ``reading``, ``ids``; what the first screen
        says of it (``said``, ``sure``, ``means``, ``headline``) and what it was chosen by.
    agreements, unchecked
        One row a statement: ``kind``, ``section``, ``statement``, ``checks``.
    summary
        Checks by kind: ``kind``, ``checked``, ``findings``, ``agreements``, ``unchecked``.
    sections
        Checks by section and outcome, long form: ``section``, ``label``, ``outcome``, ``count``.
    corrected
        Corrected readings: ``about``, ``period``, ``printed``, ``read_as``, ``why``.
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
        """Checks ``checked``, that ``agree``, are ``apart``, find ``more`` than is printed, or were ``left``."""
        more, left = self.unprinted, len(self.unchecked)
        return {**self.passed, "apart": len(self.findings) - more, "more": more, "left": left}

    @property
    def passed(self) -> dict[str, int]:
        """Checks that ``agree``, of those ``checked``."""
        return {"agree": self.agree, "checked": self.checked}

    @property
    def covered(self) -> dict[str, int]:
        """Figures ``printed``, ``compared`` and ``alone``; empty if there is no source."""
        return {name: int(self.coverage[name].iloc[0]) for name in COLUMNS["coverage"] if len(self.coverage)}

    @property
    def summed(self) -> dict[str, Any]:
        """What agrees, with its ``share``, and the group with ``most`` that does not, with its ``count``."""
        apart = self.sections[self.sections["outcome"].eq(OUTCOMES[1])]
        worst = apart.sort_values("count", ascending=False, kind="stable").iloc[0]
        words = {"most": str(worst["label"]).lower(), "count": int(worst["count"])}
        return {**self.passed, "share": self.agree / self.checked, **words}

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
        templates = {"text": "{said}", "uncertainty": "{sure}", "meaning": "{means}"}
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
    return {**ends, **words, "about": words["about"].lower()}


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
    findings = findings_frame(own, sources)
    chosen = heads.headline_findings(findings, HEADLINES).index
    return AuditFrames(
        findings=findings.assign(headline=findings.index.isin(chosen)),
        agreements=agreements_frame(own),
        unchecked=unchecked_frame(own),
        summary=summary_frame(own),
        sections=sections_frame(own),
        corrected=corrected_frame(own),
        coverage=coverage_frame(own, sources),
        alone=alone_frame(own, sources),
        steps=steps_frame(own),
    )


def _frame(rows: Sequence[dict[str, Any]], table: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*COLUMNS[table], *tables.PROVENANCE])


def findings_frame(report: AuditReport, sources: Sequence[str] = ()) -> pd.DataFrame:
    """Return the findings as a table: see `AuditFrames.findings` [one row a finding].

    Parameters
    ----------
    report
        Whose findings.
    sources
        Ids of sources, latest first, for the newest to stand before older ones.
    """
    frame = _frame([_finding(report, item, list(sources)) for item in report.findings], "findings")
    flags = dict.fromkeys(("headline", "pounds", "small"), bool)
    return frame.astype({**flags, "ratio": float, "size": float})


def _finding(report: AuditReport, item: Finding, sources: list[str]) -> dict[str, Any]:
    target = report.book[item.figure_ids[0]]
    return {
        "kind": KINDS[item.kind],
        "section": heads.section_of(item.kind, item.unit),
        "about": heads.name_of(target),
        "period": target.period,
        "printed": worded(item.printed, item.unit),
        "recomputed": worded(item.recomputed, item.unit),
        "gap": _gap(item),
        "reading": item.reading,
        "ids": ", ".join(item.figure_ids),
        "said": heads.said(item, report.book),
        "sure": heads.sure(item, report.book),
        "means": heads.MEANINGS[item.kind],
        "headline": False,
        "ratio": heads.ratio_of(item),
        "size": heads.size_of(item),
        "settled": heads.settled_by(item),
        "mends": len(item.mends),
        "pounds": item.unit in GBP_UNITS,
        "small": heads.is_small(item, report.book),
        "place": sources.index(target.source_id) if target.source_id in sources else len(sources),
        "year": max((int(year) for year in YEAR.findall(target.period)), default=0),
        **_provenance(report, item.figure_ids, " ".join(dict.fromkeys(m.footnote for m in item.mends))),
    }


def _gap(item: Finding) -> str:
    """Word a gap in its own unit: shares differ by points, years by years."""
    if item.gap is None:
        return ""
    if item.unit == "year":
        years = round(abs(item.gap))
        return f"{years} year{'' if years == 1 else 's'}"
    return worded(item.gap, "percentage_points" if item.unit == "percent" else item.unit)


def agreements_frame(report: AuditReport) -> pd.DataFrame:
    """Return the checks that pass as a table: see `AuditFrames.agreements`."""
    return _statements(report, report.agreements)


def unchecked_frame(report: AuditReport) -> pd.DataFrame:
    """Return what could not be checked, and why: see `AuditFrames.unchecked`."""
    return _statements(report, report.unchecked)


def _statements(report: AuditReport, items: Iterable[Agreement]) -> pd.DataFrame:
    rows = [
        {
            "kind": KINDS[item.kind],
            "section": _section(report, item),
            "statement": item.statement,
            "checks": item.checks,
            **_provenance(report, item.figure_ids),
        }
        for item in items
    ]
    return _frame(rows, "statements")


def _section(report: AuditReport, item: Finding | Agreement) -> str:
    unit = item.unit if isinstance(item, Finding) else report.book[item.figure_ids[0]].unit
    return heads.section_of(item.kind, unit)


def summary_frame(report: AuditReport) -> pd.DataFrame:
    """Return the counts by kind as a table: see `AuditFrames.summary` [one row a kind]."""
    said: tuple[Finding | Agreement, ...] = (*report.findings, *report.agreements, *report.unchecked)
    rows = [
        {"kind": KINDS[kind], **counts, **_provenance(report, _ids(i for i in said if i.kind == kind))}
        for kind, counts in report.checks.items()
    ]
    return _frame(rows, "summary")


def sections_frame(report: AuditReport) -> pd.DataFrame:
    """Return the counts by section and outcome: see `AuditFrames.sections` [one row each, zeros kept]."""
    outcomes: list[tuple[str, Sequence[Finding | Agreement]]] = [
        (OUTCOMES[0], report.agreements),
        (OUTCOMES[1], [item for item in report.findings if item.kind != "unstated"]),
        (OUTCOMES[2], [item for item in report.findings if item.kind == "unstated"]),
        (OUTCOMES[3], report.unchecked),
    ]
    rows = []
    for section, label in heads.SECTION_NAMES.items():
        own = [(name, [i for i in items if _section(report, i) == section]) for name, items in outcomes]
        if any(items for _, items in own):
            rows += [_count(report, section, label, name, items) for name, items in own]
    return _frame(rows, "sections")


def _count(
    report: AuditReport, section: str, label: str, outcome: str, items: Sequence[Finding | Agreement]
) -> dict[str, Any]:
    count = sum(item.checks if isinstance(item, Agreement) else 1 for item in items)
    row = {"section": section, "label": label, "outcome": outcome, "count": count}
    return {**row, **_provenance(report, _ids(items))}


def corrected_frame(report: AuditReport) -> pd.DataFrame:
    """Return the corrected readings: see `AuditFrames.corrected` [one row a corrected field]."""
    mends = dict.fromkeys(mend for item in report.findings for mend in item.mends)
    rows = []
    for mend in mends:
        figure, text = report.book[mend.figure_id], (str(mend.printed), str(mend.corrected))
        if mend.field == "value":
            text = (figure.printed, worded(float(mend.corrected), figure.unit))
        elif mend.field == "denominator_figure_id":
            text = (
                f"{figure.printed} of {_of(report, text[0])}",
                f"{figure.printed} of {_of(report, text[1])}",
            )
        else:
            text = (f"{figure.printed}, in {FIELDS.get(text[0], text[0])}", FIELDS.get(text[1], text[1]))
        rows.append(
            {
                "about": heads.name_of(figure),
                "period": figure.period,
                "printed": text[0],
                "read_as": text[1],
                "why": mend.footnote,
                **_provenance(report, [mend.figure_id]),
            }
        )
    return _frame(rows, "corrected")


def _of(report: AuditReport, figure_id: str) -> str:
    figure = report.book[figure_id]
    return f"{figure.printed} ({heads.name_of(figure).lower()})"


def coverage_frame(report: AuditReport, sources: Sequence[str]) -> pd.DataFrame:
    """Return how many printed figures a check touches: see `AuditFrames.coverage` [one row, or none]."""
    own = [figure for figure in report.book.values() if figure.source_id in sources]
    if not own:
        return _frame([], "coverage")
    alone = len(alone_frame(report, sources))
    counts = {"printed": len(own), "compared": len(own) - alone, "alone": alone}
    named = {"tier": "published", "source_id": " ".join(sources), "figure_ids": "", "footnote": ""}
    return _frame([{**counts, **named}], "coverage")


def alone_frame(report: AuditReport, sources: Sequence[str]) -> pd.DataFrame:
    """Return the figures no check compares with another: see `AuditFrames.alone` [in printed order]."""
    compared = set(_ids((*report.findings, *report.agreements)))
    rows = [
        {
            "about": heads.name_of(figure),
            "period": figure.period,
            "printed": figure.printed,
            **_provenance(report, [figure_id]),
        }
        for figure_id, figure in report.book.items()
        if figure.source_id in sources and figure_id not in compared
    ]
    return _frame(rows, "alone")


def steps_frame(report: AuditReport) -> pd.DataFrame:
    """Return every step of money carried on: see `AuditFrames.steps` [one row a step, in printed order]."""
    rows = [
        *(_step(report, i, worded(i.recomputed, i.unit), "does not follow") for i in report.findings),
        *(_step(report, i, report.book[i.figure_ids[0]].printed, "agrees") for i in report.agreements),
    ]
    order = {figure_id: place for place, figure_id in enumerate(report.book)}
    kept = [row for row in rows if row]
    return _frame(sorted(kept, key=lambda row: order[row["figure_ids"].split()[0]]), "steps")


def _step(report: AuditReport, item: Finding | Agreement, follows: str, outcome: str) -> dict[str, Any]:
    if item.kind != "chain":
        return {}
    figure = report.book[item.figure_ids[0]]
    row = {"about": heads.name_of(figure), "period": figure.period, "printed": figure.printed}
    return {**row, "recomputed": follows, "outcome": outcome, **_provenance(report, item.figure_ids)}


def _ids(items: Iterable[Finding | Agreement]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure_id for item in items for figure_id in item.figure_ids))


def _provenance(report: AuditReport, figure_ids: Iterable[str], footnote: str = "") -> dict[str, str]:
    """Return the provenance columns of one row; a row of several sources names them all."""
    ids = tuple(figure_ids)
    sources = dict.fromkeys(report.book[figure_id].source_id for figure_id in ids)
    return {
        "tier": "published",
        "source_id": " ".join(sources) or " ".join(_everything(report)),
        "figure_ids": " ".join(ids),
        "footnote": footnote,
    }


def _everything(report: AuditReport) -> tuple[str, ...]:
    """Return the sources of all that a report says, for a row that counts nothing."""
    said: tuple[Finding | Agreement, ...] = (*report.findings, *report.agreements, *report.unchecked)
    return tuple(dict.fromkeys(report.book[figure_id].source_id for figure_id in _ids(said)))
