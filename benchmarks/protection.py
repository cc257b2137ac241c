"""How long protection takes, how much it hides, and how often its pattern is the same for a twin.

Systems are made from a seed (SYNTHETIC): 500 cells in linked three-way tables, twelve linked three-way tables
of about 1,100 cells, a four-way table of 2,016 cells, and a row of sizes for the growth curve. With
``--plain``, side by side with what is usual: sequential programmes over the whole system, each started from
nothing; the same without a thought of survivors who know themselves; an audit of two programmes a cell, by
scipy. Every time is the best of some turns. Wanted are seconds of a quiet machine: as all of this runs on one
core, processor time is held against them; time on the wall is printed beside it, with the load.

    .venv/bin/python benchmarks/protection.py [--turns 3] [--plain] [--plot FILE.png]
    .venv/bin/python benchmarks/protection.py [--twins 40] [--referee 160 --seconds 60]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
from scipy import optimize, sparse

from analysis.disclosure.attack import attack
from analysis.disclosure.cells import CellSystem, Dimension, Table, from_counts, from_frame
from analysis.disclosure.protect import choose, costs, protect
from analysis.disclosure.solving.alternatives import Alternatives
from analysis.disclosure.solving.behind import behind
from analysis.disclosure.solving.complements import clean, complete
from analysis.disclosure.solving.demands import Cover, Pool, demands
from analysis.disclosure.solving.knowledge import know

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.ticker import FixedLocator, NullLocator

THRESHOLD = 10
NEAR = 1e-6
COLD = 1_500
"""Cells of the largest system for plain programmes: at 2,016 they were given up after twenty minutes."""
FEWER = 294
"""Cells from which on `choose` looks for no fewer hidden cells."""
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


class Took(NamedTuple):
    """Shortest times of some turns [seconds], on the wall and of the processor, and what came out."""

    wall: float
    processor: float
    found: Any


def timed(work: Callable[[], Any], turns: int = 1) -> Took:
    """Do some work some times."""
    walls, processors, found = [], [], None
    for _ in range(turns):
        wall, processor = time.perf_counter(), time.process_time()
        found = work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return Took(min(walls), min(processors), found)


def measured(name: str, system: CellSystem, turns: int) -> Took:
    """Print a row of the table of times."""
    took = timed(lambda: protect(system, threshold=THRESHOLD), turns)
    primary = system.sensitive(THRESHOLD)
    print(
        f"{name:22} {len(system):>6,} cells {primary.sum():>6,} sensitive"
        f" {took.found.hidden.sum():>6,} hidden {took.processor:7.2f} s ({took.wall:.2f} s on the wall);"
        f" sensitive ones hidden alone give {given_away(system, primary):,} away",
        flush=True,
    )
    return took


def given_away(system: CellSystem, hidden: np.ndarray) -> int:
    """Return how many cells a reader finds out about."""
    return len({breach.cell for breach in attack(system, hidden, threshold=THRESHOLD).breaches})


def plain(system: CellSystem, *, knowers: bool = True) -> np.ndarray:
    """Choose complements as a usual sequential programme does: nothing hot, nothing shared, no cubes."""
    wanted = demands(system, behind(system), THRESHOLD)
    if not knowers:
        wanted.open[:, :, 1:] = False
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


def plain_audit(system: CellSystem, hidden: np.ndarray) -> int:
    """Ask for the least and the most of every sensitive cell, in fractions; return how many are not safe."""
    known = know(system, hidden)
    columns = np.flatnonzero(~known.empty)
    table, unsafe = sparse.csc_array(known.rows[:, columns]), 0
    for cell in np.flatnonzero(system.sensitive(THRESHOLD)):
        sums = known.cells[[cell]].toarray()[0][columns]
        low, high = (
            optimize.linprog(sign * sums, A_eq=table, b_eq=known.low, method="highs").fun for sign in (1, -1)
        )
        unsafe += not (low < NEAR and (high is None or -high > THRESHOLD - NEAR))
    return unsafe


def side_by_side(name: str, system: CellSystem) -> None:
    """Print ours beside what is usual, and the ratios: over 1, ours is faster or hides less."""
    ours = timed(lambda: choose(system, threshold=THRESHOLD))
    audit = timed(lambda: attack(system, ours.found, threshold=THRESHOLD))
    print(f"{name}: ours chooses {ours.found.sum():,} hidden cells in {ours.processor:.2f} s", flush=True)
    kinds = {"plain": True, "plain, survivors not thought of": False} if len(system) <= COLD else {}
    for what, knowers in kinds.items():
        other = timed(lambda knowers=knowers: plain(system, knowers=knowers))
        more, longer = other.found.sum() / ours.found.sum(), other.processor / ours.processor
        line = f"    {what:32} {other.found.sum():>6,} hidden, {more:.3f} times as many;"
        line += f" {other.processor:7.2f} s, {longer:.1f} times as long"
        print(f"{line}; gives {given_away(system, other.found):,} away", flush=True)
    other = timed(lambda: plain_audit(system, ours.found))
    line = f"    audit: ours {audit.processor:.2f} s, every level; two programmes a cell, fractions alone,"
    line += f" {other.processor:.2f} s, {other.processor / audit.processor:.1f} times as long"
    print(f"{line} (not safe: {len(audit.found.breaches)} and {other.found})", flush=True)


def growth(path: Path, turns: int) -> None:
    """Print seconds over cells for linked tables, and draw them."""
    points = []
    for tables in (1, 2, 4, 6, 9, 12, 16, 20):
        system = linked(tables, 600)
        took = timed(lambda system=system: protect(system, threshold=THRESHOLD), turns)
        points.append((len(system), took.processor))
        print(f"growth: {len(system):>6,} cells {took.processor:7.2f} s", flush=True)
    drawn(points, path)


def drawn(points: list[tuple[int, float]], path: Path) -> None:
    """Draw seconds over cells on scales of powers; the slope is the power of growth."""
    cells, seconds = (np.array(one, dtype=float) for one in zip(*points, strict=True))
    searched = cells < FEWER
    slope = np.polyfit(np.log(cells[~searched]), np.log(seconds[~searched]), 1)[0]
    figure, axes = plt.subplots(figsize=(6.4, 4.0), layout="constrained")
    axes.plot(cells, seconds, color="C0")
    for chosen, marker, label in (
        (searched, "s", "fewer hidden cells searched for"),
        (~searched, "o", "one choice"),
    ):
        axes.plot(cells[chosen], seconds[chosen], marker, color="C0", label=label)
    axes.set(xscale="log", yscale="log", xlabel="cells", ylabel="processor time, attack included [seconds]")
    for axis, ticks in (
        (axes.xaxis, (100, 200, 500, 1_000, 2_000)),
        (axes.yaxis, (0.5, 1, 2, 5, 10, 20, 50)),
    ):
        axis.set_major_locator(FixedLocator(ticks))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.set_title(f"Linked three-way tables, SYNTHETIC: twice the cells,\n{2**slope:.1f} times the time")
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
    parser.add_argument("--plain", action="store_true", help="also what is usual, side by side (minutes)")
    parser.add_argument("--twins", type=int, default=0)
    parser.add_argument("--referee", type=int, default=0)
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="of the processor, for one proof of the referee"
    )
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; best of {given.turns}")
    if given.twins:
        twins(given.twins)
    if given.referee:
        referee(given.referee, given.seconds)
    if given.twins or given.referee:
        return 0
    systems = {"500 cells": linked(6, 800), "twelve linked tables": linked(12, 800)}
    systems["four-way table"] = four_way(40_000)
    found = {name: measured(name, system, given.turns) for name, system in systems.items()}
    wide, hidden = systems["four-way table"], found["four-way table"].found.hidden
    found["its audit"] = timed(lambda: attack(wide, hidden, threshold=THRESHOLD), given.turns)
    if given.plain:
        for name, system in systems.items():
            side_by_side(name, system)
    if given.plot:
        growth(given.plot, 1)
    for name, took in found.items():
        print(f"{name:22} {took.processor:7.2f} s ({took.wall:.2f} s on the wall), wanted {WANTED[name]:g} s")
    return int(any(found[name].processor > WANTED[name] for name in WANTED))


if __name__ == "__main__":
    sys.exit(main())
