"""Where things lie in a checkout, and the environment variables that the two sides share."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import UsageError

ROOT_VARIABLE = "DEEPDIVE_ROOT"
"""Overrides where ``data/`` and ``notebooks/`` are looked for."""

RUN_DIR_VARIABLE = "DEEPDIVE_RUN_DIR"
"""Set by the runner alone: a notebook that finds it also records; one that does not writes nothing."""

RECORDS_VARIABLE = "DEEPDIVE_RECORDS"
"""The store of person-level records that a notebook may read. The runner sets it for a run with records and
takes it away from every other; in JupyterLab whoever has the key may set it. ``twin:1:`` before it asks
for the first twin of the records instead of the records."""
TWIN = "twin:"


@dataclass(frozen=True)
class Layout:
    """The folders of one checkout; every path in the package is derived from here."""

    root: Path

    @classmethod
    def find(cls) -> Layout:
        """Return the layout of the checkout that this package belongs to.

        Raises
        ------
        UsageError
            If the folder has no ``data/published``.
        """
        root = Path(os.environ.get(ROOT_VARIABLE) or Path(__file__).resolve().parents[2])
        if not (root / "data" / "published").is_dir():
            raise UsageError(
                f"no data/published in {root}",
                where="layout",
                cure=f"Run inside the checkout, or set {ROOT_VARIABLE} to it.",
            )
        return cls(root)

    @property
    def notebooks(self) -> Path:
        """Committed notebooks, without outputs."""
        return self.root / "notebooks"

    @property
    def data(self) -> Path:
        """Tables of evidence and code lists."""
        return self.root / "data"

    @property
    def reports(self) -> Path:
        """Where reports are written unless ``--out`` says otherwise."""
        return self.root / "reports"

    @property
    def lock(self) -> Path:
        """The lock file that pins every package."""
        return self.root / "requirements.lock"


def run_dir() -> Path | None:
    """Return the folder a running notebook records into, or None outside the runner."""
    value = os.environ.get(RUN_DIR_VARIABLE)
    return Path(value) if value else None


def records_dir() -> Path | None:
    """Return the store of person-level records that a running notebook may read, or None without one."""
    value = os.environ.get(RECORDS_VARIABLE, "")
    folder = value.split(":", 2)[-1] if value.startswith(TWIN) else value
    return Path(folder) if folder else None


def twin_seed() -> int | None:
    """Return which twin of its records a running notebook reads, or None if it reads the records."""
    value = os.environ.get(RECORDS_VARIABLE, "")
    return int(value.split(":", 2)[1]) if value.startswith(TWIN) else None


def as_twin(store: str, seed: int = 1) -> str:
    """Return what stands in the variable for a twin of a store."""
    return f"{TWIN}{seed}:{store}"
