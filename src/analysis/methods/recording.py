"""What is recorded of people, characteristic by characteristic, and which findings no unknown overturns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.methods.inputs import level, require_columns
from analysis.methods.missing import with_bounds
from analysis.methods.proportions import proportion
from analysis.methods.rows import PROVENANCE

if TYPE_CHECKING:
    from collections.abc import Sequence

WHOLE: Final = "every category"
PART: Final = "only those who have it"
SHARE: Final = "a share without its base"
NOTHING: Final = "nothing"
KINDS: Final = (WHOLE, PART, SHARE, NOTHING)
"""What may be printed of a characteristic, the fullest first."""

STANDS_MORE: Final = "more often, whoever the unknown are"
STANDS_LESS: Final = "less often, whoever the unknown are"
OPEN: Final = "could go either way"
NO_DENOMINATOR: Final = "no denominator held"

SHOWN: Final = ("label", "printed_of", "completeness")
"""Columns of `listed` that a table shows, in order."""
_BOUNDS: Final = (
    "label",
    "count",
    "recorded",
    "unknown",
    "bound_low",
    "bound_high",
    "reference",
    "verdict",
)


def listed(
    codes: pd.DataFrame,
    whole: pd.DataFrame,
    part: pd.DataFrame,
    *,
    sources: Sequence[str],
    confidence: float = 0.95,
) -> pd.DataFrame:
    """List every characteristic with what is printed of it and how completely it is recorded.

    Parameters
    ----------
    codes
        The characteristics: ``code`` and ``label``, one a row.
    whole
        Indexed by code: ``count`` recorded, ``base`` of all people; every category is printed.
    part
        Indexed by code: ``count`` of those who have it (NaN where only a share is printed).
    sources
        The documents that were read: what a row with nothing printed rests on.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        One row a code, in order, then the rows of ``whole`` that have none: ``label``, ``printed_of`` (one
        of "every category", "only those who have it", "a share without its base", "nothing"), ``count``
        recorded and ``base``, ``share`` complete with ``low`` and ``high`` [fractions, NaN where not
        published], ``completeness`` in words, and provenance.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    As for `analysis.methods.missing.completeness`.
    """
    level(confidence)
    require_columns(codes, ["code", "label"], where="listed")
    for frame in (whole, part):
        require_columns(frame, ["label", "count", "base", *PROVENANCE], where="listed")
    named = dict(zip(codes["code"], codes["label"], strict=True))
    named |= {key: label for key, label in whole["label"].items() if key not in named}
    rows = [
        _listed(key, label, whole, part, sources=sources, confidence=confidence)
        for key, label in named.items()
    ]
    return pd.DataFrame(rows, index=pd.Index(list(named), name="key"))


def _listed(
    key: str,
    label: str,
    whole: pd.DataFrame,
    part: pd.DataFrame,
    *,
    sources: Sequence[str],
    confidence: float,
) -> dict[str, object]:
    recorded, counted = _row(whole, key), _row(part, key)
    known = recorded is not None and not math.isnan(recorded["base"])
    row = recorded if known else counted
    unknown: dict[str, Any] = dict.fromkeys(("count", "base", "share", "low", "high"), math.nan)
    unknown["completeness"] = "not published"
    if row is None:
        rests = {"tier": "published", "source_id": " ".join(sources), "figure_ids": "", "footnote": ""}
        return {"label": label, "printed_of": NOTHING, **unknown, **rests}
    rests = {name: row[name] for name in PROVENANCE}
    if not known:
        words = SHARE if math.isnan(row["count"]) else PART
        return {"label": label, "printed_of": words, **unknown, **rests}
    found = proportion(int(row["count"]), int(row["base"]), confidence)
    told = {"count": row["count"], "base": row["base"], "share": found.value}
    words = f"{found:value} ({found:interval}), {row['count']:,.0f} of {row['base']:,.0f}"
    limits = {"low": found.low, "high": found.high, "completeness": words}
    return {"label": label, "printed_of": WHOLE, **unknown, **told, **limits, **rests}


def _row(frame: pd.DataFrame, key: str) -> dict[str, Any] | None:
    return {str(name): frame[name].loc[key] for name in frame} if key in frame.index else None


def with_survival(frame: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Say of each share whether its difference from a denominator stands whoever the unknown are.

    Parameters
    ----------
    frame
        With ``count``, ``recorded``, ``total`` [people] and ``reference`` [fraction, NaN if none is held].
    confidence
        Level of the intervals put around both bounds [0 to 1].

    Returns
    -------
    DataFrame
        ``label``, ``count``, ``recorded``, ``unknown``, ``bound_low`` and ``bound_high`` as
        `analysis.methods.missing.with_bounds` has them, ``reference``, and the ``verdict``: whether the
        denominator's share lies outside the interval from the lower limit with all unknown out to the upper
        limit with all in; and provenance.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a row's numbers are impossible.

    References
    ----------
    As for `analysis.methods.missing.bounds`. Horowitz JL, Manski CF (2000). Nonparametric analysis of
    randomized experiments with missing covariate and outcome data. Journal of the American Statistical
    Association 95, 77-84, which puts sampling intervals around worst-case bounds.
    """
    level(confidence)
    require_columns(
        frame, ["label", "count", "recorded", "total", "reference", *PROVENANCE], where="with_survival"
    )
    bounded = with_bounds(frame)
    rows = zip(bounded["count"], bounded["missing"], bounded["total"], bounded["reference"], strict=True)
    verdicts = [_verdict(*_limits(*row[:3], confidence), row[3]) for row in rows]
    return bounded.assign(verdict=verdicts, unknown=bounded["missing"])[[*_BOUNDS, *PROVENANCE]]


