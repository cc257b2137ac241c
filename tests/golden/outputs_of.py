"""What a report shows, read from its own cells without a kernel."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from analysis.layout import Layout
from analysis.present import outputs
from analysis.record import ABSENCE_MIME, FIGURE_MIME, FINDING_MIME, TABLE_MIME

KINDS = {"finding": FINDING_MIME, "table": TABLE_MIME, "figure": FIGURE_MIME, "absence": ABSENCE_MIME}
Shown = dict[str, list[dict[str, Any]]]


@cache
def cells(notebook: str) -> tuple[tuple[str, str], ...]:
    """Return the code cells of a notebook by id."""
    content = json.loads((Layout.find().notebooks / f"{notebook}.ipynb").read_text("utf-8"))["cells"]
    return tuple((c["id"], "".join(c["source"])) for c in content if c["cell_type"] == "code")


@cache
def shown(notebook: str, area: str, period: str, **parameters: Any) -> Shown:
    """Run a notebook for an area and a period, once, and return its outputs by kind."""
    kept: Shown = {kind: [] for kind in KINDS}

    def keep(bundle: dict[str, Any], **_: Any) -> None:
        for kind, mime in KINDS.items():
            if mime in bundle:
                kept[kind].append(bundle[mime])

    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outputs, "display", keep)
        for name, source in cells(notebook):
            exec(source, names)  # noqa: S102  the notebook's own cells
            if name == "parameters":
                names |= {"area": area, "period": period, **parameters}
    return kept
