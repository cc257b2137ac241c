"""Direct identifiers are told by header and by content, and nothing that is found is repeated."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.records import identifiers, recognisers
from analysis.records.schema import tables

TEXTS = {
    "name": [
        "Sarah",
        "sarah",
        "Sarah Jones",
        "Mrs Khan",
        "spoke to Dr Okafor",
        "helped by Fatima Begum of the office",
    ],
    "date-of-birth": ["01/02/1985", "1.2.1985", "1985-02-01", "DOB 1985", "born in Leicester"],
    "postcode": ["NR1 2AB", "nr12ab", "LE3 8TB", "lives at SW1A 1AA now"],
    "nhs-number": ["943 476 5919", "9434765919", "943-476-5919"],
    "national-insurance": ["AB123456C", "ab 12 34 56 c"],
    "phone": ["07700 900123", "+44 7700 900123", "(01603) 762233", "7700900123", "0116 496 0123"],
    "email": ["a.b@example.org", "write to x_y@mail.example.co.uk please"],
    "address": ["12 High Street", "14b Acacia Grove, Norwich", "Flat 3, Rose Court", "9 St Mary's Close"],
}
PLAIN = [
    "NDA-0412",
    "NR-03",
    "norwich",
    "King's Lynn and West Norfolk",
    "Great Yarmouth",
    "16/04/2022",
    "2022-04-16",
    "E07000148",
    "1800.00",
    "9434765910",
    "44652",
    "one-to-one-counselling",
    "Felt safe, and the garden was good for the children",
    "April 2022",
    "Jan",
    "Flat 3",
    "Hope",
    "",
]
HEADERS = {
    "name": [
        "Name",
        "Client name",
        "First Name",
        "Surname",
        "Child's name",
        "Initials",
        "Name of child",
        "fore-name",
    ],
    "date-of-birth": ["DOB", "D.O.B.", "Date of Birth", "Child DOB", "Birthday", "date_of_birth"],
    "postcode": ["Postcode", "Post code of origin", "Last postcode"],
    "nhs-number": ["NHS No", "NHS number"],
    "national-insurance": ["NI number", "National Insurance No", "NINO"],
    "phone": ["Tel", "Telephone", "Mobile", "Contact no.", "Phone number"],
    "email": ["Email", "E-mail address"],
    "address": ["Address", "Refuge address", "Street", "House number", "UPRN"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in TEXTS.items() for text in texts])
def test_content_gives_an_identifier_away(kind: str, text: str) -> None:
    """Each kind is told in the forms it is written in."""
    assert identifiers.of_text(text) == kind


@pytest.mark.parametrize("text", PLAIN)
def test_what_a_workbook_should_hold_is_no_identifier(text: str) -> None:
    """References, codes, districts, dates of the service and sums of money pass."""
    assert identifiers.of_text(text) == ""


@pytest.mark.parametrize(("kind", "header"), [(kind, one) for kind, many in HEADERS.items() for one in many])
def test_a_header_gives_an_identifier_away(kind: str, header: str) -> None:
    """Whatever stands below it."""
    assert identifiers.of_header(header) == kind


def test_nothing_that_the_schema_asks_for_is_taken_for_an_identifier() -> None:
    """No header, code, label or example of the template is turned away."""
    for table in tables().values():
        for field in table.fields:
            words = (field.example, *field.codes, *field.labels)
            assert identifiers.of_header(field.label) == "", field.label
            assert [word for word in words if identifiers.of_text(word)] == []


@settings(deadline=None)  # a busy machine is no fault of the rule
@given(st.integers(min_value=1, max_value=999_999_999))
def test_one_check_digit_of_ten_makes_an_nhs_number(stem: int) -> None:
    """For every nine digits one check digit fits, or none where the remainder would need two digits."""
    fitting = [digit for digit in range(10) if identifiers.is_nhs_number(f"{stem:09d}{digit}")]
    assert len(fitting) <= 1
    weighed = sum(int(digit) * weight for digit, weight in zip(f"{stem:09d}", range(10, 1, -1), strict=True))
    assert bool(fitting) == (weighed % 11 != 1)


def test_findings_name_column_rows_and_kind_and_no_value() -> None:
    """What is found is where it stands; what stands there is nowhere in it."""
    frame = pd.DataFrame(
        {
            "ref": ["NDA-1", "Sarah Jones", None],
            "telephone": [7700900123.0, None, 44652.0],
            "col": [dt.datetime(1985, 2, 1), None, None],  # noqa: DTZ001  # a cell has no zone
        },
        index=[5, 6, 7],
    )
    found = identifiers.find(frame, {"col": "Date of birth", "telephone": "Nights"})
    assert [(one.column, one.kind, one.by, one.rows) for one in found] == [
        ("ref", "name", "content", (6,)),
        ("telephone", "phone", "content", (5,)),
        ("col", "date-of-birth", "header", (5,)),
    ]
    said = "".join(f"{one} {one.problem} {one.cure}" for one in found)
    assert not [word for word in ("Sarah", "7700900123", "1985") if word in said]


def test_an_age_is_whole_years_completed() -> None:
    """The day before a birthday is still the year before; a leap day's birthday is 1 March in other years."""
    births = pd.to_datetime(
        pd.Series(["1988-04-15", "1988-04-14", "2004-02-29", "2004-02-29", None, "2030-01-01"])
    )
    days = pd.to_datetime(
        pd.Series(["2022-04-14", "2022-04-14", "2022-02-28", "2022-03-01", "2022-01-01", "2022-01-01"])
    )
    ages = identifiers.age_on(births, days)
    assert ages.dropna().tolist() == [33, 34, 17, 18]
    assert ages.isna().tolist() == [False] * 4 + [True] * 2


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("It was said by Sarah Jones in May.", "name", "Sarah Jones"),
        ("Said Sarah J. Jones in May", "name", "Sarah J. Jones"),
        ("MEGAN EVANS", "name", "MEGAN EVANS"),
        ("Sarah", "name", "Sarah"),
        ("on or near 14/02/1985 she", "date-of-birth", "14/02/1985"),
        ("at NR1 2AB and", "postcode", "NR1 2AB"),
        ("the number 943 476 5919.", "nhs-number", "943 476 5919"),
    ],
)
def test_identifiers_in_running_text_are_told_apart(text: str, kind: str, what: str) -> None:
    """In a sentence what is found is named with its bounds, so that a cited author can be let pass."""
    assert (kind, what) in list(recognisers.spans(text))


@pytest.mark.parametrize("text", ["Sarah was asked", "the hope of the charity", "9434765910", "April 2022"])
def test_plain_sentences_hold_no_identifier(text: str) -> None:
    """A forename among other words, a word that is a name elsewhere, and a wrong check digit are nobody."""
    assert list(recognisers.spans(text)) == []
