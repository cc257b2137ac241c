"""Dimensions of several releases that are one: under two names, in a coarser list, in other bands of age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from analysis.disclosure.published import Published
from analysis.disclosure.tables import TOTAL, Dimension

FOREVER: Final = 999
"""Upper end of a band of years that has none."""

Place = tuple[int, str]
"""A dimension of a release: which release, and its name there."""

_BANDS: Final = (
    (re.compile(r"(?:age |aged )?(\d{1,3}) (?:to )?(\d{1,3})"), lambda low, high: (low, high)),
    (
        re.compile(r"(?:age |aged )?(\d{1,3}) ?(?:plus|and over|or over|and above)"),
        lambda low, _: (low, FOREVER),
    ),
    (re.compile(r"(?:age |aged )?under (\d{1,3})"), lambda low, _: (0, low - 1)),
)


@dataclass(frozen=True)
class Link:
    """One dimension over all releases that have it, down to atoms that tell its categories apart.

    Attributes
    ----------
    name
        What a message calls it.
    atoms
        Number of atoms.
    masks
        Atoms of each category, as bits, by release, name of the dimension there, and category.
    """

    name: str
    atoms: int
    masks: Mapping[tuple[int, str, str], int]


def link(releases: Sequence[Published], places: Iterable[Place]) -> dict[Place, Link]:
    """Bring dimensions of several releases of one base to common atoms.

    Parameters
    ----------
    releases
        Of one base, over any areas and periods.
    places
        The dimensions to be linked: not those that say where or when.
    """
    families: list[list[Place]] = []
    for place in sorted(places, key=lambda one: (one[1], one[0])):
        home = next((family for family in families if _belongs(place, family, releases)), None)
        if home is None:
            families.append([place])
        else:
            home.append(place)
    linked: dict[Place, Link] = {}
    taken: set[str] = set()
    for family in families:
        name = _fresh(family[0][1], taken)
        made = _link(name, {place: releases[place[0]].dimensions[place[1]] for place in family})
        linked |= dict.fromkeys(family, made)
    return linked


def band(label: str) -> tuple[int, int] | None:
    """Return the first and last year of a band of age such as ``"16 to 24"`` or ``"65+"``, None of others."""
    plain = " ".join(re.sub(r"[-–_]", " ", label.lower().replace("+", " plus")).split())
    for pattern, span in _BANDS:
        if match := pattern.fullmatch(plain):
            numbers = [int(part) for part in match.groups()]
            return span(numbers[0], numbers[-1])
    return None


def _belongs(place: Place, family: Sequence[Place], releases: Sequence[Published]) -> bool:
    """Say whether a dimension is one of a family; two of one release only if one is the other's groups."""
    beside = [other for other in family if other[0] == place[0]]
    return all(_nested(place, other, releases) for other in beside) and any(
        _same(place, other, releases) for other in family
    )


def _same(one: Place, other: Place, releases: Sequence[Published]) -> bool:
    mine, theirs = releases[one[0]], releases[other[0]]
    first, second = mine.dimensions[one[1]], theirs.dimensions[other[1]]
    if one[1] == other[1]:
        return _overlap(first, second)
    if _nested(one, other, releases):
        return True
    apart = one[1] in theirs.dimensions or other[1] in mine.dimensions  # one release has both
    return not apart and _printed_alike(one, other, releases)


def _nested(one: Place, other: Place, releases: Sequence[Published]) -> bool:
    """Say whether one dimension is made of the declared groups of the other."""
    first, second = (releases[number].dimensions[name] for number, name in (one, other))
    return _coarser(first, second) or _coarser(second, first)


def _overlap(first: Dimension, second: Dimension) -> bool:
    """Say whether two lists of categories of one name can be brought to common atoms."""
    atoms = _atoms({(0, "first"): first, (1, "second"): second})
    one = {atom for (place, _), found in atoms.items() if place[0] == 0 for atom in found}
    other = {atom for (place, _), found in atoms.items() if place[0] == 1 for atom in found}
    return 2 * len(one & other) >= min(len(one), len(other))


def _coarser(coarse: Dimension, fine: Dimension) -> bool:
    """Say whether every category of one list is a category or a declared group of the other."""
    if not (set(coarse.leaves) <= {*fine.leaves, *fine.groups} and set(coarse.leaves) & set(fine.groups)):
        return False
    covered = [leaf for node in coarse.leaves for leaf in fine.covers(node)]
    return len(covered) == len(set(covered)) == len(fine.leaves)


