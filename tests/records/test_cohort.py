"""The cohort of a report: frames of one period, labelled, nothing missing, and no row shown."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.evidence import published
from analysis.layout import RECORDS_VARIABLE, Layout
from analysis.records.cohort import FRAMES, Cohort, NoCohort, current
from analysis.records.fields import tables
from analysis.records.frames.labels import DOES_NOT_APPLY, coding
from analysis.records.frames.window import Window
from analysis.records.keyfile import KEY_VARIABLE, KeyFile
from analysis.records.personframe import PersonFrame
from analysis.records.pseudonym import pseudonymise
from analysis.records.store import Store
from analysis.records.synthetic.sample import generate

YEAR = Window("norfolk", date(2022, 4, 1), date(2023, 3, 31))
FIGURES = published.load().figures.set_index("figure_id")["value"]


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def rows(table: str, *given: dict[str, object]) -> pd.DataFrame:
    """Return a kept table of rows that say only what a test is about."""
    made = pd.DataFrame(
        [{"provider": "north", "area": "norfolk", "month": day("2023-03-01"), **one} for one in given]
    )
    dates = tables()[table].of_type("date", "month")
    return made.astype({name: "datetime64[s]" for name in dates if name in made})


def cohort(**given: pd.DataFrame) -> Cohort:
    """Return the cohort of Norfolk 2022-23 of some tables."""
    return Cohort(given, YEAR, "2022-23")


def referral(person: str, on: str, **more: object) -> dict[str, object]:
    """Return a referral that was accepted unless it says otherwise."""
    return {"person": person, "case": person, "referred_on": day(on), "outcome": "accepted", **more}


def stay(person: str, start: str, end: str | None = None, **more: object) -> dict[str, object]:
    """Return a stay in unit 1."""
    last = day(end) if end else pd.NaT
    return {"person": person, "case": person, "unit": "1", "start_date": day(start), "end_date": last, **more}


UNIT = {
    "unit": "1",
    "accommodation_type": "refuge",
    "district": "E07000148",
    "eligibility": "women-only",
    "places": 2,
    "capacity_unit": "unit",
}
UNITS = rows("units", {**UNIT, "open_from": day("2021-04-01")})


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    """A new key."""
    return KeyFile.open(tmp_path_factory.mktemp("key") / "key", create=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, key: KeyFile) -> Path:
    """Folder of stores with the synthetic sample of Norfolk 2022-23, as it is published."""
    stores = tmp_path_factory.mktemp("stores")
    Store(stores / "norfolk", key).write(
        pseudonymise(generate("norfolk", "2022-23").tables, "norfolk", key), {}
    )
    return stores


@pytest.fixture(scope="module")
def sample(folder: Path, key: KeyFile) -> Cohort:
    """Its cohort."""
    return Cohort.open(folder, area="norfolk", period="2022-23", key=key)


def printed(name: str) -> float:
    """Return one figure that Norfolk printed."""
    return float(FIGURES[f"norfolk-{name}"])


# What a cohort is --------------------------------------------------------------------------------------


def test_the_synthetic_sample_is_synthetic_and_comes_to_what_norfolk_printed(sample: Cohort) -> None:
    """Read back from the encrypted store, the cohort has the printed counts."""
    assert (sample.tier, sample.synthetic, bool(sample)) == ("synthetic", True, True)
    assert len(sample.referrals) == printed("new-referrals")
    declined = sample.referrals["outcome"].isin(["Declined by the provider", "Declined by the survivor"])
    assert declined.sum() == printed("referrals-declined-or-refused")
    supported = sample.people[sample.people["supported"] == "Yes"]
    assert (supported["sex"] == "Female").sum() == len(supported) == len(sample.episodes)
    assert sample.outside["referrals"] == 252 - len(sample.referrals)


def test_every_category_is_declared_and_none_is_missing(sample: Cohort) -> None:
    """Coded columns hold no missing value, and their categories are those of the declaration."""
    for name in FRAMES:
        frame = pd.DataFrame(getattr(sample, name))
        coded = [column for column in frame if isinstance(frame[column].dtype, pd.CategoricalDtype)]
        assert coded or name == "units", name
        assert not frame[coded].isna().any(axis=None), name
    outcome = sample.referrals["outcome"].cat.categories.tolist()
    assert outcome[:4] == [
        "Accepted",
        "Declined by the provider",
        "Declined by the survivor",
        "Inappropriate referral",
    ]
    assert outcome[4:] == ["Not known", "Not asked", "Prefer not to say", "Not recorded"]


def test_no_other_pseudonym_and_no_words_leave_the_store(sample: Cohort) -> None:
    """Case, shared reference, line, form, source and what somebody said are in no frame."""
    hidden = {
        "case",
        "shared",
        "attempt",
        "form",
        "source",
        "source_row",
        "words",
        "cleared",
        "origin_authority",
    }
    for name in FRAMES:
        frame = getattr(sample, name)
        assert isinstance(frame, PersonFrame)
        assert not hidden & set(frame.columns), name
        assert frame["person"].notna().all(), name


def test_nothing_given_is_an_empty_cohort_with_the_same_columns(sample: Cohort) -> None:
    """A notebook can be written once for runs with records and without."""
    nobody = NoCohort("norfolk", "2022-23")
    assert not nobody
    assert nobody.inputs == {}
    for name in FRAMES:
        empty, full = getattr(nobody, name), getattr(sample, name)
        assert len(empty) == 0
        assert empty.columns.tolist() == full.columns.tolist(), name
        for column in full:
            if isinstance(full[column].dtype, pd.CategoricalDtype):
                assert empty[column].dtype == full[column].dtype, (name, column)


# From which store --------------------------------------------------------------------------------------


def test_the_inputs_name_the_store_by_tier_and_area_with_what_it_was_read_by(
    sample: Cohort, folder: Path
) -> None:
    """No folder and no workbook is named; every other path lies in the checkout."""
    store, *others = sample.inputs
    assert store == "synthetic/norfolk"
    assert str(folder) not in " ".join(sample.inputs)
    assert {"data/codes/record_fields.csv", "data/codes/sex.csv"} <= set(others)
    assert all((Layout.find().root / path).is_file() for path in others)


def test_current_is_the_store_that_the_variable_names(
    folder: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it there is a `NoCohort`; with it, the cohort of this area."""
    monkeypatch.delenv(RECORDS_VARIABLE, raising=False)
    assert not current("norfolk", "2022-23")
    monkeypatch.setenv(RECORDS_VARIABLE, str(folder))
    monkeypatch.setenv(KEY_VARIABLE, str(key.path))
    assert len(current("norfolk", "2022-23").referrals) == printed("new-referrals")


