"""Charts along an axis: a series with its limits, areas in a funnel, and curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.methods.funnel import funnel_limits
from analysis.present import canvas, scales, style
from analysis.present.canvas import Axis, Chart
from analysis.present.plane import NAMED, Plane, plane
from analysis.present.scales import Reference, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

DASHES: Final[tuple[Any, ...]] = (
    "-",
    (0, (6, 2)),
    (0, (2, 1.5)),
    (0, (8, 2, 2, 2)),
    (0, (1, 1)),
    (0, (4, 4)),
)
"""How the lines of curves differ besides their colour."""
SIGNALS_NAMED: Final = 8
"""Signals of a series that are all given their value; of more, those that there is room for."""
CURVE_POINTS: Final = 60
"""Bases at which the limits of a funnel are computed."""


def trend(
    frame: pd.DataFrame,
    period: str = "period",
    value: str = "value",
    *,
    ylabel: str,
    xlabel: str = "Period",
    unit: str = "count",
) -> Chart:
    """Draw a series as an XmR chart: its centre line, natural limits and signals.

    Parameters
    ----------
    frame
        One row a period, earliest first, as `analysis.methods.trends.xmr` returns it: with ``centre``,
        ``lower``, ``upper``, ``signal`` and ``trial``.
    period, value
        Columns; a value that was not published leaves a gap.
    ylabel, xlabel
        What is measured, with its unit; how time is counted.
    unit
        One of `analysis.present.scales.UNITS`.

    Raises
    ------
    UsageError
        If a column is not in the frame, or the unit is unknown.
    """
    scales.need(frame, "trend", [period, value, "centre", "lower", "upper", "signal", "trial"], unit)
    names = [str(name) for name in frame[period]]
    values = [number(cell) for cell in frame[value]]
    levels = {name: number(frame[name].iloc[-1]) for name in ("centre", "lower", "upper")}
    held = scales.finite(frame, [value, "lower", "upper"])
    room = 0.06 * (max(held) - min(held))  # for the value printed above the highest point
    y = scales.linear([*held, max(held) + room], ylabel, unit, zero=min(held) >= 0)
    signals = [bool(str(cell).strip()) for cell in frame["signal"]]
    notes = _trend_notes(levels, unit, trial=bool(frame["trial"].iloc[-1]), signals=any(signals))

    def draw(width: float) -> Figure:
        page = plane(_period_axis(names, xlabel, width), y, width, notes=notes)
        for name, dash in (("centre", "-"), ("lower", (0, (4, 2))), ("upper", (0, (4, 2)))):
            page.axes.axhline(levels[name], color=style.REFERENCE, linewidth=1.3, linestyle=dash, zorder=1.5)
        page.axes.plot(range(len(values)), values, color=style.NAVY, linewidth=2, marker="o", markersize=5)
        _signals(page, values, signals)
        _label_series(page, values, signals, unit)
        return page.figure

    shown = (period, value, "centre", "lower", "upper", "signal")
    labels = {"centre": "Centre line", "lower": "Lower limit", "upper": "Upper limit"}
    return Chart(draw, frame, shown, labels=labels, formats=_level_formats(unit, value))


def _level_formats(unit: str, value: str) -> dict[str, str]:
    level = "number" if unit == "count" else unit
    return {value: unit, "centre": level, "lower": level, "upper": level}


def _trend_notes(levels: dict[str, float], unit: str, *, trial: bool, signals: bool) -> list[str]:
    said = {name: scales.printed(level, _level_formats(unit, "")["centre"]) for name, level in levels.items()}
    notes = [
        f"Solid line: average {said['centre']}. Dashed: natural limits {said['lower']} to {said['upper']}."
    ]
    if trial:
        notes.append("Trial limits, from fewer than 12 points.")
    if signals:
        notes.append("Diamond: a signal that something other than chance is at work.")
    return notes


def _period_axis(names: Sequence[str], label: str, width: float) -> Axis:
    """Return an axis of periods with as many labels as the width has room for, the last among them."""
    last = len(names) - 1
    widest = max(canvas.text_width(name, style.SMALL) for name in names) + 0.15
    every = max(1, math.ceil(widest * len(names) / (width - 0.7)))
    ticks = tuple(float(i) for i in range(last % every, last + 1, every))
    return Axis(label, -0.5, last + 0.5, lambda value: names[round(value)], ticks=ticks)


def _signals(page: Plane, values: Sequence[float], signals: Sequence[bool]) -> None:
    at = [i for i, signal in enumerate(signals) if signal and not math.isnan(values[i])]
    page.axes.plot(
        at,
        [values[i] for i in at],
        linestyle="none",
        marker="D",
        markersize=8.5,
        markerfacecolor=style.REFERENCE,
        markeredgecolor=style.PAPER,
        zorder=4,
    )


def _label_series(page: Plane, values: Sequence[float], signals: Sequence[bool], unit: str) -> None:
    known = [i for i, value in enumerate(values) if not math.isnan(value)]
    ends = [known[-1], known[0], max(known, key=values.__getitem__), min(known, key=values.__getitem__)]
    for i in known:
        page.keep_clear(i, values[i])
    few = sum(signals) <= SIGNALS_NAMED
    for i in dict.fromkeys([*ends, *(i for i in known if signals[i]), *known]):
        page.label(i, values[i], scales.printed(values[i], unit), bold=signals[i], must=few and signals[i])


def funnel(
    frame: pd.DataFrame,
    label: str = "label",
    base: str = "base",
    share: str = "share",
    *,
    xlabel: str,
    ylabel: str,
    highlight: str | Sequence[str] | None = None,
) -> Chart:
    """Draw areas by size and share within the limits that chance alone would keep; never a league table.

    Areas outside the limits are diamonds and named, highlighted ones are filled and named.

    Parameters
    ----------
    frame
        One row an area, as `analysis.methods.funnel.funnel` returns it: with ``centre``, ``dispersion`` and
        ``position``.
    label, base, share
        Columns; shares are fractions.
    xlabel, ylabel
        What the base and the share are, with their units.
    highlight
        Area or areas the report is about.

    Raises
    ------
    UsageError
        If a column or a highlighted area is not in the frame.
    """
    scales.need(frame, "funnel", [label, base, share, "centre", "dispersion", "position"])
    chosen = scales.chosen(frame, label, highlight, "funnel")
    known = frame.dropna(subset=[base, share])
    scales.need(known, "funnel", [label])
    centre, dispersion = number(known["centre"].iloc[0]), number(known["dispersion"].iloc[0])
    limits = _smooth_limits(float(known[base].max()), centre, dispersion)
    x = scales.linear([float(limits["base"].max())], xlabel, "count", zero=True)
    y = scales.linear(_funnel_heights(known, base, share, limits), ylabel, "percent", zero=True)
    notes = [
        f"Solid line: all areas together, {scales.printed(centre, 'percent')}.",
        "Dashed: 95% limits. Dotted: 99.8% limits. Diamond: outside the 99.8% limits.",
    ]

    def draw(width: float) -> Figure:
        page = plane(x, y, width, notes=notes)
        page.axes.axhline(centre, color=style.REFERENCE, linewidth=1.3, zorder=1.5)
        for name, dash in (("95", (0, (5, 2))), ("998", (0, (1, 1.5)))):
            for side in ("low", "high"):
                page.axes.plot(
                    limits["base"],
                    limits[f"{side}{name}"],
                    color=style.REFERENCE,
                    linewidth=1.3,
                    linestyle=dash,
                )
        _areas(page, known, (label, base, share), chosen)
        return page.figure

    shown = (label, *(["count"] if "count" in frame else []), base, share, "position")
    return Chart(draw, frame, shown, formats={base: "count", share: "percent"})


def _funnel_heights(frame: pd.DataFrame, base: str, share: str, limits: pd.DataFrame) -> list[float]:
    """Return what the share axis must hold: every area, and the limits where areas begin to be many."""
    usual = limits["high998"][limits["base"] >= frame[base].quantile(0.25)]
    return [1.1 * max(scales.finite(frame, [share])), *scales.finite(usual.to_frame(), ["high998"])]


def _smooth_limits(largest: float, centre: float, dispersion: float) -> pd.DataFrame:
    bases = np.unique(np.geomspace(2, max(largest * 1.05, 4), CURVE_POINTS).round().astype(int))
    return funnel_limits([int(size) for size in bases], centre, dispersion=dispersion)


def _areas(page: Plane, frame: pd.DataFrame, columns: Sequence[str], chosen: frozenset[str]) -> None:
    rows = [(str(name), float(x), float(y)) for name, x, y in frame[list(columns)].itertuples(index=False)]
    outside = [str(cell).endswith("99.8%") for cell in frame["position"]]
    for (name, x, y), out in zip(rows, outside, strict=True):
        strong = name in chosen
        page.axes.plot(
            [x],
            [y],
            marker="D" if out else "o",
            markersize=8.5 if strong or out else 6,
            markerfacecolor=style.NAVY if strong else style.PAPER,
            markeredgecolor=style.NAVY,
            markeredgewidth=1.4,
            linestyle="none",
            zorder=4 if strong else 3,
            clip_on=False,
        )
        page.keep_clear(x, y)
    named = sorted(zip(rows, outside, strict=True), key=lambda row: (row[0][0] not in chosen, not row[1]))
    for (name, x, y), out in named:
        if out or name in chosen or len(rows) <= 12:
            page.label(x, y, f"{name} {scales.printed(y, 'percent')}", bold=name in chosen, must=True)


def curve(
    frame: pd.DataFrame,
    x: str,
    y: str,
    *,
    xlabel: str,
    ylabel: str,
    unit: str = "percent",
    x_unit: str = "number",
    series: str | None = None,
    reference_line: Reference = None,
) -> Chart:
    """Draw one measure against another, a line a series, each named at its end.

    Parameters
    ----------
    frame
        One row a point, long form.
    x, y
        Columns.
    xlabel, ylabel
        What they are, with their units.
    unit, x_unit
        How they are printed: `analysis.present.scales.UNITS`.
    series
        Column that names the line a point belongs to.
    reference_line
        A value of ``y``, or that and the words beside it.

    Raises
    ------
    UsageError
        If a column is not in the frame, or a unit is unknown.
    """
    columns = [x, y, *([series] if series else [])]
    scales.need(frame, "curve", columns, unit)
    scales.need(frame, "curve", columns, x_unit)
    across = scales.linear(scales.finite(frame, [x]), xlabel, x_unit, zero=False)
    up = scales.linear(scales.finite(frame, [y]), ylabel, unit, reference_line, zero=True)
    lines = _lines(frame, x, y, series)
    notes = [up.line_label] if up.line_label else []

    def draw(width: float) -> Figure:
        named = {name: canvas.wrap(name, 0.3 * width, style.SMALL) for name in lines} if series else {}
        widths = [
            canvas.text_width(part, style.SMALL) for words in named.values() for part in words.split("\n")
        ]
        page = plane(
            across, up, width, notes=notes, right=max(widths) * 1.03 + NAMED + 0.03 if widths else 0.0
        )
        if up.line is not None:
            page.axes.axhline(up.line, color=style.REFERENCE, linewidth=1.3, linestyle=(0, (4, 2)))
        for order, points in enumerate(lines.values()):
            _line(page, points, order)
        ends = [(points[-1][1], named[name]) for name, points in lines.items() if named]
        page.name_lines([(end, words, order) for order, (end, words) in enumerate(ends)])
        return page.figure

    shown = (*([series] if series else []), x, y)
    return Chart(draw, frame, shown, formats={x: x_unit, y: unit})


def _lines(frame: pd.DataFrame, x: str, y: str, series: str | None) -> dict[str, list[tuple[float, float]]]:
    lines: dict[str, list[tuple[float, float]]] = {}
    for _, row in frame.iterrows():
        lines.setdefault(str(row[series]) if series else "", []).append((number(row[x]), number(row[y])))
    return {name: sorted(points) for name, points in lines.items()}


def _line(page: Plane, points: Sequence[tuple[float, float]], order: int) -> None:
    every = max(1, len(points) // 12)
    page.axes.plot(
        [x for x, _ in points],
        [y for _, y in points],
        color=style.SERIES[order % len(style.SERIES)],
        linestyle=DASHES[order % len(DASHES)],
        marker=style.MARKERS[order % len(style.MARKERS)],
        markevery=every if every == 1 else (every, every),  # a mark on the axis would cover what it says
        markersize=6,
        linewidth=2,
        zorder=3,
        clip_on=False,  # a mark at the end of the axis is a whole mark
    )
