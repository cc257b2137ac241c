"""Declared views made into frames: each row from the latest source of the area that prints it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.evidence.declared import SHAPES, VIEWS_FILE
from analysis.evidence.readings import NAN, Pool, Reading, joined, merged, total, worked_out
from analysis.evidence.reference import quarters
from analysis.evidence.tables import PROVENANCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.evidence.declared import Row, View
    from analysis.evidence.published import Evidence

Line = dict[str, Any]
Found = dict[str, Reading | None]
LEADS: Final = ("count", "share", "value", "low")
"""What a row is there for; one of them must be found."""


def assemble(evidence: Evidence, view: View, area: str, period: str, *, corrected: bool) -> pd.DataFrame:
    """Return a declared view for an area and period; rows without evidence are left out.

    Returns
    -------
    DataFrame
        Indexed by the key of the row (with `each`, by category); see `Evidence.view`.

    Raises
    ------
    DataRefused
        If a row that means one figure finds several.
    """
    lines: list[Line] = []
    pools: dict[tuple[str, str], list[Pool]] = {}
    where = f'data/{VIEWS_FILE} view "{view.name}" for {area} {period}'
    for row in view.rows:
        if row.kind == "homelessness":
            lines += _households(evidence, row, area, period)
            continue
        drawn = (row.kind, row.scope)
        if drawn not in pools:
            pools[drawn] = _pools(evidence, row, area, period, where, corrected=corrected)
        found = [made for pool in pools[drawn] if (made := _lines(evidence, row, pool, area))]
        lines += [line for made in (found if row.scope == "everywhere" else found[:1]) for line in made]
    return _frame(view, lines)


def _frame(view: View, lines: list[Line]) -> pd.DataFrame:
    """Return lines as a frame with the columns of the view's shape."""
    grouped = ["group"] if any(row.group for row in view.rows) else []
    numbers = list(SHAPES[view.shape])
    texts = ["label", *grouped, "unit", "period", "qualifier", "note", *PROVENANCE]
    columns = ["label", *grouped, *numbers, *texts[1 + len(grouped) :]]
    frame = pd.DataFrame([{name: line[name] for name in columns} for line in lines], columns=columns)
    frame.index = pd.Index(_unique([str(line["key"]) for line in lines]), name="key", dtype="str")
    return frame.astype({name: float if name in numbers else "str" for name in columns})


def _unique(keys: list[str]) -> list[str]:
    """Number keys that stand twice: ``norwich``, ``norwich-2``."""
    seen: Counter[str] = Counter()
    for place, key in enumerate(keys):
        seen[key] += 1
        keys[place] = key if seen[key] == 1 else f"{key}-{seen[key]}"
    return keys


def _pools(
    evidence: Evidence, row: Row, area: str, period: str, where: str, *, corrected: bool
) -> list[Pool]:
    """Return what a row may draw on, the first to be tried first."""
    if row.kind == "figures":
        records = evidence.records(corrected=corrected)
        by_id = {record["figure_id"]: record for record in records}
        fresh = [record for record in records if not record["repeat"]]
        return [
            Pool([record for record in fresh if record["source_id"] == source], by_id, where)
            for source in _sources(evidence, row, area, period)
        ]
    records = evidence.reference.records(row.kind)
    if row.kind == "census":
        code = evidence.reference.code(area if row.scope == "area" else "england")
        records = [record for record in records if record["area_code"] == code]
    elif row.scope == "area":
        records = [record for record in records if record["topic"] == area]
    return [Pool(records, {}, where)]


def _sources(evidence: Evidence, row: Row, area: str, period: str) -> Sequence[str]:
    """Return the sources a row may draw on: those of the area and period, or those of every area."""
    if row.scope == "everywhere":
        return list(evidence.sources.loc[evidence.sources["tier"] == "published", "source_id"])
    return evidence.sources_of(area, period)


def _lines(evidence: Evidence, row: Row, pool: Pool, area: str) -> list[Line]:
    """Return what a row finds in one pool: one line, or one a figure."""
    found = _each(row, pool) if row.each else [_single(row, pool)]
    lines = [_line(evidence, row, one, pool, area) for one in found]
    return [line for line in lines if line]


def _single(row: Row, pool: Pool) -> Found:
    """Return what each role finds; of several printed shares, the one on a base as large."""
    found: Found = {role: pool.sum(one) for role, one in row.roles.items() if role != "share"}
    shares = pool.readings(row.roles.get("share", ()))
    if (count := found.get("count")) and len(shares) > 1:
        base = _value(pool.stated_base(count))
        shares = [one for one in shares if _value(pool.stated_base(one)) == base]
    return {**found, "share": total(shares, where=pool.where) if shares else None}


def _each(row: Row, pool: Pool) -> list[Found]:
    """Return every figure found, with the printed share of the same category and a common base beside it."""
    lead = next(role for role in LEADS if role in row.roles)
    leading = pool.readings(row.roles[lead])
    if row.finest:
        leading = _finest(leading)
    shares = {(one.category, one.base): one for one in pool.readings(row.roles.get("share", ()))}
    common: Found = {"base": pool.sum(row.roles["base"])} if "base" in row.roles else {}
    return [{"share": shares.get((one.category, one.base)), lead: one, **common} for one in leading]


