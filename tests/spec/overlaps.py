"""Worked examples of bounds on characteristics that may overlap."""

from worked import Example, Page

PAGE = Page(
    title="Overlaps",
    modules=("overlaps",),
    when="""
    When characteristics are printed one by one, so that nobody can tell how many people are in two groups at
    once, or how refusals divide between groups. The bounds are certain: they use the counts and nothing else.
    How wide they are is itself the finding.
    """,
    formula="""
at least one:   max(counts)            to  min(total, sum of counts)
both of two:    max(0, a + b − total)  to  min(a, b)
refused of a group:  bounds of both, divided by the group
""",
    sources="""
    Boole G (1854). An investigation of the laws of thought. Walton and Maberly, chapter 19.

    Fréchet M (1935). Généralisation du théorème des probabilités totales. Fundamenta Mathematicae 25,
    379-387.

    Duncan OD, Davis B (1953). An alternative to ecological correlation. American Sociological Review 18,
    665-666.
    """,
    examples=(
        Example(
            title="Two characteristics that must overlap, and two that need not",
            given="""
            first | second | total
            ------+--------+------
               70 |     60 |   100
               30 |     20 |   100
            """,
            call="""dict(zip(("fewest", "most"), both(first, second, total)))""",
            gives="""
            fewest | most
            -------+-----
                30 |   60
                 0 |   20
            """,
            source="Fréchet (1935): max(0, a + b − n) and min(a, b).",
        ),
        Example(
            title="At least one of three",
            given="""
            total
            -----
              100
               60
            """,
            call="at_least_one([30, 25, 20], total)",
            gives="""
            low | high | text
            ----+------+-----------------------------
            0.3 | 0.75 | 30.0% (bounds 30.0% to 75.0%)
            0.5 | 1.00 | 50.0% (bounds 50.0% to 100.0%)
            """,
            source="Boole (1854): the largest part, and the sum of the parts, at most everyone.",
        ),
        Example(
            title="A total of refusals, and a group of whom it says almost nothing",
            given="""
            group | refused | total
            ------+---------+------
               40 |      25 |   200
              190 |      25 |   200
            """,
            call="refused_of(group, refused, total)",
            gives="""
              low |  high
            ------+------
            0.000 | 0.625
            0.079 | 0.132
            """,
            source="Duncan and Davis (1953): 25/40; 15/190 and 25/190.",
        ),
        Example(
            title="Every pair of groups large enough, from one table",
            given="""
            label     | count | base | tier      | source_id | figure_ids | footnote
            ----------+-------+------+-----------+-----------+------------+---------
            Disabled  |    30 |  100 | published | x         | one        |
            Pregnant  |    20 |  100 | published | x         | two        |
            Older     |     5 |  100 | published | x         | three      |
            """,
            call="ranges(given, 10)",
            gives="""
            label                  | fewest | most | low | high | figure_ids
            -----------------------+--------+------+-----+------+--------------
            At least one of them   |     30 |   55 | 0.3 | 0.55 | one two three
            Disabled, and pregnant |      0 |   20 | 0.0 | 0.20 | one two
            """,
            source="The formulae above.",
        ),
    ),
)
