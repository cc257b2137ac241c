"""What a reader of one release learns about one base: its cells, its period and area, and nothing else.

The ledger keeps these, attacks combine them with later tables. They hold no true count of a hidden cell and
no count of people, so that a ledger that is stolen together with its key tells no more than what was printed.
"""

from __future__ import annotations

import contextlib
import json
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from analysis.disclosure.tables import TOTAL, Dimension, Key, Table
from analysis.errors import DataRefused
from analysis.record import canonical_json, sha256

FORM: Final = "deepdive-published-1"


@dataclass(frozen=True)
class Published:
    """Everything a reader of one release learns about one base.

    Attributes
    ----------
    base
        The population of rows that is counted: ``referrals``.
    area
        Codes or names of the districts or authorities covered, sorted; districts where they are known.
    start, end
        First and last day of the period [ISO date, inclusive].
    threshold
        A count below it was hidden [rows].
    tables
        The tables, of which the cells are.
    dimensions
        What the tables are broken down by, by name.
    cells
        Printed counts [rows] by cell; None if hidden. Cells declared impossible are absent.
    data
        Digest of the data that the cells were computed from.
    rounded
        Base of the controlled rounding of the cells, 0 if they are exact.
    together
        Digest of all that was protected as one with it, what other reports show too; "" if not known.

    Raises
    ------
    DataRefused
        If a date, a cell or a table cannot be what it says.
    """

    base: str
    area: tuple[str, ...]
    start: str
    end: str
    threshold: int
    tables: tuple[Table, ...]
    dimensions: Mapping[str, Dimension]
    cells: Mapping[Key, int | None]
    data: str
    rounded: int = 0
    together: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "area", tuple(sorted(set(self.area))))
        object.__setattr__(self, "tables", tuple(sorted(self.tables, key=lambda table: table.name)))
        object.__setattr__(self, "dimensions", dict(sorted(self.dimensions.items())))
        self._check_place()
        self._check_tables()
        cells = {
            key: self._count(value) for key, value in sorted(self.cells.items(), key=operator.itemgetter(0))
        }
        object.__setattr__(self, "cells", cells)
        for key in cells:
            self._check_key(key)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its canonical JSON."""
        return sha256(self.to_json().encode())

    def to_json(self) -> str:
        """Return canonical JSON: the same text for the same content."""
        return canonical_json(
            {
                "form": FORM,
                "base": self.base,
                "area": list(self.area),
                "start": self.start,
                "end": self.end,
                "threshold": self.threshold,
                "tables": [_table_out(table) for table in self.tables],
                "dimensions": {name: _dimension_out(one) for name, one in self.dimensions.items()},
                "cells": [[[list(pair) for pair in key], value] for key, value in self.cells.items()],
                "data": self.data,
                "rounded": self.rounded,
                "together": self.together,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Published:
        """Return what `to_json` wrote.

        Raises
        ------
        DataRefused
            If it is something else, or was changed so that it contradicts itself.
        """
        try:
            body = json.loads(text)
            if body["form"] != FORM:
                raise _not_published()
            return cls(
                base=str(body["base"]),
                area=tuple(map(str, body["area"])),
                start=body["start"],
                end=body["end"],
                threshold=body["threshold"],
                tables=tuple(_table_in(one) for one in body["tables"]),
                dimensions={name: _dimension_in(name, one) for name, one in body["dimensions"].items()},
                cells={_key_in(pairs): value for pairs, value in body["cells"]},
                data=str(body["data"]),
                rounded=body["rounded"],
                together=str(body.get("together", "")),
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            raise _not_published() from None

    def _check_place(self) -> None:
        if not (self.base and self.area and all(self.area)):
            raise self._refused("it names no base or no area", "Say which population, and where.")
        try:
            ordered = date.fromisoformat(self.start) <= date.fromisoformat(self.end)
        except (TypeError, ValueError):
            raise self._refused("its period is not two ISO dates", "Write 2022-04-01.") from None
        if not ordered:
            raise self._refused("its period ends before it starts", "Exchange start and end.")
        if not (_whole(self.threshold) and self.threshold >= 1 and _whole(self.rounded)):
            raise self._refused("its threshold or rounding is no whole number", "Take both from the policy.")

    def _check_tables(self) -> None:
        if foreign := [table.name for table in self.tables if table.base != self.base]:
            raise self._refused(f"table {foreign[0]} is of another base", "Release each base by itself.")
        used = {name for table in self.tables for name in (*table.dimensions, *dict(table.where))}
        if missing := sorted(used - set(self.dimensions)):
            raise self._refused(f"dimension {missing[0]} is not declared", "Declare every dimension used.")

    def _check_key(self, key: Key) -> None:
        names = [name for name, _ in key]
        if names != sorted(set(names)):
            raise self._refused("a cell's pairs are not sorted, or stand twice", "Sort them by dimension.")
        for name, node in key:
            known = self.dimensions.get(name)
            if known is None or node == TOTAL or node not in {*known.leaves, *known.groups}:
                raise self._refused(f'a cell is of an undeclared category of "{name}"', "Declare it.")

    def _count(self, value: Any) -> int | None:
        """Return a count as a plain int, whatever counted it; never say which value was refused."""
        if value is None:
            return None
        if not isinstance(value, bool):
            with contextlib.suppress(TypeError):
                if (count := operator.index(value)) >= 0:
                    return count
        raise self._refused("a cell is no count", "Give a whole number, or None if it is hidden.")

    def _refused(self, what: str, cure: str) -> DataRefused:
        return DataRefused(what, where=f'release of "{self.base}"', cure=cure)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _not_published() -> DataRefused:
    cure = "Give the text that Published.to_json wrote, unchanged."
    return DataRefused("this does not describe a release", where="release", cure=cure)


def _table_out(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "base": table.base,
        "dimensions": list(table.dimensions),
        "where": [list(pair) for pair in table.where],
        "levels": {name: list(nodes) for name, nodes in sorted(table.levels.items())},
    }


def _table_in(body: Mapping[str, Any]) -> Table:
    return Table(
        name=str(body["name"]),
        base=str(body["base"]),
        dimensions=tuple(map(str, body["dimensions"])),
        where=_key_in(body["where"]),
        levels={str(name): tuple(map(str, nodes)) for name, nodes in body["levels"].items()},
    )


def _dimension_out(dimension: Dimension) -> dict[str, Any]:
    groups = {name: list(leaves) for name, leaves in sorted(dimension.groups.items())}
    return {"leaves": list(dimension.leaves), "groups": groups}


def _dimension_in(name: str, body: Mapping[str, Any]) -> Dimension:
    groups = {str(node): tuple(map(str, leaves)) for node, leaves in body["groups"].items()}
    return Dimension(name=name, leaves=tuple(map(str, body["leaves"])), groups=groups)


def _key_in(pairs: Any) -> Key:
    return tuple((str(name), str(node)) for name, node in pairs)