@pytest.mark.parametrize(
    ("area", "period", "words"),
    [
        ("rutland", "2022-23", "holds records of norfolk, not of rutland"),
        ("norfolk", "2024-25", "are of April 2022 to March 2023, and none is of norfolk 2024-25"),
    ],
)
def test_another_area_and_a_period_outside_are_refused(
    folder: Path, key: KeyFile, area: str, period: str, words: str
) -> None:
    """The message says what the store is of."""
    with pytest.raises(DataRefused, match=words):
        Cohort.open(folder / "norfolk", area=area, period=period, key=key)


def test_a_refusal_in_a_notebook_names_no_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may end in the note of a failed run."""
    monkeypatch.setenv(RECORDS_VARIABLE, str(folder))
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "other"))
    with pytest.raises(DataRefused, match="there is no key file") as none:
        current("norfolk", "2022-23")
    KeyFile.open(create=True)
    with pytest.raises(DataRefused, match="written with another key") as other:
        current("norfolk", "2022-23")
    assert str(folder) not in f"{none.value}{other.value}"
    assert str(tmp_path) not in f"{none.value}{other.value}"


# What a row says ---------------------------------------------------------------------------------------


def test_unknown_not_asked_and_does_not_apply_stay_apart() -> None:
    """A reason is asked of the refused alone; a blank answer is not recorded; nothing becomes "no"."""
    found = cohort(
        referrals=rows(
            "referrals",
            referral("a", "2022-05-01", trans="not-asked", sex="male"),
            referral(
                "b", "2022-05-02", outcome="declined-by-provider", refusal_reason="no-space", trans="no"
            ),
            referral("c", "2022-05-03", outcome="declined-by-survivor", trans="prefer-not-to-say"),
        )
    ).referrals
    assert list(found["trans"]) == ["Not asked", "No", "Prefer not to say"]
    assert list(found["sex"]) == ["Male", "Not recorded", "Not recorded"]
    assert list(found["refusal_reason"]) == [DOES_NOT_APPLY, "No space", "Not recorded"]


def test_a_group_named_alone_is_a_category_of_its_own_below_the_group() -> None:
    """White British and White with no more known both are White; unknown is in no group."""
    given = ["white-british", "white", "asian-chinese", "not-asked"]
    made = cohort(
        referrals=rows(
            "referrals", *(referral(str(n), "2022-05-01", ethnicity=one) for n, one in enumerate(given))
        )
    )
    found = made.referrals
    assert list(found["ethnicity"])[1] == "White, no more known"
    assert list(found["ethnicity_group"]) == [
        "White",
        "White",
        "Asian, Asian British or Asian Welsh",
        "Not asked",
    ]
    groups = made.groups("referrals", "ethnicity")
    assert len(groups) == 5
    for group, members in groups.items():
        assert group not in found["ethnicity"].cat.categories
        assert set(members) < set(found["ethnicity"].cat.categories)
    assert made.groups("referrals", "month")["2022Q2"] == ("2022-04", "2022-05", "2022-06")
    assert made.groups("referrals", "sex") == {}


def test_districts_are_the_areas_own_and_others_go_by_their_authority() -> None:
    """A table by district lists this authority's districts whatever the records hold."""
    spec = tables()["referrals"]
    own, asked = coding(spec["referred_from"], "norfolk"), coding(spec["referred_to_area"], "norfolk")
    assert own.labels["E07000148"] == asked.labels["E07000148"] == "Norwich"
    assert own.labels["E07000129"] == "Another authority"
    assert asked.labels["E07000129"] == "Leicestershire"


