"""Worked examples as data: a table in, one call, a table out, at the precision it was printed in."""

from __future__ import annotations

import dataclasses
import importlib
import math
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import pandas as pd

from analysis.methods.estimate import Estimate


@dataclass(frozen=True)
class Example:
    """One worked example.

    Parameters
    ----------
    title
        What it shows.
    given
        Table in: a header, then a row a line, cells parted by ``|``; an empty cell is a missing number.
    call
        A Python expression over the method's names. With the name ``given`` in it, it is evaluated once on
        the whole table; else once a row, with the columns as names.
    gives
        Table out; only its columns are compared, each number to as many decimals as are written.
    source
        Where the numbers were published, or what makes them right.
    """

    title: str
    given: str
    call: str
    gives: str
    source: str

    def differences(self, names: dict[str, Any]) -> list[str]:
        """Return what does not agree with the table out, cell by cell."""
        result, wanted = self._result(names), cells(self.gives)
        header, rows = wanted[0], wanted[1:]
        if len(result) != len(rows):
            return [f"{len(result)} rows came out, {len(rows)} were expected"]
        return [
            f"row {at}, {name}: {printed(result[name].iloc[at], text)}, expected {text}"
            for at, row in enumerate(rows)
            for name, text in zip(header, row, strict=True)
            if printed(result[name].iloc[at], text) != text
        ]

    def _result(self, names: dict[str, Any]) -> pd.DataFrame:
        given = frame(self.given)
        if "given" in self.call:
            return as_frame(evaluate(self.call, {**names, "given": given}))
        records = given.to_dict("records")
        return pd.concat([as_frame(evaluate(self.call, {**names, **row})) for row in records])


@dataclass(frozen=True)
class Page:
    """A method as its page explains it.

    Parameters
    ----------
    title
        The method, as a heading.
    modules
        Modules whose public names the examples may use: of ``analysis.methods``, or with their room.
    when
        When the reports use it, in plain words.
    formula
        In plain text.
    sources
        Full references, a paragraph each.
    examples
        The worked examples, all of them tests.
    """

    title: str
    modules: tuple[str, ...]
    when: str
    formula: str
    sources: str
    examples: tuple[Example, ...]

    def paths(self) -> list[str]:
        """Return the modules by their full names."""
        return [f"analysis.{name if '.' in name else f'methods.{name}'}" for name in self.modules]

    def names(self) -> dict[str, Any]:
        """Return what a call may use."""
        found: dict[str, Any] = {"pd": pd}
        for module in self.paths():
            found |= vars(importlib.import_module(module))
        return found


def evaluate(call: str, names: dict[str, Any]) -> Any:
    """Evaluate a call of this folder's own pages, so that a page prints exactly what was tested."""
    return eval(dedent(call).strip(), dict(names))  # noqa: S307


def cells(table: str) -> list[list[str]]:
    """Return the cells of a table as text, the header first; rules and blank lines are skipped."""
    lines = [line for line in table.strip().splitlines() if line.strip(" +-")]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def frame(table: str) -> pd.DataFrame:
    """Return a table as a frame: whole numbers, numbers, text, and NaN for an empty cell."""
    header, *rows = cells(table)
    return pd.DataFrame({name: [number(row[at]) for row in rows] for at, name in enumerate(header)})


def number(text: str) -> float | int | str:
    """Return a cell as the number it is, or as text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text or math.nan


def as_frame(result: Any) -> pd.DataFrame:
    """Return any result as a frame: an estimate by its fields and its text, a number as ``result``."""
    if isinstance(result, pd.DataFrame):
        return result
    if isinstance(result, Estimate):
        return pd.DataFrame([{**dataclasses.asdict(result), "text": f"{result}", "words": f"{result:words}"}])
    return pd.DataFrame([result if isinstance(result, dict) else {"result": result}])


def printed(value: Any, like: str) -> str:
    """Print a value with as many decimals as the text it is compared with."""
    if isinstance(value, str) or not like:
        return "" if pd.isna(value) else str(value)
    if like in ("True", "False"):
        return str(bool(value))
    decimals = len(like.partition(".")[2]) if like.replace("-", "").replace(".", "").isdigit() else 6
    return f"{value:.{decimals}f}".replace("-0." + "0" * decimals, "0." + "0" * decimals)
