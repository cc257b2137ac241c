"""The GRIM test against its published rule, worked examples, and every share that whole numbers can give."""

from __future__ import annotations

from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence import grim


@pytest.mark.parametrize(
    ("percent", "base", "places", "expected"),
    [
        (36.9, 189, 1, []),
        (36.9, 225, 1, [83]),
        (23.6, 189, 1, []),
        (23.6, 225, 1, [53]),
        (22.6, 84, 1, [19]),
        (72, 134, 0, [96, 97]),
        (0, 232, 0, [0, 1]),
        (100, 7, 0, [7]),
        (1.5, 150, 1, []),
    ],
)
def test_the_whole_numbers_that_print_as_a_percentage(
    percent: float, base: int, places: int, expected: list[int]
) -> None:
    """Brown and Heathers (2017): a mean of n integers can only fall on multiples of 1/n."""
    assert list(grim.possible_counts(percent, base, places)) == expected


def test_the_published_example_is_inconsistent() -> None:
    """Brown and Heathers (2017): no 28 integers have a mean of 5.19, whatever they are."""
    # a total out of 28 x 100 prints as a percentage exactly as that total over 28 prints as a mean
    assert list(grim.possible_counts(5.19, 2800, 2)) == []
    assert list(grim.possible_counts(5.18, 2800, 2)) == [145]
    assert list(grim.possible_counts(5.21, 2800, 2)) == [146]


@given(
    base=st.integers(1, 5000),
    data=st.data(),
    places=st.integers(0, 3),
    rounding=st.sampled_from((ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN)),
)
def test_a_share_of_whole_numbers_never_fails(
    base: int, data: st.DataObject, places: int, rounding: str
) -> None:
    """Whatever the count, the base, the decimals and the way ties are rounded, a true share passes."""
    count = data.draw(st.integers(0, base))
    share = (Decimal(100) * count / base).quantize(Decimal(1).scaleb(-places), rounding)
    assert count in grim.possible_counts(float(share), base, places)


@given(percent=st.integers(0, 100), base=st.integers(100, 3000))
def test_a_test_that_cannot_fail_is_recognised(percent: int, base: int) -> None:
    """On a base of 100 or more every whole percentage is possible, so passing means nothing."""
    assert not grim.can_fail(base, 0)
    assert grim.possible_counts(percent, base, 0)


@pytest.mark.parametrize(
    ("value", "quote", "expected"),
    [
        (36.9, "36.9% of all referrals", 1),
        (22, "22% of respondents", 0),
        (22, "22.0% of 49", 1),
        (-1.26, "a 1.26% decrease", 2),
        (25, "approximately a quarter", 0),
        (1793, "£1,793.00 per programme", 2),
        (8.57, "", 2),
    ],
)
def test_decimals_are_read_as_printed(value: float, quote: str, expected: int) -> None:
    """Trailing zeros count where the quote has them."""
    assert grim.decimals(value, quote) == expected


def test_the_smallest_base_that_prints_a_percentage() -> None:
    """16.25 % is 13 of 80 and nothing smaller; 8.57 % is 3 of 35."""
    assert grim.smallest_base(16.25, 2) == (13, 80)
    assert grim.smallest_base(8.57, 2) == (3, 35)


def test_only_bases_that_can_are_candidates() -> None:
    """Of the bases in one document, 36.9 % can be of 84 or 225 and not of 189 or 150."""
    assert grim.possible_bases(36.9, 1, [150, 189, 225, 84, 0]) == [84, 225]
