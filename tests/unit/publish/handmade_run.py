"""A finished run made by hand, of the shape that the session and the runner leave: no kernel is started."""

from __future__ import annotations

import base64
import json
from html import escape
from pathlib import Path
from typing import Any

from analysis.record import ABSENCE_MIME, FIGURE_MIME, FINDING_MIME, REPORT_MIME, TABLE_MIME

Json = dict[str, Any]
REFRESH = "Refresh of the Support in Safe Accommodation Strategy 2022-2023. Norfolk County Council, 2023."
CENSUS = "Census 2021, TS009: Sex by single year of age. Office for National Statistics, 2021-03-21."
BARS = (
    ("Police", 26.0, "26.0%"),
    ("Housing", 12.4, "12.4%"),
    ("Marac", 6.4, "6.4%"),
    ("Supported", 0.0, "0.0%"),
)
PARAMETERS = """from typing import Literal

area: str = "norfolk"  # the authority
period: str = "2022-23"  # the report period
confidence: float = 0.95  # of every interval
scope: Literal["women", "all"] = "all"  # whose characteristics are counted"""


def drawing() -> str:
    """Return a small bar chart as a data URI."""
    words = 'font-size="15" font-family="DejaVu Sans"'
    bars = "".join(
        f'<text x="110" y="{34 + 44 * row}" text-anchor="end" {words}>{name}</text>'
        f'<rect x="120" y="{16 + 44 * row}" width="{share * 18:.0f}" height="26" fill="#12436d"/>'
        f'<text x="{126 + share * 18:.0f}" y="{34 + 44 * row}" {words}>{printed}</text>'
        for row, (name, share, printed) in enumerate(BARS)
    )
    size = 'viewBox="0 0 710 200" width="710" height="200"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{bars}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def provenance(*tiers: str, footnotes: tuple[str, ...] = ()) -> Json:
    """Return what an output rests on."""
    named = {"published": REFRESH, "reference": CENSUS, "synthetic": "Generated sample."}
    sources = [named[tier] for tier in tiers]
    return {"tiers": list(tiers), "sources": sources, "figure_ids": [], "footnotes": list(footnotes)}


def badge(tier: str) -> str:
    return f'<span class="dd-tier dd-tier-{tier}">{tier.capitalize()}</span>'


def cited(tier: str, source: str) -> str:
    items = f"<ul><li>{badge(tier)} {source}</li></ul>"
    return f'<div class="dd-source"><span class="dd-word">Source</span>{items}</div>'


def shown(mime: str, payload: Json, html: str) -> Json:
    """Return one output as a notebook stores it."""
    data = {mime: payload, "text/html": html.splitlines(keepends=True), "text/plain": "shown"}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def finding(number: int, section: str, text: str, **more: Any) -> Json:
    """Return the output of ``run.say``."""
    payload = {
        "id": f"{section}.{number}",
        "section": section,
        "text": text,
        "uncertainty": "",
        "meaning": "",
        "headline": False,
        "summary": False,
        "values": {},
        "provenance": provenance("published"),
        **more,
    }
    strong = escape(text).replace("**", "<strong>", 1).replace("**", "</strong>", 1)
    rest = "".join(
        f'<p class="dd-{name}"><span class="dd-word">{word}</span> {escape(payload[name])}</p>'
        for name, word in (("uncertainty", "How sure"), ("meaning", "What it means for commissioning"))
        if payload[name]
    )
    badges = " ".join(badge(tier) for tier in payload["provenance"]["tiers"])
    head = " dd-headline" if payload["headline"] else ""
    anchor = f"finding-{section.replace('_', '-')}-{number}"
    html = f'<div class="dd-finding{head}" id="{anchor}"><p class="dd-text">{strong}</p>{rest}{badges}</div>'
    return shown(FINDING_MIME, payload, html)


