"""The synthetic sample: person-level records of nobody, that come to what an authority has published.

Made from published margins and stated assumptions by a seeded generator: the same seed gives the same
sample. Nothing in it was drawn from a person's record; every provider and reference begins with SYNTHETIC.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from analysis.errors import UsageError, one_of
from analysis.parameters import Areas
from analysis.records.fields import tables
from analysis.records.synthetic.borrowed import targets as targets_of
from analysis.records.synthetic.frames import Calendar, Rng
from analysis.records.synthetic.full import full
from analysis.records.synthetic.margins import Targets
from analysis.records.synthetic.notes import notes_of
from analysis.records.synthetic.people import Core, core, provider_of
from analysis.records.synthetic.services import AREA, PERIOD, therapy, turned_away
from analysis.records.synthetic.tables import sanctuary

Scenario = Literal["published", "full"]
SCENARIOS: Final = ("published", "full")
MOST_AUTHORITIES: Final = 150
MOST_YEARS: Final = 10
SEED: Final = 20230401
"""The seed that is used if none is given."""


@dataclass(frozen=True)
class Sample:
    """Person-level tables of nobody, in the form in which a provider would send them.

    Attributes
    ----------
    area, period, seed, scenario
        What it was made for, and how.
    tables
        By name of the schema; columns are the input names, case references not yet pseudonyms.
    notes
        What was assumed, and which printed figures cannot hold together.
    """

    area: str
    period: str
    seed: int
    scenario: Scenario
    tables: dict[str, pd.DataFrame]
    notes: tuple[str, ...]


def generate(area: str, period: str, *, seed: int = SEED, scenario: Scenario = "published") -> Sample:
    """Make the sample of one authority and period.

    Parameters
    ----------
    area, period
        A slug of ``data/published/areas.csv`` and a period such as ``2022-23``.
    seed
        Of the generator.
    scenario
        ``published``: what is printed and nothing more is known. ``full``: men, fuller recording and a new
        therapy service besides.

    Raises
    ------
    UsageError
        If the area, period or scenario is unknown.
    """
    Areas.load().check_period(area, period)
    if scenario not in SCENARIOS:
        raise UsageError(
            f'no scenario "{scenario}"', where="synthetic sample", cure=one_of(scenario, SCENARIOS)
        )
    return _made(targets_of(area, period), seed, scenario)


def scaled(
    area: str, period: str, *, scale: int, years: int = 1, seed: int = SEED, scenario: Scenario = "published"
) -> Iterator[Sample]:
    """Yield samples of many made-up authorities, one at a time, so that memory stays that of one.

    Parameters
    ----------
    area, period
        Whose districts are used, and the first year.
    scale
        Authorities, up to `MOST_AUTHORITIES`.
    years
        Years each covers, up to `MOST_YEARS`: one unbroken period.

    Raises
    ------
    UsageError
        If there are more authorities or years than that.
    """
    _check_size("--scale", scale, MOST_AUTHORITIES)
    _check_size("years", years, MOST_YEARS)
    for number in range(1, scale + 1):
        places = int(np.random.default_rng([seed, number]).integers(20, 150))
        long = targets_of(area, period, places=places, years=years, printed_places=False)
        named = replace(long, area=f"authority-{number:03d}", series=f"{number:03d}-")
        yield _made(named, seed + number, scenario)


def _check_size(name: str, given: int, most: int) -> None:
    if not 1 <= given <= most:
        raise UsageError(f"{name} {given} is not from 1 to {most}", where="synthetic sample")


def _made(targets: Targets, seed: int, scenario: Scenario) -> Sample:
    rng = np.random.default_rng([seed, zlib.crc32(f"{targets.area} {targets.period}".encode())])
    base = core(targets, rng)
    found = full(targets, base, rng) if scenario == "full" else _published(targets, base, rng)
    made = {one: _whole(one, found) for one in tables()}
    more = _services(targets, made, rng)
    notes = notes_of(targets, services="therapy" in more, full=scenario == "full")
    return Sample(targets.area, targets.period, seed, scenario, made | more, notes)


def _published(targets: Targets, base: Core, rng: Rng) -> dict[str, pd.DataFrame]:
    when = Calendar(targets.start, targets.days)
    return base.tables | {"sanctuary": sanctuary(targets, when, rng)}


def _whole(name: str, found: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a table of the sample, empty if nothing is known of it."""
    if name in found:
        return found[name]
    spec = tables()[name]
    return pd.DataFrame({one.input: pd.Series([], dtype=one.dtype) for one in spec.inputs})


def _services(targets: Targets, made: dict[str, pd.DataFrame], rng: Rng) -> dict[str, pd.DataFrame]:
    """Return the tables that the counts of an authority's other services add to."""
    more: dict[str, pd.DataFrame] = {}
    if (targets.area, targets.period) == (AREA, PERIOD):
        more["therapy"] = _joined("therapy", made, therapy(rng))
    away = turned_away(targets.area, targets.period, provider_of(targets, 1), rng)
    if away is not None:
        more["referrals"] = _joined("referrals", made, away)
    return more


def _joined(name: str, made: dict[str, pd.DataFrame], more: pd.DataFrame) -> pd.DataFrame:
    both = [frame for frame in (made[name], more) if len(frame)]
    keys = [one.input for one in tables()[name].inputs if one.key]
    return pd.concat(both).sort_values(["provider", "month", *keys], kind="stable", ignore_index=True)
