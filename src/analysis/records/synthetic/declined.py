"""Referrals that came to no stay: how many are the provider's decision and how many the survivor's choice."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from analysis.evidence import published
from analysis.records.synthetic.apportion import apportion
from analysis.records.synthetic.frames import Calendar, Columns, Rng, case, exact
from analysis.records.synthetic.margins import Targets

ALSO_ACCEPTED: Final = 1 / 3
"""Share of them whose survivor is later accepted by another provider: an assumption."""
LEAST_DAYS_BETWEEN: Final = 30
"""Such a survivor's stay begins this many days into the period at least."""
SURVIVOR: Final = ("too-far", "too-far-from-support-networks", "geographical-suitability")
"""The reasons that Norfolk prints, in equal parts; all are about distance."""
PROVIDER: Final = ("needs-not-met-other", "family-too-large", "area-not-safe")
"""Reasons that the Hope bid prints, but for capacity: Norfolk prints that none was refused for it."""


def split(targets: Targets) -> tuple[int, int]:
    """Return how many were declined by the provider and by the survivor, printed as one number.

    The split is an assumption: the shares of unsuccessful referrals in Women's Aid's On Track data, without
    those for lack of space (of which Norfolk prints none) and the inappropriate (which it does not print).
    """
    headlines = published.load().headlines()
    asked = headlines[
        headlines["figure_ids"].str.contains("ontrack-unsuccessful-refuge-referrals", regex=False)
    ]
    shares = dict(zip(asked["measure"].str.rpartition(" - ")[2], asked["value"], strict=True))
    survivor = shares["survivor did not accept"]
    provider = 100 - sum(shares.values())
    by_provider, by_survivor = apportion(targets.declined, [provider, survivor])
    return by_provider, by_survivor


def declined(targets: Targets, people: pd.DataFrame, when: Calendar, rng: Rng) -> pd.DataFrame:
    """Return the referrals of the period that came to no stay.

    Some are of survivors whom another provider accepted later: they share a reference, as they would.
    """
    provider, survivor = split(targets)
    outcome = np.repeat(["declined-by-provider", "declined-by-survivor"], [provider, survivor])
    reason = np.concatenate([_reasons(PROVIDER, provider, rng), _reasons(SURVIVOR, survivor, rng)])
    count = provider + survivor
    names = np.array(sorted(people["provider"].unique()), dtype=object)
    place, day = rng.integers(0, len(names), count), rng.integers(0, targets.days - 1, count)
    shared = np.full(count, None, dtype=object)
    later = people[people["shared_reference"].notna()]
    row = rng.permutation(count)[: len(later)]
    shared[row] = later["shared_reference"]
    place[row] = (np.searchsorted(names, later["provider"].to_numpy()) + 1) % len(names)
    day[row] = later["start"].to_numpy() - rng.integers(LEAST_DAYS_BETWEEN - 15, LEAST_DAYS_BETWEEN, len(row))
    columns: Columns = {
        "provider": names[place],
        "case_reference": case(targets.area, range(1, count + 1), f"{targets.series}D"),
        "shared_reference": shared,
        "referred_on": when.day(day),
        "decided_on": when.day(day + rng.integers(0, 2, count)),
        "outcome": outcome,
        "refusal_reason": reason,
        "sex": "female",
        "gender_identity": "same",
        "trans": "no",
    }
    return pd.DataFrame(columns)


def share_references(targets: Targets, people: pd.DataFrame, rng: Rng) -> np.ndarray:
    """Return a shared reference for survivors whom another provider declined first, and none for others."""
    shared = np.full(len(people), None, dtype=object)
    if len(set(people["provider"])) > 1:
        free = np.flatnonzero(people["start"].to_numpy() >= LEAST_DAYS_BETWEEN)
        some = np.sort(rng.permutation(free)[: round(targets.declined * ALSO_ACCEPTED)])
        shared[some] = case(targets.area, range(1, len(some) + 1), f"{targets.series}SHARED-")
    return shared


def _reasons(names: tuple[str, ...], count: int, rng: Rng) -> np.ndarray:
    return exact(dict(zip(names, apportion(count, [1] * len(names)), strict=True)), rng)
