"""An access gap for one group, in SYNTHETIC referrals of people who may have several."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.methods.access import contrasts, outcomes_by_group
from analysis.methods.multiplicity import with_family
from planted.study import Seen, Study

OUTCOMES = ("accepted", "refused", "withdrawn", "inappropriate")
ORDINARY = (0.55, 0.20, 0.15, 0.10)
SEVERAL = (0.60, 0.25, 0.10, 0.05)
"""Shares of people with one, two, three and four referrals."""

AGAIN = 0.4
"""Chance that a further referral ends as the person's first did, come what may."""

NORTH = 0.10
"""How much more is refused in the north, where the small group more often lives."""

CHARACTERISTICS = 10


def referrals(
    rng: np.random.Generator,
    people: int = 600,
    small: int = 60,
    gap: float = 0.0,
    ordinary: tuple[float, ...] = ORDINARY,
) -> pd.DataFrame:
    """Make referrals: ``small`` people of a group that is refused more often by ``gap``.

    A person's further referrals repeat the first one's outcome more often than chance would, with the same
    shares of outcomes as the first; so the planted difference is exact however alike they are.
    """
    group = np.where(np.arange(people) < small, "small", np.where(rng.random(people) < 0.4, "other", "large"))
    north = rng.random(people) < np.where(group == "small", 0.6, 0.3)
    more = gap * (group == "small") + NORTH * north
    shares = np.array(ordinary) + more[:, None] * np.array([-1, 1, 0, 0])
    person = np.repeat(np.arange(people), rng.choice([1, 2, 3, 4], people, p=SEVERAL))
    first = _drawn(rng, shares)
    anew = _drawn(rng, shares[person])
    repeats = np.append(False, person[1:] == person[:-1]) & (rng.random(len(person)) >= AGAIN)
    outcome = np.where(repeats, anew, first[person])
    frame = {"person": person, "group": group[person], "area": np.where(north, "north", "south")[person]}
    return pd.DataFrame(frame | {"outcome": np.array(OUTCOMES)[outcome]})


def _drawn(rng: np.random.Generator, shares: np.ndarray) -> np.ndarray:
    return (rng.random(len(shares))[:, None] > shares.cumsum(axis=1)[:, :-1]).sum(axis=1)


def _seen(row: pd.Series, truth: float) -> Seen:
    low, high = (float(row[f"adjusted_difference_{end}"]) for end in ("low", "high"))
    return Seen(truth, low, high, found=bool(row["adjusted_p"] < 0.05))


def four_outcomes(gap: float) -> Study:
    """Return the study of all outcomes at once."""

    def run(rng: np.random.Generator) -> Mapping[str, Seen]:
        found = outcomes_by_group(
            referrals(rng, small=100, gap=gap),
            "outcome",
            ["group"],
            person="person",
            outcomes=OUTCOMES,
            adjust=["area"],
            references={"group": "large"},
        ).set_index(["group", "outcome"])
        row, other = (found.loc[("small", outcome)] for outcome in ("refused", "withdrawn"))
        return {
            "refused": _seen(row, gap),
            "withdrawn": _seen(other, 0.0),
            "pattern": Seen(found=bool(row["adjusted_pattern_p"] < 0.05)),
        }

    planted = "100 of 600 people are refused 20 points more often" if gap else "Nothing: all groups alike"
    return Study(
        "access",
        f"{planted}; they live more often where more is refused.",
        {
            "refused": "Adjusted difference of the share refused",
            "withdrawn": "Adjusted difference of the share withdrawn, of which nothing was planted",
            "pattern": "All four outcomes together",
        },
        frozenset({"withdrawn"} if gap else {"refused", "withdrawn", "pattern"}),
        run,
    )


def few_people(gap: float) -> Study:
    """Return the study of a group so small that Firth's method is used."""

    def run(rng: np.random.Generator) -> Mapping[str, Seen]:
        frame = referrals(rng, small=25, gap=gap, ordinary=(0.75, 0.05, 0.12, 0.08))
        found = contrasts(
            frame,
            "outcome",
            "refused",
            ["group"],
            person="person",
            adjust=["area"],
            references={"group": "large"},
        )
        return {"refused": _seen(found.set_index("group").loc["small"], gap)}

    planted = "25 of 600 people are refused 20 points more often" if gap else "Nothing: all groups alike"
    return Study(
        "access",
        f"{planted}; 5% are refused in the south, so that few or none of a group are.",
        {"refused": "Adjusted difference of the share refused, mostly by Firth's method"},
        frozenset() if gap else frozenset({"refused"}),
        run,
    )


def many_comparisons() -> Study:
    """Return the study of a family in which nothing is planted."""

    def run(rng: np.random.Generator) -> Mapping[str, Seen]:
        frame = referrals(rng)
        people = frame["person"].max() + 1
        names = [f"characteristic {at}" for at in range(CHARACTERISTICS)]
        made_up = {name: np.where(rng.random(people) < 0.3, "yes", "no")[frame["person"]] for name in names}
        found = contrasts(frame.assign(**made_up), "outcome", "refused", names, person="person")
        return {
            kind: Seen(found=bool(with_family(found, kind)["stands"].any()))
            for kind in ("confirmatory", "exploratory")
        }

    return Study(
        "multiplicity",
        "Nothing: ten characteristics that have no bearing on the outcome.",
        {
            "confirmatory": "Any of ten comparisons stands, by Holm's method",
            "exploratory": "Any of ten comparisons stands, by Benjamini and Hochberg's",
        },
        frozenset({"confirmatory", "exploratory"}),
        run,
    )


STUDIES = (four_outcomes(0.20), four_outcomes(0.0), few_people(0.20), few_people(0.0), many_comparisons())
