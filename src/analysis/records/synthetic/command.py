"""What ``deepdive synth`` does: lines to show, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from analysis.layout import Layout
from analysis.parameters import Areas
from analysis.records.synthetic.fill import Form, fill
from analysis.records.synthetic.sample import SEED, Sample, Scenario, generate, scaled

DONE: Final = 0
Say = Callable[[str], None]


def synth_command(
    area: str,
    period: str = "",
    out: Path | None = None,
    *,
    seed: int = SEED,
    scenario: Scenario = "published",
    form: Form = "xlsx",
    scale: int = 1,
    years: int = 1,
    say: Say = print,
) -> int:
    """Write a synthetic sample as workbooks and say what is in it.

    Parameters
    ----------
    area
        Slug of the authority.
    period
        Its latest period with published evidence if empty, ``2022-23`` if it has none.
    out
        Folder; ``data/synthetic`` if None. The files go to ``AREA/PERIOD`` below it.
    seed, scenario, form
        As `analysis.records.synthetic.sample.generate` and `analysis.records.synthetic.fill.fill` take them.
    scale, years
        With more than one of either: made-up authorities, each a folder of .csv for all its months, written
        one after the other so that memory stays that of one.
    say
        Takes one line.

    Raises
    ------
    UsageError
        If the area, the period, the scenario, the form or the size cannot be.
    """
    known = Areas.load().published_periods(area)
    chosen = period or (known[-1] if known else "2022-23")
    top = out or Layout.find().data / "synthetic"
    if scale == 1 and years == 1:
        sample = generate(area, chosen, seed=seed, scenario=scenario)
        files = fill(sample, top / area / chosen, form)
        for line in (*sample.notes, _counted(sample, len(files))):
            say(line)
        return DONE
    for sample in scaled(area, chosen, scale=scale, years=years, seed=seed, scenario=scenario):
        files = fill(sample, top / sample.area / chosen, "csv", monthly=False)
        say(_counted(sample, len(files)))
    return DONE


def _counted(sample: Sample, files: int) -> str:
    rows = ", ".join(f"{len(frame):,} {name}" for name, frame in sample.tables.items() if len(frame))
    return f"SYNTHETIC {sample.area} {sample.period}: {files:,} files; {rows}"
