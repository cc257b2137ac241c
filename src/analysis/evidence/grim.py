"""The GRIM test: whether any whole number out of a base prints as a percentage.

A percentage of *n* people can only take n + 1 values. If none of them rounds to the percentage printed,
then the percentage, the base or both are wrong; no person-level data are needed to see it.

References
----------
Brown, N. J. L. and Heathers, J. A. J. (2017). The GRIM test: a simple technique detects numerous anomalies
in the reporting of results in psychology. Social Psychological and Personality Science, 8(4), 363-369.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

NUMERAL: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
SMALLEST_BASE_LIMIT: Final = 1000


def decimals(value: float, quote: str = "") -> int:
    """Return how many decimals a number is printed with, trailing zeros included.

    The quote decides where it has the number in digits; otherwise the value's own decimals count.
    """
    tokens = [token.rstrip(",").replace(",", "") for token in NUMERAL.findall(quote)]
    matches = [token for token in tokens if float(token) == abs(value)]
    text = max(matches, key=len) if matches else f"{abs(value):.10f}".rstrip("0")
    return len(text.partition(".")[2])


def printed_range(percent: float, places: int) -> tuple[Fraction, Fraction]:
    """Return the closed range of percentages that print as this one, however ties are rounded [percent]."""
    half = Fraction(1, 2 * 10**places)
    centre = Fraction(str(percent))
    return centre - half, centre + half


def possible_counts(percent: float, base: int, places: int) -> range:
    """Return the whole numbers out of ``base`` that print as ``percent``; empty if none does.

    Parameters
    ----------
    percent
        The printed percentage [percent].
    base
        The stated base [people or things], above 0.
    places
        Decimals the percentage is printed with.

    References
    ----------
    Brown and Heathers (2017), the GRIM test.
    """
    low, high = printed_range(percent, places)
    first = max(0, math.ceil(low * base / 100))
    return range(first, max(first, min(base, math.floor(high * base / 100)) + 1))


def can_fail(base: int, places: int) -> bool:
    """Whether the test has any power: with a base this large every printed percentage is possible."""
    return base < 100 * 10.0**places


def nearest_share(percent: float, base: int) -> tuple[int, float]:
    """Return the whole number whose share comes nearest, and that share [count, percent]."""
    count = min(base, max(0, round(percent * base / 100)))
    return count, 100 * count / base


def possible_bases(percent: float, places: int, bases: Iterable[int]) -> list[int]:
    """Return those of the given bases out of which some whole number prints as the percentage."""
    return sorted({base for base in bases if base > 0 and possible_counts(percent, base, places)})


def smallest_base(percent: float, places: int) -> tuple[int, int] | None:
    """Return the smallest count and base that print as the percentage, or None up to a base of 1,000."""
    for base in range(1, SMALLEST_BASE_LIMIT + 1):
        counts = possible_counts(percent, base, places)
        if counts:
            return counts[0], base
    return None


def rounds_to_half(share: float, percent: float) -> bool:
    """Whether a share prints as the percentage when it is rounded to the nearest half, not to a tenth."""
    return round(share * 2) / 2 == percent
