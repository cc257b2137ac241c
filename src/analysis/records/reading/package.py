"""What a workbook's own XML says beside its values: the date system, lost values, when it was saved.

calamine gives a blank for a cell that holds an error, and for a formula that was never calculated. A value
that is lost must not look like one that was never recorded, so both are found here.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Final

from analysis.records.reading import biff
from analysis.records.reading.hostile import Opened

UNCALCULATED: Final = "a formula without a saved result"

_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE: Final = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_1904: Final = re.compile(rb"""date1904\s*=\s*["'](?:1|true|on)["']""")
_SAVED: Final = re.compile(rb"<(?:dcterms:modified|dc:date)[^>]*>([\dT:.\-+Z]{10,40})<")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ERROR: Final = re.compile(
    rb"""<(?:\w+:)?c\s((?:[^>]*\s)?t=["']e["'][^>]*)>(?:<(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>)?)?"""
    rb"""\s*<(?:\w+:)?v>([^<]*)</"""
)
_EMPTY_FORMULA: Final = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)


@dataclass(frozen=True)
class Facts:
    """What is known of a workbook beside its values; ``broken`` by sheet name, then by row and column."""

    since_1904: bool = False
    saved: str = ""
    broken: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    locked: bool = False


def facts(file: Opened) -> Facts:
    """Read them from the unpacked parts, or the records of an .xls; an .ods writes dates and errors out.

    Parameters
    ----------
    file
        From `analysis.records.reading.hostile.opened`.
    """
    if file.form == "xls":
        walked = biff.walk(file.data)
        return Facts(walked.since_1904, broken=walked.errors, locked=walked.locked)
    if file.form == "ods":
        return Facts(saved=_saved(file.parts.get("meta.xml", b"")))
    parts = {name.lower(): content for name, content in file.parts.items()}
    book = parts["xl/workbook.xml"]
    broken = {}
    for name, target in _sheet_parts(book, parts.get("xl/_rels/workbook.xml.rels", b"")).items():
        lost = _lost(parts.get(target, b""))
        if lost:
            broken[name] = lost
    return Facts(bool(_1904.search(book)), _saved(parts.get("docprops/core.xml", b"")), broken)


def _saved(core: bytes) -> str:
    found = _SAVED.search(core)
    return found[1].decode("ascii") if found else ""


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode("ascii", "replace").rpartition(":")[2]: html.unescape(
            (double or single).decode("utf-8", "replace")
        )
        for name, double, single in _ATTRIBUTE.findall(tag)
    }


def _sheet_parts(book: bytes, relations: bytes) -> dict[str, str]:
    """Return the part each sheet's cells lie in, by the sheet's name."""
    tags = [_attributes(tag) for tag in _RELATION.findall(relations)]
    targets = {tag.get("Id", ""): tag.get("Target", "") for tag in tags}
    found = {}
    for tag in map(_attributes, _SHEET.findall(book)):
        target = targets.get(tag.get("id", ""), "").lower()
        found[tag.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _lost(content: bytes) -> dict[tuple[int, int], str]:
    """Return the cells of a sheet whose value is lost; each search is for a mark that is rare in a sheet."""
    lost = {}
    if b">#" in content:
        for attributes, value in _ERROR.findall(content):
            lost[_place(attributes)] = value.decode("ascii", "replace")[:20]
    if b"f>" in content:
        for attributes in _EMPTY_FORMULA.findall(content):
            if _attributes(b" " + attributes).get("t") != "str":  # a result that is empty text is a result
                lost[_place(attributes)] = UNCALCULATED
    lost.pop((-1, -1), None)
    return lost


def _place(attributes: bytes) -> tuple[int, int]:
    """Return row and column from 0 of a cell such as ``r="B7"``, or (-1, -1)."""
    found = _REFERENCE.fullmatch(_attributes(attributes).get("r", ""))
    if not found:
        return -1, -1
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1
