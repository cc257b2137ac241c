"""What the person-level tables hold: one declaration, read from ``data/codes``.

``record_tables.csv`` names the tables, ``record_fields.csv`` their fields. The template, the reading of
workbooks, the rules, the store and the synthetic sample all follow these two, so a field is added once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import pandas as pd

from analysis.errors import DataRefused, one_of
from analysis.evidence.codes import load_codes
from analysis.evidence.tables import Faults, Table, filled, known, read, records, unique
from analysis.layout import Layout

TABLE_COLUMNS: Final = ("table", "label", "row")
FIELD_COLUMNS: Final = (
    "table",
    "field",
    "input",
    "given",
    "label",
    "type",
    "codes",
    "required",
    "unknown",
    "key",
    "least",
    "most",
    "unit",
    "help",
    "example",
    "field_ids",
)
TYPES: Final = ("text", "integer", "number", "date", "month", "yes_no_unknown", "code", "pseudonym", "id")
GIVEN: Final = ("row", "workbook", "ingest")
NOT_RECORDED: Final = "not-recorded"
DTYPES: Final = {"integer": "Int64", "number": "Float64", "date": "datetime64[s]", "month": "datetime64[s]"}
"""The pandas type of a column by its type; text for all others."""

CONDITION: Final = re.compile(r"(if|when|only) (\w+)(?: in ([\w-]+(?: [\w-]+)*))?")
Demand = Literal["yes", "no", "if", "when", "only"]


@dataclass(frozen=True)
class Requirement:
    """When a field must be filled, may be and may not be.

    Attributes
    ----------
    demand
        ``yes``; ``no``; ``if`` (filled while the condition holds, blank else); ``when`` (blank else; a blank
        while it holds is *not recorded*); ``only`` (blank else, and may be blank while it holds).
    field
        Field of the same table that the condition is about; "" without one.
    among
        Values of it for which the condition holds; none means that it is filled at all.
    """

    demand: Demand
    field: str = ""
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldSpec:
    """One field of one table.

    Attributes
    ----------
    field, input
        Name of the column in a kept table, and as it comes from a provider ("" if it does not).
    given
        ``row``: a column of the sheet; ``workbook``: once, on the front sheet; ``ingest``: added when read.
    label, help, example
        Words for a workbook.
    type
        One of `TYPES`.
    codes
        Values it may take, in their order, kinds of unknown last; empty if it is not coded.
    labels
        Label of each of `codes`.
    requirement
        When it must be filled.
    unknown
        Whether the kinds of unknown are values; a blank is then *not recorded*.
    key
        Whether it is part of what tells one row from another.
    least, most
        Bounds of a number, inclusive, in `unit`.
    field_ids
        Fields of the documents, in ``data/questions/fields.csv``.
    """

    table: str
    field: str
    input: str
    given: str
    label: str
    type: str
    code_list: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    requirement: Requirement
    unknown: bool
    key: bool
    least: float | None
    most: float | None
    unit: str
    help: str
    example: str
    field_ids: tuple[str, ...]

    @property
    def dtype(self) -> str:
        """The pandas type of the column, ``str`` for text and codes."""
        return DTYPES.get(self.type, "str")

    @property
    def unknowns(self) -> tuple[str, ...]:
        """The kinds of unknown it may hold."""
        return tuple(code for code in self.codes if code in unknown_codes())


@dataclass(frozen=True)
class TableSpec:
    """One table: its name, the name of its sheet, what a row is, and its fields in order."""

    table: str
    label: str
    row: str
    fields: tuple[FieldSpec, ...]

    def __getitem__(self, field: str) -> FieldSpec:
        """Return one field by its name in the kept table."""
        return {spec.field: spec for spec in self.fields}[field]

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the kept table, in order."""
        return tuple(spec.field for spec in self.fields)

    @property
    def inputs(self) -> tuple[FieldSpec, ...]:
        """Fields that come from a provider, in order; their columns are named by ``FieldSpec.input``."""
        return tuple(spec for spec in self.fields if spec.input)

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that together tell one row from another, whatever month it was sent in."""
        return tuple(spec.field for spec in self.fields if spec.key)

    @property
    def person_level(self) -> bool:
        """Whether its rows are about people."""
        return "person" in self.columns

    def of_type(self, *types: str) -> tuple[str, ...]:
        """Return the columns of some types, in order."""
        return tuple(spec.field for spec in self.fields if spec.type in types)


@cache
def unknown_codes() -> tuple[str, ...]:
    """Return the kinds of unknown, in their order."""
    return tuple(load_codes("unknown")["code"])


@cache
def tables() -> dict[str, TableSpec]:
    """Return every table of the records by name, in order.

    Raises
    ------
    DataRefused
        Naming every fault of the two declarations at once.
    """
    layout, faults = Layout.find(), Faults()
    listed = read(layout, "codes/record_tables.csv", TABLE_COLUMNS)
    fields = read(layout, "codes/record_fields.csv", FIELD_COLUMNS)
    _check(listed, fields, faults)
    faults.refuse()
    specs = [_field(row) for row in records(fields.frame)]
    return {
        row["table"]: TableSpec(
            row["table"], row["label"], row["row"], tuple(s for s in specs if s.table == row["table"])
        )
        for row in records(listed.frame)
    }


def table(name: str) -> TableSpec:
    """Return one table.

    Raises
    ------
    DataRefused
        If there is no such table, with the nearest name.
    """
    if name not in tables():
        raise DataRefused(f'no table "{name}" of records', where="records", cure=one_of(name, tables()))
    return tables()[name]


def blank(field: FieldSpec, index: pd.Index[Any]) -> pd.Series[Any]:
    """Return a column of a field's type with nothing in it."""
    return pd.Series(None, index=index, dtype=field.dtype)


