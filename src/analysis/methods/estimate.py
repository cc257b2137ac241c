"""An estimate with its interval, and how it is printed for a table, a sentence and a board."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import DataRefused, UsageError
from analysis.methods.inputs import amount, level, positive, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

FORMS: Final = ("", "value", "interval", "words")
_SPEC: Final = re.compile(r"(?P<form>[a-z]*)(?:\.(?P<digits>\d+))?")
_SLACK: Final = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A value that never stands without its interval.

    Parameters
    ----------
    value
        The estimate, in ``unit``.
    low, high
        Its limits, in ``unit``; ``high`` may be infinite where nothing bounds it.
    confidence
        Level of the interval [0 to 1]; None where the limits are bounds that hold for certain.
    method
        Name of the method, as a report prints it.
    unit
        "proportion" and "difference" are fractions, printed as percentages and percentage points; "percent",
        "ratio", "count" and "gbp" print in their own way; any other unit is printed after the number.
    count, base
        The numerator and denominator, where there are any.
    sided
        2 for an interval, 1 for an upper bound alone.

    Raises
    ------
    DataRefused
        If the value is missing or lies outside its own limits.

    Examples
    --------
    >>> estimate = Estimate(0.226, 0.150, 0.326, method="Wilson", count=19, base=84)
    >>> f"{estimate}"
    '22.6% (95% CI 15.0% to 32.6%)'
    >>> f"{estimate:value}, {estimate:interval}, {estimate:words}"
    '22.6%, 15.0% to 32.6%, between 15 and 33 in every 100'
    """

    value: float
    low: float
    high: float
    confidence: float | None = 0.95
    method: str = ""
    unit: str = "proportion"
    count: float | None = None
    base: float | None = None
    sided: int = 2

    def __post_init__(self) -> None:
        """Check that the limits hold the value."""
        if self.confidence is not None:
            level(self.confidence)
        if not self.low - _SLACK <= self.value <= self.high + _SLACK:
            raise DataRefused(
                f"the interval {self.low:g} to {self.high:g} does not hold the value {self.value:g}",
                where=self.method or "estimate",
                cure="Check that the value and its limits are of the same figure and in the same unit.",
            )

    def __format__(self, spec: str) -> str:
        """Print by a form and, after a full stop, a number of decimals: ``{e}``, ``{e:value.2}``.

        Raises
        ------
        UsageError
            If the form is not one of value, interval or words.
        """
        found = _SPEC.fullmatch(spec)
        if not found or found["form"] not in FORMS:
            raise UsageError(
                f'"{spec}" is not a way to print an estimate',
                where="format",
                cure="Write {e}, {e:value}, {e:interval} or {e:words}; .2 after it asks for 2 decimals.",
            )
        digits = int(found["digits"]) if found["digits"] else None
        if found["form"] == "words":
            return in_words(self)
        if found["form"] == "interval":
            return self._interval(digits)
        value = quantity(self.value, self.unit, digits)
        if found["form"] == "value":
            return value
        tail = "" if self.sided == 1 else _suffix(self.unit)
        return f"{value} ({self._label()}{self._interval(digits).removesuffix(tail)})"

    def __str__(self) -> str:
        """Return the value with its interval."""
        return format(self, "")

    def _label(self) -> str:
        if self.confidence is None:
            return "bounds "
        percent = f"{self.confidence * 100:.4g}%"
        return f"one-sided {percent} bound: " if self.sided == 1 else f"{percent} CI "

    def _interval(self, digits: int | None) -> str:
        high = "no upper limit" if math.isinf(self.high) else quantity(self.high, self.unit, digits)
        return f"at most {high}" if self.sided == 1 else f"{_bare(self.low, self.unit, digits)} to {high}"

    def scaled(self, by: float, unit: str) -> Estimate:
        """Return the estimate times a known number: a share of 225 people as a count of people."""
        factor = positive(by, "factor")
        return replace(
            self, value=self.value * factor, low=self.low * factor, high=self.high * factor, unit=unit
        )


def from_row(row: Any, value: str = "share", *, unit: str = "proportion", confidence: float) -> Estimate:
    """Return the estimate that a method wrote into one row of a frame.

    Parameters
    ----------
    row
        A mapping or Series with ``value`` and its limits: ``low`` and ``high`` for a share, else
        ``<value>_low`` and ``<value>_high``; ``method``, ``count`` and ``base`` are read if present.
    value
        Column of the estimate.
    unit, confidence
        As in `Estimate`; the level that the frame was computed with.

    Raises
    ------
    DataRefused
        If the row holds no estimate because its count or base was not published.
    """
    prefix = "" if value == "share" else f"{value}_"
    return Estimate(
        row[value],
        row[f"{prefix}low"],
        row[f"{prefix}high"],
        confidence,
        str(row.get(f"{prefix}method", "")),
        unit,
        row.get("count"),
        row.get("base"),
    )


