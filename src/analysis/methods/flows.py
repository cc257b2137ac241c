"""Who came, who was supported and who left: the balance of a year, its origins, and the stay it implies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.methods.capacity import DAYS_IN_YEAR
from analysis.methods.inputs import amount, positive, require_columns, share
from analysis.methods.rates import with_rates
from analysis.methods.rows import PROVENANCE, resting_on

if TYPE_CHECKING:
    from collections.abc import Mapping


def balance(flow: pd.DataFrame) -> pd.DataFrame:
    """Return how many adults were there when a year began, came in, left, and were there when it ended.

    Parameters
    ----------
    flow
        Rows ``referred``, ``declined``, ``supported`` and ``left`` with ``count`` [people], and provenance.

    Returns
    -------
    DataFrame
        ``label``, ``count`` [people] and provenance, in the order of the year; indexed by key. Nobody is
        counted twice if each referral is of one person.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If more were declined than referred, or more left than were supported.

    References
    ----------
    None: a balance of stocks and flows.
    """
    require_columns(flow, ["count", *PROVENANCE], where="balance")
    count = flow["count"]
    came = amount(count["referred"] - count["declined"], "referrals that were not declined")
    rows = {
        "began": ("There when the year began", amount(count["supported"] - came, "people already there")),
        "came": ("Came in during the year", came),
        "supported": ("Supported in the year", amount(count["supported"], "people supported")),
        "left": ("Left during the year", amount(count["left"], "people who left")),
        "stayed": ("There when it ended", amount(count["supported"] - count["left"], "people who stayed")),
    }
    frame = pd.DataFrame(rows.values(), index=list(rows), columns=["label", "count"])
    return resting_on(frame.assign(**dict.fromkeys(PROVENANCE, "")), flow)


def with_origin_rates(
    supported: pd.DataFrame, residents: pd.DataFrame, *, per: float = 10_000, confidence: float = 0.95
) -> pd.DataFrame:
    """Add to the people who came from each district how many that is for its residents.

    Parameters
    ----------
    supported
        ``label`` (the district), ``count`` [people], and provenance.
    residents
        ``label`` and ``residents`` [people], and provenance; one row a district.
    per
        Number of residents that a rate is for.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        The rows of ``supported`` that are of a district, with their columns, ``residents``, and ``rate``,
        ``rate_low``, ``rate_high`` [people per ``per`` residents], highest first.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    As for `analysis.methods.rates.rate`.
    """
    require_columns(supported, ["label", "count"], where="with_origin_rates")
    require_columns(residents, ["label", "residents"], where="with_origin_rates")
    people = dict(zip(residents["label"], residents["residents"], strict=True))
    own = supported[supported["label"].isin(list(people))]
    found = own.assign(residents=own["label"].map(people))
    rated = with_rates(found, base="residents", per=per, confidence=confidence)
    return resting_on(rated, residents).sort_values("rate", ascending=False, kind="stable")


def implied_stay(places: pd.DataFrame, used: Mapping[str, float], left: float) -> tuple[float, float]:
    """Mean stay that printed occupancy and departures imply, at least and at most: Little's law.

    Parameters
    ----------
    places
        With ``label`` and ``count`` [places]; the first row is of places open all year, the others may have
        opened at any time in it.
    used
        Share of the places in use [fraction], by label in lower case.
    left
        Stays that ended in the year.

    Returns
    -------
    tuple of float
        Days: with the other places never open, and with all of them open all year.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If nobody left, or a share is not a fraction.

    References
    ----------
    Little JDC (1961). A proof for the queuing formula L = lambda W. Operations Research 9, 383-387.
    """
    require_columns(places, ["label", "count"], where="implied_stay")
    taken = [
        amount(count, "places") * share(used[label.lower()], "places in use")
        for label, count in zip(places["label"], places["count"], strict=True)
    ]
    a_day = positive(left, "stays that ended") / DAYS_IN_YEAR
    return taken[0] / a_day, sum(taken) / a_day


def years_of(period: str) -> int:
    """Return the length of a period of financial years: 1 for ``2022-23``, 3 for ``2021-24``."""
    return (int(period[-2:]) - int(period[2:4])) % 100
