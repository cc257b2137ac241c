"""Cell suppression: what is hidden, that it is safe and needed, and what the choice depends on."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.attack import attack, ranges
from analysis.disclosure.cells import Dimension, Table, from_counts, from_frame
from analysis.disclosure.protect import BANDS, choose, costs, protect
from analysis.disclosure.published import Published
from analysis.disclosure.solving.wanted import DOWN, OUTSIDER, UP, wanted
from analysis.errors import DisclosureRefused

SEX = Dimension("sex", ("female", "male", "other"))
OUTCOME = Dimension("outcome", ("accepted", "declined", "withdrawn"))
BOTH = Table("by sex", "referrals", ("sex", "outcome"))


def two_way(counts, **more):
    return from_counts("referrals", [SEX, OUTCOME], [BOTH], np.array(counts), **more)


def keys(system, mask):
    return {system.keys[place] for place in np.flatnonzero(mask)}


def released(system, hidden):
    """Return what a reader of a release has."""
    return Published(
        base=system.base,
        area=("E10000020",),
        start="2022-04-01",
        end="2023-03-31",
        threshold=10,
        tables=system.tables,
        dimensions=system.dimensions,
        cells={
            key: None if hide else int(count)
            for key, hide, count in zip(system.keys, hidden, system.count, strict=True)
        },
        data="0" * 64,
    )


def test_nothing_is_hidden_where_nothing_is_sensitive():
    """Every count reaches the threshold: all are printed, after one attack."""
    found = protect(two_way([[30, 20, 10], [15, 12, 11], [10, 10, 10]]), threshold=10)
    assert not found.hidden.any()
    assert found.attack.safe
    assert found.rounds == 1


def test_one_small_cell_takes_three_complements_with_it():
    """In a table of two ways a cell needs another in its row, its column, and where those meet."""
    system = two_way([[30, 20, 40], [15, 3, 22], [50, 60, 70]])
    found = protect(system, threshold=10)
    assert keys(system, found.primary) == {(("outcome", "declined"), ("sex", "male"))}
    assert found.hidden.sum() == 4
    assert found.attack.safe


def test_between_equals_inner_and_small_cells_are_hidden():
    """Totals stay in print where as few inner cells will do; small counts are hidden before large ones."""
    system = two_way([[30, 20, 400], [15, 3, 220], [500, 600, 700]])
    found = protect(system, threshold=10)
    assert keys(system, found.hidden) == {
        (("outcome", outcome), ("sex", sex))
        for sex in ("female", "male")
        for outcome in ("accepted", "declined")
    }


def test_a_zero_hides_under_the_same_marker():
    """None is a count below the threshold like any other, and must be able to be ten."""
    system = two_way([[30, 20, 40], [15, 0, 22], [50, 60, 70]])
    assert keys(system, protect(system, threshold=10).hidden) > {(("outcome", "declined"), ("sex", "male"))}


def test_what_is_impossible_is_never_hidden_and_hides_nothing():
    """A combination that cannot be is known to everyone."""
    cell = (("outcome", "declined"), ("sex", "male"))
    system = two_way([[30, 20, 40], [15, 0, 22], [50, 60, 70]], structural=[cell])
    assert not protect(system, threshold=10).hidden.any()


def test_a_tiny_base_is_hidden_to_its_total():
    """Seven referrals in all: nothing is printed, and that is safe."""
    found = protect(two_way([[2, 1, 0], [1, 0, 0], [3, 0, 0]]), threshold=10)
    assert found.hidden.all()
    assert found.attack.safe


def test_two_survivors_alone_in_a_row_do_not_give_each_other_away():
    """Two cells of one would add up to two in print: each would know the other."""
    system = two_way([[60, 1, 1], [50, 70, 80], [40, 90, 60]])
    found = protect(system, threshold=10)
    assert found.attack.safe
    weaker = attack(system, found.primary, threshold=10)
    assert not weaker.safe


def test_survivors_are_counted_not_rows():
    """Twelve referrals of four survivors are too few people for a number."""
    rows = [("female", f"f{number}") for number in range(30)] + [
        ("male", f"m{number % 4}") for number in range(12)
    ]
    frame = pd.DataFrame(rows, columns=["sex", "person"])
    system = from_frame(frame, "referrals", [SEX], [Table("by sex", "referrals", ("sex",))])
    found = protect(system, threshold=10)
    assert (("sex", "male"),) in keys(system, found.primary)
    assert found.attack.safe


def test_linked_tables_are_protected_together():
    """A margin that two tables share is hidden in both or in none, and one table does not undo the other."""
    age = Dimension("age", ("16-24", "25-64", "65+"))
    draw = np.random.default_rng(4)
    joint = draw.multinomial(400, draw.dirichlet(np.full(27, 0.8))).reshape(3, 3, 3)
    tables = [
        BOTH,
        Table("by age", "referrals", ("age", "outcome")),
        Table("ages", "referrals", ("sex", "age")),
    ]
    system = from_counts("referrals", [SEX, OUTCOME, age], tables, joint)
    found = protect(system, threshold=10)
    assert found.attack.safe
    for table in tables:
        alone = from_counts("referrals", [SEX, OUTCOME, age], [table], joint)
        own = np.array([found.hidden[system.index(key)] for key in alone.keys])
        assert attack(alone, own, threshold=10).safe


@pytest.mark.parametrize("seed", range(6))
def test_every_complement_is_needed(seed):
    """Shown by itself, any of them gives something away."""
    draw = np.random.default_rng(seed)
    joint = draw.multinomial(250, draw.dirichlet(np.ones(9))).reshape(3, 3)
    system = two_way(joint)
    found = protect(system, threshold=10)
    assert found.attack.safe
    for cell in np.flatnonzero(found.hidden & ~found.primary):
        fewer = found.hidden.copy()
        fewer[cell] = False
        assert not attack(system, fewer, threshold=10).safe, system.keys[cell]


def test_the_same_whatever_the_order_of_rows_and_names_of_survivors():
    """The pattern is a function of the counts, not of how they came."""
    draw = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "sex": draw.choice(SEX.leaves, 300, p=[0.8, 0.15, 0.05]),
            "outcome": draw.choice(OUTCOME.leaves, 300),
            "person": draw.integers(0, 260, 300),
        }
    )
    shuffled = frame.sample(frac=1, random_state=2).assign(
        person=lambda rows: "p" + rows["person"].astype(str)
    )
    first, second = (from_frame(one, "referrals", [SEX, OUTCOME], [BOTH]) for one in (frame, shuffled))
    assert (protect(first, threshold=10).hidden == protect(second, threshold=10).hidden).all()


def test_costs_depend_on_the_bands_of_counts_alone():
    """Other numbers in the same bands cost the same; one in another band does not."""
    first = two_way([[30, 20, 40], [15, 3, 22], [50, 60, 70]])
    moved = two_way([[31, 18, 40], [14, 8, 20], [53, 55, 70]])
    assert (costs(first, 10) == costs(moved, 10)).all()
    higher = two_way([[30, 20, 40], [15, 3, 22], [50, 60, BANDS[-1]]])
    assert (costs(first, 10) != costs(higher, 10)).any()


def test_another_table_that_fits_the_print_and_the_bands_has_the_same_pattern():
    """Hidden numbers that change within their bands, printed ones unchanged: the pattern does not tell."""
    first = two_way([[30, 20, 40], [15, 3, 22], [50, 60, 70]])
    pattern = choose(first, threshold=10)
    other = two_way([[31, 19, 40], [14, 4, 22], [50, 60, 70]])
    assert (first.count[~pattern] == other.count[~pattern]).all()
    assert (choose(other, threshold=10) == pattern).all()


def test_what_an_earlier_release_printed_counts():
    """A breakdown printed before takes the place of complements, and may make one cell hopeless."""
    system = two_way([[30, 20, 40], [15, 12, 22], [50, 60, 70]])
    system = dataclasses.replace(system, area=("E10000020",), start="2022-04-01", end="2023-03-31")
    before = released(system, np.zeros(len(system), dtype=np.bool_))
    with pytest.raises(DisclosureRefused) as refused:
        protect(system, threshold=20, earlier=[before])
    assert "nothing protects the cell" in str(refused.value)
    assert "table by sex" in str(refused.value)
    assert not any(character.isdigit() for character in str(refused.value))


def test_after_a_release_of_margins_the_same_margins_stay_in_print():
    """What is out already cannot be hidden, so inner cells are."""
    counts = np.array([[30, 20, 40], [15, 3, 22], [50, 60, 70]])
    margins = from_counts(
        "referrals",
        [SEX, OUTCOME],
        [Table("sexes", "referrals", ("sex",)), Table("outcomes", "referrals", ("outcome",))],
        counts,
    )
    place = {"area": ("E10000020",), "start": "2022-04-01", "end": "2023-03-31"}
    before = released(margins, np.zeros(len(margins), dtype=np.bool_))
    system = dataclasses.replace(two_way(counts), **place)
    found = protect(system, threshold=10, earlier=[before])
    assert found.attack.safe
    assert all(len(key) == 2 for key in keys(system, found.hidden))


def in_turn(counts, dimensions, names, *, people=None):
    """Protect tables one after another, each in a release of its own, and attack each with all before it."""
    before, patterns = [], []
    for name in names:
        table = Table(name, "referrals", tuple(name))
        system = from_counts("referrals", dimensions, [table], counts, people=people)
        system = dataclasses.replace(system, area=("E10000020",), start="2022-04-01", end="2023-03-31")
        found = protect(system, threshold=10, earlier=before)
        assert found.attack.safe
        before.append(released(system, found.hidden))
        patterns.append(found.hidden)
    return patterns


@pytest.mark.parametrize("seed", range(12))
def test_one_more_table_of_the_same_sparse_rows_is_never_refused(seed):
    """Table after table over one base, most cells small: what is out already is no reason to stop."""
    draw = np.random.default_rng([31, seed])
    dimensions = [Dimension(name, tuple(f"{name}{place}" for place in range(3))) for name in "abc"]
    rows = int(draw.integers(25, 120))
    counts = draw.multinomial(rows, draw.dirichlet(np.full(27, 0.4))).reshape(3, 3, 3)
    people = counts - draw.binomial(np.maximum(counts - 1, 0), 0.3)
    in_turn(counts, dimensions, ["ab", "c", "bc", "a", "ac"], people=people)


def test_a_cell_that_only_an_earlier_release_has_hides_everything_before_it_is_a_refusal(monkeypatch):
    """Where the choice would give it away, all tables are hidden; nobody is told to declare a table."""
    dimensions = [SEX, OUTCOME]
    counts = np.array([[30, 20, 40], [15, 3, 22], [50, 60, 70]])
    place = {"area": ("E10000020",), "start": "2022-04-01", "end": "2023-03-31"}
    first = dataclasses.replace(two_way(counts), **place)
    before = released(first, protect(first, threshold=10).hidden)
    tables = [
        Table("declined", "referrals", ("sex",), where=(("outcome", "declined"),)),
        Table("accepted", "referrals", ("outcome",), where=(("sex", "female"),)),
    ]
    second = dataclasses.replace(from_counts("referrals", dimensions, tables[1:], counts), **place)
    monkeypatch.setattr(
        "analysis.disclosure.protect.choose", lambda system, **_: np.zeros(len(system), dtype=np.bool_)
    )
    found = protect(second, threshold=10, earlier=[before])
    assert found.hidden.all()
    assert found.attack.safe


def test_of_what_lies_within_her_own_cell_nothing_is_demanded_for_a_survivor():
    """She alone is in it, so that she knows its parts, which an earlier release hid, in any case."""
    system = two_way([[60, 50, 70], [1, 0, 0], [40, 90, 60]])
    found = wanted(system, ~system.structural, threshold=10, alone=True)
    her = int(np.flatnonzero(found.known[:, system.index([("sex", "male")])])[0])
    own = (("age", "25"), ("outcome", "declined"), ("sex", "male"))
    other = (("age", "25"), ("outcome", "declined"), ("sex", "female"))
    found.also(system, [own, other], [10, 10])
    assert not found.open[-2, :, her].any()
    assert found.open[-2, UP, OUTSIDER]
    assert found.open[-1, UP].all()
    assert not found.open[-2:, DOWN].any()


def test_what_margins_in_print_tell_already_is_not_held_against_a_release_that_adds_nothing():
    """Of 60, 50 are in one margin and 14 in the other: 4 at least are in both, before and after."""
    sex, outcome = Dimension("sex", ("female", "other")), Dimension("outcome", ("accepted", "declined"))
    counts = np.array([[9, 41], [5, 5]])
    alone = [Table(one, "referrals", (one,)) for one in ("sex", "outcome")]
    margins = from_counts("referrals", [sex, outcome], alone, counts)
    place = {"area": ("E10000020",), "start": "2022-04-01", "end": "2023-03-31"}
    before = released(margins, np.zeros(len(margins), dtype=np.bool_))
    system = dataclasses.replace(from_counts("referrals", [sex, outcome], [BOTH], counts), **place)
    cell = system.index([("sex", "female"), ("outcome", "accepted")])
    found = protect(system, threshold=10, earlier=[before])
    assert found.attack.safe
    assert found.hidden.sum() == 4
    low, high = ranges(system, found.hidden, earlier=[before])
    assert (low[cell], high[cell]) == (4, 14)
    others = np.flatnonzero(found.primary & (np.arange(len(system)) != cell))
    assert not low[others].any()
