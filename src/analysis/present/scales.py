"""What a chart checks and decides before it draws: columns, units, the ends and ticks of an axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import UsageError, one_of
from analysis.present import formats
from analysis.present.canvas import Axis

if TYPE_CHECKING:
    import pandas as pd

UNITS: Final = ("percent", "points", "count", "ratio", "gbp", "days", "number")
"""How values are printed; ``percent`` and ``points`` take fractions."""
RATIO_TICKS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)

Reference = float | tuple[float, str] | None
"""A reference line: where it stands, or where and what it says."""


def need(frame: pd.DataFrame, chart: str, columns: Sequence[str], unit: str = "count") -> None:
    """Refuse a chart whose frame is empty or lacks a column, or whose unit is unknown.

    Raises
    ------
    UsageError
        With the columns there are.
    """
    if frame.empty:
        raise UsageError(
            "there are no rows to draw", where=f"charts.{chart}", cure="Say why with run.absent."
        )
    for name in columns:
        if name not in frame.columns:
            known = [str(column) for column in frame.columns]
            raise UsageError(f'no column "{name}"', where=f"charts.{chart}", cure=one_of(name, known))
    if unit not in UNITS:
        raise UsageError(f'unknown unit "{unit}"', where=f"charts.{chart}", cure=one_of(unit, UNITS))


def chosen(
    frame: pd.DataFrame, label: str, highlight: str | Sequence[str] | None, chart: str
) -> frozenset[str]:
    """Return the labels that carry the claim; none means that all do.

    Raises
    ------
    UsageError
        If a label is not in the frame.
    """
    names = [highlight] if isinstance(highlight, str) else list(highlight or ())
    labels = {str(name) for name in frame[label]}
    for name in names:
        if name not in labels:
            raise UsageError(
                f'no row "{name}" to highlight', where=f"charts.{chart}", cure=one_of(name, labels)
            )
    return frozenset(names)


def number(value: Any) -> float:
    """Return a cell as a number, NaN if there is none."""
    return float(value) if isinstance(value, Real) else math.nan


def finite(frame: pd.DataFrame, columns: Sequence[str]) -> list[float]:
    """Return every finite number in some columns."""
    cells = (number(cell) for name in columns for cell in frame[name])
    return [cell for cell in cells if math.isfinite(cell)]


def printed(value: float, unit: str, lacking: str = "") -> str:
    """Print a value as the chart and its table do, and what stands for it if it is missing."""
    return formats.show(value, unit, lacking or formats.MISSING)


def lacking(frame: pd.DataFrame, row: int) -> str:
    """Return the marker of a row of released numbers that are not all shown; "" for any other row."""
    return str(frame["marker"].iloc[row]) if "marker" in frame else ""


def blank(frame: pd.DataFrame, row: int) -> str:
    """Return what stands for a missing value of a row: its marker, or what is true of where it is from."""
    return lacking(frame, row) or (formats.EMPTY if "marker" in frame else formats.MISSING)


def ticker(unit: str) -> Callable[[float], str]:
    """Return what prints the ticks of an axis: shorter than the values beside the marks."""
    if unit == "percent":
        return lambda value: f"{100 * value:.6g}%"
    if unit == "points":
        return lambda value: f"{100 * value:+.6g}".replace("-", "−").replace("+0", "0")
    if unit == "gbp":
        return _pounds
    return lambda value: f"{value:,.6g}".replace("-", "−")


def _pounds(value: float) -> str:
    sign, size = ("−" if value < 0 else ""), abs(value)
    for step, word in ((1e6, "m"), (1e3, "k")):
        if size >= step:
            return f"{sign}£{size / step:.6g}{word}"
    return f"{sign}£{size:.6g}"


def reference(line: Reference, unit: str) -> tuple[float | None, str]:
    """Return where a reference line stands and what it says."""
    if line is None:
        return None, ""
    if isinstance(line, tuple):
        return float(line[0]), line[1]
    return float(line), printed(float(line), unit)


def linear(values: Sequence[float], label: str, unit: str, line: Reference = None, *, zero: bool) -> Axis:
    """Return an axis with equal distances that holds every value, the reference line, and zero if asked.

    Shares never run past the whole.
    """
    at, words = reference(line, unit)
    held = [*values, *([at] if at is not None else []), *([0.0] if zero or not values else [])]
    low, high = min(held), max(held)
    room = 0.04 * ((high - low) or abs(high) or 1.0)
    low = low if low == 0 else low - room
    high = high if high == 0 else high + room
    if unit == "percent":
        low, high = max(low, 0.0), min(high, 1.0)
    return Axis(label, low, high if high > low else low + 1, ticker(unit), line=at, line_label=words)


def logarithmic(values: Sequence[float], label: str, words: str) -> Axis:
    """Return a log axis for ratios, with one on it and at least halving and doubling shown."""
    positive = [value for value in values if value > 0]
    low = min([*positive, 0.5]) / 1.15
    high = max([*positive, 2.0]) * 1.15
    ticks = tuple(tick for tick in RATIO_TICKS if low <= tick <= high)
    return Axis(label, low, high, ticker("ratio"), log=True, ticks=ticks, line=1.0, line_label=words)
