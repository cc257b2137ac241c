"""What is not recorded: completeness first, then the bounds that no assumption can narrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import level, part_of, positive, require_columns, share, whole
from analysis.methods.proportions import proportion
from analysis.methods.rows import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF: Final = 100_000
"""People supposed in all, so many that a share of them is whole to any digit printed."""


def completeness(recorded: int, total: int, confidence: float = 0.95) -> Estimate:
    """Share of people for whom a characteristic is recorded, "prefer not to say" not among them.

    Parameters
    ----------
    recorded, total
        People with a value, and all people [whole numbers].
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Estimate
        A fraction from 0 to 1, by `analysis.methods.proportions.proportion`.

    Raises
    ------
    DataRefused
        If more are recorded than there are people.

    References
    ----------
    As for `analysis.methods.proportions.proportion`.
    """
    return proportion(recorded, total, confidence)


def bounds(count: int, recorded: int, total: int) -> Estimate:
    """Share among those recorded, with the bounds if all those missing were out, and if all were in.

    Parameters
    ----------
    count
        People with the characteristic [whole number].
    recorded
        People for whom it is recorded whether they have it [whole number, 1 or more].
    total
        All people, recorded or not [whole number].

    Returns
    -------
    Estimate
        ``value`` among the recorded, ``low`` with none of the missing, ``high`` with all of them [fractions];
        ``confidence`` is None, for the bounds are certain and leave chance aside.

    Raises
    ------
    DataRefused
        If the count is above the recorded, or they above the total.

    References
    ----------
    Manski CF (1989). Anatomy of the selection problem. Journal of Human Resources 24, 343-360. Manski CF
    (1995). Identification problems in the social sciences. Harvard University Press, chapter 2.
    """
    k, seen = part_of(count, recorded)
    _, everyone = part_of(recorded, total)
    low, high = k / everyone, (k + everyone - seen) / everyone
    return Estimate(k / seen, low, high, None, "worst-case bounds", count=k, base=seen)


def with_bounds(
    frame: pd.DataFrame, count: str = "count", recorded: str = "recorded", total: str = "total"
) -> pd.DataFrame:
    """Add to each row its completeness and worst-case bounds.

    Parameters
    ----------
    frame
        With columns of counts, of people recorded and of all people.
    count, recorded, total
        Names of those columns.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``missing`` [people], ``completeness``, ``recorded_share``,
        ``bound_low`` and ``bound_high`` [fractions]; NaN where a number is not known. Where nothing is
        recorded the bounds are 0 and 1 and the share is NaN.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a row's numbers are impossible; the message names the row.

    References
    ----------
    As for `bounds`.
    """
    names = [count, recorded, total]
    require_columns(frame, names, where="with_bounds")
    cells = zip(frame.index, zip(*(frame[name] for name in names), strict=True), strict=True)
    added = pd.DataFrame([_bounds_of(label, row) for label, row in cells], frame.index, columns=list(_ADDED))
    return joined(frame, added)


_ADDED = ("missing", "completeness", "recorded_share", "bound_low", "bound_high")


def _bounds_of(label: object, row: Sequence[float]) -> tuple[float, ...]:
    if any(pd.isna(cell) for cell in row):
        return (math.nan,) * len(_ADDED)
    count, recorded, total = row
    try:
        seen, everyone = part_of(recorded, total)
        if seen == 0 == count:
            return (everyone, 0.0, math.nan, 0.0, 1.0)
        bound = bounds(int(count), seen, everyone)
    except DataRefused as refused:
        raise DataRefused(refused.what, where=f"with_bounds, row {label}", cure=refused.cure) from None
    return (everyone - seen, seen / everyone, bound.value, bound.low, bound.high)


def if_answered(
    frame: pd.DataFrame, answers: Sequence[int], *, printed: str = "printed", confidence: float = 0.95
) -> pd.DataFrame:
    """Return what a printed percentage would be worth if so many people had answered.

    Parameters
    ----------
    frame
        One row, with a printed percentage.
    answers
        Numbers of people supposed to have answered.
    printed
        Column of the percentage [percent].
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    DataFrame
        One row a number: all columns of ``frame``, ``answers`` [people], ``share``, ``low``, ``high``
        [fractions].

    Raises
    ------
    UsageError
        If the column is absent.
    DataRefused
        If a number of answers is not whole or is 0.

    References
    ----------
    As for `analysis.methods.proportions.proportion`, on the nearest whole count.
    """
    require_columns(frame, [printed], where="if_answered")
    level(confidence)
    repeated = pd.concat([frame] * len(answers), ignore_index=True)
    counts = [whole(number, "answers") for number in answers]
    found = [
        proportion(round(number * percent / 100), number, confidence)
        for number, percent in zip(counts, repeated[printed], strict=True)
    ]
    added = {
        "answers": counts,
        "share": [one.value for one in found],
        "low": [one.low for one in found],
        "high": [one.high for one in found],
    }
    return joined(repeated, pd.DataFrame(added, repeated.index))


def if_asked(frame: pd.DataFrame, responses: Sequence[float], *, printed: str = "printed") -> pd.DataFrame:
    """Return the bounds of a printed percentage if only a share of the people helped had answered.

    Parameters
    ----------
    frame
        One row, with a printed percentage.
    responses
        Shares of the people helped supposed to have answered [fractions above 0].
    printed
        Column of the percentage [percent].

    Returns
    -------
    DataFrame
        One row a response: all columns of ``frame``, ``response`` [fraction], ``bound_low`` (if the
        rest would all have said no) and ``bound_high`` (if they would all have said yes) [fractions].

    Raises
    ------
    UsageError
        If the column is absent.
    DataRefused
        If a response is not a fraction above 0.

    References
    ----------
    As for `analysis.methods.missing.bounds`.
    """
    require_columns(frame, [printed], where="if_asked")
    supposed = [positive(share(response, "response"), "response") for response in responses]
    repeated = pd.concat([frame] * len(supposed), ignore_index=True)
    found = [
        bounds(round(_OF * response * percent / 100), round(_OF * response), _OF)
        for response, percent in zip(supposed, repeated[printed], strict=True)
    ]
    return repeated.assign(
        response=supposed, bound_low=[one.low for one in found], bound_high=[one.high for one in found]
    )
