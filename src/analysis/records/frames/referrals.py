"""Referrals, homes made safe, attempts and feedback: rows that happen on a day or in a month."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.records.fields import NOT_RECORDED, tables
from analysis.records.frames.labels import NO, YES, labelled, short
from analysis.records.frames.window import Window, days_between


def referrals(rows: pd.DataFrame, stays: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row a referral made in the period.

    Parameters
    ----------
    rows, stays
        Kept referrals of the period, and all kept stays.

    Returns
    -------
    DataFrame
        ``person``, ``provider``, ``referred_on``, ``decided_on``, ``month``, ``quarter``; every coded field
        of a referral as a category (``outcome`` of four, ``refusal_reason``, ``asked_for``, ``sex``,
        ``gender_identity``, ``trans`` …), ``ethnicity_group``; numbers as floats (``age``,
        ``children_with`` …); ``days_to_decision`` and ``days_to_place`` [days; NaN if there is none];
        ``with_children`` (Yes, No, Not recorded).
    """
    made = pd.DataFrame(labelled(rows, tables()["referrals"], window.area), index=rows.index)
    return made.assign(
        **window.calendar(rows["referred_on"]),
        days_to_decision=days_between(rows["referred_on"], rows["decided_on"]),
        days_to_place=_days_to_place(rows, stays),
        with_children=_with_children(rows["children_with"]),
    )


def _with_children(number: pd.Series[Any]) -> Any:
    """Return whether children come along, as categories; a blank is not recorded, and never none."""
    said = (number > 0).map({True: YES, False: NO}).where(number.notna(), short(NOT_RECORDED))
    return pd.Categorical(said, categories=[YES, NO, short(NOT_RECORDED)])


def _days_to_place(rows: pd.DataFrame, stays: pd.DataFrame) -> pd.Series[float]:
    """Return days from an accepted referral to the first night of its case after it.

    Where a case has several accepted referrals, the night belongs to the last of them before it.
    """
    accepted = rows.loc[rows["outcome"] == "accepted", ["provider", "case", "referred_on"]]
    asked = accepted.assign(row=accepted.index).sort_values("referred_on", kind="stable")
    nights = stays[["provider", "case", "start_date"]].sort_values("start_date", kind="stable")
    met = pd.merge_asof(
        nights, asked, left_on="start_date", right_on="referred_on", by=["provider", "case"]
    ).dropna(subset=["row"])
    first = met.drop_duplicates("row", keep="first").set_index("row")
    waited = days_between(first["referred_on"], first["start_date"])
    return waited.reindex(rows.index)


def sanctuary(rows: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row a home made safe, or asked to be, in the period.

    Returns
    -------
    DataFrame
        ``person``, ``provider``, ``referred_on``, ``completed_on``, ``month``, ``quarter``, coded fields as
        categories, ``ethnicity_group``, ``cost`` [GBP], ``children``, ``days_to_complete`` [days; NaN if
        the work is not done].
    """
    made = pd.DataFrame(labelled(rows, tables()["sanctuary"], window.area), index=rows.index)
    waited = days_between(rows["referred_on"], rows["completed_on"])
    return made.assign(**window.calendar(rows["referred_on"]), days_to_complete=waited)


def attempts(rows: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row an attempt to get a place in the period, whether or not it became a referral.

    Returns
    -------
    DataFrame
        ``person``, ``provider``, ``month``, ``quarter``, coded fields as categories, ``ethnicity_group``,
        ``children_with``. Where nobody was named by a reference, ``person`` is the line of the log itself,
        so several attempts of one survivor may count as several people.
    """
    made = pd.DataFrame(labelled(rows, tables()["attempts"], window.area), index=rows.index)
    who = rows["person"].fillna("line-" + rows["attempt"])
    return made.assign(person=who, **window.calendar(rows["attempt_month"]))


def feedback(rows: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row a theme of a form given in the period; never its words.

    Returns
    -------
    DataFrame
        ``person`` (the form where nobody was named by a reference), ``provider``, ``month``, ``quarter``,
        ``given_by``, ``service``, ``theme``, ``feeling``.
    """
    made = labelled(rows, tables()["feedback"], window.area)
    del made["cleared"]
    who = rows["person"].fillna("form-" + rows["form"])
    return pd.DataFrame(made, index=rows.index).assign(person=who, **window.calendar(rows["given_month"]))
