"""Worked examples of social return."""

from worked import Example, Page

PAGE = Page(
    title="Social return",
    modules=("social_return",),
    when="""
    For what a pound spent brings back, where somebody has put a value on an outcome. Every assumption is a
    range: all are drawn together from triangular distributions, each is moved alone, and the value at which
    the money just comes back is worked out. A ratio is no better than the assumptions that nobody measured.
    """,
    formula="""
value of year 1 = people × reached × value × (1 − deadweight) × (1 − displacement) × attribution
value of year t = value of year 1 × (1 − drop-off)^(t − 1) / (1 + discount)^t
ratio           = sum over the years and outcomes / cost
break-even      = the value, or number, at which the ratio is 1, all else as is likely
""",
    sources="""
    Cabinet Office (2009, updated 2012). A guide to Social Return on Investment, stages 3 to 5.

    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation, chapters 5
    and 6.
    """,
    examples=(
        Example(
            title="Everything certain: a sum of discounted years",
            given="""
            outcome | assumption   | low   | likely | high
            --------+--------------+-------+--------+------
                    | cost         | 10000 |  10000 | 10000
                    | discount     | 0.035 |  0.035 | 0.035
            safer   | quantity     |    40 |     40 |    40
            safer   | reached      |   0.5 |    0.5 |   0.5
            safer   | value        |  1500 |   1500 |  1500
            safer   | deadweight   |   0.4 |    0.4 |   0.4
            safer   | displacement |   0.1 |    0.1 |   0.1
            safer   | attribution  |   0.5 |    0.5 |   0.5
            safer   | years        |     2 |      2 |     2
            safer   | drop_off     |   0.2 |    0.2 |   0.2
            """,
            call="social_return(given)",
            gives="""
            value    | low      | high     | method
            ---------+----------+----------+-----------------------
            1.387524 | 1.387524 | 1.387524 | Monte Carlo, triangular
            """,
            source="By hand: 40 × 0.5 × 1500 × 0.6 × 0.9 × 0.5 = 8100; (8100/1.035 + 6480/1.035²) / 10,000.",
        ),
        Example(
            title="What each would have to be worth for a pound back",
            given="""
            outcome | assumption | low   | likely | high
            --------+------------+-------+--------+------
                    | cost       | 12000 |  12000 | 12000
            safer   | quantity   |    20 |     20 |    20
            safer   | value      |   500 |    800 |   900
            safer   | deadweight |   0.2 |   0.25 |   0.5
            """,
            call="break_even(given, 'safer')",
            gives="""
            result
            ------
            800.00
            """,
            source="By hand: 12,000 / (20 × 0.75).",
        ),
        Example(
            title="Each assumption moved alone, the widest first",
            given="""
            outcome | assumption | low   | likely | high
            --------+------------+-------+--------+------
                    | cost       | 12000 |  12000 | 12000
            safer   | quantity   |    20 |     20 |    20
            safer   | value      |   400 |    800 |  1000
            safer   | deadweight |   0.2 |   0.25 |   0.5
            """,
            call="tornado(given)",
            gives="""
            assumption | planned | ratio_low | ratio_high
            -----------+---------+-----------+-----------
            value      |    1.00 |      0.50 |       1.25
            deadweight |    1.00 |      0.67 |       1.07
            """,
            source="By hand: 20 × value × (1 − deadweight) / 12,000.",
        ),
    ),
)
