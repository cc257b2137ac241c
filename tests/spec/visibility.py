"""Worked examples of the ladder: shares as published, what they lead one to expect, and none seen."""

from worked import Example, Page

PAGE = Page(
    title="Visibility: shares side by side, and whether so few can be chance",
    modules=("visibility", "proportions"),
    when="""
    For a group that is seen in some places and not in others. Its share is set out for every denominator,
    with an interval where people were counted and a plain reason where there is none. Each share in turn then
    says how many of the group one would expect among the people of a service, and how likely it is to see so
    few. It takes people as independent: what brings one of them does not bring, or keep away, another.
    """,
    formula="""
share     = count / base, else the printed share
expected  = base × share;  range: quantiles of Binomial(base, share)
chance of so few = P( Binomial(base, share) ≤ seen );  with none seen: (1 − share)^base
people from whom none is a surprise = smallest n with (1 − share)^n ≤ 1 − confidence
""",
    sources="""
    Wilson EB (1927). Probable inference, the law of succession, and statistical inference. Journal of the
    American Statistical Association 22, 209-212.

    Hanley JA, Lippman-Hand A (1983). If nothing goes wrong, is everything all right? Interpreting zero
    numerators. Journal of the American Medical Association 249, 1743-1745.

    Norfolk County Council (2023). Refresh of the Support in Safe Accommodation Strategy 2022-2023: none of
    225 adults supported was a man; 19 of 84 bedspaces may be used by any adult.
    """,
    examples=(
        Example(
            title="A rung counted, one printed without its base, one with it, and one that is not known",
            given="""
            count | base   | printed
            ------+--------+--------
               81 |    263 |
                  |        |    25
                  | 119985 |   6.4
                  |        |
            """,
            call="with_shares(given)",
            gives="""
             share |   low |  high | no_interval        | interval           | out_of
            -------+-------+-------+--------------------+--------------------+-------------------
            0.3080 | 0.2553 | 0.3662 |                  | 25.5% to 36.6%     | 81 of 263
            0.2500 |        |        | base not published | base not published | base not published
            0.0640 | 0.0626 | 0.0654 |                  | 6.3% to 6.5%       | of 119,985
                   |        |        | base not published | base not published | base not published
            """,
            source="81 of 263: Newcombe (1998), table I, method 3. The others: Wilson on 7,679 of 119,985.",
        ),
        Example(
            title="Places are counted, not sampled, and carry no interval",
            given="""
            count | base | printed
            ------+------+--------
               19 |   84 |
               23 |   92 |
               36 |  101 |
            """,
            call="with_shares(given, counted=list(given.index))",
            gives="""
            share | low | high | no_interval
            ------+-----+------+---------------------
            0.226 |     |      | counted, not sampled
            0.250 |     |      | counted, not sampled
            0.356 |     |      | counted, not sampled
            """,
            source="Norfolk 2022-23: 22.6% now, 25% with the flexible places still required.",
        ),
        Example(
            title="None of 225: how many men each share would lead one to expect, and the chance of none",
            given="""
            share | tier      | source_id | figure_ids | footnote
            ------+-----------+-----------+------------+---------
             0.25 | reference | s         | f          |
            0.047 | reference | s         | f          |
                  | reference | s         | f          |
            """,
            call="""
            with_expected(given, pd.DataFrame({"count": [0], "base": [225], "tier": ["published"],
                "source_id": ["n"], "figure_ids": ["m"], "footnote": [""]}))
            """,
            gives="""
            expected | expected_low | expected_high | probability | chance                   | figure_ids
            ---------+--------------+---------------+-------------+--------------------------+-----------
               56.25 |           44 |            69 |    0.000000 | less than 1 in a million | f m
               10.57 |            5 |            17 |    0.000020 | about 1 in 51,000        | f m
                     |              |               |             |                          | f m
            """,
            source="0.953^225 = 0.0000198; 0.75^225 = 7.7e-29.",
        ),
        Example(
            title="A fair coin: the binomial table",
            given="""
            share | tier      | source_id | figure_ids | footnote
            ------+-----------+-----------+------------+---------
              0.5 | reference | s         | f          |
            """,
            call="""
            with_expected(given, pd.DataFrame({"count": [2], "base": [10], "tier": ["published"],
                "source_id": ["n"], "figure_ids": ["m"], "footnote": [""]}))
            """,
            gives="""
            expected | expected_low | expected_high | probability
            ---------+--------------+---------------+------------
                   5 |            2 |             8 |      0.0547
            """,
            source="Printed tables of the binomial distribution: P(X ≤ 2) with n = 10, p = 0.5 is 0.0547.",
        ),
        Example(
            title="From how many people on none is a surprise",
            given="""
            share
            -----
             0.25
             0.01
                0
            """,
            call="with_none_surprising(given)",
            gives="""
            share | people_needed
            ------+--------------
             0.25 |            11
             0.01 |           299
                0 |
            """,
            source="The rule of three: 300 for 1 in 100 (Hanley and Lippman-Hand); exact 298.07, rounded up.",
        ),
        Example(
            title="How far apart two denominators put the same group",
            given="""
            label              | share
            -------------------+------
            survey             | 0.405
            police             | 0.259
            safe accommodation | 0.047
            none               |     0
            """,
            call="spread(given)",
            gives="""
            low   | high  | low_label          | high_label | times
            ------+-------+--------------------+------------+------
            0.047 | 0.405 | safe accommodation | survey     |  8.62
            """,
            source="0.405 / 0.047; a share of 0 is a result and no denominator of a ratio.",
        ),
        Example(
            title="One row beside another",
            given="""
            share
            -----
            0.259
            0.047
            """,
            call="times(given, 0, 1)",
            gives="""
            result
            ------
              5.51
            """,
            source="0.259 / 0.047.",
        ),
        Example(
            title="The part that a group may use, and the rest",
            given="""
            label | count | base
            ------+-------+-----
            now   |    19 |   84
            then  |    23 |   92
            """,
            call="remainder(given, 'may use', 'may not')",
            gives="""
            label | category | count
            ------+----------+------
            now   | may use  |    19
            now   | may not  |    65
            then  | may use  |    23
            then  | may not  |    69
            """,
            source="84 − 19 = 65, as Norfolk prints.",
        ),
    ),
)
