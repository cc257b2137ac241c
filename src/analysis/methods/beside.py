"""One group beside all others on several needs or outcomes, from counts that may be shown.

Every function takes frames as ``shares()`` of a released object gives them: one row a group and an answer,
with ``count`` [rows], missing where hidden. Whoever has not answered is neither, so shares are of those
whose answer is known; where one count behind a share is hidden, so is the share.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd
from scipy.stats import norm

from analysis.errors import DataRefused
from analysis.methods.estimate import quantity
from analysis.methods.groups import UNKNOWN, axes_of
from analysis.methods.inputs import require_columns
from analysis.methods.multiplicity import with_family
from analysis.methods.proportions import newcombe, proportion
from analysis.methods.rows import PROVENANCE

NOTHING: Final = "not shown"


def shares_beside(
    frame: pd.DataFrame,
    *,
    first: str,
    events: Sequence[str],
    groups: Sequence[str],
    least: int,
    others: Mapping[str, pd.DataFrame] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the share of each group with each need, of those whose answer is known.

    Parameters
    ----------
    frame, others
        Counts of answers by group: of the first need, and of others by their names.
    first
        Name of the first need.
    events
        Answers asked about, in whichever frame they stand; if a frame has several, one row each.
    groups
        The group asked about, and the one that it is set beside.
    least
        Smallest base of a percentage [rows].
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        Two rows a need: ``label``, ``group``, ``count``, ``base`` [rows whose answer is known], ``share``,
        ``low``, ``high`` [fractions; missing where hidden or the base is smaller], and provenance.

    Raises
    ------
    UsageError
        If a frame has not two axes.
    DataRefused
        If no frame has one of the answers.

    References
    ----------
    As for `analysis.methods.proportions.proportion`.
    """
    rows = [
        {"label": label, "group": group, **_share(count, base, least, confidence), **carried}
        for label, group, count, base, carried in _cells(first, frame, others, events, groups)
    ]
    if not rows:
        raise DataRefused("No answer asked about is in the records", cure="Name answers of the tables.")
    return pd.DataFrame(rows)


def differences_beside(
    frame: pd.DataFrame,
    *,
    first: str,
    events: Sequence[str],
    groups: Sequence[str],
    least: int,
    others: Mapping[str, pd.DataFrame] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how much more or less often each need is recorded for one group than for the other.

    Parameters
    ----------
    frame, first, events, groups, least, others, confidence
        As for `shares_beside`.

    Returns
    -------
    DataFrame
        One row a need, hidden ones too: ``label``, ``share`` and ``other`` [fractions], ``difference`` with
        ``low`` and ``high`` [fractions], ``p``, and ``p_bh``, adjusted for all rows as one family that is
        explored (`analysis.methods.multiplicity.with_family`), and provenance.

    Raises
    ------
    UsageError, DataRefused
        As `shares_beside`.

    References
    ----------
    Newcombe RG (1998). Interval estimation for the difference between independent proportions. Statistics in
    Medicine 17, 873-890, method 10. Agresti A (2002). Categorical data analysis, 2nd edition, section 3.2.1,
    for the score test. Both take rows as independent: where people have several referrals, a comparison with
    errors clustered by person is the one to read.
    """
    cells = list(_cells(first, frame, others, events, groups))
    rows = [
        {"label": one[0], **_difference(one[2:4], other[2:4], least, confidence), **one[4]}
        for one, other in zip(cells[::2], cells[1::2], strict=True)
    ]
    if not rows:
        raise DataRefused("No answer asked about is in the records", cure="Name answers of the tables.")
    found = with_family(pd.DataFrame(rows), "exploratory", confidence=confidence)
    return found.drop(columns=["p_holm", "family", "comparisons", "stands"])


def largest(frame: pd.DataFrame) -> dict[str, str | None]:
    """Return the largest difference of `differences_beside` or between rows of `shares_beside`, and its need.

    Parameters
    ----------
    frame
        As either returns it.

    Returns
    -------
    dict
        ``said``: the difference and its need, in words; if none can be shown, that among shares, which stand
        without it, and None among differences, of which there is then nothing to show.

    Raises
    ------
    UsageError
        If there is no label.

    References
    ----------
    None: a maximum.
    """
    require_columns(frame, ["label"], where="largest")
    gaps = frame.set_index("label")["difference"] if "difference" in frame else _gaps(frame)
    known = gaps.dropna().astype(float)
    if known.empty:
        return {"said": None if "difference" in frame else NOTHING}
    at = str(known.abs().idxmax())
    return {"said": f"{quantity(float(known[at]), 'difference')} ({at[:1].lower() + at[1:]})"}


def _gaps(frame: pd.DataFrame) -> pd.Series[float]:
    """Return the difference of each pair of rows."""
    shares = frame["share"].astype(float)
    pairs = shares.iloc[::2].to_numpy() - shares.iloc[1::2].to_numpy()
    return pd.Series(pairs, index=frame["label"].iloc[::2])


Cell = tuple[str, str, float, float, dict[str, Any]]


def _cells(
    first: str,
    frame: pd.DataFrame,
    others: Mapping[str, pd.DataFrame] | None,
    events: Sequence[str],
    groups: Sequence[str],
) -> Iterator[Cell]:
    """Yield label, group, count, base of the known and provenance: each need of both groups in turn."""
    for name, one in {first: frame, **(others or {})}.items():
        axis, answer = axes_of(one)
        found = [event for event in events if event in set(one[answer].astype(str))]
        for event in found:
            for group in groups:
                rows = one[one[axis].astype(str) == group]
                known = rows[~rows[answer].astype(str).isin(UNKNOWN)]
                count = known.loc[known[answer].astype(str) == event, "count"].astype(float).sum(skipna=False)
                base = known["count"].astype(float).sum(skipna=False)
                carried = {column: rows[column].iloc[0] for column in PROVENANCE if column in rows}
                yield (name if len(found) == 1 else event), group, count, base, carried


def _share(count: float, base: float, least: int, confidence: float) -> dict[str, float]:
    numbers = dict.fromkeys(("share", "low", "high"), math.nan)
    if _bears(count, base, least):
        found = proportion(round(count), round(base), confidence)
        numbers = {"share": found.value, "low": found.low, "high": found.high}
    return {"count": count, "base": base, **numbers}


def _bears(count: float, base: float, least: int) -> bool:
    """Say whether counts are shown and bear a percentage; all of a group in one answer is never said."""
    return not (math.isnan(count) or math.isnan(base)) and base >= least and 0 < count < base


def _difference(
    one: tuple[float, float], other: tuple[float, float], least: int, confidence: float
) -> dict[str, float]:
    shares = [count / base if _bears(count, base, least) else math.nan for count, base in (one, other)]
    told = {"share": shares[0], "other": shares[1]}
    if any(math.isnan(value) for value in shares):
        return told | dict.fromkeys(("difference", "low", "high", "p"), math.nan)
    k, n, c, m = (round(number) for pair in (one, other) for number in pair)
    gap = newcombe(k, n, c, m, confidence)
    return told | {"difference": gap.value, "low": gap.low, "high": gap.high, "p": _score(k, n, c, m)}


def _score(count: int, base: int, other_count: int, other_base: int) -> float:
    """Return the two-sided probability of the score test of two shares, the pooled share taken for both."""
    pooled = (count + other_count) / (base + other_base)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / base + 1 / other_base))
    return float(2 * norm.sf(abs(count / base - other_count / other_base) / spread))
