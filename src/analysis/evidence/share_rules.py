"""Every printed percentage against its stated base: the count beside it, or the GRIM test.

References
----------
Brown, N. J. L. and Heathers, J. A. J. (2017). The GRIM test. Social Psychological and Personality Science,
8(4), 363-369.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.evidence import grim
from analysis.evidence.audit_findings import Mend, Outcome, finding, grouped, number

if TYPE_CHECKING:
    from analysis.evidence.audit_findings import Book, Figure, Finding, Settled

ENDINGS: Final = re.compile(r"_(?:share|rate|percent)(?:_.*)?$")
NO_SHARE: Final = re.compile("change|excess|increase")
"""Percentages of these measures are no shares: they may be above 100 or below 0."""
LESSER_WORDS: Final = frozenset({"of", "and", "the", "share", "to", "people"})


def shares(book: Book, settled: Settled) -> Outcome:
    """Check every percentage with a stated base, against the count beside it or by the GRIM test."""
    del settled
    outcome = Outcome()
    stated = [figure for figure in book.values() if figure.unit == "percent" and figure.base_id]
    for group in grouped(
        stated, lambda f: (f.source_id, f.measure, f.category, f.value, book[f.base_id].value)
    ):
        _share(group, book, outcome)
    return outcome


def _share(group: list[Figure], book: Book, outcome: Outcome) -> None:
    """Check one percentage, however often it is printed."""
    figure, base = group[0], book[group[0].base_id]
    if base.value <= 0:
        outcome.leave("share", [*group, base], f"{figure.label}: a share of {base.printed} says nothing.")
        return
    places = grim.decimals(figure.value, figure.quote)
    counts = grim.possible_counts(figure.value, round(base.value), places)
    count = companion(figure, book)
    if not counts:
        _impossible(group, count, book, outcome)
    elif count is not None and round(count.value) not in counts:
        _disagrees(figure, count, base, outcome)
    elif count is not None:
        share = number(100 * count.value / base.value, "percent", places + 2)
        outcome.agree("share", [figure, count, base], _is_share(figure, count, base, share))
    elif grim.can_fail(round(base.value), places):
        outcome.agree("impossible_share", [*group, base], _possible(figure, base, counts))
    else:
        why = (
            f"{figure.label}: {figure.printed} of {base.printed} cannot be tested, as any share is possible."
        )
        outcome.leave("impossible_share", [*group, base], why)


def _is_share(figure: Figure, count: Figure, base: Figure, share: str) -> str:
    return f"{figure.label}: {count.printed} of {base.printed} is {share}, printed {figure.printed}."


def _possible(figure: Figure, base: Figure, counts: range) -> str:
    """Say which whole numbers can print as the percentage."""
    which = " or ".join(f"{count:,}" for count in counts)
    return f"{figure.label}: {figure.printed} of {base.printed} can only be {which}."


def companion(figure: Figure, book: Book) -> Figure | None:
    """Return the count printed with a percentage: same place, base and category, and the same measure."""
    stem = ENDINGS.sub("", figure.measure)
    for other in book.values():
        if other.unit == "count" and other.measure in (stem, figure.measure) and _beside(figure, other):
            return other
    return None


def _beside(one: Figure, other: Figure) -> bool:
    """Whether two figures stand in the same place and are about the same category of the same base."""
    same = ("source_id", "section", "area", "period", "breakdown", "category", "base_id")
    return all(getattr(one, name) == getattr(other, name) for name in same)


def _disagrees(figure: Figure, count: Figure, base: Figure, outcome: Outcome) -> None:
    """Report a percentage that is not what the count beside it gives."""
    share = 100 * count.value / base.value
    reading = (
        f"{count.printed} of {base.printed} is {number(share, 'percent')}, not {figure.printed}; "
        "the count is used instead and the share worked out again."
    )
    figures = (figure, count, base)
    outcome.findings.append(finding("share", figures, figure.value, share, reading, unit="percent"))


def _impossible(group: list[Figure], count: Figure | None, book: Book, outcome: Outcome) -> None:
    """Report a percentage that no whole number over its stated base can give."""
    found = _miscounted(group, count, book) if count is not None else _misbased(group, book)
    outcome.findings.append(found)


def _miscounted(group: list[Figure], count: Figure, book: Book) -> Finding:
    """Report an impossible percentage that stands beside its count."""
    figure, base = group[0], book[group[0].base_id]
    share = 100 * count.value / base.value
    half = ", which looks rounded to the nearest half" if grim.rounds_to_half(share, figure.value) else ""
    reading = (
        f"{count.printed} of {base.printed} is {number(share, 'percent')}, and no whole number out of "
        f"{base.printed} prints as {figure.printed}{half}; the count is used instead."
    )
    return finding("impossible_share", (*group, count, base), figure.value, share, reading, unit="percent")


def _misbased(group: list[Figure], book: Book) -> Finding:
    """Report an impossible percentage and the published bases that can give it; mend it if one is clear."""
    figure, base = group[0], book[group[0].base_id]
    nearest, share = grim.nearest_share(figure.value, round(base.value))
    opening = (
        f"no whole number out of {base.printed} prints as {figure.printed} ({nearest:,}, the nearest, is "
        f"{number(share, 'percent')}); {_candidates(figure, book)}"
    )
    pairs = counted_pairs(figure, base, book)
    if not pairs:
        reading = f"{opening}, none is taken for certain, and the share is not used."
        return finding("impossible_share", (*group, base), figure.value, share, reading, unit="percent")
    count, other = pairs[0]
    reading = (
        f"{opening}, and {count.printed} of {other.printed} is printed: the share is of {other.label}, "
        f"not of {base.label}, and {count.printed} of {other.printed} is used instead."
    )
    mends = tuple(_base_mend(each, count, other, book) for each in group)
    figures = (*group, base, count, other)
    return finding("impossible_share", figures, figure.value, share, reading, unit="percent", mends=mends)


def counted_pairs(figure: Figure, stated: Figure, book: Book) -> list[tuple[Figure, Figure]]:
    """Return printed counts of the same subject, with their bases, that do print as the percentage.

    Only counts of the same document and period whose category shares a word with the percentage qualify;
    the closest in words come first.
    """
    places = grim.decimals(figure.value, figure.quote)
    scored: list[tuple[int, Figure, Figure]] = []
    for count in book.values():
        if count.unit != "count" or not count.base_id or count.source_id != figure.source_id:
            continue
        base, kinship = book[count.base_id], _kinship(figure, count)
        if kinship and count.period == figure.period and base.value not in (stated.value, 0.0):
            low, high = grim.printed_range(figure.value, places)
            if low <= 100 * count.value / base.value <= high:
                scored.append((kinship, count, base))
    best = max((score for score, _, _ in scored), default=0)
    pairs = [(count, base) for score, count, base in scored if score == best]
    return pairs if len({(count.value, base.value) for count, base in pairs}) == 1 else []


def _kinship(figure: Figure, count: Figure) -> int:
    """Count the words that a percentage and a count's category share, by their first five letters."""
    mine = _stems(f"{figure.measure} {figure.breakdown} {figure.category}")
    return len(mine & _stems(f"{count.category}"))


