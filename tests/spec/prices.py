"""Worked examples of prices of one year."""

from worked import Example, Page

PAGE = Page(
    title="Prices of one year",
    modules=("prices",),
    when="""
    For setting costs of different years side by side. Each is multiplied by the price level of the year that
    is wanted over that of the months it was printed for; the level of a period is the mean over its months.
    Where no year of prices is stated, nothing is changed and the result is missing.
    """,
    formula="""
level of a period       = mean over its months of the deflator of their quarters
in the prices of a year = as printed × level of the year / level of the months it was printed for
""",
    sources="""
    NHS Digital (2019). Adult Social Care Activity and Finance Report, England, 2018-19, appendix A: use of
    the deflator of gross domestic product.

    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation, chapter 5.
    """,
    examples=(
        Example(
            title="What £100 of 2008-09 is in the prices of 2018-19",
            given="""
            period     | cost | tier      | source_id | figure_ids | footnote
            -----------+------+-----------+-----------+------------+---------
            2008-09    |  100 | reference | s         | a          |
            not stated |  100 | reference | s         | b          |
            """,
            call="""
            in_prices_of(given, "2018-19", pd.DataFrame({"index": [84.421] * 4 + [100.0] * 4,
                "tier": "reference", "source_id": "ons", "figure_ids": "", "footnote": ""},
                pd.PeriodIndex(["2008Q2", "2008Q3", "2008Q4", "2009Q1",
                    "2018Q2", "2018Q3", "2018Q4", "2019Q1"], freq="Q")), ["cost"])
            """,
            gives="""
            period     | cost_real | source_id
            -----------+-----------+----------
            2008-09    |    118.45 | s ons
            not stated |           | s
            """,
            source="NHS Digital, appendix A: £100 × (100 / 84.421) = £118.45.",
        ),
        Example(
            title="How many authorities print a cost",
            given="""
            source_id
            ---------
            north-2023 ons
            south-2018
            south-2019
            """,
            call="""
            printed_by(given, pd.DataFrame({"area": ["north", "south", "east"],
                "sources": [["north-2023"], ["south-2018", "south-2019"], ["east-2021"]]}))
            """,
            gives="""
            authorities | printing
            ------------+---------
                      3 |        2
            """,
            source="Counted by hand: the two documents of the south are of one authority.",
        ),
        Example(
            title="The level of seventeen months",
            given="""
            period            | before | in_2019 | after
            ------------------+--------+---------+------
            Nov 2018-Mar 2020 |     80 |      90 |   100
            """,
            call="""
            price_level(period, pd.DataFrame({"index": [before] + [in_2019] * 4 + [after]},
                pd.period_range("2018Q4", "2020Q1", freq="Q")))
            """,
            gives="""
            result
            -------
            90.5882
            """,
            source="By hand: (2 × 80 + 12 × 90 + 3 × 100) / 17.",
        ),
    ),
)
