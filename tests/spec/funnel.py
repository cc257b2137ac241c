"""Worked examples of funnel limits."""

from worked import Example, Page

PAGE = Page(
    title="Funnel plots",
    modules=("funnel",),
    when="""
    Where areas are compared. Small areas vary by chance more than large ones, so a league table ranks noise;
    a funnel shows which areas lie outside what chance, and the usual spread between areas, would give. Limits
    are exact binomial, so that they hold for small areas and for none at all.
    """,
    formula="""
r = smallest count with P(X ≤ r) > 0.025      (X binomial with the area's base and the common share)
low  = ( r − (P(X ≤ r) − 0.025) / P(X = r) ) / base      high: the same of everybody else, from 1
z    = (share − centre) / √( centre (1 − centre) / base )
dispersion φ = mean of z² after the highest and lowest tenth are set to the next score;
               1 unless above 1 + 2 √(2 / areas); limits lie √φ times as far from the centre
""",
    sources="""
    Spiegelhalter DJ (2005). Funnel plots for comparing institutional performance. Statistics in Medicine 24,
    1185-1202.

    Spiegelhalter DJ (2005). Handling over-dispersion of performance indicators. Quality and Safety in Health
    Care 14, 347-351.
    """,
    examples=(
        Example(
            title="The exact limit, interpolated",
            given="""
            base | centre | probability
            -----+--------+------------
              10 |    0.5 |       0.025
              10 |    0.5 |       0.975
               4 |    0.1 |       0.025
            """,
            call="binomial_limit(base, centre, probability)",
            gives="""
              result
            --------
            0.132444
            0.767556
            0.000000
            """,
            source="""Spiegelhalter (2005), appendix A.1.1, by hand: (2 − (56/1024 − 0.025) / (45/1024)) / 10
            and (8 − (1013/1024 − 0.975) / (45/1024)) / 10; none of 4 has probability 0.66: no signal.""",
        ),
        Example(
            title="Limits either side of a half",
            given="""
            base
            ----
              10
            """,
            call="funnel_limits(given['base'], 0.5)",
            gives="""
            base |    low95 |   high95 |   low998 |   high998
            -----+----------+----------+----------+----------
              10 | 0.132444 | 0.867556 | 0.000240 | 0.999760
            """,
            source="As above, and 1 less it; for 99.8%, 0.1% is just over P(none) = 1/1024.",
        ),
        Example(
            title="Over-dispersion from winsorised scores",
            given="""
            a
            -
            0
            """,
            call="overdispersion([-5, -2, -2, -2, -2, 2, 2, 2, 2, 5])",
            gives="""
            result
            ------
            4.0000
            """,
            source="A tenth at each end set from 5 to 2: mean square 4, above 1 + 2√(2/10).",
        ),
        Example(
            title="Areas on a funnel",
            given="""
            area  | count | base | tier
            ------+-------+------+----------
            north |     1 |   10 | reference
            south |     8 |   10 | reference
            east  |     0 |   10 | reference
            west  |       |   10 | reference
            """,
            call="funnel(given, centre=0.5)",
            gives="""
            area  | tier      | share |       z | dispersion | position
            ------+-----------+-------+---------+------------+----------------
            north | reference |   0.1 | -2.5298 |     6.6667 | within limits
            south | reference |   0.8 |  1.8974 |     6.6667 | within limits
            east  | reference |   0.0 | -3.1623 |     6.6667 | within limits
            west  | reference |       |         |            |
            """,
            source="z² is 6.4, 3.6 and 10: areas differ by more than chance, and none stands out.",
        ),
    ),
)
