"""Every text of every file: identifiers, what the store holds, text in another code, letters nobody sees."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

from analysis.gate.decoding import DATA_URI, HIDING, readings, unseen, visible
from analysis.gate.drawing import HREF, Alphabet, Drawing, NotDrawn
from analysis.gate.markup import blocks, read
from analysis.gate.refusal import Refusal, refuse
from analysis.gate.scan_outputs import drawings, strings
from analysis.gate.scan_workbook import texts as workbook_texts
from analysis.gate.subject import Subject
from analysis.record import PUBLIC, file_sha256
from analysis.records.recognisers import KINDS, spans

NOBODY: Final = re.compile(r"[0-9a-f]{64}|-?\d+\.\d+(?:e-?\d+)?")
"""Digests and fractions: long numbers that name nobody. What the store holds is looked for in them too."""

Json = dict[str, Any]
Fragment = tuple[str, str]


class Secrets(Protocol):
    """What a store must not give away, told without being shown: see `analysis.records.telltales`."""

    def told(self, text: str) -> list[str]:
        """Return the kinds of secret that a text holds, such as "a pseudonym"; never the secret."""


@dataclass(frozen=True)
class Public:
    """What stands in public files of the checkout, and therefore identifies nobody who is not public.

    Attributes
    ----------
    root
        The checkout.
    inputs
        The inputs of the run, as its record says.
    notebook
        Name of its notebook.
    """

    root: Path
    inputs: tuple[tuple[str, str, str], ...]
    notebook: str

    @classmethod
    def of(cls, run: Subject) -> Public:
        """Return what is public of a run."""
        rows = run.record.get("inputs", [])
        told = (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
        inputs = tuple((str(row.get("path")), str(row.get("sha256")), str(row.get("tier"))) for row in told)
        source = run.record.get("notebook")
        return cls(run.root, inputs, str(source.get("path", "")) if isinstance(source, dict) else "")

    @cached_property
    def text(self) -> str:
        """All of it as one text, with single spaces."""
        paths = [self.root / path for path, digest, tier in self.inputs if tier in PUBLIC and digest]
        kept = [path for path, row in zip(paths, self.inputs, strict=False) if self._same(path, row[1])]
        kept += [path for path in (self.root / self.notebook,) if self.notebook and path.is_file()]
        return " ".join(" ".join(path.read_text("utf-8", errors="replace") for path in kept).split())

    def _same(self, path: Path, digest: str) -> bool:
        inside = path.resolve().is_relative_to(self.root.resolve())
        return inside and path.is_file() and file_sha256(path) == digest

    def has(self, words: str) -> bool:
        """Whether words stand in a public file."""
        return " ".join(words.split()) in self.text


def scan(run: Subject, alphabet: Alphabet, secrets: Secrets | None) -> Iterator[Refusal]:
    """Yield texts that identify somebody, or hide something, in any file of a run.

    Parameters
    ----------
    run
        The run.
    alphabet
        Which glyph of a drawing is which letter.
    secrets
        What the store holds, if it was given.
    """
    yield from check(fragments(run, alphabet), Public.of(run), secrets)


def check(texts: Iterable[Fragment], public: Public, secrets: Secrets | None) -> Iterator[Refusal]:
    """Yield what is wrong with texts; each text is looked at once, where it stands first."""
    seen: set[str] = set()
    for where, whole in texts:
        text = DATA_URI.sub(" ", whole)
        if text.strip() and text not in seen:
            seen.add(text)
            yield from _text(where, text, public, secrets)


def _text(where: str, text: str, public: Public, secrets: Secrets | None) -> Iterator[Refusal]:
    if kind := unseen(text):
        yield refuse("invisible", where, f"it has {kind}")
    hidden = list(readings(text))
    for code in dict.fromkeys(code for code, _ in hidden if set(code.split(" in ")) & HIDING):
        yield refuse("encoded", where, f"it hides text as {code}")
    plain = visible(text)
    forms = [("", text), *([("without what nobody sees", plain)] if plain != text else []), *hidden]
    for how, form in dict.fromkeys(forms):
        yield from _form(where, how, form, public, secrets)


def _form(where: str, how: str, text: str, public: Public, secrets: Secrets | None) -> Iterator[Refusal]:
    """Yield what one reading of a text gives away."""
    said = f", read {how if how.startswith('without') else f'as {how}'}" if how else ""
    found = () if NOBODY.fullmatch(text) else spans(text)
    kinds = {kind for kind, words in found if not public.has(words)}
    for kind in sorted(kinds):
        yield refuse("identifier", where, f"it has what looks like {KINDS[kind]}{said}")
    if secrets is not None:
        for turned, form in (("", text), (", read backwards", text[::-1])):
            for kind in sorted(set(secrets.told(form))):
                yield refuse("secret", where, f"it has {kind} of the store{said}{turned}")


# -- where texts are ----------------------------------------------------------------------------------


def fragments(run: Subject, alphabet: Alphabet) -> Iterator[Fragment]:
    """Yield every text of a run, with where it stands, names of files among them."""
    yield from (("run.json", text) for text in strings(run.record))
    if run.released is not None:
        yield from (("disclosure.json", text) for text in strings(run.released))
    yield from _notebook(run)
    for bundle in run.bundles:
        for drawing in drawings(bundle):
            yield from _drawn(drawing, f"the drawing of {bundle.name}", alphabet)
    for path in sorted(run.folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(run.folder).as_posix()
            yield f"the name of {run.said_file(name)}", name
            yield from of_file(name, path.read_bytes(), run.said_file(name), alphabet)


def of_file(name: str, content: bytes, where: str, alphabet: Alphabet) -> Iterator[Fragment]:
    """Yield the texts of one file, by its kind; a file that is no text has none here."""
    suffix = Path(name).suffix
    if suffix == ".svg":
        yield from _drawn(content, where, alphabet)
    elif suffix == ".html":
        yield from of_html(content.decode("utf-8", errors="replace"), where)
    elif suffix == ".csv":
        yield from _csv(content, where)
    elif suffix == ".txt":
        yield where, content.decode("utf-8", errors="replace")
    elif suffix == ".xlsx":
        yield from ((where, text) for text in workbook_texts(content))
    elif suffix in {".json", ".ipynb"} and name not in {"run.json", "notebook.ipynb", "disclosure.json"}:
        yield from _json(content, where)


def _json(content: bytes, where: str) -> Iterator[Fragment]:
    try:
        yield from ((where, text) for text in strings(json.loads(content)))
    except (ValueError, RecursionError):
        yield where, content.decode("utf-8", errors="replace")


def _csv(content: bytes, where: str) -> Iterator[Fragment]:
    text = content.decode("utf-8", errors="replace")
    for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), 1):
        yield from ((f"{where}, line {number}", cell) for cell in row)


def _notebook(run: Subject) -> Iterator[Fragment]:
    for number, cell in enumerate(run.cells, 1):
        where = run.cell_name(number)
        plain = {name: value for name, value in cell.items() if name != "outputs"}
        yield from ((where, text) for text in strings(_joined(plain)))
        for output in cell.get("outputs", []):
            for text in strings(_joined(output)):
                yield from of_html(text, where) if text.lstrip().startswith("<") else [(where, text)]
    rest = {name: value for name, value in run.notebook.items() if name != "cells"}
    yield from (("notebook.ipynb", text) for text in strings(rest))


def _joined(value: Any) -> Any:
    """Return JSON with lists of lines, as notebooks store text, made one text."""
    if isinstance(value, list) and value and all(isinstance(line, str) for line in value):
        return "".join(value) if all(line.endswith("\n") for line in value[:-1]) else value
    if isinstance(value, dict):
        return {name: _joined(item) for name, item in value.items()}
    return [_joined(item) for item in value] if isinstance(value, list) else value


def of_html(html: str, where: str) -> Iterator[Fragment]:
    """Yield the texts of a page: lines as a reader sees them, attributes, comments; code and style apart."""
    tree, _ = read(html)
    for node, line in blocks(tree):
        if node.tag not in {"style", "script"}:
            yield where, line
    for node in tree.walk():
        if node.tag.startswith("!"):
            yield where, node.data
        for name, value in node.attrs.items():
            if name != "content":
                yield where, f"{name}={value}" if name not in STANDARD else value


STANDARD: Final = frozenset(["id", "class", "href", "alt", "src", "srcset", "role", "scope", "tabindex"])


def _drawn(content: bytes, where: str, alphabet: Alphabet) -> Iterator[Fragment]:
    """Yield the texts of a drawing: letters drawn, comments, everything that is not geometry."""
    try:
        drawing = Drawing.read(content)
    except NotDrawn:
        yield where, content.decode("utf-8", errors="replace")
        return
    for text in drawing.texts:
        yield where, alphabet.read(text) or ""
        yield where, " ".join(text.said)
    for node in drawing.root.iter():
        yield where, (node.text or "").strip()
        yield where, (node.tail or "").strip()
        for name, value in node.attrib.items():
            if name not in GEOMETRY:
                yield where, value


GEOMETRY: Final = frozenset(
    ["d", "transform", "x", "y", "width", "height", "viewBox", "id", "style", "clip-path", HREF]
)
"""Attributes whose every form is spelled out in `analysis.gate.scan_svg`; none of them can hold a word."""
