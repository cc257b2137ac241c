"""Fuller recording: what would stand where a published workbook leaves most characteristics blank."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from analysis.evidence import published
from analysis.records.fields import NOT_RECORDED, FieldSpec, table
from analysis.records.synthetic.frames import Rng, only

RECORDED: Final = 0.88
"""Share of what nobody wrote down that is written down in this scenario."""
KINDS: Final = {"not-asked": 4, "not-known": 2, "prefer-not-to-say": 2, NOT_RECORDED: 2}
"""How the rest is divided among the kinds of unknown."""
REST: Final = {
    "disability": "not-disabled",
    "sexual_orientation": "straight-or-heterosexual",
    "pregnant": "no",
    "ex_offender": "no",
    "children_elsewhere": "no",
    "previous_use": "no",
    "ethnic_minority": "no",
    "lgbtq": "no",
}
"""What a survivor is who is not among those that a document counts: it counts all who are."""
LEFT_ALONE: Final = frozenset({"destination", "departure_kind", "independent", "district", "age_band"})
"""Fields whose unknowns are printed counts, or that are a place."""
CHANCES: Final[dict[str, float]] = {
    "accessible_needed": 0.05,
    "children_removed": 0.06,
    "enquiry_while_full": 0.2,
    "has_pet": 0.12,
    "interpreter_needed": 0.1,
    "learning_difficulty": 0.06,
    "living_with_perpetrator": 0.26,
    "multiple_disadvantage": 0.15,
    "named_partner": 0.7,
    "needs_carer": 0.03,
    "no_recourse": 0.07,
    "recent_birth": 0.04,
    "trans": 0.02,
    "feels_safer": 0.85,
    "more_confident": 0.9,
    "better_quality_of_life": 0.86,
    "remained_home": 0.8,
    "support_plan": 0.75,
    "pets": 0.15,
    "known_to_substance_service": 0.66,
    "cleared": 0.4,
}
"""Chance of a yes, where no document prints a share."""
PRINTED: Final = {
    "mental_health_need": ("mental_health_need_share",),
    "substance_use_need": ("drug_misuse_share", "alcohol_misuse_share"),
    "honour_based_risk": ("honour_based_violence_risk_share",),
}
"""Chance of a yes that Leicestershire's services print as a share, added up where there are two."""
WEIGHTS: Final[dict[str, dict[str, float]]] = {
    "disability": {"disabled": 24, "not-disabled": 76},
    "sexual_orientation": {"straight-or-heterosexual": 94, "gay-or-lesbian": 3, "bisexual": 3},
    "gender_identity": {"same": 1},
    "religion": {"no-religion": 48, "christian": 36, "muslim": 9, "hindu": 2, "sikh": 2, "other-religion": 3},
    "partnership_status": {"never": 52, "married": 24, "separated": 14, "divorced": 10},
    "main_language": {"english": 86, "speaks-well": 6, "speaks-very-well": 4, "does-not-speak-well": 4},
    "risk_level": {"high": 55, "medium": 30, "standard": 15},
    "referring_agency": {
        "police": 20,
        "idva": 25,
        "helpline": 15,
        "council-housing": 20,
        "self": 12,
        "health": 8,
    },
    "asked_for": {"refuge": 8, "dispersed": 2},
    "impairment": {"mental-health": 6, "mobility": 2, "learning": 1, "stamina": 1},
    "ethnicity": {
        "white-british": 75,
        "white-other": 9,
        "black-african": 5,
        "asian-pakistani": 5,
        "mixed-other": 6,
    },
    "age_band": {"16-25": 22, "26-64": 75, "65-and-over": 3},
    "financial_status": {
        "universal-credit": 70,
        "employed-part-time": 12,
        "other-benefits": 8,
        "all-other": 10,
    },
    "tenure": {"private-rented": 30, "registered-provider": 25, "council-tenancy": 20, "family-friend": 25},
    "sanctuary_measure": {"locks": 6, "doors-and-windows": 2, "lighting-or-alarm": 2, "safe-room": 1},
    "measure": {"locks": 6, "doors-and-windows": 2, "lighting-or-alarm": 2, "safe-room": 1},
    "out_of_county": {"no": 65, "yes": 35},
}
TRANS_AS: Final = ("trans-woman", "trans-man", "non-binary")
ORIGINS: Final = ("Elsewhere in the region", "London", "Elsewhere in England")
"""Where those from outside came from, in words that name no authority."""


