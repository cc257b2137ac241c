"""Everything a report may rest on without a person's record: figures in print, and reference statistics."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import DataRefused, UsageError, did_you_mean
from analysis.evidence import figures, tables
from analysis.evidence.corrected import apply_corrections
from analysis.evidence.reference import Reference
from analysis.layout import Layout
from analysis.parameters import Areas

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.evidence.declared import Views


@dataclass(frozen=True)
class Evidence:
    """Published figures and reference statistics, with where each number is from.

    Every frame it returns has the provenance columns `tier`, `source_id`, `figure_ids` (space-separated)
    and `footnote`.

    Attributes
    ----------
    layout
        The checkout it was read from.
    figures
        The printed figures, one a row, exactly as printed (their errors included).
    sources
        Published and reference sources, one a row: source_id, title, publisher, date, licence, tier, url.
    areas, periods
        Area slugs with their names, codes and districts; the periods that have published sources.
    inputs
        Path in the checkout to sha256, of every data file read so far.
    """

    layout: Layout
    figures: pd.DataFrame
    sources: pd.DataFrame
    areas: pd.DataFrame
    periods: pd.DataFrame
    inputs: dict[str, str]
    _given_corrections: pd.DataFrame | None = field(default=None, repr=False)

    @cached_property
    def reference(self) -> Reference:
        """Census, homelessness and survey denominators, read when first asked for."""
        cited = self.sources.loc[self.sources["tier"] == "reference", "source_id"]
        return Reference(self.layout, self.inputs, self.areas, frozenset(cited))

    @cached_property
    def views(self) -> Views:
        """The views that ``data/published/views.yml`` declares, checked when first asked for."""
        from analysis.evidence.declared import Views  # noqa: PLC0415  yaml is not needed to load figures

        return Views.load(self)

    @cached_property
    def corrections(self) -> pd.DataFrame:
        """Corrected readings in use: figure_id, field, printed, corrected, footnote."""
        if self._given_corrections is not None:
            return self._given_corrections
        from analysis.evidence.audit import corrections  # noqa: PLC0415  the audit itself reads evidence

        return corrections(self)

    @cached_property
    def corrected_figures(self) -> pd.DataFrame:
        """`figures` with the corrected readings in place of the printed, each with its footnote."""
        return apply_corrections(self.figures, self.corrections)

    def records(self, *, corrected: bool = True) -> list[dict[str, Any]]:
        """Return the figures as dictionaries, which the views select from."""
        return self._corrected_records if corrected else self._printed_records

    @cached_property
    def _printed_records(self) -> list[dict[str, Any]]:
        return tables.records(self.figures)

    @cached_property
    def _corrected_records(self) -> list[dict[str, Any]]:
        return tables.records(self.corrected_figures)

    def sources_of(self, area: str, period: str) -> tuple[str, ...]:
        """Return the published sources whose period started at or before this one, latest first.

        Raises
        ------
        UsageError
            If the area is unknown or the period is not of the form ``2022-23``.
        """
        if area not in set(self.areas["area"]):
            Areas.load(self.layout).check_area(area)
        own = self.periods[self.periods["area"] == area]
        dated = [(_start(when), named) for when, named in zip(own["period"], own["sources"], strict=True)]
        upto = sorted((one for one in dated if one[0] <= _start(period)), key=itemgetter(0), reverse=True)
        return tuple(dict.fromkeys(source for _, named in upto for source in named))

    def select(
        self,
        area: str,
        period: str,
        *,
        measure: str | Iterable[str] | None = None,
        breakdown: str | Iterable[str] | None = None,
        category: str | Iterable[str] | None = None,
        domain: str | Iterable[str] | None = None,
        repeats: bool = False,
        corrected: bool = True,
    ) -> pd.DataFrame:
        """Return an area's printed figures, of every source up to a period.

        Parameters
        ----------
        area, period
            A slug of ``data/published/areas.csv`` and a period such as ``2022-23``.
        measure, breakdown, category, domain
            One name or several; None for all. A breakdown of ``""`` is the undivided total.
        repeats
            Whether to keep figures that the same document prints again.
        corrected
            Whether to put corrected readings, with their footnotes, in place of what is printed.

        Returns
        -------
        DataFrame
            One row a figure, latest source first; empty if there is none.

        Raises
        ------
        DataRefused
            If a measure, breakdown or domain is in no figure at all.
        UsageError
            If the area or the period cannot be.
        """
        wanted = {"measure": measure, "breakdown": breakdown, "category": category, "domain": domain}
        frame = self.corrected_figures if corrected else self.figures
        sources = self.sources_of(area, period)
        keep = frame["source_id"].isin(sources) & (repeats | ~frame["repeat"])
        for column, names in wanted.items():
            if names is not None:
                keep &= frame[column].isin(self._names(column, names))
        rank = {source: place for place, source in enumerate(sources)}
        return frame[keep].sort_values(
            "source_id", key=lambda ids: ids.map(rank), kind="stable", ignore_index=True
        )

    def view(self, name: str, area: str, period: str, *, corrected: bool = True) -> pd.DataFrame:
        """Return a declared view: its rows for which this area or the reference has evidence.

        Returns
        -------
        DataFrame
            Indexed by the key of the row. Columns: label; count, base, printed (percent) or, as the view
            declares, value or low and high; unit, period, qualifier, note; and provenance.

        Raises
        ------
        DataRefused
            If no such view is declared.
        """
        from analysis.evidence.views import assemble  # noqa: PLC0415  views are read when first used

        return assemble(self, self.views.find(name), area, period, corrected=corrected)

    def headlines(
        self, topic: str | None = None, measure: str | None = None, group: str | None = None
    ) -> pd.DataFrame:
        """Return figures printed by national bodies; see `Reference.headlines`."""
        return self.reference.headlines(topic, measure, group)

    def census(self, table: str, area: str) -> pd.DataFrame:
        """Return a Census 2021 table of an area; see `Reference.census`."""
        return self.reference.census(table, area)

    def homelessness(
        self,
        measures: str | Iterable[str],
        area: str,
        start: str | pd.Period | None = None,
        end: str | pd.Period | None = None,
    ) -> pd.DataFrame:
        """Return quarterly homelessness statistics of an area's districts; see `Reference.homelessness`."""
        return self.reference.homelessness(measures, area, start, end)

    def _names(self, column: str, names: str | Iterable[str]) -> list[str]:
        """Return the names asked for, refusing one that no figure has (categories may be an area's own)."""
        asked = [names] if isinstance(names, str) else list(names)
        known = set(self.figures[column])
        for name in asked:
            if name not in known and column != "category":
                cure = did_you_mean(name, known) or f"See the column {column}."
                raise DataRefused(
                    f'no figure has {column} "{name}"', where="data/published/figures.csv", cure=cure
                )
        return asked


