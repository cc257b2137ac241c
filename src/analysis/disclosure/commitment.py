"""What stands behind a release: what is planned, its one commit, what it tells the ledger and the checker.

What is planned of one base is one system of cells, sizes of groups behind quantiles, means, curves and models
among them. It is protected and attacked together; only then is any of it released.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

import pandas as pd

from analysis.disclosure.cells import CellSystem, from_frame
from analysis.disclosure.earlier.from_rows import KINDS, FromRows, digest_of
from analysis.disclosure.kept import Kept
from analysis.disclosure.outputs.breakdown import Bools, Breakdown
from analysis.disclosure.outputs.content import Terms
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.outputs.magnitude import Amounts
from analysis.disclosure.outputs.settled import Measure, Settled
from analysis.disclosure.policy import Policy
from analysis.disclosure.population import Lacking, Population, base_of
from analysis.disclosure.protect import protect
from analysis.disclosure.published import Published
from analysis.disclosure.released import Released
from analysis.disclosure.tables import Key, Table
from analysis.errors import DisclosureRefused, UsageError

RULES: Final = {
    "counts": "threshold, zeros with it, complementary suppression, attack",
    "quantiles": "quantile_side, on cells released as counts",
    "means": "p_percent and dominance, on cells released as counts",
    "amounts": "p_percent and dominance, secondary suppression, on cells released as counts",
    "survival": "survival_grid_days, survival_events, on cells released as counts",
    "model": "model_min_events, model_min_residual, on cells released as counts",
    "comparison": "estimates of cells released as counts alone",
    "intersections": "estimates of cells released as counts alone",
    "imputed": "estimates of cells released as counts alone",
    "pace": "percentage_base, survival_events, whole days, on cells released as counts",
    "gain": "p_percent and dominance, one decimal, on cells released as counts",
    "change_shares": "percentage_base, shares of cells released as counts",
    "trend": "estimates of cells released as counts alone",
}
"""Which rules of the policy each kind of output is held against."""


@dataclass(frozen=True)
class About:
    """What a release is about.

    Attributes
    ----------
    area
        Atoms of area that it covers.
    start, end
        Its first and last day [ISO].
    data
        Digest of the data that it is computed from.
    """

    area: tuple[str, ...]
    start: str
    end: str
    data: str


@dataclass(frozen=True)
class Output:
    """One output as the checker's page lists it; nothing of it tells a hidden number.

    Attributes
    ----------
    name, kind, about
        What it is.
    rule
        The rules of the policy it was held against.
    verdict
        ``released``, ``released in part`` or ``not available``.
    reason
        Why, in one sentence.
    """

    name: str
    kind: str
    about: str
    rule: str
    verdict: str
    reason: str


@dataclass
class _Planned:
    """A planned output and what completes it; what another report shows is protected and never completed."""

    released: Released
    base: str
    measure: Measure
    policy: Policy
    shown: bool


class Commitment:
    """Everything planned for one report.

    Parameters
    ----------
    policy
        The rules.
    terms
        What released objects say of themselves.
    about
        What the release is about.
    impossible
        Returns the combinations of a base that cannot be, and everybody knows to be 0.
    earlier
        By base, what earlier releases told of it.
    today
        The day on which exceptions of the policy must hold.
    kept
        Patterns of hidden cells that were settled before, if any are kept.

    Attributes
    ----------
    shows
        Whether the report shows what is planned now. What other reports on the same records show is planned
        beside it and protected with it, and is nothing that its own readers learn.
    """

    def __init__(
        self,
        policy: Policy,
        terms: Terms,
        about: About,
        *,
        impossible: Callable[[str], Iterable[Key]] = lambda _: (),
        earlier: Mapping[str, Sequence[Published]] | None = None,
        today: date | None = None,
        kept: Kept | None = None,
    ) -> None:
        self._kept = kept
        self.policy, self.terms, self.about = policy, terms, about
        self.today = today or datetime.now(UTC).date()
        self._impossible, self._earlier = impossible, earlier or {}
        self._populations: dict[str, Population] = {}
        self._amounts: dict[tuple[str, str], Amounts] = {}
        self._plans: list[_Planned] = []
        self._thresholds: dict[str, int] = {}
        self._outputs: list[Released] = []
        self._own: list[Released] = []
        self._published: tuple[Published, ...] = ()
        self._from_rows: tuple[FromRows, ...] = ()
        self.shows = True
        self.committed = False

    def __repr__(self) -> str:
        state = "committed" if self.committed else "pending"
        return f"<release of {len(self._outputs)} outputs: {state}>"

    def _planned(
        self, frame: pd.DataFrame, kind: str, plan: Callable[[Population, str], Measure], name: str
    ) -> Released:
        """Take a plan: an object that is pending, or not available if the records lack a column."""
        if self.committed:
            cure = "Plan every output before release.commit()."
            raise UsageError("the release is committed", where=f"release.{kind}", cure=cure)
        base = base_of(frame)
        population = self._populations.get(base)
        if population is None:
            population = self._populations.setdefault(base, Population(frame))
        label = name or f"{kind} {len(self._outputs) + 1}"
        policy = self.policy.for_output(label, self.today)
        terms = replace(self.terms, percentage_base=policy.percentage_base)
        try:
            measure = plan(population, label)
        except Lacking as lack:
            released = Released(label, kind, base, terms)
            released.settle(Unavailable(str(lack), (base,)))
        else:
            released = Released(label, kind, measure.split.words(base), terms)
            self._plans.append(_Planned(released, base, measure, policy, self.shows))
        released.exceptions = tuple(map(str, policy.exceptions))
        self._outputs.append(released)
        if self.shows:
            self._own.append(released)
        return released

    def _allow(self, base: str, label: str, split: Breakdown, *, extra: int = 0) -> None:
        """Take note of the rules for the table of counts that an output needs, if the policy allows it.

        Raises
        ------
        DisclosureRefused
            If a topic allows fewer.
        """
        names = (*split.axes, *split.part)
        words = [label, base, *names, *(node for nodes in split.nodes.values() for node in nodes)]
        words += [node for node, _ in split.part.values()]
        limits = self.policy.for_output(label, self.today).limits(words)
        crossed = sum(not name.endswith(" known") for name in names) + extra
        if crossed > limits.dimensions and limits.topics:
            raise DisclosureRefused(
                f"{limits.topics[0].replace('_', ' ')} is not cross-tabulated",
                where=label,
                cure="Count it by itself, or leave it out of this table.",
            )
        self._thresholds[base] = max(self._thresholds.get(base, 0), limits.threshold)

    def commit(self) -> None:
        """Protect, attack and release everything planned, base by base, and let go of all rows.

        Of a base that is too small for any table to be safe, nothing is released, and each output says so.

        Raises
        ------
        UsageError
            If it was called before.
        """
        if self.committed:
            raise UsageError("the release is committed already", where="release", cure="Commit once.")
        for population in self._populations.values():
            population.finish()
        settled = {base: self._settled(one) for base, one in sorted(self._populations.items()) if one.tables}
        for plan in self._plans:
            if plan.shown:
                plan.released.settle(plan.measure.fill(settled[plan.base], plan.policy))
        found = (self._of(base, one) for base, one in settled.items())
        self._published = tuple(one for one in found if one is not None)
        self._from_rows = tuple(self._numbers(base) for base in sorted(settled))
        self._populations, self._plans, self._amounts = {}, [], {}
        self.committed = True

    def _settled(self, population: Population) -> Settled:
        frame, dimensions = population.frame(), population.dimensions()
        system = from_frame(
            frame,
            population.base,
            dimensions,
            population.tables,
            structural=population.impossible(self._impossible(population.base)),
            area=self.about.area,
            start=self.about.start,
            end=self.about.end,
        )
        hidden = self._protected(system)
        return Settled(population, system, hidden, self.terms, self._thresholds[population.base])

    def _protected(self, system: CellSystem) -> Bools:
        """Return which cells are hidden, after the attack on the others failed; all, if no fewer are safe."""
        threshold, earlier = self._thresholds[system.base], self._earlier.get(system.base, ())

        def settle() -> Bools:
            with contextlib.suppress(DisclosureRefused):
                found = protect(system, threshold=threshold, earlier=earlier)
                if found.attack.safe:
                    return found.hidden
            everything: Bools = ~system.structural
            return everything

        if self._kept is None:
            return settle()
        return self._kept.pattern(system, settle, threshold=threshold, earlier=earlier)

    def _of(self, base: str, settled: Settled) -> Published | None:
        """Return what the report shows of a base, and in which whole that was protected; None for nothing."""
        system = settled.system
        whole = self._told(base, settled, system.tables)
        names = [one.name for one in self._own]
        own = [table for table in system.tables if _is_of(table.name, names)]
        return self._told(base, settled, own, whole.digest) if own else None

    def _told(self, base: str, settled: Settled, tables: Sequence[Table], together: str = "") -> Published:
        system = settled.system
        places = sorted({int(place) for table in tables for place in system.cells_of(table).ravel()})
        used = {name for table in tables for name in table.scope}
        return Published(
            base=base,
            area=self.about.area,
            start=self.about.start,
            end=self.about.end,
            threshold=self._thresholds[base],
            tables=tuple(tables),
            dimensions={name: one for name, one in system.dimensions.items() if name in used},
            cells={
                system.keys[place]: None if settled.hidden[place] else int(system.count[place])
                for place in places
                if not system.structural[place]
            },
            data=self.about.data,
            together=together,
        )

    def _numbers(self, base: str) -> FromRows:
        """Return the numbers of single rows that the report shows of a base."""
        made = [one.released for one in self._plans if one.shown and one.base == base]
        told = [one for one in made if one.kind in KINDS and one.absence is None]
        about = self.about
        numbers = {one.name: digest_of(one.content.frame) for one in told}
        return FromRows(base, about.area, about.start, about.end, about.data, numbers)

    # -- what it tells others -------------------------------------------------------------------------

    @property
    def pending(self) -> bool:
        """Whether something is planned that was never committed."""
        return bool(self._outputs) and not self.committed

    def published(self) -> tuple[Published, ...]:
        """Return what a reader of the report learns of each base, for the ledger."""
        return self._published

    def from_rows(self) -> tuple[FromRows, ...]:
        """Return the numbers of single rows that a reader learns of each base, as digests, for the ledger."""
        return tuple(one for one in self._from_rows if one.numbers)

    def outputs(self) -> tuple[Output, ...]:
        """Return every output of the report for the checker's page."""
        return tuple(_output(one) for one in self._own)

    def exceptions(self) -> tuple[str, ...]:
        """Return the exceptions to the policy that hold for an output, as a report prints them."""
        return tuple(dict.fromkeys(said for one in self._own for said in one.exceptions))


def _is_of(table: str, outputs: Sequence[str]) -> bool:
    """Say whether a table is of one of some outputs: it has its name, or begins with it and a comma."""
    return any(table == name or table.startswith(f"{name}, ") for name in outputs)


def _output(released: Released) -> Output:
    verdict, reason = "released", "Every number of it is released."
    if released.pending:
        verdict, reason = "not released", "It was planned and never committed."
    elif released.absence is not None:
        verdict, reason = "not available", released.absence.why
    elif released.hides:
        verdict, reason = "released in part", "Some numbers are of too few people, or would tell one that is."
    return Output(released.name, released.kind, released.about, RULES[released.kind], verdict, reason)
