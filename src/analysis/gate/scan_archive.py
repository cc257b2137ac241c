"""ZIP: plain files under plain names at one fixed time, nothing between, before or behind them.

The format is read by hand as far as libraries skip it (PKWARE, APPNOTE 6.3.10, sections 4.3 and 4.4): an
archive may say one name at a file and another in its list, and may hold bytes that no list mentions.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from analysis.gate.refusal import Refusal, refuse

TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The one time of every file: the first that the format knows."""
MODE: Final = stat.S_IFREG | 0o644
NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
LOCAL: Final = struct.Struct("<4s5H3I2H")
END: Final = struct.Struct("<4s4H2IH")
DEPTH: Final = 3
"""Archives within archives that are opened."""
MOST: Final = 1_000_000_000
"""Bytes that an archive may unpack to."""
ARCHIVES: Final = (
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
)
"""How files that hold other files begin."""


def pack(files: Mapping[str, Path], target: Path) -> None:
    """Write files into an archive that this module finds nothing wrong with; the same bytes every time.

    Parameters
    ----------
    files
        What to pack, by the name that each has in the archive.
    target
        The archive.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            info = zipfile.ZipInfo(name, TIME)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = MODE << 16
            archive.writestr(info, path.read_bytes())


def scan(content: bytes, where: str, depth: int = DEPTH) -> Iterator[Refusal]:
    """Yield what an archive holds beside plain files, archives within it included.

    Parameters
    ----------
    content
        The bytes of the archive.
    where
        How it is called in messages.
    depth
        How many archives within one another are opened.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError):
        yield refuse("archive", where, "it is no archive that can be read")
        return
    infos = archive.infolist()
    if archive.comment:
        yield refuse("archive", where, "it has a comment")
    if sum(info.file_size for info in infos) > MOST:
        yield refuse("archive", where, "it unpacks to more than any release holds")
        return
    names = [info.filename.casefold() for info in infos]
    if len(set(names)) < len(names):
        yield refuse("archive", where, "it holds a name twice")
    for number, info in enumerate(infos, 1):
        yield from _entry(info, f"{where}, file {number}")
    yield from _between(content, infos, where)
    for number, info in enumerate(infos, 1):
        yield from _inside(archive, info, f"{where}, file {number}", depth)


def _entry(info: zipfile.ZipInfo, where: str) -> Iterator[Refusal]:
    if not NAME.fullmatch(info.filename) or ".." in PurePosixPath(info.filename).parts:
        yield refuse("archive", where, "its name leads elsewhere, or is not a plain one")
    if info.extra or info.comment:
        yield refuse("archive", where, "it carries extra fields or a comment")
    if info.date_time != TIME:
        yield refuse("archive", where, "its time is not the one that all files have")
    if info.flag_bits & ~0x0802 or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        yield refuse("archive", where, "it is encrypted, or packed in an unusual way")
    if info.is_dir() or info.external_attr >> 16 not in {0, 0o644, MODE} or info.create_system not in {0, 3}:
        yield refuse("archive", where, "it is no plain file")
    if info.volume or info.internal_attr:
        yield refuse("archive", where, "it has attributes that no plain file has")


def _between(content: bytes, infos: list[zipfile.ZipInfo], where: str) -> Iterator[Refusal]:
    """Yield bytes that are part of no file, and files that say two names."""
    at = 0
    for number, info in enumerate(sorted(infos, key=lambda one: one.header_offset), 1):
        head = content[info.header_offset : info.header_offset + LOCAL.size]
        if info.header_offset != at or len(head) < LOCAL.size:
            yield refuse("archive", where, "bytes that belong to no file stand between its files")
            return
        fields = LOCAL.unpack(head)
        name, extra = fields[9], fields[10]
        start = at + LOCAL.size
        if content[start : start + name] != info.filename.encode() or extra or fields[2] & 0x08:
            yield refuse(
                "archive", f"{where}, file {number}", "it says another name or more than the list does"
            )
            return
        at = start + name + extra + info.compress_size
    end = content.rfind(b"PK\x05\x06")
    listed = END.unpack(content[end : end + END.size]) if len(content) - end >= END.size else None
    if listed is None or listed[6] != at or listed[6] + listed[5] != end or end + END.size != len(content):
        yield refuse("archive", where, "bytes that belong to no file stand before or behind its list")


def _inside(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str, depth: int) -> Iterator[Refusal]:
    try:
        content = archive.read(info)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        yield refuse("archive", where, "it cannot be unpacked")
        return
    if info.filename.endswith(".xlsx") or not content.startswith(ARCHIVES):
        return
    yield refuse("archive", where, "it is another archive")
    if depth and content.startswith(b"PK"):
        yield from scan(content, where, depth - 1)


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every file of an archive that can be unpacked, those within archives too."""
    yield from _members(content, DEPTH)


def _members(content: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            held = [
                (info.filename, archive.read(info)) for info in archive.infolist() if info.file_size < MOST
            ]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        return
    for name, body in held:
        yield name, body
        if depth and body.startswith(b"PK") and not name.endswith(".xlsx"):
            yield from ((f"{name}/{inner}", more) for inner, more in _members(body, depth - 1))
