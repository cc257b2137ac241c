"""A run as the gate sees it: its record, its notebook, what each cell showed, and the checkout it is from."""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from analysis.gate.refusal import GUARDED, Limits
from analysis.record import DISCLOSURE_FILE, FIGURE_MIME, MIME_TYPES, RUN_FILE, TABLE_MIME
from analysis.runner.history import NOTEBOOK_FILE
from analysis.runner.verdict import INJECTED_TAG, Payload, declared_files

VIEWS_FILE: Final = "data/record_views.yml"

Json = dict[str, Any]
SUFFIXES: Final = ("png", "svg", "csv", "txt")
"""Files of a figure."""
KINDS: Final = {
    mime: mime.removeprefix("application/vnd.deepdive.").removesuffix("+json") for mime in MIME_TYPES
}
"""Report, finding, table, figure, absence: by MIME type."""


class Unreadable(Exception):
    """The folder holds no run that can be read; its one argument says which file, and why."""


@dataclass(frozen=True)
class Bundle:
    """One output that is one of ours: the payload, and the two forms that people read.

    Attributes
    ----------
    cell
        Where it is in messages: a cell by its declared id or by its number.
    mime, payload, html, text
        As the notebook stores them.
    name
        The output in messages: by its key if the code declares it, else by its number.
    """

    cell: str
    mime: str
    payload: Json
    html: str
    text: str
    name: str

    @property
    def kind(self) -> str:
        """Report, finding, table, figure or absence."""
        return KINDS[self.mime]

    @property
    def id(self) -> str:
        """Its key."""
        return str(self.payload.get("id", ""))

    @property
    def stem(self) -> str:
        """What names of its files and anchors are made from."""
        return self.id.replace(".", "-")

    @property
    def guarded(self) -> bool:
        """Whether any of its numbers are about people who are not published."""
        basis = self.payload.get("provenance", {})
        return bool(GUARDED & set(basis.get("tiers", ()))) if isinstance(basis, dict) else True

    @property
    def expected(self) -> list[str]:
        """Files that an output of its key has, below the run."""
        if self.kind == "table":
            return [f"tables/{self.stem}.csv"]
        return [f"figures/{self.stem}.{suffix}" for suffix in SUFFIXES] if self.kind == "figure" else []

    @property
    def files(self) -> list[str]:
        """Files that it says come with it, below the run."""
        return declared_files(Payload(self.cell, self.mime, self.payload))


