"""Services beyond accommodation that an authority prints counts of: posts, their referrals and who was seen.

Leicestershire's board prints, for each post, the referrals of one quarter and, for each service, how many
were supported since its contract began. One row here is one referral to one post; whoever was supported has
a first session. A post with more referrals in the quarter than people supported in all the time has that
many, at least, who were not: the least is what the sample holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from analysis.evidence import published
from analysis.records.synthetic.frames import MARK, Calendar, Columns, Rng, case, finished, only

AREA: Final = "leicestershire"
PERIOD: Final = "2023-24"
SINCE: Final = "contract start to September 2023"
QUARTER: Final = "Quarter 1 (year not stated; pack of September 2023)"
START: Final = date(2023, 4, 1)
SENT: Final = 183
"""Days of the period that the pack knows of: April to September."""
QUARTER_DAYS: Final = 91
CONTRACT: Final = -365
"""Day the contracts are taken to begin, a year before the period; the pack does not say."""
PrintedAs = tuple[str, str, str]


@dataclass(frozen=True)
class Post:
    """One post or service.

    Attributes
    ----------
    service
        Its name, under which the referrals of the quarter are printed.
    therapy_type
        Its kind.
    supported
        Measure, breakdown and category under which its people are printed; those of a group, together.
    referred
        The same for all referrals to date, where those are printed instead.
    minus
        People of `supported` that are another post's.
    child
        Whether its clients are children.
    traits
        What is printed of every client.
    """

    service: str
    therapy_type: str
    supported: PrintedAs | None = None
    referred: PrintedAs | None = None
    minus: PrintedAs | None = None
    child: bool = False
    traits: tuple[tuple[str, str], ...] = ()


_LWA: Final = ("people_supported", "provider", "living-without-abuse")
_HIGH: Final = ("people_supported", "risk", "high-risk-young-people")
POSTS: Final = (
    Post(
        "turning-point-substance-misuse",
        "substance-support",
        supported=("people_supported", "provider", "turning-point"),
        traits=(("substance_use_need", "yes"),),
    ),
    Post("freeva-male", "other", supported=("people_supported", "sex", "male"), traits=(("sex", "male"),)),
    Post("freeva-bame-advisor", "other", supported=("people_supported", "ethnicity_group", "bame")),
    Post("lwa-yp-idva", "other", supported=_HIGH, child=True, traits=(("risk_level", "high"),)),
    Post("lwa-family-support-worker", "other", supported=_LWA, minus=_HIGH, child=True),
    Post(
        "lwa-outreach-worker",
        "other",
        supported=("people_supported", "provider", "living-without-abuse-outreach"),
    ),
    Post(
        "gate-family-support-worker",
        "other",
        supported=("people_supported", "ethnicity", "gypsy-roma-traveller"),
        traits=(("ethnicity", "white-gypsy-or-irish-traveller"),),
    ),
    Post(
        "freeva-adult-counsellor",
        "one-to-one-counselling",
        supported=("counselling_undertaking_or_completed", "provider", "freeva-adult-counsellor"),
        referred=("people_supported", "provider", "freeva-adult-counsellor"),
    ),
    Post(
        "freeva-yp-counsellor",
        "one-to-one-counselling",
        supported=("current_caseload", "provider", "freeva-yp-counsellor"),
        referred=("referrals_to_date", "provider", "freeva-yp-counsellor"),
        child=True,
    ),
    Post(
        "lgbt-counsellor",
        "one-to-one-counselling",
        supported=("referrals_seen_by_counsellor", "sexual_orientation_gender_identity", "lgbt"),
        referred=("referrals_to_date", "sexual_orientation_gender_identity", "lgbt"),
    ),
    Post(
        "womens-aid-jada-plus",
        "play-or-creative-therapy",
        supported=("people_supported", "provider", "womens-aid-jada-plus"),
        child=True,
    ),
)


def figure(measure: str, breakdown: str, category: str, period: str = SINCE) -> int | None:
    """Return a figure of the board pack, or None if it is not printed."""
    rows = published.load().select(AREA, PERIOD, measure=measure, breakdown=breakdown, corrected=False)
    rows = rows[(rows["category"] == category) & (rows["period"] == period)]
    return round(float(rows["value"].iloc[0])) if len(rows) else None


def therapy(rng: Rng) -> pd.DataFrame:
    """Return one row a referral to a post, in input form."""
    when = Calendar(START, SENT)
    parts = [_rows(post, rng) for post in POSTS]
    rows = pd.concat(parts, ignore_index=True)
    rows["case_reference"] = case(AREA, range(1, len(rows) + 1), "T")
    still = rows["ended"].isna()
    kept = [str(name) for name in rows.columns if name not in {"referred", "started", "ended"}]
    columns: Columns = {name: rows[name].to_numpy() for name in kept}
    columns |= {
        "provider": f"{MARK.lower()}-{AREA}-services",
        "referred_on": when.day(rows["referred"].to_numpy()),
        "started_on": when.day(rows["started"].to_numpy(dtype=float)),
        "ended_on": when.day(rows["ended"].to_numpy(dtype=float)),
    }
    return finished("therapy", columns, when, open_rows=still)


def _rows(post: Post, rng: Rng) -> pd.DataFrame:
    """Return the referrals of one post: as many as are printed, or as few as what is printed allows."""
    seen = _count(post.supported) - _count(post.minus)
    quarter = figure("referrals_in_quarter", "role", post.service, QUARTER) or 0
    total = _count(post.referred) if post.referred else max(seen, quarter)
    day = np.concatenate([rng.integers(0, QUARTER_DAYS, quarter), _other_days(total - quarter, rng)])
    day = rng.permutation(day)
    seen_first = np.sort(np.argsort(day, kind="stable")[:seen])
    wait = rng.integers(28, 57, total)
    started = np.full(total, np.nan)
    started[seen_first] = np.minimum(day[seen_first] + wait[seen_first], SENT - 1)
    rows = pd.DataFrame({"referred": day, "started": started, "ended": np.nan, "ending": None})
    rows["service"], rows["therapy_type"] = post.service, post.therapy_type
    rows["client_number"] = int(post.child)
    for name, value in post.traits:
        rows[name] = value
    return _ENDINGS.get(post.service, _as_is)(rows, rng)


def _count(printed_as: PrintedAs | None) -> int:
    return (figure(*printed_as) or 0) if printed_as else 0


def _other_days(count: int, rng: Rng) -> np.ndarray:
    """Return days outside the quarter: the year before it, or what the pack knows after it."""
    day = rng.integers(CONTRACT, SENT - QUARTER_DAYS - 60, count)
    return np.where(day < 0, day, day + QUARTER_DAYS)


def _as_is(rows: pd.DataFrame, rng: Rng) -> pd.DataFrame:  # noqa: ARG001
    return rows


def _lgbt(rows: pd.DataFrame, rng: Rng) -> pd.DataFrame:  # noqa: ARG001
    """End what is printed to have ended: of those seen some remain, of the others some did not engage."""
    group = ("sexual_orientation_gender_identity", "lgbt")
    seen = rows.index[rows["started"].notna()]
    other = rows.index[rows["started"].isna()]
    gone = other[: figure("referrals_not_engaged", *group) or 0]
    left = seen[: len(seen) - (figure("current_caseload", *group) or 0)]
    rows.loc[gone, "ended"] = SENT - 1
    rows["ending"] = only(rows.index.isin(gone), "not-engaged")
    rows.loc[left, "ended"] = SENT - 1
    return rows


def _young(rows: pd.DataFrame, rng: Rng) -> pd.DataFrame:  # noqa: ARG001
    """End everybody who is not on the caseload; how is not printed."""
    rows.loc[rows["started"].isna(), "ended"] = SENT - 1
    return rows


def _jada(rows: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Share out the printed contacts as sessions attended."""
    contacts = figure("face_to_face_contacts", "provider", "womens-aid-jada-plus") or 0
    rows["sessions_attended"] = rng.multinomial(contacts, np.full(len(rows), 1 / len(rows)))
    return rows


_ENDINGS: Final = {"lgbt-counsellor": _lgbt, "freeva-yp-counsellor": _young, "womens-aid-jada-plus": _jada}


def turned_away(area: str, period: str, provider: str, rng: Rng) -> pd.DataFrame | None:
    """Return referrals that the Hope bid prints as turned away before its period, or None elsewhere."""
    if (area, period) != (AREA, "2018-20"):
        return None
    rows = published.load().select(area, period, measure="people_turned_away", breakdown="", corrected=False)
    rows = rows[rows["area"].str.contains("Rutland")]
    count = round(float(rows["value"].iloc[0]))
    when = Calendar(date(2018, 4, 1), 731)
    columns: Columns = {
        "provider": provider,
        "case_reference": case(area, range(1, count + 1), "A"),
        "referred_on": when.day(rng.integers(-365, 30, count)),
        "outcome": "declined-by-provider",
    }
    return finished("referrals", columns, when)
