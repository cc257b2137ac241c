"""Clustered logistic models: statsmodels' estimates, errors by leaving people out, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from published_logistic import binary
from statsmodels.discrete.discrete_model import Logit, MNLogit

from analysis.methods import logistic
from analysis.methods.proportions import newcombe

ODDS = np.array([-0.8, 0.6, 0.5])


def sample(people=400, repeat=0.6, seed=3):
    frame = binary(np.random.default_rng(seed), people, ODDS, repeat)
    design = np.column_stack([np.ones(len(frame)), frame["group"], frame["extra"]]).astype(float)
    return frame["event"].to_numpy(dtype=int), design, frame["person"].to_numpy()


def four(people=900, seed=8):
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), rng.integers(1, 3, people))
    group = rng.integers(0, 2, people)[person]
    shares = np.where(group[:, None] == 1, [0.4, 0.3, 0.2, 0.1], [0.5, 0.2, 0.2, 0.1])
    outcome = (rng.random(len(person))[:, None] > shares.cumsum(axis=1)[:, :-1]).sum(axis=1)
    return outcome, np.column_stack([np.ones(len(person)), group]).astype(float), person


def test_errors_are_those_of_statsmodels_where_people_are_many():
    """With 4,000 people the leave-one-out sandwich and the usual one agree to 1%."""
    outcome, design, person = sample(4000)
    ours = logistic.fit(outcome, design, person)
    theirs = Logit(outcome, design).fit(disp=0, cov_type="cluster", cov_kwds={"groups": person})
    assert ours.coefficients[0] == pytest.approx(theirs.params, abs=1e-6)
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(theirs.bse, rel=0.01)


def test_four_outcomes_have_statsmodels_errors_too():
    """The covariance is ordered outcome by outcome."""
    outcome, design, person = four(4000)
    ours = logistic.fit(outcome, design, person)
    theirs = MNLogit(outcome, design).fit(disp=0, cov_type="cluster", cov_kwds={"groups": person})
    assert ours.coefficients == pytest.approx(np.asarray(theirs.params).T, abs=1e-6)
    assert ours.covariance == pytest.approx(np.asarray(theirs.cov_params()), rel=0.05, abs=2e-4)


def test_the_errors_are_what_leaving_each_person_out_shows():
    """A jackknife that fits anew without each person in turn gives nearly the same errors."""
    outcome, design, person = sample(60)
    ours = logistic.fit(outcome, design, person)
    without = np.array(
        [Logit(outcome[person != one], design[person != one]).fit(disp=0).params for one in range(60)]
    )
    change = without - ours.coefficients[0]
    assert np.sqrt(np.diag(ours.covariance)) == pytest.approx(
        np.sqrt((change**2).sum(axis=0) * 59 / 60), rel=0.03
    )


def test_the_difference_without_other_terms_is_the_raw_one():
    """In closed form, and its interval is Newcombe's to half a point where groups are large."""
    outcome, design, person = sample(1500, repeat=0.0)
    design = design[:, :2]
    found = logistic.fit(outcome, design, person)
    sides = design.copy(), design.copy()
    sides[0][:, 1], sides[1][:, 1] = 1, 0
    value, error = logistic.differences(found, *sides)
    inside = design[:, 1] == 1
    raw = outcome[inside].mean() - outcome[~inside].mean()
    assert value == pytest.approx([-raw, raw], abs=1e-8)
    theirs = newcombe(
        int(outcome[inside].sum()), int(inside.sum()), int(outcome[~inside].sum()), int((~inside).sum())
    )
    assert (raw - 1.96 * error[1], raw + 1.96 * error[1]) == pytest.approx(
        (theirs.low, theirs.high), abs=0.005
    )


def test_an_average_marginal_effect_is_statsmodels():
    """With another term, discrete changes averaged over everybody, errors by the delta method."""
    outcome, design, person = sample(3000)
    found = logistic.fit(outcome, design, person)
    sides = design.copy(), design.copy()
    sides[0][:, 1], sides[1][:, 1] = 1, 0
    value, error = logistic.differences(found, *sides)
    fitted = Logit(outcome, design).fit(disp=0, cov_type="cluster", cov_kwds={"groups": person})
    theirs = fitted.get_margeff(dummy=True)
    assert value[1] == pytest.approx(theirs.margeff[0], abs=1e-6)
    assert error[1] == pytest.approx(theirs.margeff_se[0], rel=0.01)


def test_shares_of_all_outcomes_add_up():
    """Standardised shares add to one, differences to nought."""
    outcome, design, person = four()
    found = logistic.fit(outcome, design, person)
    shares, _ = logistic.standardised(found, design)
    assert shares.sum() == pytest.approx(1)
    assert shares == pytest.approx(np.bincount(outcome) / len(outcome), abs=1e-8)
    sides = (
        np.column_stack([design[:, 0], np.ones(len(design))]),
        np.column_stack([design[:, 0], np.zeros(len(design))]),
    )
    assert logistic.differences(found, *sides)[0].sum() == pytest.approx(0, abs=1e-12)


def test_separated_outcomes_have_no_fit():
    """Nobody of the group had the outcome: no estimate, rather than a huge one."""
    outcome = np.array([0, 1, 0, 1, 0, 0, 0, 0])
    design = np.column_stack([np.ones(8), np.arange(8) > 3]).astype(float)
    assert logistic.fit(outcome, design, np.arange(8)) is None


def test_one_person_alone_in_a_category_gives_no_fit():
    """Leaving that person out leaves nobody to estimate the term from."""
    outcome, design, person = sample(60)
    lone = person == person[-1]
    outcome = outcome.copy()
    outcome[lone] = np.arange(lone.sum()) % 2
    if lone.sum() == 1:
        person = np.where(np.arange(len(person)) == len(person) - 2, person[-1], person)
        lone = person == person[-1]
        outcome[lone] = [0, 1]
    assert logistic.fit(outcome, np.column_stack([design, lone]), person) is None
