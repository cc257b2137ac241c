"""A thousand generated sets of linked tables, protected and attacked: nothing is found out about any cell.

``pytest tests/attack/test_thousand.py --attack-sets 10000`` takes ten times as many.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from linked_sets import any_set, later
from referee import exact_ranges, membership

from analysis.disclosure.attack import LEVELS, attack
from analysis.disclosure.cells import CellSystem
from analysis.disclosure.protect import choose, protect
from analysis.disclosure.published import Published
from analysis.errors import DisclosureRefused

THRESHOLD = 10
PARTS = 10
"""The sets are spread over so many tests, which may run side by side."""
LATER = 0.15
"""Share of the sets that are a release and a later one of the same rows."""
WHOLE = 50
"""Every so many-th set is protected with no effort spared for fewer hidden cells; in the others that search
is left out, which changes how many cells are hidden, and not what is safe."""
ASKED = 10
"""Every so many-th set is put to another solver, too."""


@dataclass
class Tally:
    """What came of some sets."""

    sets: int = 0
    cells: int = 0
    sensitive: int = 0
    hidden: int = 0
    refused: list[int] = field(default_factory=list)
    given_away: list[tuple[int, object]] = field(default_factory=list)


def published(system: CellSystem, hidden: np.ndarray, number: int) -> Published:
    cells = {
        key: None if hide else int(count)
        for key, hide, count, never in zip(system.keys, hidden, system.count, system.structural, strict=True)
        if not never
    }
    return Published(
        base=system.base,
        area=("norfolk",),
        start="2022-04-01",
        end="2023-03-31",
        threshold=THRESHOLD,
        tables=system.tables,
        dimensions=system.dimensions,
        cells=cells,
        data=f"{number:064}",
    )


def hidden_of(system: CellSystem, number: int, earlier: tuple[Published, ...] = ()) -> np.ndarray:
    """What is hidden of a system: the protector's choice, attacked or not."""
    if number % WHOLE == 0:
        return protect(system, threshold=THRESHOLD, earlier=earlier).hidden
    return choose(system, threshold=THRESHOLD, earlier=earlier, search=False)


def held(tally: Tally, number: int, system: CellSystem, hidden: np.ndarray, *earlier: Published) -> None:
    """Attack what is hidden at every level, and count."""
    found = attack(system, hidden, threshold=THRESHOLD, earlier=earlier)
    assert found.levels == LEVELS
    assert not found.limited
    tally.sets += 1
    tally.cells += len(system)
    tally.sensitive += int(system.sensitive(THRESHOLD).sum())
    tally.hidden += int(hidden.sum())
    tally.given_away += [(number, breach) for breach in found.breaches]
    if number % ASKED == 0 and not earlier and membership(system).shape[1] <= 60:
        asked = np.flatnonzero(system.sensitive(THRESHOLD))[:4]
        low, high = exact_ranges(system, hidden, asked)
        tally.given_away += [(number, system.keys[cell]) for cell in asked[(low > 0) | (high < THRESHOLD)]]


def attacked(numbers: range) -> Tally:
    """Make, protect and attack sets."""
    tally = Tally()
    for number in numbers:
        if number % 20 < 20 * LATER:
            first, second = later(number)
            hidden = hidden_of(first, number)
            held(tally, number, first, hidden)
            before = published(first, hidden, number)
            try:
                held(tally, number, second, hidden_of(second, number, (before,)), before)
            except DisclosureRefused:
                tally.refused.append(number)
        else:
            system = any_set(number)
            held(tally, number, system, hidden_of(system, number))
    return tally


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_found_out(part, attack_sets):
    """At no level is a cell recovered, or known to be under the threshold or not to be empty."""
    numbers = range(part * attack_sets // PARTS, (part + 1) * attack_sets // PARTS)
    tally = attacked(numbers)
    assert tally.sets + len(tally.refused) >= len(numbers)
    assert len(tally.refused) <= 0.02 * len(numbers), "nearly every later release can be made"
    assert tally.sensitive > 5 * len(numbers), "the sets are worth attacking"
    assert tally.given_away == []
