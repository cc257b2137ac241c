"""The sheet every chart is drawn on: rows with their labels and values measured first, so nothing overlaps.

A chart of rows is laid out twice, wide and narrow. Wide puts labels left, marks in the middle and values
right; narrow, for a telephone, puts label and value above their mark. Distances are in inches from the top.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from matplotlib.transforms import Affine2D, Transform, blended_transform_factory

from analysis.present import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from analysis.disclosure.released import Released

LINE: Final = 0.2
"""Height of a line of labels [inches]."""
GAP: Final = 0.14
"""Space between rows [inches]."""
MARK: Final = 0.24
"""Height kept for a mark [inches]."""
EDGE: Final = 0.02
"""Space at the edges of the sheet [inches]."""
STEPS: Final = [1, 2, 2.5, 5, 10]
"""Multiples that ticks may stand at."""
PAD: Final = 0.16
"""Space between columns of the sheet [inches]."""


@dataclass(frozen=True)
class Chart:
    """A chart that can be drawn at any width, with the table it is drawn from.

    Attributes
    ----------
    draw
        Draws it at a width [inches].
    frame
        What is drawn, with its provenance columns.
    columns, labels, units, formats
        How the frame is shown as the data table of the figure.
    title
        The claim, unless ``run.figure`` is given one.
    released
        The released objects that it is drawn from; empty if all of it is public.
    """

    draw: Callable[[float], Figure] = field(repr=False)
    frame: pd.DataFrame = field(repr=False)
    columns: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    released: tuple[Released, ...] = ()

    @property
    def figure(self) -> Figure:
        """The chart as matplotlib draws it beside text."""
        with mpl.rc_context(style.RC):
            return self.draw(style.WIDE)


@dataclass(frozen=True)
class Row:
    """One row of a chart before it is placed: what is written beside its mark."""

    label: str
    value: str = ""
    detail: str = ""
    strong: bool = False
    marked: bool = True
    below: str = ""


@dataclass(frozen=True)
class Axis:
    """The horizontal axis of a chart of rows.

    Attributes
    ----------
    label
        What is measured, with its unit.
    low, high
        Ends of the axis, in data units.
    tick
        Prints a tick.
    log
        Whether equal ratios are equal distances.
    ticks
        Where the ticks stand; none leaves the choice to the width.
    line, line_label
        A reference line and the words beside it.
    """

    label: str
    low: float
    high: float
    tick: Callable[[float], str]
    log: bool = False
    ticks: tuple[float, ...] = ()
    line: float | None = None
    line_label: str = ""

    def fraction(self, value: float) -> float:
        """Return how far along the axis a value stands [0..1]."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class Sheet:
    """A figure with its rows placed: ``centres[i]`` is where the mark of row i belongs."""

    figure: Figure
    axes: Axes
    centres: list[float]


@cache
def _font(size: float, *, bold: bool) -> FontProperties:
    return FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")


@cache
def text_width(text: str, size: float = style.POINTS, *, bold: bool = False) -> float:
    """Return how wide a line of text is [inches]."""
    width, _, _ = text_to_path.get_text_width_height_descent(text, _font(size, bold=bold), ismath=False)
    return float(width) / 72


def wrap(text: str, width: float, size: float = style.POINTS, *, bold: bool = False) -> str:
    """Break text at spaces so that no line is wider than ``width`` [inches]."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def lines(text: str) -> int:
    """Return how many lines a wrapped text takes."""
    return text.count("\n") + 1 if text else 0


def is_narrow(width: float) -> bool:
    """Tell whether a width [inches] is a telephone's."""
    return width < 5


def figure(width: float, height: float) -> Figure:
    """Return an empty figure of a size [inches] that belongs to no window."""
    return Figure(figsize=(width, height))


def inches(sheet: Figure | None) -> Transform:
    """Return the transform from inches from the lower left; it still holds when a title is added around."""
    if sheet is None:
        raise ValueError("the axes belong to no figure")
    width, height = sheet.get_size_inches()
    return Affine2D().scale(1 / width, 1 / height) + sheet.transFigure


def axes_at(sheet: Figure, left: float, top: float, right: float, bottom: float) -> Axes:
    """Return axes between distances from the left and the top of the figure [inches]."""
    width, height = sheet.get_size_inches()
    return sheet.add_axes(
        (left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height)
    )


@dataclass(frozen=True)
class _Columns:
    """Where the three columns of a sheet of rows stand [inches from the left]."""

    label: float
    left: float
    right: float
    value: float


def _columns(rows: Sequence[Row], width: float) -> _Columns:
    if is_narrow(width):
        return _Columns(width - 2 * EDGE, PAD, width - 2 * PAD, width - 2 * EDGE)
    label = min(0.36 * width, max(_widest(row.label, row.strong, row.detail) for row in rows) + 0.01)
    value = min(0.3 * width, max(_widest(row.value, row.strong) for row in rows) + 0.01)
    left = EDGE + label + PAD
    right = width - EDGE - value - PAD if value > 0.05 else width - 2 * PAD
    return _Columns(label, left, right, value)


def _widest(text: str, strong: bool, detail: str = "") -> float:
    return max(text_width(text, bold=strong), text_width(detail, style.SMALL))


@dataclass(frozen=True)
class _Placed:
    """A row with its texts wrapped and its heights known [inches]."""

    row: Row
    label: str
    detail: str
    value: str
    below: str
    height: float
    centre: float


