"""What a figure draws, held against its table: no other word, no other number, no point that is not in it.

Outlines of letters are read back as text, and ticks give the scale by which a place on the page is a value.
So a mark that stands for nothing in the released table is seen, whoever drew it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from analysis.gate.drawing import Alphabet, Drawing, Point
from analysis.gate.refusal import Refusal, refuse
from analysis.gate.subject import Bundle, Subject

WORD: Final = re.compile(r"[^\W\d_]+")
FIGURES: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
LABEL: Final = re.compile(r"([−-]?)(£?)(\d[\d,]*(?:\.\d+)?)(%?)")
NEAR: Final = 0.35
"""How far a mark may lie from the place of its value [points]; a line is wider."""
PACKAGE: Final = Path(__file__).parents[1]

Json = dict[str, Any]
Wholes = list[tuple[float, list[float]]]


def scan(run: Subject, bundle: Bundle, drawing: Drawing, alphabet: Alphabet, where: str) -> Iterator[Refusal]:
    """Yield words, numbers and points of a figure that its payload does not give.

    Parameters
    ----------
    run, bundle
        The figure, and the run it is of.
    drawing
        As parsed.
    alphabet
        Which glyph is which letter.
    where
        How the file is called in messages.
    """
    said = [(text, alphabet.read(text) or "") for text in drawing.texts]
    known = _words(_texts(bundle.payload)) | _code(run)
    strange = {word for _, words in said for word in _words([words]) if word not in known}
    if strange:
        yield refuse(
            "svg-words", where, f"it draws {len(strange)} words that neither its payload nor the code has"
        )
    if not bundle.guarded:
        return
    wholes = list(_wholes(bundle.payload, _told(run)))
    numbers = _numbers(bundle.payload, wholes)
    odd = sum(
        1 for text, words in said if not text.tick for one in FIGURES.findall(words) if one not in numbers
    )
    if odd:
        yield refuse("svg-words", where, f"it draws {odd} numbers that its table does not have")
    if astray := _astray(drawing, bundle.payload, alphabet, wholes):
        yield refuse("svg-points", where, f"{astray} of its points stand for no value of its table")


# -- words and numbers --------------------------------------------------------------------------------


def _words(texts: Iterable[str]) -> set[str]:
    return {word.casefold() for text in texts for word in WORD.findall(text)}


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a payload."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _code(run: Subject) -> set[str]:
    """Return every word of the strings in the notebook's code and in the code that draws."""
    return _words(run.keys) | _drawing_words()


@cache
def _drawing_words() -> frozenset[str]:
    sources = (path.read_text("utf-8") for path in sorted((PACKAGE / "present").glob("*.py")))
    return frozenset(_words(sources))


def _numbers(payload: Json, wholes: Wholes) -> set[str]:
    """Return every number that a payload prints, with the totals and shares of what it prints."""
    printed = {one for text in _texts({**payload, "values": []}) for one in FIGURES.findall(text)}
    for total, parts in wholes:
        printed |= {
            f"{total:,.0f}",
            *(f"{100 * part / total:.{places}f}" for part in parts for places in (0, 1)),
        }
    return printed


def _wholes(payload: Json, told: list[tuple[frozenset[str], int]]) -> Iterator[tuple[float, list[float]]]:
    """Yield what the parts of each group of each column are parts of, and the parts that are shown.

    A whole is the sum of what is shown, or the released count of the group or of everybody.
    """
    for column in _columns(payload):
        groups: dict[str, list[Any]] = {}
        for row, value in zip(payload["values"], column, strict=True):
            groups.setdefault(str(row[0]), []).append(value)
        for label, values in (*groups.items(), ("", list(column))):
            parts = [float(value) for value in values if _is_number(value)]
            bases = {float(count) for nodes, count in told if nodes <= {label}}
            yield from ((whole, parts) for whole in sorted({sum(parts), *bases}) if whole > 0)


def _told(run: Subject) -> list[tuple[frozenset[str], int]]:
    """Return every released count with the categories it is of."""
    published = (run.released or {}).get("published", [])
    cells = (cell for one in published for cell in one.get("cells", ()))
    return [(frozenset(node for _, node in key), count) for key, count in cells if isinstance(count, int)]


def _columns(payload: Json) -> list[tuple[Any, ...]]:
    columns = list(zip(*payload.get("values", []), strict=False))
    kinds = [column.get("kind") for column in payload.get("columns", [])]
    return [column for column, kind in zip(columns, kinds, strict=False) if kind == "number"]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


# -- points -------------------------------------------------------------------------------------------


