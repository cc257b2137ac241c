"""Histories of releases written as text: a rule and a name, then one line a release, the last the new one.

    period: growing by a month, everyone
      norfolk 2022-04..2022-06 by sex: all=120 female=80 male=40
      norfolk 2022-04..2022-07 by sex: all=141 female=84 male=57

A release is: areas joined by +, months or days from..to, then any of ``of BASE``, ``under THRESHOLD``,
``rounded BASE``, ``among DIMENSION=CATEGORY``, ``called NAME``, then ``by`` and its tables, dimensions of one
joined by *, then a colon and its cells. Categories of a cell are joined by a dot; ``?`` hides it, ``-`` says
that it cannot occur. A table shows the categories that stand in its cells; combinations of them that are not
written are hidden.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from analysis.disclosure.published import Published
from analysis.disclosure.tables import TOTAL, Dimension, Key, Table, make_key

ETHNIC_GROUPS = {
    "asian": ("bangladeshi", "chinese", "indian", "pakistani", "asian-other"),
    "black": ("african", "caribbean", "black-other"),
    "mixed": ("white-and-asian", "white-and-african", "white-and-caribbean", "mixed-other"),
    "white": ("british", "irish", "traveller", "roma", "white-other"),
    "other": ("arab", "any-other"),
}
DIMENSIONS = {
    one.name: one
    for one in (
        Dimension("sex", ("female", "male")),
        Dimension("gender", ("female", "male")),
        Dimension("trans", ("female", "male", "trans")),
        Dimension("outcome", ("accepted", "refused", "declined", "inappropriate")),
        Dimension("decision", ("accepted", "refused", "declined", "inappropriate")),
        Dimension("need", ("yes", "no", "unknown")),
        Dimension("children", ("yes", "no", "unknown")),
        Dimension("age", ("16-24", "25-34", "35-44", "45+")),
        Dimension("age_shifted", ("16-25", "26-35", "36-44", "45+")),
        Dimension(
            "ethnicity", tuple(leaf for leaves in ETHNIC_GROUPS.values() for leaf in leaves), ETHNIC_GROUPS
        ),
        Dimension("ethnic_group", tuple(ETHNIC_GROUPS)),
        Dimension("minority", ("minoritised", "white"), {}),
        Dimension(
            "district",
            (
                "breckland",
                "broadland",
                "great-yarmouth",
                "kings-lynn-and-west-norfolk",
                "north-norfolk",
                "norwich",
                "south-norfolk",
                "not-known",
            ),
        ),
        Dimension("quarter", ("2022Q2", "2022Q3", "2022Q4", "2023Q1")),
        Dimension("month", ("2022-04", "2022-05", "2022-06")),
    )
}
SHOWN_AS = {"age_shifted": "age", "minority": "ethnicity"}
"""Lists of categories that a release gives under the name of another list."""

RELEASE = re.compile(
    r"(?P<area>\S+) (?P<start>[\d-]+)\.\.(?P<end>[\d-]+)(?: of (?P<base>\S+))?(?: under (?P<under>\d+))?"
    r"(?: rounded (?P<rounded>\d+))?(?: among (?P<among>\S+))?(?: called (?P<called>\S+))?"
    r" by (?P<tables>[^:]+): (?P<cells>.+)"
)


@dataclass(frozen=True)
class History:
    """One scripted history.

    Attributes
    ----------
    rule
        The rule it must be refused by, "" if it is harmless.
    name
        What happens in it.
    releases
        Oldest first; the last is the new one.
    """

    rule: str
    name: str
    releases: tuple[Published, ...]


def read(path: Path) -> list[History]:
    """Return the histories in a file."""
    histories: list[History] = []
    for block in path.read_text("utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
        if lines:
            rule, _, name = lines[0].partition(": ")
            histories.append(
                History("" if rule == "harmless" else rule, name, tuple(map(published, lines[1:])))
            )
    return histories


def published(line: str) -> Published:
    """Return one release from its line."""
    found = RELEASE.fullmatch(line.strip())
    assert found, f"this is no release: {line}"
    base = found["base"] or "referrals"
    where = _pairs(found["among"] or "")
    scopes = [tuple(part.strip().split("*")) for part in found["tables"].split(",")]
    written = _cells(found["cells"], [name for scope in scopes for name in scope])
    cells: dict[Key, int | None] = {}
    tables = []
    for scope in scopes:
        mine = [pairs for pairs in written if {name for name, _ in pairs} <= set(scope)]
        levels = {_own(name): _nodes(name, mine) for name in scope}
        title = " by ".join([found["called"] or base, *scope])
        tables.append(Table(title, base, tuple(map(_own, scope)), where, levels))
        for nodes in product(*levels.values()):
            pairs = frozenset((name, node) for name, node in zip(scope, nodes, strict=True) if node != TOTAL)
            value = written.get(pairs, "?")
            if value != "-":
                key = make_key((*where, *((_own(name), node) for name, node in pairs)))
                cells[key] = None if value == "?" else int(value)
    used = {name for scope in scopes for name in scope} | {name for name, _ in where}
    return Published(
        base=base,
        area=tuple(found["area"].split("+")),
        start=_day(found["start"], last=False),
        end=_day(found["end"], last=True),
        threshold=int(found["under"] or 10),
        tables=tuple(tables),
        dimensions={_own(name): replace(DIMENSIONS[name], name=_own(name)) for name in used},
        cells=cells,
        data="0" * 64,
        rounded=int(found["rounded"] or 0),
    )


def _cells(text: str, names: list[str]) -> dict[frozenset[tuple[str, str]], str]:
    """Return what is written of each cell, by its pairs; a category is of the first dimension that has it."""
    written = {}
    for part in text.split():
        cell, _, value = part.partition("=")
        nodes = [] if cell == "all" else cell.split(".")
        written[frozenset((_home(node, names), node) for node in nodes)] = value
    return written


def _home(node: str, names: list[str]) -> str:
    return next(name for name in names if node in DIMENSIONS[name].nodes)


def _nodes(name: str, cells: list[frozenset[tuple[str, str]]]) -> tuple[str, ...]:
    """Return the categories of a dimension that stand in the cells of a table, in their order."""
    shown = {dict(pairs).get(name, TOTAL) for pairs in cells}
    return tuple(node for node in DIMENSIONS[name].nodes if node in shown)


def _pairs(text: str) -> Key:
    return make_key(
        (name, node) for name, _, node in (part.partition("=") for part in text.split("+") if part)
    )


def _own(name: str) -> str:
    return SHOWN_AS.get(name, name)


def _day(text: str, *, last: bool) -> str:
    if len(text) > len("2022-04"):
        return text
    year, month = map(int, text.split("-"))
    return f"{text}-{calendar.monthrange(year, month)[1] if last else 1:02}"
