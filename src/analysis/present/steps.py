"""Curves of how long something lasts, as steps between the days on which they are released."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from analysis.present import canvas, formats, scales, style
from analysis.present.plane import NAMED, Plane, plane
from analysis.present.scales import number
from analysis.present.series import DASHES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.present.canvas import Chart

DAY: Final = "days"
EXACT: Final = 1e-6
WHOLE: Final = ".0%"
"""Shares released as whole percents are printed as such: a decimal would claim more than is known."""
Points = list[tuple[float, float]]


def survival(frame: pd.DataFrame, *, xlabel: str, ylabel: str, series: str | None = None) -> Chart:
    """Draw the share still there, or gone by a kind of exit, on the days on which it is released.

    Between two such days nothing is known, so points are joined by a thin line and no step is drawn.

    Parameters
    ----------
    frame
        As a released ``survival`` gives it: ``days``, ``remaining`` or ``gone``, ``low``, ``high``.
    xlabel, ylabel
        What is measured, with its unit, and what the share is of.
    series
        Column that names the line a point belongs to.

    Raises
    ------
    UsageError
        If a column is not in the frame.
    """
    value = "remaining" if "remaining" in frame else "gone"
    scales.need(frame, "survival", [DAY, value, "low", "high", *([series] if series else [])])
    across = scales.linear(scales.finite(frame, [DAY]), xlabel, "days", zero=True)
    up = scales.linear([0.0, 1.0], ylabel, "percent", zero=True)
    lines = _lines(frame, value, series)
    unit = _unit(scales.finite(frame, [value, "low", "high"]))
    gone = [name for name in dict.fromkeys(map(str, frame[series])) if name not in lines] if series else []
    notes = [f"No share of these can be shown: {'; '.join(gone)}."] if gone else []

    def draw(width: float) -> Figure:
        named = {name: canvas.wrap(name, 0.3 * width, style.SMALL) for name in lines} if series else {}
        widths = [
            canvas.text_width(part, style.SMALL) for text in named.values() for part in text.split("\n")
        ]
        right = max(widths) * 1.03 + NAMED + 0.03 if widths else 0.0
        page = plane(across, up, width, notes=notes, right=right)
        for order, points in enumerate(lines.values()):
            _draw(page, points, order)
        _label(page, list(lines.values()), unit)
        if named:
            ends = [(points[-1][1], named[name]) for name, points in lines.items()]
            page.name_lines([(end, words, order) for order, (end, words) in enumerate(ends)])
        return page.figure

    shown = (*([series] if series else []), DAY, value, "low", "high")
    labels = {DAY: "Days", "remaining": "Still there", "gone": "Gone"}
    forms = {DAY: "days", **dict.fromkeys((value, "low", "high"), unit)}
    kept = {name: words for name, words in labels.items() if name in shown}
    return canvas.Chart(draw, frame, shown, labels=kept, formats=forms)


def _lines(frame: pd.DataFrame, value: str, series: str | None) -> dict[str, Points]:
    """Return the released points of each line; a line without any is left out."""
    lines: dict[str, Points] = {}
    for _, row in frame.iterrows():
        day, share = number(row[DAY]), number(row[value])
        if not math.isnan(share):
            lines.setdefault(str(row[series]) if series else "", []).append((day, share))
    return {name: sorted(points) for name, points in lines.items()}


def _draw(page: Plane, points: Points, order: int) -> None:
    colour = style.SERIES[order % len(style.SERIES)]
    page.axes.plot(
        [x for x, _ in points],
        [y for _, y in points],
        color=colour,
        linestyle=DASHES[order % len(DASHES)],
        linewidth=1.6,
        marker=style.MARKERS[order % len(style.MARKERS)],
        markersize=6,
        zorder=3,
        clip_on=False,
    )
    for x, y in points:
        page.keep_clear(x, y)


def _unit(shares: Sequence[float]) -> str:
    """Return how shares are printed, by their marks and in the table: whole percents stay whole."""
    return WHOLE if all(abs(100 * share - round(100 * share)) < EXACT for share in shares) else "percent"


def _label(page: Plane, lines: list[Points], unit: str) -> None:
    """Print shares by their marks, once all marks stand, the ends first, where they cover no mark or word.

    Of several lines on a day the highest is named above its mark, the others below; two that meet, once. A
    share that has no room is in the data beside the chart.
    """
    ends = {points[-1] for points in lines}
    marks = sorted(
        {point for points in lines for point in points}, key=lambda at: (at not in ends, at[0], -at[1])
    )
    for x, y in marks:
        highest = max(share for day, share in marks if day == x)
        page.label(x, y, formats.show(y, unit), below=y < highest)
