"""A pathway as steps, each a part of the one before, and a whole split into its parts."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.inputs import level, require_columns, whole
from analysis.methods.proportions import proportion
from analysis.methods.rows import with_estimates


def cascade(
    frame: pd.DataFrame, step: str = "step", count: str = "count", confidence: float = 0.95
) -> pd.DataFrame:
    """Add to each step of a pathway its share of the step before and of the first.

    Parameters
    ----------
    frame
        One row a step, in order, with the people who reached it; no step has more than the one before.
    step, count
        Columns of the step's name and of its count [people].
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``base`` [people at the step before], ``share``, ``low``,
        ``high``, ``method``, and ``start_share``, ``start_low``, ``start_high``, ``start_method``
        [fractions]. The first step has none of these: NaN. A step not known leaves NaN for itself and, in
        the share of the step before, for the next; so does a step that nobody reached, for the next.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If there is no step, or a step has more people than an earlier one.

    References
    ----------
    Shares as in `analysis.methods.proportions.proportion`.
    """
    require_columns(frame, [step, count], where="cascade")
    _check_steps(frame[step], frame[count])
    counts = frame[count]
    before = counts.shift()
    start = pd.Series([math.nan, *[counts.iloc[0]] * (len(counts) - 1)], frame.index)
    # Of nobody there is no share: such a step is left without one, and is not an error.
    stepwise = _shares(frame.assign(base=before), (counts, before.where(before > 0)), "", confidence)
    return _shares(stepwise, (counts, start.where(start > 0)), "start_", confidence)


def split(frame: pd.DataFrame, total: int, count: str = "count", confidence: float = 0.95) -> pd.DataFrame:
    """Add to each part of a whole its share, after checking that the parts make the whole.

    Parameters
    ----------
    frame
        One row a part, none overlapping, with its count [people].
    total
        The whole [people].
    count
        Column of the counts.
    confidence
        Level of the intervals [0 to 1]; each is for its own part, not for all parts at once.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``base``, ``share``, ``low``, ``high`` [fractions] and
        ``method``.

    Raises
    ------
    UsageError
        If the column is absent.
    DataRefused
        If a part is not known, or the parts do not sum to the whole.

    References
    ----------
    Shares as in `analysis.methods.proportions.proportion`.
    """
    require_columns(frame, [count], where="split")
    base = whole(total, "total")
    parts = sum(whole(value, count) for value in frame[count])
    if parts != base:
        raise DataRefused(
            f"the parts sum to {parts:,}, but the whole is {base:,}",
            where="split",
            cure='Name the rest as a part of its own ("not recorded"), or check the whole.',
        )
    with_base = frame.assign(base=base)
    return _shares(with_base, (with_base[count], with_base["base"]), "", confidence)


def from_furthest(frame: pd.DataFrame, steps: Mapping[str, str], *, confidence: float = 0.95) -> pd.DataFrame:
    """Return a pathway from how many got so far and no further.

    Parameters
    ----------
    frame
        One row a furthest step: its name in the first column, and ``count`` [people; missing where hidden].
    steps
        Furthest step to the words of the step that everybody reached who got so far, in order.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        One row a step: ``label``, ``count`` of those who got so far or further, and the columns of `cascade`.

    Raises
    ------
    DataRefused
        If a number that a step rests on is hidden.

    References
    ----------
    As for `cascade`.
    """
    told = frame.set_index(str(frame.columns[0])).reindex(list(steps))
    if told["count"].isna().any():
        raise DataRefused(
            "One of the steps cannot be shown",
            cure="Join steps, or count over a longer period.",
        )
    reached = told["count"].astype(float)[::-1].cumsum()[::-1]
    made = told.assign(label=list(steps.values()), step=list(steps.values()), count=reached.astype(int))
    return cascade(made.reset_index(drop=True), confidence=confidence)


def ends(frame: pd.DataFrame) -> dict[str, float]:
    """Return the first step of a pathway and the shares of it that reached the second and the last.

    Parameters
    ----------
    frame
        From `cascade`, one row a step.

    Returns
    -------
    dict
        ``first`` [people], ``started`` and ``completed`` [fractions].

    References
    ----------
    As for `cascade`.
    """
    shares = frame["start_share"].astype(float)
    return {"first": int(frame["count"].iloc[0]), "started": shares.iloc[1], "completed": shares.iloc[-1]}


def _shares(
    frame: pd.DataFrame, inputs: tuple[pd.Series, pd.Series], prefix: str, confidence: float
) -> pd.DataFrame:
    level(confidence)
    return with_estimates(
        frame,
        inputs,
        lambda k, n: proportion(k, n, confidence),
        value=f"{prefix}share",
        prefix=prefix,
        where="cascade",
    )


def _check_steps(steps: pd.Series, counts: pd.Series) -> None:
    if counts.empty:
        raise DataRefused("there is no step", where="cascade", cure="Give at least the first step.")
    lowest = counts.cummin().ffill().shift()
    for step, count, limit in zip(steps, counts, lowest, strict=True):
        if count > limit:
            raise DataRefused(
                f'"{step}" has {count:,.0f} people, more than the {limit:,.0f} of an earlier step',
                where="cascade",
                cure="Order the steps, or leave out one that is not a part of the one before.",
            )
