"""Rules of children: each belongs to a stay of the family, within its dates, and grows no younger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from analysis.records.rules.findings import Breach
from analysis.records.rules.judging import Court, joined, labels, looked_up
from analysis.records.rules.places import stays_of

YEAR: Final = 365.25
CHILD_COLUMNS: Final = ("provider", "case", "child_number", "stay_start", "joined_on", "left_on", "age")


def judge(court: Court) -> None:
    """Judge children against the family's stays and against themselves in earlier stays."""
    for rule in (_stay, _growth):
        for breach in rule(court):
            court.refuse("children", breach)


def children_of(court: Court) -> pd.DataFrame:
    """Return the children that stand, with ``match``: the family's stay that each belongs to."""
    rows = court.rows("children", CHILD_COLUMNS)
    return rows.assign(match=joined(rows, "case", "stay_start"))


def _stay(court: Court) -> Iterator[Breach]:
    children, stays = children_of(court), stays_of(court)
    stop = pd.Series(stays["stop"].array, index=joined(stays, "case", "start_date").array)
    stop = stop[~stop.index.duplicated()]
    lacking = ~children["match"].isin(stop.index)
    problem = "No stay of this case that starts on this day stands"
    cure = "Give the first night of the parent's stay, as on the stays sheet, or add the stay."
    yield Breach(labels(children, lacking), "stay_start", "no-family-stay", problem, cure)
    left = looked_up(children["match"], stop)
    for name, words in (("joined_on", "came"), ("left_on", "left")):
        problem = f"The child {words} after the family's stay had ended"
        cure = "Correct the date, or the end of the family's stay."
        yield Breach(labels(children, children[name] > left), name, "outside-family-stay", problem, cure)


def _growth(court: Court) -> Iterator[Breach]:
    """Yield children whose age fits no birth: younger than in an earlier stay, or older by too many years."""
    children = children_of(court)
    aged = children.loc[children["age"].notna()].sort_values(["stay_start"], kind="stable")
    child = joined(aged, "case", "child_number")
    grown = aged["age"].astype("float64").groupby(child).diff()
    years = aged["stay_start"].groupby(child).diff().dt.days / YEAR
    wrong = (grown < 0) | (grown > years + 1)
    problem = "The child's age does not fit the age in an earlier stay"
    cure = "Correct the age, or keep each child's number the same in every stay."
    yield Breach(labels(aged, wrong), "age", "age-does-not-fit", problem, cure)
