"""Linear and integer programmes, solved by HiGHS: sparse, silent, the same every time, started hot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from scipy import sparse

from analysis.errors import RunFailed

INFINITY: Final = float("inf")
TOLERANCE: Final = 1e-6
SECONDS: Final = 60.0

Floats = np.ndarray[Any, np.dtype[np.float64]]
Numbers = np.ndarray[Any, np.dtype[Any]] | Sequence[float]

_PRIMAL: Final = 4
_DUAL: Final = 1
_SOLVED: Final = highspy.HighsModelStatus.kOptimal
_REFUSED: Final = highspy.HighsStatus.kError
_LOST: Final = highspy.HighsModelStatus.kUnknown
"""After a hot start that led nowhere: the same programme is then solved from nothing."""
_NONE: Final = highspy.HighsModelStatus.kInfeasible
_ENDLESS: Final = (
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


@dataclass(frozen=True, eq=False)
class Solution:
    """The best that a programme can reach: its objective, and one value a column."""

    objective: float
    values: Floats

    @property
    def whole(self) -> bool:
        """Whether every value is a whole number, within the tolerance of the solver."""
        return bool(np.abs(self.values - np.rint(self.values)).max(initial=0.0) <= TOLERANCE)


class Programme:
    """Minimise ``cost @ x`` subject to ``low <= matrix @ x <= high`` and bounds of x.

    Costs, bounds and rows can be changed between solutions; the next one starts from the last basis.

    Parameters
    ----------
    matrix
        Rows × columns, sparse.
    rows
        Lowest and highest value of each row.
    columns
        Lowest and highest value of each column; left out, 0 and no limit.
    cost
        Of each column; left out, 0.
    whole
        Columns are whole numbers.
    primal
        Start hot by primal simplex, faster by far where only costs change between solutions; otherwise
        by dual simplex, which is so where bounds and rows do.
    seconds
        Longest time for one solution.
    nodes
        Most nodes of a search in whole numbers.
    """

    def __init__(
        self,
        matrix: Any,
        rows: tuple[Numbers, Numbers],
        columns: tuple[Numbers, Numbers] | None = None,
        *,
        cost: Numbers | None = None,
        whole: bool = False,
        primal: bool = False,
        seconds: float = SECONDS,
        nodes: int | None = None,
    ) -> None:
        self.height, self.width = matrix.shape
        self.solved = 0
        self._whole = whole
        engine: Any = highspy.Highs
        self._highs: Any = engine()
        self._set("output_flag", value=False)
        self._set("threads", value=1)
        self._set("random_seed", value=0)
        self._set("presolve", value="on" if whole else "off")
        if not whole:  # objectives change more often than bounds: the last basis then stays feasible
            self._set("simplex_strategy", value=_PRIMAL if primal else _DUAL)
            self._set("simplex_scale_strategy", value=0)
        if nodes is not None:
            self._set("mip_max_nodes", value=nodes)
        self._set("mip_rel_gap", value=0.0)
        self._set("mip_abs_gap", value=0.999 if whole else 1e-6)
        self._seconds = seconds
        low, high = columns if columns is not None else (np.zeros(self.width), np.full(self.width, INFINITY))
        self._pass(
            sparse.csc_array(matrix), rows, (low, high), np.zeros(self.width) if cost is None else cost
        )

    def costs(self, columns: Numbers, cost: Numbers) -> None:
        """Change the costs of some columns."""
        self._taken(self._highs.changeColsCost(len(columns), _whole(columns), _real(cost)))

    def bound(self, columns: Numbers, low: Numbers, high: Numbers) -> None:
        """Change the bounds of some columns."""
        self._taken(self._highs.changeColsBounds(len(columns), _whole(columns), _real(low), _real(high)))

    def bound_rows(self, rows: Numbers, low: Numbers, high: Numbers) -> None:
        """Change the bounds of some rows."""
        self._taken(self._highs.changeRowsBounds(len(rows), _whole(rows), _real(low), _real(high)))

    def add_row(self, low: float, high: float, columns: Numbers, values: Numbers) -> None:
        """Add a row at the end."""
        self._taken(self._highs.addRow(low, high, len(columns), _whole(columns), _real(values)))
        self.height += 1

    def drop_row(self, number: int = 1) -> None:
        """Take the last rows away again."""
        self.height -= number
        gone = np.arange(self.height, self.height + number, dtype=np.int32)
        self._taken(self._highs.deleteRows(number, gone))

    def forget(self) -> None:
        """Start the next solution from nothing, not from the last basis."""
        self._highs.setBasis()

    @property
    def steps(self) -> int:
        """Steps of the simplex method that the last solution took, all nodes together."""
        return max(0, int(self._highs.getInfo().simplex_iteration_count))

    def solve(self) -> Solution | None:
        """Return the best solution, or None if there is proof that nothing is feasible.

        Raises
        ------
        RunFailed
            If the time is up or the solver cannot tell: that nothing was found is never taken for proof.
        """
        self.solved += 1
        self._set("time_limit", value=self._highs.getRunTime() + self._seconds)
        status = self._ran()
        if status == _LOST:
            self._highs.clearSolver()
            status = self._ran()
        if status == _SOLVED:
            values = np.array(self._highs.getSolution().col_value, dtype=np.float64)
            return Solution(float(self._highs.getInfo().objective_function_value), values)
        if status == _NONE:
            return None
        if status in _ENDLESS:
            return self._endless()
        raise self._stopped(status)

    def _taken(self, status: Any) -> None:
        """Stop if the solver did not take a change: it would go on to answer another question."""
        if status == _REFUSED:
            raise RunFailed(
                "the solver refused a change of a programme",
                where=f"programme of {self.height} rows and {self.width} columns",
                cure="Nothing was released. Report this: it is a fault.",
            )

    def _ran(self) -> Any:
        self._highs.run()
        return self._highs.getModelStatus()

    def _stopped(self, status: Any) -> RunFailed:
        return RunFailed(
            f"the solver stopped early ({self._highs.modelStatusToString(status)})",
            where=f"programme of {self.height} rows and {self.width} columns",
            cure="Nothing was released. Declare fewer or coarser tables, or allow more seconds.",
        )

    def _endless(self) -> Solution | None:
        """Tell a programme without limit from one without solution: drop the costs and solve again."""
        costs = np.array(self._highs.getLp().col_cost_, dtype=np.float64)
        every = np.arange(self.width)
        self.costs(every, np.zeros(self.width))
        status = self._ran()
        values = np.array(self._highs.getSolution().col_value, dtype=np.float64)
        self.costs(every, costs)
        if status == _NONE:
            return None
        if status == _SOLVED:
            return Solution(-INFINITY, values)
        raise self._stopped(status)

    def _pass(self, matrix: Any, rows: Any, columns: Any, cost: Any) -> None:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.width, self.height
        lp.col_cost_ = _real(cost)
        lp.col_lower_, lp.col_upper_ = _real(columns[0]), _real(columns[1])
        lp.row_lower_, lp.row_upper_ = _real(rows[0]), _real(rows[1])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
        lp.a_matrix_.value_ = matrix.data.astype(np.float64)
        if self._whole:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * self.width
        self._highs.passModel(lp)

    def _set(self, option: str, *, value: Any) -> None:
        self._highs.setOptionValue(option, value)


def _whole(numbers: Numbers) -> Any:
    return np.ascontiguousarray(numbers, dtype=np.int32)


def _real(numbers: Numbers) -> Floats:
    return np.ascontiguousarray(numbers, dtype=np.float64)
