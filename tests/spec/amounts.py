"""Worked examples of the rules for amounts: who can be told by a sum."""

from worked import Example, Page

PAGE = Page(
    title="Amounts of money: who a sum tells",
    modules=("disclosure.outputs.magnitude",),
    when="""
    Before a sum or a mean of amounts per survivor is released, such as the cost of making homes safe. A sum
    of many can still be nearly that of one: somebody who knows her own amount takes it off, and what is left
    tells the largest of the others. Such a sum is hidden, and others with it, until no hidden one is known
    within the same closeness by adding and subtracting what is shown.
    """,
    formula="""
x₁ ≥ x₂ ≥ … the amounts, X their sum

p% rule          X − x₁ − x₂ < (p/100) x₁            sensitive
(n, k) rule      x₁ + … + xₙ > (k/100) X             sensitive
""",
    sources="""
    Hundepool A, Domingo-Ferrer J, Franconi L, Giessing S, Schulte Nordholt E, Spicer K, de Wolf PP (2012).
    Statistical Disclosure Control. Wiley, section 4.2.1.

    Hundepool A and others. Handbook on Statistical Disclosure Control, section 4.2.1, table of sensitivity
    rules and examples 1 and 1d.
    """,
    examples=(
        Example(
            title="Safe by dominance of the largest, and told within 2 per cent all the same",
            given="""
            first | second |  rest
            ------+--------+------
            50000 |  49000 |  1000
            """,
            call="""
            {
                "dominated": dominated([first, second, rest], 1, 90),
                "sensitive": p_percent([first, second, rest], 10),
                "within_two": p_percent([first, second, rest], 2),
                "within_three": p_percent([first, second, rest], 3),
            }
            """,
            gives="""
            dominated | sensitive | within_two | within_three
            ----------+-----------+------------+-------------
            False     | True      | False      | True
            """,
            source="""Handbook, example 1: of 100,000 the two largest hold 50,000 and 49,000. By the (1, 90)
            rule the sum is safe; the second knows the first as 51,000, which is 2% too much.""",
        ),
        Example(
            title="One very large contributor among fifty small ones",
            given="""
            largest | each
            --------+-----
               9900 |    2
            """,
            call="""
            {
                "dominated": dominated([largest, *[each] * 50], 2, 85),
                "sensitive": p_percent([largest, *[each] * 50], 10),
            }
            """,
            gives="""
            dominated | sensitive
            ----------+----------
            True      | True
            """,
            source="Handbook, example 1d: 99% of the turnover of 51 companies is that of one.",
        ),
        Example(
            title="Twenty equal amounts tell nobody",
            given="""
            each
            ----
             100
            """,
            call="""
            {
                "dominated": dominated([each] * 20, 2, 85),
                "sensitive": p_percent([each] * 20, 10),
            }
            """,
            gives="""
            dominated | sensitive
            ----------+----------
            False     | False
            """,
            source="By hand: the two largest hold 10%, and 18 others lie between them and an intruder.",
        ),
        Example(
            title="Exactly at the limit is not below it",
            given="""
            rest
            ----
              10
               9
            """,
            call='{"sensitive": p_percent([100, 50, rest], 10)}',
            gives="""
            sensitive
            ---------
            False
            True
            """,
            source="By hand: 10 is 10% of 100, 9 is less.",
        ),
    ),
)
