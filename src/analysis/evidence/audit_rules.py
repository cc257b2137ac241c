"""Rules that run over every printed figure and need nothing declared.

Each takes every figure and what the declared relations have settled, and returns an outcome. They compare
only what the table itself relates: a share and its stated base, a share and the count printed with it,
categories of one breakdown of one base, the same measure of the same area and period.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from analysis.evidence import grim, share_rules
from analysis.evidence.audit_findings import Outcome, finding, grouped, number
from analysis.evidence.relation_findings import malformed

if TYPE_CHECKING:
    from analysis.evidence.audit_findings import Book, Figure, Finding, Settled

NEARLY_ALL: Final = 0.9
"""Parts that reach this share of their base are taken as meant to make it up."""


# Parts and wholes


def _breakdowns(book: Book, unit: str) -> list[list[Figure]]:
    """Group the categories of each breakdown of each stated base, printed in the same place."""
    parts = [
        figure for figure in book.values() if figure.base_id and figure.unit == unit and figure.breakdown
    ]
    groups = grouped(parts, lambda f: (f.source_id, f.section, f.period, f.measure, f.breakdown, f.base_id))
    return [group for group in groups if len({figure.category for figure in group}) > 1]


def parts(book: Book, settled: Settled) -> Outcome:
    """Check that the categories of a breakdown add up to their base, or say by how many they fall short."""
    outcome = Outcome()
    for group in _breakdowns(book, "count"):
        base, total = book[group[0].base_id], sum(figure.value for figure in group)
        name = f"{base.label} by {group[0].breakdown.replace('_', ' ')}"
        listed = " + ".join(figure.printed for figure in group)
        if any(figure.figure_id in settled.overlap for figure in group):
            outcome.leave("overlapping", [*group, base], f"{name}: the categories overlap and are not added.")
        elif total == base.value:
            outcome.agree("total", [*group, base], f"{name}: {listed} = {base.printed}.")
        elif total > base.value or total >= NEARLY_ALL * base.value:
            outcome.findings.append(
                finding(
                    "total",
                    [base, *group],
                    base.value,
                    total,
                    _sum_reading(name, base, total),
                    unit=base.unit,
                )
            )
        else:
            why = f"{name}: {listed} is not meant to make up {base.printed}."
            outcome.leave("total", [*group, base], why)
    return outcome


def _sum_reading(name: str, base: Figure, total: float) -> str:
    """Say what a sum that is short or over most plausibly means."""
    gap = number(abs(base.value - total), base.unit)
    opening = f"{name}: the categories add up to {number(total, base.unit)}, not {base.printed}"
    if total > base.value:
        return (
            f"{opening}; people are in more than one category or the base is another, so they are not added."
        )
    return (
        f"{opening}; the missing {gap} most likely had nothing recorded, so {base.printed} stays the base "
        f"and {gap} counts as not recorded."
    )


def wholes(book: Book, settled: Settled) -> Outcome:
    """Check that no count is above its stated base and no share above the whole."""
    del settled
    outcome = Outcome()
    counts = [figure for figure in book.values() if figure.unit == "count" and figure.base_id]
    for group in grouped(counts, lambda f: f.base_id):
        base = book[group[0].base_id]
        _within(group, base.value, f"the {base.printed} of {base.label}", base, outcome)
    percents = [
        f for f in book.values() if f.unit == "percent" and not share_rules.NO_SHARE.search(f.measure)
    ]
    for group in grouped(percents, lambda f: f.source_id):
        _within(group, 100.0, "the whole", None, outcome)
    return outcome


def _within(parts: list[Figure], limit: float, name: str, base: Figure | None, outcome: Outcome) -> None:
    """Check parts against their whole."""
    for part in parts:
        if part.value > limit:
            figures = [part, base] if base else [part]
            reading = (
                f"{part.label}: {part.printed} is more than {name}, so the base is another and is not used."
            )
            found = finding("part_above_whole", figures, part.value, limit, reading, unit=part.unit)
            outcome.findings.append(found)
    within = [part for part in parts if part.value <= limit]
    if within:
        what = "counts are" if len(within) > 1 else "count is"
        statement = f"{len(within)} {what if base else what.replace('count', 'share')} within {name}."
        outcome.agree("part_above_whole", [*within, base] if base else within, statement, checks=len(within))


def percentages(book: Book, settled: Settled) -> Outcome:
    """Check that the percentages of one breakdown do not add up to more than 100 after rounding."""
    outcome = Outcome()
    for group in _breakdowns(book, "percent"):
        total = sum(figure.value for figure in group)
        slack = sum(0.5 * 10 ** -grim.decimals(figure.value, figure.quote) for figure in group)
        name = f"Shares by {group[0].breakdown.replace('_', ' ')} of {book[group[0].base_id].label}"
        overlap = any(figure.figure_id in settled.overlap for figure in group)
        if total > 100 + slack and not overlap:
            reading = f"{name} add up to {number(total, 'percent')}; the counts are used instead."
            outcome.findings.append(finding("total", group, total, 100.0, reading, unit="percent"))
        elif abs(total - 100) <= slack:
            outcome.agree("total", group, f"{name} add up to {number(total, 'percent')}, within rounding.")
    return outcome


# The same thing twice


def printed_twice(book: Book, settled: Settled) -> Outcome:
    """Compare every value printed for the same measure, area, period and category."""
    outcome = Outcome()
    groups = grouped(book.values(), lambda f: (f.measure, f.area, f.period, f.breakdown, f.category, f.unit))
    for group in groups:
        if len(group) > 1:
            _compare(group, settled, outcome)
    return outcome


def _compare(group: list[Figure], settled: Settled, outcome: Outcome) -> None:
    """Compare one thing's printings, two by two where they differ."""
    if len({figure.value for figure in group}) == 1:
        outcome.agree(
            "printed_twice", group, f"{group[0].label}: {group[0].printed} each of {len(group)} times."
        )
        return
    seen: set[frozenset[float]] = set()
    for one, other in combinations(group, 2):
        values = frozenset((one.value, other.value))
        if len(values) > 1 and values not in seen:
            seen.add(values)
            _differ(one, other, settled, outcome)


