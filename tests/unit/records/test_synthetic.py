"""The synthetic sample: the same for a seed, marked throughout, within the schema, and of bounded size."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataRefused, UsageError
from analysis.evidence import published
from analysis.records.fields import tables
from analysis.records.keyfile import KeyFile
from analysis.records.pseudonym import pseudonymise
from analysis.records.schema import validate
from analysis.records.synthetic.apportion import apportion, fill_between
from analysis.records.synthetic.borrowed import targets
from analysis.records.synthetic.bounds import bounds, whole_numbers
from analysis.records.synthetic.command import synth_command
from analysis.records.synthetic.fill import NOTES, fill
from analysis.records.synthetic.margins import completed
from analysis.records.synthetic.sample import SCENARIOS, Sample, generate, scaled
from analysis.records.synthetic.stays import Cell, Flow, occupy

PUBLISHED = [
    ("norfolk", "2022-23"),
    ("leicestershire", "2018-20"),
    ("leicestershire", "2023-24"),
    ("nottinghamshire", "2021-24"),
]
MADE: dict[tuple[str, str, str], Sample] = {}


def sample(area: str, period: str, scenario: str = "published") -> Sample:
    """Return a sample, made once."""
    key = (area, period, scenario)
    if key not in MADE:
        MADE[key] = generate(area, period, scenario=scenario)  # type: ignore[arg-type]
    return MADE[key]


def printed(name: str) -> int:
    """Return one published figure."""
    figures = published.load().figures.set_index("figure_id")
    return round(float(figures.loc[name, "value"]))


# Apportionment ------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.lists(st.floats(0.001, 1000), min_size=1, max_size=30))
def test_shares_come_to_the_total(total: int, weights: list[float]) -> None:
    """Shares by largest remainders come to the total and are within one of proportion."""
    shares = apportion(total, weights)
    exact = total * np.array(weights) / sum(weights)
    assert sum(shares) == total
    assert (np.abs(np.array(shares) - exact) < 1).all()


@given(st.data())
def test_shares_between_bounds(data: st.DataObject) -> None:
    """Shares with floors and ceilings come to the total and keep every floor and ceiling."""
    least = np.array(data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=12)))
    most = least + np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(least), max_size=len(least))))
    total = data.draw(st.integers(int(least.sum()), int(most.sum())))
    shares = fill_between(total, least, most, np.ones(len(least)))
    assert shares.sum() == total
    assert (least <= shares).all()
    assert (shares <= most).all()


def test_a_total_outside_its_bounds_is_refused() -> None:
    """A total that floors or ceilings exclude is refused in words."""
    with pytest.raises(DataRefused, match="9 does not lie between 1 and 4"):
        fill_between(9, np.array([1, 0]), np.array([2, 2]), np.ones(2))


def test_nothing_to_share_by_is_refused() -> None:
    """A total cannot be shared by weights that are all zero."""
    with pytest.raises(DataRefused, match="every weight is zero"):
        apportion(3, [0, 0])


def test_parts_larger_than_the_whole_are_refused() -> None:
    """Printed parts that come to more than the printed whole are refused."""
    with pytest.raises(DataRefused, match="parts come to 5, the whole is 4"):
        completed({"a": 3, "b": 2}, 4)


def test_whoever_is_in_no_part_is_not_recorded() -> None:
    """The rest of a whole is not recorded, never a no, and adds to what is printed as not recorded."""
    assert completed({"a": 3}, 4) == {"a": 3, "not-recorded": 1}
    assert completed({"a": 3, "not-recorded": 1}, 6) == {"a": 3, "not-recorded": 3}


def test_whole_numbers_that_print_as_a_share() -> None:
    """The GRIM test finds the counts that a printed share can be, or none."""
    assert whole_numbers(36.9, 225, 1) == [83]
    assert whole_numbers(36.9, 189, 1) == []
    assert whole_numbers(50, 4, 0) == [2]


# Stays --------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    st.integers(4, 30),
    st.floats(0.7, 0.96),
    st.integers(40, 300),
    st.sampled_from([365, 366, 1096]),
    st.integers(0, 1000),
)
def test_stays_fit_every_total(places: int, share: float, mean: int, days: int, seed: int) -> None:
    """Stays come to the nights, the departures, the mean and who is there first and last, exactly."""
    there = round(places * share)
    leaving = max(round(places * days * share / mean), places - there, 1)
    cells = (Cell("E07000148", "refuge", float(mean)),)
    flow = {"refuge": Flow(places, there, there, share, (0,) * places)}
    found, stays = occupy(cells, flow, leaving, days, np.random.default_rng(seed))
    inside = stays["end"].clip(upper=days) - stays["start"].clip(lower=0)
    assert len(found) == places
    assert inside.sum() == round(share * places * days)
    assert stays["ended"].sum() == leaving
    left = stays[stays["ended"]]
    assert (left["end"] - left["start"]).sum() == mean * leaving
    assert (stays["start"] < 0).sum() == there
    assert (~stays["ended"]).sum() == there
    ordered = stays.sort_values(["place", "start"])
    free = ordered["start"] - ordered.groupby("place")["end"].shift()
    assert (free.dropna() >= 1).all()


def test_totals_that_contradict_each_other_are_refused() -> None:
    """More departures than the nights used can hold are refused, not made to fit."""
    cells = (Cell("E07000148", "refuge", 300.0),)
    flow = {"refuge": Flow(2, 2, 2, 0.99, (0, 0))}
    with pytest.raises(DataRefused, match="no arrangement of stays has these totals"):
        occupy(cells, flow, 60, 365, np.random.default_rng(0))


# The sample ---------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_sample() -> None:
    """One seed gives one sample, another seed another, and the global generator is left alone."""
    np.random.seed(1)  # noqa: NPY002
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    first, second = generate("norfolk", "2022-23", seed=7), generate("norfolk", "2022-23", seed=7)
    other = generate("norfolk", "2022-23", seed=8)
    for name in tables():
        pd.testing.assert_frame_equal(first.tables[name], second.tables[name])
    assert not first.tables["stays"].equals(other.tables["stays"])
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize(("area", "period"), [*PUBLISHED, ("rutland", "2022-23")])
def test_a_sample_keeps_the_schema(area: str, period: str, scenario: str, tmp_path: Path) -> None:
    """No row of any sample is refused by any rule."""
    key = KeyFile.open(tmp_path / "key", create=True)
    made = sample(area, period, scenario).tables
    kept = pseudonymise({name: frame for name, frame in made.items() if len(frame)}, area, key)
    _, refused, _ = validate(kept)
    assert refused.empty, refused[["table", "field", "rule"]].value_counts().to_string()


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize(("area", "period"), PUBLISHED)
def test_every_row_says_what_it_is(area: str, period: str, scenario: str) -> None:
    """Every provider begins with the word, and every reference too."""
    for frame in sample(area, period, scenario).tables.values():
        assert frame["provider"].str.startswith("synthetic-").all()
        for column in frame.columns[frame.columns.str.endswith("_reference")]:
            assert frame[column].dropna().str.startswith("SYNTHETIC-").all()


@pytest.mark.parametrize("name", list(tables()))
def test_columns_are_those_a_provider_sends(name: str) -> None:
    """A table of a sample has the input columns of the schema, in order and typed."""
    frame = sample("norfolk", "2022-23", "full").tables[name]
    assert list(frame.columns) == [one.input for one in tables()[name].inputs]
    assert [str(dtype) for dtype in frame.dtypes] == [one.dtype for one in tables()[name].inputs]


def test_everything_is_recorded_in_full() -> None:
    """The full scenario has rows in every table, men, trans adults, four outcomes and second stays."""
    made = sample("norfolk", "2022-23", "full").tables
    assert all(len(frame) for frame in made.values())
    referrals, stays = made["referrals"], made["stays"]
    accepted = referrals[referrals["outcome"].eq("accepted")]
    assert accepted["sex"].eq("male").sum() >= 10
    assert accepted["trans"].eq("yes").any()
    assert referrals["outcome"].nunique() == 4
    assert stays["case_reference"].duplicated().any()
    assert {"not-asked", "not-known", "prefer-not-to-say", "not-recorded"} <= set(referrals["religion"])


def test_full_has_enough_months_on_each_side_of_the_funding() -> None:
    """The new therapy service has at least eight months of referrals before the period and after it began."""
    referred = sample("norfolk", "2022-23", "full").tables["therapy"]["referred_on"]
    months = referred.dt.to_period("M").drop_duplicates()
    assert (months < "2022-04").sum() >= 8
    assert (months >= "2022-04").sum() >= 8


def test_the_survivor_of_two_providers_is_one_person(tmp_path: Path) -> None:
    """Somebody declined by one provider and accepted by another is one person by a shared reference."""
    referrals = sample("norfolk", "2022-23").tables["referrals"]
    shared = referrals.dropna(subset="shared_reference")
    assert len(shared) == 2 * shared["shared_reference"].nunique() > 0
    both = shared.groupby("shared_reference")
    assert (both["provider"].nunique() == 2).all()
    assert (both["outcome"].nunique() == 2).all()
    key = KeyFile.open(tmp_path / "key", create=True)
    kept = pseudonymise({"referrals": referrals}, "norfolk", key)["referrals"]
    assert kept["person"].nunique() == len(referrals) - shared["shared_reference"].nunique()


def test_an_unknown_area_or_scenario_is_refused() -> None:
    """A name that is not known is refused with the nearest one."""
    with pytest.raises(UsageError, match='Did you mean "norfolk"'):
        generate("norfok", "2022-23")
    with pytest.raises(UsageError, match='Did you mean "full"'):
        generate("norfolk", "2022-23", scenario="ful")  # type: ignore[arg-type]


# Leicestershire and Nottinghamshire ---------------------------------------------------------------------


def _service(name: str) -> pd.DataFrame:
    therapy = sample("leicestershire", "2023-24").tables["therapy"]
    return therapy[therapy["service"] == name]


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("freeva-male", "leics-board-freeva-male-supported"),
        ("freeva-bame-advisor", "leics-board-freeva-bame-supported"),
        ("turning-point-substance-misuse", "leics-board-turning-point-supported"),
        ("lwa-outreach-worker", "leics-board-lwa-outreach-adults-supported"),
        ("gate-family-support-worker", "leics-board-gate-supported"),
        ("womens-aid-jada-plus", "leics-board-jada-plus-children-supported"),
        ("lgbt-counsellor", "leics-board-lgbt-seen-by-counsellor"),
        (
            "freeva-adult-counsellor",
            "leics-board-freeva-adult-counselling-undertaking-or-completed",
        ),
        ("lwa-yp-idva", "leics-board-lwa-high-risk-young-people"),
    ],
)
def test_leicestershire_supported(service: str, name: str) -> None:
    """As many had a first session with each service as the board pack prints."""
    assert _service(service)["started_on"].notna().sum() == printed(name)


def test_leicestershire_men_are_men() -> None:
    """Everybody of the men's service is a man."""
    assert _service("freeva-male")["sex"].eq("male").all()


