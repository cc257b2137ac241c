"""Worked examples of segmented regression."""

from worked import Example, Page

PAGE = Page(
    title="Change of a series at a date",
    modules=("change",),
    when="""
    For whether a series changed when a law or a service did, at a date fixed in advance, with at least eight
    points on each side. The series has its own trend and season; errors allow for one quarter being like the
    last. It is an association in time: one series cannot say what else happened in that quarter. A comparison
    series that the change did not reach takes away what happened to both.
    """,
    formula="""
log E(count) = log(offset) + a + b t + c after + d (t − change) after + season
step ratio = exp(c),  change of slope = exp(d);  variance = dispersion × mean (quasi-Poisson)
errors: Newey–West over a year of lags, or the model's own
compared: step ratio of the series / step ratio of the comparison; errors of Driscoll and Kraay, summed by
period
""",
    sources="""
    Wagner AK, Soumerai SB, Zhang F, Ross-Degnan D (2002). Segmented regression analysis of interrupted time
    series studies in medication use research. Journal of Clinical Pharmacy and Therapeutics 27, 299-309.

    Lopez Bernal J, Cummins S, Gasparrini A (2017). Interrupted time series regression for the evaluation of
    public health interventions: a tutorial. International Journal of Epidemiology 46, 348-355.

    Lopez Bernal J, Cummins S, Gasparrini A (2018). The use of controls in interrupted time series studies of
    public health interventions. International Journal of Epidemiology 47, 2082-2093.

    Driscoll JC, Kraay AC (1998). Consistent covariance matrix estimation with spatially dependent panel data.
    Review of Economics and Statistics 80, 549-560.

    Newey WK, West KD (1987). A simple, positive semi-definite, heteroskedasticity and autocorrelation
    consistent covariance matrix. Econometrica 55, 703-708.
    """,
    examples=(
        Example(
            title="Sicily's smoking ban and acute coronary events",
            given="""
            month | events | standard
            ------+--------+---------
                1 |    728 | 379875.3
                2 |    659 | 376495.5
                3 |    791 | 377040.8
                4 |    734 | 377116.4
                5 |    757 | 377383.4
                6 |    726 | 374113.1
                7 |    760 | 379513.3
                8 |    740 | 376295.5
                9 |    720 | 374653.2
               10 |    814 | 378485.6
               11 |    795 | 375955.5
               12 |    858 | 378349.7
               13 |    887 | 376762.4
               14 |    766 | 379032.3
               15 |    851 | 379360.4
               16 |    769 |   376162
               17 |    781 | 377972.4
               18 |    756 | 381830.7
               19 |    766 | 379888.6
               20 |    752 | 380872.2
               21 |    765 | 380966.9
               22 |    831 | 381240.4
               23 |    879 | 382104.9
               24 |    928 | 381802.7
               25 |    914 | 381656.3
               26 |    808 |   383680
               27 |    937 | 383504.2
               28 |    840 | 386462.9
               29 |    916 | 383783.1
               30 |    828 | 380836.8
               31 |    845 |   383483
               32 |    818 | 380906.2
               33 |    860 | 382926.8
               34 |    839 | 384052.4
               35 |    887 | 384449.6
               36 |    886 | 383428.4
               37 |    831 | 388153.2
               38 |    796 | 388373.2
               39 |    833 | 386470.1
               40 |    820 | 386033.2
               41 |    877 | 383686.4
               42 |    758 | 385509.3
               43 |    767 | 385901.9
               44 |    738 | 386516.6
               45 |    781 | 388436.5
               46 |    843 | 383255.2
               47 |    850 | 390148.7
               48 |    908 | 385874.9
               49 |   1021 | 391613.6
               50 |    859 | 391750.4
               51 |    976 | 394005.6
               52 |    888 | 391364.9
               53 |    962 | 391664.6
               54 |    838 | 389022.3
               55 |    810 | 391878.5
               56 |    876 | 388575.3
               57 |    843 |   392989
               58 |    936 | 390018.8
               59 |    912 | 390712.3
            """,
            call="""
            segmented(
                given, "events", "month", 37,
                offset="standard", season=0, slope=False, family="poisson", lags=None,
            ).step
            """,
            gives="""
            value |   low |  high | unit
            ------+-------+-------+------
            0.894 | 0.865 | 0.925 | ratio
            """,
            source="""Lopez Bernal et al. (2017): the level-change model, a ratio of 0.894, on the data of its
            supplement; the limits agree with an independent fit in tests/unit.""",
        ),
        Example(
            title="Priority need for domestic abuse after the Act",
            given="""
            quarter |  need |   duty
            --------+-------+-------
                  1 |   210 |   7190
                  2 |   220 |   7070
                  3 |   250 |   7870
                  4 |   280 |   7890
                  5 |   290 |   8860
                  6 |   340 |   9940
                  7 |   440 |   9890
                  8 |   260 |  10260
                  9 |   260 |   9930
                 10 |   410 |   8600
                 11 |   420 |   9670
                 12 |   450 |   9470
                 13 |   500 |   9600
                 14 |   550 |  10010
                 15 |   660 |  10220
                 16 |   740 |  11060
                 17 |   750 |  11810
                 18 |   790 |  12330
                 19 |   880 |  12850
                 20 |   980 |  13670
                 21 |  1100 |  14470
                 22 |  1140 |  15030
                 23 |  1220 |  15440
                 24 |  1260 |  17120
                 25 |  1340 |  18000
                 26 |  1480 |  17580
                 27 |  1350 |  17690
                 28 |  1380 |  16430
                 29 |  1360 |  16440
                 30 |  1490 |  16650
                 31 |  1450 |  16290
            """,
            call='segmented(given, "need", "quarter", 14, offset="duty").step',
            gives="""
            value |  low | high | method
            ------+------+------+---------------------------------
             1.24 | 1.05 | 1.47 | segmented quasipoisson, Newey–West
            """,
            source="""England, households owed a main duty, April-June 2018 to October-December 2025 (MHCLG,
            H-CLIC, table MD3); quarter 14 is July-September 2021.""",
        ),
        Example(
            title="A series that doubles beside one that rises by half",
            given="""
            period | count | series
            -------+-------+-------
                 1 |    98 | own
                 2 |   102 | own
                 3 |   102 | own
                 4 |    98 | own
                 5 |    98 | own
                 6 |   102 | own
                 7 |   102 | own
                 8 |    98 | own
                 9 |   196 | own
                10 |   204 | own
                11 |   204 | own
                12 |   196 | own
                13 |   196 | own
                14 |   204 | own
                15 |   204 | own
                16 |   196 | own
                 1 |    39 | other
                 2 |    41 | other
                 3 |    41 | other
                 4 |    39 | other
                 5 |    39 | other
                 6 |    41 | other
                 7 |    41 | other
                 8 |    39 | other
                 9 |    58 | other
                10 |    62 | other
                11 |    62 | other
                12 |    58 | other
                13 |    58 | other
                14 |    62 | other
                15 |    62 | other
                16 |    58 | other
            """,
            call="""
            compared(given, "count", "period", 9, group="series", own="own", season=0, slope=False).step
            """,
            gives="""
              value | unit
            --------+------
            1.33333 | ratio
            """,
            source="By hand: 2 / 1.5.",
        ),
    ),
)
