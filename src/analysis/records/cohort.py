"""The cohort of a report: an authority's person-level records of one period, as frames that show no row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, Self

import pandas as pd

from analysis.errors import DataRefused
from analysis.layout import Layout, records_dir
from analysis.parameters import Areas
from analysis.record import Tier, file_sha256
from analysis.records.fields import tables
from analysis.records.frames import people as survivors
from analysis.records.frames import referrals as referring
from analysis.records.frames import stays as staying
from analysis.records.frames import therapy as treating
from analysis.records.frames.labels import NESTED, groups_of, impossible
from analysis.records.frames.window import Window
from analysis.records.keyfile import KeyFile
from analysis.records.personframe import PersonFrame, person_frame
from analysis.records.rules.completion import complete
from analysis.records.store import Store
from analysis.records.supplied import WHERE, Covers, store_of

FRAMES: Final = (
    "referrals",
    "people",
    "stays",
    "episodes",
    "waits",
    "therapy",
    "scores",
    "children",
    "units",
    "attempts",
    "sanctuary",
    "feedback",
)
"""Every frame of a cohort, by its attribute."""

DATED: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "referrals": {"decided_on": ()},
    "stays": {
        "end_date": (
            *("departure_kind", "destination", "destination_district", "independent", "wellbeing_end"),
            *("feels_safer", "more_confident", "better_quality_of_life"),
        )
    },
    "children": {"left_on": ()},
    "therapy": {
        "identified_on": (),
        "assessed_on": (),
        "started_on": (),
        "ended_on": ("ending",),
    },
    "sanctuary": {"completed_on": ("remained_home",)},
}
"""Dates of a kept table that may come after the period, with what is known only once they have."""

POLICY: Final = "data/policy.yml"
VIEWS: Final = "data/record_views.yml"


class Cohort:
    """The records of one authority in one period.

    Each frame is made when it is first asked for, and holds the rows of the period alone. Coded fields are
    categories in the order of their code lists; kinds of unknown are categories of their own, and a missing
    value is one too. Numbers are floats, NaN where nothing was recorded. ``person`` is the survivor's
    pseudonym, and the only one there is.

    Attributes
    ----------
    area, period
        What it is about.
    tier
        "records", or "synthetic" if any row is of a synthetic sample.
    outside
        By kept table, rows of the store that lie outside the period.
    inputs
        Fingerprint of the store and of every declaration it was read with, by path.
    """

    tier: Tier = "records"

    def __init__(
        self,
        rows: Mapping[str, pd.DataFrame],
        window: Window,
        period: str,
        *,
        synthetic: bool = False,
        inputs: Mapping[str, str] | None = None,
    ) -> None:
        self.area, self.period, self._window = window.area, period, window
        if synthetic:
            self.tier = "synthetic"
        self.inputs = dict(inputs or {})
        self._rows = _as_of(_whole(rows), window)
        self._inside = _inside(self._rows, window)

    @classmethod
    def open(cls, folder: Path, *, area: str, period: str, key: KeyFile | None = None) -> Self:
        """Read the store of an authority, once.

        Parameters
        ----------
        folder
            The store, or a folder of stores with one folder an area.
        area, period
            A slug of ``areas.csv`` and a period with evidence for it.
        key
            The key of the store; that of the default place if None.

        Raises
        ------
        UsageError
            If the area or the period is not known.
        DataRefused
            If there is no store, or it is torn, of another key, another area, or no month of the period.
        """
        layout = Layout.find()
        days = Areas.load(layout).days(area, period)
        kept = Store(store_of(folder, area), key or KeyFile.open()).snapshot()
        covers = Covers.of(kept.covers)
        covers.check(area, period, days)
        tier = "synthetic" if covers.synthetic else "records"
        inputs = {f"{tier}/{area}": kept.digest, **_declarations(layout)}
        return cls(kept.tables, Window(area, *days), period, synthetic=covers.synthetic, inputs=inputs)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<{self.tier} of {self.area}, {self.period}: not shown>"

    @property
    def synthetic(self) -> bool:
        """Whether any row is of a synthetic sample, which makes everything that rests on them synthetic."""
        return self.tier == "synthetic"

    @property
    def start(self) -> str:
        """First day of the period, ISO."""
        return self._window.first.isoformat()

    @property
    def end(self) -> str:
        """Last day of the period, ISO."""
        return self._window.last.isoformat()

    @cached_property
    def outside(self) -> dict[str, int]:
        """Rows of each kept table outside the period."""
        return {name: int((~inside).sum()) for name, inside in self._inside.items()}

    @cached_property
    def referrals(self) -> PersonFrame:
        """Referrals made in the period; see `analysis.records.frames.referrals.referrals`."""
        made = referring.referrals(self._of("referrals"), self._rows["stays"], self._window)
        return _shown("referrals", made)

    @cached_property
    def people(self) -> PersonFrame:
        """Survivors with a row in the period; see `analysis.records.frames.people.people`."""
        made = survivors.people(self._rows, self._inside, self._labels)
        return _shown("people", made)

    @cached_property
    def stays(self) -> PersonFrame:
        """Stays that reach into the period; see `analysis.records.frames.stays.stays`."""
        made = staying.stays(self._of("stays"), self._rows["units"], self._labels, self._window)
        return _shown("stays", made)

    @cached_property
    def episodes(self) -> PersonFrame:
        """Stays joined, truncated and censored; see `analysis.records.frames.stays.episodes`."""
        made = staying.episodes(self._rows["stays"], self._rows["units"], self._labels, self._window)
        return _shown("episodes", made)

    @cached_property
    def waits(self) -> PersonFrame:
        """Waits along the therapy pathway; see `analysis.records.frames.therapy.waits`."""
        return _shown("waits", treating.waits(self._rows["therapy"], self._window))

    @cached_property
    def therapy(self) -> PersonFrame:
        """Referrals to therapy that reach into the period; see `analysis.records.frames.therapy.therapy`."""
        return _shown("referrals to therapy", treating.therapy(self._of("therapy"), self._window))

    @cached_property
    def scores(self) -> PersonFrame:
        """Scores at start and end; see `analysis.records.frames.therapy.scores`."""
        made = treating.scores(self._rows, self._inside, self._known, self._window)
        return _shown("pairs of scores", made)

    @cached_property
    def children(self) -> PersonFrame:
        """Children in stays of the period; see `analysis.records.frames.stays.children`."""
        rows, stays = self._of("children"), self._rows["stays"]
        return _shown("children", staying.children(rows, stays, self._rows["units"], self._window))

    @cached_property
    def units(self) -> PersonFrame:
        """Units open in the period; see `analysis.records.frames.stays.units`."""
        return _shown("units", staying.units(self._of("units"), self._window))

    @cached_property
    def attempts(self) -> PersonFrame:
        """Attempts to get a place; see `analysis.records.frames.referrals.attempts`."""
        return _shown("attempts", referring.attempts(self._of("attempts"), self._window))

    @cached_property
    def sanctuary(self) -> PersonFrame:
        """Homes made safe, or asked to be; see `analysis.records.frames.referrals.sanctuary`."""
        return _shown("homes", referring.sanctuary(self._of("sanctuary"), self._window))

    @cached_property
    def feedback(self) -> PersonFrame:
        """Themes of feedback, coded; see `analysis.records.frames.referrals.feedback`."""
        return _shown("themes", referring.feedback(self._of("feedback"), self._window))

    def groups(self, frame: str, column: str) -> dict[str, tuple[str, ...]]:
        """Return the groups of a column whose categories fall into those of another.

        Whoever counts by both must know that one says something of the other: ``ethnicity`` falls into
        ``ethnicity_group``, ``month`` into ``quarter``.

        Returns
        -------
        Category of the wider column to the categories of ``column`` in it; empty if there is no wider one.
        """
        if column not in NESTED:
            return {}
        categories = tuple(getattr(self, frame)[column].cat.categories)
        if column == "month":
            quarters = pd.PeriodIndex(categories, freq="M").asfreq("Q").astype("str")
            return {
                q: tuple(m for m, of in zip(categories, quarters, strict=True) if of == q) for q in quarters
            }
        return groups_of("ethnicity_19", categories)

    def impossible(self, frame: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Return the pairs of (column, category) that the rules of a frame exclude, known to be 0 to all."""
        if frame in tables():
            pairs = set(impossible(frame, self.area))
        elif frame in {"people", "episodes"}:
            pairs = set()
        else:
            return ()
        if frame in {"people", "episodes", "stays"}:
            pairs |= set(impossible("referrals", self.area))
        columns = set(getattr(self, frame).columns)
        return tuple(pair for pair in sorted(pairs) if {name for name, _ in pair} <= columns)

    def _of(self, name: str) -> pd.DataFrame:
        return self._rows[name].loc[self._inside[name]].reset_index(drop=True)

    @cached_property
    def _known(self) -> pd.DataFrame:
        return survivors.known_of(self._rows, self._window)

    @cached_property
    def _labels(self) -> pd.DataFrame:
        return survivors.labels_of(self._known, self._window)


