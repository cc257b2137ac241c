"""Effective numbers: closed forms, the limits of none alike and all alike, and the methods they reduce to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods.clusters import design_effect, effective_difference, effective_share, within_person
from analysis.methods.proportions import newcombe, proportion

PAIRS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(PAIRS)
def test_people_with_one_referral_each_are_worth_themselves(pair):
    """Without repeats the share is that of the project's own rule."""
    ours, theirs = effective_share(*pair, 1.0), proportion(*pair)
    assert (ours.value, ours.low, ours.high) == pytest.approx(
        (theirs.value, theirs.low, theirs.high), abs=1e-10
    )
    assert ours.method == theirs.method


@given(PAIRS, PAIRS)
def test_the_difference_is_newcombes(first, other):
    """Without repeats."""
    ours, theirs = effective_difference((*first, 1.0), (*other, 1.0)), newcombe(*first, *other)
    assert (ours.value, ours.low, ours.high) == pytest.approx(
        (theirs.value, theirs.low, theirs.high), abs=1e-10
    )


@given(PAIRS, st.floats(1, 5))
def test_repeats_only_widen(pair, effect):
    """The share stays, the interval grows."""
    alone, repeated = effective_share(*pair, 1.0), effective_share(*pair, effect)
    assert repeated.value == alone.value
    assert repeated.high - repeated.low >= alone.high - alone.low - 1e-12


def test_doubled_referrals_of_like_people_are_worth_half():
    """Everybody twice and wholly alike: the interval is that of the people."""
    person = np.repeat(np.arange(50), 2)
    outcome = np.repeat(np.arange(50) < 20, 2).astype(float)
    alike = within_person(outcome, np.zeros(100), person)
    assert alike == pytest.approx(1.0)
    assert design_effect(person, alike) == pytest.approx(2.0)
    people = proportion(20, 50)
    ours = effective_share(40, 100, design_effect(person, alike))
    assert (ours.low, ours.high) == pytest.approx((people.low, people.high), abs=1e-10)


def test_a_planted_correlation_is_recovered():
    """Of 20,000 people whose second outcome repeats the first in 3 of 10 and is drawn anew otherwise."""
    rng = np.random.default_rng(5)
    group = rng.integers(0, 2, 20000)
    chance = np.where(group == 0, 0.2, 0.6)
    first = rng.random(20000) < chance
    second = np.where(rng.random(20000) < 0.3, first, rng.random(20000) < chance)
    outcome = np.concatenate([first, second]).astype(float)
    found = within_person(outcome, np.tile(group, 2), np.tile(np.arange(20000), 2))
    assert found == pytest.approx(0.3, abs=0.03)


def test_few_people_with_repeats_count_as_wholly_alike():
    """Nine people cannot say how alike referrals of one person are."""
    person = np.append(np.repeat(np.arange(9), 2), np.arange(9, 60))
    outcome = np.random.default_rng(1).integers(0, 2, len(person)).astype(float)
    assert within_person(outcome, np.zeros(len(person)), person) == 1.0


def test_an_outcome_nobody_had_says_nothing_of_likeness():
    """No event in any group leaves the cautious end, not a division by nought."""
    person = np.repeat(np.arange(30), 2)
    assert within_person(np.zeros(60), np.zeros(60), person) == 1.0
