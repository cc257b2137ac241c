"""A grid of cells shaded by value, with the value printed in each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from analysis.present import canvas, scales, style
from analysis.present.canvas import EDGE, LINE, PAD, Chart
from analysis.present.scales import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL: Final = 0.34
"""Least height of a cell [inches]."""
LISTED: Final = 1.1
"""Width of a cell in the listed form [inches]."""

Cells = Mapping[tuple[str, str], float]


def heatmap(
    frame: pd.DataFrame,
    row: str = "label",
    column: str = "category",
    value: str = "share",
    *,
    xlabel: str,
    unit: str = "percent",
) -> Chart:
    """Draw a grid of cells shaded by value, the value printed in each.

    Where columns are too narrow for their words, as on a telephone, cells are listed under their row instead.

    Parameters
    ----------
    frame
        One row a cell, long form, in the order to draw.
    row, column, value
        Columns.
    xlabel
        What the values are, with their unit.
    unit
        One of `analysis.present.scales.UNITS`.

    Raises
    ------
    UsageError
        If a column is not in the frame, or the unit is unknown.
    """
    scales.need(frame, "heatmap", [row, column, value], unit)
    rows, columns = (list(dict.fromkeys(str(name) for name in frame[side])) for side in (row, column))
    cells = {
        (str(r), str(c)): number(cell)
        for r, c, cell in zip(frame[row], frame[column], frame[value], strict=True)
    }
    top = max([cell for cell in cells.values() if math.isfinite(cell)], default=1.0) or 1.0
    marks = [scales.lacking(frame, i) for i in range(len(frame))]
    places = zip(frame[row].astype(str), frame[column].astype(str), marks, strict=True)
    shades = _Shades(cells, top, unit, {(r, c): mark for r, c, mark in places if mark})

    def draw(width: float) -> Figure:
        if _fits(rows, columns, shades, width):
            return _grid(rows, columns, shades, xlabel, width)
        return _list(rows, columns, shades, xlabel, width)

    return Chart(draw, frame, (row, column, value), formats={value: unit})


class _Shades:
    """Words and colours of cells: the darker, the larger; hatched where nothing was published."""

    def __init__(self, cells: Cells, top: float, unit: str, marks: Mapping[tuple[str, str], str]) -> None:
        self.cells, self.top, self.unit, self.marks = cells, top, unit, marks

    def words(self, at: tuple[str, str]) -> str:
        return scales.printed(self.cells.get(at, math.nan), self.unit, self.marks.get(at, ""))

    def colour(self, at: tuple[str, str]) -> str:
        cell = self.cells.get(at, math.nan)
        if math.isnan(cell):
            return style.PAPER
        step = int(max(cell, 0) / self.top * len(style.RAMP))
        return style.RAMP[min(step, len(style.RAMP) - 1)]

    def draw(
        self, axes: Axes, at: tuple[str, str], corner: tuple[float, float], size: tuple[float, float]
    ) -> None:
        """Draw one cell and its value; distances in inches, from the top."""
        colour, missing = self.colour(at), math.isnan(self.cells.get(at, math.nan))
        axes.add_patch(
            Rectangle(
                corner,
                *size,
                facecolor=colour,
                edgecolor=style.RULE if missing else style.PAPER,
                hatch="////" if missing else "",
                linewidth=1.5,
            )
        )
        axes.text(
            corner[0] + size[0] / 2,
            corner[1] + size[1] / 2,
            canvas.wrap(self.words(at), size[0] - 0.08, style.SMALL),
            ha="center",
            va="center",
            fontsize=style.SMALL,
            color=style.ink_on(colour),
            linespacing=1.1,
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8} if missing else None,
        )


def _label_width(rows: Sequence[str], width: float) -> float:
    return min(0.34 * width, max(canvas.text_width(name) for name in rows) + 0.02)


def _cell_width(rows: Sequence[str], columns: Sequence[str], width: float) -> float:
    return (width - 2 * EDGE - _label_width(rows, width) - PAD) / len(columns)


def _fits(rows: Sequence[str], columns: Sequence[str], shades: _Shades, width: float) -> bool:
    if canvas.is_narrow(width):
        return False
    words = [word for name in columns for word in name.split()]
    words += [word for r in rows for c in columns for word in shades.words((r, c)).split()]
    widest = max(canvas.text_width(word, style.SMALL) for word in words)
    return widest + 0.12 < _cell_width(rows, columns, width)


def _page(width: float, height: float, xlabel: str) -> tuple[Figure, Axes]:
    """Return a figure whose axes count inches from the top left, with the unit written first."""
    words = canvas.wrap(xlabel, width - 2 * EDGE)
    head = canvas.lines(words) * LINE + 0.12
    page = canvas.figure(width, head + height)
    axes = canvas.axes_at(page, 0, 0, width, head + height)
    axes.set(xlim=(0, width), ylim=(height, -head))
    axes.axis("off")
    axes.text(EDGE, -head + 0.02, words, va="top", linespacing=1.18)
    return page, axes


def _grid(rows: Sequence[str], columns: Sequence[str], shades: _Shades, xlabel: str, width: float) -> Figure:
    left, cell = _label_width(rows, width), _cell_width(rows, columns, width)
    heads = [canvas.wrap(name, cell - 0.08, style.SMALL) for name in columns]
    names = [canvas.wrap(name, left) for name in rows]
    top = max(canvas.lines(head) for head in heads) * LINE + 0.1
    tall = [
        max(CELL, canvas.lines(name) * LINE + 0.1, _tallest(r, columns, shades, cell))
        for r, name in zip(rows, names, strict=True)
    ]
    page, axes = _page(width, top + sum(tall) + 0.04, xlabel)
    for j, head in enumerate(heads):
        x = EDGE + left + PAD + (j + 0.5) * cell
        axes.text(x, top - 0.05, head, ha="center", va="bottom", fontsize=style.SMALL, linespacing=1.18)
    y = top
    for r, name, height in zip(rows, names, tall, strict=True):
        axes.text(EDGE, y + height / 2, name, va="center", linespacing=1.18)
        for j, c in enumerate(columns):
            shades.draw(axes, (r, c), (EDGE + left + PAD + j * cell, y), (cell, height))
        y += height
    return page


def _tallest(row: str, columns: Sequence[str], shades: _Shades, cell: float) -> float:
    return max(
        canvas.lines(canvas.wrap(shades.words((row, c)), cell - 0.08, style.SMALL)) * LINE + 0.1
        for c in columns
    )


def _list(rows: Sequence[str], columns: Sequence[str], shades: _Shades, xlabel: str, width: float) -> Figure:
    room = width - 2 * EDGE
    names = [canvas.wrap(name, room, bold=True) for name in rows]
    words = [canvas.wrap(name, room - LISTED - 0.12, style.SMALL) for name in columns]
    tall = [max(0.28, canvas.lines(text) * LINE + 0.06) for text in words]
    height = sum(canvas.lines(name) * LINE + 0.06 + sum(tall) + 0.16 for name in names)
    page, axes = _page(width, height, xlabel)
    y = 0.0
    for r, name in zip(rows, names, strict=True):
        axes.text(EDGE, y, name, va="top", fontweight="bold", linespacing=1.18)
        y += canvas.lines(name) * LINE + 0.06
        for c, text, step in zip(columns, words, tall, strict=True):
            shades.draw(axes, (r, c), (EDGE, y), (LISTED, step))
            axes.text(
                EDGE + LISTED + 0.12, y + step / 2, text, va="center", fontsize=style.SMALL, linespacing=1.18
            )
            y += step
        y += 0.16
    return page
