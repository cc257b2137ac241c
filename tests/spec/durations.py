"""Worked examples of durations: curves, medians, restricted means, competing exits, log-rank and Cox."""

from worked import Example, Page

LEUKAEMIA = """
group   | days | censored | people
--------+------+----------+-------
6-MP    |    6 |        0 |      3
6-MP    |    7 |        0 |      1
6-MP    |   10 |        0 |      1
6-MP    |   13 |        0 |      1
6-MP    |   16 |        0 |      1
6-MP    |   22 |        0 |      1
6-MP    |   23 |        0 |      1
6-MP    |    6 |        1 |      1
6-MP    |    9 |        1 |      1
6-MP    |   10 |        1 |      1
6-MP    |   11 |        1 |      1
6-MP    |   17 |        1 |      1
6-MP    |   19 |        1 |      1
6-MP    |   20 |        1 |      1
6-MP    |   25 |        1 |      1
6-MP    |   32 |        1 |      2
6-MP    |   34 |        1 |      1
6-MP    |   35 |        1 |      1
placebo |    1 |        0 |      2
placebo |    2 |        0 |      2
placebo |    3 |        0 |      1
placebo |    4 |        0 |      2
placebo |    5 |        0 |      2
placebo |    8 |        0 |      4
placebo |   11 |        0 |      2
placebo |   12 |        0 |      2
placebo |   15 |        0 |      1
placebo |   17 |        0 |      1
placebo |   22 |        0 |      1
placebo |   23 |        0 |      1
"""

PREGNANCIES = """
entry | days | exit        | people
------+------+-------------+-------
    3 |    6 | loss        |      4
    3 |    7 | termination |      2
    3 |    7 | loss        |      7
    3 |    8 | termination |      3
    3 |    8 | loss        |      2
    5 |    8 | loss        |     13
    5 |    9 | termination |      6
    5 |    9 | loss        |      7
    5 |   10 | termination |      4
    5 |   10 | loss        |     10
    5 |   11 | termination |      3
    5 |   11 | loss        |      8
    5 |   12 | loss        |      7
    5 |   13 | termination |      1
    5 |   13 | loss        |      1
    5 |   14 | termination |      1
    5 |   14 | loss        |      2
    5 |   17 | loss        |      1
    5 |   19 | loss        |      2
    5 |   21 | loss        |      1
    5 |   24 | loss        |      1
    5 |   25 | loss        |      1
    5 |   26 | loss        |      1
    5 |   30 | birth       |      4
    5 |   31 | birth       |      3
    5 |   32 | birth       |      2
    5 |   33 | birth       |      6
    5 |   34 | birth       |     11
    5 |   35 | birth       |      3
    6 |   35 | birth       |      6
    6 |   36 | birth       |     25
    6 |   36 | loss        |      1
    6 |   37 | birth       |     36
    6 |   38 | birth       |     80
    7 |   38 | birth       |     29
    7 |   39 | birth       |     93
    8 |   39 | birth       |     72
    8 |   40 | birth       |     30
    9 |   40 | birth       |     70
   10 |   40 | birth       |     60
   11 |   40 | birth       |     60
   12 |   40 | birth       |     42
   13 |   40 | birth       |     18
   13 |   41 | birth       |     12
   14 |   41 | birth       |     26
   15 |   41 | birth       |     18
   16 |   41 | birth       |     26
   17 |   41 | birth       |     20
   18 |   41 | birth       |     22
   19 |   41 | birth       |      7
   20 |   41 | birth       |     13
   21 |   41 | birth       |     12
   22 |   41 | birth       |      9
   23 |   41 | birth       |     11
   24 |   41 | birth       |     12
   25 |   41 | birth       |      6
   26 |   41 | birth       |      8
   27 |   41 | birth       |      6
   27 |   42 | birth       |      1
   28 |   42 | birth       |     10
   29 |   42 | birth       |      5
   30 |   42 | birth       |      9
   31 |   42 | birth       |      3
   32 |   42 | birth       |      7
   33 |   42 | birth       |      6
   34 |   42 | birth       |      6
   35 |   42 | birth       |      5
   36 |   42 | birth       |      7
   37 |   42 | birth       |      1
   37 |   43 | birth       |      1
   38 |   43 | birth       |      2
   39 |   43 | birth       |      3
"""

