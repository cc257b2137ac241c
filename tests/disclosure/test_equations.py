"""Cells as sums of atoms: the truth satisfies every equation, and cliques agree on it."""

from __future__ import annotations

import numpy as np

from analysis.disclosure.cells import Dimension, Table, from_counts, make_key
from analysis.disclosure.solving.equations import refined, space
from analysis.disclosure.solving.joint import joined
from analysis.disclosure.solving.knowledge import know

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


def test_leaves_that_no_set_tells_apart_are_one_atom():
    """Groups that overlap cut leaves into atoms; without any set all are one."""
    month = Dimension("month", ("1", "2", "3", "4"), {"1-2": ("1", "2"), "2-3": ("2", "3")})
    size, atom = refined(month, [month.covers("1-2"), month.covers("2-3")])
    assert size == 4
    assert len(set(atom)) == 4
    size, atom = refined(month, [month.covers("1-2")])
    assert size == 2
    assert atom[0] == atom[1] != atom[2] == atom[3]
    assert refined(month, [])[0] == 1
    assert refined(month, [month.covers("All")])[0] == 1


def test_leaves_of_which_the_same_is_impossible_are_one_atom():
    """Only what can stand beside it tells a leaf from another of its group."""
    reason = Dimension("reason", ("full", "too far", "no lift", "other"), {"away": ("too far", "no lift")})
    end = Dimension("end", ("refused", "withdrawn"))
    table = Table("ends", "referrals", ("reason", "end"), levels={"reason": ("away", "All")})
    never = [make_key([("reason", one), ("end", "refused")]) for one in ("too far", "no lift")]
    counts = np.array([[12, 3], [0, 7], [0, 4], [15, 9]])
    both = from_counts("referrals", [reason, end], [table], counts, structural=never)
    known = know(both, np.ones(len(both), dtype=np.bool_))
    assert known.space.sizes == {"reason": 2, "end": 2}
    assert int(known.empty.sum()) == 1
    counts[1, 0] = 2
    one = from_counts("referrals", [reason, end], [table], counts, structural=never[1:])
    assert know(one, np.ones(len(one), dtype=np.bool_)).space.sizes == {"reason": 3, "end": 2}
