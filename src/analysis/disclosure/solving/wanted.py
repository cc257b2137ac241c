"""What must stay possible of each sensitive cell, for outsiders and for survivors who know a cell alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis.disclosure.cells import TOTAL, CellSystem, Key

DOWN, UP = 0, 1
OUTSIDER: Final = 0

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(eq=False)
class Wanted:
    """Demands that no table has met yet.

    Attributes
    ----------
    cells
        Cells that must stay possible at 0 and at the threshold.
    reach
        The threshold of each [rows].
    floor
        What each must be able to fall to: 0, or more where earlier releases alone rule that out [rows].
    known
        Cells that each reader knows [1 + survivors × all cells]; the first is an outsider and knows none.
    open
        What was not shown yet [cells × down, up × readers].
    """

    cells: Ints
    reach: Ints
    floor: Ints
    known: Bools
    open: Bools

    def __post_init__(self) -> None:
        self._left: Bools = np.asarray(self.open.any(axis=2))

    def also(self, system: CellSystem, keys: Sequence[Key], reach: Sequence[int]) -> None:
        """Demand of more cells, which earlier releases hid, that they may still reach their thresholds.

        Of what lies within her own cells a survivor knows all in any case.

        Parameters
        ----------
        system
            The cells of this release.
        keys
            Of the further ones, which follow them.
        reach
            The threshold under which each was hidden [rows].
        """
        size = self.known.shape[1]
        cells = np.arange(size, size + len(keys))
        demands: Bools = np.zeros((len(keys), 2, len(self.known)), dtype=np.bool_)
        demands[:, UP] = True
        theirs, mine = _leaves(system, keys), _leaves(system, system.keys)
        for reader, place in np.argwhere(self.known):
            demands[(~theirs | mine[place]).all(axis=1), :, reader] = False
        self.cells = np.concatenate([self.cells, cells])
        self.reach = np.concatenate([self.reach, np.array(reach, dtype=np.int64)])
        self.floor = np.concatenate([self.floor, np.zeros(len(keys), dtype=np.int64)])
        self.open = np.concatenate([self.open, demands])
        self._left = np.asarray(self.open.any(axis=2))
        more: Bools = np.zeros((len(self.known), len(keys)), dtype=np.bool_)
        self.known = np.concatenate([self.known, more], axis=1)

    def met(self, values: Ints, still: Bools) -> None:
        """Cross off what a table meets.

        Parameters
        ----------
        values
            All cells in it.
        still
            Readers whose cells are as they are in the truth.
        """
        mine = values[self.cells]
        for side, good in ((DOWN, mine <= self.floor), (UP, mine >= self.reach)):
            places = np.flatnonzero(good & self._left[:, side])
            self.open[places, side] &= ~still
            self._left[places, side] = self.open[places, side].any(axis=1)


def wanted(system: CellSystem, hidden: Bools, *, threshold: int, alone: bool) -> Wanted:
    """Return what is demanded of a system of which some cells are hidden.

    A sensitive cell must stay possible at 0 and at the threshold, whatever it counts. Where few survivors
    have so many rows that the count itself reaches the threshold, this is enough: a reader can tell it from
    none no more than any other, and as there may be as many survivors as rows, she cannot bound them below
    the threshold. A printed one is given away.

    A survivor who alone contributes to cells knows these. Of every other sensitive cell she must learn as
    little as an outsider; but that a cell holds herself, or that one which lies within her own holds nobody
    else, she knows in any case. What holds herself follows from her own rows: she knows all that is counted
    of her, so also a cell that only the rules of the tables tie to her own.

    Parameters
    ----------
    threshold
        Fewest survivors in a cell that may be printed.
    alone
        Whether such survivors are readers too.
    """
    sensitive = system.sensitive(threshold)
    cells = np.flatnonzero(sensitive)
    owner = np.where(sensitive & hidden, system.owner, -1) if alone else np.full(len(system), -1)
    owners = np.unique(owner[owner >= 0])
    known = np.zeros((1 + len(owners), len(system)), dtype=np.bool_)
    known[1:] = owner[None, :] == owners[:, None]
    demands = np.ones((len(cells), 2, len(known)), dtype=np.bool_)
    leaves = _leaves(system, system.keys)
    mine = leaves[cells]
    demands[:, DOWN, 1:] &= ~_holding(system, owners, mine).T
    for reader, place in np.argwhere(known):
        demands[(~mine | leaves[place]).all(axis=1), :, reader] = False
    none = np.zeros(len(cells), dtype=np.int64)
    return Wanted(cells, none + threshold, none, known, demands)


def _holding(system: CellSystem, owners: Ints, leaves: Bools) -> Bools:
    """Return which cells, by the leaves they cover, hold a row of each survivor [survivors × cells]."""
    starts = np.cumsum([0, *(len(dimension.leaves) for dimension in system.dimensions.values())])[:-1]
    found: Bools = np.zeros((len(owners), len(leaves)), dtype=np.bool_)
    for place, owner in enumerate(owners):
        for row in system.joint.codes[system.joint.owner == owner] + starts:
            found[place] |= leaves[:, row].all(axis=1)
    return found


def _leaves(system: CellSystem, keys: Sequence[Key]) -> Bools:
    """Return the leaves of every dimension that cells cover [cells × leaves of all dimensions of the system].

    A dimension that the system does not have limits nothing here.
    """
    covers = {
        (name, node): np.isin(dimension.leaves, dimension.covers(node))
        for name, dimension in system.dimensions.items()
        for node in dimension.nodes
    }
    rows = [
        np.concatenate([covers[name, dict(key).get(name, TOTAL)] for name in system.dimensions])
        for key in keys
    ]
    width = sum(len(dimension.leaves) for dimension in system.dimensions.values())
    return np.array(rows, dtype=np.bool_).reshape(len(keys), width)
