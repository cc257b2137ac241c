"""Markdown of a notebook as HTML: raw HTML is escaped, formulas become MathML."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    import mistune

HEADING: Final = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$", re.MULTILINE)
OPERATOR: Final = re.compile(r"<mi>(&#x000?(?:B1|D7);)</mi>")
"""Plus-minus and times, which the converter takes for names and would set without space."""


def to_html(text: str) -> Markup:
    """Return a cell's Markdown as HTML."""
    return Markup(str(_converter()(text)))  # noqa: S704 - the converter escapes


def inline(text: str) -> Markup:
    """Return one paragraph of Markdown without the paragraph around it."""
    html = str(_converter()(text)).strip()
    one = html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1
    return Markup(html[3:-4] if one else html)  # noqa: S704 - the converter escapes


def plain(text: str) -> str:
    """Return Markdown as words alone, for an attribute or a search box."""
    return " ".join(inline(text).striptags().split())


def split_heading(source: str) -> tuple[int, str, str]:
    """Return a cell's first heading and what follows: (level, words, rest); level 0 if it opens with none."""
    found = HEADING.match(source.lstrip())
    if not found:
        return 0, "", source
    return len(found[1]), found[2], source.lstrip()[found.end() :].lstrip("\n")


@cache
def _converter() -> mistune.Markdown:
    import mistune  # noqa: PLC0415 - planning needs no Markdown

    converter = mistune.create_markdown(escape=True, plugins=["table", "math"])
    renderer = converter.renderer
    renderer.register("block_math", lambda _renderer, text: _mathml(text, "block"))  # type: ignore[union-attr]
    renderer.register("inline_math", lambda _renderer, text: _mathml(text, "inline"))  # type: ignore[union-attr]
    renderer.register("table_cell", _table_cell)  # type: ignore[union-attr]
    return converter


def _mathml(formula: str, display: str) -> str:
    """Return a LaTeX formula as MathML; one that cannot be read stays as typed, and the lint names it."""
    from latex2mathml.converter import convert  # noqa: PLC0415 - slow to import, and most cells have no formula

    try:
        mathml = OPERATOR.sub(r"<mo>\1</mo>", str(convert(formula.strip(), display=display)))
    except Exception:  # noqa: BLE001 - the library raises its own, bare and built-in errors alike
        return str(escape(f"${formula}$"))
    if display == "inline":
        return mathml
    return f'<span class="formula" role="group" aria-label="Formula" tabindex="0">{mathml}</span>'


def _table_cell(_renderer: object, text: str, align: str | None = None, head: bool = False) -> str:
    """Return a cell; `align` is dropped because a page's policy allows no style on an element."""
    del align
    return f'  <th scope="col">{text}</th>\n' if head else f"  <td>{text}</td>\n"
