"""The synthetic sample of Norfolk 2022-23 comes to what Norfolk published, figure by figure.

No number is typed here: each expectation is read from ``data/published/figures.csv``.
"""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.evidence import published
from analysis.evidence.codes import load_mappings
from analysis.records.synthetic.bounds import bounds, whole_numbers
from analysis.records.synthetic.margins import model
from analysis.records.synthetic.sample import Sample, generate

AREA, PERIOD = "norfolk", "2022-23"
START, END = pd.Timestamp("2022-04-01"), pd.Timestamp("2023-03-31")
FIGURES = published.load().figures.set_index("figure_id")
MAPPED = load_mappings()
MAPPED = MAPPED[(MAPPED["source_id"] == "norfolk-refresh-2023") & MAPPED["category"].ne("")]
CODES = {(b, c): code for b, c, code in MAPPED[["breakdown", "category", "code"]].itertuples(index=False)}
APPENDIX = FIGURES[FIGURES["section"].str.startswith("Appendix 3") & FIGURES["unit"].eq("count")]


@pytest.fixture(scope="module")
def sample() -> Sample:
    """The sample as it is made if nobody asks for anything else."""
    return generate(AREA, PERIOD)


@pytest.fixture(scope="module")
def supported(sample: Sample) -> pd.DataFrame:
    """The accepted referral of everybody with a stay in the period."""
    referrals = sample.tables["referrals"]
    stays = sample.tables["stays"][["provider", "case_reference"]]
    return stays.merge(referrals[referrals["outcome"].eq("accepted")], on=["provider", "case_reference"])


def figure(name: str) -> float:
    """Return one printed figure."""
    return float(FIGURES.loc[f"norfolk-{name}", "value"])


def rows(breakdown: str, measure: str = "people_supported") -> list[tuple[str, int]]:
    """Return the codes and printed counts of one breakdown of Appendix 3."""
    own = APPENDIX[(APPENDIX["breakdown"] == breakdown) & (APPENDIX["measure"] == measure)]
    return [
        (CODES.get((breakdown, c), c), round(v)) for c, v in zip(own["category"], own["value"], strict=True)
    ]


def new(referrals: pd.DataFrame) -> pd.DataFrame:
    """Return the referrals that were received in the period."""
    return referrals[referrals["referred_on"].between(START, END)]


def days(stays: pd.DataFrame) -> pd.Series:
    """Return the length of each stay [days]."""
    return (stays["end_date"] - stays["start_date"]).dt.days


def nights(stays: pd.DataFrame) -> int:
    """Return the nights of the period that stays used."""
    first = stays["start_date"].clip(lower=START)
    last = stays["end_date"].fillna(END + pd.Timedelta(days=1))
    return int((last - first).dt.days.sum())


def test_new_referrals(sample: Sample) -> None:
    """As many referrals are new as are printed."""
    assert len(new(sample.tables["referrals"])) == figure("new-referrals")


def test_referrals_declined_or_refused(sample: Sample) -> None:
    """As many came to no stay as are printed, and the provider's decisions are apart from the survivors'."""
    found = new(sample.tables["referrals"])["outcome"].value_counts()
    assert found["declined-by-provider"] + found["declined-by-survivor"] == figure(
        "referrals-declined-or-refused"
    )
    assert set(found.index) == {"accepted", "declined-by-provider", "declined-by-survivor"}


def test_none_is_refused_for_capacity(sample: Sample) -> None:
    """No referral is declined for lack of space, as is printed."""
    refused = sample.tables["referrals"]["refusal_reason"].eq("no-space").sum()
    assert refused == figure("referrals-refused-for-capacity")


def test_people_supported(supported: pd.DataFrame) -> None:
    """As many women as are printed were supported, no man and no trans or non-binary adult."""
    assert supported["case_reference"].is_unique
    assert supported["sex"].eq("female").sum() == len(supported) == figure("women-supported")
    assert supported["sex"].eq("male").sum() == figure("men-supported")
    assert (~supported["gender_identity"].eq("same")).sum() == figure("trans-nonbinary-supported")
    assert supported["trans"].eq("yes").sum() == figure("trans-nonbinary-supported")


def test_there_when_the_year_began(sample: Sample) -> None:
    """Whoever is supported and not newly accepted was there when the year began."""
    early = (sample.tables["stays"]["start_date"] < START).sum()
    accepted = figure("new-referrals") - figure("referrals-declined-or-refused")
    assert early == figure("women-supported") - accepted


@pytest.mark.parametrize(
    ("breakdown", "column", "printed"),
    [
        ("age_band", "age_band", 3),
        ("ethnicity", "ethnicity", 13),
        ("financial_status", "financial_status", 5),
        ("tenure_at_referral", "tenure", 7),
    ],
)
def test_breakdowns(supported: pd.DataFrame, breakdown: str, column: str, printed: int) -> None:
    """Every printed category holds as many as are printed, and the rest are not recorded."""
    expected = dict(rows(breakdown))
    assert len(expected) == printed
    found = supported[column].value_counts().to_dict()
    rest = len(supported) - sum(expected.values())
    if rest:
        expected["not-recorded"] = expected.get("not-recorded", 0) + rest
    assert found == expected


