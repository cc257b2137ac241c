"""Several releases of one base as cells over common atoms: of place and time, and of every breakdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Final

from analysis.disclosure.earlier.geography import Geography
from analysis.disclosure.earlier.linked import Link, link
from analysis.disclosure.earlier.reader import Box, Printed
from analysis.disclosure.earlier.regions import placing, region, region_of, regions
from analysis.disclosure.published import Published
from analysis.disclosure.tables import Key, make_key

REGION: Final = "area and period"
"""The dimension that says where and when; its atoms are what tells the regions of the releases apart."""


Stack = dict[int, tuple[str, set[int]]]
"""Sets of atoms of one dimension, as bits, each with words for it and the releases that have it."""


@dataclass(frozen=True)
class Cell:
    """One cell of one release.

    Attributes
    ----------
    release
        Which one, as a position.
    key
        As it is called there.
    box
        As atoms that all releases share.
    value
        What is printed [rows]; None if it is hidden.
    """

    release: int
    key: Key
    box: Box
    value: int | None


@dataclass(frozen=True)
class Piece:
    """A cell that no release shows, and that two of them together define.

    Attributes
    ----------
    box
        The cell.
    label
        How a message names it: pairs of dimension and words.
    """

    box: Box
    label: Key


@dataclass(frozen=True, eq=False)
class Lineage:
    """Releases of one base, brought to common atoms.

    Attributes
    ----------
    releases
        The releases.
    links
        Every dimension, linked, by release and its name there.
    cells
        Every cell of every release; impossible ones as printed zeros.
    sizes
        Atoms of each dimension.
    parts
        Words for each atom of place and time.
    unplaced
        Atoms of place that hold only those whose district is not known, as bits.
    """

    releases: tuple[Published, ...]
    links: Mapping[tuple[int, str], Link]
    cells: tuple[Cell, ...]
    sizes: Mapping[str, int]
    parts: tuple[str, ...]
    unplaced: int

    def printed(self, cell: Cell) -> Printed:
        """Return what a reader knows of a cell from its own release."""
        if cell.value is None:
            return Printed(cell.box)
        slack = max(0, self.releases[cell.release].rounded - 1)
        return Printed(cell.box, max(0, cell.value - slack), cell.value + slack)

    @cached_property
    def boxes(self) -> frozenset[Box]:
        """Every cell that a release has."""
        return frozenset(cell.box for cell in self.cells)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Cells that follow from two that differ in one dimension alone: what one covers, the other not.

        A year and its first half; an authority and its districts; everyone and those refused; a band of age
        and another. And every atom of a dimension by itself, since several releases may single it out that no
        two of them do. What one release says by itself is left to the attack on that release.
        """
        found: dict[Box, Piece] = {}
        for (name, rest), stack in self._stacks.items():
            for mask, words in (*_parts(stack), *self._atoms(name)):
                box = make_box({**dict(rest), name: mask}, self.sizes)
                if box not in self.boxes and box not in found:
                    found[box] = Piece(box, make_key((*self._named(rest), (name, words))))
        return tuple(found[box] for box in sorted(found))

    @cached_property
    def _stacks(self) -> dict[tuple[str, Box], Stack]:
        """Cells that differ in one dimension alone: words for the atoms of each, and its releases."""
        stacks: dict[tuple[str, Box], Stack] = {}
        for cell in self.cells:
            inside = dict(cell.box)
            for name, size in self.sizes.items():
                rest = tuple(pair for pair in cell.box if pair[0] != name)
                mask = inside.get(name, (1 << size) - 1)
                stack = stacks.setdefault((name, rest), {})
                stack.setdefault(mask, (self._words(cell, name), set()))[1].add(cell.release)
        return {where: stack for where, stack in stacks.items() if len(stack) > 1}

    def atom(self, name: str, place: int) -> str:
        """Return words for one atom of a dimension."""
        if name == REGION:
            return self.parts[place]
        return self._any_name.get((name, 1 << place), f"part {place + 1}")

    def _atoms(self, name: str) -> list[tuple[int, str]]:
        return [(1 << place, self.atom(name, place)) for place in range(self.sizes[name])]

    def _words(self, cell: Cell, name: str) -> str:
        if name == REGION:
            return place_of(self.releases[cell.release])
        nodes = [node for own, node in cell.key if self.links_name(cell.release, own) == name]
        return nodes[0] if nodes else "all"

    def links_name(self, release: int, dimension: str) -> str:
        """Return the common name of a dimension of a release."""
        found = self.links.get((release, dimension))
        return found.name if found else REGION

    def overlap(self, one: int, other: int) -> bool:
        """Say whether two releases have a district and a day in common."""
        full = (1 << self.sizes[REGION]) - 1
        mine, theirs = (
            {dict(cell.box).get(REGION, full) for cell in self.cells if cell.release == number}
            for number in (one, other)
        )
        return any(here & there for here in mine for there in theirs)

    def lists_differ(self, chosen: Sequence[int]) -> bool:
        """Say whether some releases break one dimension down by different lists of categories."""
        lists: dict[str, dict[int, set[frozenset[int]]]] = {}
        for (number, name), found in self.links.items():
            if number in chosen:
                leaves = self.releases[number].dimensions[name].leaves
                mine = lists.setdefault(found.name, {}).setdefault(number, set())
                mine.add(frozenset(found.masks[number, name, leaf] for leaf in leaves))
        return any(one != other for found in lists.values() for one, other in combinations(found.values(), 2))

    def shapes(self, number: int) -> frozenset[frozenset[str]]:
        """Return the sets of dimensions that the tables of a release are broken down by."""
        return frozenset(
            frozenset(self.links_name(number, name) for name in table.scope)
            for table in self.releases[number].tables
        )

    def _named(self, rest: Box) -> list[tuple[str, str]]:
        """Return words for the atoms that two cells share."""
        return [(name, self._any_name[name, mask]) for name, mask in rest]

    @cached_property
    def _any_name(self) -> dict[tuple[str, int], str]:
        names: dict[tuple[str, int], str] = {}
        for cell in self.cells:
            for name, mask in cell.box:
                names.setdefault((name, mask), self._words(cell, name))
        for found in {one.name: one for one in self.links.values()}.values():
            for (_, _, node), mask in found.masks.items():
                names.setdefault((found.name, mask), node)
        return names


