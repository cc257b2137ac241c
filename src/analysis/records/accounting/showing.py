"""Which values of a refused row may be shown in a refusal workbook: codes, numbers and dates, nothing free.

A wrong code is shown if it is made of words that the code lists know, or nearly: ``Femal``, ``too far``.
Anything else might be a name, and the sheet, row and column say where to find it.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from functools import cache, lru_cache
from typing import Final

from analysis.records.fields import FieldSpec, tables
from analysis.records.identifiers import KINDS
from analysis.records.reading import screening, values
from analysis.records.reading.workbook import Cell, Lost

NOT_SHOWN: Final = "[not shown]"
REMOVED: Final = "[removed: looks like {}]"
MAX_WORDS: Final = 8
_DIGITS: Final = re.compile(r"[£=@+-]*[\d/.,:+*() -]{1,20}%?")
_DAY_WORDS: Final = re.compile(r"[\d/.,: -]{0,12}(?:st|nd|rd|th)?[ -]*([a-z]{3,9})[\d/.,: '-]{0,12}")
_WORD: Final = re.compile(r"[a-z]+")


def shown(cell: Cell, one: FieldSpec) -> str | int | float:
    """Return what a refusal workbook shows of a cell.

    Parameters
    ----------
    cell
        As it stands in the provider's workbook.
    one
        The field it was read for.
    """
    if values.is_blank(cell) or isinstance(cell, Lost):
        return str(cell).strip()
    if one.type in {"pseudonym", "text", "id"} and one.given == "row":
        return NOT_SHOWN
    if isinstance(cell, (bool, dt.date, dt.time, dt.timedelta)):
        return cell.strftime("%d/%m/%Y") if isinstance(cell, dt.date) else str(cell)
    text = values.plain(cell)
    kind = screening.kind_of(text)
    if kind:
        return REMOVED.format(KINDS[kind])
    if isinstance(cell, (int, float)):
        return cell if abs(cell) < 1_000_000 else NOT_SHOWN
    return text if _is_plain(text) else NOT_SHOWN


def _is_plain(text: str) -> bool:
    """Return whether a text is a number, a date, or made of words that the lists know."""
    lowered = text.casefold()
    if _DIGITS.fullmatch(lowered):
        return sum(letter.isdigit() for letter in lowered) <= 8
    named = _DAY_WORDS.fullmatch(lowered)
    if named and values.month_number(named[1]):
        return True
    words = _WORD.findall(lowered)
    return 0 < len(words) <= MAX_WORDS and len(re.findall(r"\d", lowered)) <= 4 and all(map(_known, words))


@cache
def _vocabulary() -> frozenset[str]:
    """Return every word of the code lists' codes and labels."""
    specs = [one for spec in tables().values() for one in spec.inputs]
    texts = [text for one in specs for text in (*one.codes, *one.labels)]
    return frozenset(word for text in texts for word in _WORD.findall(text.casefold()))


@lru_cache(maxsize=10_000)
def _known(word: str) -> bool:
    if word in _vocabulary() or len(word) == 1:
        return True
    return len(word) >= 4 and bool(difflib.get_close_matches(word, _vocabulary(), n=1, cutoff=0.8))
