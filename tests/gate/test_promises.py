"""What the gate takes for granted agrees with the rest of the project."""

from __future__ import annotations

from building import Planted

from analysis.disclosure.policy import load
from analysis.gate.promises import RULES
from analysis.gate.refusal import Limits
from analysis.gate.scan_csv import PROVENANCE
from analysis.gate.scan_released import OUTPUT, PUBLISHED
from analysis.gate.scan_svg import PALETTE
from analysis.gate.subject import Subject
from analysis.present import style
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
