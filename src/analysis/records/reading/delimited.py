"""Text tables: the encoding, the separator and the quotation marks that a .csv does not declare."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

from analysis.records.reading import hostile

SEPARATORS: Final = ",;\t|"
MAX_ROWS: Final = 400_000
MAX_FIELDS: Final = 4_000_000
MAX_LINES_IN_CELL: Final = 50
"""A cell of more lines than this is a quotation mark that was never closed."""


def rows(path: Path, data: bytes) -> list[list[str]]:
    """Return the cells of a text table, without the blank rows at its end.

    Raises
    ------
    DataRefused
        If a quotation mark is not closed or the table is too long; the message names the line.
    """
    text = decoded(path, data)
    text, separator = _separator(text)
    found: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    fields, before = 0, 0
    try:
        for row in reader:
            if reader.line_num - before > MAX_LINES_IN_CELL:
                raise _unclosed(path, before + 1)
            before, fields = reader.line_num, fields + len(row)
            if len(found) >= MAX_ROWS or fields > MAX_FIELDS:
                raise hostile.refusal(path, f"has more than {len(found):,} rows", "Send it a year at a time.")
            found.append(row)
    except csv.Error:
        raise _unclosed(path, before + 1) from None
    while found and not any(cell.strip() for cell in found[-1]):
        found.pop()
    return found


def decoded(path: Path, data: bytes) -> str:
    """Return the text: UTF-8 or UTF-16 if it is that, else what Windows wrote in western Europe."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise hostile.refusal(path, "is not text", "Save it again as CSV (UTF-8).") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _separator(text: str) -> tuple[str, str]:
    """Return the text without Excel's own ``sep=`` line, and the separator most lines agree on."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return rest, first[4]
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in SEPARATORS}
    return text, max(SEPARATORS, key=lambda mark: counts[mark])


def _unclosed(path: Path, line: int) -> Exception:
    return hostile.refusal(
        path,
        f"line {line:,}: a quotation mark is not closed, or stands inside a cell",
        'Double it ("") inside a cell, or save it as .xlsx.',
    )
