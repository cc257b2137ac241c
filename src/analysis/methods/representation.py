"""Groups in a service beside the same groups elsewhere: joined by key, compared, tested as one family."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.estimate import chance
from analysis.methods.inputs import level, positive, require_columns, share
from analysis.methods.multiplicity import benjamini_hochberg, exact_test
from analysis.methods.proportions import proportion, with_proportions
from analysis.methods.ratios import representation_ratio, with_ratios
from analysis.methods.rows import PROVENANCE

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN: Final = "not published"
BLANK: Final = "–"
"""Stands beside the finding that says that a group is not published."""
MORE: Final = "more often"
LESS: Final = "less often"
UNCLEAR: Final = "no clear difference"

RESIDENT: Final = ("label", "reference_count", "reference_base", "reference")
"""Columns of `against` to show where the service prints nothing to compare."""
SHOWN: Final = (
    "label",
    "finding",
    "count",
    "base",
    "share",
    "interval",
    "reference",
    "ratio",
    "ratio_interval",
)
"""Columns of `against` to show where it does."""
_LIMITS: Final = ("low", "high", "reference_count", "reference_base", "ratio_low", "ratio_high")


def against(
    service: pd.DataFrame,
    denominator: pd.DataFrame,
    *,
    confidence: float = 0.95,
    false_discovery: float = 0.05,
) -> pd.DataFrame:
    """Set groups in a service beside the same groups of a denominator; the rows are one declared family.

    Parameters
    ----------
    service
        Indexed by group: ``label``, ``count``, ``base`` (people, NaN where not published), provenance.
    denominator
        Indexed by the same keys: ``label``, ``count``, ``base``, provenance; known without error, as a
        census is.
    confidence
        Level of the intervals [0 to 1].
    false_discovery
        Share of wrong calls accepted among the differences called [0 to 1].

    Returns
    -------
    DataFrame
        One row a group of either, in the order of the denominator: ``label``; ``count``, ``base``,
        ``share``, ``low``, ``high`` in the service; ``reference_count``, ``reference_base``, ``reference``
        [fraction]; ``ratio``, ``ratio_low``, ``ratio_high``; both intervals as text; ``by_chance``, the
        exact p-value in words; ``q``, the adjusted one, and the ``finding`` in words; provenance of both. A
        group that one of them does not print is kept, its numbers NaN: unknown, never zero.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a count is above its base, or the rate of false discoveries is not a fraction.

    References
    ----------
    As for `analysis.methods.ratios.representation_ratio`, `exact_test` and `benjamini_hochberg`.
    """
    level(confidence)
    share(false_discovery, "false discovery rate")
    for frame in (service, denominator):
        require_columns(frame, ["label", "count", "base", *PROVENANCE], where="against")
    keys = [*denominator.index, *(key for key in service.index if key not in denominator.index)]
    ours, theirs = service.reindex(keys), denominator.reindex(keys)
    sides = {
        "label": ours["label"].fillna(theirs["label"]),
        "count": ours["count"].astype(float),
        "base": ours["base"].astype(float),
        "reference_count": theirs["count"].astype(float),
        "reference_base": theirs["base"].astype(float),
    }
    rests = {name: _both(name, ours[name], theirs[name]) for name in PROVENANCE}
    frame = pd.DataFrame(sides | rests, index=pd.Index(keys, name="key"))
    frame["reference"] = frame["reference_count"] / frame["reference_base"]
    frame = with_ratios(with_proportions(frame, confidence=confidence), confidence=confidence)
    p = [_p(*row) for row in zip(frame["count"], frame["base"], frame["reference"], strict=True)]
    frame["q"] = benjamini_hochberg(p)
    frame["by_chance"] = [UNKNOWN if math.isnan(one) else chance(one) for one in p]
    called = zip(frame["q"], frame["ratio"], strict=True)
    frame["finding"] = [_finding(q, ratio, false_discovery) for q, ratio in called]
    frame["interval"] = [
        _span(*limits, 100, "%", 1) for limits in zip(frame["low"], frame["high"], strict=True)
    ]
    limits_of = zip(frame["ratio_low"], frame["ratio_high"], strict=True)
    frame["ratio_interval"] = [_span(*limits, 1, "", 2) for limits in limits_of]
    return frame[[*SHOWN, "by_chance", "q", *_LIMITS, *PROVENANCE]]


def _span(low: float, high: float, per: float, unit: str, places: int) -> str:
    """Print two limits: "8.0% to 16.4%"."""
    if math.isnan(low) or math.isnan(high):
        return BLANK
    return " to ".join(f"{per * limit:.{places}f}{unit}" for limit in (low, high))


def _both(name: str, ours: Iterable[object], theirs: Iterable[object]) -> list[str]:
    """Return a provenance column of two frames as one; ids once each, footnotes whole."""
    pairs = ([cell for cell in pair if isinstance(cell, str)] for pair in zip(ours, theirs, strict=True))
    if name == "footnote":
        return [" ".join(dict.fromkeys(filter(None, cells))) for cells in pairs]
    return [" ".join(dict.fromkeys(" ".join(cells).split())) for cells in pairs]


def _p(count: float, base: float, reference: float) -> float:
    if any(math.isnan(number) for number in (count, base, reference)):
        return math.nan
    return exact_test(int(count), int(base), reference)


def _finding(q: float, ratio: float, rate: float) -> str:
    if math.isnan(q) or math.isnan(ratio):
        return UNKNOWN
    if q > rate:
        return UNCLEAR
    return MORE if ratio > 1 else LESS


def tally(compared: pd.DataFrame) -> dict[str, int]:
    """Count the comparisons of a family: made, called different, and left open.

    Parameters
    ----------
    compared
        From `against`.

    Returns
    -------
    dict of str to int
        ``made``, ``called`` and ``left``.

    Raises
    ------
    UsageError
        If the column of findings is absent.
    """
    require_columns(compared, ["finding"], where="tally")
    called = int(compared["finding"].isin([MORE, LESS]).sum())
    left = int(compared["finding"].eq(UNCLEAR).sum())
    return {"made": called + left, "called": called, "left": left}


def comparable(frame: pd.DataFrame, least: int = 10, count: str = "count") -> pd.DataFrame:
    """Leave out groups of few people, whose rows belong in the full table alone; none and unknown stay.

    Parameters
    ----------
    frame
        With a column of counts [people, NaN where not published].
    least
        Smallest group that is compared by itself [people].
    count
        Name of the column.

    Returns
    -------
    DataFrame
        The rows with none, with ``least`` or more, or with no published count.

    Raises
    ------
    UsageError
        If the column is absent.
    """
    require_columns(frame, [count], where="comparable")
    return frame[frame[count].isna() | frame[count].eq(0) | frame[count].ge(least)]


def share_among_affected(group: float, rate: float, rate_of_others: float) -> float:
    """Share that a group would have among those affected, if each group were affected at a known rate.

    Parameters
    ----------
    group
        The group's share of the population [fraction].
    rate, rate_of_others
        How many of the group, and of everyone else, are affected [fractions].

    Returns
    -------
    float
        A fraction from 0 to 1.

    Raises
    ------
    DataRefused
        If a number is not a fraction, or nobody is affected.

    References
    ----------
    Bayes T (1763). An essay towards solving a problem in the doctrine of chances. Philosophical Transactions
    of the Royal Society 53, 370-418.
    """
    part = share(group, "group") * share(rate, "rate")
    whole = part + (1 - group) * share(rate_of_others, "rate of others")
    if whole == 0:
        raise DataRefused("nobody is affected at these rates", where="rate", cure="Give rates above 0.")
    return part / whole


def with_expected_share(
    frame: pd.DataFrame, residents: str, rates: pd.DataFrame, *, label: str, note: str
) -> pd.DataFrame:
    """Add a row with the share of a group among those affected that residents and survey rates imply.

    Parameters
    ----------
    frame
        Shares of one group by several denominators, indexed by key: ``label``, ``count``, ``base``
        [people], ``printed`` [percent], ``note`` and provenance.
    residents
        Key of the row of residents; the new row, keyed ``expected``, follows it.
    rates
        Rows ``group`` and ``others`` with ``printed`` [percent affected] and provenance.
    label, note
        Words of the new row.

    Returns
    -------
    DataFrame
        As ``frame``; the new row has ``printed`` alone, for it rests on estimates without published bases.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If the residents or the rates cannot be.

    References
    ----------
    As for `share_among_affected`.
    """
    require_columns(frame, ["label", "count", "base", "printed", "note", *PROVENANCE], where="expected share")
    require_columns(rates, ["printed", *PROVENANCE], where="expected share")
    own = frame.loc[[residents]].to_dict("records")[0]
    printed = {str(key): float(rate) / 100 for key, rate in rates["printed"].items()}
    group = own["count"] / positive(own["base"], "base")
    found = share_among_affected(group, printed["group"], printed["others"])
    rests = {name: _both(name, [own[name]], [" ".join(dict.fromkeys(rates[name]))])[0] for name in PROVENANCE}
    rests["footnote"] = " ".join(dict.fromkeys(rates["footnote"]))
    made = {"label": label, "note": note, "count": math.nan, "base": math.nan, "printed": 100 * found}
    cells: dict[Any, Any] = {**own, **made, **rests}
    row = pd.DataFrame([cells], index=pd.Index(["expected"], name="key"))
    cut = list(frame.index).index(residents) + 1
    return pd.concat([frame.iloc[:cut], row[frame.columns], frame.iloc[cut:]])


def in_words(frame: pd.DataFrame, key: str, confidence: float = 0.95) -> str:
    """Say the share in one row to a reader without statistics, or that it is not published.

    Parameters
    ----------
    frame
        Indexed by key: ``count`` and ``base`` [people, NaN where not published].
    key
        The row; it may be absent.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    str
        "Of those supported they are **22.7%** (51 of 225; between 17 and 29 in every 100, allowing for
        chance).", or "Their share of those supported is **not published**."

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    As for `analysis.methods.proportions.proportion`.
    """
    require_columns(frame, ["count", "base"], where="in_words")
    if key not in frame.index or frame.loc[[key], ["count", "base"]].isna().to_numpy().any():
        return f"Their share of those supported is **{UNKNOWN}**."
    k, n = (int(frame[name].loc[key]) for name in ("count", "base"))
    found = proportion(k, n, confidence)
    out_of = f"{k:,} of {n:,}; {found:words}, allowing for chance"
    return f"Of those supported they are **{found:value}** ({out_of})."


def times_in_words(compared: pd.DataFrame, majority: str, confidence: float = 0.95) -> str:
    """Say how many times as common everyone outside the majority is in a service as elsewhere.

    Parameters
    ----------
    compared
        From `against`.
    majority
        Key of the row of the majority.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    str
        "That is about 2.05 times their share of residents (1.60 to 2.58).", or "How they compare with
        residents cannot be worked out."

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    As for `analysis.methods.ratios.representation_ratio`.
    """
    require_columns(compared, ["count", "base", "reference"], where="times_in_words")
    rows = compared.loc[compared.index == majority, ["count", "base", "reference"]].dropna()
    if rows.empty:
        return "How they compare with residents cannot be worked out."
    count, base, reference = rows.iloc[0]
    found = representation_ratio(int(base - count), int(base), 1 - reference, confidence)
    return f"That is about {found:value} times their share of residents ({found:interval})."
