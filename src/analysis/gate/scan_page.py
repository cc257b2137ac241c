"""report.html: the page that the notebook gives, to the byte; it hides nothing and runs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analysis.errors import RenderFailed
from analysis.gate.markup import UNSEEN, read
from analysis.gate.refusal import Refusal, refuse
from analysis.gate.subject import Subject
from analysis.layout import Layout
from analysis.publish.assets import script, style
from analysis.publish.lint import lint
from analysis.publish.page import page
from analysis.publish.runs import PAGE_FILE, Run
from analysis.publish.tree import Node

HIDING: Final = frozenset(
    {"hidden", "style", "title", "dir", "translate", "contenteditable", "srcdoc", "slot"}
)
"""Attributes that hide an element, or say something that is not on the page."""
FOREIGN: Final = frozenset(
    {
        *("template", "noscript", "iframe", "object", "embed", "link", "base", "input", "form", "button"),
        *("audio", "video", "canvas", "svg", "annotation", "annotation-xml", "semantics", "del", "ins"),
        *("ruby", "dialog"),
    }
)
"""Elements that no report has: they load, take input, or carry what is not shown."""


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield what is wrong with the page, if the run has one."""
    path = run.folder / PAGE_FILE
    if not path.is_file():
        return
    try:
        html = path.read_text("utf-8")
    except UnicodeDecodeError:
        yield refuse("page-markup", PAGE_FILE, "it is not text in UTF-8")
        return
    yield from markup(html, PAGE_FILE)
    yield from _remade(run, html)


def _remade(run: Subject, html: str) -> Iterator[Refusal]:
    try:
        again = page(Run.read(run.folder), Layout(run.root))
    except (RenderFailed, KeyError, TypeError, ValueError, AttributeError):
        yield refuse("page-remade", PAGE_FILE, "no page can be made of the notebook as it stands")
        return
    if html != again:
        line = _first_difference(html, again)
        why = f"from line {line} on it is not the page that the notebook gives"
        yield refuse("page-remade", PAGE_FILE, why)


def _first_difference(one: str, other: str) -> int:
    """Return the number of the first line that differs, from 1."""
    lines, others = one.split("\n"), other.split("\n")
    pairs = zip(lines, others, strict=False)
    same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(lines), len(others)))
    return same + 1


def markup(html: str, where: str) -> Iterator[Refusal]:
    """Yield what a page holds that its reader does not see, and what it loads or runs."""
    tree, wrong = read(html)
    yield from (refuse("page-markup", where, fault) for fault in wrong)
    for node in tree.walk():
        yield from _node(node, where)
    if faults := lint(html):
        yield refuse("page-markup", where, f"it breaks {len(faults)} rules that every page keeps")


def _node(node: Node, where: str) -> Iterator[Refusal]:
    if node.tag in UNSEEN:
        yield refuse("page-markup", where, "it has a comment or a declaration that nobody sees")
    elif node.tag in FOREIGN:
        yield refuse("page-markup", where, f"it has <{node.tag}>, which no report has")
    elif node.tag in {"style", "script"}:
        own = style() if node.tag == "style" else script()
        if "".join(child.data for child in node.children) != own:
            yield refuse("page-markup", where, f"its <{node.tag}> is not the project's own")
    for name in node.attrs:
        if name in HIDING or name.startswith(("data-", "on", "x-")):
            said = name if name in HIDING else "data-* or on*"
            yield refuse("page-markup", where, f"an element has the attribute {said}")
    if node.attrs.get("lang", "en-GB") != "en-GB":
        yield refuse("page-markup", where, "an element is in another language than the page")
