"""The release of a run without records: every output can be planned, and none is available."""

from __future__ import annotations

from typing import Any, Final

from analysis.disclosure.outputs.hidden import Unavailable

PLANS: Final = (
    "crosstab",
    "pivot_table",
    "quantiles",
    "means",
    "magnitude",
    "survival",
    "model",
    "comparison",
    "intersections",
    "imputed",
    "trend",
    "pace",
    "change_shares",
    "gain",
)
"""What `analysis.disclosure.release.Release` can plan."""


class NoRelease:
    """Stands for `analysis.disclosure.release.Release` where a run has no records.

    A notebook plans, commits and shows as ever; in the place of each output stands that it needs records.
    """

    pending = False
    committed = False

    def __repr__(self) -> str:
        return "<release: no records>"

    def commit(self) -> None:
        """Have nothing to commit."""
        self.committed = True

    def __getattr__(self, name: str) -> Any:
        if name not in PLANS:
            raise AttributeError(f"a release cannot plan {name!r}")
        return _plan


def _plan(*args: Any, **named: Any) -> Unavailable:
    """Return an output that is not available, and the tables it needs."""
    frames = [one for one in (*args, *named.values()) if isinstance(getattr(one, "what", None), str)]
    return Unavailable(needs=(frame.what for frame in frames if frame.what))
