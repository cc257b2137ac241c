"""Where and when the cells of several releases count: districts and days, down to what tells them apart."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from analysis.disclosure.earlier.geography import NOWHERE, Geography
from analysis.disclosure.published import Published
from analysis.disclosure.tables import Dimension, Key

AREA_NAMES: Final = frozenset({"area", "authority", "local_authority", "district"})
PERIOD_NAMES: Final = frozenset({"period", "year", "quarter", "month"})

Span = tuple[date, date]
"""First day, and the first day after."""


@dataclass(frozen=True)
class Region:
    """Districts during some spans of days.

    Attributes
    ----------
    areas
        Atoms of area.
    spans
        Spans that do not overlap, sorted.
    """

    areas: frozenset[str]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Regions:
    """Every region of every release, as bits over the least parts that tell them apart.

    Attributes
    ----------
    masks
        Parts of each region.
    parts
        Words for each part.
    unplaced
        Parts that hold nobody but those whose district is not known.
    """

    masks: dict[Region, int]
    parts: tuple[str, ...]
    unplaced: int


def region(release: Published, geography: Geography) -> Region:
    """Return where and when a release counts as a whole."""
    span = (date.fromisoformat(release.start), date.fromisoformat(release.end) + timedelta(days=1))
    return Region(geography.atoms(release.area), (span,))


def region_of(release: Published, key: Key, within: dict[str, dict[str, Region]], whole: Region) -> Region:
    """Return where and when a cell counts.

    Parameters
    ----------
    release
        Whose cell it is.
    key
        The cell.
    within
        Regions of the categories of the dimensions that say where or when; see `placing`.
    whole
        The region of the release.
    """
    areas, spans = whole.areas, whole.spans
    for name, node in key:
        if name in within:
            parts = [within[name][leaf] for leaf in release.dimensions[name].covers(node)]
            areas &= frozenset().union(*(part.areas for part in parts))
            spans = _overlaps(spans, [span for part in parts for span in part.spans])
    return Region(areas, spans)


def placing(release: Published, geography: Geography) -> dict[str, dict[str, Region]]:
    """Return the regions of the categories of every dimension that says where or when a release counts.

    A dimension of districts does so only if all of them, but for one that stands for none, lie in the area of
    the release: the district that a survivor came from is no part of it.
    """
    whole = region(release, geography)
    found = {}
    for name, dimension in release.dimensions.items():
        if name in AREA_NAMES:
            placed = _areas(dimension, whole, geography)
        elif name in PERIOD_NAMES:
            placed = _periods(dimension, whole)
        else:
            continue
        if placed is not None:
            found[name] = placed
    return found


def regions(found: Iterable[Region]) -> Regions:
    """Split regions into the least parts that tell them apart."""
    every = sorted(set(found), key=lambda one: (one.spans, sorted(one.areas)))
    cuts = sorted({day for one in every for span in one.spans for day in span})
    areas = sorted({area for one in every for area in one.areas})
    parts: dict[tuple[bool, ...], list[tuple[str, int]]] = {}
    for area in areas:
        for number, day in enumerate(cuts[:-1]):
            signature = tuple(area in one.areas and _holds(one.spans, day) for one in every)
            if any(signature):
                parts.setdefault(signature, []).append((area, number))
    masks = {
        one: sum(1 << part for part, signature in enumerate(parts) if signature[place])
        for place, one in enumerate(every)
    }
    empty = [all(area.endswith(NOWHERE) for area, _ in held) for held in parts.values()]
    words = tuple(_worded(held, cuts) for held in parts.values())
    return Regions(masks, words, sum(1 << part for part, alone in enumerate(empty) if alone))


def _worded(held: Sequence[tuple[str, int]], cuts: Sequence[date]) -> str:
    """Return words for a part: its areas, if they are few, and its first and last day."""
    areas = sorted({area for area, _ in held})
    first, last = min(number for _, number in held), max(number for _, number in held)
    named = ", ".join(areas) if len(areas) <= 3 else f"{len(areas)} areas"
    return f"{named}, {cuts[first]} to {cuts[last + 1] - timedelta(days=1)}"


def meet(one: Region, other: Region) -> bool:
    """Say whether two regions have a district and a day in common."""
    return bool(one.areas & other.areas and _overlaps(one.spans, other.spans))


def _areas(dimension: Dimension, whole: Region, geography: Geography) -> dict[str, Region] | None:
    known = {leaf: geography.atoms([leaf]) for leaf in dimension.leaves if geography.known(leaf)}
    inside = frozenset().union(*known.values()) if known else frozenset()
    strangers = [leaf for leaf in dimension.leaves if leaf not in known]
    rest = frozenset(atom for atom in whole.areas if atom.endswith(NOWHERE))
    if not known or not inside <= whole.areas or len(strangers) > min(1, len(rest)):
        return None
    placed = {leaf: Region(atoms, whole.spans) for leaf, atoms in known.items()}
    return placed | {leaf: Region(rest, whole.spans) for leaf in strangers}


def _periods(dimension: Dimension, whole: Region) -> dict[str, Region] | None:
    found = {leaf: span(leaf, dimension.name) for leaf in dimension.leaves}
    placed = {leaf: Region(whole.areas, (days,)) for leaf, days in found.items() if days}
    inside = all(_overlaps(whole.spans, one.spans) == one.spans for one in placed.values())
    return placed if inside and len(placed) == len(dimension.leaves) else None


def span(label: str, kind: str) -> Span | None:
    """Return the days that a month, quarter, year or pair of dates means, or None if a label is none."""
    for pattern, days in _LABELS.get(kind, ()):
        if match := pattern.fullmatch(label.strip()):
            try:
                return days(match)
            except ValueError:
                return None
    return None


def _months(year: int, month: int, number: int) -> Span:
    last = year * 12 + month - 1 + number
    return date(year, month, 1), date(last // 12, last % 12 + 1, 1)


def _named_month(match: re.Match[str]) -> Span:
    return _months(int(match[2]), list(calendar.month_name).index(match[1].capitalize()), 1)


def _between(match: re.Match[str]) -> Span:
    return date.fromisoformat(match[1]), date.fromisoformat(match[2]) + timedelta(days=1)


_Reading = tuple[re.Pattern[str], Callable[[re.Match[str]], Span]]
_MONTH: Final[list[_Reading]] = [
    (re.compile(r"(\d{4})-(\d{2})"), lambda found: _months(int(found[1]), int(found[2]), 1)),
    (re.compile(r"([A-Z][a-z]+) (\d{4})"), _named_month),
]
_QUARTER: Final[list[_Reading]] = [
    (re.compile(r"(\d{4})[- ]?Q([1-4])"), lambda found: _months(int(found[1]), 3 * int(found[2]) - 2, 3)),
]
_YEAR: Final[list[_Reading]] = [
    (re.compile(r"(\d{4})"), lambda found: _months(int(found[1]), 1, 12)),
    (re.compile(r"(\d{4})-\d{2}"), lambda found: _months(int(found[1]), 4, 12)),
]
_DATES: Final[list[_Reading]] = [(re.compile(r"(\d{4}-\d{2}-\d{2})(?:/| to )(\d{4}-\d{2}-\d{2})"), _between)]
_LABELS: Final = {
    "month": _MONTH,
    "quarter": _QUARTER,
    "year": _YEAR,
    "period": [*_DATES, *_QUARTER, *_MONTH],
}


def _holds(spans: Sequence[Span], day: date) -> bool:
    return any(first <= day < after for first, after in spans)


def _overlaps(spans: Sequence[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return the days that two lists of spans have in common, as spans that do not touch."""
    both = sorted(
        (max(first, start), min(after, end))
        for first, after in spans
        for start, end in others
        if max(first, start) < min(after, end)
    )
    joined: list[Span] = []
    for first, after in both:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(after, joined[-1][1]))
        else:
            joined.append((first, after))
    return tuple(joined)
