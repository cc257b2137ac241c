"""Counts and shares: markers for what is hidden, the policy's base for percentages, nobody told as all."""

import pandas as pd
import pytest
from rows import coded, referrals, release

from analysis.disclosure.outputs.hidden import Hidden
from analysis.disclosure.population import Population
from analysis.errors import DisclosureRefused, UsageError
from analysis.methods import proportions
from analysis.methods.estimate import Estimate

SMALL = {
    ("Female", "Accepted"): 120,
    ("Female", "Declined"): 60,
    ("Female", "Withdrew"): 40,
    ("Male", "Accepted"): 30,
    ("Male", "Declined"): 20,
    ("Male", "Withdrew"): 3,
    ("Not recorded", "Accepted"): 14,
    ("Not recorded", "Declined"): 13,
    ("Not recorded", "Withdrew"): 12,
    ("Female", "Not recorded"): 13,
    ("Male", "Not recorded"): 12,
    ("Not recorded", "Not recorded"): 11,
}


def committed(frame, *by, **named):
    """Plan one table, commit, and return it."""
    one = release()
    planned = one.crosstab(frame, *by, **named)
    one.commit()
    return planned


def test_a_table_of_large_counts_is_released_whole():
    """Nothing is hidden where nothing is small; margins are the sums."""
    table = committed(referrals(), "sex", "outcome")
    assert table.count() == 365
    assert table.count(sex="Male", outcome="Withdrew") == 15
    assert table.count(sex="Male") == 82
    frame = table.frame()
    assert frame["count"].sum() == 365
    assert set(frame["marker"]) == {""}
    assert set(frame["tier"]) == {"records"}
    assert set(frame["source_id"]) == {"records-norfolk"}


def test_a_small_count_is_hidden_with_something_beside_it():
    """Subtraction gives no way back: at least one more cell of its row and of its column is hidden."""
    table = committed(referrals(SMALL), "sex", "outcome")
    hidden = table.frame().loc[lambda rows: rows["count"].isna()]
    assert isinstance(table.count(sex="Male", outcome="Withdrew"), Hidden)
    assert set(hidden["marker"]) == {"[c]"}
    assert (hidden["sex"] == "Male").sum() >= 2 or isinstance(table.count(sex="Male"), Hidden)
    assert (hidden["outcome"] == "Withdrew").sum() >= 2 or isinstance(table.count(outcome="Withdrew"), Hidden)


def test_a_table_says_the_marker_in_place_of_every_hidden_number():
    """As shown and as written to a file; never a blank, never "not published"."""
    shown = committed(referrals(SMALL), "sex", "outcome").table()
    assert list(shown.columns[:6]) == ["sex", "Accepted", "Declined", "Withdrew", "Not recorded", "All"]
    cells = shown[["Accepted", "Declined", "Withdrew", "Not recorded", "All"]]
    assert cells.map(lambda cell: isinstance(cell, Hidden)).sum(axis=None) >= 4
    assert ",," not in cells.to_csv(index=False)
    assert "[c]" in cells.to_csv(index=False)


def test_people_are_counted_and_not_only_rows():
    """Twelve referrals of three men are three men."""
    counts = {("Female", "Accepted"): 200, ("Female", "Declined"): 100, ("Male", "Accepted"): 12}
    people = [*range(300), *([300, 301, 302] * 4)]
    table = committed(referrals(counts, people=people), "sex")
    assert isinstance(table.count(sex="Male"), Hidden)


def test_all_of_a_group_in_one_category_is_never_told():
    """Twelve men, every one of them declined: neither the table nor a table of the declined says so."""
    counts = {
        ("Female", "Accepted"): 120,
        ("Female", "Declined"): 60,
        ("Male", "Declined"): 12,
        ("Not recorded", "Accepted"): 30,
        ("Not recorded", "Declined"): 20,
    }
    frame = referrals(counts)
    one = release()
    both = one.crosstab(frame, "sex", "outcome")
    men, declined = one.crosstab(frame, "sex"), one.crosstab(frame, "sex", where={"outcome": "Declined"})
    one.commit()
    told = [men.count(sex="Male"), declined.count(sex="Male"), both.count(sex="Male", outcome="Declined")]
    known = {one_of_them for one_of_them in told if not isinstance(one_of_them, Hidden)}
    assert len(known) <= 1
    assert isinstance(men.count(sex="Male"), Hidden) or isinstance(declined.count(sex="Male"), Hidden)
    assert isinstance(both.share(of="sex", sex="Male", outcome="Declined"), Hidden)


def test_the_rest_of_a_part_is_protected_with_it():
    """A table of those accepted plans the cells of those not accepted, which a reader gets by subtraction."""
    one = release()
    one.crosstab(referrals(SMALL), "sex", where={"outcome": ["Accepted", "Declined", "Not recorded"]})
    one.commit()
    (told,) = one.published()
    assert told.cells[("outcome", "Withdrew"), ("sex", "Male")] is None


def test_structural_zeros_are_shown_as_such():
    """What cannot be is a dash, known to be none, and hides nothing beside it."""
    kinds = coded(["Full"] * 180 + ["Does not apply"] * 184, ["Full", "Does not apply"])
    counts = {("Female", "Declined"): 120, ("Male", "Declined"): 60}
    counts |= {("Female", "Accepted"): 104, ("Male", "Accepted"): 80}
    cannot = [(("outcome", one), ("reason", "Full")) for one in ("Accepted", "Withdrew", "Not recorded")]
    cannot.append((("outcome", "Declined"), ("reason", "Does not apply")))
    one = release(impossible=lambda base: cannot if base == "referrals" else ())
    table = one.crosstab(referrals(counts, reason=kinds), "reason", "outcome")
    one.commit()
    assert table.count(outcome="Accepted", reason="Full") == 0
    row = table.frame().set_index(["reason", "outcome"]).loc[("Full", "Accepted")]
    assert row["marker"] == "–"
    assert str(table.table().set_index("reason").loc["Full", "Accepted"]) == "–"


