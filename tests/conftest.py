"""``--attack-sets`` asks for more generated sets than continuous integration has time for."""

from __future__ import annotations

import pytest

SETS = 1000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--attack-sets", type=int, default=SETS, help="generated sets of linked tables that are attacked"
    )
