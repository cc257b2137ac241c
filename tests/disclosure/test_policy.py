"""The policy is read strictly: what is wrong, on which line, and what to do."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.disclosure.policy import EXCEPTABLE, NUMBERS, RULES, load
from analysis.errors import DataRefused
from analysis.layout import Layout

FILE = Layout.find().data / "policy.yml"
EXCEPTION = {
    "rule": "percentage_base",
    "output": "access",
    "value": 40,
    "reason": "agreed in May",
    "approved_by": "head of information governance",
    "until": "2027-03-31",
}
DAY = date(2027, 3, 31)


def content() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text("utf-8")))


@pytest.fixture
def wrong(tmp_path: Path) -> Any:
    """Read a policy with some changes, and return what is said of it."""

    def said(**changes: Any) -> str:
        path = tmp_path / "policy.yml"
        given = {**content(), **changes}
        kept = {name: value for name, value in given.items() if value is not ...}
        path.write_text(yaml.safe_dump(kept, sort_keys=False), encoding="utf-8")
        with pytest.raises(DataRefused) as refused:
            load(path)
        return str(refused.value)

    return said


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Read a policy with some changes."""

    def policy(**changes: Any) -> Any:
        path = tmp_path / "policy.yml"
        path.write_text(yaml.safe_dump({**content(), **changes}), encoding="utf-8")
        return load(path)

    return policy


def test_the_policy_of_the_project_is_the_one_designed() -> None:
    """Threshold 10, base 5, percentages on 50, one marker, quantiles with 10 each side; stricter topics."""
    policy = load()
    assert (policy.threshold, policy.rounding_base, policy.percentage_base) == (10, 5, 50)
    assert (policy.marker, policy.structural_marker, policy.quantile_side) == ("[c]", "–", 10)
    assert policy.survival_events == policy.threshold
    assert policy.survival_grid_days == (0, 7, 14, 28, 56, 91, 182, 273, 365)
    assert {topic.name: (topic.threshold, topic.dimensions) for topic in policy.topics} == {
        "suicide": (20, 1),
        "self_harm": (20, 1),
    }
    assert policy.exceptions == ()


def test_a_policy_cannot_be_changed_once_read() -> None:
    """It is frozen."""
    with pytest.raises(FrozenInstanceError):
        load().threshold = 1  # type: ignore[misc]


def test_the_digest_is_of_the_rules_and_not_of_the_file(tmp_path: Path, read: Any) -> None:
    """Comments and order do not change it; any rule does."""
    again = tmp_path / "again.yml"
    again.write_text(yaml.safe_dump(content(), sort_keys=True), encoding="utf-8")
    assert load(again).digest == load().digest
    assert read(threshold=11).digest != load().digest
    assert read(exceptions=[EXCEPTION]).digest != load().digest


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_missing_is_named(wrong: Any, rule: str) -> None:
    """No rule has a default that could be forgotten in silence."""
    assert f'no "{rule}". Give it.' in wrong(**{rule: ...})


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest(wrong: Any) -> None:
    """A mistyped key is no key."""
    said = wrong(treshold=10)
    line = len(yaml.safe_dump(content(), sort_keys=False).splitlines()) + 1
    assert said.startswith(
        f'policy.yml line {line}, treshold: unknown key "treshold". Did you mean "threshold"?'
    )


@pytest.mark.parametrize("rule", NUMBERS)
@pytest.mark.parametrize("value", ["ten", 9.5, True, None, [10]])
def test_a_wrong_type_is_refused(wrong: Any, rule: str, value: Any) -> None:
    """A whole number is a whole number."""
    assert f"{rule}: this is no whole number." in wrong(**{rule: value})


@pytest.mark.parametrize("rule", NUMBERS)
def test_nothing_goes_below_its_floor_nor_above_its_roof(wrong: Any, rule: str) -> None:
    """Neither in the file nor by an exception."""
    low, high = NUMBERS[rule]
    assert low >= 5
    assert f"{rule}: {low - 1} is below {low}." in wrong(**{rule: low - 1})
    assert f"{rule}: {high + 1} is above {high}." in wrong(**{rule: high + 1})
    said = wrong(exceptions=[{**EXCEPTION, "rule": rule, "value": low - 1}])
    assert f"exceptions.1.value: {low - 1} is below {low}." in said


def test_every_fault_is_told_at_once(wrong: Any) -> None:
    """A policy is mended once, not once a rule."""
    said = wrong(threshold=4, marker="", dominance={"contributors": 2}, p_percent="much")
    assert "policy.yml: 4 rules are broken" in said
    assert "line 1, threshold: 4 is below 5" in said
    assert "marker: this is no text" in said
    assert 'dominance: no "share"' in said
    assert "p_percent: this is no whole number" in said


@pytest.mark.parametrize("missing", ["reason", "approved_by", "until"])
@pytest.mark.parametrize("blank", [..., "", "  "])
def test_an_exception_needs_reason_approver_and_end(wrong: Any, missing: str, blank: Any) -> None:
    """Nobody departs from a rule without saying why, who answers for it and until when."""
    given = {**EXCEPTION, missing: blank}
    assert "exceptions.1" in wrong(exceptions=[{key: one for key, one in given.items() if one is not ...}])


