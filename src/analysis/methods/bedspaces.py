"""How many bedspaces: by a standard and by flow, with what is not seen, and every answer side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.methods.capacity import DAYS_IN_YEAR, load_for, offered_load, places_for
from analysis.methods.demand import if_unseen
from analysis.methods.inputs import amount, positive, require_columns, whole
from analysis.methods.rates import rate
from analysis.methods.rows import PROVENANCE, resting_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

YEARLY: Final[dict[str, float]] = {"monthly": 12.0, "weekly": DAYS_IN_YEAR / 7}
"""How many times a year a count is made, by the key of its row; once where it is not named."""

UNSEEN: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
"""Shares of all requests that are never seen, over which demand is varied."""

NO_RANGE: Final = "no range"
BESIDE: Final = ("label", "question", "places", "places_low", "places_high", *PROVENANCE)


def by_standard(
    residents: pd.DataFrame, readings: pd.DataFrame, *, now: float = math.nan, before: float = math.nan
) -> pd.DataFrame:
    """Places that a standard of one place to so many people asks for, and how many are short.

    Parameters
    ----------
    residents
        One row with ``base`` [people], and provenance.
    readings
        One row a reading of the standard: ``label``, ``value`` [people to one place], and provenance.
    now, before
        Places there are, and were earlier; NaN where not published.

    Returns
    -------
    DataFrame
        All rows and columns of ``readings``, then ``places`` (rounded up, so that nobody is over the
        standard), ``gap`` and ``gap_before`` [places; below 0 where there are more than the standard asks].

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a number of people is 0.

    References
    ----------
    Council of Europe (2008). Combating violence against women: minimum standards for support services.
    Strasbourg: Directorate General of Human Rights and Legal Affairs. One family place to 10,000 people.
    """
    require_columns(readings, ["label", "value", *PROVENANCE], where="by_standard")
    require_columns(residents, ["base", *PROVENANCE], where="by_standard")
    people = positive(residents["base"].iloc[0], "residents")
    places = [float(math.ceil(people / positive(each, "people to one place"))) for each in readings["value"]]
    found = readings.assign(places=places)
    found = found.assign(gap=found["places"] - now, gap_before=found["places"] - before)
    return resting_on(found, residents)


def yearly_requests(printed: pd.DataFrame, *, years: float = 1, confidence: float = 0.95) -> pd.DataFrame:
    """Add to each count of requests what it is a year, with the interval of requests that come at random.

    Parameters
    ----------
    printed
        With ``count`` [requests], indexed by key; rows keyed as in `YEARLY` are averages of a month or week,
        the row ``homeless`` is of the whole period.
    years
        Length of the period [years].
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``printed``, then ``requests``, ``requests_low``, ``requests_high`` [a year].

    Raises
    ------
    UsageError
        If there is no such column.
    DataRefused
        If the length of the period is 0, or a count is negative.

    References
    ----------
    As for `analysis.methods.rates.rate`.
    """
    require_columns(printed, ["count"], where="yearly_requests")
    rows = []
    for key, count in printed["count"].items():
        span = positive(years, "years") if key == "homeless" else 1.0
        found = rate(round(amount(count, "count") * YEARLY.get(str(key), 1.0)), span, 1, confidence)
        rows.append((found.value, found.low, found.high))
    names = ["requests", "requests_low", "requests_high"]
    return printed.join(pd.DataFrame(rows, printed.index, names, dtype=float))


def turned_away_full(national: pd.DataFrame) -> float:
    """Share of all referrals that are refused because every place is taken, where that is counted.

    Parameters
    ----------
    national
        Rows ``accepted`` with ``count`` and ``base`` [referrals], and ``full`` with ``printed`` [percent of
        those not accepted].

    Returns
    -------
    float
        A fraction of all referrals.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: a share of a share.
    """
    require_columns(national, ["count", "base", "printed"], where="turned_away_full")
    count, base = (float(national[name]["accepted"]) for name in ("count", "base"))
    return (1 - count / base) * float(national["printed"]["full"]) / 100


def with_flow(
    asked: pd.DataFrame,
    stay: Mapping[str, float],
    *,
    turn_away: float,
    unseen: float = 0.0,
    resting: pd.DataFrame,
) -> pd.DataFrame:
    """Add to each number of requests the places that turn away no more than a chosen share.

    Parameters
    ----------
    asked
        With ``requests``, ``requests_low``, ``requests_high`` [a year] and provenance.
    stay
        ``usual``, ``short`` and ``long`` [days].
    turn_away
        Largest share turned away that is accepted [strictly between 0 and 1].
    unseen
        Share of all requests that are never counted [fraction below 1].
    resting
        What the lengths of stay rest on.

    Returns
    -------
    DataFrame
        All rows and columns of ``asked``, then ``load`` (places in use if nobody were turned away),
        ``places`` at the usual stay, ``places_low`` and ``places_high``: fewest requests with the shortest
        stay, most with the longest.

    Raises
    ------
    UsageError
        If a column is absent, the share turned away is not strictly between 0 and 1, or all is unseen.
    DataRefused
        If a number is negative.

    References
    ----------
    As for `analysis.methods.capacity.places_for`; for those unseen `analysis.methods.demand.if_unseen`.
    """
    require_columns(asked, ["requests", "requests_low", "requests_high"], where="with_flow")
    plans = {
        "places": ("requests", "usual"),
        "places_low": ("requests_low", "short"),
        "places_high": ("requests_high", "long"),
    }
    added = {
        name: [
            places_for(offered_load(if_unseen(number, unseen), stay[days]), turn_away)
            for number in asked[column]
        ]
        for name, (column, days) in plans.items()
    }
    load = [offered_load(if_unseen(number, unseen), stay["usual"]) for number in asked["requests"]]
    return resting_on(asked.assign(load=load, **added), resting)


def over_unseen(
    asked: pd.DataFrame, stay: Mapping[str, float], *, turn_aways: Sequence[float], resting: pd.DataFrame
) -> pd.DataFrame:
    """Return the places needed for every share of requests that is never seen, in long form.

    Parameters
    ----------
    asked
        One row with ``requests`` [a year] and provenance.
    stay
        As in `with_flow`.
    turn_aways
        Shares turned away that are accepted, one line each [strictly between 0 and 1].
    resting
        What the lengths of stay rest on.

    Returns
    -------
    DataFrame
        ``label`` (the line), ``unseen`` [fraction], ``requests`` [a year], ``places``, and provenance.

    Raises
    ------
    UsageError
        If a column is absent, or a share is not strictly between 0 and 1.
    DataRefused
        If a number is negative.

    References
    ----------
    As for `analysis.methods.capacity.places_for`. A full refuge is not advertised, so requests that find it
    full are not made: the count is censored, and demand is shown over a range.
    """
    require_columns(asked, ["requests", *PROVENANCE], where="over_unseen")
    seen = float(asked["requests"].iloc[0])
    rows = [
        {
            "label": f"1 in {1 / accepted:,.0f} turned away",
            "unseen": hidden,
            "requests": if_unseen(seen, hidden),
            "places": places_for(offered_load(if_unseen(seen, hidden), stay["usual"]), accepted),
            **{name: asked[name].iloc[0] for name in PROVENANCE},
        }
        for accepted in turn_aways
        for hidden in UNSEEN
    ]
    return resting_on(pd.DataFrame(rows), resting)


def like_england(level: pd.DataFrame, local: pd.DataFrame, england: pd.DataFrame) -> pd.DataFrame:
    """Return the places an area would have if it had as many for its residents as England.

    Parameters
    ----------
    level
        With ``label`` and ``value`` [places in England], and provenance; rows ``all`` and ``sanctuary``.
    local, england
        One row each with ``base`` [people], and provenance.

    Returns
    -------
    DataFrame
        All rows and columns of ``level``, a row ``besides`` for what is no sanctuary scheme, and ``places``
        (rounded to a whole place).

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If England has no residents.

    References
    ----------
    None: proportion to residents.
    """
    require_columns(level, ["label", "value"], where="like_england")
    part = float(local["base"].iloc[0]) / positive(england["base"].iloc[0], "residents of England")
    rest = level.loc[["all"]].rename(index={"all": "besides"})
    besides = rest.assign(
        label="All but sanctuary schemes", value=float(level["value"]["all"] - level["value"]["sanctuary"])
    )
    every = pd.concat([level, besides])
    return resting_on(every.assign(places=(every["value"] * part).round()), local, england)


def beside(answers: Mapping[str, tuple[str, pd.DataFrame]], *, now: float = math.nan) -> pd.DataFrame:
    """Set the answers of several methods side by side, each with the question that it answers.

    Parameters
    ----------
    answers
        By label: the question in words, and one row with ``places``, provenance, and where it has them
        ``places_low`` and ``places_high``; a method without a row is left out.
    now
        Places there are; NaN where not published.

    Returns
    -------
    DataFrame
        ``label``, ``question``, ``places``, ``places_low``, ``places_high`` (NaN where there are none),
        ``gap`` [places more than now], ``no_interval`` (why there is no range) and provenance, in the order
        given.

    Raises
    ------
    UsageError
        If a frame has no places or no provenance.

    References
    ----------
    None: a table.
    """
    rows: list[dict[str, Any]] = []
    for label, (question, frame) in answers.items():
        require_columns(frame, ["places", *PROVENANCE], where="beside")
        rows += [
            {
                "label": label,
                "question": question,
                "places": row["places"],
                "places_low": row.get("places_low", math.nan),
                "places_high": row.get("places_high", math.nan),
                **{name: row[name] for name in PROVENANCE},
            }
            for _, row in frame.head(1).iterrows()
        ]
    found = pd.DataFrame(rows, columns=[*BESIDE[:5], *PROVENANCE])
    ranged = found["places_low"].notna()
    return found.assign(gap=found["places"] - now, no_interval=ranged.map({True: "", False: NO_RANGE}))


def joined(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return rows of several frames one after the other, with the columns that any of them has.

    Parameters
    ----------
    *frames
        Each with provenance.

    Returns
    -------
    DataFrame
        All rows, by their own keys.

    Raises
    ------
    UsageError
        If a frame has no provenance.

    References
    ----------
    None.
    """
    for one in frames:
        require_columns(one, PROVENANCE, where="joined")
    return pd.concat([one for one in frames if len(one)])


def requests_for(places: float, stay: Mapping[str, float], turn_away: float) -> float:
    """Return the most requests a year that some places can take with no more than a share turned away.

    Parameters
    ----------
    places
        Places [whole number, 1 or more].
    stay
        ``usual`` [days].
    turn_away
        Largest share turned away that is accepted [strictly between 0 and 1].

    Returns
    -------
    float
        Requests a year.

    Raises
    ------
    DataRefused
        If the places are not whole, there is none, or the stay is 0.
    UsageError
        If the share turned away is not strictly between 0 and 1.

    References
    ----------
    As for `analysis.methods.capacity.load_for`; Little's law.
    """
    return load_for(whole(places, "places"), turn_away) * DAYS_IN_YEAR / positive(stay["usual"], "mean stay")
