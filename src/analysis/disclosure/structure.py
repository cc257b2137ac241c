"""What everybody knows of a base without any table: combinations that its rules make impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from analysis.disclosure.policy import Policy
from analysis.disclosure.population import KNOWN, NOT_KNOWN
from analysis.disclosure.tables import Key, make_key
from analysis.records.frames.labels import NESTED

FRAME_OF: Final = {
    "referrals to therapy": "therapy",
    "pairs of scores": "scores",
    "homes": "sanctuary",
    "themes": "feedback",
}
"""Attribute of a cohort by what its rows are called, where the two differ."""

FOLLOWS: Final[dict[str, tuple[Key, ...]]] = {
    "pairs of scores": (
        (("change known", NOT_KNOWN), ("paired", "Both scores")),
        (("change known", KNOWN), ("paired", "First score alone")),
        (("change known", KNOWN), ("paired", "Latest score alone")),
    ),
}
"""By base, what cannot be because one column was made from others: a change takes two scores."""


def known_to_all(cohort: Any, policy: Policy) -> Callable[[str], Iterator[Key]]:
    """Return what yields the impossible combinations of a base.

    Parameters
    ----------
    cohort
        The records of the report.
    policy
        Declares further ones.
    """

    def of(base: str) -> Iterator[Key]:
        name = FRAME_OF.get(base, base)
        frame = getattr(cohort, name)
        yield from (make_key(pairs) for pairs in cohort.impossible(name))
        yield from FOLLOWS.get(base, ())
        for column, wider in NESTED.items():
            if {column, wider} <= set(frame.columns):
                yield from _nested(column, wider, cohort.groups(name, column), frame)
        yield from (one.cell for one in policy.structural if one.base == base)

    return of


def _nested(column: str, wider: str, groups: dict[str, tuple[str, ...]], frame: Any) -> Iterator[Key]:
    """Yield the categories of a column with the wider ones that they do not fall into."""
    group_of = {member: group for group, members in groups.items() for member in members}
    for category in frame[column].cat.categories:
        for group in frame[wider].cat.categories:
            if group_of.get(category, category) != group:
                yield make_key([(column, str(category)), (wider, str(group))])
