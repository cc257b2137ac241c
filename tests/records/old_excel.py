"""Old workbooks (.xls) made by hand, since no package that writes them is in the environment.

A compound file ([MS-CFB]) with one stream of BIFF8 records ([MS-XLS]): enough for values, dates, errors,
hidden sheets, the 1904 date system and a password.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Sequence
from typing import Any

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


class Error:
    """A cell that holds the error of a code."""

    def __init__(self, code: int) -> None:
        self.code = code


def record(kind: int, body: bytes = b"") -> bytes:
    """Return one record."""
    return struct.pack("<HH", kind, len(body)) + body


def begin(kind: int) -> bytes:
    """Return the record that begins a stream (5) or a sheet (16)."""
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def cell(row: int, column: int, value: Any, *, since_1904: bool) -> bytes:
    """Return the record of one cell."""
    at = struct.pack("<HH", row, column)
    if isinstance(value, Error):
        return record(0x0205, at + struct.pack("<HBB", 0, value.code, 1))
    if isinstance(value, bool):
        return record(0x0205, at + struct.pack("<HBB", 0, value, 0))
    if isinstance(value, dt.date):
        start = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 30)
        return record(0x0203, at + struct.pack("<Hd", 1, (value - start).days))
    if isinstance(value, (int, float)):
        return record(0x0203, at + struct.pack("<Hd", 0, value))
    text = str(value).encode("utf-16-le")
    return record(0x0204, at + struct.pack("<HHB", 0, len(text) // 2, 1) + text)


def sheet(rows: Sequence[Sequence[Any]], *, since_1904: bool) -> bytes:
    """Return the records of one sheet."""
    wide = max(map(len, rows), default=0)
    size = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, wide, 0))
    cells = b"".join(
        cell(r, c, value, since_1904=since_1904)
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value not in ("", None)
    )
    return begin(16) + size + cells + record(0x000A)


def xls(
    sheets: dict[str, Sequence[Sequence[Any]]],
    *,
    hidden: Sequence[str] = (),
    since_1904: bool = False,
    password: bool = False,
) -> bytes:
    """Return the bytes of a workbook."""
    bodies = {name: sheet(rows, since_1904=since_1904) for name, rows in sheets.items()}

    def head(offsets: dict[str, int]) -> bytes:
        names = b"".join(
            record(
                0x0085,
                struct.pack("<IBBBB", offsets[name], name in hidden, 0, len(name), 1)
                + name.encode("utf-16-le"),
            )
            for name in sheets
        )
        lock = record(0x002F, struct.pack("<HHH", 0, 1, 1)) if password else b""
        formats = b"".join(record(0x00E0, struct.pack("<HH16x", 0, code)) for code in (0, 14))
        return (
            begin(5) + lock + record(0x0022, struct.pack("<H", since_1904)) + formats + names + record(0x0A)
        )

    at = len(head(dict.fromkeys(sheets, 0)))
    offsets = {}
    for name, body in bodies.items():
        offsets[name] = at
        at += len(body)
    return compound(head(offsets) + b"".join(bodies.values()))


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """Return a compound file that holds one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    count = len(stream) // 512
    tables = (count + 1) // 127 + 1
    chain = [TABLE] * tables + [END] + [tables + 2 + i for i in range(count - 1)] + [END]
    chain += [FREE] * (tables * 128 - len(chain))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *[*range(tables), *[FREE] * (109 - tables)])
    folder = entry("Root Entry", 5, END, 0, child=1) + entry(name, 2, tables + 1, len(stream))
    folder += entry("", 0, 0, 0) * 2
    return header + struct.pack(f"<{len(chain)}I", *chain) + folder + stream


def entry(name: str, kind: int, start: int, size: int, *, child: int = FREE) -> bytes:
    """Return one entry of the folder of a compound file."""
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    body = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return body + bytes(36) + struct.pack("<IQ", start, size)
