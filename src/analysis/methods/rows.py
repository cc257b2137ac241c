"""Apply a method to every row of a frame without losing a row, a column or a row's provenance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.inputs import require_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analysis.methods.estimate import Estimate

PROVENANCE: Final = ("tier", "source_id", "figure_ids", "footnote")
"""Columns that say what a row rests on; every method passes them on."""


def columns(frame: pd.DataFrame, names: Sequence[str], *, where: str) -> list[pd.Series]:
    """Return columns by name.

    Raises
    ------
    UsageError
        If one is absent.
    """
    require_columns(frame, names, where=where)
    return [frame[name] for name in names]


def with_estimates(
    frame: pd.DataFrame,
    inputs: Sequence[pd.Series],
    estimator: Callable[..., Estimate],
    *,
    value: str,
    prefix: str,
    where: str,
) -> pd.DataFrame:
    """Return the frame with four more columns: value, low, high and method of each row.

    Parameters
    ----------
    frame
        Any frame; every row and column of it is kept, in order.
    inputs
        What the estimator is handed, in order, one item a row.
    estimator
        Turns one row's inputs into an estimate.
    value, prefix
        Column of the estimate, and what stands before ``low``, ``high`` and ``method``.
    where
        The method's name, for messages.

    Returns
    -------
    DataFrame
        A copy. A row with an input missing has NaN for its numbers and "" for its method.

    Raises
    ------
    DataRefused
        If a row's numbers are impossible; the message names the row.
    """
    results = [
        _estimate(where, label, estimator, row)
        for label, row in zip(frame.index, zip(*inputs, strict=True), strict=True)
    ]
    added = {
        value: [result.value if result else math.nan for result in results],
        f"{prefix}low": [result.low if result else math.nan for result in results],
        f"{prefix}high": [result.high if result else math.nan for result in results],
        f"{prefix}method": [result.method if result else "" for result in results],
    }
    return joined(frame, pd.DataFrame(added, frame.index))


def joined(frame: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with columns of the same rows added, in their order, replacing any of their names."""
    return frame.assign(**{str(name): added[name] for name in added.columns})


def resting_on(frame: pd.DataFrame, *others: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with every row resting also on all rows of other frames, which it was computed with.

    Parameters
    ----------
    frame
        With the provenance columns.
    *others
        Frames with the provenance columns; the tiers, sources and ids of each are added to every row, and
        their footnotes behind its own.

    Returns
    -------
    DataFrame
        A copy, with nothing but the provenance columns changed.

    Raises
    ------
    UsageError
        If a frame has no provenance.
    """
    for one in (frame, *others):
        require_columns(one, PROVENANCE, where="resting_on")
    return frame.assign(
        **{
            name: [
                _merged([cell, *(more for one in others for more in one[name])], name) for cell in frame[name]
            ]
            for name in PROVENANCE
        }
    )


def _merged(cells: Sequence[str], name: str) -> str:
    """Return ids once each; footnotes are sentences, stay whole, and are left out where another says them."""
    known = [cell for cell in cells if isinstance(cell, str)]
    if name != "footnote":
        return " ".join(dict.fromkeys(part for cell in known for part in cell.split()))
    said = dict.fromkeys(cell for cell in known if cell)
    return " ".join(one for one in said if not any(one != other and one in other for other in said))


def _estimate(
    where: str, label: object, estimator: Callable[..., Estimate], row: tuple[Any, ...]
) -> Estimate | None:
    if any(pd.isna(cell) for cell in row):
        return None
    try:
        return estimator(*row)
    except DataRefused as refused:
        raise DataRefused(refused.what, where=f"{where}, row {label}", cure=refused.cure) from None
