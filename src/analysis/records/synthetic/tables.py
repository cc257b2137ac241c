"""The tables beside accommodation: sanctuary, therapy, attempts and feedback of a synthetic sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.evidence import published
from analysis.records.fields import unknown_codes
from analysis.records.synthetic.frames import MARK, Calendar, Columns, Rng, case, finished, only
from analysis.records.synthetic.margins import OUT_OF_COUNTY, Targets

if TYPE_CHECKING:
    from analysis.records.synthetic.people import Core

SERVICE: Final = "new-therapy-service"
BEFORE: Final = 365
"""Days before the period for which the new service's waiting list is known."""
MORE_SANCTUARY: Final = 40
"""Homes asked to be made safe in the full scenario, at least."""
WHO_ATTEMPTS: Final = {
    ("male", "no", "straight-or-heterosexual", "no-place-for-men"): 24,
    ("male", "no", "gay-or-lesbian", "no-lgbtq-provision"): 10,
    ("male", "no", "bisexual", "did-not-find-a-service"): 4,
    ("female", "no", "gay-or-lesbian", "no-lgbtq-provision"): 10,
    ("female", "yes", "not-asked", "no-place-for-trans-people"): 8,
    ("male", "yes", "prefer-not-to-say", "no-place-for-trans-people"): 6,
    ("female", "no", "not-asked", "no-space"): 20,
    ("female", "no", "not-asked", "no-recourse-to-public-funds"): 12,
    ("male", "no", "not-asked", "fear-of-not-being-believed"): 6,
}
"""Sex, trans, sexual orientation and barrier of the attempts in the full scenario, and how many."""
ACTIONS: Final = ("signposted-helpline", "signposted-service", "temporary-accommodation", "nothing-available")
APPROACHED: Final = ("safe-accommodation", "council-housing", "helpline", "lgbtq-service", "no-recourse-team")
THEMES: Final = ("felt-safe", "staff", "building", "children", "location", "therapy", "moving-on", "identity")


def _districts(targets: Targets) -> np.ndarray:
    skipped = {OUT_OF_COUNTY, *unknown_codes()}
    return np.array([code for code in targets.traits["origin"] if code not in skipped], dtype=object)


def sanctuary(targets: Targets, when: Calendar, rng: Rng, *, full: bool = False) -> pd.DataFrame:
    """Return homes made safe: as many as are printed; with ``full``, some more that are not done yet."""
    done, more = targets.sanctuary, MORE_SANCTUARY if full else 0
    count = done + more
    day = rng.integers(0, targets.days - 45, count)
    finish = (day + rng.integers(2, 40, count)).astype(float)
    finish[done:][rng.uniform(size=more) < 0.4] = np.nan
    columns: Columns = {
        "provider": f"{MARK.lower()}-{targets.area}-sanctuary",
        "case_reference": case(targets.area, range(1, count + 1), "S"),
        "district": rng.choice(_districts(targets), count),
        "referred_on": when.day(day),
        "completed_on": when.day(finish),
    }
    if full:
        columns |= {
            "cost": np.round(rng.gamma(3.0, 90.0, count), 2),
            "children": rng.integers(0, 4, count),
            "sex": rng.choice(["female", "male"], count, p=[0.92, 0.08]),
        }
    return finished("sanctuary", columns, when, open_rows=np.isnan(finish))


def _days(measure: str, bound: str) -> int:
    """Return a printed wait in days; the unit is the figure's own."""
    figures = published.load().select("leicestershire", "2023-24", measure=measure, corrected=False)
    row = figures[figures["category"] == bound].iloc[0]
    return round(float(row["value"]) * {"months": 365.25 / 12, "weeks": 7.0}[row["unit"]])


