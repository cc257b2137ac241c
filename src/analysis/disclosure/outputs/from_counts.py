"""What methods make of one table of released counts: intersections, what is not known, change over time.

Every count that a method is handed is a released cell, and those that are not released it does without or
refuses. So its result follows from what is printed, and no rule of its own is needed.

References
----------
Hundepool A and others (2012). Statistical Disclosure Control. Wiley, section 1.3: what is computed from safe
outputs alone is as safe as they are. Dwork C, Roth A (2014). The algorithmic foundations of differential
privacy. Foundations and Trends in Theoretical Computer Science 9, 211-407, proposition 2.1 (post-processing).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from analysis.disclosure.outputs.breakdown import Breakdown, unknown_nodes
from analysis.disclosure.outputs.content import MARKER, Content
from analysis.disclosure.outputs.derived import with_release
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.outputs.models import three_digits
from analysis.disclosure.outputs.settled import Settled
from analysis.disclosure.policy import Policy
from analysis.disclosure.tables import Key
from analysis.errors import DataRefused
from analysis.methods import counted
from analysis.methods.change import FEWEST_EACH_SIDE

HIDDEN: Final = "hidden"
"""Column of a method's result that says which rows rest on a count that is not released."""

FEW_COMBINATIONS: Final = "Not enough combinations of characteristics can be shown."
NOT_ALL_KNOWN: Final = "A count that it takes cannot be shown, so nothing is said of the unknown."
NO_SERIES: Final = "Not enough months can be shown for a chart of them."
SHORT: Final = "It takes eight months before it, and eight after it, so no change is estimated."
GAPS: Final = "Some of the months cannot be shown, so no change is estimated."


class Unsaid(Exception):
    """Why a method has nothing to say, in one sentence that tells no count."""


@dataclass(frozen=True)
class Reader:
    """What a method is told beside its counts: the level of its intervals, the least base of a percentage."""

    confidence: float
    fewest: int


@dataclass(frozen=True)
class Look:
    """How the columns of a result are shown.

    Attributes
    ----------
    labels, formats
        By column.
    """

    labels: Mapping[str, str]
    formats: Mapping[str, str]


Method = Callable[[pd.DataFrame, Reader], pd.DataFrame]


