"""SYNTHETIC data with the same print: printed cells agree, hidden ones stay in their bands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from optimum import ENDLESS
from referee import impossible, membership
from scipy import optimize

from analysis.disclosure.cells import CellSystem, from_counts
from analysis.disclosure.protect import BANDS


def one_row_each(system: CellSystem) -> CellSystem:
    """Return a system with the same rows, each of a survivor of its own."""
    shape = [len(one.leaves) for one in system.dimensions.values()]
    joint = np.zeros(shape, dtype=int)
    np.add.at(joint, tuple(system.joint.codes.T), system.joint.weight)
    return from_counts(system.base, system.dimensions, system.tables, joint, structural=system.impossible)


def twin_of(system: CellSystem, hidden: np.ndarray, *, draws: int) -> Iterator[CellSystem]:
    """Yield systems drawn at random that agree in what is printed, and in the band of what is not."""
    covers = membership(system)
    edges = np.array([0, *BANDS, ENDLESS])
    band = np.searchsorted(BANDS, system.count, side="right")
    low = np.where(hidden, edges[band], system.count)
    high = np.where(hidden, edges[band + 1] - 1, system.count)
    shape = [len(one.leaves) for one in system.dimensions.values()]
    for draw in range(draws):
        random = np.random.default_rng(draw)
        found = optimize.milp(
            random.normal(size=covers.shape[1]),
            constraints=optimize.LinearConstraint(covers, low, high),
            bounds=optimize.Bounds(0, np.where(impossible(system), 0, system.count.max())),
            integrality=np.ones(covers.shape[1]),
            options={"mip_rel_gap": 0.2, "time_limit": 10},
        )
        if found.x is None:
            continue
        joint = np.rint(found.x).astype(int).reshape(shape)
        yield from_counts(system.base, system.dimensions, system.tables, joint, structural=system.impossible)