@pytest.mark.parametrize("rule", sorted(set(RULES) - set(EXCEPTABLE)))
def test_some_rules_have_no_exceptions(wrong: Any, rule: str) -> None:
    """Markers, topics, structural zeros and exceptions themselves."""
    assert f'no exception is possible to "{rule}"' in wrong(exceptions=[{**EXCEPTION, "rule": rule}])


def test_two_exceptions_to_one_rule_for_one_output_are_refused(wrong: Any) -> None:
    """Nobody could say which holds."""
    assert "exceptions.2: there is another exception" in wrong(exceptions=[EXCEPTION, EXCEPTION])


def test_an_exception_holds_for_its_output_to_its_last_day(read: Any) -> None:
    """And for nothing else, and not a day longer."""
    policy = read(exceptions=[EXCEPTION])
    (exception,) = policy.exceptions
    assert policy.for_output("access", DAY).percentage_base == 40
    assert policy.for_output("access", DAY).exceptions == (exception,)
    assert policy.for_output("access", date(2027, 4, 1)).percentage_base == 50
    assert policy.for_output("reasons", DAY).percentage_base == 50
    assert policy.for_output("reasons", DAY).exceptions == ()
    assert policy.in_force(date(2027, 4, 1)) == ()


def test_an_exception_says_what_a_report_prints(read: Any) -> None:
    """Output, rule, value, reason, approver and end."""
    (exception,) = read(exceptions=[EXCEPTION]).exceptions
    assert str(exception) == (
        "Exception for access: percentage_base is 40. Reason: agreed in May. "
        "Approved by head of information governance, until 2027-03-31."
    )


def test_an_exception_to_the_grid_is_a_grid(read: Any, wrong: Any) -> None:
    """Days that rise from 0, a week apart."""
    grid = {**EXCEPTION, "rule": "survival_grid_days"}
    policy = read(exceptions=[{**grid, "value": [0, 7, 30]}])
    assert policy.for_output("access", DAY).survival_grid_days == (0, 7, 30)
    assert "exceptions.1.value: two days lie less than a week apart" in wrong(
        exceptions=[{**grid, "value": [0, 1, 2]}]
    )


@pytest.mark.parametrize("grid", [[], [0], [7, 14], [0, "7"], 7, [0, True]])
def test_a_grid_of_days_is_one(wrong: Any, grid: Any) -> None:
    """It starts at 0 and has more than one day."""
    assert "survival_grid_days" in wrong(survival_grid_days=grid)


@pytest.mark.parametrize(
    ("names", "topics"),
    [
        (["needs", "suicidal_thoughts"], ("suicide",)),
        (["Self-harm"], ("self_harm",)),
        (["history of SELF HARM", "suicide"], ("self_harm", "suicide")),
        (["selfharming"], ()),
        (["outcome", "sex"], ()),
        ([], ()),
    ],
)
def test_a_topic_is_told_by_its_words(names: list[str], topics: tuple[str, ...]) -> None:
    """Whole words of a table, dimension or category, whatever joins them; the strictest limits hold."""
    limits = load().limits(names)
    assert limits.topics == topics
    assert (limits.threshold, limits.dimensions) == ((20, 1) if topics else (10, 4))


def test_no_exception_reaches_a_topic(read: Any) -> None:
    """The threshold of a topic stays when that of an output falls."""
    policy = read(exceptions=[{**EXCEPTION, "rule": "threshold", "value": 5}]).for_output("access", DAY)
    assert policy.threshold == 5
    assert policy.limits(["suicide"]).threshold == 20


def test_a_topic_is_stricter_than_the_rest(wrong: Any) -> None:
    """Or it is no topic."""
    topics = {"suicide": {**content()["topics"]["suicide"], "threshold": 9}}
    assert "topics.suicide.threshold: 9 is below the threshold of 10" in wrong(topics=topics)


def test_a_structural_zero_names_a_combination_and_why(read: Any, wrong: Any) -> None:
    """Pairs of dimension and category, sorted as a cell is."""
    zero = {"base": "referrals", "cell": {"sex": "male", "pregnant": "yes"}, "why": "recorded of women"}
    (found,) = read(structural=[zero]).structural
    assert found.cell == (("pregnant", "yes"), ("sex", "male"))
    assert "structural.1.cell: no category is named" in wrong(structural=[{**zero, "cell": {}}])


def test_the_two_markers_differ(wrong: Any) -> None:
    """Hidden is not impossible."""
    assert "both markers are the same" in wrong(structural_marker="[c]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("threshold: 10\nthreshold: 9\n", 'policy.yml line 2: "threshold" stands twice'),
        ("threshold: [10\n", "this is not YAML"),
        ("- 10\n", "this is no mapping"),
        ("", "this is no mapping"),
    ],
)
def test_what_is_no_policy_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """A key twice, broken YAML, a list, nothing."""
    path = tmp_path / "policy.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataRefused, match="policy") as refused:
        load(path)
    assert said in str(refused.value)


def test_a_policy_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the name of the file."""
    with pytest.raises(DataRefused, match=r"nowhere\.yml: it cannot be read"):
        load(tmp_path / "nowhere.yml")
