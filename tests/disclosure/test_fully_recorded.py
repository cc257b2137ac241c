"""A column in which nothing is unknown: its empty category hides another, if not declared impossible."""

from __future__ import annotations

import pytest
from rows import referrals, release

from analysis.disclosure.outputs.hidden import Hidden
from analysis.disclosure.tables import make_key
from analysis.errors import DataRefused

COMPLETE = {
    ("Female", "Accepted"): 60,
    ("Female", "Declined"): 30,
    ("Male", "Accepted"): 25,
    ("Male", "Declined"): 15,
}
UNKNOWN = [make_key([("sex", "Not recorded")]), make_key([("outcome", "Not recorded")])]
ALL_BUT_WITHDREW = [*UNKNOWN, make_key([("outcome", "Withdrew")])]


def table(counts, impossible):
    one = release(impossible=lambda _: impossible)
    planned = one.crosstab(referrals(counts), "sex", "outcome")
    one.commit()
    return planned


def test_nobody_unknown_is_a_count_below_the_threshold_and_hides_a_second_category():
    """That nobody is unknown would tell of a marker elsewhere that somebody is."""
    shown = table(COMPLETE, [])
    assert isinstance(shown.count(sex="Not recorded"), Hidden)
    assert any(isinstance(shown.count(sex=one), Hidden) for one in ("Female", "Male")) or isinstance(
        shown.count(), Hidden
    )


def test_where_the_rules_demand_a_value_nothing_is_hidden_for_the_unknown():
    """Declared impossible, whatever the rows say: every category is released."""
    shown = table(COMPLETE, ALL_BUT_WITHDREW)
    assert shown.count() == 130
    assert [shown.count(sex=one) for one in ("Female", "Male")] == [90, 40]
    assert shown.count(sex="Male", outcome="Declined") == 15


def test_a_row_that_contradicts_a_declaration_is_told_before_anything_is_shown():
    """Hidden like other cells it would say that somebody is where everybody knows that nobody can be."""
    with pytest.raises(DataRefused) as caught:
        table({**COMPLETE, ("Not recorded", "Accepted"): 1}, ALL_BUT_WITHDREW)
    told = str(caught.value)
    assert "records, referrals: sex" in told
    assert "outcome" not in told
    assert "`structural` in data/policy.yml" in told
    assert "Not recorded" not in told


def test_columns_of_a_combination_are_named_together_and_what_holds_is_not():
    """Two declarations are contradicted by the same rows; the third is kept."""
    both = make_key([("sex", "Male"), ("outcome", "Accepted")])
    with pytest.raises(DataRefused, match=r"records, referrals: outcome with sex\b"):
        table(COMPLETE, [both, *UNKNOWN])
