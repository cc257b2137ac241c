"""What may be handed to a method together with released numbers, and what its result says it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from numbers import Number
from typing import Any

import pandas as pd

from analysis.disclosure.outputs.hidden import Hidden, Unavailable
from analysis.errors import DisclosureRefused
from analysis.methods.estimate import Estimate
from analysis.record import PUBLIC


def permitted(value: Any, *, where: str) -> Any:
    """Return an argument of a method as the method takes it: a released object as its frame.

    Raises
    ------
    DisclosureRefused
        If it is neither a plain value, nor released, nor published or reference evidence.
    """
    if value is None or isinstance(value, bool | str | Number | Estimate | Hidden | Unavailable):
        return value
    if is_released(value):
        return value.frame()
    if isinstance(value, dict):
        return {name: permitted(one, where=where) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(permitted(one, where=where) for one in value)
    if isinstance(value, pd.DataFrame) and _public(value):
        return value
    raise DisclosureRefused(
        f"a {type(value).__name__} that is not released was handed to a method",
        where=where,
        cure="Hand over plain values, released objects, and frames of published or reference evidence.",
    )


def is_released(value: Any) -> bool:
    """Whether a value is an object that disclosure control released, or will."""
    return callable(getattr(value, "frame", None)) and hasattr(value, "terms")


def released_in(value: Any) -> Iterator[Any]:
    """Yield every released object among the arguments of a method."""
    if is_released(value):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from released_in(one)


def _public(frame: pd.DataFrame) -> bool:
    return "tier" in frame and all(set(str(cell).split()) <= PUBLIC and str(cell) for cell in frame["tier"])


def with_release(frame: pd.DataFrame, tier: str, source_id: str) -> pd.DataFrame:
    """Return a frame whose every row also says that it rests on the records."""
    given = {"tier": tier, "source_id": source_id, "figure_ids": "", "footnote": ""}
    added = {
        name: [_with(cell, own) for cell in frame[name]] if name in frame else own
        for name, own in given.items()
    }
    return frame.assign(**added)


def _with(cell: Any, own: str) -> str:
    said = cell if isinstance(cell, str) else ""
    return said if not own or own in said.replace(";", " ").split() else f"{said} {own}".strip()
