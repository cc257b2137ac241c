"""What a store must not give away, so that a text can be asked whether it does; nothing of it is ever shown.

The store holds no case reference, only its keyed pseudonym. Whoever has the key can still tell one: each
token of a text is given the pseudonym that it would have, at each provider, and looked up. So a reference is
recognised in a report although nobody kept it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

from analysis.records.fields import table, tables
from analysis.records.keyfile import KeyFile
from analysis.records.pseudonym import DIGITS, SEPARATOR, tidy
from analysis.records.store import SUPERSEDED, Store

PART: Final = 12
"""Digits of a pseudonym that give it away; by chance one text in a thousand million million has them."""
PASSAGE: Final = 5
"""Words of a survivor that follow one another as she wrote them."""
HEX: Final = re.compile(rf"[0-9a-f]{{{PART},}}", re.IGNORECASE)
WORD: Final = re.compile(r"[^\W_]+")
BETWEEN: Final = re.compile(r"[-‐-―−﹘﹣_/\\.\s]{1,3}")
"""What people write inside a reference, and what `analysis.records.pseudonym.tidy` leaves out."""
PARTS: Final = 4
"""Words of the longest reference."""
SHORTEST: Final = 4
"""Letters and digits of the shortest reference that is looked for; a shorter one is in every table."""
NUMBERS: Final = 6
"""Digits of the shortest reference made of digits alone."""
CODED: Final = ("unit", "service", "provider")
"""Codes of places and providers: looked for where they hold a digit, since others are words."""


class Telltales:
    """Answers whether a text gives away something of a store.

    Parameters
    ----------
    frames
        Kept tables by name, those of replaced rows among them.
    key
        The key that the pseudonyms were made with.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame], key: KeyFile) -> None:
        found = set(_values(frames, "pseudonym"))
        self._pseudonyms = frozenset(found)
        self._parts = frozenset(one[:PART] for one in found)
        self._scopes = [
            hashlib.sha256(key.derive("pseudonym") + scope.encode()).digest() for scope in _scopes(frames)
        ]
        codes = {str(one) for name in CODED for one in _column(frames, name)}
        self._codes = frozenset(tidy(code) for code in codes if any(letter.isdigit() for letter in code))
        self._digests = frozenset(one[:PART] for one in map(str, _column(frames, "source")))
        self._passages = frozenset(
            passage for text in _values(frames, "text") for passage in _passages(text, PASSAGE)
        )
        self._asked: dict[str, bool] = {}

    def __repr__(self) -> str:
        return "Telltales(…)"

    @classmethod
    def of(cls, store: Store, key: KeyFile) -> Telltales:
        """Return those of a store, replaced rows included."""
        return cls(store.read_all(), key)

    def told(self, text: str) -> list[str]:
        """Return the kinds of what a text gives away, in words of a message; never what it is."""
        kinds = {
            "a pseudonym": any(part in self._parts for part in _windows(text)),
            "the digest of a workbook": any(part in self._digests for part in _windows(text)),
            "a code of a unit, a service or a provider": any(one in self._codes for one in _tokens(text)),
            "a case reference": any(self._is_reference(one) for one in set(_tokens(text))),
            "words that a survivor wrote": any(one in self._passages for one in _passages(text, PASSAGE)),
        }
        return [kind for kind, told in kinds.items() if told]

    def _is_reference(self, plain: str) -> bool:
        """Whether a token has, at any provider, a pseudonym that the store holds."""
        if plain not in self._asked:
            made = (hmac.digest(scope, plain.encode(), "sha256").hex()[:DIGITS] for scope in self._scopes)
            self._asked[plain] = _telling(plain) and any(one in self._pseudonyms for one in made)
        return self._asked[plain]


def _telling(plain: str) -> bool:
    """Whether a token is long enough to be a reference: letters and digits, or many digits."""
    digits = sum(letter.isdigit() for letter in plain)
    return (len(plain) >= SHORTEST and 0 < digits < len(plain)) or digits >= NUMBERS


def _tokens(text: str) -> Iterator[str]:
    """Yield every run of one to four words of a text, written as one reference, as they are compared."""
    words = list(WORD.finditer(text))
    for start, first in enumerate(words):
        token, end = first.group(), first.end()
        yield tidy(token)
        for word in words[start + 1 : start + PARTS]:
            if not BETWEEN.fullmatch(text, end, word.start()):
                break
            token, end = token + word.group(), word.end()
            yield tidy(token)


def _windows(text: str) -> Iterator[str]:
    for match in HEX.finditer(text):
        digits = match.group().casefold()
        yield from (digits[at : at + PART] for at in range(len(digits) - PART + 1))


def _passages(text: str, length: int) -> Iterator[str]:
    words = [word.casefold() for word in WORD.findall(text)]
    yield from (" ".join(words[at : at + length]) for at in range(len(words) - length + 1))


def _plain(name: str) -> str:
    return name.removeprefix(SUPERSEDED)


def _values(frames: Mapping[str, pd.DataFrame], kind: str) -> Iterable[str]:
    """Return every value in columns of a type."""
    return [
        str(value)
        for name, frame in frames.items()
        for column in table(_plain(name)).of_type(kind)
        if column in frame
        for value in frame[column].dropna().unique()
    ]


def _column(frames: Mapping[str, pd.DataFrame], column: str) -> list[Any]:
    """Return every value of a column, in whichever tables have it."""
    return [
        value for frame in frames.values() if column in frame for value in frame[column].dropna().unique()
    ]


def _scopes(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the scopes that references have pseudonyms in: by field, area and provider."""
    areas = sorted(set(map(str, _column(frames, "area"))))
    providers = sorted(set(map(str, _column(frames, "provider"))))
    fields = {field for spec in tables().values() for field in spec.of_type("pseudonym")} - {
        "person",
        "shared",
    }
    own = [
        SEPARATOR.join((field, area, provider))
        for field in sorted(fields)
        for area in areas
        for provider in providers
    ]
    return [*own, *(SEPARATOR.join(("shared", area)) for area in areas)]
