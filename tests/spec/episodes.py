"""Stays joined into episodes, and what of each is seen through a window of time."""

from worked import Example, Page

CALL = """
episodes(
    given.assign(
        area="norfolk",
        departure_kind="planned",
        start_date=pd.to_datetime(given["start_date"]),
        end_date=pd.to_datetime(given["end_date"]),
    ),
    start="2022-04-01", end="2023-03-31", gap_days={gap},
)
"""

PAGE = Page(
    title="Episodes of stays",
    modules=("records.episodes",),
    when="""
    Before any length of stay is measured. A move from one unit to another is no exit, so stays of one
    survivor that follow on each other are one episode. Survivors who were there before the period began are
    seen only because they stayed long enough, and enter the risk set on the day it began; those still there
    when it ends have not left. Where they go competes, so it is kept with each exit.
    """,
    formula="""
a stay opens a new episode  if  its start > latest end of all earlier stays of the survivor + gap
entry    = max(0, first day of the window − start)      days before which nobody could be seen to leave
days     = end − start                                  nights; end = day of leaving, or last day known
censored = still there on the last day of the window
""",
    sources="""
    Klein JP, Moeschberger ML (2003). Survival Analysis: Techniques for Censored and Truncated Data, 2nd ed.
    Springer, sections 3.2 to 3.4.

    Putter H, Fiocco M, Geskus RB (2007). Tutorial in biostatistics: competing risks and multi-state models.
    Statistics in Medicine 26, 2389-2430.
    """,
    examples=(
        Example(
            title="A move the day after is no exit; a return after a month is a second episode",
            given="""
            person | start_date | end_date   | destination
            -------+------------+------------+---------------------------
            A      | 2022-05-01 | 2022-06-01 | another-safe-accommodation
            A      | 2022-06-02 | 2022-07-01 | social-housing
            B      | 2022-05-01 | 2022-06-01 | returned-to-perpetrator
            B      | 2022-07-01 | 2022-08-01 | private-rented
            """,
            call=CALL.format(gap=1),
            gives="""
            person | stays | entry | days | censored | exit
            -------+-------+-------+------+----------+------------------------
            A      |     2 |     0 |   61 | False    | social-housing
            B      |     1 |     0 |   31 | False    | returned-to-perpetrator
            B      |     1 |     0 |   31 | False    | private-rented
            """,
            source="Counted on a calendar: 31 nights of May, one between, 29 of June.",
        ),
        Example(
            title="The same stays with a gap of 30 days",
            given="""
            person | start_date | end_date   | destination
            -------+------------+------------+---------------------------
            B      | 2022-05-01 | 2022-06-01 | returned-to-perpetrator
            B      | 2022-07-01 | 2022-08-01 | private-rented
            """,
            call=CALL.format(gap=30),
            gives="""
            person | stays | days | exit
            -------+-------+------+---------------
            B      |     2 |   92 | private-rented
            """,
            source="Counted on a calendar: 31 + 30 + 31 nights.",
        ),
        Example(
            title="Who was there before is truncated, who is there after is censored",
            given="""
            person | start_date | end_date   | destination
            -------+------------+------------+---------------
            C      | 2022-03-22 | 2022-05-01 | social-housing
            D      | 2023-03-01 |            |
            E      | 2022-01-01 | 2023-05-01 | private-rented
            F      | 2021-01-01 | 2022-03-31 | private-rented
            G      | 2023-04-01 |            |
            """,
            call=CALL.format(gap=1),
            gives="""
            person | truncated | entry | days | censored | exit
            -------+-----------+-------+------+----------+---------------
            C      | True      |    10 |   40 | False    | social-housing
            D      | False     |     0 |   30 | True     |
            E      | True      |    90 |  454 | True     |
            """,
            source="""
            Counted on a calendar: ten nights of March before the window; E left after it had closed, so the
            exit is not seen; F had left before it opened and G came after it had closed.
            """,
        ),
        Example(
            title="Two providers, overlapping nights: one episode, and the last to end gives the exit",
            given="""
            person | start_date | end_date   | destination
            -------+------------+------------+---------------
            H      | 2022-05-01 | 2022-09-01 | social-housing
            H      | 2022-06-01 | 2022-06-11 | family-or-friends
            """,
            call=CALL.format(gap=1),
            gives="""
            person | stays | days | exit
            -------+-------+------+---------------
            H      |     2 |  123 | social-housing
            """,
            source="Counted on a calendar: 31 + 30 + 31 + 31 nights.",
        ),
    ),
)
