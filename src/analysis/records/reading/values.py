"""Values as people type them, read as the field's type: British dates, Excel serials, Y/N, labels for codes.

Nothing is guessed. A value is read if it can mean one thing only; if not, the answer is a `Problem` that
says what is wrong and what to write, and never repeats the value.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from analysis.errors import did_you_mean
from analysis.records.fields import FieldSpec
from analysis.records.reading.workbook import Cell, Lost

Value = str | int | float | dt.date | None
"""A value as kept; None for a blank."""

LONGEST: Final = 2_000
"""The most characters of a cell that is read."""
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EPOCH: Final = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
"""Day 0 of the two date systems of spreadsheets."""
FIRST_SERIAL, LAST_SERIAL = 10_000, 80_000
"""Numbers that a date column may hold as dates: from 1927 to 2119 [days]."""

_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣-⁃"), "-")
_QUOTES: Final = {**dict.fromkeys(map(ord, "‘’‛ʼ′`´"), "'"), **dict.fromkeys(map(ord, "“”″"), '"')}
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"), None)
_SEEMING: Final = {**_DASHES, **_QUOTES, **_UNSEEN}
_EMPTY: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f \t\r\n\x0b\x0c\u00a0\u2007\u202f\u3000"
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_PLUS: Final = re.compile(r"(\d+) ?\+")
MEMO: Final = 5_000
"""Cells that a `Memo` keeps."""
CACHED: Final = 80
"""The longest text whose `slug` is remembered [characters]."""
_BLANKS: Final = frozenset({"", "-", "--", "---", "n/a", "na", "not applicable", "."})
_UNKNOWNS: Final = {
    "nk": "not-known",
    "n/k": "not-known",
    "dk": "not-known",
    "unknown": "not-known",
    "don't know": "not-known",
    "did not know": "not-known",
    "unasked": "not-asked",
    "did not ask": "not-asked",
    "pnts": "prefer-not-to-say",
    "prefers not to say": "prefer-not-to-say",
    "preferred not to say": "prefer-not-to-say",
    "prefer not to answer": "prefer-not-to-say",
    "prefer not to disclose": "prefer-not-to-say",
    "nr": "not-recorded",
    "n/r": "not-recorded",
    "unrecorded": "not-recorded",
    "missing": "not-recorded",
}
_YES_NO: Final = {
    **dict.fromkeys(("y", "yes", "true", "1", "✓", "✔", "☑"), "yes"),
    **dict.fromkeys(("n", "no", "false", "0", "✗", "✘", "☐"), "no"),
}
_OWN: Final = {"sex": {"f": "female", "m": "male"}}
"""Short forms that one list alone understands."""

_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
_NAMED: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -/]*(?:of )?([a-z]{3,9})\.?[ ,-/]*(\d{4}|\d{2})")
_WEEKDAY: Final = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? ")
_CLOCK: Final = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m|z|\+00:00)?$")
_MONTH_NAMED: Final = re.compile(r"([a-z]{3,9})\.?[ '/-]*(\d{4}|\d{2})")
_MONTH_YEAR_FIRST: Final = re.compile(r"(\d{4})[/. -]?(\d{2})")
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})[/. -](\d{4})")
_NUMBER: Final = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


@dataclass(frozen=True)
class Problem:
    """Why a value was not read: the rule it breaks, in one sentence, and what to write instead."""

    rule: str
    problem: str
    cure: str


def plain(cell: Cell) -> str:
    """Return a cell as one line of text: no look-alike dashes, quotes or spaces, none at the ends."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    text = unicodedata.normalize("NFKC", text.translate(_SEEMING)).translate(_SEEMING)
    return " ".join(text.split())


def is_blank(cell: Cell) -> bool:
    """Return whether a cell holds nothing that can be seen."""
    if not isinstance(cell, str):
        return False
    return not cell or (not cell.strip(_EMPTY) and not isinstance(cell, Lost))


def slug(text: str) -> str:
    """Return text as words joined by hyphens, for comparing: ``King’s Lynn & Co`` → ``kings-lynn-and-co``."""
    return _short_slug(text) if len(text) <= CACHED else _slug(text)


def _slug(text: str) -> str:
    lowered = plain(text).casefold().replace("&", " and ").replace("'", "")
    return _NOT_WORD.sub("-", _PLUS.sub(r"\1 and over", lowered)).strip("-")


_short_slug = lru_cache(maxsize=20_000)(_slug)


