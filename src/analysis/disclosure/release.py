"""The release of one report, as pandas calls things: every output is planned, and nothing is shown yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from analysis.disclosure.outputs import breakdown as breaking
from analysis.disclosure.outputs import gains
from analysis.disclosure.outputs.breakdown import Groups, breakdown
from analysis.disclosure.outputs.contrasts import known
from analysis.disclosure.outputs.durations import Columns, declare, declare_exits, durations_of
from analysis.disclosure.outputs.magnitude import Amounts, Totals
from analysis.disclosure.outputs.measures import Means, Quantiles
from analysis.disclosure.outputs.models import FAMILIES, Model, outcome_of
from analysis.disclosure.outputs.paces import Pace
from analysis.disclosure.outputs.scored import scales
from analysis.disclosure.outputs.settled import Counts, Measure
from analysis.disclosure.outputs.summaries import Summaries
from analysis.disclosure.outputs.survival import Curve
from analysis.disclosure.population import Population, Where, numbers
from analysis.disclosure.released import Released
from analysis.errors import UsageError, one_of

DURATIONS: Final = Columns()
AGGREGATES: Final = ("count", "mean", "median", "sum")


class Release(Summaries):
    """The only way from person-level frames to a report: plan, commit once, show.

    What it takes is what `analysis.disclosure.commitment.Commitment` takes.
    """

    def crosstab(
        self,
        frame: pd.DataFrame,
        *by: str,
        where: Where | None = None,
        groups: Groups | None = None,
        apart: Sequence[str] = (),
        name: str = "",
    ) -> Released:
        """Plan the rows counted in each category, or combination of categories.

        Parameters
        ----------
        frame
            A whole table of the cohort.
        *by
            Columns of categories; the last stands across.
        where
            Column to the category, or categories, that the table is about: ``{"outcome": "Declined"}``.
        groups
            Column to named sets of categories that are shown as one: ``{"exit": {"Own home": (…)}}``.
        apart
            Columns whose kinds of unknown are shown one by one; of the others they are one category.
        name
            What the checker's page and exceptions of the policy call it; a number unless given.

        Returns
        -------
        Released
            Pending until `commit`. All rows of a group in one category are never shown: the categories that
            hold nobody are hidden like small ones, and something beside them with it.

        Raises
        ------
        UsageError
            If there is no column, one has no declared categories, or everything was committed already.
        DisclosureRefused
            If the frame is a part of its table, or the policy forbids the cross-tabulation.
        """
        if not by:
            raise UsageError("a table has no column", where="release.crosstab", cure="Name one or more.")

        def plan(population: Population, label: str) -> Measure:
            return Counts(self._split(population, frame, by, label, where=where, groups=groups, apart=apart))

        return self._planned(frame, "counts", plan, name)

    def pivot_table(
        self,
        frame: pd.DataFrame,
        *,
        index: str | Sequence[str],
        columns: str | Sequence[str] | None = None,
        values: str | None = None,
        aggfunc: str = "count",
        **rest: Any,
    ) -> Released:
        """Plan a table as pandas calls it: counts, or the mean, median or sum of a column.

        Raises
        ------
        UsageError
            If the aggregate is another, or has no column of values.
        """
        by = (*breaking.columns(index), *breaking.columns(columns))
        if aggfunc not in AGGREGATES:
            cure = one_of(aggfunc, AGGREGATES)
            raise UsageError(f'no aggregate "{aggfunc}" is released', where="release.pivot_table", cure=cure)
        if aggfunc == "count":
            return self.crosstab(frame, *by, **rest)
        if values is None:
            raise UsageError("no values are named", where="release.pivot_table", cure="Pass values=.")
        planner = {"mean": self.means, "median": self.quantiles, "sum": self.magnitude}[aggfunc]
        return planner(frame, values, by=by, **rest)

    def quantiles(
        self,
        frame: pd.DataFrame,
        value: str,
        *,
        by: str | Sequence[str] | None = None,
        where: Where | None = None,
        groups: Groups | None = None,
        unit: str = "days",
        name: str = "",
    ) -> Released:
        """Plan the quartiles of a number, in all and by group; see `outputs.measures.quantile`.

        Parameters
        ----------
        frame, where, groups, name
            As for `crosstab`.
        value
            Column of numbers, missing where not known.
        by
            Columns of categories, if any.
        unit
            How the numbers are printed: a format of `run.table`.
        """

        def plan(population: Population, label: str) -> Measure:
            known, values = numbers(population, frame, value)
            axes = breaking.columns(by)
            split = self._split(population, frame, axes, label, where=where, groups=groups, known=known)
            return Quantiles(split, values, unit)

        return self._planned(frame, "quantiles", plan, name)

    def means(self, frame: pd.DataFrame, value: str, **rest: Any) -> Released:
        """Plan the mean of a number with its interval; parameters as for `quantiles`.

        A mean is a sum over a count, so it is held to the rules of `magnitude`.
        """
        return self._of_amounts(frame, value, "means", Means, **{"unit": "number", **rest})

    def magnitude(self, frame: pd.DataFrame, value: str, **rest: Any) -> Released:
        """Plan the sum of an amount, by the rules of `outputs.magnitude`; else as `quantiles`."""
        return self._of_amounts(frame, value, "amounts", Totals, **{"unit": "gbp", **rest})

    def survival(
        self,
        frame: pd.DataFrame,
        *,
        by: str | Sequence[str] | None = None,
        where: Where | None = None,
        groups: Groups | None = None,
        kinds: Mapping[str, Sequence[str]] | None = None,
        at_risk: bool = False,
        others: bool = True,
        columns: Columns = DURATIONS,
        name: str = "",
    ) -> Released:
        """Plan the share still there, or gone by each kind of exit, on the policy's days.

        Parameters
        ----------
        frame, by, where, groups, name
            As for `crosstab`.
        kinds
            Kinds of exit that are told apart, each with its categories: the share gone by each
            (Aalen-Johansen) instead of the share that is still there (Kaplan-Meier). Categories in none of
            them are one kind together. All curves of one table take the same kinds, or none.
        at_risk
            Whether to show how many were still there on each day.
        others
            Whether to show the kind that is of all categories in none of them.
        columns
            Where days, entry, exits and censoring stand.
        """

        def plan(population: Population, label: str) -> Measure:
            durations = durations_of(population, frame, self.policy.survival_grid_days, columns)
            durations.tell_apart(kinds)
            if at_risk:
                durations.follow()
            split = breakdown(population, frame, breaking.columns(by), where=where, groups=groups)
            self._allow(population.base, label, split, extra=1)
            shown = {"competing": kinds is not None, "at_risk": at_risk, "others": others}
            population.later(lambda: declare(population, split, durations.stays, label, **shown))
            return Curve(split, durations, **shown)

        return self._planned(frame, "survival", plan, name)

    def pace(
        self,
        frame: pd.DataFrame,
        by: str | Sequence[str],
        *,
        horizon: int = 0,
        against: str = "",
        where: Where | None = None,
        groups: Groups | None = None,
        columns: Columns = DURATIONS,
        name: str = "",
    ) -> Released:
        """Plan how long groups stay or wait, compared; see `analysis.disclosure.outputs.paces`.

        Parameters
        ----------
        frame, where, groups, name
            As for `crosstab`.
        by
            The column of groups.
        horizon
            Days looked at, one of the policy's days; the last of them by default.
        against
            Group that the others are compared with; the largest by default.
        columns
            As for `survival`.

        Raises
        ------
        UsageError
            If the horizon is none of the policy's days.
        """
        (axis,), grid = breaking.columns(by), self.policy.survival_grid_days
        wanted = horizon or grid[-1]
        if wanted not in grid[1:]:
            cure = f"Take one of: {', '.join(map(str, grid[1:]))}."
            raise UsageError(f"{wanted} is none of the policy's days", where="release.pace", cure=cure)

        def plan(population: Population, label: str) -> Measure:
            durations = durations_of(population, frame, grid, columns)
            split = breakdown(population, frame, (axis,), where=where, groups=groups)
            self._allow(population.base, label, split, extra=1)
            told, step = {axis: known(split, axis) or split.nodes[axis]}, grid.index(wanted)
            population.later(
                lambda: declare_exits(population, split, durations.stays, label, step=step, told=told)
            )
            return Pace(split, durations, step, against)

        return self._planned(frame, "pace", plan, name)

    def gain(
        self,
        frame: pd.DataFrame,
        measure: str,
        *,
        on: str | Sequence[str] | None = None,
        where: Where | None = None,
        groups: Groups | None = None,
        name: str = "",
    ) -> Released:
        """Plan the mean gain on one scale, and what it is for all who began; see `outputs.gains`.

        Parameters
        ----------
        frame, where, groups, name
            As for `crosstab`, of the scores.
        measure
            The scale.
        on
            Characteristics that may decide who is measured again.

        Raises
        ------
        UsageError
            If nothing is published of the scale.
        """
        if measure not in scales():
            cure = one_of(measure, scales())
            raise UsageError(f'nothing is published of "{measure}"', where="release.gain", cure=cure)
        part = {**(where or {}), "measure": measure}

        def plan(population: Population, label: str) -> Measure:
            sides = {side: {**part, "paired": side} for side in (gains.BOTH, gains.FIRST)}
            kept, lost = (
                self._split(population, frame, (), f"{label}, {side}", where=one)
                for side, one in sides.items()
            )
            tables = {
                one: self._declared(
                    population,
                    frame,
                    (one, "paired"),
                    f"{label}, {one}",
                    tuple(sides),
                    where=part,
                    groups=groups,
                )
                for one in breaking.columns(on)
            }
            sums = [
                self._amounts.setdefault(
                    (population.base, column), Amounts(column, gains.scores(frame[column]))
                )
                for column in ("change", "start")
            ]
            for one, split in zip(sums, (kept, lost), strict=True):
                one.splits.append(split)
            start, end = (gains.scores(frame[column]) for column in ("start", "end"))
            return gains.Gain(kept, lost, sums[0], sums[1], start, end, scales()[measure], tables)

        return self._planned(frame, "gain", plan, name)

    def model(
        self,
        frame: pd.DataFrame,
        outcome: str,
        on: str | Sequence[str],
        *,
        family: str = "logistic",
        positive: str | Sequence[str] | None = None,
        where: Where | None = None,
        groups: Groups | None = None,
        name: str = "",
    ) -> Released:
        """Plan a model of an outcome on categories; see `analysis.disclosure.outputs.models`.

        Parameters
        ----------
        frame, where, groups, name
            As for `crosstab`.
        outcome
            Column of numbers; for the logistic family of categories, with ``positive`` those that count.
        on
            Columns of categories that it is explained by.
        family
            One of `analysis.disclosure.outputs.models.FAMILIES`.
        """
        if family not in FAMILIES:
            raise UsageError(f'no family "{family}"', where="release.model", cure=one_of(family, FAMILIES))

        def plan(population: Population, label: str) -> Measure:
            by = breaking.columns(on)
            if family == "logistic":
                population.declare(frame, outcome)
                made = outcome_of(population, outcome, positive)
                tables = self._pairs(population, frame, by, made, label=label, where=where, groups=groups)
                everyone = breakdown(population, frame, (), where=where)
                repeats = self._repeats(population, frame, by, label, where=where, groups=groups)
                return Model(everyone, tables, made.sides, made.coded, family, repeats)
            known, values = numbers(population, frame, outcome)
            tables = {
                one: self._split(
                    population, frame, (one,), f"{label}, {one}", known=known, where=where, groups=groups
                )
                for one in by
            }
            return Model(
                breakdown(population, frame, (), where=where, known=known), tables, (), values, family
            )

        return self._planned(frame, "model", plan, name)

    def _of_amounts(
        self,
        frame: pd.DataFrame,
        value: str,
        kind: str,
        measure: type[Means | Totals],
        *,
        by: str | Sequence[str] | None = None,
        where: Where | None = None,
        groups: Groups | None = None,
        unit: str = "number",
        name: str = "",
    ) -> Released:
        def plan(population: Population, label: str) -> Measure:
            known, values = numbers(population, frame, value)
            axes = breaking.columns(by)
            split = self._split(population, frame, axes, label, where=where, groups=groups, known=known)
            sums = self._amounts.setdefault((population.base, value), Amounts(value, values))
            sums.splits.append(split)
            return measure(split, sums, unit)

        return self._planned(frame, kind, plan, name)
