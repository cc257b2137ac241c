"""Worked examples of a year's balance, of origins, and of the stay that occupancy implies."""

from worked import Example, Page

PAGE = Page(
    title="Flows: who came, who stayed, who left",
    modules=("flows",),
    when="""
    For a year in safe accommodation as a balance of people, for where they came from, and for how long a
    place is held. Where the mean of all stays is not printed, occupancy and departures bound it.
    """,
    formula="""
came in = referrals − declined or refused;  there at the start = supported − came in
there at the end = supported − left
mean stay = places in use / departures a day      (Little's law; bounds: other places shut, or open)
rate = people / residents × 10,000, with Byar's interval at ten people or more, exact below
""",
    sources="""
    Little JDC (1961). A proof for the queuing formula L = λW. Operations Research 9, 383-387.

    Norfolk County Council (2023). Refresh of the Support in Safe Accommodation Strategy 2022-2023.
    """,
    examples=(
        Example(
            title="Norfolk's year",
            given="""
            key       | count | tier      | source_id | figure_ids | footnote
            ----------+-------+-----------+-----------+------------+---------
            referred  |   189 | published | n         | r          |
            declined  |    27 | published | n         | d          |
            supported |   225 | published | n         | s          |
            left      |   150 | published | n         | l          |
            """,
            call='balance(given.assign(footnote="").set_index("key"))',
            gives="""
            label                     | count
            --------------------------+------
            There when the year began |    63
            Came in during the year   |   162
            Supported in the year     |   225
            Left during the year      |   150
            There when it ended       |    75
            """,
            source="189 − 27 = 162; 225 − 162 = 63; 225 − 150 = 75.",
        ),
        Example(
            title="Ten places always used, and one leaving every ten days",
            given="""
            label     | count
            ----------+------
            Refuge    |    10
            Dispersed |    10
            """,
            call="""
            dict(zip(["short", "long"], implied_stay(given, {"refuge": 1, "dispersed": 0.5}, 36.525)))
            """,
            gives="""
            short | long
            ------+------
              100 |  150
            """,
            source="Little's law: 10 / 0.1 days; with half of the other ten used all year, 15 / 0.1.",
        ),
        Example(
            title="Rates of a district, and no rate for those from outside",
            given="""
            label   | count | tier      | source_id | figure_ids | footnote
            --------+-------+-----------+-----------+------------+---------
            North   |     8 | published | n         | a          |
            Outside |    83 | published | n         | b          |
            """,
            call="""
            with_origin_rates(given.assign(footnote=""), pd.DataFrame([{"label": "North", "residents": 52681,
                "tier": "reference", "source_id": "c", "figure_ids": "d", "footnote": ""}]))
            """,
            gives="""
            label | rate   | rate_low | rate_high | figure_ids
            ------+--------+----------+-----------+-----------
            North | 1.5186 |   0.6556 |    2.9922 | a d
            """,
            source="8 / 52,681 × 10,000; exact Poisson limits of 8 are 3.4538 and 15.7632.",
        ),
        Example(
            title="Years of a period",
            given="""
            period
            -------
            2022-23
            2021-24
            """,
            call="years_of(period)",
            gives="""
            result
            ------
                 1
                 3
            """,
            source="Financial years from the first to the last.",
        ),
    ),
)
