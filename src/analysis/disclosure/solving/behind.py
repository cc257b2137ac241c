"""The table behind the cells, as far as it can be told apart, and the truth in it.

What is hidden is safe if other tables fit all that is printed. Such a table differs from the truth by a
*change*: whole numbers, one a column, that leave every printed cell as it is and no column below 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from analysis.disclosure.cells import CellSystem
from analysis.disclosure.published import Published
from analysis.disclosure.solving.knowledge import Knowledge, know
from analysis.disclosure.solving.solver import INFINITY, Programme
from analysis.disclosure.tables import Key
from analysis.errors import DisclosureRefused

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Behind:
    """Columns are atoms of cliques that some cell tells apart; alike ones are one column.

    Parameters
    ----------
    cells
        Which columns add up to each cell of the system, then to each cell that an earlier release hid and the
        system does not have [cells × columns, sparse].
    count
        Rows in each of these cells [whole number].
    keys, before
        The latter, and the thresholds under which they were hidden [rows].
    agree
        Sums that changes must keep: cliques agree, what was printed before stays [sums × columns, sparse].
    low, high
        Least and most that each of them may change by; 0 but where an earlier release was rounded.
    truth
        Rows in each column [whole number].
    never
        Columns that everyone knows to be empty.
    printed
        Cells that an earlier release has printed.
    clique
        Which clique each column is of.
    grids
        Columns of each clique, an axis a dimension along its atoms.
    exact
        Whether a joint table stands behind every table of this kind (see `solving.joint`).
    """

    cells: Any
    count: Ints
    keys: tuple[Key, ...]
    before: tuple[int, ...]
    agree: Any
    low: Floats
    high: Floats
    truth: Ints
    never: Bools
    printed: Bools
    clique: Ints
    grids: tuple[Ints, ...]
    exact: bool

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.truth)


def behind(system: CellSystem, earlier: Sequence[Published] = ()) -> Behind:
    """Return the columns behind a system, with what earlier releases of the same rows have printed.

    Raises
    ------
    DisclosureRefused
        If an earlier release printed another number for the same rows: the data have changed.
    """
    known = know(system, np.ones(len(system), dtype=np.bool_), earlier=earlier)
    truth = known.truth if known.truth is not None else _fitting(known, system.count)
    never = known.empty
    own = [*system.structural, *([False] * (len(known.keys) - len(system)))]
    never = never | np.asarray(known.cells[np.flatnonzero(own)].sum(axis=0) > 0).reshape(-1)
    rows = sparse.csr_array(known.rows)
    marks = sparse.csr_array(never[None, :].astype(np.float64))
    home = _alike(sparse.csc_array(sparse.vstack([known.cells, rows, marks])))
    first = np.unique(home, return_index=True)[1]
    merged = np.zeros(len(first), dtype=np.int64)
    np.add.at(merged, home, truth)
    cells, agree = sparse.csr_array(known.cells[:, first]), sparse.csr_array(rows[:, first])
    sums = agree @ merged
    settled = _rows_as_sets(agree[np.flatnonzero(known.low == known.high)])
    printed = np.array([one in settled for one in _marks(cells)], dtype=np.bool_) & ~np.array(own)
    return Behind(
        cells=cells,
        count=np.rint(cells @ merged).astype(np.int64),
        keys=known.keys[len(system) :],
        before=known.before,
        agree=agree,
        low=known.low - sums,
        high=known.high - sums,
        truth=merged,
        never=never[first],
        printed=printed,
        clique=np.searchsorted(known.space.offsets, first, side="right") - 1,
        grids=_grids(known, home),
        exact=known.exact,
    )


def _grids(known: Knowledge, home: Ints) -> tuple[Ints, ...]:
    room = known.space
    shapes = [[room.sizes[name] for name in clique] for clique in room.tree.cliques]
    ends = zip(room.offsets[:-1], room.offsets[1:], shapes, strict=True)
    return tuple(home[start:end].reshape(shape) for start, end, shape in ends)


def _fitting(known: Knowledge, count: Ints) -> Ints:
    """Return a table with the true cells that fits earlier releases over dimensions the rows do not hold."""
    matrix = sparse.vstack([known.cells[: len(count)], known.rows])
    low, high = (np.concatenate([count.astype(np.float64), end]) for end in (known.low, known.high))
    top = np.where(known.empty, 0.0, INFINITY)
    found = Programme(matrix, (low, high), (np.zeros(len(top)), top), whole=True).solve()
    if found is None:
        cure = "Release from the same data as before, or for other rows."
        raise DisclosureRefused(
            "what was printed before contradicts the rows", where="earlier releases", cure=cure
        )
    return np.rint(found.values).astype(np.int64)


def _alike(matrix: Any) -> Ints:
    """Number the columns so that alike ones have one number, in order of the first of each kind."""
    seen: dict[tuple[bytes, bytes], int] = {}
    home = np.empty(matrix.shape[1], dtype=np.int64)
    for column in range(matrix.shape[1]):
        part = slice(matrix.indptr[column], matrix.indptr[column + 1])
        kind = (matrix.indices[part].tobytes(), matrix.data[part].tobytes())
        home[column] = seen.setdefault(kind, len(seen))
    return home


def _marks(rows: Any) -> list[bytes]:
    rows.sort_indices()
    ends = zip(rows.indptr[:-1], rows.indptr[1:], strict=True)
    return [rows.indices[start:end].tobytes() + rows.data[start:end].tobytes() for start, end in ends]


def _rows_as_sets(rows: Any) -> set[bytes]:
    return set(_marks(sparse.csr_array(rows)))
