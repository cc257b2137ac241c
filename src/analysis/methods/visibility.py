"""Where a group becomes visible: its share of each denominator, and what each share leads one to expect."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from scipy.stats import binom

from analysis.methods.estimate import chance, quantity
from analysis.methods.inputs import level, part_of, require_columns, share, whole
from analysis.methods.proportions import proportion
from analysis.methods.rows import joined, resting_on

if TYPE_CHECKING:
    from collections.abc import Collection

COUNTED: Final = "counted, not sampled"
NO_BASE: Final = "base not published"
FROM_PRINTED: Final = "Wilson, on the count that the printed share implies"


def with_shares(
    frame: pd.DataFrame, *, counted: Collection[str] = (), confidence: float = 0.95
) -> pd.DataFrame:
    """Add to each row of a ladder its share, however published, and its interval where it can have one.

    Parameters
    ----------
    frame
        With ``count``, ``base`` (people, NaN where not published) and ``printed`` (percent, NaN where not
        printed), indexed by the key of the row.
    counted
        Keys of rows that count all there is, such as places: they carry no interval.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``share``, ``low``, ``high`` [fractions, NaN where there is
        none], ``method``, ``no_interval``, which says why a share has none, ``interval``, the limits in
        print or why there are none, and ``out_of``, count and base in print. A share is the count out of the
        base; else the printed share, with an interval only where the base was printed.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a count is above its base.

    References
    ----------
    As for `analysis.methods.proportions.proportion`.
    """
    require_columns(frame, ["count", "base", "printed"], where="with_shares")
    level(confidence)
    rows = [
        _rung(count, base, printed, complete=key in counted, confidence=confidence)
        for key, count, base, printed in zip(
            frame.index, frame["count"], frame["base"], frame["printed"], strict=True
        )
    ]
    columns = ["share", "low", "high", "method", "no_interval"]
    found = joined(frame, pd.DataFrame(rows, frame.index, columns))
    intervals = [_interval(*row) for row in zip(*(found[name] for name in _LIMITS), strict=True)]
    return found.assign(interval=intervals, out_of=list(map(_out_of, frame["count"], frame["base"])))


_LIMITS: Final = ("low", "high", "no_interval")


def _interval(low: float, high: float, why_none: str) -> str:
    return why_none or f"{quantity(low, 'proportion')} to {quantity(high, 'proportion')}"


def _out_of(count: float, base: float) -> str:
    if math.isnan(base):
        return NO_BASE if math.isnan(count) else f"{count:,.0f}, {NO_BASE}"
    return f"of {base:,.0f}" if math.isnan(count) else f"{count:,.0f} of {base:,.0f}"


def _rung(
    count: float, base: float, printed: float, *, complete: bool, confidence: float
) -> tuple[float, float, float, str, str]:
    known, stated = not (math.isnan(count) or math.isnan(base)), not math.isnan(printed)
    if complete and (known or stated):
        return (count / base if known else printed / 100), math.nan, math.nan, COUNTED, COUNTED
    if known:
        found = proportion(whole(count, "count"), whole(base, "base"), confidence)
        return found.value, found.low, found.high, found.method, ""
    if stated and not math.isnan(base):
        found = proportion(round(base * printed / 100), whole(base, "base"), confidence)
        return printed / 100, found.low, found.high, FROM_PRINTED, ""
    return (printed / 100 if stated else math.nan), math.nan, math.nan, "", NO_BASE


def with_expected(frame: pd.DataFrame, counted: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add to each share how many of the people counted it leads one to expect, beside how many were seen.

    It takes people as independent: what brings one of them to a service does not bring or keep away another.

    Parameters
    ----------
    frame
        With ``share`` [fraction], one supposed share a row, and provenance.
    counted
        One row: ``base`` people in all, of whom ``count`` belong to the group [whole], and provenance; or no
        row, where nobody was counted.
    confidence
        Level of the range [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``expected`` [people], ``expected_low`` and ``expected_high``
        (the range that ``confidence`` of such counts would fall in), ``probability`` (of so few or fewer) and
        ``chance`` (the same in words); NaN and "" where the share is not known. Each row rests on
        ``counted`` too.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If count or base are not whole numbers, or a share is no fraction.

    References
    ----------
    The binomial distribution. With none seen, the probability is (1 - share)^people, as in
    `analysis.methods.proportions.prob_none`.
    """
    require_columns(frame, ["share"], where="with_expected")
    require_columns(counted, ["count", "base"], where="with_expected")
    level(confidence)
    seen = None if counted.empty else part_of(counted["count"].iloc[0], counted["base"].iloc[0])
    rows = [_expected(p, seen, confidence) for p in frame["share"]]
    columns = ["expected", "expected_low", "expected_high", "probability", "chance"]
    return resting_on(joined(frame, pd.DataFrame(rows, frame.index, columns)), counted)


