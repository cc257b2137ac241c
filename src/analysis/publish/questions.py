"""The page of the questions: what authorities ask, in their own words, and which sections answer."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from analysis.errors import DataRefused, one_of
from analysis.layout import Layout
from analysis.publish.body import absent_sections, section_titles
from analysis.publish.runs import PAGE_FILE, Run, anchor


@dataclass(frozen=True)
class Status:
    """How far a question is answered; said in words, with a mark beside them."""

    id: str
    label: str
    icon: str


STATUSES: Final = (
    Status("answered", "Answered", "●"),
    Status("partly", "Partly answered", "◐"),
    Status("not-possible", "Not possible yet", "○"),
)
"""From best to worst: a question has the best status of the sections that bear on it."""

KINDS: Final = {
    "ask": "Question",
    "rec": "Recommendation",
    "act": "Action",
    "need": "Data need",
    "gap": "Stated gap",
}
COLUMNS: Final = {
    "questions": ("ref", "kind", "group", "source_id", "section", "words"),
    "coverage": ("ref", "notebook", "section", "status", "missing"),
}
QUOTES: Final = ' "“”'


def has_questions(layout: Layout) -> bool:
    """Whether the checkout holds the list of questions and what covers them."""
    return all((layout.data / "questions" / f"{name}.csv").is_file() for name in COLUMNS)


def page_values(runs: list[tuple[str, Run]], layout: Layout) -> dict[str, Any]:
    """Return what the template of the page needs.

    Parameters
    ----------
    runs
        Each finished run with its folder below the site, as a link: ``norfolk/2022-23/male_survivors``.

    Raises
    ------
    DataRefused
        If a table lacks a column, or names a status that is not known.
    """
    coverage: dict[str, list[dict[str, str]]] = {}
    for row in _rows(layout, "coverage"):
        coverage.setdefault(row["ref"], []).append(row)
    sources = _sources(layout)
    asked = [
        _question(row, coverage.get(row["ref"], []), runs, sources) for row in _rows(layout, "questions")
    ]
    return {
        "total": len(asked),
        "statuses": _tally(asked),
        "groups": _groups(asked),
        "filters": _filters(asked),
    }


def _rows(layout: Layout, name: str) -> list[dict[str, str]]:
    path = layout.data / "questions" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS[name] if column not in (reader.fieldnames or ())]
        if missing:
            raise DataRefused(f"no column {', '.join(missing)}", where=f"data/questions/{name}.csv")
        return list(reader)


def _sources(layout: Layout) -> dict[str, str]:
    """Return who published each source and what it is called."""
    path = layout.data / "published" / "sources.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: f"{row['publisher']}, {row['title']}" for row in csv.DictReader(file)}


def _question(
    row: dict[str, str],
    covered: list[dict[str, str]],
    runs: list[tuple[str, Run]],
    sources: dict[str, str],
) -> dict[str, Any]:
    words = row["words"].strip(QUOTES)
    source = sources.get(row["source_id"], row["source_id"])
    return {
        "ref": row["ref"],
        "kind": row["kind"],
        "kind_label": KINDS.get(row["kind"], row["kind"]),
        "group": row["group"],
        "words": words,
        "source_id": row["source_id"],
        "source": source,
        "section": row["section"],
        "status": min((_status(cover) for cover in covered), key=STATUSES.index, default=STATUSES[-1]),
        "places": [_place(cover, runs) for cover in covered if cover["notebook"]],
        "missing": list(dict.fromkeys(cover["missing"] for cover in covered if cover["missing"])),
        "search": " ".join(
            (row["ref"], words, source, row["section"], *(cover["notebook"] for cover in covered))
        ),
    }


def _status(cover: dict[str, str]) -> Status:
    wanted = cover["status"].strip().replace(" ", "-")
    for status in STATUSES:
        if status.id == wanted:
            return status
    known = [status.id.replace("-", " ") for status in STATUSES]
    raise DataRefused(
        f'question {cover["ref"]} has the unknown status "{cover["status"]}"',
        where="data/questions/coverage.csv",
        cure=one_of(cover["status"], known),
    )


def _place(cover: dict[str, str], runs: list[tuple[str, Run]]) -> dict[str, Any]:
    """Return a section that bears on a question, with a link for every area it was run for."""
    own = [(href, run) for href, run in runs if href.endswith(f"/{cover['notebook']}")]
    section = cover["section"]
    return {
        "title": _place_title(cover["notebook"], section, own),
        "links": [
            {
                "href": f"{href}/{PAGE_FILE}" + (f"#{anchor(section)}" if section else ""),
                "area_name": run.report["area_name"],
                "period": run.report["period"],
                "absent": anchor(section) in absent_sections(run),
                "synthetic": "synthetic" in run.tiers,
            }
            for href, run in own
        ],
    }


def _place_title(notebook: str, section: str, own: list[tuple[str, Run]]) -> str:
    """Return a deep dive and its section as the reports head it, or as the table names it before any ran."""
    if not section:
        return readable(notebook)
    titles = {key: title for _, run in own for key, title in section_titles(run).items()}
    return f"{readable(notebook)}: {titles.get(anchor(section), readable(section))}"


def readable(name: str) -> str:
    """Return a name of code as words: ``male_survivors`` is ``Male survivors``."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def _tally(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counts = Counter(question["status"] for question in asked)
    return [{"id": s.id, "label": s.label, "icon": s.icon, "count": counts[s]} for s in STATUSES]


def _groups(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return runs of questions with the same group, in the order of the table."""
    return [
        {"id": f"group-{number}", "name": name, "questions": list(questions)}
        for number, (name, questions) in enumerate(groupby(asked, key=lambda question: question["group"]), 1)
    ]


def _filters(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = {question["kind"]: question["kind_label"] for question in asked}
    sources = {question["source_id"]: question["source"] for question in asked}
    return [
        {
            "name": "status",
            "label": "Answer",
            "options": [{"value": s.id, "label": s.label} for s in STATUSES],
        },
        {"name": "kind", "label": "Kind", "options": options(kinds)},
        {"name": "source", "label": "Asked by", "options": options(sources)},
    ]


def options(labels: dict[str, str]) -> list[dict[str, str]]:
    """Return the choices of a filter, by label."""
    return [{"value": value, "label": labels[value]} for value in sorted(labels, key=lambda key: labels[key])]


def questions_total(layout: Layout) -> int:
    """Return how many questions the checkout lists."""
    return len(_rows(layout, "questions")) if has_questions(layout) else 0
