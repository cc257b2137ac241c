"""What a planted leak is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from building import Planted

NAME, BORN, NHS, POSTCODE = "Megan Evans", "14/02/1985", "943 476 5919", "NR1 2AB"
PHONE, EMAIL = "07700 900123", "m.evans@example.org"
"""Identifiers of nobody: the NHS's own example of a number, and a telephone that Ofcom keeps for drama."""


@dataclass(frozen=True)
class Leak:
    """One kind of leak.

    Attributes
    ----------
    name
        What it is.
    plant
        Puts it into a run.
    rules
        The rules of which the gate must name one; empty for a leak that only a twin run sees.
    why
        Why only a twin run sees it.
    """

    name: str
    plant: Callable[[Planted], None]
    rules: tuple[str, ...] = ()
    why: str = ""

    @property
    def caught_by(self) -> Literal["gate", "twin"]:
        """Who must catch it."""
        return "gate" if self.rules else "twin"
