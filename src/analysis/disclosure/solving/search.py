"""Whether a cell can be what it must be able to be, how far its range goes, and tables that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from analysis.disclosure.solving.knowledge import Knowledge
from analysis.disclosure.solving.moves import Moves, Task
from analysis.disclosure.solving.reduced import Reduced, reduced
from analysis.disclosure.solving.solver import INFINITY, TOLERANCE, Programme
from analysis.errors import RunFailed

SECONDS: Final = 60.0
MOST: Final = 10**9
"""Stands for a range without end."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


class Search:
    """Everything that fits what a reader knows.

    Parameters
    ----------
    knowledge
        The equations.
    count
        Rows in each cell of the system.
    careful
        Cells that a survivor knows who alone contributes to them: moves avoid them where they can.
    seconds
        Longest time for one programme.

    Attributes
    ----------
    reduced
        The equations over what is not settled, with the truth, or a table that fits as well.
    """

    def __init__(
        self, knowledge: Knowledge, count: Ints, *, careful: Sequence[int] = (), seconds: float = SECONDS
    ) -> None:
        self.exact = knowledge.exact
        self.reduced: Reduced = reduced(knowledge, count, seconds=seconds)
        self._careful, self._seconds = careful, seconds
        self._moves: Moves | None = None
        self._linear: Programme | None = None
        self._whole: Programme | None = None

    @property
    def solved(self) -> int:
        """Programmes solved so far."""
        return sum(one.solved for one in (self._moves, self._linear, self._whole) if one is not None)

    def move(
        self, cell: int, low: float, high: float, fixed: Sequence[int] = (), *, whole: bool = True
    ) -> Ints | None:
        """Return how all cells change in a table that fits, one cell between limits and some unchanged.

        Parameters
        ----------
        cell
            Its place among the cells.
        low, high
            Least and most that it may be [rows].
        fixed
            Cells that are as they are in the truth.
        whole
            Rows are whole numbers. If not, what is returned says only that there is such a table.

        Returns
        -------
        ndarray of int
            Change of every cell; None if there is proof that no table fits.

        Raises
        ------
        RunFailed
            If time is up before there is a table or a proof.
        """
        start = float(self.reduced.start[cell])
        if low <= start <= high:
            return np.zeros(len(self.reduced.start), dtype=np.int64)
        if not len(self.reduced.atoms(cell)):
            return None
        task = [(cell, low - start, high - start), *((one, 0.0, 0.0) for one in fixed)]
        if self._moves is None:
            self._moves = Moves(self.reduced, self._careful, seconds=self._seconds)
        found, step = self._moves.find(task, whole=whole)
        if not found:
            return None
        if not whole:
            return np.zeros(len(self.reduced.start), dtype=np.int64)
        if step is None or not self.reduced.fits(step):
            step = self._settled(task)
        return None if step is None else self.reduced.changed(step)

    def range(self, cell: int, fixed: Sequence[int] = (), *, whole: bool = True) -> tuple[int, int]:
        """Return the least and the most that a cell can be, `MOST` if there is no end.

        Parameters
        ----------
        cell, fixed, whole
            As for `move`. If rows need not be whole, the range is rounded inwards.
        """
        if not len(self.reduced.atoms(cell)):
            return int(self.reduced.start[cell]), int(self.reduced.start[cell])
        return self._end(cell, 1.0, fixed, whole=whole), self._end(cell, -1.0, fixed, whole=whole)

    def _end(self, cell: int, sign: float, fixed: Sequence[int], *, whole: bool) -> int:
        if self._linear is None:
            self._linear = self._absolute(whole=False)
        found = self._best(self._linear, cell, sign, fixed)
        if whole and found is not None and not found[1]:
            if self._whole is None:
                self._whole = self._absolute(whole=True)
            found = self._best(self._whole, cell, sign, fixed)
        if found is None:
            raise RunFailed("the truth was lost", where="attack", cure="Report this: it is a fault.")
        if found[0] == -INFINITY:
            return MOST
        near = found[0] - TOLERANCE * max(1.0, abs(found[0]))
        settled = self.reduced.start[cell] - int(self.reduced.here[self.reduced.atoms(cell)].sum())
        return int(settled + (np.ceil(near) if sign > 0 else np.floor(-near)))

    def _best(
        self, programme: Programme, cell: int, sign: float, fixed: Sequence[int]
    ) -> tuple[float, bool] | None:
        """Return the least of a sum of atoms, or of minus it, and whether all atoms are whole numbers."""
        atoms = self.reduced.atoms(cell)
        for one in fixed:
            known = self.reduced.atoms(one)
            if len(known):
                total = float(self.reduced.here[known].sum())
                programme.add_row(total, total, known, np.ones(len(known)))
        added = sum(len(self.reduced.atoms(one)) > 0 for one in fixed)
        programme.costs(atoms, np.full(len(atoms), sign))
        found = programme.solve()
        programme.costs(atoms, np.zeros(len(atoms)))
        if added:
            programme.drop_row(added)
        return None if found is None else (found.objective, found.whole)

    def _absolute(self, *, whole: bool) -> Programme:
        """Return the programme over tables, not changes."""
        here = self.reduced.here
        sums = self.reduced.rows @ here
        limits = (self.reduced.low + sums, self.reduced.high + sums)
        return Programme(self.reduced.rows, limits, whole=whole, primal=not whole, seconds=self._seconds)

    def _settled(self, task: Task) -> Ints | None:
        """Return any whole-number move, or None if there is proof of none."""
        if self._whole is None:
            self._whole = self._absolute(whole=True)
        added = 0
        for cell, low, high in task:
            atoms = self.reduced.atoms(cell)
            if len(atoms):
                total = float(self.reduced.here[atoms].sum())
                self._whole.add_row(low + total, high + total, atoms, np.ones(len(atoms)))
                added += 1
        found = self._whole.solve()
        if added:
            self._whole.drop_row(added)
        if found is None:
            return None
        step: Ints = np.rint(found.values).astype(np.int64) - self.reduced.here
        if not self.reduced.fits(step):
            raise RunFailed(
                "the solver returned a table that does not fit",
                where="attack",
                cure="Nothing was released. Declare fewer or coarser tables.",
            )
        return step