def test_impossible_pairs_are_those_that_the_rules_refuse(sample: Cohort) -> None:
    """No row has one; a reason belongs to its own outcome, and none to an accepted referral."""
    pairs = sample.impossible("referrals")
    assert (("outcome", "Accepted"), ("refusal_reason", "No space")) in pairs
    assert (("outcome", "Declined by the survivor"), ("refusal_reason", "No space")) in pairs
    assert (("outcome", "Declined by the provider"), ("refusal_reason", "No space")) not in pairs
    mobility = (("disability", "Not disabled under the Equality Act"), ("impairment", "Mobility"))
    for name in FRAMES:
        found = pd.DataFrame(getattr(sample, name))
        given = sample.impossible(name)
        assert (mobility in given) == ("impairment" in found), name
        for (one, first), (other, second) in given:
            assert not ((found[one] == first) & (found[other] == second)).any(), name


def test_days_to_a_place_end_with_the_first_night_after_the_accepted_referral() -> None:
    """A second referral of a case starts its own count; a refused one has none."""
    made = cohort(
        units=UNITS,
        referrals=rows(
            "referrals",
            referral("a", "2022-05-01", decided_on=day("2022-05-03")),
            referral("a", "2022-08-01"),
            referral("b", "2022-06-01", outcome="inappropriate"),
        ),
        stays=rows("stays", stay("a", "2022-05-10", "2022-06-10"), stay("a", "2022-08-03")),
    ).referrals
    assert list(made["days_to_place"].fillna(-1)) == [9, 2, -1]
    assert list(made["days_to_decision"].fillna(-1)) == [2, -1, -1]
    assert list(made["month"]) == ["2022-05", "2022-08", "2022-06"]
    assert list(made["quarter"]) == ["2022Q2", "2022Q3", "2022Q2"]


def test_what_happened_after_the_period_is_not_known_yet() -> None:
    """A stay that ended later goes on, and the latest answer is the latest by then."""
    made = cohort(
        units=UNITS,
        referrals=rows(
            "referrals",
            referral("a", "2022-03-01", disability="not-disabled", sex="female"),
            referral("a", "2022-09-01", disability="disabled", impairment="mobility"),
            referral("a", "2023-05-01", disability="not-disabled"),
        ),
        stays=rows(
            "stays", stay("a", "2022-03-20", "2023-04-05", departure_kind="planned", destination="died")
        ),
    )
    (found,) = made.stays.itertuples()
    assert pd.isna(found.end_date)
    assert (found.departure_kind, found.destination) == ("Still there", "Still there")
    assert found.nights == 365
    assert (found.accommodation_type, found.district, found.eligibility) == (
        "Refuge accommodation",
        "Norwich",
        "Women only",
    )
    (person,) = made.people.itertuples()
    assert (person.disability, person.impairment, person.sex) == (
        "Disabled under the Equality Act",
        "Mobility",
        "Female",
    )
    assert (person.referrals, person.supported, person.in_therapy) == (1, "Yes", "No")
    assert made.outside["referrals"] == 2