def _limits(count: float, missing: float, total: float, confidence: float) -> tuple[float, float]:
    if any(math.isnan(number) for number in (count, missing, total)):
        return math.nan, math.nan
    least = proportion(int(count), int(total), confidence)
    most = proportion(int(count + missing), int(total), confidence)
    return least.low, most.high


def _verdict(low: float, high: float, reference: float) -> str:
    if any(math.isnan(number) for number in (low, high, reference)):
        return NO_DENOMINATOR
    if low > reference:
        return STANDS_MORE
    return STANDS_LESS if high < reference else OPEN


def least_complete(frame: pd.DataFrame, confidence: float = 0.95) -> str:
    """Say which characteristic is recorded least completely, of those whose completeness is known.

    Parameters
    ----------
    frame
        From `listed`: ``label``, ``count``, ``base``.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    str
        A sentence: "The least complete that can be checked is age, known for 99.1% of people (between 96
        and 100 in every 100).", or "None can be checked."

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    As for `analysis.methods.missing.completeness`.
    """
    require_columns(frame, ["label", "count", "base", "share"], where="least_complete")
    known = frame[frame["share"].notna()].sort_values("share", kind="stable").to_dict("records")
    if not known:
        return "None can be checked."
    found = proportion(int(known[0]["count"]), int(known[0]["base"]), confidence)
    name = str(known[0]["label"]).lower()
    known_for = f"known for {found:value} of people ({found:words})"
    return f"The least complete that can be checked is {name}, {known_for}."


def widest(bounded: pd.DataFrame) -> dict[str, Any]:
    """Return the share compared that the unknown leave most open, and the differences they cannot overturn.

    Parameters
    ----------
    bounded
        From `with_survival`.

    Returns
    -------
    dict
        ``open_label``, ``open_low`` and ``open_high`` [fractions]; ``stand``, the differences that stand,
        and ``judged``, all that could be judged.

    Raises
    ------
    UsageError
        If a column is absent.
    """
    require_columns(bounded, _BOUNDS, where="widest")
    beside = bounded[bounded["reference"].notna()] if bounded["reference"].notna().any() else bounded
    spread = beside["bound_high"] - beside["bound_low"]
    row = beside.iloc[int(spread.to_numpy().argmax())]
    found = {"open_label": row["label"], "open_low": row["bound_low"], "open_high": row["bound_high"]}
    stand = int(bounded["verdict"].isin([STANDS_MORE, STANDS_LESS]).sum())
    return {**found, "stand": stand, "judged": int(bounded["verdict"].ne(NO_DENOMINATOR).sum())}
