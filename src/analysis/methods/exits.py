"""Exits that compete: the share that has left in each way by each day (Aalen-Johansen), with entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.methods.durations import between
from analysis.methods.followup import (
    NO_EXIT,
    SENTENCES,
    UNRECORDED,
    FollowUp,
    follow_up,
    grid_of,
    grouped,
    judged,
    log_log,
    none_seen,
    with_basis,
)
from analysis.methods.inputs import normal_quantile, require_columns

METHOD: Final = "Aalen–Johansen, log-log"
BOUND: Final = "exact bound"

ANY: Final = "any exit"
"""The kind that is shown where nobody has left in any way."""


def cumulative_incidence(
    frame: pd.DataFrame,
    *,
    exit: str = "exit",  # noqa: A002 the field's name, as in analysis.records.episodes
    days: str = "days",
    censored: str = "censored",
    entry: str | None = None,
    by: str | None = None,
    since: float = 0,
    grid: Sequence[float] | None = None,
    kinds: Sequence[Any] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what share has left in each way by each day.

    Parameters
    ----------
    frame
        One row a duration.
    exit
        Column of the kind of exit; missing where censored. An exit whose kind is missing is a kind of its
        own, "not recorded".
    days, censored, entry, by, since, grid
        As in `analysis.methods.durations.kaplan_meier`.
    kinds
        Kinds to show, in order; by default all that occur in the frame, in order of appearance. Others still
        compete.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        Long form, by group, kind and ``day``: the group, the kind (column ``exit``), ``day``, ``at_risk``
        [rows, just before the day's exits], ``exits`` [rows of that kind, since the day before in this
        table], ``share`` with ``low``, ``high`` and ``se`` [fractions], ``method``, ``status`` and ``note``.
        The shares of all kinds and the Kaplan-Meier share of those still there make 1. While no exit of a
        kind is seen its share is 0 and the upper limit an exact bound.

    Raises
    ------
    UsageError
        If a column is absent, the grid is empty, or ``since`` negative.
    DataRefused
        If a value is missing or impossible.

    References
    ----------
    Aalen OO, Johansen S (1978). An empirical transition matrix for non-homogeneous Markov chains based on
    censored observations. Scandinavian Journal of Statistics 5, 141-150. Allignol A, Schumacher M,
    Beyersmann J (2010). A note on variance estimation of the Aalen-Johansen estimator of the cumulative
    incidence function in competing risks, with a view towards left-truncated data. Biometrical Journal 52,
    126-137: the Greenwood-type variance, which the delta method gives as well. Putter H, Fiocco M, Geskus
    RB (2007). Tutorial in biostatistics: competing risks and multi-state models. Statistics in Medicine 26,
    2389-2430.
    """
    require_columns(frame, [exit], where="cumulative_incidence")
    z = normal_quantile(confidence)
    asked = None if grid is None else grid_of(grid, where="cumulative_incidence")
    shown_kinds = list(kinds or _kinds(frame, exit, censored))
    parts = []
    for label, rows in grouped(frame, by, where="cumulative_incidence"):
        seen = follow_up(
            rows, days=days, censored=censored, entry=entry, since=since, where="cumulative_incidence"
        )
        how = rows[exit].astype(object).where(rows[exit].notna(), UNRECORDED).to_numpy()
        how = how[(rows[days] > since).to_numpy()] if since else how
        for kind in shown_kinds:
            part = _shares(seen, seen.ended & (how == kind), z, asked)
            part.insert(0, exit, kind)
            part.insert(0, by or "group", label)
            parts.append(part)
    return with_basis(pd.concat(parts, ignore_index=True), frame)


def _kinds(frame: pd.DataFrame, exit_: str, censored: str) -> list[Any]:
    require_columns(frame, [censored], where="cumulative_incidence")
    gone = frame.loc[~frame[censored].fillna(value=True).astype(bool), exit_].astype(object)
    return list(gone.where(gone.notna(), UNRECORDED).unique()) or [ANY]


def _shares(seen: FollowUp, of: np.ndarray, z: float, asked: np.ndarray | None) -> pd.DataFrame:
    times = seen.times()
    share, error = _aalen_johansen(seen, of, times)
    not_this_way = log_log(1 - share, error, z)
    low, high = 1 - not_this_way[1], 1 - not_this_way[0]
    # Where all at risk leave in this way, the lower limit is a bound, or that of the day before.
    some = share < 1
    last = float(low[some][-1]) if some.any() else 0.0
    low = np.where(some, low, np.maximum(last, none_seen(seen.at_risk(times), z)))
    high = np.where(some, high, 1.0)
    shown = asked if asked is not None else np.unique(np.concatenate([[seen.since], times, [seen.last()]]))
    shown = shown[shown >= seen.since]
    place = np.searchsorted(times, shown, "right") - 1
    value = np.where(place < 0, 0.0, np.append(share, 0.0)[place])
    none = value == 0
    made = pd.DataFrame(
        {
            "day": shown,
            "at_risk": seen.at_risk(shown),
            "exits": between(seen, shown, of),
            "share": value,
            "low": np.where(none, 0.0, np.append(low, 0.0)[place]),
            "high": np.where(none, 1 - none_seen(seen.fewest(shown), z), np.append(high, 1.0)[place]),
            "se": np.where(none, 0.0, np.append(error, 0.0)[place]),
            "method": np.where(none, BOUND, METHOD),
        }
    )
    made = judged(made, seen, closed=seen.closed(), numbers=("share", "low", "high", "se"))
    if of.any():
        return made
    never = made["status"].where(made["status"] != "", NO_EXIT)
    return made.assign(status=never, note=never.map(SENTENCES))


def _aalen_johansen(seen: FollowUp, of: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the share that has left in one way by each day with an exit, and its standard error."""
    at_risk = seen.at_risk(times)
    any_way, this_way = seen.counted(times, seen.ended) / at_risk, seen.counted(times, of) / at_risk
    before = np.concatenate([[1.0], np.cumprod(1 - any_way)])[: len(times)]
    share = np.cumsum(before * this_way)
    # Sum over s <= t of S² h_k (1 - h_k) / n - 2 S h_k (F(t) - F(s)) / n + (F(t) - F(s))² h / ((1 - h) n)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.where(any_way < 1, any_way / ((1 - any_way) * at_risk), 0.0)
    own, cross = before**2 * this_way * (1 - this_way) / at_risk, before * this_way / at_risk
    variance = (
        np.cumsum(own)
        - 2 * (share * np.cumsum(cross) - np.cumsum(cross * share))
        + share**2 * np.cumsum(greenwood)
        - 2 * share * np.cumsum(greenwood * share)
        + np.cumsum(greenwood * share**2)
    )
    return share, np.sqrt(variance.clip(min=0.0))
