"""Leaks that no scanner can see: something harmless that depends on something hidden."""

from __future__ import annotations

from building import Planted
from leak import Leak
from leaks_in_numbers import column, handover, table
from planting import edit_html, edit_payload, edit_svg, payload, repixel, reword

Json = dict


def _recoloured(run: Planted) -> None:
    edit_svg(run, "outcomes", lambda text: text.replace("fill: #12436d", "fill: #d05a17", 1))


def _moved(run: Planted) -> None:
    edit_svg(run, "outcomes", lambda text: text.replace("translate(", "translate(0.004 0) translate(", 1))


def _styled(run: Planted) -> None:
    edit_svg(
        run,
        "waits",
        lambda text: text.replace("fill: none; stroke: #12436d", "stroke: #12436d; fill: none", 1),
    )


def _patterned(run: Planted) -> None:
    """Hide the two cells of those whose sex is not known, and show the two of women."""

    def change(said: Json) -> None:
        for name in ("cells", "values"):
            rows = said[name]
            rows[0][2:4] = ["61", "32"] if name == "cells" else [61, 32]
            rows[2][2:4] = ["[c]", "[c]"]

    def told(body: Json) -> None:
        cells = body["published"][0]["cells"]
        for pair in cells:
            at = dict(pair[0])
            if at.get("outcome") in {"Declined", "Withdrawn"} and at.get("sex") in {"Female", "Not known"}:
                shown = {"Declined": 61, "Withdrawn": 32}[at["outcome"]]
                pair[1] = shown if at["sex"] == "Female" else None

    handover(told)(run)
    table(change)(run)


def _led(run: Planted) -> None:
    """Let another finding lead the first screen."""

    def edit(notebook: Json) -> None:
        shown = [one["data"] for cell in notebook["cells"] for one in cell.get("outputs", ())]
        for said in map(payload, shown):
            if said.get("headline") in {1, 2}:
                said["headline"] = 3 - said["headline"]

    run.edit_notebook(edit)


def _decimals(said: Json) -> None:
    said["cells"][0][3] = f"{100 * said['values'][0][3]:.3f}%"


CHOSEN = "Each of the two is sound, and only the hidden number says which is chosen."
LEAKS = [
    Leak(
        "sentence chosen by a hidden number",
        lambda run: reword(run, "finding", "outcomes.1", "meaning", lambda _: "Plan for more."),
        why=CHOSEN,
    ),
    Leak(
        "alt text chosen by a hidden number",
        lambda run: reword(run, "figure", "outcomes", "alt", lambda text: text.replace("Bars", "Rows")),
        why=CHOSEN,
    ),
    Leak(
        "absence chosen by a hidden number",
        lambda run: reword(run, "absence", "waits.cause", "why", lambda _: "Causes are seldom recorded."),
        why=CHOSEN,
    ),
    Leak("finding that leads chosen by a hidden number", _led, why=CHOSEN),
    Leak("colour of the palette chosen by a hidden number", _recoloured, why=CHOSEN),
    Leak("suppression pattern chosen by a hidden number", _patterned, why=CHOSEN),
    Leak("decimals chosen by a hidden number", table(_decimals, "outcomes.shares"), why=CHOSEN),
    Leak(
        "lowest bit of a pixel",
        lambda run: run.edit_file(
            "figures/outcomes.png",
            repixel(lambda pixels: pixels[:4001] + bytes([pixels[4001] ^ 1]) + pixels[4002:]),
        ),
        why="One shade more or less is a pixel like any other.",
    ),
    Leak(
        "packing of an image",
        lambda run: run.edit_file("figures/outcomes.png", repixel(lambda p: p, 1)),
        why="The same pixels can be packed in many ways, all of them sound.",
    ),
    Leak("place of a letter", _moved, why="A letter may stand anywhere."),
    Leak("order of a style's parts", _styled, why="Either order is the same style."),
    Leak(
        "order of attributes",
        lambda run: edit_html(
            run,
            "table",
            "outcomes",
            lambda text: text.replace(
                '<th scope="col" class="dd-number">', '<th class="dd-number" scope="col">', 1
            ),
        ),
        why="Either order is the same element.",
    ),
    Leak(
        "estimates of a saturated model",
        column("ratio", "Ratio", ["1.52", "0.81", "0.64"], [1.52, 0.81, 0.64]),
        why="An estimate looks like any other; that it repeats a cell shows when the cell changes.",
    ),
    Leak(
        "source named for a hidden number",
        lambda run: edit_payload(
            run, "table", "outcomes", lambda said: said["provenance"]["figure_ids"].append("n-4")
        ),
        why="An id of evidence says nothing by itself.",
    ),
]
