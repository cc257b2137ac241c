"""disclosure.json: every output of records is one that disclosure control released, by today's policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from analysis.gate.refusal import GUARDED, Limits, Refusal, refuse
from analysis.gate.subject import SOURCES, Bundle, Json, Subject
from analysis.record import DISCLOSURE_FILE, canonical_json

FORM: Final = "deepdive-disclosure-1"
FIELDS: Final = frozenset(
    {"form", "tier", "policy", "marker", "structural", "exceptions", "keys", "outputs", "published"}
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
    lists = all(isinstance(body[name], list) for name in ("exceptions", "outputs", "published"))
    if not lists or not isinstance(body["keys"], dict):
        yield refuse("released", DISCLOSURE_FILE, "a field of it is of another kind")
        return
    if any(not isinstance(one, dict) or set(one) != OUTPUT for one in body["outputs"]):
        yield refuse("released", DISCLOSURE_FILE, "an output of it has other fields")
    if any(not isinstance(one, dict) or set(one) != PUBLISHED for one in body["published"]):
        yield refuse("released", DISCLOSURE_FILE, "a base of it has other fields")
    if (run.folder / DISCLOSURE_FILE).read_text("utf-8") != canonical_json(body):
        yield refuse("released", DISCLOSURE_FILE, "it is not written in the one form that it has")


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
    """Return how many counts of a table are none that a reader was told of."""
    told = {
        cell for one in (run.released or {})["published"] for _, cell in one["cells"] if isinstance(cell, int)
    }
    return sum(value not in told for value in _counts(bundle.payload, run.row_tiers(bundle)))


COUNTED: Final = frozenset({"count", "base"})
"""Columns that hold rows counted, and nothing worked out from them."""


def _counts(payload: Json, tiers: list[frozenset[str]]) -> Iterator[int]:
    """Yield every whole number in columns of counts, of rows that rest on records alone."""
    names = [column.get("name") for column in payload.get("columns", ())]
    for row, tier in zip(payload.get("values", ()), tiers, strict=True):
        for name, value in zip(names, row, strict=False):
            whole = isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
            if name in COUNTED and whole and tier <= GUARDED:
                yield int(value)
