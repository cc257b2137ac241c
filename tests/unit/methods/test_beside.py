"""One group beside all others, from counts that may be shown."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods.beside import NOTHING, differences_beside, largest, shares_beside
from analysis.methods.proportions import newcombe, wilson

MEN, REST = "Men", "Women"
ASKED = {"groups": [MEN, REST], "events": ["Yes"], "least": 50}


def counts(cells: dict[str, tuple[float, float, float]]) -> pd.DataFrame:
    """Return counts of yes, no and not known by group, as shares() of a released object has them."""
    rows = [
        {"sex": group, "need": answer, "count": count, "base": math.nan, "tier": "synthetic",
         "source_id": "s", "figure_ids": "", "footnote": ""}
        for group, three in cells.items()
        for answer, count in zip(("Yes", "No", "Unknown, of any kind"), three, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


NEED = counts({MEN: (42, 30, 11), REST: (299, 182, 101)})


def test_shares_are_of_those_whose_answer_is_known() -> None:
    found = shares_beside(NEED, first="Mental health", **ASKED)
    assert list(found["group"]) == [MEN, REST]
    assert list(found["base"]) == [72, 481]
    men = wilson(42, 72)
    assert found.loc[0, ["share", "low", "high"]].tolist() == [men.value, men.low, men.high]
    assert set(found["tier"]) == {"synthetic"}


def test_differences_are_newcombe_s_and_one_family() -> None:
    """Two of three are shown; each is judged with the other."""
    hidden = counts({MEN: (math.nan, math.nan, 44), REST: (math.nan, math.nan, 268)})
    other = counts({MEN: (32, 39, 12), REST: (146, 361, 75)})
    found = differences_beside(
        NEED, first="Mental health", others={"Drugs": hidden, "Disabled": other}, **ASKED
    ).set_index("label")
    gap = newcombe(42, 72, 299, 481)
    assert found.loc["Mental health", ["difference", "low", "high"]].tolist() == [
        gap.value,
        gap.low,
        gap.high,
    ]
    assert found.loc["Drugs", ["share", "other", "difference", "p_bh"]].isna().all()
    assert found.loc["Disabled", "p"] == pytest.approx(0.0054, abs=2e-4)
    assert found.loc["Disabled", "p_bh"] == pytest.approx(2 * found.loc["Disabled", "p"])
    assert largest(found.reset_index())["said"] == "+16.3 percentage points (disabled)"


def test_a_base_too_small_for_a_percentage_has_none() -> None:
    few = counts({MEN: (17, 28, 0), REST: (165, 136, 0)})
    found = shares_beside(few, first="Accepted", **ASKED).set_index("group")
    assert math.isnan(found.loc[MEN, "share"])
    assert found.loc[MEN, "count"] == 17
    assert found.loc[REST, "share"] == pytest.approx(165 / 301)
    assert largest(differences_beside(few, first="Accepted", **ASKED))["said"] is None
    assert largest(found.reset_index())["said"] == NOTHING


def test_one_hidden_count_hides_the_share() -> None:
    """The base of those known needs every answer."""
    found = shares_beside(counts({MEN: (60, math.nan, 3), REST: (70, 80, 9)}), first="x", **ASKED)
    assert math.isnan(found.loc[0, "share"])


def test_all_or_none_of_a_group_is_never_said() -> None:
    found = shares_beside(counts({MEN: (60, 0, 3), REST: (0, 80, 9)}), first="x", **ASKED)
    assert found["share"].isna().all()


def test_several_answers_of_one_table_are_a_row_each_under_their_own_names() -> None:
    found = differences_beside(NEED, first="Need", **{**ASKED, "events": ["Yes", "No"]})
    assert list(found["label"]) == ["Yes", "No"]
    assert found["difference"].sum() == pytest.approx(0)


def test_an_answer_that_no_table_has_is_refused() -> None:
    for method in (shares_beside, differences_beside):
        with pytest.raises(DataRefused, match="No answer"):
            method(NEED, first="x", **{**ASKED, "events": ["Perhaps"]})
    with pytest.raises(UsageError, match="two are needed"):
        shares_beside(NEED.drop(columns="need"), first="x", **ASKED)
