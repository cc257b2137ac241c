"""What a page must keep before it is written: faults that accessibility checkers do not see, and their kin.

Each check is a small function from the page to sentences; `lint` runs all of them and hides none.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from analysis.publish.assets import script
from analysis.publish.tree import Node, parse

HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
SHORTEST_ALT: Final = 40
"""Characters: fewer cannot say what a figure shows."""

FILLER: Final = re.compile(
    r"no description|image of|^(an? )?(image|chart|figure|plot|graph|picture)[\s.\d]*$|\.(png|svg|jpe?g)$",
    re.IGNORECASE,
)
REMOTE: Final = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
LOADS: Final = ("src", "srcset", "poster", "data", "action", "formaction", "background", "xlink:href")
CSS_LOADS: Final = re.compile(r"@import|url\(\s*['\"]?(https?:)?//", re.IGNORECASE)
PATHS: Final = re.compile(r"(?<![\w./:-])/(?:home|root|work|tmp|Users|mnt|var|opt)/[\w.]|\b[A-Z]:\\[\w.]")
ERRORS: Final = re.compile(r"Traceback \(most recent call last\)|\b\w+(?:Warning|Error): ")
FORMULA: Final = re.compile(r"\$[^\s$][^$\n]*\$|\\[A-Za-z]{2,}")
PLACEHOLDER: Final = re.compile(r"(?<![\w}])\{[A-Za-z_]\w*(?:[.\[][\w\]]+)?(?:![rs])?(?::[^{}]*)?\}|\{\{|\{%")
NOTHING: Final = re.compile(r"\b(?:nan|NaN|NaT)\b|<NA>|[£(=] ?None\b|\bNone(?:%| to\b|\))|\bto None\b")
EMPTY_CELL: Final = frozenset({"", "None", "nan", "NaN", "NaT", "<NA>", "inf", "-inf"})


def lint(html: str) -> list[str]:
    """Return every rule the page breaks, one sentence each, in a fixed order; an empty list is a pass.

    Parameters
    ----------
    html
        The whole page as it would be written.
    """
    page, faults = parse(html)
    return faults + [fault for check in CHECKS for fault in check(page)]


def _document(page: Node) -> Iterator[str]:
    roots = list(page.all("html"))
    if not roots or not roots[0].attrs.get("lang"):
        yield "the page names no language"
    titles = [node for node in page.all("title") if "".join(child.data for child in node.children).strip()]
    if len(titles) != 1:
        yield f"the page has {len(titles)} titles, not one"
    if len(list(page.all("main"))) != 1:
        yield "the page has no single main landmark"
    policies = [node.attrs.get("http-equiv") for node in page.all("meta")]
    if "Content-Security-Policy" not in policies:
        yield "the page has no content security policy"


def _ids(page: Node) -> Iterator[str]:
    counts = Counter(node.attrs["id"] for node in page.walk() if "id" in node.attrs)
    for name, count in counts.items():
        if count > 1:
            yield f'id "{name}" is used {count} times'
        if not name or " " in name:
            yield f'id "{name}" is empty or has a space'


def _headings(page: Node) -> Iterator[str]:
    headings = list(page.all(*HEADINGS))
    ones = [node for node in headings if node.tag == "h1"]
    if len(ones) != 1:
        yield f"the page has {len(ones)} headings of level 1, not one"
    before = 0
    for node in headings:
        level = int(node.tag[1])
        if level > before + 1:
            yield f'heading "{node.text}" jumps from level {before} to {level}'
        if not node.text:
            yield f"a heading of level {level} is empty"
        before = level


def _images(page: Node) -> Iterator[str]:
    for node in page.all("img"):
        alt = " ".join(node.attrs.get("alt", "").split())
        if not alt:
            yield "an image has no alt text"
        elif FILLER.search(alt) or len(alt) < SHORTEST_ALT:
            yield f'alt text says nothing: "{alt}"'


def _tables(page: Node) -> Iterator[str]:
    for table in page.all("table"):
        caption = next((node.text for node in table.all("caption")), "")
        name = f'table "{caption}"' if caption else "a table"
        if not caption:
            yield "a table has no caption (a table typed in Markdown has none: use run.table)"
        if any(
            head.attrs.get("scope") not in {"col", "row", "colgroup", "rowgroup"} for head in table.all("th")
        ):
            yield f"{name} has a header cell without scope"
        rows = [[cell for cell in row.children if cell.tag] for row in table.all("tr")]
        if any(row and all(cell.tag == "td" for cell in row) for row in rows):
            yield f"{name} has a row without a header cell"
        if any(cell.text in EMPTY_CELL for cell in table.all("td")):
            yield f"{name} has a cell that is blank or says None or nan"


def _links(page: Node) -> Iterator[str]:
    ids = {node.attrs["id"] for node in page.walk() if "id" in node.attrs}
    for node in page.all("a"):
        href = node.attrs.get("href", "")
        if not href:
            yield f'link "{node.text}" leads nowhere'
        elif href.startswith("#") and href[1:] not in ids:
            yield f'link "{node.text}" leads to {href}, which is not on the page'
        if not node.text and not node.attrs.get("aria-label"):
            yield f"a link to {href} has no words"
        if re.match(r"\s*(javascript|data|file):", href, re.IGNORECASE) or href == "#harmful-link":
            yield f'link "{node.text}" is not a plain link'


def _references(page: Node) -> Iterator[str]:
    for node in page.walk():
        for name in LOADS:
            if REMOTE.match(node.attrs.get(name, "")):
                yield f"<{node.tag}> loads {node.attrs[name]} from elsewhere"
        if node.tag == "link":
            yield f"<link> loads {node.attrs.get('href', '')}: a page stands on its own"
        if node.tag in {"iframe", "object", "embed"}:
            yield f"<{node.tag}> is not allowed on a page"
        if node.tag == "style" and CSS_LOADS.search("".join(child.data for child in node.children)):
            yield "a style sheet loads something from elsewhere"


def _scripts(page: Node) -> Iterator[str]:
    for node in page.all("script"):
        if "src" in node.attrs or "".join(child.data for child in node.children) != script():
            yield "a script is not the site's own"
    for node in page.walk():
        for name in node.attrs:
            if name.startswith("on"):
                yield f"<{node.tag}> carries a script in {name}"
        if "style" in node.attrs:
            yield f"<{node.tag}> carries its own style, which the security policy blocks"


def _decoded(node: Node) -> str:
    """Return the text of an SVG carried inside the page, or nothing."""
    head, _, body = node.attrs.get("src", "").partition(";base64,")
    if head != "data:image/svg+xml":
        return ""
    try:
        return base64.b64decode(body).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _paths(page: Node) -> Iterator[str]:
    for node in page.walk():
        shown = [node.data, *(value for value in node.attrs.values() if not value.startswith("data:"))]
        for words in (*shown, _decoded(node)):
            if found := PATHS.search(words):
                yield f'an absolute path is on the page: "{words[found.start() :][:40].split()[0]}"'


def _words(page: Node) -> Iterator[str]:
    for words in page.texts(code=False):
        for pattern, fault in WORDS:
            if found := pattern.search(words):
                yield f'{fault}: "{_around(words, found)}"'
    for node in page.walk():
        if node.classes & {"stderr", "output_stderr", "output_error"}:
            yield "what a kernel wrote to stderr is on the page"


WORDS: Final = (
    (ERRORS, "an error or a warning is on the page"),
    (FORMULA, "a formula was not rendered"),
    (PLACEHOLDER, "a placeholder was not filled"),
    (NOTHING, "a missing value is printed as such"),
)


def _around(words: str, found: re.Match[str]) -> str:
    """Return the fault with a little of what stands beside it."""
    return " ".join(words[max(0, found.start() - 20) : found.end() + 20].split())


def _synthetic(page: Node) -> Iterator[str]:
    worn = {name for node in page.walk() for name in node.classes}
    if "dd-tier-synthetic" in worn and "synthetic-banner" not in worn:
        yield "synthetic data are shown without the banner"


CHECKS: Final[tuple[Callable[[Node], Iterator[str]], ...]] = (
    _document,
    _ids,
    _headings,
    _images,
    _tables,
    _links,
    _references,
    _scripts,
    _paths,
    _words,
    _synthetic,
)
