"""A checkout of the data that a test may break, and evidence without corrected readings."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.evidence.corrected import COLUMNS
from analysis.evidence.published import Evidence, load
from analysis.layout import Layout


def no_corrections() -> pd.DataFrame:
    """Return an empty table of corrected readings."""
    return pd.DataFrame(columns=list(COLUMNS))


@pytest.fixture(scope="session")
def printed() -> Evidence:
    """The evidence as printed, without the audit's readings."""
    return load(corrections=no_corrections())


@pytest.fixture
def broken(tmp_path: Path) -> Callable[..., Evidence]:
    """Load a copy of the data in which one text of one file is replaced by another."""
    shutil.copytree(Layout.find().data, tmp_path / "data")

    def make(path: str, *changes: tuple[str, str]) -> Evidence:
        file = tmp_path / "data" / path
        text = file.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{old!r} is not in {path}"
            text = text.replace(old, new, 1)
        file.write_text(text, encoding="utf-8")
        return load(Layout(tmp_path), corrections=no_corrections())

    return make
