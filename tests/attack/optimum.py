"""The fewest cells that can be hidden, proven from below: it shares no code with the protection.

A pattern is safe if each sensitive cell's range in *whole numbers*, over the joint table of all dimensions
written out in full, contains 0 and reaches the threshold, for an outsider and for every survivor who knows
cells to which she alone contributes. The fewest cells are found from below: a pattern satisfies every
constraint known. While no choice of so many cells does, one more is allowed; the first that no attack breaks
is the fewest. There are three kinds of constraint.

- *Capacity constraints* from the prices of the attacker's programme (Fischetti and Salazar, 2001, Management
  Science 47, 1008-1027, section 4), from fractions of cells first and then from whole choices.
- *Cores*: printed cells, as few as can be, of which one at least must be hidden (from 0 and 1 alone).
- *Bridges* (the same, section 5): where no cell of a sum is sensitive, none of them is hidden alone; it would
  follow from the others, so that showing it gives nothing away.

``benchmarks/protection.py --referee`` compares many sets.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from attacker import CLOSE, Attacker, Question, quiet
from referee import impossible, membership
from scipy import optimize

ENDLESS = 1e5
"""More than any cell can change by."""
SPLITS = 20
"""Ways taken of writing one cell as a sum of others."""


@dataclass(frozen=True)
class Optimum:
    """Fewest hidden cells: at least ``low``, and exactly that many if proven."""

    low: int
    proven: bool


class Fewest:
    """The search for the fewest hidden cells of a system."""

    def __init__(self, system, threshold: int) -> None:
        covers = membership(system)[:, ~impossible(system)]
        self.covers = np.unique(covers, axis=1).astype(float)
        self.count, self.threshold = system.count.astype(float), threshold
        self.sensitive = (system.people < threshold) & ~system.structural
        self.attacker = Attacker(self.covers, self.count, self.sensitive, system.structural)
        self.open = self.attacker.open
        self.asked = [one for one in self._questions(system) if one.need > 0]
        self.tables = [self.count]
        self.draw = np.random.default_rng(0)
        self.bridges = list(self._bridges(system))

    def _questions(self, system) -> Iterator[Question]:
        """Cell, side and the cells that are known, outsiders first."""
        owner = np.where(self.sensitive, system.owner, -1)
        inside = membership(system).astype(bool)
        for reader in (-1, *np.unique(owner[owner >= 0])):
            hers = np.flatnonzero(owner == reader) if reader >= 0 else np.zeros(0, dtype=int)
            for cell in np.flatnonzero(self.sensitive):
                if any((inside[cell] <= inside[own]).all() for own in hers):
                    continue
                if not any((inside[own] <= inside[cell]).all() for own in hers):
                    yield Question(int(cell), -1, hers, self.count[cell])
                yield Question(int(cell), 1, hers, self.threshold - self.count[cell])

    def _bridges(self, system) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Columns and factors of constraints: a cell of a sum is not hidden unless another of it is."""
        place = {int(cell): number for number, cell in enumerate(self.open)}
        for whole, parts in sums(system):
            cells = [whole, *parts]
            if self.sensitive[cells].any():
                continue
            live = [place[cell] for cell in cells if cell in place]
            for one in live:
                others = [cell for cell in live if cell != one]
                yield np.array([one, *others]), np.array([-1.0, *np.ones(len(others))])

    def safe(self, hidden: np.ndarray) -> bool:
        """Whether a pattern withstands every attack."""
        chosen = hidden[self.open].astype(float)
        return all(self._stopped(asked, chosen) is None for asked in self.asked)

    def prove(self, found: int, seconds: float) -> Optimum:
        """Return the fewest, given a safe pattern of ``found`` cells and so many seconds of the processor."""
        end, fixed = time.process_time() + seconds, int(self.sensitive.sum())
        choice = _Choice(len(self.open), self.bridges)
        low = fixed + math.ceil(self._relaxed(choice, end) - 1e-4)
        while low < found and (left := end - time.process_time()) > 0:
            none, chosen = choice.within(low - fixed, left)
            if none:
                low += 1
            elif chosen is None:
                break
            elif not self._tell(choice, chosen, end) and time.process_time() < end:
                return Optimum(low, proven=True)
        return Optimum(min(low, found), proven=low >= found)

    def _relaxed(self, choice: _Choice, end: float) -> float:
        """Add the constraints that fractions of cells break; return the bound that they give."""
        bound, chosen, active = 0.0, np.zeros(len(self.open)), self.asked
        while active and time.process_time() < end:
            broken = []
            for asked in active:
                capacity = self.attacker.push(asked, chosen, asked.need)[1]
                if capacity is not None and capacity @ chosen < 1 - 1e-4 and choice.add(capacity):
                    broken.append(asked)
            if broken:
                bound, chosen = choice.relaxed()
            elif len(active) == len(self.asked):
                break
            active = broken or self.asked
        return bound

    def _tell(self, choice: _Choice, chosen: np.ndarray, end: float) -> int:
        """Add the constraints that a choice breaks; return how many, 0 if it is safe."""
        news = 0
        for number in self.draw.permutation(len(self.asked)):
            asked = self.asked[number]
            capacity = self._stopped(asked, chosen)
            if capacity is None:
                continue
            news += choice.add(capacity)
            if (capacity != 1.0 - chosen).any():
                order = np.argsort(choice.often + self.draw.random(len(chosen)))
                core = np.zeros(len(chosen))
                core[self.attacker.core(asked, chosen, order)] = 1.0
                choice.often += core
                news += choice.add(core)
            if time.process_time() > end:
                break
        return news

    def _stopped(self, asked: Question, chosen: np.ndarray) -> np.ndarray | None:
        """Return a constraint that a choice of whole cells breaks, or None if it meets a question."""
        if self._seen(asked, chosen):
            return None
        table, capacity = self.attacker.push(asked, chosen)
        if table is None:
            return capacity
        if np.abs(table - np.rint(table)).max() >= CLOSE:
            table = self._in_whole_numbers(asked, chosen)
        if table is None:
            return 1.0 - chosen
        self.tables.append(np.rint(self.covers @ np.rint(table)))
        return None

    def _seen(self, asked: Question, chosen: np.ndarray) -> bool:
        shown = np.concatenate([self.open[chosen < 0.5], asked.known])
        for table in self.tables:
            good = table[asked.cell] == 0 if asked.side < 0 else table[asked.cell] >= self.threshold
            if good and (table[shown] == self.count[shown]).all():
                return True
        return False

    def _in_whole_numbers(self, asked: Question, chosen: np.ndarray) -> np.ndarray | None:
        fixed = np.concatenate([self.open[chosen < 0.5], asked.known])
        goal = (0, 0) if asked.side < 0 else (self.threshold, np.inf)
        found = optimize.milp(
            np.zeros(self.covers.shape[1]),
            constraints=[
                optimize.LinearConstraint(self.covers[fixed], self.count[fixed], self.count[fixed]),
                optimize.LinearConstraint(self.covers[[asked.cell]], *goal),
            ],
            integrality=np.ones(self.covers.shape[1]),
        )
        return found.x if found.status == 0 else None