PAGE = Page(
    title="Durations: waits, stays and exits",
    modules=("durations", "restricted", "exits", "logrank", "cox"),
    when="""
    For how long people wait or stay. An average over finished stays is too short: who is still there when the
    window closes is censored, and who was there before it opened is seen only because she stayed long
    enough, so she counts from the day she came into view (left truncation). Exits of several kinds compete:
    the share that has left in each way is never one minus the curve of that kind. A ratio of rates is given
    with a check that it stays the same, beside curves and restricted means. Days here are weeks or years
    where the example's are.
    """,
    formula="""
at risk on day t = came into view before t, and last seen on t or later; exits before censorings
remaining        S(t) = product over days s <= t of ( 1 - exits / at risk );     Greenwood's error
limits           S ^ exp( ± z error / ( S |log S| ) );  before the first exit at least (half the error)^(1/n)
median           first day with S at most 1/2; limits: first days on which the curve's limits are
restricted mean  area under S up to the horizon
left in way k    F_k(t) = sum over s <= t of S(s-) × exits of kind k / at risk    (Aalen-Johansen)
log-rank         ( seen - expected )' V^-1 ( seen - expected ), hypergeometric V
Cox              rate of leaving = baseline(t) × exp( x b ), ties by Efron; check: b + c × g(t), score test
of c
""",
    sources="""
    Kaplan EL, Meier P (1958). Nonparametric estimation from incomplete observations. Journal of the American
    Statistical Association 53, 457-481.

    Klein JP, Moeschberger ML (2003). Survival analysis: techniques for censored and truncated data, 2nd
    edition. Springer.

    Brookmeyer R, Crowley J (1982). A confidence interval for the median survival time. Biometrics 38, 29-41.

    Aalen OO, Johansen S (1978). An empirical transition matrix for non-homogeneous Markov chains based on
    censored observations. Scandinavian Journal of Statistics 5, 141-150.

    Allignol A, Schumacher M, Beyersmann J (2010). A note on variance estimation of the Aalen-Johansen
    estimator of the cumulative incidence function in competing risks, with a view towards left-truncated
    data. Biometrical Journal 52, 126-137.

    Therneau TM, Grambsch PM (2000). Modeling survival data: extending the Cox model. Springer, appendix E.

    Grambsch PM, Therneau TM (1994). Proportional hazards tests and diagnostics based on weighted residuals.
    Biometrika 81, 515-526.

    Freireich EJ and others (1963). The effect of 6-mercaptopurine on the duration of steroid-induced
    remissions in acute leukemia. Blood 21, 699-716.

    Meister R, Schaefer C (2008). Statistical methods for estimating the probability of spontaneous abortion
    in observational studies: analyzing pregnancies exposed to coumarin derivatives. Reproductive Toxicology
    26, 31-35.
    """,
    examples=(
        Example(
            title="Remission of leukaemia",
            given=LEUKAEMIA,
            call="""
            kaplan_meier(
                given.loc[given.index.repeat(given["people"])].query("group == '6-MP'"),
                grid=[6, 7, 10, 13, 16, 22, 23],
            )
            """,
            gives="""
            day | at_risk | exits | remaining |     se |   low |  high
            ----+---------+-------+-----------+--------+-------+------
              6 |      21 |     3 |     0.857 | 0.0764 | 0.620 | 0.952
              7 |      17 |     1 |     0.807 | 0.0869 | 0.563 | 0.923
             10 |      15 |     1 |     0.753 | 0.0963 | 0.503 | 0.889
             13 |      12 |     1 |     0.690 | 0.1068 | 0.432 | 0.849
             16 |      11 |     1 |     0.627 | 0.1141 | 0.368 | 0.805
             22 |       7 |     1 |     0.538 | 0.1282 | 0.268 | 0.747
             23 |       6 |     1 |     0.448 | 0.1346 | 0.188 | 0.680
            """,
            source="""Klein and Moeschberger (2003), table 4.1B, for shares and errors; limits by the formula,
            as R's survfit with log-log limits gives them.""",
        ),
        Example(
            title="Medians",
            given=LEUKAEMIA,
            call="""
            quantiles(
                kaplan_meier(given.loc[given.index.repeat(given["people"])], by="group"), [0.5], by="group"
            )
            """,
            gives="""
            group   | day | low | high
            --------+-----+-----+-----
            6-MP    |  23 |  13 | inf
            placebo |   8 |   4 |   11
            """,
            source="Klein and Moeschberger (2003), section 4.5, the rule; medians of 23 and 8 weeks.",
        ),
        Example(
            title="Weeks of remission out of the first 35",
            given=LEUKAEMIA,
            call="""
            restricted_mean(given.loc[given.index.repeat(given["people"])].query("group == '6-MP'"), 35)
            """,
            gives="""
             mean |   se
            ------+-----
            23.29 | 2.83
            """,
            source="Klein and Moeschberger (2003), section 4.5: 23.29 weeks with standard error 2.83 weeks.",
        ),
        Example(
            title="Whether the two groups relapse at the same pace",
            given=LEUKAEMIA,
            call="""
            vars(logrank(given.loc[given.index.repeat(given["people"])], "group"))
            """,
            gives="""
            statistic | df |         p
            ----------+----+----------
                16.79 |  1 | 0.0000417
            """,
            source="R, survdiff: 16.8 on 1 degree of freedom, p = 4.17e-05.",
        ),
        Example(
            title="How many times as fast on placebo",
            given=LEUKAEMIA,
            call="""
            cox(
                given.loc[given.index.repeat(given["people"])], ["group"], reference={"group": "6-MP"}
            ).frame
            """,
            gives="""
            level   | people | exits | ratio |  low |  high | status
            --------+--------+-------+-------+------+-------+----------
            6-MP    |     21 |     9 | 1.000 |      |       | reference
            placebo |     21 |    21 | 4.817 | 2.15 | 10.81 |
            """,
            source="R, coxph with Efron's ties: 4.817, from exp(1.5721) with standard error 0.4124.",
        ),
        Example(
            title="With entry, worked by hand",
            given="""
            entry | days | censored | x
            ------+------+----------+--
                1 |    2 |        0 | 1
                2 |    3 |        0 | 0
                5 |    6 |        0 | 0
                2 |    7 |        0 | 1
                1 |    8 |        0 | 0
                7 |    9 |        0 | 1
                3 |    9 |        0 | 1
                4 |    9 |        1 | 1
                8 |   14 |        1 | 0
                8 |   17 |        1 | 0
            """,
            call='cox(given, ["x"], entry="entry").frame',
            gives="""
              ratio |    low |  high
            --------+--------+------
            0.97912 | 0.2061 | 4.653
            """,
            source="Therneau and Grambsch (2000), appendix E.2: 0.9791 (0.2061 to 4.653) with Efron's ties.",
        ),
        Example(
            title="Whether the ratio stays the same: ovarian cancer",
            given="""
            days   | censored | age     | ecog
            -------+----------+---------+-----
              59.0 |      0.0 | 72.3315 |  1.0
             115.0 |      0.0 | 74.4932 |  1.0
             156.0 |      0.0 | 66.4658 |  2.0
             421.0 |      1.0 | 53.3644 |  1.0
             431.0 |      0.0 | 50.3397 |  1.0
             448.0 |      1.0 | 56.4301 |  2.0
             464.0 |      0.0 |  56.937 |  2.0
             475.0 |      0.0 | 59.8548 |  2.0
             477.0 |      1.0 | 64.1753 |  1.0
             563.0 |      0.0 | 55.1781 |  2.0
             638.0 |      0.0 | 56.7562 |  2.0
             744.0 |      1.0 | 50.1096 |  1.0
             769.0 |      1.0 | 59.6301 |  2.0
             770.0 |      1.0 | 57.0521 |  1.0
             803.0 |      1.0 | 39.2712 |  1.0
             855.0 |      1.0 | 43.1233 |  2.0
            1040.0 |      1.0 | 38.8932 |  2.0
            1106.0 |      1.0 |    44.6 |  1.0
            1129.0 |      1.0 | 53.9068 |  1.0
            1206.0 |      1.0 | 44.2055 |  1.0
            1227.0 |      1.0 |  59.589 |  2.0
             268.0 |      0.0 | 74.5041 |  2.0
             329.0 |      0.0 |  43.137 |  1.0
             353.0 |      0.0 | 63.2192 |  2.0
             365.0 |      0.0 | 64.4247 |  1.0
             377.0 |      1.0 | 58.3096 |  1.0
            """,
            call='cox(given, ["age", "ecog"]).check',
            gives="""
            covariate    | statistic | df |    p
            -------------+-----------+----+-----
            age          |     0.698 |  1 | 0.40
            ecog         |     2.371 |  1 | 0.12
            all together |     3.633 |  2 | 0.16
            """,
            source="R, cox.zph of the package survival (its own example): 0.698, 2.371, 3.633.",
        ),
        Example(
            title="Competing ends of pregnancies that come into view late",
            given=PREGNANCIES,
            call="""
            cumulative_incidence(
                given.loc[given.index.repeat(given["people"])].assign(censored=False),
                entry="entry", since=3, grid=[13, 39, 43], kinds=["termination", "birth", "loss"],
            )
            """,
            gives="""
            exit        | day | at_risk |     share |        low |       high
            ------------+-----+---------+-----------+------------+-----------
            termination |  13 |     645 | 0.0389549 | 0.02448808 | 0.06169378
            termination |  39 |     716 | 0.0401593 | 0.02551262 | 0.06293875
            termination |  43 |       6 | 0.0401593 | 0.02551262 | 0.06293875
            birth       |  13 |     645 | 0.0000000 | 0.00000000 | 0.18530197
            birth       |  39 |     716 | 0.3220159 | 0.29231391 | 0.35391574
            birth       |  43 |       6 | 0.7990593 | 0.75396884 | 0.84061317
            loss        |  13 |     645 | 0.1504675 |  0.1135970 |  0.1979013
            loss        |  39 |     716 | 0.1607814 |  0.1235965 |  0.2077571
            loss        |  43 |       6 | 0.1607814 |  0.1235965 |  0.2077571
            """,
            source="""Allignol, Schumacher and Beyersmann's R package etm prints these for the controls of
            Meister and Schaefer (2008); the bound for births before week 30 is one minus 0.025^(1/18). Rows
            are rebuilt from the at-risk sets and probabilities it prints.""",
        ),
    ),
)
