"""What is recorded of each characteristic, and what no unknown can overturn."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods import recording

RESTS = {"tier": "published", "source_id": "x", "figure_ids": "one", "footnote": ""}
CODES = pd.DataFrame({"code": ["age", "race", "sex", "faith"], "label": ["Age", "Race", "Sex", "Faith"]})


def printed(**given: tuple[float, float]) -> pd.DataFrame:
    """Return rows of count and base by code."""
    rows = [{"label": key, "count": count, "base": base, **RESTS} for key, (count, base) in given.items()]
    return pd.DataFrame(rows, columns=["label", "count", "base", *RESTS], index=pd.Index(list(given)))


def test_each_characteristic_says_what_is_printed_of_it():
    """In full, in part, as a share alone, or nothing; what is not in the list comes last."""
    whole = printed(age=(99, 100), tenure=(98, 100))
    part = printed(race=(20, math.nan), sex=(math.nan, math.nan))
    found = recording.listed(CODES, whole, part, sources=["x", "y"])
    assert list(found.index) == ["age", "race", "sex", "faith", "tenure"]
    assert found["printed_of"].tolist() == [
        recording.WHOLE,
        recording.PART,
        recording.SHARE,
        recording.NOTHING,
        recording.WHOLE,
    ]
    assert found.loc["faith", "source_id"] == "x y"
    assert found["share"].notna().tolist() == [True, False, False, False, True]


def test_a_count_in_full_without_its_base_is_not_complete():
    """Every category may be printed and the number asked be unknown all the same."""
    found = recording.listed(CODES, printed(age=(99, math.nan)), printed(), sources=["x"])
    assert found.loc["age", "printed_of"] == recording.NOTHING
    assert math.isnan(found.loc["age", "share"])


def test_the_least_complete_is_named():
    """The lowest share is said with its margin; with none known, that none can be checked."""
    found = recording.listed(CODES, printed(age=(90, 100), race=(99, 100)), printed(), sources=["x"])
    assert "is age, known for 90.0% of people" in recording.least_complete(found)
    assert recording.least_complete(found[found["share"].isna()]) == "None can be checked."


@given(
    st.integers(1, 200).flatmap(
        lambda total: st.integers(0, total).flatmap(
            lambda recorded: st.tuples(st.integers(0, recorded), st.just(recorded), st.just(total))
        )
    ),
    st.floats(0.01, 0.99),
)
def test_a_finding_that_stands_holds_for_every_way_the_unknown_could_be(numbers, reference):
    """With any number of the unknown in, the share lies on the same side of the denominator."""
    count, recorded, total = numbers
    frame = pd.DataFrame(
        [
            {
                "label": "A",
                "count": count,
                "recorded": recorded,
                "total": total,
                "reference": reference,
                **RESTS,
            }
        ]
    )
    verdict = recording.with_survival(frame)["verdict"].iloc[0]
    shares = [(count + inside) / total for inside in range(total - recorded + 1)]
    if verdict == recording.STANDS_MORE:
        assert min(shares) > reference
    if verdict == recording.STANDS_LESS:
        assert max(shares) < reference


def test_the_widest_is_one_that_is_compared():
    """Of shares with a denominator the widest is named; the others do not count as judged."""
    rows = [
        {"label": "A", "count": 10, "recorded": 10, "total": 100, "reference": 0.5, **RESTS},
        {"label": "B", "count": 5, "recorded": 5, "total": 100, "reference": math.nan, **RESTS},
        {"label": "C", "count": 90, "recorded": 100, "total": 100, "reference": 0.5, **RESTS},
    ]
    found = recording.widest(recording.with_survival(pd.DataFrame(rows)))
    assert (found["open_label"], found["open_high"]) == ("A", pytest.approx(1))
    assert (found["stand"], found["judged"]) == (1, 2)