def _start(period: str) -> int:
    """Return the year a period starts in: 2022 for ``2022-23`` and for ``2022-24``."""
    year, dash, end = period.partition("-")
    if not (dash and len(year) == 4 and len(end) == 2 and (year + end).isdigit()):
        raise UsageError(f'"{period}" is not a period', where="period", cure="Write it as 2022-23.")
    return int(year)


def load(layout: Layout | None = None, *, corrections: pd.DataFrame | None = None) -> Evidence:
    """Read the published figures and check every rule they keep; reference statistics follow when asked for.

    Parameters
    ----------
    layout
        The checkout; the one this package belongs to if None.
    corrections
        Corrected readings to use; those of the audit if None.

    Raises
    ------
    DataRefused
        With every broken rule: file, row, column, value and cure.
    """
    found = layout or Layout.find()
    return _load(found.root) if corrections is None else _read(found, corrections)


@lru_cache(maxsize=4)
def _load(root: Path) -> Evidence:
    return _read(Layout(root), None)


def _read(layout: Layout, corrections: pd.DataFrame | None) -> Evidence:
    inputs: dict[str, str] = {}
    faults = tables.Faults()
    sources = figures.read_sources(layout, "published/sources.csv", inputs, faults)
    cited = figures.read_sources(layout, "reference/sources.csv", inputs, faults)
    areas = figures.read_areas(layout, inputs, faults)
    periods = figures.read_periods(layout, areas, sources, inputs, faults)
    places = set(areas["printed_as"].explode()) | figures.read_outside(layout, inputs)
    printed = figures.read_figures(layout, sources, places, inputs, faults)
    faults.refuse()
    both = pd.concat([sources, cited], ignore_index=True)
    return Evidence(layout, printed, both, areas, periods, inputs, corrections)
