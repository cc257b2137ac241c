"""Worked examples of bounds for what is not recorded."""

from worked import Example, Page

PAGE = Page(
    title="Missing characteristics",
    modules=("missing",),
    when="""
    Before any share of a characteristic. Unknown is never "no": first how many are recorded, then the least
    and the most the share could be, whoever the missing are. A finding that survives the bounds needs no
    assumption; one that does not says so.
    """,
    formula="""
completeness = recorded / total
low  = count / total                          (none of the missing have it)
high = (count + total − recorded) / total     (all of the missing have it)
""",
    sources="""
    Manski CF (1989). Anatomy of the selection problem. Journal of Human Resources 24, 343-360.

    Manski CF (1995). Identification problems in the social sciences. Harvard University Press, chapter 2,
    with data of Piliavin I, Sosin M on leaving homelessness.
    """,
    examples=(
        Example(
            title="Leaving homelessness: men and women",
            given="""
            group | count | recorded | total | tier
            ------+-------+----------+-------+----------
            men   |    21 |       64 |   106 | published
            women |     3 |       14 |    31 | published
            """,
            call="with_bounds(given)",
            gives="""
            group | tier      | missing | recorded_share | bound_low | bound_high
            ------+-----------+---------+----------------+-----------+-----------
            men   | published |      42 |           0.33 |      0.20 |       0.59
            women | published |      17 |           0.21 |      0.10 |       0.65
            """,
            source="Manski (1995), section 2.3: bounds .20 to .59 for men, .10 to .65 for women.",
        ),
        Example(
            title="The same as an estimate",
            given="""
            count | recorded | total
            ------+----------+------
               21 |       64 |   106
            """,
            call="bounds(count, recorded, total)",
            gives="""
            text
            ----------------------------
            32.8% (bounds 19.8% to 59.4%)
            """,
            source="Manski (1995), section 2.3.",
        ),
        Example(
            title="Nothing recorded, and nothing known",
            given="""
            count | recorded | total
            ------+----------+------
                0 |        0 |    40
                  |        3 |    40
            """,
            call="with_bounds(given)",
            gives="""
            completeness | recorded_share | bound_low | bound_high
            -------------+----------------+-----------+-----------
                     0.0 |                |       0.0 |        1.0
                         |                |           |
            """,
            source="The formula; a missing count stays missing.",
        ),
        Example(
            title="Completeness with its interval",
            given="""
            recorded | total
            ---------+------
                  81 |   263
            """,
            call="completeness(recorded, total)",
            gives="""
              low |   high
            ------+-------
            0.2553 | 0.3662
            """,
            source="Newcombe (1998), Wilson for 81 of 263.",
        ),
        Example(
            title="A printed share, if not everybody answered",
            given="""
            label         | printed | tier
            --------------+---------+----------
            feeling safer |      85 | published
            """,
            call="if_asked(given, [1, 0.5])",
            gives="""
            label         | tier      | response | bound_low | bound_high
            --------------+-----------+----------+-----------+-----------
            feeling safer | published |      1.0 |     0.850 |      0.850
            feeling safer | published |      0.5 |     0.425 |      0.925
            """,
            source="Half answered: 85% of half, and that plus the other half.",
        ),
        Example(
            title="A printed share, by how many may have answered",
            given="""
            label         | printed | tier
            --------------+---------+----------
            feeling safer |      85 | published
            """,
            call="if_answered(given, [20, 100])",
            gives="""
            answers | share |    low |   high
            --------+-------+--------+-------
                 20 |  0.85 | 0.6396 | 0.9476
                100 |  0.85 | 0.7672 | 0.9069
            """,
            source="Wilson (1927) for 17 of 20 and 85 of 100.",
        ),
    ),
)
