"""A report open on a little evidence and made-up records, and what it displayed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from IPython.utils.capture import RichOutput

sys.path.insert(0, str(Path(__file__).parents[1] / "disclosure"))

from rows import release

from analysis.disclosure.absent import NoRelease
from analysis.disclosure.handover import handover
from analysis.present import outputs
from analysis.present.session import Session


@dataclass
class Given:
    """Records as the session has them, without a store."""

    tier: str
    release: Any
    cohort: bool

    @property
    def given(self) -> bool:
        """Whether the run has records."""
        return self.cohort

    @property
    def inputs(self) -> dict[str, str]:
        """What was read."""
        return {f"{self.tier}/norfolk": "0" * 64} if self.given else {}

    @property
    def exceptions(self) -> tuple[str, ...]:
        """Exceptions to the policy."""
        return self.release.exceptions() if self.given else ()

    def with_source(self, sources: pd.DataFrame) -> pd.DataFrame:
        """Return the table of sources with the records."""
        row = {
            "source_id": "records-norfolk",
            "title": "Person-level records",
            "publisher": "Norfolk",
            "date": "2023",
            "licence": "not public",
            "tier": self.tier,
        }
        return pd.concat([sources, pd.DataFrame([row])], ignore_index=True) if self.given else sources

    def handover(self, names: dict[str, tuple[str, ...]]) -> str:
        """Return what the run leaves for its release."""
        return handover(self.release, {key: shown for key, shown in names.items() if shown}).to_json()


@pytest.fixture
def evidence():
    """One published source."""
    sources = pd.DataFrame(
        {
            "source_id": ["norfolk"],
            "title": ["Refresh of the strategy"],
            "publisher": ["Norfolk County Council"],
            "date": ["2023"],
            "licence": ["not stated"],
            "tier": ["published"],
        }
    )
    return SimpleNamespace(sources=sources, inputs={"data/published/figures.csv": "0" * 64})


@pytest.fixture
def printed():
    """A published row."""
    return pd.DataFrame(
        {
            "label": ["Supported"],
            "count": [225],
            "tier": ["published"],
            "source_id": ["norfolk"],
            "figure_ids": ["n-1"],
            "footnote": [""],
        }
    )


@pytest.fixture
def shown(monkeypatch):
    """Collect displays instead of sending them to a client."""
    bundles: list[dict[str, Any]] = []

    def display(bundle: dict[str, Any], *, raw: bool) -> None:
        assert raw
        RichOutput(bundle)
        bundles.append(bundle)

    monkeypatch.setattr(outputs, "display", display)
    return bundles


@pytest.fixture
def open_report(evidence, shown):  # noqa: ARG001  a report without a display has nowhere to show
    """Open a report of three sections with records of a tier, or without any."""

    def begin(tier: str | None = "records", recording: Path | None = None, **named: Any) -> Session:
        made = release(tier=tier, **named) if tier else NoRelease()
        return Session(
            "male_survivors",
            evidence=evidence,
            records=Given(tier or "", made, tier is not None),
            area="norfolk",
            area_name="Norfolk",
            period="2022-23",
            confidence=0.95,
            sections=("pathway", "stays", "gaps"),
            recording=recording,
        )

    return begin
