"""How a value is printed, the same in prose, tables and charts."""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any, Final

import pandas as pd

from analysis.disclosure.outputs.hidden import Hidden
from analysis.methods.estimate import percentage

MISSING: Final = "not published"
"""What a table says where nothing was printed; never a blank."""
EMPTY: Final = "–"
"""What a table says where there is nothing to say: no remark, no qualifier."""


def _count(value: float) -> str:
    if not math.isfinite(value) or value != round(value):
        raise ValueError("a count is a whole number")
    return f"{round(value):,}"


def _percent(value: float) -> str:
    return percentage(100 * value)


def _as_printed(value: float) -> str:
    """Keep the decimals that were printed; what was worked out from printed numbers gets one."""
    return f"{value:.10g}%" if value == round(value, 2) else f"{value:.1f}%"


def _gbp(value: float) -> str:
    sign = "−" if value < 0 else ""
    return f"{sign}£{abs(value):,.0f}"


def _days(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


NAMED: Final[dict[str, Callable[[float], str]]] = {
    "count": _count,
    "percent": _percent,
    "printed": _as_printed,
    "points": lambda value: f"{100 * value:+.1f} points".replace("-", "−"),
    "ratio": lambda value: f"{value:.2f}",
    "number": lambda value: f"{value:,.1f}",
    "gbp": _gbp,
    "days": _days,
    "text": str,
}
"""``percent`` takes a fraction; ``printed`` a percentage as its source prints it; ``points`` a difference of
fractions; the others say what they are."""

BY_NAME: Final[dict[str, str]] = {
    "share": "percent",
    "low": "percent",
    "high": "percent",
    "printed": "printed",
    "count": "count",
    "base": "count",
    "n": "count",
    "ratio": "ratio",
    "expected": "number",
    "requests": "number",
    "load": "number",
    "place_low": "gbp",
    "place_high": "gbp",
    "year_low": "gbp",
    "year_high": "gbp",
    "ratio_low": "ratio",
    "ratio_high": "ratio",
    "reference": "percent",
    "bound_low": "percent",
    "bound_high": "percent",
    "q": ".3f",
}
"""Formats of the columns that the evidence and the methods name."""


def plain(value: Any) -> float | int | str | bool | None:
    """Return a value as JSON knows it; missing and infinite numbers become None."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, bool | str | Hidden):
        return str(value) if isinstance(value, Hidden) else value
    if type(value).__name__ in {"bool_", "bool"}:
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    return str(value)


def show(value: Any, how: str, missing: str = MISSING) -> str:
    """Print one value.

    Parameters
    ----------
    value
        A number, text or nothing.
    how
        A key of `NAMED` or a Python format such as ``.2f``.
    missing
        What to print for nothing.

    Raises
    ------
    ValueError
        If the value cannot be printed so.
    """
    if isinstance(value, Hidden):
        return str(value)
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, Real) and math.isnan(value)):
        return missing
    if isinstance(value, str):
        return value.strip() or EMPTY
    if how == "text":
        return str(value)
    named = NAMED.get(how)
    return (named(value) if named else format(value, how)).replace("-", "−")


def infer(name: str, values: pd.Series[Any]) -> str:
    """Return the format of a column from its name, or from its values.

    Raises
    ------
    ValueError
        If the column holds decimals and nothing says what they are.
    """
    if not numeric(values):
        return "text"
    if name in BY_NAME:
        return BY_NAME[name]
    known = pd.Series([value for value in values.dropna() if not isinstance(value, Hidden)], dtype="float64")
    if (known == known.round()).all():
        return "count"
    raise ValueError("holds decimals")


def numeric(values: pd.Series[Any]) -> bool:
    """Tell a column of numbers, some of which may be hidden."""
    if values.dtype == object:
        kept = [value for value in values if not isinstance(value, Hidden)]
        return len(kept) < len(values) and all(isinstance(value, Real) for value in kept)
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
