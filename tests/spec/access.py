"""Worked examples of outcomes by group."""

from worked import Example, Page

PEOPLE = """given.loc[given.index.repeat(given["people"])].reset_index(drop=True).reset_index(
                names="person")"""

PAGE = Page(
    title="Access: outcomes of referrals by group",
    modules=("access", "clusters", "multiplicity"),
    when="""
    For whether a group is refused more often than another: one outcome against all others, or all four
    outcomes of a referral at once. Differences of shares stand beside odds ratios, crude beside adjusted.
    One person may have many referrals, so errors are clustered by person. Where few people had an outcome, or
    none or all of a group did, the comparison is Firth's and says so. A group of hardly anybody is counted
    and not compared; who is not recorded is a row of its own. All comparisons of a declared family are shown:
    Holm's method decides for questions asked beforehand, Benjamini and Hochberg's for a search.
    """,
    formula="""
log p(outcome k) / p(outcome 0) = a_k + b_k group + c_k terms    (multinomial; logistic with two outcomes)
covariance = ( g − 1 )/g × Σ over people of d d′,  d = ( I − I_person )⁻¹ score of the person
adjusted difference = mean over referrals of  p( as if of the group ) − p( as if of the reference )
its error           = √( slope′ × covariance × slope )                 (delta method)
sparse              : fewer than 10 people with, or without, the outcome in either group → Firth
design effect       = 1 + ρ ( Σ m² / Σ m − 1 ),  m referrals of a person, ρ alike within a person
Holm                : the i-th smallest of m p-values times m − i + 1, never below the one before
""",
    sources="""
    Liang K-Y, Zeger SL (1986). Longitudinal data analysis using generalized linear models. Biometrika 73,
    13-22.

    Bell RM, McCaffrey DF (2002). Bias reduction in standard errors for linear regression with multi-stage
    samples. Survey Methodology 28, 169-181.

    Lane PW, Nelder JA (1982). Analysis of covariance and standardization as instances of prediction.
    Biometrics 38, 613-621.

    Begg CB, Gray R (1984). Calculation of polychotomous logistic regression parameters using individualized
    regressions. Biometrika 71, 11-18.

    Rao JNK, Scott AJ (1992). A simple method for the analysis of clustered binary data. Biometrics 48,
    577-585.

    Puhr R, Heinze G, Nold M, Lusa L, Geroldinger A (2017). Firth's logistic regression with rare events:
    accurate effect estimates and predictions? Statistics in Medicine 36, 2302-2317.

    Newcombe RG (1998). Interval estimation for the difference between independent proportions: comparison of
    eleven methods. Statistics in Medicine 17, 873-890.

    Holm S (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics
    6, 65-70.

    Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate: a practical and powerful approach to
    multiple testing. Journal of the Royal Statistical Society B 57, 289-300.
    """,
    examples=(
        Example(
            title="One referral a person: the raw difference and odds ratio",
            given="""
            group | outcome  | people
            ------+----------+-------
            here  | refused  |     56
            here  | accepted |     14
            there | refused  |     48
            there | accepted |     32
            """,
            call=f"""
            contrasts({PEOPLE}, "outcome", "refused", ["group"], person="person",
                references={{"group": "there"}})
            """,
            gives="""
            group | count | base |  share | difference | odds_ratio | status
            ------+-------+------+--------+------------+------------+----------
            there |    48 |   80 | 0.6000 |            |            | reference
            here  |    56 |   70 | 0.8000 |     0.2000 |     2.6667 | estimated
            """,
            source="Newcombe (1998), example a: 0.8 − 0.6; 56 × 32 / (14 × 48) = 2.6667.",
        ),
        Example(
            title="Few events: Firth's odds ratio, Newcombe's difference",
            given="""
            group | outcome  | people
            ------+----------+-------
            here  | refused  |      5
            here  | accepted |     51
            there | accepted |     29
            """,
            call=f"""
            contrasts({PEOPLE}, "outcome", "refused", ["group"], person="person",
                references={{"group": "there"}})
            """,
            gives="""
            group | difference | difference_low | difference_high | difference_method | odds_ratio | status
            ------+------------+----------------+-----------------+-------------------+------------+----------
            there |            |                |                 |                   |            | reference
            here  |     0.0893 |        -0.0381 |          0.1926 | Newcombe          |     6.3010 | sparse
            """,
            source="""Newcombe (1998), example d, table II, method 10: 5 of 56 less 0 of 29; the odds ratio in
            closed form, (5.5/51.5) / (0.5/29.5) = 6.3010.""",
        ),
        Example(
            title="Four outcomes at once, against acceptance",
            given="""
            group | outcome       | people
            ------+---------------+-------
            here  | accepted      |     40
            here  | refused       |     30
            here  | withdrawn     |     20
            here  | inappropriate |     10
            there | accepted      |    100
            there | refused       |     50
            there | withdrawn     |     25
            there | inappropriate |     25
            """,
            call=f"""
            outcomes_by_group({PEOPLE}, "outcome", ["group"], person="person",
                outcomes=["accepted", "refused", "withdrawn", "inappropriate"]).query("group == 'here'")
            """,
            gives="""
            outcome       | count | base | share | difference | odds_ratio | status
            --------------+-------+------+-------+------------+------------+----------
            accepted      |    40 |  100 |  0.40 |     -0.100 |            | estimated
            refused       |    30 |  100 |  0.30 |      0.050 |       1.50 | estimated
            withdrawn     |    20 |  100 |  0.20 |      0.075 |       2.00 | estimated
            inappropriate |    10 |  100 |  0.10 |     -0.025 |       1.00 | estimated
            """,
            source="In closed form: shares less shares, and (30/40) / (50/100) = 1.5.",
        ),
        Example(
            title="Corners are rows with a sentence",
            given="""
            group | outcome  | people
            ------+----------+-------
            here  | accepted |     30
            there | refused  |     20
            there | accepted |     20
            alone | refused  |      1
                  | refused  |      9
            """,
            call=f"""
            contrasts({PEOPLE}, "outcome", "refused", ["group"], person="person")
            """,
            gives="""
            group        | count | base | status       | note
            -------------+-------+------+--------------+-----
            there        |    20 |   40 | reference    | The group that the others are compared with.
            here         |     0 |   30 | sparse       | Fewer than 10 people with or without the outcome, or outcomes separated: compared by Firth's penalised likelihood.
            alone        |     1 |    1 | too few      | Too few people for a comparison.
            not recorded |     9 |    9 | not recorded | The characteristic is not recorded for these referrals; they are in no comparison.
            """,  # noqa: E501
            source="The rules of this project.",
        ),
        Example(
            title="Forty referrals of twenty people who are wholly alike are worth twenty",
            given="""
            count | base | effect
            ------+------+-------
               16 |   40 |      2
                8 |   20 |      1
            """,
            call="effective_share(count, base, effect)",
            gives="""
            value |    low |   high
            ------+--------+-------
              0.4 | 0.2188 | 0.6134
              0.4 | 0.2188 | 0.6134
            """,
            source="Rao and Scott (1992): the base over its design effect; Wilson's limits of 8 of 20.",
        ),
        Example(
            title="Fifteen comparisons as a family asked beforehand",
            given="""
                 p
            ------
            0.0001
            0.0004
            0.0019
            0.0095
            0.0201
            0.0278
            0.0298
            0.0344
            0.0459
            0.3240
            0.4262
            0.5719
            0.6528
            0.7590
            1.0000
            """,
            call='with_family(given, "confirmatory")',
            gives="""
            p_holm |   p_bh | comparisons | stands
            -------+--------+-------------+-------
            0.0015 | 0.0015 |          15 | True
            0.0056 | 0.0030 |          15 | True
            0.0247 | 0.0095 |          15 | True
            0.1140 | 0.0356 |          15 | False
            0.2211 | 0.0603 |          15 | False
            0.2780 | 0.0639 |          15 | False
            0.2780 | 0.0639 |          15 | False
            0.2780 | 0.0645 |          15 | False
            0.3213 | 0.0765 |          15 | False
            1.0000 | 0.4860 |          15 | False
            1.0000 | 0.5812 |          15 | False
            1.0000 | 0.7149 |          15 | False
            1.0000 | 0.7532 |          15 | False
            1.0000 | 0.8132 |          15 | False
            1.0000 | 1.0000 |          15 | False
            """,
            source="""Benjamini and Hochberg (1995), section 4: of these, four stand by their method and three
            by methods for the whole family; adjusted values as in the help of scipy's
            false_discovery_control. Holm's are products: 0.0001 × 15, 0.0004 × 14, 0.0019 × 13,
            0.0095 × 12.""",
        ),
    ),
)
