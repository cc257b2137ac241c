"""A sound run passes the gate, with records and without."""

from __future__ import annotations

from building import Planted

from analysis import gate
from analysis.disclosure.policy import load


def test_a_sound_run_with_records_passes(run: Planted) -> None:
    """Nothing is found in a run that shows only what was released."""
    assert [str(one) for one in gate.examine(run.folder, policy=load(), root=run.root)] == []
