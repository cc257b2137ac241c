"""Worked examples of a synthetic estimate from a national survey."""

from worked import Example, Page

PERSON = '{"tier": "reference", "source_id": "c", "figure_ids": "p", "footnote": ""}'

PAGE = Page(
    title="Survey estimate: what a national survey would mean here",
    modules=("survey_estimate",),
    when="""
    For how many adults of an area may have been abused, and how many requests for a place there would be if
    its women were referred as often as those of England. It is a synthetic estimate: the area is taken to be
    like the country. Its interval is the survey's own, under a stated number of answers; how far the area
    differs is not in it.
    """,
    formula="""
people = adults × share of adults abused          (interval: Wilson's on the effective number of answers)
requests = requests of England × women of the area / women of England
interval of requests: the survey's limits over its share
""",
    sources="""
    Gonzalez ME (1973). Use and evaluation of synthetic estimates. Proceedings of the Social Statistics
    Section, American Statistical Association, 33-36.

    Rao JNK, Molina I (2015). Small area estimation, 2nd edition. Wiley, section 3.2.
    """,
    examples=(
        Example(
            title="Adults of Norfolk, if they are like England and Wales",
            given="""
            printed | tier      | source_id | figure_ids | footnote
            --------+-----------+-----------+------------+---------
                  8 | reference | s         | f          |
            """,
            call=f"""
            abused(given.assign(footnote=""), pd.DataFrame([{{"base": 767108, **{PERSON}}}]),
                answers=10000)
            """,
            gives="""
            share | low     | high    | people  | people_low | people_high
            ------+---------+---------+---------+------------+------------
             0.08 | 0.07484 | 0.08548 | 61368.6 |    57412.4 |     65572.4
            """,
            source="767,108 × 8%; Wilson's limits for 800 of 10,000.",
        ),
        Example(
            title="Referrals to refuges, if women are referred as often as across England",
            given="""
            count | tier      | source_id | figure_ids | footnote
            ------+-----------+-----------+------------+---------
            27754 | reference | s         | f          |
            """,
            call=f"""
            requests_like_england(given.assign(footnote=""), pd.DataFrame([{{"count": 466869, **{PERSON}}}]),
                pd.DataFrame([{{"count": 28833831, **{PERSON}}}]),
                pd.DataFrame([{{"share": 0.08, "low": 0.076, "high": 0.084, **{PERSON}}}]))
            """,
            gives="""
            requests | requests_low | requests_high
            ---------+--------------+--------------
               449.4 |        426.9 |         471.9
            """,
            source="27,754 × 466,869 / 28,833,831; times 0.95 and 1.05.",
        ),
    ),
)
