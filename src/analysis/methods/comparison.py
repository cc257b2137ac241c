"""Every group of a characteristic beside one of them: which model compares them, and what it finds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtr

from analysis.methods import logistic, sparse
from analysis.methods.clusters import design_effect, effective_difference, within_person
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import normal_quantile

FILLED: Final = 10
"""People with and people without an outcome, in each of two groups, below which comparing them is sparse."""

PER_TERM: Final = 5
"""People with the rarer answer for each term of a model below which it is sparse."""

CLUSTERED: Final = "logistic, clustered by person"


@dataclass(frozen=True)
class Sample:
    """Referrals whose outcome, group and terms are all known.

    Parameters
    ----------
    outcome
        Codes from 0 [referrals].
    group
        Codes from 0, the group that the others are compared with.
    person
        Codes of people.
    terms
        What is adjusted for [referrals, terms].
    outcomes, groups
        How many codes there are; some may not occur.
    """

    outcome: np.ndarray
    group: np.ndarray
    person: np.ndarray
    terms: np.ndarray
    outcomes: int
    groups: int

    def where(self, rows: np.ndarray) -> Sample:
        """Return some of the referrals."""
        return Sample(
            self.outcome[rows],
            self.group[rows],
            self.person[rows],
            self.terms[rows],
            self.outcomes,
            self.groups,
        )

    def people(self, rows: np.ndarray) -> int:
        """Return how many people some of the referrals are of."""
        return len(np.unique(self.person[rows]))


@dataclass(frozen=True)
class Found:
    """What a comparison found.

    Parameters
    ----------
    odds_ratio
        Odds of the outcome against the first outcome, in the group over the reference; None for the first
        outcome, and where nobody or everybody had it.
    difference
        Of shares, group less reference; None where there are fewer outcomes than terms to adjust for.
    p
        That the group and the reference do not differ; NaN where no test could be made.
    status
        "estimated", "sparse", "no event", "all events" or "too few to adjust".
    """

    odds_ratio: Estimate | None
    difference: Estimate | None
    p: float
    status: str


def compare(
    sample: Sample, confidence: float = 0.95
) -> tuple[dict[tuple[int, int], Found], dict[int, float]]:
    """Compare each group with the first, by outcome.

    Parameters
    ----------
    sample
        The referrals; the first group occurs.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    tuple of dict
        By group and outcome, what was found; and by group, the p-value that the whole pattern of outcomes
        is that of the first group. One model of all outcomes serves every well-filled group. Where fewer
        than 10 people had, or did not have, an outcome, where outcomes are separated, or where the model
        has a term for fewer than 5 people, the two groups are compared alone by `analysis.methods.sparse`.

    References
    ----------
    As for `analysis.methods.logistic` and `analysis.methods.sparse`. Begg CB, Gray R (1984). Calculation of
    polychotomous logistic regression parameters using individualized regressions. Biometrika 71, 11-18: odds
    ratios of two outcomes alone. Vittinghoff E, McCulloch CE (2007). Relaxing the rule of ten events per
    variable in logistic and Cox regression. American Journal of Epidemiology 165, 710-718.
    """
    full, joint = _filled(sample), _joint(sample)
    wanted = range(1 if sample.outcomes == 2 else 0, sample.outcomes)
    found: dict[tuple[int, int], Found] = {}
    pattern: dict[int, float] = {}
    for group in sorted(set(np.unique(sample.group).tolist()) - {0}):
        for outcome in wanted:
            usual = bool(full[group, outcome] and full[0, outcome])
            if joint is not None and group in joint.present and usual:
                found[group, outcome] = _from_joint(joint, group, outcome, confidence)
            else:
                found[group, outcome] = _alone(sample, group, outcome, usual=usual, confidence=confidence)
        if joint is not None and group in joint.present and full[[0, group]].all():
            pattern[group] = logistic.pattern_test(joint.model, joint.present.index(group))
        else:
            pattern[group] = _bonferroni([found[group, one].p for one in wanted])
    return found, pattern


@dataclass(frozen=True)
class _Joint:
    model: logistic.Logistic
    design: np.ndarray
    present: list[int]


def _filled(sample: Sample) -> np.ndarray:
    return np.array(
        [
            [
                min(
                    sample.people((sample.group == group) & (sample.outcome == outcome)),
                    sample.people((sample.group == group) & (sample.outcome != outcome)),
                )
                >= FILLED
                for outcome in range(sample.outcomes)
            ]
            for group in range(sample.groups)
        ]
    )


def _all_occur(sample: Sample, group: int) -> bool:
    return len(np.unique(sample.outcome[sample.group == group])) == sample.outcomes


def _joint(sample: Sample) -> _Joint | None:
    """Fit all outcomes of all groups in which each outcome occurs; None where that cannot be done."""
    present = [group for group in range(sample.groups) if _all_occur(sample, group)]
    if 0 not in present or len(present) == 1:
        return None
    kept = sample.where(np.isin(sample.group, present))
    design = _design(kept.group, present, kept.terms)
    model = _fit(kept.outcome, design, kept.person)
    return None if model is None else _Joint(model, design, present)


def _fit(outcome: np.ndarray, design: np.ndarray, person: np.ndarray) -> logistic.Logistic | None:
    rarest = min(len(np.unique(person[outcome == one])) for one in np.unique(outcome))
    if rarest < PER_TERM * (design.shape[1] - 1):
        return None
    return logistic.fit(outcome, design, person)


def _design(group: np.ndarray, present: list[int], terms: np.ndarray) -> np.ndarray:
    members = [group == one for one in present[1:]]
    lead = np.column_stack([np.ones(len(group)), *members]).astype(float)
    return np.column_stack([lead, terms[:, independent(lead, terms)]])


def _as_if(design: np.ndarray, groups: int, at: int) -> np.ndarray:
    """Return the design as if every referral were of one group; 0 is the reference."""
    moved = design.copy()
    moved[:, 1:groups] = 0
    if at:
        moved[:, at] = 1
    return moved


def _from_joint(joint: _Joint, group: int, outcome: int, confidence: float) -> Found:
    at, groups = joint.present.index(group), len(joint.present)
    sides = (_as_if(joint.design, groups, at), _as_if(joint.design, groups, 0))
    value, error = (float(one[outcome]) for one in logistic.differences(joint.model, *sides))
    return _found(joint.model, at, outcome, (value, error), confidence)


def _found(
    model: logistic.Logistic, at: int, outcome: int, difference: tuple[float, float], confidence: float
) -> Found:
    value, error = difference
    half = normal_quantile(confidence) * error
    # A share cannot differ by more than everybody.
    low, high = max(value - half, -1.0), min(value + half, 1.0)
    return Found(
        _odds_ratio(model, at, outcome, confidence) if outcome else None,
        Estimate(value, low, high, confidence, f"{CLUSTERED}, delta method", "difference"),
        float(2 * ndtr(-abs(value / error))),
        "estimated",
    )


def _odds_ratio(model: logistic.Logistic, at: int, outcome: int, confidence: float) -> Estimate:
    place = (outcome - 1) * model.coefficients.shape[1] + at
    value = float(model.coefficients[outcome - 1, at])
    half = normal_quantile(confidence) * math.sqrt(float(model.covariance[place, place]))
    ratio, low, high = (math.exp(one) for one in (value, value - half, value + half))
    return Estimate(ratio, low, high, confidence, CLUSTERED, "ratio")


def _alone(sample: Sample, group: int, outcome: int, *, usual: bool, confidence: float) -> Found:
    """Compare one group with the reference on one outcome against all others, without the other groups."""
    pair = sample.where((sample.group == group) | (sample.group == 0))
    event, first = pair.outcome == outcome, pair.group == group
    if event.all() or not event.any():
        return _nobody(event, first, pair.person, confidence)
    found = _two(event, first, pair.person, pair.terms, usual=usual, confidence=confidence)
    if sample.outcomes == 2:
        return found
    return Found(_against_first(pair, group, outcome, confidence), found.difference, found.p, found.status)


def _against_first(pair: Sample, group: int, outcome: int, confidence: float) -> Estimate | None:
    kept = pair.where((pair.outcome == outcome) | (pair.outcome == 0))
    event, first = kept.outcome == outcome, kept.group == group
    if outcome == 0 or min(event.sum(), (~event).sum(), first.sum(), (~first).sum()) == 0:
        return None
    return _two(event, first, kept.person, kept.terms, usual=False, confidence=confidence).odds_ratio


def _two(
    event: np.ndarray,
    first: np.ndarray,
    person: np.ndarray,
    terms: np.ndarray,
    *,
    usual: bool,
    confidence: float,
) -> Found:
    design = _design(first.astype(int), [0, 1], terms)
    model = _fit(event.astype(int), design, person) if usual else None
    if model is None:
        try:
            small = sparse.contrast(event.astype(float), first, person, design[:, 2:], confidence)
        except sparse.TooFew:
            return Found(None, None, math.nan, "too few to adjust")
        return Found(small.odds_ratio, small.difference, small.p, "sparse")
    effects = logistic.differences(model, _as_if(design, 2, 1), _as_if(design, 2, 0))
    return _found(model, 1, 1, (float(effects[0][1]), float(effects[1][1])), confidence)


def _nobody(event: np.ndarray, first: np.ndarray, person: np.ndarray, confidence: float) -> Found:
    alike = within_person(event.astype(float), first, person)
    counts = [
        (float(event[side].sum()), float(side.sum()), design_effect(person[side], alike))
        for side in (first, ~first)
    ]
    difference = effective_difference(counts[0], counts[1], confidence)
    return Found(None, difference, math.nan, "all events" if event.all() else "no event")


def _bonferroni(p: list[float]) -> float:
    made = [one for one in p if not math.isnan(one)]
    return min(1.0, len(made) * min(made)) if made else math.nan


def independent(lead: np.ndarray, terms: np.ndarray) -> list[int]:
    """Return the terms that neither the leading columns nor earlier terms already say, by position.

    Parameters
    ----------
    lead
        Columns that stay [rows, columns].
    terms
        Columns to choose from [rows, terms].

    Returns
    -------
    list of int
        Positions of the columns to keep.
    """
    kept: list[int] = []
    basis = np.linalg.qr(lead.astype(float))[0]
    for at in range(terms.shape[1]):
        column = terms[:, at].astype(float)
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        size = float(np.linalg.norm(rest))
        if size > 1e-8 * max(1.0, float(np.linalg.norm(column))):
            basis = np.column_stack([basis, rest / size])
            kept.append(at)
    return kept
