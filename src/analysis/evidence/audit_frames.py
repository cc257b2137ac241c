"""An audit as tables for a notebook, every row with its provenance, by kind and by section of the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.evidence import audit_headlines as heads
from analysis.evidence import tables
from analysis.evidence.audit_findings import GBP_UNITS, KINDS, Agreement, Figure, Finding, Mend, when, worded

if TYPE_CHECKING:
    from analysis.evidence.audit import AuditReport

YEAR: Final = re.compile(r"(?:19|20)\d\d")
COLUMNS: Final = {
    "findings": (
        *("kind", "section", "about", "period", "figure", "printed", "recomputed", "gap", "reading"),
        *("said", "sure", "means", "headline", "ratio", "size", "settled", "mends", "pounds", "small"),
        *("place", "year"),
    ),
    "statements": ("kind", "section", "statement", "checks"),
    "summary": ("kind", "checked", "findings", "agreements", "unchecked"),
    "sections": ("section", "label", "outcome", "count"),
    "corrected": ("about", "printed_in", "printed", "read_as", "why"),
    "coverage": ("printed", "compared", "alone"),
    "alone": ("about", "period", "printed"),
    "steps": ("about", "period", "printed", "recomputed", "outcome"),
}
"""Columns of each table, before the provenance; `analysis.evidence.audit_sections` says what they hold."""
OUTCOMES: Final = ("Agree", "Do not agree", "Follow, not printed", "Could not be checked")


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
        "period": when(target.period),
        "figure": f"{heads.name_of(target)} ({when(target.period)})",
        "printed": worded(item.printed, item.unit),
        "recomputed": worded(item.recomputed, item.unit),
        "gap": _gap(item),
        "reading": item.reading,
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
    """Say how much more or less is printed than follows: shares differ by points, years by years."""
    if item.gap is None:
        return ""
    if item.gap == 0:
        return "the same"
    if item.unit == "year":
        years = round(abs(item.gap))
        return f"{years} year{'' if years == 1 else 's'} {'later' if item.gap > 0 else 'earlier'}"
    unit = "percentage_points" if item.unit == "percent" else item.unit
    return f"{worded(abs(item.gap), unit)} {'more' if item.gap > 0 else 'less'}"


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
        figure = report.book[mend.figure_id]
        rows.append(
            {
                "about": heads.name_of(figure),
                "printed_in": figure.section,
                **_read(report, mend),
                "why": mend.footnote,
                **_provenance(report, [mend.figure_id]),
            }
        )
    return _frame(rows, "corrected")


def _read(report: AuditReport, mend: Mend) -> dict[str, str]:
    """Return what is printed and what it is read as, in words."""
    figure = report.book[mend.figure_id]
    if mend.field == "value":
        return {"printed": figure.printed, "read_as": worded(float(mend.corrected), figure.unit)}
    if mend.field == "denominator_figure_id":
        old, new = (report.book[str(base)] for base in (mend.printed, mend.corrected))
        return {"printed": _share(figure, old), "read_as": _share(figure, new)}
    ending = " a year" if mend.corrected == "gbp_per_year" else ""
    return {"printed": figure.printed, "read_as": worded(figure.value, str(mend.corrected)) + ending}


def _share(figure: Figure, base: Figure) -> str:
    name = heads.name_of(base)
    return f"{figure.printed} of {base.printed} ({name[:1].lower() + name[1:]})"


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
    areas = [figure.area for figure in report.book.values() if figure.source_id in sources]
    usual = max(areas, key=areas.count, default="")
    rows = [
        {
            "about": _placed(figure, usual),
            "period": figure.period,
            "printed": figure.printed,
            **_provenance(report, [figure_id]),
        }
        for figure_id, figure in report.book.items()
        if figure.source_id in sources and figure_id not in compared
    ]
    return _frame(rows, "alone")


def _placed(figure: Figure, usual: str) -> str:
    """Return what a figure counts, and where if that is not where most of its source's figures are of."""
    name = heads.name_of(figure)
    return name if figure.area == usual or figure.area in name else f"{name}, {figure.area}"


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
