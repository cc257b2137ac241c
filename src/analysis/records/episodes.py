"""Episodes: stays of one survivor joined where one follows on another, seen through a window of time.

A move between two units is no exit, so stays are joined before any length of stay is measured. Who was there
before the window opened is seen only because she stayed long enough (left truncation): her days count from
the first night, and her time at risk from `entry`. Who is there when it closes has not left yet (censoring).
Exits compete, so the kind of exit is kept, and no exit is ever taken for censoring.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

from analysis.errors import UsageError

NEEDED: Final = ("person", "area", "start_date", "end_date", "destination", "departure_kind")
COLUMNS: Final = (
    "person",
    "area",
    "start",
    "end",
    "stays",
    "truncated",
    "entry",
    "days",
    "censored",
    "exit",
    "departure_kind",
)


def episodes(stays: pd.DataFrame, *, start: date | str, end: date | str, gap_days: int = 1) -> pd.DataFrame:
    """Join stays into episodes, and say how much of each is seen between two days.

    Parameters
    ----------
    stays
        Accepted stays: ``person``, ``area``, ``start_date``, ``end_date`` (missing while the stay lasts),
        ``destination``, ``departure_kind``; with ``month``, a stay without an end is known only to the end
        of the month it was last reported in.
    start, end
        First and last day of the window.
    gap_days
        Two stays are one episode if the later begins at most so many days after the earlier ended.

    Returns
    -------
    DataFrame
        One row an episode that reaches into the window, by person and start: ``person``, ``area``, ``start``,
        ``end`` (day of leaving, or the last day known if censored), ``stays`` [stays], ``truncated`` (began
        before the window), ``entry`` [days from the start to the opening of the window, 0 if not truncated],
        ``days`` [days from start to end], ``censored``, ``exit`` and ``departure_kind`` (of the stay that
        ended last; missing if censored). Nights are counted: a stay from the 1st to the 3rd is 2 days.

    Raises
    ------
    UsageError
        If a column is absent, the window ends before it starts, or the gap is negative.

    References
    ----------
    Klein JP, Moeschberger ML (2003). Survival Analysis, 2nd ed., sections 3.2 to 3.4 (censoring and left
    truncation). Putter H, Fiocco M, Geskus RB (2007). Tutorial in biostatistics: competing risks and
    multi-state models. Statistics in Medicine 26, 2389-2430.
    """
    opens, closes = pd.Timestamp(start), pd.Timestamp(end)
    _check(stays, opens, closes, gap_days)
    joined = _joined(_known(stays, closes), pd.Timedelta(days=gap_days))
    seen = joined.loc[(joined["start"] <= closes) & ((joined["end"] > opens) | (joined["start"] >= opens))]
    return _measured(seen, opens)[list(COLUMNS)].reset_index(drop=True)


def _check(stays: pd.DataFrame, opens: pd.Timestamp, closes: pd.Timestamp, gap_days: int) -> None:
    lacking = [name for name in NEEDED if name not in stays.columns]
    if lacking:
        raise UsageError(f"no column {', '.join(lacking)}", where="episodes", cure="Give the stays as kept.")
    if closes < opens:
        raise UsageError("the window ends before it starts", where="episodes", cure="Swap start and end.")
    if gap_days < 0:
        raise UsageError("the gap is negative", where="episodes", cure="Give 0 days or more.")


def _known(stays: pd.DataFrame, closes: pd.Timestamp) -> pd.DataFrame:
    """Return stays with ``stop``, the last day known by the end of the window, and whether it was an exit."""
    begun = stays.loc[stays["start_date"] <= closes]
    left = begun["end_date"].notna() & (begun["end_date"] <= closes)
    last = pd.Series(closes, index=begun.index)
    if "month" in begun.columns:
        reported = begun["month"] + pd.offsets.MonthEnd(0)
        last = last.mask(begun["end_date"].isna() & (reported < closes), reported)
    stop = begun["end_date"].where(left, last.where(last >= begun["start_date"], begun["start_date"]))
    return begun.assign(stop=stop, left=left).sort_values(
        ["person", "area", "start_date", "stop"], kind="stable", ignore_index=True
    )


def _joined(stays: pd.DataFrame, gap: pd.Timedelta) -> pd.DataFrame:
    """Return one row an episode: a stay opens one if it begins later than the gap after all before it."""
    who = [stays["person"], stays["area"]]
    reached = stays.groupby(["person", "area"])["stop"].cummax().groupby(who).shift()
    number = (reached.isna() | (stays["start_date"] > reached + gap)).cumsum()
    last = stays.assign(episode=number).sort_values(
        ["episode", "stop", "left", "start_date"], ascending=[True, True, False, True], kind="stable"
    )
    grouped = last.groupby("episode", sort=True)
    made = grouped.agg(
        person=("person", "last"),
        area=("area", "last"),
        start=("start_date", "min"),
        end=("stop", "max"),
        stays=("stop", "size"),
    )
    ending = grouped.tail(1).set_index("episode")
    return made.assign(
        censored=~ending["left"].astype(bool),
        exit=ending["destination"].where(ending["left"]),
        departure_kind=ending["departure_kind"].where(ending["left"]),
    )


def _measured(found: pd.DataFrame, opens: pd.Timestamp) -> pd.DataFrame:
    before = (opens - found["start"]).dt.days.clip(lower=0)
    return found.assign(
        truncated=found["start"] < opens,
        entry=before.astype("int64"),
        days=(found["end"] - found["start"]).dt.days.astype("int64"),
    )
