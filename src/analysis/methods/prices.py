"""Printed periods as months, and money of one period in the prices of another."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import DataRefused, UsageError
from analysis.methods.inputs import require_columns
from analysis.methods.rows import PROVENANCE, resting_on

if TYPE_CHECKING:
    from collections.abc import Sequence


def months_of(period: str) -> pd.PeriodIndex:
    """Return the months of a period as printed, in order.

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
    if years := re.fullmatch(r"(\d{4})-(\d\d)", period):
        count = (int(years[2]) - int(years[1])) % 100
        return pd.period_range(f"{years[1]}-04", periods=12 * count, freq="M")
    ends = re.fullmatch(r"([A-Z][a-z]+ \d{4})\s*(?:-|–|to)\s*([A-Z][a-z]+ \d{4})", period)
    if not ends:
        raise DataRefused(
            f'the period "{period}" has no length', where="months_of", cure='Write "Nov 2018-Mar 2020".'
        )
    first, last = (pd.Timestamp(f"1 {end}").to_period("M") for end in ends.groups())
    return pd.period_range(first, last, freq="M")


def price_level(period: str, deflators: pd.DataFrame) -> float:
    """Return the price level of a period: the mean over its months of the level of their quarters.

    Parameters
    ----------
    period
        As printed.
    deflators
        Indexed by quarter (Period), with ``index``.

    Returns
    -------
    float
        In the units of ``index``; NaN if the period has no dates, or a month of it no deflator.

    References
    ----------
    HM Treasury. GDP deflators: user guide. A financial year's level is the mean of its four quarters.
    """
    try:
        months = months_of(period)
    except DataRefused:
        return float("nan")
    return float(deflators["index"].reindex(months.asfreq("Q")).mean(skipna=False))


def in_prices_of(
    frame: pd.DataFrame, price_year: str, deflators: pd.DataFrame, columns: Sequence[str]
) -> pd.DataFrame:
    """Add to amounts of money what they are in the prices of one financial year.

    Parameters
    ----------
    frame
        With amounts [GBP], ``period`` (whose prices they are in, as printed) and provenance.
    price_year
        The financial year whose prices are wanted: "2022-23".
    deflators
        As for `price_level`, with provenance.
    columns
        Names of the amounts.

    Returns
    -------
    DataFrame
        All rows and columns, then ``uplift`` [prices of the year per price of the period] and
        ``<column>_real`` [GBP in prices of the year]; NaN where the period of the prices is not stated.
        Every row that was brought to other prices rests on the deflators too.

    Raises
    ------
    UsageError
        If a column is absent, or there is no deflator for the year.

    References
    ----------
    HM Treasury (2022). The Green Book, chapter 5: real prices by the GDP deflator.
    """
    where = "in_prices_of"
    require_columns(frame, [*columns, "period", *PROVENANCE], where=where)
    wanted = price_level(price_year, deflators)
    if math.isnan(wanted):
        first, last = deflators.index.min(), deflators.index.max()
        raise UsageError(
            f'there is no deflator for price year "{price_year}"',
            where=where,
            cure=f"Write a financial year, such as 2022-23, between {first} and {last}.",
        )
    uplift = wanted / frame["period"].map(lambda period: price_level(period, deflators)).astype(float)
    real = {f"{name}_real": frame[name].astype(float) * uplift for name in columns}
    found = frame.assign(uplift=uplift, **real)
    rested = resting_on(found, deflators.assign(figure_ids="", footnote=""))
    return found.assign(**{name: rested[name].where(uplift.notna(), found[name]) for name in PROVENANCE})


def printed_by(costs: pd.DataFrame, periods: pd.DataFrame) -> dict[str, int]:
    """Return how many authorities have documents here, and how many of them print a cost.

    Parameters
    ----------
    costs
        Printed costs, with ``source_id``; of several sources all are named.
    periods
        ``area`` and ``sources`` [list of source ids]: what documents each authority has.

    Returns
    -------
    dict
        ``authorities`` and ``printing`` [authorities].

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: a count.
    """
    require_columns(costs, ["source_id"], where="printed_by")
    require_columns(periods, ["area", "sources"], where="printed_by")
    named = {name for cell in costs["source_id"] for name in str(cell).split()}
    held = periods.explode("sources")
    printing = held["area"][held["sources"].isin(named)]
    return {"authorities": held["area"].nunique(), "printing": printing.nunique()}
