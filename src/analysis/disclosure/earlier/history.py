"""Differencing: what a release tells together with those before it that none of them tells alone.

Two tables that are safe each by itself can give a third that is not: this year less its first half, the
county less a district, everyone less those refused, the same table with other cells hidden. Every such cell
is looked for, and the exact range that a reader of all releases can derive for it is compared with the
policy's promise: a cell below the threshold may be anything from nothing to the threshold. A release that
breaks it is refused, and the refusal says with which releases before it and by which rule.

The ledger knows what was printed and not what is true, and so does this module: what it holds cannot leak.
The price is caution. A hidden cell may have been large, and a difference of twelve rows may be one
survivor's; of the first it is assumed that it was small, and the second is caught only where the count
itself is below the threshold.

References
----------
Hundepool A and others (2012). Statistical disclosure control. Wiley, chapter 5, disclosure by differencing.
Fellegi IP (1972). On the question of statistical confidentiality. Journal of the American Statistical
Association 67, 7-18.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.disclosure.earlier.differencing import (
    BELOW,
    EXACT,
    NARROW,
    Change,
    Chosen,
    Compared,
    Finding,
    Joined,
    consistent,
)
from analysis.disclosure.earlier.geography import Geography
from analysis.disclosure.earlier.lineage import Lineage, lineage, place_of
from analysis.disclosure.earlier.linked import bases
from analysis.disclosure.earlier.reader import Contradiction
from analysis.disclosure.earlier.regions import meet, region
from analysis.disclosure.earlier.siblings import with_siblings
from analysis.disclosure.published import Published
from analysis.disclosure.tables import Key

LATE: Final = "late records"
PERIOD: Final = "period"
AREA: Final = "area"
AREA_AND_PERIOD: Final = "area and period"
SUB_BASE: Final = "sub-base"
THRESHOLD: Final = "threshold changed"
BREAKDOWN: Final = "another breakdown"
CODES: Final = "another code list"
AGAIN: Final = "released again"
ROUNDED: Final = "rounded and suppressed"
RULES: Final = (
    LATE,
    PERIOD,
    AREA,
    AREA_AND_PERIOD,
    SUB_BASE,
    THRESHOLD,
    BREAKDOWN,
    CODES,
    AGAIN,
    ROUNDED,
)
"""Every rule that a release may break together with those before it."""

MOST: Final = 50
"""Reasons given for refusing one release: more are not looked for."""


@dataclass(frozen=True)
class Refusal:
    """One reason why a release may not be given out.

    Attributes
    ----------
    rule
        One of `RULES`.
    base
        The population of rows.
    key
        The cell that would be given away, or the part that two cells leave of one another, in words.
    against
        Digests of the earlier releases that it takes, no fewer.
    why
        One sentence for the operator, without a value.
    """

    rule: str
    base: str
    key: Key
    against: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        cell = "; ".join(f"{name}: {node}" for name, node in self.key) or "everyone"
        return f"{self.rule}: {self.base}, {cell}. {self.why}"


@dataclass(frozen=True)
class Examined:
    """What came of holding releases against those before them.

    Attributes
    ----------
    refusals
        Why they may not be given out, `MOST` for each release or fewer; empty if they may.
    exact
        Whether the joint table behind all tables was searched. If not, it was too large (see
        `analysis.disclosure.solving.joint.LIMIT`): what was found holds, and more might be found.
    """

    refusals: tuple[Refusal, ...] = ()
    exact: bool = True


def refusals(new: Sequence[Published], earlier: Sequence[Published]) -> list[Refusal]:
    """Return every reason why releases may not be given out after those before them; see `examine`."""
    return list(examine(new, earlier).refusals)


def examine(new: Sequence[Published], earlier: Sequence[Published]) -> Examined:
    """Hold releases against those before them.

    Parameters
    ----------
    new
        What is about to be released, in any order; each is also held against those before it in this list.
    earlier
        What has been released, oldest first.

    Raises
    ------
    RunFailed
        If the solver cannot tell: what could not be checked is not released.
    """
    geography, given, every = Geography.load(), list(earlier), []
    for one in new:
        every.append(_examined(one, given, geography))
        given.append(one)
    found = (refusal for examined in every for refusal in examined.refusals)
    return Examined(tuple(dict.fromkeys(found)), all(examined.exact for examined in every))


def _examined(one: Published, given: Sequence[Published], geography: Geography) -> Examined:
    if any(_adds_nothing(one, other) for other in given):
        return Examined()
    one, given = with_siblings(one, given)
    related = _related(one, given, geography)
    if not related:
        return Examined()
    line = lineage((*related, one), geography)
    if rounded := _both_rounded(line):
        return Examined(tuple(rounded))
    fitting = consistent(line, range(len(related)))
    joined = Joined(line, fitting)
    found = [_told(line, finding) for finding in joined.findings(MOST)]
    for number in range(len(related)):
        if number not in fitting and len(found) < MOST:
            found += _not_fitting(line, number)
    return Examined(tuple(found[:MOST]), joined.exact)


def _adds_nothing(one: Published, other: Published) -> bool:
    """Say whether an earlier release has already told all that one tells: the same again, or less of it."""
    same = (one.base, one.area, one.start, one.end, one.rounded) == (
        other.base,
        other.area,
        other.start,
        other.end,
        other.rounded,
    )
    used = {name for key in one.cells for name, _ in key}
    return (
        same
        and all(one.dimensions[name] == other.dimensions.get(name) for name in used)
        and all(key in other.cells and value in {None, other.cells[key]} for key, value in one.cells.items())
    )


def _related(one: Published, given: Sequence[Published], geography: Geography) -> list[Published]:
    """Return the earlier releases of the same base that meet one in place and time, or meet one that does."""
    names = bases([*given, one])
    same = [other for other, name in zip(given, names, strict=False) if name == names[-1]]
    where = [region(other, geography) for other in same]
    reached, edge = set(), [region(one, geography)]
    while edge:
        here = edge.pop()
        near = [number for number, there in enumerate(where) if number not in reached and meet(here, there)]
        reached.update(near)
        edge += [where[number] for number in near]
    return [same[number] for number in sorted(reached)]


def _both_rounded(line: Lineage) -> list[Refusal]:
    """Refuse a breakdown that was released exactly and rounded: each undoes the protection of the other."""
    *earlier, new = line.releases
    last = len(earlier)
    mine = {line.links_name(last, name) for name in new.dimensions}
    where = {cell.release: cell for cell in line.cells}
    found = []
    for number, other in enumerate(earlier):
        shared = sorted(mine & {line.links_name(number, name) for name in other.dimensions})
        if other.rounded != new.rounded and shared and number in where and line.overlap(number, last):
            why = f"It is released {_form(new)}, and was {_form(other)} for {place_of(other)}."
            key = tuple((name, "all categories") for name in shared)
            found.append(Refusal(ROUNDED, new.base, key, (other.digest,), why))
    return found


def _form(release: Published) -> str:
    return f"rounded to {release.rounded}" if release.rounded else "as exact counts"


def _not_fitting(line: Lineage, number: int) -> list[Refusal]:
    """Return what a release tells beside an earlier one that it contradicts: the data has changed since."""
    last = len(line.releases) - 1
    try:
        return [_told(line, finding) for finding in Joined(line, (number,)).findings(MOST)]
    except Contradiction:
        compared = Compared(line, number, last)
    found = [_changed(line, number, change) for change in compared.changes()]
    try:
        unchanged = Joined(line, (number,), compared.left_out())
    except Contradiction:
        return found
    return found + [_told(line, finding) for finding in unchanged.findings(MOST)]


def _changed(line: Lineage, number: int, change: Change) -> Refusal:
    new, old = line.releases[-1], line.releases[number]
    rule = LATE if not change.nested or change.high < 0 else _where(line, (number,))
    what = "It changed by fewer than the threshold since" if rule == LATE else "It differs by few from"
    why = f"{what} what was released for {place_of(old)}: the difference is known."
    return Refusal(rule, new.base, change.key, (old.digest,), why)


def _told(line: Lineage, finding: Finding) -> Refusal:
    new = line.releases[-1]
    others = " and ".join(place_of(line.releases[number]) for number in finding.against)
    threshold = finding.target.threshold
    if EXACT in finding.told:
        learnt = "what it is"
    elif NARROW in finding.told:
        learnt = "what it is, closer than rounding promises"
    elif BELOW in finding.told:
        learnt = f"that it is below {threshold}"
    else:
        learnt = f"that somebody is in it, where there may be fewer than {threshold}"
    why = f"Together with what was released for {others}, a reader learns {learnt}."
    digests = tuple(line.releases[number].digest for number in finding.against)
    return Refusal(_rule(line, finding.against), new.base, finding.target.key, digests, why)


def _rule(line: Lineage, against: Chosen) -> str:
    """Return the rule that releases break together: what it is that differs between them."""
    last = len(line.releases) - 1
    chosen = (*against, last)
    releases = [line.releases[number] for number in chosen]
    if where := _where(line, against):
        return where
    if line.lists_differ(chosen):
        return CODES
    if len({one.threshold for one in releases}) > 1:
        return THRESHOLD
    if len({frozenset(table.where for table in one.tables) for one in releases}) > 1:
        return SUB_BASE
    shapes = {line.shapes(number) for number in chosen}
    return AGAIN if len(shapes) == 1 else BREAKDOWN


def _where(line: Lineage, against: Iterable[int]) -> str:
    """Return the rule of place and time, or nothing if all releases count at the same."""
    releases = [line.releases[-1], *(line.releases[number] for number in against)]
    areas = len({one.area for one in releases}) > 1
    periods = len({(one.start, one.end) for one in releases}) > 1
    return {(True, True): AREA_AND_PERIOD, (True, False): AREA, (False, True): PERIOD}.get(
        (areas, periods), ""
    )
