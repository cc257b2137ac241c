"""Controlled rounding: near, additive over every table, and safe around what is hidden."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from analysis.disclosure.cells import Dimension, Table, from_counts
from analysis.disclosure.rounding import controlled_rounding
from analysis.errors import UsageError

CUBE = [[[0, 1], [1, 0]], [[0, 1], [1, 1]]]


def letters(name, size):
    return Dimension(name, tuple(f"{name}{number}" for number in range(size)))


def system_of(counts, tables=None, dimensions=None):
    given = dimensions or [letters(name, size) for name, size in zip("abc", counts.shape, strict=False)]
    shown = tables or [Table("all", "referrals", tuple(one.name for one in given))]
    return from_counts("referrals", given, shown, counts)


def assert_additive(system, printed):
    """Every total of every table is the sum of its parts, where none is hidden."""
    for table in system.tables:
        numbers = printed[system.cells_of(table)]
        for axis, name in enumerate(table.dimensions):
            leaves = len(system.dimensions[name].leaves)
            parts = np.take(numbers, range(leaves), axis=axis).sum(axis=axis)
            assert (parts == np.take(numbers, -1, axis=axis)).all()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("base", [3, 5, 10])
def test_two_way_tables_always_have_a_zero_restricted_rounding(seed, base):
    """Cox (1987): every number goes to the multiple below or above, multiples stay, sums hold."""
    draw = np.random.default_rng(seed)
    system = system_of(draw.poisson(9, (4, 5)))
    found = controlled_rounding(system, base=base)
    assert not found.hidden.any()
    assert not found.relaxed.size
    assert (found.printed % base == 0).all()
    assert (np.abs(found.printed - system.count) < base).all()
    assert_additive(system, found.printed)


@pytest.mark.parametrize("seed", range(6))
def test_linked_tables_share_their_margins(seed):
    """Three tables of two ways over one joint table: a margin that two show has one rounded number."""
    draw = np.random.default_rng(seed)
    tables = [Table(pair, "referrals", tuple(pair)) for pair in ("ab", "bc", "ac")]
    system = system_of(draw.poisson(4, (3, 4, 3)), tables)
    found = controlled_rounding(system)
    assert_additive(system, found.printed)
    away = np.abs(found.printed - system.count)
    assert (np.delete(away, found.relaxed) < 5).all()


def test_a_table_without_zero_restricted_rounding_is_relaxed_as_little_as_can_be():
    """A cube of 2 × 2 × 2 to base 2: every choice of multiples counted out, none is near for every sum."""
    cube = np.array(CUBE)
    system = system_of(cube)
    places = system.cells_of("all")
    fewest = min(len(wrong(system, places, choice)) for choice in product((0, 2), repeat=8))
    found = controlled_rounding(system, base=2)
    assert_additive(system, found.printed)
    assert (found.printed % 2 == 0).all()
    assert fewest > 0
    assert len(found.relaxed) == fewest
    assert found.relaxed.tolist() == wrong(system, places, found.printed[places[:2, :2, :2]].ravel())


def wrong(system, places, leaves):
    """Cells that a choice of leaves rounds to a multiple too far, or moves though they are multiples."""
    printed = np.zeros(len(system), dtype=int)
    inner = np.array(leaves).reshape(2, 2, 2)
    for axis in range(3):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    printed[places] = inner
    away = np.abs(printed - system.count)
    return np.flatnonzero((away >= 2) | ((system.count % 2 == 0) & (away > 0))).tolist()


def test_groups_and_totals_add_up():
    """A hierarchy is rounded with its leaves."""
    nested = Dimension("a", ("a0", "a1", "a2", "a3"), {"low": ("a0", "a1"), "high": ("a2", "a3")})
    other = letters("b", 3)
    system = system_of(np.random.default_rng(3).poisson(7, (4, 3)), dimensions=[nested, other])
    printed = controlled_rounding(system).printed
    for group, leaves in nested.groups.items():
        for node in other.leaves:
            parts = [printed[system.index([("a", leaf), ("b", node)])] for leaf in leaves]
            assert printed[system.index([("a", group), ("b", node)])] == sum(parts)


@pytest.mark.parametrize("seed", range(4))
def test_sensitive_cells_stay_under_the_marker_and_possible_at_both_ends(seed):
    """By a count of all tables that fit: a hidden cell may be 0, and may reach the threshold."""
    draw = np.random.default_rng(seed)
    system = system_of(draw.poisson(6, (2, 3)))
    found = controlled_rounding(system, base=5, threshold=6)
    assert (found.hidden >= system.sensitive(6)).all()
    shown = ~found.hidden
    assert (found.printed[shown] % 5 == 0).all()
    assert (found.printed[found.hidden] == -1).all()
    low, high = extremes(system, found)
    for cell in np.flatnonzero(system.sensitive(6)):
        assert low[cell] == 0
        assert high[cell] >= 6


def extremes(system, found, most=22):
    """Least and most of every cell over all tables of 2 × 3 that fit the rounded numbers, by brute force."""
    values = np.indices([most] * 3).reshape(3, -1).T
    rows = []
    for a in range(2):
        good = np.ones(len(values), dtype=bool)
        for b in range(3):
            good &= fits(found, system.index([("a", f"a{a}"), ("b", f"b{b}")]), values[:, b])
        rows.append(values[good & fits(found, system.index([("a", f"a{a}")]), values.sum(axis=1))])
    low, high = np.full(len(system), 10**6), np.zeros(len(system), dtype=int)
    for first in rows[0]:
        both = first + rows[1]
        good = fits(found, system.index([]), both.sum(axis=1))
        for b in range(3):
            good &= fits(found, system.index([("b", f"b{b}")]), both[:, b])
        seen = rows[1][good]
        if not len(seen):
            continue
        for b in range(3):
            for key, column in (
                ([("a", "a0"), ("b", f"b{b}")], np.array([first[b]])),
                ([("a", "a1"), ("b", f"b{b}")], seen[:, b]),
                ([("b", f"b{b}")], first[b] + seen[:, b]),
            ):
                place = system.index(key)
                low[place], high[place] = min(low[place], column.min()), max(high[place], column.max())
        for key, column in (
            ([("a", "a0")], np.array([first.sum()])),
            ([("a", "a1")], seen.sum(axis=1)),
            ([], first.sum() + seen.sum(axis=1)),
        ):
            place = system.index(key)
            low[place], high[place] = min(low[place], column.min()), max(high[place], column.max())
    return low, high


def fits(found, cell, values):
    if found.hidden[cell]:
        return np.ones(len(values), dtype=bool)
    return np.abs(values - found.printed[cell]) < found.base


def test_a_base_of_one_is_refused():
    """It would be no rounding."""
    with pytest.raises(UsageError, match="the base of rounding is 1"):
        controlled_rounding(system_of(np.ones((2, 2), dtype=int)), base=1)


def test_the_same_every_time():
    """No chance is in it."""
    system = system_of(np.random.default_rng(5).poisson(5, (3, 3, 3)))
    first, second = controlled_rounding(system), controlled_rounding(system)
    assert (first.printed == second.printed).all()
