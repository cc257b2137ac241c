"""Worked examples of break-even."""

from worked import Example, Page

PAGE = Page(
    title="Break-even",
    modules=("returns",),
    when="""
    For the question before any ratio: how much would a service have to achieve for the money to come back?
    One published value and the money suffice for the number of survivors for whom it must make the whole
    difference. What each outcome would have to be worth needs assumptions of what is owed to the service, and
    is shown with their best and their worst ends together.
    """,
    formula="""
survivors needed = cost × (1 + discount) / value of one, counted in one year
needed worth     = cost of each / ( (1 − deadweight) × (1 − displacement) × attribution )
""",
    sources="""
    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation, chapter 5:
    switching values.

    Home Office (2019). The economic and social costs of domestic abuse, Research Report 107: £34,015 for a
    victim in the year to March 2017.
    """,
    examples=(
        Example(
            title="How many survivors, if all harm counts and if only services and lost output do",
            given="""
            outcome | assumption | low     | likely  | high    | tier      | source_id | figure_ids | footnote
            --------+------------+---------+---------+---------+-----------+-----------+------------+---------
                    | cost       | 1312450 | 1312450 | 1312450 | published | refresh   | a          |
                    | discount   |   0.035 |   0.035 |   0.035 | reference | book      | b          |
            spared  | value      |    9792 |   34015 |   34015 | reference | office    | c          |
            spared  | deadweight |     0.2 |     0.4 |     0.6 | reference | none      | d          |
            """,
            call="""
            {"all": spared_needed(given.assign(outcome=given["outcome"].fillna(""))),
                "paid": spared_needed(given.assign(outcome=given["outcome"].fillna("")), "low")}
            """,
            gives="""
            all   | paid
            ------+-------
            39.93 | 138.72
            """,
            source="By hand: 1,312,450 × 1.035 / 34,015, and / 9,792: before prices are brought to one year.",
        ),
        Example(
            title="What each outcome would have to be worth",
            given="""
            each | tier      | source_id | figure_ids | footnote
            -----+-----------+-----------+------------+---------
            6400 | published | refresh   | a          |
            """,
            call="""
            worth_each(given, pd.DataFrame({"outcome": "spared",
                "assumption": ["deadweight", "displacement", "attribution"], "low": [0.2, 0.0, 0.3],
                "likely": [0.4, 0.1, 0.5], "high": [0.6, 0.3, 0.8], "tier": "reference",
                "source_id": "assumptions", "figure_ids": "", "footnote": ""}))
            """,
            gives="""
            each | needed | needed_low | needed_high | source_id
            -----+--------+------------+-------------+--------------------
            6400 |  23704 |      10000 |       76190 | refresh assumptions
            """,
            source="By hand: 6400 / (0.6 × 0.9 × 0.5), / (0.8 × 1 × 0.8) and / (0.4 × 0.7 × 0.3).",
        ),
    ),
)
