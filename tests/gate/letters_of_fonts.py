"""Which glyph of a font is which letter, from the fonts that the charts are drawn with.

``python tests/gate/letters_of_fonts.py`` writes the table that the gate reads drawings with; a test compares.
"""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

import matplotlib as mpl
from matplotlib.ft2font import FT2Font

from analysis.gate.drawing import LETTERS_FILE

FONTS = ("DejaVuSans", "DejaVuSans-Bold")
KEPT = tuple(
    chain(
        range(0x20, 0x250),  # Latin
        range(0x370, 0x400),  # Greek
        range(0x2010, 0x2100),  # punctuation, small figures, currencies
        range(0x2100, 0x2150),  # signs such as ™
        range(0x2190, 0x2300),  # arrows and mathematics
        range(0x25A0, 0x2600),  # shapes
    )
)
"""Letters that a chart may draw."""
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl"}
"""Glyphs that stand for several letters."""


def letters() -> dict[str, dict[str, str]]:
    """Return, by font, what each glyph stands for, glyphs as drawings number them."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return {name: _of(FT2Font(str(folder / f"{name}.ttf")).get_charmap()) for name in FONTS}


def _of(charmap: dict[int, int]) -> dict[str, str]:
    said = {code: chr(code) for code in KEPT} | LIGATURES
    found: dict[str, str] = {}
    for code, text in said.items():
        if code in charmap:
            found.setdefault(f"{charmap[code]:x}", text)
    return found


def text() -> str:
    """Return the table as it is kept."""
    return json.dumps(letters(), indent=0, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    LETTERS_FILE.write_text(text(), encoding="utf-8")
