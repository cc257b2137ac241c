"""Direct identifiers: recognised by the header of a column and by what stands in its cells.

What is found is turned into what is allowed (a date of birth into an age) or refused; it is never stored,
logged or repeated in a message. The checks are wide on purpose: a cell that only looks like a telephone
number costs a question, one that is kept may cost a life. NHS numbers are told by their check digit
(NHS Data Dictionary, NHS NUMBER: modulus 11), National Insurance numbers by the prefixes that HMRC uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from analysis.records.forenames import FORENAMES

KINDS: Final = {
    "name": "a name",
    "date-of-birth": "a date of birth",
    "postcode": "a postcode",
    "nhs-number": "an NHS number",
    "national-insurance": "a National Insurance number",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "address": "an address",
}
"""What is looked for, with the words of a message."""

CURES: Final = {
    "name": "Remove it, and give your own case reference.",
    "date-of-birth": "Give the age in years at referral, or the age band.",
    "postcode": "Give the district.",
    "nhs-number": "Remove it, and give your own case reference.",
    "national-insurance": "Remove it, and give your own case reference.",
    "phone": "Remove it.",
    "email": "Remove it.",
    "address": "Give the district, or the code of the unit.",
}

HEADERS: Final = {
    "date-of-birth": r"\bd\.?o\.?b\b|date of birth|birth ?da(?:te|y)|^born|born on",
    "nhs-number": r"\bnhs\b",
    "national-insurance": r"national insurance|\bni ?no\b|\bni ?num|\bnino\b",
    "email": r"\be-?mail",
    "phone": r"\b(?:tele)?phone|\bmobile|\bmob\b|\btel\b|contact num|contact no\b",
    "postcode": r"post ?code|\bpost ?cd\b",
    "address": r"\baddress|\bstreet\b|house num|\buprn\b|where.* lives? exactly",
    "name": (
        r"^(?:client|survivor|victim|resident|child|tenant|full|known as|first|fore|sur|last|family|maiden"
        r"|middle|perpetrator|mother|father|parent|partner|adult|user|service user|person)?(?:'?s)? ?"
        r"names?(?: of (?:client|survivor|victim|resident|child|perpetrator|adult|service user).*)?$"
        r"|\b(?:fore|sur|first|last|full|maiden|middle)[ -]?names?\b|\binitials?\b|\balias\b"
    ),
}
"""How the header of a column says that it holds an identifier, most telling first."""

_HEADERS: Final = {kind: re.compile(form) for kind, form in HEADERS.items()}
_STREETS: Final = (
    "street|road|avenue|lane|close|drive|crescent|terrace|gardens|grove|court|place|way|mews|walk|row|hill|rd"
)
_EMAIL: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[A-Za-z]{2,}")
_POSTCODE: Final = re.compile(
    r"\b(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[\dA-Z]? ?\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE
)
_INSURANCE: Final = re.compile(
    r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b", re.IGNORECASE
)
_TEN_DIGITS: Final = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_PHONE: Final = re.compile(
    r"(?<![\d.])(?:(?:\+|00)44 ?(?:\(0\) ?)?[1-9]|\(?0[1-9])(?:[ ()-]{0,2}\d){8,9}(?![\d.])"
    r"|(?<![\d.])7\d{9}(?![\d.])"
)
_ADDRESS: Final = re.compile(
    rf"\b\d{{1,4}}[a-z]?,? +(?:[a-z'’.-]+ +){{1,3}}(?:{_STREETS})\b"
    rf"|\b(?:flat|apartment) +\d{{1,4}}[a-z]?,? +[a-z0-9]",
    re.IGNORECASE,
)
_TITLED: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev)\.? +[A-Z]['’\w-]*")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BIRTH: Final = re.compile(
    r"\b(?:dob|d\.o\.b\.?|born)\b|\b(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:19\d\d|200\d|201[0-5])\b"
    r"|\b(?:19\d\d|200\d|201[0-5])-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Finding:
    """An identifier that was recognised: where, and of what kind, never what it is.

    Attributes
    ----------
    column
        Name of the column in the frame.
    kind
        One of `KINDS`.
    by
        ``header`` or ``content``.
    rows
        Labels of the rows it stands in: all that are filled, if the header says so.
    """

    column: str
    kind: str
    by: str
    rows: tuple[Any, ...]

    @property
    def problem(self) -> str:
        """The finding in words, without the value."""
        said = "its header says that it holds" if self.by == "header" else "it looks like"
        return f"{said} {KINDS[self.kind]}"

    @property
    def cure(self) -> str:
        """What to give instead."""
        return CURES[self.kind]


def find(frame: pd.DataFrame, headers: Mapping[str, str] | None = None) -> list[Finding]:
    """Return every identifier that headers or cells give away.

    Parameters
    ----------
    frame
        A table as it comes. Columns that are no text are judged by their headers alone.
    headers
        Header of each column as it stands in the workbook; the column's own name if it has none here.

    Returns
    -------
    list of Finding
        By column as in the frame, and by kind. Nothing that is found is in it.
    """
    named = dict(headers or {})
    found: list[Finding] = []
    for column in map(str, frame.columns):
        cells = frame[column]
        kind = of_header(named.get(column, column))
        if kind:
            found.append(Finding(column, kind, "header", tuple(cells.index[cells.notna()])))
        found.extend(_by_content(column, cells))
    return found


def _by_content(column: str, cells: pd.Series[Any]) -> list[Finding]:
    kinds = of_values(cells)
    return [
        Finding(column, kind, "content", tuple(kinds.index[kinds == kind]))
        for kind in KINDS
        if (kinds == kind).any()
    ]


def of_header(header: str) -> str:
    """Return the kind of identifier that a header announces, or ""."""
    plain = " ".join(re.sub(r"[_:*?()/]", " ", header.casefold()).split())
    return next((kind for kind, form in _HEADERS.items() if form.search(plain)), "")


def of_values(cells: pd.Series[Any]) -> pd.Series[str]:
    """Return the kind of identifier that each cell looks like, or "".

    A number is read as its digits, since a spreadsheet drops the nought of a telephone number. A date says
    nothing here: whether it is one of birth is told by the header.
    """
    if pd.api.types.is_datetime64_any_dtype(cells) or pd.api.types.is_bool_dtype(cells):
        return pd.Series("", index=cells.index, dtype="str")
    places, distinct = pd.factorize(cells.astype(object))
    kinds = pd.Series([*(of_text(_written(value)) for value in distinct), ""], dtype="str")
    return pd.Series(kinds.take(places).array, index=cells.index)


def _written(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def of_text(text: str) -> str:
    """Return the kind of identifier that a text looks like, or ""."""
    return next((kind for kind, told in _TELLERS.items() if told(text)), "")


def is_nhs_number(text: str) -> bool:
    """Return whether ten digits are an NHS number: weights 10 to 2, modulus 11, the tenth the check digit."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    if len(digits) != 10:
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == digits[9] and check != 10


