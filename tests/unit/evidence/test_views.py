"""Views declared as data: what they show, what they leave out, and every mistake in them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.evidence.declared import SHAPES
from analysis.evidence.published import Evidence, load
from analysis.evidence.tables import PROVENANCE

VIEWS = "published/views.yml"
NORFOLK = ("norfolk", "2022-23")
LEICESTERSHIRE = ("leicestershire", "2023-24")
NOTTINGHAMSHIRE = ("nottinghamshire", "2021-24")
PAIRS = (NORFOLK, LEICESTERSHIRE, NOTTINGHAMSHIRE, ("leicestershire", "2018-20"), ("rutland", "2020-21"))


@pytest.fixture(scope="module")
def frames(printed: Evidence) -> dict[tuple[str, str, str], pd.DataFrame]:
    """Every view of every area, once."""
    return {(name, *pair): printed.view(name, *pair) for name in printed.views.views for pair in PAIRS}


def test_every_view_is_sound_for_every_area(
    printed: Evidence, frames: dict[tuple[str, str, str], pd.DataFrame]
) -> None:
    """Labels are filled in, keys are unique, provenance is whole, and ids lead somewhere."""
    known = set(printed.figures["figure_id"])
    for (name, *_), frame in frames.items():
        assert set(PROVENANCE) | set(SHAPES[printed.views.find(name).shape]) <= set(frame.columns)
        assert frame.index.is_unique
        assert frame["tier"].isin(["published", "reference"]).all()
        assert frame["source_id"].isin(printed.sources["source_id"]).all()
        assert not frame["label"].str.contains(r"[{}]|^$|, ,|of ,", regex=True).any()
        for ids in frame.loc[frame["tier"] == "published", "figure_ids"]:
            assert set(ids.split()) <= known


def test_every_view_has_a_row_in_some_area(frames: dict[tuple[str, str, str], pd.DataFrame]) -> None:
    """No view is declared for nothing."""
    filled = {name for (name, *_), frame in frames.items() if len(frame)}
    assert {name for name, *_ in frames} == filled


def test_a_share_never_exceeds_its_base(
    printed: Evidence, frames: dict[tuple[str, str, str], pd.DataFrame]
) -> None:
    """Parts are not above wholes, in any view of shares of any area."""
    parts = {key: frame for key, frame in frames.items() if printed.views.find(key[0]).shape == "shares"}
    shares = [frame.dropna(subset=["count", "base"]) for frame in parts.values()]
    assert sum(len(frame) for frame in shares) > 100
    for frame in shares:
        assert (frame["count"] <= frame["base"]).all()


@pytest.mark.parametrize(
    ("pair", "key", "expected"),
    [
        (NORFOLK, "referrals", (0, 189, None)),
        (NORFOLK, "supported", (0, 225, None)),
        (NORFOLK, "places", (19, 84, 22.6)),
        (NORFOLK, "supported_national", (1_830, 39_020, None)),
        (NORFOLK, "police", (None, None, 25)),
        (NORFOLK, "great-yarmouth", (None, None, 28.6)),
        (NORFOLK, "police_national", (None, None, 25.9)),
        (NORFOLK, "marac", (None, 119_985, 6.4)),
        (NORFOLK, "housing_referrals_low", (None, None, 8.57)),
        (NORFOLK, "housing_referrals_high", (None, None, 16.25)),
        (NORFOLK, "homelessness", (1_433, 3_586, None)),
        (NORFOLK, "population", (449_247, 916_116, None)),
        (LEICESTERSHIRE, "supported", (99, None, None)),
        (LEICESTERSHIRE, "referrals_to_post", (32, 406, None)),
        (NOTTINGHAMSHIRE, "refuge_units", (0, 40, None)),
        (NOTTINGHAMSHIRE, "survey_modelled", (None, None, 100 * 22_606 / 79_362)),
    ],
)
def test_rungs_where_men_become_visible(
    printed: Evidence, pair: tuple[str, str], key: str, expected: tuple[float | None, ...]
) -> None:
    """Each rung has the count, base and printed share that are published of it, and no more."""
    row = printed.view("male_visibility", *pair).loc[key]
    for name, number in zip(("count", "base", "printed"), expected, strict=True):
        if number is None:
            assert pd.isna(row[name]), name
        else:
            assert row[name] == pytest.approx(number), name


def test_rungs_without_evidence_are_left_out(printed: Evidence) -> None:
    """Norfolk prints no refuge unit for men, Nottinghamshire no referral; both have the national rungs."""
    norfolk, notts = (
        set(printed.view("male_visibility", *pair).index) for pair in (NORFOLK, NOTTINGHAMSHIRE)
    )
    assert "refuge_units" not in norfolk
    assert not {"referrals", "supported", "places"} & notts
    assert {"survey", "police_national", "marac", "supported_national"} <= norfolk & notts


@pytest.mark.parametrize(
    ("key", "count", "base", "percent"),
    [("now", 19, 84, 22.6), ("recommended", 23, 92, 25.0), ("schemes", 36, 101, 35.6)],
)
def test_places_men_may_use_now_and_as_proposed(
    printed: Evidence, key: str, count: int, base: int, percent: float
) -> None:
    """19 of 84, then 23 of 92, then 36 of 101: sums of printed figures, with every id kept."""
    row = printed.view("places_men_may_use", *NORFOLK).loc[key]
    assert (row["count"], row["base"]) == (count, base)
    assert round(100 * count / base, 1) == percent
    assert "norfolk-bedspaces-flexible" in row["figure_ids"].split()


def test_a_sum_keeps_every_id_and_qualifier(printed: Evidence) -> None:
    """The third scenario rests on four figures; the second says "at least"."""
    places = printed.view("places_men_may_use", *NORFOLK)
    assert set(places.loc["schemes", "figure_ids"].split()) == {
        "norfolk-bedspaces",
        "norfolk-bedspaces-flexible",
        "norfolk-next-flats-bedspaces",
        "norfolk-next-properties-bedspaces",
    }
    assert places.loc["recommended", "qualifier"] == "at least"
    assert places.loc["recommended", "printed"] == 25


def test_a_distribution_is_one_row_a_category_keyed_by_it(printed: Evidence) -> None:
    """Ethnic groups carry the keys that the census table has too, and their printed shares."""
    ethnicity = printed.view("supported_by_ethnicity", *NORFOLK)
    assert ethnicity["count"].sum() == 225
    assert ethnicity.loc["white-british", ["count", "base", "printed"]].tolist() == [174, 225, 77.3]
    assert set(ethnicity.index) <= set(printed.census("TS021", "norfolk").index)


def test_of_two_printings_of_a_distribution_the_finer_is_shown(printed: Evidence) -> None:
    """Destinations are those of the appendix: eight, adding up to 150, without the text's coarser shares."""
    found = printed.view("destinations", *NORFOLK)
    assert len(found) == 8
    assert found["count"].sum() == 150
    assert found["printed"].isna().all()
    assert found.loc["returned-to-perpetrator", "count"] == 12


