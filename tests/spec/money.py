"""Worked examples of money by year, by unit and by person."""

from worked import Example, Page

PAGE = Page(
    title="Money by year, unit and person",
    modules=("money",),
    when="""
    For money that authorities print in several places. Sums received, carried in, available and spent are set
    side by side by year, with what is left; units of a project are priced for a year, for the whole project
    and for each unit filled; and a project's cost is divided by each number of people that may be meant.
    """,
    formula="""
left          = available − spent
a year        = cost / units × 12 / months of the printed period
a unit filled = a year / share of the units that is filled
a person      = cost / people, however counted
""",
    sources="""
    Norfolk County Council (2023). Refresh of the Support in Safe Accommodation Strategy 2022-2023 (Year 1).

    Leicester, Leicestershire and Rutland "HOPE" bid (2018): project elements and their costs as printed.
    """,
    examples=(
        Example(
            title="What is left of a year's money, and what the next year's print says of it",
            given="""
            key         | group     | value   | period  | tier      | source_id | figure_ids | footnote
            ------------+-----------+---------+---------+-----------+-----------+------------+---------
            received    | received  | 1847408 | 2023-24 | published | refresh   | a          |
            carried     | carried   | 1501127 | 2023-24 | published | refresh   | b          |
            available   | available | 3348535 | 2023-24 | published | refresh   | c          |
            spent       | spent     | 1864587 | 2023-24 | published | refresh   | d          |
            received-2  | received  | 1882263 | 2024-25 | published | refresh   | e          |
            predicted   | carried   | 1483948 | 2024-25 | published | refresh   | f          |
            predicted-2 | available | 3366211 | 2024-25 | published | refresh   | g          |
            predicted-3 | spent     | 1900000 | 2024-25 | published | refresh   | h          |
            """,
            call="by_year(given.set_index('key'))",
            gives="""
            label   | left    | printed_next | left_share | note             | figure_ids
            --------+---------+--------------+------------+------------------+-----------
            2023-24 | 1483948 |      1483948 |     0.8033 |                  | a b c d
            2024-25 | 1466211 |              |     0.7790 | partly predicted | e f g h
            """,
            source="Norfolk's refresh: £1,483,948 is printed as carried into 2024-25; no sum after it is.",
        ),
        Example(
            title="Refuge bedspaces and a programme, for a year, for the project and at 60% filled",
            given="""
            label     | cost   | units | printed | period            | tier      | source_id | figure_ids
            ----------+--------+-------+---------+-------------------+-----------+-----------+-----------
            one       | 210661 |     9 |   16522 | Nov 2018-Mar 2020 | published | bid       | a
            other     | 214786 |    12 |   12635 | Nov 2018-Mar 2020 | published | bid       | b
            both      | 425447 |    21 |   14300 | Nov 2018-Mar 2020 | published | bid       | c
            programme |  71131 |    28 |    1793 | Nov 2018-Mar 2020 | published | bid       | d
            """,
            call="with_units_at_fill(given, 0.6)",
            gives="""
            label     | months | cost_per_unit_year | cost_per_unit | cost_per_unit_delivered
            ----------+--------+--------------------+---------------+------------------------
            one       |     17 |              16522 |         23407 |                   27537
            other     |     17 |              12634 |         17899 |                   21057
            both      |     17 |              14301 |         20259 |                   23835
            programme |     17 |               1793 |          2540 |                    2989
            """,
            source="HOPE bid: printed as £16,522, £12,635, £14,300 and £1,793, to a pound a year's cost.",
        ),
        Example(
            title="One project, four costs of a person",
            given="""
            key            | value  | period            | tier      | source_id | figure_ids | footnote
            ---------------+--------+-------------------+-----------+-----------+------------+---------
            cost           | 882373 | Nov 2018-Mar 2020 | published | bid       | a          |
            adults         |    540 | Nov 2018-Mar 2020 | published | bid       | b          |
            waiting        |    630 | per year          | published | bid       | c          |
            engaging       |     78 | not stated        | published | bid       | d          |
            parents        | 66.6667 | Nov 2018-Mar 2020 | published | bid      | e          |
            children_each  |    2.2 | not stated        | published | bid       | f          |
            unborn         |     54 | Nov 2018-Mar 2020 | published | bid       | g          |
            printed_adults |   1634 | Nov 2018-Mar 2020 | published | bid       | h          |
            """,
            call="people_costs(given.set_index('key'))",
            gives="""
            label                               | people | each | printed
            ------------------------------------+--------+------+--------
            An adult, as planned                |  540.0 | 1634 |    1634
            An adult, of those who would engage |  491.4 | 1796 |
            An adult or child                   | 1332.0 |  662 |
            An adult, child or unborn child     | 1386.0 |  637 |
            """,
            source="HOPE bid: printed as £1,634, £662 and £637; 78% of 630 is 491.4.",
        ),
    ),
)
