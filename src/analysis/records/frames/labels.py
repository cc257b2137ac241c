"""Codes as categories: the labels of the code lists, with every kind of unknown apart and nothing missing.

The categories of a column are those of its code list, never those that happen to occur, so what a table can
show does not depend on the records. *Does not apply* stands where a field has no meaning (the reason not
accepted of a referral that was), and *Not recorded* where a value is missing: neither is ever "no".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.errors import DataRefused
from analysis.evidence.codes import load_codes
from analysis.records.fields import NOT_RECORDED, FieldSpec, TableSpec, tables, unknown_codes
from analysis.records.rules.rows import authority_of, codes_of_areas

NO_MORE_KNOWN: Final = ", no more known"
"""After the label of a group of categories where a record names the group alone."""

DOES_NOT_APPLY: Final = "Does not apply"
ELSEWHERE: Final = "Another authority"
YES, NO = "Yes", "No"

OWN_DISTRICTS: Final = frozenset(
    {("referrals", "referred_from"), ("units", "district"), ("sanctuary", "district")}
)
"""Fields whose districts are the authority's own; the others name the authority of a district elsewhere."""

NESTED: Final = {"ethnicity": "ethnicity_group", "month": "quarter"}
"""Columns that fall into the categories of another: a table by the one says something of the other."""


@dataclass(frozen=True)
class Coding:
    """How the codes of one field are labelled.

    Attributes
    ----------
    name
        Table and field, for a message.
    labels
        Code to label; several codes may share one.
    categories
        Labels in their order, kinds of unknown last.
    """

    name: str
    labels: dict[str, str]
    categories: tuple[str, ...]

    def category(self, codes: Any) -> Any:
        """Return codes as categories; what the list does not have is not recorded.

        Raises
        ------
        DataRefused
            If the field is always filled, and some rows hold nothing that its list has.
        """
        at = {label: place for place, label in enumerate(self.categories)}
        blank = at.get(self.labels.get(NOT_RECORDED, ""), -1)
        rows, seen = pd.factorize(codes)  # a missing code is row -1: the last of the places below
        places = np.array([*(at[self.labels[one]] if one in self.labels else blank for one in seen), blank])
        if (places[rows] < 0).any():
            cure = "Read the workbooks again: the code lists have changed since."
            raise DataRefused(f"some rows have no code that {self.name} knows", where="records", cure=cure)
        return pd.Categorical.from_codes(places[rows], categories=pd.Index(self.categories))


def short(code: str) -> str:
    """Return the label of a kind of unknown: ``Not recorded``."""
    return _shortened(_labels("unknown")[code])


@cache
def coding(field: FieldSpec, area: str) -> Coding:
    """Return the labels of a coded field.

    Parameters
    ----------
    field
        Of type code or yes_no_unknown.
    area
        Slug of the authority: its districts are named, others by their authority.
    """
    codes = [code for code in field.codes if code not in unknown_codes()]
    unknown = field.unknowns or ((NOT_RECORDED,) if field.requirement.demand != "yes" else ())
    if field.code_list == "district":
        labels = _districts(codes, area, own=(field.table, field.field) in OWN_DISTRICTS)
    else:
        given = dict(zip(field.codes, field.labels, strict=True))
        labels = {code: _leaf(field.code_list, code, given[code]) for code in codes}
    if field.requirement.demand in {"if", "when", "only"}:
        labels[DOES_NOT_APPLY] = DOES_NOT_APPLY
    labels |= {code: short(code) for code in unknown}
    return Coding(f"{field.table}.{field.field}", labels, tuple(dict.fromkeys(labels.values())))


def _leaf(code_list: str, code: str, label: str) -> str:
    parents = _parents(code_list) if code_list else frozenset()
    return _shortened(label) + (NO_MORE_KNOWN if code in parents else "")


def _districts(codes: Iterable[str], area: str, *, own: bool) -> dict[str, str]:
    """Return the label of each district: its name if it is the area's own, and otherwise its authority."""
    names, authority, here = _labels("district"), authority_of(), codes_of_areas().get(area, "")
    mine = {code: names[code] for code in codes if authority[code] == here and code != here}
    if here in codes:
        mine[here] = names[here] + (NO_MORE_KNOWN if here in _parents("district") else "")
    others = {code: ELSEWHERE if own else names[authority[code]] for code in codes if code not in mine}
    return {**mine, **others}


