"""The scenarios of ``planted_durations``, each with what it plants and without."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import planted_durations

from planted.study import Seen, Study


def _study(name: str, *, there: bool) -> Study:
    scenario = planted_durations.SCENARIOS[name]
    told = name[0].upper() + name[1:]
    planted = f"{told}." if there else f"Nothing, else as for: {name}."
    return Study("durations", planted, {}, frozenset() if there else None, _runner(scenario, there=there))


def _runner(
    scenario: Callable[..., object], *, there: bool
) -> Callable[[np.random.Generator], Mapping[str, Seen]]:
    def run(rng: np.random.Generator) -> Mapping[str, Seen]:
        return {method: _seen(one) for method, one in scenario(rng, there)}

    return run


def _seen(one: planted_durations.Found) -> Seen:
    found = None if one.null is None else not one.low <= one.null <= one.high
    limits = (math.nan, math.nan) if math.isnan(one.truth) else (one.low, one.high)
    return Seen(one.truth, *limits, found=found, warning=one.warns)


STUDIES = tuple(_study(name, there=there) for name in planted_durations.SCENARIOS for there in (True, False))
