"""Fixtures of the publish room: a checkout with what pages read, and a maker of finished runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handmade_run import Json, cells, record, save

from analysis.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Return a checkout that has only what pages read."""
    published = tmp_path / "checkout" / "data" / "published"
    published.mkdir(parents=True)
    (published / "periods.csv").write_text(
        "area,period,label,start,end,sources\nnorfolk,2022-23,April 2022 to March 2023,,,\n", encoding="utf-8"
    )
    return Layout(tmp_path / "checkout")


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of run folders: ``make_run("norfolk/2022-23/male_survivors", cells)``."""

    def make(
        name: str = "norfolk/2022-23/male_survivors", body: list[Json] | None = None, **more: Any
    ) -> Path:
        return save(tmp_path / "reports" / name, cells() if body is None else body, record(**more))

    return make
