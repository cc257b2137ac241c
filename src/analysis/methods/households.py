"""Quarterly counts of households in districts, added up by quarter or by district where they are complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from analysis.errors import UsageError, one_of
from analysis.methods.inputs import require_columns
from analysis.methods.rows import PROVENANCE
from analysis.methods.trends import xmr

if TYPE_CHECKING:
    from collections.abc import Collection

By = Literal["quarter", "district"]
FEWEST: Final = 6
"""Quarters with a share without which change is not told from noise here."""

_BY: Final = ("quarter", "district")
_NEEDED: Final = ("quarter", "district", "measure", "value", "status", *PROVENANCE)


def added_up(frame: pd.DataFrame, by: By, *, count: Collection[str], base: Collection[str]) -> pd.DataFrame:
    """Add up households and their base over the districts of a quarter, or the quarters of a district.

    A district's quarter counts only if every measure asked for is published in it; otherwise it is left out
    of count and base alike, so that a share never has a part of its count or of its base missing.

    Parameters
    ----------
    frame
        Long form: ``quarter`` (`pandas.Period`), ``district``, ``measure``, ``value`` [households, NaN unless
        published], ``status`` ("ok", "no data", "suppressed") and the provenance columns.
    by
        "quarter" or "district".
    count, base
        Measures that are added up to the count, and to its base. One that a quarter's table did not have yet,
        and so has no row, is no gap.

    Returns
    -------
    DataFrame
        One row a quarter in order, or a district by name: ``label`` ("2022 Q2", or the district), ``count``
        and ``base`` [households; NaN where nothing is complete or there are no households], ``used`` and
        ``expected`` [districts of the quarter, or quarters of the district], and provenance.

    Raises
    ------
    UsageError
        If a column is absent, or ``by`` is neither.

    References
    ----------
    None: sums over complete cases.
    """
    if by not in _BY:
        raise UsageError(f'cannot add up by "{by}"', where="added_up", cure=one_of(by, _BY))
    require_columns(frame, _NEEDED, where="added_up")
    asked = frame[frame["measure"].isin([*count, *base])]
    complete = asked["status"].eq("ok").groupby([asked["quarter"], asked["district"]]).transform("all")
    rows = [
        _row(name, part, complete[part.index], count, base) for name, part in asked.groupby(by, sort=True)
    ]
    return pd.DataFrame(rows, columns=["label", "count", "base", "used", "expected", *PROVENANCE])


def charted(frame: pd.DataFrame, *, count: Collection[str], base: Collection[str]) -> pd.DataFrame:
    """Return the quarterly share of households with the limits and signals of an XmR chart.

    Parameters
    ----------
    frame, count, base
        As in `added_up`.

    Returns
    -------
    DataFrame
        As `added_up` by quarter, then ``share`` [fraction] and what `analysis.methods.trends.xmr` adds;
        no row if fewer than 6 quarters have a share, or no two in a row.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    As for `analysis.methods.trends.xmr`.
    """
    rows = added_up(frame, "quarter", count=count, base=base)
    rows = rows.assign(share=rows["count"] / rows["base"])
    if rows["share"].count() < FEWEST or not rows["share"].diff().count():
        return rows.iloc[:0]
    return xmr(rows, "share", minimum=0)


def counted(frame: pd.DataFrame, *, count: Collection[str], base: Collection[str]) -> pd.DataFrame:
    """Return the quarterly number of households with the limits and signals of an XmR chart.

    Parameters
    ----------
    frame, count, base
        As in `added_up`.

    Returns
    -------
    DataFrame
        As `added_up` by quarter, then what `analysis.methods.trends.xmr` adds. A quarter in which a district
        is not complete has no count, so that no number has a part missing; no row if fewer than 6 quarters
        have one, or no two in a row.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    As for `analysis.methods.trends.xmr`.
    """
    rows = added_up(frame, "quarter", count=count, base=base)
    rows = rows.assign(count=rows["count"].where(rows["used"] == rows["expected"]))
    if rows["count"].count() < FEWEST or not rows["count"].diff().count():
        return rows.iloc[:0]
    return xmr(rows, "count", minimum=0)


def _row(
    name: Any, part: pd.DataFrame, complete: pd.Series, count: Collection[str], base: Collection[str]
) -> dict[str, Any]:
    used = part[complete]
    of = used.loc[used["measure"].isin(list(base)), "value"].sum(min_count=1)
    counted = used.loc[used["measure"].isin(list(count)), "value"].sum(min_count=1)
    cells = part[["quarter", "district"]].drop_duplicates()
    return {
        "label": f"{name.year} Q{name.quarter}" if isinstance(name, pd.Period) else str(name),
        "count": counted if of > 0 else float("nan"),
        "base": of if of > 0 else float("nan"),
        "used": len(used[["quarter", "district"]].drop_duplicates()),
        "expected": len(cells),
        **{column: " ".join(dict.fromkeys(part[column][part[column] != ""])) for column in PROVENANCE},
    }