def labelled(frame: pd.DataFrame, spec: TableSpec, area: str) -> dict[str, Any]:
    """Return the columns of a kept table: codes as categories, numbers as floats, dates as they are.

    Identifiers of rows, and text that no list codes, are left out; of pseudonyms ``person`` alone is kept.

    Parameters
    ----------
    frame
        Rows with columns of ``spec``; further ones are left out.
    """
    made: dict[str, Any] = {}
    for field in spec.fields:
        if field.field not in frame:
            continue
        column = frame[field.field]
        if field.type in {"code", "yes_no_unknown"}:
            made[field.field] = coding(field, area).category(applied(frame, field, column))
        elif field.type in {"integer", "number"}:
            made[field.field] = column.astype("float64")
        elif field.field in {"person", "provider", "service", "unit"} or field.type == "date":
            made[field.field] = column
    if "ethnicity" in made:
        made["ethnicity_group"] = ethnic_group(spec["ethnicity"], made["ethnicity"])
    return made


def applied(frame: pd.DataFrame, field: FieldSpec, column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column with *does not apply* where its field has no meaning."""
    need = field.requirement
    if need.demand not in {"if", "when", "only"} or need.field not in frame:
        return column
    asked = frame[need.field]
    holds = asked.isin(need.among) if need.among else asked.notna()
    return column.astype("object").where(column.notna() | holds, DOES_NOT_APPLY)


def ethnic_group(field: FieldSpec, ethnicity: pd.Categorical) -> pd.Categorical:
    """Return the group of five of each ethnic group; a kind of unknown stays what it is."""
    groups = groups_of(field.code_list, ethnicity.categories)
    group_of = {label: group for group, members in groups.items() for label in members}
    unknown = [label for label in ethnicity.categories if label not in group_of]
    said = pd.Series(ethnicity).astype("object")
    return pd.Categorical(said.map(group_of).fillna(said), categories=[*groups, *unknown])


def groups_of(code_list: str, categories: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the groups of a code list: label of the group to the labels, among some, that fall under it."""
    codes, known = load_codes(code_list), set(categories)
    parents = _parents(code_list)
    found: dict[str, list[str]] = {}
    for code, label, parent in zip(codes["code"], codes["label"], codes["parent"], strict=True):
        group = code if code in parents else parent
        leaf = _leaf(code_list, code, label)
        if group and leaf in known:
            found.setdefault(_shortened(_labels(code_list)[group]), []).append(leaf)
    return {group: tuple(members) for group, members in found.items()}


def impossible(name: str, area: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return the pairs of categories of one kept table that its rules exclude, and everybody knows to be 0.

    A field that does not apply has no value, and one that does is not *does not apply*; a reason not accepted
    is of the kind of its outcome.
    """
    spec, pairs = tables()[name], set()
    for field in spec.fields:
        need = field.requirement
        if not field.codes or need.demand not in {"if", "when", "only"} or not spec[need.field].codes:
            continue
        given, asked = coding(field, area), coding(spec[need.field], area)
        for label in asked.categories:
            holds = label in {asked.labels[code] for code in need.among if code in asked.labels}
            ruled_out = [one for one in given.categories if (one == DOES_NOT_APPLY) == holds]
            pairs |= {((need.field, label), (field.field, one)) for one in ruled_out}
    if name == "referrals":
        pairs |= _other_reasons(spec, area)
    return tuple(sorted(tuple(sorted(pair)) for pair in pairs))


def _other_reasons(spec: TableSpec, area: str) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    """Return the reasons not accepted with the outcomes that they are no reason for."""
    outcomes, reasons = coding(spec["outcome"], area), coding(spec["refusal_reason"], area)
    codes = load_codes("refusal_reason")
    kind = {code: parent or code for code, parent in zip(codes["code"], codes["parent"], strict=True)}
    return {
        (("outcome", outcomes.labels[outcome]), ("refusal_reason", reasons.labels[reason]))
        for outcome in outcomes.labels
        for reason in kind
        if reason in reasons.labels and kind[reason] != outcome
    }


def _shortened(label: str) -> str:
    """Return a label without the explanation after its colon: ``Accepted``."""
    return label.partition(": ")[0]


@cache
def _labels(name: str) -> dict[str, str]:
    codes = load_codes(name)
    return dict(zip(codes["code"], codes["label"], strict=True))


@cache
def _parents(name: str) -> frozenset[str]:
    return frozenset(load_codes(name)["parent"]) - {""}
