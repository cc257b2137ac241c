"""What an appraisal assumes, in a table that an evaluator may replace by another file.

A file of ``data/assumptions`` is named without folder or ending, so that no path of anybody's computer gets
into a report. Its digest stands among the inputs of the run, which is stale when the file has changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.errors import DataRefused, UsageError, one_of
from analysis.evidence import tables

if TYPE_CHECKING:
    import pandas as pd

    from analysis.evidence.published import Evidence
    from analysis.evidence.tables import Faults, Table

FOLDER: Final = "assumptions"
COLUMNS: Final = (
    "outcome",
    "assumption",
    "low",
    "likely",
    "high",
    "unit",
    "price_year",
    "kind",
    "source_id",
    "label",
    "reason",
)
UNITS: Final = {
    "quantity": "people",
    "reached": "fraction",
    "value": "GBP",
    "deadweight": "fraction",
    "displacement": "fraction",
    "attribution": "fraction",
    "years": "years",
    "drop_off": "fraction",
    "cost": "GBP",
    "discount": "fraction a year",
}
"""What may be assumed, and the unit it must be in."""
OF_THE_WHOLE: Final = ("cost", "discount")
KINDS: Final = ("evidence", "assumption")
SOURCE: Final = "assumptions"
"""The row of ``data/reference/sources.csv`` that an assumption is shown under."""
NOTE: Final = (
    "Rests on assumptions, not on evidence alone: each is listed with its reason, and may be replaced."
)


def read(evidence: Evidence, name: str) -> pd.DataFrame:
    """Return a table of assumptions, checked as a whole.

    Parameters
    ----------
    evidence
        Whose checkout the file is in; the file's digest is noted among its inputs.
    name
        Name of a file in ``data/assumptions``, without folder and ending.

    Returns
    -------
    DataFrame
        One row an assumption, as in the file: ``low``, ``likely`` and ``high`` as floats, the rest as text;
        and provenance. What is assumed has a footnote that says so.

    Raises
    ------
    UsageError
        If the name is a path.
    DataRefused
        If there is no such file, a column is unknown or absent, or with every row that breaks a rule: an
        unknown assumption, a number missing or out of order or range, a unit missing or wrong, money without
        its price year, evidence without its source.
    """
    table = tables.read(evidence.layout, _path(evidence, name), COLUMNS, inputs=evidence.inputs)
    faults = tables.Faults()
    tables.known(table, "assumption", UNITS, faults)
    tables.known(table, "kind", KINDS, faults)
    tables.filled(table, ("label", "reason"), faults)
    ends = ("low", "likely", "high")
    frame = table.frame.assign(**{end: tables.numbers(table, end, faults) for end in ends})
    _check_numbers(table, frame, faults)
    _check_units(table, faults)
    _check_sources(table, set(evidence.sources["source_id"]), faults)
    _check_places(table, faults)
    _check_whole(table, faults)
    faults.refuse()
    return _with_provenance(frame, name)


def _path(evidence: Evidence, name: str) -> str:
    where = 'parameter "assumed"'
    folder = evidence.layout.data / FOLDER
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        cure = f"Put the file into data/{FOLDER} and give its name alone, without .csv."
        raise UsageError("it takes the name of a file and no path", where=where, cure=cure)
    there = sorted(path.stem for path in folder.glob("*.csv"))
    if name not in there:
        raise DataRefused(f"there is no data/{FOLDER}/{name}.csv", where=where, cure=one_of(name, there))
    return f"{FOLDER}/{name}.csv"


def _check_numbers(table: Table, frame: pd.DataFrame, faults: Faults) -> None:
    """Note numbers out of order, below zero, or above one where they are fractions."""
    cure = "Put the smallest first; equal if it is certain."
    for end, limit in (("low", "likely"), ("likely", "high")):
        for row in table.rows_where(frame[end] > frame[limit]):
            faults.cell(table, row, end, f'is above {limit} "{table[limit][row]}"', cure)
    for row in table.rows_where(frame["low"] < 0):
        faults.cell(table, row, "low", "is below zero", "Nothing assumed here may be.")
    fractions = table["unit"].str.startswith("fraction")
    for row in table.rows_where(fractions & (frame["high"] > 1)):
        faults.cell(table, row, "high", "is above 1", "Write a fraction: 0.4 for 40%.")
    for row in table.rows_where(table["assumption"].eq("cost") & frame["low"].eq(0)):
        faults.cell(table, row, "low", "is no cost", "Nothing can be divided by it.")


def _check_units(table: Table, faults: Faults) -> None:
    """Note a unit that is missing or another's, and money without the year of its prices."""
    wanted = table["assumption"].map(UNITS)
    for row in table.rows_where(wanted.notna() & table["unit"].ne(wanted)):
        what = "is missing" if not table["unit"][row] else "is not its unit"
        faults.cell(table, row, "unit", what, f'A {table["assumption"][row]} is in "{wanted[row]}".')
    money = table["unit"].eq("GBP")
    year = table["price_year"].str.fullmatch(r"20\d\d-\d\d")
    for row in table.rows_where(money & ~year):
        faults.cell(table, row, "price_year", "is no price year", "Write the financial year, as 2022-23.")
    for row in table.rows_where(~money & table["price_year"].ne("")):
        faults.cell(table, row, "price_year", "stands with what is no money", "Leave it blank.")


def _check_sources(table: Table, sources: set[str], faults: Faults) -> None:
    """Note evidence without a known source, and an assumption that names one."""
    told = table["kind"].eq("evidence")
    for row in table.rows_where(told & ~table["source_id"].isin(sources)):
        cure = 'Add it to data/reference/sources.csv, or call the row an "assumption".'
        faults.cell(table, row, "source_id", "is not a known source", cure)
    for row in table.rows_where(~told & table["source_id"].ne("")):
        faults.cell(table, row, "source_id", "stands with an assumption", 'Call the row "evidence".')


def _check_places(table: Table, faults: Faults) -> None:
    """Note an assumption of the whole under an outcome, the other way round, and what is given twice."""
    whole, blank = table["assumption"].isin(OF_THE_WHOLE), table["outcome"].eq("")
    for row in table.rows_where(whole & ~blank):
        faults.cell(table, row, "outcome", "stands with what is of the whole", "Leave it blank.")
    for row in table.rows_where(~whole & blank):
        faults.cell(table, row, "outcome", "is blank", "Name the outcome that the row belongs to.")
    for row in table.rows_where(table.frame.duplicated(["outcome", "assumption"])):
        faults.cell(table, row, "assumption", "stands twice for its outcome", "Keep one row.")


def _check_whole(table: Table, faults: Faults) -> None:
    """Note an outcome without a value, and a table without an outcome."""
    outcomes = sorted(set(table["outcome"]) - {""})
    if not outcomes:
        faults.at(table.path, "no row names an outcome", "Name one in the column outcome.")
    valued = set(table["outcome"][table["assumption"].eq("value")])
    for outcome in outcomes:
        if outcome not in valued:
            faults.at(table.path, f'the outcome "{outcome}" has no value', 'Add a row "value" for it.')


def _with_provenance(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    assumed = frame["kind"].eq("assumption")
    ids = f"{FOLDER}:{name}:" + frame["outcome"].where(frame["outcome"].ne(""), "whole")
    return frame.assign(
        tier=assumed.map({True: "assumption", False: "reference"}),
        source_id=frame["source_id"].where(~assumed, SOURCE),
        figure_ids=ids + "-" + frame["assumption"],
        footnote=assumed.map({True: NOTE, False: ""}),
    )
