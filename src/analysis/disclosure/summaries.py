"""What a release plans beyond counts: comparisons and other methods, made of released counts alone.

Each takes one table of counts or several, which stand in the system of the base like all others. Categories
that a method does not use, and totals, are counted so that they cannot be worked out, and are not printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure import breakdown as breaking
from analysis.disclosure.breakdown import Breakdown, Groups, breakdown
from analysis.disclosure.commitment import Commitment
from analysis.disclosure.contrasts import ONE, REPEATED, SEVERAL, Compared, Contrast, known
from analysis.disclosure.models import Outcome
from analysis.disclosure.population import Population, Where
from analysis.disclosure.released import Released
from analysis.disclosure.settled import Measure
from analysis.errors import UsageError, one_of
from analysis.methods.multiplicity import KINDS, Kind

ONE_ROW_EACH = frozenset({"people", "units"})
"""Bases of which everybody knows that no survivor has several rows."""


class Summaries(Commitment):
    """Plans what is made of released counts."""

    def comparison(
        self,
        frame: pd.DataFrame,
        outcome: str,
        by: str | Sequence[str],
        *,
        positive: str | Sequence[str] | None = None,
        adjust: str | Sequence[str] | None = None,
        references: Mapping[str, str] | None = None,
        family: Kind = "exploratory",
        where: Where | None = None,
        groups: Groups | None = None,
        name: str = "",
    ) -> Released:
        """Plan a comparison of groups on an outcome; see `analysis.disclosure.contrasts`.

        Parameters
        ----------
        frame, where, groups, name
            As for `analysis.disclosure.release.Release.crosstab`.
        outcome
            Column of outcomes, in the named sets of ``groups`` if it has some.
        by
            Characteristics, each compared by itself; all comparisons are one family.
        positive
            The outcome that is asked about, against all others that are known. Without it all outcomes are
            compared at once.
        adjust
            Characteristics adjusted for.
        references
            Group to compare with, by characteristic.
        family
            "confirmatory" for questions asked before the data were looked at, "exploratory" for a search.

        Raises
        ------
        UsageError
            If the outcome asked about, or the family, is not known.
        """
        if family not in KINDS:
            cure = one_of(family, KINDS)
            raise UsageError(f'no family "{family}"', where="release.comparison", cure=cure)
        names, more = breaking.columns(by), breaking.columns(adjust)

        def plan(population: Population, label: str) -> Measure:
            population.declare(frame, outcome)
            sets, sides = _sides(population, outcome, groups or {}, positive)
            how: dict[str, Any] = {"where": where, "groups": sets}
            tables = {
                one: self._declared(population, frame, (one, outcome), f"{label}, {one}", sides, **how)
                for one in names
            }
            rest = {one: tuple(other for other in more if other != one) for one in names}
            joint = {
                one: self._declared(
                    population, frame, (one, *others, outcome), f"{label}, {one}, adjusted", sides, **how
                )
                for one, others in rest.items()
                if others
            }
            repeats = self._repeats(population, frame, names, label, **how)
            asked = Compared(outcome, sides, more, references or {}, family)
            return Contrast(breakdown(population, frame, (), where=where), asked, tables, joint, repeats)

        return self._planned(frame, "comparison", plan, name)

    # -- tables of counts -----------------------------------------------------------------------------

    def _split(
        self, population: Population, frame: pd.DataFrame, axes: Sequence[str], label: str, **how: Any
    ) -> Breakdown:
        """Declare how an output breaks its base down, and the table of counts that this takes."""
        split = breakdown(population, frame, axes, **how)
        self._allow(population.base, label, split)
        population.tables.append(split.table(population.everyone(), label))
        return split

    def _pairs(
        self,
        population: Population,
        frame: pd.DataFrame,
        by: Sequence[str],
        outcome: Outcome,
        *,
        label: str,
        where: Where | None,
        groups: Groups | None,
    ) -> dict[str, Breakdown]:
        """Declare a table of each column by an outcome: what a model of it rests on."""
        how: dict[str, Any] = {"where": where, "groups": {**(groups or {}), outcome.column: outcome.groups}}
        return {
            one: self._split(population, frame, (one, outcome.column), f"{label}, {one}", **how) for one in by
        }

    def _declared(
        self,
        population: Population,
        frame: pd.DataFrame,
        axes: Sequence[str],
        label: str,
        sides: Sequence[str] = (),
        **how: Any,
    ) -> Breakdown:
        """Declare a table of which categories that are known are used alone, and of the last axis some."""
        split = breakdown(population, frame, axes, **how)
        self._allow(population.base, label, split)
        told = {axis: known(split, axis) for axis in split.axes}
        told |= {axes[-1]: tuple(sides)} if sides else {}
        told = {axis: nodes or split.nodes[axis] for axis, nodes in told.items()}
        population.tables.append(split.table(population.everyone(), label, told))
        return split

    def _repeats(
        self, population: Population, frame: pd.DataFrame, names: Sequence[str], label: str, **how: Any
    ) -> dict[str, Breakdown]:
        """Declare whether survivors have several rows, by characteristic, unless everybody knows."""
        if population.base in ONE_ROW_EACH:
            return {}
        codes = population.codes()
        often = np.bincount(codes, minlength=1)[codes] > 1 if len(codes) else np.zeros(0, dtype=np.bool_)
        population.add(REPEATED, (ONE, SEVERAL), np.where(often, SEVERAL, ONE))
        found = {}
        for one in names:
            split = breakdown(population, frame, (one,), **how)
            split = Breakdown((one, REPEATED), {**split.nodes, REPEATED: (ONE, SEVERAL)}, split.part)
            told = {one: known(split, one) or split.nodes[one], REPEATED: (SEVERAL,)}
            population.tables.append(split.table(population.everyone(), f"{label}, {one}, rows", told))
            found[one] = split
        return found


def _sides(
    population: Population, column: str, groups: Groups, positive: str | Sequence[str] | None
) -> tuple[Groups, tuple[str, ...]]:
    """Return the sets of outcomes that are told apart, and their names, the one asked about first.

    Raises
    ------
    UsageError
        If the outcome asked about is none, is unknown, or is all there is.
    """
    unknown = breaking.unknown_nodes()
    sets = groups.get(column, {})
    covering = {leaf: node for node, leaves in sets.items() for leaf in leaves}
    leaves = [leaf for leaf in population.leaves(column) if leaf not in unknown or leaf in covering]
    nodes = tuple(dict.fromkeys(covering.get(leaf, leaf) for leaf in leaves))
    if positive is None:
        return groups, nodes
    wanted = (positive,) if isinstance(positive, str) else tuple(positive)
    chosen = [leaf for leaf in leaves if leaf in wanted or covering.get(leaf) in wanted]
    others = [leaf for leaf in leaves if leaf not in chosen]
    if not chosen or not others or not set(wanted) <= {*nodes, *leaves}:
        cure = f"Pass positive= one or more of: {', '.join(nodes)}; not all."
        where = f"release of {population.base}, {column}"
        raise UsageError("the outcome has no yes and no", where=where, cure=cure)
    yes = wanted[0] if len(wanted) == 1 else " or ".join(wanted)
    rest = {covering.get(leaf, leaf) for leaf in others}
    no = rest.pop() if len(rest) == 1 else f"not {yes}"
    return {**groups, column: {yes: tuple(chosen), no: tuple(others)}}, (yes, no)
