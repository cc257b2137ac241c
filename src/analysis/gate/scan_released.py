"""disclosure.json: every output of records is one that disclosure control released, by today's policy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, product
from typing import Any, Final

from analysis.gate.refusal import GUARDED, Limits, Refusal, refuse
from analysis.gate.scan_counts import tabular
from analysis.gate.subject import SOURCES, Bundle, Json, Subject
from analysis.record import DISCLOSURE_FILE, canonical_json

FORM: Final = "deepdive-disclosure-1"
FIELDS: Final = frozenset(
    {
        *("form", "tier", "policy", "marker", "structural", "exceptions", "keys", "outputs", "published"),
        "from_rows",
    }
)
OUTPUT: Final = frozenset({"name", "kind", "about", "rule", "verdict", "reason"})
SHOWN: Final = frozenset({"released", "released in part"})
"""Verdicts of outputs that may be shown."""
PUBLISHED: Final = frozenset(
    {
        *("form", "base", "area", "start", "end", "threshold", "tables", "dimensions", "cells", "data"),
        *("rounded", "together"),
    }
)
FROM_ROWS: Final = frozenset({"base", "area", "start", "end", "data", "numbers"})
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield outputs of records that nothing backs, and what is wrong with what should back them."""
    guarded = [bundle for bundle in run.bundles if bundle.guarded and bundle.id != SOURCES]
    if run.released is None:
        for bundle in guarded:
            yield refuse("released", bundle.name, f"it shows records, and the run has no {DISCLOSURE_FILE}")
        return
    faults = list(_shape(run))
    yield from faults
    if faults:
        return
    yield from _policy(run)
    verdicts = {output["name"]: output["verdict"] for output in run.released["outputs"]}
    for bundle in guarded:
        yield from _backed(run, bundle, verdicts)
    unknown = set(run.released["keys"]) - {bundle.id for bundle in run.bundles}
    if unknown:
        why = f"it names {len(unknown)} outputs that the notebook does not show"
        yield refuse("released", DISCLOSURE_FILE, why)


def _shape(run: Subject) -> Iterator[Refusal]:
    """Yield fields that are not the declared ones."""
    body = run.released or {}
    if set(body) != FIELDS or body.get("form") != FORM:
        yield refuse("released", DISCLOSURE_FILE, "it has other fields than disclosure control writes")
        return
    lists = all(isinstance(body[name], list) for name in ("exceptions", "outputs", "published", "from_rows"))
    if not lists or not isinstance(body["keys"], dict):
        yield refuse("released", DISCLOSURE_FILE, "a field of it is of another kind")
        return
    if any(not isinstance(one, dict) or set(one) != OUTPUT for one in body["outputs"]):
        yield refuse("released", DISCLOSURE_FILE, "an output of it has other fields")
    if any(not isinstance(one, dict) or set(one) != PUBLISHED for one in body["published"]):
        yield refuse("released", DISCLOSURE_FILE, "a base of it has other fields")
    if any(not _is_from_rows(one) for one in body["from_rows"]):
        yield refuse("released", DISCLOSURE_FILE, "what it says of single rows is no list of digests")
    if (run.folder / DISCLOSURE_FILE).read_text("utf-8") != canonical_json(body):
        yield refuse("released", DISCLOSURE_FILE, "it is not written in the one form that it has")


def _is_from_rows(one: Any) -> bool:
    """Whether it names outputs of a base, each with a digest: a number would be one that nobody checked."""
    if not isinstance(one, dict) or set(one) != FROM_ROWS or not isinstance(one["numbers"], dict):
        return False
    return all(isinstance(told, str) and DIGEST.fullmatch(told) for told in one["numbers"].values())


def _policy(run: Subject) -> Iterator[Refusal]:
    """Yield a release that was made under other rules than those in force."""
    body, limits = run.released or {}, Limits.of(run.policy)
    digest = getattr(run.policy, "digest", body["policy"])
    if body["policy"] != digest:
        yield refuse(
            "released", DISCLOSURE_FILE, "it was released under another policy than the one in force"
        )
    if (body["marker"], body["structural"]) != (limits.marker, limits.structural_marker):
        yield refuse("marker", DISCLOSURE_FILE, "its markers are not the policy's")
    for number, one in enumerate(body["published"], 1):
        where = f"{DISCLOSURE_FILE}, base {number}"
        rounded = one["rounded"]
        small = [
            cell
            for _, cell in one["cells"]
            if isinstance(cell, int) and cell < one["threshold"] and not (rounded and cell % rounded == 0)
        ]
        if small:
            yield refuse("small-count", where, f"{len(small)} of its cells are below its own threshold")
        if not isinstance(one["threshold"], int) or one["threshold"] < 5:
            yield refuse("released", where, "its threshold is below every floor")


