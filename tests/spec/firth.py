"""Worked examples of Firth's penalised likelihood."""

from worked import Example, Page

PAGE = Page(
    title="Few or separated outcomes: Firth's penalised likelihood",
    modules=("firth",),
    when="""
    For odds ratios where few people had an outcome, or where some group had all of them or none: the usual
    estimate is then far too large or infinite, and its interval is nonsense. The likelihood is multiplied by
    the square root of the determinant of the information, which keeps every estimate finite and takes away
    most of its bias. Intervals are where the penalised likelihood has dropped by as much as chance allows,
    with all other terms at their best there; p-values are of its ratio. `access` turns to it of itself where
    data are sparse, and says so.
    """,
    formula="""
log L*(b) = log L(b) + ½ log det I(b),   I(b) = X′ W X,  W = diag( n p (1 − p) )
score     = X′ ( y − n p + h (½ − p) ) = 0,   h = diagonal of W^½ X I⁻¹ X′ W^½
limits    : 2 ( log L*(max) − max over the other terms of log L*(b) ) = χ²(1, 95%) = 3.841
two groups: log odds ratio = log (k + ½)/(n − k + ½) − log (j + ½)/(m − j + ½)
""",
    sources="""
    Firth D (1993). Bias reduction of maximum likelihood estimates. Biometrika 80, 27-38.

    Heinze G, Schemper M (2002). A solution to the problem of separation in logistic regression. Statistics
    in Medicine 21, 2409-2419.

    Heinze G, Ploner M, Jiricka L (2025). logistf: Firth's bias-reduced logistic regression. R package.
    """,
    examples=(
        Example(
            title="Endometrial cancer: one term separates",
            given="""
            NV | PI |   EH | HG
            ---+----+------+---
             0 | 13 | 1.64 |  0
             0 | 16 | 2.26 |  0
             0 |  8 | 3.14 |  0
             0 | 34 | 2.68 |  0
             0 | 20 | 1.28 |  0
             0 |  5 | 2.31 |  0
             0 | 17 |  1.8 |  0
             0 | 10 | 1.68 |  0
             0 | 26 | 1.56 |  0
             0 | 17 | 2.31 |  0
             0 |  8 | 2.01 |  0
             0 |  7 | 1.89 |  0
             0 | 20 | 3.15 |  0
             0 | 10 | 1.23 |  0
             0 | 18 | 1.27 |  0
             0 | 16 | 1.76 |  0
             0 | 18 |  2.0 |  0
             0 |  8 | 2.64 |  1
             0 | 29 | 0.88 |  1
             0 | 12 | 1.27 |  1
             0 | 20 | 1.37 |  1
             1 | 38 | 0.97 |  1
             1 | 22 | 1.14 |  1
             1 |  7 | 0.88 |  1
             1 | 25 | 0.91 |  1
             1 | 15 | 0.58 |  1
             0 |  7 | 0.97 |  1
             0 | 28 |  1.5 |  0
             0 | 11 | 1.33 |  0
             0 | 19 | 2.37 |  0
             0 | 10 | 1.82 |  0
             0 | 10 | 3.13 |  0
             0 | 18 | 1.31 |  0
             0 | 14 | 1.92 |  0
             0 | 21 | 1.64 |  0
             0 | 11 | 2.01 |  0
             0 | 17 | 1.88 |  0
             0 | 25 | 1.93 |  0
             0 | 16 | 2.11 |  0
             0 | 19 | 1.29 |  0
             0 | 15 | 1.72 |  0
             0 | 33 | 0.75 |  0
             0 | 24 | 1.92 |  0
             0 | 48 | 1.84 |  1
             0 | 12 | 1.11 |  1
             0 | 19 | 1.61 |  1
             0 |  2 | 1.18 |  1
             1 | 22 | 1.44 |  1
             1 | 40 | 1.18 |  1
             1 |  5 | 0.93 |  1
             1 |  0 | 1.17 |  1
             0 | 21 | 1.19 |  1
             0 | 15 | 1.06 |  1
             0 | 29 | 2.02 |  0
             0 | 15 | 2.29 |  0
             0 | 12 | 2.33 |  0
             0 |  3 |  2.9 |  0
             0 | 20 |  1.7 |  0
             0 | 23 | 1.41 |  0
             0 | 12 | 2.25 |  0
             0 | 22 | 1.54 |  0
             0 | 42 | 1.97 |  0
             0 | 15 | 1.75 |  0
             0 | 13 | 2.16 |  0
             0 | 14 | 2.57 |  0
             0 | 19 | 1.37 |  0
             0 | 12 | 3.61 |  0
             0 | 13 | 2.04 |  0
             0 | 10 | 2.17 |  0
             0 | 12 | 1.69 |  1
             1 | 49 | 0.27 |  1
             0 |  6 | 1.84 |  1
             0 |  5 |  1.3 |  1
             0 | 17 | 0.96 |  1
             1 | 11 | 1.01 |  1
             1 | 21 | 0.98 |  1
             0 |  5 | 0.35 |  1
             1 | 19 | 1.02 |  1
             0 | 33 | 0.85 |  1
            """,
            call='firth(given, "HG", ["NV", "PI", "EH"])',
            gives="""
            term     | coefficient | coefficient_low | coefficient_high
            ---------+-------------+-----------------+-----------------
            constant |      3.7746 |          1.0825 |           7.2093
            NV       |      2.9293 |          0.6097 |           7.8546
            PI       |     -0.0348 |         -0.1245 |           0.0405
            EH       |     -2.6042 |         -4.3652 |          -1.2327
            """,
            source="""Heinze and Schemper (2002), 79 women, by R's logistf: 3.77455951, 2.92927330,
            -0.03475175, -2.60416387, limits 1.0825371 to 7.20928050, 0.6097244 to 7.85463171, -0.1244587 to
            0.04045547, -4.3651832 to -1.23272106.""",
        ),
        Example(
            title="Urinary tract infection in 239 women, grouped by what they have in common",
            given="""
            age | oc | vic | vicl | vis | dia | infected | women
            ----+----+-----+------+-----+-----+----------+------
              0 |  0 |   0 |    0 |   1 |   0 |        1 |     2
              0 |  0 |   1 |    0 |   0 |   0 |       14 |    16
              0 |  0 |   1 |    0 |   1 |   0 |        3 |     4
              0 |  0 |   1 |    1 |   0 |   0 |       10 |    18
              0 |  0 |   1 |    1 |   1 |   0 |       12 |    30
              0 |  0 |   1 |    1 |   1 |   1 |        1 |     1
              0 |  1 |   0 |    0 |   0 |   0 |       44 |    86
              0 |  1 |   0 |    0 |   0 |   1 |        3 |     3
              0 |  1 |   0 |    0 |   1 |   0 |        0 |     1
              0 |  1 |   1 |    0 |   0 |   0 |       15 |    16
              0 |  1 |   1 |    0 |   0 |   1 |        1 |     1
              0 |  1 |   1 |    0 |   1 |   0 |        2 |     2
              0 |  1 |   1 |    1 |   0 |   0 |        7 |    12
              0 |  1 |   1 |    1 |   1 |   0 |        3 |     9
              1 |  0 |   1 |    0 |   0 |   0 |        2 |     2
              1 |  0 |   1 |    0 |   1 |   0 |        1 |     1
              1 |  0 |   1 |    0 |   1 |   1 |        1 |     1
              1 |  0 |   1 |    1 |   0 |   0 |        1 |     3
              1 |  0 |   1 |    1 |   1 |   0 |        0 |     4
              1 |  0 |   1 |    1 |   1 |   1 |        1 |     1
              1 |  1 |   0 |    0 |   0 |   0 |        5 |    19
              1 |  1 |   0 |    0 |   1 |   0 |        0 |     1
              1 |  1 |   1 |    0 |   0 |   0 |        3 |     4
              1 |  1 |   1 |    1 |   1 |   0 |        0 |     2
            """,
            call="""
            firth(given, "infected", ["age", "oc", "vic", "vicl", "vis", "dia"], base="women")
            """,
            gives="""
            term     | coefficient | coefficient_low | coefficient_high | chi_squared |        p
            ---------+-------------+-----------------+------------------+-------------+---------
            constant |      0.1203 |         -0.8186 |           1.0732 |      0.0629 | 0.802027
            age      |     -1.1060 |         -1.9738 |          -0.3074 |      7.5077 | 0.006143
            oc       |     -0.0688 |         -0.9414 |           0.7892 |      0.0247 | 0.875191
            vic      |      2.2689 |          1.2730 |           3.4354 |     22.9314 | 0.000002
            vicl     |     -2.1114 |         -3.2609 |          -1.1177 |     19.1041 | 0.000012
            vis      |     -0.7883 |         -1.6081 |           0.0152 |      3.6974 | 0.054497
            dia      |      3.0960 |          0.7746 |           8.0303 |      7.8969 | 0.004952
            """,
            source="""The data sex2 of R's logistf, and its output: coefficients 0.12025405, -1.10598131,
            -0.06881673, 2.26887464, -2.11140817, -0.78831694, 3.09601166.""",
        ),
        Example(
            title="None of 20 beside 12 of 60",
            given="""
            count | base | small
            ------+------+------
                0 |   20 |     1
               12 |   60 |     0
            """,
            call='firth(given, "count", ["small"], base="base")',
            gives="""
            term     | odds_ratio
            ---------+-----------
            constant |   0.257732
            small    |   0.094634
            """,
            source="In closed form (0.5/20.5) / (12.5/48.5) = 0.094634, and 12.5/48.5 = 0.257732.",
        ),
    ),
)
