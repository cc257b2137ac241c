"""How each kind of view over records is shown: the chart that belongs to it, and its table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from analysis.disclosure.hidden import Unavailable
from analysis.methods import counted
from analysis.present import charts
from analysis.present.formats import EMPTY

if TYPE_CHECKING:
    from analysis.disclosure.released import Released
    from analysis.disclosure.views import View
    from analysis.present.session import Session

NOTHING: Final = "Too few people stand behind every number of it for one to be shown."

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "comparison": (
        *("term", "compared_with", "outcome", "count", "base"),
        *("difference", "difference_low", "difference_high", "ratio", "ratio_low", "ratio_high", "p_family"),
        *("adjusted_difference", "adjusted_difference_low", "adjusted_difference_high"),
        *("adjusted_ratio", "adjusted_ratio_low", "adjusted_ratio_high", "adjusted_p_family", "note"),
    ),
    "intersections": (
        *("measure", "value", "stratum", "count", "base", "share", "shrunk", "shrunk_low", "shrunk_high"),
        *("additive", "interaction", "interaction_low", "interaction_high", "beyond_p", "low", "high"),
    ),
    "trend": ("month", "measure", "value", "low", "high", "count", "centre", "lower", "upper", "signal"),
}
"""Columns of a table, in order, as far as there are any; of other kinds all."""

INSTEAD: Final = frozenset({"survival", "trend"})
"""Kinds whose chart takes the place of the table: its data lie beside it."""

ALT: Final = (
    "One mark for each number that can be shown, {told} of {rows}. The highest is {most} for {most_label},"
    " the lowest {least} for {least_label}."
)
ALONE: Final = "Of {rows} numbers {told} can be shown: {most} for {most_label}."


def show_view(run: Session, view: View, shown: Released) -> None:
    """Show a view: its chart if the kind has one and there is something to draw, and its table.

    Parameters
    ----------
    run
        The report.
    view
        As it is declared.
    shown
        What was released of it, or why nothing was.
    """
    key = f"{view.section}.{view.name}"
    if shown.absence is None and _empty(shown):
        run.absent(key, why=NOTHING)
        return
    drawn = _drawing(view, shown) if shown.absence is None else None
    if drawn is not None:
        chart, alt, values = drawn
        run.figure(key, chart, title=view.title, alt=alt, **values)
        if view.kind in INSTEAD:
            return
    columns = [name for name in COLUMNS.get(view.kind, ()) if shown.absence is None and name in shown.frame()]
    run.table(key, shown, title=view.title, columns=columns, missing=EMPTY)


def _empty(shown: Released) -> bool:
    numbers = shown.frame().select_dtypes("number")
    return bool(numbers.isna().all(axis=None))


def _drawing(view: View, shown: Released) -> tuple[Any, str, dict[str, Any]] | None:
    """Return the chart of a view, its alt text and what its fields stand for; None for a table alone."""
    draw = DRAW.get(view.kind)
    found = draw(view, shown) if draw else None
    if found is None or isinstance(found[0], Unavailable):
        return None
    chart, value, label = found
    known = chart.frame.dropna(subset=[value])
    if known.empty:
        return None
    top, bottom = (known.loc[getattr(known[value], which)()] for which in ("idxmax", "idxmin"))
    form = _form(shown, value)
    values = {
        "told": len(known),
        "rows": len(chart.frame),
        "most": float(top[value]),
        "most_label": _named(top, label),
        "least": float(bottom[value]),
        "least_label": _named(bottom, label),
    }
    alt = ALT if len(known) > 1 else ALONE
    for name in ("most", "least"):
        alt = alt.replace(f"{{{name}}}", f"{{{name}:{form}}}")
    used = {name: one for name, one in values.items() if f"{{{name}" in alt}
    return chart, alt, used


def _named(row: Any, label: tuple[str, ...]) -> str:
    return ", ".join(str(row[name]) for name in label if str(row[name]))


def _form(shown: Released, value: str) -> str:
    how = str(shown.content.formats.get(value, "number"))
    return "percent" if how == ".0%" else how


def _survival(_: View, shown: Released) -> tuple[Any, str, tuple[str, ...]] | None:
    series = [axis for axis in shown.axes if axis != "days"]
    if len(series) > 1:
        return None
    value = "gone" if "gone" in shown.frame() else "remaining"
    words = {"gone": "Share gone", "remaining": "Share still there"}[value]
    chart = charts.survival(
        shown, xlabel="Days since the start", ylabel=words, series=series[0] if series else None
    )
    return chart, value, (*series, "days")


def _comparison(view: View, shown: Released) -> tuple[Any, str, tuple[str, ...]]:
    asked = view.how.get("positive", "")
    words = " or ".join([asked] if isinstance(asked, str) else asked)
    several = "outcome" in shown.frame()
    chart = charts.forest(
        shown.derive(counted.without_reference),
        label="term",
        group="outcome" if several else None,
        xlabel=f"Odds ratio: {words}" if words else "Odds ratio against the first outcome",
        reference_label="Same odds as the group compared with",
    )
    return chart, "ratio", ("term", *(("outcome",) if several else ()))


def _pace(_: View, shown: Released) -> tuple[Any, str, tuple[str, ...]]:
    (axis,) = shown.axes
    chart = charts.intervals(
        shown, label=axis, value="mean", low="mean_low", high="mean_high", xlabel="Mean days", unit="days"
    )
    return chart, "mean", (axis,)


def _intersections(_: View, shown: Released) -> tuple[Any, str, tuple[str, ...]] | None:
    if "stratum" not in shown.frame():
        return None
    chart = charts.intervals(
        shown,
        label="stratum",
        value="shrunk",
        low="shrunk_low",
        high="shrunk_high",
        xlabel="Share, drawn towards what its parts say",
    )
    return chart, "shrunk", ("stratum",)


def _trend(view: View, shown: Released) -> tuple[Any, str, tuple[str, ...]] | None:
    if "centre" not in shown.frame():
        return None
    (axis,) = shown.axes
    chart = charts.trend(shown, period=axis, value="count", ylabel=view.frame.capitalize(), xlabel="Month")
    return chart, "count", (axis,)


DRAW: Final[dict[str, Callable[[View, Released], tuple[Any, str, tuple[str, ...]] | None]]] = {
    "survival": _survival,
    "comparison": _comparison,
    "pace": _pace,
    "intersections": _intersections,
    "trend": _trend,
}
