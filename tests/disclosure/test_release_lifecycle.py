"""A release is planned first, committed once, and holds no rows afterwards."""

import dataclasses
import gc

import pandas as pd
import pytest
from rows import RULES, coded, referrals, release

from analysis.disclosure.absent import PLANS, NoRelease
from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.outputs.summaries import Summaries
from analysis.disclosure.policy import Departure
from analysis.disclosure.release import Release
from analysis.errors import DisclosureRefused, UsageError
from analysis.records.personframe import PersonFrame, person_frame


def test_before_the_commit_an_object_shows_nothing():
    """It says that it is pending, and refuses to give a number."""
    planned = release().crosstab(referrals(), "sex", "outcome")
    assert repr(planned) == "<counts of referrals by sex and outcome: pending>"
    for ask in (planned.frame, planned.table, planned.count, planned.shares):
        with pytest.raises(DisclosureRefused) as refused:
            ask()
        assert "pending. Plan everything first, then call release.commit(), then show it." in str(
            refused.value
        )


def test_after_the_commit_there_is_no_more_planning_and_no_second_commit():
    """Both are refused with what to do."""
    one = release()
    one.crosstab(referrals(), "sex")
    assert one.pending
    one.commit()
    assert not one.pending
    with pytest.raises(UsageError, match=r"the release is committed\. Plan every output before"):
        one.crosstab(referrals(), "sex")
    with pytest.raises(UsageError, match="committed already"):
        one.commit()


def test_a_committed_release_holds_no_rows():
    """The person-level frame is let go of: nothing that a notebook keeps leads back to it."""
    frame = referrals(days=1.0)
    one = release()
    planned = one.crosstab(frame, "sex")
    one.quantiles(frame, "days", by="sex")
    one.commit()
    reached, todo = set(), [one, planned]
    while todo:
        thing = todo.pop()
        if id(thing) in reached or isinstance(thing, type):
            continue
        reached.add(id(thing))
        assert not isinstance(thing, PersonFrame)
        assert not (isinstance(thing, pd.DataFrame) and "person" in thing)
        todo += [other for other in gc.get_referents(thing) if not callable(other)]


@pytest.mark.parametrize(
    "part",
    [
        lambda frame: frame[frame["sex"] == "Male"],
        lambda frame: frame.iloc[::-1],
        lambda frame: frame.head(100).reset_index(drop=True),
        lambda frame: frame.assign(person=0),
    ],
    ids=["filtered", "reversed", "head", "other people"],
)
def test_a_part_of_a_table_is_refused(part):
    """A second population of the same name could be subtracted from the first; where= plans a part."""
    one, frame = release(), referrals()
    one.crosstab(frame, "sex")
    with pytest.raises(DisclosureRefused, match="not the whole of referrals"):
        one.crosstab(part(frame), "outcome")


def test_a_filtered_frame_is_refused_even_if_it_comes_first():
    """A person-level frame knows how many rows its whole table has."""
    frame = referrals()
    with pytest.raises(DisclosureRefused, match="not the whole of referrals"):
        release().crosstab(frame[frame["sex"] == "Male"], "outcome")


def test_a_plain_frame_is_refused():
    """Only the tables of a cohort say what their rows are."""
    with pytest.raises(DisclosureRefused, match="a DataFrame does not say what its rows are"):
        release().crosstab(pd.DataFrame({"sex": ["Male"]}), "sex")


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("age", '"age" has no declared categories. Take a coded column; numbers and dates'),
        ("note", '"note" has no declared categories'),
    ],
)
def test_what_has_no_declared_categories_is_no_dimension(column, said):
    """Numbers and free text would show the values that occur."""
    frame = referrals(age=30, note="x")
    with pytest.raises(UsageError) as refused:
        release().crosstab(frame, column)
    assert said in str(refused.value)


def test_the_categories_are_those_declared_whether_or_not_they_occur():
    """A category that nobody has stands beside one that a few have."""
    counts = {("Female", "Accepted"): 200, ("Female", "Declined"): 100, ("Male", "Accepted"): 60}
    one = release()
    planned = one.crosstab(referrals(counts), "outcome")
    one.commit()
    assert list(planned.frame()["outcome"]) == ["Accepted", "Declined", "Withdrew", "Not recorded"]


def test_what_the_records_lack_is_a_sentence_in_place():
    """A column that is absent, a group of one, an empty frame: an object that says why it has nothing."""
    one = release()
    lacking = one.crosstab(referrals(), "religion")
    assert repr(lacking) == ("<counts of referrals: not available, The records do not hold religion.>")
    single = person_frame(pd.DataFrame({"person": [1], "sex": coded(["Male"], ["Female", "Male"])}), "stays")
    alone = one.crosstab(single, "sex")
    empty = one.crosstab(person_frame(single.iloc[:0].reset_index(drop=True), "children"), "sex")
    numbers = one.means(referrals(), "days")
    one.commit()
    assert alone.absence.why == "The records hold too few stays by sex for a number, or none."
    assert empty.absence.why == "The records hold too few children by sex for a number, or none."
    assert numbers.absence.why == "The records do not hold days."
    for one_of_them in (lacking, alone, empty, numbers):
        assert isinstance(one_of_them.frame(), Unavailable)
        assert isinstance(one_of_them.count(sex="Male"), Unavailable)
        assert isinstance(one_of_them.shares(), Unavailable)


def test_a_topic_is_not_cross_tabulated():
    """Suicide and self-harm are counted by themselves, at their own threshold."""
    suicidal = coded(["Suicidal thoughts"] * 100 + ["None"] * 265, ["Suicidal thoughts", "None"])
    frame = referrals(risk=suicidal)
    one = release()
    with pytest.raises(DisclosureRefused, match=r"suicide is not cross-tabulated\. Count it by itself"):
        one.crosstab(frame, "sex", "risk")
    one.crosstab(frame, "risk")
    one.commit()
    assert one.published()[0].threshold == 20


def test_an_exception_is_applied_to_its_output_and_printed():
    """A smaller base for percentages, for one table and no other."""
    allowed = Departure("percentage_base", "small", 30, "agreed", "the officer", "2999-01-01")
    rules = dataclasses.replace(RULES, exceptions=(allowed,))
    one = release(policy=rules)
    frame = referrals()
    small = one.crosstab(frame, "sex", "outcome", name="small")
    usual = one.crosstab(frame, "sex", "outcome")
    one.commit()
    assert (
        small.share(of="sex", sex="Not recorded", outcome="Accepted").base == 50
        or small.terms.percentage_base == 30
    )
    assert usual.terms.percentage_base == 50
    assert one.exceptions() == (str(allowed),)
    assert small.exceptions == (str(allowed),)
    assert usual.exceptions == ()


def test_without_records_the_same_can_be_planned():
    """The stand-in plans what a release plans, under the same names, and nothing is available."""
    every = {**vars(Release), **vars(Summaries)}
    public = {name for name, value in every.items() if not name.startswith("_") and callable(value)}
    assert public == set(PLANS)
    empty = referrals().iloc[:0]
    nothing = NoRelease()
    for name in PLANS:
        planned = getattr(nothing, name)(empty, "sex", by="outcome")
        assert isinstance(planned, Unavailable)
        assert planned.needs == ("referrals",)
    nothing.commit()
    assert not nothing.pending
    with pytest.raises(AttributeError, match="cannot plan 'histogram'"):
        nothing.histogram(empty)
