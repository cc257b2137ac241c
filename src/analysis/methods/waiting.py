"""How long people wait for therapy, by how many posts there are: a queue, simulated.

People ask at random; each takes a place of a caseload for one course, and waits in order if none is free. The
loop below says of every person when a place falls free. It agrees with `ciw` person by person, and its mean
with the Erlang C formula where that holds (``tests/methods/test_waiting.py``).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import t as student

from analysis.errors import UsageError
from analysis.methods.inputs import level, positive, require_columns

WEEKS_A_YEAR: Final = 365.25 / 7
YEARS: Final = 12
"""Years of a run; the first quarter of it, in which the list fills, is not looked at."""
RUNS: Final = 20
SEED: Final = 20_240_611
NEARLY_FULL: Final = 0.98
"""Share of the places in use, on average, above which a list has no steady length to speak of."""
GROWS: Final = "The list never settles: it grows, or nearly every place is always taken."
STEADY: Final = ""


def waits_in_order(arrivals: np.ndarray, courses: np.ndarray, places: int) -> np.ndarray:
    """Return how long each person waits for one of so many places, first come first served.

    Parameters
    ----------
    arrivals
        Time each person asks, rising [weeks].
    courses
        How long each keeps a place [weeks].
    places
        Places [whole number, 1 or more].

    Returns
    -------
    ndarray
        Wait of each person [weeks].

    References
    ----------
    Kiefer J, Wolfowitz J (1955). On the theory of queues with many servers. Transactions of the American
    Mathematical Society 78, 1-18: the recursion over the times at which places fall free.
    """
    free = [0.0] * places
    waits = np.empty(len(arrivals))
    for at, (asked, course) in enumerate(zip(arrivals, courses, strict=True)):
        begins = max(asked, heapq.heappop(free))
        waits[at] = begins - asked
        heapq.heappush(free, begins + course)
    return waits


def by_posts(
    frame: pd.DataFrame,
    rate: str,
    posts: Sequence[float] | None = None,
    *,
    caseload: float,
    weeks: float,
    label: str = "label",
    spread: float = 0.5,
    target: float = 12.0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the mean wait for each number of posts, by simulation.

    Parameters
    ----------
    frame
        One row a rate of referrals, with provenance.
    rate
        Column of referrals that start, or would [a year].
    posts
        Numbers of full-time posts tried; tenths of a post up to half as many again as needed, unless given.
    caseload
        People one post sees at once.
    weeks
        Mean length of a course [weeks].
    label
        Column of words for each rate.
    spread
        Standard deviation of the length of courses as a share of its mean.
    target
        A wait that should not be passed [weeks].
    confidence
        Level of the intervals, which are of the simulation alone [0 to 1].

    Returns
    -------
    DataFrame
        One row a rate and number of posts: ``series`` (label), ``posts``, ``places`` (caseload times posts),
        ``in_use`` (share of places in use on average), ``wait``, ``low`` and ``high`` [weeks], ``beyond``
        (share of people who wait longer than the target), ``grows`` [people a year by which the list grows]
        and ``note``. Where the list never settles there is no mean wait: NaN.

    Raises
    ------
    UsageError
        If a column is absent, or no number of posts is given.

    References
    ----------
    Law AM (2015). Simulation Modeling and Analysis, 5th ed., section 9.5: replications, with the time in
    which a list fills left out.
    """
    require_columns(frame, [rate, label], where="by_posts")
    tried = (
        _around(frame[rate].astype(float).max() * weeks / WEEKS_A_YEAR / caseload) if posts is None else posts
    )
    if not len(tried):
        raise UsageError("no number of posts is given", where="by_posts", cure="Give one or more.")
    how: dict[str, Any] = {
        "caseload": caseload,
        "course": (weeks, positive(spread, "spread")),
        "target": target,
        "confidence": confidence,
    }
    rows = [
        {**row, "series": row[label]} | _waited(float(row[rate]), posts_, **how)
        for row in frame.to_dict("records")
        for posts_ in tried
    ]
    return pd.DataFrame(rows)


