"""Outputs as people read them: the HTML and the plain text of each say what its payload says, and no more.

The session writes every output twice, as a payload and as HTML (`analysis.present`). Here the HTML is read
back without the code that wrote it: every line of text must be one that the payload gives, every attribute
one that its keys give, and the grid of a table must be the payload's cells, one for one.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from analysis.gate.markup import UNSEEN, blocks, plain, read, words
from analysis.gate.refusal import Refusal, refuse
from analysis.gate.subject import Bundle, Subject
from analysis.publish.tree import Node

BADGES: Final = {
    "published": "Published",
    "reference": "Reference",
    "assumption": "Assumption",
    "records": "Records",
    "synthetic": "Synthetic",
}
DATA_SVG: Final = "data:image/svg+xml;base64,"
CLASSES: Final = {
    "div": {
        *("dd-report", "dd-finding", "dd-finding dd-headline", "dd-output dd-table-output", "dd-scroll"),
        *("dd-finding dd-summary", "dd-remarks", "dd-source", "dd-absence"),
    },
    "p": {"dd-title", "dd-text", "dd-uncertainty", "dd-meaning", "dd-rests", "dd-word"},
    "span": {"dd-word", "dd-unit", "dd-figure-title", "dd-figure-caption"}
    | {f"dd-tier dd-tier-{tier}" for tier in BADGES},
    "details": {"dd-rests", "dd-source"},
    "ul": {"dd-notes"},
    "table": {"dd-table"},
    "th": {"dd-number"},
    "td": {"dd-number", "dd-long"},
    "a": {"dd-mark"},
    "figure": {"dd-figure"},
}
"""Every class that the session writes, by element; nothing else may set one cell apart from another."""
PLAIN: Final = frozenset(
    {
        *("summary", "strong", "em", "b", "thead", "tbody", "tr", "figcaption", "picture", "li", "caption"),
        *("img", "source"),
    }
)
"""Elements beside those of `CLASSES`."""
FIXED: Final = {
    ("div", "role"): {"region"},
    ("div", "tabindex"): {"0"},
    ("th", "scope"): {"col", "row"},
    ("source", "media"): {"(max-width: 40em)"},
}

SPACES: Final = re.compile(r"\s{2}|[^\S ]|^\s|\s$")
"""Spaces that say nothing to a reader, and may say something to whoever counts them."""

Json = dict[str, Any]


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield what the HTML or the text of an output says beyond its payload."""
    for bundle in run.bundles:
        tree, wrong = read(bundle.html)
        yield from (refuse("output-markup", bundle.name, f"in its HTML {fault}") for fault in wrong)
        yield from _markup(bundle, tree)
        yield from _lines(bundle, tree)
        yield from _grid(bundle, tree)
        if any(SPACES.search(said) for said in strings(bundle.payload)):
            yield refuse("invisible", bundle.name, "a text of it has spaces that nobody sees")
        if bundle.text not in {_plain(bundle, plain), _plain(bundle, words)}:
            yield refuse("output-words", bundle.name, "its plain text is not what its payload gives")


