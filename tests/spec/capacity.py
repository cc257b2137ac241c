"""Worked examples of turn-away probabilities and places."""

from worked import Example, Page

PAGE = Page(
    title="Capacity: who is turned away",
    modules=("capacity", "estimate"),
    when="""
    For how many places a service needs. A refuge has no queue: whoever finds every place taken is turned
    away. The chance of that depends on requests and on the mean stay, not on how stays vary. Demand that was
    refused is not seen, so places are shown over a range of arrival rates.
    """,
    formula="""
load a = arrivals per year × mean stay in days / 365.25      (Little's law)
B(0) = 1,  B(n) = a B(n−1) / ( n + a B(n−1) )                (Erlang B: share turned away with n places)
places = smallest n with B(n) at most the accepted share;  occupied = a (1 − B)
""",
    sources="""
    Erlang AK (1917). Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges. Elektroteknikeren 13, 5-13.

    Jagerman DL (1974). Some properties of the Erlang loss function. Bell System Technical Journal 53,
    525-551.

    Little JDC (1961). A proof for the queuing formula L = λW. Operations Research 9, 383-387.

    International Telecommunication Union. Extract from the Table of the Erlang Loss Formula, edited by
    H Leijon. http://www.itu.int/itudoc/itu-d/dept/psp/ssb/planitu/plandoc/erlangt.html: loads to five
    figures, as repeated in the tests of the Perl package Math::Telephony::ErlangB 1.0.2 (t/ErlangB-ITU.t).

    Canadilla P (2019). queueing: Analysis of Queueing Networks and Models. R package 0.2.12, manual page of
    B_erlang, with the output of its example: https://rdrr.io/cran/queueing/man/B_erlang.html.

    Other Erlang B tables, for example: Bates RJ (2006), appendix A; https://erlang.com/calculatormanual/;
    http://abstractmicro.com/erlang/helppages/ref-erlbnsrvfromblockage.htm.
    """,
    examples=(
        Example(
            title="Printed Erlang B tables: the loads that lose one call in a hundred",
            given="""
            places |   load
            -------+-------
                 1 | 0.0101
                 2 |  0.153
                 3 |  0.455
                 4 |  0.869
                 5 |  1.361
                 6 |  1.909
                 7 |  2.501
                 8 |  3.128
                 9 |  3.783
                10 |  4.461
                15 |  8.108
                20 |  12.03
                50 |  37.90
            """,
            call="erlang_b(places, load)",
            gives="""
            result
            ------
            0.0100
            0.0100
            0.0100
            0.0100
            0.0100
            0.0100
            0.0100
            0.0100
            0.0100
            0.0100
            0.0100
            0.0100
            0.0100
            """,
            source="The 1% column of printed tables; 15 lines for 8.108 erlangs are in erlang.com's manual.",
        ),
        Example(
            title="The same tables read the other way: the load that places carry",
            given="""
            places
            ------
                 1
                 5
                10
                15
                20
                50
            """,
            call="load_for(places, 0.01)",
            gives="""
            result
            ------
            0.0101
             1.361
             4.461
             8.108
             12.03
             37.90
            """,
            source="The 1% column of printed tables; 15 lines for 8.108 erlangs are in erlang.com's manual.",
        ),
        Example(
            title="The 2%, 5% and 0.1% columns, and one value to six digits",
            given="""
            places |  load
            -------+------
                10 | 5.084
                10 | 6.216
                10 | 3.092
                10 |     5
            """,
            call="erlang_b(places, load)",
            gives="""
              result
            --------
            0.0200
            0.0500
            0.0010
            0.018385
            """,
            source="Printed tables; B(10, 5) = 0.018385.",
        ),
        Example(
            title="The table of the International Telecommunication Union: loads to five figures",
            given="""
            places | turn_away
            -------+----------
                 8 |     0.001
                 5 |      0.01
                 5 |      0.05
                 5 |       0.1
                 5 |       0.2
                 8 |      0.01
                 8 |      0.05
                10 |     0.001
                10 |      0.01
                10 |      0.05
                10 |       0.1
                10 |       0.2
                20 |      0.01
                20 |      0.05
                30 |      0.01
                30 |      0.05
                50 |      0.01
                50 |      0.05
               100 |      0.01
               100 |      0.05
               142 |      0.01
               142 |      0.05
               200 |      0.01
               200 |      0.05
            """,
            call="load_for(places, turn_away)",
            gives="""
             result
            -------
             2.0513
             1.3608
             2.2185
             2.8811
             4.0104
             3.1276
             4.5430
             3.0920
             4.4612
             6.2157
             7.5106
             9.6850
             12.031
             15.249
             20.337
             24.802
             37.901
             44.533
             84.064
             95.240
             123.92
             138.44
             179.74
             198.51
            """,
            source="International Telecommunication Union, Table of the Erlang Loss Formula.",
        ),
        Example(
            title="The same table read back: the share turned away to six decimals",
            given="""
            places | load
            -------+-------
                 3 | 0.19384
                 4 | 0.86942
                 5 | 0.76212
                 5 | 1.3608
                 8 | 2.0513
                10 | 3.092
                10 | 4.4612
                10 | 6.2157
                20 | 9.4115
            """,
            call="erlang_b(places, load)",
            gives="""
            result
            --------
            0.001000
            0.010000
            0.001000
            0.010000
            0.001000
            0.001000
            0.010000
            0.050000
            0.001000
            """,
            source="The same table, where five figures of load fix six decimals of the share.",
        ),
        Example(
            title="Six digits, as published",
            given="""
            places | load
            -------+-------------------
                 2 | 0.7142857142857143
               107 | 90
               100 | 120
             10000 | 12000
            """,
            call="erlang_b(places, load)",
            gives="""
            result
            ----------
            0.1295337
            0.00879911
            0.1962700
            0.1670809
            """,
            source="Manual page of B_erlang, B_erlang(2, 0.5/0.7) = 0.1295337; Sjöberg M (2021), "
            "Erlang B formula in Python, erlang(90, 107) = 0.008799105; Mathematica, log B(100, 120) = "
            "−1.62826407 and log B(10000, 12000) = −1.78927735.",
        ),
        Example(
            title="Six digits: by hand, and by other software",
            given="""
            places |   load
            -------+-------
                 2 |      1
                 3 |      2
                 5 |      3
                 1 |      5
                10 |      5
                10 |     20
               190 |    200
            """,
            call="erlang_b(places, load)",
            gives="""
            result
            --------
            0.200000
            0.210526
            0.110054
            0.833333
            0.018385
            0.537963
            0.088697
            """,
            source="1/5, 4/19 and 2.025/18.4 by hand; the others as other software has them.",
        ),
        Example(
            title="Places for an accepted share turned away",
            given="""
            load | turn_away
            -----+----------
            15.7 |      0.01
              10 |      0.01
              10 |      0.05
               0 |      0.05
            """,
            call="places_for(load, turn_away)",
            gives="""
            result
            ------
            25
            18
            15
            0
            """,
            source="Abstract Micro Systems, Erlang Library: 24.49, 17.44 and 14.30 servers, rounded up.",
        ),
        Example(
            title="From requests to places, with the interval carried through",
            given="""
            value | low | high
            ------+-----+-----
               60 |  40 |   90
            """,
            call="places_needed(Estimate(value, low, high), 100, 0.05)",
            gives="""
            value | low | high | unit   | text
            ------+-----+------+--------+-----------------------------
               22 |  16 |   30 | places | 22 places (95% CI 16 to 30)
            """,
            source="Loads of 16.43, 10.95 and 24.64 erlangs; B(21, 16.43) = 0.054 and B(22, 16.43) = 0.039.",
        ),
        Example(
            title="A table of arrival rates keeps every row and column",
            given="""
            rung   | arrivals | tier
            -------+----------+----------
            police |    36.525 | published
            survey |          | published
            """,
            call="with_places(given, mean_stay_days=100, turn_away=0.05)",
            gives="""
            rung   | tier      | load | places | places_low | places_high | places_method
            -------+-----------+------+--------+------------+-------------+--------------
            police | published | 10.0 |     15 |         15 |          15 | Erlang B
            survey | published |      |        |            |             |
            """,
            source="36.525 a year for 100 days are 10 erlangs; 15 places as above.",
        ),
        Example(
            title="Little's law",
            given="""
            places | load
            -------+-----
                10 |    5
            """,
            call="occupied(places, load)",
            gives="""
              result
            --------
            4.908077
            """,
            source="5 (1 − 0.0183846).",
        ),
    ),
)
