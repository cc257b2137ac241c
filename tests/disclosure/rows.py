"""Made-up person-level rows for tests of the release: referrals, and episodes of stay."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure import policy
from analysis.disclosure.commitment import About
from analysis.disclosure.outputs.content import Terms
from analysis.disclosure.release import Release
from analysis.records.personframe import person_frame

SEXES = ("Female", "Male", "Not recorded")
OUTCOMES = ("Accepted", "Declined", "Withdrew", "Not recorded")
EXITS = ("Social home", "Private home", "Returned", "Still there")
RULES = policy.load()


def release(**named):
    """Return a release under the project's own policy, or another."""
    rules = named.pop("policy", RULES)
    terms = Terms(
        named.pop("tier", "records"),
        "records-norfolk",
        rules.marker,
        rules.structural_marker,
        rules.percentage_base,
    )
    return Release(rules, terms, About(("norfolk",), "2022-04-01", "2023-03-31", "0" * 64), **named)


def coded(values, categories):
    """Return values as the categories of a code list."""
    return pd.Categorical(list(values), categories=list(categories))


def spread(counts):
    """Return one value a row from counts by value."""
    return [value for value, count in counts.items() for _ in range(count)]


def referrals(counts=None, *, people=None, **more):
    """Return referrals with so many rows of each (sex, outcome)."""
    counts = counts or {
        ("Female", "Accepted"): 120,
        ("Female", "Declined"): 60,
        ("Female", "Withdrew"): 40,
        ("Male", "Accepted"): 30,
        ("Male", "Declined"): 25,
        ("Male", "Withdrew"): 15,
        ("Not recorded", "Accepted"): 14,
        ("Not recorded", "Declined"): 13,
        ("Not recorded", "Withdrew"): 12,
        ("Female", "Not recorded"): 13,
        ("Male", "Not recorded"): 12,
        ("Not recorded", "Not recorded"): 11,
    }
    rows = spread(counts)
    frame = pd.DataFrame(
        {
            "person": np.arange(len(rows)) if people is None else people,
            "sex": coded((sex for sex, _ in rows), SEXES),
            "outcome": coded((outcome for _, outcome in rows), OUTCOMES),
        }
    )
    return person_frame(frame.assign(**more), "referrals")


def episodes(rows=400, *, seed=1, late=0.15, kinds=True):
    """Return episodes with exits that compete, some seen late, some not seen to their end."""
    draw = np.random.default_rng(seed)
    days = np.ceil(draw.exponential(70, rows))
    censored = draw.random(rows) < 0.2
    entry = np.where(draw.random(rows) < late, np.floor(days * draw.random(rows)), 0.0)
    chosen = draw.choice(EXITS[:3], rows, p=[0.5, 0.3, 0.2]) if kinds else np.full(rows, EXITS[0])
    frame = pd.DataFrame(
        {
            "person": np.arange(rows),
            "sex": coded(draw.choice(["Female", "Male"], rows, p=[0.7, 0.3]), ("Female", "Male")),
            "entry": entry,
            "days": days,
            "censored": censored,
            "exit": coded(np.where(censored, "Still there", chosen), EXITS),
        }
    )
    return person_frame(frame, "episodes")
