"""Both dives on records that can say little: a sentence in its place, no crash and no nonsense interval."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
from outputs_of import Shown, shown

from analysis.layout import RECORDS_VARIABLE
from analysis.records.keyfile import KEY_VARIABLE, KeyFile
from analysis.records.rules.completion import complete
from analysis.records.store import Store

Rows = list[dict[str, Any]]


def rows(area: str, number: int, **given: Any) -> Rows:
    """Return so many referrals of as many survivors, all of one month and one provider."""
    day = {"month": "2022-04-01", "referred_on": "2022-04-02", "decided_on": "2022-04-04"}
    return [
        {
            **({"provider": "north", "area": area, "outcome": "accepted"} | day | given),
            **dict.fromkeys(("person", "case"), f"{area}{at}{json.dumps(given)}".encode().hex()[:30]),
        }
        for at in range(number)
    ]


def group_of_one(area: str) -> Rows:
    """One disabled survivor with a mental health need, accepted; thirty others with neither."""
    one = {"disability": "disabled", "mental_health_need": "yes"}
    return [*rows(area, 1, **one), *rows(area, 30, disability="not-disabled", mental_health_need="no")]


def separated(area: str) -> Rows:
    """Every disabled survivor is declined for want of space, every other accepted."""
    away = {"outcome": "declined-by-provider", "refusal_reason": "no-space"}
    return [
        *rows(area, 40, disability="disabled", **away),
        *rows(area, 60, disability="not-disabled", mental_health_need="yes"),
    ]


def one_column_missing(area: str) -> Rows:
    """Two groups of sixty by need, half of each accepted; of nobody is anything else recorded."""
    away = {"outcome": "declined-by-survivor", "refusal_reason": "too-far"}
    return [
        row
        for need in ("yes", "no")
        for row in (
            *rows(area, 30, mental_health_need=need),
            *rows(area, 30, mental_health_need=need, **away),
        )
    ]


def nobody_recorded(area: str) -> Rows:
    """Sixty referrals of which no characteristic is recorded."""
    return rows(area, 60)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    """A new key."""
    return KeyFile.open(tmp_path_factory.mktemp("key") / "key", create=True)


@pytest.fixture
def report(
    tmp_path_factory: pytest.TempPathFactory, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Shown]:
    """Run a dive on a store of some referrals."""

    def made(notebook: str, area: str, of: Callable[[str], Rows], period: str) -> Shown:
        folder = tmp_path_factory.mktemp("store") / area
        Store(folder, key).write(
            {"referrals": complete({"referrals": pd.DataFrame(of(area))})["referrals"]}, {}
        )
        monkeypatch.setenv(KEY_VARIABLE, str(key.path))
        monkeypatch.setenv(RECORDS_VARIABLE, str(folder))
        return shown.__wrapped__(notebook, area, period)

    return made


def words(made: Shown) -> Iterator[str]:
    """Yield every word for a reader: what is said, titles, alt texts, sentences in the place of results."""
    for some in made.values():
        for one in some:
            yield from (str(one[name]) for name in ("text", "title", "alt", "why", "caption") if name in one)


def numbers(made: Shown) -> Iterator[tuple[float, float]]:
    """Yield the limits of every share that stands in a table or a figure."""
    for one in (*made["table"], *made["figure"]):
        names = [column["name"] for column in one["columns"]]
        if {"share", "low", "high"} <= set(names):
            for row in one["values"]:
                low, high = (row[names.index(name)] for name in ("low", "high"))
                if isinstance(low, float) and isinstance(high, float):
                    yield low, high


@pytest.mark.parametrize(
    ("notebook", "of", "area"),
    [
        ("protected_characteristics", group_of_one, "rutland"),
        ("protected_characteristics", separated, "norfolk"),
        ("protected_characteristics", nobody_recorded, "norfolk"),
        ("mental_health", separated, "rutland"),
        ("mental_health", group_of_one, "rutland"),
        ("mental_health", one_column_missing, "rutland"),
        ("mental_health", nobody_recorded, "norfolk"),
    ],
)
def test_what_can_say_little_says_so(report, notebook, of, area):
    """Every section stands; no number is none; every interval lies in 0 to 1; records say what is lacking."""
    made = report(notebook, area, of, "2022-23")
    said = " ".join(words(made))
    assert not re.search(r"\bnan\b|\binf\b", said)
    limits = [pair for pair in numbers(made) if not any(map(math.isnan, pair))]
    assert all(0 <= low <= high <= 1 for low, high in limits)
    absences = [one["why"] for one in made["absence"]]
    assert any("too few" in why.lower() for why in absences)
    assert not any("1 disabled" in text for text in words(made))
