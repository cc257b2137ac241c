"""Controlled rounding: every printed number a multiple of the base, near the truth, and every sum exact.

Rounded numbers blur each other, so a wide breakdown needs fewer complements, or none. What rounding alone
does not do is hide a small count: a reader who sees 5 to base 5 knows that it is 1 to 9. So sensitive cells
stay under the marker here too, and the others are rounded around them; a hidden cell is bound by no rounding.
What is then printed is attacked with all that a reader knows: each printed cell is less than the base away
from its number, nothing is negative, one joint table stands behind all tables. Where a hidden cell could not
be 0, or not reach the threshold, more cells are hidden.

Not protected: a difference between this and an exact or otherwise rounded release of the same rows. One
lineage has one version (see `analysis.disclosure.ledger`).

References
----------
Cox LH (1987). A constructive procedure for unbiased controlled rounding. JASA 82, 520-524. Kelly JP, Golden
BL, Assad AA (1990). Using simulated annealing to solve controlled rounding problems. ORSA Journal on
Computing 2, 174-185 (three-way tables without zero-restricted rounding). Salazar-González JJ (2005). A
unified mathematical programming framework for different statistical disclosure limitation methods. Operations
Research 53, 819-829. Hundepool A and others (2012). Statistical Disclosure Control. Wiley, section 5.4.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.cells import CellSystem
from analysis.disclosure.protect import costs
from analysis.disclosure.solving.alternatives import Alternatives, Blurred, touched
from analysis.disclosure.solving.behind import behind
from analysis.disclosure.solving.complements import hopeless
from analysis.disclosure.solving.demands import Cover, Demands, Pool, demands
from analysis.disclosure.solving.knowledge import know
from analysis.disclosure.solving.solver import INFINITY, Programme
from analysis.disclosure.solving.wanted import OUTSIDER
from analysis.errors import RunFailed, UsageError

FARTHER: Final = 1_000
"""Price of a step of the base beyond what is nearest: far above all rounding."""

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Rounding:
    """A rounded system.

    Attributes
    ----------
    printed
        Multiple of the base in print [rows per cell]; -1 where hidden.
    hidden
        Cells under the marker.
    base
        Of the rounding [rows].
    relaxed
        Cells that had to be moved though they were multiples, or by the base or more. None, if a
        zero-restricted rounding exists.
    """

    printed: Ints
    hidden: Bools
    base: int
    relaxed: Ints


def controlled_rounding(system: CellSystem, *, base: int = 5, threshold: int | None = None) -> Rounding:
    """Round all tables of a base at once.

    Parameters
    ----------
    system
        All tables of one base.
    base
        Of which every printed number is a multiple [rows].
    threshold
        Cells of fewer survivors are hidden, and protected; left out, every cell is rounded and none hidden,
        which protects none of them.

    Returns
    -------
    Rounding
        Multiples stay as they are and others move to the multiple below or above, if that can be; if not, as
        few steps farther as possible.

    Raises
    ------
    UsageError
        If the base is less than 2.
    DisclosureRefused
        If nothing protects a cell.
    """
    if base < 2:
        raise UsageError(f"the base of rounding is {base}", where="rounding", cure="Give 2 or more.")
    if threshold is None:
        return _rounded(system, np.zeros(len(system), dtype=np.bool_), base)
    wanted = demands(system, behind(system), threshold)
    alternatives = Alternatives(wanted, costs(system, threshold))
    hidden = system.sensitive(threshold)
    while True:
        found = _rounded(system, hidden, base)
        wider = _protected(found, wanted, alternatives)
        if (wider == hidden).all():
            return found
        hidden = wider


def _protected(rounding: Rounding, wanted: Demands, alternatives: Alternatives) -> Bools:
    """Return the cells to hide so that no reader of a rounding, and no contributor, finds out too much."""
    system, hidden = wanted.system, rounding.hidden.copy()
    pool = Pool(wanted, np.zeros(len(system), dtype=np.int64))
    every = np.ones(len(system), dtype=np.bool_)
    cover = Cover(pool, every)
    blurred = Blurred(wanted, alternatives.candidates)
    blurred.print(rounding.printed, hidden, _slack(rounding, system))
    while len(unmet := cover.unmet()):
        demand = (int(unmet[0][0]), int(unmet[0][1]), int(unmet[0][2]))
        exact = alternatives.find(demand, hidden)
        more = [] if exact is None else touched(wanted, exact, hidden).tolist()
        change = exact if exact is not None and not more else blurred.find(demand)
        if change is None and exact is None:
            if demand[2] == OUTSIDER:
                raise hopeless(system, int(wanted.cells[demand[0]]))
            wanted.open[demand] = False
            continue
        if change is None:
            hidden[more] = True
            blurred.print(rounding.printed, hidden, _slack(rounding, system))
            continue
        pool.add(change)
        cover.extend()
    return hidden


def _slack(rounding: Rounding, system: CellSystem) -> Ints:
    """Return how far from its number each printed cell may be, as a reader must take it [rows]."""
    away = np.abs(rounding.printed - system.count)
    return np.where(system.structural, 0, np.maximum(rounding.base - 1, away))


def _rounded(system: CellSystem, hidden: Bools, base: int) -> Rounding:
    """Return the nearest rounding in which every sum holds; hidden cells are bound by nothing."""
    known = know(system, np.ones(len(system), dtype=np.bool_), joint=False)
    shown = np.flatnonzero(~hidden & ~system.structural)
    count = system.count[shown]
    low, rest = count // base, count % base
    high = low + (rest > 0)
    cells = known.cells[shown]
    agree = known.space.agreement()
    none = np.zeros(agree.shape[0])
    rows = (np.concatenate([low, none]), np.concatenate([high, none]))
    never = known.empty | np.asarray(known.cells[np.flatnonzero(system.structural)].sum(axis=0) > 0).reshape(
        -1
    )
    top = np.where(never, 0.0, INFINITY)
    cost = cells.T @ np.where(rest > 0, base - 2.0 * rest, 0.0)
    bounds = (np.zeros(len(top)), top)
    matrix = sparse.vstack([cells, agree])
    found = Programme(matrix, rows, bounds, cost=cost, whole=True).solve()
    if found is None:
        price = np.where(rest > 0, 2.0 * FARTHER, FARTHER)
        found = _farther(matrix, rows, bounds, cost, price)
    printed = np.full(len(system), -1, dtype=np.int64)
    printed[shown] = base * np.rint(cells @ found.values[: len(top)])
    printed[system.structural & ~hidden] = 0
    moved = (np.abs(printed[shown] - count) >= base) | ((rest == 0) & (printed[shown] != count))
    return Rounding(printed, hidden.copy(), base, shown[moved])


def _farther(matrix: Any, rows: Any, bounds: Any, cost: Any, price: Any) -> Any:
    """Let cells move farther than to the nearest multiples, at a price a step."""
    width, other = len(price), matrix.shape[0] - len(price)
    steps = sparse.vstack([sparse.eye_array(width), sparse.csr_array((other, width))])
    found = Programme(
        sparse.hstack([matrix, steps, -steps]),
        rows,
        (
            np.concatenate([bounds[0], np.zeros(2 * width)]),
            np.concatenate([bounds[1], np.full(2 * width, INFINITY)]),
        ),
        cost=np.concatenate([cost, price, price]),
        whole=True,
    ).solve()
    if found is None:
        raise RunFailed("no rounding was found", where="rounding", cure="Report this: it is a fault.")
    return found
