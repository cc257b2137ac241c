"""Social return: what outcomes are worth for each pound spent, with every assumption a range.

A ratio rests on assumptions that nobody measures: what an outcome is worth, how much would have happened
anyway, how much is owed to others, how fast it fades. They stand in a table that a reader may replace. All
ranges are drawn together (Monte Carlo), each is moved alone (tornado), and the value at which the money would
just come back is said (break-even), because it needs the fewest assumptions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.errors import DataRefused, UsageError, one_of
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import level, require_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEEDED: Final = ("outcome", "assumption", "low", "likely", "high")
FRACTIONS: Final = ("reached", "deadweight", "displacement", "attribution", "drop_off", "discount")
AMOUNTS: Final = ("quantity", "value", "years", "cost")
SHARED: Final = {"discount": 0.0, "cost": None}
"""Assumptions of the whole appraisal, in rows without an outcome; a missing discount is none."""
USUAL: Final = {
    "reached": 1.0,
    "deadweight": 0.0,
    "displacement": 0.0,
    "attribution": 1.0,
    "years": 1.0,
    "drop_off": 0.0,
}
"""What an outcome's assumption is if no row gives it: nothing is taken off, and it lasts a year."""

Draws = Mapping[tuple[str, str], Any]


def checked(assumptions: pd.DataFrame) -> pd.DataFrame:
    """Return a table of assumptions as numbers, or say which cell cannot be used.

    Parameters
    ----------
    assumptions
        One row an assumption: ``outcome`` ("" for cost and discount), ``assumption`` (``quantity`` [people or
        events], ``reached`` [fraction of the quantity that the outcome comes about for], ``value`` [GBP
        each], ``deadweight``, ``displacement``, ``attribution``, ``drop_off`` [fractions], ``years`` [years],
        ``cost`` [GBP], ``discount`` [fraction a year]), ``low``, ``likely``,
        ``high``; other columns (label, source, price year) are kept.

    Returns
    -------
    DataFrame
        The same rows and columns; ``low``, ``likely`` and ``high`` as floats.

    Raises
    ------
    UsageError
        If a column is absent or an assumption is not one of these.
    DataRefused
        If a number is missing, out of order or out of its range, an assumption is given twice, an outcome has
        no quantity or value, or there is no cost.
    """
    require_columns(assumptions, NEEDED, where="assumptions")
    frame = assumptions.assign(outcome=assumptions["outcome"].fillna("").astype(str))
    for column in ("low", "likely", "high"):
        frame[column] = pd.to_numeric(frame[column], errors="coerce")
    for number, row in enumerate(frame.to_dict("records"), 1):
        _check({str(name): cell for name, cell in row.items()}, f"assumptions, row {number}")
    if frame.duplicated(["outcome", "assumption"]).any():
        twice = frame[frame.duplicated(["outcome", "assumption"])].iloc[0]
        raise DataRefused(
            f"{twice['assumption']} of {twice['outcome'] or 'the whole'} is given twice",
            where="assumptions",
            cure="Keep one row.",
        )
    _check_whole(frame)
    return frame


def social_return(
    assumptions: pd.DataFrame, *, draws: int = 20_000, seed: int = 1, confidence: float = 0.95
) -> Estimate:
    """Value for each pound spent, with the interval of all assumptions together.

    Parameters
    ----------
    assumptions
        As for `checked`. Each is drawn from a triangular distribution; low = high is a fixed number.
    draws, seed
        How many, from which random numbers.
    confidence
        Share of the draws between the limits [0 to 1].

    Returns
    -------
    Estimate
        Unit "ratio": value at the likely assumptions; limits from the draws.

    Raises
    ------
    UsageError, DataRefused
        As `checked`.

    References
    ----------
    Cabinet Office (2009, updated 2012). A guide to Social Return on Investment, stages 3 to 5: value =
    quantity reached x proxy x (1 - deadweight) x (1 - displacement) x attribution, less by the drop-off
    yearly, and each year t divided by (1 + discount)^t. HM Treasury (2022). The Green Book, chapters 5 and 6
    (3.5% in real terms; sensitivity).
    """
    frame = checked(assumptions)
    ratios = drawn(frame, draws, seed)
    tail = (1 - level(confidence)) / 2
    low, high = np.quantile(ratios, [tail, 1 - tail])
    likely = float(_ratio(_at(frame, "likely")))
    return Estimate(
        likely, min(low, likely), max(high, likely), confidence, "Monte Carlo, triangular", "ratio"
    )


def chance_of(assumptions: pd.DataFrame, ratio: float = 1.0, *, draws: int = 20_000, seed: int = 1) -> float:
    """Share of the draws in which a pound brings at least so much back.

    Parameters
    ----------
    assumptions, draws, seed
        As for `social_return`.
    ratio
        Value for each pound [GBP per GBP].

    Returns
    -------
    float
        A fraction: of draws, given the table; not a chance that the table is right.
    """
    return float((drawn(checked(assumptions), draws, seed) >= ratio).mean())


def drawn(frame: pd.DataFrame, draws: int, seed: int) -> NDArray[Any]:
    """Return the ratio of each draw; an assumption draws the same numbers whatever rows stand beside it.

    Parameters
    ----------
    frame
        As `checked` returns it.
    draws, seed
        How many, from which random numbers.

    Returns
    -------
    array
        GBP for each GBP, one a draw.
    """
    values: dict[tuple[str, str], Any] = {}
    for row in frame.to_dict("records"):
        source = np.random.default_rng([seed, *f"{row['outcome']}/{row['assumption']}".encode()])
        ends = row["low"], row["likely"], row["high"]
        values[row["outcome"], row["assumption"]] = (
            np.full(draws, ends[0]) if ends[0] == ends[2] else source.triangular(*ends, draws)
        )
    return np.broadcast_to(_ratio(values), draws)