def _has_nhs_number(text: str) -> bool:
    return any(is_nhs_number(match) and set(match) - {"0", " "} for match in _TEN_DIGITS.findall(text))


def _has_name(text: str) -> bool:
    """Return whether a text names somebody: a title and a name, two names, or one name alone."""
    if _TITLED.search(text):
        return True
    words = _WORD.findall(text)
    known = [word.casefold() in FORENAMES and word[0].isupper() for word in words]
    if len(words) == 1 or len(text) <= 20:
        return any(known) or (len(words) == 1 and text.strip().casefold() in FORENAMES)
    return any(here and (at + 1 < len(words) and words[at + 1][0].isupper()) for at, here in enumerate(known))


_TELLERS: Final[dict[str, Callable[[str], Any]]] = {
    "email": _EMAIL.search,
    "national-insurance": _INSURANCE.search,
    "postcode": _POSTCODE.search,
    "nhs-number": _has_nhs_number,
    "phone": _PHONE.search,
    "address": _ADDRESS.search,
    "date-of-birth": _BIRTH.search,
    "name": _has_name,
}
"""What tells each kind, most telling first."""


def age_on(births: pd.Series[Any], days: pd.Series[Any]) -> pd.Series[int]:
    """Return completed years of age on a day: what a date of birth may be turned into.

    Parameters
    ----------
    births, days
        Dates; of somebody born on 29 February the birthday is 1 March in other years, as English law has it.

    Returns
    -------
    Series of Int64 [years], missing where a date is missing or the day is before the birth.
    """
    before = (days.dt.month < births.dt.month) | (
        (days.dt.month == births.dt.month) & (days.dt.day < births.dt.day)
    )
    years: pd.Series[int] = (days.dt.year - births.dt.year - before).astype("Int64")
    return years.mask((years < 0) | births.isna() | days.isna())
