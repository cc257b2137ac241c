"""What became of every row: a line a file whose numbers add up, and what was not read, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from analysis.records.reading.hostile import shown

FATES: Final = ("accepted", "refused", "superseded", "blank")
"""What can become of a row that was read; a row has one."""


@dataclass
class FileLedger:
    """The account of one file: ``read = accepted + refused + superseded + blank``, always.

    Attributes
    ----------
    path
        The file.
    digest
        SHA-256 of its bytes, "" if it could not be opened.
    provider, month
        What it says of itself: a short name, ``YYYY-MM``; "" if it does not.
    read, accepted, refused, superseded, blank
        Rows below the headings of its tables, and what became of them [rows].
    notes
        What was not read, and what to look at.
    error
        Why the whole file was refused; "" if it was read.
    """

    path: Path
    digest: str = ""
    provider: str = ""
    month: str = ""
    read: int = 0
    accepted: int = 0
    refused: int = 0
    superseded: int = 0
    blank: int = 0
    notes: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def balanced(self) -> bool:
        """Whether every row read has one fate."""
        return self.read == self.accepted + self.refused + self.superseded + self.blank

    def line(self) -> str:
        """Return the account in one line."""
        name = shown(self.path.name)
        if self.error:
            return f"{name}: refused. {self.error}"
        return f"{name}: {_sum(self)}"


@dataclass(frozen=True)
class Refusal:
    """One broken rule of one row: where it stands, what is wrong, and the cure.

    Attributes
    ----------
    file, provider, month, sheet, row
        Where; ``file`` is an index into `Ledger.files`.
    table, column, heading
        The table, the column (from 0, -1 without one) and its heading as it stands in the sheet.
    rule, problem, cure
        The rule by name, what is wrong, what to do.
    value
        The value, only where it may be shown.
    """

    file: int
    provider: str
    month: str
    sheet: str
    row: int
    table: str
    column: int
    heading: str
    rule: str
    problem: str
    cure: str
    value: str = ""


@dataclass
class Ledger:
    """The account of one reading.

    Attributes
    ----------
    files
        One account a file, in the order they were read.
    refusals
        Every broken rule of every refused row.
    warnings
        Rows that were accepted and should be looked at, as refusals are told.
    rows
        What each refused row may show, by file, sheet and row: the cells that are no free text.
    kept
        Rows in the store afterwards, by table [rows].
    replaced
        Rows kept before that a workbook of this reading replaces [rows].
    notes
        What concerns no single file.
    refusals_path
        The refusal workbook, if one was written.
    """

    files: list[FileLedger] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[Refusal] = field(default_factory=list)
    rows: dict[tuple[int, str, int], list[str | int | float]] = field(default_factory=dict)
    headings: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    replaced: int = 0
    notes: list[str] = field(default_factory=list)
    refusals_path: Path | None = None

    @property
    def total(self) -> FileLedger:
        """The sum of all files."""
        summed = FileLedger(Path("all files"))
        for name in ("read", *FATES):
            setattr(summed, name, sum(getattr(one, name) for one in self.files))
        return summed

    @property
    def refused_files(self) -> list[FileLedger]:
        """Files that could not be read at all."""
        return [one for one in self.files if one.error]

    def by_rule(self) -> dict[tuple[str, str], int]:
        """Return refused rows by provider and rule, most first [rows]."""
        return _counted((one.provider or "not stated", one.rule, _row(one)) for one in self.refusals)

    def lines(self) -> list[str]:
        """Return the account for a terminal: a line a file, what was not read, sums; never a value."""
        said = [one.line() for one in self.files]
        said += [f"  {shown(one.path.name)}: {note}" for one in self.files for note in one.notes]
        said += [f"  {note}" for note in self.notes]
        said.append(f"{len(self.files):,} files: {_sum(self.total)}")
        rules = [f"  {provider}: {rule} in {n:,} rows" for (provider, rule), n in self.by_rule().items()]
        if rules:
            said += ["refused, by provider and rule:", *rules]
        if self.warnings:
            warned = Counter(one.rule for one in self.warnings)
            said.append("accepted, to look at: " + ", ".join(f"{r} {n:,}" for r, n in sorted(warned.items())))
        if self.replaced:
            said.append(f"{self.replaced:,} rows kept before are superseded")
        said.append("kept: " + (", ".join(f"{name} {n:,}" for name, n in self.kept.items()) or "nothing"))
        if self.refusals_path:
            said.append(f"what to mend: {self.refusals_path}")
        return said


def _sum(one: FileLedger) -> str:
    parts = " + ".join(f"{getattr(one, name):,} {name}" for name in FATES)
    return f"{one.read:,} read = {parts}"


def _row(one: Refusal) -> tuple[int, str, int]:
    return one.file, one.sheet, one.row


def _counted(
    items: Iterable[tuple[str, str, tuple[int, str, int]]],
) -> dict[tuple[str, str], int]:
    rows: dict[tuple[str, str], set[tuple[int, str, int]]] = {}
    for provider, rule, row in items:
        rows.setdefault((provider, rule), set()).add(row)
    return {key: len(rows[key]) for key in sorted(rows, key=lambda key: (-len(rows[key]), key))}
