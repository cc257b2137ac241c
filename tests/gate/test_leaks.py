"""Planted leaks: each is caught by the gate, or seen by the twin run alone, and said so with the reason."""

from __future__ import annotations

import pytest
from building import Planted
from leak import BORN, EMAIL, NAME, NHS, PHONE, POSTCODE, Leak
from leaks_in_files import LEAKS as IN_FILES
from leaks_in_notebooks import LEAKS as IN_NOTEBOOKS
from leaks_in_numbers import LEAKS as IN_NUMBERS
from leaks_in_words import LEAKS as IN_WORDS
from leaks_of_twins import LEAKS as OF_TWINS
from secrets_of_a_store import PSEUDONYM, REFERENCE, SECRETS, UNIT

from analysis import gate
from analysis.disclosure.policy import load
from analysis.gate.promises import RULES
from analysis.gate.twin import compare

LEAKS: list[Leak] = [*IN_WORDS, *IN_NOTEBOOKS, *IN_FILES, *IN_NUMBERS, *OF_TWINS]
SECRET = (NAME, BORN, NHS, POSTCODE, PHONE, EMAIL, PSEUDONYM, REFERENCE, UNIT)
BY_GATE = [leak for leak in LEAKS if leak.caught_by == "gate"]
BY_TWIN = [leak for leak in LEAKS if leak.caught_by == "twin"]


def test_the_catalogue_is_wide_and_says_who_catches_what() -> None:
    """At least 60 kinds, each named once; whatever only a twin run sees says why."""
    assert len(LEAKS) >= 60
    assert len({leak.name for leak in LEAKS}) == len(LEAKS)
    assert all(leak.why for leak in BY_TWIN)


def test_every_rule_is_broken_by_a_planted_leak() -> None:
    """No rule of the gate goes untested, but those over archives, which have tests of their own."""
    tested = {rule for leak in BY_GATE for rule in leak.rules}
    assert set(RULES) - tested == {"archive"}


@pytest.mark.parametrize("leak", BY_GATE, ids=lambda leak: leak.name)
def test_the_gate_catches_it(leak: Leak, run: Planted) -> None:
    """The gate names one of the rules that the leak breaks, and never repeats what leaked."""
    leak.plant(run)
    found = gate.examine(run.folder, SECRETS, load(), run.root)
    assert {one.rule for one in found} & set(leak.rules), [str(one) for one in found]
    said = " ".join(map(str, found)).casefold()
    assert not [secret for secret in SECRET if secret.casefold() in said]


@pytest.mark.parametrize("leak", BY_TWIN, ids=lambda leak: leak.name)
def test_the_twin_run_alone_catches_it(leak: Leak, run: Planted, made: tuple) -> None:
    """The gate has nothing to say of it, and the comparison of two runs names the file it is in."""
    leak.plant(run)
    assert [str(one) for one in gate.examine(run.folder, SECRETS, load(), run.root)] == []
    assert compare(made[0], run.folder)
