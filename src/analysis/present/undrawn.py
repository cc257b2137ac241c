"""Charts of released objects: drawn from what was released, and not drawn at all where nothing was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, overload

import pandas as pd

from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.released import Released
from analysis.present.canvas import Chart

P = ParamSpec("P")
Plain = Callable[Concatenate[pd.DataFrame, P], Chart]
Drawer = Callable[Concatenate[Any, P], Any]


@overload
def of_released(draw: Plain[P], *, shares: bool = ...) -> Drawer[P]: ...
@overload
def of_released(*, shares: bool = ...) -> Callable[[Plain[P]], Drawer[P]]: ...
def of_released(draw: Plain[P] | None = None, *, shares: bool = False) -> Any:
    """Return a chart function that also takes a released object, and one that is not available.

    Parameters
    ----------
    draw
        Takes a frame first and returns a `Chart`.
    shares
        Whether it needs the base of each group, which counts then bring along.

    Returns
    -------
    callable
        Returns a chart that knows what it was drawn from, or an `Unavailable`, which ``run.figure`` shows as
        an absence.
    """
    if draw is None:
        return lambda plain: of_released(plain, shares=shares)

    @wraps(draw)
    def drawer(frame: Any, *args: P.args, **kwargs: P.kwargs) -> Any:
        lacking = [one for one in (frame, *args, *kwargs.values()) if isinstance(one, Unavailable)]
        if lacking:
            return lacking[0]
        if not isinstance(frame, Released):
            return draw(frame, *args, **kwargs)
        if frame.absence is not None:
            return frame.absence
        source = frame.shares() if shares and frame.kind == "counts" and len(frame.axes) > 1 else frame
        return replace(draw(source.frame(), *args, **kwargs), released=(frame,))

    return drawer
