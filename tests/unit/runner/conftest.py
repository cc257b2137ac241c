"""Notebooks written cell by cell, and a checkout to put them in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.layout import Layout

PARAMETERS = 'area: str = "norfolk"  # the authority\nperiod: str = "2022-23"\nconfidence: float = 0.95\n'
BODY = "print(area, period, confidence)"


@dataclass
class Desk:
    """A checkout with two areas, and a way to write notebooks into it."""

    layout: Layout

    def write(self, name="tiny", parameters=PARAMETERS, body=BODY, variants=()):
        """Write a notebook and return its path; without parameters no cell is tagged."""
        cells = [_cell("title", "markdown", "# Who is missing?\n\nA question.")]
        if parameters is not None:
            cells.append(_cell("parameters", "code", parameters, ["parameters"]))
        cells.append(_cell("body", "code", body))
        stored = {"cells": cells, "metadata": {"deepdive": {"variants": list(variants)}}, "nbformat": 4}
        path = self.layout.notebooks / f"{name}.ipynb"
        path.write_text(json.dumps(stored), encoding="utf-8")
        return path


def _cell(name, kind, source, tags=()):
    return {"id": name, "cell_type": kind, "source": source, "metadata": {"tags": list(tags)}}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return an empty checkout with one published (area, period) and one area that publishes nothing."""
    published = tmp_path / "data" / "published"
    published.mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (published / "areas.csv").write_text("area,name\nnorfolk,Norfolk\nrutland,Rutland\n")
    (published / "periods.csv").write_text("area,period\nnorfolk,2022-23\n")
    return Desk(Layout(tmp_path))
