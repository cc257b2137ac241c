"""Whether errors may allow for survivors with several rows: they would tell how few have more than one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from analysis.disclosure.outputs.breakdown import Breakdown
from analysis.disclosure.outputs.settled import Settled

REPEATED: Final = "rows of the survivor"
"""Dimension that says whether a survivor has several rows."""
ONE, SEVERAL = "One", "Several"
ONE_ROW_EACH: Final = frozenset({"people", "units"})
"""Bases of which everybody knows that no survivor has several rows."""


def clustered(settled: Settled, repeats: Mapping[str, Breakdown], told: Mapping[str, Sequence[str]]) -> bool:
    """Say whether, in each group compared, how many have several rows is released.

    Parameters
    ----------
    settled
        The base after protection.
    repeats
        By column, how it and `REPEATED` break the base down; none where everybody knows that there are none.
    told
        Groups compared by column.
    """
    return bool(repeats) and all(
        settled.shown(repeats[name].key({name: node, REPEATED: SEVERAL}))
        for name, nodes in told.items()
        for node in nodes
    )
