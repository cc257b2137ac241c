"""Unit costs: a sum of money per year, per unit bought and per unit actually delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import UsageError
from analysis.methods.inputs import amount, positive, require_columns, share

if TYPE_CHECKING:
    import pandas as pd


def unit_cost(cost: float, units: float, months: float = 12, fill: float = 1.0) -> float:
    """Cost of one unit for one year, as delivered.

    Parameters
    ----------
    cost
        Money spent over the period [GBP].
    units
        Units bought for it: places, people, courses [above 0].
    months
        Length of the period [months]; 12 leaves a cost per unit as it is, whatever the unit.
    fill
        Share of the units actually delivered [fraction above 0].

    Returns
    -------
    float
        GBP per unit delivered and year.

    Raises
    ------
    DataRefused
        If the cost is negative, or units, months or fill are not above 0.

    References
    ----------
    HM Treasury (2022). The Green Book: central government guidance on appraisal and evaluation, chapter 6.
    """
    yearly = amount(cost, "cost") * 12 / positive(months, "months")
    return yearly / positive(units, "units") / positive(share(fill, "fill"), "fill")


def with_unit_costs(
    frame: pd.DataFrame,
    *,
    price_basis: str,
    cost: str = "cost",
    units: str = "units",
    months: str | None = None,
    fill: str | None = None,
) -> pd.DataFrame:
    """Add to each row of costs what one unit costs.

    Parameters
    ----------
    frame
        With a column of costs [GBP] and one of units bought.
    price_basis
        The prices the costs are in, as a report prints it: "2018-19 prices, as printed".
    cost, units
        Names of those columns.
    months
        Column of the period's length [months]; a year where there is none.
    fill
        Column of the share of units delivered [fraction]; all of them where there is none.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``cost_per_unit`` [GBP over the whole period],
        ``cost_per_unit_year`` [GBP a year], ``cost_per_unit_delivered`` [GBP a year] and ``price_basis``; NaN
        where a number is not known.

    Raises
    ------
    UsageError
        If a column is absent or the price basis empty.
    DataRefused
        If a number is impossible.

    References
    ----------
    As for `unit_cost`.
    """
    where = "with_unit_costs"
    if not price_basis.strip():
        raise UsageError("no price basis is named", where=where, cure='Say "2018-19 prices, as printed".')
    require_columns(frame, [name for name in (cost, units, months, fill) if name], where=where)
    length = 12.0 if months is None else frame[months].map(lambda cell: positive(cell, "months"), "ignore")
    delivered = (
        1.0 if fill is None else frame[fill].map(lambda cell: positive(share(cell, "fill"), "fill"), "ignore")
    )
    money = frame[cost].map(lambda cell: amount(cell, "cost"), "ignore").astype(float)
    per_unit = money / frame[units].map(lambda cell: positive(cell, "units"), "ignore").astype(float)
    yearly = per_unit * 12 / length
    return frame.assign(
        cost_per_unit=per_unit,
        cost_per_unit_year=yearly,
        cost_per_unit_delivered=yearly / delivered,
        price_basis=price_basis,
    )
