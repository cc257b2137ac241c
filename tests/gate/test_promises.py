"""What the gate takes for granted agrees with the rest of the project."""

from __future__ import annotations

import pytest
from building import Planted
from letters_of_fonts import text

from analysis.disclosure.policy import load
from analysis.gate.drawing import LETTERS_FILE
from analysis.gate.promises import RULES
from analysis.gate.refusal import Limits
from analysis.gate.scan_csv import PROVENANCE
from analysis.gate.scan_released import OUTPUT, PUBLISHED
from analysis.gate.scan_svg import PALETTE
from analysis.gate.scan_wording import EXPLAINED, HINTS
from analysis.gate.subject import Subject
from analysis.layout import Layout
from analysis.present import style
from analysis.present.clearance import HIDDEN_NOTE
from analysis.present.provenance import COLUMNS


def test_the_usual_limits_are_those_of_the_policy() -> None:
    """A gate without a policy is as strict as the one that the repository holds."""
    assert Limits() == Limits.of(load())


def test_an_exception_and_a_topic_reach_the_output_they_name(run: Planted) -> None:
    """A topic is stricter whatever is excepted, and an exception reaches no other output."""
    subject = Subject.read(run.folder, run.root, load())
    bundle = next(one for one in subject.bundles if one.id == "outcomes" and one.kind == "table")
    assert subject.limits(bundle).threshold == 10
    bundle.payload["title"] = "Referrals by self-harm and outcome"
    assert subject.limits(bundle).threshold == 20


def test_the_palette_is_that_of_the_charts() -> None:
    """Every colour that charts may use is known, and no other."""
    used = {style.INK, style.MUTED, style.RULE, style.PAPER, style.NAVY, style.QUIET, style.REFERENCE}
    assert used | set(style.SERIES) | set(style.RAMP) == PALETTE


def test_provenance_columns_are_those_of_the_session() -> None:
    """A CSV ends with the columns that every frame of evidence has."""
    assert PROVENANCE == COLUMNS


def test_what_is_handed_over_has_the_fields_that_disclosure_control_writes(run: Planted) -> None:
    """The gate and disclosure control agree on the form of what one writes and the other reads."""
    body = Subject.read(run.folder, run.root).released
    assert body
    assert set(body["outputs"][0]) == OUTPUT
    assert set(body["published"][0]) == PUBLISHED


def test_every_rule_promises_and_cures_in_sentences() -> None:
    """Both stand on the checker's page, for people."""
    assert all(rule.promise.endswith(".") and rule.cure.endswith(".") for rule in RULES.values())


def test_letters_are_those_of_the_fonts() -> None:
    """Drawings are read with the table that the fonts themselves give: tests/gate/letters_of_fonts.py."""
    assert LETTERS_FILE.read_text("utf-8") == text()


def test_what_disclosure_control_says_of_the_marker_is_no_hint() -> None:
    """The note under every table with a marker passes; a word more does not."""
    note = HIDDEN_NOTE.format(marker="[c]")
    assert HINTS.search(note)
    assert not HINTS.search(EXPLAINED.sub(" ", note))
    assert HINTS.search(EXPLAINED.sub(" ", f"{note} Two men."))


SENTENCES = {
    "The records hold too few referrals for a number, or none.": "The records hold too few {",
    "No model of referrals is shown: some of its categories are of too few people.": "of its categories",
    "No comparison of stays by age is shown: its groups are of too few people.": "its groups are of too",
}
"""What disclosure control says, to words of it in its code."""


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentences_of_disclosure_control_are_no_hints(sentence: str) -> None:
    """They are said in the same words whatever is hidden, and they stand in its code."""
    assert not HINTS.search(EXPLAINED.sub(" ", sentence))
    folder = Layout.find().root / "src" / "analysis" / "disclosure"
    assert SENTENCES[sentence] in " ".join(path.read_text("utf-8") for path in folder.rglob("*.py"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Of 248 referrals, 122 were accepted.",
        "Three of nine characteristics are recorded.",
        "Half of all survivors waited less than 14 days.",
        "The share fell in each of two quarters.",
        "Men are 26% of victims in police records.",
        "None of it is certain.",
        "One in ten men waited.",
        "A few months later the share was higher.",
    ],
)
def test_plain_sentences_are_no_hints(sentence: str) -> None:
    """Numbers of things, of time and of many people may be said."""
    assert not HINTS.search(sentence)