def test_an_answer_beats_a_later_unknown_and_an_unknown_beats_nothing() -> None:
    """Known, then the latest kind of unknown, then not recorded."""
    answers = {"a": ["yes", "not-asked"], "b": ["prefer-not-to-say", "not-recorded"], "c": ["not-recorded"]}
    given = [
        referral(person, f"2022-0{5 + place}-01", trans=one)
        for person, said in answers.items()
        for place, one in enumerate(said)
    ]
    found = cohort(referrals=rows("referrals", *given)).people.set_index("person")["trans"]
    assert found.to_dict() == {"a": "Yes", "b": "Prefer not to say", "c": "Not recorded"}


def test_a_child_in_therapy_says_nothing_of_the_survivor() -> None:
    """Her sex is not her child's, and a child's therapy is not her own."""
    child = {"person": "a", "case": "a", "service": "s", "therapy_type": "other", "client_number": 1}
    made = cohort(
        referrals=rows("referrals", referral("a", "2022-05-01", sex="female")),
        therapy=rows("therapy", {**child, "referred_on": day("2022-06-01"), "sex": "male"}),
    )
    (person,) = made.people.itertuples()
    assert (person.sex, person.in_therapy) == ("Female", "No")
    assert list(made.therapy["client"]) == ["Child"]


def test_episodes_are_truncated_censored_and_compete() -> None:
    """A move between units is no exit; who was there before counts from the opening of the period."""
    made = cohort(
        units=UNITS,
        stays=rows(
            "stays",
            stay(
                "a",
                "2022-03-22",
                "2022-05-01",
                departure_kind="planned",
                destination="another-safe-accommodation",
            ),
            stay("a", "2022-05-01", "2022-06-01", departure_kind="eviction", destination="family-or-friends"),
            stay("b", "2023-01-01"),
        ),
    ).episodes
    assert list(made["days"]) == [71, 89]
    assert list(made["entry"]) == [10, 0]
    assert list(made["exit"]) == ["Family or friends", "Still there"]
    assert list(made["departure_kind"]) == ["Eviction", "Still there"]
    assert list(made["accommodation_type"]) == ["Refuge accommodation", "Refuge accommodation"]


def pathway(person: str, **dates: str) -> dict[str, object]:
    """Return a referral to therapy with dates of its steps."""
    about = {"person": person, "case": person, "service": "s", "therapy_type": "other", "client_number": 0}
    return {**about, **{f"{name}_on": day(when) for name, when in dates.items()}}


def test_waits_are_reached_left_or_censored() -> None:
    """Who left without a start did not reach it; who still waits is censored at the end of the period."""
    made = cohort(
        therapy=rows(
            "therapy",
            pathway(
                "a",
                identified="2022-03-02",
                referred="2022-03-12",
                assessed="2022-04-11",
                started="2022-05-01",
            ),
            {**pathway("b", referred="2022-06-01", ended="2022-07-01"), "ending": "not-engaged"},
            pathway("c", referred="2023-03-01", assessed="2023-04-02"),
            pathway("d", referred="2022-06-01", started="2022-06-11"),
        )
    ).waits
    assert {str(stage) for stage in made.loc[made["person"] == "a", "stage"]} == {
        "Referred to assessed",
        "Assessed to started",
        "Referred to started",
        "Identified to started",
    }, "identified to referred was over before the period opened"
    assessed = made[made["stage"] == "Referred to assessed"].set_index("person")
    assert assessed["result"].to_dict() == {
        "a": "Reached",
        "b": "Left before it",
        "c": "Still waiting",
        "d": "Date not recorded",
    }
    assert assessed["days"].fillna(-1).to_dict() == {"a": 30, "b": 30, "c": 30, "d": -1}
    assert assessed["entry"].to_dict() == {"a": 20, "b": 0, "c": 0, "d": 0}
    assert assessed["event"].to_dict() == {"a": True, "b": False, "c": False, "d": False}