@dataclass(frozen=True, eq=False)
class FromCounts:
    """The result of a method on the counts of a table.

    Attributes
    ----------
    split
        Its table.
    nodes
        Categories by axis whose counts the method is handed.
    method
        Takes the counts, ``count`` missing where not released.
    axes
        Columns of labels of its result.
    why
        What is said where it has no result.
    look
        How its columns are shown.
    """

    split: Breakdown
    nodes: Mapping[str, tuple[str, ...]]
    method: Method
    axes: tuple[str, ...]
    why: str
    look: Look

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return what the method makes of the released counts, to three digits, or why there is nothing."""
        base = settled.population.base
        try:
            found = self.method(
                self.counts(settled), Reader(settled.terms.confidence, policy.percentage_base)
            )
        except DataRefused:
            return Unavailable(self.why, (base,))
        except Unsaid as unsaid:
            return Unavailable(str(unsaid), (base,))
        return self._content(settled, found)

    def counts(self, settled: Settled) -> pd.DataFrame:
        """Return every combination of the categories with its count, missing where it is not released."""
        rows = []
        for at in self.split.cells(totals=False):
            if any(at[axis] not in nodes for axis, nodes in self.nodes.items()):
                continue
            names = {axis: counted.UNKNOWN if node in unknown_nodes() else node for axis, node in at.items()}
            rows.append({**names, counted.COUNT: self._count(settled, self.split.key(at))})
        return pd.DataFrame(rows, columns=[*self.split.axes, counted.COUNT])

    def _count(self, settled: Settled, key: Key) -> float:
        if settled.impossible(key):
            return 0.0
        return float(settled.count(key)) if settled.shown(key) else math.nan

    def _content(self, settled: Settled, found: pd.DataFrame) -> Content | Unavailable:
        told = found.drop(columns=HIDDEN, errors="ignore")
        numbers = [str(name) for name in told.select_dtypes("number") if name not in {"count", "base"}]
        if not len(told) or not told[[*numbers, *(one for one in ("count",) if one in told)]].notna().any(
            axis=None
        ):
            return Unavailable(self.why, (settled.population.base,))
        rounded = {name: told[name].astype(float).map(three_digits, na_action="ignore") for name in numbers}
        whole = {name: told[name].astype("Int64") for name in ("count", "base") if name in told}
        hidden = found[HIDDEN] if HIDDEN in found else [False] * len(found)
        mark = [settled.terms.marker if one else "" for one in hidden]
        frame = told.assign(**rounded, **whole, **{MARKER: mark}).reset_index(drop=True)
        return Content(
            frame=with_release(frame, settled.terms.tier, settled.terms.source_id),
            axes=self.axes,
            cells={},
            nodes={axis: tuple(dict.fromkeys(map(str, frame[axis]))) for axis in self.axes},
            labels={name: words for name, words in self.look.labels.items() if name in frame},
            formats={name: how for name, how in self.look.formats.items() if name in frame},
        )


# -- methods ------------------------------------------------------------------------------------------


def intersections(outcome: str, event: str, *, parts: bool) -> Method:
    """Return the division of variation between combinations, or the combinations themselves."""

    def method(counts: pd.DataFrame, reader: Reader) -> pd.DataFrame:
        names = [str(name) for name in counts if name not in {outcome, counted.COUNT}]
        every, found = counted.in_strata(counts, names, outcome, event, reader.confidence)
        if found.vpc is None:
            raise Unsaid(FEW_COMBINATIONS if found.status == "nobody recorded" else found.note)
        if parts:
            return counted.partition(found)
        small = every["base"].isna() | (every["base"] < reader.fewest)
        numbers = [name for name in every.select_dtypes("number") if name not in {"count", "base"}]
        shares = {str(name): every[name].mask(small) for name in numbers}
        told = every.assign(**shares, **{HIDDEN: small}).drop(columns=["effect", "status"], errors="ignore")
        labels = told[names].astype(str).agg(" × ".join, axis=1)
        kept = ["count", "base", "share", "low", "high", *_three("shrunk"), *_three("additive")]
        more = [*_three("interaction"), *_three("beyond"), "beyond_p", HIDDEN]
        return told.assign(stratum=labels)[["stratum", *names, *kept, *more]]

    return method


def imputed(characteristic: str, outcome: str, level: str) -> Method:
    """Return a share as recorded, within bounds, and with the unknown imputed."""

    def method(counts: pd.DataFrame, reader: Reader) -> pd.DataFrame:
        return counted.imputed(counts, characteristic, outcome, level, confidence=reader.confidence)

    return method


def tipped(characteristic: str, outcome: str, event: str, level: str, against: str) -> Method:
    """Return a gap between two groups for each shift of the unknown, and where it goes or comes."""

    def method(counts: pd.DataFrame, reader: Reader) -> pd.DataFrame:
        found, point = counted.tipped(
            counts,
            characteristic,
            outcome,
            event,
            level=level,
            against=against,
            confidence=reader.confidence,
        )
        at = found["shift"].eq(point["shift"]) | (found["shift"].eq(0) & math.isnan(point["shift"]))
        return pd.DataFrame(
            {
                "odds": found["shift"].map(lambda shift: f"{math.exp(shift):.2g}"),
                "imputed_share": found["imputed_share"],
                "difference": found["value"],
                "difference_low": found["low"],
                "difference_high": found["high"],
                "apart": found["finding"].map({True: "Yes", False: "No"}),
                "note": [point["note"] if here else "" for here in at],
            }
        )

    return method


def trend(time: str) -> Method:
    """Return counts over time with the limits of an XmR chart."""

    def method(counts: pd.DataFrame, _: Reader) -> pd.DataFrame:
        found = counted.over_time(counts, time).drop(columns=["moving_range", "range_limit"])
        return found.assign(**{HIDDEN: found["count"].isna()})

    return method


def changed(time: str, at: str) -> Method:
    """Return the step at a month fixed in advance."""

    def method(counts: pd.DataFrame, reader: Reader) -> pd.DataFrame:
        before = int((counts[time].astype(str) < at).sum())
        if min(before, len(counts) - before) < FEWEST_EACH_SIDE:
            raise Unsaid(SHORT)
        return counted.changed(counts, time, at, confidence=reader.confidence)[0]

    return method


def _three(name: str) -> list[str]:
    return [f"{name}{end}" for end in ("", "_low", "_high")]


# -- how results are shown ----------------------------------------------------------------------------

LIMITS: Final = {"low": "From", "high": "To"}
PARTS: Final = Look(
    {"measure": "What is asked", "value": "Value", **LIMITS}, dict.fromkeys(("value", "low", "high"), ".3g")
)
STRATA: Final = Look(
    {
        "stratum": "Combination",
        "count": "With it",
        "base": "Out of",
        **LIMITS,
        "shrunk": "Share, drawn to the mean",
        "shrunk_low": "Drawn, from",
        "shrunk_high": "Drawn, to",
        "additive": "Share from its parts alone",
        "interaction": "Beyond its parts",
        "interaction_low": "Beyond, from",
        "interaction_high": "Beyond, to",
        "beyond_p": "p beyond its parts",
    },
    {
        **dict.fromkeys(("count", "base"), "count"),
        **dict.fromkeys(("share", "low", "high", *_three("shrunk"), *_three("additive")), "percent"),
        **dict.fromkeys((*_three("interaction"), *_three("beyond")), "points"),
        "beyond_p": ".2g",
    },
)
SHARES: Final = Look(
    {"basis": "How it is reckoned", **LIMITS}, dict.fromkeys(("share", "low", "high"), "percent")
)
RATIOS: Final = Look(
    {"measure": "What changed", "value": "Ratio", **LIMITS}, dict.fromkeys(("value", "low", "high"), "ratio")
)
SERIES: Final = Look(
    {
        "centre": "Mean",
        "lower": "Lower limit",
        "upper": "Upper limit",
        "signal": "Signal",
        "limits": "Limits",
    },
    {"count": "count", **dict.fromkeys(("centre", "lower", "upper"), "number")},
)


def tip(level: str) -> Look:
    """Return how a gap is shown for each shift of the unknown."""
    labels = {
        "odds": f"Odds among the unknown that they are {level}, times",
        "imputed_share": "Share of the unknown that are then",
        "difference": "Difference of shares",
        "difference_low": "From",
        "difference_high": "To",
        "apart": "Groups differ",
        "note": "What to know",
    }
    return Look(labels, {"imputed_share": "percent", **dict.fromkeys(_three("difference"), "points")})
