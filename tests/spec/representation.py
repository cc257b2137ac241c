"""Worked examples of groups compared with a denominator as one family."""

from worked import Example, Page

PAGE = Page(
    title="Representation",
    modules=("representation", "multiplicity"),
    when="""
    To set groups of the people supported beside the same groups of residents. A group's share is divided by
    its share of residents; how likely chance alone would bring about so large a difference is worked out
    exactly. Several groups are one declared family: the more comparisons are made, the more of them chance
    would call, so the p-values are adjusted together. All comparisons are shown, called or not. A group that
    one side does not print is unknown, never zero.
    """,
    formula="""
ratio      = (count / base) / (reference count / reference base)
p          = sum of binomial probabilities no greater than that of the count, at the reference share
adjusted   = min over all p_(j) with j >= i of p_(j) × m / j        (Benjamini and Hochberg)
of those affected, a group with share s is  s·r / (s·r + (1 − s)·r')   at the rates r in it and r' elsewhere
""",
    sources="""
    Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate: a practical and powerful approach to
    multiple testing. Journal of the Royal Statistical Society B 57, 289-300.

    Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the
    binomial. Biometrika 26, 404-413.

    Conover WJ (1971). Practical nonparametric statistics. Wiley, 97-104.

    Bayes T (1763). An essay towards solving a problem in the doctrine of chances. Philosophical Transactions
    of the Royal Society 53, 370-418.
    """,
    examples=(
        Example(
            title="Mendel's peas: is it three in four?",
            given="""
            count | base
            ------+-----
              682 |  925
            """,
            call="exact_test(count, base, 0.75)",
            gives="""
            result
            ------
            0.3825
            """,
            source="Conover (1971), as in the help of R's binom.test: p-value = 0.3825.",
        ),
        Example(
            title="Fifteen comparisons after heart attack treatment",
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
            call="""
            pd.DataFrame({"adjusted": benjamini_hochberg(given["p"].tolist())}).assign(
                called=lambda one: one["adjusted"].le(0.05)
            )
            """,
            gives="""
            adjusted | called
            ---------+-------
              0.0015 | True
              0.0030 | True
              0.0095 | True
              0.0356 | True
              0.0603 | False
              0.0639 | False
              0.0639 | False
              0.0645 | False
              0.0765 | False
              0.4860 | False
              0.5812 | False
              0.7149 | False
              0.7532 | False
              0.8132 | False
              1.0000 | False
            """,
            source="Benjamini and Hochberg (1995), section 4.1: the first four are rejected at 0.05.",
        ),
        Example(
            title="A share of the affected, from shares and rates",
            given="""
            group | rate | others
            ------+------+-------
             0.01 | 0.80 |  0.096
             0.20 | 0.10 |   0.10
            """,
            call="share_among_affected(group, rate, others)",
            gives="""
            result
            ------
             0.078
             0.200
            """,
            source="Eddy (1982), mammography: 7.8%; at equal rates the share does not change.",
        ),
        Example(
            title="Groups on both sides, and one that the service does not print",
            given="""
            label | count | base | tier      | source_id | figure_ids | footnote
            ------+-------+------+-----------+-----------+------------+---------
            A     |    20 |  100 | published | x         | one        |
            B     |    80 |  100 | published | x         | two        |
            """,
            call="""
            against(
                given.iloc[:1],
                given.assign(count=[100, 900], base=1000, tier="reference", source_id="y"),
            )
            """,
            gives="""
            label | count | reference | ratio | ratio_interval | finding       | source_id
            ------+-------+-----------+-------+----------------+---------------+----------
            A     |    20 |       0.1 |  2.00 | 1.33 to 2.89   | more often    | x y
            B     |       |       0.9 |       | –              | not published | y
            """,
            source="The Wilson interval of 20 of 100, 13.3% to 28.9%, divided by a tenth.",
        ),
        Example(
            title="A small group is left to the full table; none and unknown are not",
            given="""
            label | count
            ------+------
            A     |     0
            B     |     9
            C     |    10
            D     |
            """,
            call="comparable(given, 10)",
            gives="""
            label
            -----
            A
            C
            D
            """,
            source="The rule of this project: nothing below ten is singled out.",
        ),
    ),
)
