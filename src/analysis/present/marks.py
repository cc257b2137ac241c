"""Marks of charts of rows: a dot with its interval or a bar, and the words that stand beside each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from analysis.present import scales, style
from analysis.present.canvas import MARK, Axis, Chart, Row, sheet
from analysis.present.scales import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NO_BASE: Final = "base not published"
NO_INTERVAL: Final = "interval not published"
NOT_GIVEN: Final = "no interval"
"""Of released numbers whose interval is neither hidden nor published."""

Words = Callable[["Series", int], str]
Drawer = Callable[["Axes", float, Sequence[float], Axis, "Mark"], None]


@dataclass(frozen=True)
class Series:
    """What a chart of rows draws: the columns of a frame, and which labels carry the claim."""

    frame: pd.DataFrame
    label: str
    columns: tuple[str, ...]
    unit: str
    group: str | None
    chosen: frozenset[str]
    heading: str | None = None
    detail: tuple[str, ...] = ()

    def groups(self) -> list[str]:
        """Return the groups in order of first appearance."""
        return [] if self.group is None else [str(name) for name in self.frame[self.group].unique()]

    def shown(self) -> tuple[str, ...]:
        """Return the columns of the data table."""
        counts = [name for name in ("count", "base") if name in self.frame and name not in self.columns]
        extra = [name for name in self.detail if name not in counts]
        under = [name for name in optional(self.heading) if name not in {*extra, *counts, *self.columns}]
        return (self.label, *optional(self.group), *under, *extra, *counts, *self.columns)


@dataclass(frozen=True)
class Mark:
    """One mark: the row of the frame it shows (none for the heading of a group) and how it looks."""

    index: int | None
    label: str
    order: int
    strong: bool
    quiet: bool

    @property
    def colour(self) -> str:
        """Its colour; marks beside a highlighted one step back."""
        return style.QUIET if self.quiet else style.SERIES[self.order % len(style.SERIES)]


def optional(name: str | None) -> list[str]:
    """Return a column that may be left out as a list of none or one."""
    return [] if name is None else [name]


def _marks(series: Series) -> list[Mark]:
    labels = [str(name) for name in series.frame[series.label]]
    strong = [name in series.chosen for name in labels]
    quiet = [bool(series.chosen) and name not in series.chosen for name in labels]
    if series.group is None:
        marks = [Mark(i, name, 0, strong[i], quiet[i]) for i, name in enumerate(labels)]
        return _headed(marks, series)
    groups, marks = series.groups(), []
    for name in dict.fromkeys(labels):
        rows = [i for i, other in enumerate(labels) if other == name]
        marks.append(Mark(None, name, 0, strong=True, quiet=False))
        for i in rows:
            group = str(series.frame[series.group].iloc[i])
            marks.append(Mark(i, group, groups.index(group), strong=False, quiet=quiet[i]))
    return marks


def _headed(marks: Sequence[Mark], series: Series) -> list[Mark]:
    """Put a heading before the first mark of each run of rows that share one."""
    if series.heading is None:
        return list(marks)
    headed, before = [], ""
    for mark, heading in zip(marks, series.frame[series.heading].astype(str), strict=True):
        if heading not in {before, ""}:
            headed.append(Mark(None, heading, 0, strong=True, quiet=False))
        headed.append(mark)
        before = heading
    return headed


def _row(series: Series, mark: Mark, words: Words) -> Row:
    if mark.index is None:
        return Row(mark.label, strong=True, marked=False)
    return Row(
        mark.label, value=words(series, mark.index), detail=_detail(series, mark.index), strong=mark.strong
    )


def value_words(series: Series, index: int) -> str:
    """Return a value with its interval, or what keeps it from having one."""
    value, *limits = (number(series.frame[name].iloc[index]) for name in series.columns)
    text = scales.printed(value, series.unit, scales.blank(series.frame, index))
    if math.isnan(value) or len(limits) < 2:
        return text
    if any(math.isnan(limit) for limit in limits):
        return f"{text}, {_no_interval(series, index)}"
    low, high = (
        scales.printed(limit, series.unit) if math.isfinite(limit) else "no limit" for limit in limits
    )
    return f"{text} ({low} to {high})"


def _no_interval(series: Series, index: int) -> str:
    """Return why a value has no interval: the frame's own words, where it has some."""
    said = str(series.frame["no_interval"].iloc[index]) if "no_interval" in series.frame else ""
    if "marker" in series.frame:
        said = said or scales.lacking(series.frame, index) or NOT_GIVEN
    return said or (NO_BASE if series.unit == "percent" else NO_INTERVAL)


def _detail(series: Series, index: int) -> str:
    said = [str(series.frame[name].iloc[index]) for name in series.detail]
    return "; ".join(part for part in [_of(series, index), *said] if part and part != "nan")


def _of(series: Series, index: int) -> str:
    if not {"count", "base"} <= set(series.frame.columns) or series.columns[0] in {"count", "base"}:
        return ""
    count, base = (number(series.frame[name].iloc[index]) for name in ("count", "base"))
    if math.isnan(count) or math.isnan(base):
        return ""
    return f"{scales.printed(count, 'count')} of {scales.printed(base, 'count')}"


def chart_of_rows(series: Series, axis: Axis, mark_row: Drawer, words: Words | None = None) -> Chart:
    """Return a chart with a row for each mark, drawn by ``mark_row`` beside its ``words``."""
    marks = _marks(series)
    rows = [_row(series, mark, words or value_words) for mark in marks]

    def draw(width: float) -> Figure:
        page = sheet(rows, axis, width)
        for mark, centre in zip(marks, page.centres, strict=True):
            if mark.index is not None:
                point = [number(series.frame[name].iloc[mark.index]) for name in series.columns]
                mark_row(page.axes, centre, point, axis, mark)
        return page.figure

    formats = dict.fromkeys(series.columns, series.unit)
    return Chart(draw, series.frame, series.shown(), formats=formats)


def dot(axes: Axes, centre: float, point: Sequence[float], axis: Axis, mark: Mark) -> None:
    """Draw a dot and its interval; hollow if there is none, an arrow where the axis cannot place it."""
    value, low, high = point
    if math.isnan(value):
        return
    bounded = not (math.isnan(low) or math.isnan(high))
    if bounded:
        whisker(axes, centre, (low, high), axis, mark.colour)
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


def whisker(axes: Axes, centre: float, limits: tuple[float, float], axis: Axis, colour: str) -> None:
    """Draw an interval with an upright at each limit, or an arrow where a limit lies beyond the axis."""
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


def bar(axes: Axes, centre: float, point: Sequence[float], axis: Axis, mark: Mark) -> None:
    """Draw a bar from zero, hollow where it should have an interval and has none."""
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
        whisker(axes, centre, (limits[0], limits[1]), axis, style.INK)
