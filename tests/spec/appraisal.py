"""Worked examples of an options appraisal: requests implied, places, and what they cost."""

from worked import Example, Page

STAYS = """pd.DataFrame({"value": [66, 132, 302], "tier": "published", "source_id": "n", "figure_ids": "a",
                "footnote": ""})"""
STAY = '{"short": 66, "usual": 144, "long": 302}'
COSTS = """pd.DataFrame({"label": ["dispersed", "refuge"], "low": [11000, 12635], "high": [11000, 16522],
                "period": "", "note": "", "tier": "published", "source_id": "n", "figure_ids": "c",
                "footnote": ""}, index=["dispersed", "refuge"])"""

PAGE = Page(
    title="Options appraisal: requests, places, and what places cost",
    modules=("demand", "planning", "sharing", "appraisal", "capacity"),
    when="""
    For places that a group would need although its own requests are few or not recorded. Each share of the
    ladder implies a number of requests a year; requests and the mean stay give the places at which no more
    than an accepted share is turned away; places times the published unit costs give a range a year. A
    tornado then shows what the cost turns on. Unit costs are shown in the prices they were printed in, and in
    those of one year where they name theirs. Places that a group shares with others are simulated, since a
    formula for places kept for it says nothing of them.
    """,
    formula="""
requests = requests of the others × share / ( 1 − share )
limits   = requests × exp( ± √( (log R − log R limit)² + (logit p − logit p limit)² ) )   R others, p share
unseen   = requests / ( 1 − share of requests that nobody records )
places   = smallest n with B(n, requests × stay / 365.25) at most the accepted share     (Erlang B)
cost     = places × cost of a place and year
tornado  = the cost with one assumption at its low and at its high end, the others as planned
""",
    sources="""
    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation.

    Howard RA (1988). Decision analysis: practice and promise. Management Science 34, 679-695.

    Zou GY, Donner A (2008). Construction of confidence limits about effect measures: a general approach.
    Statistics in Medicine 27, 1693-1702.

    Conrad SA (1976). Sales data and the estimation of demand. Operational Research Quarterly 27, 123-127.

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
            requests | carries                                         | tier                | figure_ids
            ---------+-------------------------------------------------+---------------------+-----------
                63.0 | requests alone: base of the share not published | reference published | f r
                12.9 | requests alone: base of the share not published | reference published | f r
            """,
            source="189 requests are three quarters, so a quarter is 63; 189 × 0.064 / 0.936 = 12.92.",
        ),
        Example(
            title="How far such requests are sure",
            given="""
            share | low  | high | tier      | source_id | figure_ids | footnote
            ------+------+------+-----------+-----------+------------+---------
             0.25 | 0.20 | 0.30 | reference | s         | f          |
             0.25 |      |      | reference | s         | f          |
            """,
            call="""
            implied_requests(given, pd.DataFrame({"count": [0], "base": [189], "tier": ["published"],
                "source_id": ["n"], "figure_ids": ["r"], "footnote": [""]}))
            """,
            gives="""
            requests | requests_low | requests_high | carries
            ---------+--------------+---------------+------------------------------------------------
                63.0 |         45.6 |          84.1 | share and requests
                63.0 |         54.3 |          72.7 | requests alone: base of the share not published
            """,
            source="189 events: 163.01 to 217.95 by Byar. Distances in logs: 0.1479 and 0.1425; odds 1/4, "
            "1/3 and 3/7: 0.2877 and 0.2513. √(0.1479² + 0.2877²) = 0.3235 and 63 exp(−0.3235) = 45.6; "
            "√(0.1425² + 0.2513²) = 0.2889 and 63 exp(0.2889) = 84.1.",
        ),
        Example(
            title="If some requests are never recorded",
            given="""
            requests | unseen
            ---------+-------
                  12 |   0.25
                  12 |      0
            """,
            call="if_unseen(requests, unseen)",
            gives="""
            result
            ------
            16.0
            12.0
            """,
            source="12 seen are three quarters of 16.",
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
            title="The stay to plan with, where occupancy bounds it",
            given="""
            value
            -----
               66
              302
            """,
            call="stay_range(given, implied=(125, 191))",
            gives="""
            usual | short | long
            ------+-------+-----
              184 |   125 |  191
            """,
            source="The mean of the printed means; bounded by what occupancy implies.",
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
             load | places | places_short | places_long | strict | stays_range | places_range | figure_ids
            ------+--------+--------------+-------------+--------+-------------+--------------+-----------
            10.00 |     15 |            9 |          26 |     18 | 9 to 26     | –            | f a
            """,
            source="10 erlangs: 15 places for 5%, 18 for 1% (Erlang Library); 5 erlangs: 9; 20 erlangs: 26.",
        ),
        Example(
            title="The limits of requests carried to places, and requests that nobody records",
            given="""
            requests | requests_low | requests_high | tier      | source_id | figure_ids | footnote
            ---------+--------------+---------------+-----------+-----------+------------+---------
              36.525 |      18.2625 |         73.05 | published | n         | f          |
            """,
            call=f"""
            with_places_needed(given, {{"short": 100, "usual": 100, "long": 100}}, turn_away=0.05,
                resting={STAYS}, unseen=0.5)
            """,
            gives="""
            places | places_low | places_high | places_range | places_unseen | strict
            -------+------------+-------------+--------------+---------------+-------
                15 |          9 |          26 | 9 to 26      |            26 |     18
            """,
            source="10, 5 and 20 erlangs, as above; if half are unseen there are 20 erlangs.",
        ),
        Example(
            title="Turned away, place by place",
            given="""
            label | load | strict | tier      | source_id | figure_ids | footnote
            ------+------+--------+-----------+-----------+------------+---------
            few   |    1 |      1 | published | n         | f          |
            """,
            call="turn_away_curve(given)",
            gives="""
            label | places | turn_away
            ------+--------+----------
            few   |      0 |    1.0000
            few   |      1 |    0.5000
            few   |      2 |    0.2000
            few   |      3 |    0.0625
            """,
            source="Erlang B at 1 erlang: 1, 1/2, 1/5, 1/16; two places more than are wanted.",
        ),
        Example(
            title="A share as a board says it",
            given="""
            share
            ------
              0.05
             0.109
              0.47
                 0
            """,
            call="one_in(share)",
            gives="""
            result
            ---------
            1 in 20
            1 in 9
            47 in 100
            none
            """,
            source="1/0.05, 1/0.109 = 9.2.",
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
            title="Places shared with those who have places of their own",
            given="""
            count | base | tier      | source_id | figure_ids | footnote
            ------+------+-----------+-----------+------------+---------
                4 |    4 | published | n         | f          |
            """,
            call="""
            shared_places(given, pd.DataFrame({"label": ["men"], "requests": [7.305], "tier": ["published"],
                "source_id": ["n"], "figure_ids": ["m"], "footnote": [""]}),
                pd.DataFrame({"count": [0], "base": [0], "tier": ["published"], "source_id": ["n"],
                "figure_ids": ["r"], "footnote": [""]}), mean_stay_days=100, years=200)
            """,
            gives="""
            places        | asking               | kept   | others_alone | figure_ids
            --------------+----------------------+--------+--------------+-----------
            4 of 4 places | 7 asking a year: men | 0.0952 |       0.0000 | f m r
            """,
            source="If nobody else asks, places shared are places kept: B(4, 2) = 0.0952.",
        ),
        Example(
            title="Support at home, from what an hour of it costs",
            given="""
            label  | low | high
            -------+-----+-----
            visits |  14 |   21
            """,
            call="support_costs(given, 2, pd.DataFrame())",
            gives="""
            label                   | low    | high
            ------------------------+--------+-------
            visits, 2 hours a week  | 1461.0 | 2191.5
            """,
            source="2 hours × 365.25 / 7 weeks × £14 and £21.",
        ),
        Example(
            title="What the places cost a year, whom they turn away, and the options without a price",
            given="""
            places | load | tier      | source_id | figure_ids | footnote
            -------+------+-----------+-----------+------------+---------
                 9 |    5 | published | n         | f          |
            """,
            call=f"option_costs({COSTS}, given)",
            gives="""
            label                                 | turned_away         | year_low | year
            --------------------------------------+---------------------+----------+---------------------
            dispersed                             | 1 in 27             |    99000 | £99,000
            refuge                                | 1 in 27             |   113715 | £113,715 to £148,698
            Sanctuary scheme: the home made safer | no place to be full |          | not published
            """,
            source="9 × £11,000, £12,635 and £16,522; B(9, 5) = 0.0375.",
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
