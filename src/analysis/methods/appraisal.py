"""Options appraised: requests that a share implies, places for them, and what places cost a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.methods.capacity import erlang_b, occupied, offered_load, places_for
from analysis.methods.estimate import quantity
from analysis.methods.inputs import amount, positive, require_columns, share, whole
from analysis.methods.rows import PROVENANCE, resting_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LENIENT: Final = 0.10
STRICT: Final = 0.01
"""Shares turned away between which the cost of an option is varied: 1 in 10 and 1 in 100."""
UNPRICED: Final[dict[str, str]] = {
    "Sanctuary scheme: the home made safer": "not a place to move to; no unit cost published",
    "Floating support: visits at home": "no place is tied to it; no unit cost published",
}
"""Options of the statutory guidance, and support at home, for which nobody prints a unit cost."""


def implied_requests(rungs: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Add to each share how many requests a year a group would make, if it had that share of all requests.

    Parameters
    ----------
    rungs
        With ``share`` [fraction] of the group, and provenance.
    others
        One row, whose ``base`` less its ``count`` is how many requests a year the rest made, and provenance.

    Returns
    -------
    DataFrame
        The rows that have a share below 1, with their columns, then ``requests`` [a year]: others × share /
        (1 - share). Each row rests on ``others`` too.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If the rest made fewer than none.

    References
    ----------
    None: a share of all requests, solved for the group's own.
    """
    where = "implied_requests"
    require_columns(rungs, ["share"], where=where)
    require_columns(others, ["count", "base"], where=where)
    rest = amount(float((others["base"] - others["count"]).iloc[0]), "requests of others")
    known = rungs[rungs["share"] < 1]
    return resting_on(known.assign(requests=rest * known["share"] / (1 - known["share"])), others)


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
        Indexed by the number as text: ``label``, ``requests`` and provenance.

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
            "requests": requests,
            **dict.fromkeys(PROVENANCE, ""),
        },
        index=pd.Index([f"{number:.0f}" for number in requests], name="key"),
    )
    return resting_on(frame, resting)


def stay_range(stays: pd.DataFrame, chosen: float = 0) -> dict[str, float]:
    """Return the shortest and longest published mean stay, and the one to plan with.

    Parameters
    ----------
    stays
        With ``value`` [days], one published mean a row.
    chosen
        The stay to plan with [days]; 0 for the plain mean of the published means, each with the same weight
        because the number of stays behind each is not published.

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
    return {"short": min([*known, usual]), "usual": usual, "long": max([*known, usual])}


def with_places_needed(
    asked: pd.DataFrame, stay: Mapping[str, float], *, turn_away: float, resting: pd.DataFrame
) -> pd.DataFrame:
    """Add to each number of requests the places that turn away no more than a chosen share.

    Parameters
    ----------
    asked
        With ``requests`` [a year] and provenance.
    stay
        ``short``, ``usual`` and ``long`` [days], as `stay_range` returns them.
    turn_away
        Largest share turned away that is accepted [strictly between 0 and 1].
    resting
        The lengths of stay, on which each row then rests too.

    Returns
    -------
    DataFrame
        All rows and columns of ``asked``, then ``load`` (places in use on average if none were turned away),
        ``places`` at the usual stay, ``places_short``, ``places_long``, and ``places_strict`` (at the usual
        stay with 1 in 100 turned away).

    Raises
    ------
    UsageError
        If there is no such column, or the share is not strictly between 0 and 1.
    DataRefused
        If a number is negative, or a stay is 0.

    References
    ----------
    As for `analysis.methods.capacity.places_for`.
    """
    require_columns(asked, ["requests"], where="with_places_needed")
    plans = {
        "places": (stay["usual"], turn_away),
        "places_short": (stay["short"], turn_away),
        "places_long": (stay["long"], turn_away),
        "places_strict": (stay["usual"], STRICT),
    }
    added = {
        name: [places_for(offered_load(number, days), lost) for number in asked["requests"]]
        for name, (days, lost) in plans.items()
    }
    load = [offered_load(number, stay["usual"]) for number in asked["requests"]]
    return resting_on(asked.assign(load=load, **added), resting)


def turn_away_curve(needed: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the share turned away for every number of places, one row each, in long form.

    Parameters
    ----------
    needed
        With ``label`` and ``load``, as `with_places_needed` returns it.
    most
        Largest number of places [whole number].

    Returns
    -------
    DataFrame
        ``label``, ``places`` (0 to ``most``), ``turn_away`` [fraction], and provenance.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If ``most`` is not whole.

    References
    ----------
    As for `analysis.methods.capacity.erlang_b`.
    """
    require_columns(needed, ["label", "load", *PROVENANCE], where="turn_away_curve")
    counts = range(whole(most, "places") + 1)
    rows = [
        {"label": row["label"], "places": n, "turn_away": erlang_b(n, row["load"])}
        | {name: row[name] for name in PROVENANCE}
        for _, row in needed.iterrows()
        for n in counts
    ]
    return pd.DataFrame(rows)