def test_leicestershire_children_of_two_posts() -> None:
    """The children of one provider come to the printed number over its two posts."""
    both = [
        _service(name)["started_on"].notna().sum() for name in ("lwa-yp-idva", "lwa-family-support-worker")
    ]
    assert sum(both) == printed("leics-board-lwa-children-supported")


def test_leicestershire_adult_counselling() -> None:
    """As many accessed counselling, and as many of them undertook or completed it, as are printed."""
    rows = _service("freeva-adult-counsellor")
    assert len(rows) == printed("leics-board-freeva-adult-counselling-accessed")


def test_leicestershire_lgbt_counselling() -> None:
    """Referrals are those seen, those who did not engage and those waiting; some of those seen remain."""
    rows = _service("lgbt-counsellor")
    seen, closed = rows["started_on"].notna(), rows["ended_on"].notna()
    assert len(rows) == printed("leics-board-lgbt-referrals")
    assert rows["ending"].eq("not-engaged").sum() == printed("leics-board-lgbt-not-engaged")
    assert (~seen & ~closed).sum() == printed("leics-board-lgbt-waiting")
    assert (seen & ~closed).sum() == printed("leics-board-lgbt-remain-in-counselling")


def test_leicestershire_young_people() -> None:
    """Referrals of young people and those on the caseload are as printed."""
    rows = _service("freeva-yp-counsellor")
    assert len(rows) == printed("leics-board-freeva-yp-counselling-referrals")
    assert rows["ended_on"].isna().sum() == printed("leics-board-freeva-yp-counselling-current")
    assert rows["client_number"].eq(1).all()


