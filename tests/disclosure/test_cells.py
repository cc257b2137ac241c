"""Cells of linked tables: each counted once, rows and survivors, nothing dropped silently."""

from __future__ import annotations

import time
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.cells import (
    TOTAL,
    CellSystem,
    Dimension,
    Table,
    from_counts,
    from_frame,
    make_key,
)
from analysis.errors import DataRefused, UsageError

SEX = Dimension("sex", ("female", "male"))
AGE = Dimension("age", ("16-24", "25-34", "35+"), {"under 35": ("16-24", "25-34")})
MONTH = Dimension("month", ("1", "2", "3"), {"1-2": ("1", "2"), "2-3": ("2", "3")})
PREGNANT = Dimension("pregnant", ("no", "yes"))
ALL = (SEX, AGE, MONTH, PREGNANT)


def table(name: str, *dimensions: str, **more: object) -> Table:
    return Table(name, "referrals", dimensions, **more)  # type: ignore[arg-type]


TABLES = (
    table("sex by age", "sex", "age"),
    table("age by month", "age", "month"),
    table("age of men", "age", where=(("sex", "male"),)),
    table("by month", "month", "sex", "pregnant", levels={"month": ("1-2", TOTAL)}),
)


def some(rows: int, seed: int = 0, people: int | None = None) -> pd.DataFrame:
    """SYNTHETIC rows."""
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame({one.name: draw.choice(one.leaves, rows) for one in ALL})
    frame.loc[frame["sex"] == "male", "pregnant"] = "no"
    return frame.assign(person=[f"p{number}" for number in draw.integers(0, people or 2 * rows, rows)])