class Scale:
    """Where a value lies along an axis: straight or logarithmic, as its ticks say."""

    def __init__(self, ticks: list[tuple[float, float]]) -> None:
        self._logarithmic = False
        self._fit = _line(ticks)
        if self._fit is None and all(value > 0 for value, _ in ticks):
            self._logarithmic = True
            self._fit = _line([(math.log(value), place) for value, place in ticks])

    def __bool__(self) -> bool:
        """Whether the ticks tell any scale."""
        return self._fit is not None

    def place(self, value: float) -> float | None:
        """Return where a value lies [points], None if nowhere."""
        if self._fit is None or (self._logarithmic and value <= 0):
            return None
        slope, start = self._fit
        return start + slope * (math.log(value) if self._logarithmic else value)


def _line(pairs: list[tuple[float, float]]) -> tuple[float, float] | None:
    """Return slope and start of the line through all pairs, None if there is none."""
    if len({value for value, _ in pairs}) < 2:
        return None
    (first, at), (last, to) = pairs[0], pairs[-1]
    slope = (to - at) / (last - first)
    start = at - slope * first
    return (slope, start) if all(abs(start + slope * v - p) < NEAR for v, p in pairs) else None


@dataclass(frozen=True)
class Axis:
    """One axis that has a scale: where values lie along it, and whether they are shares."""

    scale: Scale
    shares: bool
    edges: tuple[float, float]

    def places(self, values: Iterable[float]) -> list[float]:
        """Return where values lie [points]."""
        return [place for value in values if (place := self.scale.place(value)) is not None]


def _axes(drawing: Drawing, alphabet: Alphabet, frame: tuple[Point, Point]) -> dict[int, Axis]:
    """Return the axes whose ticks tell a scale: 0 across, 1 up."""
    found: dict[int, Axis] = {}
    for place, name in enumerate("xy"):
        labels = [
            (at, LABEL.fullmatch(alphabet.read(text) or ""))
            for axis, at, text in drawing.ticks
            if axis == name
        ]
        ticks = [(_value(match), at) for at, match in labels if match]
        scale = Scale(sorted(ticks) if len(ticks) == len(labels) else [])
        if scale:
            shares = any(match and match[4] for _, match in labels)
            found[place] = Axis(scale, shares, (frame[0][place], frame[1][place]))
    return found


def _value(match: re.Match[str]) -> float:
    return float(match[3].replace(",", "")) / (100 if match[4] else 1) * (-1 if match[1] else 1)


def _astray(drawing: Drawing, payload: Json, alphabet: Alphabet, wholes: Wholes) -> int:
    """Return how many points of a figure stand for nothing in its table."""
    frame = drawing.frame
    if frame is None:
        return 0
    axes = _axes(drawing, alphabet, frame)
    if not axes:
        cells = sum(len(row) for row in payload.get("values", []))
        return max(0, sum(1 for shape in drawing.shapes if shape.mark) - cells)
    rows = [
        {place: axis.places(_of_row(payload, row, axis)) for place, axis in axes.items()}
        for row in _rows(payload)
    ]
    for place, axis in axes.items():
        for row in rows:
            row[place] += [*axis.edges, *axis.places((0.0, 1.0, *_running(wholes, axis)))]
    points = (
        point for shape in drawing.shapes for point in shape.points if shape.clipped or _within(point, frame)
    )
    return sum(not any(_on(point, row) for row in rows) for point in points)


def _on(point: Point, row: dict[int, list[float]]) -> bool:
    """Whether a point lies where a row has a value, along every axis that has a scale."""
    return all(any(abs(point[axis] - place) <= NEAR for place in places) for axis, places in row.items())


def _rows(payload: Json) -> range:
    return range(len(payload.get("values", [])))


def _of_row(payload: Json, row: int, axis: Axis) -> Iterator[float]:
    """Yield the numbers of a row that an axis may show: shares on an axis of shares, others on others."""
    for value, cell in zip(payload["values"][row], payload["cells"][row], strict=False):
        if _is_number(value) and str(cell).endswith("%") is axis.shares:
            yield float(value)


def _running(wholes: Wholes, axis: Axis) -> Iterator[float]:
    """Yield where the parts of a whole end: their running sums, or these as shares of the whole."""
    for total, parts in wholes:
        running = 0.0
        for part in parts:
            running += part
            yield running / total if axis.shares else running


def _within(point: Point, frame: tuple[Point, Point]) -> bool:
    """Whether a point is inside the axes; keys and titles stand outside."""
    return all(frame[0][axis] - 1 <= point[axis] <= frame[1][axis] + 1 for axis in (0, 1))
