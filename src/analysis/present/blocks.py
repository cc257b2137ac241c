"""Charts of filled areas: parts of a whole, steps of a pathway, ranges, and a grid of printed values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from analysis.present import canvas, scales, style
from analysis.present.canvas import LINE, MARK, Axis, Chart, Row
from analysis.present.marks import Mark, Series, chart_of_rows, whisker
from analysis.present.scales import Reference, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SWATCH: Final = 0.26
"""Width of a swatch in a key [inches]."""


def stacked(
    frame: pd.DataFrame,
    label: str = "label",
    category: str = "category",
    value: str = "count",
    *,
    xlabel: str,
    share: bool = True,
) -> Chart:
    """Draw each whole as a bar made of its parts, told apart by hatching, colour and printed values.

    Values too narrow to print inside their part are printed under the bar.

    Parameters
    ----------
    frame
        One row a part, long form, in the order to draw.
    label, category, value
        Columns: the whole, the part, its count.
    xlabel
        What is measured, with its unit.
    share
        Whether every bar is the same length and shows shares, or its length is its total.

    Raises
    ------
    UsageError
        If a column is not in the frame.
    """
    scales.need(frame, "stacked", [label, category, value])
    parts = [str(name) for name in frame[category].unique()]
    wholes = [
        _whole(str(name), rows, category, value)
        for name, rows in frame.groupby(label, sort=False, observed=True)
    ]
    longest = max((whole.total for whole in wholes if not math.isnan(whole.total)), default=1.0)
    axis = _whole_axis(longest, xlabel, share=share)

    def draw(width: float) -> Figure:
        rows = [
            Row(whole.name, detail=f"{scales.printed(whole.total, 'count', whole.hidden)} in all")
            for whole in wholes
        ]
        span = canvas.span_of(rows, width)
        placed = [_segments(whole, axis, span, share=share) for whole in wholes]
        rows = [
            Row(row.label, detail=row.detail, below=_left_out(segments))
            for row, segments in zip(rows, placed, strict=True)
        ]
        key, head = _key(parts, width)
        page = canvas.sheet(rows, axis, width, head)
        _draw_key(page.figure, page.axes, key)
        for segments, centre in zip(placed, page.centres, strict=True):
            for segment in segments:
                _draw_segment(page.axes, centre, segment, parts.index(segment.name))
        return page.figure

    return Chart(draw, frame, (label, category, value), formats={value: "count"})


class _Segment:
    """A part of a bar: where it lies [axis units], its words, and whether they fit inside."""

    def __init__(self, name: str, start: float, length: float, words: tuple[str, str], *, fits: bool) -> None:
        self.name, self.start, self.length, self.fits = name, start, length, fits
        self.inside, self.outside = words


@dataclass(frozen=True)
class _Whole:
    """A bar: its parts, what they are of, and which of their shares may be said.

    Of released numbers the base was released too: what is hidden of it is the rest of the bar.
    """

    name: str
    parts: dict[str, float]
    shares: dict[str, float]
    total: float
    hidden: str


def _whole(name: str, rows: pd.DataFrame, category: str, value: str) -> _Whole:
    parts = _parts(rows, category, value)
    hidden = next((mark for i in range(len(rows)) if (mark := scales.lacking(rows, i))), "")
    if {"marker", "base", "share"} <= set(rows.columns):
        return _Whole(name, parts, _parts(rows, category, "share"), number(rows["base"].iloc[0]), hidden)
    total = sum(part for part in parts.values() if not math.isnan(part))
    shares = {one: part / total if total else math.nan for one, part in parts.items()}
    return _Whole(name, parts, shares, total, hidden)


def _parts(rows: pd.DataFrame, category: str, value: str) -> dict[str, float]:
    return {str(name): number(cell) for name, cell in zip(rows[category], rows[value], strict=True)}


def _whole_axis(largest: float, label: str, *, share: bool) -> Axis:
    if share:
        return Axis(label, 0.0, 1.0, scales.ticker("percent"))
    return scales.linear([largest], label, "count", zero=True)


def _segments(whole: _Whole, axis: Axis, span: float, *, share: bool) -> list[_Segment]:
    if math.isnan(whole.total):
        return []
    start, found = 0.0, []
    for name, part in whole.parts.items():
        count = scales.printed(part, "count", whole.hidden)
        percent = scales.printed(whole.shares[name], "percent", whole.hidden)
        said = not math.isnan(whole.shares[name]) or not whole.hidden
        inside = percent if share and said else count
        length = part / whole.total if share and whole.total else math.nan if share else part
        room = span * length / (axis.high - axis.low)
        fits = canvas.text_width(inside, style.SMALL) + 0.16 < room
        words = f"{name} {count} ({percent})" if said and not math.isnan(part) else f"{name} {count}"
        found.append(_Segment(name, start, length, (inside, words), fits=fits))
        start += 0 if math.isnan(length) else length
    return found


def _left_out(segments: Sequence[_Segment]) -> str:
    return "; ".join(segment.outside for segment in segments if not segment.fits)


def _draw_segment(axes: Axes, centre: float, segment: _Segment, order: int) -> None:
    if math.isnan(segment.length) or segment.length == 0:
        return
    axes.add_patch(_block(segment.start, centre - MARK / 2, segment.length, order))
    if segment.fits:
        axes.text(
            segment.start + segment.length / 2,
            centre,
            segment.inside,
            ha="center",
            va="center",
            fontsize=style.SMALL,
            color=style.INK,
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.6},
            zorder=4,
        )


def _block(x: float, y: float, length: float, order: int) -> Rectangle:
    return Rectangle(
        (x, y),
        length,
        MARK,
        facecolor=style.SERIES[order % len(style.SERIES)],
        edgecolor=style.PAPER,
        hatch=style.HATCHES[order % len(style.HATCHES)],
        linewidth=1.2,
        zorder=3,
    )


def _key(names: Sequence[str], width: float) -> tuple[list[tuple[float, float, int, str]], float]:
    """Return where each entry of a key stands [inches from left and top] and the height of the key."""
    entries, x, y = [], canvas.EDGE, 0.0
    for order, name in enumerate(names):
        words = canvas.wrap(name, width - SWATCH - 0.2, style.SMALL)
        wide = SWATCH + 0.08 + max(canvas.text_width(line, style.SMALL) for line in words.split("\n"))
        if x > canvas.EDGE and x + wide > width:
            x, y = canvas.EDGE, y + LINE * 1.25
        entries.append((x, y, order, words))
        x += wide + 0.22
        y += (canvas.lines(words) - 1) * LINE
    return entries, y + LINE * 1.25 + 0.1


def _draw_key(figure: Figure, axes: Axes, key: Sequence[tuple[float, float, int, str]]) -> None:
    height = figure.get_size_inches()[1]
    inches = canvas.inches(figure)
    for x, y, order, words in key:
        swatch = _block(x, height - y - 0.19, SWATCH, order)
        swatch.set(height=0.16, transform=inches, clip_on=False)
        axes.add_artist(swatch)
        axes.text(
            x + SWATCH + 0.08,
            height - y - 0.02,
            words,
            transform=inches,
            va="top",
            fontsize=style.SMALL,
            linespacing=1.18,
        )


def cascade(
    frame: pd.DataFrame,
    step: str = "step",
    count: str = "count",
    *,
    xlabel: str,
    share: str = "share",
    low: str = "low",
    high: str = "high",
) -> Chart:
    """Draw the steps of a pathway as bars; what was lost since the step before is outlined and hatched.

    Parameters
    ----------
    frame
        One row a step, in order, as `analysis.methods.cascade.cascade` returns it.
    step, count
        Columns.
    xlabel
        Whom the bars count.
    share, low, high
        Columns of the share of the step before [fractions] and its interval.

    Raises
    ------
    UsageError
        If a column is not in the frame.
    """
    scales.need(frame, "cascade", [step, count, share, low, high])
    counts = [number(cell) for cell in frame[count]]
    axis = scales.linear(scales.finite(frame, [count]), xlabel, "count", zero=True)
    rows = [
        Row(str(row[step]), value=_step_words(row, (count, share, low, high), scales.blank(frame, i)))
        for i, (_, row) in enumerate(frame.iterrows())
    ]

    def draw(width: float) -> Figure:
        page = canvas.sheet(rows, axis, width)
        for i, centre in enumerate(page.centres):
            _draw_step(page.axes, centre, counts[i], counts[i - 1] if i else math.nan)
        return page.figure

    shown = (step, count, share, low, high)
    labels = {share: "Share of the step before"}
    return Chart(
        draw, frame, shown, labels=labels, formats={count: "count", **dict.fromkeys(shown[2:], "percent")}
    )


def _step_words(row: pd.Series, columns: Sequence[str], hidden: str) -> str:
    count, share, low, high = (number(row[name]) for name in columns)
    text = scales.printed(count, "count", hidden)
    if math.isnan(share):
        return text
    between = f"{scales.printed(low, 'percent')} to {scales.printed(high, 'percent')}"
    return f"{text}: {scales.printed(share, 'percent')} of the step before ({between})"


def _draw_step(axes: Axes, centre: float, reached: float, before: float) -> None:
    if math.isnan(reached):
        return
    axes.add_patch(_block(0, centre - MARK / 2, reached, 0))
    if before > reached:
        axes.add_patch(
            Rectangle(
                (reached, centre - MARK / 2),
                before - reached,
                MARK,
                facecolor=style.PAPER,
                edgecolor=style.QUIET,
                hatch="////",
                linewidth=1.0,
                zorder=2,
            )
        )


def tornado(
    frame: pd.DataFrame,
    label: str = "label",
    low: str = "low",
    high: str = "high",
    *,
    xlabel: str,
    unit: str = "gbp",
    reference_line: Reference = None,
) -> Chart:
    """Draw how far a result moves with each assumption, as a bar from its lowest to its highest value.

    Parameters
    ----------
    frame
        One row an assumption, in the order to draw, widest first by custom.
    label, low, high
        Columns.
    xlabel
        What the result is, with its unit.
    unit
        One of `analysis.present.scales.UNITS`.
    reference_line
        The result with every assumption in the middle, or that and the words beside it.

    Raises
    ------
    UsageError
        If a column is not in the frame, or the unit is unknown.
    """
    scales.need(frame, "tornado", [label, low, high], unit)
    axis = scales.linear(scales.finite(frame, [low, high]), xlabel, unit, reference_line, zero=False)
    series = Series(frame, label, (low, high), unit, None, frozenset())
    return chart_of_rows(series, axis, _range, words=_range_words)


def _range_words(series: Series, index: int) -> str:
    low, high = (number(series.frame[name].iloc[index]) for name in series.columns)
    if math.isnan(low) or math.isnan(high):
        return scales.printed(math.nan, series.unit, scales.blank(series.frame, index))
    return f"{scales.printed(low, series.unit)} to {scales.printed(high, series.unit)}"


def _range(axes: Axes, centre: float, point: Sequence[float], axis: Axis, mark: Mark) -> None:
    low, high = min(point), max(point)
    if math.isnan(low) or math.isnan(high):
        return
    axes.add_patch(
        Rectangle((low, centre - MARK / 2), high - low, MARK, facecolor=mark.colour, linewidth=0, zorder=2)
    )
    if low == high:
        whisker(axes, centre, (low, high), axis, mark.colour)
