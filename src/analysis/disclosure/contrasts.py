"""What a method makes of person-level rows, shown only where the cells behind it are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from analysis.disclosure.breakdown import Bools, Breakdown
from analysis.disclosure.content import MARKER, PROVENANCE, Content
from analysis.disclosure.derived import with_release
from analysis.disclosure.hidden import Unavailable
from analysis.disclosure.models import three_digits, told_apart
from analysis.disclosure.policy import Policy
from analysis.disclosure.settled import Settled
from analysis.errors import DisclosureRefused

COUNTS: Final = ("count", "base", "people", "people_with", "exits", "n", "at_risk", "adjusted_base")
"""Columns of counts that methods return: they are left out, since tables of counts are where those stand."""


@dataclass(frozen=True, eq=False)
class Contrast:
    """The result of a method on rows of the base, row by row for the categories of some columns.

    Attributes
    ----------
    split
        Without axes: the part of the base that it is of.
    tables
        For each column that the method uses, how it and the outcome break the base down.
    run
        Calls the method on some of the rows.
    rows
        Columns of the result that name the column and the category that a row is about.
    sides
        Categories of the outcome that are compared.
    """

    split: Breakdown
    tables: Mapping[str, Breakdown]
    run: Callable[[Bools], Any]
    rows: tuple[str, str]
    sides: tuple[str, ...]

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:  # noqa: ARG002
        """Return the result, each row only if every cell of its column is released."""
        population, base = settled.population, settled.population.base
        told = {
            (name, node)
            for name, table in self.tables.items()
            for node in told_apart(table, settled, name, self.sides)
        }
        if not told:
            what = f"No comparison of {base} is shown: its groups are of too few people."
            return Unavailable(what, (base,))
        result = self.run(self.split.rows(population, {}))
        table = getattr(result, "frame", result)
        if not isinstance(table, pd.DataFrame) or not set(self.rows) <= set(table.columns):
            cure = f"Take one that returns a frame with the columns {' and '.join(self.rows)}."
            raise DisclosureRefused("the method returns no row a category", where=base, cure=cure)
        shown = self._masked(table, told)
        mark = [settled.terms.marker if lacking else "" for lacking in shown.pop("lacking")]
        made = with_release(shown.assign(**{MARKER: mark}), settled.terms.tier, settled.terms.source_id)
        return Content(
            frame=made.reset_index(drop=True),
            axes=self.rows,
            cells={(): settled.count(self.split.key({}))},
            nodes={name: tuple(dict.fromkeys(map(str, made[name]))) for name in self.rows},
        )

    def _masked(self, table: pd.DataFrame, told: set[tuple[str, str]]) -> pd.DataFrame:
        """Leave out counts, hide rows that rest on hidden cells, and round what is left to three digits."""
        made = table[[name for name in table.columns if name not in {*COUNTS, *PROVENANCE}]].copy()
        columns, nodes = (made[name].astype(str) for name in self.rows)
        hide = pd.Series([pair not in told for pair in zip(columns, nodes, strict=True)], index=made.index)
        if "reference" in made:
            pairs = zip(columns, made["reference"].astype(str), strict=True)
            lacking = [bool(reference) and (name, reference) not in told for name, reference in pairs]
            hide |= pd.Series(lacking, index=made.index)
        for name in made.select_dtypes("number").columns:
            rounded = made[name].astype("float64").map(three_digits, na_action="ignore")
            made[name] = rounded.mask(hide)
        return made.assign(lacking=hide)
