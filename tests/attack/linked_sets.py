"""SYNTHETIC sets of linked tables, made from a seed: skewed small counts, hierarchies, impossible cells."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from analysis.disclosure.cells import CellSystem, Dimension, Key, Table, from_counts

ETHNIC = Dimension(
    "ethnicity",
    tuple(f"e{number}" for number in range(19)),
    {
        "Asian": ("e0", "e1", "e2", "e3", "e4"),
        "Black": ("e5", "e6", "e7"),
        "Mixed": ("e8", "e9", "e10", "e11"),
        "White": ("e12", "e13", "e14", "e15", "e16"),
        "Other": ("e17", "e18"),
    },
)
"""Five groups of nineteen, as in the census of England."""


def plain(name: str, size: int) -> Dimension:
    return Dimension(name, tuple(f"{name}{number}" for number in range(size)))


def skewed(draw: np.random.Generator, shape: tuple[int, ...], rows: int) -> np.ndarray:
    """Rows over a joint table: margins that differ much, some cells empty, no two dimensions independent."""
    chance = np.ones(shape)
    for axis, size in enumerate(shape):
        wide = [1] * len(shape)
        wide[axis] = size
        chance = chance * draw.dirichlet(np.full(size, 0.9)).reshape(wide)
    chance = chance * draw.gamma(0.7, 1, shape) + 1e-12
    return draw.multinomial(rows, (chance / chance.sum()).ravel()).reshape(shape)


def few_people(draw: np.random.Generator, counts: np.ndarray) -> np.ndarray:
    """Distinct survivors behind rows: now and then one has several."""
    return counts - draw.binomial(np.maximum(counts - 1, 0), 0.08)


def made(
    draw: np.random.Generator,
    dimensions: list[Dimension],
    tables: list[Table],
    rows: int,
    impossible: list[Key] | None = None,
) -> CellSystem:
    """A system with the declared impossible combinations empty."""
    shape = tuple(len(one.leaves) for one in dimensions)
    counts = skewed(draw, shape, rows)
    for key in impossible or []:
        inside = dict(key)
        at = [
            [one.leaves.index(leaf) for leaf in one.covers(inside[one.name])]
            if one.name in inside
            else range(size)
            for one, size in zip(dimensions, shape, strict=True)
        ]
        counts[np.ix_(*map(list, at))] = 0
    return from_counts(
        "referrals", dimensions, tables, counts, people=few_people(draw, counts), structural=impossible or []
    )


def linked(seed: int) -> CellSystem:
    """Two to four tables of one to three dimensions that share some."""
    draw = np.random.default_rng([1, seed])
    dimensions = [plain(name, int(draw.integers(2, 4))) for name in "abcd"[: draw.integers(3, 5)]]
    names = [one.name for one in dimensions]
    choices = [pair for size in (2, 2, 3) for pair in combinations(names, size)]
    chosen = {choices[place] for place in draw.choice(len(choices), draw.integers(2, 5))}
    tables = [Table("".join(pair), "referrals", pair) for pair in sorted(chosen)]
    used = {name for pair in chosen for name in pair}
    return made(draw, [one for one in dimensions if one.name in used], tables, int(draw.integers(60, 900)))


def with_impossible(seed: int) -> CellSystem:
    """Linked tables in which some combinations cannot occur, one of them in no table."""
    draw = np.random.default_rng([2, seed])
    a, b, c = (plain(name, int(draw.integers(2, 5))) for name in "abc")
    impossible: list[Key] = [(("a", a.leaves[0]), ("b", b.leaves[-1]))]
    if draw.random() < 0.6:
        impossible.append((("b", b.leaves[0]), ("c", c.leaves[0])))
    tables = [Table("ab", "referrals", ("a", "b")), Table("ac", "referrals", ("a", "c"))]
    if draw.random() < 0.5:
        tables.append(Table("abc", "referrals", ("a", "b", "c")))
    return made(draw, [a, b, c], tables, int(draw.integers(60, 700)), impossible)


def hierarchical(seed: int) -> CellSystem:
    """Nested groups, five of nineteen among them; overlapping windows of time; tables of some levels only."""
    draw = np.random.default_rng([3, seed])
    other = plain("b", int(draw.integers(2, 4)))
    if seed % 3 == 0:
        groups = Table(
            "by group", "referrals", ("ethnicity", "b"), levels={"ethnicity": (*ETHNIC.groups, "All")}
        )
        tables = [Table("by ethnicity", "referrals", ("ethnicity",)), groups]
        return made(draw, [ETHNIC, other], tables, int(draw.integers(200, 1500)))
    if seed % 3 == 1:
        month = Dimension(
            "month", ("1", "2", "3", "4"), {"1-3": ("1", "2", "3"), "2-4": ("2", "3", "4"), "1-2": ("1", "2")}
        )
        rolling = Table("rolling", "referrals", ("month", "b"), levels={"month": ("1-3", "2-4", "All")})
        tables = [rolling, Table("months", "referrals", ("month",))]
        return made(draw, [month, other], tables, int(draw.integers(60, 500)))
    nested = Dimension(
        "a", tuple("123456"), {"12": ("1", "2"), "34": ("3", "4"), "1234": ("1", "2", "3", "4")}
    )
    tables = [Table("ab", "referrals", ("a", "b"))]
    return made(draw, [nested, other], tables, int(draw.integers(60, 600)))


def among(seed: int) -> CellSystem:
    """A table of everyone and tables of those refused alone."""
    draw = np.random.default_rng([4, seed])
    outcome = Dimension("outcome", ("accepted", "refused", "withdrawn"))
    a, b = plain("a", int(draw.integers(2, 5))), plain("b", int(draw.integers(2, 5)))
    refused = (("outcome", "refused"),)
    tables = [
        Table("all", "referrals", ("a", "outcome")),
        Table("refused", "referrals", ("a", "b"), where=refused),
        Table("b", "referrals", ("b",)),
    ]
    return made(draw, [outcome, a, b], tables[: draw.integers(2, 4)], int(draw.integers(80, 900)))


def four_way(seed: int) -> CellSystem:
    """One table of four dimensions, up to 200 cells."""
    draw = np.random.default_rng([5, seed])
    dimensions = [plain(name, int(draw.integers(2, 4))) for name in "abc"] + [plain("d", 2)]
    return made(draw, dimensions, [Table("abcd", "referrals", tuple("abcd"))], int(draw.integers(100, 2000)))


def tiny(seed: int) -> CellSystem:
    """So small that every table that fits can be counted out."""
    draw = np.random.default_rng([6, seed])
    kind = seed % 5
    a, b, c = plain("a", 2), plain("b", 2 + kind % 2), plain("c", 2)
    rows = int(draw.integers(5, 9))
    ab, bc, ac = (Table(pair, "referrals", tuple(pair)) for pair in ("ab", "bc", "ac"))
    if kind == 0:
        return made(draw, [a, b, c], [ab, bc, ac], rows)
    if kind == 1:
        return made(draw, [a, b, c], [Table("abc", "referrals", ("a", "b", "c"))], rows)
    if kind == 2:
        return made(draw, [a, b, c], [ab, ac], rows, [(("a", "a0"), ("b", "b1"))])
    if kind == 3:
        nested = Dimension("a", ("1", "2", "3"), {"12": ("1", "2"), "23": ("2", "3")})
        return made(draw, [nested, b], [ab], rows)
    where = Table("among", "referrals", ("b",), where=(("c", "c0"),))
    return made(draw, [a, b, c], [ab, where, Table("c", "referrals", ("c",))], rows)


def with_reasons(seed: int) -> CellSystem:
    """Reasons shown in groups that overlap; with which outcome each goes is declared of it by itself."""
    draw = np.random.default_rng([9, seed])
    reasons = tuple(f"r{number}" for number in range(7))
    groups = {"r012": reasons[:3], "r234": reasons[2:5], "r56": reasons[5:]}
    reason, outcome = Dimension("reason", reasons, groups), plain("outcome", 3)
    other = plain("b", int(draw.integers(2, 4)))
    goes_with = draw.integers(0, 3, len(reasons))
    impossible: list[Key] = [
        (("outcome", leaf), ("reason", one))
        for one, its_own in zip(reasons, goes_with, strict=True)
        for number, leaf in enumerate(outcome.leaves)
        if number != its_own and draw.random() < 0.85
    ]
    shown = {"reason": (*groups, "All")}
    tables = [
        Table("reasons", "referrals", ("reason", "b"), levels=shown),
        Table("outcomes", "referrals", ("outcome", "b")),
    ]
    if draw.random() < 0.5:
        tables.append(Table("both", "referrals", ("outcome", "reason"), levels=shown))
    return made(draw, [reason, outcome, other], tables, int(draw.integers(60, 500)), impossible)


def later(seed: int) -> tuple[CellSystem, CellSystem]:
    """A release and one that follows it, of the same rows: more tables, or others that share dimensions."""
    draw = np.random.default_rng([8, seed])
    dimensions = [plain(name, int(draw.integers(2, 5))) for name in "abc"]
    counts = skewed(draw, tuple(len(one.leaves) for one in dimensions), int(draw.integers(60, 900)))
    people = few_people(draw, counts)
    pairs = [Table("".join(pair), "referrals", pair) for pair in (("a", "b"), ("b", "c"), ("a", "c"))]
    alone = [Table(name, "referrals", (name,)) for name in "abc"]
    first, second = [
        ([pairs[0]], [pairs[0], pairs[1]]),
        ([pairs[0], alone[2]], pairs),
        ([*alone], [Table("abc", "referrals", ("a", "b", "c"))]),
        ([pairs[0]], [pairs[1]]),
    ][seed % 4]
    one, other = (
        from_counts("referrals", dimensions, tables, counts, people=people) for tables in (first, second)
    )
    return one, other


KINDS = (linked, with_impossible, hierarchical, among)


def any_set(number: int) -> CellSystem:
    """The set of a number: every kind in turn, and now and then a larger one."""
    if number % 40 == 39:
        return four_way(number // 40)
    return KINDS[number % len(KINDS)](number // len(KINDS))
