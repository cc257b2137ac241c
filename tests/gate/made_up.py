"""Released objects made up by hand: referrals by sex and outcome, and how long people waited.

The counts are nobody's. Two cells are of too few, and two more are hidden because they would give those away.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from analysis.disclosure.commitment import Output
from analysis.disclosure.handover import Handover
from analysis.disclosure.outputs.content import Content, Terms
from analysis.disclosure.outputs.hidden import Hidden
from analysis.disclosure.policy import load
from analysis.disclosure.published import Published
from analysis.disclosure.released import Released
from analysis.disclosure.tables import TOTAL, Dimension, Table, make_key

TIER, SOURCE = "synthetic", "synthetic-norfolk"
TERMS = Terms(TIER, SOURCE)
HIDDEN = Hidden(TERMS.marker)
SEXES = ("Female", "Male", "Not known")
OUTCOMES = ("Accepted", "Declined", "Withdrawn")
COUNTS = {
    "Female": (96, 61, 32),
    "Male": (14, 4, 3),
    "Not known": (12, 15, 11),
}
"""Made-up referrals by sex and outcome, as nobody but the controller would see them."""
SECRET = {("Female", "Declined"), ("Female", "Withdrawn"), ("Male", "Declined"), ("Male", "Withdrawn")}
"""Cells that are hidden: two of too few, and two that would give them away."""
CURVE = {0: (248, 1.0), 7: (230, 0.93), 14: (205, 0.83), 28: (150, 0.61), 56: (90, 0.36), 91: (40, 0.16)}
"""Days waited, to those still waiting and their share."""


def cells() -> dict[Any, Any]:
    """Return every cell of the two tables, hidden ones as such."""
    found: dict[Any, Any] = {}
    for sex in (*SEXES, TOTAL):
        for place, outcome in enumerate((*OUTCOMES, TOTAL)):
            rows = SEXES if sex == TOTAL else (sex,)
            places = range(3) if outcome == TOTAL else (place,)
            count = sum(COUNTS[row][at] for row in rows for at in places)
            key = make_key((("sex", sex), ("outcome", outcome)))
            found[key] = HIDDEN if (sex, outcome) in SECRET else count
    return found


def _provenance(rows: int) -> dict[str, list[str]]:
    return {
        "tier": [TIER] * rows,
        "source_id": [SOURCE] * rows,
        "figure_ids": [""] * rows,
        "footnote": [""] * rows,
    }


def crossed() -> Released:
    """Return referrals by sex and outcome."""
    lines = [(sex, outcome) for sex in SEXES for outcome in OUTCOMES]
    held = [cells()[make_key((("sex", sex), ("outcome", outcome)))] for sex, outcome in lines]
    frame = pd.DataFrame(
        {
            "sex": [sex for sex, _ in lines],
            "outcome": [outcome for _, outcome in lines],
            "count": pd.array([None if isinstance(one, Hidden) else one for one in held], dtype="Int64"),
            "marker": [TERMS.marker if isinstance(one, Hidden) else "" for one in held],
            **_provenance(len(lines)),
        }
    )
    nodes = {"sex": (*SEXES, TOTAL), "outcome": (*OUTCOMES, TOTAL)}
    labels = {"sex": "Sex", "outcome": "Outcome"}
    return _released("by sex", Content(frame, ("sex", "outcome"), cells(), nodes, labels=labels, wide=True))


def outcomes() -> Released:
    """Return referrals by outcome alone."""
    held = {make_key((("outcome", one),)): sum(COUNTS[s][i] for s in SEXES) for i, one in enumerate(OUTCOMES)}
    held[()] = sum(held.values())
    frame = pd.DataFrame(
        {
            "outcome": OUTCOMES,
            "count": [held[make_key((("outcome", one),))] for one in OUTCOMES],
            "marker": "",
            **_provenance(3),
        }
    )
    content = Content(
        frame, ("outcome",), held, {"outcome": (*OUTCOMES, TOTAL)}, labels={"outcome": "Outcome"}
    )
    return _released("outcomes", content)


def curve() -> Released:
    """Return how long people waited."""
    frame = pd.DataFrame(
        {
            "days": list(CURVE),
            "at_risk": [at_risk for at_risk, _ in CURVE.values()],
            "remaining": [share for _, share in CURVE.values()],
            "low": [max(0.0, share - 0.05) for _, share in CURVE.values()],
            "high": [min(1.0, share + 0.05) for _, share in CURVE.values()],
            "marker": "",
            **_provenance(len(CURVE)),
        }
    )
    formats = {**dict.fromkeys(("remaining", "low", "high"), "percent"), "days": "days", "at_risk": "count"}
    nodes = {"days": tuple(map(str, CURVE))}
    return _released("waits", Content(frame, ("days",), {}, nodes, formats=formats), "survival")


def _released(name: str, content: Content, kind: str = "counts") -> Released:
    made = Released(name, kind, f"referrals by {', '.join(content.axes)}", TERMS)
    made.settle(content)
    return made


def handover(keys: dict[str, tuple[str, ...]]) -> Handover:
    """Return what the run leaves for the gate."""
    dimensions = {"sex": Dimension("sex", SEXES), "outcome": Dimension("outcome", OUTCOMES)}
    tables = (Table("by sex", "referrals", ("sex", "outcome")), Table("outcomes", "referrals", ("outcome",)))
    told = {key: None if isinstance(one, Hidden) else one for key, one in cells().items()}
    base = Published(
        "referrals", ("norfolk",), "2022-04-01", "2023-03-31", 10, tables, dimensions, told, "0" * 64
    )
    kinds = {"by sex": "released in part", "outcomes": "released", "waits": "released"}
    listed = tuple(
        Output(name, "counts", "referrals", "threshold", said, "Safe.") for name, said in kinds.items()
    )
    return Handover(TIER, load().digest, TERMS.marker, TERMS.structural, (), keys, listed, (base,))


class Records:
    """Stands for the records of the run: what they are is known, and nothing of them is there."""

    given = True
    cohort: Any = ()
    exceptions: tuple[str, ...] = ()
    inputs = {f"{TIER}/norfolk": "1" * 64}  # noqa: RUF012 - as the session has it
    release = SimpleNamespace(pending=False, committed=True)

    def with_source(self, sources: pd.DataFrame) -> pd.DataFrame:
        """Return the table of sources with the records as its last row."""
        row = dict.fromkeys(sources.columns, "") | {
            "source_id": SOURCE,
            "title": "SYNTHETIC sample of person-level records, standing in for services in Norfolk",
            "publisher": "made up",
            "date": "2022-04-01 to 2023-03-31",
            "licence": "none needed",
            "tier": TIER,
        }
        return pd.concat([sources, pd.DataFrame([row])], ignore_index=True)

    def handover(self, names: dict[str, tuple[str, ...]]) -> str:
        """Return what the run leaves for the gate."""
        return handover({key: shown for key, shown in names.items() if shown}).to_json()
