"""A twin agrees with its records on everything released, and differs in what is hidden."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rows import RULES, coded, referrals

from analysis.disclosure.commitment import About
from analysis.disclosure.outputs.content import Terms
from analysis.disclosure.tables import make_key
from analysis.disclosure.twin import Twin, Watched, twin_of
from analysis.disclosure.views import View, Views
from analysis.records.personframe import person_frame

AGENCIES = ("Police", "Health", "Council")
COUNTS = {
    ("Female", "Accepted"): 60,
    ("Female", "Declined"): 30,
    ("Female", "Withdrew"): 4,
    ("Male", "Accepted"): 25,
    ("Male", "Declined"): 6,
    ("Male", "Withdrew"): 7,
    ("Not recorded", "Accepted"): 3,
    ("Not recorded", "Declined"): 12,
    ("Not recorded", "Withdrew"): 5,
}
VIEW = View("by_sex", "crosstab", "referrals", {"by": ("sex", "outcome")}, "pathway", "Outcome, by sex")


def cohort() -> SimpleNamespace:
    """Return referrals of which some cells are small, with a column that no view uses."""
    rows = sum(COUNTS.values())
    agency = coded((AGENCIES[at % 3] for at in range(rows)), AGENCIES)
    names = [f"survivor {at}" for at in range(rows)]
    return SimpleNamespace(referrals=referrals(COUNTS, people=names, agency=agency))


def released(known: dict[str, Any]):
    """Return what releases a cohort as a report would."""

    def of(one: Any):
        terms = Terms("records", "records-norfolk", RULES.marker, RULES.structural_marker, 50)
        about = About(("norfolk",), "2022-04-01", "2023-03-31", "0" * 64)
        watched = Watched(RULES, terms, about, known=known)
        return watched, Views((VIEW,), watched, one)

    return of


@pytest.fixture(scope="module")
def made() -> tuple[SimpleNamespace, Twin]:
    one = cohort()
    return one, twin_of(one, released({}), [VIEW])


def test_what_is_released_is_the_same(made: tuple[SimpleNamespace, Twin]) -> None:
    one, other = made
    release = released({})
    (_, first), (_, second) = release(one), release(other.cohort)
    pd.testing.assert_frame_equal(first["by_sex"].content.frame, second["by_sex"].content.frame)


def test_hidden_counts_pseudonyms_order_and_other_columns_differ(made: tuple[SimpleNamespace, Twin]) -> None:
    one, other = made
    assert 0 < other.changed <= other.hidden
    twin = pd.DataFrame(other.cohort.referrals)
    assert not set(twin["person"]) & set(one.referrals["person"])
    assert twin["person"].nunique() == one.referrals["person"].nunique()
    assert (twin["sex"].astype(str).to_numpy() != one.referrals["sex"].astype(str).to_numpy()).any()
    counts = pd.crosstab(twin["sex"], twin["agency"])
    assert not counts.equals(pd.crosstab(pd.DataFrame(one.referrals)["sex"], one.referrals["agency"]))


def test_the_same_cells_are_hidden_and_every_small_one_is_among_them(
    made: tuple[SimpleNamespace, Twin],
) -> None:
    one, other = made
    known: dict[str, Any] = {}
    watched, _ = released(known)(one)
    again, _ = released(known)(other.cohort)
    base, twin = watched.bases["referrals"], again.bases["referrals"]
    assert np.array_equal(base.hidden, twin.hidden)
    assert np.array_equal(base.system.count[~base.hidden], twin.system.count[~base.hidden])
    assert not (twin.system.sensitive(RULES.threshold) & ~twin.hidden).any()


def test_the_same_seed_gives_the_same_twin_and_another_seed_another() -> None:
    known: dict[str, Any] = {}
    first, same, another = (
        pd.DataFrame(twin_of(cohort(), released(known), [VIEW], seed).cohort.referrals) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, same)
    assert not first.equals(another)


def test_nobody_in_the_twin_stands_where_nobody_can() -> None:
    """Two columns of two views, of which one category excludes one of the other: no table crosses them."""
    rows = sum(COUNTS.values())
    agency = coded((AGENCIES[at % 3] for at in range(rows)), AGENCIES)
    excluded = make_key([("outcome", "Withdrew"), ("agency", "Police")])
    frame = referrals(COUNTS, people=[f"survivor {at}" for at in range(rows)], agency=agency)
    kept = pd.DataFrame(frame)
    kept.loc[kept["outcome"].astype(str).eq("Withdrew") & kept["agency"].eq("Police"), "agency"] = "Council"
    one = SimpleNamespace(referrals=person_frame(kept, "referrals"))
    by_agency = View("by_agency", "crosstab", "referrals", {"by": ("sex", "agency")}, "pathway", "Agency")

    def of(some: Any):
        terms = Terms("records", "records-norfolk", RULES.marker, RULES.structural_marker, 50)
        about = About(("norfolk",), "2022-04-01", "2023-03-31", "0" * 64)
        watched = Watched(RULES, terms, about, known=known, impossible=lambda _: [excluded])
        return watched, Views((VIEW, by_agency), watched, some)

    known: dict[str, Any] = {}
    other = twin_of(one, of, [VIEW, by_agency])
    twin = pd.DataFrame(other.cohort.referrals)
    assert other.changed
    assert not (twin["outcome"].astype(str).eq("Withdrew") & twin["agency"].astype(str).eq("Police")).any()
