"""An intersection worse than its parts, in SYNTHETIC counts of eighteen strata."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.methods.intersections import maihda
from analysis.methods.multiplicity import with_family
from planted.study import Seen, Study

PEOPLE = 3_000
CONSTANT = -1.0
PARTS = {
    "ethnicity": {"white": (0.5, 0.0), "Black": (0.3, 0.4), "Asian": (0.2, -0.3)},
    "disability": {"no": (0.6, 0.0), "yes": (0.4, 0.3)},
    "age": {"25 to 44": (0.5, 0.0), "under 25": (0.3, -0.2), "45 and over": (0.2, 0.5)},
}
"""Share of people in each category, and its own effect [log odds]."""

WORSE = ("Black", "yes", "45 and over")
NAMES = list(PARTS)


def counts(rng: np.random.Generator, extra: float, spread: float) -> pd.DataFrame:
    """Make counts: strata that add up their parts, one of them ``extra`` worse, all ``spread`` around."""
    cells = list(itertools.product(*(PARTS[name].items() for name in NAMES)))
    frame = pd.DataFrame([[key for key, _ in cell] for cell in cells], columns=NAMES)
    frame["parts"] = [CONSTANT + sum(effect for _, (_, effect) in cell) for cell in cells]
    worse = (frame[NAMES] == list(WORSE)).all(axis=1)
    frame["truth"] = expit(frame["parts"] + extra * worse + rng.normal(0, spread, len(frame)))
    shares = [np.prod([share for _, (share, _) in cell]) for cell in cells]
    frame["base"] = rng.multinomial(PEOPLE, shares)
    frame["count"] = rng.binomial(frame["base"], frame["truth"])
    return frame.assign(worse=worse)


def one_worse(extra: float) -> Study:
    """Return the study of one stratum that stands out, or none."""

    def run(rng: np.random.Generator) -> Mapping[str, Seen]:
        made = counts(rng, extra, 0.0)
        result = maihda(made, NAMES)
        told = with_family(result.frame, "exploratory", p="beyond_p")
        row = told[made["worse"]].iloc[0]
        truth = float(row["truth"] - expit(row["parts"]))
        seen = {
            "beyond": Seen(truth, row["beyond_low"], row["beyond_high"], found=bool(row["beyond_p"] < 0.05)),
            "variance": Seen(found=result.p_beyond < 0.05),
            "shrunk": Seen(float(row["truth"]), row["shrunk_low"], row["shrunk_high"], warning=bool(extra)),
        }
        if extra:
            return seen | {"family": Seen(found=bool(row["stands"]))}
        return seen | {"family": Seen(found=bool(told["stands"].any()))}

    planted = "One of 18 strata is worse than its parts" if extra else "Nothing: 18 strata add up their parts"
    told = f", its odds {np.exp(extra):.1f} times as high" if extra else ""
    return Study(
        "intersections",
        f"{planted}{told}; {PEOPLE:,} people.",
        {
            "beyond": "That stratum beyond what its parts lead one to expect",
            "family": "It stands among all 18 comparisons, by Benjamini and Hochberg's"
            if extra
            else "Any of 18 comparisons stands, by Benjamini and Hochberg's",
            "variance": "Any variance left once the parts are in",
            "shrunk": "Its shrunk share, a warning: one stratum that stands out is drawn to its parts"
            if extra
            else "Its shrunk share",
        },
        frozenset() if extra else frozenset({"beyond", "family", "variance"}),
        run,
    )


def all_spread(spread: float) -> Study:
    """Return the study of strata that all differ from their parts."""

    def run(rng: np.random.Generator) -> Mapping[str, Seen]:
        made = counts(rng, 0.0, spread)
        result = maihda(made, NAMES)
        at = int(rng.integers(len(made)))
        row = result.frame.iloc[at]
        remaining = result.remaining
        assert remaining is not None
        return {
            "shrunk": Seen(float(made["truth"].iloc[at]), row["shrunk_low"], row["shrunk_high"]),
            "variance": Seen(spread**2, remaining.low, remaining.high, found=result.p_beyond < 0.05),
        }

    return Study(
        "intersections",
        f"All 18 strata differ from their parts, by a standard deviation of {spread:g} in log odds;"
        f" {PEOPLE:,} people.",
        {"shrunk": "Shrunk share of a stratum picked at random", "variance": "Variance beyond the parts"},
        frozenset(),
        run,
    )


STUDIES = (one_worse(1.0), one_worse(0.0), all_spread(0.4))
