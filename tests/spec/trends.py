"""Worked examples of XmR charts and g-charts."""

from worked import Example, Page

PAGE = Page(
    title="Trends: XmR and g-charts",
    modules=("trends",),
    when="""
    For a short series of months, quarters or years: which points are more than the noise of the series. Under
    twelve points limits are called trial limits. Events too rare for a count each month are charted by the
    time, or the number of referrals, between them.
    """,
    formula="""
XmR      centre = mean;  limits = centre ± 2.66 × mean moving range;  range limit = 3.268 × mean moving range
signals  a point outside the limits; 8 points in a row on one side of the centre
g-chart  centre = mean gap g;  upper = g + 3 √( g (g + 1) );  lower = the same below, at least 0
""",
    sources="""
    Wheeler DJ (2000). Understanding variation: the key to managing chaos, 2nd edition. SPC Press.

    NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2, individuals control charts.

    Montgomery DC (2013). Introduction to statistical quality control, 7th edition. Wiley, example 6.5.

    Benneyan JC (2001). Number-between g-type statistical quality control charts for monitoring adverse
    events. Health Care Management Science 4, 305-318.
    """,
    examples=(
        Example(
            title="Ten batches of a flow rate: trial limits",
            given="""
            batch | value
            ------+------
                1 |  49.6
                2 |  47.6
                3 |  49.9
                4 |  51.3
                5 |  47.8
                6 |  51.2
                7 |  52.6
                8 |  52.4
                9 |  53.6
               10 |  52.1
            """,
            call="xmr(given).head(2)",
            gives="""
            centre | lower | upper | moving_range | signal | trial
            -------+-------+-------+--------------+--------+------
             50.81 | 45.82 | 55.80 |              |        | True
             50.81 | 45.82 | 55.80 |          2.0 |        | True
            """,
            source="NIST e-Handbook, 6.3.2.2: centre 50.81, limits 45.8159 and 55.8041 (3/1.128, not 2.66).",
        ),
        Example(
            title="Twenty weeks of the cost of a loan",
            given="""
            value
            -----
              310
              288
              297
              298
              307
              303
              294
              297
              308
              306
              294
              299
              297
              299
              314
              295
              293
              306
              301
              304
            """,
            call="xmr(given).tail(1)",
            gives="""
            centre |  lower |  upper | range_limit | signal | trial
            -------+--------+--------+-------------+--------+------
             300.5 | 279.78 | 321.22 |       25.46 |        | False
            """,
            source="Montgomery (2013), example 6.5: 300.5, 279.78, 321.22; his 25.45 is 3.267 × 7.79.",
        ),
        Example(
            title="A point outside, a run of eight, and a gap",
            given="""
            month | value
            ------+------
                1 | 10
                2 | 11
                3 | 10
                4 | 11
                5 | 10
                6 | 11
                7 | 10
                8 | 11
                9 | 19
               10 | 19
               11 | 20
               12 | 19
               13 | 20
               14 | 19
               15 | 20
               16 | 19
               17 |
               18 | 30
            """,
            call="xmr(given, minimum=0).iloc[[0, 7, 8, 15, 16, 17]]",
            gives="""
            month |  centre |   lower |   upper | signal
            ------+---------+---------+---------+-------------------------
                1 | 15.8235 | 12.0995 | 19.5475 | outside limits; run of 8
                8 | 15.8235 | 12.0995 | 19.5475 | outside limits; run of 8
                9 | 15.8235 | 12.0995 | 19.5475 | run of 8
               16 | 15.8235 | 12.0995 | 19.5475 | run of 8
               17 | 15.8235 | 12.0995 | 19.5475 |
               18 | 15.8235 | 12.0995 | 19.5475 | outside limits
            """,
            source="By hand: 269 / 17 ± 2.66 × 21 / 15, and no moving range over the gap.",
        ),
        Example(
            title="Referrals between rare events",
            given="""
            event | between
            ------+--------
            a     |       2
            b     |       3
            c     |      14
            d     |       1
            e     |       0
            f     |       4
            g     |       0
            h     |       0
            """,
            call="g_chart(given).iloc[[2, 3]]",
            gives="""
            event | centre | lower |   upper | signal         | trial
            ------+--------+-------+---------+----------------+------
            c     |  3.000 | 0.000 | 13.3923 | outside limits | True
            d     |  3.000 | 0.000 | 13.3923 |                | True
            """,
            source="Benneyan (2001), the formula: 3 + 3√12.",
        ),
    ),
)
