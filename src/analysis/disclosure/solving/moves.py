"""Tables that differ from the truth in few cells: the cheapest way to bring a cell where it might be.

A move is a whole-number change of atoms that keeps all that is known. The linear programme for the cheapest
one starts from no change at all, which its costs make dual feasible, so that dual simplex needs about as many
steps as the move has atoms. Where a vertex is no whole number, it is rounded some coordinates at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.solving.reduced import Reduced
from analysis.disclosure.solving.solver import INFINITY, Programme, Solution
from analysis.disclosure.solving.vertices import rounded

CAREFUL: Final = 4.0
"""Price of adding a row to an atom that a single survivor knows; elsewhere it costs 1 to 1.1, so that few
vertices tie. Taking rows away is the cheaper the more there are, which makes more vertices whole numbers."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Task = Sequence[tuple[int, float, float]]
"""Cells with the least and most that each may change by."""


class Moves:
    """The cheapest moves under equations.

    Parameters
    ----------
    reduced
        The equations.
    careful
        Cells that moves had better not touch.
    seconds
        Longest time for one programme.
    """

    def __init__(self, reduced: Reduced, careful: Sequence[int] = (), *, seconds: float) -> None:
        self._reduced = reduced
        self._taken = np.flatnonzero(reduced.here > 0)
        signed = [sparse.hstack([one, -one[:, self._taken]]) for one in (reduced.rows, reduced.cells)]
        self._cells = sparse.csr_array(signed[1])
        width = reduced.width + len(self._taken)
        self._top = np.concatenate([np.full(reduced.width, INFINITY), reduced.here[self._taken]])
        price = np.ones(reduced.width)
        for cell in careful:
            price[reduced.atoms(cell)] = CAREFUL
        cost = np.concatenate([price, price[self._taken] / reduced.here[self._taken]])
        cost *= 1 + 0.1 * np.random.default_rng(0).random(width)
        self._programme = Programme(
            sparse.csc_array(signed[0]),
            (reduced.low, reduced.high),
            (np.zeros(width), self._top),
            cost=cost,
            seconds=seconds,
        )

    @property
    def solved(self) -> int:
        """Programmes solved so far."""
        return self._programme.solved

    def find(self, task: Task, *, whole: bool = True) -> tuple[bool, Ints | None]:
        """Return whether a task can be done if rows need not be whole, and a move if one was found.

        Parameters
        ----------
        task
            What cells must change by.
        whole
            Round what is no whole number.
        """
        added, lifted = self._impose(task)
        self._programme.forget()
        found = self._programme.solve()
        step = self._round(found, lifted) if found is not None and whole else None
        if added:
            self._programme.drop_row(added)
        if len(lifted):
            self._programme.bound(lifted, np.zeros(len(lifted)), self._top[lifted])
        return found is not None, step

    def _impose(self, task: Task) -> tuple[int, Ints]:
        """Put limits on cells: rows for sums of atoms, bounds for single atoms that must not change."""
        added, still = 0, [np.zeros(0, dtype=np.int64)]
        for cell, low, high in task:
            inside = slice(self._cells.indptr[cell], self._cells.indptr[cell + 1])
            columns = self._cells.indices[inside]
            if low == high == 0 and len(self._reduced.atoms(cell)) == 1:
                still.append(columns)
            elif len(columns):
                self._programme.add_row(low, high, columns, self._cells.data[inside])
                added += 1
        lifted = np.unique(np.concatenate(still))
        if len(lifted):
            self._programme.bound(lifted, np.zeros(len(lifted)), np.zeros(len(lifted)))
        return added, lifted

    def _round(self, found: Solution, still: Ints) -> Ints | None:
        """Return a move near one that is no whole number, or None if that led nowhere."""
        top = self._top.copy()
        top[still] = 0.0
        values = rounded(self._programme, found, np.zeros(len(top)), top)
        return None if values is None else self._net(values)

    def _net(self, values: Floats) -> Ints:
        whole = np.rint(values).astype(np.int64)
        step: Ints = whole[: self._reduced.width].copy()
        step[self._taken] -= whole[self._reduced.width :]
        return step
