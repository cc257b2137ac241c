"""Warnings: rows that are accepted and that somebody should look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from analysis.records.fields import unknown_codes
from analysis.records.rules.completion import BANDS
from analysis.records.rules.families import children_of
from analysis.records.rules.findings import Breach
from analysis.records.rules.judging import Court, joined, labels
from analysis.records.rules.places import STAY_COLUMNS, stays_of, unreferred
from analysis.records.rules.rows import authority_of, codes_of_areas

LONG_STAY: Final = 730
"""Days of a stay past which the end may have been forgotten."""

SOON: Final = 3
"""Days within which a second referral of a case may be the first again."""

LOOK: Final = "Look at it again; nothing needs doing if it is right."
ALIKE: Final = ("provider", "referred_on", "sex", "age", "ethnicity", "referred_from", "children_with")
OUTLYING: Final = {
    "referrals": ("interpreter_cost", "abuse_years", "children_with"),
    "stays": ("contacts",),
    "therapy": ("sessions_offered", "sessions_attended"),
    "sanctuary": ("cost",),
}
ENOUGH: Final = 20
"""Values without which nothing is said to be outlying."""

FENCE: Final = 6
"""Interquartile ranges above the upper quartile past which a value is outlying: far out, after Tukey (1977),
who has 3, doubled because costs and counts are skewed."""


def look(court: Court) -> None:
    """Note possible duplicates, outliers and contradictions among the rows that stand."""
    rules = {
        "referrals": (_alike, _soon_again, _pregnant, _trans_and_same, _abuse_before_birth),
        "stays": (_before_records, _long),
        "children": (_too_old_for_parent, _family_too_large),
        "therapy": (_more_attended,),
        "units": (_unit_elsewhere,),
    }
    for name, looks in rules.items():
        if name in court.frames:
            for rule in looks:
                court.warn(name, rule(court))
    for name in (name for name in OUTLYING if name in court.frames):
        for breach in _outliers(court, name):
            court.warn(name, breach)


def _alike(court: Court) -> Breach:
    rows = court.rows("referrals", (*ALIKE, "case"))
    told = rows["age"].notna() & ~rows["ethnicity"].isin(unknown_codes())
    again = told & rows.duplicated(list(ALIKE), keep=False) & ~rows.duplicated([*ALIKE, "case"], keep=False)
    problem = "Another case was referred on the same day with the same age, ethnic group, district and family"
    return Breach(labels(rows, again), "case", "possible-duplicate", problem, LOOK)


def _soon_again(court: Court) -> Breach:
    rows = court.rows("referrals", ("provider", "person", "referred_on"))
    rows = rows.sort_values("referred_on", kind="stable")
    gap = rows["referred_on"].groupby(joined(rows, "provider", "person")).diff().dt.days
    problem = f"The same survivor was referred to the same provider up to {SOON} days before"
    return Breach(labels(rows, gap <= SOON), "referred_on", "possible-duplicate", problem, LOOK)


def _pregnant(court: Court) -> Breach:
    rows = court.rows("referrals", ("sex", "trans", "pregnant", "recent_birth"))
    said = (rows["pregnant"] == "yes") | (rows["recent_birth"] == "yes")
    odd = said & (rows["sex"] == "male") & (rows["trans"] != "yes")
    return Breach(
        labels(rows, odd), "sex", "contradiction", "Recorded as male, and pregnant or in maternity", LOOK
    )


def _trans_and_same(court: Court) -> Breach:
    rows = court.rows("referrals", ("gender_identity", "trans"))
    odd = (rows["gender_identity"] == "same") & (rows["trans"] == "yes")
    problem = "Recorded as trans, and with a gender identity the same as the sex registered at birth"
    return Breach(labels(rows, odd), "gender_identity", "contradiction", problem, LOOK)


def _abuse_before_birth(court: Court) -> Breach:
    rows = court.rows("referrals", ("age", "abuse_years"))
    odd = (rows["abuse_years"] > rows["age"].astype("Float64")).fillna(value=False)
    return Breach(labels(rows, odd), "abuse_years", "outlier", "The abuse is longer than the life", LOOK)


def _before_records(court: Court) -> Breach:
    stays, lacking, before = unreferred(court)
    problem = "No referral is known: the stay began before the first workbook of the provider"
    return Breach(labels(stays, lacking & before), "case", "referral-before-records", problem, LOOK)


def _long(court: Court) -> Breach:
    rows = court.rows("stays", STAY_COLUMNS)
    days = (rows["end_date"].fillna(rows["month"]) - rows["start_date"]).dt.days
    return Breach(
        labels(rows, days > LONG_STAY), "end_date", "outlier", "The stay is longer than two years", LOOK
    )


def _too_old_for_parent(court: Court) -> Breach:
    """Return children with less than twelve years between them and the oldest that the survivor may be."""
    children = children_of(court)
    parents = court.rows("referrals", ("provider", "case", "age_band"))
    oldest = parents["age_band"].map({band: ages[1] for band, ages in BANDS.items()})
    oldest = oldest.groupby(parents["case"]).max()
    parent = children["case"].map(oldest)
    odd = (children["age"].astype("Float64") > parent - 12).fillna(value=False)
    problem = "The child is nearly as old as the survivor may be"
    return Breach(labels(children, odd), "age", "contradiction", problem, LOOK)


def _family_too_large(court: Court) -> Breach:
    children, stays = children_of(court), stays_of(court)
    units = court.rows("units", ("provider", "unit", "family_size"))
    size = pd.Series(
        units["family_size"].astype("float64").array, index=joined(units, "provider", "unit").array
    )
    size = size[~size.index.duplicated()]
    stay = joined(stays, "case", "start_date")
    most = pd.Series(joined(stays, "provider", "unit").map(size).array, index=stay.array)
    most = most[~most.index.duplicated()]
    people = children.groupby("match")["match"].transform("size") + 1
    odd = people > children["match"].map(most)
    problem = "The family has more people than the unit is said to hold"
    return Breach(labels(children, odd), "stay_start", "family-too-large", problem, LOOK)


def _more_attended(court: Court) -> Breach:
    rows = court.rows("therapy", ("sessions_offered", "sessions_attended"))
    odd = (rows["sessions_attended"] > rows["sessions_offered"]).fillna(value=False)
    problem = "More sessions were attended than offered"
    return Breach(labels(rows, odd), "sessions_attended", "contradiction", problem, LOOK)


def _unit_elsewhere(court: Court) -> Breach:
    rows = court.rows("units", ("area", "district"))
    known = ~rows["district"].isin(unknown_codes())
    odd = known & (rows["district"].map(authority_of()) != rows["area"].map(codes_of_areas()))
    return Breach(labels(rows, odd), "district", "outlier", "The unit lies in another authority", LOOK)


def _outliers(court: Court, name: str) -> Iterator[Breach]:
    """Yield values far above what is usual in the table."""
    for column in OUTLYING[name]:
        rows = court.rows(name, (column,))
        values = pd.to_numeric(rows[column], errors="coerce").astype("float64")
        lower, upper = float(values.quantile(0.25)), float(values.quantile(0.75))
        far = (values > upper + FENCE * max(upper - lower, 1.0)) & (values.notna().sum() >= ENOUGH)
        problem = "The value is far above the others of this column"
        yield Breach(labels(rows, far), column, "outlier", problem, LOOK)
