"""Leaks in the notebook, its outputs as HTML, the page and the record."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from building import Planted, redigest
from leak import NAME, Leak
from planting import edit_cell, edit_html, edit_output, edit_payload, html, output

from analysis.record import RUN_FILE

Json = dict[str, Any]
Plant = Callable[[Planted], None]
STREAM = {"output_type": "stream", "text": [NAME]}
ERROR = {"output_type": "error", "ename": "KeyError", "evalue": NAME, "traceback": [f"KeyError: {NAME}"]}
RAW = {"output_type": "display_data", "metadata": {}}


def shows(new: Json) -> Plant:
    """Return what adds an output to a cell."""
    return lambda run: edit_cell(run, lambda cell: cell["outputs"].append(new))


def forms(**data: Any) -> Plant:
    """Return what adds a form to an output, by a type of its own."""
    return lambda run: edit_output(run, lambda held: held.update(data))


def cells(change: Callable[[Json], None], name: str = "outcomes-table") -> Plant:
    """Return what changes a cell."""
    return lambda run: edit_cell(run, change, name)


def notebook(change: Callable[[Json], None]) -> Plant:
    """Return what changes the notebook."""
    return lambda run: run.edit_notebook(change)


def record(change: Callable[[Json], None]) -> Plant:
    """Return what changes the record."""
    return lambda run: run.edit_record(change)


def fragment(old: str, new: str, kind: str = "table", key: str = "outcomes") -> Plant:
    """Return what changes the HTML of an output."""
    return lambda run: edit_html(run, kind, key, lambda held: held.replace(old, new, 1))


def page(old: str, new: str) -> Plant:
    """Return what changes the page alone."""
    return lambda run: run.edit_file("report.html", lambda held: held.replace(old.encode(), new.encode(), 1))


def _added_cell(stored: Json) -> None:
    extra = dict(stored["cells"][-1]) | {"id": "extra", "source": f"# {NAME}", "outputs": []}
    stored["cells"].append(extra | {"execution_count": extra["execution_count"] + 1})


def _as_written(run: Planted, name: str, change: Callable[[str], str]) -> None:
    path = run.folder / name
    before = path.read_text("utf-8")
    path.write_text(change(before), "utf-8")
    assert path.read_text("utf-8") != before
    if name != RUN_FILE:
        redigest(run.folder)


OUTPUTS = [
    Leak("standard output", shows({**STREAM, "name": "stdout"}), ("notebook-stream",)),
    Leak("stderr", shows({**STREAM, "name": "stderr"}), ("notebook-stream",)),
    Leak("traceback", shows(ERROR), ("notebook-error",)),
    Leak("raw frame", shows({**RAW, "data": {"text/html": f"<table><td>{NAME}"}}), ("notebook-output",)),
    Leak(
        "description of a widget",
        shows({**RAW, "data": {"application/vnd.jupyter.widget-view+json": {"description": NAME}}}),
        ("notebook-output",),
    ),
    Leak(
        "docstring of an object", forms(**{"text/latex": f"class Cohort: '''{NAME}'''"}), ("notebook-output",)
    ),
    Leak("image of a raw plot", forms(**{"image/png": "iVBORw0KGgo="}), ("notebook-output",)),
    Leak(
        "result of the last expression",
        cells(lambda c: c["outputs"][0].update(output_type="execute_result", execution_count=3)),
        ("notebook-output",),
    ),
    Leak(
        "name of a field in a payload",
        lambda run: edit_payload(run, "table", "outcomes", lambda said: said.update({NAME: 1})),
        ("output-shape",),
    ),
    Leak(
        "name of a field deep in a payload",
        lambda run: edit_payload(run, "table", "outcomes", lambda said: said["provenance"].update({NAME: 1})),
        ("output-shape",),
    ),
    Leak(
        "plain text of an output",
        lambda run: edit_output(run, lambda held: held.update({"text/plain": f"Table: {NAME}"})),
        ("output-words",),
    ),
    Leak(
        "figure under the key of a survivor",
        lambda run: edit_payload(run, "figure", "outcomes", lambda said: said.update(id="outcomes.megan")),
        ("folder-name",),
    ),
]

METADATA = [
    Leak(
        "metadata of the notebook",
        notebook(lambda n: n["metadata"].update(author=NAME)),
        ("notebook-metadata",),
    ),
    Leak(
        "state of widgets",
        notebook(lambda n: n["metadata"].update(widgets={"state": {"description": NAME}})),
        ("notebook-metadata",),
    ),
    Leak(
        "metadata of papermill",
        notebook(lambda n: n["metadata"].update(papermill={"exception": NAME})),
        ("notebook-metadata",),
    ),
    Leak("metadata of a cell", cells(lambda c: c["metadata"].update(note=NAME)), ("notebook-metadata",)),
    Leak(
        "metadata of an output",
        cells(lambda c: c["outputs"][0].update(metadata={"alt": NAME})),
        ("notebook-metadata",),
    ),
    Leak("attachment", cells(lambda c: c.update(attachments={"a.png": {}}), "outcomes"), ("notebook-shape",)),
    Leak("id of a cell", cells(lambda c: c.update(id="megan-evans")), ("notebook-source",)),
    Leak("code of a cell", cells(lambda c: c.update(source=f"# {NAME}")), ("notebook-source",)),
    Leak(
        "words of a cell",
        cells(lambda c: c.update(source="## Outcomes\n\nSo it is."), "outcomes"),
        ("notebook-source",),
    ),
    Leak("cell that the repository has not", notebook(_added_cell), ("notebook-source",)),
    Leak("cell that ran twice", cells(lambda c: c.update(execution_count=9)), ("notebook-order",)),
    Leak(
        "comment beside the injected parameters",
        cells(
            lambda c: c.update(source=c["source"][0] + f"# {NAME}\n" + "".join(c["source"][1:])),
            "injected-parameters",
        ),
        ("notebook-source",),
    ),
    Leak(
        "order of fields in the notebook",
        lambda run: _as_written(run, "notebook.ipynb", lambda t: json.dumps(json.loads(t), indent=2)),
        ("notebook-shape",),
    ),
]

HTML = [
    Leak("HTML comment", fragment("</table>", f"<!-- {NAME} --></table>"), ("output-markup",)),
    Leak("data attribute", fragment("<table ", f'<table data-n="{NAME}" '), ("output-markup",)),
    Leak("hidden element", fragment("</table>", f"</table><p hidden>{NAME}</p>"), ("output-words",)),
    Leak(
        "element that a style hides", fragment("<tbody>", '<tbody style="display:none">'), ("output-markup",)
    ),
    Leak("title of an element", fragment("<table ", f'<table title="{NAME}" '), ("output-markup",)),
    Leak("label for screen readers", fragment("<table ", f'<table aria-label="{NAME}" '), ("output-markup",)),
    Leak(
        "class of a cell",
        fragment('<td class="dd-number">[c]', '<td class="dd-number p">[c]'),
        ("output-markup",),
    ),
    Leak(
        "class that the project has",
        fragment('<td class="dd-number">[c]', '<td class="dd-long">[c]'),
        ("marker",),
    ),
    Leak("id of an anchor", fragment('id="table-outcomes"', 'id="table-megan"'), ("output-markup",)),
    Leak("link in a table", fragment("<tbody>", f'<tbody><a href="#{NAME}">x</a>'), ("output-markup",)),
    Leak("direction of text", fragment("<table ", '<table dir="rtl" '), ("output-markup",)),
    Leak("script in an output", fragment("</table>", "</table><script>1</script>"), ("output-markup",)),
    Leak(
        "image from elsewhere",
        fragment("</table>", '</table><img src="https://e.org/a.png" alt="">'),
        ("output-markup",),
    ),
    Leak(
        "cell of the HTML alone",
        fragment('<td class="dd-number">[c]', '<td class="dd-number">4'),
        ("output-words",),
    ),
    Leak(
        "alt text of the HTML alone",
        fragment('alt="', f'alt="{NAME} ', "figure", "outcomes"),
        ("output-markup",),
    ),
    Leak(
        "words split by elements",
        fragment("Half of", "<b>Me</b>gan <b>Ev</b>ans Half of", "figure", "outcomes"),
        ("output-words", "identifier"),
    ),
    Leak("comment on the page", page("</main>", f"<!-- {NAME} --></main>"), ("page-markup",)),
    Leak("sentence on the page alone", page("</main>", "<p>Four.</p></main>"), ("page-remade",)),
    Leak("hidden paragraph on the page", page("</main>", f"<p hidden>{NAME}</p></main>"), ("page-markup",)),
    Leak("data attribute on the page", page("<main ", '<main data-n="4" '), ("page-markup",)),
    Leak("style of the page", page("</style>", f".a::after{{content:'{NAME}'}}</style>"), ("page-markup",)),
    Leak("spaces at the end of a line of the page", page("<body>", "<body> "), ("page-remade",)),
]

RECORD = [
    Leak(
        "parameter that nobody declares",
        record(lambda r: r["parameters"]["typed"].update(megan=1)),
        ("record-parameters",),
    ),
    Leak(
        "value of a parameter",
        record(lambda r: r["parameters"]["typed"].update(scope=NAME)),
        ("record-parameters",),
    ),
    Leak(
        "parameter as typed",
        record(lambda r: r["parameters"]["given"].update(scope=NAME)),
        ("record-parameters",),
    ),
    Leak("field of the record", record(lambda r: r.update(note=NAME)), ("record-shape",)),
    Leak(
        "path of an input",
        record(lambda r: r["inputs"][0].update(path=f"data/{NAME}.csv")),
        ("record-shape",),
    ),
    Leak("title in the record", record(lambda r: r.update(title=NAME)), ("record-true",)),
    Leak(
        "number in the record alone",
        record(lambda r: r["values"]["outcomes.1"]["n"].update(value=4)),
        ("record-true",),
    ),
    Leak(
        "version of a package",
        record(lambda r: r["environment"]["packages"].update(pandas=NAME)),
        ("record-shape",),
    ),
    Leak("name of the folder", record(lambda r: r.update(name="tiny--megan")), ("record-true",)),
    Leak("time of the run", record(lambda r: r.update(started=NAME)), ("record-shape",)),
    Leak(
        "spaces in the record",
        lambda run: _as_written(run, RUN_FILE, lambda t: t.replace(" ", "  ", 1)),
        ("record-shape",),
    ),
]
LEAKS = [*OUTPUTS, *METADATA, *HTML, *RECORD]

__all__ = ["LEAKS", "html", "output"]