def table(key: str, section: str, title: str, rows: list[list[str]], notes: tuple[str, ...] = ()) -> Json:
    """Return the output of ``run.table``."""
    heads, *body = rows
    anchor = f"table-{key.replace('.', '-')}"
    columns = [{"name": head.lower(), "label": head, "unit": "", "kind": "number"} for head in heads]
    payload = {
        "id": key,
        "section": section,
        "title": title,
        "columns": columns,
        "cells": body,
        "values": body,
        "notes": list(notes),
        "provenance": provenance("published", "reference", footnotes=notes),
    }
    html = (
        f'<div class="dd-output dd-table-output" id="{anchor}">'
        f'<div class="dd-scroll" role="region" tabindex="0" aria-labelledby="{anchor}-caption">'
        f'<table class="dd-table"><caption id="{anchor}-caption">{escape(title)}</caption><thead><tr>'
        + "".join(
            f'<th scope="col"{" class=dd-number" * (i > 0)}>{head}</th>' for i, head in enumerate(heads)
        )
        + "</tr></thead><tbody>"
        + "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f'<td class="dd-number">{escape(cell)}</td>' for cell in row[1:])
            + "</tr>"
            for row in body
        )
        + f"</tbody></table></div>{cited('published', REFRESH)}{cited('reference', CENSUS)}</div>"
    )
    return shown(TABLE_MIME, payload, html)


def figure(key: str, section: str, title: str, alt: str) -> Json:
    """Return the output of ``run.figure``."""
    name = key.replace(".", "-")
    payload = {
        "id": key,
        "section": section,
        "title": title,
        "alt": alt,
        "caption": "",
        "columns": [],
        "cells": [],
        "values": [],
        "files": {kind: f"figures/{name}.{kind}" for kind in ("png", "svg", "csv")},
        "provenance": provenance("published"),
    }
    html = (
        f'<figure class="dd-figure" id="figure-{name}"><figcaption>'
        f'<span class="dd-figure-title">{escape(title)}</span></figcaption>'
        f'<picture><img src="{drawing()}" width="710" height="200" alt="{escape(alt)}">'
        f"</picture>{cited('published', REFRESH)}</figure>"
    )
    return shown(FIGURE_MIME, payload, html)


def absence(key: str, section: str, why: str, needs: tuple[str, ...] = ()) -> Json:
    """Return the output of ``run.absent``."""
    payload = {"id": key, "section": section, "why": why, "needs": list(needs)}
    items = "".join(f"<li>{escape(need)}</li>" for need in needs)
    listed = f"<ul>{items}</ul>" if items else ""
    html = f'<div class="dd-absence" id="absence-{section}"><p>{escape(why)}</p>{listed}</div>'
    return shown(ABSENCE_MIME, payload, html)


def markdown(name: str, source: str) -> Json:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def code(name: str, source: str, *outputs: Json, tags: tuple[str, ...] = ()) -> Json:
    metadata = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "execution_count": 1,
        "outputs": list(outputs),
    }


def report(**more: Any) -> Json:
    """Return the output of ``begin``."""
    payload = {
        "notebook": "male_survivors",
        "title": "Male survivors",
        "question": "Where do men become visible to services, where do they vanish, and what would help?",
        "area": "norfolk",
        "area_name": "Norfolk",
        "period": "2022-23",
        "parameters": {"area": "norfolk", "period": "2022-23", "confidence": 0.95, "scope": "all"},
        "sections": ["visibility", "none_supported", "pathway", "places", "gaps"],
        **more,
    }
    return shown(
        REPORT_MIME,
        payload,
        "<style>.dd-report { color: red }</style><div class='dd-report'>never shown</div>",
    )


HEADLINES = (
    finding(
        1,
        "none_supported",
        "Of 225 people supported in safe accommodation, **none** was a man.",
        headline=True,
        uncertainty="the true share could be as high as 1.3 in every 100. If men came forward as they do to "
        "the police, a year with none would happen fewer than once in a million years.",
        meaning="This is not chance. Men who need a place are not reaching one, so counting referrals alone "
        "will understate what to commission.",
    ),
    finding(
        1,
        "visibility",
        "Men are **26.0%** of victims known to the police and 6.4% of cases at Marac.",
        headline=True,
        uncertainty="between 25 and 27 in every 100 for the police; between 5 and 8 for Marac.",
        meaning="Most men are lost between the police and the first offer. A pathway has to start there.",
        provenance=provenance("published", "reference"),
    ),
    finding(
        1,
        "places",
        "Men may use **22.6%** of bedspaces now and 35.6% once the planned places open.",
        headline=True,
        uncertainty="19 of 84 places, so between 15 and 33 in every 100 if the places were a sample.",
        meaning="The places exist on paper. Whether a man can be offered one on the day is not recorded.",
    ),
)
ROWS = [
    ["Where", "Men", "All", "Share", "Interval from", "Interval to"],
    ["Police crimes and incidents", "4,108", "15,800", "26.0%", "25.3%", "26.7%"],
    ["Housing, highest district", "13", "80", "16.3%", "9.7%", "25.8%"],
    ["Marac", "58", "907", "6.4%", "5.0%", "8.2%"],
    ["Supported in safe accommodation", "0", "225", "0.0%", "0.0%", "1.6%"],
    ["Stays", "not published", "not published", "not published", "not published", "not published"],
]
SOURCES = [["Title", "Publisher", "Date"], ["Refresh of the Strategy", "Norfolk County Council", "2023"]]
ALT = "Bars of the male share, from 26.0% of police victims through 12.4% and 6.4% to none of 225 supported."


