"""What an audit says: the figures it reads, its findings, its agreements, and how numbers are worded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from analysis.errors import DataRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    import pandas as pd

KINDS: Final[dict[str, str]] = {
    "total": "Totals and their parts",
    "part_above_whole": "Parts and their wholes",
    "share": "Shares and the counts beside them",
    "impossible_share": "Shares that no whole number over the stated base can give",
    "base": "Bases said in words",
    "chain": "Money carried from year to year",
    "malformed_number": "Numerals that no number is written like",
    "ten_fold": "Standards quoted in units ten-fold apart",
    "time_basis": "Costs and the length of time they cover",
    "product": "Results of multiplying and dividing",
    "change": "Changes, in points or in percent",
    "printed_twice": "The same thing printed twice",
    "plan": "Plans and the places they add up to",
    "period": "Years and columns under the wrong label",
    "to_date_below_quarter": "Counts to date and counts of one quarter",
    "vacant_post": "Work counted for posts that nobody holds",
    "bounds": "Lower and upper ends of a range",
    "overlapping": "Categories that overlap",
    "base_not_stated": "Shares printed without a base",
    "unstated": "Results that follow but are not printed",
}
"""Kind of check to the heading it is listed under; an audit uses no other."""

ACRONYMS: Final = frozenset(
    {"bame", "bamer", "daha", "fte", "idva", "lgbt", "lgbtq", "lgbtq+", "lwa", "noda", "uava", "uk", "yp"}
)
NAMES: Final = {
    "carry forward in": "funding carried forward",
    "da": "domestic abuse",
    "band b": "band B",
    "band d": "band D",
    "domestic abuse act": "Domestic Abuse Act",
    "council of europe": "Council of Europe",
    "freeva": "FreeVA",
    "wall": "WALL",
    "gate": "GATE",
    "gypsy roma traveller": "Gypsy, Roma or Traveller",
    "gypsy or irish traveller": "Gypsy or Irish Traveller",
    "gypsy and traveller": "Gypsy and Traveller",
    "black asian or": "Black, Asian or",
    **{name: name.capitalize() for name in ("asian", "black", "white", "african", "arab", "bangladeshi")},
    **{name: name.capitalize() for name in ("british", "caribbean", "chinese", "indian", "pakistani")},
    "non binary": "non-binary",
    "jada": "Jada",
    "leicestershire county": "Leicestershire county",
    "leicester city": "Leicester City",
    "leicester safe home": "Leicester's Safe Home",
    "leicestershire": "Leicestershire",
    "great yarmouth": "Great Yarmouth",
    "kings lynn and west norfolk": "King’s Lynn and West Norfolk",
    "north norfolk": "North Norfolk",
    "south norfolk": "South Norfolk",
    **{name: name.capitalize() for name in ("breckland", "broadland", "charnwood", "norwich")},
    "marac": "Marac",
    "living without abuse": "Living Without Abuse",
    "new dawn new day": "New Dawn New Day",
    "panahghar": "Panahghar",
    "turning point": "Turning Point",
    "universal credit": "Universal Credit",
    "age uk": "Age UK",
    "womens aid": "Women’s Aid",
}
"""What slugs hold that is written otherwise: names of bodies and peoples, and shorthand."""
GBP_UNITS: Final = ("gbp", "gbp_per_year")
Field = Literal["value", "denominator_figure_id", "unit"]


@dataclass(frozen=True)
class Figure:
    """One printed figure: a row of the table of published evidence.

    Attributes
    ----------
    value
        The printed number [in ``unit``].
    base_id
        The figure that the source states as the base; "" if it states none.
    """

    figure_id: str
    source_id: str
    section: str
    area: str
    period: str
    measure: str
    breakdown: str
    category: str
    value: float
    unit: str
    base_id: str
    quote: str
    qualifier: str
    repeat: bool

    @property
    def label(self) -> str:
        """What the figure counts, in words: ``people supported, out of county (Norfolk, 2022-23)``."""
        category = f", {words(self.category)}" if self.category else ""
        return f"{words(self.measure)}{category} ({self.area}, {when(self.period)})"

    @property
    def printed(self) -> str:
        """The printed number with its unit: ``£1,811,177``."""
        return number(self.value, self.unit)

    def attribute(self, name: str) -> str:
        """Return one column as text.

        Raises
        ------
        DataRefused
            If there is no such column.
        """
        if name not in self.__dataclass_fields__:
            raise DataRefused(f'no column "{name}" in the table of figures', where="relations")
        return str(getattr(self, name))


Book = dict[str, Figure]
"""Every figure by its id, in the order of the table."""


@dataclass(frozen=True)
class Mend:
    """One clearly mended reading: what a figure is taken to be, and the footnote that travels with it."""

    figure_id: str
    field: Field
    printed: str | float
    corrected: str | float
    footnote: str


@dataclass(frozen=True)
class Finding:
    """One contradiction, or one result that follows but is not printed.

    Attributes
    ----------
    printed, recomputed
        What the document says and what follows from it [in ``unit``]; None where nothing is printed.
    gap
        ``printed`` less ``recomputed`` [in ``unit``].
    reading
        One sentence: the most plausible reading, and what is used instead.
    """

    kind: str
    figure_ids: tuple[str, ...]
    printed: float | None
    recomputed: float | None
    gap: float | None
    reading: str
    unit: str = ""
    mends: tuple[Mend, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the six published fields."""
        return {
            "kind": self.kind,
            "figure_ids": list(self.figure_ids),
            "printed": self.printed,
            "recomputed": self.recomputed,
            "gap": self.gap,
            "reading": self.reading,
        }


