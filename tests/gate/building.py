"""A run with records made without a kernel: the real session, released objects made up, a real page.

Nothing of it describes anybody, and every output says SYNTHETIC.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from made_up import OUTCOMES, TIER, Records, crossed, curve, outcomes

from analysis.layout import Layout
from analysis.present import charts
from analysis.present import outputs as displayed
from analysis.present.outline import opening
from analysis.present.session import Session
from analysis.publish.page import page
from analysis.publish.runs import Run
from analysis.record import RUN_FILE, canonical_json
from analysis.runner import history, verdict
from analysis.runner.history import NOTEBOOK_FILE, PAGE_FILE

Json = dict[str, Any]
PARAMETERS = """from typing import Literal

area: str = "norfolk"  # the authority
period: str = "2022-23"  # the report period
confidence: float = 0.95  # of every interval
scope: Literal["women", "all"] = "all"  # whom it counts"""

CODE = {
    "begin": """run = begin("tiny", area=area, period=period, confidence=confidence, scope=scope,
    sections=("background", "outcomes", "waits"))""",
    "background-table": 'run.table("background", known, title="What Norfolk prints")',
    "outcomes-table": 'run.table("outcomes", crossed, title="Referrals by sex and outcome")',
    "outcomes-shares": 'run.table("outcomes.shares", shares, title="Outcomes of referrals")\n'
    'chart = charts.bars(shares, xlabel="Share of referrals")\n'
    'run.figure("outcomes", chart, title="Half of referrals were accepted")',
    "outcomes-finding": 'run.say("outcomes", "Of {n} referrals, **{k} were accepted**.", headline=1)',
    "waits-curve": 'run.table("waits", curve, title="How long people waited")\n'
    'chart = charts.survival(curve, xlabel="Days since referral", ylabel="Share still waiting")\n'
    'run.figure("waits", chart, title="Most waits ended within a month")',
    "waits-absence": 'run.absent("waits.cause", why="Causes are not recorded.")',
    "finish": 'run.summarise("Half of those who were referred were accepted.")\nrun.finish()',
}
HEADS = {
    "background": "## What is published\n\nWhat the authority prints.",
    "outcomes": "## Outcomes\n\nWhat became of referrals.",
    "waits": "## Waits\n\nHow long survivors waited.",
}


def committed() -> Json:
    """Return the notebook as the repository would hold it."""
    cells: list[Json] = [
        {
            "cell_type": "markdown",
            "id": "title",
            "metadata": {},
            "source": "# A tiny report\n\nWho is reached?",
        },
        _code("parameters", PARAMETERS, "parameters"),
        _code("begin", CODE["begin"]),
    ]
    for section, words in HEADS.items():
        cells.append({"cell_type": "markdown", "id": section, "metadata": {}, "source": words})
        cells += [_code(name, CODE[name]) for name in CODE if name.startswith(f"{section}-")]
    cells.append(_code("finish", CODE["finish"]))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _code(name: str, source: str, *tags: str) -> Json:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": source,
    }


def checkout(root: Path) -> Path:
    """Make the parts of a checkout that a run and the gate read."""
    published = root / "data" / "published"
    published.mkdir(parents=True)
    (root / "data" / "codes").mkdir()
    (root / "notebooks").mkdir()
    (published / "areas.csv").write_text("area,name\nnorfolk,Norfolk\n")
    (published / "periods.csv").write_text("area,period,label\nnorfolk,2022-23,April 2022 to March 2023\n")
    (published / "figures.csv").write_text("figure_id,label,value\nn-1,Women supported,225\n")
    (root / "data" / "codes" / "outcome.csv").write_text(
        "code,label\n" + "".join(f"{name.lower()},{name}\n" for name in OUTCOMES)
    )
    text = json.dumps(committed(), indent=1, sort_keys=True) + "\n"
    (root / "notebooks" / "tiny.ipynb").write_text(text)
    return root


# -- the run ------------------------------------------------------------------------------------------


def _evidence(root: Path) -> Any:
    sources = pd.DataFrame(
        {
            "source_id": ["norfolk"],
            "title": ["Refresh of the strategy"],
            "publisher": ["Norfolk County Council"],
            "date": ["2023"],
            "licence": ["not stated"],
            "tier": ["published"],
            "url": [""],
        }
    )
    digest = hashlib.sha256((root / "data/published/figures.csv").read_bytes()).hexdigest()
    sources = Records().with_source(sources)
    return SimpleNamespace(sources=sources, inputs={"data/published/figures.csv": digest})


def _known() -> pd.DataFrame:
    given = {"tier": "published", "source_id": "norfolk", "figure_ids": "n-1", "footnote": ""}
    return pd.DataFrame([{"label": "Women supported", "count": 225, **given}])