def test_the_share_shown_is_on_the_same_base_as_the_count(printed: Evidence) -> None:
    """66% of 150 departures, not the 72% of an earlier sample of 134."""
    row = printed.view("departures", *NORFOLK).loc["independence"]
    assert row[["count", "base", "printed"]].tolist() == [99, 150, 66]


def test_the_therapy_cascade_of_leicestershire(printed: Evidence) -> None:
    """57 to 40; 13 is 8 seen, 3 not engaged and 2 waiting; 27 to 12."""
    cascade = printed.view("therapy_cascade", *LEICESTERSHIRE)
    pairs = {key: (row["count"], row["base"]) for key, row in cascade.iterrows()}
    assert pairs == {
        "adult_accessed": (57, 57),
        "adult_undertaking_or_completed": (40, 57),
        "lgbt_referred": (13, 13),
        "lgbt_seen": (8, 13),
        "lgbt_in_counselling": (4, 8),
        "lgbt_not_engaged": (3, 13),
        "lgbt_waiting": (2, 13),
        "young_referred": (27, 27),
        "young_in_counselling": (12, 27),
    }


def test_waits_are_ranges_in_the_unit_printed(printed: Evidence) -> None:
    """12 to 18 months before the funding, four to eight weeks since."""
    waits = printed.view("waits", *LEICESTERSHIRE)
    assert waits.loc["before", ["low", "high", "unit"]].tolist() == [12, 18, "months"]
    assert waits.loc["after", ["low", "high", "unit"]].tolist() == [4, 8, "weeks"]
    assert waits.loc["contact_before", ["low", "high", "qualifier"]].tolist() == [1, 1, "over"]


