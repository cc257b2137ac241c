"""Tables and figures of records: no small count, small base, second marker or number worked out backwards.

Disclosure control has decided all this before; here it is asked again of what is printed, by code that shares
nothing with it. Sources of the rules are with the policy (`analysis.disclosure.policy`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from analysis.gate.refusal import GUARDED, Refusal, refuse
from analysis.gate.subject import SOURCES, Bundle, Subject
from analysis.gate.tabular import INTERVAL, NOT_SAID, NUMBER, Tabular, agrees

SHARES: Final = ("share", "low", "high", "ratio", "ratio_low", "ratio_high", "rate", "percent", "proportion")
"""Columns that are worked out from the count of their row."""
SUMS: Final = ("mean", "total")
"""Columns that are a sum, or give it together with the count."""
AVERAGES: Final = re.compile(r"\b(?:mean|average|median|quantile|quartile|percentile)\b", re.IGNORECASE)
EXTREMES: Final = re.compile(
    r"\b(?:min|minimum|max|maximum|youngest|oldest|longest|shortest|outliers?|fliers?|extremes?|range of"
    r"|residuals?|leverage|influence|fitted|cook'?s?|studenti[sz]ed|smallest|largest|earliest|latest)\b",
    re.IGNORECASE,
)
TIMES: Final = re.compile(r"\b(?:day|days|time|times|t|duration|after)\b", re.IGNORECASE)
SURVIVAL: Final = re.compile(
    r"\b(?:survival|surviving|remaining|gone|still|at risk|waiting|cumulative|events?)\b", re.IGNORECASE
)


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield what tables and figures of records print that no policy would release."""
    for bundle in run.bundles:
        if bundle.guarded and bundle.kind in {"table", "figure"} and bundle.id != SOURCES:
            table = tabular(run, bundle)
            if table is not None:
                for rule in CHECKS:
                    yield from rule(table, bundle)


def tabular(run: Subject, bundle: Bundle) -> Tabular | None:
    """Return the table of an output, None if its rows do not fit its columns."""
    payload = bundle.payload
    width, cells, values = (len(payload.get(name, ())) for name in ("columns", "cells", "values"))
    even = cells == values and all(len(row) == width for name in ("cells", "values") for row in payload[name])
    if not width or not even:
        return None
    tiers = run.row_tiers(bundle)
    guarded = tuple(bool(tier & GUARDED) for tier in tiers)
    mixed = any(tier - GUARDED for tier in tiers)
    return Tabular(payload, guarded, mixed, run.limits(bundle))


def _rows(table: Tabular) -> Iterator[int]:
    return (row for row, guarded in enumerate(table.guarded) if guarded)


def _at(bundle: Bundle, row: int, place: int | None = None) -> str:
    return f"{bundle.name}, row {row + 1}" + (f", column {place + 1}" if place is not None else "")


def _small_counts(table: Tabular, bundle: Bundle) -> Iterator[Refusal]:
    for row in _rows(table):
        for place in table.counting:
            number, value = table.number(row, place), table.values[row][place]
            raw = value if isinstance(value, int | float) and not isinstance(value, bool) else None
            for count in (number, raw):
                if count is not None and abs(count) < table.limits.threshold:
                    why = f"a count under {table.limits.threshold} is shown"
                    yield refuse("small-count", _at(bundle, row, place), why)
                    break


def _markers(table: Tabular, bundle: Bundle) -> Iterator[Refusal]:
    """Yield cells of numbers that print neither a number nor one of the two markers."""
    known = {table.limits.marker, table.limits.structural_marker, *(NOT_SAID if table.mixed else ())}
    for row in _rows(table):
        for place in table.numeric:
            cell = table.text(row, place)
            if cell not in known and not NUMBER.fullmatch(cell) and not INTERVAL.fullmatch(cell):
                yield refuse("marker", _at(bundle, row, place), "it prints neither a number nor the marker")


def _behind(table: Tabular, bundle: Bundle) -> Iterator[Refusal]:
    """Yield cells that hide a number which their value still holds, or print another than it holds."""
    markers = {table.limits.marker, table.limits.structural_marker}
    for row in _rows(table):
        for place in table.numeric:
            cell, value = table.text(row, place), table.values[row][place]
            if cell in markers | NOT_SAID and value is not None and value not in {cell, ""}:
                yield refuse("hidden-value", _at(bundle, row, place), "its value holds what the cell hides")
            elif NUMBER.fullmatch(cell) and not _holds(table, row, place):
                yield refuse("hidden-value", _at(bundle, row, place), "its value is not what the cell prints")
        for place in set(range(len(table.columns))) - set(table.numeric):
            if table.values[row][place] not in {table.cells[row][place], table.text(row, place), None, ""}:
                yield refuse("hidden-value", _at(bundle, row, place), "its value is not what the cell prints")


