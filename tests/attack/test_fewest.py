"""The protection against a referee that proves how few cells can be hidden."""

from __future__ import annotations

import numpy as np
import pytest
from linked_sets import any_set
from optimum import Fewest

from analysis.disclosure.protect import choose

THRESHOLD = 10
SETS = (0, 1, 2, 3, 5, 6, 7, 9, 12, 14, 16, 61)
"""Of every kind, up to 75 cells; ``benchmarks/protection.py --referee`` goes on to 150."""


@pytest.mark.parametrize("number", SETS)
def test_hidden_cells_are_at_most_three_per_cent_more_than_the_fewest(number):
    """Safe in whole numbers before both judges; the fewest are proven, not estimated."""
    system = any_set(number)
    hidden = choose(system, threshold=THRESHOLD)
    referee = Fewest(system, THRESHOLD)
    assert referee.safe(hidden)
    best = referee.prove(int(hidden.sum()), seconds=60)
    assert best.proven
    assert best.low <= hidden.sum() <= 1.03 * best.low


def test_a_system_that_one_beginning_does_not_serve():
    """Begun from one choice it hides 55 cells. The fewest are 53: the referee takes long to prove it."""
    proven = 53
    assert choose(any_set(112), threshold=THRESHOLD).sum() <= 1.03 * proven


def test_the_referee_finds_a_pattern_with_a_cell_too_many():
    """It is no rubber stamp: one more cell hidden than needed is told."""
    system = any_set(0)
    hidden = choose(system, threshold=THRESHOLD)
    shown = np.flatnonzero(~hidden & ~system.structural)
    worse = hidden.copy()
    worse[shown[0]] = True
    best = Fewest(system, THRESHOLD).prove(int(worse.sum()), seconds=20)
    assert best.proven
    assert best.low == hidden.sum()


def test_the_referee_finds_a_pattern_with_a_cell_too_few():
    """Every complement is needed: shown, it gives a sensitive cell away."""
    system = any_set(0)
    hidden = choose(system, threshold=THRESHOLD)
    referee = Fewest(system, THRESHOLD)
    for cell in np.flatnonzero(hidden & ~system.sensitive(THRESHOLD)):
        fewer = hidden.copy()
        fewer[cell] = False
        assert not referee.safe(fewer), system.keys[cell]