@dataclass(frozen=True)
class Agreement:
    """A check that the printed figures pass, or (when unchecked) why it could not be made.

    Attributes
    ----------
    checks
        How many checks the statement sums up.
    """

    kind: str
    figure_ids: tuple[str, ...]
    statement: str
    checks: int = 1

    def as_json(self) -> dict[str, Any]:
        """Return the three published fields."""
        return {"kind": self.kind, "figure_ids": list(self.figure_ids), "statement": self.statement}


@dataclass
class Outcome:
    """What one rule found, what it saw agree, and what it could not check."""

    findings: list[Finding] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    unchecked: list[Agreement] = field(default_factory=list)

    def agree(self, kind: str, figures: Iterable[Figure], statement: str, *, checks: int = 1) -> None:
        """Note that a check passes, or several that one sentence sums up."""
        self.agreements.append(Agreement(kind, ids(figures), capital(statement), checks))

    def leave(self, kind: str, figures: Iterable[Figure], statement: str) -> None:
        """Note that a check could not be made, and why."""
        self.unchecked.append(Agreement(kind, ids(figures), capital(statement)))

    def add(self, other: Outcome) -> None:
        """Append everything of another outcome."""
        self.findings += other.findings
        self.agreements += other.agreements
        self.unchecked += other.unchecked


@dataclass(frozen=True)
class Settled:
    """What declared relations have already said, so that a general rule does not say it again.

    Attributes
    ----------
    overlap
        Figures whose categories are declared to overlap.
    related
        Sets of figures that a declared relation found in agreement.
    mended
        Figures that a declared relation has mended.
    """

    overlap: frozenset[str] = frozenset()
    related: tuple[frozenset[str], ...] = ()
    mended: frozenset[str] = frozenset()