def test_leicestershire_referrals_of_the_quarter_by_post() -> None:
    """Every post has as many referrals in the first quarter as are printed, none included."""
    figures = published.load().figures
    quarter = figures[figures["measure"].eq("referrals_in_quarter")]
    therapy = sample("leicestershire", "2023-24").tables["therapy"]
    own = therapy[therapy["referred_on"].between("2023-04-01", "2023-06-30")]["service"].value_counts()
    assert {post: own.get(post, 0) for post in quarter["category"]} == dict(
        zip(quarter["category"], quarter["value"], strict=True)
    )


def test_leicestershire_contacts_and_waits() -> None:
    """Sessions come to the printed contacts, and waits lie within the weeks that are printed."""
    rows = _service("womens-aid-jada-plus")
    assert rows["sessions_attended"].sum() == printed("leics-board-jada-plus-contacts")
    wait = (rows["started_on"] - rows["referred_on"]).dt.days
    assert wait.between(
        7 * printed("leics-board-jada-plus-wait-after-lower"),
        7 * printed("leics-board-jada-plus-wait-after-upper"),
    ).all()


def test_a_post_with_more_referrals_than_people_has_some_who_were_not_supported() -> None:
    """Where the quarter has more referrals than all the time has people, the difference never began."""
    rows = _service("lwa-outreach-worker")
    least = printed("leics-board-q1-referrals-lwa-outreach-worker") - printed(
        "leics-board-lwa-outreach-adults-supported"
    )
    assert rows["started_on"].isna().sum() == least > 0


