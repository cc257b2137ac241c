"""Worked examples of households added up where the figures are complete."""

from worked import Example, Page

GIVEN = """
quarter | district | measure | value | status     | tier      | source_id | figure_ids | footnote
--------+----------+---------+-------+------------+-----------+-----------+------------+---------
      1 | North    | need    |    10 | ok         | reference | tables    | n1         | none
      1 | North    | owed    |    40 | ok         | reference | tables    | o1         | none
      1 | South    | need    |     5 | ok         | reference | tables    | n2         | none
      1 | South    | owed    |       | suppressed | reference | tables    | o2         | none
      2 | North    | need    |    12 | ok         | reference | tables    | n3         | none
      2 | North    | owed    |    30 | ok         | reference | tables    | o3         | none
      2 | South    | need    |     6 | ok         | reference | tables    | n4         | none
      2 | South    | owed    |    20 | ok         | reference | tables    | o4         | none
"""

PAGE = Page(
    title="Households",
    modules=("households",),
    when="""
    For the quarterly homelessness figures of an area's districts. A district's quarter counts only if every
    figure that a share needs is published in it, so that no share has a part of its count or of its base
    missing. What was left out is said beside it.
    """,
    formula="""
count = sum of the counted measures over complete district quarters
base  = sum of the base measures over the same district quarters
""",
    sources="""
    Complete cases. Ministry of Housing, Communities and Local Government, statutory homelessness tables: a
    figure may be missing or suppressed in some districts and quarters.

    Limits and signals as on the page on trends.
    """,
    examples=(
        Example(
            title="By quarter",
            given=GIVEN,
            call="added_up(given, 'quarter', count=['need'], base=['owed'])",
            gives="""
            label | count | base | used | expected | figure_ids
            ------+-------+------+------+----------+------------
                1 |    10 |   40 |    1 |        2 | n1 o1 n2 o2
                2 |    18 |   50 |    2 |        2 | n3 o3 n4 o4
            """,
            source="The formula: the south's first quarter has no base, so its count is not used.",
        ),
        Example(
            title="By district",
            given=GIVEN,
            call="added_up(given, 'district', count=['need'], base=['owed'])",
            gives="""
            label | count | base | used | expected
            ------+-------+------+------+---------
            North |    22 |   70 |    2 |        2
            South |     6 |   20 |    1 |        2
            """,
            source="The formula.",
        ),
        Example(
            title="Too few quarters to chart",
            given=GIVEN,
            call="pd.DataFrame({'rows': [len(charted(given, count=['need'], base=['owed']))]})",
            gives="""
            rows
            ----
               0
            """,
            source="Fewer than six quarters say nothing about change.",
        ),
    ),
)