def read(
    cell: Cell, spec: FieldSpec, *, since_1904: bool = False, own: Mapping[str, str] | None = None
) -> Value | Problem:
    """Read one cell as one field.

    Parameters
    ----------
    cell
        As it stands in the sheet.
    spec
        The field it is read for.
    since_1904
        Whether plain numbers that are dates count from 1904.
    own
        What a provider writes, as `slug`, to the code it means.

    Returns
    -------
    The value as kept (dates and months as ``datetime.date``, codes as codes), None for a blank, or a
    `Problem`.
    """
    if isinstance(cell, Lost):
        return Problem(
            "lost-value", f"the cell holds {_lost(cell)}", "Calculate it again, or type the value."
        )
    if isinstance(cell, str) and len(cell) > LONGEST:
        return Problem("too-long", f"the cell has more than {LONGEST:,} characters", "Write the value alone.")
    text = plain(cell)
    if text.casefold() in _BLANKS and not (own and slug(text) in own):
        return None
    if spec.type in {"date", "month"}:
        return (_date if spec.type == "date" else _month)(cell, text, since_1904)
    if spec.codes:
        return _code(cell, text, spec, own or {})
    return (_number if spec.type in {"integer", "number"} else _words)(cell, text, spec)


class Memo(dict[Cell, Value | Problem]):
    """What cells of a column mean, each read once; truth values are not looked up: they equal 0 and 1.

    Parameters
    ----------
    spec, since_1904, own
        As in `read`.
    """

    def __init__(self, spec: FieldSpec, since_1904: bool, own: Mapping[str, str]) -> None:
        super().__init__()
        self._spec, self._since_1904, self._own = spec, since_1904, own

    def __missing__(self, cell: Cell) -> Value | Problem:
        if len(self) > MEMO:
            self.clear()
        value = self[cell] = self.read(cell)
        return value

    def read(self, cell: Cell) -> Value | Problem:
        """Read a cell without remembering it."""
        return read(cell, self._spec, since_1904=self._since_1904, own=self._own)


def _lost(cell: Lost) -> str:
    return "the error value of a formula" if cell.startswith("#") else str(cell)


def _words(cell: Cell, text: str, spec: FieldSpec) -> Value | Problem:
    if isinstance(cell, (bool, dt.date, dt.time, dt.timedelta)):
        return Problem(
            "not-text",
            "the cell holds a date or a truth value",
            "Format the column as text and type it again.",
        )
    if spec.type == "pseudonym":
        return text.upper()
    if spec.type == "id":
        return _name(text, spec)
    return text


def _name(text: str, spec: FieldSpec) -> Value | Problem:
    """Return a short name: of a provider or service as `slug`, of a unit as it is written."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 '&._()/-]{0,59}", text) or ".." in text:
        return Problem("not-a-name", "is not a short name", "Use at most 60 letters, digits and hyphens.")
    return re.sub(r"[^A-Z0-9]+", "-", text.upper()).strip("-") if spec.field == "unit" else slug(text)


# Dates ------------------------------------------------------------------------------------------------


def _date(cell: Cell, text: str, since_1904: bool) -> Value | Problem:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, (bool, dt.time, dt.timedelta)):
        return Problem("not-a-date", "is a time or a truth value, not a date", "Write day/month/year.")
    return _serial(text, since_1904) or _spoken(text)


def _serial(text: str, since_1904: bool) -> dt.date | None:
    """Return the date that a plain number stands for, or None if it cannot be one."""
    if not re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return None
    days = int(float(text))
    return EPOCH[since_1904] + dt.timedelta(days) if FIRST_SERIAL <= days <= LAST_SERIAL else None


def _spoken(text: str) -> dt.date | Problem:
    """Read a date as text, the day before the month."""
    lowered = _CLOCK.sub("", _WEEKDAY.sub("", text.casefold()))
    if found := _YEAR_FIRST.fullmatch(lowered):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(lowered):
        return _day(_year(found[3]), int(found[2]), int(found[1]))
    found = _NAMED.fullmatch(lowered)
    if found and (month := month_number(found[2])):
        return _day(_year(found[3]), month, int(found[1]))
    return Problem("not-a-date", "is not a date", "Write day/month/year: 14/04/2022.")


def _day(year: int, month: int, day: int) -> dt.date | Problem:
    try:
        return dt.date(year, month, day)
    except ValueError:
        american = month > 12 >= day
        cure = "Write the day before the month: 14/04/2022." if american else "Check the day and the month."
        return Problem("no-such-day", "is not a day of the calendar", cure)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def month_number(name: str) -> int:
    """Return 1 to 12 for a month's name or its first letters, 0 if it is none."""
    names = dict(zip(MONTHS, range(1, 13), strict=True))
    number = names.get(name[:3], 0)
    full = dt.date(2000, number or 1, 1).strftime("%B").casefold()
    return number if number and (full.startswith(name) or name == "sept") else 0


