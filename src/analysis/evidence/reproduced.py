"""What an authority printed for a year, and whether records or its other figures give it again.

``published/reproduced.csv`` says of each printed figure where it comes from: from person-level records, for
which a SYNTHETIC sample with the printed margins stands in; from arithmetic over other printed figures; or
from neither. Each outcome is tested (``tests/golden/test_printed_again.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.evidence.tables import Faults, filled, known, read, unique

if TYPE_CHECKING:
    from analysis.evidence.published import Evidence

TABLE: Final = "published/reproduced.csv"
COLUMNS: Final = ("figure_id", "about", "outcome", "formula", "why")
OUTCOMES: Final = ("records", "arithmetic", "differs", "outside")
"""From records; from other printed figures; from neither, as printed; about something else altogether."""


def figures(evidence: Evidence, area: str, period: str) -> pd.DataFrame:
    """Return every printed figure of an area and period that the table has, with its outcome.

    Parameters
    ----------
    evidence
        The printed figures.
    area, period
        As for `Evidence.view`.

    Returns
    -------
    DataFrame
        ``figure_id``, ``about`` (the subject in words), ``quote``, ``printed_text`` (the number with its
        unit), ``outcome`` (one of `OUTCOMES`), ``formula``, ``why``, and provenance; empty if the period has
        none.

    Raises
    ------
    DataRefused
        Naming every broken rule of the table.
    """
    faults = Faults()
    table = read(evidence.layout, TABLE, COLUMNS, inputs=evidence.inputs)
    unique(table, "figure_id", faults)
    filled(table, ("figure_id", "about"), faults)
    known(table, "outcome", OUTCOMES, faults)
    known(table, "figure_id", evidence.figures["figure_id"], faults)
    for row in table.rows_where(table["outcome"].eq("differs") & table["why"].eq("")):
        faults.cell(table, row, "why", "is blank", "Say why the figure does not come out.")
    for row in table.rows_where(table["outcome"].eq("arithmetic") & table["formula"].eq("")):
        faults.cell(table, row, "formula", "is blank", "Write the arithmetic over other figures.")
    faults.refuse()
    printed = evidence.figures[evidence.figures["period"].eq(period)]
    own = printed[printed["source_id"].isin(evidence.sources_of(area, period))]
    found = own[["figure_id", "quote", "value", "unit", "tier", "source_id", "footnote"]].merge(
        table.frame, on="figure_id", how="inner"
    )
    texts = [_printed(value, unit) for value, unit in zip(found["value"], found["unit"], strict=True)]
    return found.assign(printed_text=texts, figure_ids=found["figure_id"])


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Return how many figures there are about each subject, by outcome.

    Parameters
    ----------
    frame
        From `figures`.

    Returns
    -------
    DataFrame
        ``label`` (the subject), ``n`` (figures), one column an outcome of `OUTCOMES`, and provenance.
    """
    rows: list[dict[str, Any]] = [
        {
            "label": about,
            "n": len(own),
            **{name: int(own["outcome"].eq(name).sum()) for name in OUTCOMES},
            "tier": "published",
            "source_id": " ".join(dict.fromkeys(own["source_id"])),
            "figure_ids": " ".join(own["figure_id"]),
            "footnote": "",
        }
        for about, own in frame.groupby("about", sort=False)
    ]
    return pd.DataFrame(rows)


def _printed(value: float, unit: str) -> str:
    number = f"{value:,.10g}"
    words = {"percent": f"{number}%", "gbp": f"£{number}", "rate_per_1000": f"{number} per 1,000"}
    return words.get(unit, number if unit in {"count", "ratio"} else f"{number} {unit}")
