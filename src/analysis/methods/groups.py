"""Groups under one another, from counts that may be shown.

Every function takes frames as ``shares()`` of a released object gives them: one row a group and a category,
with ``count``, ``base`` [rows], ``share``, ``low`` and ``high`` [fractions], missing where hidden. What is
hidden stays so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from analysis.errors import UsageError
from analysis.methods.rows import PROVENANCE

COUNTED: Final = ("count", "base", "share", "low", "high")
CARRIED: Final = (*PROVENANCE, "marker")
UNKNOWN: Final = ("Unknown, of any kind", "Not known", "Not asked", "Prefer not to say", "Not recorded")
"""Groups and answers that are none; never taken for "no"."""


def side_by_side(
    frame: pd.DataFrame,
    *,
    first: str,
    others: Mapping[str, pd.DataFrame] | None = None,
    leave: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the shares of several characteristics' groups under one another, those of unknown group last.

    Parameters
    ----------
    frame, others
        Shares by group and category, the bases kept by group: of the first characteristic, and of others by
        their names.
    first
        Name of the first characteristic.
    leave
        Categories that are left out, such as the referrals that were accepted.

    Returns
    -------
    DataFrame
        ``label`` (group), ``category``, and the columns of the frames; one row a group and a category.
    """
    parts = []
    for name, one in {first: frame, **(others or {})}.items():
        group, outcome = axes_of(one)
        label = [f"{name}: unknown" if at in UNKNOWN else at for at in one[group].astype(str)]
        parts.append(one.assign(label=label, category=one[outcome].astype(str)))
    made = pd.concat(parts, ignore_index=True)
    wanted = ["label", "category", *COUNTED, *CARRIED]
    kept = made.loc[~made["category"].isin(leave), [name for name in wanted if name in made]]
    return kept.reset_index(drop=True)


def extremes(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the largest share of `side_by_side`, of which group and category, and how many are hidden.

    Returns
    -------
    dict
        ``top`` [fraction; NaN if all are hidden], ``top_label``, ``top_category``, ``hidden`` and ``cells``.
    """
    told = frame[frame["share"].notna()]
    counted = {"hidden": len(frame) - len(told), "cells": len(frame)}
    if told.empty:
        return counted | {"top": math.nan, "top_label": "", "top_category": ""}
    top = told.iloc[int(told["share"].astype(float).to_numpy().argmax())]
    named = {"top_label": str(top["label"]), "top_category": str(top["category"]).lower()}
    return counted | {"top": float(top["share"]), **named}


def axes_of(frame: pd.DataFrame) -> tuple[str, str]:
    """Return the two columns of labels of a frame of shares: those before the count.

    Raises
    ------
    UsageError
        If there are not two.
    """
    names = [str(name) for name in frame.columns]
    found = names[: names.index("count")] if "count" in names else []
    if len(found) != 2:
        cure = "Hand over shares() of a table by group and category."
        raise UsageError(f"{len(found)} axes, and two are needed", where="shares by group", cure=cure)
    return found[0], found[1]
