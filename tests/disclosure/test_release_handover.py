"""What a release tells the ledger, the checker and `deepdive release`: never a number that it hides."""

import json

import numpy as np
import pytest
from rows import RULES, episodes, referrals, release

from analysis.disclosure.commitment import RULES as KINDS
from analysis.disclosure.handover import Handover, handover
from analysis.disclosure.structure import FRAME_OF, known_to_all
from analysis.errors import DataRefused
from analysis.records.cohort import FRAMES, NoCohort

SMALL = {
    ("Female", "Accepted"): 731,
    ("Female", "Declined"): 677,
    ("Female", "Withdrew"): 641,
    ("Female", "Not recorded"): 613,
    ("Male", "Accepted"): 587,
    ("Male", "Declined"): 563,
    ("Male", "Withdrew"): 7,
    ("Male", "Not recorded"): 541,
    ("Not recorded", "Accepted"): 523,
    ("Not recorded", "Declined"): 503,
    ("Not recorded", "Withdrew"): 491,
    ("Not recorded", "Not recorded"): 479,
}


@pytest.fixture(scope="module")
def committed():
    """A release of a table with one small cell, its quartiles, and something that is not there."""
    one = release()
    frame = referrals(SMALL, days=np.arange(sum(SMALL.values())) % 60.0)
    table = one.crosstab(frame, "sex", "outcome", name="outcomes")
    one.quantiles(frame, "days", by="sex", name="waits")
    one.crosstab(frame, "religion", name="religion")
    one.commit()
    return one, table


def test_it_hands_over_what_a_reader_learns_and_no_more(committed):
    """The file round-trips, names the outputs, and holds no hidden count in any form."""
    one, table = committed
    text = handover(one, {"pathway.outcomes": ["outcomes"]}).to_json()
    assert Handover.from_json(text) == handover(one, {"pathway.outcomes": ["outcomes"]})
    body = json.loads(text)
    assert body["policy"] == RULES.digest
    assert body["marker"] == "[c]"
    assert body["keys"] == {"pathway.outcomes": ["outcomes"]}
    frame = table.frame()
    hidden = frame.loc[frame["count"].isna(), ["sex", "outcome"]]
    counts = {str(SMALL[sex, outcome]) for sex, outcome in hidden.itertuples(index=False)}
    assert "7" in counts
    words = set(text.replace('"', " ").replace(",", " ").split())
    assert not counts & words


def test_what_is_published_is_what_is_shown(committed):
    """Every cell of a table that is shown is told to the ledger, and no cell that is hidden."""
    one, table = committed
    (told,) = one.published()
    for (sex, outcome), count in SMALL.items():
        cell = told.cells[("outcome", outcome), ("sex", sex)]
        shown = table.count(sex=sex, outcome=outcome)
        assert cell == (count if shown == count else None) if isinstance(shown, int) else cell is None
    assert told.start == "2022-04-01"
    assert told.threshold == 10


def test_every_output_has_its_rule_its_verdict_and_a_reason(committed):
    """For the checker's page; reasons are sentences without numbers."""
    one, _ = committed
    by_name = {output.name: output for output in one.outputs()}
    assert by_name["outcomes"].verdict == "released in part"
    assert by_name["waits"].verdict in {"released", "released in part"}
    assert by_name["religion"].verdict == "not available"
    for output in by_name.values():
        assert output.rule == KINDS[output.kind]
        assert output.reason.endswith(".")
        assert not any(letter.isdigit() for letter in output.reason)


def test_what_was_planned_and_never_committed_is_said():
    """Its verdict is that it was not released."""
    one = release()
    one.survival(episodes())
    (output,) = one.outputs()
    assert output.verdict == "not released"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"form": "other"}', '{"form": "deepdive-disclosure-1"}'])
def test_another_file_is_refused(text):
    """What is not a handover is not read as one."""
    with pytest.raises(DataRefused, match=r"disclosure\.json: it cannot be read"):
        Handover.from_json(text)


def test_every_frame_of_a_cohort_is_known_by_what_its_rows_are():
    """The combinations that cannot be are found for each base, and name its own columns."""
    cohort = NoCohort("norfolk", "2022-23")
    impossible = known_to_all(cohort, RULES)
    for name in FRAMES:
        frame = getattr(cohort, name)
        assert FRAME_OF.get(frame.what, frame.what) == name
        for key in impossible(frame.what):
            assert {column.removesuffix(" known") for column, _ in key} <= set(frame.columns)
    keys = set(impossible("referrals"))
    assert (("ethnicity", "Indian"), ("ethnicity_group", "White")) in keys
    assert (("ethnicity", "Indian"), ("ethnicity_group", "Asian, Asian British or Asian Welsh")) not in keys
    assert any({"outcome", "refusal_reason"} == {column for column, _ in key} for key in keys)
