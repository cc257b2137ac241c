"""A small table of evidence, a report open on it, and what it displayed."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from IPython.utils.capture import RichOutput

from analysis.present import outputs
from analysis.present.records import Records
from analysis.present.session import Session


@pytest.fixture
def evidence():
    """Two sources, one of each public tier."""
    sources = pd.DataFrame(
        {
            "source_id": ["norfolk", "ons"],
            "title": ["Refresh of the strategy", "Victim characteristics."],
            "publisher": ["Norfolk County Council", "Office for National Statistics"],
            "date": ["2023", "2023-11-24"],
            "licence": ["not stated", "OGL 3.0"],
            "tier": ["published", "reference"],
        }
    )
    return SimpleNamespace(sources=sources, inputs={"data/published/figures.csv": "0" * 64})


@pytest.fixture
def ladder():
    """Three rungs: a share without its base, a corrected reading, and none of 225."""
    return pd.DataFrame(
        {
            "label": ["Survey", "Marac", "Supported"],
            "count": [float("nan"), 83, 0],
            "base": [float("nan"), 1296, 225],
            "share": [0.34, 83 / 1296, 0.0],
            "low": [float("nan"), 0.052, 0.0],
            "high": [float("nan"), 0.079, 0.0163],
            "tier": ["reference", "published", "published"],
            "source_id": ["ons", "norfolk", "norfolk"],
            "figure_ids": ["ons:men", "n-1 n-2", "n-3"],
            "footnote": ["", "Printed as 6.1%.", ""],
        }
    )


@dataclass
class Shown:
    """What was displayed, newest last."""

    bundles: list[dict[str, Any]]

    @property
    def html(self) -> str:
        """The HTML of the last output."""
        return str(self.bundles[-1]["text/html"])

    @property
    def payload(self) -> dict[str, Any]:
        """The payload of the last output."""
        return next(value for mime, value in self.bundles[-1].items() if mime.startswith("application/"))


@pytest.fixture
def shown(monkeypatch):
    """Collect displays instead of sending them to a client."""
    collected = Shown([])

    def display(bundle: dict[str, Any], *, raw: bool) -> None:
        assert raw
        RichOutput(bundle)  # what IPython hands to a client
        collected.bundles.append(bundle)

    monkeypatch.setattr(outputs, "display", display)
    return collected


@pytest.fixture
def open_report(evidence, shown):  # noqa: ARG001  a report without a display has nowhere to show
    """Open a report of two sections, recording into a folder if one is given."""

    def begin(recording=None) -> Session:
        return Session(
            "male_survivors",
            evidence=evidence,
            records=Records("norfolk", "Norfolk", "2022-23", 0.95),
            area="norfolk",
            area_name="Norfolk",
            period="2022-23",
            confidence=0.95,
            sections=("visibility", "stays"),
            recording=recording,
        )

    return begin


@pytest.fixture
def run(open_report):
    """A report as JupyterLab has it: nothing is written."""
    return open_report()
