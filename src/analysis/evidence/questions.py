"""What the authorities ask in their own words, and how far the reports of this release answer it.

The 198 questions and 61 data fields are quoted from the five published documents; ``coverage.csv`` says for
each question which section of which notebook bears on it, and what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from analysis.errors import DataRefused, did_you_mean, one_of
from analysis.evidence.codes import load_codes, read_text, refuse_all, row_problems
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
MANY: Final = 20
"""More names than this are not listed in an error; the nearest one is."""


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


def load(layout: Layout | None = None) -> Questions:
    """Return the questions, what covers them, the data fields, and the notes on each group.

    Raises
    ------
    DataRefused
        Naming every rule that is broken, with file, row and cure.
    """
    layout = layout or Layout.find()
    tables = {
        name: read_text(layout.data / "questions" / f"{name}.csv", columns)
        for name, columns in COLUMNS.items()
    }
    refuse_all(_problems(tables, layout))
    tables["fields"]["known_hole"] = tables["fields"]["known_hole"].eq("true")
    return Questions(**tables)


def questions_for(notebook: str, layout: Layout | None = None) -> pd.DataFrame:
    """Return the questions that a notebook bears on, in order, with what it leaves open.

    Parameters
    ----------
    notebook
        The name of a notebook, such as ``male_survivors``.

    Returns
    -------
    pandas.DataFrame
        ``ref``, ``kind`` and ``status`` as labels, ``words``, ``printed_in`` (the section of the document),
        ``section`` (of the notebook), ``missing``; and the provenance columns. Empty if the notebook bears
        on none.
    """
    asked = load(layout)
    covered = asked.coverage.loc[asked.coverage["notebook"].eq(notebook)]
    frame = asked.questions.rename(columns={"section": "printed_in"}).merge(covered, on="ref")
    frame["kind"] = frame["kind"].map(_labels("question_kind", layout))
    frame["status"] = frame["status"].map(_labels("coverage_status", layout))
    frame = frame[["ref", "kind", "words", "printed_in", "section", "status", "missing", "source_id"]]
    return frame.assign(tier="published", figure_ids="", footnote="")


def _labels(name: str, layout: Layout | None) -> dict[str, str]:
    codes = load_codes(name, layout)
    return dict(zip(codes["code"], codes["label"], strict=True))


def _problems(tables: dict[str, pd.DataFrame], layout: Layout) -> list[DataRefused]:
    return [
        *_counts(tables),
        *_question_rows(tables["questions"], layout),
        *_coverage_rows(tables["coverage"], tables["questions"], layout),
        *_field_rows(tables["fields"], layout),
        *_note_rows(tables["group_notes"], tables["questions"]),
        *_unknown_figures(tables, layout),
    ]


def _counts(tables: dict[str, pd.DataFrame]) -> list[DataRefused]:
    return [
        DataRefused(
            f"{len(tables[name])} rows, the documents hold {total}",
            where=f"data/questions/{name}.csv",
            cure="Look for a row lost, added or doubled.",
        )
        for name, total in TOTALS.items()
        if len(tables[name]) != total
    ]


def _question_rows(frame: pd.DataFrame, layout: Layout) -> list[DataRefused]:
    where = "data/questions/questions.csv"
    twice = frame["ref"].duplicated()
    badly = ~frame["ref"].str.fullmatch(r"[A-Z]\d+")
    return [
        *row_problems(where, frame, twice, 'the ref "{ref}" is there twice', "Keep one of the rows."),
        *row_problems(where, frame, badly, 'the ref "{ref}" is badly formed', "Write it as M1."),
        *_blanks(where, frame, ("group", "section", "words")),
        *_unknown(where, frame, "kind", set(load_codes("question_kind", layout)["code"])),
        *_unknown(where, frame, "source_id", _sources(layout)),
    ]


def _coverage_rows(frame: pd.DataFrame, questions: pd.DataFrame, layout: Layout) -> list[DataRefused]:
    where = "data/questions/coverage.csv"
    possible = frame["status"].ne("not possible")
    nowhere = frame["notebook"].eq("") | frame["section"].eq("")
    silent = frame["status"].ne("answered") & frame["missing"].eq("")
    uncovered = questions.loc[~questions["ref"].isin(frame["ref"]), "ref"]
    absent = [
        DataRefused(
            f'question "{ref}" has no row', where=where, cure="Say what covers it, or what is missing."
        )
        for ref in uncovered
    ]
    half = frame["notebook"].eq("") & frame["section"].ne("")
    return [
        *absent,
        *_unknown(where, frame, "ref", set(questions["ref"])),
        *row_problems(where, frame, frame["ref"].duplicated(), '"{ref}" is there twice', "Keep one row."),
        *_unknown(where, frame, "status", set(load_codes("coverage_status", layout)["code"])),
        *row_problems(where, frame, possible & nowhere, '"{ref}" is {status}, but nowhere', "Say where."),
        *row_problems(where, frame, half, '"{ref}" names a section of no notebook', "Name the notebook."),
        *row_problems(
            where, frame, silent, '"{ref}" is {status}, with nothing missing', "Say what is missing."
        ),
    ]


def _field_rows(frame: pd.DataFrame, layout: Layout) -> list[DataRefused]:
    where = "data/questions/fields.csv"
    twice = frame["field_id"].duplicated()
    flag = ~frame["known_hole"].isin(["true", "false"])
    return [
        *row_problems(where, frame, twice, 'the field "{field_id}" is there twice', "Keep one of the rows."),
        *row_problems(where, frame, flag, 'known_hole is "{known_hole}"', "Write true or false."),
        *_blanks(where, frame, ("field_id", "field", "held_by", "words")),
        *_unknown(where, frame, "status", set(load_codes("field_status", layout)["code"])),
        *_unknown(where, frame, "source_id", _sources(layout)),
    ]


def _note_rows(frame: pd.DataFrame, questions: pd.DataFrame) -> list[DataRefused]:
    where = "data/questions/group_notes.csv"
    missing = sorted(set(questions["group"]) - set(frame["group"]))
    return [
        *_unknown(where, frame, "group", set(questions["group"])),
        *(DataRefused(f'group "{name}" has no row', where=where, cure="Add it.") for name in missing),
    ]


def _blanks(where: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> list[DataRefused]:
    return [
        problem
        for column in columns
        for problem in row_problems(where, frame, frame[column].eq(""), f"{column} is empty", "Fill it in.")
    ]


def _unknown(where: str, frame: pd.DataFrame, column: str, known: set[str]) -> list[DataRefused]:
    what = f'{column} "{{{column}}}" is not known'
    return [
        problem
        for value, rows in frame.loc[~frame[column].isin(known)].groupby(column, sort=True)
        for problem in row_problems(where, rows, rows[column].notna(), what, _nearest(str(value), known))
    ]


def _nearest(value: str, known: set[str]) -> str:
    if len(known) <= MANY:
        return one_of(value, known)
    return did_you_mean(value, known) or "Take one from the table that holds it."


def _sources(layout: Layout) -> set[str]:
    path = layout.data / "published" / "sources.csv"
    return set(pd.read_csv(path, dtype=str, usecols=["source_id"])["source_id"])


def _unknown_figures(tables: dict[str, pd.DataFrame], layout: Layout) -> list[DataRefused]:
    path = layout.data / "published" / "figures.csv"
    known = set(pd.read_csv(path, dtype=str, usecols=["figure_id"])["figure_id"])
    fields, notes = tables["fields"], tables["group_notes"]
    named = fields.loc[fields["figure_id"].ne("")]
    spread = notes.assign(figure_id=notes["figure_ids"].str.split()).explode("figure_id")
    return [
        *_unknown("data/questions/fields.csv", named, "figure_id", known),
        *_unknown("data/questions/group_notes.csv", spread, "figure_id", known),
    ]
