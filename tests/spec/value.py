"""Worked examples of unit costs."""

from worked import Example, Page

PAGE = Page(
    title="Unit costs",
    modules=("value",),
    when="""
    For what a place, a person or a course costs. A sum for seventeen months is not a yearly cost, and a place
    that stands empty is paid for: costs are shown per year and per unit actually delivered, and the prices
    they are in are named.
    """,
    formula="""
per unit           = cost / units
per unit and year  = per unit × 12 / months
per unit delivered = per unit and year / fill
""",
    sources="""
    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation.

    Leicester, Leicestershire and Rutland "HOPE" bid (2018): project elements and their costs as printed.
    """,
    examples=(
        Example(
            title="A refuge's cost per bedspace and year",
            given="""
            element | cost   | units | months
            --------+--------+-------+-------
            refuge  | 210661 |     9 |     17
            """,
            call="with_unit_costs(given, months='months', price_basis='as printed')",
            gives="""
            element | cost_per_unit | cost_per_unit_year | cost_per_unit_delivered | price_basis
            --------+---------------+--------------------+-------------------------+------------
            refuge  |         23407 |              16522 |                   16522 | as printed
            """,
            source="HOPE bid: £210,661 from November 2018 to March 2020, printed as £16,522 a bedspace.",
        ),
        Example(
            title="Cost per person, however counted",
            given="""
            units
            -----
              540
             1332
             1386
            """,
            call="unit_cost(882373, units)",
            gives="""
            result
            ------
              1634
               662
               637
            """,
            source="HOPE bid: £1,634 per victim, £662 with children, £637 with unborn children.",
        ),
        Example(
            title="A half-empty service",
            given="""
            cost  | units | fill | tier
            ------+-------+------+----------
            12000 |    10 |  0.5 | published
            12000 |       |  0.5 | published
            """,
            call="with_unit_costs(given, fill='fill', price_basis='2022-23')",
            gives="""
            cost_per_unit_year | cost_per_unit_delivered | tier
            -------------------+-------------------------+----------
                          1200 |                    2400 | published
                               |                         | published
            """,
            source="Arithmetic.",
        ),
    ),
)