class NoCohort(Cohort):
    """Stands for the records of a run that has none: false, and every frame is empty."""

    def __init__(self, area: str, period: str) -> None:
        self.area, self.period = area, period
        self.inputs = {}

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<no records of {self.area}, {self.period}>"

    @cached_property
    def _window(self) -> Window:  # type: ignore[override]  # worked out only if somebody asks
        return Window(self.area, *Areas.load().days(self.area, self.period))

    @cached_property
    def _rows(self) -> dict[str, pd.DataFrame]:  # type: ignore[override]
        return _as_of(_whole({}), self._window)

    @cached_property
    def _inside(self) -> dict[str, pd.Series[bool]]:  # type: ignore[override]
        return _inside(self._rows, self._window)


def current(area: str, period: str) -> Cohort:
    """Return the records that the run of a notebook was given, or a `NoCohort` without any.

    Parameters
    ----------
    area, period
        What the report is about.

    Raises
    ------
    DataRefused
        As `Cohort.open`; the message names no folder, since it may end in a report's note of failure.
    """
    folder = records_dir()
    if folder is None:
        return NoCohort(area, period)
    try:
        return Cohort.open(folder, area=area, period=period)
    except DataRefused as error:
        if error.where == WHERE:
            raise
        cure = "Ask `deepdive plan` with the same --records what is wrong."
        raise DataRefused(error.what, where="records", cure=cure) from None


