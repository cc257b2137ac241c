"""A page as a tree of elements, just deep enough for the lint to walk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
CODE: Final = frozenset({"code", "pre", "kbd", "samp"})
UNSEEN: Final = frozenset({"head", "script", "style", "template", "annotation"})


@dataclass
class Node:
    """One element with its attributes, or one run of text (``tag`` is empty)."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    data: str = ""

    def walk(self) -> Iterator[Node]:
        """Yield this node and everything under it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, *tags: str) -> Iterator[Node]:
        """Yield the elements of these names, this one included."""
        return (node for node in self.walk() if node.tag in tags)

    def texts(self, *, code: bool = True) -> Iterator[str]:
        """Yield runs of text a reader can see; ``code=False`` leaves out code."""
        if self.tag in UNSEEN or (not code and self.tag in CODE):
            return
        if self.data:
            yield self.data
        for child in self.children:
            yield from child.texts(code=code)

    @property
    def text(self) -> str:
        """All visible text with single spaces."""
        return " ".join("".join(self.texts()).split())

    @property
    def classes(self) -> frozenset[str]:
        """The words of the class attribute."""
        return frozenset(self.attrs.get("class", "").split())


class _Builder(HTMLParser):
    """Builds the tree and notes every tag that does not pair."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("#document")
        self.open = [self.root]
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
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
            line, _ = self.getpos()
            self.faults.append(f"line {line}: </{tag}> does not close <{self.open[-1].tag}>")

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Node("", data=data))


def parse(html: str) -> tuple[Node, list[str]]:
    """Return the document's tree and the tags that do not pair, of which only the first is telling."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    unclosed = [f"<{node.tag}> is never closed" for node in builder.open[1:]]
    return builder.root, (builder.faults + unclosed)[:1]
