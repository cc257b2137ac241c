"""How each kind of view over records is shown: the chart that belongs to it, and its table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from analysis.disclosure.outputs.hidden import Unavailable
from analysis.methods import counted
from analysis.present import charts, claims
from analysis.present.formats import EMPTY

if TYPE_CHECKING:
    from analysis.disclosure.released import Released
    from analysis.disclosure.views import View
    from analysis.present.session import Session

NOTHING: Final = "No number of it can be shown."

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "comparison": (
        *("term", "compared_with", "outcome", "count", "base", "share"),
        *("difference", "difference_low", "difference_high", "p_family"),
        *("adjusted_difference", "adjusted_difference_low", "adjusted_difference_high", "adjusted_p_family"),
    ),
    "intersections": (
        *("measure", "value", "stratum", "count", "base", "share", "additive"),
        *("interaction", "interaction_low", "interaction_high", "beyond_p"),
    ),
    "gain": ("basis", "gain", "low", "high"),
    "pace": (
        *("mean", "difference", "difference_low", "difference_high"),
        *("ratio", "ratio_low", "ratio_high", "p", "check_p"),
    ),
    "imputed": (
        *("basis", "share", "low", "high"),
        *("odds", "imputed_share", "difference", "difference_low", "difference_high", "apart"),
    ),
    "trend": ("month", "measure", "value", "low", "high", "count", "centre", "lower", "upper", "signal"),
}
"""Columns of a table, in order, as far as there are any, of kinds that have more than a page is wide.

