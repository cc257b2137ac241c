"""Worked examples of what is recorded, and of findings no unknown can overturn."""

from worked import Example, Page

PAGE = Page(
    title="Recording",
    modules=("recording",),
    when="""
    First in every report on characteristics: of each one, is every category printed, only those who have it,
    a share without its base, or nothing? Completeness is known in the first case alone. Later, whether a
    difference from a denominator stands whoever the unknown are: at both bounds, and allowing for chance.
    """,
    formula="""
completeness = known for / all people
stands, more often = lower limit of the interval of  count / total               > denominator's share
stands, less often = upper limit of the interval of  (count + unknown) / total   < denominator's share
""",
    sources="""
    Horowitz JL, Manski CF (2000). Nonparametric analysis of randomized experiments with missing covariate and
    outcome data. Journal of the American Statistical Association 95, 77-84.

    Newcombe RG (1998). Two-sided confidence intervals for the single proportion. Statistics in Medicine 17,
    857-872.
    """,
    examples=(
        Example(
            title="One characteristic in full, one counted, one not printed",
            given="""
            key | code | label      | count | base | tier      | source_id | figure_ids | footnote
            ----+------+------------+-------+------+-----------+-----------+------------+---------
            a   | a    | Age        |    81 |  263 | published | x         | one        |
            b   | b    | Disability |    53 |  263 | published | x         | two        |
            c   | c    | Religion   |       |      | published | x         |            |
            """,
            call="""
            listed(
                given[["code", "label"]],
                given.set_index("key").loc[["a"]],
                given.set_index("key").loc[["b"]],
                sources=["x"],
            )
            """,
            gives="""
            label      | printed_of             | completeness                      | low
            -----------+------------------------+-----------------------------------+-------
            Age        | every category         | 30.8% (25.5% to 36.6%), 81 of 263 | 0.2553
            Disability | only those who have it | not published                     |
            Religion   | nothing                | not published                     |
            """,
            source="Newcombe (1998), Wilson for 81 of 263: 0.2553 to 0.3662.",
        ),
        Example(
            title="Three differences: one stands, one could go either way, one has nothing to stand beside",
            given="""
            label | count | recorded | total | reference | tier      | source_id | figure_ids | footnote
            ------+-------+----------+-------+-----------+-----------+-----------+------------+---------
            A     |    81 |      263 |   263 |       0.2 | published | x         | one        |
            B     |    81 |       81 |   263 |       0.4 | published | x         | two        |
            C     |    81 |      200 |   263 |           | published | x         | three      |
            """,
            call="with_survival(given)",
            gives="""
            label | unknown | bound_low | bound_high | verdict
            ------+---------+-----------+------------+----------------------------------
            A     |       0 |     0.308 |      0.308 | more often, whoever the unknown are
            B     |     182 |     0.308 |      1.000 | could go either way
            C     |      63 |     0.308 |      0.548 | no denominator held
            """,
            source="Wilson's lower limit for 81 of 263 is 0.2553, above 0.2; the bounds are arithmetic.",
        ),
    ),
)
