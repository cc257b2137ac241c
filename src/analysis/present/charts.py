"""The charts a notebook may draw, in one style: claims as titles, values printed beside their marks.

Every function takes a frame with its provenance columns and returns a `Chart`; ``run.figure`` gives it its
title and words. No chart tells series or tiers apart by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.present import blocks, grid, pairs, scales, series, steps
from analysis.present.canvas import Chart
from analysis.present.marks import Series, bar, chart_of_rows, dot, optional
from analysis.present.scales import Reference
from analysis.present.tables import with_printed_shares
from analysis.present.undrawn import of_released

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Chart",
    "bars",
    "cascade",
    "curve",
    "forest",
    "funnel",
    "heatmap",
    "intervals",
    "paired",
    "shares",
    "stacked",
    "survival",
    "tornado",
    "trend",
]

cascade = of_released(blocks.cascade)
curve = of_released(series.curve)
funnel = of_released(series.funnel)
heatmap = of_released(grid.heatmap)
paired = of_released(pairs.paired)
stacked = of_released(blocks.stacked, shares=True)
survival = of_released(steps.survival)
tornado = of_released(blocks.tornado)
trend = of_released(series.trend)


@of_released
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
    heading: str | None = None,
    detail: Sequence[str] = (),
    highlight: str | Sequence[str] | None = None,
    reference_line: Reference = None,
) -> Chart:
    """Draw a dot and its interval per row, value and interval printed beside it.

    A row with a value but no interval is drawn hollow and says "base not published"; a share that is missing
    is taken from the frame's ``printed`` column [percent] where there is one. A row with no value is kept and
    says "not published". Counts are printed under the label where the frame has ``count`` and ``base``.

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
    heading
        Column of headings that rows stand under; not together with ``group``.
    detail
        Columns of text written small under the label, such as the period.
    highlight
        Label or labels that carry the claim; the others step back.
    reference_line
        A value [unit of ``value``], or a value and the words beside it.

    Raises
    ------
    UsageError
        If a column or a highlighted label is not in the frame, or the unit is unknown.
    """
    named = [label, value, low, high, *optional(group), *optional(heading), *detail]
    scales.need(frame, "intervals", named, unit)
    frame = with_printed_shares(frame, value) if unit == "percent" else frame
    held = scales.finite(frame, [value, low, high])
    axis = scales.linear(held, xlabel, unit, reference_line, zero=_from_zero(held, unit))
    chosen = scales.chosen(frame, label, highlight, "intervals")
    rows = Series(frame, label, (value, low, high), unit, group, chosen, heading, tuple(detail))
    return chart_of_rows(rows, axis, dot)


@of_released
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
    scales.need(frame, "forest", [label, ratio, low, high, *optional(group)])
    axis = scales.logarithmic(scales.finite(frame, [ratio, low, high]), xlabel, reference_label)
    rows = Series(
        frame, label, (ratio, low, high), "ratio", group, scales.chosen(frame, label, highlight, "forest")
    )
    return chart_of_rows(rows, axis, dot)


@of_released
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
    limits = (*optional(low), *optional(high))
    scales.need(frame, "bars", [label, value, *limits, *optional(group)], unit)
    axis = scales.linear(scales.finite(frame, [value, *limits]), xlabel, unit, reference_line, zero=True)
    rows = Series(frame, label, (value, *limits), unit, group, scales.chosen(frame, label, highlight, "bars"))
    return chart_of_rows(rows, axis, bar)


@of_released
def shares(frame: pd.DataFrame, *, xlabel: str, highlight: str | Sequence[str] | None = None) -> Chart:
    """Draw released shares as dots with their intervals: a group a label, a category a mark.

    Parameters
    ----------
    frame
        As ``shares()`` of a released object gives it.
    xlabel
        What the shares are of.
    highlight
        As in `intervals`.

    Raises
    ------
    UsageError
        If the frame has no shares, or more than two axes.
    """
    scales.need(frame, "shares", ["count", "base", "share", "low", "high"])
    axes = [str(name) for name in frame.columns[: list(frame.columns).index("count")]]
    if not 1 <= len(axes) <= 2:
        cure = "Draw a breakdown by one or two columns."
        raise UsageError(f"{len(axes)} axes are too many", where="charts.shares", cure=cure)
    group = axes[1] if len(axes) == 2 else None
    made: Chart = intervals(frame, axes[0], xlabel=xlabel, group=group, highlight=highlight)
    return made


def _from_zero(held: Sequence[float], unit: str) -> bool:
    """Shares start at nothing; other measures when zero is no further off than the values are spread."""
    return unit == "percent" or not held or min(held) <= max(held) - min(held)
