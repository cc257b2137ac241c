"""The fewest cells that can be hidden, proven by scipy: it shares no code with the protection.

A pattern is safe if each sensitive cell's range in *whole numbers*, over the joint table of all dimensions
written out in full, contains 0 and reaches the threshold, for an outsider and for every survivor who knows
cells to which she alone contributes. The fewest cells are found from below: a pattern satisfies every
capacity constraint known (Fischetti and Salazar, 2001, Management Science 47, 1008-1027), and is optimal as
soon as no attack breaks it. ``benchmarks/protection.py --referee`` compares many sets.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
from referee import impossible, membership
from scipy import optimize, sparse

CLOSE = 1e-6
ENDLESS = 1e5
"""More than any cell can change by."""


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
        self.open = np.flatnonzero(~self.sensitive & ~system.structural)
        self.asked = list(self._demands(system))
        self.cuts: list[np.ndarray] = []
        self.tables = [self.count]

    def _demands(self, system):
        """Cell, side and the cells that are known, outsiders first."""
        owner = np.where(self.sensitive, system.owner, -1)
        inside = membership(system).astype(bool)
        for reader in (-1, *np.unique(owner[owner >= 0])):
            hers = np.flatnonzero(owner == reader) if reader >= 0 else np.zeros(0, dtype=int)
            for cell in np.flatnonzero(self.sensitive):
                if any((inside[cell] <= inside[own]).all() for own in hers):
                    continue
                if not any((inside[own] <= inside[cell]).all() for own in hers):
                    yield int(cell), -1, hers
                yield int(cell), 1, hers

    def safe(self, hidden: np.ndarray) -> bool:
        """Whether a pattern withstands every attack."""
        chosen = hidden[self.open].astype(float)
        return all(self._broken(demand, chosen) is None for demand in self.asked)

    def prove(self, found: int, seconds: float) -> Optimum:
        """Return the fewest, given a safe pattern of ``found`` cells."""
        start, low, fixed = time.monotonic(), int(self.sensitive.sum()), int(self.sensitive.sum())
        self._relaxed(start + seconds / 3)
        while time.monotonic() - start < seconds:
            chosen, bound, solved = self._cheapest(start + seconds - time.monotonic())
            low = max(low, fixed + math.ceil(bound - CLOSE))
            if low >= found:
                return Optimum(found, proven=True)
            if not solved:
                break
            news = 0
            for demand in self.asked:
                cut = self._broken(demand, chosen)
                if cut is not None:
                    self.cuts.append(cut)
                    news += 1
                if news >= 12 or time.monotonic() - start > seconds:
                    break
            if not news and time.monotonic() - start <= seconds:
                return Optimum(fixed + int(chosen.sum()), proven=True)
        return Optimum(low, proven=False)

    def _relaxed(self, until: float) -> None:
        """Collect constraints from fractions of cells: fast, and most of what is needed."""
        chosen, active = np.zeros(len(self.open)), self.asked
        while active and time.monotonic() < until:
            broken = []
            for demand in active:
                cut = self._broken(demand, chosen)
                if cut is not None and cut @ chosen < 1 - 1e-4:
                    self.cuts.append(cut)
                    broken.append(demand)
                if time.monotonic() > until:
                    return
            if broken:
                table = sparse.csr_array(np.array(self.cuts))
                need = -np.ones(len(self.cuts))
                found = optimize.linprog(np.ones(len(self.open)), -table, need, bounds=(0, 1), method="highs")
                chosen = np.where(found.x < CLOSE, 0.0, np.minimum(found.x, 1.0))
            elif len(active) == len(self.asked):
                return
            active = broken or self.asked

    def _cheapest(self, seconds: float) -> tuple[np.ndarray, float, bool]:
        """Return the smallest choice that satisfies every constraint, and a bound on all."""
        width = len(self.open)
        if not self.cuts:
            return np.zeros(width), 0.0, True
        found = optimize.milp(
            np.ones(width),
            constraints=optimize.LinearConstraint(sparse.csr_array(np.array(self.cuts)), 1 - 1e-9, np.inf),
            bounds=optimize.Bounds(0, 1),
            integrality=np.ones(width),
            options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 0.0},
        )
        bound = found.mip_dual_bound if found.mip_dual_bound is not None else 0.0
        if found.x is None:
            return np.ones(width), bound, False
        return (found.x > 0.5).astype(float), bound, found.status == 0

    def _broken(self, demand, chosen: np.ndarray) -> np.ndarray | None:
        """Return a constraint that a choice breaks, or None if the demand is met in whole numbers."""
        cell, side, _ = demand
        whole = bool(np.isin(chosen, (0.0, 1.0)).all())
        if whole and self._seen(demand, chosen):
            return None
        need = self.count[cell] if side < 0 else self.threshold - self.count[cell]
        if need <= 0:
            return None
        found, cut = self._push(demand, chosen, need)
        if cut is not None or not whole:
            return cut
        table = (
            found if np.abs(found - np.rint(found)).max() < CLOSE else self._in_whole_numbers(demand, chosen)
        )
        if table is None:
            return 1.0 - chosen
        self.tables.append(np.rint(self.covers @ np.rint(table)))
        return None

    def _seen(self, demand, chosen: np.ndarray) -> bool:
        cell, side, hers = demand
        shown = self.open[chosen < 0.5]
        for table in self.tables:
            good = table[cell] == 0 if side < 0 else table[cell] >= self.threshold
            if good and (table[shown] == self.count[shown]).all() and (table[hers] == self.count[hers]).all():
                return True
        return False

    def _push(self, demand, chosen: np.ndarray, need: float):
        """Push a cell as far as it goes; return the table, and the constraint of its prices if short."""
        cell, side, hers = demand
        rows, count = self.covers[self.open], self.count[self.open]
        whole = np.isin(chosen, (0.0, 1.0)).all()
        up = np.where(chosen > 0, ENDLESS, 0.0) if whole else need * chosen
        down = count if whole else np.minimum(count, need)
        limits = np.concatenate([rows, -rows, side * self.covers[[cell]]])
        most = np.concatenate([count + up, down * chosen - count, [side * self.count[cell] + need]])
        found = optimize.linprog(
            -side * self.covers[cell],
            limits,
            most,
            self.covers[hers] if len(hers) else None,
            self.count[hers] if len(hers) else None,
            method="highs",
        )
        assert found.status == 0
        reached = -found.fun - side * self.count[cell]
        if reached >= need - CLOSE:
            return found.x, None
        width = len(self.open)
        up_price, down_price = np.split(-found.ineqlin.marginals[: 2 * width], 2)
        given = reached - up_price @ up - down_price @ (down * chosen)
        missing = need - given
        gain = np.where(up_price > CLOSE, missing, np.minimum(down_price * count, missing))
        return None, gain / missing

    def _in_whole_numbers(self, demand, chosen: np.ndarray) -> np.ndarray | None:
        cell, side, hers = demand
        fixed = np.concatenate([self.open[chosen < 0.5], hers])
        goal = (0, 0) if side < 0 else (self.threshold, np.inf)
        found = optimize.milp(
            np.zeros(self.covers.shape[1]),
            constraints=[
                optimize.LinearConstraint(self.covers[fixed], self.count[fixed], self.count[fixed]),
                optimize.LinearConstraint(self.covers[[cell]], *goal),
            ],
            integrality=np.ones(self.covers.shape[1]),
        )
        return found.x if found.status == 0 else None
