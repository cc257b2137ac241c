"""The mean gain between two scores: of those measured twice, weighted for who was lost, and its bounds.

The mean of those measured twice, and the first scores of those lost, are means and are held to the rules of
sums (p % and dominance). Weights look at who was lost, level by level; a characteristic is used only if every
level's counts of lost and kept are released. Points have one decimal.

References
----------
As for `analysis.methods.gains.mean_gain` and `analysis.methods.attrition.weighted_gain`. Griffiths E and
others (2019), Handbook on Statistical Disclosure Control for Outputs, Safe Data Access Professionals,
"Means".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.outputs.breakdown import Breakdown
from analysis.disclosure.outputs.content import MARKER, Content
from analysis.disclosure.outputs.contrasts import known
from analysis.disclosure.outputs.derived import with_release
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.outputs.magnitude import Amounts
from analysis.disclosure.outputs.settled import Settled
from analysis.disclosure.policy import Policy
from analysis.errors import DataRefused
from analysis.methods.attrition import weighted_gain
from analysis.methods.gains import mean_gain
from analysis.methods.scores import Instrument

PAIRED: Final = "paired"
BOTH, FIRST = "Both scores", "First score alone"
OTHERS: Final = "all others"
TWICE: Final = "Those measured twice"
WEIGHTED: Final = "All who began, had the lost gained like those they were like"
UNCHANGED: Final = "All who began, had the lost gained nothing"
BOUNDS: Final = "All who began, had the lost ended at the worst, and at the best score"
LABELS: Final = {
    "basis": "Of whom",
    "gain": "Points gained",
    "low": "From",
    "high": "To",
    "note": "What to know",
}


@dataclass(frozen=True, eq=False)
class Gain:
    """The mean gain on one scale.

    Attributes
    ----------
    split, lost
        Rows with both scores, and with the first alone.
    changes, starts
        Every sum that the report shows of changes, and of first scores.
    start, end
        Scores, one a row [points].
    scale
        What is published of it.
    tables
        By characteristic, how it and whether a row has both scores break the base down.
    """

    split: Breakdown
    lost: Breakdown
    changes: Amounts
    starts: Amounts
    start: np.ndarray[Any, np.dtype[np.float64]]
    end: np.ndarray[Any, np.dtype[np.float64]]
    scale: Instrument
    tables: Mapping[str, Breakdown]

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return the gain of those measured twice, and of all if enough is known of the lost."""
        base = settled.population.base
        if self.split.key({}) not in self.changes.released(settled, policy):
            why = "The mean of those measured twice on the scale cannot be shown."
            return Unavailable(why, (base,))
        rows = self._frame(settled)
        confidence = settled.terms.confidence
        how: dict[str, Any] = {"person": "person", "start": "start", "end": "end", "confidence": confidence}
        try:
            plain = mean_gain(rows, self.scale, **how)
        except DataRefused:
            return Unavailable("The scores of the records do not fit their scale.", (base,))
        own = plain.iloc[0]
        found = [{"basis": TWICE, "gain": own["gain"], "low": own["low"], "high": own["high"], "note": ""}]
        told = self.lost.key({}) in self.starts.released(settled, policy)
        if told:
            found.append(self._weighted(settled, rows, confidence))
            found.append({"basis": UNCHANGED, "gain": own["unchanged"], "note": ""})
            found.append({"basis": BOUNDS, "low": own["bound_low"], "high": own["bound_high"], "note": ""})
        else:
            found += [
                {"basis": words, "note": "", MARKER: settled.terms.marker} for words in (WEIGHTED, BOUNDS)
            ]
        return self._content(settled, pd.DataFrame(found))

    def _frame(self, settled: Settled) -> pd.DataFrame:
        """Return the rows that began, in an order that does not depend on theirs."""
        population = settled.population
        inside = self.split.rows(population, {}) | self.lost.rows(population, {})
        columns: dict[str, Any] = {"start": self.start, "end": self.end, "person": population.codes()}
        for name, table in self.tables.items():
            nodes = known(table, name)
            cells = [{name: node, PAIRED: side} for node in nodes for side in (BOTH, FIRST)]
            if not all(settled.shown(table.key(cell)) for cell in cells):
                continue
            label = np.full(population.rows, OTHERS, dtype=object)
            for node in nodes:
                label[population.at(name, node)] = node
            columns[name] = label
        made = pd.DataFrame(columns).loc[inside]
        order = [str(name) for name in made if name != "person"]
        return made.sort_values(order, kind="stable", ignore_index=True)

    def _weighted(self, settled: Settled, rows: pd.DataFrame, confidence: float) -> dict[str, Any]:
        names = [str(name) for name in rows if name not in {"start", "end", "person"}]
        try:
            found = weighted_gain(
                rows, self.scale, names, person="person", start="start", end="end", confidence=confidence
            ).iloc[0]
        except DataRefused:
            return {"basis": WEIGHTED, "note": "", MARKER: settled.terms.marker}
        return {"basis": WEIGHTED, **{one: found[one] for one in ("gain", "low", "high", "note")}}

    def _content(self, settled: Settled, found: pd.DataFrame) -> Content:
        made = found.reindex(columns=["basis", "gain", "low", "high", "note", MARKER])
        numbers = {name: made[name].astype(float).round(1) for name in ("gain", "low", "high")}
        frame = made.assign(**numbers, **{MARKER: made[MARKER].astype(object).fillna("")})
        return Content(
            frame=with_release(frame, settled.terms.tier, settled.terms.source_id),
            axes=("basis",),
            cells={},
            nodes={"basis": tuple(frame["basis"])},
            labels=LABELS,
            formats=dict.fromkeys(("gain", "low", "high"), "number"),
        )


def scores(column: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return scores as numbers, missing where not measured."""
    values = column.astype("Float64").to_numpy(dtype=np.float64, na_value=math.nan)
    return np.asarray(values, dtype=np.float64)
