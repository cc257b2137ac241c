"""The protection against a referee that proves how few cells can be hidden."""

from __future__ import annotations

import numpy as np
from linked_sets import any_set
from optimum import Fewest

from analysis.disclosure.protect import choose

THRESHOLD = 10
SMALL = 40
"""Cells of the largest set proven here in passing; ``benchmarks/protection.py --referee`` goes on to 150."""


def test_hidden_cells_are_at_most_three_per_cent_more_than_the_fewest():
    """Over sets of every kind, safe in whole numbers before both judges; the mean ratio to the optimum."""
    ratios = []
    for number in range(16):
        system = any_set(number)
        if len(system) > SMALL or not system.sensitive(THRESHOLD).any():
            continue
        hidden = choose(system, threshold=THRESHOLD)
        referee = Fewest(system, THRESHOLD)
        assert referee.safe(hidden), number
        best = referee.prove(int(hidden.sum()), seconds=20)
        if best.proven:
            ratios.append(hidden.sum() / best.low)
    assert len(ratios) >= 5
    assert np.mean(ratios) <= 1.03
    assert min(ratios) >= 1


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
