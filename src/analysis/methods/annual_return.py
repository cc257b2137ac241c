"""The table of an annual return: people by characteristic, and places, by type of accommodation."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.methods.inputs import require_columns
from analysis.methods.rows import PROVENANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL: Final = "all"
RELEVANT: Final = "relevant"
"""Parent of the types of accommodation that count as safe accommodation, in the code list."""
SHARED: Final = re.compile(r" \(.*?\)|(?: safe| domestic abuse emergency)? accommodation")
"""What the labels of the types share, and remarks in them."""


def types_of(codes: pd.DataFrame) -> dict[str, str]:
    """Return the types of safe accommodation by code, in their order, in words short enough to head columns.

    Parameters
    ----------
    codes
        The code list of accommodation types: ``code``, ``label``, ``parent``.

    Returns
    -------
    dict
        Code to label, without what all of them share: "Refuge" for "Refuge accommodation".

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    Domestic Abuse Support (Relevant Accommodation and Housing Benefit and Universal Credit Sanctuary Schemes)
    (Amendment) Regulations 2021, regulation 2.
    """
    require_columns(codes, ["code", "label", "parent"], where="types_of")
    own = codes[codes["parent"] == RELEVANT]
    return {code: SHARED.sub("", label) for code, label in zip(own["code"], own["label"], strict=True)}


def laid_out(
    people: Mapping[str, pd.DataFrame], places: Mapping[str, pd.DataFrame], types: Mapping[str, str]
) -> pd.DataFrame:
    """Lay figures out as a return asks for them: a row a category, a column a type of accommodation.

    Parameters
    ----------
    people
        By heading: rows with ``label`` and ``count`` of all types together, and provenance.
    places
        By code of the type: one row with the ``count`` of its places, and provenance; a type without a row is
        not published.
    types
        Code to label of each type.

    Returns
    -------
    DataFrame
        ``heading``, ``label``, ``all`` (all types together), one column a type by its code, and provenance.
        NaN where a number is not published: an unknown is never 0.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    Ministry of Housing, Communities and Local Government, Support in domestic abuse safe accommodation: the
    categories that its releases print.
    """
    nothing = dict.fromkeys(types, math.nan)
    rows: list[dict[str, Any]] = []
    counted = {code: float(frame["count"].sum()) for code, frame in places.items() if len(frame)}
    if counted:
        known = {"heading": "Places", "label": "Places, or homes made safer", ALL: math.nan}
        rows.append(known | nothing | counted | _provenance(pd.concat(list(places.values()))))
    for heading, frame in people.items():
        require_columns(frame, ["label", "count", *PROVENANCE], where="laid_out")
        rows += [
            {"heading": heading, "label": row["label"], ALL: row["count"], **nothing}
            | {name: row[name] for name in PROVENANCE}
            for _, row in frame[frame["count"].notna()].iterrows()
        ]
    return pd.DataFrame(rows, columns=["heading", "label", ALL, *types, *PROVENANCE])


def _provenance(frame: pd.DataFrame) -> dict[str, str]:
    return {
        name: " ".join(dict.fromkeys(part for cell in frame[name] for part in str(cell).split()))
        if name != "footnote"
        else " ".join(dict.fromkeys(cell for cell in frame[name] if cell))
        for name in PROVENANCE
    }
