"""Does a logistic model have finite estimates at all: separation, found by linear programming."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.optimize import linprog

_REACHED: Final = 1e-7
"""What the linear programme must gain before data count as separated; above its solver's tolerance."""


def separated(events: np.ndarray, trials: np.ndarray, design: np.ndarray) -> bool:
    """Say whether some combination of the columns parts events from the rest, wholly or up to ties.

    Parameters
    ----------
    events, trials
        One item a pattern of covariates: those with the outcome, and all [0 <= events <= trials].
    design
        Patterns by columns, the constant among them.

    Returns
    -------
    bool
        True if the likelihood has no maximum: an odds ratio would be 0 or infinite.

    References
    ----------
    Albert A, Anderson JA (1984). On the existence of maximum likelihood estimates in logistic regression
    models. Biometrika 71, 1-10. Konis K (2007). Linear programming algorithms for detecting separated data
    in binary logistic regression models. Thesis, University of Oxford, section 4.3.
    """
    size = np.abs(design).max(axis=0)
    scaled = design / np.where(size == 0, 1.0, size)
    above, below = scaled[events > 0], scaled[events < trials]
    towards = above.sum(axis=0) - below.sum(axis=0)
    found = linprog(
        -towards,
        A_ub=np.vstack([-above, below]),
        b_ub=np.zeros(len(above) + len(below)),
        bounds=(-1, 1),
        method="highs",
    )
    return bool(-found.fun > _REACHED * max(1.0, float(np.abs(towards).sum())))
