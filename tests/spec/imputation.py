"""Worked examples of Rubin's rules and shifted imputations."""

from worked import Example, Page

PAGE = Page(
    title="Imputation, as a sensitivity analysis",
    modules=("imputation", "tipping"),
    when="""
    After completeness and bounds, to see whether a finding survives. Missing characteristics are drawn many
    times from what else is recorded of the same people; the estimates are put together by Rubin's rules.
    That supposes the missing to be like the recorded once all else is the same, which nobody can check: so
    the missing are then made more and more different, until the finding falls. How different they have to
    be is the answer.
    """,
    formula="""
value = mean of the estimates;  within = mean of their variances;  between = variance of the estimates
total = within + ( 1 + 1/m ) × between;   t interval, degrees of freedom of Barnard and Rubin
shift: log odds of the level + shift, for every person of whom it is not recorded
tipping point: smallest shift at which the interval takes in, or leaves out, no difference
""",
    sources="""
    Rubin DB (1987). Multiple imputation for nonresponse in surveys. Wiley.

    Barnard J, Rubin DB (1999). Small-sample degrees of freedom with multiple imputation. Biometrika 86,
    948-955.

    van Buuren S (2018). Flexible imputation of missing data, 2nd edition. CRC Press.

    White IR, Royston P, Wood AM (2011). Multiple imputation using chained equations: issues and guidance for
    practice. Statistics in Medicine 30, 377-399.

    SAS Institute. SAS/STAT user's guide, the MIANALYZE procedure, first example.
    """,
    examples=(
        Example(
            title="Oxygen intake of 31 men",
            given="""
            mean    | error
            --------+--------
            47.0120 | 0.95984
            47.2407 | 0.93540
            47.4995 | 1.00766
            47.1485 | 0.95439
            47.0042 | 0.96528
            """,
            call='vars(pool(given["mean"], given["error"] ** 2, complete_df=30))',
            gives="""
               value | within | between |  total |     df
            ---------+--------+---------+--------+-------
            47.18098 | 0.9309 |  0.0415 | 0.9806 | 26.299
            """,
            source="""SAS/STAT, MIANALYZE, first example, whose five means and errors these are; variances and
            degrees of freedom by the formula, from them as printed.""",
        ),
        Example(
            title="By hand",
            given="""
            estimate | variance
            ---------+---------
                   1 |        1
                   3 |        2
            """,
            call='vars(pool(given["estimate"], given["variance"]))',
            gives="""
            value | within | between | total |   df | increase
            ------+--------+---------+-------+------+---------
                2 |    1.5 |       2 |   4.5 | 2.25 |        2
            """,
            source="1.5 + 1.5 × 2; (1 + 1.5 / 3)².",
        ),
        Example(
            title="The shift at which a finding falls",
            given="""
            shift | finding | imputed_share
            ------+---------+--------------
               -2 |       0 |          0.17
               -1 |       0 |          0.37
                0 |       1 |          0.60
                1 |       1 |          0.79
                2 |       1 |          0.91
            """,
            call='tipping_point(given.assign(status=""))',
            gives="""
            finding | shift | imputed_share
            --------+-------+--------------
            True    |    -1 |          0.37
            """,
            source="By reading the table.",
        ),
    ),
)
