"""The attacker's linear programme over the joint table, kept hot: how far a cell goes, and what stops it.

Written for the referee alone; it shares no code with the protection or the attack.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

CLOSE = 1e-6
ENDLESS = highspy.kHighsInf


@dataclass(frozen=True)
class Question:
    """What must be possible: a cell goes down to 0 or up by what is missing, some cells known."""

    cell: int
    side: int
    known: np.ndarray
    need: float


class Attacker:
    """Pushes one cell after another; complements are open in full, in part or not at all.

    Parameters
    ----------
    covers
        Which joint cells make each cell [cells × joint cells].
    count
        Rows in each cell.
    free, never
        Cells that are hidden in any case, and cells that everyone knows to be empty.
    """

    def __init__(self, covers: np.ndarray, count: np.ndarray, free: np.ndarray, never: np.ndarray) -> None:
        self.covers, self.count = covers, count
        self.open = np.flatnonzero(~free & ~never)
        self.low = np.where(free, 0.0, count)
        self.high = np.where(free, ENDLESS, count)
        self.engine = quiet()
        self.engine.setOptionValue("presolve", "off")
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = covers.shape
        lp.col_cost_ = np.zeros(lp.num_col_)
        lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.full(lp.num_col_, ENDLESS)
        lp.row_lower_, lp.row_upper_ = self.low, self.high
        table = sparse.csc_array(covers)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = table.indptr.astype(np.int32)
        lp.a_matrix_.index_ = table.indices.astype(np.int32)
        lp.a_matrix_.value_ = table.data.astype(float)
        self.engine.passModel(lp)

    def push(
        self, asked: Question, chosen: np.ndarray, reach: float = ENDLESS
    ) -> tuple[np.ndarray | None, np.ndarray | None]:
        """Push a cell as far as what is hidden lets it go.

        Parameters
        ----------
        asked
            What must be possible.
        chosen
            How far each cell of ``open`` is hidden [0 to 1].
        reach
            How far one that is hidden in part may rise at most, times its part [rows].

        Returns
        -------
        table, capacity
            A joint table that meets the question; or what each cell of ``open`` gives if hidden, as a share
            of what is missing: hidden ones must come to 1 (Fischetti and Salazar, 2001, section 4).
        """
        count = self.count[self.open]
        down = np.minimum(count, reach) * chosen
        up = np.where(chosen > 0, np.minimum(reach, 1e30) * chosen, 0.0)
        whole = chosen >= 1
        down[whole], up[whole] = count[whole], ENDLESS
        low, high = self.low.copy(), self.high.copy()
        low[self.open], high[self.open] = count - down, count + up
        low[asked.known] = high[asked.known] = self.count[asked.known]
        if asked.side > 0:
            high[asked.cell] = min(high[asked.cell], self.count[asked.cell] + asked.need)
        rows, columns = (np.arange(size, dtype=np.int32) for size in self.covers.shape)
        self.engine.changeRowsBounds(len(rows), rows, low, high)
        self.engine.changeColsCost(len(columns), columns, -asked.side * self.covers[asked.cell])
        self.engine.run()
        assert self.engine.getModelStatus() == highspy.HighsModelStatus.kOptimal
        reached = -self.engine.getInfo().objective_function_value - asked.side * self.count[asked.cell]
        found = self.engine.getSolution()
        if reached >= asked.need - CLOSE:
            return np.array(found.col_value), None
        price = np.array(found.row_dual)[self.open]
        above, below = np.maximum(-price, 0.0), np.maximum(price, 0.0)
        missing = asked.need - reached + above[~whole] @ up[~whole] + below @ down
        gain = np.where(above > CLOSE, missing, np.minimum(below * count, missing))
        return None, gain / missing

    def core(self, asked: Question, chosen: np.ndarray, order: np.ndarray) -> np.ndarray:
        """Return few printed cells of which one must be hidden: any more hidden, and the rest would do.

        Parameters
        ----------
        asked, chosen
            A question that a choice, 0 or 1 a cell, does not meet.
        order
            In which cells are tried.
        """
        _, capacity = self.push(asked, chosen)
        assert capacity is not None
        wide = np.where(capacity > CLOSE, chosen, 1.0)
        for cell in order[wide[order] < 1]:
            if wide[cell] < 1:
                wide[cell] = 1.0
                _, capacity = self.push(asked, wide)
                if capacity is None:
                    wide[cell] = 0.0
                else:
                    wide[capacity <= CLOSE] = 1.0
        return np.flatnonzero(wide < 1)


def quiet() -> highspy.Highs:
    """Return a solver that says nothing and does the same every time."""
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("threads", 1)
    engine.setOptionValue("random_seed", 0)
    return engine
