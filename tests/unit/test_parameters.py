"""Areas, periods and typed parameters: what is accepted, and what a refusal says."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from analysis.errors import DataRefused, UsageError
from analysis.layout import Layout
from analysis.parameters import REFERENCE_YEARS, Areas, Parameter, starting_year

REAL = Layout(Path(__file__).resolve().parents[2])


@pytest.fixture
def layout(tmp_path):
    """Return a checkout with three areas, one of which publishes nothing."""
    published = tmp_path / "data" / "published"
    published.mkdir(parents=True)
    (published / "areas.csv").write_text("area,name\nnorfolk,Norfolk\nleicester,Leicester\nrutland,Rutland\n")
    (published / "periods.csv").write_text(
        "area,period\nnorfolk,2022-23\nleicester,2023-24\nleicester,2018-20\n"
    )
    return Layout(tmp_path)


def test_areas_know_names_periods_and_default_pairs(layout):
    """Names are as printed, periods earliest first, pairs sorted."""
    areas = Areas.load(layout)
    assert areas.name("norfolk") == "Norfolk"
    assert areas.published_periods("leicester") == ("2018-20", "2023-24")
    assert areas.published_periods("rutland") == ()
    assert areas.default_pairs() == [
        ("leicester", "2018-20"),
        ("leicester", "2023-24"),
        ("norfolk", "2022-23"),
    ]


def test_an_unknown_area_names_the_nearest_and_all(layout):
    """The refusal suggests and lists."""
    with pytest.raises(UsageError) as refused:
        Areas.load(layout).check_area("norfok")
    assert str(refused.value) == (
        'area: unknown area "norfok". Did you mean "norfolk"? Known: leicester, norfolk, rutland.'
    )


@pytest.mark.parametrize("period", ["2018-20", "2023-24", "2018-19", "2025-26"])
def test_published_periods_and_years_with_reference_statistics_are_accepted(layout, period):
    """A published period of any length, or a year that the homelessness statistics cover."""
    assert Areas.load(layout).check_period("leicester", period) == period


@pytest.mark.parametrize("period", ["2017-18", "2026-27", "2022-24", "2022", "2022-23 ", "2099-00x"])
def test_a_period_without_evidence_is_refused_with_those_that_have_some(layout, period):
    """The list of periods is part of the refusal, and its exit code is that of usage."""
    with pytest.raises(UsageError, match="leicester has published evidence for 2018-20, 2023-24") as refused:
        Areas.load(layout).check_period("leicester", period)
    assert f'leicester: no evidence for period "{period}"' in str(refused.value)
    assert "any year from 2018-19 to 2025-26" in str(refused.value)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("period", "year"), [("2022-23", 2022), ("1999-00", 1999), ("2018-20", None), ("22-23", None), ("", None)]
)
def test_only_two_consecutive_years_make_a_financial_year(period, year):
    """2018-20 is a period, but not one year; 1999-00 crosses the century."""
    assert starting_year(period) == year


def test_a_period_of_an_unknown_area_is_refused(layout):
    """A typing mistake in one table must not hide a report."""
    (layout.data / "published" / "periods.csv").write_text("area,period\nnorfok,2022-23\n")
    with pytest.raises(DataRefused, match='unknown area "norfok"'):
        Areas.load(layout)


def test_a_missing_column_or_table_is_refused(layout):
    """The message names the file and the column."""
    (layout.data / "published" / "areas.csv").write_text("area\nnorfolk\n")
    with pytest.raises(DataRefused, match=r"areas\.csv: no column name"):
        Areas.load(layout)
    (layout.data / "published" / "areas.csv").unlink()
    with pytest.raises(DataRefused, match=r"areas\.csv: the table is missing"):
        Areas.load(layout)


def test_a_period_has_the_days_that_are_published_for_it_or_those_of_the_financial_year():
    """A period of several years is what its sources cover; an area without one has April to March."""
    areas = Areas.load(REAL)
    assert areas.days("nottinghamshire", "2021-24") == (date(2021, 4, 1), date(2024, 3, 31))
    assert areas.days("rutland", "2022-23") == (date(2022, 4, 1), date(2023, 3, 31))
    with pytest.raises(UsageError, match="no evidence for period"):
        areas.days("rutland", "2021-24")


def test_a_period_of_several_years_needs_its_dates(layout):
    """They cannot be guessed from its name."""
    with pytest.raises(UsageError, match='no dates for period "2018-20"'):
        Areas.load(layout).days("leicester", "2018-20")


def test_the_committed_tables_have_the_four_published_reports():
    """The default plan is made of these pairs."""
    assert Areas.load(REAL).default_pairs() == [
        ("leicestershire", "2018-20"),
        ("leicestershire", "2023-24"),
        ("norfolk", "2022-23"),
        ("nottinghamshire", "2021-24"),
    ]


def test_reference_years_are_those_of_the_homelessness_table():
    """Every year that is accepted holds a quarter of the committed statistics, and no other does."""
    with (REAL.data / "reference" / "homelessness.csv").open(encoding="utf-8", newline="") as file:
        quarters = {row["quarter"] for row in csv.DictReader(file)}
    years = {int(quarter[:4]) - (quarter[-2:].upper() == "Q1") for quarter in quarters}
    assert sorted(years) == list(REFERENCE_YEARS)


NUMBER = Parameter("confidence", "float", 0.95, help="level of every interval")
SCOPE = Parameter("scope", "str", "all", ("women", "all"))


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (NUMBER, "0.9", 0.9),
        (NUMBER, "1", 1.0),
        (Parameter("n", "int", 1), "12", 12),
        (Parameter("x", "str", ""), "a, b", "a, b"),
        (Parameter("on", "bool", False), "Yes", True),
        (Parameter("on", "bool", True), "false", False),
        (SCOPE, "women", "women"),
        (Parameter("q", "int", 1, (1, 2)), "2", 2),
        (Parameter("areas", "str", [], many=True), "norfolk, rutland", ["norfolk", "rutland"]),
        (Parameter("cuts", "float", [], many=True), "", []),
    ],
)
def test_text_becomes_the_declared_type(parameter, text, value):
    """What is typed on a command line arrives as the annotation says."""
    typed = parameter.coerce(text)
    assert typed == value
    assert type(typed) is type(value)


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        (NUMBER, "nan"),
        (NUMBER, "inf"),
        (Parameter("n", "int", 1), "1.5"),
        (Parameter("on", "bool", False), "maybe"),
        (Parameter("q", "int", 1, (1, 2)), "3"),
        (Parameter("cuts", "float", [], many=True), "1,x"),
    ],
)
def test_text_of_another_type_is_refused(parameter, text):
    """Nothing is guessed."""
    with pytest.raises(UsageError, match=f'parameter "{parameter.name}" takes'):
        parameter.coerce(text)


def test_a_refusal_says_what_is_taken_and_shows_how():
    """The message of the style guide, word for word, and an example that works."""
    with pytest.raises(UsageError) as refused:
        NUMBER.coerce("high", where="male_survivors")
    assert str(refused.value) == (
        'male_survivors: parameter "confidence" takes a number (float), not "high".'
        " Write -p confidence=0.95, for example."
    )


def test_a_refused_choice_suggests_the_nearest():
    """A mistyped choice is met with the one that was probably meant."""
    with pytest.raises(UsageError, match=r'takes "women" or "all", not "womn"\. Did you mean "women"'):
        SCOPE.coerce("womn")


@pytest.mark.parametrize(
    ("parameter", "value"),
    [(NUMBER, True), (NUMBER, "0.9"), (Parameter("n", "int", 1), 1.0), (SCOPE, "men"), (SCOPE, ["all"])],
)
def test_a_typed_value_must_be_of_exactly_that_type(parameter, value):
    """True is not a number, and a number in quotes is text."""
    with pytest.raises(UsageError, match=f'parameter "{parameter.name}" takes'):
        parameter.check(value)


def test_a_whole_number_is_a_number():
    """A default or a variant may say 1 where it means 1.0."""
    assert type(NUMBER.check(1)) is float
