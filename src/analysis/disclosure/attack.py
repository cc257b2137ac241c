"""What a determined reader can find out about hidden cells, found out first.

The reader knows every printed cell, that rows are whole numbers and never negative, which combinations are
impossible, that one joint table stands behind all tables, and what earlier releases of the same rows printed.
She may be a survivor who alone contributes to a hidden cell, and so knows it. A hidden cell is safe if, for
all that is known, it may be 0 and may reach the threshold; the marker is the same either way, so it tells
nothing. Each level adds to what the reader thinks of:

- *span*: printed cells are added and subtracted;
- *nonnegative*: no cell is negative, tables agree on their common margins (linear programmes);
- *integer*: rows are whole numbers;
- *joint*: one joint table stands behind all tables (see `analysis.disclosure.solving.joint`);
- *earlier*: what was printed before; that a cell cannot be 0 by this alone is not held against a release,
  as long as it adds nothing: the cell must be able to fall as far as before;
- *self*: the reader knows cells to which she alone contributes; what she would know of others if nothing
  were printed is not held against a release.

Safety is shown by tables that fit, checked in whole numbers; a breach, by a solver's proof that none does.

References
----------
Hundepool A and others (2012). Statistical disclosure control. Wiley, chapter 4. Fischetti M, Salazar JJ
(2001). Solving the cell suppression problem on tabular data with linear constraints. Management Science 47,
1008-1027.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis.disclosure.cells import CellSystem
from analysis.disclosure.published import Published
from analysis.disclosure.solving.joint import LIMIT
from analysis.disclosure.solving.knowledge import know
from analysis.disclosure.solving.search import SECONDS, Search
from analysis.disclosure.solving.span import determined
from analysis.disclosure.solving.wanted import DOWN, OUTSIDER, UP, wanted
from analysis.disclosure.tables import Key
from analysis.errors import UsageError, one_of

LEVELS: Final = ("span", "nonnegative", "integer", "joint", "earlier", "self")

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Breach:
    """A cell that a reader finds out more about than she may.

    Attributes
    ----------
    cell
        Its key.
    level
        The first of `LEVELS` at which she does.
    low, high
        All that it can be by what she knows at that level [rows].
    knower
        A cell of her own, if she is a survivor who knows it; else None.
    """

    cell: Key
    level: str
    low: int
    high: int
    knower: Key | None = None


@dataclass(frozen=True, eq=False)
class Attack:
    """What an attack found out.

    Attributes
    ----------
    low, high
        What each cell is known to be able to be, from tables that were found on the way: at least this wide a
        range is open to an outsider [rows].
    breaches
        Cells that are not safe, by cell and knower.
    levels
        The levels that the reader was given.
    limited
        Whether the joint table was too large to be taken into account as a whole.
    solved
        Linear and whole-number programmes solved.
    """

    low: Ints
    high: Ints
    breaches: tuple[Breach, ...]
    levels: tuple[str, ...]
    limited: bool
    solved: int

    @property
    def safe(self) -> bool:
        """Whether there is no breach."""
        return not self.breaches


def attack(
    system: CellSystem,
    hidden: Bools,
    *,
    threshold: int,
    levels: Collection[str] = LEVELS,
    earlier: Sequence[Published] = (),
    limit: int = LIMIT,
    seconds: float = SECONDS,
) -> Attack:
    """Attack a system of which some cells are hidden.

    Parameters
    ----------
    system
        The cells.
    hidden
        Which are not printed [one a cell]. Impossible ones are known to be 0 in any case.
    threshold
        Fewest survivors in a cell that may be printed.
    levels
        What the reader thinks of; a level left out is left out of the attack.
    earlier
        Releases. Those of other rows (base, area, period) are left to `earlier.differencing`.
    limit
        Most cells of one clique of dimensions.
    seconds
        Longest time for one programme.

    Raises
    ------
    UsageError
        If a level is not known, or ``hidden`` does not have one value a cell.
    DisclosureRefused
        If an earlier release printed another number for the same rows.
    RunFailed
        If time is up: what was not settled by then is never taken for safe.
    """
    for level in levels:
        if level not in LEVELS:
            raise UsageError(f'there is no level "{level}"', where="attack", cure=one_of(level, LEVELS))
    if np.shape(hidden) != (len(system),):
        raise UsageError(
            "what is hidden does not fit the cells", where="attack", cure="Give one value a cell."
        )
    given = tuple(level for level in LEVELS if level in set(levels))
    known = np.asarray(hidden, dtype=np.bool_) & ~system.structural
    attacker = _Attacker(
        system, known, threshold=threshold, levels=given, earlier=earlier, limit=limit, seconds=seconds
    )
    return attacker.attack()


def ranges(
    system: CellSystem,
    hidden: Bools,
    *,
    joint: bool = True,
    whole: bool = True,
    earlier: Sequence[Published] = (),
    limit: int = LIMIT,
    seconds: float = SECONDS,
) -> tuple[Ints, Ints]:
    """Return the exact range of every cell for an outsider [rows]; `MOST` stands for no end.

    Parameters
    ----------
    system, hidden, earlier, limit, seconds
        As for `attack`.
    joint
        Whether one joint table stands behind all tables.
    whole
        Whether rows are whole numbers; if not, the range of fractions is rounded inwards.
    """
    search = Search(
        know(system, hidden, joint=joint, earlier=earlier, limit=limit), system.count, seconds=seconds
    )
    found = np.array([search.range(cell, whole=whole) for cell in range(len(system))], dtype=np.int64)
    return found[:, 0], found[:, 1]


class _Attacker:
    """One attack, from the strongest knowledge down: what holds against it holds against less."""

    def __init__(
        self,
        system: CellSystem,
        hidden: Bools,
        *,
        threshold: int,
        levels: tuple[str, ...],
        earlier: Sequence[Published],
        limit: int,
        seconds: float,
    ) -> None:
        self.system, self.hidden, self.threshold, self.levels = system, hidden, threshold, levels
        self.earlier = tuple(earlier) if "earlier" in levels else ()
        self.limit, self.seconds = limit, seconds
        self.whole = "integer" in levels
        self.searches: dict[tuple[bool, bool], Search] = {}
        self.nothing: Search | None = None
        self.wanted = wanted(system, hidden, threshold=threshold, alone="self" in levels)
        self.careful = [int(cell) for cell in np.flatnonzero(self.wanted.known.any(axis=0))]
        self.low, self.high = system.count.copy(), system.count.copy()
        self.breaches: list[Breach] = []

    def attack(self) -> Attack:
        strongest = self.search(joint="joint" in self.levels, earlier=bool(self.earlier))
        if set(self.levels) == {"span"}:
            self._span_alone()
        else:
            self._all_demands(strongest)
        order = sorted(self.breaches, key=lambda one: (one.cell, one.knower or ()))
        solved = sum(search.solved for search in self.searches.values())
        limited = "joint" in self.levels and not strongest.exact
        return Attack(self.low, self.high, tuple(order), self.levels, limited, solved)

    def search(self, *, joint: bool, earlier: bool) -> Search:
        """Return what fits some part of what is known."""
        if (joint, earlier) not in self.searches:
            releases = self.earlier if earlier else ()
            known = know(self.system, self.hidden, joint=joint, earlier=releases, limit=self.limit)
            if not self.searches:  # the first is the strongest
                self.keys, self.before = known.keys, known.before
            self.searches[joint, earlier] = Search(
                known, self.system.count, careful=self.careful, seconds=self.seconds
            )
        return self.searches[joint, earlier]

    def _all_demands(self, search: Search) -> None:
        """Find a table for every demand, or the proof that there is none."""
        demands, size = self.wanted, len(self.system)
        demands.also(self.system, self.keys[size:], self.before)
        demands.met(search.reduced.start, np.ones(len(demands.known), dtype=np.bool_))
        width = np.array([len(search.reduced.atoms(cell)) for cell in demands.cells])
        order = [(UP, np.argsort(width, kind="stable")), (DOWN, np.argsort(-width, kind="stable"))]
        for settle in (self._for_outsider, self._for_insiders):
            for side, places in order:
                for place in places:
                    settle(search, int(place), side)

    def _for_outsider(self, search: Search, place: int, side: int) -> None:
        """Meet one demand of an outsider; a cell that he finds out about is given away to all."""
        still_open, him = self.wanted.open[place, side, OUTSIDER], np.array([OUTSIDER])
        if not still_open or self._shown(search, place, side, him):
            return
        if side == UP or not self._known_before(place) or not self._shown(search, place, side, him):
            self.wanted.open[place] = False
            self._outsider(search, place)

    def _known_before(self, place: int) -> bool:
        """Say whether earlier releases alone keep a cell from falling to 0; it need then fall no further."""
        if not self.earlier:
            return False
        low, _ = self._unprinted().range(int(self.wanted.cells[place]), whole=self.whole)
        self.wanted.floor[place] = low
        return low > 0

    def _for_insiders(self, search: Search, place: int, side: int) -> None:
        """Meet one demand of all survivors who know a cell: together, or else by halves."""
        still_open = self.wanted.open[place, side]
        waiting = [np.flatnonzero(still_open)]
        while waiting:
            group = waiting.pop()
            readers = group[still_open[group]]
            if not len(readers) or self._shown(search, place, side, readers):
                continue
            if len(readers) == 1:
                self.wanted.open[place, side, readers[0]] = False
                self._insider(search, place, side, int(readers[0]))
            else:
                half = len(readers) // 2
                waiting += [readers[half:], readers[:half]]

    def _possible(self, search: Search, place: int, side: int, reader: int) -> bool:
        """Say whether a demand of one survivor can be met at all."""
        known = np.flatnonzero(self.wanted.known[reader]).tolist()
        low, high = self._limits(place, side)
        return search.move(int(self.wanted.cells[place]), low, high, known, whole=self.whole) is not None

    def _unprinted(self) -> Search:
        """Return what fits if nothing of this release is printed."""
        if self.nothing is None:
            known = know(
                self.system,
                np.ones(len(self.system), dtype=np.bool_),
                joint="joint" in self.levels,
                earlier=self.earlier,
                limit=self.limit,
            )
            self.nothing = Search(known, self.system.count, seconds=self.seconds)
        return self.nothing

    def _limits(self, place: int, side: int) -> tuple[float, float]:
        floor = float(self.wanted.floor[place])
        return (-np.inf, floor) if side == DOWN else (float(self.wanted.reach[place]), np.inf)

    def _shown(self, search: Search, place: int, side: int, readers: Ints) -> bool:
        """Look for a table that meets a demand for some readers together; cross off all that it meets."""
        demands, start = self.wanted, search.reduced.start
        cell, known = int(demands.cells[place]), demands.known[readers].any(axis=0)
        low, high = self._limits(place, side)
        changed = search.move(cell, low, high, np.flatnonzero(known).tolist(), whole=self.whole)
        if changed is None:
            return False
        if not self.whole:
            demands.open[place, side, readers] = False
            return True
        untouched = ~np.asarray(demands.known[:, changed != 0].any(axis=1))
        demands.met(start + changed, untouched)
        size = len(self.system)
        self.low = np.minimum(self.low, (start + changed)[:size])
        self.high = np.maximum(self.high, (start + changed)[:size])
        return True

    # -- breaches -------------------------------------------------------------------------------------

    def _outsider(self, search: Search, place: int) -> None:
        """Write down a cell that anyone finds out about, with the first level at which she does."""
        cell = int(self.wanted.cells[place])
        level, low, high = self._first_level(search, place)
        self.breaches.append(Breach(self.keys[cell], level, low, high))

    def _insider(self, search: Search, place: int, side: int, reader: int) -> None:
        """Write down a cell that one survivor finds out about, unless she knows without what is printed."""
        if not self._possible(self._unprinted(), place, side, reader):
            return
        self.wanted.open[place, :, reader] = False
        cell, hers = int(self.wanted.cells[place]), np.flatnonzero(self.wanted.known[reader])
        low, high = self._range(search, place, hers.tolist())
        self.breaches.append(Breach(self.keys[cell], "self", low, high, self.system.keys[hers[0]]))

    def _first_level(self, search: Search, place: int) -> tuple[str, int, int]:
        cell, size = int(self.wanted.cells[place]), len(self.system)
        if cell < size and "span" in self.levels:
            apart = self.search(joint=False, earlier=False)
            if determined(apart.reduced, [cell])[0]:
                return "span", int(self.system.count[cell]), int(self.system.count[cell])
        steps = {
            "nonnegative": (False, False, False),
            "integer": (False, False, True),
            "joint": (True, False, self.whole),
            "earlier": ("joint" in self.levels, True, self.whole),
        }
        last = next(level for level in reversed(self.levels) if level != "self")
        for level, (joint, earlier, whole) in steps.items():
            if level in self.levels and level != last and (cell < size or earlier):
                found = self._range(self.search(joint=joint, earlier=earlier), place, whole=whole)
                if self._violates(place, *found):
                    return level, *found
        return last, *self._range(search, place)

    def _range(
        self, search: Search, place: int, fixed: Sequence[int] = (), *, whole: bool | None = None
    ) -> tuple[int, int]:
        """Return a range that gives a cell away, of fractions if that is enough to show it."""
        cell = int(self.wanted.cells[place])
        found = search.range(cell, fixed, whole=False)
        if (self.whole if whole is None else whole) and not self._violates(place, *found):
            found = search.range(cell, fixed)
        return found

    def _violates(self, place: int, low: int, high: int) -> bool:
        mine = self.wanted.cells[place] < len(self.system)
        return bool((mine and low > self.wanted.floor[place]) or high < self.wanted.reach[place])

    def _span_alone(self) -> None:
        """Write down sensitive cells that are combinations of printed ones."""
        apart = self.search(joint=False, earlier=False)
        for cell in self.wanted.cells[determined(apart.reduced, self.wanted.cells.tolist())]:
            count = int(self.system.count[cell])
            self.breaches.append(Breach(self.keys[cell], "span", count, count))
