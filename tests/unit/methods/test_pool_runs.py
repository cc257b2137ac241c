"""The loop against ciw: every request goes to the same pool."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.methods.pool_runs import NOWHERE, by_ciw, by_loop
from analysis.methods.pools import simulate


def requests(seed: int, rate: float, days: float, mean: float) -> tuple[np.ndarray, np.ndarray]:
    source = np.random.default_rng(seed)
    arrivals = np.cumsum(source.exponential(1 / rate, int(rate * days * 1.5) + 20))
    return arrivals, source.gamma(2.0, mean / 2, len(arrivals))


@pytest.mark.parametrize("seed", range(6))
def test_every_request_goes_to_the_same_pool(seed: int) -> None:
    """Three groups, three pools, tried in different orders; one pool may have no place."""
    places = [seed % 3, 3, 2 + seed]
    asking = {
        "women": ([0, 2, 1], *requests(seed, 0.1, 2000, 60)),
        "families": ([1, 2], *requests(seed + 50, 0.05, 2000, 90)),
        "men": ([2], *requests(seed + 90, 0.03, 2000, 40)),
    }
    ciw, loop = by_ciw(places, asking, 2000), by_loop(places, asking, 2000)
    for group in asking:
        counted = min(len(ciw[group]), len(loop[group]))
        assert abs(len(ciw[group]) - len(loop[group])) <= 1
        assert counted > 30
        np.testing.assert_array_equal(ciw[group][:counted], loop[group][:counted])
    assert NOWHERE in loop["men"]


def test_a_simulation_is_the_same_by_either() -> None:
    """Shares turned away and places taken, to the last digit."""
    pools = pd.DataFrame({"pool": ["own", "shared"], "places": [6, 3]})
    demand = pd.DataFrame(
        {
            "group": ["women", "men", "nobody"],
            "requests": [30.0, 6.0, 0.0],
            "mean_stay": [90.0, 60.0, 30.0],
            "pools": ["own; shared", "shared", "own"],
            "spread": [1.0, 0.0, 1.0],
        }
    )
    one, other = (
        simulate(pools, demand, years=6, replications=3, engine=engine) for engine in ("ciw", "loop")
    )
    pd.testing.assert_frame_equal(one.groups, other.groups)
    pd.testing.assert_frame_equal(one.pools, other.pools)


def test_who_leaves_on_the_minute_makes_room() -> None:
    """A stay of three days that began on day one is over on day four."""
    asking = {"x": ([0], np.array([1.0, 3.9, 4.0]), np.array([3.0, 1.0, 1.0]))}
    assert list(by_loop([1], asking, 10)["x"]) == [0, NOWHERE, 0]
