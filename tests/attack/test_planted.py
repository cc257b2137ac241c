"""Protected sets with one hidden cell printed after all: the attack must see it, or it was not needed."""

from __future__ import annotations

import numpy as np
import pytest
from linked_sets import any_set
from referee import membership, still_safe

from analysis.disclosure.attack import attack
from analysis.disclosure.protect import choose

THRESHOLD = 10
PARTS = 6
SETS = 20
"""Sets a part."""
PLANTED = 5
"""Cells printed after all, in each set."""
CAUGHT = 0.995


@pytest.mark.parametrize("part", range(PARTS))
def test_a_cell_printed_after_all_is_seen(part):
    """At least 99.5 % of them; where nothing is seen, another solver agrees that nothing is given away."""
    caught, missed, unneeded, most_seen = 0, [], 0, 0
    for number in range(1000 + part * SETS, 1000 + (part + 1) * SETS):
        system = any_set(number)
        hidden = choose(system, threshold=THRESHOLD, search=False)
        draw = np.random.default_rng([9, number])
        extra = np.flatnonzero(hidden & ~system.sensitive(THRESHOLD))
        for cell in draw.permutation(extra)[:PLANTED]:
            printed = hidden.copy()
            printed[cell] = False
            found = attack(system, printed, threshold=THRESHOLD)
            most_seen = max(most_seen, len(found.breaches))
            if not found.safe:
                caught += 1
            elif membership(system).shape[1] <= 60 and still_safe(system, printed, THRESHOLD):
                unneeded += 1
            else:
                missed.append((number, int(cell)))
    assert caught >= 50
    assert caught >= CAUGHT * (caught + len(missed))
    assert missed == []
    assert unneeded <= 0.1 * caught
    assert most_seen > 1


def test_a_sensitive_cell_in_print_is_a_breach():
    """Whatever else is hidden, with the number that is printed."""
    system = any_set(3)
    hidden = np.ones(len(system), dtype=bool)
    cell = int(np.flatnonzero(system.sensitive(THRESHOLD))[0])
    hidden[cell] = False
    told = [
        one for one in attack(system, hidden, threshold=THRESHOLD).breaches if one.cell == system.keys[cell]
    ]
    assert [(one.level, one.low, one.high, one.knower) for one in told] == [
        ("span", system.count[cell], system.count[cell], None)
    ]
