"""Worked examples of rates."""

from worked import Example, Page

PAGE = Page(
    title="Rates",
    modules=("rates",),
    when="""
    For events in a population or a time: referrals per 1,000 residents, incidents per 100
    person-years. Byar's interval from 10 events, the exact Poisson interval below, as English
    public health does.
    """,
    formula="""
rate = O / n × per
Byar   low  = O (1 − 1/9O − z/3√O)³             high = (O+1) (1 − 1/9(O+1) + z/3√(O+1))³
Exact  low  = χ²(2.5%; 2O) / 2                  high = χ²(97.5%; 2O+2) / 2
""",
    sources="""
    Breslow NE, Day NE (1987). Statistical methods in cancer research, volume II. Lyon:
    International Agency for Research on Cancer, page 69.

    Garwood F (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.

    Office for Health Improvement and Disparities. Public health technical guidance: rates.
    https://fingertips.phe.org.uk/static-reports/public-health-technical-guidance/Basic_statistics/Rates.html
    """,
    examples=(
        Example(
            title="Exact below ten events, Byar above",
            given="""
            count | base
            ------+-----
                1 |  100
               20 |  100
            """,
            call="rate(count, base)",
            gives="""
                value |     low |    high | method
            ----------+---------+---------+--------------
                    1 |  0.0253 |  5.5716 | exact Poisson
                   20 | 12.2114 | 30.8899 | Byar
            """,
            source="The two formulae evaluated; Garwood (1936) tabulates 0.0253 and 5.572 for one event.",
        ),
        Example(
            title="Garwood's limits",
            given="""
            count
            -----
                0
                2
                5
               10
            """,
            call="exact_poisson(count, 1, 1)",
            gives="""
              low |  high
            ------+------
            0.000 | 3.689
            0.242 | 7.225
            1.623 | 11.668
            4.795 | 18.390
            """,
            source="Garwood (1936), as tabulated since by Pearson and Hartley, Biometrika Tables, table 40.",
        ),
        Example(
            title="A table of rates keeps every row and column",
            given="""
            area    | count |  base | tier
            --------+-------+-------+----------
            north   |     0 |  5000 | reference
            south   |    12 | 10000 | reference
            unknown |       | 10000 | reference
            """,
            call="with_rates(given, per=1000)",
            gives="""
            area    | tier      |   rate | rate_low | rate_high | rate_method
            --------+-----------+--------+----------+-----------+--------------
            north   | reference | 0.0000 |   0.0000 |    0.7378 | exact Poisson
            south   | reference | 1.2000 |   0.6194 |    2.0963 | Byar
            unknown | reference |        |          |           |
            """,
            source="3.689 / 5 for no event; Byar's formula for 12.",
        ),
    ),
)
