"""Which districts an authority covers, under every name that a release may call them by."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from analysis.layout import Layout

AREAS_FILE: Final = "published/areas.csv"
DISTRICTS_FILE: Final = "codes/district.csv"
NOWHERE: Final = "district not known"
"""What an authority covers besides its districts: rows that name none of them."""

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Geography:
    """Areas down to their atoms: districts, and for each county the rows that name no district.

    Attributes
    ----------
    covered
        Atoms of every area that is known, by its plain name, its slug and its code.
    """

    covered: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls, layout: Layout | None = None) -> Geography:
        """Read the areas and the districts."""
        return _load((layout or Layout.find()).data)

    def atoms(self, areas: Iterable[str]) -> frozenset[str]:
        """Return the atoms that areas cover together; an area that is not known is an atom of itself."""
        return frozenset().union(*(self.covered.get(plain(area), {plain(area)}) for area in areas))

    def known(self, area: str) -> bool:
        """Say whether an area is one of those known."""
        return plain(area) in self.covered


def plain(area: str) -> str:
    """Return a name without case and punctuation: a slug and a printed name are the same then."""
    return " ".join(_WORD.findall(area.lower().replace("'", "").replace("’", "")))


@lru_cache(maxsize=8)
def _load(data: Path) -> Geography:
    districts = _rows(data / DISTRICTS_FILE)
    children: dict[str, list[str]] = {}
    for row in districts:
        if row["parent"]:
            children.setdefault(row["parent"], []).append(plain(row["code"]))
    covered: dict[str, frozenset[str]] = {}
    for row in districts:
        below = children.get(row["code"], [])
        rest = f"{plain(row['code'])} {NOWHERE}"
        atoms = frozenset([*below, rest] if below else [plain(row["code"])])
        covered |= {plain(row["code"]): atoms, plain(row["label"]): atoms}
    for row in _rows(data / AREAS_FILE):
        code = plain(row["code"])
        covered |= {plain(row["area"]): covered.get(code, frozenset({code}))}
        covered.setdefault(plain(row["name"]), covered[plain(row["area"])])
    return Geography(covered)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
