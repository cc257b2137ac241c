"""Cell suppression over all tables of a base at once: hide what is sensitive, and what would give it away.

Complements are chosen by sequential linear programmes, shown again where they are not needed, exchanged for
fewer where capacity constraints prove that others will do, and then attacked. Small systems are begun several
times, and the best are recombined. Fewest hidden cells count first; between equals, small cells and inner
cells are hidden rather than large ones and totals.

What the pattern tells
----------------------
Costs depend on the bands of `BANDS` alone. A pattern that is safe stays safe for every table that agrees with
it on the printed cells, since safety depends on these alone. What remains: that a cheaper pattern was not
safe may depend on hidden numbers, as in every method that hides as little as possible (minimality attack:
Wong RCW and others, 2007, VLDB, 543-554). ``benchmarks/protection.py --twins`` measures how often two data
sets that agree on all printed cells, and in the band of every hidden one, have the same pattern.

References
----------
Kelly JP, Golden BL, Assad AA (1992). Cell suppression: disclosure protection for sensitive tabular data.
Networks 22, 397-417. Fischetti M, Salazar JJ (2001). Solving the cell suppression problem on tabular data
with linear constraints. Management Science 47, 1008-1027. Hundepool A and others (2012). Statistical
Disclosure Control. Wiley, chapter 4. Langsrud Ø (2024). Secondary cell suppression by Gaussian elimination:
an algorithm suitable for handling issues with zeros and singletons. Privacy in Statistical Databases, 86-101.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis.disclosure.attack import Attack, attack
from analysis.disclosure.cells import CellSystem
from analysis.disclosure.published import Published
from analysis.disclosure.solving.alternatives import Alternatives
from analysis.disclosure.solving.behind import behind
from analysis.disclosure.solving.complements import hopeless
from analysis.disclosure.solving.constraints import Constraints
from analysis.disclosure.solving.demands import Cover, demands
from analysis.disclosure.solving.improve import Improvement
from analysis.disclosure.solving.recombine import Recombination, begun
from analysis.disclosure.tables import Key

BANDS: Final = (10, 25, 50, 100)
"""Lower limits of the bands of counts [rows]: all that the choice of complements may depend on."""
ONE_MORE: Final = 10_000
"""Cost of a hidden cell, far above all that tells two choices of as many cells apart."""
TOTAL_COST, GROUP_COST, BAND_COST = 40, 20, 8
SMALL: Final = 150
"""Cells up to which several covers are improved and recombined."""
PROGRAMMES: Final = 3_000
"""Linear programmes spent on fewer cells of a system of more than `SMALL`, times the cube of their ratio."""
EACH: Final = 500
"""Linear programmes spent on each cover of a system of `SMALL` cells or fewer."""
WORTHWHILE: Final = 400
"""Fewer find nothing: from about 300 cells on, what the sequential programmes leave is taken as it is."""

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Protection:
    """Which cells of a system are hidden, and the attack that they withstood.

    Attributes
    ----------
    hidden
        Every cell that is not printed.
    primary
        Those of them that are sensitive themselves.
    attack
        On what is printed.
    rounds
        Attacks until it was safe.
    """

    hidden: Bools
    primary: Bools
    attack: Attack
    rounds: int


def protect(system: CellSystem, *, threshold: int, earlier: Sequence[Published] = ()) -> Protection:
    """Hide as few cells as will keep every sensitive one possible at 0 and at the threshold.

    Parameters
    ----------
    system
        All tables of one base.
    threshold
        Fewest survivors of a cell that is printed.
    earlier
        Releases of the base that a reader may have.

    Returns
    -------
    Protection
        The same for the same system, on every machine.

    Raises
    ------
    DisclosureRefused
        If nothing is safe, naming a table and a cell; that can only be because of earlier releases.
    """
    hidden, rounds = choose(system, threshold=threshold, earlier=earlier), 0
    while True:
        rounds += 1
        found = attack(system, hidden, threshold=threshold, earlier=earlier)
        if found.safe:
            return Protection(hidden, system.sensitive(threshold), found, rounds)
        wider = _wider(system, hidden, found)
        if (wider == hidden).all():
            raise hopeless(system, _place(system, found.breaches[0].cell))
        hidden = wider


def choose(
    system: CellSystem,
    *,
    threshold: int,
    earlier: Sequence[Published] = (),
    search: bool = True,
) -> Bools:
    """Choose the cells to hide, before the attack.

    Parameters
    ----------
    system, threshold, earlier
        As for `protect`.
    search
        Whether to look for fewer cells, with an effort that depends on the size of the system.
    """
    sensitive = system.sensitive(threshold)
    unprinted = sensitive | (system.silent & ~system.structural)
    if not sensitive.any():
        return unprinted
    wanted = demands(system, behind(system, earlier), threshold, earlier)
    cost = costs(system, threshold)
    cover, alternatives = begun(wanted, cost, unprinted)
    if search and len(cover.extras()):
        cover = _fewer(cover, alternatives, unprinted)
    return cover.hidden


def _fewer(cover: Cover, alternatives: Alternatives, unprinted: Bools) -> Cover:
    cells = len(unprinted)
    if cells <= SMALL:
        return Recombination(cover, alternatives, unprinted, EACH).run()
    spend = PROGRAMMES * SMALL**3 // cells**3
    return (
        Improvement(Constraints(cover.pool, alternatives)).run(cover, spend) if spend >= WORTHWHILE else cover
    )


def costs(system: CellSystem, threshold: int) -> Ints:
    """Return what hiding each cell costs: 0 if it is sensitive or never printed, else by level and band."""
    most = max(len(key) for key in system.keys)
    groups = {(name, node) for name, one in system.dimensions.items() for node in one.groups}
    level = [
        TOTAL_COST * (most - len(key)) + GROUP_COST * sum(pair in groups for pair in key)
        for key in system.keys
    ]
    cost = ONE_MORE + np.array(level) + BAND_COST * np.searchsorted(BANDS, system.count, side="right")
    return np.where(system.sensitive(threshold) | system.silent, 0, cost).astype(np.int64)


def _place(system: CellSystem, cell: Key) -> int:
    """Return the place of a cell; behind all others if only an earlier release has it."""
    return system.index(cell) if cell in set(system.keys) else len(system)


def _wider(system: CellSystem, hidden: Bools, found: Attack) -> Bools:
    """Hide every table that shows a cell which is not safe; all of them if only an earlier release does."""
    open_ = {breach.cell for breach in found.breaches}
    stranger = any(_place(system, cell) == len(system) for cell in open_)
    wider = hidden.copy()
    for table in system.tables:
        places = system.cells_of(table).ravel()
        if stranger or any(system.keys[place] in open_ for place in places):
            wider[places] = True
    return wider & ~system.structural
