"""Charts with two measured axes: where they stand, and labels placed so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from analysis.present import canvas, style
from analysis.present.canvas import EDGE, LINE, STEPS, Axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALL: Final = 3.3
"""Height of the plane beside text [inches]."""
LOW: Final = 2.6
"""Height of the plane on a telephone [inches]."""

NAMED: Final = 0.3
"""Where the names of lines stand, right of the plane [inches]."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top [inches from the lower left of the plane]."""


@dataclass
class Plane:
    """Axes on a figure, and the boxes of the words already on them."""

    figure: Figure
    axes: Axes
    x: Axis
    y: Axis
    wide: float
    tall: float
    taken: list[Box] = field(default_factory=list)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the data lies [inches from the lower left of the plane]."""
        return self.x.fraction(x) * self.wide, self.y.fraction(y) * self.tall

    def keep_clear(self, x: float, y: float, radius: float = 0.06) -> None:
        """Keep words off a mark."""
        left, bottom = self.at(x, y)
        self.taken.append((left - radius, bottom - radius, left + radius, bottom + radius))

    def label(
        self, x: float, y: float, words: str, *, bold: bool = False, below: bool = False, must: bool = False
    ) -> bool:
        """Write words beside a mark where they cover nothing; tell whether there was room.

        They stand above it if they can, or ``below``. Words that must be written go further off, with a
        line to their mark.
        """
        left, bottom = self.at(x, y)
        size = canvas.text_width(words, style.SMALL, bold=bold), LINE * 0.9
        near = _beside(size, below=below)
        for i, (dx, dy) in enumerate([*near, *(_further(size) if must else ())]):
            box = (left + dx, bottom + dy, left + dx + size[0], bottom + dy + size[1])
            if self._free(box):
                self.taken.append(box)
                self._write(box, words, bold=bold)
                if i >= len(near):
                    self._lead(x, y, box)
                return True
        return False

    def _lead(self, x: float, y: float, box: Box) -> None:
        left, bottom = self.at(x, y)
        end = min(max(left, box[0]), box[2]), box[1] if box[1] > bottom else box[3]
        self.axes.plot(
            [left / self.wide, end[0] / self.wide],
            [bottom / self.tall, end[1] / self.tall],
            transform=self.axes.transAxes,
            color=style.MUTED,
            linewidth=0.9,
            zorder=2.5,
        )

    def _free(self, box: Box) -> bool:
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= self.wide + 0.05 and box[3] <= self.tall + 0.05
        return inside and not any(_overlap(box, other) for other in self.taken)

    def _write(self, box: Box, words: str, *, bold: bool) -> None:
        self.axes.text(
            box[0] / self.wide,
            (box[1] + box[3]) / 2 / self.tall,
            words,
            transform=self.axes.transAxes,
            va="center",
            fontsize=style.SMALL,
            fontweight="bold" if bold else "normal",
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
            zorder=5,
        )

    def name_lines(self, ends: Sequence[tuple[float, str, int]]) -> None:
        """Name lines (last value, words, order) at the right, level with their end, clear of each other."""
        rising = sorted(ends, key=lambda end: end[0])
        halves = [canvas.lines(words) * LINE * 0.48 for _, words, _ in rising]
        levels = apart([self.y.fraction(y) * self.tall for y, _, _ in rising], halves, self.tall + LINE)
        for level, (_, words, order) in zip(levels, rising, strict=True):
            self._swatch(level, order)
            self.axes.text(
                1 + NAMED / self.wide,
                level / self.tall,
                words,
                transform=self.axes.transAxes,
                va="center",
                fontsize=style.SMALL,
                linespacing=1.1,
            )

    def _swatch(self, level: float, order: int) -> None:
        self.axes.plot(
            [1 + (NAMED - 0.12) / self.wide],
            [level / self.tall],
            transform=self.axes.transAxes,
            marker=style.MARKERS[order % len(style.MARKERS)],
            color=style.SERIES[order % len(style.SERIES)],
            markersize=6,
            clip_on=False,
        )


def apart(levels: Sequence[float], halves: Sequence[float], top: float) -> list[float]:
    """Return levels, rising, moved as little as keeps half heights apart and under a top [inches]."""
    placed: list[float] = []
    for level, half in zip(levels, halves, strict=True):
        placed.append(max(level, placed[-1] + halves[len(placed) - 1] + half) if placed else level)
    for i in range(len(placed) - 1, -1, -1):
        room = placed[i + 1] - halves[i + 1] if i + 1 < len(placed) else top
        placed[i] = min(placed[i], room - halves[i])
    return placed


def _beside(size: tuple[float, float], *, below: bool) -> list[tuple[float, float]]:
    """Return where words may stand from their mark, best first [inches]."""
    wide, tall = size
    over, under = (-wide / 2, 0.08), (-wide / 2, -tall - 0.08)
    return [
        *((under, over) if below else (over, under)),
        (0.11, -tall / 2),
        (-wide - 0.11, -tall / 2),
        (0.06, 0.1),
        (-wide - 0.06, 0.1),
        (0.06, -tall - 0.1),
        (-wide - 0.06, -tall - 0.1),
    ]


def _further(size: tuple[float, float]) -> list[tuple[float, float]]:
    """Return where words may stand with a line to their mark, nearest first [inches]."""
    wide, tall = size
    across = (-wide / 2, -wide * 0.2, -wide * 0.8, 0.1, -wide - 0.1)
    ways = ((side, step) for step in (0.25, 0.4, 0.6, 0.85, 1.1, 1.4) for side in (1, -1))
    nearest = [(dx, step if side > 0 else -tall - step) for side, step in ways for dx in across]
    steps = [step / 10 for step in range(2, 25)]
    heights = [height for step in steps for height in (step, -tall - step)]
    return [*nearest, *((side * dx, dy) for dy in heights for dx in (0.1, *steps) for side in (1, -1))]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def plane(x: Axis, y: Axis, width: float, *, notes: Sequence[str] = (), right: float = 0.0) -> Plane:
    """Return axes at a width [inches]; the label of y stands above them, so that it reads across.

    Parameters
    ----------
    x, y
        What is measured; ticks are chosen where none are given.
    notes
        Lines that explain marks, written under the label of y.
    right
        Space kept right of the axes [inches].
    """
    narrow = canvas.is_narrow(width)
    tall = LOW if narrow else TALL
    y = y if y.ticks else replace(y, ticks=_ticks(y, 5))
    left = max(canvas.text_width(y.tick(tick), style.SMALL) for tick in y.ticks) + 0.14
    wide = width - left - max(right, _half_of_last(x))
    x = x if x.ticks else replace(x, ticks=_ticks(x, 4 if narrow else 7))
    words = [canvas.wrap(y.label, width - 2 * EDGE)]
    words += [canvas.wrap(note, width - 2 * EDGE, style.SMALL) for note in notes]
    head = sum(canvas.lines(word) for word in words) * LINE + 0.16
    label = canvas.wrap(x.label, wide)
    height = head + tall + 0.3 + canvas.lines(label) * LINE + 0.06
    page = canvas.figure(width, height)
    axes = canvas.axes_at(page, left, head, left + wide, head + tall)
    _dress(axes, x, y)
    _words(page, height, words)
    page.text(
        left,
        0.04,
        label,
        transform=canvas.inches(page),
        va="bottom",
        fontsize=style.POINTS,
        linespacing=1.18,
    )
    return Plane(page, axes, x, y, wide, tall)


def _half_of_last(axis: Axis) -> float:
    """Return the room that the last tick label needs beyond its tick [inches]."""
    return 0.5 * canvas.text_width(axis.tick(axis.ticks[-1]), style.SMALL) if axis.ticks else 0.3


def _ticks(axis: Axis, most: int) -> tuple[float, ...]:
    ticks = MaxNLocator(most, steps=STEPS).tick_values(axis.low, axis.high)
    return tuple(float(tick) for tick in ticks if axis.low - 1e-12 <= tick <= axis.high + 1e-12)


def _dress(axes: Axes, x: Axis, y: Axis) -> None:
    axes.set(xlim=(x.low, x.high), ylim=(y.low, y.high))
    for axis, scale in ((axes.xaxis, x), (axes.yaxis, y)):
        axis.set_major_locator(FixedLocator(scale.ticks))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda value, _, tick=scale.tick: tick(value)))
    axes.grid(axis="y", color=style.RULE, linewidth=0.8)
    axes.tick_params(axis="y", length=0, pad=6)  # a mark may stand on the axis
    axes.set_axisbelow(True)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)


def _words(page: Figure, height: float, words: Sequence[str]) -> None:
    y = height - 0.02
    for i, text in enumerate(words):
        page.text(
            EDGE,
            y,
            text,
            transform=canvas.inches(page),
            va="top",
            fontsize=style.SMALL if i else style.POINTS,
            color=style.MUTED if i else style.INK,
            linespacing=1.18,
        )
        y -= canvas.lines(text) * LINE
