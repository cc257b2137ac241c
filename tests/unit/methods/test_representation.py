"""Groups beside a denominator: families adjusted together, unknown kept, provenance of both sides."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods import representation

RESTS = {"tier": "published", "source_id": "x", "figure_ids": "one", "footnote": ""}


def side(**counts: float) -> pd.DataFrame:
    """Return groups with their counts out of 100."""
    rows = [{"label": name.upper(), "count": count, "base": 100.0, **RESTS} for name, count in counts.items()]
    return pd.DataFrame(rows, index=pd.Index(list(counts), name="key"))


def test_every_group_of_either_side_is_kept():
    """A group that one side does not print is unknown, and its p-value and ratio with it."""
    found = representation.against(side(a=20, b=30), side(b=30, c=10))
    assert list(found.index) == ["b", "c", "a"]
    assert found.loc["b", "finding"] == representation.UNCLEAR
    assert found.loc[["a", "c"], "finding"].tolist() == [representation.UNKNOWN] * 2
    assert found.loc[["a", "c"], "ratio"].isna().all()
    assert found.loc["a", "tier"] == "published"


def test_each_footnote_and_id_stands_once():
    """Ids of both sides stand once each; a footnote stays a sentence."""
    ours = side(a=20).assign(footnote="Said twice.", figure_ids="one two")
    theirs = side(a=10).assign(footnote="Said twice.", figure_ids="two three")
    found = representation.against(ours, theirs).loc["a"]
    assert found["figure_ids"] == "one two three"
    assert found["footnote"] == "Said twice."


def test_what_is_called_depends_on_the_rate_of_false_discoveries():
    """A difference near the rate is called at one rate and not at a lower one."""
    ours, theirs = side(a=20), side(a=12)
    assert representation.against(ours, theirs, false_discovery=0.05).loc["a", "finding"] == "more often"
    assert representation.against(ours, theirs, false_discovery=0.001).loc["a", "finding"] == (
        "no clear difference"
    )


def test_the_tally_counts_what_was_compared():
    """Made is called and left together; unknown is in neither."""
    compared = representation.against(side(a=60, b=30), side(a=30, b=30, c=5))
    assert representation.tally(compared) == {"made": 2, "called": 1, "left": 1}


def test_an_expected_share_follows_the_residents_and_has_no_count():
    """The row rests on residents and rates, and keeps the order of the others."""
    frame = side(a=20, b=5).assign(printed=math.nan, note="")
    rates = pd.DataFrame({"printed": [10.0, 5.0], **RESTS, "source_id": "survey"}, index=["group", "others"])
    found = representation.with_expected_share(frame, "a", rates, label="Expected", note="worked out")
    assert list(found.index) == ["a", "expected", "b"]
    row = found.loc["expected"]
    assert row["printed"] == pytest.approx(100 * 0.02 / (0.02 + 0.04))
    assert math.isnan(row["count"])
    assert row["source_id"] == "x survey"


def test_a_share_is_said_or_said_to_be_missing():
    """In words a count keeps its base and its margin; a count without a base is not a share."""
    frame = side(a=20).assign(base=[100.0])
    said = representation.in_words(frame, "a")
    assert said.startswith("Of those supported they are **20.0%** (20 of 100; between 13 and 29 in every 100")
    for absent in (frame.assign(base=math.nan), frame.iloc[:0]):
        assert "not published" in representation.in_words(absent, "a")


def test_times_are_those_of_everyone_else():
    """The complement of the majority is compared with the complement of its reference."""
    compared = representation.against(side(a=80), side(a=90))
    assert representation.times_in_words(compared, "a").startswith("That is about 2.00 times")
    assert "cannot be worked out" in representation.times_in_words(compared.iloc[:0], "a")


def test_nobody_affected_is_refused():
    """Rates of nought give no share, and the message says so."""
    with pytest.raises(DataRefused, match="nobody is affected"):
        representation.share_among_affected(0.2, 0, 0)


def test_a_missing_column_is_named():
    """A frame without bases is refused before anything is compared."""
    with pytest.raises(UsageError, match='no column "base"'):
        representation.against(side(a=1).drop(columns="base"), side(a=1))
