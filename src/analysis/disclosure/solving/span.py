"""What follows from printed sums by adding and subtracting alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from scipy.sparse.linalg import lsqr

from analysis.disclosure.solving.reduced import Reduced

DRAWS: Final = 2
CLOSE: Final = 1e-6

Bools = np.ndarray[Any, np.dtype[np.bool_]]


def determined(reduced: Reduced, cells: Sequence[int]) -> Bools:
    """Say which cells have one value only in all tables that satisfy the sums, whole or not, negative or not.

    A random direction in which no known sum changes moves every cell that is not a combination of these sums,
    with probability one; two directions guard against rounding.

    Parameters
    ----------
    reduced
        The sums. Those that are known within limits only say nothing here.
    cells
        Cells that are asked about.

    References
    ----------
    Duncan GT, Fienberg SE, Krishnan R, Padman R, Roehrig SF (2001). Disclosure limitation methods and
    information loss for tabular data. In Doyle P and others (eds), Confidentiality, disclosure and data
    access. North-Holland, 135-166.
    """
    exact = reduced.rows[np.flatnonzero(reduced.low == reduced.high)]
    wanted = reduced.cells[np.asarray(cells, dtype=np.int64)]
    settled = np.ones(len(cells), dtype=np.bool_)
    draw = np.random.default_rng(0)
    for _ in range(DRAWS):
        direction = draw.standard_normal(reduced.width)
        if exact.shape[0] and reduced.width:
            solution = lsqr(exact.T, direction, atol=1e-13, btol=1e-13, iter_lim=20 * sum(exact.shape))[0]
            direction = direction - exact.T @ solution
        settled &= np.abs(wanted @ direction) < CLOSE
    return settled