def month_of(text: str) -> dt.date | None:
    """Return the first day of a month given as text: ``April 2022``, ``Apr-22``, ``2022-04``, ``04/2022``."""
    lowered = plain(text).casefold()
    if found := _MONTH_YEAR_FIRST.fullmatch(lowered):
        return _first(int(found[1]), int(found[2]))
    if found := _MONTH_FIRST.fullmatch(lowered):
        return _first(int(found[2]), int(found[1]))
    found = _MONTH_NAMED.fullmatch(lowered)
    return _first(_year(found[2]), month_number(found[1])) if found else None


def _first(year: int, month: int) -> dt.date | None:
    return dt.date(year, month, 1) if 1990 <= year <= 2100 and 1 <= month <= 12 else None


def _month(cell: Cell, text: str, since_1904: bool) -> Value | Problem:
    known = None if isinstance(cell, (dt.date, dt.time, bool)) else month_of(text)
    if known:
        return known
    day = _date(cell, text, since_1904)
    if isinstance(day, dt.date):
        return day.replace(day=1)
    return Problem("not-a-month", "is not a month", "Write year and month: 2022-04, or April 2022.")


# Numbers and codes -------------------------------------------------------------------------------------


def _number(cell: Cell, text: str, spec: FieldSpec) -> Value | Problem:
    if isinstance(cell, (bool, dt.date, dt.time, dt.timedelta)):
        cure = "Format the column as a number and type it again."
        return Problem("not-a-number", "is a date, a time or a truth value, not a number", cure)
    digits = text.removeprefix("£").strip() if spec.unit == "gbp" else text
    if isinstance(cell, str) and not _NUMBER.fullmatch(digits):
        return Problem("not-a-number", "is not a number", "Write digits, with a full stop for decimals.")
    number = float(digits.replace(",", ""))
    if not math.isfinite(number):
        return Problem("not-a-number", "is not a number", "Write digits alone.")
    if spec.type == "number":
        return number
    if not number.is_integer():
        return Problem("not-whole", "is not a whole number", "Write a whole number.")
    return int(number)


def _code(cell: Cell, text: str, spec: FieldSpec, own: Mapping[str, str]) -> Value | Problem:
    meant = _meanings(spec)
    for given in _as_typed(cell, text):
        found = own.get(given) or meant.get(given)
        if found:
            return found
    return _no_code(slug(text), spec)


def _as_typed(cell: Cell, text: str) -> tuple[str, ...]:
    """Return what was typed, as `slug`; ``5-10`` and ``11-16`` become dates when typed into a spreadsheet."""
    if isinstance(cell, bool):
        return ("true" if cell else "false",)
    if isinstance(cell, dt.date):
        ranges = [f"{cell.day}-{cell.month}"]
        ranges += [f"{cell.month}-{cell.year % 100}"] if cell.day == 1 else []
        return tuple(ranges)
    return (slug(text) or text.casefold(),)


def _meanings(spec: FieldSpec) -> dict[str, str]:
    """Return every way to write each code, as `slug`; one that two codes share means neither."""
    return _ways(spec.codes, spec.labels, spec.type, spec.code_list, spec.unknown)


@lru_cache(maxsize=512)
def _ways(
    codes: tuple[str, ...], labels: tuple[str, ...], kind: str, code_list: str, unknown: bool
) -> dict[str, str]:
    found: dict[str, str | None] = {}
    for code, label in zip(codes, labels, strict=True):
        for words in {label, label.partition(":")[0], label.partition(" (")[0]}:
            key = slug(words)
            found[key] = code if found.get(key, code) == code else None
    found |= {slug(code): code for code in codes}
    extra = {**(_UNKNOWNS if unknown else {}), **(_YES_NO if kind == "yes_no_unknown" else {})}
    extra |= _OWN.get(code_list, {})
    for words, code in extra.items():
        found.setdefault(slug(words) or words, code)
    return {key: code for key, code in found.items() if key and code}


def _no_code(given: str, spec: FieldSpec) -> Problem:
    yes_or_no = spec.type == "yes_no_unknown"
    what = "is neither yes, no nor a kind of unknown" if yes_or_no else "is not in the list"
    near = did_you_mean(given, _meanings(spec))
    shown = ", ".join(spec.codes[:12]) + (", …" if len(spec.codes) > 12 else "")
    return Problem("not-in-list", what, f"{near} Write one of: {shown}.".strip())
