"""Charts of two values of one thing: what is printed beside what follows, on a scale of ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from analysis.present import scales, style
from analysis.present.canvas import Axis, Chart
from analysis.present.marks import Mark, Series, chart_of_rows
from analysis.present.scales import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

PRINTED, FOLLOWS = "printed", "recomputed"
DOT: Final = 8.5


def paired(
    frame: pd.DataFrame,
    label: str = "about",
    ratio: str = "ratio",
    *,
    xlabel: str,
    detail: Sequence[str] = (),
    reference_label: str = "As printed",
) -> Chart:
    """Draw, per row, an open dot at one for what is printed and a full dot for what follows, on a log axis.

    Both values are printed beside the dots, from the columns ``printed`` and ``recomputed`` [text].

    Parameters
    ----------
    frame
        One row a pair, in the order to draw.
    label, ratio
        Columns: what the two are of, and the second divided by the first [above 0].
    xlabel
        What is divided by what.
    detail
        Columns of text written small under the label, such as the period.
    reference_label
        Words beside the line at one.

    Raises
    ------
    UsageError
        If a column is not in the frame.
    """
    scales.need(frame, "paired", [label, ratio, PRINTED, FOLLOWS, *detail])
    axis = scales.logarithmic(scales.finite(frame, [ratio]), xlabel, reference_label)
    series = Series(frame, label, (ratio,), "ratio", None, frozenset(), detail=tuple(detail))
    chart = chart_of_rows(series, axis, _pair, words=_words)
    return Chart(
        chart.draw,
        frame,
        (label, *detail, PRINTED, FOLLOWS, ratio),
        labels={label: "Figure", PRINTED: "Printed", FOLLOWS: "What follows", ratio: "Times what is printed"},
        formats={ratio: "ratio"},
    )


def _words(series: Series, index: int) -> str:
    row = series.frame.iloc[index]
    return f"{row[PRINTED]} → {row[FOLLOWS]}"


def _pair(axes: Axes, centre: float, point: Sequence[float], axis: Axis, mark: Mark) -> None:
    """Draw the line from one to the ratio and a dot at each end; nothing if there is no ratio."""
    ratio = number(point[0])
    if math.isnan(ratio) or ratio <= 0:
        return
    start = 1.0 if axis.line is None else axis.line
    axes.plot([start, ratio], [centre, centre], color=mark.colour, linewidth=2.2, zorder=2)
    for at, face in ((start, style.PAPER), (ratio, mark.colour)):
        axes.plot(
            [at],
            [centre],
            marker="o",
            markersize=DOT,
            markerfacecolor=face,
            markeredgecolor=mark.colour,
            markeredgewidth=1.6,
            linestyle="none",
            zorder=3,
            clip_on=False,
        )
