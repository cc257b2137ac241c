"""The order of rows: where something is hidden, it must be one that everybody could have written down before.

Rows sorted by a hidden number say between which of the others it lies. So an order is accepted if it is that
of the labels, of a code list, of the breakdown that was planned, of the declared views, or of the printed
numbers with everything hidden at one end, in the order of its labels.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from analysis.gate.refusal import Refusal, refuse
from analysis.gate.scan_counts import tabular
from analysis.gate.scan_released import ALL, is_of
from analysis.gate.subject import SOURCES, VIEWS_FILE, Json, Subject
from analysis.gate.tabular import Tabular

PIECES: Final = re.compile(r"(\d+(?:\.\d+)?)")
FEW: Final = 3
"""Rows from which an order can say anything."""

UNKNOWN: Final = "Unknown, of any kind"
OF_ONE: Final = ": unknown"
"""Where groups of several characteristics stand under one another, each has its own kind of unknown."""
TIMES: Final = " × "
"""Between the categories of a combination."""
OTHER_EXIT: Final = "Any other exit"
"""Stands last of the kinds of exit that a view names."""

Order = tuple[str, ...]


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield tables of records with hidden cells, whose rows or columns stand in an order without a reason."""
    orders = [*_planned(run.released or {}), *_listed(run.root / "data" / "codes"), *_declared(run.root)]
    tables = [table for base in (run.released or {}).get("published", ()) for table in base["tables"]]
    for bundle in run.bundles:
        if bundle.guarded and bundle.kind in {"table", "figure"} and bundle.id != SOURCES:
            table = tabular(run, bundle)
            if table is not None and _hides(table):
                names, by = run.names(bundle), _characteristics(run.root)
                known = [*orders, *under_one_another(tables, names, by)]
                if not _rows_explained(table, known):
                    yield refuse("order", bundle.name, "its rows stand in an order that has no reason")
                heads = [str(table.columns[place].get("label", "")) for place in table.counting]
                if table.crossed and not _explained(table, heads, known):
                    yield refuse("order", bundle.name, "its columns stand in an order that has no reason")


def _hides(table: Tabular) -> bool:
    places = itertools.product(range(len(table.cells)), table.numeric)
    return any(table.hidden(row, place) for row, place in places)


def _rows_explained(table: Tabular, orders: Sequence[Order]) -> bool:
    """Whether the rows, and the rows within each group of them, stand in an explained order."""
    groups: dict[Order, list[int]] = {}
    for row in range(len(table.cells)):
        for depth in range(len(table.labelling)):
            groups.setdefault((str(depth), *table.label(row)[:depth]), []).append(row)
    return all(_group_explained(table, rows, int(key[0]), orders) for key, rows in groups.items())


def _group_explained(table: Tabular, rows: list[int], depth: int, orders: Sequence[Order]) -> bool:
    labels = list(dict.fromkeys(table.label(row)[depth] for row in rows))
    return _explained(table, labels, orders) or _sorted_by_shown(table, rows)


def _explained(table: Tabular, labels: list[str], orders: Sequence[Order]) -> bool:
    return explained([label for label in labels if not table.is_total(label)], orders)


def explained(labels: Sequence[str], orders: Sequence[Order]) -> bool:
    """Whether labels stand in an order that says nothing: their own, a known one, or that of a pair."""
    natural = [_natural(label) for label in labels]
    said = [UNKNOWN if label.endswith(OF_ONE) else label for label in labels]
    return len(said) < FEW or natural == sorted(natural) or any(_follows(said, order) for order in orders)


def _natural(label: str) -> list[tuple[int, float, str]]:
    """Return a key by which labels sort as people sort them: 9 before 10, case apart."""
    pieces = (piece for piece in PIECES.split(label.casefold()) if piece)
    return [(0, float(p), "") if PIECES.fullmatch(p) else (1, 0.0, p) for p in pieces]


def _follows(labels: Sequence[str], order: Order) -> bool:
    """Whether labels stand in an order, some of it left out."""
    rest = iter(order)
    return all(label in rest for label in labels)


