"""A drawing as matplotlib writes it, read back: texts, ticks, marks and lines, with their places."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final

SVG: Final = "{http://www.w3.org/2000/svg}"
HREF: Final = "{http://www.w3.org/1999/xlink}href"
GLYPH: Final = re.compile(r"#(DejaVuSans[\w-]*-[0-9a-f]+)")
TEXT: Final = re.compile(r"text_\d+")
TICK: Final = re.compile(r"([xy])tick_\d+")
LETTERS_FILE: Final = Path(__file__).with_name("letters.json")
"""Glyph to letter by font; ``tests/gate/letters_of_fonts.py`` makes it from the fonts themselves."""
NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")

Point = tuple[float, float]


def is_comment(node: ET.Element) -> bool:
    """Whether a node is a comment: its tag is then no name but the function that makes comments."""
    tag: object = node.tag
    return tag is ET.Comment


class NotDrawn(Exception):
    """The bytes are no drawing that can be read; its one argument says why."""


@dataclass(frozen=True)
class Text:
    """One text of a drawing.

    Attributes
    ----------
    lines
        Names of the glyphs of each line, as the file draws them; spaces are among them.
    said
        What the comment beside each line says; empty in a drawing without comments.
    tick
        ``x`` or ``y`` if it labels a tick, else empty.
    """

    lines: tuple[tuple[str, ...], ...]
    said: tuple[str, ...]
    tick: str


@dataclass(frozen=True)
class Shape:
    """Marks or a line of a drawing.

    Attributes
    ----------
    points
        Where its corners are [points of the page].
    mark
        Name of the mark, empty for a line or an area.
    clipped
        Whether what lies outside the axes is not seen.
    """

    points: tuple[Point, ...]
    mark: str = ""
    clipped: bool = False


@dataclass(frozen=True)
class Drawing:
    """A drawing that was parsed.

    Attributes
    ----------
    root
        The tree; comments and instructions are in it.
    parents
        What each element stands in.
    """

    root: ET.Element
    parents: Mapping[ET.Element, ET.Element] = field(repr=False)

    @classmethod
    def read(cls, content: bytes) -> Drawing:
        """Parse a drawing.

        Raises
        ------
        NotDrawn
            If it declares entities, or is not XML.
        """
        return _read(content)

    @classmethod
    def _parsed(cls, content: bytes) -> Drawing:
        if re.search(rb"<!ENTITY|<!\[CDATA\[|<!ATTLIST|<!ELEMENT", content):
            raise NotDrawn("it declares what no drawing declares")
        builder = ET.TreeBuilder(insert_comments=True, insert_pis=True)
        try:
            root = ET.fromstring(content, ET.XMLParser(target=builder))  # noqa: S314 - no entity is left to expand
        except (ET.ParseError, ValueError):
            raise NotDrawn("it is not XML") from None
        return cls(root, {child: parent for parent in root.iter() for child in parent})

    def inside(self, node: ET.Element) -> Iterator[str]:
        """Yield the ids of everything an element stands in, nearest first."""
        while node in self.parents:
            node = self.parents[node]
            yield node.get("id", "")

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Every text, in the order it is drawn."""
        groups = (group for group in self.root.iter(f"{SVG}g") if TEXT.fullmatch(group.get("id", "")))
        return tuple(self._text(group) for group in groups)

    def _text(self, group: ET.Element) -> Text:
        said = [(node.text or "")[1:-1] for node in group.iter() if is_comment(node)]
        lines = []
        for line in group.findall(f"{SVG}g"):
            uses = [GLYPH.fullmatch(use.get(HREF, "")) for use in line.iter(f"{SVG}use")]
            if uses:  # a box behind the text is a group without letters
                lines.append(tuple(match[1] if match else "" for match in uses))
        tick = next((match[1] for name in self.inside(group) if (match := TICK.fullmatch(name))), "")
        return Text(tuple(lines), tuple(said), tick)

    @cached_property
    def ticks(self) -> tuple[tuple[str, float, Text], ...]:
        """Axis, place [points] and label of every tick that has a label."""
        found = []
        for group in self.root.iter(f"{SVG}g"):
            match = TICK.fullmatch(group.get("id", ""))
            texts = [one for one in group.iter(f"{SVG}g") if TEXT.fullmatch(one.get("id", ""))]
            place = _place(group, match[1]) if match else None
            if match and texts and place is not None:
                found.append((match[1], place, self._text(texts[0])))
        return tuple(found)

    @cached_property
    def frame(self) -> tuple[Point, Point] | None:
        """Upper left and lower right corner of the axes [points], if there are axes."""
        for group in self.root.iter(f"{SVG}g"):
            if group.get("id") == "axes_1":
                path = next(group.iter(f"{SVG}path"), None)
                corners = points(path.get("d", "")) if path is not None else ()
                if corners:
                    xs, ys = zip(*corners, strict=True)
                    return (min(xs), min(ys)), (max(xs), max(ys))
        return None

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """Marks, lines and areas inside the axes, but for the frame, ticks and texts."""
        return tuple(self._shapes())

    def _shapes(self) -> Iterator[Shape]:
        for node in self.root.iter():
            if node.tag not in {f"{SVG}use", f"{SVG}path"} or node.get("id"):
                continue
            inside = list(self.inside(node))
            if "axes_1" not in inside or any(TEXT.fullmatch(name) or TICK.fullmatch(name) for name in inside):
                continue
            clipped = self._clipped(node)
            if node.tag == f"{SVG}use":
                at = (_number(node.get("x")), _number(node.get("y")))
                yield Shape((at,), node.get(HREF, ""), clipped)
            elif not self._in_pattern(node):
                yield Shape(points(node.get("d", "")), clipped=clipped)

    def _clipped(self, node: ET.Element) -> bool:
        chain = [node]
        while chain[-1] in self.parents:
            chain.append(self.parents[chain[-1]])
        return any(one.get("clip-path") for one in chain)

    def _in_pattern(self, node: ET.Element) -> bool:
        while node in self.parents:
            node = self.parents[node]
            if node.tag in {f"{SVG}pattern", f"{SVG}defs", f"{SVG}clipPath"}:
                return True
        return False


