"""Denominators that others publish: Census 2021, statutory homelessness, surveys and national returns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.errors import DataRefused, UsageError, one_of
from analysis.evidence import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.layout import Layout

CENSUS_COLUMNS: Final = (
    "area_code",
    "area_name",
    "level",
    "table",
    "base",
    "base_count",
    "category_code",
    "category",
    "count",
    "source_id",
)
HOMELESSNESS_COLUMNS: Final = (
    "quarter",
    "area_code",
    "area_name",
    "table",
    "measure",
    "value",
    "status",
)
HEADLINE_COLUMNS: Final = (
    "headline_id",
    "topic",
    "measure",
    "group",
    "value",
    "unit",
    "qualifier",
    "period",
    "base",
    "base_count",
    "source_id",
    "page_url",
    "note",
    "press",
)

DEFLATOR_COLUMNS: Final = ("quarter", "index", "source_id")

STATUSES: Final = ("ok", "no data", "suppressed")
HOMELESSNESS_SOURCE: Final = "mhclg-homelessness"
WIDER_AREAS: Final = {
    "england": "E92000001",
    "east-midlands": "E12000004",
    "east-of-england": "E12000006",
}
"""Areas that are no authority's: their homelessness figures are rounded and hold estimates."""
EVERYWHERE: Final = "everywhere"
"""In place of an area: every district and unitary authority of `areas.csv`."""

SUMMED_TABLES: Final = ("TS029", "TS030", "TS038", "TS077")
SUMMED_NOTE: Final = (
    "Summed from small areas: a few units from the table the Office for National Statistics prints."
)
ROUNDED_NOTE: Final = (
    "Figures for England and its regions are rounded to the nearest 10 and include estimates."
)
PRESS_NOTE: Final = "Taken from a press report or a copy, not from the original release."
SURVEY_NOTE: Final = "Crime-survey figures before and after the year ending March 2024 are not comparable."


