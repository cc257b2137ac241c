"""Every rule of the records refuses the row that breaks it, that row alone, and says how to mend it."""

from __future__ import annotations

import csv
import time

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.layout import Layout
from analysis.records.fields import unknown_codes
from analysis.records.schema import Checked, complete, table, tables, validate

APRIL = pd.Timestamp("2022-04-01")
OUTSIDE = {
    "staff-vacancies-recruitment-training",
    "health-data",
    "posts-in-post-by-role",
    "families-linked-children-visits-families-not-contacted",
    "training-delivered",
    "kpis-dluhc-information-in-contracts",
    "case-management-system",
}
"""Fields about an organisation, not a person or a place: docs/guide/records.md says why each is out."""

REFERRAL = {
    "provider": "a",
    "month": "2022-09-01",
    "area": "norfolk",
    "case": "c1",
    "referred_on": "2022-04-10",
    "outcome": "accepted",
    "out_of_county": "no",
    "referred_from": "E07000148",
    "sex": "female",
    "age": 34,
}
UNIT = {
    "provider": "a",
    "month": "2022-09-01",
    "area": "norfolk",
    "unit": "U1",
    "accommodation_type": "refuge",
    "district": "E07000148",
    "eligibility": "women-and-children",
    "places": 1,
    "capacity_unit": "family-place",
    "open_from": "2021-04-01",
}
STAY = {
    "provider": "a",
    "month": "2022-09-01",
    "area": "norfolk",
    "case": "c1",
    "unit": "U1",
    "start_date": "2022-04-12",
    "end_date": "2022-06-12",
}
CHILD = {
    "provider": "a",
    "month": "2022-09-01",
    "area": "norfolk",
    "case": "c1",
    "stay_start": "2022-04-12",
    "child_number": 1,
    "age": 7,
}
THERAPY = {
    "provider": "a",
    "month": "2022-09-01",
    "area": "norfolk",
    "case": "c1",
    "service": "adult",
    "therapy_type": "trauma-therapy",
    "client_number": 0,
    "referred_on": "2022-05-01",
}
ATTEMPT = {
    "provider": "a",
    "month": "2022-09-01",
    "area": "norfolk",
    "attempt": "f0",
    "attempt_month": "2022-04-01",
    "approached": "helpline",
    "asked_for": "place",
    "action": "nothing-available",
    "barrier": "no-place-for-men",
}
FEEDBACK = {
    "provider": "a",
    "month": "2022-09-01",
    "area": "norfolk",
    "form": "f0",
    "given_month": "2022-04-01",
    "given_by": "adult",
    "theme": "staff",
    "feeling": "positive",
}
SANCTUARY = {
    "provider": "a",
    "month": "2022-09-01",
    "area": "norfolk",
    "case": "c9",
    "district": "E07000148",
    "referred_on": "2022-04-12",
}
OTHERS = ["units", "sanctuary", "attempts", "feedback"]
SOUND = {
    "referrals": REFERRAL,
    "units": UNIT,
    "stays": STAY,
    "children": CHILD,
    "therapy": THERAPY,
    "sanctuary": SANCTUARY,
    "attempts": ATTEMPT,
    "feedback": FEEDBACK,
}


def frames(**tables_: list[dict[str, object]]) -> dict[str, pd.DataFrame]:
    """Kept tables from rows of plain values; labels count from 10."""
    return {name: frame(name, rows) for name, rows in tables_.items()}


