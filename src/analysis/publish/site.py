"""The site over all runs: an index with search and filters, and the page of the questions."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, Final

from analysis.errors import RenderFailed
from analysis.layout import Layout
from analysis.publish.assets import fill
from analysis.publish.body import absent_sections, settings
from analysis.publish.lint import lint
from analysis.publish.markdown import inline, plain
from analysis.publish.page import write
from analysis.publish.questions import has_questions, options, page_values, questions_total, readable
from analysis.publish.runs import PAGE_FILE, Run, anchor
from analysis.record import RUN_FILE, TIERS

INDEX_FILE: Final = "index.html"
QUESTIONS_FILE: Final = "questions.html"


def build(out: Path, layout: Layout) -> Path:
    """Write the index of every run under a folder, and the page of the questions; return the index.

    Parameters
    ----------
    out
        The folder of ``<area>/<period>/<name>/`` run folders.

    Raises
    ------
    RenderFailed
        If a run cannot be read, or a page breaks a rule of `analysis.publish.lint`.
    """
    folders = sorted(path.parent for path in out.glob(f"*/*/*/{RUN_FILE}"))
    done = [folder for folder in folders if (folder / PAGE_FILE).is_file()]
    runs = [(folder.relative_to(out).as_posix(), Run.read(folder)) for folder in done]
    unfinished = [folder.relative_to(out).as_posix() for folder in folders if folder not in done]
    out.mkdir(parents=True, exist_ok=True)
    if has_questions(layout):
        values = {**page_values(runs, layout), "synthetic": _synthetic(runs)}
        _publish(out / QUESTIONS_FILE, fill("questions.html", scripted=True, **values))
    _publish(out / INDEX_FILE, _index(runs, unfinished, questions_total(layout)))
    return out / INDEX_FILE


def _publish(path: Path, html: str) -> None:
    failures = lint(html)
    if failures:
        raise RenderFailed(
            f"the page breaks {len(failures)} rule{'s' if len(failures) > 1 else ''}: " + "; ".join(failures),
            where=path.name,
            cure="Mend the reports it lists.",
        )
    write(path, html)


def _index(runs: list[tuple[str, Run]], unfinished: list[str], questions: int) -> str:
    cards = [_card(href, run) for href, run in runs]
    return fill(
        "index.html",
        scripted=True,
        groups=_groups(cards),
        filters=_filters(cards),
        total=len(cards),
        questions=questions,
        unfinished=unfinished,
        synthetic=_synthetic(runs),
        tiers={tier for card in cards for tier in card["tiers"]},
    )


def _synthetic(runs: list[tuple[str, Run]]) -> int:
    """Return how many reports are made from a synthetic sample."""
    return sum("synthetic" in run.tiers for _, run in runs)


def _card(href: str, run: Run) -> dict[str, Any]:
    report, headlines = run.report, run.headlines
    chosen = [s for s in settings(run) if s.chosen and s.name not in {"area", "period"}]
    words = [report["title"], report["area_name"], report["period"], report["question"]]
    return {
        "href": f"{href}/{PAGE_FILE}",
        "title": report["title"],
        "variant": ", ".join(f"{readable(s.name).lower()}: {s.value}" for s in chosen),
        "area": report["area"],
        "area_name": report["area_name"],
        "period": report["period"],
        "dive": report["notebook"],
        "tiers": run.tiers,
        "finding": inline(headlines[0]["text"]) if headlines else "",
        "empty": len(absent_sections(run)),
        "sections": len(report["sections"]),
        "search": " ".join(plain(text) for text in (*words, *(finding["text"] for finding in headlines))),
    }


def _groups(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cards of each area and period: areas by name, the latest period first, reports by title."""
    ordered = sorted(cards, key=lambda card: (card["title"], card["variant"], card["href"]))
    ordered.sort(key=lambda card: card["period"], reverse=True)
    ordered.sort(key=lambda card: card["area_name"])
    groups = groupby(ordered, key=lambda card: (card["area"], card["area_name"], card["period"]))
    return [
        {"id": anchor(f"{area}-{period}"), "area_name": name, "period": period, "cards": list(members)}
        for (area, name, period), members in groups
    ]


def _filters(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tiers = [tier for tier in TIERS if any(tier in card["tiers"] for card in cards)]
    choices = {
        ("area", "Area"): {card["area"]: card["area_name"] for card in cards},
        ("period", "Period"): {card["period"]: card["period"] for card in cards},
        ("dive", "Deep dive"): {card["dive"]: readable(card["dive"]) for card in cards},
        ("tier", "Rests on"): {tier: tier.capitalize() for tier in tiers},
    }
    return [{"name": name, "label": label, "options": options(c)} for (name, label), c in choices.items()]
