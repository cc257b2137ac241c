"""Therapy: its pathways, the waits along them with censoring, and scores before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.records.fields import tables
from analysis.records.frames.labels import NO, YES, labelled
from analysis.records.frames.stays import ends_in
from analysis.records.frames.window import Window, at_least, at_most, days_between

ADULT, CHILD = "Adult", "Child"
STEPS: Final = {
    "identified": "identified_on",
    "referred": "referred_on",
    "assessed": "assessed_on",
    "started": "started_on",
}
"""Steps of a pathway in their order, and the field that dates each."""

WAITS: Final = (
    ("identified", "referred"),
    ("referred", "assessed"),
    ("assessed", "started"),
    ("referred", "started"),
    ("identified", "started"),
)
REACHED: Final = "Reached"
LEFT: Final = "Left before it"
WAITING: Final = "Still waiting"
UNDATED: Final = "Date not recorded"

OF_CLIENT: Final = (
    "sex",
    "gender_identity",
    "trans",
    "sexual_orientation",
    "age_band",
    "ethnicity",
    "ethnicity_group",
    "disability",
    "mental_health_need",
    "substance_use_need",
    "in_safe_accommodation",
    "risk_level",
)
SCORED: Final = {
    "stays": ("Stay", "wellbeing_measure", "wellbeing_start", "wellbeing_end", "end_date"),
    "children": ("Child in a stay", "wellbeing_measure", "wellbeing_start", "wellbeing_end", "end"),
    "therapy": ("Therapy", "measure", "score_start", "score_end", "ended_on"),
}
"""Tables with paired scores: what they are called, measure, first and latest score, and the day it ended."""

PAIRED: Final = ("Both scores", "First score alone", "Latest score alone")


def begins(rows: pd.DataFrame) -> pd.Series[Any]:
    """Return the day that a pathway begins: when the need was identified, or the referral without that."""
    return rows["identified_on"].fillna(rows["referred_on"])


def therapy(rows: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row a referral to therapy whose pathway reaches into the period.

    Returns
    -------
    DataFrame
        ``person``, ``provider``, ``service``, dates of the steps, coded fields as categories,
        ``ethnicity_group``, numbers as floats; ``client`` (Adult or Child; ``person`` is the survivor in
        both); ``new`` (referred in the period, Yes or No); ``reached``: the furthest step by its end.
    """
    made = labelled(rows, tables()["therapy"], window.area)
    made["client"] = _client(rows)
    made["new"] = pd.Categorical(np.where(window.holds(rows["referred_on"]), YES, NO), categories=[YES, NO])
    made["reached"] = _furthest(rows)
    del made["client_number"]
    return pd.DataFrame(made, index=rows.index)


def _client(rows: pd.DataFrame) -> Any:
    return pd.Categorical(np.where(rows["client_number"] == 0, ADULT, CHILD), categories=[ADULT, CHILD])


def _furthest(rows: pd.DataFrame) -> Any:
    """Return the furthest step with a date; completed needs an ending that says so."""
    names = ["identified", "referred", "assessed", "started", "completed"]
    done = {name: rows[column].notna() for name, column in STEPS.items()}
    done["completed"] = rows["ended_on"].notna() & (rows["ending"] == "completed")
    labels = [name.capitalize() for name in names]
    at = np.select([done[name] for name in reversed(names)], labels[::-1], default=labels[0])
    return pd.Categorical(at, categories=labels)


