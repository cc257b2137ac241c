"""Which cells a release and those before it give away together, over the common atoms of a lineage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from analysis.disclosure.earlier.lineage import REGION, Cell, Lineage, make_box
from analysis.disclosure.earlier.reader import Box, Contradiction, Printed, Reader
from analysis.disclosure.solving.joint import joined
from analysis.disclosure.tables import Key, make_key

BELOW: Final = "below"
PRESENT: Final = "present"
NARROW: Final = "narrow"
EXACT: Final = "exact"

SETS: Final = 5
"""Sets of several earlier releases that are made as small as can be, for one new release."""

Told = frozenset[str]
Chosen = tuple[int, ...]
"""Positions of releases, sorted; the new one is the last of the lineage."""


@dataclass(frozen=True)
class Target:
    """A cell that must not be given away.

    Attributes
    ----------
    box
        The cell.
    key
        How a message names it.
    threshold
        The strictest that it was hidden under [rows].
    hidden
        Releases that hide it; none if no release shows it.
    slack
        Base of the rounding, if all releases are rounded, else 0 [rows].
    known
        Whether it may be known to be none.
    deep
        Whether it lies behind the tables: only its exact number gives it away then.
    """

    box: Box
    key: Key
    threshold: int
    hidden: frozenset[int] = frozenset()
    slack: int = 0
    known: bool = False
    deep: bool = False

    def told(self, reader: Reader) -> Told:
        """Return what a reader learns of it that nobody should."""
        if self.deep:
            return frozenset({EXACT} if 0 < (reader.constant(self.box) or 0) < self.threshold else ())
        return self._told(*reader.range(self.box, below=self.threshold, full=bool(self.slack)))

    def told_quickly(self, reader: Reader) -> Told:
        """Return what a reader learns of it for certain, and perhaps not all."""
        low, high = reader.bounds(self.box)
        if self.deep:
            return frozenset({EXACT} if 0 < low == high < self.threshold else ())
        return self._told(low, high)

    def told_by(self, readers: Iterable[Reader]) -> Told:
        """Return what any of some readers learns of it."""
        return frozenset().union(*(self.told(reader) for reader in readers))

    def told_quickly_by(self, readers: Iterable[Reader]) -> Told:
        """Return what any of some readers learns of it for certain."""
        return frozenset().union(*(self.told_quickly(reader) for reader in readers))

    def _told(self, low: int, high: int) -> Told:
        if low >= self.threshold:
            return frozenset()
        if self.slack:
            least = (2 if low else 1) * (self.slack - 1)
            return frozenset({NARROW} if high - low < least else ())
        below = high < self.threshold and not (self.known and low == 0)
        return frozenset({name for name, so in ((BELOW, below), (PRESENT, low > 0)) if so})


@dataclass(frozen=True)
class Finding:
    """A cell that is given away.

    Attributes
    ----------
    target
        The cell.
    told
        What a reader learns of it.
    against
        The earlier releases that it takes, no fewer.
    """

    target: Target
    told: Told
    against: Chosen


class Joined:
    """The new release of a lineage beside some of those before it.

    Parameters
    ----------
    line
        The lineage; its last release is the new one.
    earlier
        Those before it that are looked at.
    left_out
        Cells of earlier releases that the new one contradicts.

    Raises
    ------
    Contradiction
        If no table fits all that they print.
    """

    def __init__(
        self, line: Lineage, earlier: Chosen, left_out: frozenset[tuple[int, Box]] = frozenset()
    ) -> None:
        self._line, self._earlier, self._left_out = line, earlier, left_out
        self._new = len(line.releases) - 1
        self._readers: dict[Chosen, Reader] = {}
        self._sets: list[Chosen] = []
        self._targets = self._all_targets()
        asked = [target.box for target in self._targets]
        enough = max((target.threshold for target in self._targets), default=1)
        printed = self._printed((*earlier, self._new))
        self._everything = Reader(line.sizes, printed, asked, enough=enough)

    @property
    def exact(self) -> bool:
        """Whether everything was looked for: no table behind the tables was too large."""
        return self._everything.exact

    def findings(self, most: int) -> list[Finding]:
        """Return the cells that the new release gives away together with those before it, and not without.

        Parameters
        ----------
        most
            So many are enough to refuse it; the rest is not looked for.
        """
        for threshold in sorted({one.threshold for one in self._targets}):
            plain = [one for one in self._targets if not (one.deep or one.slack)]
            self._everything.settle((one.box for one in plain if one.threshold == threshold), below=threshold)
        found: list[Finding] = []
        for target in self._targets:
            if len(found) < most and (told := self._new_of(target)):
                found.append(Finding(target, told, self._least(target, told)))
        return found

    def _new_of(self, target: Target) -> Told:
        """Return what is told of a cell by all releases together, and by fewer of them is not.

        What is certain at once is looked at first, and whole numbers only where that does not settle it.
        """
        plain = not (target.deep or target.slack)
        if plain and self._everything.settled(target.box, below=target.threshold):
            return frozenset()
        if target.deep and not target.told(self._everything):
            return frozenset()
        parts = [self._reader(chosen) for chosen in self._parts(target)]
        known = target.told_quickly_by(parts)
        quickly = target.told_quickly(self._everything) - known
        if quickly and (new := quickly - target.told_by(parts)):
            return new
        told = target.told(self._everything) - known
        return told - target.told_by(parts) if told else told

    def _parts(self, target: Target) -> list[Chosen]:
        """Return by which releases a cell may be known without blame: those before, and the new one alone.

        What the new release alone says of a cell that an earlier one hides is no excuse for it.
        """
        before = [self._earlier] if self._earlier else []
        return [*before, (self._new,)] if not target.hidden or self._new in target.hidden else before

    def _least(self, target: Target, told: Told) -> Chosen:
        """Return as few earlier releases as it takes: one if one does, else none can be left out.

        Sets that it took before are tried first. After `SETS` of them, all earlier releases are named.
        """
        for few in (*self._sets, *((one,) for one in reversed(self._earlier))):
            if told <= target.told_quickly(self._reader((*few, self._new))):
                return few
        if len(self._sets) == SETS:
            return self._earlier
        needed = list(self._earlier)
        for one in self._earlier:
            fewer = [other for other in needed if other != one]
            if fewer and told <= target.told_quickly(self._reader((*fewer, self._new))):
                needed = fewer
        self._sets.append(tuple(needed))
        return tuple(needed)

    def _reader(self, chosen: Chosen) -> Reader:
        """Return a reader of some releases alone."""
        if len(chosen) > len(self._earlier):
            return self._everything
        if chosen not in self._readers:
            self._readers[chosen] = self._everything.without(self._printed(chosen))
        return self._readers[chosen]

    def _printed(self, chosen: Iterable[int]) -> list[Printed]:
        wanted = set(chosen)
        return [
            self._line.printed(cell)
            for cell in self._line.cells
            if cell.release in wanted and (cell.release, cell.box) not in self._left_out
        ]

    def _all_targets(self) -> tuple[Target, ...]:
        releases = self._line.releases
        chosen = (*self._earlier, self._new)
        strictest = max(releases[number].threshold for number in chosen)
        bases = {releases[number].rounded for number in chosen}
        slack = max(bases) if len(bases) == 1 else 0
        targets: dict[Box, Target] = {}
        for box, cells in self._by_box(set(chosen)).items():
            hiding = frozenset(cell.release for cell in cells if cell.value is None)
            if hiding or slack:
                threshold = max(releases[number].threshold for number in hiding or chosen)
                targets[box] = Target(box, cells[-1].key, threshold, hiding, slack, known=self._unplaced(box))
        for piece in self._line.pieces:
            known = self._unplaced(piece.box)
            targets.setdefault(piece.box, Target(piece.box, piece.label, strictest, slack=slack, known=known))
        for target in self._behind(chosen, strictest):
            targets.setdefault(target.box, target)
        return tuple(targets[box] for box in sorted(targets, key=lambda box: (len(box), box)))

    def _behind(self, chosen: Chosen, threshold: int) -> Iterator[Target]:
        """Yield the cells behind tables that close a circle: sex by outcome, outcome by need, need by sex."""
        sizes = self._line.sizes
        scopes = {frozenset(name for name, _ in one.box) for one in self._printed(chosen)} - {frozenset()}
        for clique in joined(scopes, sizes).cliques if scopes else ():
            if any(set(clique) <= scope for scope in scopes):
                continue
            for atoms in product(*(range(sizes[name]) for name in clique)):
                pairs = zip(clique, atoms, strict=True)
                inside = [(name, 1 << atom, self._line.atom(name, atom)) for name, atom in pairs]
                box = make_box({name: mask for name, mask, _ in inside}, sizes)
                yield Target(box, make_key((name, words) for name, _, words in inside), threshold, deep=True)

    def _by_box(self, chosen: set[int]) -> dict[Box, list[Cell]]:
        cells: dict[Box, list[Cell]] = {}
        for cell in self._line.cells:
            if cell.release in chosen:
                cells.setdefault(cell.box, []).append(cell)
        return cells

    def _unplaced(self, box: Box) -> bool:
        """Say whether a cell holds only those whose district is not known: there may well be none."""
        return not dict(box).get(REGION, ~0) & ~self._line.unplaced


@dataclass(frozen=True)
class Change:
    """A cell that changed between two releases, or differs between a region and a larger one.

    Attributes
    ----------
    key
        How a message names it.
    nested
        Whether the regions differ.
    low, high
        Least and most of the difference, the later or larger less the earlier or smaller [rows].
    """

    key: Key
    nested: bool
    low: int
    high: int


class Compared:
    """Two releases that no one table fits: the data changed between them.

    Parameters
    ----------
    line
        The lineage.
    earlier, new
        Which two.
    """

    def __init__(self, line: Lineage, earlier: int, new: int) -> None:
        self._line, self._threshold = line, max(line.releases[one].threshold for one in (earlier, new))
        self._earlier, self._new = earlier, new
        self._cells = {
            number: {cell.box: cell for cell in line.cells if cell.release == number}
            for number in (earlier, new)
        }
        boxes = sorted({*self._cells[earlier], *self._cells[new]})
        top = max((cell.value or 0 for cell in line.cells), default=0) + self._threshold
        self._before, self._after = (
            Reader(line.sizes, map(line.printed, self._cells[number].values()), boxes, enough=top)
            for number in (earlier, new)
        )

    def left_out(self) -> frozenset[tuple[int, Box]]:
        """Return the cells of the earlier release whose printed number cannot be that of the later one."""
        found = set()
        for box, cell in self._cells[self._earlier].items():
            if cell.value is not None:
                printed = self._line.printed(cell)
                low, high = self._range(self._after, box)
                if printed.high is not None and (printed.high < low or high < printed.low):
                    found.add((self._earlier, box))
        return frozenset(found)

    def changes(self) -> list[Change]:
        """Return the cells whose difference is known to be small."""
        found = []
        for box in sorted({*self._cells[self._earlier], *self._cells[self._new]}):
            low, high = self._difference(box, box)
            if _small(low, high, self._threshold) and (low > 0 or high < 0):
                cell = self._cells[self._new].get(box) or self._cells[self._earlier][box]
                found.append(Change(cell.key, nested=False, low=low, high=high))
        return found + self._nested()

    def _nested(self) -> list[Change]:
        found = []
        for box, cell in sorted(self._cells[self._new].items()):
            inside = dict(box)
            full = (1 << self._line.sizes[REGION]) - 1
            for other in sorted(self._cells[self._earlier]):
                theirs = dict(other)
                here, there = inside.get(REGION, full), theirs.get(REGION, full)
                alike = {**inside, REGION: 0} == {**theirs, REGION: 0}
                if not alike or here == there or here & there not in {here, there}:
                    continue
                low, high = self._difference(other, box)
                if here & there == here:
                    low, high = -high, -low
                if _small(low, high, self._threshold) or 0 < low < self._threshold:
                    found.append(Change(cell.key, nested=True, low=low, high=high))
        return found

    def _difference(self, before: Box, after: Box) -> tuple[int, int]:
        old, new = self._range(self._before, before), self._range(self._after, after)
        return new[0] - old[1], new[1] - old[0]

    @staticmethod
    def _range(reader: Reader, box: Box) -> tuple[int, int]:
        return reader.range(box, below=0, full=True)


def _small(low: int, high: int, threshold: int) -> bool:
    return -threshold < low and high < threshold


def consistent(line: Lineage, earlier: Sequence[int]) -> Chosen:
    """Return the earlier releases that one table fits together with the new one; the latest come first."""
    new = len(line.releases) - 1
    if _fits(line, (*earlier, new)):
        return tuple(earlier)
    kept: list[int] = []
    for one in reversed(earlier):
        if _fits(line, (one, *kept, new)):
            kept.insert(0, one)
    return tuple(kept)


def _fits(line: Lineage, chosen: Iterable[int]) -> bool:
    wanted = set(chosen)
    printed = [line.printed(cell) for cell in line.cells if cell.release in wanted]
    try:
        Reader(line.sizes, printed, [], enough=1)
    except Contradiction:
        return False
    return True
