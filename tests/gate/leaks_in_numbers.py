"""Leaks in numbers of records: small counts, what gives them away, second markers, orders, curves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from building import Planted
from leak import Leak
from planting import add_column, edit_payload, edit_svg, output, payload, retable

from analysis.record import DISCLOSURE_FILE, canonical_json

LINE = re.compile(r'<path d="([^"]*)"[^>]*style="fill: none; stroke: #12436d; stroke-width: 1.6')
POINT = re.compile(r"([\d.]+) ([\d.]+)")
Json = dict[str, Any]
Plant = Callable[[Planted], None]


def table(change: Callable[[Json], None], key: str = "outcomes") -> Plant:
    """Return what changes a table in all its forms."""
    return lambda run: retable(run, key, change)


def cell(row: int, column: int, shown: str, value: Any, key: str = "outcomes") -> Plant:
    """Return what changes one cell in all its forms."""

    def change(said: Json) -> None:
        said["cells"][row][column], said["values"][row][column] = shown, value

    return table(change, key)


def column(name: str, label: str, cells: list[str], values: list[Any], key: str = "outcomes.shares") -> Plant:
    """Return what adds a column in all forms of a table."""
    return table(lambda said: add_column(said, name, label, cells, values), key)


def handover(change: Callable[[Json], None]) -> Plant:
    """Return what changes what disclosure control handed over."""

    def plant(run: Planted) -> None:
        path = run.folder / DISCLOSURE_FILE
        body = json.loads(path.read_text("utf-8"))
        change(body)
        path.write_text(canonical_json(body), "utf-8")
        run.edit_file(DISCLOSURE_FILE, lambda held: held)

    return plant


def value(name: str, **new: Any) -> Plant:
    """Return what changes a number of a finding."""
    key = "waits.1" if name == "hidden" else "outcomes.1"
    return lambda run: edit_payload(run, "finding", key, lambda said: said["values"][name].update(new))


def _without(run: Planted) -> None:
    (run.folder / DISCLOSURE_FILE).unlink()
    run.edit_notebook(lambda _: None)


def _reordered(said: Json) -> None:
    """Put rows in the order of a hidden count: fewest declined first, and the largest group between."""
    order = [2, 0, 1, 3]
    for name in ("cells", "values"):
        said[name][:] = [said[name][at] for at in order]


def _columns_reordered(said: Json) -> None:
    order = [0, 3, 2, 1, 4]
    for name in ("cells", "values"):
        said[name][:] = [[row[at] for at in order] for row in said[name]]
    said["columns"][:] = [said["columns"][at] for at in order]


def _a_step(run: Planted) -> None:
    """Add a step of the curve on the day of one event."""

    def change(said: Json) -> None:
        for name, row in (
            ("cells", ["3", "247", "99.6%", "94.6%", "100.0%"]),
            ("values", [3, 247, 0.996, 0.946, 1.0]),
        ):
            said[name].insert(1, row)

    retable(run, "waits", change)


def _a_step_drawn(run: Planted) -> None:
    """Draw the curve through the day of one event."""

    def redraw(text: str) -> str:
        line = max(LINE.finditer(text), key=lambda match: len(match[1]))
        start, *rest = POINT.findall(line[1])
        step = f"{float(start[0]) + 15:.2f}", f"{float(start[1]) + 0.95:.2f}"
        path = f"M {' '.join(start)} " + " ".join(f"L {' '.join(point)}" for point in (step, *rest))
        return text[: line.start(1)] + path + text[line.end(1) :]

    edit_svg(run, "waits", redraw)


def _opened(said: Json) -> None:
    """Show one of two hidden cells of a row and of a column: the other follows."""
    said["cells"][0][2], said["values"][0][2] = "61", 61


def _second_marker(said: Json) -> None:
    said["cells"][0][2] = said["values"][0][2] = "[x]"


def _all_of_a_group(said: Json) -> None:
    for row, (count, shown) in enumerate([(248, "248"), (80, "80"), (46, "46")]):
        said["cells"][row][1], said["values"][row][1] = shown, count


def _say_small(run: Planted) -> None:
    def edit(notebook: Json) -> None:
        data = output(notebook, "finding", "outcomes.1")
        said = payload(data)
        said["values"]["n"].update(value=4, text="4")
        for form in ("text/html", "text/plain"):
            data[form] = "".join(data[form]).replace("248", "4")
        said["text"] = said["text"].replace("248", "4")

    run.edit_notebook(edit)


def _mean_of_one(run: Planted) -> None:
    def change(said: Json) -> None:
        add_column(said, "mean", "Mean days", ["31.0", "12.0", "44.0"], [31.0, 12.0, 44.0])
        said["cells"][2][2], said["values"][2][2] = "1", 1

    retable(run, "outcomes.shares", change)


def _mean_beside_hidden(name: str, label: str) -> Plant:
    """Return what shows a mean or a sum of those whose number is known, who are hidden."""

    def change(said: Json) -> None:
        add_column(said, "known", "With a known value", ["120", "[c]", "44"], [120, "[c]", 44])
        add_column(said, name, label, ["31.2", "12.4", "44.1"], [31.2, 12.4, 44.1])

    return table(change, "outcomes.shares")


COUNTS = [
    Leak("small count in a table", cell(1, 2, "4", 4), ("small-count",)),
    Leak("nought in a table", cell(1, 2, "0", 0), ("small-count",)),
    Leak("count that is no released cell", cell(0, 1, "123", 123, "outcomes.shares"), ("released",)),
    Leak("count across that is no released cell", cell(0, 1, "97", 97), ("released",)),
    Leak("count of another table's cell", cell(0, 1, "14", 14, "outcomes.shares"), ("released",)),
    Leak("sum of two cells of a line, apart", cell(0, 1, "168", 168, "outcomes.shares"), ("released",)),
    Leak(
        "value behind a marker",
        lambda run: edit_payload(run, "table", "outcomes", lambda said: said["values"][1].__setitem__(2, 4)),
        ("hidden-value",),
    ),
    Leak(
        "value behind a printed number",
        lambda run: edit_payload(
            run, "table", "outcomes", lambda said: said["values"][0].__setitem__(1, 96.4)
        ),
        ("hidden-value",),
    ),
    Leak(
        "value behind a label",
        lambda run: edit_payload(
            run, "table", "outcomes", lambda said: said["values"][0].__setitem__(0, "Female, 4")
        ),
        ("hidden-value",),
    ),
    Leak("number of a finding behind its marker", value("hidden", value=4), ("hidden-value",)),
    Leak("limits of a finding behind its marker", value("hidden", low=2.0, high=6.0), ("hidden-value",)),
    Leak(
        "number of a finding that it does not say",
        lambda run: edit_payload(
            run,
            "finding",
            "outcomes.1",
            lambda said: said["values"].update(m={**said["values"]["n"], "text": "77"}),
        ),
        ("output-words",),
    ),
    Leak("small number said of people", _say_small, ("small-count",)),
]
BACKWARDS = [
    Leak("total minus parts", table(_opened), ("derived",)),
    Leak("share beside a hidden count", cell(1, 1, "[c]", "[c]", "outcomes.shares"), ("derived",)),
    Leak("mean beside a hidden number", _mean_beside_hidden("mean", "Mean days"), ("derived",)),
    Leak("sum beside a hidden number", _mean_beside_hidden("total", "Days, together"), ("derived",)),
    Leak("percentage of a small base", cell(1, 2, "38", 38, "outcomes.shares"), ("small-base",)),
    Leak("rest of a base", cell(1, 2, "84", 84, "outcomes.shares"), ("complement",)),
    Leak("all of a group", table(_all_of_a_group, "outcomes.shares"), ("complement",)),
    Leak("suppression pattern with two markers", table(_second_marker), ("marker",)),
    Leak("word in place of a marker", cell(1, 2, "fewer than 10", "fewer than 10"), ("marker",)),
    Leak("marker with a remark", cell(1, 2, "[c]*", "[c]*"), ("marker",)),
    Leak("order of rows", table(_reordered), ("order",)),
    Leak("order of columns", table(_columns_reordered), ("order",)),
]
EXTREMES = [
    Leak("longest wait", column("maximum", "Longest", ["412", "300", "288"], [412, 300, 288]), ("extreme",)),
    Leak("shortest wait", column("wait_min", "From", ["1", "2", "2"], [1, 2, 2]), ("extreme",)),
    Leak(
        "residuals of a model",
        column("residual", "Residual", ["1.2", "0.1", "0.3"], [1.2, 0.1, 0.3]),
        ("extreme",),
    ),
    Leak(
        "outliers of a box plot", column("fliers", "Outliers", ["91", "99", "98"], [91, 99, 98]), ("extreme",)
    ),
    Leak("mean of one", _mean_of_one, ("small-base",)),
    Leak("step of a curve at a single event", _a_step, ("curve",)),
    Leak("step of a curve drawn at a single event", _a_step_drawn, ("svg-points",)),
]
OF_ROWS = {"base": "stays", "area": ["norfolk"], "start": "2022-04-01", "end": "2023-03-31", "data": "0" * 64}
RELEASE = [
    Leak("records without a release", _without, ("released",)),
    Leak("output that nothing released", handover(lambda b: b["keys"].pop("outcomes")), ("released",)),
    Leak(
        "output that was refused",
        handover(lambda b: b["outputs"][0].update(verdict="not available")),
        ("released",),
    ),
    Leak("release under another policy", handover(lambda b: b.update(policy="0" * 64)), ("released",)),
    Leak("another marker than the policy's", handover(lambda b: b.update(marker="[s]")), ("marker",)),
    Leak(
        "hidden cell in what was handed over",
        handover(lambda b: b["published"][0]["cells"][1].__setitem__(1, 4)),
        ("small-count",),
    ),
    Leak(
        "number of single rows in what was handed over",
        handover(lambda b: b.update(from_rows=[{**OF_ROWS, "numbers": {"nights": "4"}}])),
        ("released",),
    ),
    Leak("field in what was handed over", handover(lambda b: b.update(people={"Male": 4})), ("released",)),
]
LEAKS = [*COUNTS, *BACKWARDS, *EXTREMES, *RELEASE]
