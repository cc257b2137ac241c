"""Programmes: exact, hot, and never "safe" because time was up."""

from __future__ import annotations

import highspy
import numpy as np
import pytest
from scipy import optimize, sparse

from analysis.disclosure.solving.solver import INFINITY, Programme
from analysis.errors import RunFailed


def some(seed: int, *, whole: bool) -> tuple[Programme, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    matrix = (draw.random((5, 12)) < 0.4).astype(float)
    sums = matrix @ draw.integers(0, 6, 12)
    return Programme(sparse.csr_array(matrix), (sums, sums), primal=bool(seed % 2), whole=whole), matrix, sums


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("whole", [False, True])
def test_hot_solutions_are_those_of_another_solver(seed, whole):
    """Objective after objective, and with a row more or a bound less, the optimum is that of scipy."""
    programme, matrix, sums = some(seed, whole=whole)
    draw = np.random.default_rng(seed)
    for _ in range(6):
        cost, column = draw.integers(0, 9, 12).astype(float), int(draw.integers(12))
        programme.costs(range(12), cost)
        programme.add_row(0, 3, [column], [1])
        found = programme.solve()
        programme.drop_row()
        programme.bound_rows([0], [sums[0]], [sums[0]])
        bounds = optimize.Bounds(0, np.where(np.arange(12) == column, 3, np.inf))
        limits = optimize.LinearConstraint(matrix, sums, sums)
        other = optimize.milp(cost, constraints=limits, bounds=bounds, integrality=np.full(12, int(whole)))
        assert (found is None) == (not other.success)
        if found is not None:
            assert found.objective == pytest.approx(other.fun)
            assert found.values @ cost == pytest.approx(other.fun)
            assert found.whole or not whole


def test_nothing_feasible_is_proof_and_no_limit_is_told():
    """An empty set gives None; a cost that can fall for ever gives a feasible point and minus infinity."""
    programme = Programme(sparse.csr_array(np.array([[1.0, -1.0]])), ([2], [2]), cost=[-1, 0])
    found = programme.solve()
    assert found is not None
    assert found.objective == -INFINITY
    assert found.values[0] - found.values[1] == pytest.approx(2)
    programme.bound([0], [0], [1])
    assert programme.solve() is None
    programme.bound([0], [0], [5])
    assert programme.solve().objective == pytest.approx(-5)


def test_time_up_is_a_failure_and_not_an_answer():
    """A programme that cannot be solved in its seconds is refused with the cure, not taken for safe."""
    draw = np.random.default_rng(1)
    matrix = draw.integers(1, 10_000, (8, 60)).astype(float)
    sums = matrix @ draw.integers(0, 2, 60)
    programme = Programme(
        sparse.csr_array(matrix), (sums, sums), (np.zeros(60), np.ones(60)), whole=True, seconds=0.01
    )
    with pytest.raises(
        RunFailed, match=r"8 rows and 60 columns: the solver stopped early.*Nothing was released"
    ):
        programme.solve()


def test_a_hot_start_that_leads_nowhere_is_solved_once_more_from_nothing(monkeypatch):
    """And if that leads nowhere either, it fails: it is never taken for a proof."""
    programme, _, _ = some(0, whole=False)
    programme.costs(range(12), np.arange(12.0))
    expected, ran = programme.solve(), programme._ran
    answers = iter([highspy.HighsModelStatus.kUnknown])
    monkeypatch.setattr(programme, "_ran", lambda: next(answers, None) or ran())
    found = programme.solve()
    assert found.objective == pytest.approx(expected.objective)
    monkeypatch.setattr(programme, "_ran", lambda: highspy.HighsModelStatus.kUnknown)
    with pytest.raises(RunFailed):
        programme.solve()