def _shown(what: str, made: pd.DataFrame) -> PersonFrame:
    return person_frame(made.reset_index(drop=True), what)


def _whole(rows: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return every declared table with every declared column; what the store does not have is empty."""
    return complete({name: rows.get(name, pd.DataFrame()).reset_index(drop=True) for name in tables()})


def _as_of(rows: Mapping[str, pd.DataFrame], window: Window) -> dict[str, pd.DataFrame]:
    """Return tables as they were known on the last day of the period, and children with their span."""
    seen = {name: window.as_of(frame, DATED.get(name, {})) for name, frame in rows.items()}
    return {**seen, "children": staying.spans_of_children(seen["children"], seen["stays"])}


def _inside(rows: Mapping[str, pd.DataFrame], window: Window) -> dict[str, pd.Series[bool]]:
    """Return which rows of each kept table the period holds: by their day, or by the span they cover."""
    stays, children, therapy = rows["stays"], rows["children"], rows["therapy"]
    return {
        "referrals": window.holds(rows["referrals"]["referred_on"]),
        "stays": window.overlaps(stays["start_date"], staying.last_known(stays, stays["end_date"])),
        "children": window.overlaps(children["begin"], staying.last_known(children, children["end"])),
        "therapy": window.overlaps(
            treating.begins(therapy), staying.last_known(therapy, therapy["ended_on"])
        ),
        "units": window.overlaps(rows["units"]["open_from"], rows["units"]["open_to"]),
        "sanctuary": window.holds(rows["sanctuary"]["referred_on"]),
        "attempts": window.holds(rows["attempts"]["attempt_month"]),
        "feedback": window.holds(rows["feedback"]["given_month"]),
    }


def _declarations(layout: Layout) -> dict[str, str]:
    """Return the fingerprints of what says how records are read and what of them may be shown."""
    lists = {field.code_list for table in tables().values() for field in table.fields if field.code_list}
    names = sorted({*lists, "unknown", "record_fields", "record_tables"})
    paths = [*(f"data/codes/{name}.csv" for name in names), POLICY, VIEWS]
    return {path: file_sha256(layout.root / path) for path in paths if (layout.root / path).is_file()}
