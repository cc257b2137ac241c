"""Releases brought to common atoms, and the ranges that a reader of all of them can derive."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise, product

import pytest

from analysis.disclosure.earlier.geography import NOWHERE, Geography
from analysis.disclosure.earlier.history import examine, refusals
from analysis.disclosure.earlier.lineage import REGION, lineage
from analysis.disclosure.earlier.linked import band, bases, link
from analysis.disclosure.earlier.reader import Box, Contradiction, Printed, Reader, bits
from analysis.disclosure.earlier.regions import span
from analysis.disclosure.published import Published
from analysis.disclosure.tables import Dimension, Key, Table, make_key
from analysis.errors import DataRefused

GEOGRAPHY = Geography.load()
GROUPS = {"white": ("british", "irish"), "asian": ("indian", "chinese")}
ETHNICITY = Dimension("ethnicity", ("british", "irish", "indian", "chinese", "unknown"), GROUPS)
ETHNIC_GROUP = Dimension("ethnic_group", ("white", "asian", "unknown"))
SEX = Dimension("sex", ("female", "male"))


def release(
    *dimensions: Dimension, base: str = "referrals", cells: dict[Key, int | None] | None = None
) -> Published:
    """A release of one-way tables of some dimensions, all cells hidden but those given."""
    hidden = {((one.name, node),): None for one in dimensions for node in one.nodes if node != "All"}
    return Published(
        base=base,
        area=("norfolk",),
        start="2022-04-01",
        end="2022-06-30",
        threshold=10,
        tables=tuple(Table(one.name, base, (one.name,)) for one in dimensions),
        dimensions={one.name: one for one in dimensions},
        cells={(): None, **hidden, **(cells or {})},
        data="",
    )


# -- areas, days, bands --------------------------------


def test_an_authority_is_its_districts_and_those_of_none() -> None:
    """Under its name, its slug and its code; a unitary authority is its own district."""
    norfolk = GEOGRAPHY.atoms(["norfolk"])
    assert norfolk == GEOGRAPHY.atoms(["E10000020"]) == GEOGRAPHY.atoms(["Norfolk"])
    assert GEOGRAPHY.atoms(["Norwich"]) < norfolk
    assert len(norfolk) == 8
    assert sum(atom.endswith(NOWHERE) for atom in norfolk) == 1
    assert len(GEOGRAPHY.atoms(["leicester"])) == 1
    assert not GEOGRAPHY.atoms(["nottingham"]) & GEOGRAPHY.atoms(["nottinghamshire"])
    assert GEOGRAPHY.atoms(["King’s Lynn and West Norfolk"]) == GEOGRAPHY.atoms(
        ["kings-lynn-and-west-norfolk"]
    )


def test_an_area_nobody_knows_is_an_atom() -> None:
    """And is the same atom each time."""
    assert GEOGRAPHY.atoms(["Suffolk"]) == GEOGRAPHY.atoms(["suffolk"]) == {"suffolk"}


@pytest.mark.parametrize(
    ("label", "kind", "first", "after"),
    [
        ("2022-04", "month", "2022-04-01", "2022-05-01"),
        ("December 2022", "month", "2022-12-01", "2023-01-01"),
        ("2022Q4", "quarter", "2022-10-01", "2023-01-01"),
        ("2022", "year", "2022-01-01", "2023-01-01"),
        ("2022-23", "year", "2022-04-01", "2023-04-01"),
        ("2022-04-01 to 2022-04-30", "period", "2022-04-01", "2022-05-01"),
    ],
)
def test_a_label_of_time_is_its_days(label: str, kind: str, first: str, after: str) -> None:
    """From its first day to the day after its last."""
    assert span(label, kind) == (date.fromisoformat(first), date.fromisoformat(after))


@pytest.mark.parametrize(("label", "kind"), [("unknown", "month"), ("2022-13", "month"), ("2022Q4", "sex")])
def test_what_is_no_time_is_none(label: str, kind: str) -> None:
    """A dimension with such a category says what, not when."""
    assert span(label, kind) is None


@pytest.mark.parametrize(
    ("label", "years"),
    [
        ("16-24", (16, 24)),
        ("16 to 24", (16, 24)),
        ("Aged 16–24", (16, 24)),
        ("65+", (65, 999)),
        ("65 and over", (65, 999)),
        ("17-plus", (17, 999)),
        ("Under 16", (0, 15)),
        ("Not recorded", None),
        ("45 Smith Street", None),
    ],
)
def test_a_band_of_age_is_its_years(label: str, years: tuple[int, int] | None) -> None:
    """However it is written."""
    assert band(label) == years


# -- dimensions that are one --------------------------------


def test_a_coarser_list_is_linked_by_its_declared_groups() -> None:
    """Under another name, in another release and in the same."""
    linked = link([release(ETHNICITY), release(ETHNIC_GROUP)], [(0, "ethnicity"), (1, "ethnic_group")])
    fine, coarse = linked[0, "ethnicity"], linked[1, "ethnic_group"]
    assert fine is coarse
    assert fine.atoms == 5
    assert fine.masks[1, "ethnic_group", "white"] == fine.masks[0, "ethnicity", "white"]
    assert (
        fine.masks[0, "ethnicity", "british"] | fine.masks[0, "ethnicity", "irish"]
        == (fine.masks[1, "ethnic_group", "white"])
    )
    both = link([release(ETHNICITY, ETHNIC_GROUP)], [(0, "ethnicity"), (0, "ethnic_group")])
    assert both[0, "ethnicity"] is both[0, "ethnic_group"]


def test_what_one_release_tells_apart_is_never_linked() -> None:
    """Yes and no to two questions are two dimensions, whatever the numbers."""
    need, children = (Dimension(name, ("yes", "no")) for name in ("need", "children"))
    cells: dict[Key, int | None] = {(("need", "yes"),): 50, (("children", "yes"),): 50}
    both = release(need, children, cells=cells)
    alone = release(children, cells={(("children", "yes"),): 50})
    linked = link([both, alone], [(0, "need"), (0, "children"), (1, "children")])
    assert linked[0, "need"] is not linked[0, "children"]
    assert linked[0, "children"] is linked[1, "children"]


def test_lists_of_one_name_without_a_common_category_stand_side_by_side() -> None:
    """Nothing is concluded from one about the other."""
    one, other = Dimension("kind", ("refuge", "dispersed")), Dimension("kind", ("hostel", "hotel"))
    linked = link([release(one), release(other)], [(0, "kind"), (1, "kind")])
    assert {found.name for found in linked.values()} == {"kind", "kind (2)"}


def test_a_category_that_only_one_list_has_is_all_that_the_other_has_besides() -> None:
    """Minoritised is everyone whom the longer list does not call white."""
    short = Dimension("ethnicity", ("white", "minoritised"))
    linked = link([release(ETHNICITY), release(short)], [(0, "ethnicity"), (1, "ethnicity")])
    found = linked[1, "ethnicity"]
    assert found.masks[1, "ethnicity", "white"] | found.masks[1, "ethnicity", "minoritised"] == (
        (1 << found.atoms) - 1
    )


def test_bases_are_one_if_all_their_numbers_are() -> None:
    """Three numbers alike and none that differs, for the same place and time."""
    cells: dict[Key, int | None] = {(): 120, (("sex", "female"),): 80, (("sex", "male"),): 40}
    one, other = release(SEX, cells=cells), release(SEX, base="applications", cells=cells)
    third = release(SEX, base="stays", cells={**cells, (("sex", "male"),): 41})
    assert bases([one, other, third]) == ["applications", "applications", "stays"]


def test_an_impossible_cell_is_known_to_be_none() -> None:
    """One that is absent from its table is a printed zero."""
    found = release(SEX)
    without = {key: value for key, value in found.cells.items() if key != (("sex", "male"),)}
    line = lineage([Published(**{**vars_of(found), "cells": without})], GEOGRAPHY)
    values = {cell.key: cell.value for cell in line.cells}
    assert values == {(): None, (("sex", "female"),): None, (("sex", "male"),): 0}


def vars_of(one: Published) -> dict[str, object]:
    return {name: getattr(one, name) for name in Published.__dataclass_fields__}


# -- ranges --------------------------------

SIZES = {"a": 2, "b": 2, "c": 2}


def boxes(names: tuple[str, ...]) -> Iterator[Box]:
    """Every cell of a table of some dimensions."""
    for atoms in product(*(range(SIZES[name]) for name in names)):
        yield tuple((name, 1 << atom) for name, atom in zip(names, atoms, strict=True))


def tables(total: int, atoms: int) -> Iterator[tuple[int, ...]]:
    """Every way to put some rows into some atoms."""
    for cuts in combinations(range(total + atoms - 1), atoms - 1):
        edges = (-1, *cuts, total + atoms - 1)
        yield tuple(after - before - 1 for before, after in pairwise(edges))


def value(table: tuple[int, ...], box: Box) -> int:
    """Return a cell of a joint table over a, b and c."""
    inside = [bits(dict(box).get(name, 3)) for name in SIZES]
    return sum(table[4 * a + 2 * b + c] for a, b, c in product(*inside))


@pytest.mark.parametrize("seed", range(25))
def test_ranges_are_those_of_every_table_that_fits(seed: int) -> None:
    """Compared with all joint tables written out: margins, cross-tabulations, circles of three, intervals."""
    chance = random.Random(seed)  # noqa: S311
    truth = tuple(chance.choice((0, 0, 1, 1, 2)) for _ in range(8))
    shown = [()] if sum(truth) else []
    shapes = [("a",), ("b",), ("c",), ("a", "b"), ("b", "c"), ("a", "c"), ("a", "b", "c")]
    for names in chance.sample(shapes[:6], chance.randint(2, 5)):
        shown += [box for box in boxes(names) if chance.random() < 0.7]
    asked = [box for names in shapes for box in boxes(names)]
    slack = chance.choice((0, 0, 1))
    printed = [Printed(box, max(0, value(truth, box) - slack), value(truth, box) + slack) for box in shown]
    fitting = [
        table
        for total in range(max(0, sum(truth) - slack), sum(truth) + slack + 1)
        for table in tables(total, 8)
        if all(one.low <= value(table, one.box) <= (one.high or 0) for one in printed)
    ]
    reader = Reader(SIZES, [*printed, Printed((), 0, sum(truth) + slack)], asked, enough=5)
    assert reader.exact
    for box in asked:
        every = [value(table, box) for table in fitting]
        assert reader.range(box, below=3, full=True) == (min(every), max(every))
        assert reader.constant(box) == (every[0] if min(every) == max(every) else None)


def test_a_range_may_stop_where_it_is_harmless() -> None:
    """Below the threshold it is exact; above it only says so much."""
    reader = Reader(
        SIZES, [Printed((), 100, 100), Printed((("a", 1),), 30, 30)], [(("a", 2),), (("b", 1),)], enough=10
    )
    assert reader.range((("a", 2),), below=10) == (70, 70)
    low, high = reader.range((("b", 1),), below=10)
    assert low == 0
    assert high >= 10


@pytest.mark.parametrize(
    "wrong", [[Printed((), 5, 5), Printed((), 6, 6)], [Printed((), 5, 5), Printed((("a", 1),), 6, 6)]]
)
def test_what_contradicts_itself_has_no_range(wrong: list[Printed]) -> None:
    """The same cell with two numbers, a part larger than the whole."""
    with pytest.raises(Contradiction):
        Reader(SIZES, wrong, [], enough=1)


# -- what a release is --------------------------------


def test_where_and_when_is_a_dimension_of_the_releases_together() -> None:
    """One part for what both cover and one for what only the later does."""
    longer = Published(**{**vars_of(release(SEX)), "end": "2022-07-31"})
    line = lineage([release(SEX), longer], GEOGRAPHY)
    assert line.sizes[REGION] == 2
    assert any("2022-07-01 to 2022-07-31" in words for words in line.parts)


def test_nothing_before_is_nothing_to_compare() -> None:
    """The first release of a base is held against nothing."""
    assert refusals([release(SEX, cells={(): 120})], []) == []
    assert examine([], []).exact


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"end": "2022-03-31"}, "ends before it starts"),
        ({"start": "April"}, "not two ISO dates"),
        ({"area": ()}, "names no base or no area"),
        ({"threshold": 0}, "no whole number"),
        ({"cells": {(("sex", "female"), ("age", "x")): 1}}, "not sorted"),
        ({"cells": {(("sex", "both"),): 1}}, 'undeclared category of "sex"'),
        ({"cells": {(("sex", "All"),): 1}}, 'undeclared category of "sex"'),
        ({"cells": {(): -1}}, "no count"),
        ({"cells": {(): 1.0}}, "no count"),
        ({"cells": {(): True}}, "no count"),
        ({"base": "stays"}, "is of another base"),
        ({"dimensions": {}}, "is not declared"),
    ],
)
def test_a_release_that_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    """With what is wrong, and no number of it."""
    with pytest.raises(DataRefused, match="release of") as refused:
        Published(**{**vars_of(release(SEX)), **change})
    assert said in str(refused.value)


def test_counts_of_numpy_are_counts() -> None:
    """They are kept as plain whole numbers, so that the same release has the same digest."""
    import numpy as np

    plain = release(SEX, cells={(): 120})
    counted = release(SEX, cells={(): np.int64(120)})
    assert counted.digest == plain.digest
    assert make_key([("sex", "male")]) in counted.cells


def test_text_that_is_no_release_is_refused() -> None:
    """Whatever it is."""
    for text in ("", "[]", "{}", '{"form": "other"}', release(SEX).to_json().replace("referrals", "", 1)):
        with pytest.raises(DataRefused):
            Published.from_json(text)
