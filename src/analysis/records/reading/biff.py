"""What an old workbook (.xls) says beside its values: the date system, and cells that hold an error.

The file is a compound file ([MS-CFB]) with one stream of records ([MS-XLS]). calamine reads the values; here
the records are only walked, for the few that it does not pass on.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BOF, _SHEET, _DATES, _PASSWORD = 0x0809, 0x0085, 0x0022, 0x002F
_FORMULA, _BOOL_OR_ERROR = 0x0006, 0x0205
_STREAMS: Final = ("Workbook", "Book")
_HEADER: Final = 512
_LAST: Final = 0xFFFFFFF0
"""Sector numbers from here on are marks, not sectors."""


@dataclass
class Walked:
    """What the records say: a password, the date system, errors by sheet, row and column (from 0)."""

    locked: bool = False
    since_1904: bool = False
    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)


def walk(data: bytes) -> Walked:
    """Walk the records of a workbook.

    A file that cannot be walked says nothing here; whether it can be read is for its reader to say.
    """
    found, sheets, current = Walked(), dict[int, str](), ""
    for at, kind, body in _records(_stream(data)):
        found.locked |= kind == _PASSWORD
        if kind == _DATES and len(body) >= 2:
            found.since_1904 = body[0] == 1
        elif kind == _SHEET and len(body) > 8:
            sheets[struct.unpack_from("<I", body)[0]] = _name(body)
        elif kind == _BOF:
            current = sheets.get(at, "")
        elif kind in {_FORMULA, _BOOL_OR_ERROR}:
            code = _error(kind, body)
            if code is not None and current:
                row, column = struct.unpack_from("<HH", body)
                found.errors.setdefault(current, {})[row, column] = ERRORS.get(code, "#N/A")
    return found


def _name(body: bytes) -> str:
    length, wide = body[6], body[7] & 1
    return body[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _error(kind: int, body: bytes) -> int | None:
    """Return the code of the error in a cell, or None if it holds none."""
    if kind == _BOOL_OR_ERROR:
        return body[6] if len(body) >= 8 and body[7] == 1 else None
    whole = len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2
    return body[8] if whole else None


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(data: bytes) -> bytes:
    """Return the stream of records, or nothing if the file is not what it should be."""
    if len(data) < _HEADER:
        return b""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in {9, 12}:
        return b""
    size = 1 << shift
    table = _allocation(data, size)
    folder = _chain(data, size, table, struct.unpack_from("<I", data, 48)[0])
    for at in range(0, len(folder) - 127, 128):
        length = min(64, struct.unpack_from("<H", folder, at + 64)[0])
        name = folder[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        if name in _STREAMS:
            start, total = struct.unpack_from("<II", folder, at + 116)
            return _chain(data, size, table, start)[:total]
    return b""


def _allocation(data: bytes, size: int) -> list[int]:
    """Return, for every sector, the one that follows it."""
    places = list(struct.unpack_from("<109I", data, 76))
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        block = _sector(data, size, more)
        if len(block) < size:
            break
        *numbers, more = struct.unpack(f"<{size // 4}I", block)
        places += numbers
    blocks = [_sector(data, size, place) for place in places if place < _LAST]
    return [n for block in blocks if len(block) == size for n in struct.unpack(f"<{size // 4}I", block)]


def _sector(data: bytes, size: int, number: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size] if number < _LAST else b""


def _chain(data: bytes, size: int, table: list[int], start: int) -> bytes:
    """Return the sectors of a chain; one that runs in a circle ends after as many as there are."""
    found: list[bytes] = []
    number = start
    while number < len(table) and len(found) < len(table):
        found.append(_sector(data, size, number))
        number = table[number]
    return b"".join(found)
