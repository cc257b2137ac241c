"""The cells of one base after protection, as the measures read them; and the measure that is the counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from analysis.disclosure.cells import CellSystem
from analysis.disclosure.outputs.breakdown import Breakdown
from analysis.disclosure.outputs.content import MARKER, Content, Terms, typed
from analysis.disclosure.outputs.derived import with_release
from analysis.disclosure.outputs.hidden import Hidden, Unavailable
from analysis.disclosure.policy import Policy
from analysis.disclosure.population import Population
from analysis.disclosure.tables import TOTAL, Key, make_key


@dataclass(frozen=True, eq=False)
class Settled:
    """One base after protection: which of its cells are hidden.

    Attributes
    ----------
    population
        Its rows.
    system
        Its cells.
    hidden
        Which of them are hidden.
    terms
        What released objects say of themselves.
    threshold
        A count of fewer survivors is hidden.
    """

    population: Population
    system: CellSystem
    hidden: np.ndarray[Any, np.dtype[np.bool_]]
    terms: Terms
    threshold: int

    def count(self, key: Key) -> int | Hidden:
        """Return the rows counted in a cell, or what stands for it."""
        place = self.system.index(key)
        return self.terms.hidden if self.hidden[place] else int(self.system.count[place])

    def shown(self, key: Key) -> bool:
        """Say whether a cell is released, and can be."""
        place = self.system.index(key)
        return not (self.hidden[place] or self.system.structural[place])

    def bears(self, split: Breakdown, at: Mapping[str, str], least: int) -> bool:
        """Say whether a group may have a number that needs so many people at least.

        It may if its size is released. It may too if only the few whose number is not known are to be hidden,
        and with them how many are left: then the group with them must be released, and so much larger than
        the number needs that its being there tells nothing of how few they are. That depends on a released
        count alone.
        """
        if self.shown(split.key(at)):
            return True
        whole = split.whole.key(at)
        if split.whole is split or not self.shown(whole):
            return False
        return int(self.system.count[self.system.index(whole)]) >= least + 2 * self.threshold

    def sizes(self, split: Breakdown, at: Mapping[str, str]) -> dict[str, int | None]:
        """Return how many rows a group has, and of how many the number is known, where that may differ."""
        keys = {"count": split.whole.key(at)}
        if split.whole is not split:
            keys["known"] = split.key(at)
        return {name: int(self.count(key)) if self.shown(key) else None for name, key in keys.items()}

    def impossible(self, key: Key) -> bool:
        """Say whether a cell cannot be."""
        return bool(self.system.structural[self.system.index(key)])

    def people(self, key: Key) -> int:
        """Return the distinct survivors of a cell; never shown, only held against a rule."""
        return int(self.system.people[self.system.index(key)])

    def content(self, split: Breakdown, rows: list[dict[str, Any]], **look: Any) -> Content:
        """Return the content of an object from its rows of numbers, with the sizes of its groups."""
        cells = {make_key(at.items()): split.whole.key(at) for at in split.cells()}
        frame = with_release(typed(pd.DataFrame(rows)), self.terms.tier, self.terms.source_id)
        return Content(
            frame=frame,
            axes=split.axes,
            cells={own: self.count(key) for own, key in cells.items()},
            nodes={axis: (*split.nodes[axis], TOTAL) for axis in split.axes},
            impossible=frozenset(own for own, key in cells.items() if self.impossible(key)),
            **look,
        )

    def mark(self, key: Key, *, lacking: bool) -> str:
        """Return what stands in a row whose cell cannot be, or whose numbers are in part not released."""
        if self.impossible(key):
            return self.terms.structural
        return self.terms.marker if lacking else ""


class Measure(Protocol):
    """One planned output, as the release completes it."""

    @property
    def split(self) -> Breakdown:
        """How it breaks its base down."""

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:
        """Return what is released of it, under the policy as it holds for it."""
        ...


@dataclass(frozen=True)
class Counts:
    """Rows counted in each combination of categories."""

    split: Breakdown

    def fill(self, settled: Settled, policy: Policy) -> Content | Unavailable:  # noqa: ARG002
        """Return the counts that are released."""
        rows = [self._row(settled, at) for at in self.split.cells(totals=False)]
        if (nothing := too_few(settled, self.split)) is not None:
            return nothing
        wide = len(self.split.axes) > 1
        return settled.content(self.split, rows, formats={"count": "count"}, wide=wide)

    def _row(self, settled: Settled, at: Mapping[str, str]) -> dict[str, Any]:
        key = self.split.key(at)
        known = settled.shown(key)
        return {
            **at,
            "count": settled.count(key) if known else None,
            MARKER: settled.mark(key, lacking=not known),
        }


def too_few(settled: Settled, split: Breakdown) -> Unavailable | None:
    """Return the sentence in place of an output of which nothing but a total could be shown."""
    if any(settled.shown(split.whole.key(at)) for at in split.cells(totals=not split.axes)):
        return None
    base = settled.population.base
    return Unavailable(f"The records hold too few {split.words(base)} for a number, or none.", (base,))
