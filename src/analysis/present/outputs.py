"""One output, shown twice in one bundle: HTML for people, the payload for everything that reads runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final, NoReturn

from IPython.display import display

from analysis.errors import DisclosureRefused
from analysis.present import prose, style
from analysis.present.provenance import FEW, Basis, badge, notes_html
from analysis.record import ABSENCE_MIME, FINDING_MIME, REPORT_MIME, Absence, Finding, Report, Value

SURE: Final = "How sure"
MEANING: Final = "What it means for commissioning"


def anchor(kind: str, key: str) -> str:
    """Return the HTML id of an output: ``figure-visibility``, ``finding-visibility-1``."""
    return f"{kind}-{file_name(key)}"


def file_name(key: str) -> str:
    """Return the name an output's files and ids are made from."""
    return key.replace(".", "-")


def show(mime: str, payload: Mapping[str, Any], html: str, text: str) -> None:
    """Display an output in the notebook; nothing else of the package displays anything."""
    display({"text/html": html, mime: dict(payload), "text/plain": text}, raw=True)  # type: ignore[no-untyped-call]


def show_report(report: Report, *, styled: bool) -> None:
    """Display what the report is, with the stylesheet where no page brings its own."""
    sheet = f"<style>{style.css()}</style>" if styled else ""
    html = (
        f'{sheet}<div class="dd-report"><p class="dd-title">{escape(report["title"])}</p>'
        f"<p>{escape(report['area_name'])}, {escape(report['period'])}</p>"
        f"<p>{prose.html(report['question'])}</p></div>"
    )
    show(REPORT_MIME, report, html, f"{report['title']}: {report['area_name']}, {report['period']}")


def say(
    name: str,
    section: str,
    words: Mapping[str, str],
    values: dict[str, Value],
    basis: Basis,
    *,
    headline: int = 0,
    summary: bool = False,
) -> None:
    """Display a finding, or the summary: its text, uncertainty and meaning, and the values that they say."""
    finding: Finding = {
        "id": name,
        "section": section,
        "text": words["text"],
        "uncertainty": words["uncertainty"],
        "meaning": words["meaning"],
        "headline": headline,
        "summary": summary,
        "values": values,
        "provenance": basis.payload(),
    }
    show_finding(finding, basis)


def show_finding(finding: Finding, basis: Basis) -> None:
    """Display a finding with its uncertainty in words, its meaning, and what it rests on."""
    name = anchor("finding", finding["id"])
    kind = "dd-finding dd-headline" if finding["headline"] else "dd-finding"
    kind = "dd-finding dd-summary" if finding["summary"] else kind
    html = (
        f'<div class="{kind}" id="{name}"><p class="dd-text">{prose.html(finding["text"])}</p>'
        + _part("dd-uncertainty", SURE, finding["uncertainty"])
        + _part("dd-meaning", MEANING, finding["meaning"])
        + notes_html(basis.footnotes, name)
        + _rests(basis)
        + "</div>"
    )
    show(FINDING_MIME, finding, html, prose.words(finding["text"]))


def _part(name: str, word: str, text: str) -> str:
    return f'<p class="{name}"><span class="dd-word">{word}</span> {prose.html(text)}</p>' if text else ""


def _rests(basis: Basis) -> str:
    """Return what a finding rests on: its tiers, and its sources, folded away where they are many."""
    if not basis.citations:
        return ""
    badges = " ".join(badge(tier) for tier in basis.tiers)
    if len(basis.citations) <= FEW:
        cited = " ".join(escape(citation.text) for citation in basis.citations)
        return f'<p class="dd-rests">{badges} {cited}</p>'
    items = "".join(f"<li>{escape(citation.text)}</li>" for citation in basis.citations)
    return (
        f'<details class="dd-rests"><summary>{badges} {len(basis.citations)} sources</summary>'
        f"<ul>{items}</ul></details>"
    )


def show_absence(absence: Absence) -> None:
    """Display why the evidence cannot answer, and what would have to be recorded."""
    needs = "".join(f"<li>{escape(need)}</li>" for need in absence["needs"])
    wanted = f'<p class="dd-word">What is missing</p><ul>{needs}</ul>' if needs else ""
    html = (
        f'<div class="dd-absence" id="{anchor("absence", absence["id"])}">'
        f'<p><span class="dd-word">Not in the evidence.</span> {prose.html(absence["why"])}</p>{wanted}</div>'
    )
    show(ABSENCE_MIME, absence, html, f"Not in the evidence. {prose.words(absence['why'])}")


def one_line_errors(kinds: tuple[type[BaseException], ...]) -> None:
    """Have the notebook show the errors we name as one line, without a traceback; the cell still fails."""
    from IPython.core.getipython import get_ipython  # noqa: PLC0415  absent outside a notebook

    shell = get_ipython()
    if shell is not None:
        shell.set_custom_exc(kinds, _show_error)  # type: ignore[no-untyped-call]


def guard_displays(notebook: str) -> None:
    """Have the notebook refuse to display anything that the session did not make, in a report being built.

    The session displays ready bundles; whatever else is displayed, by name or as the last expression of a
    cell, passes through the shell's formatter, which from now on refuses it.
    """
    from IPython.core.getipython import get_ipython  # noqa: PLC0415  absent outside a notebook

    shell = get_ipython()
    if shell is not None:
        setattr(shell.display_formatter, "format", lambda shown, *_, **__: _refuse(shown, notebook))  # noqa: B010


def _refuse(shown: Any, notebook: str) -> NoReturn:
    raise DisclosureRefused(
        f"a {type(shown).__name__} was about to be displayed",
        where=notebook,
        cure="A report shows only what run.say, run.table, run.figure and run.absent make.",
    )


def _show_error(shell: Any, kind: type[BaseException], error: BaseException, *_: Any, **__: Any) -> list[str]:
    line = [f"{kind.__name__}: {error}"]
    shell._showtraceback(kind, error, line)  # noqa: SLF001  the only door that also tells the client
    return line


def joined(names: Iterable[str]) -> str:
    """Return names as a list in a sentence."""
    return ", ".join(sorted(names))
