"""Code lists: the categories that tables are coded to, where each list is from, and how printed ones map.

One CSV a list in ``data/codes``, described in ``lists.csv``. ``published_mappings.csv`` says which code a
printed category means, and which codes a source prints no category for; ``reference_mappings.csv`` does
the same for the census.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.errors import DataRefused, one_of
from analysis.layout import Layout

CODE_LISTS: Final = (
    "accommodation_type",
    "additional_characteristic",
    "age_band",
    "authority_tier",
    "capacity_unit",
    "coverage_status",
    "departure_kind",
    "destination",
    "disability",
    "district",
    "eligibility",
    "ethnicity_18",
    "ethnicity_19",
    "evidence_tier",
    "field_status",
    "financial_status",
    "gender_identity",
    "impairment",
    "main_language",
    "protected_characteristic",
    "question_kind",
    "referral_outcome",
    "refusal_reason",
    "religion",
    "return_person",
    "risk_level",
    "sex",
    "sexual_orientation",
    "support_type",
    "tenure_at_referral",
    "unknown",
)
"""Every code list, by name; `load_codes` takes one of these."""

CODE_COLUMNS: Final = ("code", "label", "parent", "order", "note")
LIST_COLUMNS: Final = (
    "list",
    "title",
    "publisher",
    "document",
    "year",
    "url",
    "licence",
    "verified",
    "checked",
)
PUBLISHED_COLUMNS: Final = (
    "source_id",
    "breakdown",
    "category",
    "printed",
    "list",
    "code",
    "relation",
    "note",
)
REFERENCE_COLUMNS: Final = ("census_table", "category", "list", "code")
RELATIONS: Final = ("exact", "broader", "narrower", "not printed", "no code")
"""What a printed category is to its code: the same, wider, a part of it; or one of the two is missing."""

FIRST_ROW: Final = 2
"""The line of a CSV that its first row of data stands on."""


def load_codes(name: str, layout: Layout | None = None, *, leaves: bool = False) -> pd.DataFrame:
    """Return one code list, in its order.

    Parameters
    ----------
    name
        One of `CODE_LISTS`.
    layout
        The checkout; the one this package belongs to if None.
    leaves
        Leave out the codes that only group others.

    Returns
    -------
    pandas.DataFrame
        One row a code: ``code``, ``label``, ``parent`` (a code of the same list, or ""), ``order`` (int,
        from 1), ``note``.

    Raises
    ------
    DataRefused
        If there is no such list, or it breaks a rule; all failures of the list are named at once.
    """
    if name not in CODE_LISTS:
        raise DataRefused(f'no code list "{name}"', where="data/codes", cure=one_of(name, CODE_LISTS))
    frame = read_text(_folder(layout) / f"{name}.csv", CODE_COLUMNS)
    refuse_all(_list_problems(name, frame))
    frame["order"] = frame["order"].astype(int)
    frame = frame.sort_values("order", ignore_index=True)
    if leaves:
        frame = frame.loc[~frame["code"].isin(frame["parent"])].reset_index(drop=True)
    return frame


def load_lists(layout: Layout | None = None) -> pd.DataFrame:
    """Return what is known of every code list: title, publisher, document, licence, and what was checked.

    ``verified`` is a bool: True only where the list was compared with a source that could be read.
    """
    frame = read_text(_folder(layout) / "lists.csv", LIST_COLUMNS)
    refuse_all(_register_problems(frame))
    frame["verified"] = frame["verified"].eq("true")
    return frame


def load_mappings(layout: Layout | None = None) -> pd.DataFrame:
    """Return which code each printed category of the published figures means; see `RELATIONS`.

    A row with an empty ``category`` is a gap made explicit: the source prints nothing for that code.
    """
    frame = read_text(_folder(layout) / "published_mappings.csv", PUBLISHED_COLUMNS)
    refuse_all([*_relation_problems(frame), *_target_problems("published_mappings", frame, layout)])
    return frame


def load_reference_mappings(layout: Layout | None = None) -> pd.DataFrame:
    """Return which code each category of the census tables means."""
    frame = read_text(_folder(layout) / "reference_mappings.csv", REFERENCE_COLUMNS)
    refuse_all(_target_problems("reference_mappings", frame, layout))
    return frame


def check(layout: Layout | None = None) -> None:
    """Check every code list, their register and both mappings.

    Raises
    ------
    DataRefused
        Naming every failure, each with its file, row and cure.
    """
    refuse_all(problems(layout))


def problems(layout: Layout | None = None) -> list[DataRefused]:
    """Return everything that is wrong with the code lists; nothing stops at the first failure."""
    found: list[DataRefused] = []
    for name in CODE_LISTS:
        found += _caught(load_codes, name, layout)
    found += _caught(load_lists, layout)
    if not found:
        found = _caught(load_mappings, layout) + _caught(load_reference_mappings, layout)
    return found


def read_text(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read a CSV as text, nothing guessed, blanks as "".

    Raises
    ------
    DataRefused
        If it is not there or has other columns than ``columns``.
    """
    where = data_path(path)
    if not path.is_file():
        raise DataRefused("the file is not there", where=where, cure="Add it, or take its name off the list.")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    if tuple(frame.columns) != columns:
        raise DataRefused(
            f"the columns are {', '.join(frame.columns)}",
            where=where,
            cure=f"Make them {', '.join(columns)}.",
        )
    return frame


