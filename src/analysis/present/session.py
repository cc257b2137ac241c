"""The session a notebook talks to: it says, shows and admits, and every output carries what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import DeepDiveError, RunFailed, UsageError
from analysis.layout import Layout, run_dir
from analysis.parameters import Areas
from analysis.present import figures, outputs, prose, provenance, tables
from analysis.present.canvas import Chart
from analysis.present.formats import MISSING
from analysis.present.outline import Outline, opening
from analysis.record import (
    FIGURE_MIME,
    TABLE_MIME,
    Figure,
    Finding,
    Table,
    Value,
    canonical_json,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from analysis.evidence.published import Evidence

INPUTS_FILE: Final = "inputs.json"


def begin(
    notebook: str,
    *,
    area: str,
    period: str,
    confidence: float = 0.95,
    sections: Sequence[str],
    **parameters: Any,
) -> Session:
    """Open a report and say what it is.

    Parameters
    ----------
    notebook
        Its name, as in ``notebooks/<name>.ipynb``, from which title and question are read.
    area, period
        A slug of ``areas.csv`` and a period with evidence for it.
    confidence
        Level of every interval [fraction].
    sections
        Ids of all sections, in order; each must show something or say why it cannot.
    **parameters
        Every other parameter of the notebook, by name, to be recorded.

    Raises
    ------
    UsageError
        If the area, the period or the confidence is not one the report can be made for.
    """
    from analysis.evidence import published  # noqa: PLC0415  read when a report begins, not on import

    outputs.one_line_errors((DeepDiveError,))
    layout = Layout.find()
    areas = Areas.load(layout)
    areas.check_area(area)
    areas.check_period(area, period)
    if not 0.5 <= confidence < 1:
        raise UsageError(
            f"confidence {confidence} is not a level", where=notebook, cure="Give a fraction such as 0.95."
        )
    title, question = opening(layout.notebooks / f"{notebook}.ipynb", notebook)
    session = Session(
        notebook,
        evidence=published.load(layout),
        area=area,
        area_name=areas.name(area),
        period=period,
        confidence=confidence,
        sections=tuple(sections),
        recording=run_dir(),
    )
    outputs.show_report(
        {
            "notebook": notebook,
            "title": title,
            "question": question,
            "area": area,
            "area_name": session.area_name,
            "period": period,
            "parameters": {"area": area, "period": period, "confidence": confidence, **parameters},
            "sections": list(session.sections),
        },
        styled=session.recording is None,
    )
    return session


class Session:
    """One report being made; a notebook gets it from `begin`.

    Attributes
    ----------
    evidence
        Published figures and reference statistics.
    area, area_name, period, confidence, sections
        As `begin` was told.
    recording
        The folder of the run, or None in JupyterLab, where nothing is written.
    """

    def __init__(
        self,
        notebook: str,
        *,
        evidence: Evidence,
        area: str,
        area_name: str,
        period: str,
        confidence: float,
        sections: tuple[str, ...],
        recording: Path | None = None,
    ) -> None:
        self.notebook, self.evidence, self.confidence = notebook, evidence, confidence
        self.area, self.area_name, self.period = area, area_name, period
        self.sections, self.recording = sections, recording
        self._outline = Outline(notebook, sections, strict=recording is not None)
        self._sources: dict[str, None] = {}
        self._known: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"<report {self.notebook}: {self.area_name}, {self.period}>"

    def know(self, **values: Any) -> None:
        """Keep computed values that later templates may name; values passed with a template go before."""
        self._known |= values

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
        said, (text_, uncertainty_, meaning_) = self._fill([text, uncertainty, meaning], values, where)
        basis = self._basis(source, where)
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
        finding: Finding = {
            "id": self._outline.finding(section, text, headline=bool(headline)),
            "section": section,
            "text": text_,
            "uncertainty": uncertainty_,
            "meaning": meaning_,
            "headline": int(headline),
            "values": said,
            "provenance": basis.payload(),
        }
        outputs.show_finding(finding, basis)

    def table(
        self,
        key: str,
        frame: pd.DataFrame,
        *,
        title: str,
        columns: Sequence[str] = (),
        labels: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
        formats: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
        missing: str = MISSING,
        **values: Any,
    ) -> None:
        """Show a frame as a table; its first column shown heads each row.

        Parameters
        ----------
        key
            A section, or ``section.name``.
        frame
            What to show, with the provenance columns.
        title, notes
            Templates.
        columns
            Columns shown, in order; all but provenance if empty.
        labels, units, formats
            By column: words, units, and one of ``count percent printed points ratio number gbp days text`` or
            a Python format.
        missing
            What stands where a number is missing.
        **values
            What the fields of title and notes stand for.

        Raises
        ------
        UsageError
            If the key, a column or a format is unknown, the frame is empty, or a number is typed.
        DisclosureRefused
            If the frame may not be displayed.
        """
        section, where = self._outline.claim("table", key)
        _, (title_, *notes_) = self._fill([title, *notes], values, where)
        basis = self._basis(frame, where)
        look = tables.Look(tuple(columns), labels or {}, units or {}, formats or {}, missing)
        body = tables.body(frame, look, basis, where=where)
        table: Table = {
            "id": key,
            "section": section,
            "title": title_,
            "columns": body.columns,
            "cells": body.cells,
            "values": body.raw,
            "notes": notes_,
            "provenance": basis.payload(),
        }
        self._write({f"tables/{outputs.file_name(key)}.csv": tables.csv_text(frame, look).encode()})
        self._show_table(table, basis)

    def figure(
        self, key: str, chart: Chart, *, title: str = "", alt: str, caption: str = "", **values: Any
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
        section, where = self._outline.claim("figure", key)
        if not isinstance(chart, Chart):
            raise UsageError(
                f"a {type(chart).__name__} is not a chart", where=where, cure="Make one with analysis.charts."
            )
        _, (title_, alt_, caption_) = self._fill([title or chart.title, alt, caption], values, where)
        if not title_:
            raise UsageError("the figure has no title", where=where, cure="Say what it shows, as a claim.")
        figures.check_alt(alt_, title_, dict.fromkeys(prose.fields(alt, where=where)), where=where)
        basis = self._basis(chart.frame, where)
        look = tables.Look(chart.columns, chart.labels, chart.units, chart.formats)
        body = tables.body(chart.frame, look, basis, where=where)
        figure: Figure = {
            "id": key,
            "section": section,
            "title": title_,
            "alt": alt_,
            "caption": caption_,
            "columns": body.columns,
            "cells": body.cells,
            "values": body.raw,
            "files": self._export(key, chart, title_, basis, look),
            "provenance": basis.payload(),
        }
        name = outputs.anchor("figure", key)
        outputs.show(
            FIGURE_MIME, figure, figures.figure_html(figure, chart, basis, name), figures.text(figure)
        )

    def absent(self, key: str, *, why: str, needs: Iterable[str] = (), **values: Any) -> None:
        """Say that the evidence cannot answer a section, or a part of one, and why.

        Parameters
        ----------
        key
            A section, or ``section.name``.
        why
            A template.
        needs
            What would have to be recorded, or the questions that stay open.
        **values
            What the fields stand for.

        Raises
        ------
        UsageError
            If the key is unknown, or no reason is given.
        """
        section, where = self._outline.claim("absence", key)
        _, (why_,) = self._fill([why], values, where)
        if not why_.strip():
            raise UsageError("an absence has no reason", where=where, cure="Say why in one sentence.")
        wanted = [needs] if isinstance(needs, str) else list(needs)
        outputs.show_absence({"id": key, "section": section, "why": why_, "needs": wanted})

    def finish(self) -> None:
        """Close the report: list its sources, and refuse one that is not whole.

        Raises
        ------
        RunFailed
            If a section shows nothing, or there are too few or too many headlines.
        """
        if faults := self._outline.faults():
            raise RunFailed("; ".join(faults), where=self.notebook, cure="Say it or use run.absent.")
        self._list_sources()
        self._write({INPUTS_FILE: canonical_json(dict(self.evidence.inputs)).encode()})

    def _fill(
        self, templates: Sequence[str], values: Mapping[str, Any], where: str
    ) -> tuple[dict[str, Value], list[str]]:
        named = {name for template in templates for name in prose.fields(template, where=where)}
        values = {name: self._known[name] for name in sorted(named & self._known.keys())} | dict(values)
        filled = [prose.fill(template, values, where=where) for template in templates]
        said = {name: value for _, some in reversed(filled) for name, value in some.items()}
        prose.refuse_unsaid(values, said, where=where)
        return {name: said[name] for name in sorted(said)}, [text for text, _ in filled]

    def _basis(self, source: Any, where: str) -> provenance.Basis:
        frames = provenance.frames(source, where=where)
        basis = provenance.gather(frames, self.evidence.sources, where=where)
        self._sources |= dict.fromkeys(citation.source_id for citation in basis.citations)
        return basis

    def _export(
        self, key: str, chart: Chart, title: str, basis: provenance.Basis, look: tables.Look
    ) -> dict[str, str]:
        if self.recording is None:
            return {}
        files = figures.exports(chart, title, basis)
        files["csv"] = tables.csv_text(chart.frame, look).encode()
        paths = {kind: f"figures/{outputs.file_name(key)}.{kind}" for kind in files}
        self._write({paths[kind]: content for kind, content in files.items()})
        return paths

    def _write(self, files: Mapping[str, bytes]) -> None:
        if self.recording is None:
            return
        for name, content in files.items():
            path = self.recording / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def _show_table(self, table: Table, basis: provenance.Basis) -> None:
        html = tables.table_html(table, basis, outputs.anchor("table", table["id"]))
        text = f"Table: {prose.words(table['title'])} ({len(table['cells'])} rows)"
        outputs.show(TABLE_MIME, table, html, text)

    def _list_sources(self) -> None:
        known = self.evidence.sources
        frame = known[known["source_id"].isin(list(self._sources))]
        if frame.empty:
            return
        basis = provenance.gather([frame], known, where=self.notebook)
        self._write({f"tables/{tables.SOURCES}.csv": frame.to_csv(index=False, lineterminator="\n").encode()})
        self._show_table(tables.of_sources(frame, basis), provenance.NOTHING)
