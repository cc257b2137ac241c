"""Deep dives into who domestic-abuse safe accommodation does not reach.

A notebook needs the names below and nothing else of this package. They are loaded when first used,
so that the command line can plan without importing pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.present.session import begin as begin

NAMES = {
    "begin": "analysis.present.session",
}
"""Where each name a notebook may use comes from; the digest of a run follows it."""

__all__ = ["begin"]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in NAMES:
        return getattr(import_module(NAMES[name]), name)
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")
