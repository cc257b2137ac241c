"""What the gate says: a rule that is not kept, where, and what to do; never the value that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from analysis.gate.promises import RULES


@dataclass(frozen=True, order=True)
class Refusal:
    """One thing that may not be released.

    Attributes
    ----------
    where
        File below the run, and the part of it: a cell, an output, a row, a chunk. A name is said only if
        the notebook's committed code declares it; else it is counted ("file 3 of figures").
    rule
        A key of `RULES`.
    why
        The fact, in one sentence without a final full stop and without the value.
    cure
        What to do about it.
    """

    where: str
    rule: str
    why: str
    cure: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}. {self.cure} [{self.rule}]"


Scan = Callable[..., Iterator[Refusal]]


def refuse(rule: str, where: str, why: str, cure: str = "") -> Refusal:
    """Return a refusal, with the rule's own cure unless there is a better one."""
    return Refusal(where, rule, why, cure or RULES[rule].cure)


@dataclass(frozen=True)
class Limits:
    """The numbers of the disclosure policy that a scanner can check on what is printed.

    Attributes
    ----------
    threshold
        Smallest count that is printed [people].
    percentage_base
        Smallest base of a percentage [people].
    marker, structural_marker
        What stands for a count that is hidden, and for one that is impossible.
    survival_grid_days
        The only days at which a survival curve may be read [days].
    """

    threshold: int = 10
    percentage_base: int = 50
    marker: str = "[c]"
    structural_marker: str = "–"
    survival_grid_days: tuple[int, ...] = (0, 7, 14, 28, 56, 91, 182, 273, 365)

    @classmethod
    def of(cls, policy: Any) -> Limits:
        """Return the limits of a policy: any object with attributes of these names, or None for the usual."""
        names = [name for name in cls.__dataclass_fields__ if hasattr(policy, name)]
        return cls(**{name: _frozen(getattr(policy, name)) for name in names})

    def for_output(self, policy: Any, names: Sequence[str], words: Sequence[str]) -> Limits:
        """Return the limits of one output.

        Parameters
        ----------
        policy
            As `of` takes it; a policy with ``for_output`` may have exceptions, one with ``limits`` topics.
        names
            What the output is called: the loosest exception that names it holds.
        words
            What it is about: the strictest topic that they fall under holds, whatever the exceptions.
        """
        today = datetime.now(UTC).date()
        excepting, topical = getattr(policy, "for_output", None), getattr(policy, "limits", None)
        each = [Limits.of(excepting(name, today)) for name in names] if callable(excepting) else []
        stricter = topical(words).threshold if callable(topical) else 0
        least = min((one.threshold for one in each), default=self.threshold)
        if stricter > self.threshold:
            least = stricter
        bases = min((one.percentage_base for one in each), default=self.percentage_base)
        grid = {day for one in (self, *each) for day in one.survival_grid_days}
        return replace(self, threshold=least, percentage_base=bases, survival_grid_days=tuple(sorted(grid)))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | tuple) else value


GUARDED: Final = frozenset({"records", "synthetic"})
"""Tiers whose numbers are about people who are not published: synthetic ones are treated as records."""
