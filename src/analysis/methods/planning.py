"""Places to plan for: the fewest that turn away no more than is accepted, over requests and stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.methods.capacity import erlang_b, occupied, offered_load, places_for
from analysis.methods.demand import ASSUMED, if_unseen
from analysis.methods.inputs import positive, require_columns, share, whole
from analysis.methods.rows import PROVENANCE, resting_on

if TYPE_CHECKING:
    from collections.abc import Mapping

STRICT: Final = 0.01
"""The stricter share turned away that every plan is shown with: 1 in 100."""
_LIMITS: Final = ("requests_low", "requests_high")


def with_places_needed(
    asked: pd.DataFrame,
    stay: Mapping[str, float],
    *,
    turn_away: float,
    resting: pd.DataFrame,
    unseen: float = 0.0,
) -> pd.DataFrame:
    """Add to each number of requests the places that turn away no more than a chosen share.

    Parameters
    ----------
    asked
        With ``requests`` [a year], ``requests_low`` and ``requests_high`` if it has limits, and provenance.
    stay
        ``short``, ``usual`` and ``long`` [days], as `analysis.methods.demand.stay_range` returns them.
    turn_away
        Largest share turned away that is accepted [strictly between 0 and 1].
    resting
        The lengths of stay, on which each row then rests too.
    unseen
        Share of requests that nobody records, tried beside none [fraction below 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``asked``, then ``load`` (places in use on average if none were turned away),
        ``places`` at the usual stay with ``places_low`` and ``places_high`` at the limits of the requests,
        ``places_short`` and ``places_long`` at the ends of the stay, ``places_unseen`` if that share of
        requests is not recorded, and ``strict``, ``strict_low``, ``strict_high`` with 1 in 100 turned away;
        ``places_range``, ``strict_range`` and ``stays_range`` are each pair of limits in words.

    Raises
    ------
    UsageError
        If there is no such column, or the share is not strictly between 0 and 1.
    DataRefused
        If a number is negative, or a stay is 0.

    References
    ----------
    As for `analysis.methods.capacity.places_for`; for those unseen `analysis.methods.demand.if_unseen`.
    """
    require_columns(asked, ["requests"], where="with_places_needed")
    low, high = (asked[name] if name in asked else asked["requests"] for name in _LIMITS)
    more = asked["requests"].map(lambda number: if_unseen(number, unseen))
    plans: dict[str, tuple[pd.Series[float], str, float]] = {
        "places": (asked["requests"], "usual", turn_away),
        "places_low": (low, "usual", turn_away),
        "places_high": (high, "usual", turn_away),
        "places_short": (asked["requests"], "short", turn_away),
        "places_long": (asked["requests"], "long", turn_away),
        "places_unseen": (more, "usual", turn_away),
        "strict": (asked["requests"], "usual", STRICT),
        "strict_low": (low, "usual", STRICT),
        "strict_high": (high, "usual", STRICT),
    }
    added = {
        name: [places_for(offered_load(number, stay[days]), lost) for number in numbers]
        for name, (numbers, days, lost) in plans.items()
    }
    load = [offered_load(number, stay["usual"]) for number in asked["requests"]]
    words = {
        "places_range": _between(added["places_low"], added["places_high"]),
        "strict_range": _between(added["strict_low"], added["strict_high"]),
        "stays_range": _between(added["places_short"], added["places_long"]),
    }
    return resting_on(asked.assign(load=load, **added, **words), resting)


def _between(lows: list[int], highs: list[int]) -> list[str]:
    """Return limits in words; a number that is supposed, not estimated, has none."""
    return [f"{low} to {high}" if low < high else "–" for low, high in zip(lows, highs, strict=True)]


def places_by_share(needed: pd.DataFrame, turn_away: float) -> pd.DataFrame:
    """Return the places each share needs in long form: for the share turned away that is planned, and 1%.

    Parameters
    ----------
    needed
        As `with_places_needed` returns it.
    turn_away
        The share turned away that it was made with.

    Returns
    -------
    DataFrame
        Two rows a row of ``needed`` (one if 1 in 100 is planned), fewest requests first: ``label`` with the
        requests, ``places``, ``low`` and ``high`` of that plan (NaN where the requests are supposed, and
        ``no_interval`` says so), ``accepted``, which names it ("1 in 20 turned away"), and provenance.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: rows of one table below another.
    """
    columns = ["label", "requests", "places", "strict", "strict_low", "strict_high", *PROVENANCE]
    require_columns(needed, columns, where="places_by_share")
    plans = {turn_away: "places", STRICT: "strict"}
    ordered = needed.sort_values("requests", kind="stable")
    known = ordered["carries"].ne(ASSUMED) if "carries" in ordered else ordered["requests"].notna()
    parts = [
        ordered[list(PROVENANCE)].assign(
            label=[_asking(*row) for row in ordered[["label", "requests"]].itertuples(index=False)],
            places=ordered[name],
            low=ordered[f"{name}_low"].where(known),
            high=ordered[f"{name}_high"].where(known),
            no_interval="an example",
            accepted=f"{one_in(lost)} turned away",
        )
        for lost, name in plans.items()
    ]
    return pd.concat(parts).sort_index(kind="stable", key=lambda keys: keys.map(list(ordered.index).index))


def _asking(label: str, requests: float) -> str:
    """Return a label that says how many ask, if it does not."""
    return label if label.startswith(f"{requests:,.0f} ") else f"{label}: about {requests:,.0f} a year"


def chosen(needed: pd.DataFrame, plan: str, low: str, high: str) -> dict[str, str]:
    """Return the rows that a report speaks of: the one planned with, a low and a high one.

    Parameters
    ----------
    needed
        As `with_places_needed` returns it.
    plan, low, high
        Keys wanted; where there is no such row, the middle, the first and the last row stand for them.

    Returns
    -------
    dict
        ``low``, ``plan`` and ``high`` to keys.

    References
    ----------
    None: a choice of rows.
    """
    keys = [str(key) for key in needed.index]
    others = {"low": (low, 0), "plan": (plan, (len(keys) - 1) // 2), "high": (high, -1)}
    return {name: key if key in keys else keys[place] for name, (key, place) in others.items()}


def named(needed: pd.DataFrame, rows: Mapping[str, str]) -> dict[str, object]:
    """Return the cells of some rows under names that a sentence uses: ``plan_places``.

    Parameters
    ----------
    needed
        Any frame, indexed by key.
    rows
        Prefix to key, as `chosen` returns them.

    Returns
    -------
    dict
        ``<prefix>_<column>`` for every column of each row.

    References
    ----------
    None: names.
    """
    return {
        f"{prefix}_{column}": needed[column][key] for prefix, key in rows.items() for column in needed.columns
    }


def turn_away_curve(needed: pd.DataFrame) -> pd.DataFrame:
    """Return the share turned away for every number of places, one row each, in long form.

    Parameters
    ----------
    needed
        With ``label``, ``load`` and ``strict``, as `with_places_needed` returns it.

    Returns
    -------
    DataFrame
        ``label``, ``places`` (from 0 to two more than 1 in 100 takes), ``turn_away`` [fraction], and
        provenance.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    As for `analysis.methods.capacity.erlang_b`.
    """
    require_columns(needed, ["label", "load", "strict", *PROVENANCE], where="turn_away_curve")
    counts = range(int(needed["strict"].max()) + 3)
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


def one_in(fraction: float) -> str:
    """Say a share as a board says it: "1 in 20"; a share of none is "none".

    Parameters
    ----------
    fraction
        A share [fraction].

    Returns
    -------
    str
        With as many digits as are near the truth: 0.109 is "1 in 9", 0.47 "47 in 100".

    Raises
    ------
    DataRefused
        If it is not a fraction.

    References
    ----------
    None: words.
    """
    if not share(fraction, "share"):
        return "none"
    return f"1 in {1 / fraction:,.0f}" if fraction <= _RARE else f"{fraction * 100:.0f} in 100"


_RARE: Final = 0.3
"""Above this share "1 in 3" and "1 in 2" are too far apart."""
