"""Corrected readings put in place of what is printed, each with a footnote that travels with the number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.evidence import tables

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("figure_id", "field", "printed", "corrected", "footnote")
"""What a table of corrected readings holds."""

FIELDS: Final = ("value", "unit", "denominator_figure_id")
"""What of a figure can be corrected."""


def apply_corrections(printed: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Return figures with corrected readings and their footnotes; the printed frame is left alone.

    Parameters
    ----------
    printed
        Figures, one a row, with unique `figure_id`.
    corrections
        One row a corrected field: figure_id, field, printed, corrected, footnote.

    Raises
    ------
    DataRefused
        If a correction names no figure or no correctable field, or says that something else is printed.
    """
    faults = tables.Faults()
    frame = printed.set_index("figure_id", drop=False)
    for row in corrections.to_dict("records"):
        figure, column = str(row["figure_id"]), str(row["field"])
        where = f"corrected reading of {figure}"
        if figure not in frame.index or column not in FIELDS:
            cure = f"A figure has the fields {', '.join(FIELDS)}."
            faults.at(where, f'no figure has this id and a field "{column}"', cure)
            continue
        now, then = _typed(column, frame.loc[figure, column]), _typed(column, row["printed"])
        if now != then:
            faults.at(where, f'{column} is printed "{now}", not "{then}"', "Audit the figure again.")
            continue
        notes = [str(frame.loc[figure, "footnote"]), str(row["footnote"])]
        frame.loc[figure, [column, "footnote"]] = [
            _typed(column, row["corrected"]),
            " ".join(filter(None, notes)),
        ]
    faults.refuse()
    return frame.reset_index(drop=True)


def _typed(column: str, value: Any) -> float | str:
    """Return a field of a figure as the table types it."""
    return float(value) if column == "value" else str(value)
