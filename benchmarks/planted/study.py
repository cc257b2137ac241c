"""What a simulation study is: made-up records with a known truth, and what a method says of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Seen:
    """What a method said of one made-up sample.

    Parameters
    ----------
    truth
        What was planted in it, in the unit of the limits.
    low, high
        The 95% interval; NaN where the measure has none.
    found
        Whether the method says there is something; None where the measure asks only for the interval.
    warning
        Whether this is shown as a way not to do it, which is expected to fail.
    """

    truth: float = math.nan
    low: float = math.nan
    high: float = math.nan
    found: bool | None = None
    warning: bool = False

    @property
    def covered(self) -> bool | None:
        """Whether the interval holds the truth; None where there is no interval."""
        return None if math.isnan(self.low) else self.low <= self.truth <= self.high


@dataclass(frozen=True)
class Study:
    """One thing planted, or nothing, and what is measured of it.

    Parameters
    ----------
    method
        Module of `analysis.methods` under test.
    planted
        What was planted, in a sentence for the page.
    measures
        Key of each measure, and what it measures, in words; empty where the keys of a run say it.
    nothing
        Keys of the measures for which nothing was planted, so that a find is false; None for all of them.
    run
        Makes a sample from a random generator and returns what was seen, by measure.
    """

    method: str
    planted: str
    measures: Mapping[str, str]
    nothing: frozenset[str] | None
    run: Callable[[np.random.Generator], Mapping[str, Seen]]
