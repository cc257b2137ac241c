"""Rules of single columns, as a pandera schema made from the declaration of each table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from analysis.records import identifiers
from analysis.records.fields import FieldSpec, TableSpec, table
from analysis.records.rules.findings import Breach

LONGEST: Final = {"text": 300, "id": 60}
"""Characters that a text or an id may have."""

EARLIEST: Final = pd.Timestamp("1950-01-01")
LISTED: Final = 12
"""A list of values up to so long is spelt out in a cure."""

IDENTIFIER: Final = "identifier"


def breaches(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Breach]:
    """Yield what breaks a rule of a column, by column and rule in the order of the declaration."""
    failed = _failed(spec, frame)
    for field in spec.fields:
        mine = failed.loc[failed["column"] == field.field]
        for rule in dict.fromkeys(mine["check"]):
            rows = pd.Index(mine.loc[mine["check"] == rule, "index"])
            yield Breach(rows, field.field, *_words(field, str(rule)))
    yield from _identifiers(spec, frame)


def _failed(spec: TableSpec, frame: pd.DataFrame) -> pd.DataFrame:
    """Return column, rule and row of each failure; the values that failed go no further than here."""
    try:
        schema(spec.table).validate(frame, lazy=True)
    except SchemaErrors as errors:
        return pd.DataFrame(errors.failure_cases[["column", "check", "index"]])
    return pd.DataFrame({"column": [], "check": [], "index": []})


@cache
def schema(name: str) -> pa.DataFrameSchema:
    """Return the pandera schema of one kept table."""
    return pa.DataFrameSchema({field.field: _column(field) for field in table(name).fields}, name=name)


def _column(field: FieldSpec) -> pa.Column:
    return pa.Column(checks=list(_checks(field)), nullable=field.requirement.demand != "yes")


def _checks(field: FieldSpec) -> Iterator[pa.Check]:
    if field.codes:
        yield pa.Check(lambda values: values.isin(field.codes), name="not-a-code")
    if field.least is not None and field.most is not None:
        low, high = field.least, field.most
        yield pa.Check(lambda values: values.between(low, high).fillna(value=True), name="out-of-range")
    if field.type in LONGEST:
        yield pa.Check(lambda values: values.str.len() <= LONGEST[field.type], name="too-long")
    if field.type == "id":
        yield pa.Check(lambda values: values.str.fullmatch(r"\w[\w &'().-]*"), name="not-an-id")
    if field.type in {"date", "month"}:
        yield pa.Check(lambda values: values >= EARLIEST, name="too-early")


def _words(field: FieldSpec, rule: str) -> tuple[str, str, str]:
    """Return rule, problem and cure of a failed check; pandera has names of its own for blanks."""
    label = f'"{field.label}"'
    if rule == "not-a-code":
        return rule, f"{label} is none of its values", _choices(field)
    if rule == "out-of-range":
        unit = f" {field.unit}" if field.unit else ""
        return rule, f"{label} is out of range", f"Give {field.least:g} to {field.most:g}{unit}."
    if rule == "too-long":
        return rule, f"{label} is too long", f"Give at most {LONGEST[field.type]} characters."
    if rule == "not-an-id":
        return rule, f"{label} has signs that no code has", "Use letters, digits, spaces and hyphens."
    if rule == "too-early":
        return rule, f"{label} is before {EARLIEST.year}", "Give the year with four digits."
    return "blank", f"{label} is blank", f"Fill it: {field.help[0].lower()}{field.help[1:]}."


def _choices(field: FieldSpec) -> str:
    if len(field.codes) > LISTED:
        return "Choose one from the list in the template."
    return f"Choose one of: {', '.join(field.codes)}."


def _identifiers(spec: TableSpec, frame: pd.DataFrame) -> Iterator[Breach]:
    """Yield cells of text and ids that look like a direct identifier, whatever a reader has removed."""
    for name in spec.of_type("text", "id"):
        label = f'"{spec[name].label}"'
        for found in identifiers.find(frame[[name]], {name: ""}):
            problem = f"{label} looks as if it held {identifiers.KINDS[found.kind]}"
            yield Breach(pd.Index(found.rows), name, IDENTIFIER, problem, found.cure)
