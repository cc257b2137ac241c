"""Worked examples of multilevel analysis of intersections."""

from worked import Example, Page

CELLS = """Counts(
                given["incidence"].to_numpy(float), given["size"].to_numpy(float),
                pd.get_dummies(given["period"]).assign(constant=1)[["constant", 2, 3, 4]].to_numpy(float),
                given["herd"].to_numpy() - 1,
            )"""

PAGE = Page(
    title="Intersections (MAIHDA)",
    modules=("random_intercept", "intersections"),
    when="""
    For which combinations of characteristics fare worse than their parts. Everybody with one combination is a
    stratum. One model lets strata differ; a second adds a term for every category of every characteristic,
    so that what is left between strata is what the combination adds. Small strata are drawn towards what
    their parts say. Repeated referrals of one person count by their design effect. Each stratum is also set
    beside what all other strata lead one to expect of its parts; those comparisons are a declared family. Few
    strata, or none that differ, are said in words.
    """,
    formula="""
count ~ binomial( base, p ),   logit p = x b + u,   u ~ normal( 0, σ² )     (u integrated out, 21 points)
VPC   = σ² / ( σ² + π²/3 )
PCV   = 1 − σ²(with the characteristics' own terms) / σ²(without)
σ²    maximises  max over b of log L(b, σ) − ½ log det I(b)                 (restricted likelihood)
shrunk share = expit( mean of x b + u ), averaged over σ as far as the data bear each out
beyond = share − expit( x b with b from all other strata )
""",
    sources="""
    Evans CR, Williams DR, Onnela J-P, Subramanian SV (2018). A multilevel approach to modeling health
    inequalities at the intersection of multiple social identities. Social Science & Medicine 203, 64-73.

    Merlo J (2018). Multilevel analysis of individual heterogeneity and discriminatory accuracy (MAIHDA)
    within an intersectional framework. Social Science & Medicine 203, 74-80.

    Evans CR, Leckie G, Subramanian SV, Bell A, Merlo J (2024). A tutorial for conducting intersectional
    multilevel analysis of individual heterogeneity and discriminatory accuracy (MAIHDA). SSM - Population
    Health 26, 101664.

    Pinheiro JC, Bates DM (1995). Approximations to the log-likelihood function in the nonlinear mixed-effects
    model. Journal of Computational and Graphical Statistics 4, 12-35.

    Cox DR, Reid N (1987). Parameter orthogonality and approximate conditional inference. Journal of the Royal
    Statistical Society B 49, 1-39.

    Bates D, Mächler M, Bolker B, Walker S (2015). Fitting linear mixed-effects models using lme4. Journal of
    Statistical Software 67(1).

    Bulut H (2026). MAIHDA: Multilevel analysis of individual heterogeneity and discriminatory accuracy. R
    package, article "MAIHDA for binary outcomes".
    """,
    examples=(
        Example(
            title="Fifteen herds of cattle in four periods",
            given="""
            herd | incidence | size | period
            -----+-----------+------+-------
               1 |         2 |   14 |      1
               1 |         3 |   12 |      2
               1 |         4 |    9 |      3
               1 |         0 |    5 |      4
               2 |         3 |   22 |      1
               2 |         1 |   18 |      2
               2 |         1 |   21 |      3
               3 |         8 |   22 |      1
               3 |         2 |   16 |      2
               3 |         0 |   16 |      3
               3 |         2 |   20 |      4
               4 |         2 |   10 |      1
               4 |         0 |   10 |      2
               4 |         2 |    9 |      3
               4 |         0 |    6 |      4
               5 |         5 |   18 |      1
               5 |         0 |   25 |      2
               5 |         0 |   24 |      3
               5 |         1 |    4 |      4
               6 |         3 |   17 |      1
               6 |         0 |   17 |      2
               6 |         0 |   18 |      3
               6 |         1 |   20 |      4
               7 |         8 |   16 |      1
               7 |         1 |   10 |      2
               7 |         3 |    9 |      3
               7 |         0 |    5 |      4
               8 |        12 |   34 |      1
               9 |         2 |    9 |      1
               9 |         0 |    6 |      2
               9 |         0 |    8 |      3
               9 |         0 |    6 |      4
              10 |         1 |   22 |      1
              10 |         1 |   22 |      2
              10 |         0 |   18 |      3
              10 |         2 |   22 |      4
              11 |         0 |   25 |      1
              11 |         5 |   27 |      2
              11 |         3 |   22 |      3
              11 |         1 |   22 |      4
              12 |         2 |   10 |      1
              12 |         1 |    8 |      2
              12 |         0 |    6 |      3
              12 |         0 |    5 |      4
              13 |         1 |   21 |      1
              13 |         2 |   24 |      2
              13 |         0 |   19 |      3
              13 |         0 |   23 |      4
              14 |        11 |   19 |      1
              14 |         0 |    2 |      2
              14 |         0 |    3 |      3
              14 |         0 |    2 |      4
              15 |         1 |   19 |      1
              15 |         1 |   15 |      2
              15 |         1 |   15 |      3
              15 |         0 |   15 |      4
            """,
            call=f"""
            pd.DataFrame({{"value": [*fit({CELLS}).coefficients, fit({CELLS}).sd]}})
            """,
            gives="""
              value
            -------
            -1.3992
            -0.9914
            -1.1278
            -1.5795
             0.6475
            """,
            source="""Lesnoff and others (2004) as kept with R's lme4: the fixed effects of its test of glmer
            with 25 points, -1.39922533, -0.99140729, -1.12782185, -1.57946627; standard deviation 0.6475.
            That the deviance agrees to nine digits is a test of its own.""",
        ),
        Example(
            title="From a variance to its share",
            given="""
            variance
            --------
              0.2227
                   0
            """,
            call="partition_coefficient(variance)",
            gives="""
            result
            ------
            0.0634
            0.0000
            """,
            source="Bulut (2026): a variance of 0.2227 between strata is a VPC of 0.0634.",
        ),
        Example(
            title="Proportional change in variance",
            given="""
             before |    after
            --------+---------
            0.222667 | 0.218941
            """,
            call="""
            change_in_variance(Estimate(before, 0.1, 0.5), Estimate(after, 0.1, 0.5))
            """,
            gives="""
             value
            ------
            0.0167
            """,
            source="Bulut (2026): from 0.222667 to 0.218941, a change of 1.67%.",
        ),
        Example(
            title="Twelve strata that add up their parts",
            given="""
            ethnicity | disability |   age | count | base
            ----------+------------+-------+-------+-----
                white |         no | young |   100 |  300
                white |         no |   old |   100 |  200
                white |        yes | young |   100 |  200
                white |        yes |   old |   100 |  150
                Black |         no | young |   100 |  200
                Black |         no |   old |   100 |  150
                Black |        yes | young |   100 |  150
                Black |        yes |   old |   100 |  125
                Asian |         no | young |   100 |  500
                Asian |         no |   old |   100 |  300
                Asian |        yes | young |   100 |  300
                Asian |        yes |   old |   100 |  200
            """,
            call="""
            maihda(given, ["ethnicity", "disability", "age"]).frame
            """,
            gives="""
            stratum             | share | additive | expected | interaction | beyond
            --------------------+-------+----------+----------+-------------+-------
            white × no × young  | 0.333 |    0.333 |     0.33 |       0.000 |   0.00
            white × no × old    | 0.500 |    0.500 |     0.50 |       0.000 |   0.00
            white × yes × young | 0.500 |    0.500 |     0.50 |       0.000 |   0.00
            white × yes × old   | 0.667 |    0.667 |     0.67 |       0.000 |   0.00
            Black × no × young  | 0.500 |    0.500 |     0.50 |       0.000 |   0.00
            Black × no × old    | 0.667 |    0.667 |     0.67 |       0.000 |   0.00
            Black × yes × young | 0.667 |    0.667 |     0.67 |       0.000 |   0.00
            Black × yes × old   | 0.800 |    0.800 |     0.80 |       0.000 |   0.00
            Asian × no × young  | 0.200 |    0.200 |     0.20 |       0.000 |   0.00
            Asian × no × old    | 0.333 |    0.333 |     0.33 |       0.000 |   0.00
            Asian × yes × young | 0.333 |    0.333 |     0.33 |       0.000 |   0.00
            Asian × yes × old   | 0.500 |    0.500 |     0.50 |       0.000 |   0.00
            """,
            source="""SYNTHETIC, so that odds multiply: one half, times two for disability, for old, for Black
            beside white and for white beside Asian. Nothing is left between strata; without one of them,
            the others expect the same of it to two digits.""",
        ),
    ),
)
