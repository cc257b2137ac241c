"""Two runs of one report on two data sets that differ only in what may not be seen: every byte must agree.

A scanner knows the leaks that somebody thought of. If two runs whose data agree on everything publishable,
and differ in every hidden number, identifier and order of rows, leave the same bytes, then nothing hidden is
in them, whatever the form. What differs is said by its place, never by its content.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from analysis.gate import scan_png
from analysis.gate.refusal import GUARDED
from analysis.gate.subject import FOLDERS, STANDING
from analysis.record import DISCLOSURE_FILE, RUN_FILE, canonical_json

TIMES: Final = ("started", "seconds")
"""What two runs of one thing may differ in."""
MOST: Final = 20
"""Differences that are told of one file."""

Json = dict[str, Any]


@dataclass(frozen=True, order=True)
class Difference:
    """One place where two runs are not the same.

    Attributes
    ----------
    file
        The file, if both runs have it or any run may; else where it lies.
    where
        The place in it.
    """

    file: str
    where: str

    def __str__(self) -> str:
        return f"{self.file}: {self.where}"


def compare(one: Path, other: Path) -> list[Difference]:
    """Return where two runs differ; an empty list means that nothing of what they hide can be seen.

    Parameters
    ----------
    one, other
        Folders of two finished runs. Left out are their times, the fingerprints of the records they read, and
        the digests of files, since the files themselves are compared.
    """
    return sorted(_differences(one, other))


def _differences(one: Path, other: Path) -> Iterator[Difference]:
    files, others = _files(one), _files(other)
    for name in sorted(set(files) ^ set(others)):
        yield Difference(_said(name), "one run has a file that the other has not")
    for name in sorted(set(files) & set(others)):
        pair = _masked(name, files[name]), _masked(name, others[name])
        if pair[0] != pair[1]:
            yield from (Difference(name, where) for where in _places(name, *pair))


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _said(name: str) -> str:
    place = Path(name).parts[0] if len(Path(name).parts) > 1 else ""
    return name if name in STANDING else f"in {place}" if place in FOLDERS else "beside run.json"


def _masked(name: str, content: bytes) -> bytes:
    """Return a file without what two runs may differ in."""
    try:
        if name == RUN_FILE:
            return canonical_json(_record(json.loads(content))).encode()
        if name == DISCLOSURE_FILE:
            return canonical_json(_handover(json.loads(content))).encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        return content
    return content


def _record(record: Json) -> Json:
    """Return a record without times, fingerprints of records, and digests of files, which are compared."""
    kept = {name: value for name, value in record.items() if name not in TIMES}
    kept["inputs"] = [
        {**row, "sha256": ""} if row["tier"] in GUARDED else row for row in record.get("inputs", [])
    ]
    kept["outputs"] = sorted(record.get("outputs", {}))
    return kept


def _handover(body: Json) -> Json:
    told = {name: [{**one, "data": ""} for one in body.get(name, [])] for name in ("published", "from_rows")}
    return {**body, **told}


# -- places -------------------------------------------------------------------------------------------


def _places(name: str, one: bytes, other: bytes) -> list[str]:
    """Return where two files of one name differ, as many places as can be told."""
    kind = Path(name).suffix
    found: list[str] = []
    if kind in {".json", ".ipynb"}:
        found = _in_json(one, other)
    elif kind == ".csv":
        found = _in_table(one, other)
    elif kind == ".png":
        found = _in_image(one, other)
    if not found:
        found = _in_lines(one, other)
    more = [f"and {len(found) - MOST} places more"] if len(found) > MOST else []
    return found[:MOST] + more


def _in_json(one: bytes, other: bytes) -> list[str]:
    try:
        pair = json.loads(one), json.loads(other)
    except ValueError:
        return []
    return list(_in_values(*pair, "")) or ["it says the same and is written otherwise"]


def _in_values(one: Any, other: Any, path: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        if list(one) != list(other):
            yield f"{path or 'the whole'}: its fields are not the same, or not in the same order"
        for name in one:
            if name in other:
                yield from _in_values(one[name], other[name], f"{path}.{name}" if path else name)
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield f"{path}: it has {len(one)} and {len(other)} items"
        for number, (a, b) in enumerate(zip(one, other, strict=False), 1):
            yield from _in_values(a, b, f"{path}[{number}]")
    elif one != other or type(one) is not type(other):
        yield path


def _in_table(one: bytes, other: bytes) -> list[str]:
    rows, others = (
        list(csv.reader(io.StringIO(content.decode("utf-8", errors="replace"), newline="")))
        for content in (one, other)
    )
    pairs = enumerate(zip_longest(rows, others, fillvalue=[""]), 1)
    return [
        f"line {line}, column {column}"
        for line, (row, twin) in pairs
        for column, (a, b) in enumerate(zip_longest(row, twin), 1)
        if a != b
    ]


def _in_image(one: bytes, other: bytes) -> list[str]:
    sizes = scan_png.size(one), scan_png.size(other)
    if sizes[0] != sizes[1]:
        return ["the images are not of the same size"]
    return [f"the images differ from byte {_first(one, other)} on"]


def _in_lines(one: bytes, other: bytes) -> list[str]:
    pairs = enumerate(zip_longest(one.split(b"\n"), other.split(b"\n")), 1)
    return [
        f"line {number}, from byte {_first(a or b'', b or b'')} of it" for number, (a, b) in pairs if a != b
    ]


def _first(one: bytes, other: bytes) -> int:
    """Return the first byte that differs, from 1."""
    pairs = enumerate(zip(one, other, strict=False), 1)
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(other)) + 1)