def frame(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """One kept table in the types of its fields."""
    made = pd.DataFrame(rows, index=range(10, 10 + len(rows)))
    if "case" in made:
        made["person"] = made["case"]
    kinds = {field.field: field.dtype for field in table(name).fields}
    return made.astype({column: kinds[column] for column in made.columns})


def broken(checked: Checked) -> set[tuple[str, int, str, str]]:
    """Table, row, field and rule of every refusal."""
    return set(checked.refused[["table", "row_id", "field", "rule"]].itertuples(index=False, name=None))


def warned(checked: Checked) -> set[tuple[str, int, str]]:
    """Table, row and problem of every warning."""
    return set(checked.warnings[["table", "row_id", "problem"]].itertuples(index=False, name=None))


def changed(name: str, **values: object) -> dict[str, list[dict[str, object]]]:
    """The sound tables with some values of one row changed; None leaves a value out."""
    row = {key: value for key, value in {**SOUND[name], **values}.items() if value is not None}
    return {**{other: [one] for other, one in SOUND.items()}, name: [row]}


# The declaration ---------------------------------------------------------------------------------------


def test_the_declaration_covers_every_field_that_is_about_people_or_places() -> None:
    """All 61 fields of the documents are recorded in some table, but for those about an organisation."""
    with (Layout.find().data / "questions" / "fields.csv").open(encoding="utf-8", newline="") as file:
        wanted = {row["field_id"] for row in csv.DictReader(file)}
    covered = {ref for spec in tables().values() for field in spec.fields for ref in field.field_ids}
    assert len(wanted) == 61
    assert covered | OUTSIDE == wanted
    assert not covered & OUTSIDE


def test_every_field_left_out_is_explained() -> None:
    """The guide says of each why it is in no table."""
    guide = (Layout.find().root / "docs" / "guide" / "records.md").read_text("utf-8")
    assert [ref for ref in sorted(OUTSIDE) if ref not in guide] == []


def test_eight_tables_each_with_a_key_and_labels_of_its_own() -> None:
    """No two columns of a sheet have the same header or input name; every row can be told from another."""
    assert list(tables()) == ["referrals", "stays", "children", "therapy", *OTHERS]
    for spec in tables().values():
        assert spec.key
        for names in ([one.label for one in spec.fields], [one.input for one in spec.inputs]):
            assert len(set(names)) == len(names)


def test_every_characteristic_takes_all_kinds_of_unknown_apart() -> None:
    """Nobody's characteristic is forced into an answer, and no answer is forced into "unknown"."""
    named = ("sex", "gender_identity", "trans", "sexual_orientation", "ethnicity", "disability", "age_band")
    for spec in tables().values():
        for name in set(named) & set(spec.columns):
            assert spec[name].unknowns == unknown_codes()


def test_sex_gender_identity_and_trans_status_are_three_columns() -> None:
    """No list of sexes holds trans, and none of the three is worked out from another."""
    spec = table("referrals")
    assert spec["sex"].codes == ("female", "male", *unknown_codes())
    assert spec["trans"].codes == ("yes", "no", *unknown_codes())
    row = REFERRAL | {"sex": "male", "gender_identity": "trans-woman"}
    kept = validate(frames(referrals=[row])).accepted["referrals"].iloc[0]
    assert (kept["sex"], kept["gender_identity"], kept["trans"]) == ("male", "trans-woman", "not-recorded")


def test_no_field_asks_for_a_direct_identifier() -> None:
    """No date of birth, postcode or name is in the declaration."""
    names = {field.field for spec in tables().values() for field in spec.fields}
    assert not {name for name in names if "birth" in name and name != "recent_birth"}
    assert not names & {"name", "postcode", "address", "phone", "email"}


def test_an_unknown_table_is_refused_with_the_nearest_name() -> None:
    """A slip is named."""
    with pytest.raises(DataRefused, match='Did you mean "stays"'):
        table("stay")


# Completion --------------------------------------------------------------------------------------------


def test_a_blank_characteristic_is_not_recorded_and_an_age_gives_its_band() -> None:
    """A blank says that nobody can tell whether it was asked; it is never "no"."""
    kept = complete(frames(referrals=[REFERRAL]))["referrals"].iloc[0]
    assert kept["ethnicity"] == kept["pregnant"] == "not-recorded"
    assert kept["age_band"] == "26-64"
    assert pd.isna(kept["refusal_reason"])
    assert pd.isna(kept["shared"])


@pytest.mark.parametrize(
    ("age", "adult", "child"), [(16, "16-25", "11-16"), (17, "16-25", "17-plus"), (65, "65-and-over", None)]
)
def test_bands_of_adults_and_children_overlap_as_printed(age: int, adult: str, child: str | None) -> None:
    """The same age has another band on the sheet of children, and in therapy by whose it is."""
    assert complete(frames(referrals=[REFERRAL | {"age": age}]))["referrals"]["age_band"].iloc[0] == adult
    both = [THERAPY | {"age": age}, THERAPY | {"age": age, "client_number": 1}]
    bands = complete(frames(therapy=both))["therapy"]["age_band"].tolist()
    assert bands == [adult, child or "not-recorded"]


def test_what_applies_only_at_the_end_is_blank_until_then() -> None:
    """Before the end of a stay a destination is not missing; after it, it is not recorded."""
    rows = [STAY, {**STAY, "case": "c2", "end_date": None, "destination": "not-known"}]
    kept = complete(frames(stays=rows))["stays"]["destination"]
    assert kept.iloc[0] == "not-recorded"
    assert pd.isna(kept.iloc[1])


# Sound rows --------------------------------------------------------------------------------------------


def test_sound_rows_are_all_accepted_without_a_word() -> None:
    """One row of every table that keeps every rule."""
    checked = validate(frames(**{name: [row] for name, row in SOUND.items()}))
    assert broken(checked) == set()
    assert warned(checked) == set()
    assert {name: len(rows) for name, rows in checked.accepted.items()} == dict.fromkeys(SOUND, 1)


def test_no_rows_are_no_trouble() -> None:
    """Empty tables come back empty and typed, and so does no table at all."""
    checked = validate({name: pd.DataFrame() for name in tables()})
    assert checked.refused.empty
    assert all(frame.empty for frame in checked.accepted.values())
    assert list(checked.accepted["stays"].columns) == list(table("stays").columns)
    assert validate({}).accepted == {}


# One row -----------------------------------------------------------------------------------------------

ONE_ROW = [
    ("referrals", {"sex": "woman"}, "sex", "not-a-code"),
    ("referrals", {"outcome": None}, "outcome", "blank"),
    ("referrals", {"outcome": "declined-by-provider"}, "refusal_reason", "blank"),
    ("referrals", {"refusal_reason": "no-space"}, "refusal_reason", "not-applicable"),
    (
        "referrals",
        {"outcome": "declined-by-survivor", "refusal_reason": "no-space"},
        "refusal_reason",
        "reason-of-another-outcome",
    ),
    ("referrals", {"age": 15}, "age", "out-of-range"),
    ("referrals", {"age_band": "65-and-over"}, "age_band", "age-outside-band"),
    ("referrals", {"decided_on": "2022-04-09"}, "decided_on", "dates-out-of-order"),
    ("referrals", {"decided_on": "2022-10-01"}, "decided_on", "in-the-future"),
    ("referrals", {"referred_on": "0222-04-10"}, "referred_on", "too-early"),
    ("referrals", {"referred_from": "E07000131"}, "referred_from", "district-of-another-authority"),
    ("referrals", {"out_of_county": "yes"}, "referred_from", "not-applicable"),
    ("referrals", {"origin_authority": "Suffolk"}, "origin_authority", "not-applicable"),
    (
        "referrals",
        {"out_of_county": "yes", "referred_from": None, "origin_authority": "Sarah Jones"},
        "origin_authority",
        "identifier",
    ),
    ("referrals", {"impairment": "vision"}, "impairment", "not-applicable"),
    ("referrals", {"provider": "../../etc"}, "provider", "not-an-id"),
    ("referrals", {"provider": "x" * 61}, "provider", "too-long"),
    ("units", {"places": 0}, "places", "out-of-range"),
    ("units", {"open_to": "2021-03-31"}, "open_to", "dates-out-of-order"),
    ("units", {"unit": "12 High Street"}, "unit", "identifier"),
    ("units", {"led_by_group": "race"}, "led_by_group", "not-applicable"),
    ("stays", {"end_date": "2022-04-11"}, "end_date", "dates-out-of-order"),
    ("stays", {"end_date": None, "destination": "social-housing"}, "destination", "not-applicable"),
    ("stays", {"wellbeing_start": 20}, "wellbeing_start", "not-applicable"),
    ("children", {"age": 7, "age_band": "0-4"}, "age_band", "age-outside-band"),
    ("children", {"child_number": 0}, "child_number", "out-of-range"),
    ("children", {"left_on": "2022-04-11"}, "left_on", "dates-out-of-order"),
    ("therapy", {"started_on": "2022-04-30"}, "started_on", "dates-out-of-order"),
    ("therapy", {"measure": "phq-9", "score_start": 28}, "score_start", "score-off-the-scale"),
    ("therapy", {"measure": "swemwbs", "score_end": 6}, "score_end", "score-off-the-scale"),
    ("sanctuary", {"completed_on": "2022-04-11"}, "completed_on", "dates-out-of-order"),
    ("sanctuary", {"cost": -1.0}, "cost", "out-of-range"),
    ("attempts", {"attempt_month": "2022-10-01"}, "attempt_month", "in-the-future"),
    ("attempts", {"barrier": None}, "barrier", "blank"),
    ("feedback", {"words": "They helped."}, "words", "not-applicable"),
    ("feedback", {"cleared": "yes", "words": "Sarah Jones of the office was kind"}, "words", "identifier"),
]


@pytest.mark.parametrize(("name", "values", "field", "rule"), ONE_ROW)
def test_a_row_that_breaks_a_rule_is_refused_with_a_cure(
    name: str, values: dict[str, object], field: str, rule: str
) -> None:
    """The row and the field are named; the words hold no value of a cell, and the cure is a sentence."""
    checked = validate(frames(**{name: changed(name, **values)[name]}))
    assert (name, 10, field, rule) in broken(checked)
    assert checked.accepted[name].empty
    mine = checked.refused.loc[checked.refused["table"] == name]
    assert mine["cure"].str.endswith(".").all()
    said = " ".join(mine["problem"] + mine["cure"])
    assert not [
        value for value in values.values() if isinstance(value, str) and " " in value and value in said
    ]


def test_one_row_may_break_several_rules_and_its_neighbour_none() -> None:
    """All faults of a row are named at once, and no other row is touched."""
    rows = [REFERRAL, REFERRAL | {"case": "c2", "sex": "woman", "age": 150}]
    checked = validate(frames(referrals=rows))
    assert broken(checked) == {
        ("referrals", 11, "sex", "not-a-code"),
        ("referrals", 11, "age", "out-of-range"),
    }
    assert checked.accepted["referrals"].index.tolist() == [10]


def test_planned_openings_and_closings_may_lie_ahead() -> None:
    """A unit that opens next year is no mistake."""
    checked = validate(frames(units=[UNIT | {"open_from": "2023-01-01", "open_to": "2024-01-01"}]))
    assert broken(checked) == set()


def test_unknown_is_never_a_refusal() -> None:
    """Every kind of unknown is accepted for every characteristic, and kept apart."""
    for code in unknown_codes():
        unknown = {
            one.field: code
            for one in table("referrals").fields
            if one.unknown and one.requirement.demand in {"no", "yes"}
        }
        checked = validate(frames(referrals=[REFERRAL | unknown | {"age": None}]))
        assert broken(checked) == set()
        kept = checked.accepted["referrals"].iloc[0]
        assert {kept[name] for name in unknown} == {code}


# Across rows -------------------------------------------------------------------------------------------


def test_a_second_row_with_the_same_key_is_refused() -> None:
    """The first stands; a case in another provider is another case."""
    checked = validate(frames(referrals=[REFERRAL, REFERRAL | {"age": 35}]))
    assert broken(checked) == {("referrals", 11, "referred_on", "same-key")}


def test_a_stay_needs_an_accepted_referral() -> None:
    """None at all, one refused, or one later than the first night is not enough."""
    declined = {"outcome": "declined-by-survivor", "refusal_reason": "too-far"}
    early = REFERRAL | {"case": "c0", "month": "2022-04-01", "referred_on": "2022-04-01"}
    for values in ({"case": "c2"}, declined, {"referred_on": "2022-04-13"}):
        rows = {"referrals": [REFERRAL | values, early], "stays": [STAY], "units": [UNIT]}
        checked = validate(frames(**rows))
        assert ("stays", 10, "case", "no-accepted-referral") in broken(checked)


def test_a_stay_from_before_the_first_workbook_is_only_pointed_out() -> None:
    """Nobody could have sent its referral."""
    old = {"case": "c2", "start_date": "2021-12-01"}
    checked = validate(frames(**(changed("referrals", month="2022-04-01") | {"stays": [STAY | old]})))
    assert not [one for one in broken(checked) if one[0] == "stays"]
    assert any("before the first workbook" in problem for _, _, problem in warned(checked))


def test_what_rests_on_a_refused_row_is_refused_too() -> None:
    """A refused unit takes its stays with it, and those the children."""
    checked = validate(frames(**changed("units", places=None)))
    assert broken(checked) == {
        ("units", 10, "places", "blank"),
        ("stays", 10, "unit", "unknown-unit"),
        ("children", 10, "stay_start", "no-family-stay"),
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [({"open_from": "2022-04-13"}, "start_date"), ({"open_to": "2022-06-10"}, "end_date")],
)
def test_only_open_units_are_used(values: dict[str, object], field: str) -> None:
    """A stay lies within the days that its unit is open; the last day of both may be the same."""
    assert ("stays", 10, field, "unit-not-open") in broken(validate(frames(**changed("units", **values))))
    assert broken(validate(frames(**changed("units", open_from="2022-04-12", open_to="2022-06-12")))) == set()


WHO = [
    ("women-only", {"sex": "male"}, False),
    ("women-and-children", {"sex": "male", "trans": "no"}, False),
    ("men-only", {"sex": "female"}, False),
    ("any-adult", {"sex": "male"}, True),
    ("women-only", {"sex": "not-asked"}, True),
    ("women-only", {"sex": "male", "trans": "yes"}, True),
    ("women-only", {"sex": "male", "gender_identity": "trans-woman"}, True),
    ("men-and-children", {"sex": "female", "gender_identity": "trans-man"}, True),
    ("women-only", {"sex": "male", "gender_identity": "same"}, False),
]


@pytest.mark.parametrize(("eligibility", "who", "accepted"), WHO)
def test_units_for_women_or_men_hold_those_they_are_for(eligibility: str, who: dict, accepted: bool) -> None:
    """Recorded sex decides, unless the survivor is recorded as trans, or it is not known."""
    given = changed("units", eligibility=eligibility) | {"referrals": [REFERRAL | who]}
    refused = ("stays", 10, "unit", "not-eligible") in broken(validate(frames(**given)))
    assert refused != accepted


def two_stays(**second: object) -> dict[str, list[dict[str, object]]]:
    """The sound stay and another, in units and with referrals of their own."""
    units = [UNIT, UNIT | {"unit": "U2"}]
    return {"referrals": [REFERRAL], "units": units, "stays": [STAY, STAY | {"unit": "U2"} | second]}


def test_nobody_is_in_two_places_at_once() -> None:
    """The later of two stays that share a night is refused; the day of a move may be in both."""
    overlap = two_stays(start_date="2022-06-01", end_date="2022-07-01")
    assert broken(validate(frames(**overlap))) == {("stays", 11, "start_date", "two-places-at-once")}
    move = two_stays(start_date="2022-06-12", end_date="2022-07-01")
    assert broken(validate(frames(**move))) == set()


def test_a_person_at_two_providers_is_one_person() -> None:
    """The shared reference finds the same nights at two providers."""
    other = {"provider": "b", "case": "d1"}
    rows = frames(
        referrals=[REFERRAL | {"shared": "s"}, REFERRAL | other | {"shared": "s"}],
        units=[UNIT, UNIT | {"provider": "b"}],
        stays=[STAY, STAY | other | {"start_date": "2022-05-01"}],
    )
    assert broken(validate(rows)) == {("stays", 11, "start_date", "two-places-at-once")}


def test_a_case_has_one_shared_reference() -> None:
    """The one given most often stands."""
    rows = [
        REFERRAL | {"referred_on": f"2022-04-{day}", "shared": one}
        for day, one in ((10, "s"), (20, "t"), (25, "s"))
    ]
    assert broken(validate(frames(referrals=rows))) == {("referrals", 11, "shared", "two-shared-references")}


def crowd(places: int, *nights: tuple[str, str | None]) -> dict[str, pd.DataFrame]:
    """So many cases in one unit, by first and last day."""
    cases = [f"c{number}" for number in range(len(nights))]
    return frames(
        referrals=[REFERRAL | {"case": case} for case in cases],
        units=[UNIT | {"places": places}],
        stays=[
            STAY | {"case": case, "start_date": first, "end_date": last}
            for case, (first, last) in zip(cases, nights, strict=True)
        ],
    )


def test_a_unit_is_never_over_filled() -> None:
    """Two at once in a unit for two; the third is refused, and a fourth after it has room again."""
    rows = crowd(
        2,
        ("2022-04-12", "2022-05-12"),
        ("2022-04-20", "2022-06-01"),
        ("2022-05-01", "2022-08-01"),
        ("2022-05-12", "2022-07-01"),
    )
    assert broken(validate(rows)) == {("stays", 12, "unit", "over-filled")}


def test_leaving_and_coming_on_one_day_is_no_crowd() -> None:
    """A place is free on the day that it is left; a stay of no night takes none."""
    rows = crowd(1, ("2022-04-12", "2022-05-12"), ("2022-05-12", None), ("2022-06-01", "2022-06-01"))
    assert broken(validate(rows)) == set()


def test_a_stay_that_goes_on_fills_its_place_to_the_end_of_its_month() -> None:
    """What is not reported any more is not known to go on."""
    rows = crowd(1, ("2022-04-12", None), ("2022-09-20", None))
    assert broken(validate(rows)) == {("stays", 11, "unit", "over-filled")}
    rows["stays"]["month"] = pd.to_datetime(["2022-04-01", "2022-09-01"]).astype("datetime64[s]")
    assert broken(validate(rows)) == set()


def test_what_was_accepted_before_stands_and_counts() -> None:
    """A new row that clashes with a stored one is the one to go, whichever began first."""
    before = crowd(1, ("2022-05-01", "2022-06-01"))
    late = crowd(1, ("2022-05-01", "2022-06-01"), ("2022-04-20", "2022-05-20"), ("2022-06-01", "2022-06-20"))
    new = {"referrals": late["referrals"].iloc[1:], "stays": late["stays"].iloc[1:]}
    checked = validate(new, settled=before)
    assert broken(checked) == {("stays", 11, "unit", "over-filled")}
    assert checked.accepted["stays"].index.tolist() == [12]
    assert list(checked.accepted) == ["referrals", "stays"]


def test_people_are_joined_with_what_was_accepted_before() -> None:
    """A shared reference in a new row ties it to the person in the store."""
    before = frames(referrals=[REFERRAL | {"shared": "s"}])
    new = frames(referrals=[REFERRAL | {"provider": "b", "case": "d1", "shared": "s"}])
    assert validate(new, settled=before).accepted["referrals"]["person"].tolist() == ["s"]


@pytest.mark.parametrize(
    ("values", "field", "rule"),
    [
        ({"stay_start": "2022-04-13"}, "stay_start", "no-family-stay"),
        ({"case": "c2"}, "stay_start", "no-family-stay"),
        ({"joined_on": "2022-06-13"}, "joined_on", "outside-family-stay"),
        ({"left_on": "2022-06-13"}, "left_on", "outside-family-stay"),
    ],
)
def test_a_child_belongs_to_a_stay_of_the_family(values: dict[str, object], field: str, rule: str) -> None:
    """It starts on that day, is of that case, and the child's days lie within it."""
    assert broken(validate(frames(**changed("children", **values)))) == {("children", 10, field, rule)}


@pytest.mark.parametrize(("age", "fits"), [(7, True), (8, True), (6, False), (9, False)])
def test_a_child_grows_no_younger_and_no_faster_than_time(age: int, fits: bool) -> None:
    """In a stay ten weeks later the age is the same or one more."""
    given = two_stays(start_date="2022-06-20", end_date="2022-07-01")
    given["children"] = [CHILD, CHILD | {"stay_start": "2022-06-20", "age": age}]
    wanted = set() if fits else {("children", 11, "age", "age-does-not-fit")}
    assert broken(validate(frames(**given))) == wanted


# Warnings ----------------------------------------------------------------------------------------------

ODD = [
    ("referrals", {"sex": "male", "pregnant": "yes"}, "pregnant"),
    ("referrals", {"gender_identity": "same", "trans": "yes"}, "Recorded as trans"),
    ("referrals", {"abuse_years": 40.0}, "longer than the life"),
    ("units", {"district": "E07000131"}, "another authority"),
    ("units", {"family_size": 1}, None),
    ("therapy", {"sessions_offered": 1, "sessions_attended": 2}, "attended than offered"),
]


@pytest.mark.parametrize(("name", "values", "words"), ODD)
def test_oddities_are_pointed_out_and_accepted(
    name: str, values: dict[str, object], words: str | None
) -> None:
    """A warning costs no row of its table."""
    checked = validate(frames(**changed(name, **values)))
    assert not [one for one in broken(checked) if one[0] == name]
    said = {problem for _, _, problem in warned(checked)}
    assert any((words or "more people than the unit") in problem for problem in said)


def test_possible_duplicates_are_pointed_out() -> None:
    """Two cases that agree in everything on one day, and one person referred again within days."""
    alike = REFERRAL | {"ethnicity": "white-british", "children_with": 2}
    again = REFERRAL | {"referred_on": "2022-04-12"}
    checked = validate(frames(referrals=[alike, alike | {"case": "c2"}, again]))
    assert broken(checked) == set()
    assert {row for _, row, _ in warned(checked)} == {10, 11, 12}


def test_outliers_and_very_long_stays_are_pointed_out() -> None:
    """One cost far above thirty others; a stay of more than two years."""
    rows = [SANCTUARY | {"case": f"c{number}", "cost": 200.0 + number} for number in range(30)]
    checked = validate(frames(sanctuary=[*rows, SANCTUARY | {"case": "c99", "cost": 9000.0}]))
    assert warned(checked) == {("sanctuary", 40, "The value is far above the others of this column")}
    long = changed("stays", start_date="2022-04-12", end_date="2024-05-01", month="2024-05-01")
    assert any("longer than two years" in problem for _, _, problem in warned(validate(frames(**long))))


def test_a_child_nearly_as_old_as_the_survivor_is_pointed_out() -> None:
    """A child of 17 with a survivor of at most 25."""
    given = changed("children", age=17) | {"referrals": [REFERRAL | {"age": 24}]}
    assert any("nearly as old" in problem for _, _, problem in warned(validate(frames(**given))))


# The caller --------------------------------------------------------------------------------------------


def test_faults_of_the_caller_are_no_refusals_of_rows() -> None:
    """Labels that repeat and columns of the wrong type are said at once, without a value."""
    rows = frames(referrals=[REFERRAL, REFERRAL | {"case": "c2"}])
    with pytest.raises(DataRefused, match="labels of rows repeat"):
        validate({"referrals": rows["referrals"].set_axis([1, 1])})
    with pytest.raises(DataRefused, match='"Age in years" is no integer') as caught:
        validate({"referrals": rows["referrals"].assign(age="thirty-four")})
    assert "thirty" not in str(caught.value)


def test_columns_of_bookkeeping_are_carried_along() -> None:
    """Where a row came from stays with it."""
    rows = frames(referrals=[REFERRAL])
    rows["referrals"]["source"] = "ab12"
    assert validate(rows).accepted["referrals"]["source"].tolist() == ["ab12"]


def test_many_rows_take_seconds() -> None:
    """A hundred thousand referrals and as many stays in a thousand units are checked in seconds."""
    count = 100_000
    number = pd.Series(range(count))
    case = "c" + number.astype(str)
    unit = "U" + (number % 1000).astype(str)
    start = pd.Timestamp("1990-01-01") + pd.to_timedelta(number // 1000 * 100, unit="D")
    referrals = pd.DataFrame([REFERRAL] * 1).loc[[0] * count].reset_index(drop=True)
    referrals = referrals.assign(case=case, person=case, referred_on=start, month="2022-09-01")
    stays = pd.DataFrame([STAY]).loc[[0] * count].reset_index(drop=True)
    stays = stays.assign(case=case, person=case, unit=unit, start_date=start)
    stays = stays.assign(end_date=start + pd.Timedelta(days=90))
    units = pd.DataFrame([UNIT]).loc[[0] * 1000].reset_index(drop=True)
    units = units.assign(unit="U" + pd.Series(range(1000)).astype(str), open_from="1989-01-01")
    given = {"referrals": referrals, "stays": stays, "units": units}
    began = time.process_time()
    checked = validate(given)
    assert time.process_time() - began < 20
    assert len(checked.refused) == 0
    assert len(checked.accepted["stays"]) == count
