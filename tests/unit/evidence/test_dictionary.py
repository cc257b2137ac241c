"""The data dictionary: fresh, whole, and strict about what is not described or not allowed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataRefused
from analysis.evidence import dictionary
from analysis.layout import Layout

LAYOUT = Layout.find()


@pytest.fixture
def copy(tmp_path: Path) -> Layout:
    """A checkout with data of its own, to break."""
    leave = shutil.ignore_patterns("raw", "processed", "synthetic")
    shutil.copytree(LAYOUT.data, tmp_path / "data", ignore=leave)
    return Layout(tmp_path)


def test_the_committed_page_is_fresh() -> None:
    """data/README.md is what the tables say today."""
    page = (LAYOUT.data / "README.md").read_text("utf-8")
    assert page == dictionary.render(), "Run `python -m analysis.evidence.dictionary`."


def test_the_page_counts_rows_and_blanks() -> None:
    """Numbers on the page are read off the tables."""
    page = dictionary.render()
    coverage = pd.read_csv(LAYOUT.data / "questions" / "coverage.csv", dtype=str)
    share = round(100 * coverage["notebook"].isna().mean())
    assert "| [`published/figures.csv`](#publishedfigurescsv) | 567 |" in page
    assert (
        f"| `notebook` | text | Notebook; blank if none of this release bears on it |  |  | {share}% |"
        in page
    )
    assert "`figure_id` of `published/figures.csv`" in page


def test_writing_gives_the_page_again(copy: Layout) -> None:
    """Writing is idempotent."""
    page = dictionary.write(copy)
    assert page.read_text("utf-8") == dictionary.render(copy) == dictionary.render()


def test_an_undescribed_column_is_named(copy: Layout) -> None:
    """A new column needs a description before it can be committed."""
    path = copy.data / "published" / "outside.csv"
    frame = pd.read_csv(path, dtype=str)
    frame.assign(colour="x").to_csv(path, index=False)
    with pytest.raises(DataRefused) as caught:
        dictionary.render(copy)
    found, cure = str(caught.value).split(". ")
    assert found == 'data/published/outside.csv: the column "colour" has no description'
    assert cure == "Add a row to data/dictionary.csv."


def test_an_undescribed_table_and_a_stale_description_are_named_together(copy: Layout) -> None:
    """All faults come in one pass."""
    (copy.data / "reference" / "extra.csv").write_text("a\n1\n", "utf-8")
    path = copy.data / "dictionary.csv"
    path.write_text(path.read_text("utf-8").replace("published/areas.csv,name,", "published/areas.csv,nom,"))
    with pytest.raises(DataRefused) as caught:
        dictionary.render(copy)
    message = str(caught.value)
    assert "data/reference/extra.csv: the table has no description. Add a row to data/tables.csv." in message
    assert 'data/reference/extra.csv: the column "a" has no description' in message
    assert 'data/published/areas.csv: the column "name" has no description' in message
    assert 'data/dictionary.csv: published/areas.csv has no column "nom". Remove the row.' in message


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        (
            "published/periods.csv",
            "norfolk,2022-23",
            "norflok,2022-23",
            'column area: "norflok" is not allowed',
        ),
        ("reference/homelessness.csv", ",ok\n", ",fine\n", 'column status: "fine" is not allowed'),
    ],
)
def test_a_value_outside_those_allowed_is_named(
    copy: Layout, table: str, old: str, new: str, message: str
) -> None:
    """Allowed values and keys of other tables are checked, not only described."""
    path = copy.data / table
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(DataRefused) as caught:
        dictionary.render(copy)
    assert message in str(caught.value)
    assert f"data/{table}" in str(caught.value)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-2", ""], "whole number"),
        (["1", "2.5"], "number"),
        (["true", "false"], "true or false"),
        (["2022-04-01", ""], "date"),
        (["2018Q2"], "quarter"),
        (["1", "many"], "text"),
        (["", ""], "text"),
    ],
)
def test_the_type_is_the_narrowest_that_all_values_take(values: list[str], kind: str) -> None:
    """Blanks say nothing of the type."""
    assert dictionary.kind_of(pd.Series(values)) == kind


@pytest.mark.parametrize(
    ("blank", "rows", "share"), [(0, 10, "0%"), (1, 1000, "<1%"), (999, 1000, ">99%"), (5, 5, "100%")]
)
def test_a_few_blanks_are_not_shown_as_none(blank: int, rows: int, share: str) -> None:
    """Rounding never hides a blank, nor the one value that is there."""
    assert dictionary.missing_share(pd.Series([""] * blank + ["x"] * (rows - blank))) == share