def _backed(run: Subject, bundle: Bundle, verdicts: dict[str, Any]) -> Iterator[Refusal]:
    """Yield an output that no released object backs, or that shows a count which none of them has."""
    names = run.names(bundle)
    if not names:
        yield refuse("released", bundle.name, "it shows records, and names nothing that was released")
        return
    if any(verdicts.get(name) not in SHOWN for name in names):
        yield refuse("released", bundle.name, "it shows something that was not released")
    if odd := _unreleased(run, bundle):
        yield refuse("released", bundle.name, f"{odd} of its counts are no released cell")


def _unreleased(run: Subject, bundle: Bundle) -> int:
    """Return how many counts of a table are none that its own objects tell a reader of."""
    shown = frozenset().union(*(told(base, run.names(bundle)) for base in (run.released or {})["published"]))
    return sum(value not in shown for value in _counts(run, bundle))


COUNTED: Final = frozenset({"count", "base"})
"""Columns that hold rows counted, and nothing worked out from them; where categories stand across, all do."""


def _counts(run: Subject, bundle: Bundle) -> Iterator[int]:
    """Yield every whole number in columns of counts, of rows that rest on records alone."""
    table = tabular(run, bundle)
    if table is None:
        return
    places = [
        place for place in table.numeric if table.crossed or table.columns[place].get("name") in COUNTED
    ]
    for row, tier in enumerate(run.row_tiers(bundle)):
        for value in (table.values[row][place] for place in places):
            whole = isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
            if whole and tier <= GUARDED:
                yield int(value)


# -- what the tables of some objects tell ----------------------------------------------------------------

ALL: Final = "All"
"""Stands among the categories of a table for all of them; no cell is named by it."""


def told(base: Json, names: Sequence[str]) -> frozenset[int]:
    """Return every count of the tables of some objects, and what a report may add up of one line of a table.

    A line is a table along one of its axes. From its first category on are those whose answer is known, as
    the unknown stand last; from one on to the last are those who got so far or further. Both are sums of
    released cells, and a line that hides one has no sum over it. A cell that is absent cannot be: nobody is.
    """
    tables = [one for one in base["tables"] if is_of(str(one["name"]), names)]
    cells = {frozenset(map(tuple, key)): cell for key, cell in base["cells"]}
    lines = [line for table in tables for line in _lines(table, base["dimensions"], cells)]
    runs = [run for line in lines for run in (*accumulate(line, _sum), *accumulate(line[::-1], _sum))]
    alone = [cell for table in tables for cell in _of_table(table, cells)]
    return frozenset(cell for cell in (*alone, *runs) if cell is not None)


def is_of(table: str, names: Sequence[str]) -> bool:
    """Whether a table is of one of some objects: it has its name, or begins with it and a comma."""
    return any(table == name or table.startswith(f"{name}, ") for name in names)


def _of_table(table: Json, cells: Mapping[Any, Any]) -> Iterator[int | None]:
    """Yield the cells that lie on the axes of a table."""
    axes = {*table["dimensions"], *(name for name, _ in table["where"])}
    return (cell for key, cell in cells.items() if {name for name, _ in key} <= axes)


def _lines(table: Json, dimensions: Json, cells: Mapping[Any, Any]) -> Iterator[list[int | None]]:
    """Yield the cells of a table along each of its axes, for every combination of the others."""
    nodes = {
        name: list(table["levels"].get(name) or [*dimensions[name]["leaves"], ALL])
        for name in table["dimensions"]
    }
    where = [tuple(pair) for pair in table["where"]]
    for axis, along in nodes.items():
        others = [[(name, node) for node in found] for name, found in nodes.items() if name != axis]
        for rest in product(*others):
            at = frozenset([*where, *(pair for pair in rest if pair[1] != ALL)])
            yield [cells.get(at | {(axis, node)}, 0) for node in along if node != ALL]


def _sum(some: int | None, more: int | None) -> int | None:
    return None if some is None or more is None else some + more
