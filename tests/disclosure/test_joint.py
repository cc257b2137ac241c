"""Cliques and junction trees: what makes local agreement enough for a joint table."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from analysis.disclosure.solving.joint import apart, joined

SIZES = dict(zip("abcdefgh", (2, 3, 4, 5, 2, 3, 4, 5), strict=True))


def some(seed: int) -> list[str]:
    draw = np.random.default_rng(seed)
    pairs = ["".join(pair) for size in (2, 3) for pair in combinations("abcdefgh", size)]
    return [str(one) for one in draw.choice(pairs, draw.integers(2, 9), replace=False)]


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("limit", [10**9, 60])
def test_every_table_lies_in_a_clique_and_the_same_tables_give_the_same_tree(seed, limit):
    """Whatever the order of the tables; beyond the limit the tree is not exact, and no clique is larger."""
    scopes = some(seed)
    tree = joined(scopes, SIZES, limit=limit)
    assert all(any(set(scope) <= set(clique) for clique in tree.cliques) for scope in scopes)
    assert tree == joined(scopes[::-1], SIZES, limit=limit)
    assert tree.exact or tree.largest <= max(
        limit, *(np.prod([SIZES[one] for one in scope]) for scope in scopes)
    )
    for one, other, shared in tree.links:
        assert set(shared) <= set(tree.cliques[one]) & set(tree.cliques[other])


@pytest.mark.parametrize("seed", range(30))
def test_cliques_that_share_a_dimension_hang_together(seed):
    """Running intersection: a dimension's cliques are connected through links that carry it."""
    tree = joined(some(seed), SIZES, limit=10**9)
    assert tree.exact
    assert len(tree.links) == len(tree.cliques) - 1
    for name in {name for clique in tree.cliques for name in clique}:
        holders = [place for place, clique in enumerate(tree.cliques) if name in clique]
        reached = {holders[0]}
        for _ in holders:
            for one, other, shared in tree.links:
                if name in shared and reached & {one, other}:
                    reached |= {one, other}
        assert reached >= set(holders)


def test_a_square_needs_a_diagonal():
    """Four tables round a square have no joint table for certain until a diagonal is drawn."""
    square = ["ab", "bc", "cd", "ad"]
    assert joined(square, SIZES).cliques == (("a", "b", "c"), ("a", "c", "d"))
    assert apart(square, SIZES).cliques == (("a", "b"), ("a", "d"), ("b", "c"), ("c", "d"))
    assert not apart(square, SIZES).exact
    assert joined(["ab", "abc"], SIZES).links == ()


def test_tables_without_a_common_dimension_count_the_same_rows():
    """They are linked by the cell of everyone."""
    assert joined(["ab", "cd"], SIZES).links == ((0, 1, ()),)
    assert apart(["ab", "cd"], SIZES).links == ((0, 1, ()),)
