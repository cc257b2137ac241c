"""Worked examples of scores before and after, and of who was lost between."""

from worked import Example, Page

PAGE = Page(
    title="Scores before and after",
    modules=("scores", "gains", "attrition", "evidence.instruments"),
    when="""
    For whether people who came were better at the end. A change counts only if it is larger than chance of
    measurement makes it, by the scale's own published threshold; recovery is a reliable gain that also
    leaves the clinical range. Who was not measured again is shown first, stays in the denominator of the
    bounds, and is never taken for recovered or not. A gain before and after is no effect of the service:
    people seek help at their worst.
    """,
    formula="""
error of a difference  sd × √2 × √( 1 − reliability );   reliable change = 1.96 × that, or as published
cut-off c              ( sd₀ mean₁ + sd₁ mean₀ ) / ( sd₀ + sd₁ )
recovered              gain at least the reliable change, from inside to outside the clinical range
size of the gain       c(n − 1) × mean gain / sd of first scores;  variance 2 (1 − r) / n + size² / 2n
weights                1 / chance of being measured again, by characteristics and first score
bounds                 the lost at the worst, and at the best, end of the scale
""",
    sources="""
    Jacobson NS, Truax P (1991). Clinical significance: a statistical approach to defining meaningful change
    in psychotherapy research. Journal of Consulting and Clinical Psychology 59, 12-19.

    Barkham M and others (2013). The CORE-10: a short measure of psychological distress for routine use in the
    psychological therapies. Counselling and Psychotherapy Research 13, 3-13.

    Becker BJ (1988). Synthesizing standardized mean-change measures. British Journal of Mathematical and
    Statistical Psychology 41, 257-278.

    Lunceford JK, Davidian M (2004). Stratification and weighting via the propensity score in estimation of
    causal treatment effects. Statistics in Medicine 23, 2937-2960.

    Thresholds of each scale: data/codes/score_instruments.csv.
    """,
    examples=(
        Example(
            title="Jacobson and Truax's example",
            given="""
            sd  | reliability | first | last
            ----+-------------+-------+-----
            7.5 |        0.80 |  32.5 | 47.5
            """,
            call="""
            {
                "error": error_of_difference(sd, reliability),
                "index": (last - first) / error_of_difference(sd, reliability),
                "least": reliable_change(sd, reliability),
                "c": cut_off(40, sd, 60, sd),
            }
            """,
            gives="""
            error | index | least |  c
            ------+-------+-------+---
             4.74 |  3.16 |  9.30 | 50
            """,
            source="Jacobson and Truax (1991): 4.74, 3.16 and c = 50; 9.30 is 1.96 × 4.7434.",
        ),
        Example(
            title="CORE-10: six points at 90%, cut-off eleven",
            given="""
            sd  | reliability
            ----+------------
            7.7 |        0.90
            """,
            call='{"points": reliable_change(sd, reliability, 0.90), "c": cut_off(19.7, sd, 4.7, 4.8)}',
            gives="""
            points |    c
            -------+-----
              5.66 | 10.5
            """,
            source="Barkham et al. (2013): reliable change index of 6 (90%), cut-off 11.0, in whole points.",
        ),
        Example(
            title="What kind of change",
            given="""
            measure | score_start | score_end
            --------+-------------+----------
            core-10 |          16 |        10
            core-10 |          16 |        11
            core-10 |          17 |        11
            core-10 |          20 |        26
            core-10 |          20 |
            phq-9   |          15 |         9
            swemwbs |          18 |        21
            other   |           9 |         2
            """,
            call="with_change(given, instruments(load_instruments()))",
            gives="""
            gain | clinical_start | clinical_end | change
            -----+----------------+--------------+-----------------------
               6 | True           | False        | recovered
               5 | True           | True         | no reliable change
               6 | True           | True         | improved
              -6 | True           | True         | worse
                 | True           |              | not measured again
               6 | True           | False        | recovered
               3 |                |              | improved
                 |                |              | no published threshold
            """,
            source="The published thresholds: 6 and 11, 6 and 10, 3 and none.",
        ),
        Example(
            title="Shares, and what the lost leave open",
            given="""
            measure | score_start | score_end
            --------+-------------+----------
            core-10 |          20 |         5
            core-10 |          20 |         9
            core-10 |          20 |        19
            core-10 |          20 |
            core-10 |           8 |         2
            """,
            call="change_shares(with_change(given, instruments(load_instruments())))",
            gives="""
            change                | count | base |  share | bound_low | bound_high
            ----------------------+-------+------+--------+-----------+-----------
            recovered             |     2 |    3 | 0.6667 |      0.50 |       0.75
            improved              |     1 |    4 | 0.2500 |      0.20 |       0.40
            no reliable change    |     1 |    4 | 0.2500 |      0.20 |       0.40
            worse                 |     0 |    4 | 0.0000 |      0.00 |       0.20
            recovered or improved |     3 |    4 | 0.7500 |      0.60 |       0.80
            """,
            source="By hand: two of three, or of four with one lost.",
        ),
        Example(
            title="The mean gain and its bounds",
            given="""
            score_start | score_end
            ------------+----------
                     20 |        12
                     25 |        20
                     18 |        16
                     30 |        15
                     22 |        25
                     12 |
                     14 |
            """,
            call='mean_gain(given, instruments(load_instruments())["core-10"])',
            gives="""
            base | gain |   low |  high | unchanged | bound_low | bound_high
            -----+------+-------+-------+-----------+-----------+-----------
               5 |  5.4 | -2.96 | 13.76 |    3.8571 |   -3.8571 |     7.5714
            """,
            source="By hand: 5.4 ± 2.776 × 6.7305 / √5; 27 / 7; (27 − 28 − 26) / 7; (27 + 12 + 14) / 7.",
        ),
    ),
)
