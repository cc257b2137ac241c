"""What a file that somebody sent really is, and whether it is safe to read: judged from its bytes alone.

Nothing is unpacked to disk and nothing past a stated size is unpacked at all. What gets past these checks
is still read in a child process with limits of its own: see `analysis.records.reading.reader`.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from analysis.errors import DataRefused

Form = Literal["xlsx", "xls", "ods", "csv"]

MAX_FILE: Final = 64 * 2**20
"""The largest file that is opened [bytes]."""
MAX_UNPACKED: Final = 256 * 2**20
"""The most that a workbook may unpack to [bytes]."""
MAX_PARTS: Final = 4_000
"""The most parts a workbook may be made of."""
MAX_SHOWN: Final = 60
"""The most of a name that a message shows [characters]."""

SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
"""What a folder is searched for."""
RESAVE: Final = "Open it in a spreadsheet program and save it as .xlsx."
RESEND: Final = "Ask the provider to send it again."

_ZIP, _CFB = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_FOREIGN: Final = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet table"),
)
_MARKUP: Final = (
    (re.compile(rb"<(!doctype\s+html|html|table|body|head)\b", re.IGNORECASE), "a web page"),
    (re.compile(rb"<\?mso-application|urn:schemas-microsoft-com:office:spreadsheet"), "an XML 2003 sheet"),
    (re.compile(rb"^\s*<\?xml"), "an XML file"),
)


@dataclass(frozen=True)
class Opened:
    """A file that may be read: what it is, its bytes and, for a zipped workbook, its unpacked XML parts."""

    form: Form
    data: bytes
    parts: dict[str, bytes]


def shown(text: str, limit: int = MAX_SHOWN) -> str:
    """Return a name as a message may show it: one line, no control characters, not too long."""
    plain = "".join(" " if unicodedata.category(c).startswith(("C", "Z")) else c for c in text)
    plain = " ".join(plain.split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def refusal(path: Path, what: str, cure: str = RESAVE) -> DataRefused:
    """Return the error that names the file, what is wrong with it, and what to do."""
    return DataRefused(what, where=shown(path.name), cure=cure)


def locked(path: Path) -> DataRefused:
    """Return the error for a workbook with a password."""
    return refusal(path, "is protected by a password", "Remove it, and send the workbook by a safe route.")


def opened(path: Path) -> Opened:
    """Read a file's bytes and say what they are, if they are something that can be read safely.

    Raises
    ------
    DataRefused
        If it is no workbook, protected by a password, damaged, or unpacks to more than a workbook can be.
    """
    data = _bytes(path)
    if data.startswith(_CFB):
        return Opened("xls", _unlocked(path, data), {})
    if data.startswith(_ZIP):
        return _zipped(path, data)
    _check_text(path, data)
    return Opened("csv", data, {})


def _bytes(path: Path) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise refusal(path, "is not a file", "Name a workbook, or a folder of them.")
        if found.st_size > MAX_FILE:
            size, most = found.st_size // 2**20, MAX_FILE // 2**20
            raise refusal(path, f"has {size} MB, more than the {most} MB a workbook may have")
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise refusal(path, f"cannot be opened ({reason})", "Check the path and who may read it.") from None
    if not data.strip(b"\x00 \r\n\t"):
        raise refusal(path, "is empty", RESEND)
    return data


def _unlocked(path: Path, data: bytes) -> bytes:
    """Refuse an old-style container that is an encrypted workbook, or a letter and not a workbook."""
    streams = {"EncryptedPackage": "p", "WordDocument": "w", "PowerPoint Document": "s", "__properties": "m"}
    found = {mark for name, mark in streams.items() if name.encode("utf-16-le") in data}
    if "p" in found:
        raise locked(path)
    if found and not any(n.encode("utf-16-le") in data for n in ("Workbook", "Book")):
        raise refusal(path, "is a letter, slides or a message, not a workbook", RESEND)
    return data


def _zipped(path: Path, data: bytes) -> Opened:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _parts(path, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        raise refusal(path, "is damaged or was cut short", RESEND) from None
    return Opened(_form(path, parts), data, parts)


def _parts(path: Path, archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack every XML part, having seen that all of them together are not too large."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_PARTS or total > MAX_UNPACKED:
        most = MAX_UNPACKED // 2**20
        raise refusal(
            path,
            f"unpacks to {total / 2**20:,.0f} MB in {len(infos):,} parts, more than the {most} MB"
            f" and {MAX_PARTS:,} parts a workbook may have",
            "Copy the filled rows into a new workbook: formats on blank rows are what makes it large.",
        )
    if len({info.filename.lower() for info in infos}) < len(infos):
        raise refusal(path, "has two parts of the same name, which no spreadsheet program writes", RESEND)
    if any(info.flag_bits & 1 for info in infos):
        raise locked(path)
    parts = {info.filename: archive.read(info) for info in infos if _is_xml(info.filename)}
    for content in parts.values():
        _check_part(path, content)
    return parts


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels")) or name == "mimetype"


def _check_part(path: Path, content: bytes) -> None:
    """Refuse declared entities: they can make a small file endless, and no workbook needs one."""
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"}
    text = content.replace(b"\0", b"") if wide else content
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise refusal(path, "declares XML entities, which a workbook has no use for", RESEND)


def _form(path: Path, parts: dict[str, bytes]) -> Form:
    names = {name.lower() for name in parts}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise locked(path)
    if b"opendocument.spreadsheet" in parts.get("mimetype", b"") or b"<office:spreadsheet" in parts.get(
        "content.xml", b""
    ):
        return "ods"
    if any(name.startswith("xl/") for name in names):
        raise refusal(path, "is a workbook of a form that is not read (.xlsb)")
    if any(name.startswith(("word/", "ppt/")) or name == "content.xml" for name in names):
        raise refusal(path, "is a letter or slides, not a workbook", RESEND)
    if any(name.startswith("index/") for name in names):
        raise refusal(path, "is a Numbers document", "Export it as .xlsx.")
    raise refusal(path, "is a zip archive, not a workbook", "Unpack it and name the folder.")


def _check_text(path: Path, data: bytes) -> None:
    """Refuse what is neither a workbook nor plain text; text is read as CSV."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf")
    for start, what in _FOREIGN:
        if head.startswith(start):
            raise refusal(path, f"is {what}, not a workbook", RESEND)
    for pattern, what in _MARKUP:
        if pattern.search(head):
            raise refusal(path, f"is {what}, not a workbook")
    if path.suffix.lower() not in {".csv", ".txt", ".tsv"}:
        raise refusal(path, "is not a workbook, whatever its name says", RESAVE + " If it is text: as .csv.")
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if not wide and b"\0" in data:
        raise refusal(path, "is not text", "Save it again as CSV (UTF-8).")
