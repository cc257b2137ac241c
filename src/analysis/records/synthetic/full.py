"""The scenario in which everything is recorded: men, trans and non-binary adults, every field, every table.

Nothing of it is printed by anybody: its weights are chosen so that every section of every notebook has
something to show. What an authority does print of women still holds of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from analysis.records.synthetic.apportion import apportion
from analysis.records.synthetic.borrowed import scaled
from analysis.records.synthetic.frames import MARK, Calendar, Rng, case, finished
from analysis.records.synthetic.margins import Targets
from analysis.records.synthetic.people import Core, core
from analysis.records.synthetic.recorded import recorded
from analysis.records.synthetic.stays import Cell, Flow
from analysis.records.synthetic.tables import attempts, feedback, new_service, sanctuary

SERIES: Final = "M"
"""Letter of the survivors that this scenario adds."""
PLACES_FOR_ANY_ADULT: Final = 8
MEAN_STAY: Final = 110.0
MALE_SHARE: Final = 0.8
TRANS_SHARE: Final = 0.15
FAMILY_SHARE: Final = 0.3
"""Children a survivor of those who are added."""
MOVE_ON: Final = 8
"""Survivors who move on to second-stage accommodation, so that two stays are one episode."""
OUTCOMES: Final = {
    "declined-by-provider": 0.5,
    "declined-by-survivor": 0.25,
    "inappropriate": 0.25,
}
REASONS: Final = {
    "declined-by-provider": {
        "no-space": 8,
        "needs-not-met-mental-health": 5,
        "needs-not-met-substance-use": 4,
        "no-accessible-unit": 3,
        "family-too-large": 3,
        "older-male-child": 2,
        "no-recourse-to-public-funds": 3,
        "pet": 1,
        "area-not-safe": 1,
    },
    "declined-by-survivor": {
        "too-far": 4,
        "too-far-from-support-networks": 3,
        "found-other-place": 2,
        "chose-to-stay": 3,
        "no-contact": 2,
    },
    "inappropriate": {"not-domestic-abuse": 2, "advice-only": 3, "wrong-service": 2},
}
FOR_MEN: Final = {"not-eligible-sex": 7, "no-space": 2, "needs-not-met-mental-health": 1}
"""Why a provider declines a man."""


def full(targets: Targets, base: Core, rng: Rng) -> dict[str, pd.DataFrame]:
    """Return the tables of a sample with everything that the schema can hold."""
    when = Calendar(targets.start, targets.days)
    added = core(_added(targets), rng)
    referrals = pd.concat(
        [base.tables["referrals"], added.tables["referrals"], _more_declined(targets, base, when, rng)]
    )
    moved, move_on = _move_on(base, when)
    stays = pd.concat([base.tables["stays"], added.tables["stays"], moved])
    units = pd.concat([base.tables["units"], added.tables["units"], move_on])
    children = pd.concat([base.tables["children"], added.tables["children"]])
    ticked = frozenset(base.survivors["case_reference"])
    tables = {
        "referrals": recorded("referrals", referrals, rng, counted=ticked),
        "stays": recorded("stays", stays, rng, counted=ticked),
        "children": recorded("children", children, rng, counted=ticked),
        "therapy": new_service(targets, base, when, rng),
        "units": recorded("units", units, rng, counted=frozenset()),
        "sanctuary": recorded("sanctuary", sanctuary(targets, when, rng, full=True), rng, counted=ticked),
        "attempts": attempts(targets, base, when, rng),
        "feedback": feedback(targets, base, when, rng),
    }
    return {
        name: finished(name, frame.drop(columns="month"), when, open_rows=_open(name, frame))
        for name, frame in tables.items()
    }


def _open(name: str, frame: pd.DataFrame) -> pd.Series[bool] | None:
    """Return the rows that are still going on when the period ends."""
    column = {"stays": "end_date", "therapy": "ended_on", "sanctuary": "completed_on"}.get(name)
    if name == "children":
        return pd.Series(True, index=frame.index)
    return frame[column].isna() if column else None


def _added(targets: Targets) -> Targets:
    """Return targets of the survivors that are added, in places open to any adult."""
    districts = [cell.district for cell in targets.cells if cell.kind == "dispersed"] or [
        targets.cells[0].district
    ]
    cells = tuple(Cell(district, "dispersed", MEAN_STAY) for district in dict.fromkeys(districts))
    places = max(PLACES_FOR_ANY_ADULT, 2 * len(cells))
    taken = round(places * 0.75)
    leaving = round(places * targets.days * 0.75 / MEAN_STAY)
    people = leaving + taken
    men, trans = round(people * MALE_SHARE), max(1, round(people * TRANS_SHARE))
    children = round(people * FAMILY_SHARE)
    traits = {name: scaled(counts, people) for name, counts in targets.traits.items()}
    traits["sex"] = {"male": men, "female": people - men}
    traits["trans"] = {"no": people - trans, "yes": trans}
    traits["gender_identity"] = {"not-recorded": people}
    traits["pregnant"] = {"not-recorded": people}
    traits["sexual_orientation"] = dict(
        zip(
            ("straight-or-heterosexual", "gay-or-lesbian", "bisexual"),
            apportion(people, [6, 3, 1]),
            strict=True,
        )
    )
    return replace(
        targets,
        referrals=leaving + 2 * leaving,
        declined=2 * leaving,
        supported=people,
        departures=leaving,
        traits=traits,
        destinations=scaled(targets.destinations, leaving),
        departure_kinds={},
        independent=round(leaving * 0.5),
        cells=cells,
        flows={"dispersed": Flow(places, taken, taken, 0.75, (0,) * places)},
        any_adult=places,
        accessible=1,
        children=children,
        child_traits={name: scaled(counts, children) for name, counts in targets.child_traits.items()},
        previous_use=round(leaving / 5),
        providers=1,
        series=SERIES,
    )


def _more_declined(targets: Targets, base: Core, when: Calendar, rng: Rng) -> pd.DataFrame:
    """Return referrals with all the ways of not becoming a stay, of women and of men."""
    count = max(round(targets.accepted * 0.6), 30)
    outcome = rng.permutation(np.repeat(list(OUTCOMES), apportion(count, list(OUTCOMES.values()))))
    sex = rng.choice(["female", "male"], count, p=[0.7, 0.3])
    day = rng.integers(0, targets.days - 2, count)
    reason = [_reason(*pair, rng) for pair in zip(outcome, sex, strict=True)]
    names = np.array(sorted(base.survivors["provider"].unique()), dtype=object)
    columns = {
        "provider": rng.choice(names, count),
        "case_reference": case(targets.area, range(1, count + 1), "E"),
        "referred_on": when.day(day),
        "decided_on": when.day(day + rng.integers(0, 2, count)),
        "outcome": outcome,
        "refusal_reason": reason,
        "sex": sex,
        "children_with": rng.integers(0, 4, count),
        "enquiry_while_full": np.where(np.array(reason) == "no-space", "yes", "no"),
    }
    return finished("referrals", columns, when)


def _reason(outcome: str, sex: str, rng: Rng) -> str:
    weights = FOR_MEN if sex == "male" and outcome == "declined-by-provider" else REASONS[outcome]
    return str(rng.choice(list(weights), p=np.array(list(weights.values())) / sum(weights.values())))


def _move_on(base: Core, when: Calendar) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return second stays that begin the day the first ends, and the units they are in."""
    stays = base.tables["stays"]
    moving = stays[
        stays["destination"].eq("supported-housing") | stays["destination"].eq("other-accommodation")
    ]
    moving = moving[moving["end_date"] < when.last_day - pd.Timedelta(days=30)].head(MOVE_ON)
    names = [f"{MARK}-2S-{number:03d}" for number in range(1, len(moving) + 1)]
    second = {
        "provider": moving["provider"].to_numpy(),
        "case_reference": moving["case_reference"].to_numpy(),
        "shared_reference": moving["shared_reference"].to_numpy(),
        "unit": names,
        "start_date": moving["end_date"].to_numpy(),
    }
    district = base.tables["units"].set_index(["provider", "unit"])["district"]
    units = {
        "provider": moving["provider"].to_numpy(),
        "unit": names,
        "accommodation_type": "second-stage",
        "district": [district[pair] for pair in zip(moving["provider"], moving["unit"], strict=True)],
        "eligibility": "women-and-children",
        "places": 1,
        "capacity_unit": "family-place",
        "family_size": 8,
        "open_from": when.day(np.full(len(moving), -400.0)),
    }
    still = np.ones(len(moving), dtype=bool)
    return finished("stays", second, when, open_rows=still), finished("units", units, when)
