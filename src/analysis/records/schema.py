"""The schema of the records, and what a set of tables must keep to be accepted."""

from __future__ import annotations

from analysis.records.fields import FieldSpec, Requirement, TableSpec, table, tables
from analysis.records.rules.completion import complete
from analysis.records.rules.findings import Checked
from analysis.records.rules.settle import validate

__all__ = ["Checked", "FieldSpec", "Requirement", "TableSpec", "complete", "table", "tables", "validate"]
