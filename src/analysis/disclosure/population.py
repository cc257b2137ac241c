"""The rows of one base, as far as tables need them: a survivor and a category of each dimension per row.

What tables are counted from is declared, never observed: a category that nobody has is counted as one that a
few have, because a list of the categories that occur would tell them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.disclosure.tables import Dimension, Key, Table
from analysis.errors import DataRefused, DisclosureRefused, UsageError, one_of
from analysis.records.fields import unknown_codes
from analysis.records.frames.labels import short

PERSON: Final = "person"
NOT_RECORDED: Final = "Not recorded"
YES: Final = "Yes"
NO: Final = "No"
EVERYONE: Final = "everyone"
"""Dimension of one category, for a table of a total alone."""
KNOWN: Final = "Known"
NOT_KNOWN: Final = "Not known"

Floats = np.ndarray[Any, np.dtype[np.float64]]
Where = Mapping[str, str | Sequence[str]]


class Lacking(Exception):
    """What an output would need and the records do not hold, in one sentence."""


@cache
def kinds_of_unknown() -> frozenset[str]:
    """Return the labels of the kinds of unknown."""
    return frozenset(map(short, unknown_codes()))


def base_of(frame: Any) -> str:
    """Return the population of rows that a person-level frame holds.

    Raises
    ------
    DisclosureRefused
        If it does not say.
    """
    name = getattr(frame, "what", "")
    if not isinstance(frame, pd.DataFrame) or not isinstance(name, str) or not name:
        raise DisclosureRefused(
            f"a {type(frame).__name__} does not say what its rows are",
            where="release",
            cure="Plan outputs from the tables of run.cohort.",
        )
    return name


class Population:
    """The rows of one base, and every dimension that a planned table needs of them.

    Parameters
    ----------
    frame
        A person-level frame: a row a referral, stay or whatever the base is. A row whose survivor is not
        known, or is nobody's (a unit), counts as a survivor of its own.

    Raises
    ------
    DisclosureRefused
        If the frame is a part of its table.

    Attributes
    ----------
    tables
        Tables planned of it.
    made
        What measures share, by their own names.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.base = base_of(frame)
        self.rows = len(frame)
        self._index = frame.index
        self._person = self._persons(frame)
        self._columns: dict[str, pd.Series[Any]] = {PERSON: self._person}
        self._leaves: dict[str, tuple[str, ...]] = {}
        self._groups: dict[str, dict[str, tuple[str, ...]]] = {}
        self._relations: list[Key] = []
        self._later: list[Callable[[], Table]] = []
        self.made: dict[str, Any] = {}
        self.tables: list[Table] = []
        self.same(frame)

    def same(self, frame: pd.DataFrame) -> None:
        """Refuse a frame of other rows: a part of a table would be a second population of the same name.

        Raises
        ------
        DisclosureRefused
            If rows are missing, more, or in another order.
        """
        whole = getattr(frame, "rows", None)
        whole = whole if isinstance(whole, int) else self.rows
        if not (len(frame) == self.rows == whole and frame.index.equals(self._index)) or not np.array_equal(
            self._persons(frame).to_numpy(), self._person.to_numpy()
        ):
            raise DisclosureRefused(
                f"this is not the whole of {self.base}, row by row",
                where="release",
                cure='Plan from the whole table; for a part of it pass where={"column": "category"}.',
            )

    def people(self) -> int:
        """Return the distinct survivors of all rows."""
        return int(self._person.nunique())

    def impossible(self, pairs: Iterable[Key]) -> tuple[Key, ...]:
        """Return those combinations declared impossible that tables can show.

        Raises
        ------
        DataRefused
            If a row stands in one: then what everybody takes for nobody would be somebody, and hiding it
            like other cells would say so. Columns are named, categories of rows never.
        """
        known = [
            key
            for key in (*pairs, *self._relations)
            if all(name in self._leaves and node in self._leaves[name] for name, node in key)
        ]
        wrong = [key for key in known if np.logical_and.reduce([self.at(*pair) for pair in key]).any()]
        if wrong:
            columns = dict.fromkeys(" with ".join(_words(name) for name, _ in key) for key in wrong)
            raise DataRefused(
                "some rows stand where a declaration says that nobody can",
                where=f"records, {self.base}: {'; '.join(columns)}",
                cure="Mend the rows, or the declaration if it is wrong: `structural` in data/policy.yml, or "
                "the rules and code lists in data/codes.",
            )
        return tuple(known)

    def later(self, table: Callable[[], Table]) -> None:
        """Take a table that can be declared only when everything is planned."""
        self._later.append(table)

    def finish(self) -> None:
        """Declare the tables that waited for it."""
        self.tables.extend(table() for table in self._later)
        self._later.clear()

    def relate(self, pairs: Iterable[Key]) -> None:
        """Take combinations that cannot be because one dimension was made from another."""
        self._relations = list(dict.fromkeys((*self._relations, *pairs)))

    def codes(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return a number for the survivor of each row."""
        return np.asarray(self._person.to_numpy(), dtype=np.int64)

    def dimensions(self) -> dict[str, Dimension]:
        """Return every dimension, with all groups that any table uses."""
        return {name: Dimension(name, self._leaves[name], self._groups[name]) for name in self._leaves}

    def frame(self) -> pd.DataFrame:
        """Return survivor and categories of each row, for the cells."""
        return pd.DataFrame(self._columns, index=self._index)

    def leaves(self, name: str) -> tuple[str, ...]:
        """Return the declared categories of a dimension."""
        return self._leaves[name]

    def everyone(self) -> str:
        """Return the base, which can from now on be counted as a whole, broken down by nothing."""
        self.add(EVERYONE, (EVERYONE,), [EVERYONE] * self.rows)
        return self.base

    def of(self, name: str) -> list[str]:
        """Return the category of each row."""
        return list(self._columns[name])

    def at(self, name: str, node: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Say which rows stand in a category or group of a dimension."""
        covered = self._groups[name].get(node, (node,))
        found: np.ndarray[Any, np.dtype[np.bool_]] = self._columns[name].isin(covered).to_numpy()
        return found

    def declare(self, frame: pd.DataFrame, column: str) -> tuple[str, ...]:
        """Take a column of categories as a dimension and return its categories.

        Raises
        ------
        Lacking
            If the records do not hold it.
        UsageError
            If its categories are declared nowhere, or the same name stood for other values before.
        """
        self.same(frame)
        if column not in frame:
            raise Lacking(f"The records do not hold {_words(column)}.")
        leaves, values = categories(frame[column], column)
        return self.add(column, leaves, values)

    def add(self, name: str, leaves: Iterable[str], values: Iterable[str]) -> tuple[str, ...]:
        """Take a dimension that a measure made: its categories, and that of each row."""
        declared, column = tuple(leaves), pd.Series(list(values), index=self._index, dtype=object)
        if name in self._leaves and not (
            declared == self._leaves[name] and column.equals(self._columns[name])
        ):
            cure = "Give the other column a name of its own."
            raise UsageError(f'"{name}" stands for two things', where=f"release of {self.base}", cure=cure)
        self._leaves[name], self._columns[name] = declared, column
        self._groups.setdefault(name, {})
        return declared

    def group(self, name: str, node: str, covered: Sequence[str]) -> str:
        """Take a group of categories of a dimension, and return its name.

        Raises
        ------
        UsageError
            If a category is unknown, or the name stands for other categories already.
        """
        where = f"release of {self.base}, {name}"
        for leaf in covered:
            if leaf not in self._leaves[name]:
                cure = one_of(str(leaf), self._leaves[name])
                raise UsageError(f'there is no category "{leaf}"', where=where, cure=cure)
        ordered = tuple(leaf for leaf in self._leaves[name] if leaf in set(covered))
        if len(ordered) == 1 and node == ordered[0]:
            return node
        if self._groups[name].setdefault(node, ordered) != ordered:
            raise UsageError(f'"{node}" covers two sets of categories', where=where, cure="Rename one.")
        return node

    def part(self, name: str, node: str | Sequence[str]) -> tuple[str, str]:
        """Return the group that a part of a dimension is, and that of everyone else.

        The rest is counted too: a reader subtracts, and all of a group in the part would be none in the rest.
        """
        covered = (node,) if isinstance(node, str) else tuple(node)
        covered = self._groups[name].get(covered[0], covered) if len(covered) == 1 else covered
        rest = tuple(leaf for leaf in self._leaves[name] if leaf not in covered)
        chosen = self.group(name, " or ".join(covered) if not isinstance(node, str) else node, covered)
        if not rest:
            cure = "Leave it out: it is everyone."
            raise UsageError(f'"{name}" is narrowed to nothing', where=f"release of {self.base}", cure=cure)
        others = f"not {chosen}, or unknown" if kinds_of_unknown().intersection(rest) else f"not {chosen}"
        return chosen, self.group(name, rest[0] if len(rest) == 1 else others, rest)

    def _persons(self, frame: pd.DataFrame) -> pd.Series[Any]:
        if PERSON not in frame:
            return pd.Series(np.arange(len(frame)), index=frame.index)
        codes = pd.factorize(frame[PERSON])[0].astype(np.int64)
        unknown = codes < 0
        codes[unknown] = codes.max(initial=-1) + 1 + np.arange(int(unknown.sum()))
        return pd.Series(codes, index=frame.index)


def categories(column: pd.Series[Any], name: str) -> tuple[tuple[str, ...], list[str]]:
    """Return the declared categories of a column, and that of each row; missing ones are not recorded.

    The frames of a cohort declare every kind of unknown and have no missing value.

    Raises
    ------
    UsageError
        If the categories are declared nowhere: numbers, dates and free text are no dimension.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        declared = [str(one) for one in column.cat.categories]
        values = [str(one) if not pd.isna(one) else NOT_RECORDED for one in column]
    elif pd.api.types.is_bool_dtype(column):
        declared = [YES, NO]
        values = [NOT_RECORDED if pd.isna(one) else YES if one else NO for one in column]
    else:
        raise UsageError(
            f'"{name}" has no declared categories',
            where="release",
            cure="Take a coded column; numbers and dates are put into bands first.",
        )
    if NOT_RECORDED in values and NOT_RECORDED not in declared:
        declared.append(NOT_RECORDED)
    return tuple(declared), values


def numbers(population: Population, frame: pd.DataFrame, column: str) -> tuple[str, Floats]:
    """Take a column of numbers: whether each is known becomes a dimension, so that group sizes are cells.

    Returns
    -------
    tuple
        Name of that dimension, "" if every number is known, and the numbers [NaN where not known].

    Raises
    ------
    Lacking
        If the records do not hold the column.
    UsageError
        If it does not hold numbers.
    """
    population.same(frame)
    if column not in frame:
        raise Lacking(f"The records do not hold {_words(column)}.")
    if not pd.api.types.is_numeric_dtype(frame[column]) or pd.api.types.is_bool_dtype(frame[column]):
        cure = "Take a column of numbers."
        raise UsageError(f'"{column}" holds no numbers', where=f"release of {population.base}", cure=cure)
    values: Floats = np.asarray(
        frame[column].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64
    )
    if not np.isnan(values).any():
        return "", values
    known = f"{column} known"
    population.add(known, (KNOWN, NOT_KNOWN), np.where(np.isnan(values), NOT_KNOWN, KNOWN))
    return known, values


def _words(column: str) -> str:
    return column.replace("_", " ")
