"""Leaks in words: identifiers, secrets of the store, codes, letters nobody sees, hints."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from building import Planted
from leak import BORN, EMAIL, NAME, NHS, PHONE, POSTCODE, Leak
from planting import add_column, edit_cell, edit_payload, retable, reword
from secrets_of_a_store import PSEUDONYM, REFERENCE, UNIT, WORDS

Plant = Callable[[Planted], None]


def says(words: str, field: str = "text", key: str = "outcomes.1") -> Plant:
    """Return what adds words to a finding about records."""
    return lambda run: reword(run, "finding", key, field, lambda text: f"{text} {words}")


def captions(words: str) -> Plant:
    """Return what adds words to the title of a figure."""
    return lambda run: reword(run, "figure", "outcomes", "title", lambda text: f"{text} {words}")


def alt(words: str) -> Plant:
    """Return what adds words to the alt text of a figure."""
    return lambda run: reword(run, "figure", "outcomes", "alt", lambda text: f"{text} {words}")


def noted(words: str) -> Plant:
    """Return what puts words into the citation of a source."""

    def plant(run: Planted) -> None:
        edit_payload(run, "table", "waits", lambda said: said["provenance"]["footnotes"].append(words))

    return plant


def escaped(text: str) -> str:
    """Return letters as JSON escapes, twice over."""
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def b64(content: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(content).decode()


def spaced(text: str) -> str:
    """Return a text with a zero-width space after each letter."""
    return "\u200b".join(text)


IDENTIFIERS = [
    Leak("name of a survivor in alt text", alt(f"The last was {NAME}."), ("identifier",)),
    Leak("name of a survivor in a sentence", says(f"One was {NAME}."), ("identifier",)),
    Leak("name of a survivor in a title", captions(f"and {NAME} too"), ("identifier",)),
    Leak("name of a survivor in a footnote", noted(f"As {NAME} said."), ("identifier",)),
    Leak("date of birth", says(f"She was born {BORN}."), ("identifier",)),
    Leak("postcode", says(f"Near {POSTCODE}."), ("identifier",)),
    Leak("NHS number", says(f"See {NHS}."), ("identifier",)),
    Leak("telephone number", says(f"Ring {PHONE}."), ("identifier",)),
    Leak("e-mail address", says(f"Write to {EMAIL}."), ("identifier",)),
    Leak("address of a refuge", says("It is at 12 Rose Lane."), ("identifier",)),
    Leak("name in full-width letters", says("Ｍｅｇａｎ Ｅｖａｎｓ"), ("identifier",)),
    Leak(
        "name in a tag of a cell",
        lambda run: edit_cell(run, lambda c: c["metadata"].update(tags=[NAME])),
        ("notebook-metadata", "identifier"),
    ),
]

SECRETS = [
    Leak("pseudonym in a sentence", says(f"Of {PSEUDONYM}."), ("secret",)),
    Leak("first digits of a pseudonym", says(f"Of {PSEUDONYM[:14]}."), ("secret",)),
    Leak("pseudonym in capitals", says(f"Of {PSEUDONYM.upper()}."), ("secret",)),
    Leak("pseudonym in base64", says(b64(PSEUDONYM.encode())), ("secret",)),
    Leak("pseudonym read backwards", says(PSEUDONYM[::-1]), ("secret",)),
    Leak("pseudonym in JSON escapes", says(escaped(PSEUDONYM)), ("secret",)),
    Leak("pseudonym inside another digest", says(f"a1b2{PSEUDONYM}c3d4"), ("secret",)),
    Leak("case reference", says(f"As with {REFERENCE}."), ("secret",)),
    Leak("case reference written otherwise", says("As with nda 04 12."), ("secret",)),
    Leak("case reference in alt text", alt(f"Not {REFERENCE}."), ("secret",)),
    Leak("code of a unit", says(f"In {UNIT.lower()}."), ("secret",)),
    Leak("words that a survivor wrote", says(f"One said {WORDS.upper()}."), ("secret",)),
]

CODES = [
    Leak("base64 blob", says(b64(f"{NAME} {BORN}".encode())), ("encoded",)),
    Leak("base64 of base64", says(b64(b64(f"{NAME} {BORN}".encode()).encode())), ("encoded",)),
    Leak("base64 of UTF-16", says(b64(NAME.encode("utf-16-le"))), ("encoded",)),
    Leak("base64 of compressed text", says(b64(gzip.compress(NAME.encode(), mtime=0))), ("encoded",)),
    Leak("base32 blob", says(base64.b32encode(NAME.encode()).decode()), ("encoded",)),
    Leak("hexadecimal blob", says(NAME.encode().hex()), ("encoded",)),
    Leak("letters as numbers", says(" ".join(str(ord(letter)) for letter in NAME)), ("encoded",)),
    Leak("percent signs", says(quote(NAME).replace("e", "%65")), ("identifier",)),
    Leak("escapes of letters", says(escaped(NAME)), ("identifier",)),
    Leak("entities of entities", says("&#77;egan &#69;vans"), ("identifier",)),
    Leak("zero-width characters", says(spaced("sure")), ("invisible",)),
    Leak("name with zero-width characters", says(spaced(NAME)), ("identifier",)),
    Leak("bits as zero-width characters", says("sure\u200b\u200c\u200c\u200b"), ("invisible",)),
    Leak("bits as kinds of space", says("This\u2009is\u00a0so."), ("invisible",)),
    Leak("bits as spaces in a row", says("This  is so."), ("invisible", "output-words")),
    Leak("bits as spaces at the end", says("This is so. "), ("invisible", "output-words")),
    Leak("text that runs the other way", says("\u202eThis is so.\u202c"), ("invisible",)),
    Leak("tag characters", says("".join(chr(0xE0000 + ord(letter)) for letter in NAME)), ("invisible",)),
    Leak("selectors of variants", says("This\ufe01 is so."), ("invisible",)),
    Leak("combining marks", says("Thi\u0323\u0301s is so."), ("invisible",)),
]


def remarked(*words: str) -> Plant:
    """Return what puts a remark beside each row of a table."""

    def change(said: dict[str, Any]) -> None:
        add_column(said, "note", "What to know", list(words), list(words), kind="text")

    return lambda run: retable(run, "outcomes.shares", change)


HINTS = [
    Leak("sentence: only two", says("Only two men were declined."), ("wording",)),
    Leak("sentence: a handful", says("A handful of men were declined."), ("wording",)),
    Leak("sentence: fewer than five", says("Fewer than five men were declined."), ("wording",)),
    Leak("sentence: a couple", says("A couple of men were declined."), ("wording",)),
    Leak("sentence: just one", says("It was just one in the year."), ("wording",)),
    Leak("sentence: a single man", says("A single man was declined."), ("wording",)),
    Leak("sentence: a few", says("A few of them left."), ("wording",)),
    Leak("sentence: nobody", says("Nobody withdrew."), ("wording",)),
    Leak("sentence: none of so many", says("None of 12 women withdrew."), ("wording",)),
    Leak("sentence: none of so many, of whom it is not said", says("None of 12 withdrew."), ("wording",)),
    Leak("sentence: four men", says("In all four men were declined."), ("wording",)),
    Leak("sentence: all but three", says("All but three were women."), ("wording",)),
    Leak("sentence: why it is hidden", says("It is hidden because they are so rare."), ("wording",)),
    Leak("hint in the uncertainty", says("It rests on very small numbers.", "uncertainty"), ("wording",)),
    Leak("hint in a remark of a row", remarked("–", "Only two were men.", "–"), ("wording",)),
    Leak("hint in alt text", alt("Only three withdrew."), ("wording",)),
    Leak(
        "hint in an absence",
        lambda run: reword(run, "absence", "waits.cause", "why", lambda text: f"{text} Only two men waited."),
        ("wording",),
    ),
]
LEAKS = [*IDENTIFIERS, *SECRETS, *CODES, *HINTS]