def _stems(text: str) -> set[str]:
    words = set(re.split(r"[^a-z0-9]+", text.lower())) - LESSER_WORDS - {""}
    return {word[:5] for word in words}


def _candidates(figure: Figure, book: Book) -> str:
    """Name the bases stated anywhere in the same document that could give the percentage."""
    places = grim.decimals(figure.value, figure.quote)
    stated = {
        round(book[other.base_id].value)
        for other in book.values()
        if other.base_id and other.source_id == figure.source_id
    }
    able = grim.possible_bases(figure.value, places, (base for base in stated if grim.can_fail(base, places)))
    if not able:
        return "no other base stated in the document can"
    return f"of the bases stated in the document {' and '.join(f'{base:,}' for base in able)} can"


def _base_mend(figure: Figure, count: Figure, base: Figure, book: Book) -> Mend:
    """Return the mended base of one printed share."""
    footnote = (
        f"The source says that it is of {book[figure.base_id].printed}; no whole number out of these prints "
        f"as {figure.printed}, and {count.printed} of {base.printed} does."
    )
    return Mend(figure.figure_id, "denominator_figure_id", figure.base_id, base.figure_id, footnote)


def bases(book: Book, settled: Settled) -> Outcome:
    """List shares printed without a base, with the smallest base that could print them."""
    outcome = Outcome()
    named = set().union(*settled.related) if settled.related else set()
    for figure in book.values():
        plain = not NO_SHARE.search(figure.measure) and figure.figure_id not in named | settled.mended
        if figure.unit != "percent" or figure.base_id or figure.repeat or not plain or figure.value <= 0:
            continue
        least = grim.smallest_base(figure.value, grim.decimals(figure.value, figure.quote))
        at_least = f"; a base of {least[1]:,} is the smallest that can print it" if least else ""
        outcome.leave("base_not_stated", [figure], f"{figure.label}: {figure.printed} has no base{at_least}.")
    return outcome