def _check(listed: Table, fields: Table, faults: Faults) -> None:
    unique(listed, "table", faults)
    filled(fields, ("field", "given", "label", "type", "required", "unknown", "key", "help"), faults)
    known(fields, "table", listed["table"], faults)
    known(fields, "type", TYPES, faults)
    known(fields, "given", GIVEN, faults)
    known(fields, "unknown", ("yes", "no"), faults)
    known(fields, "key", ("yes", "no"), faults)
    for row in fields.rows_where(fields.frame.duplicated(["table", "field"])):
        faults.cell(fields, row, "field", "stands twice", "A table has one field of a name.")
    conditional = ~fields["required"].isin(("yes", "no"))
    for row in fields.rows_where(conditional & ~fields["required"].str.fullmatch(CONDITION.pattern)):
        faults.cell(fields, row, "required", "is not understood", 'Write "if FIELD in A B", or yes or no.')
    for row in fields.rows_where((fields["type"] == "code") & (fields["codes"] == "")):
        faults.cell(fields, row, "codes", "is blank", "Name a list of data/codes.")


def _field(row: dict[str, str]) -> FieldSpec:
    codes = _codes(row)
    return FieldSpec(
        table=row["table"],
        field=row["field"],
        input=row["input"],
        given=row["given"],
        label=row["label"],
        type=row["type"],
        code_list=row["codes"].partition(":")[0],
        codes=tuple(codes),
        labels=tuple(codes.values()),
        requirement=_requirement(row["required"]),
        unknown=row["unknown"] == "yes",
        key=row["key"] == "yes",
        least=float(row["least"]) if row["least"] else None,
        most=float(row["most"]) if row["most"] else None,
        unit=row["unit"],
        help=row["help"],
        example=row["example"],
        field_ids=tuple(row["field_ids"].split(";")) if row["field_ids"] else (),
    )


def _requirement(text: str) -> Requirement:
    match = CONDITION.fullmatch(text)
    if not match:
        return Requirement("yes" if text == "yes" else "no")
    demand: Demand = "if" if match[1] == "if" else "when" if match[1] == "when" else "only"
    return Requirement(demand, match[2], tuple(match[3].split()) if match[3] else ())


def _codes(row: dict[str, str]) -> dict[str, str]:
    """Return the label of every value of a coded field; kinds of unknown last."""
    found: dict[str, str] = {}
    if row["type"] == "yes_no_unknown":
        found = {"yes": "Yes", "no": "No"}
    elif row["type"] == "code":
        found = _members(*row["codes"].partition(":")[::2])
    if found and row["unknown"] == "yes":
        found = {**found, **_labels("unknown")}
    return found


def _members(name: str, group: str) -> dict[str, str]:
    """Return a list's codes and labels, or those of one group of it; a group's own code is left out then."""
    if not group:
        return _labels(name)
    codes = _codes_of(name)
    chosen = codes.loc[codes["parent"] == group]
    return dict(zip(chosen["code"], chosen["label"], strict=True))


@cache
def _codes_of(name: str) -> pd.DataFrame:
    return load_codes(name)


@cache
def _labels(name: str) -> dict[str, str]:
    codes = _codes_of(name)
    return dict(zip(codes["code"], codes["label"], strict=True))
