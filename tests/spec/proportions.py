"""Worked examples of proportions and of their difference."""

from worked import Example, Page

PAGE = Page(
    title="Proportions",
    modules=("proportions",),
    when="""
    For every share in a report: how many of the people supported are men, how many of a board's
    referrals were accepted. The Wilson interval is used, and the exact Clopper–Pearson interval
    where the count is 0 or everybody. Where none were seen, the one-sided bound says how large the
    share could still be, and the probability of none says how surprising that is. Two groups are
    compared by the difference of their shares with Newcombe's interval, never by whether two
    intervals overlap.
    """,
    formula="""
p = k / n,  z = 1.959964 for 95%
Wilson           ( p + z²/2n ± z √( p(1−p)/n + z²/4n² ) ) / ( 1 + z²/n )
Clopper–Pearson  low: P(X ≥ k | low) = 2.5%     high: P(X ≤ k | high) = 2.5%     (X binomial)
None of n        bound = 1 − (1 − 0.95)^(1/n)   (one-sided 95%);   P(none | share) = (1 − share)^n
Difference       low  = p₁ − p₂ − √( (p₁ − low₁)² + (high₂ − p₂)² )
                 high = p₁ − p₂ + √( (high₁ − p₁)² + (p₂ − low₂)² )   (Wilson limits)
""",
    sources="""
    Wilson EB (1927). Probable inference, the law of succession, and statistical inference. Journal
    of the American Statistical Association 22, 209-212.

    Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case
    of the binomial. Biometrika 26, 404-413.

    Hanley JA, Lippman-Hand A (1983). If nothing goes wrong, is everything all right? Interpreting
    zero numerators. Journal of the American Medical Association 249, 1743-1745.

    Newcombe RG (1998). Two-sided confidence intervals for the single proportion: comparison of
    seven methods. Statistics in Medicine 17, 857-872.

    Newcombe RG (1998). Interval estimation for the difference between independent proportions:
    comparison of eleven methods. Statistics in Medicine 17, 873-890.
    """,
    examples=(
        Example(
            title="Wilson, four published proportions",
            given="""
            count | base
            ------+-----
               81 |  263
               15 |  148
                0 |   20
                1 |   29
            """,
            call="wilson(count, base)",
            gives="""
              low |   high
            ------+-------
            0.2553 | 0.3662
            0.0624 | 0.1605
            0.0000 | 0.1611
            0.0061 | 0.1718
            """,
            source="Newcombe (1998), single proportion, table I, method 3.",
        ),
        Example(
            title="Clopper–Pearson, the same four",
            given="""
            count | base
            ------+-----
               81 |  263
               15 |  148
                0 |   20
                1 |   29
            """,
            call="clopper_pearson(count, base)",
            gives="""
              low |   high
            ------+-------
            0.2527 | 0.3676
            0.0578 | 0.1617
            0.0000 | 0.1684
            0.0009 | 0.1776
            """,
            source="Newcombe (1998), single proportion, table I, method 5.",
        ),
        Example(
            title="Wilson to six decimals",
            given="""
            count | base
            ------+-----
                1 |  100
               20 |  100
            """,
            call="wilson(count, base)",
            gives="""
                 low |     high
            ---------+---------
            0.001767 | 0.054486
            0.133367 | 0.288829
            """,
            source="Wilson (1927), evaluated; agrees with statsmodels and R's binom package.",
        ),
        Example(
            title="A table of shares keeps every row and column",
            given="""
            group   | count | base | tier
            --------+-------+------+----------
            women   |    19 |   84 | published
            men     |     0 |  225 | published
            unknown |       |  225 | published
            """,
            call="with_proportions(given)",
            gives="""
            group   | tier      |  share |    low |   high | method
            --------+-----------+--------+--------+--------+----------------
            women   | published | 0.2262 | 0.1499 | 0.3265 | Wilson
            men     | published | 0.0000 | 0.0000 | 0.0163 | Clopper–Pearson
            unknown | published |        |        |        |
            """,
            source="The rule of this project; 0 of 225 has the closed form 1 − 0.025^(1/225) = 1.63%.",
        ),
        Example(
            title="None of 225, one-sided",
            given="""
            base
            ----
             225
              30
            """,
            call="zero_bound(base)",
            gives="""
               high | words
            --------+-------------------------
            0.01323 | at most 2 in every 100
            0.09503 | at most 10 in every 100
            """,
            source="Hanley and Lippman-Hand (1983): 1 − 0.05^(1/n), close to 3/n.",
        ),
        Example(
            title="How likely none would be",
            given="""
            base | share
            -----+------
              10 |  0.25
              20 |  0.05
            """,
            call="prob_none(base, share)",
            gives="""
            result
            --------
            0.056314
            0.358486
            """,
            source="(3/4)^10 = 59049/1048576 and (19/20)^20.",
        ),
        Example(
            title="Newcombe's eight differences",
            given="""
             k1 | n1 | k2 | n2
            ----+----+----+---
             56 | 70 | 48 | 80
              9 | 10 |  3 | 10
              6 |  7 |  2 |  7
              5 | 56 |  0 | 29
              0 | 10 |  0 | 20
              0 | 10 |  0 | 10
             10 | 10 |  0 | 20
             10 | 10 |  0 | 10
            """,
            call="newcombe(k1, n1, k2, n2)",
            gives="""
              value |     low |   high
            --------+---------+-------
             0.2000 |  0.0524 | 0.3339
             0.6000 |  0.1705 | 0.8090
             0.5714 |  0.0582 | 0.8062
             0.0893 | -0.0381 | 0.1926
             0.0000 | -0.1611 | 0.2775
             0.0000 | -0.2775 | 0.2775
             1.0000 |  0.6791 | 1.0000
             1.0000 |  0.6075 | 1.0000
            """,
            source="Newcombe (1998), difference, table II, method 10.",
        ),
        Example(
            title="Men to be expected among 225 people",
            given="""
            count | base
            ------+-----
               25 |  100
            """,
            call="expected_count(225, wilson(count, base))",
            gives="""
             value |   low |  high | unit
            -------+-------+-------+------
             56.25 | 39.48 | 77.19 | count
            """,
            source="225 times the share and its Wilson limits.",
        ),
    ),
)
