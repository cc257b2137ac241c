"""Rules of stays: a referral was accepted, the unit is open and has room, nobody is at two places at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from analysis.records.rules.findings import Breach
from analysis.records.rules.judging import NEW, Court, joined, labels, looked_up
from analysis.records.rules.rows import month_end

WOMEN: Final = ("women-only", "women-and-children")
MEN: Final = ("men-only", "men-and-children")
STAY_COLUMNS: Final = ("provider", "case", "person", "unit", "month", "start_date", "end_date")


def judge(court: Court) -> None:
    """Judge stays against referrals, units and each other, in an order in which each rule sees the last."""
    for rule in (_referred, _open, _eligible, _one_place, _room):
        for breach in rule(court):
            court.refuse("stays", breach)


def stays_of(court: Court) -> pd.DataFrame:
    """Return the stays that stand, with ``stop``: the day of leaving, or the last known if it goes on.

    A stay without an end is known to the end of the month it was last reported in, and no further.
    """
    stays = court.rows("stays", STAY_COLUMNS)
    open_stop = month_end(stays["month"]) + pd.Timedelta(days=1)
    return stays.assign(stop=stays["end_date"].fillna(open_stop))


def _referrals(court: Court) -> pd.DataFrame:
    columns = ("provider", "case", "month", "referred_on", "outcome", "sex", "trans", "gender_identity")
    rows = court.rows("referrals", columns)
    return rows.assign(match=rows["case"])


def first_months(court: Court) -> pd.Series[pd.Timestamp]:
    """Return the first month that each provider sent referrals for."""
    return court.rows("referrals", ("provider", "month")).groupby("provider")["month"].min()


def unreferred(court: Court) -> tuple[pd.DataFrame, pd.Series[bool], pd.Series[bool]]:
    """Return the stays, which of them have no accepted referral, and which began before any was sent."""
    stays, referrals = court.rows("stays", STAY_COLUMNS), _referrals(court)
    accepted = referrals.loc[referrals["outcome"] == "accepted"]
    earliest = accepted.groupby("match")["referred_on"].min()
    since = looked_up(stays["case"], earliest)
    lacking = since.isna() | (since > stays["start_date"])
    first = looked_up(stays["provider"], first_months(court))
    return stays, lacking, first.isna() | (stays["start_date"] < first)


def _referred(court: Court) -> Iterator[Breach]:
    stays, lacking, before = unreferred(court)
    problem = "No accepted referral of this case, on or before the start of the stay, stands"
    cure = "Add the referral, correct its outcome or date, or correct the case reference."
    yield Breach(labels(stays, lacking & ~before), "case", "no-accepted-referral", problem, cure)


def _units(court: Court) -> pd.DataFrame:
    columns = ("provider", "unit", "eligibility", "places", "open_from", "open_to")
    rows = court.rows("units", columns)
    return rows.assign(match=joined(rows, "provider", "unit")).drop_duplicates("match").set_index("match")


def _open(court: Court) -> Iterator[Breach]:
    stays, units = stays_of(court), _units(court)
    match = joined(stays, "provider", "unit")
    unknown = ~match.isin(units.index)
    cure = "Add the unit to the units sheet, or correct its code."
    yield Breach(labels(stays, unknown), "unit", "unknown-unit", "No unit of this code stands", cure)
    opened, closed = looked_up(match, units["open_from"]), looked_up(match, units["open_to"])
    early, late = stays["start_date"] < opened, stays["stop"] > closed + pd.Timedelta(days=1)
    cure = "Correct the dates of the stay or of the unit, or the code of the unit."
    yield Breach(labels(stays, early), "start_date", "unit-not-open", "The unit was not open yet", cure)
    problem = "The unit had closed before the end of the stay"
    yield Breach(labels(stays, late & ~early), "end_date", "unit-not-open", problem, cure)


def _eligible(court: Court) -> Iterator[Breach]:
    """Yield men in units for women and women in units for men.

    Sex alone decides where it is recorded and the survivor is not recorded as trans; for trans and non-binary
    survivors the provider's own policy does, and unknown is never "no".
    """
    stays, referrals, units = stays_of(court), _referrals(court), _units(court)
    latest = referrals.sort_values("referred_on", kind="stable").drop_duplicates("match", keep="last")
    latest = latest.set_index("match")
    case = stays["case"]
    open_to = joined(stays, "provider", "unit").map(units["eligibility"])
    different = ~case.map(latest["gender_identity"]).isin(("same", *_UNSAID))
    trans = (case.map(latest["trans"]) == "yes") | (different & case.isin(latest.index))
    sex = case.map(latest["sex"]).mask(trans)
    cure = "Correct the unit, its eligibility, or the sex that the referral records."
    for codes, other, who in ((WOMEN, "male", "women"), (MEN, "female", "men")):
        problem = f"The unit is for {who}, and the referral records another sex"
        yield Breach(
            labels(stays, open_to.isin(codes) & (sex == other)), "unit", "not-eligible", problem, cure
        )


_UNSAID: Final = ("not-known", "not-asked", "prefer-not-to-say", "not-recorded")


def _one_place(court: Court) -> Iterator[Breach]:
    stays = stays_of(court)
    over = crowded(stays, stays["person"], pd.Series(1, index=stays.index))
    problem = "The survivor is in another place on some of the same nights"
    cure = "Correct the dates of this stay or of the other; the day of a move may be in both."
    yield Breach(labels(stays, over), "start_date", "two-places-at-once", problem, cure)


def _room(court: Court) -> Iterator[Breach]:
    """Yield stays that a unit has no place left for; each household takes one place at the least."""
    stays, units = stays_of(court), _units(court)
    match = joined(stays, "provider", "unit")
    places = match.map(units["places"].astype("float64"))
    over = crowded(stays.loc[places.notna()], match, places)
    problem = "The unit has more households on some nights than it has places"
    cure = "Correct the unit, the dates of a stay that ended, or the number of places."
    yield Breach(
        labels(stays, over.reindex(stays.index, fill_value=False)), "unit", "over-filled", problem, cure
    )


def crowded(stays: pd.DataFrame, group: pd.Series[int], places: pd.Series[float]) -> pd.Series[bool]:
    """Return the stays that must go so that no group ever holds more than its places.

    Of two that clash the later to start goes, unless it was accepted before. Groups without a clash, nearly
    all, are told by one sorted sum over arrivals and departures; the others are gone through one by one.

    Parameters
    ----------
    stays
        ``start_date``, ``stop`` (the day of leaving; a night is counted by its evening) and `NEW`.
    group
        What the places belong to, by row.
    places
        How many there are, by row; the same for all rows of a group.
    """
    group, places = group.loc[stays.index], places.loc[stays.index]
    over = pd.Series(False, index=stays.index)
    suspects = stays.loc[group.isin(_clashing(stays, group, places))]
    for _, rows in suspects.groupby(group.loc[suspects.index], sort=True):
        over.loc[_too_many(rows, int(places.loc[rows.index[0]]))] = True
    return over


def _clashing(stays: pd.DataFrame, group: pd.Series[int], places: pd.Series[float]) -> pd.Index[int]:
    """Return the groups that at some time hold more than their places."""
    nights = stays["stop"] > stays["start_date"]
    number, names = pd.factorize(group.loc[nights])
    start = stays.loc[nights, "start_date"].to_numpy().astype("datetime64[D]").astype("int64")
    stop = stays.loc[nights, "stop"].to_numpy().astype("datetime64[D]").astype("int64")
    day, who = np.concatenate([stop, start]), np.concatenate([number, number])
    step = np.repeat([-1, 1], len(number))
    order = np.lexsort((step, day, who))
    inside = np.cumsum(step[order])
    most = np.concatenate([places.loc[nights].to_numpy(), places.loc[nights].to_numpy()])[order]
    found: pd.Index[int] = pd.Index(names[np.unique(who[order][inside > most])])
    return found


def _too_many(rows: pd.DataFrame, places: int) -> list[int]:
    """Return which rows of one group must go, gone through in order of their start."""
    ordered = rows.assign(_at=rows.index).sort_values(["start_date", NEW, "stop", "_at"])
    inside: list[tuple[pd.Timestamp, bool, int]] = []
    gone: list[int] = []
    for start, stop, new, at in ordered[["start_date", "stop", NEW, "_at"]].itertuples(index=False):
        if stop <= start:
            continue
        inside = [stay for stay in inside if stay[0] > start]
        if len(inside) >= places:
            if new:
                gone.append(at)
                continue
            inside, evicted = _evict(inside)
            gone.extend(evicted)
        inside.append((stop, new, at))
    return gone


def _evict(
    inside: list[tuple[pd.Timestamp, bool, int]],
) -> tuple[list[tuple[pd.Timestamp, bool, int]], list[int]]:
    """Make room for a stay accepted before by taking out the last that was not."""
    judged = [stay for stay in inside if stay[1]]
    if not judged:
        return inside, []
    return [stay for stay in inside if stay is not judged[-1]], [judged[-1][2]]