def named(frame: pd.DataFrame, names: Mapping[str, str], *, confidence: float) -> dict[str, Any]:
    """Return the shares of some rows under the names a sentence gives them, with their counts and bases.

    Parameters
    ----------
    frame
        Indexed by key, with ``share``, ``low``, ``high``, ``count`` and ``base``.
    names
        Key of a row, and the name it gets.
    confidence
        The level that the frame was computed with.

    Returns
    -------
    dict
        For each name: the estimate under it, its count under ``<name>_k`` and its base under ``<name>_n``.

    Raises
    ------
    DataRefused
        If a row holds no estimate because its count or base was not published.
    """
    found = {name: from_row(frame.loc[key], confidence=confidence) for key, name in names.items()}
    counts = {f"{name}_k": one.count for name, one in found.items()}
    return found | counts | {f"{name}_n": one.base for name, one in found.items()}


def quantity(number: float, unit: str, digits: int | None = None) -> str:
    """Print a number in its unit: ``22.6%``, ``£1,634``, ``0.21``, ``3.0 per 100``."""
    return _bare(number, unit, digits) + _suffix(unit)


def _suffix(unit: str) -> str:
    if unit in ("proportion", "percent", "gbp", "ratio", "count"):
        return ""
    return " percentage points" if unit == "difference" else f" {unit}"


def _bare(number: float, unit: str, digits: int | None) -> str:
    if unit in ("proportion", "percent"):
        return percentage(number * 100 if unit == "proportion" else number, digits)
    if unit == "difference":
        return f"{number * 100:+.{1 if digits is None else digits}f}".replace("-", "−")
    if unit == "gbp":
        return f"£{number:,.{digits or 0}f}"
    if digits is None and 0 < abs(number) < 0.1:
        return f"{number:.2g}"
    usual = 2 if unit == "ratio" else int(number != round(number))
    return f"{number:,.{usual if digits is None else digits}f}"


def percentage(percent: float, digits: int | None = None) -> str:
    """Print a percentage; one too near 0 or 100 to show is called so, never rounded into certainty."""
    places = 1 if digits is None else digits
    text, step = f"{_half_up(percent, places)}%", 10.0**-places
    if percent > 0 and float(text[:-1]) == 0:
        return f"under {step:.{places}f}%"
    if percent < 100 and float(text[:-1]) == 100:
        return f"over {100 - step:.{places}f}%"
    return text


def _half_up(number: float, places: int) -> Decimal:
    """Round as statistical releases do: 16.25 to 16.3, where binary floating point would give 16.2."""
    return Decimal(f"{number:.12g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def in_words(estimate: Estimate) -> str:
    """Say an interval to a reader without statistics; limits are widened to whole numbers.

    Returns
    -------
    str
        "between 15 and 33 in every 100", "at most 2 in every 100", "at least 98 in every 100", "between
        4 fewer and 20 more in every 100", or the limits in their unit.
    """
    if estimate.unit == "proportion":
        return _share_in_words(estimate.low, estimate.high)
    if estimate.unit == "difference":
        return _difference_in_words(estimate.low, estimate.high)
    low, high = _bare(estimate.low, estimate.unit, None), quantity(estimate.high, estimate.unit)
    if math.isinf(estimate.high):
        return f"at least {low}{_suffix(estimate.unit)}"
    return f"at most {high}" if estimate.low <= 0 else f"between {low} and {high}"


def _outward(low: float, high: float, per: int) -> tuple[int, int]:
    # The limits as printed, to a tenth, are widened: words never promise more than the digits do.
    return math.floor(round(low * per, 1)), math.ceil(round(high * per, 1))


def _share_in_words(low: float, high: float) -> str:
    per = next((per for per in (100, 1_000, 10_000) if high * per >= 1), 100_000)
    least, most = _outward(low, high, per)
    if least == 0 and most == per:
        return "too few to say: anything from none to all"
    if least == 0:
        return f"at most {max(most, 1)} in every {per:,}"
    if most == per:
        return f"at least {least} in every {per:,}"
    return (
        f"about {least} in every {per:,}" if least == most else f"between {least} and {most} in every {per:,}"
    )


def _difference_in_words(low: float, high: float) -> str:
    least, most = _outward(low, high, 100)
    if least >= 0:
        return f"between {least} and {most} more in every 100"
    if most <= 0:
        return f"between {-most} and {-least} fewer in every 100"
    return f"between {-least} fewer and {most} more in every 100"


def chance(probability: float) -> str:
    """Say a probability as a chance: "about 1 in 20", "less than 1 in a million".

    Raises
    ------
    DataRefused
        If it lies outside 0 to 1.
    """
    p = share(probability, "probability")
    if p < 1e-6:
        return "less than 1 in a million"
    if p >= 0.995:
        return "almost certain"
    if p >= 0.2:
        return f"about {p * 100:.0f} in 100"
    odds = float(f"{1 / amount(p, 'probability'):.2g}")
    return f"about 1 in {odds:,.0f}"
