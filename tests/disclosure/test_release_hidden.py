"""A hidden number prints as its marker and does nothing else; an output without records does nothing."""

import math
import operator

import pandas as pd
import pytest

from analysis.disclosure.outputs.hidden import Hidden, Unavailable
from analysis.errors import DisclosureRefused

HIDDEN = Hidden("[c]")


def test_it_prints_as_the_marker_in_every_format():
    """Text, a format and a file say the marker."""
    assert (str(HIDDEN), f"{HIDDEN:.1%}", f"{HIDDEN:count}") == ("[c]", "[c]", "[c]")
    assert pd.DataFrame({"n": [HIDDEN, 12]}).to_csv(index=False) == "n\n[c]\n12\n"


@pytest.mark.parametrize(
    "reckon",
    [
        bool,
        int,
        float,
        len,
        round,
        abs,
        operator.neg,
        math.floor,
        *(lambda one, op=op: op(one, 3) for op in (operator.add, operator.sub, operator.mul, operator.mod)),
        *(lambda one, op=op: op(3, one) for op in (operator.add, operator.sub, operator.truediv)),
        *(lambda one, op=op: op(one, 3) for op in (operator.lt, operator.ge, operator.eq, operator.ne)),
        lambda one: sum([one, one]),
        lambda one: 1 if one else 0,
        lambda one: max(one, 10),
        list,
    ],
)
def test_nothing_is_reckoned_with_it(reckon):
    """Arithmetic, comparison and truth are refused in one sentence that has no number."""
    with pytest.raises((DisclosureRefused, TypeError)) as refused:
        reckon(HIDDEN)
    if isinstance(refused.value, DisclosureRefused):
        assert "a hidden number cannot be reckoned with" in str(refused.value)
        assert not any(letter.isdigit() for letter in str(refused.value))


def test_hidden_numbers_are_all_alike():
    """One hidden number tells nothing from another."""
    assert Hidden("[c]") == HIDDEN
    assert hash(Hidden("[c]")) == hash(HIDDEN)
    assert HIDDEN != "[c]"


def test_without_records_everything_passes_through():
    """A notebook runs to its end: attributes, calls, arithmetic and comparison give nothing again."""
    nothing = Unavailable(needs=["referrals", "referrals"])
    assert nothing.needs == ("referrals",)
    assert not nothing
    assert (100 * nothing.share(sex="Male") + 1) == nothing
    assert nothing.frame()["share"].iloc[0] == nothing
    assert not nothing.count() > 3
    assert list(nothing) == []
    assert {**nothing} == {}
    assert f"{nothing:words}" == ""