def new_service(targets: Targets, base: Core, when: Calendar, rng: Rng) -> pd.DataFrame:
    """Return referrals to a therapy service that is funded from the first day of the period.

    Waits before and since are drawn from the ranges that Leicestershire prints for its children's service.
    Not everybody starts, fewer complete, and fewer still are measured twice.
    """
    count = max(2 * (BEFORE + targets.days) // 7, 120)
    day = np.sort(rng.integers(-BEFORE, targets.days - 1, count))
    before = [_days("waiting_time_before_funding", bound) for bound in ("lower", "upper")]
    since = [_days("waiting_time_since_funding", bound) for bound in ("lower", "upper")]
    wait = np.where(
        day < 0, rng.integers(before[0], before[1] + 1, count), rng.integers(since[0], since[1] + 1, count)
    )
    last, lost = targets.days - 1, rng.uniform(size=count)
    start = np.where((lost < 0.12) | (day + wait > last), np.nan, day + wait)
    end = start + rng.integers(60, 150, count)
    end = np.where(lost < 0.12, np.minimum(day + 60.0, last), np.where(end > last, np.nan, end))
    kind = np.where(lost < 0.12, "not-engaged", np.where(lost < 0.3, "stopped-by-survivor", "completed"))
    ending = only(~np.isnan(end), kind)
    columns: Columns = {
        "provider": f"{MARK.lower()}-{targets.area}-therapy",
        "case_reference": case(targets.area, range(1, count + 1), "T"),
        "service": SERVICE,
        "therapy_type": rng.choice(["one-to-one-counselling", "trauma-therapy"], count, p=[0.8, 0.2]),
        "client_number": 0,
        "referred_on": when.day(day),
        "identified_on": when.day(day - rng.integers(0, 10, count)),
        "assessed_on": when.day(np.where(np.isnan(start), np.nan, start - 7)),
        "started_on": when.day(start),
        "ended_on": when.day(end),
        "ending": ending,
        "sex": rng.choice(["female", "male"], count, p=[0.85, 0.15]),
        "sexual_orientation": rng.choice(
            ["straight-or-heterosexual", "lgb-plus", "not-asked"], count, p=[0.8, 0.1, 0.1]
        ),
        "age_band": rng.choice(["16-25", "26-64", "65-and-over"], count, p=[0.22, 0.75, 0.03]),
        "ethnicity": rng.choice(list(base_ethnicity(base)), count),
        "disability": rng.choice(["disabled", "not-disabled", "not-asked"], count, p=[0.4, 0.5, 0.1]),
        "mental_health_need": "yes",
        "in_safe_accommodation": rng.choice(["yes", "no"], count, p=[0.4, 0.6]),
    }
    return finished("therapy", columns | _sessions(start, ending, rng), when, open_rows=np.isnan(end))


def base_ethnicity(base: Core) -> np.ndarray:
    """Return the ethnic groups of the sample's survivors, to draw from."""
    return base.survivors["ethnicity"].to_numpy(dtype=object)


def _sessions(start: np.ndarray, ending: np.ndarray, rng: Rng) -> Columns:
    """Return sessions and CORE-10 scores: the last is of those who completed, and not of all of them."""
    count, begun = len(start), ~np.isnan(start)
    offered = np.where(begun, rng.integers(6, 15, count), np.where(ending == "not-engaged", 2, 0))
    attended = np.where(begun, np.maximum(offered - rng.integers(0, 5, count), 1), 0)
    first = np.clip(np.round(rng.normal(22, 5, count)), 0, 40)
    later = np.clip(np.round(first - rng.normal(7, 6, count)), 0, 40)
    again = (ending == "completed") & (rng.uniform(size=count) < 0.8)
    return {
        "sessions_offered": offered,
        "sessions_attended": attended,
        "measure": only(begun, "core-10"),
        "score_start": pd.array(np.where(begun, first, np.nan)),
        "score_end": pd.array(np.where(begun & again, later, np.nan)),
    }


def attempts(targets: Targets, base: Core, when: Calendar, rng: Rng) -> pd.DataFrame:
    """Return attempts to get a place that never became a referral, with who, what, action and barrier."""
    who = [key for key, count in WHO_ATTEMPTS.items() for _ in range(count)]
    count = len(who)
    sex, trans, orientation, barrier = (list(part) for part in zip(*who, strict=True))
    month = when.day(rng.integers(0, targets.days, count)).dt.to_period("M").dt.to_timestamp()
    names = np.array(sorted(base.survivors["provider"].unique()), dtype=object)
    columns: Columns = {
        "provider": rng.choice(names, count),
        "attempt_reference": case(targets.area, range(1, count + 1), "C"),
        "attempt_month": month.to_numpy(),
        "approached": rng.choice(APPROACHED, count),
        "asked_for": rng.choice(["place", "advice", "support"], count, p=[0.7, 0.2, 0.1]),
        "action": rng.choice(ACTIONS, count),
        "barrier": barrier,
        "enquiry_while_full": np.where(np.array(barrier) == "no-space", "yes", "no"),
        "became_referral": rng.choice(["no", "not-known"], count, p=[0.9, 0.1]),
        "referred_to_area": rng.choice(_districts(targets), count),
        "sex": sex,
        "trans": trans,
        "gender_identity": np.where(np.array(trans) == "yes", "different", "not-asked"),
        "sexual_orientation": orientation,
        "age_band": rng.choice(
            ["16-25", "26-64", "65-and-over", "not-known"], count, p=[0.2, 0.65, 0.05, 0.1]
        ),
        "no_recourse": np.where(np.array(barrier) == "no-recourse-to-public-funds", "yes", "not-asked"),
        "children_with": rng.integers(0, 3, count),
    }
    return finished("attempts", columns, when)


def feedback(targets: Targets, base: Core, when: Calendar, rng: Rng) -> pd.DataFrame:
    """Return coded themes of feedback, several to a form; no words."""
    forms = max(30, targets.departures // 3)
    sizes = rng.integers(1, 4, forms)
    form = np.repeat(np.arange(forms), sizes)
    theme = [name for size in sizes for name in rng.choice(THEMES, size, replace=False)]
    names = np.array(sorted(base.survivors["provider"].unique()), dtype=object)
    reference = np.array(case(targets.area, range(1, forms + 1), "F"))
    month = when.day(rng.integers(0, targets.days, forms)).dt.to_period("M").dt.to_timestamp().to_numpy()
    columns: Columns = {
        "provider": rng.choice(names, forms)[form],
        "form_reference": reference[form],
        "given_month": month[form],
        "given_by": rng.choice(["adult", "child", "former-resident"], forms, p=[0.7, 0.1, 0.2])[form],
        "service": rng.choice(["refuge", "dispersed"], forms)[form],
        "theme": theme,
        "feeling": rng.choice(
            ["positive", "mixed", "negative", "neutral"], len(form), p=[0.6, 0.2, 0.15, 0.05]
        ),
        "cleared": "no",
    }
    return finished("feedback", columns, when)
