"""HTML read strictly: comments, declarations and everything else that a reader does not see is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final

from analysis.publish.tree import VOID, Node

UNSEEN: Final = frozenset({"!comment", "!declaration", "!instruction"})
"""Tags of nodes for what is in the source of a page and not on it."""
INLINE: Final = frozenset({"span", "strong", "em", "b", "a", "code"})
"""Elements that break no line: their text belongs to the block around them."""


_STRONG: Final = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_EM: Final = re.compile(r"\*(?=\S)(.+?)(?<=\S)\*")
_MARKS: Final = re.compile(r"\*{1,2}(?=\S)(.+?)(?<=\S)\*{1,2}")


class _Strict(HTMLParser):
    """Builds a tree that leaves nothing out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("#document")
        self.open = [self.root]
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len({name for name, _ in attrs}) != len(attrs):
            self.faults.append("an element says one attribute twice")
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.faults.append("a tag does not pair")

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Node("", data=data))

    def handle_comment(self, data: str) -> None:
        self.open[-1].children.append(Node("!comment", data=data))

    def handle_decl(self, decl: str) -> None:
        if decl.casefold() != "doctype html":
            self.open[-1].children.append(Node("!declaration", data=decl))

    def unknown_decl(self, data: str) -> None:
        self.open[-1].children.append(Node("!declaration", data=data))

    def handle_pi(self, data: str) -> None:
        self.open[-1].children.append(Node("!instruction", data=data))


@lru_cache(maxsize=128)
def read(html: str) -> tuple[Node, list[str]]:
    """Return a page or a part of one as a tree, and what is wrong with how it is written."""
    parser = _Strict()
    parser.feed(html)
    parser.close()
    open_ = ["an element is never closed"] if len(parser.open) > 1 else []
    return parser.root, list(dict.fromkeys(parser.faults + open_))


def blocks(node: Node) -> Iterator[tuple[Node, str]]:
    """Yield every element that holds text of its own, with all text of its line, spaces as they stand."""
    own = "".join(_line(node))
    if own:
        yield node, own
    for child in _inner(node):
        yield from blocks(child)


def _line(node: Node) -> Iterator[str]:
    """Yield the text of a node and of the inline elements in it."""
    for child in node.children:
        if not child.tag:
            yield child.data
        elif child.tag in INLINE:
            yield from _line(child)


def _inner(node: Node) -> Iterator[Node]:
    """Yield the blocks directly below a node, through inline elements."""
    for child in node.children:
        if child.tag in INLINE:
            yield from _inner(child)
        elif child.tag and child.tag not in UNSEEN:
            yield child


def words(text: str) -> str:
    """Return prose of a payload as a reader of the page sees it: bold first, then emphasis within it."""
    return _EM.sub(r"\1", _STRONG.sub(r"\1", text))


def plain(text: str) -> str:
    """Return prose as the session writes it for plain text, where marks are taken out in one pass."""
    return _MARKS.sub(r"\1", text)
