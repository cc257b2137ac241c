"""Waits for therapy: the loop against ciw person by person, and against the Erlang C formula."""

from __future__ import annotations

import ciw
import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods import waiting

POSTS = pd.DataFrame({"label": ["Busiest post"], "rate": [80.0], "tier": ["published"]})


def by_ciw(arrivals: np.ndarray, courses: np.ndarray, places: int) -> list[float]:
    """Return the wait of each person as ciw has it."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*np.diff(arrivals, prepend=0.0), float("inf")])],
        service_distributions=[ciw.dists.Sequential([*courses, 1.0])],
        number_of_servers=[places],
    )
    made = ciw.Simulation(network)
    made.simulate_until_max_customers(len(arrivals), method="Finish")
    records = sorted(made.get_all_records(), key=lambda one: one.arrival_date)
    return [one.waiting_time for one in records][: len(arrivals)]


def test_every_wait_is_that_of_ciw():
    """Two hundred people, three places; courses differ in length, so people overtake nobody."""
    random = np.random.default_rng(4)
    arrivals = np.cumsum(random.exponential(1.0, 200))
    courses = np.full(200, 2.7)
    found = waiting.waits_in_order(arrivals, courses, 3)
    assert found.max() > 0
    assert found == pytest.approx(by_ciw(arrivals, courses, 3), abs=1e-9)


def test_the_mean_wait_is_erlangs():
    """Exponential courses: 80 a year of 12 weeks, 20 places; the mean wait is C weeks / (places − load)."""
    load = 80 * 12 / waiting.WEEKS_A_YEAR
    exact = waiting.erlang_c(20, load) * 12 / (20 - load)
    row = waiting.by_posts(POSTS, "rate", [1.0], caseload=20, weeks=12, spread=1.0, confidence=0.99).iloc[0]
    assert row["low"] < exact < row["high"]


def test_erlang_c_of_a_textbook():
    """Gross and others, table of M/M/c: two places, load one: a third wait."""
    assert waiting.erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert waiting.erlang_c(1, 0.5) == pytest.approx(0.5)


def test_more_posts_wait_less_and_too_few_have_no_wait():
    """With half a post the list grows by as many a year as cannot be seen; there is no mean wait then."""
    made = waiting.by_posts(POSTS, "rate", [0.5, 1.0, 1.5, 2.0], caseload=20, weeks=12)
    assert made.loc[0, "note"] == waiting.GROWS
    assert np.isnan(made.loc[0, "wait"])
    assert made.loc[0, "grows"] == pytest.approx(80 - 10 * waiting.WEEKS_A_YEAR / 12)
    assert made["wait"].dropna().is_monotonic_decreasing
    assert made["beyond"].dropna().between(0, 1).all()
    assert waiting.enough(made)["posts"] == 1.0
    assert np.isnan(waiting.enough(made.iloc[:1])["posts"])
    assert made["tier"].eq("published").all()


def test_the_same_twice_and_refusals():
    """A seed of its own; a rate of nothing is refused."""
    one, other = (waiting.by_posts(POSTS, "rate", [1.0], caseload=20, weeks=12) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    with pytest.raises(UsageError, match="no number of posts"):
        waiting.by_posts(POSTS, "rate", [], caseload=20, weeks=12)
    with pytest.raises(DataRefused):
        waiting.by_posts(POSTS.assign(rate=0.0), "rate", [1.0], caseload=20, weeks=12)
