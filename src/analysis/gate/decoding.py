"""Other forms that a text can be hidden in: codes, escapes, compression, letters that nobody sees."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote

DEPTH: Final = 4
"""How many codes inside one another are undone."""
SHORTEST: Final = 6
"""Characters of the shortest text that counts as hidden."""
MOST: Final = 1_000_000
"""Bytes that one piece of compressed text may unpack to."""

BASE64: Final = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{12,}={0,2}(?![\w+/=-])")
BASE32: Final = re.compile(r"(?<![\w=])[A-Z2-7]{16,}={0,6}(?![\w=])")
HEX: Final = re.compile(r"(?<![0-9A-Za-z.])(?:[0-9a-fA-F]{2}[ :,]?){8,}(?![0-9A-Za-z])")
PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[0-7]{3})")
ENTITY: Final = re.compile(r"&(?:#\d+|#x[0-9A-Fa-f]+|[a-z]+);", re.IGNORECASE)
CODES: Final = re.compile(r"(?<!\d)(?:\d{2,3}[ ,;]+){7,}\d{2,3}(?!\d)")
"""Letters as numbers: ``83 97 114 97 104 …``."""

DATA_URI: Final = re.compile(r"data:image/(?:svg\+xml|png);base64,[A-Za-z0-9+/=]+")
"""Drawings inside a page: they are read as drawings."""


def readings(text: str) -> Iterator[tuple[str, str]]:
    """Yield ``(code, text)`` for everything that is hidden in a text, codes within codes included.

    Parameters
    ----------
    text
        As it stands; drawings inside it are left out.
    """
    yield from _undo(DATA_URI.sub(" ", text), DEPTH)


def _undo(text: str, depth: int) -> Iterator[tuple[str, str]]:
    if not depth:
        return
    for code, undo in CODECS.items():
        for found in undo(text):
            if found != text:
                yield code, found
                yield from ((f"{inner} in {code}", more) for inner, more in _undo(found, depth - 1))


def _base64(text: str) -> Iterator[str]:
    for match in BASE64.finditer(text):
        plain = match.group().rstrip("=").replace("-", "+").replace("_", "/")
        if len(plain) % 4 != 1:
            yield from _read(base64.b64decode(plain + "=" * (-len(plain) % 4)))


def _base32(text: str) -> Iterator[str]:
    for match in BASE32.finditer(text):
        plain = match.group().rstrip("=")
        try:
            yield from _read(base64.b32decode(plain + "=" * (-len(plain) % 8)))
        except binascii.Error:
            continue


def _hex(text: str) -> Iterator[str]:
    for match in HEX.finditer(text):
        digits = re.sub(r"[ :,]", "", match.group())
        yield from _read(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _numbers(text: str) -> Iterator[str]:
    for match in CODES.finditer(text):
        codes = [int(code) for code in re.findall(r"\d+", match.group())]
        if all(32 <= code < 127 for code in codes) and any(code > 64 for code in codes):
            letters = "".join(map(chr, codes))
            if sum(letter.isalpha() for letter in letters) > 0.8 * len(letters):
                yield letters


def _percent(text: str) -> Iterator[str]:
    if PERCENT.search(text):
        yield unquote(text, errors="replace")


def _escapes(text: str) -> Iterator[str]:
    if ESCAPE.search(text):
        yield ESCAPE.sub(_letter, text)


def _letter(match: re.Match[str]) -> str:
    code = match.group()[1:]
    return chr(int(code[1:], 16) if code[0] in "ux" else int(code, 8))


def _entities(text: str) -> Iterator[str]:
    if ENTITY.search(text):
        yield html.unescape(text)


CODECS: Final[dict[str, Callable[[str], Iterator[str]]]] = {
    "base64": _base64,
    "base32": _base32,
    "hexadecimal": _hex,
    "codes of letters": _numbers,
    "percent signs": _percent,
    "escapes": _escapes,
    "entities": _entities,
}
HIDING: Final = frozenset({"base64", "base32", "hexadecimal", "codes of letters"})
"""Codes that no report has a use for: a text in one of them is refused whatever it says."""


def _read(content: bytes) -> Iterator[str]:
    """Yield the text that bytes are, in any of the usual forms; nothing if they are no text."""
    for unpacked in (content, *_unpacked(content)):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            text = _decoded(unpacked, encoding)
            if text:
                yield text
                break


def _unpacked(content: bytes) -> Iterator[bytes]:
    if content[:2] == b"\x1f\x8b":
        try:
            yield gzip.decompress(content)[:MOST]
        except (OSError, EOFError, zlib.error):
            return
    elif content[:1] == b"\x78":
        try:
            yield zlib.decompressobj().decompress(content, MOST)
        except zlib.error:
            return


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return ""
    plain = all(letter.isascii() and (letter.isprintable() or letter in "\n\r\t") for letter in text)
    wordlike = sum(letter.isalnum() or letter in " .,-@/" for letter in text) >= 0.9 * len(text)
    varied = len(set(text)) >= 4
    return text if len(text) >= SHORTEST and plain and wordlike and varied else ""


# -- letters nobody sees ------------------------------------------------------------------------------

SEEN: Final = frozenset("\n")
"""The only control character of a text."""


def unseen(text: str) -> str:
    """Return what kind of letter a text has that nobody sees, or "".

    Zero-width and directional characters, soft hyphens, tags, selectors, private and unassigned characters,
    controls, and spaces that are not plain spaces.
    """
    if text.isascii() and text.isprintable():
        return ""
    for letter in dict.fromkeys(text):
        kind = unicodedata.category(letter)
        if kind in {"Cf", "Co", "Cn", "Cs"} or (kind == "Cc" and letter not in SEEN):
            return "a character that nobody sees"
        if kind in {"Zl", "Zp"} or (kind == "Zs" and letter != " "):
            return "a space that is none of the usual"
        if 0xFE00 <= ord(letter) <= 0xFE0F or 0xE0100 <= ord(letter) <= 0xE01EF:
            return "a selector of variants"
    return "combining marks" if _stacked(text) else ""


def _stacked(text: str) -> bool:
    """Whether letters carry marks that could have been written as one letter, or several at once."""
    return unicodedata.normalize("NFC", text) != text or bool(re.search(r"[\u0300-\u036f]{2}", text))


def visible(text: str) -> str:
    """Return a text without letters that nobody sees, and with look-alike forms of letters made plain."""
    kept = "".join(letter for letter in text if unicodedata.category(letter) not in {"Cf", "Co", "Cn"})
    return unicodedata.normalize("NFKC", kept)
