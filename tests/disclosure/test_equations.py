"""Cells as sums of atoms: the truth satisfies every equation, and cliques agree on it."""

from __future__ import annotations

import numpy as np

from analysis.disclosure.cells import Dimension
from analysis.disclosure.equations import refined, space
from analysis.disclosure.joint import joined

SIZES = {"a": 2, "b": 3, "c": 2, "d": 2}


def test_columns_of_a_box_hold_the_rows_of_that_box():
    """Rows counted atom by atom add up to what a filter counts in every clique, and cliques agree."""
    draw = np.random.default_rng(0)
    codes = np.stack([draw.integers(0, size, 50) for size in SIZES.values()], axis=1)
    room = space(joined([("a", "b"), ("b", "c", "d")], SIZES), SIZES)
    assert room.width == 6 + 12
    truth = np.zeros(room.width)
    for clique in range(2):
        np.add.at(truth, room.of_rows(clique, codes, list(SIZES)), 1)
    assert np.abs(room.agreement() @ truth).max() == 0
    assert room.agreement().shape == (3, 18)
    assert room.homes("b") == [0, 1]
    box = {"b": np.array([0, 2])}
    for clique in room.homes(box):
        assert truth[room.atoms(clique, box)].sum() == (codes[:, 1] != 1).sum()
    box = {"b": np.array([1]), "d": np.array([0])}
    assert truth[room.atoms(room.home(box), box)].sum() == ((codes[:, 1] == 1) & (codes[:, 3] == 0)).sum()


def test_leaves_that_no_node_tells_apart_are_one_atom():
    """Groups that overlap cut leaves into atoms; without any node all are one."""
    month = Dimension("month", ("1", "2", "3", "4"), {"1-2": ("1", "2"), "2-3": ("2", "3")})
    size, atom = refined(month, ["1-2", "2-3"])
    assert size == 4
    assert len(set(atom)) == 4
    size, atom = refined(month, ["1-2"])
    assert size == 2
    assert atom[0] == atom[1] != atom[2] == atom[3]
    assert refined(month, [])[0] == 1
    assert refined(month, ["All"])[0] == 1
