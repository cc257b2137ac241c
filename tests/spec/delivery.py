"""Worked examples of costs as delivered."""

from worked import Example, Page

PAGE = Page(
    title="Delivery",
    modules=("delivery",),
    when="""
    For what a service costs as it was delivered, not as it was planned. A printed period is read as a number
    of months, so that the cost of a project becomes a year's cost; hours and places come beside it; and the
    cost of a person is shown for every share of the places that may have been filled.
    """,
    formula="""
cost a year   = cost × 12 / months of the printed period, both ends included
cost an hour  = cost a year / (hours a week × 52), with no week taken off for leave
cost a person = cost a year / (people a year if every place is filled × share filled)
""",
    sources="""
    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation.

    Leicester, Leicestershire and Rutland "HOPE" bid (2018): project elements and their costs as printed.
    """,
    examples=(
        Example(
            title="Months in a printed period",
            given="""
            period
            ------------------------
            Nov 2018-Mar 2020
            April 2022 to March 2023
            2021-24
            2022-23
            """,
            call="months_in(period)",
            gives="""
            result
            ------
                17
                12
                36
                12
            """,
            source="November 2018 to March 2020 is 17 months, as the HOPE bid's own sums need.",
        ),
        Example(
            title="What an hour costs",
            given="""
            element      | cost  | hours | period            | tier
            -------------+-------+-------+-------------------+----------
            practitioner | 42500 |  37.0 | Nov 2018-Mar 2020 | published
            psychologist | 15583 |   7.4 | Nov 2018-Mar 2020 | published
            """,
            call="with_hourly_costs(given)",
            gives="""
            element      | tier      | months | cost_a_year | hours_a_year | cost_an_hour
            -------------+-----------+--------+-------------+--------------+-------------
            practitioner | published |     17 |       30000 |       1924.0 |        15.59
            psychologist | published |     17 |       11000 |        384.8 |        28.59
            """,
            source="HOPE bid: printed as £15.59 and £28.59 per support hour.",
        ),
        Example(
            title="Several rows beside each other",
            given="""
            key           | group        | value | period  | tier      | source_id | figure_ids | footnote
            --------------+--------------+-------+---------+-----------+-----------+------------+---------
            psych_cost    | Psychologist | 15583 | 2018-20 | published | bid       | a          | none
            psych_hours   | Psychologist |   7.4 | 2018-20 | published | bid       | b          | none
            groups_cost   | Programme    | 71131 | 2018-20 | published | bid       | c          | none
            """,
            call="wide(given.set_index('key'), ('cost', 'hours'))",
            gives="""
            label        |  cost | hours | figure_ids
            -------------+-------+-------+-----------
            Psychologist | 15583 |   7.4 | a b
            """,
            source="The formula; what lacks a part is left out.",
        ),
        Example(
            title="A group programme that is not full",
            given="""
            label     | cost  | people | period            | tier
            ----------+-------+--------+-------------------+----------
            programme | 71131 |    224 | Nov 2018-Mar 2020 | published
            """,
            call="cost_by_fill(given, 0.65).iloc[[4, 5, 9]]",
            gives="""
            tier      | fill | filled | cost_per_unit_delivered
            ----------+------+--------+------------------------
            published | 0.60 |    134 |                  373.59
            published | 0.65 |    146 |                  344.85
            published | 1.00 |    224 |                  224.15
            """,
            source="HOPE bid: £71,131 for 17 months and 224 women a year, printed as £224 per woman.",
        ),
        Example(
            title="Places filled",
            given="""
            people | period
            -------+--------
               224 | 2022-23
            """,
            call="at_fills(given, [1, 0.5])",
            gives="""
            fill | months | filled
            -----+--------+-------
             0.5 |     12 |    112
             1.0 |     12 |    224
            """,
            source="The formula.",
        ),
    ),
)