def cells() -> list[Json]:
    """Return a short but complete report."""
    return [
        markdown(
            "title",
            "# Male survivors\n\nWhere do men become visible?\n\nThis answers questions M1, M2 and M14.",
        ),
        code("parameters", PARAMETERS, tags=("parameters",)),
        code("begin", 'from analysis import begin\nrun = begin("male_survivors", area=area)', report()),
        markdown("visibility", "## Where men become visible\n\nEach rung has its own denominator."),
        code("visibility-say", 'run.say("visibility", "Men are {police} of …")', HEADLINES[1]),
        code(
            "visibility-show",
            'run.table("visibility", ladder, title="…")\nrun.figure("visibility.ladder", chart, title="…")',
            figure(
                "visibility.ladder",
                "visibility",
                "The male share falls at every rung, from police to a place",
                ALT,
            ),
            table("visibility", "visibility", "The male share at each rung, Norfolk, 2022-23", ROWS),
        ),
        markdown(
            "none-supported",
            "## None supported: how sure can anyone be?\n\nFor none of $n$ people,\n\n$$1 - 0.05^{1/n}$$",
        ),
        code("none-say", "run.say(…)", HEADLINES[0]),
        markdown("pathway", "## The pathway"),
        code(
            "pathway-absent",
            "run.absent(…)",
            absence(
                "pathway",
                "pathway",
                "Norfolk publishes no referral of a man, by outcome.",
                ("sex of every person referred",),
            ),
        ),
        markdown("places", "## Places men may use"),
        code(
            "places-say",
            "run.say(…)",
            HEADLINES[2],
            finding(2, "places", "One place in five is open to men."),
        ),
        markdown("gaps", "## What this cannot say"),
        code(
            "gaps-absent",
            "run.absent(…)",
            absence(
                "gaps",
                "gaps",
                "No attempt by a man that never became a referral is recorded.",
                ("field M20: attempts",),
            ),
        ),
        code("finish", "run.finish()", table("sources", "sources", "Sources used in this report", SOURCES)),
    ]


def record(**more: Any) -> Json:
    """Return ``run.json``."""
    return {
        "notebook": {"name": "male_survivors", "path": "notebooks/male_survivors.ipynb", "sha256": "ab" * 32},
        "name": "male_survivors",
        "verdict": "succeeded",
        "started": "2026-11-21T10:00:00Z",
        "seconds": 4.2,
        "inputs": [{"path": "data/published/figures.csv", "sha256": "cd" * 32, "tier": "published"}],
        "code": {"sha256": "ef" * 32, "modules": {}},
        **more,
    }


def save(folder: Path, cells: list[Json], run: Json | None = None) -> Path:
    """Write a run's folder, with every file its outputs name."""
    folder.mkdir(parents=True, exist_ok=True)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (folder / "notebook.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "run.json").write_text(json.dumps(run or record()), encoding="utf-8")
    for name in (
        "figures/visibility-ladder.png",
        "figures/visibility-ladder.svg",
        "figures/visibility-ladder.csv",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("drawn", encoding="utf-8")
    (folder / "tables").mkdir(exist_ok=True)
    for name in ("visibility", "sources"):
        (folder / "tables" / f"{name}.csv").write_text("where,men\n", encoding="utf-8")
    return folder
