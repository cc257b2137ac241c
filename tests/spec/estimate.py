"""Worked examples of how an estimate is printed."""

from worked import Example, Page

PAGE = Page(
    title="Estimates in print and in words",
    modules=("estimate", "proportions", "rates"),
    when="""
    Everywhere a number is said. No value is printed without its interval, a number too small to
    show is never rounded into nothing, and for a reader without statistics the interval is said in
    words, its limits widened to whole numbers so that the words never promise more than the digits.
    """,
    formula="""
value, low, high      one decimal for percentages, two for ratios
words                 the printed low rounded down and the printed high rounded up, in every 100
                      (in every 1,000 or 10,000 where the high is under 1 in 100 or in 1,000)
""",
    sources="""
    Spiegelhalter D (2017). Risk and uncertainty communication. Annual Review of Statistics and Its
    Application 4, 31-60.

    Government Analysis Function (2020). Communicating quality, uncertainty and change.
    """,
    examples=(
        Example(
            title="Shares",
            given="""
            count |   base
            ------+-------
               19 |     84
                1 |    100
              224 |    225
                1 |   9000
            """,
            call="proportion(count, base)",
            gives="""
            text                               | words
            -----------------------------------+--------------------------------
            22.6% (95% CI 15.0% to 32.6%)      | between 15 and 33 in every 100
            1.0% (95% CI 0.2% to 5.4%)         | at most 6 in every 100
            99.6% (95% CI 97.5% to 99.9%)      | at least 97 in every 100
            under 0.1% (95% CI under 0.1% to 0.1%) | at most 7 in every 10,000
            """,
            source="Printed forms, computed by hand from the Wilson limits.",
        ),
        Example(
            title="Other units",
            given="""
            value |  low | high | unit
            ------+------+------+-----------
              0.2 |  0.1 | 0.31 | difference
             -0.1 | -0.2 | 0.05 | difference
              0.4 |  0.2 |  0.9 | ratio
             1634 | 1200 | 2100 | gbp
               12 |   10 | 14.5 | per 1,000
            """,
            call="Estimate(value, low, high, unit=unit)",
            gives="""
            text                                                     | words
            ---------------------------------------------------------+--------------------------------------
            +20.0 percentage points (95% CI +10.0 to +31.0)  | between 10 and 31 more in every 100
            −10.0 percentage points (95% CI −20.0 to +5.0)   | between 20 fewer and 5 more in every 100
            0.40 (95% CI 0.20 to 0.90)                               | between 0.20 and 0.90
            £1,634 (95% CI £1,200 to £2,100)                         | between £1,200 and £2,100
            12 per 1,000 (95% CI 10 to 14.5)                         | between 10 and 14.5 per 1,000
            """,
            source="Printed forms.",
        ),
        Example(
            title="Chances in words",
            given="""
            probability
            -----------
                0.35849
                0.05631
                0.0013
                1e-28
            """,
            call="chance(probability)",
            gives="""
            result
            ------
            about 36 in 100
            about 1 in 18
            about 1 in 770
            less than 1 in a million
            """,
            source="1 / probability, to two significant digits.",
        ),
    ),
)