def test_origin(supported: pd.DataFrame) -> None:
    """Every district, and outside the county, has as many as are printed; the rest is not recorded."""
    expected = dict(rows("referred_from"))
    outside = [code for code in expected if not code.startswith("E07")]
    assert supported["out_of_county"].eq("yes").sum() == sum(expected.pop(code) for code in outside)
    found = supported["referred_from"].value_counts().to_dict()
    unknown = found.pop("not-recorded")
    assert found == expected
    assert unknown == len(supported) - sum(dict(rows("referred_from")).values())


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("characteristic-disability", "disability", "disabled"),
        ("characteristic-sexuality", "sexual_orientation", "lgb-plus"),
        ("characteristic-pregnancy", "pregnant", "yes"),
        ("characteristic-ex-offender", "ex_offender", "yes"),
        ("adults-with-children-elsewhere-count", "children_elsewhere", "yes"),
    ],
)
def test_ticked_characteristics(supported: pd.DataFrame, name: str, column: str, value: str) -> None:
    """As many have a characteristic as are printed, and of the others nothing is known."""
    assert supported[column].eq(value).sum() == figure(name)
    assert set(supported[column]) == {value, "not-recorded"}


def test_everyone_not_white_british(supported: pd.DataFrame) -> None:
    """The number printed as Black, Asian or minority ethnic is everyone not White British."""
    other = supported["ethnicity"].ne("white-british").sum()
    assert other == figure("supported-bame-count") == figure("characteristic-ethnicity-bame")


def test_departures(sample: Sample) -> None:
    """As many stays ended as are printed, to the destinations of Appendix 3."""
    left = sample.tables["stays"].dropna(subset="end_date")
    assert left["end_date"].between(START, END).all()
    assert len(left) == figure("departures") == figure("appendix-departures")
    assert left["destination"].value_counts().to_dict() == dict(rows("destination", "destination_on_leaving"))


def test_how_stays_ended(sample: Sample) -> None:
    """Evictions, abandonments and moves to independence are as many as are printed."""
    stays = sample.tables["stays"]
    assert stays["departure_kind"].eq("eviction").sum() == figure("departures-evictions")
    assert stays["departure_kind"].eq("abandonment").sum() == figure("departures-abandonments")
    independent = stays[stays["independent"].eq("yes")]
    assert len(independent) == figure("independence-count")
    assert not independent["destination"].isin(["returned-to-perpetrator", "not-known"]).any()


def test_mean_stays_of_the_ten_cells(sample: Sample) -> None:
    """The mean stay of every district and type is what is printed, to the day."""
    units = sample.tables["units"][["provider", "unit", "district", "accommodation_type"]]
    stays = sample.tables["stays"].dropna(subset="end_date").merge(units, on=["provider", "unit"])
    found = days(stays).groupby([stays["district"], stays["accommodation_type"]]).mean()
    printed = FIGURES[(FIGURES["measure"] == "average_length_of_stay") & FIGURES["period"].eq(PERIOD)]
    assert sorted(found) == sorted(printed["value"])
    by_name = dict(zip(model().cells, printed["value"], strict=True))
    assert all(found[cell.district, cell.kind] == mean for cell, mean in by_name.items())
    assert len(found) == 10


@pytest.mark.parametrize("kind", ["refuge", "dispersed"])
def test_occupancy(sample: Sample, kind: str) -> None:
    """Nights used over nights open print as the utilisation that is published."""
    units = sample.tables["units"]
    units = units[units["accommodation_type"] == kind]
    stays = sample.tables["stays"].merge(units[["provider", "unit"]], on=["provider", "unit"])
    window = ((END - units["open_from"].clip(lower=START)).dt.days + 1).sum()
    printed = figure(f"{kind}-utilisation")
    decimals = len(f"{printed:g}".partition(".")[2])
    assert round(100 * nights(stays) / window, decimals) == printed


def test_places(sample: Sample) -> None:
    """Places, who may use them, and how many a wheelchair user can use, are as printed."""
    units = sample.tables["units"]
    assert units["places"].sum() == figure("bedspaces")
    who = units.groupby("eligibility")["places"].sum()
    assert who["women-and-children"] == figure("bedspaces-women-children")
    assert who["any-adult"] == figure("bedspaces-flexible")
    kinds = units.groupby("accommodation_type")["places"].sum()
    assert kinds["refuge"] == figure("highlights-refuge-bedspaces")
    assert kinds["dispersed"] == figure("new-bedspaces")
    assert units["accessible"].eq("yes").sum() == figure("accessible-units-total")


