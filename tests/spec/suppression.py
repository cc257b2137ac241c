"""Worked examples of cell suppression: what a reader can work out, and how few cells keep it from her."""

from worked import Example, Page

PAGE = Page(
    title="Cell suppression",
    modules=("disclosure.cells", "disclosure.attack", "disclosure.protect"),
    when="""
    For every table made from records. A count below the threshold, none included, is hidden; a reader who
    adds and subtracts must then still be unable to tell it: for all that is printed it may be none, and it
    may reach the threshold. So some larger cells are hidden with it, as few as possible, and of those
    the
    smaller and the inner ones. All tables of a report are protected together. A survivor who alone stands in
    a cell knows it, and must learn no more of others than anyone.
    """,
    formula="""
x ≥ 0, whole      rows behind the cells;  yⱼ = Σ x over cell j
printed           yⱼ = aⱼ, the true count, for every cell j that is not hidden
sensitive         fewer survivors than the threshold t
safe              for every sensitive cell p:  min yₚ = 0  and  max yₚ ≥ t
fewest            least number of hidden cells of all patterns that are safe
""",
    sources="""
    Fischetti M, Salazar JJ (2001). Solving the cell suppression problem on tabular data with linear
    constraints. Management Science 47, 1008-1027.

    Kelly JP, Golden BL, Assad AA (1992). Cell suppression: disclosure protection for sensitive tabular data.
    Networks 22, 397-417.

    Hundepool A, Domingo-Ferrer J, Franconi L, Giessing S, Schulte Nordholt E, Spicer K, de Wolf PP (2012).
    Statistical Disclosure Control. Wiley, chapter 4.

    Langsrud Ø, Lupp D, Bøvelstad H (2025). GaussSuppression 1.2.3, an R package: vignette on small counts.
    """,
    examples=(
        Example(
            title="What a reader works out of four hidden cells",
            given="""
            activity | A  | B  | C
            ---------+----+----+---
            I        | 20 | 50 | 10
            II       |  8 | 19 | 22
            III      | 17 | 32 | 12
            """,
            call="""
            (
                lambda system, hidden: pd.DataFrame(
                    [
                        {"activity": row, "region": column, "low": low[cell], "high": high[cell]}
                        for low, high in [ranges(system, hidden)]
                        for row in ("II", "III")
                        for column in ("A", "C")
                        for cell in [system.index([("activity", row), ("region", column)])]
                    ]
                )
            )(
                *(
                    lambda system: (
                        system,
                        np.array([
                            len(key) == 2 and key[0][1] != "I" and key[1][1] != "B"
                            for key in system.keys
                        ]),
                    )
                )(
                    from_counts(
                        "investment",
                        [Dimension("activity", ("I", "II", "III")), Dimension("region", ("A", "B", "C"))],
                        [Table("all", "investment", ("activity", "region"))],
                        given[["A", "B", "C"]].to_numpy(),
                    )
                )
            )
            """,
            gives="""
            activity | region | low | high
            ---------+--------+-----+-----
            II       | A      |   0 |   25
            II       | C      |   5 |   30
            III      | A      |   0 |   25
            III      | C      |   4 |   29
            """,
            source="""Fischetti and Salazar (2001), figure 1: investment by activity and region. The attacker
            of cell II, C finds 5 to 30; the others follow by hand from II, A + III, A = 25.""",
        ),
        Example(
            title="An empty cell, and the fewest others",
            given="""
            age   | Spain | Iceland | Portugal
            ------+-------+---------+---------
            young |     5 |       2 |        0
            old   |     6 |       3 |        4
            """,
            call="""
            (
                lambda found: {
                    "sensitive": int(found.primary.sum()),
                    "hidden": int(found.hidden.sum()),
                    "safe": found.attack.safe,
                }
            )(
                protect(
                    from_counts(
                        "people",
                        [
                            Dimension("age", ("young", "old")),
                            Dimension("geo", ("Spain", "Iceland", "Portugal")),
                        ],
                        [Table("all", "people", ("age", "geo"))],
                        given[["Spain", "Iceland", "Portugal"]].to_numpy(),
                    ),
                    threshold=2,
                )
            )
            """,
            gives="""
            sensitive | hidden | safe
            ----------+--------+-----
                    1 |      4 | True
            """,
            source="""GaussSuppression, vignette on small counts, first example (0 and 1 are sensitive): one
            cell is, and four are hidden. A cell in a table of two ways cannot be safe with fewer.""",
        ),
        Example(
            title="Two small cells that add up to the threshold protect each other",
            given="""
            first | second | third
            ------+--------+------
                7 |      5 |    30
                4 |      5 |    30
            """,
            call="""
            (
                lambda found: {"hidden": int(found.hidden.sum()), "safe": found.attack.safe}
            )(
                protect(
                    from_counts(
                        "referrals",
                        [Dimension("reason", ("first", "second", "third"))],
                        [Table("reasons", "referrals", ("reason",))],
                        np.array([first, second, third]),
                    ),
                    threshold=10,
                )
            )
            """,
            gives="""
            hidden | safe
            -------+-----
                 2 | True
                 3 | True
            """,
            source="""By hand: 42 − 30 leaves 12, of which either may be none or ten. 39 − 30 leaves 9, so
            neither can be ten until a third cell is hidden.""",
        ),
    ),
)