class _Choice:
    """Choices of few cells that satisfy every constraint known.

    Attributes
    ----------
    often
        In how many cores each cell is.
    """

    def __init__(self, width: int, bridges: list[tuple[np.ndarray, np.ndarray]]) -> None:
        self.width, self.seen = width, set()
        self.often = np.zeros(width)
        self.engine = quiet()
        self.every = np.arange(width, dtype=np.int32)
        self.engine.addVars(width, np.zeros(width), np.ones(width))
        self.engine.changeColsCost(width, self.every, np.ones(width))
        for columns, factors in bridges:
            self.engine.addRow(0.0, highspy.kHighsInf, len(columns), columns.astype(np.int32), factors)

    def add(self, capacity: np.ndarray) -> bool:
        """Take in a constraint; say whether it is new."""
        mark = np.round(capacity, 6).tobytes()
        if mark in self.seen:
            return False
        self.seen.add(mark)
        columns = np.flatnonzero(capacity > 1e-7).astype(np.int32)
        self.engine.addRow(1 - 1e-7, highspy.kHighsInf, len(columns), columns, capacity[columns])
        return True

    def relaxed(self) -> tuple[float, np.ndarray]:
        """Return the least sum of fractions of cells, and these."""
        self.engine.run()
        values = np.array(self.engine.getSolution().col_value)
        values = np.where(values < CLOSE, 0.0, np.where(values > 1 - CLOSE, 1.0, values))
        return float(self.engine.getInfo().objective_function_value), values

    def within(self, cells: int, seconds: float) -> tuple[bool, np.ndarray | None]:
        """Return whether it is proven that no choice has so few cells, and one that has if it was found."""
        engine = quiet()
        engine.passModel(self.engine.getLp())
        engine.changeColsIntegrality(
            self.width, self.every, np.full(self.width, highspy.HighsVarType.kInteger)
        )
        engine.addRow(0.0, float(cells), self.width, self.every, np.ones(self.width))
        engine.setOptionValue("time_limit", max(seconds, 0.1))
        engine.setOptionValue("mip_max_improving_sols", 1)
        engine.run()
        if engine.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return True, None
        found = engine.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return False, (np.array(engine.getSolution().col_value) > 0.5).astype(float) if found else None


def sums(system) -> Iterator[tuple[int, list[int]]]:
    """Every cell as a sum of others of the system along one dimension, in up to `SPLITS` ways."""
    place = {key: number for number, key in enumerate(system.keys)}
    for key, cell in place.items():
        for name, dimension in system.dimensions.items():
            node = dict(key).get(name)
            whole = set(dimension.covers(node)) if node else set(dimension.leaves)
            pool = []
            for other in (*dimension.leaves, *dimension.groups):
                beside = place.get(tuple(sorted({**dict(key), name: other}.items())))
                if beside is not None and set(dimension.covers(other)) < whole:
                    pool.append((set(dimension.covers(other)), beside))
            for _, parts in zip(range(SPLITS), _splits(whole, pool), strict=False):
                yield cell, parts


def _splits(whole: set[str], pool: list[tuple[set[str], int]]) -> Iterator[list[int]]:
    if not whole:
        yield []
        return
    first = min(whole)
    for leaves, cell in pool:
        if first in leaves and leaves <= whole:
            for rest in _splits(whole - leaves, pool):
                yield [cell, *rest]
