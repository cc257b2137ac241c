"""Code lists: the categories that tables are coded to, where each list is from, and how printed ones map.

One CSV a list in ``data/codes``, described in ``lists.csv``. ``published_mappings.csv`` says which code a
printed category means, and which codes a source prints no category for; ``reference_mappings.csv`` does
the same for the census.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.errors import DataRefused, one_of
from analysis.evidence.tables import Fault, Faults, Table, filled, known, read, truths, unique
from analysis.layout import Layout

if TYPE_CHECKING:
    import pandas as pd

CODE_LISTS: Final = (
    "accommodation_type",
    "additional_characteristic",
    "age_band",
    "approached_service",
    "attempt_action",
    "attempt_barrier",
    "attempt_request",
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
    "feedback_feeling",
    "feedback_giver",
    "feedback_theme",
    "field_status",
    "financial_status",
    "gender_identity",
    "impairment",
    "main_language",
    "partnership_status",
    "protected_characteristic",
    "question_kind",
    "referral_outcome",
    "referring_agency",
    "refusal_reason",
    "religion",
    "return_person",
    "risk_level",
    "sanctuary_measure",
    "score_measure",
    "sex",
    "sexual_orientation",
    "support_type",
    "tenure_at_referral",
    "therapy_ending",
    "therapy_type",
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


def load_codes(
    name: str,
    layout: Layout | None = None,
    *,
    leaves: bool = False,
    inputs: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Return one code list, in its order.

    Parameters
    ----------
    name
        One of `CODE_LISTS`.
    layout
        The checkout; the one this package belongs to if None.
    leaves
        Leave out the codes that only group others.
    inputs
        Where to note the digest of the table read, by its path in the checkout.

    Returns
    -------
    pandas.DataFrame
        One row a code: ``code``, ``label``, ``parent`` (a code of the same list, or ""), ``order`` (int,
        from 1), ``note``.

    Raises
    ------
    DataRefused
        If there is no such list, or it breaks a rule; all faults of the list are named at once.
    """
    if name not in CODE_LISTS:
        raise DataRefused(f'no code list "{name}"', where="data/codes", cure=one_of(name, CODE_LISTS))
    faults = Faults()
    frame = _codes(name, layout or Layout.find(), faults, inputs)
    faults.refuse()
    frame = frame.assign(order=frame["order"].astype(int)).sort_values("order", ignore_index=True)
    if leaves:
        frame = frame.loc[~frame["code"].isin(frame["parent"])].reset_index(drop=True)
    return frame


def load_lists(layout: Layout | None = None) -> pd.DataFrame:
    """Return what is known of every code list: title, publisher, document, licence, and what was checked.

    ``verified`` is a bool: True only where the list was compared with a source that could be read.
    """
    faults = Faults()
    frame = _register(layout or Layout.find(), faults)
    faults.refuse()
    return frame.assign(verified=frame["verified"].eq("true"))


def load_mappings(layout: Layout | None = None) -> pd.DataFrame:
    """Return which code each printed category of the published figures means; see `RELATIONS`.

    A row with an empty ``category`` is a gap made explicit: the source prints nothing for that code.
    """
    faults = Faults()
    frame = _published(layout or Layout.find(), faults)
    faults.refuse()
    return frame


def load_reference_mappings(layout: Layout | None = None) -> pd.DataFrame:
    """Return which code each category of the census tables means."""
    faults = Faults()
    frame = _reference(layout or Layout.find(), faults)
    faults.refuse()
    return frame


def labels(name: str, layout: Layout | None = None) -> dict[str, str]:
    """Return the label of every code of a list."""
    codes = load_codes(name, layout)
    return dict(zip(codes["code"], codes["label"], strict=True))


def check(layout: Layout | None = None) -> None:
    """Check every code list, their register and both mappings.

    Raises
    ------
    DataRefused
        Naming every fault, each with its file, row and cure.
    """
    layout, faults = layout or Layout.find(), Faults()
    for name in CODE_LISTS:
        _gather(faults, name, layout)
    _register(layout, faults)
    faults.refuse()
    _published(layout, faults)
    _reference(layout, faults)
    faults.refuse()


def _gather(faults: Faults, name: str, layout: Layout) -> None:
    """Note the faults of one list; a file that cannot be read is one of them."""
    try:
        _codes(name, layout, faults)
    except DataRefused as error:
        faults.found.append(Fault(error.where, error.what, error.cure))


def _codes(name: str, layout: Layout, faults: Faults, inputs: dict[str, str] | None = None) -> pd.DataFrame:
    table = read(layout, f"codes/{name}.csv", CODE_COLUMNS, inputs=inputs)
    filled(table, ("code", "label"), faults)
    unique(table, "code", faults)
    unique(table, "order", faults)
    for row in table.rows_where(~table["order"].str.fullmatch(r"[1-9]\d*")):
        faults.cell(table, row, "order", "is not a whole number from 1", "Number the rows from 1.")
    known(table, "parent", {"", *table["code"]}, faults, cure="Name a code of this list, or leave it empty.")
    for row in table.rows_where(table["parent"].ne("") & table["parent"].eq(table["code"])):
        faults.cell(table, row, "parent", "is its own parent", "Leave it empty.")
    return table.frame


def _register(layout: Layout, faults: Faults) -> pd.DataFrame:
    table = read(layout, "codes/lists.csv", LIST_COLUMNS)
    filled(table, ("title", "publisher", "document", "year", "licence", "checked"), faults)
    truths(table, "verified", faults)
    unique(table, "list", faults)
    known(table, "list", CODE_LISTS, faults, cure="Name a list of analysis.evidence.codes.CODE_LISTS.")
    for name in sorted(set(CODE_LISTS) - set(table["list"])):
        faults.at(table.path, f'the list "{name}" has no row', "Say where it is from.")
    return table.frame


def _published(layout: Layout, faults: Faults) -> pd.DataFrame:
    table = read(layout, "codes/published_mappings.csv", PUBLISHED_COLUMNS)
    known(table, "relation", RELATIONS, faults, cure=f"Write one of: {', '.join(RELATIONS)}.")
    gap, uncoded = table["relation"].eq("not printed"), table["relation"].eq("no code")
    rules = (
        (gap & table["category"].ne(""), "category", "is given for a gap", "Leave it empty."),
        (~gap & table["category"].eq(""), "category", "is blank", "Give it, or say not printed."),
        (uncoded & table["code"].ne(""), "code", "is given where there is no code", "Leave it empty."),
        ((gap | uncoded) & table["note"].eq(""), "note", "is blank for a gap", "Say what the gap means."),
    )
    for mask, column, what, cure in rules:
        for row in table.rows_where(mask):
            faults.cell(table, row, column, what, cure)
    _targets(table, ~uncoded, layout, faults)
    return table.frame


def _reference(layout: Layout, faults: Faults) -> pd.DataFrame:
    table = read(layout, "codes/reference_mappings.csv", REFERENCE_COLUMNS)
    _targets(table, table["code"].notna(), layout, faults)
    return table.frame


def _targets(table: Table, coded: pd.Series[bool], layout: Layout, faults: Faults) -> None:
    known(table, "list", CODE_LISTS, faults, cure="Name a list of analysis.evidence.codes.CODE_LISTS.")
    for name in sorted(set(table["list"]) & set(CODE_LISTS)):
        codes = set(load_codes(name, layout)["code"])
        for row in table.rows_where(coded & table["list"].eq(name) & ~table["code"].isin(codes)):
            cure = one_of(str(table["code"].loc[row]), codes)
            faults.cell(table, row, "code", f"is no code of {name}", cure)