def waits(rows: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return one row a wait between two steps of a pathway that reaches into the period.

    Who waited before the period opened is seen only because the wait was long (left truncation): the time at
    risk counts from ``entry``. Who waits when it closes is censored there, or at the end of the month last
    reported; who left before the step did not reach it, which is no censoring.

    Parameters
    ----------
    rows
        All kept rows of therapy.

    Returns
    -------
    DataFrame
        ``person``, ``service``, ``client``, ``therapy_type``, ``stage`` ("Referred to assessed" …),
        ``begin``, ``entry`` [days from its begin to the opening of the period, 0 if it began later],
        ``days`` [days waited; NaN without a date], ``result`` (Reached, Left before it, Still waiting, Date
        not recorded), ``event`` (bool: reached) and the client's characteristics.

    References
    ----------
    Klein JP, Moeschberger ML (2003). Survival Analysis, 2nd ed., sections 3.2 to 3.4.
    """
    labels = labelled(rows, tables()["therapy"], window.area)
    about = pd.DataFrame(
        {name: labels[name] for name in ("person", "service", "therapy_type", *OF_CLIENT)}, index=rows.index
    ).assign(client=_client(rows))
    parts = [about.join(_wait(rows, begin, end, window), how="inner") for begin, end in WAITS]
    stages = [f"{begin.capitalize()} to {end}" for begin, end in WAITS]
    made = pd.concat(
        [part.assign(stage=stage) for part, stage in zip(parts, stages, strict=True)], ignore_index=True
    )
    return made.assign(
        stage=pd.Categorical(made["stage"], categories=stages), event=made["result"] == REACHED
    )


def _wait(rows: pd.DataFrame, begin: str, end: str, window: Window) -> pd.DataFrame:
    """Return one wait a row, of those that reach into the period."""
    since, until, left = rows[STEPS[begin]], rows[STEPS[end]], rows["ended_on"]
    reached, gone = until.notna(), until.isna() & left.notna()
    undated = until.isna() & _later(rows, end)
    reported = at_most(rows["month"] + pd.offsets.MonthEnd(0), window.closes)
    stop = at_least(reported.mask(gone, left).mask(reached, until), since)
    result = np.select([reached, undated, gone], [REACHED, UNDATED, LEFT], default=WAITING)
    made = pd.DataFrame(
        {
            "begin": since,
            "entry": days_between(since, pd.Series(window.opens, index=rows.index)).clip(lower=0),
            "days": days_between(since, stop).where(~undated),
            "result": pd.Categorical(result, categories=[REACHED, LEFT, WAITING, UNDATED]),
        }
    )
    return made.loc[(since <= window.closes) & (stop >= window.opens)]


def _later(rows: pd.DataFrame, step: str) -> pd.Series[bool]:
    """Return which pathways reached a step after this one."""
    after = list(STEPS.values())[list(STEPS).index(step) + 1 :]
    return rows[after].notna().any(axis=1)


def scores(
    rows: Mapping[str, pd.DataFrame],
    inside: Mapping[str, pd.Series[bool]],
    known: pd.DataFrame,
    window: Window,
) -> pd.DataFrame:
    """Return one row a pair of scores on one measure, or half of one, of stays and therapy in the period.

    Parameters
    ----------
    rows, inside
        Kept tables, and which of their rows the period holds.
    known
        From `analysis.records.frames.people.known_of`.

    Returns
    -------
    DataFrame
        ``person``, ``setting`` (Stay, Child in a stay, Therapy), ``measure``, ``start``, ``end`` and
        ``change`` (end less start) [points of the measure; NaN if not measured], ``paired``, ``ended``
        (in the period, Yes or No) and characteristics of the one who was measured.
    """
    parts = []
    for name, (setting, measure, start, end, over) in SCORED.items():
        frame = rows[name].loc[inside[name]]
        frame = frame.loc[frame[measure].notna() & (frame[start].notna() | frame[end].notna())]
        if name == "stays":
            frame = frame.join(known, on="person")
        renamed = {measure: "measure", start: "score_start", end: "score_end", over: "over"}
        kept = [*renamed, "person", *(one for one in OF_CLIENT if one in frame)]
        parts.append(
            frame[kept].rename(columns=renamed).assign(setting=setting).astype({"measure": "object"})
        )
    both = pd.concat(parts, ignore_index=True)
    lacking = [name for name in OF_CLIENT if name not in both and name != "ethnicity_group"]
    both = both.assign(**dict.fromkeys(lacking))
    labels = labelled(both, tables()["therapy"], window.area)
    first, latest = labels["score_start"], labels["score_end"]
    pairs = np.select([latest.isna(), first.isna()], PAIRED[1:], default=PAIRED[0])
    return pd.DataFrame(
        {
            "person": both["person"],
            "setting": pd.Categorical(both["setting"], categories=[one[0] for one in SCORED.values()]),
            "measure": labels["measure"],
            "start": first,
            "end": latest,
            "change": latest - first,
            "paired": pd.Categorical(pairs, categories=PAIRED),
            "ended": ends_in(both["over"], window),
            **{name: labels[name] for name in OF_CLIENT},
        }
    )