def test_the_kinds_of_unknown_are_one_category_unless_kept_apart():
    """Four small unknowns would hide four cells more, and something beside each."""
    unknown = ["Not known", "Not asked", "Prefer not to say", "Not recorded"]
    said = coded(["Yes"] * 150 + ["No"] * 175 + unknown * 10, ["Yes", "No", *unknown])
    frame = referrals(disabled=said)
    together, apart = committed(frame, "disabled"), committed(frame, "disabled", apart=["disabled"])
    assert list(together.frame()["disabled"]) == ["Yes", "No", "Unknown, of any kind"]
    assert together.count(disabled="Unknown, of any kind") == 40
    assert list(apart.frame()["disabled"]) == ["Yes", "No", *unknown]


def test_groups_are_shown_in_place_of_what_they_cover():
    """Named sets of categories; a name for two sets is refused."""
    frame = referrals()
    table = committed(frame, "outcome", groups={"outcome": {"Not accepted": ("Declined", "Withdrew")}})
    assert list(table.frame()["outcome"]) == ["Accepted", "Not accepted", "Not recorded"]
    one = release()
    one.crosstab(frame, "outcome", groups={"outcome": {"Other": ("Declined",)}})
    with pytest.raises(UsageError, match='"Other" covers two sets'):
        one.crosstab(frame, "outcome", groups={"outcome": {"Other": ("Declined", "Withdrew")}})


def test_shares_come_from_released_counts_alone():
    """Wilson's interval on the released base; hidden where the count is, or the base is under 50."""
    table = committed(referrals(SMALL), "sex", "outcome")
    share = table.share(of="sex", sex="Female", outcome="Accepted")
    if not isinstance(share, Hidden):
        assert (share.count, share.base) == (120, 233)
        assert share == proportions.proportion(120, 233)
    small = committed(referrals(), "sex", "outcome")
    assert small.count(sex="Not recorded") == 50
    assert isinstance(small.share(of="sex", sex="Not recorded", outcome="Accepted"), Estimate)
    tiny = {**SMALL, ("Not recorded", "Accepted"): 13}
    below = committed(referrals({**tiny, ("Male", "Withdrew"): 15}), "sex", "outcome")
    assert below.count(sex="Not recorded") == 49
    assert isinstance(below.share(of="sex", sex="Not recorded", outcome="Accepted"), Hidden)


def test_the_frame_of_shares_has_its_bases_and_markers():
    """Every row has its count and base, and the marker where one of its numbers is missing."""
    shares = committed(referrals(SMALL), "sex", "outcome").shares(of="sex")
    frame = shares.frame()
    assert list(frame.columns[:7]) == ["sex", "outcome", "count", "base", "share", "low", "high"]
    numbers = frame[["count", "base", "share", "low", "high"]]
    assert (numbers.isna().any(axis=1) == (frame["marker"] == "[c]")).all()
    known = frame.dropna(subset=["share"])
    assert ((known["count"] / known["base"] - known["share"]).abs() < 1e-12).all()
    with pytest.raises(UsageError, match="keeps every axis"):
        committed(referrals(), "sex").shares(of="sex")


@pytest.mark.parametrize(
    ("at", "said"),
    [({"sex": "Men"}, '"sex" has no category "Men"'), ({"gender": "Male"}, '"gender" is not an axis')],
)
def test_a_slip_in_a_name_is_told_with_what_there_is(at, said):
    """An axis or a category that the object does not have."""
    with pytest.raises(UsageError) as refused:
        committed(referrals(), "sex").count(**at)
    assert said in str(refused.value)
    assert "Known: " in str(refused.value)


def test_methods_are_applied_to_released_numbers_only():
    """A method is handed the released frame; a frame of rows, and a function of no method, are refused."""
    table = committed(referrals(SMALL), "sex", "outcome").shares(of="sex")
    derived = table.derive(proportions.with_proportions, "count", "base")
    assert derived.kind == "derived"
    assert set(derived.frame()["marker"]) == set(table.frame()["marker"])
    with pytest.raises(DisclosureRefused, match="only a method is applied"):
        table.derive(lambda frame: frame)
    with pytest.raises(DisclosureRefused, match="a PersonFrame that is not released was handed"):
        table.derive(proportions.with_proportions, referrals())
    with pytest.raises(DisclosureRefused, match="a DataFrame that is not released was handed"):
        table.derive(proportions.with_proportions, [pd.DataFrame({"n": [1], "tier": ["records"]})])


def test_the_order_of_rows_and_the_names_of_people_do_not_matter():
    """The same people in another order give the same release, to the byte."""
    frame = referrals(SMALL)
    turned = frame.sample(frac=1, random_state=3)
    turned = referrals(SMALL).assign(**{name: turned[name].array for name in frame.columns})
    first, second = (
        committed(frame, "sex", "outcome"),
        committed(turned.assign(person=turned["person"] + 7), "sex", "outcome"),
    )
    pd.testing.assert_frame_equal(first.frame(), second.frame())


def test_a_column_that_means_two_things_is_refused():
    """One name, one set of values for each row."""
    population = Population(referrals())
    population.declare(referrals(), "sex")
    with pytest.raises(UsageError, match='"sex" stands for two things'):
        population.declare(
            referrals().assign(sex=coded(["Male"] * 365, ["Female", "Male", "Not recorded"])), "sex"
        )