What a chart shows with its interval, and notes of rows, are not among them; the data beside the chart hold
all of it.
"""

CHARTED: Final = frozenset({"comparison", "intersections", "pace"})
"""Kinds whose table leaves out what the chart shows, where there is one."""
CRUDE: Final = ("compared_with", "difference_low", "difference_high", "p_family")
"""Columns of a comparison that give way to those of the adjusted one."""
OF_CURVE: Final = {
    "exit": "What happened",
    "days": "By day",
    "gone": "Share by then",
    "remaining": "Share still there",
    "left": "People by then",
}
NOTE: Final = "note"
OF_REFERENCE: Final = ("The group that the others are compared with.", "The others are compared with this.")
"""Notes of a row that say no more than its blanks do."""
INSTEAD: Final = frozenset({"survival", "trend"})
"""Kinds whose chart takes the place of the table: its data lie beside it."""

FEWEST: Final = 2
"""Points of which a curve is drawn; of fewer there is a table."""
ALT: Final = (
    "One mark for each number that can be shown, {told} of {rows}. The highest is {most} for {most_label},"
    " the lowest {least} for {least_label}."
)
ALONE: Final = "Of {rows} numbers {told} can be shown: {most} for {most_label}."
ONLY: Final = "The chart shows one number: {most} for {most_label}."

ROWS: Final[dict[str, str]] = {
    "stays": "Stays",
    "units": "Units",
    "sanctuary": "Homes made safer",
    "referrals": "Referrals",
}
"""What a count beside a sum is of, by the frame that is counted."""


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
    drawn = _drawing(view, shown, run.confidence) if shown.absence is None else None
    if drawn is not None:
        chart, title, alt, values = drawn
        run.figure(key, chart, title=title, alt=alt, **values)
        if view.kind in INSTEAD:
            return
    if view.kind == "survival":
        shown = shown.derive(counted.told_days)
    title = view.title if drawn is None else f"{view.title.rstrip('?')}, in numbers"
    columns = _columns(view, shown, charted=drawn is not None)
    labels, notes = _labels(view, shown), _notes(shown, columns)
    run.table(key, shown, title=title, columns=columns, missing=EMPTY, labels=labels, notes=notes)


def _labels(view: View, shown: Released) -> dict[str, str]:
    """Return what the count and the sum of a magnitude are of, and what the numbers of a curve are."""
    if shown.absence is not None:
        return {}
    if view.kind == "survival":
        return {name: word for name, word in OF_CURVE.items() if name in shown.table().columns}
    if view.kind != "magnitude":
        return {}
    value = str(view.how["value"]).replace("_", " ").capitalize()
    words = {"count": ROWS.get(view.frame, "Count"), "total": value}
    return {name: word for name, word in words.items() if name in shown.table().columns}


def _columns(view: View, shown: Released, *, charted: bool) -> list[str]:
    """Return the columns of a table; none stand for all of them."""
    if shown.absence is not None or (view.kind in CHARTED and not charted):
        return []
    named = (*shown.axes, *COLUMNS["pace"]) if view.kind == "pace" else COLUMNS.get(view.kind, ())
    crude = CRUDE if "adjusted_difference" in shown.frame() else ()
    return [name for name in named if name in shown.frame() and name not in crude]


def _notes(shown: Released, columns: list[str]) -> list[str]:
    """Return what the notes of rows say, each sentence once, where the table has no column of them."""
    if not columns or NOTE not in shown.frame():
        return []
    said = (f"{one.rstrip('.')}." for note in shown.frame()[NOTE] for one in str(note or "").split(". "))
    return [one for one in dict.fromkeys(said) if one not in {".", *OF_REFERENCE}]


def _empty(shown: Released) -> bool:
    numbers = shown.frame().select_dtypes("number")
    return bool(numbers.isna().all(axis=None))


def _drawing(view: View, shown: Released, confidence: float) -> tuple[Any, str, str, dict[str, Any]] | None:
    """Return the chart of a view, its title, its alt text and their fields; None for a table alone."""
    draw = DRAW.get(view.kind)
    found = draw(view, shown) if draw else None
    if found is None or isinstance(found[0], Unavailable):
        return None
    chart, value, label = found
    known = chart.frame.dropna(subset=[value])
    if known.empty:
        return None
    top, bottom = (known.loc[getattr(known[value], which)()] for which in ("idxmax", "idxmin"))
    form = str(chart.formats.get(value, _form(shown, value)))
    values = {
        "told": len(known),
        "rows": len(chart.frame),
        "most": float(top[value]),
        "most_label": claims.named(top, label),
        "least": float(bottom[value]),
        "least_label": claims.named(bottom, label),
    }
    alt = ALT if len(known) > 1 else ALONE if len(chart.frame) > 1 else ONLY
    for name in ("most", "least"):
        alt = alt.replace(f"{{{name}}}", f"{{{name}:{form}}}")
    used = {name: one for name, one in values.items() if f"{{{name}" in alt}
    claim, said = claims.found(view.kind, claims.Drawn(known, value, label, form), confidence)
    return chart, claims.titled(view.title, claim), alt, used | said


def _form(shown: Released, value: str) -> str:
    how = str(shown.content.formats.get(value, "number"))
    return "percent" if how == ".0%" else how


def _survival(_: View, shown: Released) -> tuple[Any, str, tuple[str, ...]] | None:
    series = [axis for axis in shown.axes if axis != "days"]
    value = "gone" if "gone" in shown.frame() else "remaining"
    if len(series) > 1 or shown.frame()[value].notna().sum() < FEWEST:
        return None
    words = {"gone": "Share gone", "remaining": "Share still there"}[value]
    chart = charts.survival(
        shown, xlabel="Days since the start", ylabel=words, series=series[0] if series else None
    )
    return chart, value, (*series, "days")


def _comparison(view: View, shown: Released) -> tuple[Any, str, tuple[str, ...]]:
    asked = view.how.get("positive", "")
    words = " or ".join([asked] if isinstance(asked, str) else asked)
    several = "outcome" in shown.frame()
    against = f": {words}" if words else " against the first outcome" if several else ""
    chart = charts.forest(
        shown.derive(counted.crude_and_adjusted),
        label="term",
        group="outcome" if several else None,
        xlabel=f"Odds ratio{against}",
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
    times = "Month" if axis == "month" else "Calendar quarter"
    chart = charts.trend(shown, period=axis, value="count", ylabel=view.frame.capitalize(), xlabel=times)
    return chart, "count", (axis,)


DRAW: Final[dict[str, Callable[[View, Released], tuple[Any, str, tuple[str, ...]] | None]]] = {
    "survival": _survival,
    "comparison": _comparison,
    "pace": _pace,
    "intersections": _intersections,
    "trend": _trend,
}
