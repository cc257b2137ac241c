"""Worked examples of pathways and splits."""

from worked import Example, Page

PAGE = Page(
    title="Pathways",
    modules=("cascade",),
    when="""
    For who gets how far: referred, assessed, started, completed. Each step is a share of the step before, and
    of the first, with its interval. Where a whole is split into outcomes, the parts must make the whole: what
    is left over is named, never dropped.
    """,
    formula="""
share of the step before = count / count before;   share of the start = count / count of the first step
split: parts sum to the whole, each with its own interval
""",
    sources="""
    Shares as on the page on proportions.

    Leicestershire domestic abuse partnership board pack, September 2023: counselling steps as published.
    """,
    examples=(
        Example(
            title="Adult counselling",
            given="""
            step                        | count | tier
            ----------------------------+-------+----------
            accessed support            |    57 | published
            in or completed counselling |    40 | published
            """,
            call="cascade(given)",
            gives="""
            step                        | tier      | base |  share |    low |   high | start_share
            ----------------------------+-----------+------+--------+--------+--------+------------
            accessed support            | published |      |        |        |        |
            in or completed counselling | published |   57 | 0.7018 | 0.5734 | 0.8047 |      0.7018
            """,
            source="Leicestershire board pack: 57 accessed support, 40 undertaking or completed: 70.2%.",
        ),
        Example(
            title="A step that is not known",
            given="""
            step      | count
            ----------+------
            referred  |    20
            assessed  |
            started   |    10
            completed |     0
            """,
            call="cascade(given)",
            gives="""
            base | share |   high | start_share | start_high | start_method
            -----+-------+--------+-------------+------------+----------------
                 |       |        |             |            |
              20 |       |        |             |            |
                 |       |        |      0.5000 |     0.7007 | Wilson
              10 |   0.0 | 0.3085 |      0.0000 |     0.1684 | Clopper–Pearson
            """,
            source="Newcombe (1998) for 0 of 20; 1 − 0.025^(1/10) for 0 of 10.",
        ),
        Example(
            title="Thirteen referrals and where they stand",
            given="""
            outcome         | count
            ----------------+------
            seen            |     8
            not engaged     |     3
            on waiting list |     2
            """,
            call="split(given, 13)",
            gives="""
            outcome         | base | share |   low |  high | method
            ----------------+------+-------+-------+-------+-------
            seen            |   13 | 0.615 | 0.355 | 0.823 | Wilson
            not engaged     |   13 | 0.231 | 0.082 | 0.503 | Wilson
            on waiting list |   13 | 0.154 | 0.043 | 0.422 | Wilson
            """,
            source="Leicestershire board pack: 13 referrals, of whom 8, 3 and 2.",
        ),
    ),
)
