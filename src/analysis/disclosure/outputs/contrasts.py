"""Comparisons of groups on an outcome, made of released counts: crude, adjusted, and as a declared family.

What is compared is a table of each characteristic by the outcome. Its cells stand in the system of the base,
and a group is compared only if every cell of it is released, so a reader who has the estimates knows no more
than one who has those tables. Where a comparison is adjusted, its table is by all that it is adjusted for,
and a group is in it only if every cell of the group there is released. Crude and adjusted are then of the
same people: those of whom every answer is known.

Errors are clustered by survivor where enough survivors of each group have several rows. Otherwise each row
counts as a survivor of its own, since the error would tell how few have more than one.

References
----------
Griffiths E and others (2019), Handbook on Statistical Disclosure Control for Outputs, Safe Data Access
Professionals, "Regression" and "Correlation coefficients": with saturated tables an estimate is a table, and
is held to the rules of tables. As for `analysis.methods.access.contrasts`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.outputs.breakdown import Bools, Breakdown, unknown_nodes
from analysis.disclosure.outputs.content import MARKER, Content, typed
from analysis.disclosure.outputs.derived import with_release
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.outputs.models import three_digits
from analysis.disclosure.outputs.repeats import clustered
from analysis.disclosure.outputs.settled import Settled
from analysis.disclosure.policy import Policy
from analysis.methods import access
from analysis.methods.multiplicity import Kind, with_family

TOO_FEW: Final = "No two groups can be shown, so nothing is compared."
NO_REFERENCE: Final = "The group to compare with cannot be shown."
TOO_FEW_SHARE: Final = "Combinations of answers cannot be shown, so nothing is compared and adjusted."
ALONE: Final = "The interval takes each row as a survivor of its own."
SMALL: Final = "No percentages: the base is too small for them."

RATIOS: Final = ("ratio", "adjusted_ratio")
POINTS: Final = ("difference", "adjusted_difference")
CHANCES: Final = ("p", "p_family", "adjusted_p", "adjusted_p_family")
LABELS: Final = {
    "term": "Group",
    "compared_with": "Compared with",
    "outcome": "Outcome",
    "count": "With it",
    "base": "Out of",
    "ratio": "Odds ratio",
    "ratio_low": "From",
    "ratio_high": "To",
    "difference": "Difference of shares",
    "difference_low": "Difference from",
    "difference_high": "Difference to",
    "p": "p",
    "p_family": "p, whole family",
    "adjusted_ratio": "Adjusted odds ratio",
    "adjusted_ratio_low": "Adjusted from",
    "adjusted_ratio_high": "Adjusted to",
    "adjusted_difference": "Adjusted difference",
    "adjusted_difference_low": "Adjusted difference from",
    "adjusted_difference_high": "Adjusted difference to",
    "adjusted_p": "Adjusted p",
    "adjusted_p_family": "Adjusted p, whole family",
}


@dataclass(frozen=True)
class Compared:
    """What is compared, and how.

    Attributes
    ----------
    outcome
        Column of outcomes.
    sides
        Outcomes told apart. Of two the first is asked about; of more, odds are against the first.
    adjust
        Columns adjusted for.
    references
        Group to compare with, by characteristic; else the one with the most people.
    family
        Whether the questions were asked before the data were looked at, or are a search.
    """

    outcome: str
    sides: tuple[str, ...]
    adjust: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    family: Kind = "exploratory"


@dataclass(frozen=True, eq=False)
class Contrast:
    """Groups of some characteristics compared on an outcome.

    Attributes
    ----------
    split
        Without axes: the part of the base that it is of.
    asked
        What is compared.
    tables
        By characteristic, how it, what is adjusted for and the outcome break the base down, in this order.
    repeats
        By characteristic, how it and whether a survivor has several rows do.
    """

    split: Breakdown
    asked: Compared
    tables: Mapping[str, Breakdown]
    repeats: Mapping[str, Breakdown] = field(default_factory=dict)

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return the comparisons whose groups are released, all of them, with what the family makes of p."""
        found = pd.DataFrame([row for name in self.tables for row in self._rows(settled, policy, name)])
        base = settled.population.base
        if "ratio" not in found or found["ratio"].isna().all():
            why = f"No comparison of {base} is shown: its groups are of too few people."
            return Unavailable(why, (base,))
        return self._content(settled, self._judged(found, settled.terms.confidence))

    def _rows(self, settled: Settled, policy: Policy, name: str) -> list[dict[str, Any]]:
        """Return a row for each group of a characteristic, in order, and for each of several outcomes."""
        told, reference = self._told(settled, name), self.asked.references.get(name, "")
        few = TOO_FEW_SHARE if len(self.tables[name].axes) > 2 else TOO_FEW
        why = few if len(told) < 2 else NO_REFERENCE if reference and reference not in told else ""
        if why:
            return list(self._hidden(settled, name, known(self.tables[name], name), why))
        frame, notes = self._frame(settled, name, told)
        rows = self._compared(frame, name, settled.terms.confidence)
        nodes = known(self.tables[name], name)
        made = [self._row(row, policy.percentage_base, settled.terms.marker, notes) for row in rows]
        lacking = self._hidden(settled, name, [node for node in nodes if node not in told], "")
        return sorted([*made, *lacking], key=lambda row: nodes.index(row["group"]))

    def _told(self, settled: Settled, name: str) -> tuple[str, ...]:
        """Return the groups of which every cell is released, known ones alone."""
        table = self.tables[name]
        nodes = {axis: known(table, axis) for axis in table.axes} | {self.asked.outcome: self.asked.sides}
        cells = [at for at in table.cells(totals=False) if all(at[axis] in nodes[axis] for axis in at)]
        lacking = {at[name] for at in cells if not settled.shown(table.key(at))}
        return tuple(node for node in nodes[name] if node not in lacking)

    def _frame(self, settled: Settled, name: str, told: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
        """Return the rows that are compared, in an order that counts alone give, and what is to be noted."""
        population = settled.population
        table = self.tables[name]
        columns: dict[str, Any] = {name: _labels(settled, name, told)}
        columns[self.asked.outcome] = _labels(settled, self.asked.outcome, self.asked.sides)
        columns |= {one: _labels(settled, one, known(table, one)) for one in table.axes[1:-1]}
        notes: list[str] = []
        apart = not clustered(settled, self.repeats, {name: told})
        if apart and name in self.repeats:
            notes.append(ALONE)
        people = range(population.rows) if apart else population.codes()
        frame = pd.DataFrame({**columns, "person": people})
        kept = self.split.rows(population, {}) & frame.notna().all(axis=1)
        return frame.loc[kept].sort_values(list(columns), kind="stable", ignore_index=True), notes

    def _compared(self, frame: pd.DataFrame, name: str, confidence: float) -> list[dict[str, Any]]:
        asked = self.asked
        how: dict[str, Any] = {
            "person": "person",
            "adjust": [one for one in asked.adjust if one != name and one in frame],
            "references": {name: asked.references[name]} if name in asked.references else None,
            "confidence": confidence,
        }
        if len(asked.sides) > 2:
            found = access.outcomes_by_group(frame, asked.outcome, [name], outcomes=asked.sides, **how)
        else:
            found = access.contrasts(frame, asked.outcome, asked.sides[0], [name], **how)
        bases = frame.groupby(name)["person"].size()
        rows: list[dict[str, Any]] = found.to_dict("records")  # type: ignore[assignment]
        for row in rows:
            row["fewest"] = int(bases.reindex([row["group"], row["reference"]]).min())
        return rows

    def _row(self, row: Mapping[str, Any], fewest: int, marker: str, notes: Sequence[str]) -> dict[str, Any]:
        """Return what is shown of one comparison."""
        compared = row["group"] != row["reference"]
        made = self._named(row["characteristic"], row["group"], row["outcome"])
        said = [*notes] if compared else [row["note"]]
        made |= {"count": row["count"], "base": row["base"], MARKER: ""}
        made["share"] = row["share"] if row["base"] >= fewest else math.nan
        for prefix in ("", "adjusted_") if compared else ():
            odds = {f"{prefix}ratio{end}": row[f"{prefix}odds_ratio{end}"] for end in ("", "_low", "_high")}
            enough = row["fewest"] >= fewest
            gaps = [f"{prefix}difference{end}" for end in ("", "_low", "_high")]
            made |= odds | {name: row[name] if enough else math.nan for name in gaps}
            made[f"{prefix}p"] = row[f"{prefix}p"]
            said += [access.NOTES.get(str(row[f"{prefix}status"]), "")]
        if row["base"] < fewest or (compared and row["fewest"] < fewest):
            made[MARKER] = marker
            said.append(SMALL)
        made["compared_with"] = row["reference"] if compared else ""
        return made | {"note": " ".join(dict.fromkeys(one for one in said if one))}

    def _hidden(
        self, settled: Settled, name: str, nodes: Sequence[str], why: str
    ) -> Iterator[dict[str, Any]]:
        sides = self.asked.sides if len(self.asked.sides) > 2 else self.asked.sides[:1]
        for node in nodes:
            for side in sides:
                yield self._named(name, node, side) | {
                    "compared_with": "",
                    "note": why,
                    MARKER: settled.terms.marker,
                }

    def _named(self, name: str, node: str, side: str) -> dict[str, Any]:
        words = name.replace("_", " ").capitalize()
        return {"characteristic": name, "group": node, "term": f"{words}: {node}", "outcome": side}

    def _judged(self, found: pd.DataFrame, confidence: float) -> pd.DataFrame:
        """Return all comparisons with p-values of the whole family, and what stands."""
        made = found.reindex(columns=[*found, *(one for one in CHANCES if one not in found)])
        kind = "holm" if self.asked.family == "confirmatory" else "bh"
        for prefix in ("", "adjusted_"):
            judged = with_family(made, self.asked.family, p=f"{prefix}p", confidence=confidence)
            made[f"{prefix}p_family"] = judged[f"{prefix}p_{kind}"]
        return made

    def _content(self, settled: Settled, found: pd.DataFrame) -> Content:
        several = len(self.asked.sides) > 2
        limited = [f"{name}{end}" for name in (*RATIOS, *POINTS) for end in ("", "_low", "_high")]
        rounded = {
            name: found[name].astype("float64").map(three_digits, na_action="ignore")
            for name in ("share", *limited, *CHANCES)
            if name in found
        }
        absent = [
            name for name in map(str, found) if name.startswith("adjusted_") and found[name].isna().all()
        ]
        frame = typed(found.assign(**rounded).drop(columns=[*absent, *(() if several else ("outcome",))]))
        axes = ("characteristic", "group", *(("outcome",) if several else ()))
        formats = {name: _format(name) for name in rounded} | dict.fromkeys(("count", "base"), "count")
        shown = with_release(frame.reset_index(drop=True), settled.terms.tier, settled.terms.source_id)
        return Content(
            frame=shown,
            axes=axes,
            cells={},
            nodes={axis: tuple(dict.fromkeys(map(str, shown[axis]))) for axis in axes},
            labels=LABELS,
            formats=formats,
        )


def known(table: Breakdown, name: str) -> tuple[str, ...]:
    """Return the categories of a column that are no kind of unknown: unknown is no group, and never "no"."""
    return tuple(node for node in table.nodes[name] if node not in unknown_nodes())


def _labels(settled: Settled, name: str, nodes: Sequence[str]) -> np.ndarray[Any, np.dtype[Any]]:
    """Return the name of each row's group, None where it is in none of them."""
    found = np.full(settled.population.rows, None, dtype=object)
    for node in nodes:
        inside: Bools = settled.population.at(name, node)
        found[inside] = node
    return found


def _format(name: str) -> str:
    if name == "share":
        return "percent"
    if "difference" in name:
        return "points"
    return "ratio" if "ratio" in name else ".2g"
