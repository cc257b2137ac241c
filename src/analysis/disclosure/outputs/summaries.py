"""What a release plans beyond counts: comparisons and other methods, made of released counts alone.

Each takes one table of counts or several, which stand in the system of the base like all others. Categories
that a method does not use, and totals, are counted so that they cannot be worked out, and are not printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure.commitment import Commitment
from analysis.disclosure.outputs import breakdown as breaking
from analysis.disclosure.outputs import from_counts as reckoned
from analysis.disclosure.outputs import scored
from analysis.disclosure.outputs.breakdown import Breakdown, Groups, breakdown
from analysis.disclosure.outputs.contrasts import Compared, Contrast, known
from analysis.disclosure.outputs.from_counts import FromCounts
from analysis.disclosure.outputs.models import Outcome
from analysis.disclosure.outputs.repeats import ONE, ONE_ROW_EACH, REPEATED, SEVERAL
from analysis.disclosure.outputs.settled import Measure
from analysis.disclosure.population import Lacking, Population, Where
from analysis.disclosure.released import Released
from analysis.errors import UsageError, one_of
from analysis.methods.multiplicity import KINDS, Kind


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
        """Plan a comparison of groups on an outcome; see `analysis.disclosure.outputs.contrasts`.

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
            Characteristics adjusted for; crude and adjusted are then of those of whom all of them are known.
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
            axes = {one: (one, *(other for other in more if other != one), outcome) for one in names}
            tables = {
                one: self._declared(population, frame, every, f"{label}, {one}", sides, **how)
                for one, every in axes.items()
            }
            repeats = self._repeats(population, frame, names, label, **how)
            asked = Compared(outcome, sides, more, references or {}, family)
            return Contrast(breakdown(population, frame, (), where=where), asked, tables, repeats)

        return self._planned(frame, "comparison", plan, name)

    def intersections(
        self,
        frame: pd.DataFrame,
        outcome: str,
        by: Sequence[str],
        *,
        positive: str | Sequence[str],
        parts: bool = False,
        where: Where | None = None,
        groups: Groups | None = None,
        name: str = "",
    ) -> Released:
        """Plan how far combinations of characteristics divide people, or each combination by itself.

        Parameters
        ----------
        frame, outcome, positive, where, groups, name
            As for `comparison`.
        by
            Two or three characteristics.
        parts
            Whether the division is shown, and not the combinations.

        References
        ----------
        As for `analysis.methods.intersections.maihda`, from the combinations of enough people alone.
        """

        def plan(population: Population, label: str) -> Measure:
            population.declare(frame, outcome)
            sets, sides = _sides(population, outcome, groups or {}, positive)
            axes = (*by, outcome)
            split = self._declared(population, frame, axes, label, sides, where=where, groups=sets)
            nodes = {**{one: known(split, one) for one in by}, outcome: sides}
            method = reckoned.intersections(outcome, sides[0], parts=parts)
            axis, look = ("measure", reckoned.PARTS) if parts else ("stratum", reckoned.STRATA)
            return FromCounts(split, nodes, method, (axis,), reckoned.FEW_COMBINATIONS, look)

        return self._planned(frame, "intersections", plan, name)

    def imputed(
        self,
        frame: pd.DataFrame,
        outcome: str,
        by: str,
        *,
        level: str,
        positive: str | Sequence[str] | None = None,
        against: str = "",
        where: Where | None = None,
        groups: Groups | None = None,
        name: str = "",
    ) -> Released:
        """Plan a share with the unknown imputed, beside its bounds; or what it takes to overturn a gap.

        Parameters
        ----------
        frame, outcome, positive, where, groups, name
            As for `comparison`.
        by
            The characteristic that is not known of all.
        level
            Its group whose share is wanted.
        against
            A group: then it is how different the unknown would have to be before the gap in the outcome
            between the two goes or comes.

        References
        ----------
        As for `analysis.methods.counted.imputed` and `analysis.methods.counted.tipped`.
        """
        (column,) = breaking.columns(by)

        def plan(population: Population, label: str) -> Measure:
            population.declare(frame, outcome)
            sets, sides = _sides(population, outcome, groups or {}, positive)
            split = breakdown(population, frame, (column, outcome), where=where, groups=sets)
            groups_, unknown = known(split, column), set(split.nodes[column]) & breaking.unknown_nodes()
            for one in (level, against) if against else (level,):
                if one not in groups_:
                    where_ = f"release of {population.base}, {column}"
                    raise UsageError(f'there is no group "{one}"', where=where_, cure=one_of(one, groups_))
            if not unknown:
                raise Lacking(
                    f"By the rules of the records, {column.replace('_', ' ')} is known of everybody."
                )
            nodes = {column: split.nodes[column], outcome: sides}
            self._allow(population.base, label, split)
            population.tables.append(split.table(population.everyone(), label, nodes))
            if against:
                method = reckoned.tipped(column, outcome, sides[0], level, against)
                return FromCounts(
                    split, nodes, method, ("odds",), reckoned.NOT_ALL_KNOWN, reckoned.tip(level)
                )
            method = reckoned.imputed(column, outcome, level)
            return FromCounts(split, nodes, method, ("basis",), reckoned.NOT_ALL_KNOWN, reckoned.SHARES)

        return self._planned(frame, "imputed", plan, name)

    def trend(
        self,
        frame: pd.DataFrame,
        *,
        by: str | Sequence[str] = "month",
        at: str = "",
        where: Where | None = None,
        name: str = "",
    ) -> Released:
        """Plan counts by month with the limits of an XmR chart; or the change at a month fixed in advance.

        Parameters
        ----------
        frame, where, name
            As for `analysis.disclosure.release.Release.crosstab`.
        by
            Column of months.
        at
            First month after the change, ``2023-01``; none for the chart.

        References
        ----------
        As for `analysis.methods.trends.xmr` and `analysis.methods.change.segmented`.
        """
        (time,) = breaking.columns(by)

        def plan(population: Population, label: str) -> Measure:
            split = self._declared(population, frame, (time,), label, where=where)
            nodes = {time: known(split, time)}
            if at:
                return FromCounts(
                    split, nodes, reckoned.changed(time, at), ("measure",), reckoned.GAPS, reckoned.RATIOS
                )
            return FromCounts(
                split, nodes, reckoned.trend(time), (time,), reckoned.NO_SERIES, reckoned.SERIES
            )

        return self._planned(frame, "trend", plan, name)

    def change_shares(
        self,
        frame: pd.DataFrame,
        *,
        by: str | Sequence[str] | None = None,
        where: Where | None = None,
        groups: Groups | None = None,
        name: str = "",
    ) -> Released:
        """Plan shares of kinds of change between two scores, by scale; see `outputs.scored`.

        Parameters
        ----------
        frame, where, groups, name
            As for `analysis.disclosure.release.Release.crosstab`, of the scores.
        by
            A column of groups, if any.
        """
        more = breaking.columns(by)

        def plan(population: Population, label: str) -> Measure:
            kinds = scored.declare_change(population, frame)
            split = breakdown(population, frame, (scored.MEASURE, *more), where=where, groups=groups)
            told = {axis: known(split, axis) for axis in split.axes} | {scored.CHANGE: kinds}
            nodes = {**split.nodes, scored.CHANGE: kinds}
            whole = Breakdown((*split.axes, scored.CHANGE), nodes, split.part)
            self._allow(population.base, label, whole)
            population.tables.append(whole.table(population.everyone(), label, told))
            axes = (*split.axes, "change")
            method = scored.change_shares(more[0] if more else "")
            return FromCounts(whole, told, method, axes, scored.NOBODY, scored.LOOK)

        return self._planned(frame, "change_shares", plan, name)

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