def tornado(assumptions: pd.DataFrame) -> pd.DataFrame:
    """How far the ratio moves with each assumption alone, from its low to its high end.

    Parameters
    ----------
    assumptions
        As for `checked`.

    Returns
    -------
    DataFrame
        The rows of ``assumptions`` that are ranges, widest first, with ``planned`` (the ratio at the likely
        assumptions), ``ratio_low`` and ``ratio_high`` (lower and higher of the two ends) and ``width``.
    """
    frame = checked(assumptions)
    likely = _at(frame, "likely")
    planned, rows = float(_ratio(likely)), []
    for row in frame.to_dict("records"):
        if row["low"] == row["high"]:
            continue
        key = (row["outcome"], row["assumption"])
        ends = sorted(float(_ratio({**likely, key: row[end]})) for end in ("low", "high"))
        rows.append({**row, "planned": planned, "ratio_low": ends[0], "ratio_high": ends[1]})
    found = pd.DataFrame(rows, columns=[*frame.columns, "planned", "ratio_low", "ratio_high"])
    found = found.assign(width=found["ratio_high"] - found["ratio_low"])
    return found.sort_values("width", ascending=False, kind="stable").reset_index(drop=True)


def break_even(assumptions: pd.DataFrame, outcome: str, assumption: str = "value") -> float:
    """The quantity, or the value of each, at which a pound brings just a pound back; all else as is likely.

    Parameters
    ----------
    assumptions
        As for `checked`.
    outcome
        The outcome whose quantity or value is searched for.
    assumption
        ``value`` or ``quantity``.

    Returns
    -------
    float
        GBP, or people; 0 if the other outcomes bring it back alone, infinite if nothing of this one counts.

    Raises
    ------
    UsageError
        If the outcome is unknown, or the ratio is not in proportion to the assumption.
    """
    frame = checked(assumptions)
    if assumption not in {"value", "quantity"}:
        raise UsageError(
            f"{assumption} has no break-even", where="break_even", cure='Ask "value" or "quantity".'
        )
    if outcome not in set(frame["outcome"]) - {""}:
        raise UsageError(
            f'no outcome "{outcome}"', where="break_even", cure=one_of(outcome, set(frame["outcome"]) - {""})
        )
    likely, key = _at(frame, "likely"), (outcome, assumption)
    without, unit = float(_ratio({**likely, key: 0.0})), float(_ratio({**likely, key: 1.0}))
    gain = unit - without
    if without >= 1:
        return 0.0
    return (1 - without) / gain if gain > 0 else float("inf")


def _check(row: Mapping[str, Any], where: str) -> None:
    name = str(row["assumption"])
    if name not in (*FRACTIONS, *AMOUNTS):
        raise UsageError(
            f'"{name}" is not an assumption', where=where, cure=one_of(name, (*FRACTIONS, *AMOUNTS))
        )
    if (name in SHARED) != (row["outcome"] == ""):
        cure = "Leave its outcome empty." if name in SHARED else "Name the outcome it belongs to."
        raise DataRefused(f"{name} stands under the wrong outcome", where=where, cure=cure)
    numbers = [row["low"], row["likely"], row["high"]]
    if not all(np.isfinite(numbers)):
        raise DataRefused(
            f"{name} lacks a number", where=where, cure="Give low, likely and high; equal if it is certain."
        )
    if sorted(numbers) != numbers:
        raise DataRefused(
            f"{name} is not low, likely, high in this order", where=where, cure="Put the smallest first."
        )
    most = 1.0 if name in FRACTIONS else float("inf")
    if numbers[0] < 0 or numbers[2] > most or (name == "cost" and numbers[0] == 0):
        cure = "Give a fraction from 0 to 1." if name in FRACTIONS else "Give a number above 0."
        raise DataRefused(f"{name} is out of its range", where=where, cure=cure)


def _check_whole(frame: pd.DataFrame) -> None:
    given = set(zip(frame["outcome"], frame["assumption"], strict=True))
    lacking = [
        f"{name} of {outcome}"
        for outcome in sorted(set(frame["outcome"]) - {""})
        for name in ("quantity", "value")
        if (outcome, name) not in given
    ]
    if ("", "cost") not in given:
        lacking.append("cost of the whole")
    if lacking:
        raise DataRefused(f"no row gives {', '.join(lacking)}", where="assumptions", cure="Add the row.")


def _at(frame: pd.DataFrame, column: str) -> dict[tuple[str, str], Any]:
    keys = zip(frame["outcome"], frame["assumption"], strict=True)
    return dict(zip(keys, frame[column], strict=True))


def _ratio(draws: Draws) -> Any:
    outcomes = sorted({outcome for outcome, _ in draws if outcome})
    discount = draws.get(("", "discount"), 0.0)
    worth = sum(_present_value(_of(draws, outcome), discount) for outcome in outcomes)
    return worth / draws["", "cost"]


def _of(draws: Draws, outcome: str) -> Callable[[str], Any]:
    return lambda name: draws.get((outcome, name), USUAL.get(name))


def _present_value(of: Callable[[str], Any], discount: Any) -> Any:
    """Return quantity x value, less what is not owed to it, over its years [GBP].

    Year t counts by (1 - drop-off)^(t-1) / (1 + discount)^t, and a part of a year in part.
    """
    gained = of("quantity") * of("reached") * (1 - of("deadweight")) * (1 - of("displacement"))
    first = gained * of("value") * of("attribution")
    kept, years = (1 - of("drop_off")) / (1 + discount), np.asarray(of("years"), dtype=float)
    lasting = sum(
        np.clip(years - year, 0, 1) * kept**year for year in range(int(np.ceil(np.max(years, initial=0))))
    )
    return first * lasting / (1 + discount)
