"""How reports look: colours checked for contrast, fonts and sizes for charts, and the one stylesheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

INK: Final = "#0b0c0c"
"""Text and axes."""
MUTED: Final = "#4d585e"
"""Second-rank text: 7:1 on white."""
RULE: Final = "#d5dadd"
"""Gridlines, which carry no information of their own."""
PAPER: Final = "#ffffff"
NAVY: Final = "#12436d"
"""The one accent: marks that carry the claim."""
QUIET: Final = "#6b8299"
"""Marks beside the highlighted ones."""
REFERENCE: Final = "#801650"
"""Reference lines and limits."""

SERIES: Final = (NAVY, "#d05a17", "#28a197", "#801650", "#6b6b6b", "#9a7bc8")
"""Colours of series, told apart by marker and hatching as well, never by colour alone."""
MARKERS: Final = ("o", "s", "D", "^", "v", "P")
HATCHES: Final = ("", "////", "\\\\\\\\", "xxx", "|||", "---")
RAMP: Final = ("#f1f6fa", "#c6d9e8", "#8fb4d2", "#4f86b3", "#235f93", "#12436d")
"""Light to dark, for cells whose value is printed in them."""

WIDE: Final = 7.4
"""Width of a figure beside text [inches; 710 px]."""
NARROW: Final = 3.4
"""Width of the same figure on a telephone [inches; 326 px]."""
NARROW_BELOW: Final = "40em"
"""Widest window that is shown the narrow drawing."""
POINTS: Final = 11.0
"""Size of labels [points]."""
SMALL: Final = 10.0
"""Size of tick labels and second-rank text [points]; nothing is smaller."""
DPI: Final = 300

RC: Final[Any] = {
    "font.family": "DejaVu Sans",
    "font.size": POINTS,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "hatch.linewidth": 0.7,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",
    "svg.hashsalt": "deep-dives",
}
"""Everything that decides how a figure is drawn; nothing is read from the user's own settings."""


def css() -> str:
    """Return the stylesheet of the components, the same file that the published page includes."""
    return (Path(__file__).with_name("style.css")).read_text(encoding="utf-8")


def _linear(channel: int) -> float:
    part = channel / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Return the relative luminance [0..1] of ``#rrggbb`` (WCAG 2.2)."""
    red, green, blue = (_linear(channel) for channel in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio [1..21] of two colours (WCAG 2.2, success criterion 1.4.3)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(background: str) -> str:
    """Return the text colour, ink or paper, that reads better on a background."""
    return max((INK, PAPER), key=lambda colour: contrast(colour, background))
