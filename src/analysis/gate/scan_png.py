"""PNG: pixels and their resolution, in a file that ends where the image ends.

Chunks are read by hand (PNG specification, third edition, W3C 2025, sections 5 and 11): text, time, EXIF and
XMP are whole chunks, and libraries that open images skip what they do not know.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from analysis.gate.refusal import Refusal, refuse

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
ALLOWED: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND"})
SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples a pixel by colour type."""
PER_METRE: Final = 11811
"""Pixels a metre at 300 to the inch, the resolution of every figure."""
MOST_PIXELS: Final = 200_000_000

Chunk = tuple[bytes, bytes]


def scan(content: bytes, where: str) -> Iterator[Refusal]:
    """Yield what a PNG holds beside its pixels.

    Parameters
    ----------
    content
        The bytes of the file.
    where
        How the file is called in messages.
    """
    chunks, rest, fault = _chunks(content)
    if fault:
        yield refuse("png-chunks", where, fault)
        return
    if rest:
        yield refuse("png-chunks", where, f"{rest} bytes follow its end")
    unknown = [name for name, _ in chunks if name not in ALLOWED]
    for name in dict.fromkeys(unknown):
        said = name.decode() if name in KNOWN else "of a kind that is not known"
        yield refuse("png-chunks", where, f"it has a chunk {said}")
    yield from _structure(chunks, where)


KNOWN: Final = frozenset(
    {
        *(b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf", b"iCCP", b"gAMA", b"cHRM", b"sRGB", b"bKGD", b"hIST"),
        *(b"sPLT", b"sBIT", b"acTL", b"fcTL", b"fdAT", b"oFFs", b"pCAL", b"sCAL", b"caBX", b"dSIG"),
    }
)
"""Names that may be said in a message; another could itself be the leak."""


def _chunks(content: bytes) -> tuple[list[Chunk], int, str]:
    """Return the chunks, how many bytes follow the last, and what is wrong with the file, if anything."""
    if not content.startswith(SIGNATURE):
        return [], 0, "it is no PNG"
    at = len(SIGNATURE)
    found: list[Chunk] = []
    while at + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        check = content[at + 8 + length : at + 12 + length]
        if len(check) != 4 or struct.unpack(">I", check)[0] != zlib.crc32(name + body):
            return found, 0, "a chunk is damaged"
        found.append((name, body))
        at += 12 + length
        if name == b"IEND":
            return found, len(content) - at, ""
    return found, 0, "it has no end"


def _structure(chunks: list[Chunk], where: str) -> Iterator[Refusal]:
    names = [name for name, _ in chunks]
    once = all(names.count(name) == 1 for name in (b"IHDR", b"IEND")) and names.count(b"pHYs") <= 1
    if not once or names[0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][1]:
        yield refuse("png-chunks", where, "its chunks are not those of one image")
        return
    resolution = [body for name, body in chunks if name == b"pHYs"]
    if resolution and resolution[0] != struct.pack(">IIB", PER_METRE, PER_METRE, 1):
        yield refuse("png-chunks", where, "its resolution is not that of the project's figures")
    data = [place for place, name in enumerate(names) if name == b"IDAT"]
    if not data or data != list(range(data[0], data[0] + len(data))):
        yield refuse("png-pixels", where, "its pixels are not in one piece")
        return
    yield from _pixels(chunks[0][1], b"".join(body for name, body in chunks if name == b"IDAT"), where)


def _pixels(head: bytes, data: bytes, where: str) -> Iterator[Refusal]:
    """Yield pixels that are too few, too many, or have something behind them."""
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", head)
    if colour not in SAMPLES or rest != [0, 0, 0] or not 0 < width * height <= MOST_PIXELS:
        yield refuse("png-pixels", where, "it is of a kind that the project does not make")
        return
    wanted = height * (1 + (width * SAMPLES[colour] * depth + 7) // 8)
    inflate = zlib.decompressobj()
    try:
        pixels = inflate.decompress(data, wanted + 1)
    except zlib.error:
        yield refuse("png-pixels", where, "its pixels cannot be read")
        return
    if len(pixels) != wanted or not inflate.eof or inflate.unused_data or inflate.unconsumed_tail:
        yield refuse("png-pixels", where, "its pixels are not as many as its size says")


def size(content: bytes) -> tuple[int, int]:
    """Return width and height of a PNG [pixels], zeros if it is none."""
    if not content.startswith(SIGNATURE) or len(content) < 24:
        return 0, 0
    width, height = struct.unpack(">II", content[16:24])
    return width, height
