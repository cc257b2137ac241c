"""Worked examples of places by a standard and by flow, and of what is never seen."""

from worked import Example, Page

RESTING = '{"tier": "published", "source_id": "n", "figure_ids": "f", "footnote": ""}'

PAGE = Page(
    title="Bedspaces: how many, by which question",
    modules=("bedspaces",),
    when="""
    For the number of places an area needs. A standard counts residents; a flow counts those who ask and how
    long they stay. They answer different questions and are set side by side, never averaged. A full refuge is
    not advertised, so requests that find it full are not made: the count is censored, and places are shown
    over a range of requests that are never seen.
    """,
    formula="""
standard:  places = residents / people to one place, rounded up
flow:      places = smallest n with B(n, requests × stay / 365.25) at most the accepted share     (Erlang B)
unseen:    requests = requests seen / ( 1 − share of requests never seen )
interval of requests that come at random: Byar's, or exact below ten
""",
    sources="""
    Council of Europe (2008). Combating violence against women: minimum standards for support services.
    Strasbourg: Directorate General of Human Rights and Legal Affairs.

    Erlang AK (1917). Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges. Elektroteknikeren 13, 5-13.

    Norfolk County Council (2023). Refresh of the Support in Safe Accommodation Strategy 2022-2023.
    """,
    examples=(
        Example(
            title="Norfolk's places by each reading of the standard",
            given="""
            label    |  value | tier      | source_id | figure_ids | footnote
            ---------+--------+-----------+-----------+------------+---------
            usual    |  10000 | published | n         | u          |
            stricter |   7500 | published | n         | s          |
            misprint | 100000 | published | n         | m          |
            """,
            call="""
            by_standard(pd.DataFrame([{"base": 916116, "tier": "reference", "source_id": "c",
                "figure_ids": "p", "footnote": ""}]), given.assign(footnote=""), now=84, before=54)
            """,
            gives="""
            places | gap | gap_before | figure_ids
            -------+-----+------------+-----------
                92 |   8 |         38 | u p
               123 |  39 |         69 | s p
                10 | -74 |        -44 | m p
            """,
            source="Norfolk (2023) prints 92 places, 8 short and 38 short before; 916,116 / 7,500 = 122.1.",
        ),
        Example(
            title="Counts of a year, a month, a week and of a period of two years",
            given="""
            key      | count
            ---------+------
            recorded |   189
            monthly  |    92
            weekly   |    26
            homeless |   449
            """,
            call="yearly_requests(given.set_index('key'), years=2)",
            gives="""
            requests | requests_low | requests_high
            ---------+--------------+--------------
               189.0 |        163.0 |         218.0
              1104.0 |       1039.8 |        1171.1
              1357.0 |       1285.8 |        1431.2
               224.5 |        204.2 |         246.3
            """,
            source="92 × 12; 26 × 365.25 / 7, rounded; 449 over two years. Byar's interval.",
        ),
        Example(
            title="Referrals refused because every place was taken, England",
            given="""
            key      | count |  base | printed
            ---------+-------+-------+--------
            accepted | 10824 | 27754 |
            full     |       |       |    40.6
            """,
            call="turned_away_full(given.set_index('key'))",
            gives="""
            result
            ------
            0.2477
            """,
            source="(1 − 10,824 / 27,754) × 40.6%.",
        ),
        Example(
            title="Places when a part of the requests is never seen",
            given="""
            requests | tier      | source_id | figure_ids | footnote
            ---------+-----------+-----------+------------+---------
              36.525 | published | n         | r          |
            """,
            call="""
            over_unseen(given.assign(footnote=""), {"usual": 100}, turn_aways=[0.05],
                resting=given.assign(footnote="")).iloc[[0, 5]]
            """,
            gives="""
            label               | unseen | requests | places
            --------------------+--------+----------+-------
            1 in 20 turned away |    0.0 |   36.525 |     15
            1 in 20 turned away |    0.5 |   73.050 |     26
            """,
            source="Loads of 10 and 20 erlangs; Erlang tables: B(15, 10) = 0.036, B(25, 20) = 0.053.",
        ),
        Example(
            title="How many requests some places can take",
            given="""
            places
            ------
                15
            """,
            call='requests_for(places, {"usual": 100}, 0.05)',
            gives="""
            result
            ------
                39
            """,
            source="Erlang tables: 15 lines carry 10.63 erlangs at 5%; 10.63 × 365.25 / 100 = 38.8.",
        ),
        Example(
            title="England's own level",
            given="""
            key       | label     | value | tier      | source_id | figure_ids | footnote
            ----------+-----------+-------+-----------+-----------+------------+---------
            all       | all       | 16350 | reference | s         | a          |
            sanctuary | sanctuary |  8550 | reference | s         | b          |
            """,
            call=f"""
            like_england(given.assign(footnote="").set_index("key"),
                pd.DataFrame([{{"base": 916116, **{RESTING}}}]),
                pd.DataFrame([{{"base": 56490040, **{RESTING}}}]))
            """,
            gives="""
            label                      | places
            ---------------------------+-------
            all                        |    265
            sanctuary                  |    139
            All but sanctuary schemes  |    126
            """,
            source="16,350 − 8,550 = 7,800; times 916,116 / 56,490,040.",
        ),
        Example(
            title="Answers side by side, with the gap to the places there are",
            given="""
            places | places_low | places_high | tier      | source_id | figure_ids | footnote
            -------+------------+-------------+-----------+-----------+------------+---------
                80 |         62 |         119 | published | n         | f          |
            """,
            call="""
            beside({"Flow": ("How many for those who asked?", given.assign(footnote="")),
                "Nobody": ("No evidence", given.head(0))}, now=84)
            """,
            gives="""
            label | question                      | places | places_low | places_high | gap
            ------+-------------------------------+--------+------------+-------------+----
            Flow  | How many for those who asked? |     80 |         62 |         119 |  -4
            """,
            source="A subtraction; a method without a row is left out.",
        ),
    ),
)