def lineage(releases: Sequence[Published], geography: Geography) -> Lineage:
    """Bring releases of one base to common atoms.

    Parameters
    ----------
    releases
        Releases of one base, under whatever names.
    geography
        Which districts an authority covers.
    """
    placed = [placing(one, geography) for one in releases]
    wholes = [region(one, geography) for one in releases]
    links = link(releases, _others(releases, placed))
    listed = [(number, key, value) for number, one in enumerate(releases) for key, value in _layout(one)]
    where = [region_of(releases[number], key, placed[number], wholes[number]) for number, key, _ in listed]
    found = regions(where)
    sizes = {one.name: one.atoms for one in links.values()} | {REGION: len(found.parts)}
    cells = []
    for (number, key, value), place in zip(listed, where, strict=True):
        inside = _inside(number, key, links, found.masks[place])
        if all(inside.values()):
            cells.append(Cell(number, key, make_box(inside, sizes), value))
    return Lineage(tuple(releases), links, tuple(cells), sizes, found.parts, found.unplaced)


def make_box(inside: Mapping[str, int], sizes: Mapping[str, int]) -> Box:
    """Return a cell from the atoms of its dimensions; those with all their atoms are left out."""
    return tuple(sorted((name, mask) for name, mask in inside.items() if mask != (1 << sizes[name]) - 1))


def place_of(release: Published) -> str:
    """Return where and when a release counts, in words: ``norfolk, 2022-04-01 to 2022-06-30``."""
    areas = ", ".join(release.area) if len(release.area) <= 3 else f"{len(release.area)} areas"
    return f"{areas}, {release.start} to {release.end}"


def _others(releases: Sequence[Published], placed: Sequence[Mapping[str, object]]) -> list[tuple[int, str]]:
    return [
        (number, name)
        for number, one in enumerate(releases)
        for name in one.dimensions
        if name not in placed[number]
    ]


def _layout(release: Published) -> list[tuple[Key, int | None]]:
    """Return every cell of every table; one that is absent was declared impossible, and is known to be 0."""
    known: dict[Key, int | None] = dict(release.cells)
    for table in release.tables:
        axes = [[(name, node) for node in table.nodes(release.dimensions[name])] for name in table.dimensions]
        for pairs in product(*axes):
            known.setdefault(make_key((*table.where, *pairs)), 0)
    return list(known.items())


def _inside(number: int, key: Key, links: Mapping[tuple[int, str], Link], place: int) -> dict[str, int]:
    inside = {REGION: place}
    for name, node in key:
        if found := links.get((number, name)):
            mask = found.masks[number, name, node]
            inside[found.name] = inside.get(found.name, mask) & mask
    return inside


def _parts(stack: Stack) -> list[tuple[int, str]]:
    """Return what some sets of atoms leave of one another, with words for it, unless one release has both."""
    parts: list[tuple[int, str]] = []
    for (one, (name, mine)), (other, (again, theirs)) in combinations(sorted(stack.items()), 2):
        if not mine & theirs:
            parts += [
                (one & ~other, f"{name}, without {again}"),
                (other & ~one, f"{again}, without {name}"),
                (one & other, f"both {name} and {again}"),
            ]
    for whole, (name, _) in sorted(stack.items()):
        rest = whole
        for mask in stack:
            rest &= ~mask if mask != whole and mask & whole == mask else -1
        parts.append((rest, f"{name}, without all that lies within"))
    return [(mask, words) for mask, words in parts if mask]
