"""Values as people type them: read if they can mean one thing only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from analysis.records.fields import FieldSpec, tables
from analysis.records.reading import values
from analysis.records.reading.values import Problem
from analysis.records.reading.workbook import Lost

DAY = dt.date(2022, 4, 14)


def field(table: str, name: str) -> FieldSpec:
    """Return a field by its input name."""
    return next(one for one in tables()[table].inputs if one.input == name)


REFERRED = field("referrals", "referred_on")
MONTH = field("referrals", "month")
SEX = field("referrals", "sex")
PREGNANT = field("referrals", "pregnant")
BAND = field("children", "age_band")
COUNT = field("referrals", "children_with")
COST = field("sanctuary", "cost")
CASE = field("referrals", "case_reference")
UNIT = field("units", "unit")
PROVIDER = field("referrals", "provider")


@pytest.mark.parametrize(
    "given",
    [
        DAY,
        dt.datetime(2022, 4, 14, 9, 30, tzinfo=dt.UTC),
        "14/04/2022",
        "14/4/22",
        "14.04.2022",
        "14-04-2022",
        "14 04 2022",
        " 14/04/2022\u00a0",
        "14–04–2022",
        "14/04/2022 09:30",
        "14/04/2022 09:30:00",
        "2022-04-14",
        "2022/04/14",
        "2022-04-14T00:00:00",
        "2022-04-14 00:00:00.000",
        "14 April 2022",
        "14 Apr 22",
        "14th April, 2022",
        "14-Apr-22",
        "14Apr2022",
        "Thursday 14 April 2022",
        "Thu 14/04/2022",
        "the 14".removeprefix("the ") + " of April 2022",
        44665,
        44665.0,
        44665.75,
        "44665",
    ],
)
def test_a_british_date(given: Any) -> None:
    """A date is read with the day first, however it was typed."""
    assert values.read(given, REFERRED) == DAY


@pytest.mark.parametrize(
    "given",
    [
        "04/14/2022",
        "31/02/2022",
        "14/04",
        "April 2022",
        "soon",
        "14/04/022",
        "O1/O4/2022",
        "14 Avril 2022",
        14,
        9_999_999,
        True,
        dt.time(9, 30),
        dt.timedelta(hours=3),
        "0/0/0000",
        "99/99/9999",
    ],
)
def test_what_is_no_date_is_refused(given: Any) -> None:
    """What could be another day, or none, is a problem with a cure and without the value."""
    found = values.read(given, REFERRED)
    assert isinstance(found, Problem)
    assert found.cure.endswith(".")
    assert str(given) not in found.problem + found.cure or given in {14, "14/04"}


def test_numbers_count_from_the_workbooks_own_first_day() -> None:
    """The same number is another day in the 1904 system."""
    assert values.read(43203, REFERRED, since_1904=True) == DAY
    assert values.read(43203, REFERRED) == dt.date(2018, 4, 13)


@pytest.mark.parametrize(
    "given",
    ["2022-04", "202204", "04/2022", "April 2022", "Apr-22", "Apr 2022", "APR22", DAY, "14/04/2022", 44665],
)
def test_a_month(given: Any) -> None:
    """A month is its first day."""
    assert values.read(given, MONTH) == dt.date(2022, 4, 1)


@pytest.mark.parametrize("given", ["13/2022", "2022", "Q1 2022", "Smarch 2022"])
def test_what_is_no_month(given: str) -> None:
    """A quarter, a year and a month that is none are refused."""
    assert isinstance(values.read(given, MONTH), Problem)


@pytest.mark.parametrize(
    "given", ["", " ", "\u00a0", "\u200b", "-", "–", "n/a", "N/A", "not applicable", None or ""]
)
def test_blanks(given: str) -> None:
    """What says nothing is a blank."""
    assert values.read(given, PREGNANT) is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("Y", "yes"),
        ("yes ", "yes"),
        (True, "yes"),
        (1, "yes"),
        (1.0, "yes"),
        ("✓", "yes"),
        ("N", "no"),
        ("No", "no"),
        (False, "no"),
        (0, "no"),
        ("NK", "not-known"),
        ("unknown", "not-known"),
        ("Not asked", "not-asked"),
        ("PNTS", "prefer-not-to-say"),
        ("Prefer not to say", "prefer-not-to-say"),
        ("not recorded", "not-recorded"),
    ],
)
def test_yes_no_and_four_kinds_of_unknown(given: Any, code: str) -> None:
    """Unknown is never no, and its kinds stay apart."""
    assert values.read(given, PREGNANT) == code


@pytest.mark.parametrize(
    ("given", "code"),
    [("F", "female"), ("m", "male"), ("Female", "female"), (" FEMALE\n", "female"), ("Fe‐male", None)],
)
def test_sex(given: str, code: str | None) -> None:
    """Initials of sex are read for sex alone; a woman is not assumed to be female at birth."""
    found = values.read(given, SEX)
    assert found == code or (code is None and isinstance(found, Problem))
    assert isinstance(values.read("Woman", SEX), Problem)


def test_every_code_and_label_means_itself() -> None:
    """Each code of each field is read from the code and from the label, also in capitals."""
    checked = 0
    for spec in tables().values():
        for one in (one for one in spec.inputs if one.codes):
            for code, label in zip(one.codes, one.labels, strict=True):
                for given in (code, label, label.upper(), f" {label}\u00a0"):
                    assert values.read(given, one) == code, (one.table, one.field, given)
                    checked += 1
    assert checked > 3000


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (dt.date(2026, 10, 5), "5-10"),
        (dt.date(2016, 11, 1), "11-16"),
        ("5 – 10", "5-10"),
        ("5 to 10", "5-10"),
        ("17+", "17-plus"),
    ],
)
def test_bands_that_spreadsheets_mangle(given: Any, code: str) -> None:
    """An age band that became a date is still the band."""
    found = values.read(given, BAND)
    assert found == code or (given == "17+" and found == values.read("17 and over", BAND))


@pytest.mark.parametrize(
    ("given", "number"), [(2, 2), (2.0, 2), ("2", 2), (" 2 ", 2), ("1,234", 1234), ("-1", -1)]
)
def test_whole_numbers(given: Any, number: int) -> None:
    """A whole number may be text; whether it is in bounds is a rule of the table."""
    found = values.read(given, COUNT)
    assert found == number
    assert isinstance(found, int)


@pytest.mark.parametrize("given", ["two", "2 children", 2.5, "2.5", True, DAY, "1,23", "1e3"])
def test_what_is_no_whole_number(given: Any) -> None:
    """Words, parts and dates are no counts."""
    assert isinstance(values.read(given, COUNT), Problem)


def test_money() -> None:
    """Pounds may have their sign; other numbers may not."""
    assert values.read("£1,240.50", COST) == 1240.5
    assert isinstance(values.read("£2", COUNT), Problem)


def test_references_and_short_names() -> None:
    """A reference is tidied, a provider is a slug, a unit keeps its capitals; a path is neither."""
    assert values.read("nda–0412 ", CASE) == "NDA-0412"
    assert values.read(412.0, CASE) == "412"
    assert values.read("North Refuge", PROVIDER) == "north-refuge"
    assert values.read("nr 03", UNIT) == "NR-03"
    for given in ("../../x", "C:\\x", "a\x00b", "x" * 61, "=1+1"):
        assert isinstance(values.read(given, PROVIDER), Problem)


def test_a_lost_value_is_a_problem() -> None:
    """An error and a formula that was never calculated are not blanks."""
    for words in ("#N/A", "a formula without a saved result"):
        found = values.read(Lost(words), PREGNANT)
        assert isinstance(found, Problem)
        assert found.rule == "lost-value"


def test_a_providers_own_words() -> None:
    """A mapping says what a provider means, before anything else."""
    assert values.read("Woman", SEX, own={"woman": "female"}) == "female"
    assert values.read("n/a", SEX, own={"n-a": "not-asked"}) == "not-asked"


def test_a_code_that_is_nearly_one_is_suggested_and_not_taken() -> None:
    """A similar code is a suggestion."""
    found = values.read("Femal", SEX)
    assert isinstance(found, Problem)
    assert 'Did you mean "female"?' in found.cure


def test_a_memo_forgets() -> None:
    """What is remembered of a column is bounded."""
    memo = values.Memo(COUNT, since_1904=False, own={})
    for number in range(values.MEMO + 10):
        assert memo[number] == number
    assert len(memo) <= values.MEMO + 1
