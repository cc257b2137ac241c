"""The attack against referees that share no code with it."""

from __future__ import annotations

import numpy as np
import pytest
from linked_sets import any_set, tiny, with_reasons
from referee import exact_ranges, fitting, membership, still_safe, unsafe

from analysis.disclosure.attack import attack, ranges
from analysis.disclosure.protect import protect
from analysis.disclosure.solving.search import MOST


def hidden_at_random(system, seed: int, threshold: int) -> np.ndarray:
    """Sensitive cells and some more; the total is always printed."""
    draw = np.random.default_rng([7, seed])
    hidden = system.sensitive(threshold) | (draw.random(len(system)) < draw.uniform(0.1, 0.8))
    hidden &= ~system.structural
    hidden[system.index(())] = False
    return hidden


@pytest.mark.parametrize("seed", range(60))
def test_ranges_are_those_of_every_table_counted_out(seed):
    """The least and the most of every cell, over all whole-number joint tables that fit."""
    system = tiny(seed)
    hidden = hidden_at_random(system, seed, 3)
    tables = fitting(system, hidden)
    low, high = ranges(system, hidden)
    assert low.tolist() == tables.min(axis=0).tolist()
    assert high.tolist() == tables.max(axis=0).tolist()


@pytest.mark.parametrize("seed", range(60))
def test_breaches_are_those_of_every_table_counted_out(seed):
    """Nothing more and nothing less is given away, to outsiders and to survivors who know a cell alone."""
    system = tiny(seed)
    hidden = hidden_at_random(system, seed, 3)
    found = attack(system, hidden, threshold=3)
    told = {
        (system.index(one.cell), -1 if one.knower is None else system.index(one.knower))
        for one in found.breaches
    }
    assert told == unsafe(system, hidden, 3)
    assert found.safe == (not told)
    low, high = ranges(system, hidden)
    assert (low <= found.low).all()
    assert (found.high <= high).all()
    for one in found.breaches:
        if one.knower is None:
            truth = system.count[system.index(one.cell)]
            assert one.low <= truth <= one.high
            assert one.low > 0 or one.high < 3


@pytest.mark.parametrize("number", range(25))
@pytest.mark.parametrize("whole", [True, False])
def test_ranges_of_larger_sets_are_those_of_another_solver(number, whole):
    """Over the joint table written out in full; in fractions, too, for what linear programmes leave open."""
    system = any_set(number)
    if membership(system).shape[1] > 60:
        pytest.skip("the joint table is too large for scipy")
    hidden = hidden_at_random(system, number, 10)
    chosen = np.random.default_rng(number).choice(
        np.flatnonzero(hidden), min(6, int(hidden.sum())), replace=False
    )
    low, high = ranges(system, hidden, whole=whole)
    least, most = exact_ranges(system, hidden, chosen, whole=whole)
    assert low[chosen].tolist() == least.tolist()
    assert np.where(high[chosen] == MOST, np.inf, high[chosen]).tolist() == most.tolist()


@pytest.mark.parametrize("seed", range(20))
def test_leaves_that_nothing_tells_apart_are_one_to_the_attack_and_not_to_the_referee(seed):
    """Reasons counted together because the same is impossible of them leave every range as it is."""
    system = with_reasons(seed)
    hidden = hidden_at_random(system, seed, 10)
    chosen = np.random.default_rng(seed).choice(np.flatnonzero(hidden), 5, replace=False)
    low, high = ranges(system, hidden)
    least, most = exact_ranges(system, hidden, chosen)
    assert low[chosen].tolist() == least.tolist()
    assert np.where(high[chosen] == MOST, np.inf, high[chosen]).tolist() == most.tolist()


@pytest.mark.parametrize("seed", range(8))
def test_what_is_hidden_of_such_sets_withstands_the_referee(seed):
    """Nothing is given away to an outsider or to a survivor who knows a cell alone."""
    system = with_reasons(seed)
    assert still_safe(system, protect(system, threshold=10).hidden, 10)
