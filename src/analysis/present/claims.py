"""What the title of a chart of released numbers says was found: of shown numbers alone, of no hidden one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

Claim = tuple[str, dict[str, Any]]
"""A template, and what its fields stand for."""

HALF: Final = 0.5
DAYS: Final = "days"
ADJUSTED: Final = ", adjusted"
BEYOND: Final = "beyond_p"
UNLIKELY: Final = 0.05
"""Chance of one so far from its parts, among all of them (Bonferroni), below which it stands apart."""


class Drawn(NamedTuple):
    """What a chart shows.

    Attributes
    ----------
    known
        The rows whose value is shown; at least one.
    value, label
        Columns: what is drawn, and what names a row.
    form
        How the value is printed.
    """

    known: pd.DataFrame
    value: str
    label: tuple[str, ...]
    form: str

    def at(self, row: Any, name: str = "found", label: tuple[str, ...] | None = None) -> dict[str, Any]:
        """Return the value and the words of a row, as fields of a template."""
        words = named(row, self.label if label is None else label)
        return {name: float(row[self.value]), f"{name}_label": words}

    def field(self, name: str = "found", unit: str = "") -> str:
        """Return the fields of a row as they stand in a template."""
        return f"{{{name}:{self.form}}}{unit} ({{{name}_label}})"


def titled(title: str, claim: str) -> str:
    """Return a title that says what is compared, and after it what was found."""
    if not claim:
        return title
    if title.endswith("?"):
        return f"{title} {claim[0].upper()}{claim[1:]}"
    return f"{title}{';' if ':' in title else ':'} {claim}"


def named(row: Any, label: tuple[str, ...]) -> str:
    """Return the words of a row's labels."""
    return ", ".join(str(row[name]) for name in label if str(row[name]))


def found(kind: str, drawn: Drawn, confidence: float) -> Claim:
    """Return what the rows of a chart say.

    Parameters
    ----------
    kind
        Of the view.
    drawn
        What the chart shows.
    confidence
        Level of the intervals; what is rarer by chance than that stands apart.
    """
    if kind == "comparison":
        return _odds(drawn, confidence)
    make = CLAIMS.get(kind)
    return make(drawn) if make else ("", {})


def _range(drawn: Drawn) -> Claim:
    """Say the lowest and the highest, or the one that is shown."""
    known, unit = drawn.known, " days" if drawn.form == DAYS else ""
    low, high = _ends(known, drawn.value)
    told = drawn.at(high)
    if len(known) == 1:
        return drawn.field(unit=unit), told
    told |= drawn.at(low, "found_low")
    return f"from {drawn.field('found_low', unit)} to {drawn.field(unit=unit)}", told


def _curve(drawn: Drawn) -> Claim:
    """Say the widest gap of groups on one day; of one group, the first day by which half have gone."""
    known, value = drawn.known, drawn.value
    series = tuple(name for name in drawn.label if name != DAYS)
    apart = known.groupby(DAYS)[value].transform(lambda shares: shares.max() - shares.min())
    rows = known[known[DAYS].eq(known[DAYS][apart.eq(apart.max())].iloc[0])]
    if series and len(rows) > 1:
        low, high = _ends(rows, value)
        told = drawn.at(high, label=series) | drawn.at(low, "found_low", series)
        words = f"after {{found_day}} days {drawn.field()} and {drawn.field('found_low')}"
        return words, told | {"found_day": int(rows[DAYS].iloc[0])}
    ordered = known.sort_values(DAYS)
    half = ordered[(ordered[value] <= HALF) if value == "remaining" else (ordered[value] >= HALF)]
    row = (half if len(half) else ordered.tail(1)).iloc[0]
    told = {"found_day": int(row[DAYS]), **drawn.at(row, label=series)}
    if told["found_label"]:
        return f"{drawn.field()} after {{found_day}} days", told
    del told["found_label"]
    return f"{{found:{drawn.form}}} after {{found_day}} days", told


def _odds(drawn: Drawn, confidence: float) -> Claim:
    """Say the odds ratio that is least likely by chance, or that none stands apart, all judged together."""
    known, chance = drawn.known, "p_family"
    if "adjusted_p_family" in known:
        known, chance = known[known["term"].str.endswith(ADJUSTED)], "adjusted_p_family"
    judged = known.dropna(subset=[chance]) if chance in known else known.head(0)
    if judged.empty:
        return _range(drawn)
    row, _ = _ends(judged, chance)
    apart = bool(row[chance] < 1 - confidence)
    if len(judged) > 1 and not apart:
        return "none of {found_rows} odds ratios stands apart from chance", {"found_rows": len(judged)}
    sure = "unlikely to be chance" if apart else "which may be chance"
    return f"odds ratio {drawn.field()}, {{found_sure}}", {**drawn.at(row), "found_sure": sure}


def _ends(rows: pd.DataFrame, column: str) -> tuple[Any, Any]:
    """Return the rows with the lowest and with the highest value of a column, the first of equals."""
    return rows.sort_values(column, kind="stable").iloc[0], rows.sort_values(
        column, ascending=False, kind="stable"
    ).iloc[0]


def _signals(drawn: Drawn) -> Claim:
    """Say how many points stand out from the usual noise."""
    known = drawn.known
    odd = int(known["signal"].fillna("").ne("").sum()) if "signal" in known else 0
    if not odd:
        return "none of {found_rows} stands out from the usual noise", {"found_rows": len(known)}
    told = {"found": odd, "found_rows": len(known), "found_verb": "stands" if odd == 1 else "stand"}
    return "{found} of {found_rows} {found_verb} out from the usual noise", told


def _beyond(drawn: Drawn) -> Claim:
    """Say which combination is least likely by chance to be what its parts say, or that none is unlikely."""
    known, told = drawn.known, {"found_rows": len(drawn.known)}
    judged = known.dropna(subset=[BEYOND]) if BEYOND in known else known.head(0)
    if judged.empty:
        return _range(drawn)
    apart = judged[judged[BEYOND].mul(len(judged)).lt(UNLIKELY)]
    if apart.empty:
        return "none of {found_rows} stands clearly apart from what its parts say", told
    row = apart.sort_values(BEYOND, kind="stable").iloc[0]
    return f"{drawn.field()} stands apart from what its parts say", drawn.at(row)


CLAIMS: Final[dict[str, Callable[[Drawn], Claim]]] = {
    "survival": _curve,
    "pace": _range,
    "intersections": _beyond,
    "trend": _signals,
}
"""What is said of each kind of view that has a chart, beside comparisons."""
