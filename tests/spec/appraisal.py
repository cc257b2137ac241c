"""Worked examples of an options appraisal: requests implied, places, and what they cost."""

from worked import Example, Page

STAYS = """pd.DataFrame({"value": [66, 132, 302], "tier": "published", "source_id": "n", "figure_ids": "a",
                "footnote": ""})"""
STAY = '{"short": 66, "usual": 144, "long": 302}'
COSTS = """pd.DataFrame({"label": ["dispersed", "refuge"], "low": [11000, 12635], "high": [11000, 16522],
                "period": "", "note": "", "tier": "published", "source_id": "n", "figure_ids": "c",
                "footnote": ""})"""

PAGE = Page(
    title="Options appraisal: requests, places, and what places cost",
    modules=("appraisal", "capacity"),
    when="""
    For places that a group would need although its own requests are few or not recorded. Each share of the
    ladder implies a number of requests a year; requests and the mean stay give the places at which no more
    than an accepted share is turned away; places times the published unit costs give a range a year. A
    tornado then shows what the cost turns on. Unit costs stay in the prices they were printed in.
    """,
    formula="""
requests = requests of the others × share / ( 1 − share )
places   = smallest n with B(n, requests × stay / 365.25) at most the accepted share     (Erlang B)
cost     = places × cost of a place and year
tornado  = the cost with one assumption at its low and at its high end, the others as planned
""",
    sources="""
    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation.

    Howard RA (1988). Decision analysis: practice and promise. Management Science 34, 679-695.

    Erlang AK (1917). Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges. Elektroteknikeren 13, 5-13.

    Norfolk County Council (2023), Leicester, Leicestershire and Rutland "HOPE" bid (2018): requests, stays
    and unit costs as printed.
    """,
    examples=(
        Example(
            title="Requests that a share implies, from those of the rest",
            given="""
            share | tier      | source_id | figure_ids | footnote
            ------+-----------+-----------+------------+---------
             0.25 | reference | s         | f          |
            0.064 | reference | s         | f          |
            """,
            call="""
            implied_requests(given, pd.DataFrame({"count": [0], "base": [189], "tier": ["published"],
                "source_id": ["n"], "figure_ids": ["r"], "footnote": [""]}))
            """,
            gives="""
            requests | tier                | figure_ids
            ---------+---------------------+-----------
                63.0 | reference published | f r
                12.9 | reference published | f r
            """,
            source="189 requests are three quarters, so a quarter is 63; 189 × 0.064 / 0.936 = 12.92.",
        ),
        Example(
            title="Round numbers of requests, where none are published",
            given="""
            value | tier      | source_id | figure_ids | footnote
            ------+-----------+-----------+------------+---------
               66 | published | n         | a          |
            """,
            call="example_requests([10, 1200], given)",
            gives="""
            label                 | requests | tier
            ----------------------+----------+----------
            10 requests a year    |       10 | published
            1,200 requests a year |     1200 | published
            """,
            source="The numbers are examples; they rest on the stays they are used with.",
        ),
        Example(
            title="The shortest, the usual and the longest stay",
            given="""
            value
            -----
              128
              140
              302
               66
              132
              192
              184
              119
              104
               73
            """,
            call="stay_range(given)",
            gives="""
            short | usual | long
            ------+-------+-----
               66 | 144.0 |  302
            """,
            source="Norfolk 2022-23: ten printed means, 1,440 days in all.",
        ),
        Example(
            title="Places for the requests, at three stays and two accepted shares",
            given="""
            requests | tier      | source_id | figure_ids | footnote
            ---------+-----------+-----------+------------+---------
              25.365 | published | n         | f          |
            """,
            call=f"""
            with_places_needed(given, {{"short": 72, "usual": 144, "long": 288}}, turn_away=0.05,
                resting={STAYS})
            """,
            gives="""
             load | places | places_short | places_long | places_strict | figure_ids
            ------+--------+--------------+-------------+---------------+-----------
            10.00 |     15 |            9 |          26 |            18 | f a
            """,
            source="10 erlangs: 15 places for 5%, 18 for 1% (Erlang Library); 5 erlangs: 9; 20 erlangs: 26.",
        ),
        Example(
            title="Turned away, place by place",
            given="""
            label | load | tier      | source_id | figure_ids | footnote
            ------+------+-----------+-----------+------------+---------
            few   |    1 | published | n         | f          |
            """,
            call="turn_away_curve(given, 3)",
            gives="""
            label | places | turn_away
            ------+--------+----------
            few   |      0 |    1.0000
            few   |      1 |    0.5000
            few   |      2 |    0.2000
            few   |      3 |    0.0625
            """,
            source="Erlang B at 1 erlang: 1, 1/2, 1/5, 1/16.",
        ),
        Example(
            title="How many find nothing free where places are well used",
            given="""
            places | used
            -------+------
                 1 |   0.5
                10 | 0.4908077
            """,
            call="share_finding_none(places, used)",
            gives="""
            result
            ------
            0.5000
            0.0184
            """,
            source="One place in use half the time; 5 erlangs on 10 places occupy 4.908 and lose 0.0184.",
        ),
        Example(
            title="What the places cost a year, and the options without a price",
            given="""
            places | tier      | source_id | figure_ids | footnote
            -------+-----------+-----------+------------+---------
                 9 | published | n         | f          |
            """,
            call=f"option_costs({COSTS}, given)",
            gives="""
            label                                 | place_low | place_high | year_low | year_high
            --------------------------------------+-----------+------------+----------+----------
            dispersed                             |     11000 |      11000 |    99000 |     99000
            refuge                                |     12635 |      16522 |   113715 |    148698
            Sanctuary scheme: the home made safer |           |            |          |
            Floating support: visits at home      |           |            |          |
            """,
            source="9 × £11,000, £12,635 and £16,522.",
        ),
        Example(
            title="What the cost turns on, widest first",
            given="""
            requests | tier      | source_id | figure_ids | footnote
            ---------+-----------+-----------+------------+---------
               12.92 | published | n         | f          |
                 9.3 | published | n         | f          |
               128.9 | published | n         | f          |
            """,
            call=f"cost_drivers(given, 0, {STAY}, {COSTS}, turn_away=0.05, group='Men')",
            gives="""
            label                                | low   | high   | planned
            -------------------------------------+-------+--------+--------
            Men asking in a year, 9 to 129       | 77000 | 627000 |   99000
            Mean stay, 66 to 302 days            | 66000 | 176000 |   99000
            A place for a year, £11,000 to £16,522 | 99000 | 148698 | 99000
            Turned away, 1 in 10 to 1 in 100     | 88000 | 121000 |   99000
            """,
            source="Places by Erlang B for each end, times the unit cost planned with.",
        ),
    ),
)
