"""A tiny checkout whose notebooks show payloads by hand, so that real kernels start in about a second."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.layout import ROOT_VARIABLE, Layout
from analysis.runner.plan import PlannedRun, plan
from analysis.runner.schedule import Event, Outcome, run_all

PARAMETERS = """\
from typing import Literal
area: str = "norfolk"  # the authority
period: str = "2022-23"  # the report period
confidence: float = 0.95  # of every interval
scope: Literal["women", "all"] = "all"  # whom it counts
"""

SESSION = """\
import hashlib, json, os, pathlib
from IPython.display import display
folder = pathlib.Path(os.environ["DEEPDIVE_RUN_DIR"])
root = pathlib.Path(os.environ["DEEPDIVE_ROOT"])
def show(kind, **payload):
    payload = {"provenance": {"tiers": ["published"]}, **payload}
    mime = f"application/vnd.deepdive.{kind}+json"
    display({mime: payload, "text/html": "<p>x</p>", "text/plain": "x"}, raw=True)
def write(name, text):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)
def finish():
    data = root / "data/published/figures.csv"
    digest = hashlib.sha256(data.read_bytes()).hexdigest()
    write("inputs.json", json.dumps({"data/published/figures.csv": digest}))
def say():
    write("tables/one.csv", f"scope,{scope}\\n")
    number = {"value": 3, "low": None, "high": None, "text": "3"}
    show("table", id="one", section="one")
    show("finding", id="one.1", section="one", values={"n": number})
"""
BEGIN = 'show("report", title="T", area_name=area, sections=["one"], parameters=[period, confidence, scope])'


def notebook(
    body: str, *, parameters: str = PARAMETERS, variants: list[dict[str, object]] | None = None
) -> str:
    """Return a notebook whose cells set up a session, begin, do as the body says, and finish."""
    sources = {"parameters": parameters, "session": SESSION, "begin": BEGIN, "body": body, "end": "finish()"}
    cells = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A tiny report"}] + [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": name,
            "metadata": {"tags": ["parameters"]} if name == "parameters" else {},
            "outputs": [],
            "source": source,
        }
        for name, source in sources.items()
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "deepdive": {"variants": variants or []}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@dataclass
class Checkout:
    """The tiny tree, and the two calls that the command line makes."""

    root: Path

    @property
    def out(self) -> Path:
        """Return the reports folder."""
        return self.root / "reports"

    def notebook(self, name: str, body: str = "say()", **rest: object) -> None:
        """Write a notebook with one body cell."""
        (self.root / "notebooks" / f"{name}.ipynb").write_text(notebook(body, **rest))

    def plan(self, *names: str, page: str = "", **rest: object) -> list[PlannedRun]:
        """Plan into the tiny tree, without pages unless asked."""
        return plan(names, out=self.out, page=page, layout=Layout(self.root), **rest)

    def run(self, *names: str, page: str = "", jobs: int = 1, **rest: object) -> list[Outcome]:
        """Plan and run."""
        asked = ("areas", "periods", "parameters", "force", "records")
        chosen = {name: rest.pop(name) for name in asked if name in rest}
        planned = self.plan(*names, page=page, **chosen)
        return run_all(planned, jobs, layout=Layout(self.root), **rest)

    def events(self, *names: str, **rest: object) -> list[Event]:
        """Run and return what was told meanwhile."""
        told: list[Event] = []
        self.run(*names, on_event=told.append, **rest)
        return told

    def folder(self, name: str, area: str = "norfolk", period: str = "2022-23") -> Path:
        """Return the folder of a run."""
        return self.out / area / period / name

    def files(self, folder: Path) -> dict[str, bytes]:
        """Return the bytes of every file below a folder, by path."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}

    def leftovers(self) -> list[str]:
        """What no finished or failed run may leave in the reports folder."""
        return [path.name for path in self.out.iterdir() if path.name.startswith(".staging")]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    """Return an empty tiny tree that both sides take for the checkout."""
    for folder in ("data/published", "notebooks", "pages"):
        (tmp_path / folder).mkdir(parents=True)
    published = tmp_path / "data" / "published"
    (published / "areas.csv").write_text("area,name\nnorfolk,Norfolk\nrutland,Rutland\n")
    (published / "periods.csv").write_text("area,period\nnorfolk,2022-23\n")
    (published / "figures.csv").write_text("figure_id,value\nf1,3\n")
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "pages"), *sys.path[1:]]))
    return Checkout(tmp_path)