def test_mental_health_definitions_stand_side_by_side(printed: Evidence) -> None:
    """Each definition has its base, or none; none is added to another."""
    found = printed.view("mental_health_prevalence", *LEICESTERSHIRE)
    shares = found.loc[["service", "alcohol", "drugs", "disabled_service", "national", "insights"], "printed"]
    assert shares.tolist() == [42, 9, 6, 56, 23, 53]
    assert pd.isna(found.loc["service", "base"])
    assert found.loc[["national", "insights"], "base"].tolist() == [63_950, 1_016]


def test_households_leave_out_quarters_that_are_not_whole(printed: Evidence) -> None:
    """A district's quarter without a figure is in neither count nor base, and the note counts it."""
    row = printed.view("male_visibility", *NORFOLK).loc["homelessness"]
    measures = ["prevention_single_adult_male", "relief_single_adult_male"]
    table = printed.homelessness(
        [*measures, "owed_prevention_total", "owed_relief_total"], "norfolk", "2022Q2", "2023Q1"
    )
    whole = table.groupby(["quarter", "district"]).filter(lambda cell: (cell["status"] == "ok").all())
    assert row["count"] == whole[whole["measure"].isin(measures)]["value"].sum()
    assert "2 of 28 district quarters without a figure left out" in row["note"]
    assert row["period"] == "April 2022 to March 2023"


def test_the_printed_place_is_told_where_it_is_not_the_authority(printed: Evidence) -> None:
    """A figure of the sub-region says so, and a label that names its place does not say it twice."""
    turned = printed.view("turned_away", *LEICESTERSHIRE)
    assert turned.loc["bamer", "note"] == "area as printed: Leicester, Leicestershire and Rutland"
    assert "area as printed" not in turned.loc["leicester", "note"]


def test_costs_of_a_place_come_from_every_authority(printed: Evidence) -> None:
    """An options appraisal in one area may lean on the unit costs of another."""
    costs = printed.view("place_costs", *NOTTINGHAMSHIRE)
    assert costs["value"].tolist() == [11_000, 16_522, 12_635, 14_300]


def test_views_use_corrected_readings_unless_told_not_to() -> None:
    """The base of a share follows the correction and carries its footnote."""
    corrections = pd.DataFrame(
        [
            {
                "figure_id": "norfolk-disability-share-referrals",
                "field": "denominator_figure_id",
                "printed": "norfolk-highlights-referrals",
                "corrected": "norfolk-women-supported",
                "footnote": "53 of 225 prints as 23.6%.",
            }
        ]
    )
    evidence = load(corrections=corrections)
    row = evidence.view("referral_characteristics", *NORFOLK).loc["disabled"]
    as_printed = evidence.view("referral_characteristics", *NORFOLK, corrected=False).loc["disabled"]
    assert (row["base"], row["footnote"]) == (225, "53 of 225 prints as 23.6%.")
    assert (as_printed["base"], as_printed["footnote"]) == (189, "")


def test_an_area_without_published_evidence_has_reference_rows_alone(printed: Evidence) -> None:
    """A reference-only report is shorter, never broken."""
    found = printed.view("male_visibility", "leicester", "2020-21")
    assert set(found["tier"]) == {"reference"}
    assert printed.view("supported_by_age", "leicester", "2020-21").empty


