"""Releases that were protected as one: the reports of one area and period, given out one after the other.

Each shows a part of one system of cells whose pattern of hidden cells withstood the attack as a whole
(`analysis.disclosure.views`). The ledger, which does not know what is true, need not ask again what they tell
of one another; it asks what all of them together tell beside everything else that was given out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.disclosure.published import Published


def with_siblings(one: Published, given: Sequence[Published]) -> tuple[Published, list[Published]]:
    """Return a release as one with those given out that were protected with it, and the others.

    Parameters
    ----------
    one
        What is about to be released.
    given
        What has been, oldest first.

    Returns
    -------
    tuple
        A release that shows what all of them show, and every earlier one that is no part of it. An earlier
        one that says it is, and is of another pattern, other data, place or time, stays with the others.
    """
    rest: list[Published] = []
    for other in given:
        if is_sibling(one, other):
            one = _merged(one, other)
        else:
            rest.append(other)
    return one, rest


def is_sibling(one: Published, other: Published) -> bool:
    """Say whether two releases are parts of one, and agree wherever both speak."""
    same = all(
        getattr(one, name) == getattr(other, name)
        for name in ("together", "base", "area", "start", "end", "threshold", "data", "rounded")
    )
    if not (one.together and same):
        return False
    lists = all(other.dimensions.get(name, found) == found for name, found in one.dimensions.items())
    cells = all(other.cells.get(key, value) == value for key, value in one.cells.items())
    tables = {table.name: table for table in one.tables}
    return lists and cells and all(tables.get(table.name, table) == table for table in other.tables)


def _merged(one: Published, other: Published) -> Published:
    tables = {table.name: table for table in (*other.tables, *one.tables)}
    return replace(
        one,
        tables=tuple(tables.values()),
        dimensions={**other.dimensions, **one.dimensions},
        cells={**other.cells, **one.cells},
    )
