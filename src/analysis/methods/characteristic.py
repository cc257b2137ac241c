"""One characteristic: its groups, which of them can be compared, and a row of what is known for each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.errors import UsageError, one_of
from analysis.methods.clusters import design_effect, effective_share, within_person
from analysis.methods.comparison import Found, Sample, compare, independent

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST: Final = 5
"""People in a group below which it is counted but not compared."""

NOT_RECORDED: Final = "not recorded"
"""Group of the referrals for which a characteristic is missing: counted, never compared."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What is asked of every characteristic.

    Parameters
    ----------
    outcomes
        All outcomes; odds are against the first.
    shown
        Those that get a row.
    person
        Column of people.
    adjust
        Columns adjusted for.
    confidence
        Level of the intervals [0 to 1].
    """

    outcomes: tuple[str, ...]
    shown: tuple[str, ...]
    person: str
    adjust: tuple[str, ...]
    confidence: float


@dataclass(frozen=True)
class Characteristic:
    """Referrals by the groups of one characteristic.

    Parameters
    ----------
    frame
        Referrals with a known outcome.
    outcome
        Their outcomes.
    name
        Column of the characteristic.
    wanted
        The group to compare with; None for that with the most people.
    asked
        What is asked.
    """

    frame: pd.DataFrame
    outcome: pd.Series
    name: str
    wanted: str | None
    asked: Asked

    def rows(self) -> list[Row]:
        """Return a row for each group and outcome shown, each with a status.

        Raises
        ------
        UsageError
            If no referral is of the group to compare with.
        """
        if not self.order:
            status = "no referral" if self.frame.empty else "nobody recorded"
            return [self._named("", one) | {"status": status} for one in self.asked.shown]
        compared = self._compared()
        return [
            self._counted(group, outcome)
            | {"status": self._status(group)}
            | compared.get((group, outcome), {})
            for group in [*self.order, NOT_RECORDED]
            for outcome in self.asked.shown
            if group in self.people
        ]

    @cached_property
    def group(self) -> pd.Series:
        """Group of each referral."""
        column = self.frame[self.name]
        return column.astype(str).where(column.notna(), NOT_RECORDED).astype(object)

    @cached_property
    def people(self) -> dict[str, int]:
        """People of each group that occurs."""
        counted = self.frame.groupby(self.group)[self.asked.person].nunique()
        return {str(group): int(number) for group, number in counted.items()}

    @cached_property
    def order(self) -> list[str]:
        """Recorded groups, the reference first, the others by the number of their people."""
        named = sorted(set(self.people) - {NOT_RECORDED}, key=lambda one: (-self.people[one], one))
        if self.wanted is None or not named:
            return named
        if self.wanted not in named:
            raise UsageError(
                f'no referral is of the reference group "{self.wanted}"',
                where=self.name,
                cure=one_of(self.wanted, named),
            )
        return [self.wanted, *(one for one in named if one != self.wanted)]

    @property
    def _enough(self) -> list[str]:
        return [one for one in self.order if self.people[one] >= FEWEST]

    @property
    def _reference(self) -> str:
        return self.order[0] if self.order and self.order[0] in self._enough else ""

    def _status(self, group: str) -> str:
        if group == NOT_RECORDED:
            return NOT_RECORDED
        if len(self.order) == 1:
            return "one group"
        if not self._reference:
            return "no reference"
        return "reference" if group == self._reference else "too few"

    def _named(self, group: str, outcome: str) -> Row:
        return {
            "characteristic": self.name,
            "group": group,
            "reference": self._reference,
            "outcome": outcome,
        }

    def _counted(self, group: str, outcome: str) -> Row:
        inside, hit = self.group == group, self.outcome == outcome
        person = self.frame[self.asked.person]
        effect = design_effect(_codes(person[inside]), self._alike[outcome])
        count, base = int((inside & hit).sum()), int(inside.sum())
        share = effective_share(count, base, effect, self.asked.confidence)
        return self._named(group, outcome) | {
            "count": count,
            "base": base,
            "people": self.people[group],
            "people_with": int(person[inside & hit].nunique()),
            "share": share.value,
            "low": share.low,
            "high": share.high,
            "method": share.method,
        }

    @cached_property
    def _alike(self) -> dict[str, float]:
        people, groups = _codes(self.frame[self.asked.person]), _codes(self.group)
        return {
            one: within_person((self.outcome == one).to_numpy(dtype=float), groups, people)
            for one in self.asked.shown
        }

    def _compared(self) -> dict[tuple[str, str], Row]:
        if not self._reference or len(self._enough) == 1:
            return {}
        kept = self.group.isin(self._enough)
        crude = self._found(kept, (), prefix="")
        if not self.asked.adjust:
            return crude
        complete = kept & self.frame[list(self.asked.adjust)].notna().all(axis=1)
        adjusted = self._found(complete, self.asked.adjust, prefix="adjusted_")
        return {key: row | adjusted.get(key, {}) for key, row in crude.items()}

    def _found(self, kept: pd.Series, adjust: Sequence[str], *, prefix: str) -> dict[tuple[str, str], Row]:
        groups, outcomes = self._enough, self.asked.outcomes
        codes = pd.Categorical(self.group[kept], groups).codes
        people = _codes(self.frame.loc[kept, self.asked.person])
        terms = _terms(self.frame.loc[kept, list(adjust)], people)
        if 0 not in codes or (adjust and not terms.shape[1]):
            return {}
        sample = Sample(
            pd.Categorical(self.outcome[kept], outcomes).codes.astype(int),
            codes.astype(int),
            people,
            terms,
            len(outcomes),
            len(groups),
        )
        found, pattern = compare(sample, self.asked.confidence)
        base = np.bincount(codes, minlength=len(groups))
        return {
            (groups[at], outcomes[one]): _told(what, prefix)
            | {f"{prefix}pattern_p": pattern[at]}
            | ({f"{prefix}base": int(base[0] + base[at])} if prefix else {})
            for (at, one), what in found.items()
        }


def _codes(column: pd.Series) -> np.ndarray:
    return np.asarray(pd.factorize(column)[0])


def _told(found: Found, prefix: str) -> Row:
    row: Row = {f"{prefix}p": found.p, f"{prefix}status": found.status}
    for name, one in (("odds_ratio", found.odds_ratio), ("difference", found.difference)):
        numbers = (math.nan,) * 3 if one is None else (one.value, one.low, one.high)
        row |= {
            f"{prefix}{name}{end}": number for end, number in zip(("", "_low", "_high"), numbers, strict=True)
        }
        row[f"{prefix}{name}_method"] = "" if one is None else one.method
    return row


def _terms(frame: pd.DataFrame, people: np.ndarray) -> np.ndarray:
    """Return what is adjusted for as numbers, without what says nothing new [referrals, terms]."""
    columns = [np.empty((len(frame), 0))]
    for name in frame.columns:
        one = frame[name]
        if pd.api.types.is_numeric_dtype(one) and not pd.api.types.is_bool_dtype(one):
            spread = float(one.std()) if len(one) > 1 else 0.0
            columns.append(((one - one.mean()) / (spread or 1.0)).to_numpy(dtype=float)[:, None])
        else:
            columns.append(_members(one.astype(str), people))
    terms = np.column_stack(columns)
    return terms[:, independent(np.ones((len(frame), 1)), terms)]


def _members(column: pd.Series, people: np.ndarray) -> np.ndarray:
    """Return a column of 0 and 1 for each category but the largest, which takes in those of few people."""
    sizes = pd.Series(people, column.index).groupby(column).nunique().sort_values(ascending=False)
    named = [one for one in sizes.index[1:] if sizes[one] >= FEWEST]
    members = [(column == one).to_numpy(dtype=float) for one in named]
    return np.array(members).reshape(len(named), len(column)).T
