"""How a report opens: the one function that a notebook calls before all others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.errors import DeepDiveError, UsageError
from analysis.layout import Layout, run_dir
from analysis.parameters import Areas
from analysis.present import outputs
from analysis.present.outline import opening
from analysis.present.records import Records
from analysis.present.session import Session


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
    DataRefused
        If the records that the run was given cannot be read.
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
    recording = run_dir()
    if recording is not None:
        outputs.guard_displays(notebook)
    session = Session(
        notebook,
        evidence=published.load(layout),
        records=Records(area, areas.name(area), period, confidence, notebook),
        area=area,
        area_name=areas.name(area),
        period=period,
        confidence=confidence,
        sections=tuple(sections),
        title=title,
        recording=recording,
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
        styled=not session.recording,
    )
    return session
