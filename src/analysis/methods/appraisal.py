"""Options appraised: what places cost a year, whom they turn away, and what the cost turns on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.methods.capacity import DAYS_IN_YEAR, erlang_b, offered_load, places_for
from analysis.methods.demand import if_unseen
from analysis.methods.estimate import quantity
from analysis.methods.inputs import positive, require_columns
from analysis.methods.planning import STRICT, one_in
from analysis.methods.rows import PROVENANCE, resting_on

if TYPE_CHECKING:
    from collections.abc import Mapping

LENIENT: Final = 0.10
"""The share turned away at which the cost of an option is least: 1 in 10; it is most at `STRICT`."""
UNPRICED: Final[dict[str, str]] = {
    "Sanctuary scheme: the home made safer": "not a place to move to; no unit cost published",
}
"""Options of the statutory guidance for which nobody prints a unit cost."""
PLACES: Final = frozenset({"dispersed", "refuge"})
"""Options that are places, which may all be taken."""
NO_PLACE: Final = "no place to be full"
NOTHING_MORE, NO_PRICE, NO_YEAR = "nothing more", "not published", "price year not printed"
MONEY: Final = ("place", "year", "real")
"""Sums of an option: of a place and year, of all places a year, and that in the prices of one year."""


def support_costs(hourly: pd.DataFrame, hours: float, costs: pd.DataFrame) -> pd.DataFrame:
    """Add to unit costs what support at home costs a year, from what an hour of it costs.

    Parameters
    ----------
    hourly
        One row with ``label``, ``low`` and ``high`` [GBP an hour], ``note`` and provenance; or none.
    hours
        Hours of support a week for one person [above 0].
    costs
        Unit costs, with the same columns [GBP a place and year].

    Returns
    -------
    DataFrame
        The rows of ``costs``, then those of ``hourly`` as GBP a person and year.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If the hours are not above 0.

    References
    ----------
    None: hours a week times weeks of a year times what an hour costs.
    """
    require_columns(hourly, ["label", "low", "high"], where="support_costs")
    yearly = positive(hours, "hours of support a week") * DAYS_IN_YEAR / 7
    label = [f"{text}, {hours:g} hours a week" for text in hourly["label"]]
    own = hourly.assign(label=label, low=hourly["low"] * yearly, high=hourly["high"] * yearly)
    return pd.concat([costs, own])


def option_costs(
    costs: pd.DataFrame,
    plan: pd.DataFrame,
    *,
    as_now: pd.DataFrame | None = None,
    unpriced: Mapping[str, str] = UNPRICED,
) -> pd.DataFrame:
    """Return what the places of a plan would cost a year under each option, and whom each turns away.

    Parameters
    ----------
    costs
        Indexed by option, with ``label``, ``low`` and ``high`` [GBP a place and year], ``period`` (of the
        prices), ``note`` and provenance; ``low_real`` and ``high_real`` if they were brought to one year, as
        `analysis.methods.prices.in_prices_of` does. Of the rows in `PLACES` each place is one man's.
    plan
        One row with ``places`` and ``load``, as `analysis.methods.planning.with_places_needed` returns it.
    as_now
        What happens if nothing is bought, if that is known: rows with ``label``, ``share`` turned away
        [fraction], ``note`` and provenance.
    unpriced
        Options for which no unit cost is published: label to note.

    Returns
    -------
    DataFrame
        ``label``, ``turned_away`` (in words), ``place_low``, ``place_high`` [GBP a place and year],
        ``year_low``, ``year_high`` [GBP for all places a year], ``real_low``, ``real_high`` (the same in
        prices of one year, NaN where the printed prices name none), ``period`` (of the prices), ``note`` and
        provenance; NaN where no unit cost is published. ``place``, ``year`` and ``real`` are each pair in
        words.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation: chapter 4 on
    business as usual, chapter 5 on prices of one year.
    """
    where = "option_costs"
    require_columns(costs, ["label", "low", "high", "period", "note", *PROVENANCE], where=where)
    require_columns(plan, ["places", "load"], where=where)
    places, load = int(plan["places"].iloc[0]), float(plan["load"].iloc[0])
    kept = one_in(erlang_b(places, load))
    given = costs.reindex(columns=list(dict.fromkeys([*costs.columns, "low_real", "high_real"])))
    priced = given.assign(
        turned_away=[kept if key in PLACES else NO_PLACE for key in costs.index],
        **{f"place_{end}": given[end] for end in ("low", "high")},
        **{f"year_{end}": places * given[end] for end in ("low", "high")},
        **{f"real_{end}": places * given[f"{end}_real"] for end in ("low", "high")},
    )
    without = pd.DataFrame(
        {"label": list(unpriced), "note": list(unpriced.values()), "turned_away": NO_PLACE},
        index=list(unpriced),
    ).assign(tier="published")
    rows = pd.concat([resting_on(priced, plan), without])
    rows = rows.assign(**{name: _ranges(rows, name) for name in MONEY})
    if as_now is not None:
        lost = as_now["share"].map(one_in)
        rows = pd.concat([as_now.assign(turned_away=lost, **dict.fromkeys(MONEY, NOTHING_MORE)), rows])
    money = [f"{name}_{end}" for name in MONEY for end in ("low", "high")]
    texts = ["turned_away", *MONEY, "period", "note", *PROVENANCE]
    both = rows.reindex(columns=["label", *money, *texts])
    return both.assign(**both[texts].fillna(""))


def _ranges(rows: pd.DataFrame, name: str) -> list[str]:
    """Return each pair of amounts in words; where one is missing, why."""
    unknown = NO_YEAR if name == "real" else NO_PRICE
    return [
        NO_PRICE if pd.isna(priced) else unknown if pd.isna(low) else _range(low, high)
        for priced, low, high in zip(
            rows["place_low"], rows[f"{name}_low"], rows[f"{name}_high"], strict=True
        )
    ]


def _range(low: float, high: float) -> str:
    ends = dict.fromkeys((quantity(low, "gbp"), quantity(high, "gbp")))
    return " to ".join(ends)


def cost_drivers(
    asked: pd.DataFrame,
    plan: str,
    stay: Mapping[str, float],
    costs: pd.DataFrame,
    *,
    turn_away: float,
    group: str,
    unseen: float = 0.0,
) -> pd.DataFrame:
    """Return how far the yearly cost of places moves with each assumption, the others kept as planned.

    Parameters
    ----------
    asked
        With ``requests`` [a year] and provenance.
    plan
        Key of the row planned with.
    stay
        ``short``, ``usual`` and ``long`` [days], as `analysis.methods.demand.stay_range` returns them.
    costs
        With ``low`` and ``high`` [GBP a place and year]; the first row's low is planned with.
    turn_away
        Share turned away that is accepted [strictly between 0 and 1].
    group
        Words for those who ask.
    unseen
        Share of requests that nobody records, tried beside none [fraction below 1].

    Returns
    -------
    DataFrame
        One row an assumption, widest first: ``label``, ``low``, ``high`` and ``planned`` [GBP a year],
        ``what`` (the assumption in the words of a sentence), and the provenance of all that it rests on.

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
        f"{group} asking in a year, {fewest:,.0f} to {most:,.0f}": (
            f"how many {group.lower()} ask",
            cost(number=fewest),
            cost(number=most),
        ),
        f"Mean stay, {stay['short']:,.0f} to {stay['long']:,.0f} days": (
            "how long they stay",
            cost(days=stay["short"]),
            cost(days=stay["long"]),
        ),
        f"A place for a year, {quantity(cheap, 'gbp')} to {quantity(dear, 'gbp')}": (
            "what a place costs",
            cost(each=cheap),
            cost(each=dear),
        ),
        f"Turned away, {one_in(lenient)} to {one_in(strict)}": (
            "how many may be turned away",
            cost(lost=lenient),
            cost(lost=strict),
        ),
    }
    if unseen:
        label = f"Requests nobody records, none to {one_in(unseen)}"
        ranges[label] = ("how many requests nobody records", cost(), cost(number=if_unseen(requests, unseen)))
    rows = [
        {"label": label, "what": what, "low": low, "high": high}
        for label, (what, low, high) in ranges.items()
    ]
    frame = pd.DataFrame(rows).assign(planned=cost(), **dict.fromkeys(PROVENANCE, ""))
    widest = (frame["low"] - frame["high"]).sort_values(kind="stable").index
    return resting_on(frame.loc[widest].reset_index(drop=True), asked, costs)