def _finest(readings: Sequence[Reading]) -> list[Reading]:
    """Keep one printing of a distribution that a source prints twice: that with most categories."""
    sizes = Counter(one.section for one in readings)
    fullest = max(sizes, key=sizes.__getitem__, default="")
    return [one for one in readings if one.section == fullest]


def _line(evidence: Evidence, row: Row, found: Found, pool: Pool, area: str) -> Line | None:
    """Return a line of the frame, or None if what its row is there for was not found."""
    if "part" in row.roles:
        found = {**found, "share": worked_out(found["part"], found["whole"])}
    if found.get("value"):
        found = {**found, "low": found["value"], "high": found["value"]}
    lead = next((one for role in LEADS if (one := found.get(role))), None)
    if lead is None or ("low" in found and found.get("high") is None):
        return None
    base = found.get("base") if "base" in row.roles else pool.stated_base(lead)
    name = str(evidence.areas.set_index("area").loc[area, "name"])
    label = _label(evidence, row, lead, name)
    return {
        "key": _key(row, lead),
        "label": label,
        "group": row.group,
        **{role: _value(found.get(role)) for role in ("count", "value", "low", "high")},
        "base": _value(base),
        "printed": _value(found.get("share")),
        "unit": lead.unit,
        "period": lead.period,
        "qualifier": lead.qualifier,
        "note": joined([row.note or lead.note, _printed_for(lead, label, name)]),
        **_provenance([*(found.get(role) for role in ("count", "value", "low", "high", "share")), base]),
    }


def _provenance(readings: Sequence[Reading | None]) -> dict[str, str]:
    used = [one for one in readings if one]
    return {
        "tier": used[0].tier,
        "source_id": used[0].source_id,
        "figure_ids": " ".join(merged(one.figure_ids for one in used)),
        "footnote": " ".join(merged(one.footnotes for one in used)),
    }


def _value(reading: Reading | None) -> float:
    return NAN if reading is None else reading.value


def _label(evidence: Evidence, row: Row, lead: Reading, name: str) -> str:
    """Fill the category and the printed area into a label; an empty one leaves no comma behind."""
    words = {"category": evidence.views.words(lead.category), "area": lead.area or name}
    filled = row.label
    for field, word in words.items():
        filled = filled.replace(f"{{{field}}}", word)
    return filled.strip(" ,:")


def _key(row: Row, lead: Reading) -> str:
    """Return the key of a line: its row's, or of one of many its place and category."""
    if not row.each or "{category}" in row.key:
        return row.key.replace("{category}", lead.category)
    place = re.sub(r"[^a-z]+", "-", lead.area.lower().replace("’", "")) if "{area}" in row.label else ""
    return "-".join(merged([filter(None, [place, lead.category])])) or row.key


def _printed_for(lead: Reading, label: str, name: str) -> str:
    """Say which place a figure is printed for, if it is not the authority and the label does not say."""
    told = not lead.area or name in lead.area.split("; ") or _plain(lead.area) in _plain(label)
    return "" if told else f"area as printed: {lead.area}"


def _plain(text: str) -> str:
    return text.replace("’", "'").lower()


def _households(evidence: Evidence, row: Row, area: str, period: str) -> list[Line]:
    """Return a share of households over the districts and quarters of a period that are complete.

    A district's quarter counts if every measure that the tables have in it is published; otherwise it is
    left out of count and base alike, and the note says how many are.
    """
    counted, of = (_measures(row, role) for role in ("count", "base"))
    place = area if row.scope == "area" else "england"
    table = evidence.homelessness([*counted, *of], place, *quarters(period))
    complete = table["status"].eq("ok").groupby([table["quarter"], table["district"]])
    cells, used = complete.all(), table[complete.transform("all")]
    if used.empty:
        return []
    first, last = used["quarter"].min(), used["quarter"].max()
    gaps = len(cells) - int(cells.sum())
    missing = f"{gaps} of {len(cells)} district quarters without a figure left out" if gaps else ""
    ids = used["figure_ids"].str.rsplit(":", n=1).str[0] + f":{first}-{last}"
    return [
        {
            "key": row.key,
            "label": row.label,
            "group": row.group,
            "count": used.loc[used["measure"].isin(counted), "value"].sum(),
            "base": used.loc[used["measure"].isin(of), "value"].sum() if of else NAN,
            "printed": NAN,
            "unit": "households",
            "period": f"{first.start_time:%B %Y} to {last.end_time:%B %Y}",
            "qualifier": "",
            "note": joined([row.note, missing]),
            "tier": "reference",
            "source_id": used["source_id"].iloc[0],
            "figure_ids": " ".join(dict.fromkeys(ids)),
            "footnote": used["footnote"].iloc[0],
        }
    ]


def _measures(row: Row, role: str) -> list[str]:
    return [name for selector in row.roles.get(role, ()) for name in selector.names("measure")]