def test_scores_are_paired_and_say_who_was_lost() -> None:
    """Change is latest less first; one score alone is kept as such."""
    scored = {"wellbeing_measure": "swemwbs", "wellbeing_start": 18}
    made = cohort(
        units=UNITS,
        referrals=rows("referrals", referral("a", "2022-05-01", sex="female")),
        stays=rows(
            "stays",
            stay("a", "2022-05-10", "2022-06-10", **scored, wellbeing_end=24),
            stay("b", "2022-08-03", **scored),
            stay("c", "2022-09-03"),
        ),
        therapy=rows(
            "therapy", {**pathway("d", referred="2022-05-02"), "measure": "core-10", "score_end": 9}
        ),
    ).scores
    assert list(made["paired"]) == ["Both scores", "First score alone", "Latest score alone"]
    assert list(made["change"].fillna(-99)) == [6, -99, -99]
    assert list(made["setting"]) == ["Stay", "Stay", "Therapy"]
    assert list(made["measure"])[2] == "CORE-10"
    assert list(made["sex"]) == ["Female", "Not recorded", "Not recorded"]
    assert list(made["ended"]) == ["Yes", "No", "No"]


def test_a_child_is_there_as_long_as_its_family_unless_it_says_otherwise() -> None:
    """Dates of its own count first; a stay that was over before the period is outside."""
    family = {"person": "a", "case": "a", "stay_start": day("2022-02-01")}
    made = cohort(
        units=UNITS,
        stays=rows("stays", stay("a", "2022-02-01", "2022-05-01")),
        children=rows(
            "children",
            {**family, "child_number": 1, "age_band": "5-10"},
            {**family, "child_number": 2, "left_on": day("2022-03-01")},
        ),
    )
    (child,) = made.children.itertuples()
    assert (child.begin, child.end, child.age_band) == (day("2022-02-01"), day("2022-05-01"), "5 to 10")
    assert (child.accommodation_type, made.outside["children"]) == ("Refuge accommodation", 1)


def test_units_say_who_may_use_them_and_how_many_nights_they_offer() -> None:
    """A unit that closed before the period is outside; one that opened in it offers what is left."""
    made = cohort(
        units=rows(
            "units",
            {**UNIT, "open_from": day("2020-04-01"), "open_to": day("2022-03-31")},
            {**UNIT, "unit": "2", "eligibility": "any-adult", "open_from": day("2023-03-30")},
            {
                **UNIT,
                "unit": "3",
                "eligibility": "by-and-for",
                "open_from": day("2021-01-01"),
                "open_to": day("2022-04-02"),
            },
        )
    ).units
    assert list(made["open_to_men"]) == ["Yes", "Depends on the service"]
    assert list(made["nights"]) == [4, 4]


def test_a_required_code_that_the_list_has_lost_is_refused_without_its_value() -> None:
    """A store older than its code lists is read again, not guessed at."""
    made = cohort(units=rows("units", {**UNIT, "capacity_unit": "hammock", "open_from": day("2020-04-01")}))
    with pytest.raises(
        DataRefused, match=r"no code that units\.capacity_unit knows\. Read the workbooks"
    ) as no:
        made.units  # noqa: B018
    assert "hammock" not in str(no.value)


def test_attempts_without_a_reference_are_each_somebody() -> None:
    """The line of the log stands for whom nobody named."""
    log = {"attempt_month": day("2022-05-01"), "approached": "police", "barrier": "none"}
    found = cohort(
        attempts=rows("attempts", {**log, "attempt": "x"}, {**log, "attempt": "y", "person": "a"})
    ).attempts
    assert list(found["person"]) == ["line-x", "a"]


# What is never shown -----------------------------------------------------------------------------------


def test_the_runner_learns_of_a_store_without_pandas_or_pyarrow() -> None:
    """A plan with records costs what a plan costs."""
    code = "import sys, analysis.records.supplied; print({'pandas', 'pyarrow', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_cohort_and_its_frames_show_no_row(sample: Cohort) -> None:
    """Not by any of the forms that JupyterLab or an error message would ask for."""
    assert repr(sample) == "<synthetic of norfolk, 2022-23: not shown>"
    assert repr(sample.referrals) == "<189 referrals, person-level: not shown>"
    for name in FRAMES:
        frame = getattr(sample, name)
        shown = f"{frame}{frame!r}{frame._repr_mimebundle_()}{frame._repr_html_()}{frame['person']}"
        assert not any(str(person) in shown for person in frame["person"].head(50).tolist())