def _printed_alike(one: Place, other: Place, releases: Sequence[Published]) -> bool:
    """Say whether two dimensions of other names have the same categories and the same numbers in print."""
    mine, theirs = releases[one[0]], releases[other[0]]
    first, second = mine.dimensions[one[1]], theirs.dimensions[other[1]]
    apart = (mine.area, mine.start, mine.end, mine.rounded) != (
        theirs.area,
        theirs.start,
        theirs.end,
        theirs.rounded,
    )
    if apart or set(first.leaves) != set(second.leaves):
        return False
    pairs = [
        (mine.cells.get(((one[1], leaf),)), theirs.cells.get(((other[1], leaf),))) for leaf in first.leaves
    ]
    both = [(value, again) for value, again in pairs if value is not None and again is not None]
    return len(both) >= min(2, len(first.leaves) - 1) and all(value == again for value, again in both)


def _link(name: str, versions: Mapping[Place, Dimension]) -> Link:
    leaves = _atoms(versions)
    order = sorted({atom for found in leaves.values() for atom in found})
    bit = {atom: 1 << place for place, atom in enumerate(order)}
    masks: dict[tuple[int, str, str], int] = {}
    for place, dimension in versions.items():
        for node in dimension.nodes:
            if node != TOTAL:
                found = {atom for leaf in dimension.covers(node) for atom in leaves[place, leaf]}
                masks[*place, node] = sum(bit[atom] for atom in found)
    return Link(name, len(order), masks)


def _atoms(versions: Mapping[Place, Dimension]) -> dict[tuple[Place, str], frozenset[str]]:
    """Return the atoms of every category of every version."""
    bands = {place: {leaf: band(leaf) for leaf in one.leaves} for place, one in versions.items()}
    if len({frozenset(one.leaves) for one in versions.values()}) > 1 and all(map(_banded, bands.values())):
        cuts = sorted(
            {
                edge
                for found in bands.values()
                for span in found.values()
                if span
                for edge in (span[0], span[1] + 1)
            }
        )
        return {
            (place, leaf): _years(span, cuts) if span else frozenset([leaf])
            for place, found in bands.items()
            for leaf, span in found.items()
        }
    return _rest(
        {
            (place, leaf): _below(leaf, versions.values(), frozenset())
            for place, one in versions.items()
            for leaf in one.leaves
        }
    )


def _banded(found: Mapping[str, tuple[int, int] | None]) -> bool:
    """Say whether a list is one of bands of years that do not overlap."""
    spans = sorted(span for span in found.values() if span)
    return len(spans) > 1 and all(one[1] < other[0] for one, other in pairwise(spans))


def _years(span: tuple[int, int], cuts: Sequence[int]) -> frozenset[str]:
    inside = [cut for cut in cuts if span[0] <= cut <= span[1] + 1]
    return frozenset(f"{low:03} to {high - 1:03}" for low, high in pairwise(inside))


def _rest(atoms: dict[tuple[Place, str], frozenset[str]]) -> dict[tuple[Place, str], frozenset[str]]:
    """Let the one category of a list that no other list knows stand for all that the others have besides."""
    settled = dict(atoms)
    for place in sorted({at for at, _ in atoms}):
        mine = {leaf: found for (at, leaf), found in settled.items() if at == place}
        others = frozenset().union(*(found for (at, _), found in settled.items() if at != place))
        strange = [leaf for leaf, found in mine.items() if not found & others]
        besides = others.difference(*mine.values())
        if len(strange) == 1 and len(mine) > 1 and besides:
            settled[place, strange[0]] = besides
    return settled


def _below(leaf: str, versions: Iterable[Dimension], seen: frozenset[str]) -> frozenset[str]:
    """Return what a category is made of, if another list has it as a group; all lists that do must agree."""
    every = list(versions)
    meant = {frozenset(one.groups[leaf]) for one in every if leaf in one.groups}
    if len(meant) != 1 or leaf in seen:
        return frozenset([leaf])
    return frozenset().union(*(_below(one, every, seen | {leaf}) for one in next(iter(meant))))


def _fresh(name: str, taken: set[str]) -> str:
    """Return a name that no other dimension has: lists that cannot be linked stand side by side."""
    number = 1
    fresh = name
    while fresh in taken:
        number += 1
        fresh = f"{name} ({number})"
    taken.add(fresh)
    return fresh


def alike(one: Published, other: Published) -> bool:
    """Say whether two releases are of one base under two names: for the same place, with the same numbers."""
    if (one.area, one.start, one.end, one.rounded) != (other.area, other.start, other.end, other.rounded):
        return False
    pairs = [(value, other.cells[key]) for key, value in one.cells.items() if key in other.cells]
    both = [(value, again) for value, again in pairs if value is not None and again is not None]
    return len(both) > 2 and all(value == again for value, again in both)


def bases(releases: Sequence[Published]) -> list[str]:
    """Return the base of each release under one name for all its names."""
    home = {one.base: one.base for one in releases}
    for one, other in combinations(releases, 2):
        if home[one.base] != home[other.base] and alike(one, other):
            old, new = sorted((home[one.base], home[other.base]))[::-1]
            home = {name: new if found == old else found for name, found in home.items()}
    return [home[one.base] for one in releases]
