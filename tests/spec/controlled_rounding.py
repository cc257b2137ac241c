"""Worked examples of controlled rounding: near, and every sum exact."""

from worked import Example, Page

SYSTEM = """
from_counts(
    "people",
    [Dimension("row", tuple(given["row"])), Dimension("column", tuple(given.columns[1:]))],
    [Table("all", "people", ("row", "column"))],
    given.drop(columns="row").to_numpy(),
)
"""

PAGE = Page(
    title="Controlled rounding",
    modules=("disclosure.cells", "disclosure.rounding"),
    when="""
    For wide breakdowns, in place of exact counts and never beside them. Every printed number is a multiple of
    the base, less than the base away from the true one, and parts add up to their totals exactly, over all
    tables at once. Where that is impossible, which takes three ways or more, as few numbers as possible move
    farther, and it is said which. Rounding by itself protects no small count: with a threshold, cells below
    it stay hidden, and the rounded print is attacked like any other.
    """,
    formula="""
b                base
zⱼ = b kⱼ        printed, for every cell j
z = sums         of the same rounded inner cells, for every total
|zⱼ − aⱼ| < b    near the true count; zⱼ = aⱼ if that is a multiple (zero-restricted)
minimise         Σ |zⱼ − aⱼ|
""",
    sources="""
    Cox LH (1987). A constructive procedure for unbiased controlled rounding. Journal of the American
    Statistical Association 82, 520-524.

    Salazar-González JJ (2005). A unified mathematical programming framework for different statistical
    disclosure limitation methods. Operations Research 53, 819-829.

    Hundepool A and others (2012). Statistical Disclosure Control. Wiley, section 5.4.3.

    Langsrud Ø, Heldal J (2018). An algorithm for small count rounding of tabular data. Privacy in
    Statistical Databases; R package SmallCountRounding, introduction.
    """,
    examples=(
        Example(
            title="A table of two ways to base 5",
            given="""
            row  | col1 | col2 | col3 | col4 | col5
            -----+------+------+------+------+-----
            row1 |    6 |    0 |    1 |    3 |    4
            row2 |    1 |    2 |    3 |    1 |    2
            row3 |    0 |    1 |    1 |    0 |    2
            """,
            call=f"""
            (
                lambda system: (
                    lambda found, cells: {{
                        "moved": int(abs(found.printed - system.count).sum()),
                        "farthest": int(abs(found.printed - system.count).max()),
                        "moved_farther": len(found.relaxed),
                        "rows_add_up": bool((cells[:, :-1].sum(axis=1) == cells[:, -1]).all()),
                        "columns_add_up": bool((cells[:-1].sum(axis=0) == cells[-1]).all()),
                        "in_all": int(cells[-1, -1]),
                    }}
                )(
                    *(lambda found: (found, found.printed[system.cells_of("all")]))(
                        controlled_rounding(system)
                    )
                )
            )({SYSTEM.replace(chr(10), chr(10) + " " * 12).strip()})
            """,
            gives="""
            moved | farthest | moved_farther | rows_add_up | columns_add_up | in_all
            ------+----------+---------------+-------------+----------------+-------
               32 |        3 |             0 | True        | True           |     30
            """,
            source="""Counts of SmallCountRounding's first table. A table of two ways always has such a
            rounding (Cox, 1987). Of all 4,096 choices of inner multiples one moves the 24 numbers by
            32 in
            all, and none by less.""",
        ),
        Example(
            title="A cube that cannot be rounded to 2 without going farther",
            given="""
            a | b | c | count
            --+---+---+------
            0 | 0 | 0 |     0
            0 | 0 | 1 |     1
            0 | 1 | 0 |     1
            0 | 1 | 1 |     0
            1 | 0 | 0 |     0
            1 | 0 | 1 |     1
            1 | 1 | 0 |     1
            1 | 1 | 1 |     1
            """,
            call="""
            (
                lambda found: {"moved_farther": len(found.relaxed)}
            )(
                controlled_rounding(
                    from_counts(
                        "people",
                        [Dimension(name, ("0", "1")) for name in "abc"],
                        [Table("all", "people", ("a", "b", "c"))],
                        given["count"].to_numpy().reshape(2, 2, 2),
                    ),
                    base=2,
                )
            )
            """,
            gives="""
            moved_farther
            -------------
                        1
            """,
            source="""All 256 choices of inner multiples counted out in
            tests/disclosure/test_rounding.py:
            none is near for every sum, and one sum off is the least.""",
        ),
    ),
)