def strings(value: Any) -> Iterator[str]:
    """Yield every text in JSON, names of fields among them, and numbers as they are written."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield str(name)
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def drawings(bundle: Bundle) -> list[bytes]:
    """Return the SVGs that an output carries inside its HTML, wide and narrow."""
    tree, _ = read(bundle.html)
    links = (node.attrs.get(name, "") for node in tree.walk() for name in ("src", "srcset"))
    return [content for link in links if (content := _decoded(link))]


def _decoded(link: str) -> bytes:
    if not link.startswith(DATA_SVG):
        return b""
    try:
        return base64.b64decode(link.removeprefix(DATA_SVG), validate=True)
    except binascii.Error:
        return b""


# -- elements and attributes --------------------------------------------------------------------------


def _markup(bundle: Bundle, tree: Node) -> Iterator[Refusal]:
    for node in tree.walk():
        if node.tag in UNSEEN:
            yield refuse("output-markup", bundle.name, "its HTML has a comment or a declaration")
        elif node.tag and node.tag != "#document" and node.tag not in {*CLASSES, *PLAIN}:
            yield refuse(
                "output-markup", bundle.name, "its HTML has an element that the session never writes"
            )
        for name, value in node.attrs.items():
            if not _expected(bundle, node, name, value):
                known = name in {"id", "class", "alt", "href", "title", "src", "style", "hidden", "dir"}
                said = name if known else "an"
                why = f"its HTML has {said} attribute that its payload does not give"
                yield refuse("output-markup", f"{bundle.name}, <{_safe(node.tag)}>", why)


def _safe(tag: str) -> str:
    return tag if tag in {*CLASSES, *PLAIN} else "unknown"


def _expected(bundle: Bundle, node: Node, name: str, value: str) -> bool:
    """Whether an attribute is one that the session writes for this payload."""
    anchor = f"{bundle.kind}-{bundle.stem}"
    if name == "class":
        return value in CLASSES.get(node.tag, ())
    if (node.tag, name) in FIXED:
        return value in FIXED[node.tag, name]
    notes = len(bundle.payload.get("provenance", {}).get("footnotes", ()))
    noted = {f"{anchor}-note-{number}" for number in range(1, notes + 1)}
    given: dict[tuple[str, str], Callable[[], bool]] = {
        ("div", "id"): lambda: value == anchor,
        ("figure", "id"): lambda: value == anchor,
        ("caption", "id"): lambda: value == f"{anchor}-caption",
        ("div", "aria-labelledby"): lambda: value == f"{anchor}-caption",
        ("li", "id"): lambda: value in noted,
        ("a", "href"): lambda: value.removeprefix("#") in noted and value.startswith("#"),
        ("img", "alt"): lambda: value == bundle.payload.get("alt"),
        ("img", "src"): lambda: bool(_decoded(value)),
        ("source", "srcset"): lambda: bool(_decoded(value)),
        ("img", "width"): lambda: _measured(node, value, 0),
        ("img", "height"): lambda: _measured(node, value, 1),
    }
    return (node.tag, name) in given and given[node.tag, name]()


def _measured(node: Node, value: str, side: int) -> bool:
    """Whether a width or height is that of the drawing [96 pixels to 72 points]."""
    drawing = _decoded(node.attrs.get("src", ""))
    found = [re.search(rb'\b%s="([\d.]+)pt"' % name, drawing[:600]) for name in (b"width", b"height")]
    match = found[side]
    return bool(match) and value == str(round(float(match[1]) / 72 * 96)) if match else False


# -- words --------------------------------------------------------------------------------------------


def _lines(bundle: Bundle, tree: Node) -> Iterator[Refusal]:
    allowed = set(_allowed(bundle))
    for node, line in blocks(tree):
        if node.tag not in {"th", "td"} and line not in allowed:
            where = f"{bundle.name}, <{_safe(node.tag)}>"
            yield refuse("output-words", where, "its HTML says something that its payload does not")


def _allowed(bundle: Bundle) -> Iterator[str]:
    """Yield every line of text that the session writes for a payload."""
    said = bundle.payload
    texts = {name: words(value) for name, value in said.items() if isinstance(value, str)}
    yield from BY_KIND[bundle.kind](said, texts)
    basis = said.get("provenance", {})
    yield from (f"[note {n}] {note}" for n, note in enumerate(basis.get("footnotes", ()), 1))
    yield from _rests(basis)


def _report(said: Json, texts: dict[str, str]) -> Iterator[str]:
    yield from (texts.get("title", ""), texts.get("question", ""))
    yield f"{said.get('area_name')}, {said.get('period')}"


def _finding(_said: Json, texts: dict[str, str]) -> Iterator[str]:
    yield texts.get("text", "")
    yield f"How sure {texts.get('uncertainty')}"
    yield f"What it means for commissioning {texts.get('meaning')}"


def _absence(said: Json, texts: dict[str, str]) -> Iterator[str]:
    yield f"Not in the evidence. {texts.get('why')}"
    yield from ("What is missing", *said.get("needs", ()))


def _table(said: Json, texts: dict[str, str]) -> Iterator[str]:
    yield from (texts.get("title", ""), *(words(note) for note in said.get("notes", ())))


def _figure(_said: Json, texts: dict[str, str]) -> Iterator[str]:
    title = texts.get("title", "")
    yield from (f"{title}{texts.get('caption', '')}", words(f"Data: {title}"), "Show the data of this figure")


BY_KIND: Final[dict[str, Callable[[Json, dict[str, str]], Iterator[str]]]] = {
    "report": _report,
    "finding": _finding,
    "absence": _absence,
    "table": _table,
    "figure": _figure,
}


def _rests(basis: Json) -> Iterator[str]:
    """Yield the lines that name what an output rests on."""
    tiers, sources = basis.get("tiers", []), basis.get("sources", [])
    badges = " ".join(BADGES.get(tier, "") for tier in tiers)
    yield f"{badges} {' '.join(sources)}"
    yield f"{badges} {len(sources)} sources"
    yield from ("Source", "Sources", *sources)
    for number, source in enumerate(sources):
        letter = chr(ord("A") + number % 26)
        letters = letter if number < 26 else f"A{letter}"
        for tier in tiers:
            yield from (f"{BADGES.get(tier)} {source}", f"{BADGES.get(tier)} {letters} {source}")


def _plain(bundle: Bundle, unmarked: Callable[[str], str]) -> str:
    """Return the plain text that the session writes for a payload."""
    said = bundle.payload
    texts = {name: unmarked(value) for name, value in said.items() if isinstance(value, str)}
    match bundle.kind:
        case "report":
            return f"{said.get('title')}: {said.get('area_name')}, {said.get('period')}"
        case "finding":
            return texts.get("text", "")
        case "absence":
            return f"Not in the evidence. {texts.get('why')}"
        case "table":
            return f"Table: {texts.get('title')} ({len(said.get('cells', ()))} rows)"
        case _:
            return f"Figure: {texts.get('title')}. {said.get('alt')}"


# -- the grid -----------------------------------------------------------------------------------------


def _grid(bundle: Bundle, tree: Node) -> Iterator[Refusal]:
    """Yield a table whose heads or cells are not the payload's, or of which one cell looks different."""
    tables = list(tree.all("table"))
    if len(tables) != (bundle.kind in {"table", "figure"}):
        yield refuse("output-words", bundle.name, "its HTML has another number of tables than its payload")
        return
    if not tables:
        return
    heads = [_text(node) for node in tables[0].all("th") if node.attrs.get("scope") == "col"]
    columns = bundle.payload.get("columns", [])
    if heads != [_head(column) for column in columns]:
        yield refuse("output-words", bundle.name, "the heads of its HTML are not those of its payload")
    body = [row for part in tables[0].all("tbody") for row in part.children if row.tag]
    cells = [[_text(cell) for cell in row.children] for row in body]
    if cells != bundle.payload.get("cells"):
        yield refuse("output-words", bundle.name, "the cells of its HTML are not those of its payload")
        return
    yield from _looks(bundle, body)


def _head(column: Json) -> str:
    unit = f" ({column['unit']})" if column.get("unit") else ""
    return f"{column.get('label')}{unit}"


def _text(node: Node) -> str:
    return "".join(child.data for child in node.walk() if not child.tag)


def _looks(bundle: Bundle, rows: list[Node]) -> Iterator[Refusal]:
    """Yield columns whose cells do not all look the same; only length may set running text apart."""
    for column in zip(*(row.children for row in rows), strict=True):
        looks: dict[str, list[int]] = {}
        for cell in column:
            look = f"{cell.tag} {cell.attrs.get('class', '')} {sorted(set(cell.attrs) - {'class'})}"
            looks.setdefault(look, []).append(len(_text(cell)))
        lengths = sorted((min(sizes), max(sizes)) for sizes in looks.values())
        apart = len(looks) == 2 and any("dd-long" in look for look in looks) and lengths[0][1] < lengths[1][0]
        if len(looks) > 1 and not apart:
            yield refuse(
                "marker", bundle.name, "a cell of its HTML looks different from others of its column"
            )