def grouped(figures: Iterable[Figure], key: Callable[[Figure], Hashable]) -> list[list[Figure]]:
    """Group figures by a key, in the order of the table."""
    groups: dict[Hashable, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(key(figure), []).append(figure)
    return list(groups.values())


def capital(sentence: str) -> str:
    """Begin a sentence with a capital."""
    return sentence[:1].upper() + sentence[1:]


def words(slug: str) -> str:
    """Write a slug in words: ``domestic abuse duty allocation`` for ``da_duty_allocation``."""
    text = re.sub(r"(?<!\d)-|-(?!\d)", " ", slug.replace("_", " "))
    for name, spelt in NAMES.items():
        text = re.sub(rf"\b{name}\b", spelt, text)
    return " ".join(part.upper() if part in ACRONYMS else part for part in text.split(" "))


def when(period: str) -> str:
    """Return a printed period as it can stand in brackets, or alone under a name."""
    plain = re.sub(r" \((.*)\)$", r"; \1", period)
    return f"period {plain}" if plain.startswith("not stated") else plain


def ids(figures: Iterable[Figure]) -> tuple[str, ...]:
    """Return the ids of figures, each once, in order."""
    return tuple(dict.fromkeys(figure.figure_id for figure in figures))


def finding(
    kind: str,
    figures: Iterable[Figure],
    printed: float,
    recomputed: float,
    reading: str,
    *,
    unit: str,
    mends: tuple[Mend, ...] = (),
) -> Finding:
    """Build a finding, with its gap and without the noise of binary fractions."""
    recomputed = clean(recomputed)
    gap = clean(printed - recomputed)
    return Finding(kind, ids(figures), clean(printed), recomputed, gap, capital(reading), unit, mends)


def clean(value: float) -> float:
    """Round to four decimals, so that 0.1 + 0.2 is 0.3 in every output."""
    return round(value, 4) + 0.0


def number(value: float, unit: str = "", decimals: int | None = None) -> str:
    """Word a number with its unit: ``£1,002,400``, ``36.9%``, ``8.9 points``, ``10,000``."""
    places = _places(value, unit) if decimals is None else decimals
    text = f"{value:,.{places}f}"
    if unit in GBP_UNITS:
        return ("−" if value < 0 else "") + "£" + text.removeprefix("-")
    endings = {"percent": "%", "percentage_points": " points"}
    return text.replace("-", "−") + endings.get(unit, "")


def worded(value: float | None, unit: str) -> str:
    """Word a number with its unit, a year without separators; say that nothing is printed where it is not."""
    if value is None:
        return "not printed"
    return f"{value:.0f}" if unit == "year" else number(value, unit)


def _places(value: float, unit: str) -> int:
    """Return how many decimals a number needs: pence in pairs, none for a count of a hundred or more."""
    rounded = round(value, 2)
    if rounded == int(rounded) or (unit == "count" and abs(value) >= 100):
        return 0
    return 2 if unit in GBP_UNITS else len(f"{rounded:.2f}".rstrip("0").partition(".")[2])


def book(figures: pd.DataFrame) -> Book:
    """Read the table of figures into one record a figure.

    Parameters
    ----------
    figures
        Columns as in ``data/published/figures.csv`` [one row a figure].

    Raises
    ------
    DataRefused
        If an id is used twice, or a stated base is not in the table.
    """
    records = [_figure(row) for row in figures.to_dict("records")]
    result = {record.figure_id: record for record in records}
    if len(result) < len(records):
        raise DataRefused("a figure_id is used twice", where="published figures", cure="Ids must be unique.")
    for record in records:
        if record.base_id and record.base_id not in result:
            raise DataRefused(
                f'its base "{record.base_id}" is not in the table',
                where=record.figure_id,
                cure="Add the base, or leave denominator_figure_id empty.",
            )
    return result


def _figure(row: Mapping[Any, Any]) -> Figure:
    """Read one row; absent text columns are empty."""

    def text(name: str) -> str:
        value = row.get(name)
        return value if isinstance(value, str) else ""

    repeat = row.get("repeat")
    return Figure(
        figure_id=text("figure_id"),
        source_id=text("source_id"),
        section=text("section"),
        area=text("area"),
        period=text("period"),
        measure=text("measure"),
        breakdown=text("breakdown"),
        category=text("category"),
        value=float(row["value"]),
        unit=text("unit"),
        base_id=text("denominator_figure_id"),
        quote=text("quote"),
        qualifier=text("qualifier"),
        repeat=str(repeat).lower() == "true",
    )
