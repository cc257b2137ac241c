"""Every worked example agrees with its source, and the method pages say what the examples say."""

from __future__ import annotations

import pytest
from document import FOLDER, load, pages

from analysis.errors import UsageError

PAGES = load()
EXAMPLES = [
    pytest.param(page, example, id=f"{name}: {example.title}")
    for name, page in PAGES.items()
    for example in page.examples
]


@pytest.mark.parametrize(("page", "example"), EXAMPLES)
def test_the_method_gives_the_published_numbers(page, example):
    """A call on the table in gives the table out, to every decimal that the source prints."""
    assert example.differences(page.names()) == []


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_page_is_what_its_examples_write(name):
    """A page of docs/methods is neither stale nor edited by hand."""
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name]


def test_no_page_is_left_without_examples():
    """Every page of docs/methods comes from a file of examples."""
    assert {path.name for path in FOLDER.glob("*.md")} == set(pages())


def test_an_example_that_is_wrong_is_reported():
    """The machinery itself can fail: a changed digit, a missing row and an unknown column are all seen."""
    page = PAGES["proportions"]
    example = page.examples[0]
    digits = type(example)("", "count | base\n1 | 100", "wilson(count, base)", "low\n0.001768", "")
    assert digits.differences(page.names()) == ["row 0, low: 0.001767, expected 0.001768"]
    rows = type(example)("", "count | base\n1 | 100", "wilson(count, base)", "low\n0.001767\n0.1", "")
    assert rows.differences(page.names()) == ["1 rows came out, 2 were expected"]
    with pytest.raises(UsageError):
        type(example)("", "a\n1", "with_proportions(given)", "low\n1", "").differences(page.names())