def _around(need: float) -> list[float]:
    """Return tenths of a post, from just too few to half as many again as the need."""
    first = max(1, math.floor(10 * need))
    return [tenth / 10 for tenth in range(first, math.ceil(15 * need) + 2)]


def _waited(
    rate: float,
    posts: float,
    *,
    caseload: float,
    course: tuple[float, float],
    target: float,
    confidence: float,
) -> dict[str, float | str]:
    """Return one row: what a number of posts makes of a rate of referrals."""
    weeks, _ = course
    places = max(1, int(positive(caseload, "caseload") * positive(posts, "posts")))
    in_use = positive(rate, "rate") * positive(weeks, "weeks") / WEEKS_A_YEAR / places
    row: dict[str, float | str] = {"posts": float(posts), "places": places, "in_use": in_use}
    if in_use > NEARLY_FULL:
        grows = max(0.0, rate - places * WEEKS_A_YEAR / weeks)
        return (
            row | dict.fromkeys(("wait", "low", "high", "beyond"), math.nan) | {"grows": grows, "note": GROWS}
        )
    means, beyond = zip(*(_run(rate, places, course, target, run) for run in range(RUNS)), strict=True)
    half = float(student.ppf((1 + level(confidence)) / 2, RUNS - 1) * np.std(means, ddof=1) / math.sqrt(RUNS))
    mean = float(np.mean(means))
    waits = {
        "wait": mean,
        "low": max(0.0, mean - half),
        "high": mean + half,
        "beyond": float(np.mean(beyond)),
    }
    return row | waits | {"grows": 0.0, "note": STEADY}


def _run(
    rate: float, places: int, course: tuple[float, float], target: float, run: int
) -> tuple[float, float]:
    """Return the mean wait [weeks] and the share beyond the target of one run, after the list has filled."""
    random = np.random.default_rng([SEED, run])
    span = YEARS * WEEKS_A_YEAR
    arrivals = np.sort(random.uniform(0, span, random.poisson(rate * YEARS)))
    weeks, shape = course[0], course[1] ** -2
    courses = random.gamma(shape, weeks / shape, len(arrivals))
    waits = waits_in_order(arrivals, courses, places)[arrivals > span / 4]
    return (float(waits.mean()), float((waits > target).mean())) if len(waits) else (0.0, 0.0)


def erlang_c(places: int, load: float) -> float:
    """Probability that somebody has to wait for a place at all.

    Parameters
    ----------
    places
        Places [whole number, 1 or more].
    load
        People who would be in therapy at once if there were no limit; below ``places``.

    Returns
    -------
    float
        Of people who ask [0 to 1].

    References
    ----------
    Erlang AK (1917), as in Gross D and others (2008). Fundamentals of Queueing Theory, 4th ed., equation
    2.33, for courses of exponential length.
    """
    blocked = 1.0
    for one in range(1, places + 1):
        blocked = load * blocked / (one + load * blocked)
    return blocked / (1 - load / places * (1 - blocked))


def steady(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `by_posts` that have a mean wait: the list does not grow."""
    return frame[frame["wait"].notna()]


def enough(frame: pd.DataFrame) -> Mapping[str, float]:
    """Return the fewest posts tried with which no list grows, and the waits of all rates, from `by_posts`.

    Returns
    -------
    dict
        ``posts`` with the ``wait`` of the rate that waits longest [weeks]; ``longest`` and ``shortest`` wait
        of all that have one [weeks], and the ``most`` posts tried. NaN where no number tried is enough.
    """
    told = steady(frame)
    settled = frame["wait"].notna().groupby(frame["posts"]).all()
    least = float(min(settled[settled].index.to_list(), default=math.nan))
    return {
        "posts": least,
        "wait": float(told.loc[told["posts"] == least, "wait"].max()),
        "longest": float(told["wait"].max()),
        "shortest": float(told["wait"].min()),
        "most": float(frame["posts"].max()),
    }