def made(frame: pd.DataFrame, **more: object) -> CellSystem:
    impossible = [(("sex", "male"), ("pregnant", "yes"))]
    return from_frame(frame, "referrals", ALL, TABLES, **{"structural": impossible, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_every_cell_is_what_a_filter_would_count(seed):
    """Rows and distinct survivors of each cell are those of the rows that a filter on its nodes leaves."""
    frame = some(60, seed, people=25)
    system = made(frame)
    for place, key in enumerate(system.keys):
        rows = frame
        for name, node in key:
            rows = rows[rows[name].isin(system.dimensions[name].covers(node))]
        assert (system.count[place], system.people[place]) == (len(rows), len(set(rows["person"])))
        alone = len(set(rows["person"])) == 1
        assert (system.owner[place] >= 0) == alone
        if alone:
            hers = frame[frame["person"] == rows["person"].iloc[0]]
            theirs = system.joint.owner == system.owner[place]
            assert system.joint.weight[theirs].sum() == len(hers)


def test_a_margin_that_tables_share_is_one_cell():
    """Age stands in three tables, whose cells of all men, of each age and of everyone are the same."""
    system = made(some(50))
    assert len(set(system.keys)) == len(system.keys)
    assert list(system.keys) == sorted(system.keys)
    by_sex, by_month = system.cells_of("sex by age"), system.cells_of("age by month")
    assert by_sex.shape == (3, 5)
    assert by_month.shape == (5, 6)
    assert (by_sex[-1] == by_month[:, -1]).all()
    assert (system.cells_of("age of men") == by_sex[1]).all()
    assert system.index(()) == system.index([("sex", TOTAL)]) == by_sex[-1, -1]
    assert system.cells_of("by month").shape == (2, 3, 3)


def test_order_of_rows_and_names_of_survivors_leave_no_trace():
    """The same rows in another order under other names make the same system, joint table and all."""
    frame = some(80, people=30)
    other = frame.sample(frac=1, random_state=1)
    names = {name: f"x{hash(name)}" for name in frame["person"]}
    one, two = made(frame), made(other.assign(person=other["person"].map(names)))
    assert one.keys == two.keys
    for part in ("count", "people", "structural", "owner"):
        assert (getattr(one, part) == getattr(two, part)).all()
    for part in ("codes", "weight", "owner"):
        assert (getattr(one.joint, part) == getattr(two.joint, part)).all()


def test_an_impossible_cell_is_one_that_lies_within_what_was_declared():
    """Pregnant men are impossible in every table that can show them; a zero by chance is not."""
    frame = some(50)
    frame.loc[frame["age"] == "35+", "month"] = "1"
    system = made(frame)
    marked = {key for key, impossible in zip(system.keys, system.structural, strict=True) if impossible}
    assert make_key([("sex", "male"), ("pregnant", "yes")]) in marked
    assert all({("sex", "male"), ("pregnant", "yes")} <= set(key) for key in marked)
    assert not system.structural[system.index([("age", "35+"), ("month", "3")])]
    assert not (system.sensitive(10) & system.structural).any()
    assert (system.sensitive(10) == ((system.people < 10) & ~system.structural)).all()


def test_regions_that_cover_a_cell_together_make_it_impossible():
    """A group is impossible if each of its leaves is, though no one declaration covers it."""
    joint = np.array([[3, 2, 4], [0, 0, 5]])
    tables = [Table("t", "b", ("sex", "age"))]
    regions = [(("age", "16-24"), ("sex", "male")), (("age", "25-34"), ("sex", "male"))]
    system = from_counts("b", (SEX, AGE), tables, joint, structural=regions)
    assert system.structural[system.index([("sex", "male"), ("age", "under 35")])]
    assert system.structural.sum() == 3


def test_counts_and_rows_make_the_same_system():
    """A joint table of counts gives the cells that its rows give, one survivor a row."""
    frame = some(70).assign(person=range(70))
    joint = np.zeros([len(one.leaves) for one in ALL], dtype=np.int64)
    np.add.at(joint, tuple(pd.Categorical(frame[one.name], one.leaves).codes for one in ALL), 1)
    one, two = (
        made(frame),
        from_counts("referrals", ALL, TABLES, joint, structural=[(("pregnant", "yes"), ("sex", "male"))]),
    )
    assert one.keys == two.keys
    for part in ("count", "people", "structural"):
        assert (getattr(one, part) == getattr(two, part)).all()
    assert ((one.owner >= 0) == (two.owner >= 0)).all()


def test_few_survivors_may_have_many_rows():
    """Survivors decide what is sensitive, rows are what is counted."""
    counts, people = np.array([40, 12]), np.array([1, 12])
    system = from_counts("b", [SEX], [Table("t", "b", ("sex",))], counts, people=people)
    assert system.count.tolist() == [52, 40, 12]
    assert system.sensitive(10).tolist() == [False, True, False]
    assert system.owner.tolist() == [-1, 0, -1]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("age", None, "1 rows have no value"),
        ("age", "Anna Smith", "1 rows have a value that is not declared"),
        ("person", None, "1 rows have no person"),
        ("pregnant", "yes", "combination declared impossible"),
    ],
)
def test_a_row_that_cannot_be_counted_is_refused(column, value, said):
    """Nothing is dropped silently, and the refusal does not repeat what stands in the row."""
    frame = some(20)
    frame.loc[3, "sex"] = "male"
    frame.loc[3, column] = value
    with pytest.raises(DataRefused, match=said) as refused:
        made(frame)
    assert "Anna" not in str(refused.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Dimension("sex", ()), "no category"),
        (lambda: Dimension("sex", ("a", "a")), "used twice"),
        (lambda: Dimension("sex", ("a", TOTAL)), "is declared"),
        (lambda: Dimension("sex", ("a",), {"g": ("b",)}), 'covers "b"'),
        (lambda: table("t"), "0 dimensions"),
        (lambda: table("t", "a", "b", "c", "d", "e"), "5 dimensions"),
        (lambda: table("t", "sex", where=(("sex", "male"),)), "twice"),
        (lambda: table("t", "sex", levels={"age": ("35+",)}), "levels"),
        (lambda: from_frame(some(5), "referrals", ALL, []), "no table"),
        (lambda: from_frame(some(5), "stays", ALL, TABLES), 'counts "referrals"'),
        (lambda: from_frame(some(5), "referrals", ALL, [table("t", "agee")]), 'Did you mean "age"'),
        (
            lambda: from_frame(some(5), "referrals", ALL, [table("t", "age", where=(("sex", "mal"),))]),
            '"male"',
        ),
        (lambda: from_frame(some(5), "referrals", ALL, [table("t", "age"), table("t", "sex")]), "one name"),
        (lambda: from_frame(some(5).drop(columns="age"), "referrals", ALL, TABLES), 'no column "age"'),
        (lambda: from_frame(some(5), "referrals", (SEX, SEX), TABLES), "two dimensions"),
        (lambda: made(some(5)).index([("sex", "male"), ("month", "3")]), "no table shows"),
        (lambda: made(some(5)).cells_of("sex by agee"), "sex by age"),
        (lambda: from_counts("b", [SEX], [Table("t", "b", ("sex",))], np.zeros((3,))), "shape"),
    ],
)
def test_declarations_that_do_not_fit_are_refused(make, said):
    """With the nearest thing that would have been accepted."""
    with pytest.raises(UsageError, match=said):
        make()


def test_a_hundred_thousand_rows_in_twelve_tables_take_a_second():
    """Counting is no reason to wait; the limit is wide because machines are busy."""
    draw, rows = np.random.default_rng(0), 100_000
    wide = [Dimension(f"d{number}", tuple("abcdef"), {"ab": ("a", "b")}) for number in range(6)]
    frame = pd.DataFrame({one.name: draw.choice(one.leaves, rows) for one in wide})
    frame["person"] = draw.integers(0, rows // 2, rows)
    chosen = list(combinations([one.name for one in wide], 3))[:12]
    start = time.process_time()
    system = from_frame(frame, "b", wide, [Table("".join(names), "b", names) for names in chosen])
    assert time.process_time() - start < 4
    assert len(system) > 12 * 6**3
    spot = dict(product(["d0", "d1", "d2"], ["ab"]))
    inside = frame[(frame[list(spot)].isin(["a", "b"])).all(axis=1)]
    place = system.index(spot.items())
    assert (system.count[place], system.people[place]) == (len(inside), inside["person"].nunique())
