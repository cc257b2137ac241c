"""XLSX: sheets that are seen, cells that hold values, and nothing kept behind them.

A workbook is an archive of parts (ECMA-376, part 2). Each part is on a list of those that the project writes;
comments, pivot caches, links, custom properties and macros are parts of their own and on none.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from typing import Final

from analysis.gate.drawing import is_comment
from analysis.gate.refusal import Refusal, refuse

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PARTS: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:app|core)\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/styles\.xml|xl/sharedStrings\.xml|xl/theme/theme1\.xml|xl/worksheets/sheet\d+\.xml"
    r"|xl/worksheets/_rels/sheet\d+\.xml\.rels|xl/tables/table\d+\.xml"
)
SHEET: Final = re.compile(r"xl/worksheets/sheet\d+\.xml")
BUILT_IN: Final = frozenset({"_xlnm.Print_Titles", "_xlnm.Print_Area"})
"""Defined names that only say how a sheet is printed."""
PROPERTIES: Final = frozenset({"title", "created", "modified", "Application", "AppVersion", "TitlesOfParts"})
"""Document properties that may say something."""
QUIET: Final = frozenset(
    {"DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged", "HeadingPairs"}
)
"""Document properties that are switches and counts."""
FORBIDDEN: Final = {
    "f": "it has formulas, whose last values may be others than those shown",
    "legacyDrawing": "it has comments",
    "drawing": "it has drawings",
    "extLst": "it has extensions",
    "dataValidations": "it has lists of allowed values",
    "conditionalFormatting": "it has formats that depend on values",
    "customSheetViews": "it has views of its own",
    "headerFooter": "it has headers or footers",
    "scenarios": "it has scenarios",
    "sheetProtection": "it is locked",
    "autoFilter": "it has filters, which hide rows",
    "rPh": "it has readings beside its texts",
}
"""Elements of a sheet or of its texts that keep something back."""
MOST: Final = 50_000_000


class NoWorkbook(Exception):
    """The bytes are no workbook that can be read."""


def parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name.

    Raises
    ------
    NoWorkbook
        If it is no archive, is too large, or holds a part twice.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MOST or len({i.filename for i in infos}) < len(infos):
                raise NoWorkbook
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        raise NoWorkbook from None


def scan(content: bytes, where: str, released: frozenset[float] | None = None) -> Iterator[Refusal]:
    """Yield what a workbook hides.

    Parameters
    ----------
    content
        The bytes of the file.
    where
        How the file is called in messages.
    released
        Every number that its run shows, if some are of records: a cell may hold no other.
    """
    try:
        held = parts(content)
        trees = {name: _parsed(body) for name, body in held.items()}
    except (NoWorkbook, ET.ParseError):
        yield refuse("workbook", where, "it is no workbook that can be read")
        return
    strange = [name for name in held if not PARTS.fullmatch(name)]
    if strange:
        yield refuse("workbook", where, f"it holds {len(strange)} parts that the project does not write")
    yield from _book(trees.get("xl/workbook.xml"), where)
    yield from _properties(trees, where)
    yield from _links(trees, where)
    sheets = {name: tree for name, tree in trees.items() if SHEET.fullmatch(name)}
    for number, tree in enumerate(sheets.values(), 1):
        yield from _sheet(tree, f"{where}, sheet {number}")
        if released is not None and (odd := sum(value not in released for value in _numbers(tree))):
            yield refuse("workbook", f"{where}, sheet {number}", f"{odd} of its numbers are not the run's")
    yield from _strings(trees.get("xl/sharedStrings.xml"), sheets, where)
    styles = trees.get("xl/styles.xml")
    if styles is not None and any(";;" in (node.get("formatCode") or "") for node in styles.iter()):
        yield refuse("workbook", where, "it has a format that shows nothing")


def _parsed(content: bytes) -> ET.Element:
    if re.search(rb"<!ENTITY|<!DOCTYPE", content):
        raise NoWorkbook
    builder = ET.TreeBuilder(insert_comments=True)
    return ET.fromstring(content, ET.XMLParser(target=builder))  # noqa: S314 - no entity is left to expand


def _name(node: ET.Element) -> str:
    return "" if is_comment(node) else node.tag.rpartition("}")[2]


def _book(tree: ET.Element | None, where: str) -> Iterator[Refusal]:
    if tree is None:
        yield refuse("workbook", where, "it has no list of sheets")
        return
    for node in tree.iter():
        name = _name(node)
        if name == "sheet" and node.get("state", "visible") != "visible":
            yield refuse("workbook", where, "it has a hidden sheet")
        elif name == "definedName" and node.get("name") not in BUILT_IN:
            yield refuse("workbook", where, "it has a defined name")
        elif name in {"externalReference", "pivotCache", "fileSharing", "customWorkbookView", "extLst"}:
            yield refuse("workbook", where, f"it has <{name}>")


def _properties(trees: dict[str, ET.Element], where: str) -> Iterator[Refusal]:
    for part in ("docProps/core.xml", "docProps/app.xml"):
        tree = trees.get(part)
        for node in tree.iter() if tree is not None else ():
            name, said = _name(node), "".join(node.itertext()).strip()
            if (
                node is not tree
                and said
                and name not in PROPERTIES | QUIET | {"vector", "variant", "lpstr", "i4"}
            ):
                yield refuse("workbook", where, "its properties say who made it, or more")


def _links(trees: dict[str, ET.Element], where: str) -> Iterator[Refusal]:
    for name, tree in trees.items():
        if name.endswith(".rels") and any(node.get("TargetMode") == "External" for node in tree.iter()):
            targets = [node.get("Target", "") for node in tree.iter() if node.get("TargetMode") == "External"]
            if not all(re.match(r"https://", target) for target in targets):
                yield refuse("workbook", where, "it leads to a file elsewhere")


def _sheet(tree: ET.Element, where: str) -> Iterator[Refusal]:
    names = {_name(node) for node in tree.iter()}
    yield from (refuse("workbook", where, why) for name, why in FORBIDDEN.items() if name in names)
    if any(is_comment(node) for node in tree.iter()):
        yield refuse("workbook", where, "it has a comment in its source")
    for name in ("row", "col"):
        size = "ht" if name == "row" else "width"
        unseen = [
            node
            for node in tree.iter(f"{MAIN}{name}")
            if node.get("hidden") in {"1", "true"}
            or float(node.get(size) or 9) < 1
            or node.get("outlineLevel")
        ]
        if unseen:
            word = "rows" if name == "row" else "columns"
            yield refuse("workbook", where, f"{len(unseen)} of its {word} are hidden")
    if any(
        node.get("state", "visible") != "visible" or node.get("tabSelected") == "x" for node in tree.iter()
    ):
        yield refuse("workbook", where, "a part of it is hidden")


def _numbers(tree: ET.Element) -> Iterator[float]:
    """Yield every number in the cells of a sheet."""
    for cell in tree.iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        if cell.get("t", "n") == "n" and value is not None and value.text:
            yield float(value.text)


def _strings(shared: ET.Element | None, sheets: dict[str, ET.Element], where: str) -> Iterator[Refusal]:
    """Yield texts that no cell shows."""
    if shared is None:
        return
    if "rPh" in {_name(node) for node in shared.iter()}:
        yield refuse("workbook", where, FORBIDDEN["rPh"])
    shown = {
        cell.findtext(f"{MAIN}v")
        for tree in sheets.values()
        for cell in tree.iter(f"{MAIN}c")
        if cell.get("t") == "s"
    }
    total = len(shared.findall(f"{MAIN}si"))
    if lost := total - len(shown & {str(number) for number in range(total)}):
        yield refuse("workbook", where, f"it holds {lost} texts that no cell shows")


def texts(content: bytes) -> Iterator[str]:
    """Yield every text in a workbook, attributes and names of parts among them."""
    try:
        held = parts(content)
    except NoWorkbook:
        return
    for name, body in held.items():
        yield name
        try:
            tree = _parsed(body)
        except (NoWorkbook, ET.ParseError):
            yield body.decode("utf-8", errors="replace")
            continue
        for node in tree.iter():
            yield from filter(None, ((node.text or "").strip(), (node.tail or "").strip()))
            yield from (value for key, value in node.attrib.items() if key not in {"r", "s", "t", "spans"})