@dataclass(frozen=True)
class Reference:
    """The reference tables of one checkout, each read and checked when first used."""

    layout: Layout
    inputs: dict[str, str]
    areas: pd.DataFrame
    source_ids: frozenset[str]

    @cached_property
    def headline_table(self) -> pd.DataFrame:
        """Every headline figure, one a row, with provenance."""
        table = tables.read(self.layout, "reference/headlines.csv", HEADLINE_COLUMNS, inputs=self.inputs)
        faults = tables.Faults()
        tables.unique(table, "headline_id", faults)
        tables.filled(table, ("headline_id", "topic", "measure", "group", "unit", "period", "base"), faults)
        self._known_sources(table, faults)
        frame = table.frame.assign(
            value=tables.numbers(table, "value", faults),
            base_count=tables.numbers(table, "base_count", faults, optional=True),
            press=tables.truths(table, "press", faults),
        )
        faults.refuse()
        footnote = frame["press"].map({True: PRESS_NOTE, False: ""})
        survey = frame["topic"].eq("csew").map({True: SURVEY_NOTE, False: ""})
        return _with_provenance(
            frame, "headlines:" + frame["headline_id"], (footnote + " " + survey).str.strip()
        )

    @cached_property
    def census_table(self) -> pd.DataFrame:
        """Every census count, one a row, with provenance."""
        table = tables.read(self.layout, "reference/census.csv", CENSUS_COLUMNS, inputs=self.inputs)
        faults = tables.Faults()
        tables.filled(table, CENSUS_COLUMNS, faults)
        self._known_sources(table, faults)
        frame = table.frame.assign(
            count=tables.numbers(table, "count", faults),
            base_count=tables.numbers(table, "base_count", faults),
        )
        for row in table.rows_where(frame.duplicated(["area_code", "table", "category_code"])):
            faults.cell(table, row, "category_code", "stands twice in its area and table", "Remove one.")
        faults.refuse()
        ids = "census:" + frame["area_code"] + ":" + frame["table"] + ":" + frame["category_code"]
        summed = frame["table"].isin(SUMMED_TABLES).map({True: SUMMED_NOTE, False: ""})
        return _with_provenance(frame, ids, summed)

    @cached_property
    def deflators(self) -> pd.DataFrame:
        """The price level of each quarter, indexed by quarter (Period): ``index`` and provenance."""
        table = tables.read(self.layout, "reference/deflator.csv", DEFLATOR_COLUMNS, inputs=self.inputs)
        faults = tables.Faults()
        tables.unique(table, "quarter", faults)
        self._known_sources(table, faults)
        frame = table.frame.assign(index=tables.numbers(table, "index", faults))
        faults.refuse()
        quarter = pd.PeriodIndex(frame["quarter"], freq="Q")
        return _with_provenance(frame, "deflator:" + frame["quarter"], "").set_index(quarter)

    @cached_property
    def homelessness_table(self) -> pd.DataFrame:
        """Every homelessness figure, one quarter, place and measure a row; NaN unless its status is "ok"."""
        table = tables.read(
            self.layout, "reference/homelessness.csv", HOMELESSNESS_COLUMNS, inputs=self.inputs
        )
        faults = tables.Faults()
        tables.known(table, "status", STATUSES, faults)
        value = tables.numbers(table, "value", faults, optional=True)
        blank = table["value"] == ""
        for row in table.rows_where(blank == (table["status"] == "ok")):
            faults.cell(
                table, row, "value", "and its status disagree", 'A value is blank unless its status is "ok".'
            )
        for row in table.rows_where(~table["quarter"].str.fullmatch(r"\d{4}Q[1-4]")):
            faults.cell(table, row, "quarter", "is not a quarter", "Write the calendar quarter as 2022Q2.")
        for row in table.rows_where(table["table"] == "A13"):
            faults.cell(table, row, "table", "repeats two columns of A12 in every quarter", "Leave it out.")
        for row in table.rows_where(table.frame.duplicated(["quarter", "area_code", "measure"])):
            faults.cell(table, row, "measure", "stands twice for its place and quarter", "Remove one.")
        faults.refuse()
        return table.frame.assign(value=value)

    @cached_property
    def homelessness_measures(self) -> list[str]:
        """Names of the homelessness measures, sorted."""
        return sorted(set(self.homelessness_table["measure"]))

    def records(self, kind: str) -> list[dict[str, Any]]:
        """Return every ``headlines`` or ``census`` row as a dictionary, which the views select from."""
        return self._headline_records if kind == "headlines" else self._census_records

    @cached_property
    def _headline_records(self) -> list[dict[str, Any]]:
        return tables.records(self.headline_table)

    @cached_property
    def _census_records(self) -> list[dict[str, Any]]:
        return tables.records(self.census_table)

    def headlines(
        self, topic: str | None = None, measure: str | None = None, group: str | None = None
    ) -> pd.DataFrame:
        """Return figures printed by national bodies, one a row; empty if the combination is not there.

        Returns
        -------
        DataFrame
            headline_id, topic, measure, group, value, unit, qualifier, period, base (in words), base_count
            (NaN if not published), page_url, note, press, and provenance.

        Raises
        ------
        DataRefused
            If no headline has the topic, the measure or the group.
        """
        frame = self.headline_table
        for column, name in (("topic", topic), ("measure", measure), ("group", group)):
            if name is not None:
                _refuse_unknown(name, self.headline_table[column], f"headline {column}", "headlines.csv")
                frame = frame[frame[column] == name]
        return frame.reset_index(drop=True)

    def census(self, table: str, area: str) -> pd.DataFrame:
        """Return one Census 2021 table of one area.

        Parameters
        ----------
        table
            TS009 (sex), TS021 (ethnic group), TS029 (proficiency in English), TS030 (religion), TS038
            (disability) or TS077 (sexual orientation).
        area
            An area slug, ``england``, or the ONS code of one of the areas' districts.

        Returns
        -------
        DataFrame
            Indexed by category code: category, count and base (people), base_words, share (a fraction of the
            base), and provenance. The rows of TS009 and TS029 overlap; their bases do not.

        Raises
        ------
        DataRefused
            If there is no such table or no such area in it.
        """
        frame = self.census_table
        _refuse_unknown(table, frame["table"], "table", "census.csv")
        code = self.code(area)
        _refuse_unknown(code, frame["area_code"], "area code", "census.csv")
        found = frame[(frame["table"] == table) & (frame["area_code"] == code)].set_index("category_code")
        named = found.rename(columns={"base": "base_words", "base_count": "base"})
        columns = ["category", "count", "base", "base_words", "share", *tables.PROVENANCE]
        return named.assign(share=named["count"] / named["base"])[columns]

    def residents(self, area: str, category: str = "female") -> pd.DataFrame:
        """Return the residents of each district of an area, Census 2021.

        Parameters
        ----------
        area
            An area slug.
        category
            ``female`` or ``male``, of all ages.

        Returns
        -------
        DataFrame
            label (the district), residents (people), and provenance, by name; a unitary authority is its own.

        Raises
        ------
        DataRefused
            If there is no such category.
        """
        frame = self.census_table[self.census_table["table"] == "TS009"]
        _refuse_unknown(category, frame["category_code"], "category of TS009", "census.csv")
        districts = self.areas.loc[self.areas["area"] == area, "districts"].explode()
        found = frame[frame["area_name"].isin(list(districts)) & frame["category_code"].eq(category)]
        named = found.rename(columns={"area_name": "label", "count": "residents"}).sort_values("label")
        return named[["label", "residents", *tables.PROVENANCE]].reset_index(drop=True)

    def homelessness(
        self,
        measures: str | Iterable[str],
        area: str,
        start: str | pd.Period | None = None,
        end: str | pd.Period | None = None,
    ) -> pd.DataFrame:
        """Return quarterly homelessness statistics for each district of an area.

        Parameters
        ----------
        measures
            One measure or several, such as ``support_need_mental_health``.
        area
            An area slug, ``england``, ``east-midlands``, ``east-of-england``, or ``everywhere`` for the
            districts of every authority in ``areas.csv``.
        start, end
            First and last calendar quarter, as ``2022Q2``, both included; None for all there are.

        Returns
        -------
        DataFrame
            quarter (Period), district, measure, value (households; NaN unless "ok"), status ("ok", "no data"
            or "suppressed"), and provenance, in order of quarter, district and measure. A measure that the
            tables did not have in a quarter has no row.

        Raises
        ------
        DataRefused
            If there is no such measure.
        """
        asked = [measures] if isinstance(measures, str) else list(measures)
        frame = self.homelessness_table
        for measure in asked:
            _refuse_unknown(measure, self.homelessness_measures, "measure", "homelessness.csv")
        keep = frame["measure"].isin(asked) & self._places(area)
        keep &= (frame["quarter"] >= str(start)) if start is not None else True
        keep &= (frame["quarter"] <= str(end)) if end is not None else True
        found = frame[keep].sort_values(["quarter", "area_name", "measure"], ignore_index=True)
        ids = "homelessness:" + found["area_code"] + ":" + found["measure"] + ":" + found["quarter"]
        shown = found.assign(
            quarter=pd.PeriodIndex(found["quarter"], freq="Q"), source_id=HOMELESSNESS_SOURCE
        )
        noted = _with_provenance(shown, ids, ROUNDED_NOTE if area in WIDER_AREAS else "")
        columns = ["quarter", "district", "measure", "value", "status", *tables.PROVENANCE]
        return noted.rename(columns={"area_name": "district"})[columns]

    def code(self, area: str) -> str:
        """Return the ONS code of an area slug or wider area; a code is returned as it is.

        Raises
        ------
        UsageError
            If it is neither.
        """
        codes: dict[str, str] = dict(zip(self.areas["area"], self.areas["code"], strict=True)) | WIDER_AREAS
        if re.fullmatch(r"E\d{8}", area):
            return area
        if area not in codes:
            raise UsageError(f'unknown area "{area}"', where="area", cure=one_of(area, codes))
        return codes[area]

    def _places(self, area: str) -> pd.Series[bool]:
        """Mark the rows of an area's districts, or of the place itself."""
        frame = self.homelessness_table
        if area == EVERYWHERE:
            return frame["area_name"].isin(list(self.areas["districts"].explode()))
        code = self.code(area)
        own = self.areas[self.areas["area"] == area]
        return frame["area_name"].isin(list(own["districts"].explode())) | (frame["area_code"] == code)

    def _known_sources(self, table: tables.Table, faults: tables.Faults) -> None:
        cure = "Add the source to data/reference/sources.csv."
        tables.known(table, "source_id", self.source_ids, faults, cure=cure)


def quarters(period: str) -> tuple[str, str]:
    """Return the first and last calendar quarter of a period of financial years.

    ``2022-23`` is ``("2022Q2", "2023Q1")``: April 2022 to March 2023.
    """
    first, last = int(period[:4]), int(period[:2] + period[5:])
    return f"{first}Q2", f"{last}Q1"


def _refuse_unknown(name: str, known: Iterable[str], what: str, file: str) -> None:
    if name not in set(known):
        raise DataRefused(
            f'no {what} "{name}"', where=f"data/reference/{file}", cure=one_of(name, set(known))
        )


def _with_provenance(
    frame: pd.DataFrame, ids: pd.Series[str], footnote: pd.Series[str] | str
) -> pd.DataFrame:
    return frame.assign(tier="reference", figure_ids=ids, footnote=footnote)