@dataclass(frozen=True)
class Subject:
    """Everything the scanners read of one run.

    Attributes
    ----------
    folder
        The run.
    root
        The checkout that made it: public data, committed notebooks, templates.
    record, notebook
        ``run.json`` and ``notebook.ipynb``.
    released
        ``disclosure.json``, or None if the run has none.
    policy
        The disclosure policy, or None for the usual one: see `Limits.of`.
    """

    folder: Path
    root: Path
    record: Json
    notebook: Json
    released: Json | None
    policy: Any = None

    @classmethod
    def read(cls, folder: Path, root: Path, policy: Any = None) -> Subject:
        """Read a run.

        Raises
        ------
        Unreadable
            If a file that every run has is missing, or is not JSON of an object.
        """
        released = folder / DISCLOSURE_FILE
        return cls(
            folder,
            root,
            _object(folder / RUN_FILE),
            _object(folder / NOTEBOOK_FILE),
            _object(released) if released.is_file() else None,
            policy,
        )

    @cached_property
    def guarded(self) -> bool:
        """Whether the run read any records, as its record or its outputs say."""
        rows = self.record.get("inputs", [])
        read = {row.get("tier") for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()
        return bool(GUARDED & read) or any(bundle.guarded for bundle in self.bundles)

    def names(self, bundle: Bundle) -> list[str]:
        """Return the names of the released objects that an output says it is of."""
        keys = self.released.get("keys", {}) if self.released else {}
        found = keys.get(bundle.id, []) if isinstance(keys, dict) else []
        return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []

    def row_tiers(self, bundle: Bundle) -> list[frozenset[str]]:
        """Return what each row of a table or figure rests on, as its CSV says; all of it where none does."""
        whole = frozenset(bundle.payload.get("provenance", {}).get("tiers", ()))
        rows = len(bundle.payload.get("values", ()))
        path = next((self.folder / name for name in bundle.files if name.endswith(".csv")), None)
        if path is not None and path.is_file():
            with path.open(encoding="utf-8", errors="replace", newline="") as file:
                said = [
                    frozenset((row.get("tier") or "").replace(";", " ").split())
                    for row in csv.DictReader(file)
                ]
            if len(said) == rows and all(said) and frozenset().union(*said) <= whole:
                return said
        return [whole] * rows

    def limits(self, bundle: Bundle) -> Limits:
        """Return the numbers that hold for an output: the policy's, its exceptions', and its topics'."""
        names = [bundle.id, *self.names(bundle)]
        texts = [text for texts in labels(bundle.payload) for text in texts]
        return Limits.of(self.policy).for_output(self.policy, names, texts)

    @cached_property
    def cells(self) -> list[Json]:
        """The notebook's cells."""
        cells = self.notebook.get("cells", [])
        return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every string that the code of the notebook states, from which keys of outputs are made."""
        found: set[str] = set()
        for cell in self.cells:
            if cell.get("cell_type") == "code" and INJECTED_TAG not in tags(cell):
                found |= set(_strings(text(cell.get("source", ""))))
        return frozenset(found | set(self._declared()))

    def _declared(self) -> Iterator[str]:
        """Yield the keys of the views over records that the checkout declares for this report."""
        path = self.root / VIEWS_FILE
        views = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
        notebook = self.record.get("notebook", {})
        name = notebook.get("name") if isinstance(notebook, dict) else None
        for view, body in (views.get(name) or {}).items():
            yield f"{body['section']}.{view}"
            yield f"{body['section']}.records"

    @cached_property
    def bundles(self) -> tuple[Bundle, ...]:
        """Every output that is one of ours, in order; the others are refused elsewhere."""
        return tuple(self._bundles())

    def _bundles(self) -> Iterator[Bundle]:
        for number, cell in enumerate(self.cells, 1):
            for place, output in enumerate(outputs(cell), 1):
                data = output.get("data")
                ours = [mime for mime in MIME_TYPES if isinstance(data, dict) and mime in data]
                if isinstance(data, dict) and len(ours) == 1 and isinstance(data[ours[0]], dict):
                    payload = data[ours[0]]
                    where = self.cell_name(number)
                    name = self._name(payload, ours[0]) or f"{where}, output {place}"
                    html, plain = text(data.get("text/html", "")), text(data.get("text/plain", ""))
                    yield Bundle(where, ours[0], payload, html, plain, name)

    def cell_name(self, number: int) -> str:
        """Return how a cell is called in messages: by its number, since an id can be made up."""
        return f"notebook.ipynb, cell {number}"

    def _name(self, payload: Json, mime: str) -> str:
        key = str(payload.get("id", ""))
        return f"{KINDS[mime]} {key}" if key and self.declares(key) else ""

    def declares(self, key: str) -> bool:
        """Whether the code states a key; findings are numbered within a section that it states."""
        stem, _, number = key.rpartition(".")
        return key in self.keys or key == SOURCES or (stem in self.keys and number.isdigit())

    def said_file(self, name: str) -> str:
        """Return how a file is called in messages: by its name if it is one that outputs declare."""
        if name in self.expected_files:
            return name
        folder = Path(name).parts[0] if len(Path(name).parts) > 1 else ""
        place = f"in {folder}" if folder in FOLDERS else "beside run.json" if not folder else "in a folder"
        return f"an undeclared file {place}"

    @cached_property
    def expected_files(self) -> frozenset[str]:
        """Files that the outputs declare, and those of every run."""
        known = [bundle for bundle in self.bundles if self.declares(bundle.id)]
        return frozenset({*STANDING, *(name for bundle in known for name in bundle.expected)})


SOURCES: Final = "sources"
"""Key of the table that ``finish`` shows."""
FOLDERS: Final = ("figures", "tables")
STANDING: Final = (
    RUN_FILE,
    NOTEBOOK_FILE,
    DISCLOSURE_FILE,
    "report.html",
    "report.pdf",
    "tables.xlsx",
    "ro-crate-metadata.json",
)
"""Files that a run may have whatever its outputs are."""


def labels(payload: Json) -> Iterator[list[str]]:
    """Yield the title, the heads and the labels of rows of a table or figure, which say what it is about."""
    yield [str(payload.get("title", "")), str(payload.get("text", ""))]
    yield [str(column.get("label", "")) for column in payload.get("columns", ())]
    yield [str(cell) for row in payload.get("cells", ()) for cell in row]


def text(value: Any) -> str:
    """Return a notebook's string, which is stored as one or as a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def tags(cell: Json) -> list[str]:
    """Return a cell's tags."""
    found = cell.get("metadata", {}).get("tags", []) if isinstance(cell.get("metadata"), dict) else []
    return [tag for tag in found if isinstance(tag, str)] if isinstance(found, list) else []


def outputs(cell: Json) -> list[Json]:
    """Return a cell's outputs."""
    found = cell.get("outputs", [])
    return [output for output in found if isinstance(output, dict)] if isinstance(found, list) else []


def _object(path: Path) -> Json:
    try:
        value = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Unreadable(f"{path.name} is missing") from None
    except (OSError, ValueError, RecursionError):
        raise Unreadable(f"{path.name} is not JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise Unreadable(f"{path.name} is no object")
    return value


def _strings(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


__all__ = ["FIGURE_MIME", "TABLE_MIME", "Bundle", "Subject", "Unreadable", "outputs", "tags", "text"]
