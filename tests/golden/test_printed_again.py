"""Every figure that Norfolk's refresh prints for 2022-23: made again from records or figures, or explained.

The outcomes are those of ``data/published/reproduced.csv``, which the needs assessment shows; nothing here is
typed but how a measure is counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
import pytest

from analysis.evidence import published, reproduced
from analysis.evidence.audit_findings import book
from analysis.evidence.codes import load_mappings
from analysis.evidence.formulas import evaluate
from analysis.records.synthetic.sample import Sample, generate

AREA, PERIOD = "norfolk", "2022-23"
START, END = pd.Timestamp("2022-04-01"), pd.Timestamp("2023-03-31")
EVIDENCE = published.load()
BOOK = book(EVIDENCE.figures)
FIGURES = reproduced.figures(EVIDENCE, AREA, PERIOD).set_index("figure_id")
MAPPED = load_mappings()
MAPPED = MAPPED[(MAPPED["source_id"] == "norfolk-refresh-2023") & MAPPED["category"].ne("")]
CODES = {(b, c): code for b, c, code in MAPPED[["breakdown", "category", "code"]].itertuples(index=False)}
OF_ADULT = {
    "age_band": "age_band",
    "ethnicity": "ethnicity",
    "financial_status": "financial_status",
    "tenure_at_referral": "tenure",
    "sex": "sex",
}
TICKED = {
    "disability": ("disability", "disabled"),
    "sexuality": ("sexual_orientation", "lgb-plus"),
    "pregnancy": ("pregnant", "yes"),
    "ex-offender": ("ex_offender", "yes"),
}
OF_CHILD = {"child_age_band": "age_band", "child_gender": "sex"}
CHILD_TICKED = {
    "ethnic-minority": ("ethnic_minority", "yes"),
    "disabled": ("disability", "disabled"),
    "lgbtq": ("lgbtq", "yes"),
    "pregnant": ("pregnant", "yes"),
}
REGROUPED = {"other-accommodation": ("other-accommodation", "all-other"), "unknown": ("not-known",)}
"""Destinations of the text that the appendix parts or names otherwise."""


@cache
def sample() -> Sample:
    """Return the sample as it is made if nobody asks for anything else."""
    return generate(AREA, PERIOD)


@cache
def adults() -> pd.DataFrame:
    """Return the accepted referral of everybody with a stay in the period."""
    referrals = sample().tables["referrals"]
    stays = sample().tables["stays"][["provider", "case_reference"]]
    return stays.merge(referrals[referrals["outcome"].eq("accepted")], on=["provider", "case_reference"])


@cache
def new() -> pd.DataFrame:
    """Return the referrals received in the period."""
    referrals = sample().tables["referrals"]
    return referrals[referrals["referred_on"].between(START, END)]


@cache
def lived() -> pd.DataFrame:
    """Return stays with the district and type of their unit, and nights of the period."""
    units = sample().tables["units"][["provider", "unit", "district", "accommodation_type"]]
    stays = sample().tables["stays"].merge(units, on=["provider", "unit"])
    last = stays["end_date"].fillna(END + pd.Timedelta(days=1))
    return stays.assign(nights=(last - stays["start_date"].clip(lower=START)).dt.days)


def coded(row: Any) -> str:
    """Return the code that a printed category means."""
    return str(CODES.get((row["breakdown"], row["category"]), row["category"]))


def ticked(who: pd.DataFrame, row: Any, columns: dict[str, tuple[str, str]]) -> float:
    """Count those for whom the field of a printed characteristic has its value."""
    column, value = columns[row["category"]]
    return float(who[column].eq(value).sum())


def of_children(row: Any) -> float:
    """Count children supported in a printed category."""
    children, unrecorded = sample().tables["children"], {"trans-non-binary", "not-known-or-prefer-not-to-say"}
    if row["breakdown"] == "age_group":
        return float(len(children))
    if row["breakdown"] == "child_characteristic":
        return ticked(children, row, CHILD_TICKED)
    own = children[OF_CHILD[row["breakdown"]]]
    return 0.0 if row["category"] in unrecorded else float(own.eq(coded(row)).sum())


def people(row: Any) -> float:
    """Count people supported in a printed category."""
    who, breakdown, category = adults(), row["breakdown"], row["category"]
    if breakdown == "age_group" or breakdown.startswith("child"):
        return of_children(row)
    if breakdown == "characteristic" and category in TICKED:
        return ticked(who, row, TICKED)
    if category in {"ethnicity-bame", "black-asian-or-minority-ethnic"}:
        return float(who["ethnicity"].ne("white-british").sum())
    asked = {
        "sexual_orientation_gender_identity": who["sexual_orientation"].eq("lgb-plus"),
        "gender_identity": who["trans"].eq("yes"),
        "ethnicity_group": who["ethnicity"].eq("white-british"),
        "referred_from": who["referred_from"].eq(coded(row)),
    }
    if category == "out-of-county":
        return float(who["out_of_county"].eq("yes").sum())
    if breakdown in asked:
        return float(asked[breakdown].sum())
    code = {"women": "female", "men": "male"}.get(category, coded(row))
    return float(who[OF_ADULT[breakdown]].eq(code).sum())


def people_share(row: Any) -> float:
    """Return people supported in a category as a percentage of adults, or of children."""
    base = sample().tables["children"] if row["breakdown"].startswith("child") else adults()
    return 100 * people(row) / len(base)


def destination(row: Any) -> float:
    """Count those who left for a destination, as the text or the appendix groups them."""
    left = lived()["destination"]
    own = (coded(row),)
    if not row["section"].startswith("Appendix"):
        own = REGROUPED.get(row["category"], own)
    return float(left.isin(own).sum())


def share_of_left(row: Any) -> float:
    """Return a destination as a percentage of those who left."""
    return 100 * destination(row) / float(lived()["end_date"].notna().sum())


def length_of_stay(row: Any) -> float:
    """Return the mean stay of a district and, where it is marked, a type."""
    left = lived().dropna(subset="end_date")
    code = CODES[
        ("referred_from", row["figure_id"].removeprefix("norfolk-los-").removesuffix("-r").removesuffix("-d"))
    ]
    kind = left["accommodation_type"].eq(row["category"]) if row["category"] else True
    own = left[left["district"].eq(code) & kind]
    return float((own["end_date"] - own["start_date"]).dt.days.mean())


def used(row: Any) -> float:
    """Return nights used as a percentage of nights open."""
    units = sample().tables["units"]
    units = units[units["accommodation_type"] == row["category"]]
    open_nights = ((END - units["open_from"].clip(lower=START)).dt.days + 1).sum()
    stays = lived()
    return (
        100 * float(stays.loc[stays["accommodation_type"] == row["category"], "nights"].sum()) / open_nights
    )


def places(row: Any) -> float:
    """Count places, of all or by who may use them."""
    units = sample().tables["units"]
    own = units["eligibility"].eq(coded(row)) if row["breakdown"] else True
    return float(units.loc[own, "places"].sum() if row["breakdown"] else units["places"].sum())


COUNTED: dict[str, Callable[[Any], float]] = {
    "people_supported": people,
    "people_supported_share": people_share,
    "destination_on_leaving": destination,
    "destination_on_leaving_share": share_of_left,
    "average_length_of_stay": length_of_stay,
    "capacity_utilisation": used,
    "safe_accommodation_bedspaces": places,
    "departures": lambda _: float(lived()["end_date"].notna().sum()),
    "departures_by_reason": lambda row: float(lived()["departure_kind"].eq(coded(row)).sum()),
    "independent_living": lambda _: float(lived()["independent"].eq("yes").sum()),
    "independent_living_rate": lambda _: (
        100 * float(lived()["independent"].eq("yes").sum() / lived()["end_date"].notna().sum())
    ),
    "adults_with_children_not_living_with_them": lambda _: float(
        adults()["children_elsewhere"].eq("yes").sum()
    ),
    "adults_with_children_not_living_with_them_share": lambda _: (
        100 * float(adults()["children_elsewhere"].eq("yes").mean())
    ),
    "accessible_units": lambda _: float(sample().tables["units"]["accessible"].eq("yes").sum()),
    "accredited_providers_on_framework": lambda _: float(sample().tables["units"]["provider"].nunique()),
    "properties_target_hardened": lambda _: float(sample().tables["sanctuary"]["completed_on"].notna().sum()),
    "new_referrals": lambda row: float(
        new()["sex"].eq("male").sum() if row["breakdown"] == "sex" else len(new())
    ),
    "referrals_declined_or_refused": lambda _: float(
        new()["outcome"].isin(["declined-by-provider", "declined-by-survivor"]).sum()
    ),
    "referrals_refused_for_capacity": lambda _: float(new()["refusal_reason"].eq("no-space").sum()),
    "previous_service_use_share_of_referrals": lambda _: 100 * float(new()["previous_use"].eq("yes").mean()),
    "out_of_county_share_of_referrals": lambda _: 100 * float(new()["out_of_county"].eq("yes").mean()),
    "disability_share_of_referrals": lambda _: 100 * float(new()["disability"].eq("disabled").mean()),
    "new_bedspaces": lambda row: float(
        sample().tables["units"].query("@START <= open_from <= @END")["places"].sum()
        if not row["breakdown"]
        else math.nan
    ),
}


def prints_as(value: float, printed: float) -> bool:
    """Say whether a number, rounded to the decimals that were printed, is what was printed."""
    decimals = len(f"{printed:.10g}".partition(".")[2])
    return abs(round(value + 1e-9, decimals) - printed) < 10 ** -(decimals + 3)


def test_every_printed_figure_of_the_year_has_an_outcome() -> None:
    """No figure of the refresh for the year is left out, and none is there twice."""
    own = EVIDENCE.figures
    own = own[(own["source_id"] == "norfolk-refresh-2023") & own["period"].eq(PERIOD) & ~own["repeat"]]
    assert set(FIGURES.index) == set(own["figure_id"])
    assert len(FIGURES) == len(own)


@pytest.mark.parametrize("name", FIGURES.index[FIGURES["outcome"] == "records"])
def test_records_give_the_printed_figure(name: str) -> None:
    """What is said to come from records does, at the precision it is printed in."""
    row = EVIDENCE.figures.set_index("figure_id").loc[name].to_dict() | {"figure_id": name}
    assert prints_as(COUNTED[row["measure"]](row), row["value"])


@pytest.mark.parametrize("name", FIGURES.index[FIGURES["outcome"] == "arithmetic"])
def test_printed_figures_give_the_printed_figure(name: str) -> None:
    """What is said to follow from other figures does, by the formula that is written beside it."""
    found = evaluate(FIGURES["formula"][name], BOOK).value
    printed = float(EVIDENCE.figures.set_index("figure_id")["value"][name])
    assert prints_as(found, printed)


@pytest.mark.parametrize("name", FIGURES.index[FIGURES["outcome"] == "differs"])
def test_what_differs_does_and_says_why(name: str) -> None:
    """A figure that is said not to come out does not, wherever records or a formula can say."""
    row = EVIDENCE.figures.set_index("figure_id").loc[name].to_dict() | {"figure_id": name}
    assert FIGURES["why"][name]
    if FIGURES["formula"][name]:
        assert not prints_as(evaluate(FIGURES["formula"][name], BOOK).value, row["value"])
    elif row["measure"] in COUNTED and not math.isnan(value := COUNTED[row["measure"]](row)):
        assert not prints_as(value, row["value"])
