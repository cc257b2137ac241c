"""What is kept of one released object, and how its numbers are laid out with their markers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

import pandas as pd

from analysis.disclosure.outputs.derived import with_release
from analysis.disclosure.outputs.hidden import Hidden
from analysis.disclosure.tables import TOTAL, Key, make_key

WHOLE: Final = ("count", "base", "known", "at_risk", "left")
"""Columns of whole numbers."""
PROVENANCE: Final = ("tier", "source_id", "figure_ids", "footnote")
MARKER: Final = "marker"
"""Column that holds what stands for the missing numbers of a row; empty where none is missing."""


@dataclass(frozen=True)
class Terms:
    """What a released object says of itself, and the rules its own methods keep.

    Attributes
    ----------
    tier, source_id
        Of the records that it was computed from.
    marker, structural
        What stands for a hidden number, and for one that cannot be.
    percentage_base
        No percentage on a smaller base [rows].
    confidence
        Level of its intervals [fraction].
    """

    tier: str
    source_id: str
    marker: str = "[c]"
    structural: str = "–"
    percentage_base: int = 50
    confidence: float = 0.95

    @property
    def hidden(self) -> Hidden:
        """What stands for a number that is not released."""
        return Hidden(self.marker)


@dataclass(frozen=True)
class Content:
    """What was released of one object.

    Attributes
    ----------
    frame
        One row a category or combination of them, in the order declared: labels by axis, numbers (missing if
        hidden), `MARKER`, and where they are from.
    axes
        Columns of labels.
    cells
        Rows counted by cell [whole number], a marker if hidden, 0 if the cell cannot be.
    nodes
        Categories by axis, in order.
    impossible
        Cells that cannot be.
    labels, units, formats
        How the frame's columns are shown.
    wide
        Whether a table lays the last axis out in columns.
    """

    frame: pd.DataFrame
    axes: tuple[str, ...]
    cells: Mapping[Key, int | Hidden]
    nodes: Mapping[str, tuple[str, ...]]
    impossible: frozenset[Key] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False


def marked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a released frame with its markers in place of missing numbers, as tables and files show it."""
    shown = {
        str(name): _filled(frame[name], frame[MARKER])
        for name in frame.columns
        if pd.api.types.is_numeric_dtype(frame[name]) and (frame[name].isna() & frame[MARKER].ne("")).any()
    }
    return frame.assign(**shown).drop(columns=[MARKER])


def _filled(column: pd.Series[Any], marks: pd.Series[Any]) -> pd.Series[Any]:
    cells = [
        Hidden(mark) if mark and pd.isna(cell) else cell for cell, mark in zip(column, marks, strict=True)
    ]
    return pd.Series(cells, index=column.index, dtype=object)


def crossed(content: Content, terms: Terms) -> pd.DataFrame:
    """Return counts with the last axis in columns, totals last, and the marker in place of hidden ones."""
    heads = [[*(n for n in content.nodes[axis] if n != TOTAL), TOTAL] for axis in content.axes]
    lines = []
    for nodes in product(*heads[:-1]):
        labels = dict(zip(content.axes, nodes, strict=False))
        cells = {node: _cell(content, terms, {**labels, content.axes[-1]: node}) for node in heads[-1]}
        lines.append({**labels, **cells})
    return with_release(pd.DataFrame(lines), terms.tier, terms.source_id)


def _cell(content: Content, terms: Terms, at: dict[str, str]) -> int | Hidden:
    key = make_key(at.items())
    return Hidden(terms.structural) if key in content.impossible else content.cells[key]


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose counts are whole numbers and whose shares are fractions, missing ones kept."""
    whole = {name: frame[name].astype("Int64") for name in WHOLE if name in frame}
    parts = {name: frame[name].astype("float64") for name in ("share", "low", "high") if name in frame}
    return frame.assign(**whole, **parts)