def _holds(table: Tabular, row: int, place: int) -> bool:
    """Whether a cell prints its value: a count exactly, any other number as it is rounded."""
    value = table.values[row][place]
    exact = place not in table.counting or value == table.number(row, place)
    return exact and agrees(table.text(row, place), value)


def _bases(table: Tabular, bundle: Bundle) -> Iterator[Refusal]:
    """Yield percentages and means on bases that are too small, and on bases that are hidden."""
    bases = table.named("base", "n")
    for row in _rows(table):
        known = [table.number(row, place) for place in bases]
        least = min((base for base in known if base is not None), default=None)
        lacking = bool(bases) and any(table.hidden(row, place) for place in bases)
        for place in table.numeric:
            cell, head = table.text(row, place), table.head(place)
            if not NUMBER.fullmatch(cell) or place in bases:
                continue
            floor = table.limits.percentage_base if cell.endswith("%") else 0
            floor = max(floor, table.limits.threshold if AVERAGES.search(head.replace("_", " ")) else 0)
            if floor and (lacking or (least is not None and least < floor)):
                why = f"it rests on a base that is hidden or under {floor}"
                yield refuse("small-base", _at(bundle, row, place), why)


def _complements(table: Tabular, bundle: Bundle) -> Iterator[Refusal]:
    """Yield rows of which the rest of the base is a small count, or nobody."""
    counts, bases = table.named("count"), table.named("base")
    for row in _rows(table):
        for count, base in zip(counts, bases, strict=False):
            some, whole = table.number(row, count), table.number(row, base)
            if some is not None and whole is not None and whole - some < table.limits.threshold:
                why = f"the rest of its base is under {table.limits.threshold}"
                yield refuse("complement", _at(bundle, row, count), why)


def _from_shares(table: Tabular, bundle: Bundle) -> Iterator[Refusal]:
    """Yield rows that hide their count and show what was worked out from it.

    Where a number is not known of everybody, means and sums are of those of whom it is.
    """
    counts, shares = table.named("known") or table.named("count"), table.named(*SHARES, *SUMS)
    for row in _rows(table):
        if any(table.hidden(row, place) for place in counts):
            for place in shares:
                if table.number(row, place) is not None:
                    yield refuse(
                        "derived", _at(bundle, row, place), "it gives the hidden count of its row away"
                    )


def _from_totals(table: Tabular, bundle: Bundle) -> Iterator[Refusal]:
    """Yield the one hidden part of a total that is shown, along rows and along columns."""
    totals = [place for place in table.counting if table.is_total(table.columns[place].get("label", ""))]
    for row in _rows(table):
        parts = [place for place in table.counting if place not in totals]
        lost = [place for place in parts if table.hidden(row, place)]
        if len(totals) == 1 and table.number(row, totals[0]) is not None and len(lost) == 1:
            yield refuse("derived", _at(bundle, row, lost[0]), "its row's total and other parts are shown")
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in _rows(table):
        groups[table.label(row)[:-1]].append(row)
    for rows in groups.values():
        yield from _column_totals(table, bundle, rows)


def _column_totals(table: Tabular, bundle: Bundle, rows: list[int]) -> Iterator[Refusal]:
    summed = [row for row in rows if table.is_total(table.label(row)[-1])]
    parts = [row for row in rows if row not in summed]
    for place in table.counting:
        lost = [row for row in parts if table.hidden(row, place)]
        if len(summed) == 1 and table.number(summed[0], place) is not None and len(lost) == 1:
            yield refuse(
                "derived", _at(bundle, lost[0], place), "its column's total and other parts are shown"
            )


def _extremes(table: Tabular, bundle: Bundle) -> Iterator[Refusal]:
    """Yield columns and rows of single people's values."""
    for place in table.numeric:
        if EXTREMES.search(table.head(place).replace("_", " ")):
            where = f"{bundle.name}, column {place + 1}"
            yield refuse("extreme", where, "its head says that it holds values of single people")
    for row in _rows(table):
        if any(EXTREMES.fullmatch(label.strip()) for label in table.label(row)):
            yield refuse("extreme", _at(bundle, row), "its label says that it holds values of single people")


def _curves(table: Tabular, bundle: Bundle) -> Iterator[Refusal]:
    """Yield days of a survival curve at which it may not be read."""
    heads = [table.head(place).replace("_", " ") for place in range(len(table.columns))]
    times = [place for place in table.numeric if TIMES.search(heads[place])]
    if not times or not any(SURVIVAL.search(heads[p]) for p in table.numeric if p not in times):
        return
    for row in _rows(table):
        day = table.number(row, times[0])
        if day is not None and day not in table.limits.survival_grid_days:
            yield refuse("curve", _at(bundle, row, times[0]), "it is none of the days that the policy allows")


CHECKS: Final = (
    _small_counts,
    _markers,
    _behind,
    _bases,
    _complements,
    _from_shares,
    _from_totals,
    _extremes,
    _curves,
)
