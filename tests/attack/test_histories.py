"""Scripted histories of releases: what differencing would give away is refused by the rule expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from scripted import History, published, read

from analysis.disclosure.earlier.geography import Geography
from analysis.disclosure.earlier.history import RULES, refusals
from analysis.disclosure.earlier.lineage import lineage
from analysis.disclosure.earlier.reader import Reader
from analysis.disclosure.published import Published

HISTORIES = read(Path(__file__).with_name("histories.txt"))
TOLD = [one for one in HISTORIES if one.rule]
HARMLESS = [one for one in HISTORIES if not one.rule]
STEPS = [one for one in TOLD if one.name.endswith("three steps")]


def named(history: History) -> str:
    return f"{history.rule or 'harmless'}: {history.name}"


@pytest.mark.parametrize("history", TOLD, ids=named)
def test_a_history_that_tells_is_refused_by_its_rule(history: History) -> None:
    """Every refusal names the rule expected, a cell or a part of one, and the releases that it takes."""
    *earlier, new = history.releases
    found = refusals([new], earlier)
    assert {one.rule for one in found} == {history.rule}
    digests = {one.digest for one in earlier}
    assert all(one.against and set(one.against) <= digests and one.base == new.base for one in found)


@pytest.mark.parametrize("history", TOLD, ids=named)
def test_what_came_before_was_no_fault(history: History) -> None:
    """Every release of a history but the last is accepted after those before it."""
    for place in range(1, len(history.releases) - 1):
        assert not refusals(history.releases[place : place + 1], history.releases[:place])


@pytest.mark.parametrize("history", HISTORIES, ids=named)
def test_no_release_tells_by_itself(history: History) -> None:
    """A hidden cell of one release may be none and may reach the threshold: the history gives it away."""
    for release in history.releases:
        line = lineage([release], Geography.load())
        hidden = [cell.box for cell in line.cells if cell.value is None]
        reader = Reader(line.sizes, map(line.printed, line.cells), hidden, enough=release.threshold)
        for box in hidden:
            low, high = reader.range(box, below=release.threshold)
            assert low >= release.threshold or (low == 0 and high >= release.threshold)
        shown = [value for value in release.cells.values() if value is not None]
        assert release.rounded or min(shown, default=release.threshold) >= release.threshold


@pytest.mark.parametrize("history", STEPS, ids=named)
def test_three_steps_take_all_of_them(history: History) -> None:
    """With any earlier release left out, nothing is told."""
    *earlier, new = history.releases
    for fewer in combinations(earlier, len(earlier) - 1):
        assert not refusals([new], fewer)


@pytest.mark.parametrize("history", STEPS, ids=named)
def test_steps_released_at_once_are_refused_too(history: History) -> None:
    """Reports that are given out together are held against one another."""
    assert {one.rule for one in refusals(history.releases, [])} == {history.rule}


@pytest.mark.parametrize("history", HARMLESS, ids=named)
def test_a_harmless_history_is_not_refused(history: History) -> None:
    """Neither the last release nor any before it."""
    for place in range(1, len(history.releases)):
        assert not refusals(history.releases[place : place + 1], history.releases[:place])


@pytest.mark.parametrize("history", TOLD[::5], ids=named)
def test_releases_of_elsewhere_change_nothing(history: History) -> None:
    """Another county's releases between those of a history neither hide what it tells nor add to it."""
    *earlier, new = history.releases
    elsewhere = published("cumberland 2022-04..2023-03 by sex: all=122 female=81 male=41")
    assert _told(refusals([new], [elsewhere, *earlier, elsewhere])) == _told(refusals([new], earlier))


def test_there_are_as_many_as_promised_and_of_every_rule() -> None:
    """At least 100 that tell, of every rule there is, and 30 that do not."""
    rules = Counter(one.rule for one in TOLD)
    assert len(TOLD) >= 100
    assert len(HARMLESS) >= 30
    assert set(rules) == set(RULES)
    assert len({named(one) for one in HISTORIES}) == len(HISTORIES)
    assert len(STEPS) >= 20


def test_a_refusal_says_no_number_of_the_records() -> None:
    """The sentence of a refusal names place, period and threshold, and no count."""
    history = next(one for one in TOLD if one.name == "growing by a month, few women among many")
    for one in refusals(history.releases[-1:], history.releases[:-1]):
        for release in history.releases:
            counts = {str(value) for value in release.cells.values() if value is not None}
            assert not counts & set(str(one).replace(",", " ").replace(".", " ").split())


def _told(found: Sequence[object]) -> Counter[str]:
    return Counter(map(str, found))


def test_published_survives_its_json() -> None:
    """What a ledger keeps is what was released, to the digest."""
    for history in HISTORIES:
        for release in history.releases:
            again = Published.from_json(release.to_json())
            assert again == release
            assert again.digest == release.digest
