"""Requests that a group would make for places: what a share implies, and how far it is sure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.errors import UsageError
from analysis.methods.inputs import amount, positive, require_columns, share, whole
from analysis.methods.rates import rate
from analysis.methods.rows import PROVENANCE, joined, resting_on

if TYPE_CHECKING:
    from collections.abc import Sequence

BOTH: Final = "share and requests"
REQUESTS_ALONE: Final = "requests alone: base of the share not published"
ASSUMED: Final = "none: the number is supposed"
"""What the interval of a number of requests carries, in words of a table."""


def implied_requests(rungs: pd.DataFrame, others: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add to each share how many requests a year a group would make, if it had that share of all requests.

    Parameters
    ----------
    rungs
        With ``share`` [fraction] of the group, ``low`` and ``high`` if it has limits, and provenance.
    others
        One row, whose ``base`` less its ``count`` is how many requests a year the rest made, and provenance.
    confidence
        Level of the limits [0 to 1].

    Returns
    -------
    DataFrame
        The rows that have a share below 1, with their columns, then ``requests`` [a year]: others × share /
        (1 - share); ``requests_low`` and ``requests_high``; and ``carries``, which says whose uncertainty
        the limits carry. Each row rests on ``others`` too.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If the rest made fewer than none.

    References
    ----------
    A share of all requests, solved for the group's own. The limits of the product of the rest's requests
    (a Poisson count) and the share's odds are recovered from those of the two: Zou GY, Donner A (2008).
    Construction of confidence limits about effect measures: a general approach. Statistics in Medicine 27,
    1693-1702, on the log scale.
    """
    where = "implied_requests"
    require_columns(rungs, ["share"], where=where)
    require_columns(others, ["count", "base"], where=where)
    rest = whole((others["base"] - others["count"]).iloc[0], "requests of others")
    known = rungs[rungs["share"] < 1].reindex(columns=list(dict.fromkeys([*rungs.columns, "low", "high"])))
    limits = known[["share", "low", "high"]].astype(float).itertuples(index=False, name=None)
    rows = [_implied(rest, p, low, high, confidence) for p, low, high in limits]
    columns = ["requests", "requests_low", "requests_high", "carries"]
    found = joined(known[list(rungs.columns)], pd.DataFrame(rows, known.index, columns))
    return resting_on(found, others)


def _implied(
    rest: int, p: float, low: float, high: float, confidence: float
) -> tuple[float, float, float, str]:
    """Return requests with their limits; a share of 0 keeps the upper limit of both."""
    limits = rate(rest, 1, per=1, confidence=confidence)
    known = not (math.isnan(low) or math.isnan(high))
    carries = BOTH if known else REQUESTS_ALONE
    value, ends = rest * _odds(p), (_odds(low), _odds(high)) if known else (_odds(p), _odds(p))
    if not value:
        return value, 0.0, limits.high * ends[1] if known else 0.0, carries
    down = math.hypot(_apart(rest, limits.low), _apart(_odds(p), ends[0]))
    up = math.hypot(_apart(limits.high, rest), _apart(ends[1], _odds(p)))
    return value, value * math.exp(-down), value * math.exp(up), carries


def _odds(p: float) -> float:
    return share(p, "share") / (1 - p) if p < 1 else math.inf


def _apart(high: float, low: float) -> float:
    return math.log(high / low) if low else math.inf


def example_requests(yearly: Sequence[int], resting: pd.DataFrame) -> pd.DataFrame:
    """Return a table of supposed requests, for an area where nothing says how many there are.

    Parameters
    ----------
    yearly
        Numbers of requests [a year].
    resting
        The evidence that the rest of the reckoning is made with, such as lengths of stay.

    Returns
    -------
    DataFrame
        Indexed by the number as text: ``label``, ``requests``, its limits (the number itself), ``carries``
        and provenance.

    Raises
    ------
    UsageError
        If ``resting`` has no provenance.
    DataRefused
        If a number is negative.

    References
    ----------
    None: the numbers are examples.
    """
    requests = [amount(number, "requests a year") for number in yearly]
    frame = pd.DataFrame(
        {
            "label": [f"{number:,.0f} requests a year" for number in requests],
            **dict.fromkeys(("requests", "requests_low", "requests_high"), requests),
            **dict.fromkeys(PROVENANCE, ""),
        },
        index=pd.Index([f"{number:.0f}" for number in requests], name="key"),
    )
    return resting_on(frame.assign(carries=ASSUMED), resting)


def requests_asked(
    rungs: pd.DataFrame,
    others: pd.DataFrame,
    yearly: Sequence[int],
    resting: pd.DataFrame,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the requests that each share implies, or supposed ones where nobody published any.

    Parameters
    ----------
    rungs, others, confidence
        As for `implied_requests`; ``others`` has no row where no requests are published.
    yearly, resting
        As for `example_requests`.

    Returns
    -------
    DataFrame
        As `implied_requests` returns it, or as `example_requests` does.

    Raises
    ------
    UsageError, DataRefused
        As either of them.

    References
    ----------
    As for `implied_requests`.
    """
    if others.empty:
        return example_requests(yearly, resting)
    return implied_requests(rungs, others, confidence=confidence)


def if_unseen(requests: float, unseen: float) -> float:
    """Return requests a year, if a share of them is never recorded.

    Who hears that every place is taken may not be recorded, and a full service is not advertised: what was
    counted is then the part of demand that was seen (demand censored by capacity).

    Parameters
    ----------
    requests
        Requests counted, or implied by those counted [a year].
    unseen
        Share of all requests that nobody records [fraction below 1].

    Returns
    -------
    float
        Requests a year, seen or not.

    Raises
    ------
    DataRefused
        If a number is impossible.
    UsageError
        If all requests are unseen.

    References
    ----------
    Requests counted are (1 - unseen) of all. Conrad SA (1976). Sales data and the estimation of demand.
    Operational Research Quarterly 27, 123-127, for demand seen only as far as it was met.
    """
    if share(unseen, "unseen") == 1:
        raise UsageError(
            "all requests are unseen", where="unseen", cure="Give a share below 1, such as 0.25."
        )
    return amount(requests, "requests") / (1 - unseen)


def stay_range(stays: pd.DataFrame, chosen: float = 0, implied: Sequence[float] = ()) -> dict[str, float]:
    """Return the mean stay to plan with, and what it may be at least and at most.

    Parameters
    ----------
    stays
        With ``value`` [days], one published mean a row.
    chosen
        The stay to plan with [days]; 0 for the plain mean of the published means, each with the same weight
        because the number of stays behind each is not published.
    implied
        Stays that occupancy implies [days], from `analysis.methods.flows.implied_stay`; they bound the stay
        in place of the shortest and the longest published mean.

    Returns
    -------
    dict
        ``short``, ``usual`` and ``long`` [days].

    Raises
    ------
    UsageError
        If there is no such column.
    DataRefused
        If there is no length of stay above 0.

    References
    ----------
    None: a minimum, a mean and a maximum.
    """
    require_columns(stays, ["value"], where="stay_range")
    known = [positive(days, "mean stay") for days in stays["value"].dropna()]
    usual = positive(chosen or sum(known) / max(len(known), 1), "mean stay")
    ends = [*(implied or known), usual]
    return {"short": min(ends), "usual": usual, "long": max(ends)}
