"""Direct identifiers: recognised by the header of a column and by what stands in its cells.

What is found is turned into what is allowed (a date of birth into an age) or refused; it is never stored,
logged or repeated in a message. What tells an identifier in a text is in `analysis.records.recognisers`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from analysis.records.recognisers import KINDS, is_nhs_number, of_text

__all__ = [
    "CURES",
    "HEADERS",
    "KINDS",
    "Finding",
    "age_on",
    "find",
    "is_nhs_number",
    "of_header",
    "of_text",
    "of_values",
]

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