def data_path(path: Path) -> str:
    """Return a path as the checkout knows it: ``data/codes/sex.csv``."""
    parts = path.parts
    return "/".join(parts[len(parts) - parts[::-1].index("data") - 1 :]) if "data" in parts else path.name


def refuse_all(found: list[DataRefused]) -> None:
    """Raise one error that names every failure, or return if there is none."""
    if len(found) == 1:
        raise found[0]
    if found:
        lines = "\n".join(f"  {problem}" for problem in found)
        raise DataRefused(f"{len(found)} rules are broken:\n{lines}\n", cure="Mend each row named.")


def row_problems(
    where: str, frame: pd.DataFrame, bad: pd.Series[bool], what: str, cure: str
) -> list[DataRefused]:
    """Return a failure for each row where ``bad`` is true; ``what`` is a template over the row's columns."""
    return [
        DataRefused(
            what.format(**frame.loc[row].to_dict()), where=f"{where} row {row + FIRST_ROW}", cure=cure
        )
        for row, values in zip(frame.index[bad].tolist(), frame[bad].to_dict("records"), strict=True)
    ]


def _folder(layout: Layout | None) -> Path:
    return (layout or Layout.find()).data / "codes"


def _caught(step: Callable[..., pd.DataFrame], *given: object) -> list[DataRefused]:
    try:
        step(*given)
    except DataRefused as problem:
        return [problem]
    return []


def _list_problems(name: str, frame: pd.DataFrame) -> list[DataRefused]:
    where = f"data/codes/{name}.csv"
    whole = frame["order"].str.fullmatch(r"[1-9]\d*")
    rules = (
        (frame["code"].eq(""), "the code is empty", "Give it a code."),
        (frame["label"].eq(""), 'code "{code}" has no label', "Say what it means."),
        (frame["code"].duplicated(), 'code "{code}" is there twice', "Keep one of the rows."),
        (
            frame["parent"].ne("") & ~frame["parent"].isin(frame["code"]),
            'code "{code}" has the parent "{parent}", which is no code of this list',
            "Name a code of the list, or leave the parent empty.",
        ),
        (
            frame["parent"].ne("") & frame["parent"].eq(frame["code"]),
            '"{code}" is its own parent',
            "Empty it.",
        ),
        (~whole, 'the order "{order}" is not a whole number from 1', "Number the rows from 1."),
        (whole & frame["order"].duplicated(), "the order {order} is there twice", "Number the rows from 1."),
    )
    return [problem for bad, what, cure in rules for problem in row_problems(where, frame, bad, what, cure)]


def _register_problems(frame: pd.DataFrame) -> list[DataRefused]:
    where = "data/codes/lists.csv"
    required = ("title", "publisher", "document", "year", "licence", "checked")
    found = [
        problem
        for column in required
        for problem in row_problems(
            where, frame, frame[column].eq(""), f'list "{{list}}" has no {column}', "Fill it in."
        )
    ]
    flag = ~frame["verified"].isin(["true", "false"])
    what = 'list "{list}" says verified: "{verified}"'
    found += row_problems(
        where, frame, flag, what, "Write true if it was compared with a source, else false."
    )
    for name in sorted(set(CODE_LISTS) ^ set(frame["list"])):
        found.append(DataRefused(f'list "{name}" has no row, or no code list', where=where, cure="Add it."))
    twice = frame["list"].duplicated()
    return found + row_problems(where, frame, twice, 'list "{list}" is there twice', "Keep one of the rows.")


def _relation_problems(frame: pd.DataFrame) -> list[DataRefused]:
    where, relation = "data/codes/published_mappings.csv", frame["relation"]
    gap, uncoded = relation.eq("not printed"), relation.eq("no code")
    rules = (
        (
            ~relation.isin(RELATIONS),
            'the relation "{relation}" is not known',
            f"Write one of: {', '.join(RELATIONS)}.",
        ),
        (gap & frame["category"].ne(""), 'not printed, yet "{category}" is given', "Empty the category."),
        (~gap & frame["category"].eq(""), "no printed category", "Give it, or say not printed."),
        (uncoded & frame["code"].ne(""), 'no code, yet "{code}" is given', "Empty the code."),
        ((gap | uncoded) & frame["note"].eq(""), "a gap without a note", "Say what the gap means."),
    )
    return [problem for bad, what, cure in rules for problem in row_problems(where, frame, bad, what, cure)]


def _target_problems(name: str, frame: pd.DataFrame, layout: Layout | None) -> list[DataRefused]:
    return list(_unknown_targets(f"data/codes/{name}.csv", frame, layout))


def _unknown_targets(where: str, frame: pd.DataFrame, layout: Layout | None) -> Iterator[DataRefused]:
    for wanted, rows in frame.groupby("list", sort=True):
        known = set(load_codes(str(wanted), layout)["code"]) if wanted in CODE_LISTS else set()
        uncoded = rows["relation"].eq("no code") if "relation" in rows else rows["code"].isna()
        bad = ~rows["code"].isin(known) & ~uncoded
        cure = one_of(str(rows.loc[bad, "code"].iloc[0]), known) if bad.any() else ""
        yield from row_problems(where, rows, bad, '"{code}" is no code of the list "{list}"', cure)
