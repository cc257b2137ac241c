"""What was decided of each output: its rules, whether it passed, and why; for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from analysis.gate.promises import RULES
from analysis.gate.refusal import Refusal
from analysis.gate.subject import Bundle, Subject, Unreadable
from analysis.layout import Layout

Status = Literal["pass", "review", "fail"]
PUBLIC: Final = "Published and reference evidence, and assumptions, are public; scanned like everything else."


@dataclass(frozen=True)
class Decision:
    """One released object behind an output, as disclosure control decided on it.

    Attributes
    ----------
    name, kind, about
        What it is.
    rule, verdict, reason
        The rules it was held against, what was decided, and why.
    """

    name: str
    kind: str
    about: str
    rule: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What the gate says of one output.

    Attributes
    ----------
    key, kind, title
        Its key, ``table``, ``figure``, ``finding`` or ``absence``, and its title or sentence.
    tiers
        What it rests on.
    files
        Its files, below the run.
    status
        ``fail`` if anything of it is refused; ``review`` if an exception of the policy touches it, which
        somebody has to have approved; else ``pass``.
    decisions
        What disclosure control decided of the objects it shows; empty for public evidence.
    refusals
        What the gate refuses of it.
    exceptions
        The exceptions that touch it, as the report prints them.
    hidden
        Cells that show the marker.
    cells
        Cells of numbers.
    """

    key: str
    kind: str
    title: str
    tiers: tuple[str, ...]
    files: tuple[str, ...]
    status: Status
    decisions: tuple[Decision, ...]
    refusals: tuple[Refusal, ...]
    exceptions: tuple[str, ...]
    hidden: int
    cells: int

    @property
    def reason(self) -> str:
        """Why, in a sentence or two."""
        if self.refusals:
            return " ".join(f"{one.why[:1].upper()}{one.why[1:]}." for one in self.refusals)
        if self.decisions:
            return " ".join(dict.fromkeys(decision.reason for decision in self.decisions))
        return PUBLIC

    @property
    def rule(self) -> str:
        """The rules it was held against, or those it breaks."""
        if self.refusals:
            return "; ".join(dict.fromkeys(one.rule for one in self.refusals))
        return "; ".join(dict.fromkeys(decision.rule for decision in self.decisions)) or "public evidence"


@dataclass(frozen=True)
class Judgement:
    """What the gate says of one run.

    Attributes
    ----------
    title, area_name, period, name
        What it is of.
    started
        When it ran [UTC, ISO 8601].
    outputs
        One verdict an output, in the order of the report.
    others
        What is refused of no single output: the folder, the record, the page.
    rules
        Every rule by name, with its promise and how often it is broken.
    """

    title: str
    area_name: str
    period: str
    name: str
    started: str
    outputs: tuple[Verdict, ...]
    others: tuple[Refusal, ...]
    rules: tuple[tuple[str, str, int], ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is refused."""
        return not self.others and all(output.status != "fail" for output in self.outputs)


def judge(
    run_dir: Path, refusals: Sequence[Refusal], policy: Any = None, root: Path | None = None
) -> Judgement:
    """Return what was decided of a run and of each of its outputs.

    Parameters
    ----------
    run_dir
        The folder of the run.
    refusals
        As `analysis.gate.examine` gives them.
    policy, root
        As `analysis.gate.examine` takes them.
    """
    counts = {name: sum(one.rule == name for one in refusals) for name in RULES}
    rules = tuple((name, RULES[name].promise, counts[name]) for name in RULES)
    try:
        run = Subject.read(run_dir, root or Layout.find().root, policy)
    except Unreadable:
        return Judgement("", "", "", "", "", (), tuple(refusals), rules)
    shown = [bundle for bundle in run.bundles if bundle.kind != "report"]
    outputs = tuple(_verdict(run, bundle, refusals) for bundle in shown)
    taken = {refusal for output in outputs for refusal in output.refusals}
    title, area, period, name, started = (
        str(run.record.get(field, "")) for field in ("title", "area_name", "period", "name", "started")
    )
    others = tuple(one for one in refusals if one not in taken)
    return Judgement(title, area, period, name, started, outputs, others, rules)


def _verdict(run: Subject, bundle: Bundle, refusals: Sequence[Refusal]) -> Verdict:
    own = tuple(one for one in refusals if _concerns(one, bundle))
    decisions = _decisions(run, bundle)
    exceptions = _exceptions(run, bundle)
    status: Status = "fail" if own else "review" if exceptions else "pass"
    limits = run.limits(bundle)
    numeric = [
        cell
        for row in bundle.payload.get("cells", ())
        for cell, column in zip(row, bundle.payload.get("columns", ()), strict=False)
        if column.get("kind") == "number"
    ]
    return Verdict(
        bundle.id,
        bundle.kind,
        str(bundle.payload.get("title") or bundle.payload.get("text") or bundle.payload.get("why") or ""),
        tuple(bundle.payload.get("provenance", {}).get("tiers", ())),
        tuple(bundle.files),
        status,
        decisions,
        own,
        exceptions,
        sum(cell == limits.marker for cell in numeric),
        len(numeric),
    )


def _concerns(refusal: Refusal, bundle: Bundle) -> bool:
    """Whether a refusal is about an output: about its payload, its drawing or one of its files."""
    names = (bundle.name, f"the drawing of {bundle.name}", *bundle.files)
    return any(refusal.where == name or refusal.where.startswith(f"{name}, ") for name in names)


def _decisions(run: Subject, bundle: Bundle) -> tuple[Decision, ...]:
    listed = (run.released or {}).get("outputs", [])
    names = set(run.names(bundle))
    found = [one for one in listed if isinstance(one, dict) and one.get("name") in names]
    fields = Decision.__dataclass_fields__
    return tuple(Decision(**{name: str(one.get(name, "")) for name in fields}) for one in found)


def _exceptions(run: Subject, bundle: Bundle) -> tuple[str, ...]:
    """Return the exceptions of the policy that name an output, as disclosure control printed them."""
    names = {bundle.id, *run.names(bundle)}
    said = (run.released or {}).get("exceptions", [])
    return tuple(str(one) for one in said if any(f"for {name}:" in str(one) for name in names))
