"""What the authorities ask in their own words, and how far the reports of this release answer it.

The 198 questions and 61 data fields are quoted from the five published documents; ``coverage.csv`` says for
each question which section of which notebook bears on it, and what is missing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import pandas as pd

from analysis.errors import did_you_mean
from analysis.evidence.codes import labels
from analysis.evidence.tables import Faults, Table, filled, known, read, truths, unique
from analysis.layout import Layout

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "questions": ("ref", "kind", "group", "source_id", "section", "words"),
    "coverage": ("ref", "notebook", "section", "status", "missing"),
    "fields": (
        "field_id",
        "field",
        "held_by",
        "status",
        "status_note",
        "known_hole",
        "source_id",
        "words",
        "figure_id",
    ),
    "group_notes": ("group", "letter", "figure_ids", "not_published", "note"),
}
TOTALS: Final = {"questions": 198, "fields": 61}
"""How many the documents hold: a table that has more or fewer has lost or gained one by mistake."""


@dataclass(frozen=True)
class Questions:
    """The four tables under ``data/questions``, checked against each other."""

    questions: pd.DataFrame
    """``ref``, ``kind``, ``group``, ``source_id``, ``section`` of the document, ``words`` quoted."""
    coverage: pd.DataFrame
    """``ref``, ``notebook``, ``section`` of the notebook, ``status``, ``missing``; one row a question."""
    fields: pd.DataFrame
    """``field_id``, ``field``, ``held_by``, ``status``, ``known_hole`` (bool), ``words``, ``figure_id``."""
    group_notes: pd.DataFrame
    """``group``, its ``figure_ids``, and what is ``not_published`` anywhere in the documents."""


def load(layout: Layout | None = None, *, inputs: dict[str, str] | None = None) -> Questions:
    """Return the questions, what covers them, the data fields, and the notes on each group.

    Parameters
    ----------
    layout
        The checkout; the one this package belongs to if None.
    inputs
        Where to note the digest of each table read, by its path in the checkout.

    Raises
    ------
    DataRefused
        Naming every rule that is broken, with file, row and cure.
    """
    layout, faults = layout or Layout.find(), Faults()
    tables = {
        name: read(layout, f"questions/{name}.csv", columns, inputs=inputs)
        for name, columns in COLUMNS.items()
    }
    _check_totals(tables, faults)
    _check_questions(tables["questions"], layout, faults)
    _check_coverage(tables["coverage"], tables["questions"], layout, faults)
    _check_fields(tables["fields"], layout, faults)
    _check_notes(tables["group_notes"], tables["questions"], layout, faults)
    faults.refuse()
    frames = {name: table.frame for name, table in tables.items()}
    frames["fields"] = frames["fields"].assign(known_hole=frames["fields"]["known_hole"].eq("true"))
    return Questions(**frames)


def questions_for(
    notebook: str, layout: Layout | None = None, *, inputs: dict[str, str] | None = None
) -> pd.DataFrame:
    """Return the questions that a notebook bears on, in order, with what it leaves open.

    Parameters
    ----------
    notebook
        The name of a notebook, such as ``male_survivors``.
    layout, inputs
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        ``ref``, ``kind`` and ``status`` as labels, ``words``, ``printed_in`` (the section of the document),
        ``section`` (of the notebook, as it is headed there), ``missing``; and the provenance columns. Empty
        if the notebook bears on none.
    """
    asked = load(layout, inputs=inputs)
    covered = asked.coverage.loc[asked.coverage["notebook"].eq(notebook)]
    frame = asked.questions.rename(columns={"section": "printed_in"}).merge(covered, on="ref")
    frame["kind"] = frame["kind"].map(labels("question_kind", layout))
    frame["status"] = frame["status"].map(labels("coverage_status", layout))
    frame["section"] = frame["section"].replace(_headings(notebook, layout or Layout.find()))
    frame = frame[["ref", "kind", "words", "printed_in", "section", "status", "missing", "source_id"]]
    return frame.assign(tier="published", figure_ids="", footnote="")


def _headings(notebook: str, layout: Layout) -> dict[str, str]:
    """Return how a notebook heads its sections, by their ids; nothing if there is no such notebook."""
    path = layout.notebooks / f"{notebook}.ipynb"
    if not path.is_file():
        return {}
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    opened = {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"}
    return {
        name.replace("-", "_"): text.split("\n")[0].removeprefix("## ").strip()
        for name, text in opened.items()
        if text.startswith("## ")
    }


def _check_totals(tables: dict[str, Table], faults: Faults) -> None:
    for name, total in TOTALS.items():
        rows = len(tables[name].frame)
        if rows != total:
            what = f"{rows} rows, the documents hold {total}"
            faults.at(tables[name].path, what, "Look for a row lost, added or doubled.")


def _check_questions(table: Table, layout: Layout, faults: Faults) -> None:
    unique(table, "ref", faults)
    filled(table, ("group", "section", "words"), faults)
    _coded(table, "kind", "question_kind", layout, faults)
    _sourced(table, layout, faults)


def _check_coverage(table: Table, questions: Table, layout: Layout, faults: Faults) -> None:
    unique(table, "ref", faults)
    known(table, "ref", questions["ref"], faults, cure="Take it from questions.csv.")
    _coded(table, "status", "coverage_status", layout, faults)
    for ref in sorted(set(questions["ref"]) - set(table["ref"])):
        faults.at(table.path, f'the question "{ref}" has no row', "Say what covers it, or what is missing.")
    nowhere = table["notebook"].eq("") | table["section"].eq("")
    rules = (
        (table["status"].ne("not possible") & nowhere, "is {}, but nowhere", "Name notebook and section."),
        (table["notebook"].eq("") & table["section"].ne(""), "has a section of no notebook", "Name it."),
        (table["status"].ne("answered") & table["missing"].eq(""), "is {}, nothing missing", "Say what is."),
    )
    for mask, what, cure in rules:
        for row in table.rows_where(mask):
            faults.cell(table, row, "ref", what.format(table["status"].loc[row]), cure)


def _check_fields(table: Table, layout: Layout, faults: Faults) -> None:
    unique(table, "field_id", faults)
    filled(table, ("field_id", "field", "held_by", "words"), faults)
    truths(table, "known_hole", faults)
    _coded(table, "status", "field_status", layout, faults)
    _sourced(table, layout, faults)
    _check_figures(table, "figure_id", layout, faults)


def _check_notes(table: Table, questions: Table, layout: Layout, faults: Faults) -> None:
    unique(table, "group", faults)
    known(table, "group", questions["group"], faults, cure="Take it from questions.csv.")
    for name in sorted(set(questions["group"]) - set(table["group"])):
        faults.at(table.path, f'the group "{name}" has no row', "Say what is published and what is not.")
    _check_figures(table, "figure_ids", layout, faults)


def _check_figures(table: Table, column: str, layout: Layout, faults: Faults) -> None:
    figures = _column(layout, "published/figures.csv", "figure_id")
    for row, listed in enumerate(table[column].str.split()):
        for figure in sorted(set(listed) - figures):
            where = f"{table.path} row {row + 2}, column {column}"
            faults.at(where, f'no figure "{figure}"', did_you_mean(figure, figures))


def _coded(table: Table, column: str, name: str, layout: Layout, faults: Faults) -> None:
    codes = labels(name, layout)
    known(table, column, codes, faults, cure=f"Write one of: {', '.join(codes)}.")


def _sourced(table: Table, layout: Layout, faults: Faults) -> None:
    sources = _column(layout, "published/sources.csv", "source_id")
    known(table, "source_id", sources, faults, cure="Take it from data/published/sources.csv.")


def _column(layout: Layout, path: str, column: str) -> set[str]:
    return set(pd.read_csv(layout.data / path, dtype=str, usecols=[column])[column])