def _differ(one: Figure, other: Figure, settled: Settled, outcome: Outcome) -> None:
    """Say whether two values are one number rounded twice, explained by a relation, or at odds."""
    pair = frozenset((one.figure_id, other.figure_id))
    if _same_rounded(one, other):
        statement = f"{one.label}: {one.printed} and {other.printed} are one number rounded twice."
        outcome.agree("printed_twice", [one, other], statement)
    elif any(pair <= related for related in settled.related):
        statement = f"{one.label}: {one.printed} and {other.printed} are one thing grouped in two ways."
        outcome.agree("printed_twice", [one, other], statement)
    elif not pair & settled.mended:
        reading = (
            f"{one.label}: {one.printed} in “{one.section}” and {other.printed} in “{other.section}”; "
            "neither is used without naming its place."
        )
        outcome.findings.append(
            finding("printed_twice", [one, other], one.value, other.value, reading, unit=one.unit)
        )


def _same_rounded(one: Figure, other: Figure) -> bool:
    """Whether the number printed with fewer decimals is the other one rounded."""
    places = [grim.decimals(figure.value, figure.quote) for figure in (one, other)]
    return abs(one.value - other.value) <= 0.5 * 10 ** -min(places) + 1e-9 and places[0] != places[1]


def standards(book: Book, settled: Settled) -> Outcome:
    """Find one standard quoted in units ten-fold apart, unless a relation has settled which is meant."""
    outcome = Outcome()
    ratios = [figure for figure in book.values() if figure.unit == "ratio" and figure.value > 0]
    for group in grouped(ratios, lambda f: f.measure):
        seen: set[frozenset[float]] = set()
        for one, other in combinations(group, 2):
            values = frozenset((one.value, other.value))
            if values not in seen and _ten_fold(one.value, other.value):
                seen.add(values)
                if not settled.mended & {one.figure_id, other.figure_id}:
                    outcome.findings.append(_ten_fold_finding(*sorted((one, other), key=lambda f: -f.value)))
    return outcome


def _ten_fold(one: float, other: float) -> bool:
    """Whether one number is the other with zeros added."""
    ratio = max(one, other) / min(one, other)
    return any(abs(ratio / 10**power - 1) < 1e-9 for power in range(1, 7))


def _ten_fold_finding(large: Figure, small: Figure) -> Finding:
    measure = large.measure.replace("_", " ")
    reading = (
        f"{measure} is printed as {large.printed} and as {small.printed}; "
        "nothing declared says which gives the printed results, so neither is used."
    )
    return finding("ten_fold", [large, small], large.value, small.value, reading, unit="ratio")


def ranges(book: Book, settled: Settled) -> Outcome:
    """Check that the lower end of a printed range is not above its upper end."""
    del settled
    outcome = Outcome()
    ends = [figure for figure in book.values() if figure.breakdown == "bound"]
    for group in grouped(ends, lambda f: (f.source_id, f.section, f.measure, f.area, f.period, f.unit)):
        by_end = {figure.category: figure for figure in group}
        low, high = by_end.get("lower"), by_end.get("upper")
        if low is None or high is None:
            continue
        if low.value <= high.value:
            outcome.agree("bounds", [low, high], f"{low.label}: {low.printed} to {high.printed}.")
        else:
            reading = (
                f"{low.label}: it runs from {low.printed} down to {high.printed}, so its ends are swapped."
            )
            outcome.findings.append(
                finding("bounds", [low, high], low.value, high.value, reading, unit=low.unit)
            )
    return outcome


def numerals(book: Book, settled: Settled) -> Outcome:
    """Find numerals whose digits are grouped as no number is, unless a relation has mended them."""
    outcome = Outcome()
    for figure in book.values():
        numeral = malformed(figure)
        if numeral and figure.figure_id not in settled.mended:
            reading = f"{figure.label}: “{numeral}” groups digits as no number is; it is not used."
            found = finding(
                "malformed_number", [figure], figure.value, figure.value, reading, unit=figure.unit
            )
            outcome.findings.append(found)
    return outcome


RULES: Final = (
    share_rules.shares,
    share_rules.bases,
    parts,
    wholes,
    percentages,
    printed_twice,
    standards,
    ranges,
    numerals,
)
"""Every general rule, in the order they run."""


def run(book: Book, settled: Settled) -> Outcome:
    """Run every general rule over every figure."""
    outcome = Outcome()
    for rule in RULES:
        outcome.add(rule(book, settled))
    return outcome
