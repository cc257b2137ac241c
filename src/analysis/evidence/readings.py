"""Single numbers of evidence, and sums of them, each with where it is from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import DataRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.evidence.declared import Selector

NAN: Final = float("nan")


@dataclass(frozen=True)
class Reading:
    """One number of evidence, or a sum of several.

    Attributes
    ----------
    base
        The base its source states: the id of a figure, a number, or NaN if none is stated.
    """

    value: float
    unit: str
    period: str
    qualifier: str
    note: str
    area: str
    category: str
    section: str
    tier: str
    source_id: str
    figure_ids: tuple[str, ...]
    footnotes: tuple[str, ...]
    base: str | float = NAN


@dataclass(frozen=True)
class Pool:
    """The figures that one row of a view may draw on together: one source's, or one reference table's."""

    records: Sequence[dict[str, Any]]
    by_id: dict[str, dict[str, Any]]
    where: str

    def readings(self, selectors: Iterable[Selector]) -> list[Reading]:
        """Return every figure that meets a selector, in the order of the selectors and of the table."""
        return [
            _complement(reading(record)) if selector.complement else reading(record)
            for selector in selectors
            for record in self.records
            if selector.matches(record)
        ]

    def sum(self, selectors: Iterable[Selector]) -> Reading | None:
        """Return the sum of what the selectors find, or None unless each of them finds something.

        Raises
        ------
        DataRefused
            If a selector that means one figure finds several.
        """
        found: list[Reading] = []
        for selector in selectors:
            met = self.readings([selector])
            if len(met) > 1 and not selector.every:
                ids = ", ".join(one.figure_ids[0] for one in met)
                cure = "Narrow the selector, or say every: true to add them up."
                raise DataRefused(f"{selector} is met by {ids}", where=self.where, cure=cure)
            if not met:
                return None
            found += met
        return total(found, where=self.where) if found else None

    def stated_base(self, of: Reading) -> Reading | None:
        """Return the base that the source states for a figure, if it does."""
        if isinstance(of.base, str):
            return reading(self.by_id[of.base]) if of.base in self.by_id else None
        return replace(of, value=of.base, base=NAN) if of.base == of.base else None


def reading(record: dict[str, Any]) -> Reading:
    """Return a row of figures, headlines or the census as a reading."""
    base = record.get("denominator_figure_id", record.get("base_count", NAN))
    return Reading(
        value=float(record["value"] if "value" in record else record["count"]),
        unit=str(record.get("unit", "people")),
        period=str(record.get("period", "2021")),
        qualifier=str(record.get("qualifier", "")),
        note=str(record.get("note", "")),
        area=str(record.get("area", "")),
        category=str(record.get("category_code", record.get("category", record.get("group", "")))),
        section=str(record.get("section", "")),
        tier=str(record["tier"]),
        source_id=str(record["source_id"]),
        figure_ids=(str(record["figure_ids"]),),
        footnotes=(str(record["footnote"]),) if record["footnote"] else (),
        base=base,
    )


def total(readings: Sequence[Reading], *, where: str) -> Reading:
    """Return the sum of readings of one source; a sum of several has no stated base.

    Raises
    ------
    DataRefused
        If they are of several sources, or in several units.
    """
    first = readings[0]
    if len(readings) == 1:
        return first
    for what, names in (("sources", {r.source_id for r in readings}), ("units", {r.unit for r in readings})):
        if len(names) > 1:
            raise DataRefused(
                f"a sum over {what} {', '.join(sorted(names))}", where=where, cure="Select one."
            )
    return replace(
        first,
        value=sum(one.value for one in readings),
        base=NAN,
        **{
            name: joined(getattr(one, name) for one in readings)
            for name in ("period", "qualifier", "note", "area")
        },
        figure_ids=merged(one.figure_ids for one in readings),
        footnotes=merged(one.footnotes for one in readings),
    )


def worked_out(part: Reading | None, whole: Reading | None) -> Reading | None:
    """Return a part as a percentage of a whole that is an estimate, not a count: it states no base."""
    if part is None or whole is None:
        return None
    return replace(
        part,
        value=100 * part.value / whole.value,
        unit="percent",
        base=NAN,
        figure_ids=merged([part.figure_ids, whole.figure_ids]),
        footnotes=merged([part.footnotes, whole.footnotes]),
    )


def merged(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the names of several groups once each, in order of first use."""
    return tuple(dict.fromkeys(name for group in groups for name in group))


def joined(words: Iterable[str]) -> str:
    """Return distinct words in order of first use, separated by semicolons, without the empty."""
    return "; ".join(dict.fromkeys(word for word in words if word))


def _complement(one: Reading) -> Reading:
    return replace(one, value=round(100 - one.value, 10))
