"""The page of one run: first the findings and what they mean, then the evidence, method one click away."""

from __future__ import annotations

import csv
import os
import shlex
from pathlib import Path
from typing import Any, Final

from analysis.errors import RenderFailed
from analysis.layout import Layout
from analysis.publish.assets import fill
from analysis.publish.body import Body, Setting, assemble, section_titles, settings
from analysis.publish.lint import lint
from analysis.publish.markdown import inline
from analysis.publish.runs import PAGE_FILE, Run, anchor
from analysis.record import PUBLIC, Absence, Finding, canonical_json, sha256
from analysis.runner.history import stores

INDEX: Final = "../../../index.html"
"""A report lies at ``<area>/<period>/<name>/report.html``, the site's index above all of them."""


def render(run_dir: Path, layout: Layout) -> None:
    """Write ``report.html`` from a run's ``notebook.ipynb`` and ``run.json``.

    The same run gives the same bytes: the page carries no date but those of its evidence.

    Raises
    ------
    RenderFailed
        If the run cannot be read, or the page breaks a rule of `analysis.publish.lint`; it names every
        failure, and nothing is written.
    """
    run = Run.read(run_dir)
    html = page(run, layout)
    failures = [fault for cell in run.cells for fault in cell.faults] + lint(html)
    if failures:
        raise RenderFailed(
            f"the page breaks {len(failures)} rule{'s' if len(failures) > 1 else ''}: " + "; ".join(failures),
            where=f"{run.report['area']}/{run.report['period']}/{run.record['name']}",
            cure="Mend the notebook, and run it again.",
        )
    write(run_dir / PAGE_FILE, html)


def write(path: Path, text: str) -> None:
    """Put a whole file in place at once, so that no reader meets half a page."""
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(text, encoding="utf-8", newline="\n")
    os.replace(partial, path)  # noqa: PTH105 - the atomic one on every platform


def page(run: Run, layout: Layout) -> str:
    """Return the page of a run, not yet checked."""
    report, body, chosen = run.report, assemble(run), settings(run)
    titles = section_titles(run)
    return fill(
        "report.html",
        report=report,
        dates=_dates(layout, report["area"], report["period"]),
        question=inline(report["question"]),
        summary=inline(run.summary),
        headlines=[_headline(finding, titles) for finding in run.headlines],
        sections=body.sections,
        extras=_extras(run, body),
        opening=body.opening,
        setup=body.setup,
        parameters=chosen,
        absences=[_absence(absence, titles) for absence in _elsewhere(run, body)],
        absences_placed=_limits(body) != "",
        sources=body.sources,
        sources_placed=any(section.lists_sources for section in body.sections),
        footnotes=[inline(note) for note in _caveats(run.provenance("footnotes"))],
        synthetic="synthetic" in run.tiers,
        unreleased="records" in run.tiers,
        rests_on=_rests_on(run),
        command=command(run, chosen),
        digests=_digests(run.record),
        index=INDEX,
    )


def _headline(finding: Finding, titles: dict[str, str]) -> dict[str, Any]:
    section = anchor(finding["section"])
    return {
        "text": inline(finding["text"]),
        "uncertainty": inline(finding["uncertainty"]),
        "meaning": inline(finding["meaning"]),
        "tiers": finding["provenance"]["tiers"],
        "section": section,
        "section_title": titles.get(section, section),
    }


def _absence(absence: Absence, titles: dict[str, str]) -> dict[str, Any]:
    section = anchor(absence["section"])
    return {
        "anchor": section,
        "section_title": titles.get(section, section),
        "why": inline(absence["why"]),
        "needs": [inline(need) for need in absence["needs"]],
    }


def _limits(body: Body) -> str:
    """Return the id of the notebook's own section on what it cannot say, or nothing."""
    return next((section.id for section in body.sections if section.lists_absences), "")


def _elsewhere(run: Run, body: Body) -> list[Absence]:
    """Return the absences that are not shown in the section on what the report cannot say already."""
    return [absence for absence in run.absences if anchor(absence["section"]) != _limits(body)]


def _caveats(notes: list[str]) -> list[str]:
    """Return notes that say something of their own: a row that rests on several joins theirs into one."""
    return [note for note in notes if not _joined(note, [other for other in notes if other != note])]


def _joined(note: str, others: list[str]) -> bool:
    """Return whether a note is nothing but others, one behind the other."""
    for other in others:
        rest = note.removeprefix(other)
        if rest != note and (not rest or (rest.startswith(" ") and _joined(rest[1:], others))):
            return True
    return False


def _extras(run: Run, body: Body) -> list[dict[str, str]]:
    """Return the chapters a page adds to the notebook's own."""
    unplaced = run.absences and not _limits(body)
    limits = [{"id": "cannot-say", "title": "What this cannot say"}] if unplaced else []
    placed = any(section.lists_sources for section in body.sections)
    sources = [{"id": "sources-used", "title": "Sources"}] if body.sources and not placed else []
    return limits + sources


def _dates(layout: Layout, area: str, period: str) -> str:
    """Return what the evidence's period means in months, if the table of periods says."""
    path = layout.data / "published" / "periods.csv"
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["area"], row["period"]) == (area, period)]
    return rows[0]["label"] if rows and rows[0]["label"] != period else ""


def _rests_on(run: Run) -> str:
    if set(run.tiers) <= PUBLIC:
        assumed = ", and assumptions, each marked" if "assumption" in run.tiers else ""
        return f"Published and reference evidence only{assumed}; no person-level record was used."
    return f"Evidence used: {', '.join(run.tiers)}."


def command(run: Run, chosen: list[Setting]) -> str:
    """Return the command line that makes this report again."""
    report = run.report
    words = ["deepdive", "run", report["notebook"], "--area", report["area"], "--period", report["period"]]
    for setting in chosen:
        if setting.chosen and setting.name not in {"area", "period"}:
            words += ["-p", f"{setting.name}={setting.value}"]
    if stores(run.record["inputs"]):
        words += ["--records", "DIR"]
    return shlex.join(words)


def _digests(record: dict[str, Any]) -> list[dict[str, str]]:
    """Return short fingerprints of the code and of the evidence that made the report.

    A store of records is left out: its fingerprint changes with rows that the page does not show.
    """
    apart = stores(record["inputs"])
    evidence = {source["path"]: source["sha256"] for source in record["inputs"] if source not in apart}
    found = {"code": record["code"]["sha256"], "evidence": sha256(canonical_json(evidence).encode())}
    return [{"label": label, "short": digest[:12]} for label, digest in found.items()]
