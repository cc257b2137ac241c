"""Firth's penalised likelihood: published fits to every digit they print, and its corners."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published_logistic import endometrial
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from analysis.errors import DataRefused, UsageError
from analysis.methods import firth as penalised
from analysis.methods.firth import firth

COUNTS = st.tuples(st.integers(1, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair)))


def test_a_separated_example_agrees_with_logistf_to_all_its_digits():
    """Heinze and Schemper's endometrial cancer: neovasculisation separates, and its odds ratio is finite."""
    found = firth(endometrial(), "HG", ["NV", "PI", "EH"])
    published = {
        "coefficient": [3.77455951, 2.92927330, -0.03475175, -2.60416387],
        "coefficient_low": [1.0825371, 0.6097244, -0.1244587, -4.3651832],
        "coefficient_high": [7.20928050, 7.85463171, 0.04045547, -1.23272106],
    }
    for name, values in published.items():
        assert found[name].tolist() == pytest.approx(values, abs=1e-5)


def _penalty(at, design, event):
    chance = expit(design @ at)
    weight = chance * (1 - chance)
    information = design.T @ (design * weight[:, None])
    linear = design @ at
    return -(
        event @ log_expit(linear) + (1 - event) @ log_expit(-linear) + np.linalg.slogdet(information)[1] / 2
    )


def test_the_maximum_is_that_of_a_general_search():
    """A search that knows no derivative ends where the modified score is nought."""
    frame = endometrial()
    design = np.column_stack([np.ones(len(frame)), frame["NV"], frame["EH"]])
    found = minimize(
        _penalty, np.zeros(3), (design, frame["HG"].to_numpy()), method="Nelder-Mead", options={"xatol": 1e-8}
    )
    assert firth(frame, "HG", ["NV", "EH"])["coefficient"].tolist() == pytest.approx(found.x, abs=1e-4)


@given(COUNTS, COUNTS)
def test_two_groups_alone_add_half_to_every_cell(first, other):
    """Without other terms the estimate has a closed form: the log odds ratio of counts plus a half."""
    (k, n), (j, m) = first, other
    frame = pd.DataFrame({"count": [k, j], "base": [n, m], "group": [1, 0]})
    expected = np.log((k + 0.5) / (n - k + 0.5)) - np.log((j + 0.5) / (m - j + 0.5))
    found = firth(frame, "count", ["group"], base="base").iloc[1]
    assert found["coefficient"] == pytest.approx(expected, abs=1e-6)
    assert found["coefficient_low"] < found["coefficient"] < found["coefficient_high"]
    assert np.isfinite([found["coefficient_low"], found["coefficient_high"]]).all()


def test_grouped_counts_are_the_people_they_stand_for():
    """A row a person and a row a group give one answer."""
    grouped = pd.DataFrame({"count": [0, 3, 5], "base": [6, 9, 10], "a": [0, 1, 0], "b": [1.0, 0.0, 2.5]})
    rows = grouped.loc[grouped.index.repeat(grouped["base"])]
    people = rows.assign(hit=rows.groupby(level=0).cumcount() < rows["count"])
    one, other = firth(grouped, "count", ["a", "b"], base="base"), firth(people, "hit", ["a", "b"])
    numbers = one.columns.drop(["term", "method"])
    pd.testing.assert_frame_equal(one[numbers], other[numbers], rtol=1e-6)


def test_the_limits_are_where_the_penalised_likelihood_has_dropped():
    """At each limit, with the other terms at their best, twice the drop is the chi-squared quantile."""
    frame = endometrial()
    design = np.column_stack([np.ones(len(frame)), frame["NV"], frame["EH"]])
    data = penalised.Data(frame["HG"].to_numpy(), np.ones(len(frame)), design)
    whole = penalised.fit(data)
    for limit in penalised.profile(data, whole, 1, 0.9):
        assert 2 * (whole.log_likelihood - limit.log_likelihood) == pytest.approx(2.705543, abs=1e-6)


def test_the_test_and_the_interval_agree():
    """At the confidence that the p-value leaves, one limit is at no effect."""
    frame = pd.DataFrame({"count": [7, 15], "base": [12, 18], "group": [1, 0]})
    p = firth(frame, "count", ["group"], base="base")["p"].iloc[1]
    limits = firth(frame, "count", ["group"], base="base", confidence=1 - p).iloc[1]
    assert limits["coefficient_high"] == pytest.approx(0, abs=1e-6)


def test_terms_that_say_the_same_are_refused():
    """A column and its double cannot both have a coefficient."""
    frame = endometrial().assign(twice=lambda one: 2 * one["NV"])
    with pytest.raises(DataRefused, match="depend on each other"):
        firth(frame, "HG", ["NV", "twice"])


def test_a_missing_value_is_refused_without_being_told():
    """The message names the column and nothing of the record."""
    frame = endometrial()
    frame.loc[3, "PI"] = np.nan
    with pytest.raises(DataRefused, match='"PI" is missing in some rows'):
        firth(frame, "HG", ["PI"])


def test_an_absent_column_is_named():
    """A mistyped term is a mistake of usage."""
    with pytest.raises(UsageError, match='no column "PJ"'):
        firth(endometrial(), "HG", ["PJ"])