def _expected(
    p: float, seen: tuple[int, int] | None, confidence: float
) -> tuple[float, float, float, float, str]:
    if seen is None or math.isnan(p):
        return math.nan, math.nan, math.nan, math.nan, ""
    k, n = seen
    tail, supposed = (1 - confidence) / 2, share(p, "share")
    low, high = (float(binom.ppf(at, n, supposed)) for at in (tail, 1 - tail))
    probability = float(binom.cdf(k, n, supposed))
    return n * supposed, low, high, probability, chance(min(probability, 1.0))


def with_none_surprising(frame: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add to each share how many people make it a surprise that none of them belongs to the group.

    Parameters
    ----------
    frame
        With ``share`` [fraction].
    confidence
        None is a surprise once its probability is at most 1 - confidence [0 to 1].

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``people_needed`` [people]; NaN where the share is not known
        or is 0.

    Raises
    ------
    UsageError
        If there is no such column.

    References
    ----------
    The zero bound of `analysis.methods.proportions.zero_bound`, solved for the base.
    """
    require_columns(frame, ["share"], where="with_none_surprising")
    rare = math.log1p(-level(confidence))
    return frame.assign(people_needed=[_people_needed(p, rare) for p in frame["share"]])


def _people_needed(p: float, rare: float) -> float:
    if math.isnan(p) or p <= 0:
        return math.nan
    return 1.0 if p >= 1 else float(math.ceil(rare / math.log1p(-p) - 1e-9))


def spread(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the lowest and the highest share above 0 of a ladder, and how many times one is the other.

    Parameters
    ----------
    frame
        With ``label`` and ``share`` [fraction].

    Returns
    -------
    dict
        ``low``, ``high`` [fractions], ``low_label``, ``high_label`` and ``times``.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: a quotient of two printed shares.
    """
    require_columns(frame, ["label", "share"], where="spread")
    known = frame[frame["share"] > 0].sort_values("share", kind="stable")
    low, high = known.iloc[0], known.iloc[-1]
    return {
        "low": float(low["share"]),
        "high": float(high["share"]),
        "low_label": str(low["label"]),
        "high_label": str(high["label"]),
        "times": float(high["share"] / low["share"]),
    }


def remainder(frame: pd.DataFrame, own: str, other: str) -> pd.DataFrame:
    """Return counts and their bases in long form: the part that belongs to a group, and the rest.

    Parameters
    ----------
    frame
        With ``label``, ``count`` and ``base``.
    own, other
        Words for the part and for the rest.

    Returns
    -------
    DataFrame
        Two rows for each of ``frame``: all its columns, ``category``, and ``count`` of the category.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    None: a subtraction.
    """
    require_columns(frame, ["label", "count", "base"], where="remainder")
    parts = [
        frame.assign(category=own),
        frame.assign(category=other, count=frame["base"] - frame["count"]),
    ]
    return pd.concat(parts).sort_index(kind="stable", key=lambda keys: keys.map(list(frame.index).index))


def times(frame: pd.DataFrame, top: str, bottom: str, column: str = "share") -> float:
    """Return how many times one row's value is another's.

    Parameters
    ----------
    frame
        Indexed by key.
    top, bottom
        Keys of the two rows.
    column
        Column of the value.

    Returns
    -------
    float
        The quotient.

    Raises
    ------
    UsageError
        If the column is absent.

    References
    ----------
    None: a quotient.
    """
    require_columns(frame, [column], where="times")
    return float(frame[column][top]) / float(frame[column][bottom])