def test_another_authority_needs_no_code(broken: Callable[..., Evidence]) -> None:
    """A figure added for Nottinghamshire appears in the views that show its measure."""
    row = (
        "notts-strategy-men,nottinghamshire-strategy-2021,1.5,Nottinghamshire,2021-22,male-survivors,"
        "people_supported,sex,men,3,count,,three men,,,false,\n"
    )
    header = "theme,repeat,note\n"
    found = broken("published/figures.csv", (header, header + row)).view("male_caseload", *NOTTINGHAMSHIRE)
    assert found.loc["supported", "count"] == 3


def test_an_unknown_view_is_refused_with_the_nearest(printed: Evidence) -> None:
    """The cure names the view that was meant."""
    with pytest.raises(DataRefused, match=r'no view "male_visability"\. Did you mean "male_visibility"'):
        printed.view("male_visability", *NORFOLK)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "        group: Population\n",
            "        gruop: Population\n",
            'row "population": unknown key "gruop". Did you mean "group"?',
        ),
        (
            "{measure: independent_living}",
            "{mesure: independent_living}",
            'unknown key "mesure". Did you mean "measure"?',
        ),
        (
            "{measure: independent_living}",
            "{measure: independent_livin}",
            'view "departures" row "independence": nothing in any area has measure: independent_livin',
        ),
        (
            "    shape: ranges",
            "    shape: range",
            'view "waits": unknown shape "range". Did you mean "ranges"?',
        ),
        ("        kind: census", "        kind: censuses", 'unknown kind "censuses". Did you mean "census"?'),
        (
            "        scope: national",
            "        scope: nation",
            'unknown scope "nation". Did you mean "national"?',
        ),
        ("      - key: police\n", "      - key: marac\n", 'view "male_visibility": key "marac" stands twice'),
        ("      - key: police\n", "      - key: ''\n", "no key or no label"),
        ("value: {measure: accessible_units}", "count: {measure: accessible_units}", "nothing is selected"),
        ("count: {measure: independent_living}", "count: independent_living", "is not a selector"),
        ("    title: People waiting\n", "", 'view "waiting_lists": no title or no rows'),
        ("labels:\n", "label:\n", 'unknown key "label". Did you mean "labels"?'),
        ("  waits:\n", "  departures:\n", '"departures" stands twice'),
    ],
)
def test_each_mistake_in_the_views_is_named(
    broken: Callable[..., Evidence], old: str, new: str, message: str
) -> None:
    """Views are data, and are checked as strictly."""
    evidence = broken(VIEWS, (old, new))
    with pytest.raises(DataRefused) as error:
        evidence.view("male_visibility", *NORFOLK)
    assert message in str(error.value)
    assert "data/published/views.yml" in str(error.value)


def test_mistakes_in_views_are_reported_together(broken: Callable[..., Evidence]) -> None:
    """Two mistakes are two lines."""
    evidence = broken(VIEWS, ("kind: census", "kind: censuses"), ("shape: ranges", "shape: range"))
    with pytest.raises(DataRefused) as error:
        evidence.view("waits", *NORFOLK)
    assert "unknown kind" in str(error.value)
    assert "unknown shape" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "breakdown: scheme, every: true}",
            "breakdown: scheme}",
            "is met by norfolk-next-flats-bedspaces, norfolk-next-properties-bedspaces. Narrow the selector",
        ),
        (
            "- {measure: planned_flexible_bedspaces}",
            "- {measure: male_share_of_population, breakdown: sex}",
            "a sum over units count, percent",
        ),
    ],
)
def test_a_sum_that_cannot_be_meant_is_refused(
    broken: Callable[..., Evidence], old: str, new: str, message: str
) -> None:
    """Several figures where one is meant, and unlike units, are refused by view, row and area."""
    evidence = broken(VIEWS, (old, new))
    with pytest.raises(DataRefused) as error:
        evidence.view("places_men_may_use", *NORFOLK)
    assert message in str(error.value)
    assert 'view "places_men_may_use"' in error.value.where
    assert "for norfolk 2022-23" in error.value.where


def test_missing_views_are_named(broken: Callable[..., Evidence]) -> None:
    """Without the file there is no view."""
    evidence = broken(VIEWS)
    (evidence.layout.data / VIEWS).unlink()
    with pytest.raises(DataRefused, match="the views are missing"):
        evidence.view("waits", *LEICESTERSHIRE)
