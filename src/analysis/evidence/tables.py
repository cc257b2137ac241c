"""CSV tables of evidence, read as text with every fault found in one pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.errors import DataRefused, did_you_mean, one_of
from analysis.record import sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.layout import Layout

PROVENANCE: Final = ("tier", "source_id", "figure_ids", "footnote")
"""What every frame of evidence carries, and every method preserves."""


@dataclass(frozen=True)
class Fault:
    """One broken rule: where it is, what is wrong, and what to do about it."""

    where: str
    what: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.cure}".strip()


@dataclass
class Faults:
    """All broken rules of one reading, so that a table is mended once and not once a rule."""

    found: list[Fault] = field(default_factory=list)

    def at(self, where: str, what: str, cure: str = "") -> None:
        """Note one fault."""
        self.found.append(Fault(where, what, cure))

    def cell(self, table: Table, row: int, column: str, what: str, cure: str = "") -> None:
        """Note a fault of one cell; `row` counts from 0 below the header, the message as in a file."""
        value = str(table.frame.loc[row, column])
        self.at(f"{table.path} row {row + 2}, column {column}", f'"{value}" {what}', cure)

    def refuse(self) -> None:
        """Raise if anything was found.

        Raises
        ------
        DataRefused
            With the one fault, or all of them a line each.
        """
        if len(self.found) == 1:
            fault = self.found[0]
            raise DataRefused(fault.what, where=fault.where, cure=fault.cure)
        if self.found:
            lines = "\n".join(f"  {fault}" for fault in self.found)
            raise DataRefused(f"{len(self.found)} rules are broken\n{lines}", where="data")


@dataclass(frozen=True)
class Table:
    """A CSV table as text, with the path a message names it by."""

    path: str
    frame: pd.DataFrame

    def __getitem__(self, column: str) -> pd.Series[str]:
        """Return a column."""
        return self.frame[column]

    def rows_where(self, mask: pd.Series[bool]) -> list[int]:
        """Return the positions of the rows a mask marks."""
        return [int(row) for row in self.frame.index[mask]]


def read(layout: Layout, path: str, columns: Sequence[str], *, inputs: dict[str, str] | None = None) -> Table:
    """Read a CSV table below ``data/`` as text; nothing is coerced and nothing is missing.

    Parameters
    ----------
    path
        Relative to ``data/``: ``published/figures.csv``.
    columns
        The columns it must have, no more and no fewer.
    inputs
        Where to note the file's digest, by its path in the checkout.

    Raises
    ------
    DataRefused
        If the file is missing or its columns are not these.
    """
    name, file = f"data/{path}", layout.data / path
    if not file.is_file():
        raise DataRefused("the table is missing", where=name, cure="Restore it from version control.")
    if inputs is not None:
        inputs[name] = sha256(file.read_bytes())
    frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
    _check_header(name, list(frame.columns), columns)
    return Table(name, frame)


def _check_header(name: str, given: list[str], wanted: Sequence[str]) -> None:
    lacking = [column for column in wanted if column not in given]
    extra = [column for column in given if column not in wanted]
    if lacking or extra:
        words = [f"no column {', '.join(lacking)}"] if lacking else []
        words += [f"unknown column {', '.join(extra)}"] if extra else []
        raise DataRefused("; ".join(words), where=f"{name} row 1", cure=f"It takes: {', '.join(wanted)}.")


def unique(table: Table, column: str, faults: Faults) -> None:
    """Note every value of a column that stands twice."""
    for row in table.rows_where(table[column].duplicated()):
        faults.cell(table, row, column, "stands twice", "Give each row an id of its own.")


def known(table: Table, column: str, values: Iterable[str], faults: Faults, *, cure: str = "") -> None:
    """Note every value of a column that is not one of the known, with the nearest that is.

    Parameters
    ----------
    cure
        What to do instead; the list of known values if empty.
    """
    accepted = list(values)
    for row in table.rows_where(~table[column].isin(accepted)):
        given = str(table.frame.loc[row, column])
        words = f"{did_you_mean(given, accepted)} {cure}".strip() if cure else one_of(given, accepted)
        faults.cell(table, row, column, "is not known", words)


def filled(table: Table, columns: Iterable[str], faults: Faults) -> None:
    """Note every blank in columns that may have none."""
    for column in columns:
        for row in table.rows_where(table[column].str.strip() == ""):
            faults.cell(table, row, column, "is blank", f"Every row needs a {column}.")


def numbers(table: Table, column: str, faults: Faults, *, optional: bool = False) -> pd.Series[float]:
    """Return a column as numbers, noting every value that is not a finite one.

    Returns
    -------
    Series of float, NaN where the text is blank (if `optional`) or at fault.
    """
    text = table[column]
    plain = text.str.fullmatch(r"-?\d+(\.\d+)?")
    allowed = plain | (text == "") if optional else plain
    for row in table.rows_where(~allowed):
        faults.cell(table, row, column, "is not a number", "Write digits, with a full stop for decimals.")
    return pd.to_numeric(text.where(plain), errors="coerce").astype(float)


def truths(table: Table, column: str, faults: Faults) -> pd.Series[bool]:
    """Return a column of ``true`` and ``false`` as booleans, noting anything else."""
    known(table, column, ("true", "false"), faults, cure='Write "true" or "false".')
    return table[column] == "true"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries by column."""
    return [{str(column): value for column, value in row.items()} for row in frame.to_dict("records")]
