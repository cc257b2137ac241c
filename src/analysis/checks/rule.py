"""What a rule is: a function from a checkout to the places that break it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Failure:
    """One place that breaks a rule, and what mends it."""

    where: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.cure}"


@dataclass(frozen=True)
class Outcome:
    """A rule, what it looked at, and where it is broken."""

    promise: str
    checked: int
    failures: tuple[Failure, ...]


Rule = Callable[[Path], tuple[int, list[Failure]]]
"""Takes the root of a checkout; returns how many things it looked at and every failure.

The first line of its docstring is the promise it keeps."""


def apply(rule: Rule, root: Path) -> Outcome:
    """Run one rule; a rule that looked at nothing has failed."""
    promise = (rule.__doc__ or rule.__name__).strip().splitlines()[0].rstrip(".")
    checked, failures = rule(root)
    if checked == 0:
        failures = [Failure(str(rule.__name__), "found nothing to check", "Run it in a whole checkout.")]
    return Outcome(promise, checked, tuple(sorted(failures)))
