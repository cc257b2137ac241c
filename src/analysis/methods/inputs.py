"""What every method asks of the numbers it is given, and how it refuses them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
from scipy.special import ndtri

from analysis.errors import DataRefused, UsageError, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def whole(value: Any, name: str) -> int:
    """Return a count as an integer.

    Raises
    ------
    DataRefused
        If it is missing, negative or not a whole number.
    """
    number = amount(value, name)
    if number != int(number):
        raise DataRefused(
            f"{name} is {number:g}, which is not a whole number",
            where=name,
            cure="Give the number of people or events, not a share or an average.",
        )
    return int(number)


def amount(value: Any, name: str) -> float:
    """Return a finite number that is not negative.

    Raises
    ------
    DataRefused
        If it is missing, infinite or negative.
    """
    if pd.isna(value) or not math.isfinite(value) or value < 0:
        raise DataRefused(
            f"{name} is {value}, but must be a number of zero or more",
            where=name,
            cure="Leave rows without a published number out of the call, or use the frame form.",
        )
    return float(value)


def positive(value: Any, name: str) -> float:
    """Return a finite number above zero.

    Raises
    ------
    DataRefused
        If it is missing, infinite, zero or negative.
    """
    number = amount(value, name)
    if number == 0:
        raise DataRefused(
            f"{name} is 0, and nothing can be divided by it",
            where=name,
            cure="Check the denominator that was chosen.",
        )
    return number


def part_of(count: Any, base: Any) -> tuple[int, int]:
    """Return a count and the base it is part of, both whole.

    Raises
    ------
    DataRefused
        If either is not a whole number, the base is 0 or the count is above the base.
    """
    k, n = whole(count, "count"), int(positive(whole(base, "base"), "base"))
    if k > n:
        raise DataRefused(
            f"count {k:,} is above its base {n:,}",
            where="count",
            cure="Check that the base is the denominator of this count, in the same period.",
        )
    return k, n


def share(value: Any, name: str) -> float:
    """Return a fraction from 0 to 1.

    Raises
    ------
    DataRefused
        If it lies outside, as a percentage would.
    """
    number = amount(value, name)
    if number > 1:
        raise DataRefused(
            f"{name} is {number:g}, but a share is a fraction from 0 to 1",
            where=name,
            cure="Divide a percentage by 100.",
        )
    return number


def level(confidence: float) -> float:
    """Return a confidence level strictly between 0 and 1.

    Raises
    ------
    UsageError
        If it is not, for example because it was given in percent.
    """
    if not 0 < confidence < 1:
        raise UsageError(
            f"confidence is {confidence}, but must lie between 0 and 1",
            where="confidence",
            cure="Write 0.95 for 95%.",
        )
    return float(confidence)


def normal_quantile(confidence: float) -> float:
    """Return the two-sided standard normal quantile of a confidence level, 1.959964 for 0.95."""
    return float(ndtri(1 - (1 - level(confidence)) / 2))


def require_columns(frame: pd.DataFrame, names: Iterable[str], *, where: str) -> None:
    """Refuse a frame that lacks a column a method needs.

    Raises
    ------
    UsageError
        Naming the first absent column and those that exist.
    """
    for name in names:
        if name not in frame.columns:
            raise UsageError(
                f'there is no column "{name}"', where=where, cure=one_of(name, map(str, frame.columns))
            )
