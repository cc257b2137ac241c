"""The gate: nothing is released before every file of a run was read and found to hide nothing."""

from __future__ import annotations

from analysis.gate.examination import examine, examine_archive, examine_package
from analysis.gate.refusal import Limits, Refusal

__all__ = ["Limits", "Refusal", "examine", "examine_archive", "examine_package"]
