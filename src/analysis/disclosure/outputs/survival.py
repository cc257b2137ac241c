"""Curves of how long stays last, on the policy's days alone, with every count behind them a cell of the base.

A curve with its own steps shows single people leaving. On a fixed grid it shows, between any two of its
points, how many left; so every such count is a cell, for each pair of days, and is protected with all others:
where one would be small, points between are hidden, which joins their steps. How many were still there is
shown only if asked for, since it takes more cells; shares have two decimals, so that it is not worked back.

References
----------
Griffiths E and others (2019), Handbook on Statistical Disclosure Control for Outputs, Safe Data Access
Professionals, "Survival analysis". OpenSAFELY, output checking: Kaplan-Meier curves are rounded so that each
step is of more than a few events.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

import pandas as pd

from analysis.disclosure.outputs.breakdown import Breakdown
from analysis.disclosure.outputs.content import MARKER, Content
from analysis.disclosure.outputs.durations import DAYS, LEFT, PLACES, SEEN, Durations, Stays
from analysis.disclosure.outputs.hidden import Hidden, Unavailable
from analysis.disclosure.outputs.settled import Settled, too_few
from analysis.disclosure.policy import Policy
from analysis.disclosure.population import KNOWN, NOT_KNOWN
from analysis.errors import DataRefused
from analysis.methods.durations import kaplan_meier
from analysis.methods.exits import cumulative_incidence


@dataclass(frozen=True)
class Point:
    """A curve on one day: a share and its interval [fractions]."""

    value: float
    low: float
    high: float


AT_RISK: Final = "at_risk"
UNKNOWN: Final = Point(math.nan, math.nan, math.nan)


@dataclass(frozen=True, eq=False)
class Curve:
    """The share still there, or gone by each kind of exit, on the days of the grid.

    Attributes
    ----------
    split
        Its groups.
    durations
        What it is computed from.
    competing
        Whether kinds of exit are told apart.
    at_risk
        Whether it shows how many were still there.
    others
        Whether it shows the kind of exit that no other names.
    """

    split: Breakdown
    durations: Durations
    competing: bool
    at_risk: bool
    others: bool = True

    @property
    def stays(self) -> Stays:
        """What it is computed from."""
        return self.durations.stays

    @property
    def of_known(self) -> Breakdown:
        """The groups, of those who can be followed."""
        return followed(self.split, self.stays)

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return the points that are released."""
        if (nothing := too_few(settled, self.of_known)) is not None:
            return nothing
        competing = self.competing
        kinds = self.stays.told(others=self.others) if competing else ("",)
        pairs = product(self.split.cells(), kinds)
        rows = [row for at, kind in pairs for row in self._rows(settled, policy, at, kind)]
        value = "gone" if competing else "remaining"
        formats = dict.fromkeys((value, "low", "high"), ".0%") | dict.fromkeys((AT_RISK, LEFT), "count")
        content = settled.content(self.of_known, rows, formats={**formats, DAYS: "days"})
        axes = (*content.axes, *(("exit",) if competing else ()), DAYS)
        ends = {DAYS: tuple(map(str, self.stays.grid[1:]))} | ({"exit": kinds} if competing else {})
        return replace(content, axes=axes, nodes={**content.nodes, **ends})

    def _rows(self, settled: Settled, policy: Policy, at: dict[str, str], kind: str) -> list[dict[str, Any]]:
        stays = self.stays
        bears = settled.bears(self.of_known, at, policy.percentage_base)
        points = self._curve(settled, policy, at, kind) if bears else {}
        label = {**at, **({"exit": kind} if kind else {})}
        lines = []
        for step in range(1, len(stays.grid)):
            counts = {LEFT: self._count(settled, at, stays.left_name(0, step, kind))}
            if self.at_risk:
                counts = {AT_RISK: self._count(settled, at, stays.risk_name(step)), **counts}
            lines.append(self._line(settled, {**label, DAYS: stays.grid[step]}, points.get(step), counts))
        return lines

    def _points(self, settled: Settled, policy: Policy, at: dict[str, str], kind: str) -> list[int]:
        """Return the points between which enough survivors leave, if the base bears percentages."""
        base = self.of_known.key(at)
        if settled.system.count[settled.system.index(base)] < policy.percentage_base:
            return []
        kept = [0]
        for step in range(1, len(self.stays.grid)):
            whole = self._key(at, self.stays.left_name(0, step, kind))
            since = self._key(at, self.stays.left_name(kept[-1], step, kind))
            if settled.shown(whole) and settled.people(since) >= policy.survival_events:
                kept.append(step)
        return kept[1:]

    def _curve(self, settled: Settled, policy: Policy, at: dict[str, str], kind: str) -> dict[int, Point]:
        """Return the curve of a group at the points that it may be shown at."""
        stays, steps = self.stays, self._points(settled, policy, at, kind)
        rows = self.split.rows(settled.population, at) & stays.known
        seen = stays.frame(rows, settled.population.codes())
        points = curve(seen, kind, [stays.grid[step] for step in steps], settled.terms.confidence)
        fewest = stays.fewest(rows)
        return {
            step: point
            for step, point in zip(steps, points, strict=True)
            if fewest(stays.grid[step]) >= policy.threshold and not _certain(point)
        }

    def _line(
        self, settled: Settled, label: dict[str, Any], point: Point | None, counts: Mapping[str, Any]
    ) -> dict[str, Any]:
        told = (point.value, point.low, point.high) if point else (math.nan,) * 3
        names = ("gone" if self.competing else "remaining", "low", "high")
        numbers = {name: round(one, PLACES) for name, one in zip(names, told, strict=True)}
        shown = {name: None if isinstance(one, Hidden) else one for name, one in counts.items()}
        lacking = point is None or None in shown.values()
        return {**label, **numbers, **shown, MARKER: settled.terms.marker if lacking else ""}

    def _key(self, at: dict[str, str], node: str) -> Any:
        pair = (SEEN, node)
        return tuple(sorted((*self.split.key(at), pair)))

    def _count(self, settled: Settled, at: dict[str, str], node: str) -> int | Hidden:
        return settled.count(self._key(at, node))


def followed(split: Breakdown, stays: Stays) -> Breakdown:
    """Return a breakdown of those who can be followed."""
    if stays.known.all():
        return split
    return replace(split, part={**split.part, SEEN: (KNOWN, NOT_KNOWN)})


def curve(seen: pd.DataFrame, kind: str, days: Sequence[int], confidence: float) -> list[Point]:
    """Return a curve at some days: the share still there, or gone by one kind of exit; none if it has none.

    Parameters
    ----------
    seen
        One row a stay: ``person``, ``days``, ``entry`` [days], ``censored``, ``exit``.
    kind
        A kind of exit, or "" for the share still there.
    days
        Where the curve is wanted.
    confidence
        Level of the intervals [0 to 1].
    """
    if not len(days):
        return []
    try:
        found = (
            cumulative_incidence(seen, entry="entry", grid=days, kinds=[kind], confidence=confidence)
            if kind
            else kaplan_meier(seen, entry="entry", person="person", grid=days, confidence=confidence)
        )
    except DataRefused:  # what it would say is of single people
        return [UNKNOWN] * len(days)
    columns = ["share" if kind else "remaining", "low", "high"]
    return [Point(*map(float, row)) for row in found[columns].itertuples(index=False)]


def _certain(point: Point) -> bool:
    """Say whether a point would tell that all stayed, or that all left, or tells nothing."""
    return math.isnan(point.value) or round(point.value, PLACES) in {0.0, 1.0}
