"""The attack's ranges against the audit of tau-ARGUS, which official statistics use, in a temporary folder.

Its audit asks for the least and the most of every hidden cell in fractions, from the sums that are printed
(Hundepool A and others, 2014, tau-ARGUS user's manual 4.1, "Audit"; here its free edition, pytauargus). It
applies to one table with all its totals: with several, the joint table behind them says more than their sums,
and the attack here uses it. It runs in a process of its own, as it brings a solver of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from linked_sets import ETHNIC, four_way, made, plain
from optimum import sums

from analysis.disclosure.attack import ranges
from analysis.disclosure.cells import CellSystem, Table
from analysis.disclosure.protect import choose
from analysis.disclosure.solving.search import MOST

THRESHOLD = 10
ENDLESS = 1_000_000
"""What stands for no limit."""
FRACTION = 0.001
AUDIT = """
import json, sys
from pytauargus._tauargus import audit_jj
print(json.dumps([[row["cell"], row["min"], row["max"]] for row in audit_jj(sys.argv[1])]))
"""
pytest.importorskip("pytauargus", reason="there is none for this kind of machine")


def one_table(seed: int) -> CellSystem:
    """One table: of two or three ways, of ethnic group in groups, or of four ways."""
    draw = np.random.default_rng([10, seed])
    if seed % 3 == 0:
        return four_way(seed)
    if seed % 3 == 1:
        table = Table("nested", "referrals", ("ethnicity", "b"))
        return made(draw, [ETHNIC, plain("b", 3)], [table], int(draw.integers(100, 900)))
    dimensions = [plain(name, int(draw.integers(3, 6))) for name in "abc"[: draw.integers(2, 4)]]
    names = tuple(one.name for one in dimensions)
    return made(draw, dimensions, [Table("all", "referrals", names)], int(draw.integers(60, 900)))


def hidden_of(system: CellSystem, seed: int) -> np.ndarray:
    """The protector's choice, or sensitive cells and others drawn at random: also what is not safe."""
    if seed % 2:
        return choose(system, threshold=THRESHOLD, search=False)
    draw = np.random.default_rng([11, seed])
    return system.sensitive(THRESHOLD) | (draw.random(len(system)) < draw.uniform(0.1, 0.6))


def written(system: CellSystem, hidden: np.ndarray, path: Path) -> None:
    """Write the sums of a table as tau-ARGUS reads them: cells with a status, then equations."""
    lines = ["0", str(len(system))]
    for cell, (count, hide) in enumerate(zip(system.count, hidden, strict=True)):
        lines.append(f"{cell} {count} {max(count, 1)} {'u' if hide else 's'} 0 {ENDLESS} 0 0 0")
    equations = sorted({(whole, *sorted(parts)) for whole, parts in sums(system)})
    lines.append(str(len(equations)))
    for whole, *parts in equations:
        lines.append(f"0 {len(parts) + 1} : {whole} (-1) " + " ".join(f"{part} (1)" for part in parts))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("seed", range(15))
def test_ranges_are_those_of_tau_argus(seed: int, tmp_path: Path) -> None:
    """Of every hidden cell, at both ends, rounded inwards to whole numbers as the attack does."""
    system = one_table(seed)
    hidden = hidden_of(system, seed)
    written(system, hidden, tmp_path / "table.jj")
    command = [sys.executable, "-c", AUDIT, str(tmp_path / "table.jj")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    found = np.array(json.loads(ran.stdout))
    cells = found[:, 0].astype(int)
    assert sorted(cells) == np.flatnonzero(hidden).tolist()
    low, high = ranges(system, hidden, whole=False)
    assert low[cells].tolist() == np.ceil(found[:, 1] - FRACTION).tolist()
    most, endless = np.floor(found[:, 2] + FRACTION), high[cells] == MOST
    assert high[cells][~endless].tolist() == most[~endless].tolist()
    assert (most[endless] > ENDLESS - system.count.max()).all()
