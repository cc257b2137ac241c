"""Keyed pseudonyms: a case reference goes in, and what comes out cannot be turned back without the key.

A pseudonym is the HMAC-SHA256 of the reference under a key derived from the key file, cut to 128 bits
(RFC 2104; NIST SP 800-107 allows the cut). Without the key nobody can compute it, not even by trying every
reference; with the same key it is the same in every file and month, so rows can be joined.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.records.fields import FieldSpec, TableSpec, blank, table
from analysis.records.keyfile import KeyFile

__all__ = ["KeyFile", "link", "pseudonym", "pseudonymise", "tidy"]

PUNCTUATION: Final = re.compile(r"[-‐-―−﹘﹣_/\\.\s]+")
SEPARATOR: Final = "\x1f"
DIGITS: Final = 32
"""Hexadecimal digits of a pseudonym."""


def tidy(reference: str) -> str:
    """Return a reference as it is compared: case, spaces, dashes, full stops and slashes do not tell.

    ``NDA-0412``, ``nda 0412`` and ``NDA–0412`` are one reference; what is left may be nothing.
    """
    plain = reference if reference.isascii() else unicodedata.normalize("NFKC", reference)
    return PUNCTUATION.sub("", plain).casefold()


def pseudonym(references: pd.Series[str], key: KeyFile, scope: str) -> pd.Series[str]:
    """Return the pseudonym of each reference; missing stays missing.

    Parameters
    ----------
    references
        As providers write them; compared as `tidy` makes them.
    scope
        What the references are of. The same reference in two scopes has two pseudonyms.
    """
    secret = hashlib.sha256(key.derive("pseudonym") + scope.encode()).digest()
    places, distinct = pd.factorize(references.astype(object))
    made = np.array([*(_digest(secret, str(text)) for text in distinct), None], dtype=object)
    return pd.Series(made[places], index=references.index, dtype="str", name=references.name)


def _digest(secret: bytes, reference: str) -> str | None:
    text = tidy(reference)
    return hmac.digest(secret, text.encode(), "sha256").hex()[:DIGITS] if text else None


def pseudonymise(frames: dict[str, pd.DataFrame], area: str, key: KeyFile) -> dict[str, pd.DataFrame]:
    """Return tables as they are kept: references replaced by pseudonyms, area added, people joined.

    Parameters
    ----------
    frames
        Tables as they come from providers, columns named by ``FieldSpec.input``. Absent optional columns
        count as blank; columns that no field declares are left out. The index is kept.
    area
        Slug of the authority.
    """
    return link({name: _kept(table(name), frame, area, key) for name, frame in frames.items()})


def _kept(spec: TableSpec, frame: pd.DataFrame, area: str, key: KeyFile) -> pd.DataFrame:
    columns = {field.field: _column(field, frame, area, key) for field in spec.fields}
    return pd.DataFrame(columns, index=frame.index)


def _column(field: FieldSpec, frame: pd.DataFrame, area: str, key: KeyFile) -> Any:
    if field.field == "area":
        return pd.Series(area, index=frame.index, dtype="str")
    if field.input not in frame.columns:
        return blank(field, frame.index)
    if field.type != "pseudonym":
        return frame[field.input].astype(field.dtype)  # type: ignore[call-overload]
    references = frame[field.input].astype("str")
    if field.field == "shared":
        return pseudonym(references, key, f"shared{SEPARATOR}{area}")
    return _by_provider(references, frame["provider"], key, f"{field.field}{SEPARATOR}{area}")


def _by_provider(
    references: pd.Series[str], providers: pd.Series[str], key: KeyFile, scope: str
) -> pd.Series[str]:
    """Return pseudonyms in a scope of each provider's own: two providers may use the same numbers."""
    made = np.full(len(references), None, dtype=object)
    for provider in sorted(providers.dropna().unique()):
        mine = (providers == provider).to_numpy(dtype=bool)
        made[mine] = pseudonym(references[mine], key, f"{scope}{SEPARATOR}{provider}").to_numpy(dtype=object)
    return pd.Series(made, index=references.index, dtype="str")


def link(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables with ``person`` worked out over all of them together.

    Rows of one case are one person, and so are all cases that any row gives the same shared reference for,
    at whichever provider and in whichever month it was given.
    """
    people = {name: frame for name, frame in frames.items() if table(name).person_level}
    shared = _shared_of_case(people)
    return {
        name: frame.assign(person=_person(frame, shared)) if name in people else frame
        for name, frame in frames.items()
    }


def _shared_of_case(people: dict[str, pd.DataFrame]) -> pd.Series[str]:
    """Return the shared reference of each case that has one; of several, the one given most often."""
    pairs = [frame.loc[frame["case"].notna() & frame["shared"].notna()] for frame in people.values()]
    if not pairs:
        return pd.Series(dtype="str")
    counted = pd.concat([pair[["case", "shared"]] for pair in pairs]).value_counts(sort=False).reset_index()
    ordered = counted.sort_values(["case", "count", "shared"], ascending=[True, False, True])
    return ordered.drop_duplicates("case").set_index("case")["shared"]


def _person(frame: pd.DataFrame, shared: pd.Series[str]) -> pd.Series[str]:
    found = frame["case"].map(shared).astype("str")
    return found.fillna(frame["shared"]).fillna(frame["case"]).astype("str")