@lru_cache(maxsize=128)
def _read(content: bytes) -> Drawing:
    """Return a drawing that several scanners look at, parsed once."""
    return Drawing._parsed(content)  # noqa: SLF001 - its own


def _place(group: ET.Element, axis: str) -> float | None:
    use = next((use for use in group.iter(f"{SVG}use") if use.get(axis) is not None), None)
    return _number(use.get(axis)) if use is not None else None


def _number(text: str | None) -> float:
    return float(text) if text and NUMBER.fullmatch(text) else 0.0


def points(path: str) -> tuple[Point, ...]:
    """Return the corners of a path, every point that it names, control points among them [points]."""
    numbers = [float(number) for number in NUMBER.findall(path)]
    return tuple(zip(numbers[::2], numbers[1::2], strict=False))


class Alphabet:
    """Which glyph is which letter, for the fonts that charts are drawn with.

    A drawing holds outlines, not letters: each is named for its font and its number in it. Some glyphs are
    several letters, such as the three of *office*.
    """

    def read(self, text: Text) -> str | None:
        """Return what a text says, lines joined by spaces; None if a glyph is of no known letter."""
        lines = [self._line(glyphs) for glyphs in text.lines]
        return None if None in lines else " ".join(line for line in lines if line is not None)

    def agrees(self, text: Text) -> bool:
        """Whether the comment beside each line of a text says what the line does."""
        return [self._line(glyphs) for glyphs in text.lines] == list(text.said)

    def _line(self, glyphs: tuple[str, ...]) -> str | None:
        letters = [_letters().get(glyph) for glyph in glyphs]
        return None if None in letters else "".join(letter for letter in letters if letter)


@cache
def _letters() -> dict[str, str]:
    fonts: dict[str, dict[str, str]] = json.loads(LETTERS_FILE.read_text("utf-8"))
    return {f"{font}-{glyph}": letter for font, glyphs in fonts.items() for glyph, letter in glyphs.items()}
