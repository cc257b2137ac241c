"""SVG: the elements, attributes and colours of the project's drawings, and texts that can be read."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from analysis.gate.drawing import SVG, TEXT, Alphabet, Drawing, NotDrawn, is_comment
from analysis.gate.refusal import Refusal, refuse

XLINK: Final = "{http://www.w3.org/1999/xlink}"
RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
CC: Final = "{http://creativecommons.org/ns#}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
DOCTYPE: Final = (
    b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
)
STYLE: Final = "*{stroke-linejoin: round; stroke-linecap: butt}"

PALETTE: Final = frozenset(
    {
        *("#0b0c0c", "#4d585e", "#d5dadd", "#ffffff", "#12436d", "#6b8299", "#801650", "#d05a17", "#28a197"),
        *("#6b6b6b", "#9a7bc8", "#f1f6fa", "#c6d9e8", "#8fb4d2", "#4f86b3", "#235f93"),
    }
)
"""Every colour of `analysis.present.style`: no other shade can say a thing."""

SCALAR: Final = r"-?\d+(?:\.\d+)?"
NUMBERS: Final = re.compile(rf"{SCALAR}(?:pt)?(?:[ ,]+{SCALAR})*")
PATH: Final = re.compile(r"(?:[MLHVCSQTAZmlhvcsqtaz]|[\s,]|-?\d+(?:\.\d+)?(?:e-?\d+)?)*")
TRANSFORM: Final = re.compile(r"(?:(?:translate|scale|rotate|matrix)\([-\d. ,e]+\) ?)+")
ID: Final = re.compile(
    r"(?:figure|axes|patch|line2d|text|[xy]tick|legend|matplotlib\.axis)_\d+"
    r"|(?:Path|Line|Poly|FillBetweenPoly|Quad)[A-Z][A-Za-z]*_\d+|[mphCD][0-9a-f_]{9,14}"
    r"|DejaVuSans(?:-Bold|-Oblique|-BoldOblique)?-[0-9a-f]+"
)
REFERENCE: Final = re.compile(r"url\(#(.+)\)|#(.+)")
KEYWORDS: Final = frozenset(
    ["none", "round", "butt", "square", "miter", "bevel", "userSpaceOnUse", "0 0 1 1", "1.1", "text/css"]
)
PROPERTIES: Final = frozenset(
    {
        *("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray"),
        *("stroke-dashoffset", "opacity", "fill-opacity", "stroke-opacity", "fill-rule"),
    }
)
LEAST_OPACITY: Final = 0.05
ATTRIBUTES: Final[dict[str, frozenset[str]]] = {
    "svg": frozenset({"width", "height", "viewBox", "version"}),
    "g": frozenset({"id", "style", "transform", "clip-path"}),
    "path": frozenset({"id", "d", "style", "transform", "clip-path"}),
    "use": frozenset({f"{XLINK}href", "x", "y", "style", "transform", "clip-path"}),
    "rect": frozenset({"x", "y", "width", "height", "fill"}),
    "pattern": frozenset({"id", "patternUnits", "x", "y", "width", "height"}),
    "clipPath": frozenset({"id"}),
    "defs": frozenset(),
    "style": frozenset({"type"}),
    "metadata": frozenset(),
}
"""What each element of a drawing may say; there is no other element."""


def scan(content: bytes, where: str, alphabet: Alphabet, *, exported: bool) -> Iterator[Refusal]:
    """Yield what a drawing holds beside what it draws, and texts that cannot be read.

    Parameters
    ----------
    content
        The bytes.
    where
        How it is called in messages.
    alphabet
        Which glyph is which letter.
    exported
        Whether it is a file of its own, with a comment beside each text, or stands inside a page, without.
    """
    try:
        drawing = Drawing.read(content)
    except NotDrawn as fault:
        yield refuse("svg-markup", where, str(fault))
        return
    yield from _source(content, where, exported=exported)
    ids = {node.get("id") for node in drawing.root.iter()} - {None}
    for node in drawing.root.iter():
        yield from _node(drawing, node, ids, where, exported=exported)
    yield from _inside(drawing, where)
    yield from _texts(drawing, alphabet, where, exported=exported)


def _source(content: bytes, where: str, *, exported: bool) -> Iterator[Refusal]:
    head, _, _ = content.partition(b"<svg")
    allowed = (
        b'<?xml version="1.0" encoding="utf-8" standalone="no"?>\n' + DOCTYPE + b"\n" if exported else b""
    )
    if head != allowed:
        yield refuse("svg-markup", where, "it begins with more than a drawing does")
    if not content.rstrip().endswith(b"</svg>"):
        yield refuse("svg-markup", where, "it goes on after its end")


def _node(
    drawing: Drawing, node: ET.Element, ids: set[str | None], where: str, *, exported: bool
) -> Iterator[Refusal]:
    tag: object = node.tag
    if is_comment(node):
        parent = drawing.parents.get(node)
        if not exported or parent is None or not TEXT.fullmatch(parent.get("id", "")):
            yield refuse("svg-markup", where, "it has a comment that belongs to no text")
    elif not isinstance(tag, str):
        yield refuse("svg-markup", where, "it has an instruction")
    else:
        beside = "" if tag in {f"{SVG}style", f"{DC}format"} else node.text or ""
        if f"{beside}{node.tail or ''}".strip():
            yield refuse("svg-markup", where, "it has text that is not drawn")
        yield from _metadata(node, where) if tag.startswith((RDF, CC, DC)) else _element(node, ids, where)


def _element(node: ET.Element, ids: set[str | None], where: str) -> Iterator[Refusal]:
    """Yield an element that is not the project's, or says something that is not."""
    name = node.tag.removeprefix(SVG)
    if name not in ATTRIBUTES or not node.tag.startswith(SVG):
        yield refuse("svg-markup", where, "it has an element that no drawing of the project has")
        return
    if name == "style" and node.text != STYLE:
        yield refuse("svg-markup", where, "its style sheet is not the project's")
    for attribute, value in node.attrib.items():
        if attribute not in ATTRIBUTES[name] or not _sound(attribute, value, ids):
            known = attribute if attribute in SAID else "of another name"
            yield refuse(
                "svg-markup", where, f"an element <{name}> has an attribute {known} that is not ours"
            )


