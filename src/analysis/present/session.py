"""The session a notebook talks to: it says, shows and admits, and every output carries what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd

from analysis.errors import RunFailed, UsageError
from analysis.present import clearance, figures, outputs, prose, provenance, summary, tables
from analysis.present.canvas import Chart
from analysis.present.outline import Outline
from analysis.present.recording import Recording
from analysis.present.sources import Sources
from analysis.present.wording import Wording
from analysis.record import (
    DISCLOSURE_FILE,
    FIGURE_MIME,
    Figure,
    Table,
    canonical_json,
)

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.disclosure.outputs.hidden import Unavailable
    from analysis.disclosure.released import Released
    from analysis.evidence.published import Evidence
    from analysis.present.records import Records

INPUTS_FILE: Final = "inputs.json"


class Session:
    """One report being made; a notebook gets it from `analysis.begin`.

    Attributes
    ----------
    evidence
        Published figures and reference statistics.
    cohort
        Frames of person-level records, which show no row; false without records.
    release
        The only way from those frames to the report: see `analysis.disclosure.release.Release`.
    area, area_name, period, confidence, sections, title
        As `begin` was told, and as the notebook is headed.
    recording
        What writes the files of the run; false in JupyterLab, where nothing is written.
    """

    def __init__(
        self,
        notebook: str,
        *,
        evidence: Evidence,
        records: Records,
        area: str,
        area_name: str,
        period: str,
        confidence: float,
        sections: tuple[str, ...],
        title: str = "",
        recording: Path | None = None,
    ) -> None:
        self.notebook, self.evidence, self.confidence = notebook, evidence, confidence
        self.area, self.area_name, self.period = area, area_name, period
        self.sections, self.title = sections, title or notebook
        self.recording, self._told = Recording(recording), summary.Told()
        self._outline = Outline(notebook, sections, strict=recording is not None)
        self._records = records
        self._names: dict[str, tuple[str, ...]] = {}
        self._sources = Sources(records.with_source(evidence.sources))
        self._wording = Wording()

    @property
    def cohort(self) -> Any:
        """Frames of person-level records."""
        return self._records.cohort

    @property
    def release(self) -> Any:
        """What plans, commits and releases what is computed from them."""
        return self._records.release

    @property
    def records(self) -> Any:
        """Views over records by name, as ``data/record_views.yml`` declares them for the report."""
        return self._records.views

    def __repr__(self) -> str:
        return f"<report {self.notebook}: {self.area_name}, {self.period}>"

    def know(self, **values: Any) -> None:
        """Keep computed values that later templates may name; values passed with a template go before."""
        self._wording.know(values)

    def say(
        self,
        section: str,
        text: str,
        *,
        headline: int = 0,
        uncertainty: str = "",
        meaning: str = "",
        source: Any = None,
        **values: Any,
    ) -> None:
        """Say a finding, whose numbers are computed.

        Parameters
        ----------
        section
            Id of the section it belongs to.
        text
            A template such as ``"Of {n} people supported, **{k}** were men."``
        headline
            Its place on the first screen, from 1; it then needs ``uncertainty`` and ``meaning``.
        uncertainty, meaning
            Templates too: how sure this is, in words, and what it means for commissioning.
        source
            Frames or rows that the numbers were computed from.
        **values
            What the fields stand for.

        Raises
        ------
        UsageError
            If a number is typed rather than computed, a value has no source, or a headline is not complete.
        DisclosureRefused
            If a source may not be displayed.
        """
        where = self._outline.where(section)
        templates = [text, uncertainty, meaning]
        if self._lacks(section, source, templates, values, where):
            return
        said, (text_, uncertainty_, meaning_) = self._wording.fill(templates, values, where)
        prose.refuse_blanks(said, where=where)
        basis, given = self._sources.basis(source, where)
        if any(prose.is_numeric(one["value"]) for one in said.values()) and not basis.tiers:
            raise UsageError(
                "a number is said without its source",
                where=where,
                cure="Pass source= the frame or rows it was computed from.",
            )
        if headline and not (uncertainty and meaning):
            raise UsageError(
                "a headline says how sure it is and what it means",
                where=where,
                cure="Pass uncertainty= and meaning=.",
            )
        name = self._outline.finding(section, text, headline=bool(headline))
        self._names[name] = given.names
        self._told.keep(said, basis)
        words = {
            "text": clearance.flagged(text_, basis.tiers),
            "uncertainty": uncertainty_,
            "meaning": meaning_,
        }
        outputs.say(name, section, words, said, basis, headline=int(headline))

    def summarise(self, text: str, **values: Any) -> None:
        """Say in plain English what the report found: it opens the page, and is shown once.

        Parameters
        ----------
        text
            A template of fewer words than `analysis.present.summary.LIMIT`.
        **values
            What its fields stand for: numbers that findings have said already.

        Raises
        ------
        UsageError
            If it is too long, a number is typed, or one is in no finding.
        """
        where, section = f"{self.notebook}, summary", self.sections[-1]
        said, (text_,) = self._wording.fill([text], values, where)
        summary.refuse_long(text_, where)
        basis = self._told.basis(said, where)
        name = self._outline.summary(section, text)
        words = {"text": clearance.flagged(text_, basis.tiers), "uncertainty": "", "meaning": ""}
        outputs.say(name, section, words, said, basis, summary=True)

    def table(
        self,
        key: str,
        frame: pd.DataFrame | Released | Unavailable,
        *,
        title: str,
        columns: Sequence[str] = (),
        labels: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
        formats: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
        missing: str = "",
        **values: Any,
    ) -> None:
        """Show a frame as a table; its first column shown heads each row.

        Parameters
        ----------
        key
            A section, or ``section.name``.
        frame
            What to show: evidence with its provenance columns, or a released object.
        title, notes
            Templates.
        columns
            Columns shown, in order; all but provenance if empty.
        labels, units, formats
            By column: words, units, and one of ``count percent printed points ratio number gbp days text`` or
            a Python format.
        missing
            What stands where a number is missing; what is true of the tier unless given.
        **values
            What the fields of title and notes stand for.

        Raises
        ------
        UsageError
            If the key, a column or a format is unknown, the frame is empty, or a number is typed.
        DisclosureRefused
            If the frame may not be displayed.
        """
        section, where = self._outline.place(key)
        if self._lacks(section, frame, [title, *notes], values, where):
            return
        self._outline.claim("table", key)
        _, (title_, *notes_) = self._wording.fill([title, *notes], values, where)
        basis, given = self._sources.basis(frame, where)
        look = tables.Look(tuple(columns), labels or {}, units or {}, formats or {}, missing)
        shown, look = clearance.laid_out(cast("pd.DataFrame | Released", frame), look)
        body = tables.body(shown, look, basis, where=where)
        self._name(key, given)
        table: Table = {
            "id": key,
            "section": section,
            "title": clearance.flagged(title_, basis.tiers),
            "columns": body.columns,
            "cells": body.cells,
            "values": body.raw,
            "notes": [*notes_, *given.notes(shown)],
            "provenance": basis.payload(),
        }
        self.recording.write({f"tables/{outputs.file_name(key)}.csv": tables.csv_text(shown, look).encode()})
        tables.show(table, basis)

    def figure(
        self,
        key: str,
        chart: Chart | Unavailable,
        *,
        title: str = "",
        alt: str,
        caption: str = "",
        **values: Any,
    ) -> None:
        """Show a chart with its claim, its words and its data.

        Parameters
        ----------
        key
            A section, or ``section.name``.
        chart
            From `analysis.charts`.
        title, alt, caption
            Templates: the claim; what the figure shows, for those who cannot see it; a remark.
        **values
            What the fields stand for.

        Raises
        ------
        UsageError
            If the key is unknown, there is no claim, or the alt text does not say what is shown.
        DisclosureRefused
            If the chart's frame may not be displayed.
        """
        section, where = self._outline.place(key)
        if self._lacks(section, chart, [title, alt, caption], values, where):
            return
        if not isinstance(chart, Chart):
            raise UsageError(
                f"a {type(chart).__name__} is not a chart", where=where, cure="Make one with analysis.charts."
            )
        self._outline.claim("figure", key)
        _, (title_, alt_, caption_) = self._wording.fill([title or chart.title, alt, caption], values, where)
        if not title_:
            raise UsageError("the figure has no title", where=where, cure="Say what it shows, as a claim.")
        figures.check_alt(alt_, title_, dict.fromkeys(prose.fields(alt, where=where)), where=where)
        basis, given = self._sources.basis(chart, where)
        look = tables.Look(chart.columns, chart.labels, chart.units, chart.formats)
        data = clearance.drawn(chart)
        body = tables.body(data, look, basis, where=where)
        title_ = clearance.flagged(title_, basis.tiers)
        self._name(key, given)
        figure: Figure = {
            "id": key,
            "section": section,
            "title": title_,
            "alt": clearance.flagged(alt_, basis.tiers),
            "caption": " ".join([caption_, *given.notes(data)]).strip(),
            "columns": body.columns,
            "cells": body.cells,
            "values": body.raw,
            "files": {},
            "provenance": basis.payload(),
        }
        if self.recording:
            files = figures.exports(chart, title_, basis) | {"csv": tables.csv_text(data, look).encode()}
            report = f"{self.title}: {self.area_name}, {self.period}"
            files["txt"] = figures.words_alone(figure, report).encode()
            figure["files"] = self.recording.figure(key, files)
        name = outputs.anchor("figure", key)
        outputs.show(
            FIGURE_MIME, figure, figures.figure_html(figure, chart, basis, name), figures.text(figure)
        )

    def _name(self, key: str, given: clearance.Given) -> None:
        """Take note of what an output shows of records; a table and a figure may have one key."""
        self._names[key] = tuple(dict.fromkeys((*self._names.get(key, ()), *given.names)))

    def absent(
        self, key: str, *, why: str, needs: Iterable[str] = (), unless: Any = None, **values: Any
    ) -> None:
        """Say that the evidence cannot answer a section, or a part of one, and why.

        Parameters
        ----------
        key
            A section, or ``section.name``.
        why
            A template.
        needs
            What would have to be recorded, or the questions that stay open.
        unless
            What answers it after all, such as the records of a run that has some: then nothing is said.
        **values
            What the fields stand for.

        Raises
        ------
        UsageError
            If the key is unknown, or no reason is given.
        """
        if unless:
            return
        section, where = self._outline.claim("absence", key)
        _, (why_,) = self._wording.fill([why], values, where)
        if not why_.strip():
            raise UsageError("an absence has no reason", where=where, cure="Say why in one sentence.")
        wanted = [needs] if isinstance(needs, str) else list(needs)
        outputs.show_absence({"id": key, "section": section, "why": why_, "needs": wanted})

    def finish(self) -> None:
        """Close the report: list its sources, and refuse one that is not whole.

        Raises
        ------
        RunFailed
            If a section shows nothing, there are too few or too many headlines, no summary opens it, or
            something planned of records was never committed.
        """
        if self.release.pending:
            cure = "Call release.commit() once, before anything of it is shown."
            raise RunFailed("outputs were planned and never committed", where=self.notebook, cure=cure)
        if faults := self._outline.faults():
            raise RunFailed("; ".join(faults), where=self.notebook, cure="Say it or use run.absent.")
        self._list_sources()
        self.recording.write(
            {INPUTS_FILE: canonical_json({**self.evidence.inputs, **self._records.inputs}).encode()}
        )
        if self._records.given and self.release.committed:
            self.recording.write({DISCLOSURE_FILE: self._records.handover(self._names).encode()})

    def _lacks(
        self, section: str, shown: Any, templates: Sequence[str], values: Mapping[str, Any], where: str
    ) -> bool:
        """Say in its place that an output, or a value of it, is not available; return whether it is not."""
        things = [shown, *self._wording.named(templates, values, where).values()]
        absence = clearance.absence_in(things)
        if absence is None:
            return False
        why, needs = clearance.reason(absence)
        if name := self._outline.gap(section, why):
            outputs.show_absence({"id": name, "section": section, "why": why, "needs": needs})
        return True

    def _list_sources(self) -> None:
        frame, basis = self._sources.used(self.notebook)
        if frame.empty:
            return
        content = frame.to_csv(index=False, lineterminator="\n").encode()
        self.recording.write({f"tables/{tables.SOURCES}.csv": content})
        tables.show(tables.of_sources(frame, basis, self._records.exceptions), provenance.NOTHING)
