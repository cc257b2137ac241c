"""From referral to therapy: a pathway with its holes, waits in one unit, and what posts can hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.delivery import months_in
from analysis.methods.inputs import amount, positive, require_columns
from analysis.methods.rates import with_rates
from analysis.methods.rows import PROVENANCE, resting_on
from analysis.methods.visibility import with_expected, with_shares

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


def referrals_a_year(frame: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add to each post the referrals a year that one quarter of them stands for.

    Parameters
    ----------
    frame
        With ``count`` [referrals in a quarter] and ``base`` [full-time posts].
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``rate``, ``rate_low``, ``rate_high`` [referrals a year and
        post] and ``rate_method``.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a row's numbers are impossible.

    References
    ----------
    As for `analysis.methods.rates.rate`, on a quarter of a year for each post.
    """
    require_columns(frame, ["count", "base"], where="referrals_a_year")
    worked = frame.assign(years=frame["base"] / 4)
    return with_rates(worked, "count", "years", per=1, confidence=confidence).drop(columns="years")


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
        Long form: ``caseload``, ``series`` (words), ``weeks``, ``people`` [people a year, whole] and
        provenance.

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
            "people": round(positive(posts, "posts") * courses_a_year(caseload, length)),
            **basis,
        }
        for caseload in caseloads
        for length in weeks
    ]
    return pd.DataFrame(rows)


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


def expected_need(frame: pd.DataFrame, counted: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return how many people each definition of need leads one to expect among those counted.

    Parameters
    ----------
    frame
        Definitions with ``count``, ``base`` [people] and ``printed`` [percent], indexed by key.
    counted
        One row: ``label`` of the people counted, their ``count``, the ``period`` as printed, and provenance.
    confidence
        Level of the ranges [0 to 1].

    Returns
    -------
    DataFrame
        As `analysis.methods.visibility.with_shares` and `with_expected` return, without the chance of so few,
        then ``people`` [people counted], ``among`` (their label) and ``expected_a_year`` [people a year];
        each row rests on the people counted too.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If the people counted are not a whole number, or the period cannot be read.

    References
    ----------
    As for `analysis.methods.visibility.with_expected`: a synthetic estimate, which takes the people counted
    to be like those the definition was measured among.
    """
    one = counted.iloc[[0]]
    people, years = one["count"].iloc[0], months_in(one["period"].iloc[0]) / 12
    shares = with_shares(frame, confidence=confidence)
    # Nobody is seen to have a need: what is asked for is how many would, among all who were counted.
    expected = with_expected(shares, one.assign(base=people, count=0), confidence=confidence)
    return expected.drop(columns=["probability", "chance"]).assign(
        people=people, among=one["label"].iloc[0], expected_a_year=expected["expected"] / years
    )


def fill_reached(frame: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what share of the sessions offered were attended, and what that does to the price of one.

    Parameters
    ----------
    frame
        One row: the sessions offered, ``total``; missing where hidden.
    others
        Under ``attended``, the sessions attended, likewise.

    Returns
    -------
    DataFrame
        One row: ``label``, ``offered`` and ``attended`` [sessions], ``fill`` [fraction], ``times`` (what a
        session attended costs, as a multiple of the price of one offered); the provenance of ``frame``.

    Raises
    ------
    DataRefused
        If either sum is hidden, or no session was attended.
    """
    sums = [float(one["total"].iloc[0]) for one in (frame, others["attended"])]
    if any(math.isnan(value) for value in sums) or not sums[1]:
        raise DataRefused(
            "How many of the sessions offered were attended cannot be shown",
            cure="Count over a longer period.",
        )
    carried = frame[[name for name in ("tier", "source_id", "figure_ids", "footnote") if name in frame]].head(
        1
    )
    told = carried.assign(label="All therapy", offered=sums[0], attended=sums[1])
    return told.assign(fill=sums[1] / sums[0], times=sums[0] / sums[1])


def fill_in_words(frame: pd.DataFrame) -> dict[str, float]:
    """Return the fill of `fill_reached` and what it does to the price, for a title."""
    return {"fill": float(frame["fill"].iloc[0]), "times": float(frame["times"].iloc[0])}