SAID: Final = frozenset().union(*ATTRIBUTES.values()) - {f"{XLINK}href"}


def _metadata(node: ET.Element, where: str) -> Iterator[Refusal]:
    """Yield metadata beyond the two lines that say what kind of file it is."""
    allowed = {
        f"{RDF}RDF": {},
        f"{CC}Work": {},
        f"{DC}type": {f"{RDF}resource": "http://purl.org/dc/dcmitype/StillImage"},
        f"{DC}format": {},
    }
    kind = node.tag != f"{DC}format" or node.text == "image/svg+xml"
    if node.tag not in allowed or dict(node.attrib) != allowed[node.tag] or not kind:
        yield refuse("svg-markup", where, "it has metadata")


def _sound(attribute: str, value: str, ids: set[str | None]) -> bool:
    """Whether the value of an attribute is of its kind, and refers to nothing outside the drawing."""
    if attribute == "id":
        return bool(ID.fullmatch(value))
    if attribute == "style":
        return all(_declared(part, ids) for part in value.split(";") if part.strip())
    if attribute == "d":
        return bool(PATH.fullmatch(value))
    if attribute == "transform":
        return bool(TRANSFORM.fullmatch(value.strip()))
    return _value(value, ids)


def _declared(part: str, ids: set[str | None]) -> bool:
    name, _, value = (piece.strip() for piece in part.partition(":"))
    if name not in PROPERTIES:
        return False
    if name.endswith("opacity"):
        return bool(re.fullmatch(SCALAR, value)) and float(value) >= LEAST_OPACITY
    return _value(value, ids)


def _value(value: str, ids: set[str | None]) -> bool:
    if match := REFERENCE.fullmatch(value):
        return value in PALETTE or (match[1] or match[2]) in ids
    return value in KEYWORDS or value in PALETTE or bool(NUMBERS.fullmatch(value))


def _inside(drawing: Drawing, where: str) -> Iterator[Refusal]:
    """Yield drawings with points outside the page, where nobody sees them and everybody can read them."""
    box = [
        float(number) for number in drawing.root.get("viewBox", "").split() if re.fullmatch(SCALAR, number)
    ]
    if len(box) != 4:
        yield refuse("svg-markup", where, "it does not say how large it is")
        return
    placed = [point for shape in drawing.shapes for point in shape.points]
    beyond = [
        (x, y)
        for x, y in placed
        if not (box[0] - 1 <= x <= box[0] + box[2] + 1 and box[1] - 1 <= y <= box[1] + box[3] + 1)
    ]
    if beyond:
        yield refuse("svg-points", where, f"{len(beyond)} points lie outside the page")


def _texts(drawing: Drawing, alphabet: Alphabet, where: str, *, exported: bool) -> Iterator[Refusal]:
    for number, text in enumerate(drawing.texts, 1):
        said = f"{where}, text {number}"
        if alphabet.read(text) is None:
            yield refuse("svg-words", said, "it has letters that cannot be read")
        elif exported and not alphabet.agrees(text):
            yield refuse("svg-words", said, "its letters are not those that the comment beside it says")
