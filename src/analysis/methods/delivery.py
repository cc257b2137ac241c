"""What a service costs as delivered: printed periods as months, elements side by side, places filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.methods.inputs import positive, require_columns, share
from analysis.methods.prices import months_of
from analysis.methods.rows import PROVENANCE, resting_on
from analysis.methods.value import with_unit_costs

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEKS_PAID: Final = 52
"""Weeks of a year that printed hourly costs are worked out over: none is taken off for leave."""


def months_in(period: str) -> int:
    """Return the length of a period as printed [months].

    Parameters
    ----------
    period
        Such as "Nov 2018-Mar 2020", "April 2022 to March 2023", both ends included, or "2021-24" for
        financial years.

    Raises
    ------
    DataRefused
        If it cannot be read.

    References
    ----------
    None: calendar arithmetic.
    """
    return len(months_of(period))


def wide(frame: pd.DataFrame, parts: Sequence[str]) -> pd.DataFrame:
    """Return one row for each thing that is described by several rows, a column for each of its parts.

    Parameters
    ----------
    frame
        Indexed by keys such as ``psychologist_cost`` and ``psychologist_hours``, with ``group`` (its name),
        ``value``, ``period`` and the provenance columns.
    parts
        What stands behind the underscore: "cost", "hours". Things that lack one are left out.

    Returns
    -------
    DataFrame
        Indexed by the thing's key: ``label``, one column a part, ``period`` (of the first) and provenance.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: a change of shape.
    """
    require_columns(frame, ["group", "value", "period", *PROVENANCE], where="wide")
    things = [key.removesuffix(f"_{parts[0]}") for key in frame.index if key.endswith(f"_{parts[0]}")]
    keys = {thing: [f"{thing}_{part}" for part in parts] for thing in things}
    found = {thing: named for thing, named in keys.items() if set(named) <= set(frame.index)}
    rows = [_beside(frame.loc[keys], parts) for keys in found.values()]
    columns = ["label", *parts, "period", *PROVENANCE]
    return pd.DataFrame(rows, pd.Index(list(found), name="key"), columns)


def _beside(rows: pd.DataFrame, parts: Sequence[str]) -> dict[str, Any]:
    first = resting_on(rows.iloc[[0]], rows).iloc[0]
    values = dict(zip(parts, rows["value"], strict=True))
    basis = {name: first[name] for name in PROVENANCE}
    return {"label": first["group"], **values, "period": first["period"], **basis}


def with_hourly_costs(frame: pd.DataFrame) -> pd.DataFrame:
    """Add to each element of a project what it costs a year, and an hour, if it is paid for every week.

    Parameters
    ----------
    frame
        With ``cost`` [GBP over the period], ``hours`` [hours a week] and ``period`` as printed.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``months``, ``cost_a_year`` [GBP], ``hours_a_year`` [hours, 52
        weeks] and ``cost_an_hour`` [GBP].

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a period cannot be read.

    References
    ----------
    As for `analysis.methods.value.unit_cost`.
    """
    require_columns(frame, ["cost", "hours", "period"], where="with_hourly_costs")
    months = frame["period"].map(months_in)
    yearly, hours = frame["cost"] * 12 / months, frame["hours"] * WEEKS_PAID
    return frame.assign(months=months, cost_a_year=yearly, hours_a_year=hours, cost_an_hour=yearly / hours)


def cost_by_fill(frame: pd.DataFrame, fill: float) -> pd.DataFrame:
    """Return what a person costs a year by share of the places that are filled, in tenths from a fifth.

    Parameters
    ----------
    frame
        With ``cost`` [GBP over the period], ``people`` [people a year if every place is filled] and
        ``period`` as printed.
    fill
        A share to be among those shown [fraction above 0].

    Returns
    -------
    DataFrame
        As `at_fills`, with ``cost_per_unit_delivered`` [GBP a year and person]; empty if ``frame`` is.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a fill is not a fraction above 0, or a period cannot be read.

    References
    ----------
    As for `analysis.methods.value.unit_cost`.
    """
    filled = at_fills(frame, (*(tenth / 10 for tenth in range(2, 11)), fill))
    priced = with_unit_costs(
        filled, price_basis="as printed", cost="cost", units="people", months="months", fill="fill"
    )
    return priced.drop(columns=["cost_per_unit", "cost_per_unit_year", "price_basis"])


def at_fills(frame: pd.DataFrame, fills: Sequence[float]) -> pd.DataFrame:
    """Repeat a row for each share of its places that may be filled.

    Parameters
    ----------
    frame
        With ``people`` [people a year if every place is filled] and ``period`` as printed.
    fills
        Shares of the places filled [fractions above 0].

    Returns
    -------
    DataFrame
        One row a fill and row of ``frame``: all its columns, ``months``, ``fill`` [fraction] and ``filled``
        [people a year, rounded].

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a fill is not a fraction above 0, or a period cannot be read.

    References
    ----------
    None: places times fill.
    """
    require_columns(frame, ["people", "period"], where="at_fills")
    rates = sorted({positive(share(fill, "fill"), "fill") for fill in fills})
    repeated = pd.concat([frame.assign(fill=fill) for fill in rates])
    return repeated.assign(
        months=repeated["period"].map(months_in), filled=(repeated["people"] * repeated["fill"]).round()
    )
