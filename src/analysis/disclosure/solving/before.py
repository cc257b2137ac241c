"""What earlier releases of the same rows leave open by themselves: a later one can give no more than that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.disclosure.cells import CellSystem
from analysis.disclosure.published import Published
from analysis.disclosure.solving.knowledge import know, same_rows
from analysis.disclosure.solving.search import Search

Ints = np.ndarray[Any, np.dtype[np.int64]]


def least(system: CellSystem, cells: Ints, earlier: Sequence[Published]) -> Ints:
    """Return the fewest rows that cells can have if nothing but earlier releases is in print.

    Two margins that are out, of 50 and of 14 among 60 rows say, tell that at least 4 are in both. No later
    release can undo that. It must leave the cell possible at 4, and so add nothing.

    Parameters
    ----------
    system
        The cells of this release.
    cells
        Places of those asked for.
    earlier
        What was released before.

    Returns
    -------
    ndarray of int
        Rows, one a cell asked for; 0 where no release covers the same rows.
    """
    found = np.zeros(len(cells), dtype=np.int64)
    if not any(same_rows(release, system) for release in earlier):
        return found
    search = Search(know(system, np.ones(len(system), dtype=np.bool_), earlier=earlier), system.count)
    open_ = search.reduced.start[cells] > 0
    while open_.any():
        place = int(np.argmax(open_))
        open_[place] = False
        changed = search.move(int(cells[place]), -np.inf, 0)
        if changed is None:
            found[place] = search.range(int(cells[place]))[0]
        else:
            open_ &= (search.reduced.start + changed)[cells] > 0
    return found
