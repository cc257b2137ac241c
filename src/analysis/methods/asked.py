"""How completely each characteristic is recorded in records, and whether that changes, from released counts.

Every function takes frames as ``shares()`` of a released object gives them; see `analysis.methods.groups`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from analysis.methods.groups import CARRIED, COUNTED

RECORDED: Final = "Recorded"
"""All answers of a characteristic together, "no" and "none" among them; never the kinds of unknown."""


def completeness(
    frame: pd.DataFrame, *, first: str, others: Mapping[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Return the share of referrals for which each characteristic is recorded.

    Parameters
    ----------
    frame, others
        Shares of what is recorded and what is not, of the first characteristic and of others by name.
    first
        Name of the first characteristic.

    Returns
    -------
    DataFrame
        ``label`` (characteristic), ``count`` and ``base`` [rows], ``share``, ``low`` and ``high``
        [fractions]; missing where hidden.
    """
    return _recorded({first: frame, **(others or {})})[["label", *COUNTED, *CARRIED]]


def over_time(
    frame: pd.DataFrame, *, first: str, others: Mapping[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """Return the share recorded of each characteristic in each quarter.

    Parameters
    ----------
    frame, others, first
        As for `completeness`, of quarter by what is recorded, the bases kept by quarter.

    Returns
    -------
    DataFrame
        As `completeness`, with ``category`` (quarter).
    """
    made = _recorded({first: frame, **(others or {})})
    return made[["label", "category", *COUNTED, *CARRIED]]


def _recorded(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    parts = []
    for name, frame in frames.items():
        axes = list(frame.columns[: list(frame.columns).index("count")])
        part = frame[frame[axes[-1]].astype(str) == RECORDED].assign(label=name)
        parts.append(part.assign(category=part[axes[0]].astype(str) if len(axes) > 1 else ""))
    return pd.concat(parts, ignore_index=True)


def spread(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the least and the most completely recorded characteristic, of those whose share is shown.

    Returns
    -------
    dict
        ``low``, ``high`` [fractions], ``low_label``, ``high_label``, ``shown`` and ``listed`` [rows].
    """
    told = frame[frame["share"].notna()]
    counted = {"shown": len(told), "listed": len(frame)}
    if told.empty:
        return counted | {"low": math.nan, "high": math.nan, "low_label": "", "high_label": ""}
    ranked = told.assign(share=told["share"].astype(float)).sort_values("share", kind="stable")
    least, most = ranked.iloc[0], ranked.iloc[-1]
    named = {"low_label": str(least["label"]), "high_label": str(most["label"])}
    return counted | named | {"low": float(least["share"]), "high": float(most["share"])}
