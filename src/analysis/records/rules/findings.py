"""What a check of the records found: rows refused and rows to look at, each with rule, problem and cure.

No finding holds a value of a cell: whoever has the workbook sees it there, and nobody else needs to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pandas as pd

COLUMNS: Final = ("table", "row_id", "field", "rule", "problem", "cure")


class Breach(NamedTuple):
    """Rows of one table, by their labels, that break one rule about one field."""

    rows: pd.Index[Any]
    field: str
    rule: str
    problem: str
    cure: str


class Checked(NamedTuple):
    """What became of a set of tables.

    Attributes
    ----------
    accepted
        Tables without their refused rows, completed, in their order.
    refused, warnings
        One row a finding: ``table``, ``row_id`` (label of the row in the table given), ``field``, ``rule``,
        ``problem``, ``cure``. A refused row may have several; a warned row is accepted.
    """

    accepted: dict[str, pd.DataFrame]
    refused: pd.DataFrame
    warnings: pd.DataFrame


@dataclass
class Findings:
    """Findings as they are gathered, whole columns of rows at a time."""

    parts: list[pd.DataFrame] = field(default_factory=list)

    def note(self, table: str, breach: Breach) -> None:
        """Note one finding for each row of a breach."""
        if len(breach.rows):
            words = {"table": table, **breach._asdict(), "row_id": breach.rows.astype(object)}
            self.parts.append(pd.DataFrame(words)[list(COLUMNS)])

    def frame(self) -> pd.DataFrame:
        """Return all findings in the order they were made."""
        if not self.parts:
            return pd.DataFrame({column: pd.Series(dtype=object) for column in COLUMNS})
        return pd.concat(self.parts, ignore_index=True)
