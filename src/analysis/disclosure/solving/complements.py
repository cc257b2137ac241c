"""Choosing complements: hide one least-cost alternative after another, then show what need not hide."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.disclosure.cells import CellSystem
from analysis.disclosure.solving.alternatives import Alternatives, touched
from analysis.disclosure.solving.demands import Cover, Demand, Demands
from analysis.disclosure.solving.wanted import OUTSIDER
from analysis.errors import DisclosureRefused

Ints = np.ndarray[Any, np.dtype[np.int64]]


def complete(cover: Cover, alternatives: Alternatives) -> None:
    """Hide more cells until every demand is met, at the least cost for each in turn.

    Raises
    ------
    DisclosureRefused
        If a cell cannot be protected even with everything hidden.
    """
    pool = cover.pool
    while len(unmet := cover.unmet()):
        demand = _demand(unmet[0])
        change = alternatives.find(demand, cover.hidden)
        if change is None:
            give_up(pool.demands, demand)
            continue
        pool.add(change)
        more = touched(pool.demands, change, cover.hidden).tolist()
        pool.reason |= dict.fromkeys(more, demand)
        cover.hide(more)
        cover.extend()


def give_up(demands: Demands, demand: Demand) -> None:
    """Drop a demand of a knower that nothing meets, and leave it to the attack; an outsider's stays.

    Raises
    ------
    DisclosureRefused
        If it is an outsider's.
    """
    if demand[2] == OUTSIDER:
        raise hopeless(demands.system, int(demands.cells[demand[0]]))
    demands.open[demand] = False


def hopeless(system: CellSystem, place: int) -> DisclosureRefused:
    """Return the error for a cell that nothing protects; it names the cell, never a number."""
    cure = "What is in print already gives it away: leave the table out, or make it coarser."
    if place >= len(system):
        what = "nothing protects a cell that an earlier release hid"
        return DisclosureRefused(what, where=system.base, cure=cure)
    table = next(table for table in system.tables if place in system.cells_of(table))
    cell = ", ".join(f"{name} {node}" for name, node in system.keys[place]) or "of everyone"
    return DisclosureRefused(f"nothing protects the cell {cell}", where=f"table {table.name}", cure=cure)


def clean(cover: Cover, alternatives: Alternatives, order: Ints | None = None) -> Cover:
    """Show every cell again that need not be hidden, the dearest first; return the cover that is left.

    Another order of its complements may be given.
    """
    for cell in cover.extras() if order is None else order:
        if cover.spare(int(cell)):
            cover.show(int(cell))
            continue
        trial = without(cover, alternatives, int(cell))
        if trial is not None:
            cover = trial
    return cover


def without(cover: Cover, alternatives: Alternatives, cell: int) -> Cover | None:
    """Return a cover that shows a cell and hides nothing else for it, or None if it must be hidden."""
    pool, trial = cover.pool, cover.copy()
    trial.show(cell)
    first = pool.reason.get(cell)
    while len(unmet := trial.unmet()):
        demand = _demand(unmet[0])
        if first is not None and trial.lacks(first):
            demand, first = first, None
        change = alternatives.find(demand, trial.hidden, [cell])
        if change is None or touched(pool.demands, change, trial.hidden).size:
            return None
        pool.add(change)
        trial.extend()
    return trial


def _demand(row: Any) -> Demand:
    return int(row[0]), int(row[1]), int(row[2])