def test_leicestershire_units_and_people_turned_away() -> None:
    """The Hope bid's commissioned units, city and county, and those turned away are in its sample."""
    made = sample("leicestershire", "2018-20").tables
    districts = made["units"].groupby("district")["places"].sum()
    assert districts["E06000016"] == printed("hope-city-refuge-bedspaces-commissioned")
    assert districts.sum() == printed("hope-refuge-units-commissioned")
    before = made["referrals"]["case_reference"].str.contains("-A").sum()
    assert before == printed("hope-turned-away-dclg-units")


def test_nottinghamshire_units() -> None:
    """Nottinghamshire has its forty units, and none that a man may use."""
    units = sample("nottinghamshire", "2021-24").tables["units"]
    assert units["places"].sum() == printed("notts-strategy-refuge-units")
    assert units["eligibility"].ne("women-and-children").sum() == printed(
        "notts-strategy-male-refuge-provision"
    )


def test_borrowed_proportions_are_said_to_be_borrowed() -> None:
    """A sample of an authority that prints no count of people says whose proportions it has."""
    notes = " ".join(sample("nottinghamshire", "2021-24").notes)
    assert "the proportions that Norfolk prints" in notes
    assert "no estimate of it" in notes
    assert bounds(targets("nottinghamshire", "2021-24")) == ()


# Size ---------------------------------------------------------------------------------------------------


def test_many_authorities_are_made_one_at_a_time() -> None:
    """Made-up authorities come one after the other, each with references and units of its own."""
    made = scaled("norfolk", "2022-23", scale=2, years=2)
    first, second = next(made), next(made)
    with pytest.raises(StopIteration):
        next(made)
    assert first.area != second.area
    assert not set(first.tables["referrals"]["provider"]) & set(second.tables["referrals"]["provider"])
    assert first.tables["stays"]["end_date"].max() > pd.Timestamp("2023-04-01")


@pytest.mark.parametrize(("scale", "years"), [(151, 1), (0, 1), (1, 11)])
def test_more_than_the_most_is_refused(scale: int, years: int) -> None:
    """Sizes beyond what was measured are refused."""
    with pytest.raises(UsageError, match="is not from 1 to"):
        list(scaled("norfolk", "2022-23", scale=scale, years=years))


# Files --------------------------------------------------------------------------------------------------


def test_the_command_writes_workbooks_and_says_what_cannot_hold(tmp_path: Path) -> None:
    """The command writes marked files into the area's folder, and its lines include the notes."""
    lines: list[str] = []
    assert synth_command("rutland", "2022-23", tmp_path, form="csv", say=lines.append) == 0
    folder = tmp_path / "rutland" / "2022-23"
    files = sorted(path.name for path in folder.iterdir())
    assert NOTES in files
    assert all(name.startswith("SYNTHETIC ") for name in files)
    assert any("They are no estimate of it" in line for line in lines)
    assert lines[-1].startswith("SYNTHETIC rutland 2022-23: ")


def test_the_command_writes_many_authorities_as_text(tmp_path: Path) -> None:
    """With a scale, each made-up authority has a folder, and a file for each table."""
    assert synth_command("rutland", "2022-23", tmp_path, scale=2, say=lambda _: None) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority-001", "authority-002"]
    stays = next((tmp_path / "authority-001").rglob("* stays.csv"))
    with stays.open(encoding="utf-8", newline="") as file:
        assert all(row["Provider"].startswith("synthetic-") for row in csv.DictReader(file))


def test_a_form_that_is_not_known_is_refused(tmp_path: Path) -> None:
    """An unknown form, and one file for all months in a form without months, are refused."""
    with pytest.raises(UsageError, match='Did you mean "xlsx"'):
        fill(sample("rutland", "2022-23"), tmp_path, "xls")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="one workbook for all months"):
        fill(sample("rutland", "2022-23"), tmp_path, "ods", monthly=False)


@pytest.mark.parametrize("form", ["ods", "csv"])
def test_files_are_the_same_twice(form: str, tmp_path: Path) -> None:
    """The same sample gives the same bytes."""
    for folder in ("a", "b"):
        fill(sample("rutland", "2022-23"), tmp_path / folder, form)  # type: ignore[arg-type]
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


def test_every_sheet_says_what_it_is(tmp_path: Path) -> None:
    """The first line of every sheet of an .ods begins with the word."""
    path = fill(sample("rutland", "2022-23"), tmp_path, "ods")[0]
    content = zipfile.ZipFile(path).read("content.xml").decode()
    sheets = content.split("<table:table table:name=")[1:]
    assert len(sheets) > 1
    assert all(sheet.partition("<text:p>")[2].startswith("SYNTHETIC. ") for sheet in sheets)
