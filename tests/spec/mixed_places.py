"""Worked examples of kinds of place and of who asks for them."""

from worked import Example, Page

PLACES = """pd.DataFrame({"group": ["Women and their children", "Any adult and their children"],
    "count": [65, 19],
    "tier": "published", "source_id": "n", "figure_ids": "f", "footnote": ""})"""
ONE = """pd.DataFrame({"pool": ["women", "women larger", "women accessible", "any", "any larger",
    "any accessible"], "label": "", "places": [15, 0, 0, 0, 0, 0], "tier": "published", "source_id": "n",
    "figure_ids": "f", "footnote": ""})"""

PAGE = Page(
    title="Mixed places: which kind, for whom",
    modules=("mixed_places",),
    when="""
    For which kind of place to open. Places are parted into those for women and children and those open to any
    adult, and in both into accessible and larger ones. A request goes to the first free place that fits, the
    least particular first. Every provision meets the same requests, so that two of them differ by their
    places alone. What is assumed of families and of places is named, because it is counted nowhere.
    """,
    formula="""
accessible (larger) places of a group = all accessible (larger) places × its share of all places, rounded
requests of a group = requests of women × its share;  stays are exponential
share turned away = requests that find no free place that fits / requests, over 20 replications of 20 years,
                    2 years before them not counted; interval: Student's over replications
enough for all: each group gets Erlang's places, then the worst off more of its own kind, until all are within
""",
    sources="""
    Law AM (2015). Simulation modeling and analysis, 5th edition, sections 9.4 and 11.2.

    Palmer GI, Knight VA, Harper PR, Hawa AL (2019). Ciw: an open-source discrete event simulation library.
    Journal of Simulation 13(1), 68-82.
    """,
    examples=(
        Example(
            title="Norfolk's 84 places in kinds, with seven accessible and a tenth larger",
            given="""
            accessible | larger
            -----------+-------
                     7 |    0.1
            """,
            call=f"kinds({PLACES}, accessible=accessible, larger=larger)",
            gives="""
            pool             | places
            -----------------+-------
            women            |     54
            women larger     |      6
            women accessible |      5
            any              |     15
            any larger       |      2
            any accessible   |      2
            """,
            source="7 × 65 / 84 = 5.4 and 7 × 19 / 84 = 1.6; 6.5 rounds to 6, 1.9 to 2; the rest are plain.",
        ),
        Example(
            title="Who asks",
            given="""
            women | men
            ------+-----
              189 |  13
            """,
            call="asking(women, men, accessible=0.07, larger=0.1, mean_stay=144)",
            gives="""
            group                              | requests | mean_stay
            -----------------------------------+----------+----------
            Women                              |   156.87 |       144
            Women with a larger family         |    18.90 |       144
            Women who need an accessible place |    13.23 |       144
            Men                                |    13.00 |       144
            """,
            source="189 × 0.83, 189 × 0.10, 189 × 0.07.",
        ),
        Example(
            title="One kind and one group: the closed form",
            given="""
            women
            -----
            36.525
            """,
            call=f"""
            compared({ONE}, asking(women, 0, accessible=0, larger=0, mean_stay=100), {{"As now": {{}}}},
                resting={ONE}).head(1).assign(within=lambda f: (f["low"] <= 0.0365) & (f["high"] >= 0.0365))
            """,
            gives="""
            label | places | within
            ------+--------+-------
            Women |     15 |   True
            """,
            source="B(15, 10) = 0.0365 in printed tables lies in the simulation's own interval.",
        ),
    ),
)
