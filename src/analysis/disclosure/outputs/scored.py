"""Kinds of change between two scores: counted as cells of the base, and shown as shares within their bounds.

What kind of change a pair of scores is follows from what is published of its scale. Those who were not
measured again are counted beside every share, which is never of the rest alone.

References
----------
As for `analysis.methods.scores.with_change` and `analysis.methods.missing.bounds`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.outputs.from_counts import HIDDEN, Look, Method, Reader
from analysis.disclosure.population import Lacking, Population
from analysis.disclosure.tables import Key, make_key
from analysis.errors import DataRefused
from analysis.methods.counted import COUNT
from analysis.methods.missing import bounds
from analysis.methods.proportions import proportion
from analysis.methods.scores import (
    CLASSES,
    IMPROVED,
    NO_FIRST,
    NO_THRESHOLD,
    NOT_AGAIN,
    RECOVERED,
    UNCHANGED,
    WORSE,
    Instrument,
    instruments,
    with_change,
)
from analysis.records.scales import published_scales

MEASURE: Final = "measure"
START, END = "start", "end"
CHANGE: Final = "kind of change"
"""Dimension of a base of scores: where a pair began, and what became of it."""
INSIDE, OUTSIDE, NO_RANGE = "began in the clinical range", "began outside it", "no clinical range published"
TWICE, LOST = "measured twice", "not measured again"
TWICE_INSIDE, LOST_INSIDE = f"{TWICE}, {INSIDE}", f"{LOST}, {INSIDE}"
EITHER, NEITHER = f"{RECOVERED} or {IMPROVED}", f"{UNCHANGED}, or {WORSE}"
SHOWN: Final = {
    RECOVERED: (TWICE_INSIDE, LOST_INSIDE),
    EITHER: (TWICE, LOST),
    UNCHANGED: (TWICE, LOST),
    WORSE: (TWICE, LOST),
    NEITHER: (TWICE, LOST),
}
"""Kinds of change that are shown, with those of whom they are a share, and those who were lost of them."""
ANY: Final = "any kind"
NOBODY: Final = "No change on a scale with a published threshold can be shown."
LOOK: Final = Look(
    {
        "change": "Kind of change",
        "among": "Among",
        "count": "With it",
        "base": "Measured twice",
        "low": "From",
        "high": "To",
        "bound_low": "If none of the lost",
        "bound_high": "If all of the lost",
    },
    {
        **dict.fromkeys(("count", "base"), "count"),
        **dict.fromkeys(("share", "low", "high", "bound_low", "bound_high"), "percent"),
    },
)


@cache
def scales() -> dict[str, Instrument]:
    """Return what is published of each scale, by the label that it has in a frame of scores."""
    table = published_scales()
    found = instruments(table)
    return {str(row["label"]): found[str(row["measure"])] for row in table.to_dict("records")}


def leaves() -> tuple[str, ...]:
    """Return every kind of change with every kind of start that it can have."""
    kinds = (*CLASSES, NOT_AGAIN)
    every = [(start, kind) for start in (INSIDE, OUTSIDE, NO_RANGE) for kind in kinds]
    possible = [_leaf(*one) for one in every if one[1] != RECOVERED or one[0] == INSIDE]
    return (*possible, NO_THRESHOLD, NO_FIRST)


def declare_change(population: Population, frame: pd.DataFrame) -> tuple[str, ...]:
    """Make the dimension of kinds of change, and return its nodes that are shown.

    Parameters
    ----------
    population, frame
        The base, and its table: ``measure``, ``start`` and ``end`` [points].

    Raises
    ------
    Lacking
        If a score is off its scale.
    """
    plain = pd.DataFrame({name: frame[name] for name in (MEASURE, START, END)})
    rows = plain.assign(measure=plain[MEASURE].astype(object))
    try:
        made = with_change(rows, scales(), measure=MEASURE, start=START, end=END)
    except DataRefused:
        raise Lacking("The scores of the records do not fit their scales.") from None
    began = np.where(made["clinical_start"].fillna(value=False), INSIDE, OUTSIDE)
    began = np.where(made["clinical_start"].isna(), NO_RANGE, began)
    apart = {NO_FIRST, NO_THRESHOLD}
    values = [
        kind if kind in apart else _leaf(start, kind)
        for start, kind in zip(began, made["change"], strict=True)
    ]
    population.add(CHANGE, leaves(), values)
    population.relate(_impossible(map(str, frame[MEASURE].cat.categories)))
    return tuple(population.group(CHANGE, node, covered) for node, covered in _nodes().items())


def _nodes() -> dict[str, tuple[str, ...]]:
    """Return what is counted, each with the leaves that it covers."""

    def of(kinds: Sequence[str], starts: Sequence[str] = (INSIDE, OUTSIDE, NO_RANGE)) -> tuple[str, ...]:
        wanted = {_leaf(start, kind) for start in starts for kind in kinds}
        return tuple(leaf for leaf in leaves() if leaf in wanted)

    return {
        RECOVERED: of([RECOVERED]),
        EITHER: of([RECOVERED, IMPROVED]),
        UNCHANGED: of([UNCHANGED]),
        WORSE: of([WORSE]),
        NEITHER: of([UNCHANGED, WORSE]),
        TWICE: of(CLASSES),
        LOST: of([NOT_AGAIN]),
        TWICE_INSIDE: of(CLASSES, [INSIDE]),
        LOST_INSIDE: of([NOT_AGAIN], [INSIDE]),
    }


def _impossible(measures: Iterator[str]) -> Iterator[Key]:
    """Yield what no scale can have: a clinical range that is not published, or a start outside none."""
    for measure in measures:
        scale = scales().get(measure)
        lacking = scale is None or scale.reliable_change is None
        for leaf in leaves():
            start = leaf.partition(": ")[0]
            ruled_out = (leaf == NO_THRESHOLD and not lacking) or (
                start in {INSIDE, OUTSIDE, NO_RANGE}
                and (start == NO_RANGE) != (scale is None or scale.cut_off is None)
            )
            if ruled_out:
                yield make_key([(MEASURE, measure), (CHANGE, leaf)])


def _leaf(start: str, kind: str) -> str:
    return f"{start}: {kind}"


def change_shares(by: str) -> Method:
    """Return the share of each kind of change, by scale and group, within the bounds that the lost leave."""

    def method(counts: pd.DataFrame, reader: Reader) -> pd.DataFrame:
        names = [MEASURE, *((by,) if by else ())]
        rows = []
        for label, some in counts.groupby(names, sort=False):
            cells = dict(zip(some[CHANGE], some[COUNT], strict=True))
            about = dict(zip(names, label, strict=True))
            if some[COUNT].fillna(0).eq(0).all():  # nothing of the scale is released: one line says so
                rows.append(about | {"change": ANY, "among": "", HIDDEN: True})
                continue
            rows += [about | _share(cells, kind, reader) for kind in SHOWN]
        columns = [*names, "change", "among", "count", "base", "share", "low", "high"]
        found = pd.DataFrame(rows, columns=[*columns, "bound_low", "bound_high", HIDDEN])
        # None at all can only be where nobody can be: any other none is hidden.
        return found.loc[~(found["count"].eq(0) | found["base"].eq(0))].reset_index(drop=True)

    return method


def _share(cells: Mapping[str, float], kind: str, reader: Reader) -> dict[str, Any]:
    twice, lost = SHOWN[kind]
    count, base, gone = (cells[node] for node in (kind, twice, lost))
    among = INSIDE if twice == TWICE_INSIDE else "all with a first score"
    made = {"change": kind, "among": among, "count": count, "base": base}
    unknown = dict.fromkeys(("share", "low", "high", "bound_low", "bound_high"), math.nan)
    if math.isnan(count) or math.isnan(base) or base < reader.fewest:
        return made | unknown | {HIDDEN: True}
    share = proportion(int(count), int(base), reader.confidence)
    made |= unknown | {"share": share.value, "low": share.low, "high": share.high, HIDDEN: math.isnan(gone)}
    if not math.isnan(gone):
        wide = bounds(int(count), int(base), int(base + gone))
        made |= {"bound_low": wide.low, "bound_high": wide.high}
    return made
