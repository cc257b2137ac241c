"""The plain-English summary that opens a report: short, and with no number that no finding says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from analysis.errors import UsageError
from analysis.present import prose
from analysis.present.provenance import Basis, together
from analysis.record import Value

LIMIT: Final = 120
"""A summary has fewer words than this."""


@dataclass
class Told:
    """What the findings of a report have said so far, with what each rests on."""

    _findings: list[tuple[Mapping[str, Value], Basis]] = field(default_factory=list)

    def keep(self, said: Mapping[str, Value], basis: Basis) -> None:
        """Keep the numbers of a finding."""
        self._findings.append((said, basis))

    def basis(self, said: Mapping[str, Value], where: str) -> Basis:
        """Return what the numbers of a summary rest on: the findings that say them.

        Raises
        ------
        UsageError
            If no finding says one of them.
        """
        bases = []
        for name, value in said.items():
            found = [
                basis for told, basis in self._findings if any(_same(value, one) for one in told.values())
            ]
            if not found and any(sign.isdigit() for sign in value["text"]):
                cure = "Say it with run.say first, or leave it out: a summary repeats, and adds nothing."
                raise UsageError(f'no finding says "{name}" of the summary', where=where, cure=cure)
            bases += found[:1]
        return together(bases)


def _holds(told: Mapping[str, Value], value: Value) -> bool:
    return any(_same(value, one) for one in told.values())


def _same(one: Value, other: Value) -> bool:
    """Tell whether two values are one number, or are printed alike."""
    number = one["value"]
    numeric = isinstance(number, int | float) and not isinstance(number, bool)
    return one["text"] == other["text"] or (numeric and number == other["value"])


def refuse_long(text: str, where: str) -> None:
    """Refuse a summary that a board would not read.

    Raises
    ------
    UsageError
        If it has as many words as the limit, or more.
    """
    words = len(prose.words(text).split())
    if words >= LIMIT:
        cure = f"Say what matters most, in fewer than {LIMIT} words."
        raise UsageError(f"the summary has {words} words", where=where, cure=cure)
