"""Markdown of a notebook as HTML."""

from __future__ import annotations

import pytest

from analysis.publish.markdown import inline, plain, split_heading, to_html


def test_formulas_become_mathml() -> None:
    """Inline and display formulas are MathML, and a wide one can be scrolled by keyboard."""
    html = to_html("For $n$ people\n\n$$\n\\frac{k}{n}\n$$")
    assert html.count("<math") == 2
    assert "<mfrac>" in html
    assert 'role="group" aria-label="Formula" tabindex="0"' in html
    assert "$" not in html


def test_unreadable_formula_stays_for_the_lint() -> None:
    """A formula that cannot be read is left as typed, so that the lint names it."""
    assert "$\\frac$" in to_html("so $\\frac$ it is")


def test_prices_are_not_formulas() -> None:
    """One dollar sign opens nothing."""
    assert inline("It cost $3 a night") == "It cost $3 a night"


def test_tables_have_scope_and_no_style() -> None:
    """Header cells say what they head, and alignment brings no style that the policy would block."""
    html = to_html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert html.count('<th scope="col">') == 2
    assert "style" not in html


def test_inline_has_no_paragraph() -> None:
    """One paragraph loses its tags; two keep them."""
    assert inline("**26%** of <b>men</b>") == "<strong>26%</strong> of &lt;b&gt;men&lt;/b&gt;"
    assert inline("a\n\nb").count("<p>") == 2


def test_plain_is_words_alone() -> None:
    """Markup and entities are gone."""
    assert plain("**Men** & women, *all* of them") == "Men & women, all of them"


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("## Places\n\nwords", (2, "Places", "words")),
        ("# Title #\nquestion", (1, "Title", "question")),
        ("\n### Deep", (3, "Deep", "")),
        ("no heading\n\n## later", (0, "", "no heading\n\n## later")),
    ],
)
def test_heading_is_split_off(source: str, parts: tuple[int, str, str]) -> None:
    """A cell's first heading is told from what follows it."""
    assert split_heading(source) == parts
