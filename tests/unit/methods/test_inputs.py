"""What methods refuse, and that the message names the fact and the cure."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods import inputs


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: inputs.whole(2.5, "count"), "count: count is 2.5, which is not a whole number."),
        (lambda: inputs.amount(-1, "cost"), "cost: cost is -1, but must be a number of zero or more."),
        (lambda: inputs.amount(math.nan, "cost"), "cost: cost is nan, but must be a number of zero or more."),
        (lambda: inputs.amount(pd.NA, "cost"), "cost: cost is <NA>, but must be a number of zero or more."),
        (lambda: inputs.amount(math.inf, "cost"), "cost: cost is inf, but must be a number of zero or more."),
        (lambda: inputs.positive(0, "base"), "base: base is 0, and nothing can be divided by it."),
        (lambda: inputs.part_of(5, 4), "count: count 5 is above its base 4."),
        (lambda: inputs.share(47, "share"), "share: share is 47, but a share is a fraction from 0 to 1."),
    ],
)
def test_impossible_data_are_refused_with_a_cure(call, message):
    """The message states the fact in the field's words and a cure follows it."""
    with pytest.raises(DataRefused) as refused:
        call()
    assert str(refused.value).startswith(message)
    assert refused.value.cure


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.1])
def test_a_confidence_outside_0_to_1_is_a_usage_error(confidence):
    """95 for 95% is the usual slip, and the cure says so."""
    with pytest.raises(UsageError, match=r"Write 0\.95 for 95%"):
        inputs.level(confidence)


def test_an_absent_column_is_named_with_its_nearest_neighbour():
    """A mistyped column is answered with the one that was meant."""
    with pytest.raises(UsageError, match=r'no column "cout"\. Did you mean "count"\?'):
        inputs.require_columns(pd.DataFrame({"count": [1]}), ["cout"], where="wilson")


def test_the_normal_quantile_is_the_one_in_every_table():
    """1.959964 at 95% and 3.090232 at 99.8%."""
    assert inputs.normal_quantile(0.95) == pytest.approx(1.959964, abs=5e-7)
    assert inputs.normal_quantile(0.998) == pytest.approx(3.090232, abs=5e-7)
