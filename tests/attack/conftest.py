"""How many generated sets are attacked."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def attack_sets(request: pytest.FixtureRequest) -> int:
    """How many sets are attacked."""
    return int(request.config.getoption("--attack-sets"))
