"""One run with records, made once, and a copy of it for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import Planted, checkout, make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run and the checkout it is of."""
    root = checkout(tmp_path_factory.mktemp("gate") / "checkout")
    with pytest.MonkeyPatch.context() as patch:
        return make(root, patch), root


@pytest.fixture
def run(made: tuple[Path, Path], tmp_path: Path) -> Planted:
    """A copy of the run that the test may spoil."""
    folder, root = made
    return Planted.copy(folder, root, tmp_path)