def share_finding_none(places: int, utilisation: float) -> float:
    """Share of requests that find every place taken, in a service used as much as this.

    Parameters
    ----------
    places
        Places [whole number, 1 or more].
    utilisation
        Share of places in use on average [fraction below 1].

    Returns
    -------
    float
        A fraction: the load is found at which `analysis.methods.capacity.occupied` gives that use.

    Raises
    ------
    DataRefused
        If the places are not whole, or utilisation is not a fraction below 1.

    References
    ----------
    As for `analysis.methods.capacity.erlang_b`.
    """
    n, used = int(positive(whole(places, "places"), "places")), share(utilisation, "utilisation")
    positive(1 - used, "places left free")
    low, high = 0.0, 1.0
    while occupied(n, high) < used * n:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if occupied(n, middle) < used * n else (low, middle)
    return erlang_b(n, high)


def option_costs(
    costs: pd.DataFrame, plan: pd.DataFrame, *, unpriced: Mapping[str, str] = UNPRICED
) -> pd.DataFrame:
    """Return what the places of a plan would cost a year under each option, and the options without a price.

    Parameters
    ----------
    costs
        With ``label``, ``low`` and ``high`` [GBP a place and year], ``note`` and provenance.
    plan
        One row with ``places``, as `with_places_needed` returns it.
    unpriced
        Options for which no unit cost is published: label to note.

    Returns
    -------
    DataFrame
        ``label``, ``place_low``, ``place_high`` [GBP a place and year], ``year_low``, ``year_high`` [GBP for
        all places a year], ``period``, ``note`` and provenance; NaN where no unit cost is published.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation.
    """
    where = "option_costs"
    require_columns(costs, ["label", "low", "high", "period", "note", *PROVENANCE], where=where)
    require_columns(plan, ["places"], where=where)
    places = float(plan["places"].iloc[0])
    names = {"low": "place_low", "high": "place_high"}
    priced = costs.rename(columns=names).assign(
        year_low=places * costs["low"], year_high=places * costs["high"]
    )
    without = pd.DataFrame(
        {"label": list(unpriced), "note": list(unpriced.values()), "tier": "published"},
        index=list(unpriced),
    )
    columns = ["label", *names.values(), "year_low", "year_high", "period", "note", *PROVENANCE]
    both = pd.concat([resting_on(priced, plan), without])[columns]
    texts = ["period", "note", *PROVENANCE]
    return both.assign(**both[texts].fillna(""))


def cost_drivers(
    asked: pd.DataFrame,
    plan: str,
    stay: Mapping[str, float],
    costs: pd.DataFrame,
    *,
    turn_away: float,
    group: str,
) -> pd.DataFrame:
    """Return how far the yearly cost of places moves with each assumption, the others kept as planned.

    Parameters
    ----------
    asked
        With ``requests`` [a year] and provenance.
    plan
        Key of the row planned with.
    stay
        ``short``, ``usual`` and ``long`` [days], as `stay_range` returns them.
    costs
        With ``low`` and ``high`` [GBP a place and year]; the first row's low is planned with.
    turn_away
        Share turned away that is accepted [strictly between 0 and 1].
    group
        Words for those who ask.

    Returns
    -------
    DataFrame
        One row an assumption, widest first: ``label``, ``low``, ``high`` and ``planned`` [GBP a year], and
        the provenance of all that it rests on.

    Raises
    ------
    UsageError
        If a column is absent, or the share is not strictly between 0 and 1.
    DataRefused
        If a number is negative, or a stay is 0.

    References
    ----------
    HM Treasury (2022). The Green Book, on sensitivity analysis. Howard RA (1988). Decision analysis: practice
    and promise. Management Science 34, 679-695, for the chart.
    """
    where = "cost_drivers"
    require_columns(asked, ["requests"], where=where)
    require_columns(costs, ["low", "high"], where=where)
    requests, price = float(asked["requests"][plan]), float(costs["low"].iloc[0])

    def cost(
        number: float = requests, days: float = stay["usual"], each: float = price, lost: float = turn_away
    ) -> float:
        return places_for(offered_load(number, days), lost) * each

    fewest, most = float(asked["requests"].min()), float(asked["requests"].max())
    cheap, dear = float(costs["low"].min()), float(costs["high"].max())
    lenient, strict = max(LENIENT, turn_away), min(STRICT, turn_away)
    ranges = {
        f"{group} asking in a year, {fewest:,.0f} to {most:,.0f}": (cost(number=fewest), cost(number=most)),
        f"Mean stay, {stay['short']:,.0f} to {stay['long']:,.0f} days": (
            cost(days=stay["short"]),
            cost(days=stay["long"]),
        ),
        f"A place for a year, {quantity(cheap, 'gbp')} to {quantity(dear, 'gbp')}": (
            cost(each=cheap),
            cost(each=dear),
        ),
        f"Turned away, {_one_in(lenient)} to {_one_in(strict)}": (cost(lost=lenient), cost(lost=strict)),
    }
    rows = [{"label": label, "low": low, "high": high} for label, (low, high) in ranges.items()]
    frame = pd.DataFrame(rows).assign(planned=cost(), **dict.fromkeys(PROVENANCE, ""))
    widest = (frame["low"] - frame["high"]).sort_values(kind="stable").index
    return resting_on(frame.loc[widest].reset_index(drop=True), asked, costs)


def _one_in(fraction: float) -> str:
    return f"1 in {1 / fraction:,.0f}"
