"""The schema of the records, and what a set of tables must keep to be accepted."""

from __future__ import annotations

from analysis.records.fields import FieldSpec, Requirement, TableSpec, table, tables

__all__ = ["FieldSpec", "Requirement", "TableSpec", "table", "tables"]