def make(root: Path, patch: pytest.MonkeyPatch) -> Path:
    """Make a run of the tiny report in ``root/reports`` and return its folder."""
    folder = root / "reports" / "norfolk" / "2022-23" / "tiny"
    folder.mkdir(parents=True)
    shown: dict[str, list[Json]] = {}
    cell: list[str] = []

    def display(bundle: Json, *, raw: bool) -> None:
        assert raw
        output = {"data": bundle, "metadata": {}, "output_type": "display_data"}
        shown.setdefault(cell[-1], []).append(output)

    patch.setattr(displayed, "display", display)
    for name, act in _cells(root, folder).items():
        cell.append(name)
        act()
    _write(root, folder, shown)
    return folder


def _cells(root: Path, folder: Path) -> dict[str, Callable[[], None]]:
    """Return what each code cell does."""
    title, question = opening(root / "notebooks" / "tiny.ipynb", "tiny")
    run = Session(
        "tiny",
        evidence=_evidence(root),
        records=Records(),  # type: ignore[arg-type]
        area="norfolk",
        area_name="Norfolk",
        period="2022-23",
        confidence=0.95,
        sections=tuple(HEADS),
        title=title,
        recording=folder,
    )
    report = {
        "notebook": "tiny",
        "title": title,
        "question": question,
        "area": "norfolk",
        "area_name": "Norfolk",
        "period": "2022-23",
        "parameters": {"area": "norfolk", "period": "2022-23", "confidence": 0.95, "scope": "all"},
        "sections": list(HEADS),
    }
    by_sex, by_outcome, waited = crossed(), outcomes(), curve()
    shares = by_outcome.shares()

    def show_shares() -> None:
        run.table("outcomes.shares", shares, title="Outcomes of referrals")
        chart = charts.bars(
            shares,
            label="outcome",
            value="share",
            low="low",
            high="high",
            xlabel="Share of referrals",
            unit="percent",
        )
        alt = "Bars of outcomes: {k} of {n} referrals were accepted, and the rest were declined or withdrawn."
        values = {"k": by_outcome.count(outcome="Accepted"), "n": by_outcome.count()}
        run.figure("outcomes", chart, title="Half of referrals were accepted", alt=alt, **values)

    def say() -> None:
        run.say(
            "outcomes",
            "Of {n} referrals, **{k} were accepted**, which is {share:value}.",
            headline=1,
            uncertainty="The interval is narrow.",
            meaning="Plan for the rest.",
            n=by_outcome.count(),
            k=by_outcome.count(outcome="Accepted"),
            share=by_outcome.share(outcome="Accepted"),
            source=by_outcome,
        )
        for place in (2, 3):
            run.say(
                "waits" if place == 2 else "background",
                "Men who were declined: {hidden}." if place == 2 else "Norfolk prints {n} women supported.",
                headline=place,
                uncertainty="It is counted.",
                meaning="Ask why.",
                **({"hidden": by_sex.count(sex="Male", outcome="Declined")} if place == 2 else {"n": 225}),
                source=by_sex if place == 2 else _known(),
            )

    def show_waits() -> None:
        run.table("waits", waited, title="How long people waited", units={"days": "days"})
        chart = charts.survival(waited, xlabel="Days since referral", ylabel="Share still waiting")
        alt = (
            "A line that falls from the whole to {low:percent} after {day} days, steepest in the first month."
        )
        run.figure("waits", chart, title="Most waits ended within a month or two", alt=alt, low=0.16, day=91)

    def finish() -> None:
        run.summarise("Half of those who were referred were accepted.")
        run.finish()

    return {
        "begin": lambda: displayed.show_report(report, styled=False),  # type: ignore[arg-type]
        "background-table": lambda: run.table(
            "background", _known(), title="What Norfolk prints", labels={"count": "People"}
        ),
        "outcomes-table": lambda: run.table("outcomes", by_sex, title="Referrals by sex and outcome"),
        "outcomes-shares": show_shares,
        "outcomes-finding": say,
        "waits-curve": show_waits,
        "waits-absence": lambda: run.absent("waits.cause", why="Causes are not recorded."),
        "finish": finish,
    }


def _write(root: Path, folder: Path, shown: dict[str, list[Json]]) -> None:
    """Put notebook, record and page beside the files that the session wrote."""
    notebook = committed()
    injected = '# Parameters\narea = "norfolk"\nperiod = "2022-23"\nconfidence = 0.95\nscope = "all"\n'
    at = next(n for n, one in enumerate(notebook["cells"]) if one["id"] == "parameters")
    notebook["cells"].insert(at + 1, _code("injected-parameters", injected, "injected-parameters"))
    for number, one in enumerate([one for one in notebook["cells"] if one["cell_type"] == "code"], 1):
        one["execution_count"], one["outputs"] = number, shown.get(one["id"], [])
    inputs = json.loads((folder / verdict.INPUTS_FILE).read_text())
    (folder / verdict.INPUTS_FILE).unlink()
    save_notebook(folder, verdict.normalise(notebook))
    save_record(folder, _record(root, inputs))
    reseal(folder, root)


