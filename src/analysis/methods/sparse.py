"""Two groups compared where few had the outcome: Firth's method on effective numbers of people."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from analysis.errors import DataRefused
from analysis.methods import firth
from analysis.methods.clusters import design_effect, effective_difference, within_person
from analysis.methods.estimate import Estimate

_FURTHEST = 40.0


class TooFew(DataRefused):
    """Fewer people had, or had not, the outcome than a model has terms, so that it would only repeat them."""


@dataclass(frozen=True)
class Contrast:
    """One group beside another.

    Parameters
    ----------
    odds_ratio, difference
        Of the first group against the other; the difference is of shares, averaged over the referrals of
        both groups where it is adjusted.
    p
        Of the penalised likelihood ratio [0 to 1].
    """

    odds_ratio: Estimate
    difference: Estimate
    p: float


def contrast(
    event: np.ndarray,
    first: np.ndarray,
    person: np.ndarray,
    terms: np.ndarray,
    confidence: float = 0.95,
) -> Contrast:
    """Compare two groups by Firth's penalised likelihood.

    Parameters
    ----------
    event, first
        One item a referral: whether it had the outcome, and whether it is of the first group; both groups,
        and both answers, occur.
    person
        Codes of the people whose referrals these are.
    terms
        What is adjusted for [referrals, terms]; no column for a crude comparison.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    Contrast
        The odds ratio with profile penalised likelihood limits. The crude difference is the raw one with
        Newcombe's limits; an adjusted one is what the odds ratio and each of its limits amount to, the
        constant set so that as many events are expected as were seen. Repeated referrals of one person
        count by the design effect of their group.

    Raises
    ------
    TooFew
        If there are fewer effective events, or non-events, than terms to adjust for.

    References
    ----------
    Heinze G, Schemper M (2002). A solution to the problem of separation in logistic regression. Statistics
    in Medicine 21, 2409-2419. Puhr R, Heinze G, Nold M, Lusa L, Geroldinger A (2017). Firth's logistic
    regression with rare events: accurate effect estimates and predictions? Statistics in Medicine 36,
    2302-2317: the constant. Rao JNK, Scott AJ (1992). A simple method for the analysis of clustered binary
    data. Biometrics 48, 577-585: the effective numbers.
    """
    alike = within_person(event, first, person)
    here, there = (design_effect(person[side], alike) for side in (first, ~first))
    data = _grouped(event, first, 1 / np.where(first, here, there), terms)
    if terms.shape[1] and min(data.events.sum(), (data.trials - data.events).sum()) < data.design.shape[1]:
        raise TooFew("there are fewer outcomes than terms", where="sparse", cure="Adjust for less.")
    whole = firth.fit(data)
    fits = (whole, *firth.profile(data, whole, 1, confidence))
    ratio, low, high = (math.exp(float(one.coefficients[1])) for one in fits)
    method = firth.METHOD + ("" if here == there == 1 else ", effective numbers")
    return Contrast(
        Estimate(ratio, low, high, confidence, method, "ratio"),
        _carried(data, fits, confidence)
        if terms.shape[1]
        else effective_difference(_counts(event, first, here), _counts(event, ~first, there), confidence),
        firth.against_zero(data, whole, 1)[1],
    )


def _counts(event: np.ndarray, side: np.ndarray, effect: float) -> tuple[float, float, float]:
    return float(event[side].sum()), float(side.sum()), effect


def _grouped(event: np.ndarray, first: np.ndarray, worth: np.ndarray, terms: np.ndarray) -> firth.Data:
    rows = np.column_stack([np.ones(len(event)), first, terms])
    design, at = np.unique(rows, axis=0, return_inverse=True)
    return firth.Data(
        np.bincount(at, event * worth, len(design)), np.bincount(at, worth, len(design)), design
    )


def _carried(data: firth.Data, fits: tuple[firth.Fit, ...], confidence: float) -> Estimate:
    value, *limits = (_amounts_to(data, one.coefficients) for one in fits)
    low, high = min(value, *limits), max(value, *limits)
    return Estimate(value, low, high, confidence, "carried over from the odds ratio", unit="difference")


def _amounts_to(data: firth.Data, coefficients: np.ndarray) -> float:
    linear, seen = data.design @ coefficients, float(data.events.sum())

    def surplus(shift: float) -> float:
        return float(data.trials @ expit(linear + shift)) - seen

    level = linear + float(brentq(surplus, -_FURTHEST, _FURTHEST)) - data.design[:, 1] * coefficients[1]
    change = expit(level + coefficients[1]) - expit(level)
    return float(data.trials @ change / data.trials.sum())