def recorded(name: str, frame: pd.DataFrame, rng: Rng, *, counted: frozenset[str]) -> pd.DataFrame:
    """Return a table with most of what was not recorded written down.

    Parameters
    ----------
    name
        Table of the schema.
    frame
        In input form.
    counted
        Case references of survivors of whom a document counts characteristics: those not counted as having
        one are taken not to have it.
    """
    frame = frame.reset_index(drop=True)
    mine = frame.get("case_reference", pd.Series("", index=frame.index)).isin(counted).to_numpy()
    for field in table(name).inputs:
        if field.unknown and field.codes and field.input not in LEFT_ALONE and field.code_list != "district":
            frame[field.input] = _filled(field, frame[field.input], mine, rng)
    if name == "referrals":
        return _numbers(_agreeing(frame, rng), rng)
    return _scores(_agreeing(frame, rng), rng) if name == "stays" else frame


def _filled(field: FieldSpec, column: pd.Series[str], counted: np.ndarray, rng: Rng) -> pd.Series[str]:
    """Write something down for most rows in which nothing is."""
    values = column.to_numpy(dtype=object, copy=True)
    open_ = np.flatnonzero((values == NOT_RECORDED) | column.isna().to_numpy())
    drawn = _drawn(field, len(open_), rng)
    if field.input in REST:
        drawn = np.where(counted[open_], REST[field.input], drawn)
    missing = rng.uniform(size=len(open_)) >= RECORDED
    drawn[missing] = _weighted(
        {kind: KINDS[kind] for kind in field.unknowns if kind in KINDS}, missing.sum(), rng
    )
    values[open_] = drawn
    return pd.Series(values, index=column.index, dtype="object")


def _drawn(field: FieldSpec, count: int, rng: Rng) -> np.ndarray:
    if field.type == "yes_no_unknown":
        chance = _chance(field.input)
        return np.where(rng.uniform(size=count) < chance, "yes", "no").astype(object)
    known = {code: 1.0 for code in field.codes if code not in field.unknowns}
    weights = {code: one for code, one in WEIGHTS.get(field.input, {}).items() if code in field.codes}
    return _weighted(weights or known, count, rng)


def _weighted(weights: dict[str, float] | dict[str, int], count: int, rng: Rng) -> np.ndarray:
    share = np.array(list(weights.values()), dtype=float)
    return rng.choice(np.array(list(weights), dtype=object), count, p=share / share.sum())


@lru_cache(maxsize=64)
def _chance(name: str) -> float:
    """Return the chance of a yes: a printed share where there is one."""
    if name in PRINTED:
        figures = published.load().select("leicestershire", "2018-20", measure=PRINTED[name], corrected=False)
        return float(figures.loc[figures["breakdown"] == "service", "value"].sum()) / 100
    return CHANCES.get(name, 0.1)


def _agreeing(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Make what hangs together agree: trans and gender identity, sex and pregnancy."""
    if "trans" in frame:
        trans = frame["trans"].eq("yes")
        frame.loc[trans, "gender_identity"] = rng.choice(TRANS_AS, int(trans.sum()))
    if "pregnant" in frame and "sex" in frame:
        never = frame["sex"].eq("male") | frame["age_band"].eq("65-and-over")
        frame.loc[never, [name for name in ("pregnant", "recent_birth") if name in frame]] = "no"
    return frame


def _numbers(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Add years of abuse, the cost of interpreting, and where those from outside came from."""
    count = len(frame)
    years = np.round(rng.gamma(2.0, 3.0, count), 1)
    frame["abuse_years"] = pd.array(np.where(rng.uniform(size=count) < 0.7, np.minimum(years, 40), np.nan))
    cost = np.round(rng.gamma(2.0, 150.0, count), 2)
    frame["interpreter_cost"] = pd.array(np.where(frame["interpreter_needed"].eq("yes"), cost, np.nan))
    outside = frame["out_of_county"].eq("yes")
    frame["origin_authority"] = only(outside, rng.choice(ORIGINS, count))
    frame["children_with"] = frame["children_with"].fillna(0)
    return frame


def _scores(frame: pd.DataFrame, rng: Rng) -> pd.DataFrame:
    """Add wellbeing at both ends of a stay that has ended, with some lost to follow-up."""
    count = len(frame)
    asked = rng.uniform(size=count) < 0.7
    first = np.clip(np.round(rng.normal(17, 4, count)), 7, 35)
    later = np.clip(np.round(first + rng.normal(4, 4, count)), 7, 35)
    again = asked & frame["end_date"].notna().to_numpy() & (rng.uniform(size=count) < 0.75)
    frame["wellbeing_measure"] = only(asked, "swemwbs")
    frame["wellbeing_start"] = pd.array(np.where(asked, first, np.nan))
    frame["wellbeing_end"] = pd.array(np.where(again, later, np.nan))
    return frame
