"""Referees that share no code with the attack: every table counted out, and scipy's programmes.

Both write the joint table over all leaves of all dimensions out in full. They read a system's declarations
and counts, and nothing that the attack makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import optimize

from analysis.disclosure.cells import TOTAL, CellSystem


def membership(system: CellSystem) -> np.ndarray:
    """Which joint cells each cell covers [cells × joint cells, 0 or 1]."""
    rows = []
    for key in system.keys:
        inside = dict(key)
        grid = np.ones((1,), dtype=int)
        for name, dimension in system.dimensions.items():
            covered = dimension.covers(inside.get(name, TOTAL))
            grid = np.multiply.outer(
                grid, np.array([leaf in covered for leaf in dimension.leaves], dtype=int)
            )
        rows.append(grid.ravel())
    return np.array(rows)


def impossible(system: CellSystem) -> np.ndarray:
    """Joint cells that are declared impossible [one a joint cell]."""
    out = np.zeros([len(one.leaves) for one in system.dimensions.values()], dtype=bool)
    for key in system.impossible:
        inside = dict(key)
        covers = [
            [leaf in dimension.covers(inside.get(name, TOTAL)) for leaf in dimension.leaves]
            for name, dimension in system.dimensions.items()
        ]
        out[np.ix_(*map(np.array, covers))] = True
    return out.ravel()


def fitting(system: CellSystem, hidden: np.ndarray) -> np.ndarray:
    """Cells of every whole-number joint table that fits what is printed [distinct tables × cells].

    The number of rows must be printed, so that there are finitely many.
    """
    covers = membership(system)
    printed = ~(hidden & ~system.structural)
    assert printed[system.index(())]
    limits = system.count[printed]
    found = {tuple(covers @ table) for table in _tables(covers[printed], limits, ~impossible(system))}
    return np.array(sorted(found))


def _tables(covers: np.ndarray, sums: np.ndarray, free: np.ndarray) -> Iterator[np.ndarray]:
    """Count out tables: one joint cell after another, as long as no sum is too large or out of reach."""
    width = covers.shape[1]
    last = np.array([np.flatnonzero(row & free).max(initial=-1) for row in covers])
    table = np.zeros(width, dtype=int)

    def place(at: int, left: np.ndarray) -> Iterator[np.ndarray]:
        if (left[last < at] != 0).any():
            return
        if at == width:
            yield table.copy()
            return
        inside = covers[:, at] == 1
        most = int(left[inside].min()) if free[at] else 0
        for value in range(most + 1):
            table[at] = value
            yield from place(at + 1, left - value * inside)
        table[at] = 0

    yield from place(0, sums.astype(int))


def unsafe(system: CellSystem, hidden: np.ndarray, threshold: int) -> set[tuple[int, int]]:
    """Sensitive cells that are given away, with a cell of the survivor who finds out; -1 for an outsider."""
    tables, covers = fitting(system, hidden), membership(system).astype(bool)
    shape = tuple(len(one.leaves) for one in system.dimensions.values())
    sensitive = (system.people < threshold) & ~system.structural
    owner = np.where(sensitive & hidden, system.owner, -1)
    outsider = {
        (int(cell), -1)
        for cell in np.flatnonzero(sensitive)
        if tables[:, cell].min() > 0 or tables[:, cell].max() < threshold
    }
    found = set(outsider)
    for reader in np.unique(owner[owner >= 0]):
        hers = np.flatnonzero(owner == reader)
        own_rows = np.ravel_multi_index(system.joint.codes[system.joint.owner == reader].T, shape)
        seen = tables[(tables[:, hers] == system.count[hers]).all(axis=1)]
        for cell in np.flatnonzero(sensitive):
            if (int(cell), -1) in outsider or not _besides(system, covers, cell, hers):
                continue
            holds = covers[cell][own_rows].any()
            low, high = seen[:, cell].min(), seen[:, cell].max()
            if (low > 0 and not holds) or high < threshold:
                found.add((int(cell), int(hers[0])))
    return found


def _besides(system: CellSystem, covers: np.ndarray, cell: int, hers: np.ndarray) -> bool:
    """Whether anybody can be in a cell who is in none of a survivor's own; else she knows it all."""
    return bool((covers[cell] & ~covers[hers].any(axis=0) & ~impossible(system)).any())


def still_safe(system: CellSystem, hidden: np.ndarray, threshold: int) -> bool:
    """Whether nothing is given away to an outsider or a survivor who knows a cell alone, by scipy."""
    covers = membership(system).astype(bool)
    shape = tuple(len(one.leaves) for one in system.dimensions.values())
    sensitive = np.flatnonzero((system.people < threshold) & ~system.structural)
    low, high = exact_ranges(system, hidden, sensitive)
    if (low > 0).any() or (high < threshold).any():
        return False
    owner = np.where(hidden, system.owner, -1)
    for reader in np.unique(owner[owner >= 0]):
        hers = np.flatnonzero(owner == reader)
        rows = np.ravel_multi_index(system.joint.codes[system.joint.owner == reader].T, shape)
        others = [cell for cell in sensitive if _besides(system, covers, cell, hers)]
        low, high = exact_ranges(system, hidden, np.array(others), known=hers)
        holds = covers[others][:, rows].any(axis=1)
        if ((low > 0) & ~holds).any() or (high < threshold).any():
            return False
    return True


def exact_ranges(
    system: CellSystem,
    hidden: np.ndarray,
    cells: np.ndarray,
    *,
    whole: bool = True,
    known: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Least and most of some cells over all joint tables, by scipy; infinite where nothing ends it."""
    covers = membership(system)
    printed = ~(hidden & ~system.structural)
    printed[[] if known is None else known] = True
    limits = optimize.LinearConstraint(covers[printed], system.count[printed], system.count[printed])
    bounds = optimize.Bounds(0, np.where(impossible(system), 0, np.inf))
    kind = np.full(covers.shape[1], int(whole))
    ends = []
    for sign in (1, -1):
        for cell in cells:
            solved = optimize.milp(
                sign * covers[cell],
                constraints=limits,
                bounds=bounds,
                integrality=kind,
                options={"mip_rel_gap": 0},
            )
            ends.append(sign * np.round(solved.fun) if solved.success and whole else np.inf * -sign)
            if solved.success and not whole:
                ends[-1] = (np.ceil if sign == 1 else np.floor)(solved.fun * sign - sign * 1e-6)
    return np.array(ends[: len(cells)]), np.array(ends[len(cells) :])
