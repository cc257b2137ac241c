"""How many places: the chance of being turned away from a service that has no queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import amount, positive, whole
from analysis.methods.rows import columns, with_estimates

if TYPE_CHECKING:
    import pandas as pd

DAYS_IN_YEAR: Final = 365.25


def erlang_b(places: int, load: float) -> float:
    """Probability that someone who asks finds every place taken and is turned away.

    It rests on the mean length of stay alone, not on how stays vary, and on requests that come at random.

    Parameters
    ----------
    places
        Places they may use [whole number, 0 or more].
    load
        Offered load: places that would be occupied on average if nobody were turned away [erlangs].

    Returns
    -------
    float
        A probability from 0 to 1.

    Raises
    ------
    DataRefused
        If places are not whole, or either number is negative.

    References
    ----------
    Erlang AK (1917). Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges. Elektroteknikeren 13, 5-13. The recursion is in Jagerman DL (1974). Some properties
    of the Erlang loss function. Bell System Technical Journal 53, 525-551; insensitivity in Sevastyanov BA
    (1957). An ergodic theorem for Markov processes and its application to telephone systems with refusals.
    Theory of Probability and its Applications 2, 104-112.
    """
    offered = amount(load, "load")
    blocked = 1.0
    for place in range(1, whole(places, "places") + 1):
        blocked = offered * blocked / (place + offered * blocked)
    return blocked


def places_for(load: float, turn_away: float) -> int:
    """Smallest number of places at which no more than a chosen share is turned away.

    Parameters
    ----------
    load
        Offered load [erlangs].
    turn_away
        Largest probability of being turned away that is accepted [strictly between 0 and 1].

    Returns
    -------
    int
        Places.

    Raises
    ------
    DataRefused
        If the load is negative.
    UsageError
        If the probability is not strictly between 0 and 1.

    References
    ----------
    The inverse of `erlang_b`.
    """
    _check_turn_away(turn_away)
    offered, places, blocked = amount(load, "load"), 0, 1.0
    if offered == 0:
        return 0
    while blocked > turn_away:
        places += 1
        blocked = offered * blocked / (places + offered * blocked)
    return places


def load_for(places: int, turn_away: float) -> float:
    """Largest load that some places carry with no more than a chosen share turned away.

    Parameters
    ----------
    places
        Places [whole number, 1 or more].
    turn_away
        Largest probability of being turned away that is accepted [strictly between 0 and 1].

    Returns
    -------
    float
        Offered load [erlangs].

    Raises
    ------
    DataRefused
        If the places are not whole, or there is none.
    UsageError
        If the probability is not strictly between 0 and 1.

    References
    ----------
    The inverse of `erlang_b` in its load, by Brent's method. No more than every place can be in use, so the
    load is at most places / (1 - turn_away).
    """
    from scipy.optimize import brentq  # noqa: PLC0415  slow to import

    _check_turn_away(turn_away)
    size = whole(positive(places, "places"), "places")
    most = size / (1 - turn_away)
    return float(brentq(lambda load: erlang_b(size, load) - turn_away, 0.0, most))


def offered_load(arrivals_per_year: float, mean_stay_days: float) -> float:
    """Places that would be occupied on average if nobody were turned away: Little's law.

    Parameters
    ----------
    arrivals_per_year
        Requests for a place, met or not [households a year].
    mean_stay_days
        Mean length of stay [days].

    Returns
    -------
    float
        Erlangs.

    Raises
    ------
    DataRefused
        If either is negative, or the stay is 0.

    References
    ----------
    Little JDC (1961). A proof for the queuing formula L = lambda W. Operations Research 9, 383-387.
    """
    arrivals = amount(arrivals_per_year, "arrivals per year")
    return arrivals * positive(mean_stay_days, "mean stay in days") / DAYS_IN_YEAR


def occupied(places: int, load: float) -> float:
    """Mean number of places occupied once those turned away are taken off: Little's law.

    Parameters
    ----------
    places, load
        As in `erlang_b`.

    Returns
    -------
    float
        Places, never above ``places``; divide by them for the occupancy rate.

    Raises
    ------
    DataRefused
        As in `erlang_b`.

    References
    ----------
    As for `offered_load` and `erlang_b`.
    """
    return amount(load, "load") * (1 - erlang_b(places, load))


def places_needed(arrivals_per_year: Estimate, mean_stay_days: float, turn_away: float) -> Estimate:
    """Places needed, with the interval of the arrival rate carried through.

    Parameters
    ----------
    arrivals_per_year
        Requests for a place, with their interval [households a year].
    mean_stay_days, turn_away
        As in `offered_load` and `places_for`.

    Returns
    -------
    Estimate
        Unit "places"; low and high are the places for the low and the high arrival rate.

    Raises
    ------
    DataRefused
        If a number is negative, or the stay is 0.
    UsageError
        If the probability is not strictly between 0 and 1.

    References
    ----------
    As for `places_for` and `offered_load`.
    """
    rates = (arrivals_per_year.value, arrivals_per_year.low, arrivals_per_year.high)
    value, low, high = (places_for(offered_load(rate, mean_stay_days), turn_away) for rate in rates)
    return Estimate(value, low, high, arrivals_per_year.confidence, "Erlang B", "places")


def with_places(
    frame: pd.DataFrame,
    arrivals: str = "arrivals",
    *,
    mean_stay_days: float,
    turn_away: float,
    arrivals_low: str | None = None,
    arrivals_high: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Add to each arrival rate the places it needs.

    Parameters
    ----------
    frame
        With a column of arrival rates [households a year].
    arrivals, arrivals_low, arrivals_high
        Names of that column and of those of its limits, where it has them.
    mean_stay_days, turn_away
        As in `offered_load` and `places_for`.
    confidence
        Level of the limits [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``load`` [erlangs], ``places``, ``places_low``,
        ``places_high`` and ``places_method``; NaN and "" where a rate is not known.

    Raises
    ------
    UsageError
        If a column is absent, or the probability is not strictly between 0 and 1.
    DataRefused
        If a row's numbers are impossible.

    References
    ----------
    As for `places_needed`.
    """
    where = "with_places"
    _check_turn_away(turn_away)
    names = [arrivals, arrivals_low or arrivals, arrivals_high or arrivals]
    rates = columns(frame, names, where=where)
    loaded = frame.assign(load=rates[0] * positive(mean_stay_days, "mean stay in days") / DAYS_IN_YEAR)

    def estimator(value: float, low: float, high: float) -> Estimate:
        return places_needed(Estimate(value, low, high, confidence), mean_stay_days, turn_away)

    return with_estimates(loaded, rates, estimator, value="places", prefix="places_", where=where)


def _check_turn_away(turn_away: float) -> None:
    if not 0 < turn_away < 1:
        raise UsageError(
            f"turn_away is {turn_away}, but must lie between 0 and 1",
            where="turn_away",
            cure="Write 0.05 to accept that 1 in 20 is turned away.",
        )
