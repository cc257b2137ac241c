"""From referral to therapy: a pathway with its holes, waits in one unit, and what posts and courses hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.inputs import amount, level, positive, require_columns, share, whole
from analysis.methods.missing import bounds
from analysis.methods.proportions import proportion
from analysis.methods.rows import PROVENANCE, joined, resting_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WEEKS: Final = {"days": 1 / 7, "weeks": 1.0, "months": 365.25 / 12 / 7, "years": 365.25 / 7}
"""Weeks in one of each unit; a month is a twelfth of 365.25 days."""


def with_holes(frame: pd.DataFrame, steps: Mapping[str, str]) -> pd.DataFrame:
    """Return the steps of a pathway in order, with an empty row for each that nobody published.

    Parameters
    ----------
    frame
        Published steps, indexed by key, with ``label``, ``count`` [people] and the provenance columns.
    steps
        Key of each step in order, and its label; a key that the frame lacks is a hole.

    Returns
    -------
    DataFrame
        One row a step: ``step`` (its label), ``count`` (NaN for a hole) and provenance. A hole rests on what
        the published steps rest on.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If none of the steps is published.

    References
    ----------
    None: an arrangement of published counts.
    """
    require_columns(frame, ["count", *PROVENANCE], where="with_holes")
    known = frame[frame.index.isin(list(steps))]
    if known.empty:
        raise DataRefused("no step is published", where="with_holes", cure="Say so with run.absent.")
    whole_basis = resting_on(known.iloc[[0]], known).iloc[0]
    rows = [
        {"step": label, "count": known["count"].get(key, math.nan)}
        | {
            name: (known[name] if key in known.index else {key: whole_basis[name]})[key]
            for name in PROVENANCE
        }
        for key, label in steps.items()
    ]
    return pd.DataFrame(rows, index=pd.Index(list(steps), name="key"))


def in_weeks(
    frame: pd.DataFrame, columns: Sequence[str] = ("low", "high"), unit: str = "unit"
) -> pd.DataFrame:
    """Add to each row its durations in weeks.

    Parameters
    ----------
    frame
        With durations, each in the unit that its row names: days, weeks, months or years.
    columns, unit
        Columns of the durations, and of their unit.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``<column>_weeks`` [weeks]; NaN where a duration is missing.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a unit is not one of time.

    References
    ----------
    None: a month is a twelfth of 365.25 days, 4.35 weeks.
    """
    require_columns(frame, [*columns, unit], where="in_weeks")
    odd = next((str(one) for one in frame[unit] if one not in WEEKS), None)
    if odd is not None:
        raise DataRefused(
            f'"{odd}" is not a unit of time', where="in_weeks", cure=f"One of: {', '.join(WEEKS)}."
        )
    factor = frame[unit].map(WEEKS).astype(float)
    return frame.assign(**{f"{column}_weeks": frame[column] * factor for column in columns})


def courses_a_year(caseload: float, weeks: float) -> float:
    """People one post can take through a course in a year, if every place of its caseload is always in use.

    Parameters
    ----------
    caseload
        People seen by one full-time post at the same time [people].
    weeks
        Length of a course [weeks].

    Returns
    -------
    float
        People a year.

    Raises
    ------
    DataRefused
        If either number is not above 0.

    References
    ----------
    Little JDC (1961). A proof for the queuing formula L = lambda W. Operations Research 9, 383-387.
    """
    return positive(caseload, "caseload") * WEEKS["years"] / positive(weeks, "weeks")


def with_posts(
    frame: pd.DataFrame, arrivals: str = "rate", posts: str = "posts", *, caseload: float, weeks: float
) -> pd.DataFrame:
    """Add to each arrival rate the people in therapy at once, and the posts they need, if everybody starts.

    Parameters
    ----------
    frame
        With people who start a course in a year [people a year], with or without limits of that rate.
    arrivals
        Column of the rate; its limits are ``<arrivals>_low`` and ``<arrivals>_high``.
    posts
        What the columns of posts are called.
    caseload, weeks
        As in `courses_a_year`.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``in_therapy`` [people at once], ``<posts>`` [full-time posts
        needed], and ``<posts>_low``, ``<posts>_high`` where the rate has limits; NaN where it is not known.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If caseload or weeks are not above 0.

    References
    ----------
    As for `courses_a_year`.
    """
    require_columns(frame, [arrivals], where="with_posts")
    each = courses_a_year(caseload, weeks)
    limits = [end for end in ("", "_low", "_high") if f"{arrivals}{end}" in frame.columns]
    needed = {f"{posts}{end}": frame[f"{arrivals}{end}"] / each for end in limits}
    return frame.assign(in_therapy=frame[arrivals] * weeks / WEEKS["years"], **needed)


def at_lengths(
    frame: pd.DataFrame, posts: float, *, caseloads: Sequence[float], weeks: Sequence[float]
) -> pd.DataFrame:
    """Return how many people posts can take through in a year, by length of course and by caseload.

    Parameters
    ----------
    frame
        What the number of posts was read from, with the provenance columns.
    posts
        Full-time posts.
    caseloads
        Caseloads supposed [people at once and post].
    weeks
        Lengths of course supposed [weeks].

    Returns
    -------
    DataFrame
        Long form: ``caseload``, ``series`` (words), ``weeks``, ``people`` [people a year] and provenance.

    Raises
    ------
    UsageError
        If there is no provenance.
    DataRefused
        If a number is not above 0.

    References
    ----------
    As for `courses_a_year`.
    """
    basis = resting_on(frame.iloc[[0]], frame).iloc[0][list(PROVENANCE)].to_dict()
    rows = [
        {
            "caseload": caseload,
            "series": f"{caseload:g} at once",
            "weeks": length,
            "people": positive(posts, "posts") * courses_a_year(caseload, length),
            **basis,
        }
        for caseload in caseloads
        for length in weeks
    ]
    return pd.DataFrame(rows)


def if_answered(
    frame: pd.DataFrame, answers: Sequence[int], *, printed: str = "printed", confidence: float = 0.95
) -> pd.DataFrame:
    """Return what a printed percentage would be worth if so many people had answered.

    Parameters
    ----------
    frame
        One row, with a printed percentage.
    answers
        Numbers of people supposed to have answered.
    printed
        Column of the percentage [percent].
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    DataFrame
        One row a number: all columns of ``frame``, ``answers`` [people], ``share``, ``low``, ``high``
        [fractions].

    Raises
    ------
    UsageError
        If the column is absent.
    DataRefused
        If a number of answers is not whole or is 0.

    References
    ----------
    As for `analysis.methods.proportions.proportion`, on the nearest whole count.
    """
    require_columns(frame, [printed], where="if_answered")
    level(confidence)
    repeated = pd.concat([frame] * len(answers), ignore_index=True)
    counts = [whole(number, "answers") for number in answers]
    found = [
        proportion(round(number * percent / 100), number, confidence)
        for number, percent in zip(counts, repeated[printed], strict=True)
    ]
    added = {
        "answers": counts,
        "share": [one.value for one in found],
        "low": [one.low for one in found],
        "high": [one.high for one in found],
    }
    return joined(repeated, pd.DataFrame(added, repeated.index))


def if_asked(frame: pd.DataFrame, responses: Sequence[float], *, printed: str = "printed") -> pd.DataFrame:
    """Return the bounds of a printed percentage if only a share of the people helped had answered.

    Parameters
    ----------
    frame
        One row, with a printed percentage.
    responses
        Shares of the people helped supposed to have answered [fractions above 0].
    printed
        Column of the percentage [percent].

    Returns
    -------
    DataFrame
        One row a response: all columns of ``frame``, ``response`` [fraction], ``bound_low`` (if the
        rest would all have said no) and ``bound_high`` (if they would all have said yes) [fractions].

    Raises
    ------
    UsageError
        If the column is absent.
    DataRefused
        If a response is not a fraction above 0.

    References
    ----------
    As for `analysis.methods.missing.bounds`.
    """
    require_columns(frame, [printed], where="if_asked")
    supposed = [positive(share(response, "response"), "response") for response in responses]
    repeated = pd.concat([frame] * len(supposed), ignore_index=True)
    found = [
        bounds(round(_OF * response * percent / 100), round(_OF * response), _OF)
        for response, percent in zip(supposed, repeated[printed], strict=True)
    ]
    return repeated.assign(
        response=supposed, bound_low=[one.low for one in found], bound_high=[one.high for one in found]
    )


_OF: Final = 100_000
"""People supposed in all, so many that a share of them is whole to any digit printed."""


def between(frame: pd.DataFrame, before: str, after: str) -> dict[str, float]:
    """Return the least and the most by which a range is shorter than an earlier one.

    Parameters
    ----------
    frame
        Indexed by key, with ``low_weeks`` and ``high_weeks`` [weeks].
    before, after
        Keys of the earlier and the later range.

    Returns
    -------
    dict
        ``least`` and ``most`` [weeks].

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    Interval arithmetic: lowest before less highest after, and the other way about.
    """
    require_columns(frame, ["low_weeks", "high_weeks"], where="between")
    early, late = frame.loc[before], frame.loc[after]
    return {
        "least": amount(early["low_weeks"] - late["high_weeks"], "least"),
        "most": amount(early["high_weeks"] - late["low_weeks"], "most"),
    }
