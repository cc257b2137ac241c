"""A text is asked whether it gives something of a store away; the answer is a kind, never a value."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.records.keyfile import KeyFile
from analysis.records.pseudonym import pseudonymise
from analysis.records.telltales import PART, Telltales

KEY = KeyFile(Path("key"), b"not a secret, and long enough!!!")
WORDS = "nobody told me that there was a room for my son"
FRAMES = pseudonymise(
    {
        "referrals": pd.DataFrame(
            {
                "provider": ["north", "south", "south"],
                "case_reference": ["NDA-0412", "77", "400417"],
                "shared_reference": [None, "SH/9-1", None],
            }
        ),
        "stays": pd.DataFrame({"provider": ["north"], "case_reference": ["NDA-0412"], "unit": ["NR-03"]}),
        "feedback": pd.DataFrame({"provider": ["north"], "case_reference": ["x1"], "words": [WORDS]}),
    },
    "norfolk",
    KEY,
)
TELLTALES = Telltales(FRAMES, KEY)
PSEUDONYM = str(FRAMES["referrals"]["case"].iloc[0])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PSEUDONYM, "a pseudonym"),
        (PSEUDONYM.upper(), "a pseudonym"),
        (PSEUDONYM[:PART], "a pseudonym"),
        (f"ab12{PSEUDONYM}", "a pseudonym"),
        ("as in NDA-0412, for example", "a case reference"),
        ("nda 0412", "a case reference"),
        ("NDA–04/12", "a case reference"),
        ("number 400417", "a case reference"),
        ("shared as sh 9 1", "a case reference"),
        ("in unit nr03", "a code of a unit, a service or a provider"),
        ("She wrote: THERE was a room for, and more", "words that a survivor wrote"),
    ],
)
def test_what_the_store_holds_is_told_in_whatever_form(text: str, kind: str) -> None:
    """Case, dashes and what stands around do not hide it; a reference is told though it is not kept."""
    assert kind in TELLTALES.told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Of 248 referrals, 77 were accepted in 2022-23.",
        "north and south",
        "NDA-0413",
        PSEUDONYM[: PART - 1],
        "a room for my daughter",
        "0" * 64,
        "",
    ],
)
def test_plain_texts_give_nothing_away(text: str) -> None:
    """Counts, words, other references and other digests are nobody's."""
    assert TELLTALES.told(text) == []


def test_another_key_recognises_no_reference() -> None:
    """Whoever has not the key of the store learns nothing by asking."""
    other = Telltales(FRAMES, KeyFile(Path("key"), b"another one that is long enough!"))
    assert other.told("NDA-0412") == []


def test_nothing_of_it_is_shown() -> None:
    """Neither its representation nor an answer holds a value."""
    said = f"{TELLTALES!r} {TELLTALES.told(f'{PSEUDONYM} NDA-0412 NR-03 {WORDS}')}"
    assert not [value for value in (PSEUDONYM, "NDA", "NR-03", "room") if value in said]
