"""Small tables of figures and relations, written as a test reads them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.evidence.relations import COLUMNS

PLAIN: dict[str, Any] = {
    "source_id": "made-up-2025",
    "section": "Table 1",
    "area": "Anyshire",
    "period": "2024-25",
    "measure": "people_supported",
    "breakdown": "",
    "category": "",
    "unit": "count",
    "denominator_figure_id": "",
    "quote": "",
    "qualifier": "",
    "repeat": False,
    "note": "",
}


def figures(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a table of figures; what a row leaves out is plain."""
    return pd.DataFrame([{**PLAIN, **row} for row in rows])


def figure(figure_id: str, value: float, **columns: Any) -> dict[str, Any]:
    """Return one row of figures; ``of`` is the stated base."""
    if "of" in columns:
        columns["denominator_figure_id"] = columns.pop("of")
    return {"figure_id": figure_id, "value": value, **columns}


def percent(figure_id: str, value: float, of: str, **columns: Any) -> dict[str, Any]:
    """Return one row with a percentage and its stated base."""
    return figure(figure_id, value, of=of, unit="percent", quote=f"{value}%", **columns)


def relation(
    relation_id: str, kind: str, figure_id: str, test: str, formula: str, **columns: str
) -> dict[str, str]:
    """Return one row of relations; what it leaves out is empty."""
    row = dict.fromkeys(COLUMNS, "")
    return row | {
        "relation_id": relation_id,
        "kind": kind,
        "figure_id": figure_id,
        "test": test,
        "formula": formula,
        **columns,
    }


def relations(*rows: dict[str, str]) -> pd.DataFrame:
    """Return a table of relations."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS))
