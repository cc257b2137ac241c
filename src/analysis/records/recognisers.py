"""What tells an identifier in a text: words and patterns alone, so that both sides may look with them.

The checks are wide on purpose: a cell that only looks like a telephone number costs a question, one that is
kept may cost a life. NHS numbers are told by their check digit (NHS Data Dictionary, NHS NUMBER: modulus 11),
National Insurance numbers by the prefixes that HMRC uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

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
    r"(?<![\d.])(?:(?:\+|00)44 ?(?:\(0\) ?)?[1-9]|\(?0[1-9])(?:[ ()-]{0,2}\d){8,9}(?!\d|\.\d)"
    r"|(?<![\d.])7\d{9}(?!\d|\.\d)"
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


def spans(text: str) -> Iterator[tuple[str, str]]:
    """Yield ``(kind, what stands there)`` for every identifier in running text.

    A page is longer than a cell: here a forename alone is nobody unless it is all there is, and what is
    found is told apart, so that the name of an author whom a published source cites can be let pass.
    """
    for kind, pattern in _IN_PROSE.items():
        for match in pattern.finditer(text):
            if kind != "nhs-number" or _has_nhs_number(match.group()):
                yield kind, match.group()
    yield from (("name", name) for name in _names(text))


def _names(text: str) -> Iterator[str]:
    """Yield a forename with the name that follows it, or a forename that stands by itself."""
    if text.strip().casefold() in FORENAMES:
        yield text.strip()
    for match in _FULL_NAME.finditer(text):
        if match[2].casefold() in FORENAMES:
            yield match[1]


_FULL_NAME: Final = re.compile(r"\b(?=(([A-Z][A-Za-z]+) (?:[A-Z]\. ?)?[A-Z][\w'’-]*[A-Za-z]\b))")
_NAMED_STREETS: Final = "|".join(map(str.capitalize, _STREETS.split("|")))
_ADDRESS_IN_PROSE: Final = re.compile(
    rf"\b\d{{1,4}}[A-Za-z]?,? (?:[A-Z][\w'’.-]* ){{1,3}}(?:{_NAMED_STREETS})\b"
    r"|\b(?:Flat|Apartment|flat|apartment) \d{1,4}[A-Za-z]?,? (?:[A-Z]|\d)"
)
_IN_PROSE: Final = {
    "email": _EMAIL,
    "national-insurance": _INSURANCE,
    "postcode": _POSTCODE,
    "nhs-number": _TEN_DIGITS,
    "phone": _PHONE,
    "address": _ADDRESS_IN_PROSE,
    "date-of-birth": _BIRTH,
    "name": _TITLED,
}
