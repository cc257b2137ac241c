"""How long protection takes, how much it hides, and how often its pattern is the same for a twin.

Systems are made from a seed (SYNTHETIC): 500 cells in linked three-way tables, twelve linked three-way tables
of about 1,100 cells, a four-way table of 2,016 cells, and a row of sizes for the growth curve. Beside ours:
primary suppression alone, and the same sequential programmes started from nothing each time, one over the
whole system for every demand. Every time is the best of some turns; the load of the machine is printed.

    .venv/bin/python benchmarks/protection.py [--turns 3] [--plot FILE.png] [--twins 40] [--referee 30]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd

from analysis.disclosure.alternatives import Alternatives
from analysis.disclosure.attack import attack
from analysis.disclosure.behind import behind
from analysis.disclosure.cells import CellSystem, Dimension, Table, from_counts, from_frame
from analysis.disclosure.complements import clean, complete
from analysis.disclosure.demands import Cover, Pool, demands
from analysis.disclosure.protect import choose, costs, protect

mpl.use("Agg")
from matplotlib import pyplot as plt

THRESHOLD = 10
WANTED = {"500 cells": 2.0, "twelve linked tables": 6.0, "four-way table": 60.0, "its audit": 3.0}
"""Longest time each may take [seconds]."""
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "attack"))


def linked(tables: int, rows: int, seed: int = 2) -> CellSystem:
    """SYNTHETIC: outcome × sex × one characteristic a table, of survivors with one to three referrals."""
    draw = np.random.default_rng(seed)
    sizes = [3, 4, *(3 + draw.integers(0, 4) for _ in range(tables))]
    kind = draw.integers(0, 3, rows)
    frame, dimensions = {}, []
    for number, size in enumerate(sizes):
        name = f"d{number:02}"
        dimensions.append(Dimension(name, tuple(f"{name}-{place}" for place in range(size))))
        chances = draw.dirichlet(np.full(size, 1.5), 3)
        codes = (draw.random((rows, 1)) > chances[kind].cumsum(axis=1)).sum(axis=1).clip(max=size - 1)
        frame[name] = np.array(dimensions[-1].leaves, dtype=object)[codes]
    frame["person"] = draw.integers(0, int(rows * 0.85), rows)
    shown = [
        Table(f"table {number}", "referrals", ("d00", "d01", f"d{number + 2:02}")) for number in range(tables)
    ]
    return from_frame(pd.DataFrame(frame), "referrals", dimensions, shown)


def four_way(rows: int, seed: int = 1) -> CellSystem:
    """SYNTHETIC: one table of 6 × 5 × 7 × 5 with all its totals, 2,016 cells."""
    draw = np.random.default_rng(seed)
    shape = (6, 5, 7, 5)
    names = "abcd"
    dimensions = [
        Dimension(name, tuple(f"{name}{place}" for place in range(size)))
        for name, size in zip(names, shape, strict=True)
    ]
    chance = draw.gamma(1.5, 1, shape)
    for axis, size in enumerate(shape):
        wide = [1] * 4
        wide[axis] = size
        chance = chance * draw.dirichlet(np.full(size, 2)).reshape(wide)
    counts = draw.multinomial(rows, (chance / chance.sum()).ravel()).reshape(shape)
    return from_counts("referrals", dimensions, [Table("all", "referrals", tuple(names))], counts)


def plain(system: CellSystem) -> np.ndarray:
    """Choose complements as a usual sequential programme does: nothing hot, nothing shared, no cubes."""
    wanted = demands(system, behind(system), THRESHOLD)
    cost = costs(system, THRESHOLD)
    cover = Cover(Pool(wanted, cost), system.sensitive(THRESHOLD))
    programme = Alternatives(wanted, cost)
    programme._cubes, programme._home = None, np.full(len(wanted.free), -1)  # noqa: SLF001
    solve = programme.solve

    def cold() -> Any:
        programme.forget()
        return solve()

    programme.solve = cold  # type: ignore[method-assign]
    complete(cover, programme)
    return clean(cover, programme).hidden


def timed(work: Callable[[], Any], turns: int) -> tuple[float, Any]:
    """Return the shortest time of some turns, and what came out."""
    best, found = np.inf, None
    for _ in range(turns):
        start = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - start)
    return float(best), found


def compared(name: str, system: CellSystem, turns: int, *, with_plain: bool) -> float:
    """Print a row of the table; return our seconds."""
    seconds, ours = timed(lambda: protect(system, threshold=THRESHOLD), turns)
    primary = system.sensitive(THRESHOLD)
    alone = attack(system, primary, threshold=THRESHOLD, levels=("span", "nonnegative"))
    given = len({breach.cell for breach in alone.breaches})
    line = (
        f"{name:22} {len(system):>6,} cells {primary.sum():>6,} sensitive {ours.hidden.sum():>6,} hidden"
        f" {seconds:7.2f} s; primary alone gives {given:,} away"
    )
    if with_plain:
        slow, hidden = timed(lambda: plain(system), 1)
        line += f"; plain {hidden.sum():,} hidden, {slow:.2f} s, {slow / seconds:.1f} times as long"
    print(line, flush=True)
    return seconds


def growth(path: Path, turns: int) -> None:
    """Draw seconds over cells, for linked tables and for one wide table, and print them."""
    drawn: dict[str, list[tuple[int, float]]] = {"linked three-way tables": []}
    for tables in (1, 2, 4, 6, 9, 12, 16, 20):
        system = linked(tables, 600)
        seconds, _ = timed(lambda system=system: protect(system, threshold=THRESHOLD), turns)
        drawn["linked three-way tables"].append((len(system), seconds))
        print(f"growth: {len(system):>6,} cells {seconds:7.2f} s", flush=True)
    figure, axes = plt.subplots(figsize=(6.4, 4.0), layout="constrained")
    for label, points in drawn.items():
        axes.plot(*zip(*points, strict=True), marker="o", label=label)
    axes.set(xscale="log", yscale="log", xlabel="cells", ylabel="seconds, attack included")
    axes.set_title("Time to protect, SYNTHETIC systems")
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)


def twins(number: int) -> None:
    """Print how often data with the same print, and hidden cells in the same bands, have the same pattern."""
    from linked_sets import any_set  # noqa: PLC0415
    from twins import one_row_each, twin_of  # noqa: PLC0415

    same = tried = changed = 0
    for seed in range(number):
        system = one_row_each(any_set(seed))
        if len(system) > 100:
            continue
        hidden = choose(system, threshold=THRESHOLD)
        for other in twin_of(system, hidden, draws=3):
            tried += 1
            changed += int((other.count != system.count).sum())
            same += bool((choose(other, threshold=THRESHOLD) == hidden).all())
    apart = changed / max(tried, 1)
    print(f"twins: {same} of {tried} have the same pattern; {apart:.0f} cells differ on average")


def referee(number: int, seconds: float) -> None:
    """Print how many cells are hidden beside the fewest that can be, proven by another solver."""
    from linked_sets import any_set  # noqa: PLC0415
    from optimum import Fewest  # noqa: PLC0415

    ratios, bounds = [], []
    for place in range(number):
        system = any_set(place)
        if len(system) > 150 or not system.sensitive(THRESHOLD).any():
            continue
        hidden = choose(system, threshold=THRESHOLD)
        judge = Fewest(system, THRESHOLD)
        if not judge.safe(hidden):
            print(f"set {place}: NOT SAFE before the referee")
            continue
        best = judge.prove(int(hidden.sum()), seconds)
        (ratios if best.proven else bounds).append(hidden.sum() / best.low)
        told = "fewest" if best.proven else "at least"
        print(f"set {place}: {len(system)} cells, {hidden.sum()} hidden, {told} {best.low}", flush=True)
    print(f"proven {len(ratios)}: mean {np.mean(ratios):.4f}, worst {max(ratios):.4f}")
    if bounds:
        print(
            f"not proven {len(bounds)}: at most {np.mean(bounds):.4f} on average, {max(bounds):.4f} at worst"
        )


def main() -> int:
    """Measure, print, draw; 1 if something takes too long."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--plain", action="store_true", help="also time the plain programmes (minutes)")
    parser.add_argument("--twins", type=int, default=0)
    parser.add_argument("--referee", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=20.0, help="for one proof of the referee")
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; best of {given.turns}")
    if given.twins:
        twins(given.twins)
    if given.referee:
        referee(given.referee, given.seconds)
    if given.twins or given.referee:
        return 0
    found = {
        "500 cells": compared("500 cells", linked(6, 800), given.turns, with_plain=given.plain),
        "twelve linked tables": compared("twelve", linked(12, 800), given.turns, with_plain=given.plain),
    }
    wide = four_way(40_000)
    found["four-way table"] = compared("four-way table", wide, given.turns, with_plain=False)
    hidden = choose(wide, threshold=THRESHOLD)
    found["its audit"], _ = timed(lambda: attack(wide, hidden, threshold=THRESHOLD), given.turns)
    if given.plot:
        growth(given.plot, 1)
    for name, seconds in found.items():
        print(f"{name:22} {seconds:7.2f} s, wanted {WANTED[name]:g} s")
    return int(any(found[name] > WANTED[name] for name in WANTED))


if __name__ == "__main__":
    sys.exit(main())
