"""Worked examples of pathways with holes, waits in weeks, and what therapy posts can hold."""

from worked import Example, Page

PAGE = Page(
    title="Therapy",
    modules=("therapy",),
    when="""
    For the way from a need to therapy. Steps that nobody published stay in the pathway as holes. Waits
    printed in weeks and in months are put into weeks. How many people a post can see, and how many posts a
    number of referrals needs, follow from two assumptions that a report names: the length of a course, and
    how many people a post sees at once.
    """,
    formula="""
weeks in a month = 365.25 / 12 / 7 = 4.35
people a year one post can take = caseload × 52.18 / weeks of a course
in therapy at once = people starting a year × weeks of a course / 52.18        (Little's law)
posts needed = people starting a year / people a year one post can take
referrals a year and post = referrals in a quarter / (posts × a quarter of a year)
""",
    sources="""
    Little JDC (1961). A proof for the queuing formula L = lambda W. Operations Research 9, 383-387.

    Rates as on the page on rates; shares as on the page on visibility.

    Leicestershire domestic abuse partnership board pack, September 2023: counselling, waits and referrals to
    posts as published.
    """,
    examples=(
        Example(
            title="A pathway of which two steps are published",
            given="""
            key       | count | tier      | source_id | figure_ids | footnote
            ----------+-------+-----------+-----------+------------+---------
            accessed  |    57 | published | pack      | a          | none
            completed |    40 | published | pack      | b          | none
            """,
            call=(
                "with_holes(given.set_index('key'), "
                "{'need': 'Need seen', 'accessed': 'Used it', 'completed': 'Done'})"
            ),
            gives="""
            step      | count | tier      | figure_ids
            ----------+-------+-----------+-----------
            Need seen |       | published | a b
            Used it   |    57 | published | a
            Done      |    40 | published | b
            """,
            source="Leicestershire board pack: 57 accessed support, 40 undertaking or completed.",
        ),
        Example(
            title="Waits in one unit",
            given="""
            label  | low | high | unit   | tier
            -------+-----+------+--------+----------
            before |  12 |   18 | months | published
            since  |   4 |    8 | weeks  | published
            """,
            call="in_weeks(given)",
            gives="""
            label  | tier      | low_weeks | high_weeks
            -------+-----------+-----------+-----------
            before | published |      52.2 |       78.3
            since  | published |       4.0 |        8.0
            """,
            source="Leicestershire board pack: 12 to 18 months before, four to eight weeks since.",
        ),
        Example(
            title="How much shorter, at least and at most",
            given="""
            key    | low_weeks | high_weeks
            -------+-----------+-----------
            before |      52.2 |       78.3
            since  |       4.0 |        8.0
            """,
            call="between(given.set_index('key'), 'before', 'since')",
            gives="""
            least | most
            ------+-----
             44.2 | 74.3
            """,
            source="52.2 − 8.0 and 78.3 − 4.0.",
        ),
        Example(
            title="Referrals a year from one quarter",
            given="""
            post  | count | base
            ------+-------+-----
            adult |    32 |    1
            young |     8 |    1
            """,
            call="referrals_a_year(given)",
            gives="""
            post  |  rate | rate_low | rate_high | rate_method
            ------+-------+----------+-----------+--------------
            adult | 128.0 |     87.5 |     180.7 | Byar
            young |  32.0 |     13.8 |      63.1 | exact Poisson
            """,
            source="Garwood (1936) for 8: 3.454 to 15.763, times 4; Byar for 32: 21.89 to 45.18, times 4.",
        ),
        Example(
            title="People one post can take a year",
            given="""
            caseload | weeks
            ---------+------
                  20 |    12
                  10 |    26
            """,
            call="courses_a_year(caseload, weeks)",
            gives="""
            result
            ------
              87.0
              20.1
            """,
            source="20 × 52.18 / 12 and 10 × 52.18 / 26.",
        ),
        Example(
            title="Posts that referrals need",
            given="""
            rate | rate_low | rate_high | tier
            -----+----------+-----------+----------
             128 |     87.5 |     180.7 | published
            """,
            call="with_posts(given, 'rate', caseload=20, weeks=12)",
            gives="""
            tier      | in_therapy | posts | posts_low | posts_high
            ----------+------------+-------+-----------+-----------
            published |       29.4 |  1.47 |      1.01 |       2.08
            """,
            source="128 × 12 / 52.18 people at once; 128 / 86.96 posts.",
        ),
        Example(
            title="By length of course and caseload",
            given="""
            tier      | source_id | figure_ids | footnote
            ----------+-----------+------------+---------
            published | plan      | a          | none
            """,
            call="at_lengths(given, 1, caseloads=[20], weeks=[6, 12])",
            gives="""
            caseload | series     | weeks | people | tier
            ---------+------------+-------+--------+----------
                  20 | 20 at once |     6 |    174 | published
                  20 | 20 at once |    12 |     87 | published
            """,
            source="20 × 52.18 / 6 = 173.9 and 20 × 52.18 / 12 = 87.0.",
        ),
        Example(
            title="A need expected among people counted",
            given="""
            count | base  | printed | tier      | source_id | figure_ids | footnote
            ------+-------+---------+-----------+-----------+------------+---------
                  | 63950 |      23 | reference | return    | a          | none
                  |  1016 |      53 | reference | insights  | b          | none
            """,
            call=(
                "expected_need(given, given.head(1).assign(label='adults supported', count=225, "
                "period='2021-23', figure_ids='c'))"
            ),
            gives="""
            share | expected | expected_a_year | people | among            | figure_ids
            ------+----------+-----------------+--------+------------------+-----------
             0.23 |    51.75 |           25.88 |    225 | adults supported | a c
             0.53 |   119.25 |           59.62 |    225 | adults supported | b c
            """,
            source="225 × 0.23 and 225 × 0.53, over two years.",
        ),
    ),
)