def save_notebook(folder: Path, notebook: Json) -> None:
    """Write a notebook in the one form that a run has."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
    (folder / NOTEBOOK_FILE).write_text(f"{text}\n", encoding="utf-8")


def save_record(folder: Path, record: Json) -> None:
    """Write a record in the one form that it has."""
    (folder / RUN_FILE).write_text(canonical_json(record), encoding="utf-8")


def _record(root: Path, inputs: dict[str, str]) -> Json:
    digest = hashlib.sha256((root / "notebooks" / "tiny.ipynb").read_bytes()).hexdigest()
    tiers = {name: "published" if name.startswith("data/") else TIER for name in inputs}
    return {
        "notebook": {"name": "tiny", "path": "notebooks/tiny.ipynb", "sha256": digest},
        "name": "tiny",
        "title": "A tiny report",
        "area": "norfolk",
        "area_name": "Norfolk",
        "period": "2022-23",
        "parameters": {
            "given": {},
            "typed": {"area": "norfolk", "period": "2022-23", "confidence": 0.95, "scope": "all"},
        },
        "inputs": [{"path": name, "sha256": inputs[name], "tier": tiers[name]} for name in sorted(inputs)],
        "tiers": ["published", TIER],
        "code": {"sha256": "2" * 64, "modules": {"analysis": "3" * 64}},
        "environment": {"lock": "4" * 64, "python": "3.11.7", "packages": {"pandas": "3.1.1"}},
        "page": {"sha256": "5" * 64, "modules": {"analysis.publish.page": "6" * 64}},
        "started": "2023-05-01T09:00:00+00:00",
        "seconds": 12.5,
        "verdict": "succeeded",
        "outputs": {},
        "values": {},
    }


def reseal(folder: Path, root: Path) -> None:
    """Make the page, the values and the digests of a run again, as a run whose code leaks would have them."""
    try:
        (folder / PAGE_FILE).write_text(page(Run.read(folder), Layout(root)), encoding="utf-8")
    except Exception:  # noqa: BLE001 - a leak may leave no page to be made; the gate has to say so
        (folder / PAGE_FILE).write_text("<!doctype html>", encoding="utf-8")
    redigest(folder)


def redigest(folder: Path) -> None:
    """Make the values and digests of a run again, but leave its page."""
    record = json.loads((folder / RUN_FILE).read_text("utf-8"))
    notebook = json.loads((folder / NOTEBOOK_FILE).read_text("utf-8"))
    findings = [
        output["data"][verdict.FINDING_MIME]
        for one in notebook["cells"]
        for output in one.get("outputs", ())
        if verdict.FINDING_MIME in output.get("data", {})
    ]
    record["values"] = {one["id"]: one["values"] for one in findings}
    names = [name for name in verdict.files(folder) if name != RUN_FILE]
    record["outputs"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    save_record(folder, record)


@dataclass(frozen=True)
class Planted:
    """A copy of the run that a test may spoil.

    Attributes
    ----------
    folder, root
        The run, and the checkout it is of.
    """

    folder: Path
    root: Path

    @classmethod
    def copy(cls, folder: Path, root: Path, to: Path) -> Planted:
        """Copy a run."""
        return cls(Path(shutil.copytree(folder, to / "tiny")), root)

    @property
    def notebook(self) -> Json:
        """The notebook as stored."""
        found: Json = json.loads((self.folder / NOTEBOOK_FILE).read_text("utf-8"))
        return found

    @property
    def record(self) -> Json:
        """The record as stored."""
        found: Json = json.loads((self.folder / RUN_FILE).read_text("utf-8"))
        return found

    def edit_notebook(self, change: Callable[[Json], None]) -> None:
        """Change the notebook, and make page and digests again."""
        notebook = self.notebook
        change(notebook)
        save_notebook(self.folder, notebook)
        reseal(self.folder, self.root)

    def edit_record(self, change: Callable[[Json], None]) -> None:
        """Change the record."""
        record = self.record
        change(record)
        save_record(self.folder, record)

    def edit_file(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """Change one file, and make the digests again."""
        path = self.folder / name
        path.write_bytes(change(path.read_bytes()))
        redigest(self.folder)


__all__ = ["Planted", "checkout", "history", "make", "redigest", "reseal"]