def _place(row: Row, columns: _Columns, width: float) -> _Placed:
    label = wrap(row.label, columns.label, bold=row.strong)
    detail = wrap(row.detail, columns.label, style.SMALL)
    value = wrap(row.value, columns.value, bold=row.strong)
    below = wrap(row.below, columns.right - columns.left, style.SMALL)
    text = (lines(label) + lines(detail)) * LINE
    under = lines(below) * LINE
    if is_narrow(width):
        text += lines(value) * LINE
        mark = MARK + 0.06 if row.marked else 0
        return _Placed(row, label, detail, value, below, text + mark + under + GAP, text + mark / 2 + 0.02)
    body = max(text, lines(value) * LINE, MARK if row.marked else LINE)
    gap = GAP if row.marked else GAP / 2
    return _Placed(row, label, detail, value, below, body + under + gap, body / 2)


def span_of(rows: Sequence[Row], width: float) -> float:
    """Return how wide the part of a sheet is that holds the marks [inches]."""
    columns = _columns(rows, width)
    return columns.right - columns.left


def sheet(rows: Sequence[Row], axis: Axis, width: float, head: float = 0.0) -> Sheet:
    """Place rows on a figure of a width [inches] and write everything but the marks.

    The height follows the rows; the axis, its label and the reference line are drawn here. ``head`` is kept
    free above the rows [inches].
    """
    columns = _columns(rows, width)
    placed = [_place(row, columns, width) for row in rows]
    span = columns.right - columns.left
    line = _line_label(axis, span)
    top = head + lines(line) * LINE + (0.08 if line else 0.02)
    label = wrap(axis.label, width - 2 * EDGE if is_narrow(width) else max(span, 2.6))
    bottom = 0.28 + lines(label) * LINE + 0.04
    body = sum(one.height for one in placed)
    page = figure(width, top + body + bottom)
    axes = axes_at(page, columns.left, top, columns.right, top + body)
    axes.set_ylim(body, 0)
    _horizontal(axes, axis, width)
    centres = _write(axes, placed, columns, width)
    _axis_label(page, label, EDGE if is_narrow(width) else columns.left)
    if axis.line is not None:
        _reference(axes, axis, line, body)
    return Sheet(page, axes, centres)


def _horizontal(axes: Axes, axis: Axis, width: float) -> None:
    if axis.log:
        axes.set_xscale("log")
    axes.set_xlim(axis.low, axis.high)
    axes.xaxis.set_major_locator(
        FixedLocator(axis.ticks) if axis.ticks else MaxNLocator(4 if is_narrow(width) else 6, steps=STEPS)
    )
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: axis.tick(value)))
    axes.yaxis.set_major_locator(NullLocator())
    axes.grid(axis="x", color=style.RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)


def _write(axes: Axes, placed: Sequence[_Placed], columns: _Columns, width: float) -> list[float]:
    centres, top = [], 0.0
    across = blended_transform_factory(inches(axes.get_figure(root=True)), axes.transData)
    for one in placed:
        centres.append(top + one.centre)
        write = _write_narrow if is_narrow(width) else _write_wide
        write(axes, one, top, columns, across)
        if one.below:
            under = top + one.height - GAP - lines(one.below) * LINE
            _text(axes, columns.left, under + 0.03, one.below, across, va="top", small=True)
        top += one.height
    return centres


def _write_wide(axes: Axes, one: _Placed, top: float, columns: _Columns, across: Any) -> None:
    block = (lines(one.label) + lines(one.detail)) * LINE
    start = top + one.centre - block / 2
    middle = start + lines(one.label) * LINE / 2
    _text(axes, EDGE, middle, one.label, across, va="center", bold=one.row.strong)
    if one.detail:
        middle = start + lines(one.label) * LINE + lines(one.detail) * LINE / 2
        _text(axes, EDGE, middle, one.detail, across, va="center", small=True)
    if one.value:
        _text(
            axes,
            columns.right + PAD,
            top + one.centre,
            one.value,
            across,
            va="center",
            bold=one.row.strong,
        )


def _write_narrow(axes: Axes, one: _Placed, top: float, columns: _Columns, across: Any) -> None:
    del columns
    for text, bold, small in ((one.label, True, False), (one.value, False, False), (one.detail, False, True)):
        if text:
            _text(axes, EDGE, top, text, across, va="top", bold=bold and one.row.strong, small=small)
            top += lines(text) * LINE


def _text(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    across: Any,
    *,
    va: str,
    bold: bool = False,
    small: bool = False,
) -> None:
    axes.text(
        x,
        y,
        text,
        transform=across,
        va=va,
        ha="left",
        fontsize=style.SMALL if small else style.POINTS,
        fontweight="bold" if bold else "normal",
        color=style.MUTED if small else style.INK,
        linespacing=1.18,
        clip_on=False,
        bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0},  # lines stop at words
        zorder=2.5,
    )


def _axis_label(page: Figure, label: str, left: float) -> None:
    page.text(left, 0.03, label, transform=inches(page), va="bottom", ha="left", linespacing=1.18)


def _line_label(axis: Axis, span: float) -> str:
    if axis.line is None:
        return ""
    along = axis.fraction(axis.line)
    return wrap(axis.line_label, min(3.0, max(along, 1 - along) * span), style.SMALL)


def _reference(axes: Axes, axis: Axis, label: str, body: float) -> None:
    line = float(axis.line or 0)
    axes.plot(
        [line, line], [0, body], color=style.REFERENCE, linewidth=1.4, linestyle=(0, (4, 2)), zorder=1.5
    )
    axes.annotate(
        label,
        (line, 0),
        xytext=(0, 4),
        textcoords="offset points",
        ha="left" if axis.fraction(line) < 0.5 else "right",
        va="bottom",
        fontsize=style.SMALL,
        color=style.REFERENCE,
        linespacing=1.18,
        annotation_clip=False,
    )