def _sorted_by_shown(table: Tabular, rows: list[int]) -> bool:
    """Whether rows are sorted by numbers that are shown, with everything hidden at one end by its label."""
    for place in table.numeric:
        flags = [table.number(row, place) is None for row in rows]
        at_end = flags == sorted(flags) or flags == sorted(flags, reverse=True)
        shown = [number for row in rows if (number := table.number(row, place)) is not None]
        lost = [_natural(" ".join(table.label(row))) for row in rows if table.number(row, place) is None]
        monotone = shown in (sorted(shown), sorted(shown, reverse=True))
        if at_end and monotone and len(shown) >= FEW and lost == sorted(lost):
            return True
    return False


def under_one_another(
    tables: Sequence[Json], names: Sequence[str], by: Mapping[str, Sequence[str]]
) -> Iterator[Order]:
    """Yield the groups of several tables under one another: plainly, with their characteristic, and combined.

    Parameters
    ----------
    tables
        As the run handed them over.
    names
        Objects that an output names: their tables stand in this order.
    by
        Characteristics by object: those of one object stand in this order.
    """
    plain: list[str] = []
    named: list[str] = []
    crossed: list[str] = []
    for name in names:
        own = {table["dimensions"][0]: table for table in tables if is_of(str(table["name"]), [name])}
        listed = [axis for axis in by.get(name, ()) if axis in own]
        for axis in dict.fromkeys((*listed, *own)):
            nodes = [str(node) for node in own[axis]["levels"].get(axis, ()) if node != ALL]
            plain += nodes
            named += [f"{axis.replace('_', ' ').capitalize()}: {node}" for node in nodes]
        for table in own.values():
            axes = [axis for axis in by.get(name, ()) if axis in table["dimensions"]]
            crossed += map(TIMES.join, itertools.product(*(table["levels"].get(axis, ()) for axis in axes)))
    yield from (tuple(plain), tuple(named), tuple(crossed))


@cache
def _characteristics(root: Path) -> dict[str, Order]:
    """Return the characteristics that each view over records names, in their order."""
    return {
        f"{report}.{body['frame']}.{view}": tuple(by if isinstance(by := body.get("by", ()), list) else (by,))
        for report, views in _views(root).items()
        for view, body in views.items()
        if "frame" in body
    }


def _views(root: Path) -> Json:
    path = root / VIEWS_FILE
    return (yaml.safe_load(path.read_text("utf-8")) if path.is_file() else None) or {}


def _planned(body: Json) -> Iterator[Order]:
    """Yield the order of categories of each dimension that was planned."""
    published: Iterable[Any] = body.get("published", ()) if isinstance(body.get("published"), list) else ()
    for one in published:
        dimensions = one.get("dimensions", {}) if isinstance(one, dict) else {}
        for dimension in dimensions.values() if isinstance(dimensions, dict) else ():
            if isinstance(dimension, dict):
                leaves = tuple(map(str, dimension.get("leaves", ())))
                covers = dimension.get("groups", {})
                groups = tuple(map(str, covers))
                yield from (leaves, groups, (*leaves, *groups), (*groups, *leaves))
                if isinstance(covers, dict):
                    yield _in_place(leaves, covers)


def _in_place(leaves: Order, covers: Json) -> Order:
    """Return the leaves with each group before the first that it covers, where a table shows it instead."""
    first = {
        name: min(map(leaves.index, covered))
        for name, covered in covers.items()
        if set(covered) <= set(leaves)
    }
    groups = [[name for name in sorted(first) if first[name] == place] for place in range(len(leaves))]
    return tuple(name for group, leaf in zip(groups, leaves, strict=True) for name in (*group, leaf))


@cache
def _declared(root: Path) -> tuple[Order, ...]:
    """Return the orders in which the views over records name groups, or stand beside each other."""
    found: list[Order] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            first = tuple(map(str, (value.get("give") or {}).values())) if "beside" in value else ()
            found.append((*first, *map(str, value.get("beside", value))))
            found.append((*map(str, value.get("kinds") or ()), OTHER_EXIT))
            for one in value.values():
                walk(one)

    walk(_views(root))
    return tuple(found)


@cache
def _listed(folder: Path) -> tuple[Order, ...]:
    """Return the order of labels, and of codes, in every code list of the checkout."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        found += [
            tuple(row[name] or "" for row in rows) for name in ("label", "code") if rows and name in rows[0]
        ]
    return tuple(found)
