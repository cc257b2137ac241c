"""What may be displayed of anything computed from records: every rule, its source, its floor.

The rules are data (``data/policy.yml``), so that an authority can be stricter without a change of code.
Sources, by the short names that the docstrings use:

ONS/GSS
    Office for National Statistics and Government Statistical Service, guidance on disclosure control for
    tables from administrative sources, and *Policy on protecting confidentiality in tables of birth and
    death statistics*.
NHS England
    *Disclosure control methodology for Hospital Episode Statistics and Emergency Care Data Set*, NHS Digital
    2018: below national level 1 to 7 become one marker, other counts are rounded to 5.
OpenSAFELY
    *Releasing files*, output rules: nothing about 7 people or fewer, other counts rounded.
SDC Handbook
    Griffiths, Greci, Kotrotsios, Parker, Scott, Welpton, Wolters and Woods (2019), *Handbook on Statistical
    Disclosure Control for Outputs*, Safe Data Access Professionals, section B.
Hundepool
    Hundepool, Domingo-Ferrer, Franconi, Giessing, Schulte Nordholt, Spicer and de Wolf (2012), *Statistical
    Disclosure Control*, Wiley, chapters 4 (magnitude tables) and 5 (frequency tables).
ACRO
    Defaults of the automatic checker of research outputs (AI-SDC/ACRO, ``default.yaml``): threshold 10, ten
    residual degrees of freedom, (n, k) of 2 and 90, p of 10, ten events in survival tables.

A threshold of 10 is stricter than the NHS's 8, and is what the ONS asks of researchers who use its
longitudinal study; records here are of people in danger whose districts are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from analysis.disclosure.policy_file import Document, Keys
from analysis.disclosure.tables import MOST_DIMENSIONS, Key, make_key
from analysis.errors import one_of
from analysis.layout import Layout
from analysis.record import canonical_json, sha256

POLICY_FILE: Final = "policy.yml"
WORD: Final = re.compile(r"[^\W_]+")

NUMBERS: Final[dict[str, tuple[int, int]]] = {
    "threshold": (5, 1000),
    "rounding_base": (5, 100),
    "percentage_base": (20, 10_000),
    "quantile_side": (5, 1000),
    "survival_events": (5, 1000),
    "model_min_events": (5, 1000),
    "model_min_residual": (5, 1000),
    "p_percent": (5, 100),
}
"""Rules that are whole numbers, with the least and the most they may be; an exception keeps to them too."""

GRID: Final = "survival_grid_days"
EXCEPTABLE: Final = (*NUMBERS, GRID)
RULES: Final = (
    *EXCEPTABLE,
    "marker",
    "structural_marker",
    "dominance",
    "structural",
    "topics",
    "exceptions",
)
"""Every key of the file; all must be there, so that no rule is forgotten in silence."""


@dataclass(frozen=True)
class Dominance:
    """The (n, k) rule for amounts: the largest few hold at most a share (Hundepool, chapter 4).

    Attributes
    ----------
    contributors
        How many of the largest [survivors].
    share
        Most that they may hold together [per cent].
    """

    contributors: int
    share: int


@dataclass(frozen=True)
class Structural:
    """A combination that cannot occur, and why everybody knows that it is zero (Hundepool, chapter 5).

    Attributes
    ----------
    base
        The population of rows.
    cell
        Sorted pairs of dimension and category.
    why
        Why it cannot occur.
    """

    base: str
    cell: Key
    why: str


@dataclass(frozen=True)
class Topic:
    """A subject with stricter rules than the rest (ONS/GSS: causes of death that identify).

    Attributes
    ----------
    name
        What it is called.
    words
        A table, dimension or category that holds one of them falls under it; case, hyphens and underscores
        do not matter.
    threshold
        A count below it is hidden [survivors].
    dimensions
        A table may have at most so many.
    why
        Why it is stricter.
    """

    name: str
    words: tuple[str, ...]
    threshold: int
    dimensions: int
    why: str

    def covers(self, names: Iterable[str]) -> bool:
        """Say whether one of the names of an output, its dimensions and its categories is on this topic."""
        texts = [_spaced(name) for name in names]
        return any(_spaced(word) in text for word in self.words for text in texts)


@dataclass(frozen=True)
class Departure:
    """An exception: another value of one rule for one output, which every report it touches prints.

    Attributes
    ----------
    rule
        The key of the policy that it departs from.
    output
        Name of the table, figure or finding.
    value
        The value in place of the rule's.
    reason, approved_by
        Why, and who answers for it.
    until
        Last day on which it holds [ISO date].
    """

    rule: str
    output: str
    value: int | tuple[int, ...]
    reason: str
    approved_by: str
    until: str

    def in_force(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return day <= date.fromisoformat(self.until)

    def __str__(self) -> str:
        value = self.value if isinstance(self.value, int) else ", ".join(map(str, self.value))
        return (
            f"Exception for {self.output}: {self.rule} is {value}. Reason: {self.reason.rstrip('.')}. "
            f"Approved by {self.approved_by}, until {self.until}."
        )


@dataclass(frozen=True)
class Limits:
    """What holds for one table.

    Attributes
    ----------
    threshold
        A count below it is hidden [survivors].
    dimensions
        The table may have at most so many.
    topics
        The topics it falls under, by name.
    """

    threshold: int
    dimensions: int
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Policy:
    """Every rule of disclosure control, checked; made by `load` alone.

    Attributes
    ----------
    threshold
        A count of fewer survivors is hidden, a count of none with it [survivors]. ONS asks 10 of research
        outputs; NHS England hides 1 to 7, OpenSAFELY 7 or fewer; SDC Handbook, frequency tables. Never
        below 5.
    rounding_base
        Base of controlled rounding [rows]. NHS England and OpenSAFELY round to 5; Hundepool, chapter 5.
    percentage_base
        No percentage on a smaller base [rows]: on 50, one survivor is two points. SDC Handbook holds
        percentages to the rules of the counts they are made of.
    marker, structural_marker
        What stands for a hidden value, and for one that cannot be. One marker for primary and complementary
        suppression, so that the marker says nothing (Hundepool, chapter 4).
    quantile_side
        Survivors that must lie on each side of a quantile; no minimum, no maximum (SDC Handbook, percentiles,
        and maxima and minima).
    survival_grid_days
        Days at which a survival curve is shown; a curve with its own steps gives single events away
        (SDC Handbook, survival analysis; OpenSAFELY delays events until enough have occurred) [days].
    survival_events
        Survivors with an event in every step that is shown.
    model_min_events
        Survivors with the outcome, and without it, for each parameter of a model.
    model_min_residual
        Residual degrees of freedom, so that no model is saturated (SDC Handbook, regression; ACRO's default).
    p_percent
        Protection interval of an amount: nobody who knows her own can estimate another's closer [per cent]
        (p% rule: Hundepool, chapter 4; 10 is ACRO's default).
    dominance
        The (n, k) rule for amounts.
    structural
        Combinations that cannot occur.
    topics
        Subjects with stricter rules.
    exceptions
        Departures, each with reason, approver and last day.
    """

    threshold: int
    rounding_base: int
    percentage_base: int
    marker: str
    structural_marker: str
    quantile_side: int
    survival_grid_days: tuple[int, ...]
    survival_events: int
    model_min_events: int
    model_min_residual: int
    p_percent: int
    dominance: Dominance
    structural: tuple[Structural, ...] = ()
    topics: tuple[Topic, ...] = ()
    exceptions: tuple[Departure, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of all rules; comments and order in the file do not matter."""
        return sha256(canonical_json(asdict(self)).encode())

    def limits(self, names: Iterable[str] = ()) -> Limits:
        """Return what holds for a table: the strictest of the policy and of the topics it is on.

        Parameters
        ----------
        names
            Names of the table, of its base, dimensions and categories.
        """
        words = tuple(names)
        found = [topic for topic in self.topics if topic.covers(words)]
        return Limits(
            max([self.threshold, *(topic.threshold for topic in found)]),
            min([MOST_DIMENSIONS, *(topic.dimensions for topic in found)]),
            tuple(topic.name for topic in found),
        )

    def in_force(self, day: date) -> tuple[Departure, ...]:
        """Return the exceptions that hold on a day."""
        return tuple(one for one in self.exceptions if one.in_force(day))

    def for_output(self, output: str, day: date) -> Policy:
        """Return the policy as it holds for one output on a day: its exceptions applied, and no others.

        A topic's stricter rules stay as they are: no exception reaches them.
        """
        found = tuple(one for one in self.in_force(day) if one.output == output)
        changes: dict[str, Any] = {one.rule: one.value for one in found}
        return replace(self, exceptions=found, **changes)


def load(path: Path | None = None) -> Policy:
    """Read and check a policy.

    Parameters
    ----------
    path
        The file; ``data/policy.yml`` if None.

    Raises
    ------
    DataRefused
        With every fault and its line: an unknown key, a wrong type, a value below its floor, an exception
        without reason, approver or last day.
    """
    file = path or Layout.find().data / POLICY_FILE
    document = Document.read(file, file.name if path else f"data/{POLICY_FILE}")
    document.mapping((), RULES)
    policy = Policy(
        **{name: document.whole((name,), *bounds) for name, bounds in NUMBERS.items()},
        survival_grid_days=document.days((GRID,)),
        marker=document.text(("marker",), most=10),
        structural_marker=document.text(("structural_marker",), most=10),
        dominance=_dominance(document),
        structural=tuple(_structural(document, keys) for keys in document.items(("structural",))),
        topics=tuple(_topic(document, name) for name in sorted(document.names(("topics",)))),
        exceptions=tuple(_departure(document, keys) for keys in document.items(("exceptions",))),
    )
    _check_together(document, policy)
    document.refuse()
    return policy


def _dominance(document: Document) -> Dominance:
    keys: Keys = ("dominance",)
    document.mapping(keys, ("contributors", "share"))
    return Dominance(document.whole((*keys, "contributors"), 1, 10), document.whole((*keys, "share"), 50, 90))


def _structural(document: Document, keys: Keys) -> Structural:
    document.mapping(keys, ("base", "cell", "why"))
    cell = (*keys, "cell")
    pairs = make_key((name, document.text((*cell, name))) for name in document.names(cell))
    if not pairs:
        document.at(cell, "no category is named", "Name the combination: {dimension: category}.")
    return Structural(document.text((*keys, "base")), pairs, document.text((*keys, "why")))


def _topic(document: Document, name: str) -> Topic:
    keys: Keys = ("topics", name)
    document.mapping(keys, ("words", "threshold", "dimensions", "why"))
    words = tuple(document.text(word) for word in document.items((*keys, "words")))
    if not words:
        document.at((*keys, "words"), "no word is given", "List the words that tell the topic.")
    return Topic(
        name=name,
        words=words,
        threshold=document.whole((*keys, "threshold"), *NUMBERS["threshold"]),
        dimensions=document.whole((*keys, "dimensions"), 1, MOST_DIMENSIONS),
        why=document.text((*keys, "why")),
    )


def _departure(document: Document, keys: Keys) -> Departure:
    document.mapping(keys, ("rule", "output", "value", "reason", "approved_by", "until"))
    rule = document.text((*keys, "rule"))
    value: int | tuple[int, ...] = 0
    if rule in NUMBERS:
        value = document.whole((*keys, "value"), *NUMBERS[rule])
    elif rule == GRID:
        value = document.days((*keys, "value"))
    elif rule:
        document.at((*keys, "rule"), f'no exception is possible to "{rule}"', one_of(rule, EXCEPTABLE))
    return Departure(
        rule=rule,
        output=document.text((*keys, "output")),
        value=value,
        reason=document.text((*keys, "reason")),
        approved_by=document.text((*keys, "approved_by")),
        until=document.day((*keys, "until")),
    )


def _check_together(document: Document, policy: Policy) -> None:
    """Note what is wrong only beside something else."""
    if policy.marker == policy.structural_marker:
        cure = "A reader must tell what is hidden from what cannot be."
        document.at(("structural_marker",), "both markers are the same", cure)
    for topic in policy.topics:
        if topic.threshold < policy.threshold:
            what = f"{topic.threshold} is below the threshold of {policy.threshold}"
            document.at(("topics", topic.name, "threshold"), what, "A topic is stricter, or is none.")
    seen: set[tuple[str, str]] = set()
    for place, one in enumerate(policy.exceptions):
        if (one.rule, one.output) in seen:
            cure = "Keep one exception to a rule for an output."
            document.at(("exceptions", place), "there is another exception to this rule", cure)
        seen.add((one.rule, one.output))


def _spaced(text: str) -> str:
    """Return words in lower case with one space around each, so that a word is found whole."""
    return f" {' '.join(WORD.findall(text.lower()))} "
