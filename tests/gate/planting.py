"""Ways to put something into a finished run, so that its page, values and digests agree with it again.

A leak is planted as code would leak it: consistently. What is only laid beside a run, or changed in one of
its forms, is planted on purpose where the test is about that.
"""

from __future__ import annotations

import base64
import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from html import escape
from typing import Any

from building import Planted
from made_up import SOURCE, TIER

from analysis.gate.subject import KINDS
from analysis.present import prose, tables
from analysis.present.provenance import Basis, Citation

Json = dict[str, Any]
Change = Callable[[Any], Any]
SVG_URI = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")


def output(notebook: Json, kind: str, key: str) -> Json:
    """Return the data of one output."""
    mime = next(mime for mime, name in KINDS.items() if name == kind)
    shown = (one for cell in notebook["cells"] for one in cell.get("outputs", ()))
    held = (one["data"] for one in shown if mime in one.get("data", {}))
    return next(data for data in held if data[mime].get("id", "") == key)


def payload(data: Json) -> Json:
    """Return the payload of an output's data."""
    return next(data[mime] for mime in KINDS if mime in data)


def html(data: Json) -> str:
    """Return the HTML of an output."""
    held = data["text/html"]
    return held if isinstance(held, str) else "".join(held)


def reword(run: Planted, kind: str, key: str, field: str, change: Callable[[str], str]) -> None:
    """Change a text of a payload, and in its HTML and plain text with it."""

    def edit(notebook: Json) -> None:
        data = output(notebook, kind, key)
        said = payload(data)
        old, new = said[field], change(said[field])
        said[field] = new
        shown = html(data)
        shown = shown.replace(prose.html(old), prose.html(new)) if old else shown
        data["text/html"] = shown.replace(f'alt="{escape(old)}"', f'alt="{escape(new)}"')
        data["text/plain"] = "".join(data["text/plain"]).replace(prose.words(old), prose.words(new))
        beside = run.folder / f"figures/{key.replace('.', '-')}.txt"
        if kind == "figure" and old:
            beside.write_text(beside.read_text("utf-8").replace(prose.words(old), prose.words(new)), "utf-8")

    run.edit_notebook(edit)


def edit_payload(run: Planted, kind: str, key: str, change: Callable[[Json], None]) -> None:
    """Change a payload and nothing else of its output."""
    run.edit_notebook(lambda notebook: change(payload(output(notebook, kind, key))))


def edit_html(run: Planted, kind: str, key: str, change: Callable[[str], str]) -> None:
    """Change the HTML of an output and nothing else."""

    def edit(notebook: Json) -> None:
        data = output(notebook, kind, key)
        before = html(data)
        data["text/html"] = change(before)
        assert data["text/html"] != before

    run.edit_notebook(edit)


def edit_output(
    run: Planted, change: Callable[[Json], None], kind: str = "table", key: str = "outcomes"
) -> None:
    """Change the data of an output."""
    run.edit_notebook(lambda notebook: change(output(notebook, kind, key)))


def edit_cell(run: Planted, change: Callable[[Json], None], name: str = "outcomes-table") -> None:
    """Change a cell of the notebook."""
    run.edit_notebook(lambda notebook: change(next(c for c in notebook["cells"] if c["id"] == name)))


def retable(run: Planted, key: str, change: Callable[[Json], None]) -> None:
    """Change a table's payload, and make its HTML, its text and its CSV of it again."""

    def edit(notebook: Json) -> None:
        data = output(notebook, "table", key)
        said = payload(data)
        change(said)
        basis = said["provenance"]
        cited = tuple(Citation(SOURCE, text, TIER) for text in basis["sources"])
        whole = Basis(tuple(basis["tiers"]), cited, tuple(basis["figure_ids"]), tuple(basis["footnotes"]))
        anchor = f"table-{key.replace('.', '-')}"
        data["text/html"] = tables.table_html(said, whole, anchor)
        data["text/plain"] = f"Table: {prose.words(said['title'])} ({len(said['cells'])} rows)"
        rewrite_csv(run, f"tables/{key.replace('.', '-')}.csv", said)

    run.edit_notebook(edit)


def rewrite_csv(run: Planted, name: str, said: Json) -> None:
    """Write the CSV of a payload."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    names = [column["name"] for column in said["columns"]]
    writer.writerow([*names, "tier", "source_id", "figure_ids", "footnote"])
    for row in said["values"]:
        writer.writerow(["" if value is None else value for value in row] + [TIER, SOURCE, "", ""])
    (run.folder / name).write_text(out.getvalue(), encoding="utf-8", newline="")


def add_column(
    said: Json, name: str, label: str, cells: list[str], values: list[Any], *, kind: str = "number"
) -> None:
    """Add a column to a table."""
    said["columns"].append({"name": name, "label": label, "unit": "", "kind": kind})
    for row, cell in zip(said["cells"], cells, strict=True):
        row.append(cell)
    for row, value in zip(said["values"], values, strict=True):
        row.append(value)


# -- files --------------------------------------------------------------------------------------------


def chunk(name: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def before_end(new: bytes) -> Callable[[bytes], bytes]:
    """Return a change that puts bytes before the last chunk of a PNG."""
    return lambda content: content[:-12] + new + content[-12:]


def repixel(change: Callable[[bytes], bytes], level: int = 9) -> Callable[[bytes], bytes]:
    """Return a change of a PNG's unpacked pixel data, packed again as one chunk."""

    def edit(content: bytes) -> bytes:
        at, data, head, rest = 8, b"", [], []
        while at < len(content):
            length, name = struct.unpack(">I4s", content[at : at + 8])
            whole = content[at : at + 12 + length]
            at += 12 + length
            if name == b"IDAT":
                data += whole[8:-4]
            else:
                (rest if data else head).append(whole)
        packed = chunk(b"IDAT", zlib.compress(change(zlib.decompress(data)), level))
        return content[:8] + b"".join(head) + packed + b"".join(rest)

    return edit


def edit_svg(
    run: Planted, key: str, change: Callable[[str], str], *, files: bool = True, page: bool = True
) -> None:
    """Change a figure's drawings: the file, and the two in its HTML."""

    def edit(notebook: Json) -> None:
        data = output(notebook, "figure", key)

        def redraw(match: re.Match[str]) -> str:
            drawing = base64.b64decode(match[1]).decode()
            return "data:image/svg+xml;base64," + base64.b64encode(change(drawing).encode()).decode()

        if page:
            data["text/html"] = SVG_URI.sub(redraw, html(data))
        if files:
            path = run.folder / f"figures/{key.replace('.', '-')}.svg"
            before = path.read_text("utf-8")
            path.write_text(change(before), "utf-8")
            assert path.read_text("utf-8") != before

    run.edit_notebook(edit)


def add_file(run: Planted, name: str, content: bytes) -> None:
    """Add a file, and list it."""
    path = run.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    run.edit_file("notebook.ipynb", lambda held: held)


def rezip(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return an archive with other parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


__all__ = [
    "add_column",
    "add_file",
    "before_end",
    "chunk",
    "edit_cell",
    "edit_html",
    "edit_output",
    "edit_payload",
    "edit_svg",
    "html",
    "output",
    "payload",
    "repixel",
    "retable",
    "reword",
    "rezip",
]
