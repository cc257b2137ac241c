"""The charts a notebook may draw, in one style: claims as titles, values printed beside their marks.

Every function takes a frame with its provenance columns and returns a `Chart`; ``run.figure`` gives it its
title and words. No chart tells series or tiers apart by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from analysis.present import scales, style
from analysis.present.canvas import MARK, Axis, Chart, Row, sheet
from analysis.present.scales import Reference, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Chart", "bars", "forest", "intervals"]

NO_BASE = "base not published"


def intervals(
    frame: pd.DataFrame,
    label: str = "label",
    value: str = "share",
    low: str = "low",
    high: str = "high",
    *,
    xlabel: str,
    unit: str = "percent",
    group: str | None = None,
    highlight: str | Sequence[str] | None = None,
    reference_line: Reference = None,
) -> Chart:
    """Draw a dot and its interval per row, value and interval printed beside it.

    A row with a value but no interval is drawn hollow and says "base not published"; a row with no value is
    kept and says "not published". Counts are printed under the label where the frame has ``count`` and
    ``base``.

    Parameters
    ----------
    frame
        One row a mark, in the order to draw.
    label, value, low, high
        Columns; shares are fractions.
    xlabel
        What is measured, with its unit.
    unit
        One of `scales.UNITS`: how values are printed.
    group
        Column that splits each label into marks of different shape, such as sex.
    highlight
        Label or labels that carry the claim; the others step back.
    reference_line
        A value [unit of ``value``], or a value and the words beside it.

    Raises
    ------
    UsageError
        If a column or a highlighted label is not in the frame, or the unit is unknown.
    """
    scales.need(frame, "intervals", [label, value, low, high, *_optional(group)], unit)
    held = scales.finite(frame, [value, low, high])
    axis = scales.linear(held, xlabel, unit, reference_line, zero=_from_zero(held, unit))
    series = _Series(
        frame, label, (value, low, high), unit, group, scales.chosen(frame, label, highlight, "intervals")
    )
    return _dots(series, axis)


def forest(
    frame: pd.DataFrame,
    label: str = "label",
    ratio: str = "ratio",
    low: str = "ratio_low",
    high: str = "ratio_high",
    *,
    xlabel: str,
    group: str | None = None,
    highlight: str | Sequence[str] | None = None,
    reference_label: str = "Same share as the denominator",
) -> Chart:
    """Draw ratios with their intervals on a log axis against a line at one.

    A ratio or a limit of zero, which a log axis cannot place, is drawn as an arrow at the left edge, and an
    unbounded limit as an arrow at the right.

    Parameters
    ----------
    frame
        One row a ratio, in the order to draw.
    label, ratio, low, high
        Columns.
    xlabel
        What is compared with what.
    group, highlight
        As in `intervals`.
    reference_label
        Words beside the line at one.

    Raises
    ------
    UsageError
        If a column or a highlighted label is not in the frame.
    """
    scales.need(frame, "forest", [label, ratio, low, high, *_optional(group)])
    axis = scales.logarithmic(scales.finite(frame, [ratio, low, high]), xlabel, reference_label)
    series = _Series(
        frame, label, (ratio, low, high), "ratio", group, scales.chosen(frame, label, highlight, "forest")
    )
    return _dots(series, axis)


def bars(
    frame: pd.DataFrame,
    label: str = "label",
    value: str = "count",
    *,
    xlabel: str,
    unit: str = "count",
    low: str | None = None,
    high: str | None = None,
    group: str | None = None,
    highlight: str | Sequence[str] | None = None,
    reference_line: Reference = None,
) -> Chart:
    """Draw a bar from zero per row, its value printed beside it, with an interval where there is one.

    Parameters
    ----------
    frame
        One row a bar, in the order to draw.
    label, value
        Columns.
    xlabel
        What is measured, with its unit.
    unit
        One of `scales.UNITS`.
    low, high
        Columns of the interval, if there is one.
    group, highlight, reference_line
        As in `intervals`; groups differ in hatching as well as in colour.

    Raises
    ------
    UsageError
        If a column or a highlighted label is not in the frame, or the unit is unknown.
    """
    limits = (*_optional(low), *_optional(high))
    scales.need(frame, "bars", [label, value, *limits, *_optional(group)], unit)
    axis = scales.linear(scales.finite(frame, [value, *limits]), xlabel, unit, reference_line, zero=True)
    series = _Series(
        frame, label, (value, *limits), unit, group, scales.chosen(frame, label, highlight, "bars")
    )
    return _rows(series, axis, _bar)


_Drawer = Callable[["Axes", float, Sequence[float], Axis, "_Mark"], None]


@dataclass(frozen=True)
class _Series:
    """What a chart of rows draws: the columns of a frame, and which labels carry the claim."""

    frame: pd.DataFrame
    label: str
    columns: tuple[str, ...]
    unit: str
    group: str | None
    chosen: frozenset[str]

    def groups(self) -> list[str]:
        """Return the groups in order of first appearance."""
        return [] if self.group is None else [str(name) for name in self.frame[self.group].unique()]

    def shown(self) -> tuple[str, ...]:
        """Return the columns of the data table."""
        counts = [name for name in ("count", "base") if name in self.frame and name not in self.columns]
        return (self.label, *_optional(self.group), *counts, *self.columns)


@dataclass(frozen=True)
class _Mark:
    """One mark: the row of the frame it shows (none for the heading of a group) and how it looks."""

    index: int | None
    label: str
    order: int
    strong: bool
    quiet: bool

    @property
    def colour(self) -> str:
        return style.QUIET if self.quiet else style.SERIES[self.order % len(style.SERIES)]


def _optional(name: str | None) -> list[str]:
    return [] if name is None else [name]


def _from_zero(held: Sequence[float], unit: str) -> bool:
    """Shares start at nothing; other measures when zero is no further off than the values are spread."""
    return unit == "percent" or not held or min(held) <= max(held) - min(held)


def _marks(series: _Series) -> list[_Mark]:
    labels = [str(name) for name in series.frame[series.label]]
    strong = [name in series.chosen for name in labels]
    quiet = [bool(series.chosen) and name not in series.chosen for name in labels]
    if series.group is None:
        return [_Mark(i, name, 0, strong[i], quiet[i]) for i, name in enumerate(labels)]
    groups, marks = series.groups(), []
    for name in dict.fromkeys(labels):
        rows = [i for i, other in enumerate(labels) if other == name]
        marks.append(_Mark(None, name, 0, strong=True, quiet=False))
        for i in rows:
            group = str(series.frame[series.group].iloc[i])
            marks.append(_Mark(i, group, groups.index(group), strong=False, quiet=quiet[i]))
    return marks


def _row(series: _Series, mark: _Mark) -> Row:
    if mark.index is None:
        return Row(mark.label, strong=True, marked=False)
    return Row(
        mark.label, value=_words(series, mark.index), detail=_detail(series, mark.index), strong=mark.strong
    )


def _words(series: _Series, index: int) -> str:
    value, *limits = (number(series.frame[name].iloc[index]) for name in series.columns)
    text = scales.printed(value, series.unit)
    if math.isnan(value) or len(limits) < 2:
        return text
    if any(math.isnan(limit) for limit in limits):
        return f"{text}, {NO_BASE}"
    low, high = (
        scales.printed(limit, series.unit) if math.isfinite(limit) else "no limit" for limit in limits
    )
    return f"{text} ({low} to {high})"


def _detail(series: _Series, index: int) -> str:
    if not {"count", "base"} <= set(series.frame.columns) or series.columns[0] in {"count", "base"}:
        return ""
    count, base = (number(series.frame[name].iloc[index]) for name in ("count", "base"))
    if math.isnan(count) or math.isnan(base):
        return ""
    return f"{scales.printed(count, 'count')} of {scales.printed(base, 'count')}"


def _dots(series: _Series, axis: Axis) -> Chart:
    return _rows(series, axis, _dot)


def _rows(series: _Series, axis: Axis, mark_row: _Drawer) -> Chart:
    marks = _marks(series)
    rows = [_row(series, mark) for mark in marks]

    def draw(width: float) -> Figure:
        page = sheet(rows, axis, width)
        for mark, centre in zip(marks, page.centres, strict=True):
            if mark.index is not None:
                point = [number(series.frame[name].iloc[mark.index]) for name in series.columns]
                mark_row(page.axes, centre, point, axis, mark)
        return page.figure

    formats = dict.fromkeys(series.columns, series.unit)
    return Chart(draw, series.frame, series.shown(), formats=formats)


def _dot(axes: Axes, centre: float, point: Sequence[float], axis: Axis, mark: _Mark) -> None:
    value, low, high = point
    if math.isnan(value):
        return
    bounded = not (math.isnan(low) or math.isnan(high))
    if bounded:
        _whisker(axes, centre, (low, high), axis, mark.colour)
    axes.plot(
        [max(value, axis.low)],
        [centre],
        marker="<" if value < axis.low else style.MARKERS[mark.order % len(style.MARKERS)],
        markersize=8.5,
        markerfacecolor=mark.colour if bounded else style.PAPER,
        markeredgecolor=mark.colour,
        markeredgewidth=1.6,
        linestyle="none",
        zorder=3,
        clip_on=False,
    )


def _whisker(axes: Axes, centre: float, limits: tuple[float, float], axis: Axis, colour: str) -> None:
    low, high = limits
    left, right = max(low, axis.low), min(high, axis.high)
    axes.plot([left, right], [centre, centre], color=colour, linewidth=2.2, zorder=2, solid_capstyle="butt")
    for limit, end, arrow in ((low, left, "<"), (high, right, ">")):
        inside = limit == end
        axes.plot(
            [end],
            [centre],
            marker="|" if inside else arrow,
            markersize=8 if inside else 6,
            markeredgewidth=2.0 if inside else 1.0,
            color=colour,
            linestyle="none",
            zorder=2,
            clip_on=False,
        )


def _bar(axes: Axes, centre: float, point: Sequence[float], axis: Axis, mark: _Mark) -> None:
    value, *limits = point
    if math.isnan(value):
        return
    missing = len(limits) == 2 and any(math.isnan(limit) for limit in limits)
    axes.add_patch(
        Rectangle(
            (0, centre - MARK / 2),
            value,
            MARK,
            facecolor=style.PAPER if missing else mark.colour,
            edgecolor=mark.colour if missing else style.PAPER,
            hatch=style.HATCHES[mark.order % len(style.HATCHES)],
            linewidth=1.4 if missing else 0.0,
            zorder=2,
        )
    )
    if len(limits) == 2 and not missing:
        _whisker(axes, centre, (limits[0], limits[1]), axis, style.INK)
