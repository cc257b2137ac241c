"""Closing the account of a reading: the one fate of every row, and what a refusal workbook says of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.records.accounting import showing
from analysis.records.accounting.ledger import FileLedger, Ledger, Refusal
from analysis.records.fields import FieldSpec, tables
from analysis.records.reading.headers import letter
from analysis.records.reading.sheets import CellProblem, Part, Read, Row

if TYPE_CHECKING:
    from analysis.records.ingest import Outcome, Pool

Place = tuple[int, str, int]
"""File, sheet and row."""


def close(pool: Pool, outcome: Outcome) -> Ledger:
    """Return the ledger with every row counted once.

    Parameters
    ----------
    pool
        What was read.
    outcome
        What became of the rows that could be read.
    """
    ledger, read = pool.ledger, len(pool.origin)
    superseded = {int(row) for rows in outcome.superseded.values() for row in rows}
    refused = {int(row) for row in outcome.refused["row_id"]}
    ledger.replaced = sum(row >= read for row in superseded)
    for number, (found, account) in enumerate(zip(pool.reads, ledger.files, strict=True)):
        if found is not None:
            _file(pool, outcome, number, found, account)
    for index, (number, _, _) in enumerate(pool.origin):
        account = ledger.files[number]
        account.superseded += index in superseded and index not in refused
        account.refused += index in refused
        account.accepted += index not in superseded and index not in refused
    ledger.refusals += _ruled(pool, outcome.refused)
    ledger.warnings += _ruled(pool, outcome.warnings)
    _repeat_rows(pool)
    ledger.kept = {name: len(frame) for name, frame in outcome.accepted.items() if len(frame)}
    for provider, month in sorted(outcome.parts):
        ledger.notes.append(
            f"{provider} {month:%Y-%m} came in two workbooks without a row in common: both are kept, as parts"
            " of the month. If one replaces the other, read the one alone."
        )
    return ledger


def _file(pool: Pool, outcome: Outcome, number: int, found: Read, account: FileLedger) -> None:
    """Count the rows of one file that could not be read, and those that hold no record."""
    account.provider = found.provider
    account.month = f"{found.month:%Y-%m}" if found.month else ""
    for part in found.parts:
        account.read += part.blank + len(part.rows)
        account.blank += part.blank
        groups = outcome.groups.get(part.table, frozenset())
        for row in part.rows:
            if row.problems and _group(pool.digests[number], row) in groups:
                account.superseded += 1
            elif row.problems:
                account.refused += 1
                pool.ledger.refusals += [_unread(number, found, part, row, one) for one in row.problems]


def _group(digest: str, row: Row) -> tuple[str, str, Any]:
    month = row.known.get("month")
    return digest, str(row.known.get("provider", "")), pd.Timestamp(month) if month else pd.NaT


def _unread(number: int, found: Read, part: Part, row: Row, problem: CellProblem) -> Refusal:
    one = (
        {spec.input: spec for spec in tables()[part.table].inputs}.get(problem.field) if part.table else None
    )
    cell = row.cells[problem.column] if one and 0 <= problem.column < len(row.cells) else ""
    provider = str(row.known.get("provider", found.provider))
    month = row.known.get("month", found.month)
    return Refusal(
        file=number,
        provider=provider,
        month=_month(month),
        sheet=part.sheet,
        row=row.number,
        table=part.table,
        column=problem.column,
        heading=_heading(part, problem.column, one),
        rule=problem.rule,
        problem=problem.problem,
        cure=problem.cure,
        value=str(showing.shown(cell, one)) if one and cell != "" else "",
    )


def _month(month: Any) -> str:
    return f"{month:%Y-%m}" if isinstance(month, dt.date) and not pd.isna(month) else ""


def _heading(part: Part, column: int, one: FieldSpec | None) -> str:
    if part.placed is None:
        return ""
    if one is not None:
        return f"{one.label} ({letter(column)})" if column >= 0 else one.label
    return f"column {letter(column)}" if column >= 0 else ""


def _ruled(pool: Pool, found: pd.DataFrame) -> list[Refusal]:
    """Return what the rules say of rows, each with where it stands in its workbook."""
    columns = found[["row_id", "field", "rule", "problem", "cure"]]
    return [
        _told(pool, int(index), str(field or ""), (str(rule), str(problem), str(cure)))
        for index, field, rule, problem, cure in columns.itertuples(index=False)
    ]


def _told(pool: Pool, index: int, field: str, words: tuple[str, str, str]) -> Refusal:
    number, part, row = pool.origin[index]
    found = pool.reads[number]
    assert found is not None
    assert part.placed is not None
    one = next((spec for spec in part.placed.spec.fields if spec.field == field), None)
    column = part.placed.columns.get(one.input, -1) if one else -1
    return _unread(number, found, part, row, CellProblem(one.input if one else "", column, *words))


def _repeat_rows(pool: Pool) -> None:
    """Note what each refused row may show, cell by cell, under the headings that are placed."""
    ledger = pool.ledger
    wanted = {(one.file, one.sheet, one.row) for one in [*ledger.refusals, *ledger.warnings]}
    for number, found in enumerate(pool.reads):
        for part in found.parts if found else ():
            if part.placed is None:
                continue
            placed = [(one, part.placed.columns[one.input]) for one in _in_order(part)]
            ledger.headings[number, part.sheet] = [one.label for one, _ in placed]
            for row in part.rows:
                place: Place = (number, part.sheet, row.number)
                if place in wanted:
                    ledger.rows[place] = [
                        showing.shown(row.cells[at] if at < len(row.cells) else "", one) for one, at in placed
                    ]


def _in_order(part: Part) -> list[FieldSpec]:
    assert part.placed is not None
    columns = part.placed.columns
    return sorted(
        (one for one in part.placed.spec.inputs if one.input in columns), key=lambda one: columns[one.input]
    )
