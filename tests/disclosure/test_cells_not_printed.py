"""Cells that no table prints: counted so that they cannot be worked out, and hidden before any other."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.disclosure.attack import attack
from analysis.disclosure.cells import from_counts
from analysis.disclosure.protect import protect
from analysis.disclosure.tables import Dimension, Table

SEX = Dimension("sex", ("Female", "Male", "Not recorded"))
OUTCOME = Dimension("outcome", ("Accepted", "Declined", "Not known"))
TOLD = {"sex": ("Female", "Male"), "outcome": ("Accepted", "Declined")}
COUNTS = np.array([[165, 136, 0], [17, 28, 0], [0, 0, 0]])


def system(told=None, *more, counts=COUNTS):
    """Return sex by outcome, of which some nodes are printed."""
    table = Table("outcome by sex", "referrals", ("sex", "outcome"), told=told or {})
    return from_counts("referrals", [SEX, OUTCOME], [table, *more], counts)


def test_a_cell_is_silent_if_no_table_prints_it():
    whole = system(TOLD)
    shown = {key for key, silent in zip(whole.keys, whole.silent, strict=True) if not silent}
    assert len(shown) == 4
    assert not system().silent.any()
    beside = Table("outcome", "referrals", ("outcome",), told={"outcome": ("Accepted", "All")})
    shown_too = system(TOLD, beside)
    assert not shown_too.silent[shown_too.index([("outcome", "Accepted")])]
    assert shown_too.silent[shown_too.index([("outcome", "Declined")])]


def test_an_empty_category_that_is_not_printed_hides_nothing_that_is():
    """Printed with its totals, the same table would have to hide most of its cells."""
    found, all_printed = protect(system(TOLD), threshold=10), protect(system(), threshold=10)
    told = ~system(TOLD).silent
    assert not (found.hidden & told).any()
    assert (all_printed.hidden & told).sum() >= 2


def test_a_total_that_another_table_prints_hides_again():
    """With it, nobody of unknown sex was accepted could be worked out."""
    beside = Table("outcome", "referrals", ("outcome",), told={"outcome": ("Accepted", "Declined")})
    whole = system(TOLD, beside)
    found = protect(whole, threshold=10)
    told = ~whole.silent
    assert (found.hidden & told).any()


@pytest.mark.parametrize("seed", range(40))
def test_generated_tables_withstand_the_attack_on_what_is_printed(seed):
    """Every cell that no table prints is taken as hidden, every other as it was decided."""
    draw = np.random.default_rng(seed)
    counts = draw.poisson(draw.choice([2.0, 12.0, 60.0], (3, 3)))
    sides = {name: tuple(draw.choice(nodes, 2, replace=False)) for name, nodes in TOLD.items()}
    more = [Table("by outcome", "referrals", ("outcome",))] if seed % 3 == 0 else []
    whole = system(sides, *more, counts=counts)
    hidden = protect(whole, threshold=10).hidden
    assert hidden[whole.sensitive(10)].all()
    for unprinted in (hidden, hidden | whole.silent):
        assert attack(whole, unprinted, threshold=10).safe