def test_children(sample: Sample) -> None:
    """Children by sex and age are as printed, no more than six to a family."""
    children = sample.tables["children"]
    assert len(children) == figure("children-supported") == figure("children-total")
    assert children["sex"].value_counts().to_dict() == {
        code: figure(f"children-gender-{code}") for code in ("male", "female")
    }
    assert children["age_band"].value_counts().to_dict() == dict(rows("child_age_band"))
    assert children["child_number"].max() <= figure("children-record-cap")


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("ethnic-minority", "ethnic_minority", "yes"),
        ("disabled", "disability", "disabled"),
        ("lgbtq", "lgbtq", "yes"),
        ("pregnant", "pregnant", "yes"),
    ],
)
def test_children_with_characteristics(sample: Sample, name: str, column: str, value: str) -> None:
    """As many children have a characteristic as are printed."""
    found = sample.tables["children"][column].eq(value).sum()
    assert found == figure(f"children-characteristic-{name}-count")


def test_previous_use(sample: Sample) -> None:
    """The share of new referrals that had used a service before prints as published."""
    referrals = new(sample.tables["referrals"])
    share = 100 * referrals["previous_use"].eq("yes").sum() / len(referrals)
    assert round(share) == figure("repeat-service-use-share")


def test_homes_made_safe_and_providers(sample: Sample) -> None:
    """As many homes were made safe, and as many providers sent workbooks, as are printed."""
    assert sample.tables["sanctuary"]["completed_on"].notna().sum() == figure("properties-target-hardened")
    assert sample.tables["units"]["provider"].nunique() == figure("action1-accredited-providers")


def test_nothing_is_made_up_where_nothing_is_printed(sample: Sample) -> None:
    """Attempts, therapy and feedback are not printed, so the published scenario has none."""
    assert all(sample.tables[name].empty for name in ("attempts", "therapy", "feedback"))


def test_a_full_sample_keeps_what_is_printed_of_women() -> None:
    """With everything recorded, the women whom Norfolk counts still have the characteristics it counts."""
    full = generate(AREA, PERIOD, scenario="full").tables["referrals"]
    own = full[full["outcome"].eq("accepted") & full["case_reference"].str.fullmatch(r"SYNTHETIC-NOR-\d+")]
    assert len(own) == figure("women-supported")
    assert own["disability"].eq("disabled").sum() == figure("characteristic-disability")
    assert own["pregnant"].eq("yes").sum() == figure("characteristic-pregnancy")
    assert own["sexual_orientation"].eq("lgb-plus").sum() == figure("characteristic-sexuality")
    assert own["ethnicity"].value_counts().to_dict() == dict(rows("ethnicity"))


# What cannot hold together ------------------------------------------------------------------------------


def test_out_of_county_share_is_of_no_whole_number_of_referrals() -> None:
    """The share printed of referrals fits no whole number of them; the count of those supported does."""
    share = figure("out-of-county-share")
    assert whole_numbers(share, round(figure("new-referrals")), 1) == []
    assert round(figure("referred-from-out-of-county")) in whole_numbers(
        share, round(figure("women-supported")), 1
    )


def test_disability_share_is_of_no_whole_number_of_referrals() -> None:
    """The disability share printed of referrals fits no whole number of them either."""
    share = figure("disability-share-referrals")
    assert whole_numbers(share, round(figure("new-referrals")), 1) == []
    assert round(figure("characteristic-disability")) in whole_numbers(
        share, round(figure("women-supported")), 1
    )


def test_norwich_share_has_another_base() -> None:
    """The share printed of Norwich's referrals fits no whole number of those supported from Norwich."""
    base = round(figure("referred-from-norwich"))
    assert whole_numbers(figure("norwich-disability-multiple-disadvantage-share"), base, 1) == []


def test_new_places_were_lived_in_before_they_were_new(sample: Sample) -> None:
    """More people were there at the start than refuges hold, so the sample opens the fewest places early."""
    early = figure("women-supported") - figure("new-referrals") + figure("referrals-declined-or-refused")
    least = round(early - figure("highlights-refuge-bedspaces"))
    bound = {one.name: one for one in bounds(model())}["new_bedspaces"]
    assert not bound.holds
    assert bound.least == least > 0
    units = sample.tables["units"]
    before = units["accommodation_type"].eq("dispersed") & (units["open_from"] < START)
    assert before.sum() == least


def test_nights_lie_in_what_the_printed_occupancy_leaves_open(sample: Sample) -> None:
    """The nights the sample uses are whole numbers that print as the occupancy."""
    for kind in ("refuge", "dispersed"):
        bound = {one.name: one for one in bounds(model())}[f"capacity_utilisation/{kind}"]
        units = sample.tables["units"]
        own = units[units["accommodation_type"] == kind][["provider", "unit"]]
        assert bound.least <= nights(sample.tables["stays"].merge(own, on=["provider", "unit"])) <= bound.most


def test_occupancy_people_and_mean_stays_can_hold_together() -> None:
    """Nights used are no more than the people and the mean stays can come to."""
    bound = {one.name: one for one in bounds(model())}["nights"]
    assert bound.holds
    assert bound.least < bound.most


def test_every_proof_is_in_the_notes(sample: Sample) -> None:
    """What cannot hold together is said in the sample's own notes."""
    assert all(bound.words in sample.notes for bound in bounds(model()))
    assert sum(not bound.holds for bound in bounds(model())) == 4
