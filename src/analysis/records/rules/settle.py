"""The one door to the rules: tables in; accepted rows, refusals and warnings out."""

from __future__ import annotations

from typing import Final

import pandas as pd

from analysis.errors import DataRefused
from analysis.records.fields import table
from analysis.records.pseudonym import link
from analysis.records.rules import columns, families, oddities, places, rows
from analysis.records.rules.completion import complete
from analysis.records.rules.findings import Breach, Checked
from analysis.records.rules.judging import LABEL, NEW, Court, joined, labels

ORDER: Final = ("units", "referrals", "stays", "children", "therapy", "sanctuary", "attempts", "feedback")
"""Tables in the order in which they are judged: each rests on those before it."""


def validate(frames: dict[str, pd.DataFrame], settled: dict[str, pd.DataFrame] | None = None) -> Checked:
    """Check kept tables against every rule, column, row and across tables.

    Parameters
    ----------
    frames
        Tables as `analysis.records.pseudonym.pseudonymise` makes them. The label of a row is its ``row_id``
        in what is found, and is unique within its table; columns that are not declared are carried along.
    settled
        Tables accepted before: they count in the rules across tables and are never refused themselves.

    Returns
    -------
    Checked
        Accepted tables (completed; ``person`` worked out again over what is left), refusals and warnings.

    Raises
    ------
    DataRefused
        If labels repeat or a column has the wrong type: faults of the caller, not of a row.
    """
    for name, frame in frames.items():
        if not frame.index.is_unique:
            raise DataRefused("labels of rows repeat", where=name, cure="Give each row a label of its own.")
    court = Court(complete(frames), complete(settled or {}))
    for name in (name for name in ORDER if name in frames):
        _judge_alone(court, name)
    _one_shared_reference(court)
    _link(court)
    if "stays" in frames:
        places.judge(court)
    if "children" in frames:
        families.judge(court)
    oddities.look(court)
    accepted = court.accepted()
    return Checked({name: accepted[name] for name in frames}, court.refusals.frame(), court.warnings.frame())


def _judge_alone(court: Court, name: str) -> None:
    spec, frame = table(name), court.frames[name]
    for breach in (*columns.breaches(spec, frame), *rows.breaches(spec, frame)):
        court.refuse(name, breach)
    court.refuse(name, _repeated(court, name))


def _repeated(court: Court, name: str) -> Breach:
    """Return rows with the key of one before them."""
    spec = table(name)
    found = court.rows(name, spec.key)
    again = found.duplicated(list(spec.key)) & found[list(spec.key)].notna().all(axis=1)
    words = ", ".join(f'"{spec[part].label}"' for part in spec.key)
    problem = f"Another row has the same {words}"
    cure = "Remove one of the two, or correct what tells them apart."
    return Breach(labels(found, again), spec.key[-1], "same-key", problem, cure)


def _one_shared_reference(court: Court) -> None:
    """Refuse rows that give a case another shared reference than it is given most often."""
    people = [name for name in court.frames if table(name).person_level]
    parts = [court.rows(name, ("case", "shared")).assign(_table=name) for name in people]
    if not parts:
        return
    given = pd.concat(parts, ignore_index=True)
    given = given.loc[(given["case"] >= 0) & (given["shared"] >= 0)]
    pair = joined(given, "case", "shared")
    ordered = given.assign(_pair=pair, _times=pair.map(pair.value_counts()))
    ordered = ordered.sort_values([NEW, "_times", "_pair"], ascending=[True, False, True], kind="stable")
    kept = ordered.drop_duplicates("case")["_pair"]
    wrong = ordered.loc[~ordered["_pair"].isin(kept) & ordered[NEW].astype(bool)]
    problem = "The case has another shared reference in other rows"
    cure = "Give the same shared reference in every row of a case, or two case references."
    for name, rows_ in wrong.groupby("_table", sort=True):
        court.refuse(
            str(name), Breach(pd.Index(rows_[LABEL]), "shared", "two-shared-references", problem, cure)
        )


def _link(court: Court) -> None:
    """Work out ``person`` over the rows that stand and those accepted before, together."""
    judged = {name: _without_refused(court, name) for name in court.frames}
    if not court.settled:
        court.replace(link(judged), {})
        return
    sides = ((court.settled, False), (judged, True))
    names = dict.fromkeys([*judged, *court.settled])
    both = {
        name: pd.concat([held[name].assign(**{NEW: new}) for held, new in sides if name in held])
        for name in names
    }
    together = link(both)
    court.replace(
        {name: _of(together[name], new=True) for name in judged},
        {name: _of(together[name], new=False) for name in court.settled},
    )


def _without_refused(court: Court, name: str) -> pd.DataFrame:
    """Return a judged table in which refused rows tie no cases together."""
    frame = court.frames[name]
    return frame.assign(shared=frame["shared"].where(court.upright(name))) if "shared" in frame else frame


def _of(frame: pd.DataFrame, *, new: bool) -> pd.DataFrame:
    return frame.loc[frame[NEW].astype(bool) == new].drop(columns=NEW)
