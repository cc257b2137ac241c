"""The store that somebody supplies for a run: whether it is there, whole, of this area and of this period.

Asked before anything is started, so no table is opened and pandas is not imported.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from analysis.errors import DataRefused
from analysis.parameters import Areas
from analysis.records.keyfile import KeyFile, default_path
from analysis.records.manifest import POINTER, Generation

WHERE: Final = "--records"


@dataclass(frozen=True)
class Covers:
    """What the tables of a store are about.

    Attributes
    ----------
    areas
        Slugs of the authorities that they were read for.
    first, last
        First and last month of their workbooks, ``2022-04``; empty without a row.
    synthetic
        Whether any row is of a synthetic sample.
    """

    areas: tuple[str, ...]
    first: str
    last: str
    synthetic: bool

    @classmethod
    def of(cls, said: dict[str, Any]) -> Covers:
        """Return what a manifest says."""
        return cls(tuple(said["areas"]), said["first"], said["last"], said["synthetic"])

    def check(self, area: str, period: str, days: tuple[date, date]) -> None:
        """Refuse tables of another area, or without a month of the period.

        Raises
        ------
        DataRefused
            With what they are of instead.
        """
        if not self.areas:
            raise DataRefused("the store holds no row", where=WHERE, cure="Read workbooks into it first.")
        if self.areas != (area,):
            of = " and ".join(self.areas)
            cure = f"Give --area {of}, or the store of {area}."
            raise DataRefused(f"the store holds records of {of}, not of {area}", where=WHERE, cure=cure)
        first, last = days
        if f"{last:%Y-%m}" < self.first or self.last < f"{first:%Y-%m}":
            span = f"{_month(self.first)} to {_month(self.last)}"
            what = f"the workbooks in the store are of {span}, and none is of {area} {period}"
            raise DataRefused(what, where=WHERE, cure="Give a period that they cover with --period.")


def _month(text: str) -> str:
    """Return a month in words: ``2022-04`` is April 2022."""
    year, month = map(int, text.split("-"))
    return f"{calendar.month_name[month]} {year}"


def store_of(folder: Path, area: str) -> Path:
    """Return the store of an area: the folder itself, or the area's own below a folder of stores.

    Raises
    ------
    DataRefused
        If neither is there.
    """
    for place in (folder, folder / area):
        if (place / POINTER).is_file():
            return place.resolve()
    what = f"there is no store of {area} in {folder}"
    cure = "Name the folder that `deepdive ingest` made, such as data/processed/norfolk."
    raise DataRefused(what, where=WHERE, cure=cure)


def supply(folder: Path, *, unlocked: bool = True) -> Callable[[str, str], tuple[Path, str]]:
    """Return what tells a plan where the records of an (area, period) are, and their fingerprint.

    Parameters
    ----------
    folder
        A store, or a folder of stores with one folder an area.
    unlocked
        Whether the key must open the store, which a run needs. A plan looks inside only if there is a key.

    Returns
    -------
    Takes an area and a period; returns the folder of the store and the fingerprint of its tables. It raises
    DataRefused if there is no store, if it is torn, of another key, of another area, or of none of the
    period's months.
    """
    areas = Areas.load()

    @lru_cache
    def opened(store: Path) -> tuple[Generation, Covers | None]:
        generation = Generation.current(store)
        generation.digest  # noqa: B018 - a store without its manifest is torn, key or none
        if unlocked or default_path().exists():
            return generation, _checked(generation)
        return generation, None

    def records_of(area: str, period: str) -> tuple[Path, str]:
        store = store_of(folder, area)
        generation, covers = opened(store)
        if covers:
            covers.check(area, period, areas.days(area, period))
        return store, generation.digest

    return records_of


def _checked(generation: Generation) -> Covers | None:
    """Return what a store is about, every file of it compared with its digest."""
    manifest = generation.manifest(KeyFile.open())
    for name in manifest["tables"]:
        generation.table(manifest, name)
    return Covers.of(manifest["covers"]) if "covers" in manifest else None
