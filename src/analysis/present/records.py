"""The person-level records of a report, their release, and what of them a section shows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.layout import records_dir, twin_seed

if TYPE_CHECKING:
    from analysis.present.session import Session
from analysis.present.provenance import in_words

TITLE: Final = {
    "records": "Person-level records of services in {area}",
    "synthetic": "SYNTHETIC sample of person-level records, standing in for services in {area}",
}

WITHOUT: Final = "This report was made without person-level records, which this section could show as well."
APART: Final = (
    "Records are shown in the report on all survivors alone. Beside it, one on women would give the others"
    " away by subtraction."
)


def show_records(run: Session, section: str, *, apart: bool = False) -> None:
    """Show what `data/record_views.yml` declares for a section of a report, or say that records are needed.

    Parameters
    ----------
    run
        The report.
    section
        One of its sections.
    apart
        Whether the report is about a part of those whom another report on the same records is about: then
        nothing of records is shown in it, and why is said.
    """
    from analysis.disclosure.outputs.hidden import Hidden  # noqa: PLC0415
    from analysis.disclosure.views import declared  # noqa: PLC0415
    from analysis.present.views import show_view  # noqa: PLC0415
    from analysis.present.worked import show_worked  # noqa: PLC0415

    views = [view for view in declared(run.notebook) if view.section == section]
    if apart and run.cohort:
        run.absent(f"{section}.records", why=APART)
        return
    if not run.cohort:
        run.absent(f"{section}.records", why=WITHOUT, needs=dict.fromkeys(view.title for view in views))
        return
    for view in [view for view in views if view.shown]:
        shown = run.records[view.name]
        if view.say:
            cells = {name: shown.count(**cell) for name, cell in view.cells.items()}
            if not any(isinstance(cell, Hidden) for cell in cells.values()):
                run.say(section, view.say, source=shown, **cells)
        show_view(run, view, shown)
    show_worked(run, section)


class Records:
    """Opens the records of a run when it has some, and stands for their absence when it has none.

    Nothing of `analysis.records` or of disclosure control is imported before it is needed.

    Parameters
    ----------
    area, area_name, period
        What the report is about.
    confidence
        Level of the intervals of released shares.
    notebook
        The report's name, by which its views are declared.

    Attributes
    ----------
    given
        Whether the run has records.
    """

    def __init__(self, area: str, area_name: str, period: str, confidence: float, notebook: str = "") -> None:
        self._notebook = notebook
        self._area, self._area_name, self._period = area, area_name, period
        self._confidence = confidence
        self._protected: dict[str, Any] = {}
        self.given = records_dir() is not None
        if self.given:
            self.release  # noqa: B018  a run that was given records reads them, or fails here

    @cached_property
    def cohort(self) -> Any:
        """Person-level frames, which show no row; false, and all of them empty, without records."""
        from analysis.records.cohort import current  # noqa: PLC0415

        found, seed = current(self._area, self._period), twin_seed()
        if seed is None or not found:
            return found
        from analysis.disclosure.twin import twin_of  # noqa: PLC0415  by `deepdive release --twin` alone

        return twin_of(found, self._shown, self._declared(), seed).cohort

    def _shown(self, cohort: Any) -> Any:
        """Return a release of a cohort with the views of all reports, as a twin is compared."""
        from analysis.disclosure.views import Views  # noqa: PLC0415

        release = self._watched(cohort)
        return release, Views(self._declared(), release, cohort, self._notebook)

    def _watched(self, cohort: Any) -> Any:
        from analysis.disclosure.twin import Watched  # noqa: PLC0415

        return self._release(cohort, partial(Watched, known=self._protected))

    def _declared(self) -> Any:
        from analysis.disclosure.views import declared_by_all  # noqa: PLC0415

        return declared_by_all()

    @cached_property
    def release(self) -> Any:
        """The only way from those frames to the report."""
        if not self.given:
            from analysis.disclosure.absent import NoRelease  # noqa: PLC0415

            return NoRelease()
        from analysis.disclosure.release import Release  # noqa: PLC0415

        if twin_seed() is not None:
            return self._watched(self.cohort)
        return self._release(self.cohort, Release)

    def _release(self, cohort: Any, kind: Any) -> Any:
        """Return a release of a cohort, nothing of it planned yet."""
        from analysis.disclosure.commitment import About  # noqa: PLC0415
        from analysis.disclosure.outputs.content import Terms  # noqa: PLC0415
        from analysis.disclosure.policy import load  # noqa: PLC0415
        from analysis.disclosure.structure import known_to_all  # noqa: PLC0415

        policy = load()
        terms = Terms(
            tier=cohort.tier,
            source_id=f"{cohort.tier}-{self._area}",
            marker=policy.marker,
            structural=policy.structural_marker,
            percentage_base=policy.percentage_base,
            confidence=self._confidence,
        )
        data = cohort.inputs[f"{cohort.tier}/{self._area}"]
        about = About((self._area,), cohort.start, cohort.end, data)
        return kind(policy, terms, about, impossible=known_to_all(cohort, policy), kept=self._kept())

    def _kept(self) -> Any:
        """Return the patterns that were settled before, which lie beside the store."""
        from analysis.disclosure.kept import FOLDER, Kept  # noqa: PLC0415
        from analysis.records.keyfile import KeyFile  # noqa: PLC0415
        from analysis.records.supplied import store_of  # noqa: PLC0415

        folder = records_dir()
        return Kept(store_of(folder, self._area).parent / FOLDER, KeyFile.open()) if folder else None

    @property
    def source(self) -> dict[str, str]:
        """The records as a row of the table of sources."""
        tier = self.cohort.tier
        return {
            "source_id": f"{tier}-{self._area}",
            "title": TITLE[tier].format(area=self._area_name),
            "publisher": "Made by this project" if tier == "synthetic" else self._area_name,
            "date": f"{in_words(self.cohort.start)} to {in_words(self.cohort.end)}",
            "licence": "not public" if tier == "records" else "none needed",
            "tier": tier,
        }

    @cached_property
    def views(self) -> Any:
        """The views that the report declares, released with those of all others the first time."""
        from analysis.disclosure.views import Views  # noqa: PLC0415

        return Views(self._declared(), self.release, self.cohort, self._notebook)

    def with_source(self, sources: pd.DataFrame) -> pd.DataFrame:
        """Return the table of sources, with the records as its last row where there are any."""
        if not self.given:
            return sources
        row = {name: self.source.get(name, "") for name in sources.columns}
        return pd.concat([sources, pd.DataFrame([row])], ignore_index=True)

    def handover(self, names: Mapping[str, tuple[str, ...]]) -> str:
        """Return what the run leaves for `deepdive release`, from the names that each output shows."""
        from analysis.disclosure.handover import handover  # noqa: PLC0415

        return handover(self.release, {key: shown for key, shown in names.items() if shown}).to_json()

    @property
    def exceptions(self) -> tuple[str, ...]:
        """Exceptions to the policy that hold for an output of the report."""
        return tuple(self.release.exceptions()) if self.given else ()

    @property
    def inputs(self) -> dict[str, str]:
        """Fingerprints of what the records are, and were read with."""
        return dict(self.cohort.inputs) if self.given else {}
