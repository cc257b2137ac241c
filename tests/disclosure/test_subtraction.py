"""Numbers of single rows, subtracted, of two views and of two releases: what is left is no survivor's own."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from rows import RULES, coded, episodes, release

from analysis.disclosure.earlier import from_rows
from analysis.disclosure.earlier.from_rows import FromRows, digest_of
from analysis.disclosure.earlier.history import LATE, examine
from analysis.disclosure.handover import Handover, handover
from analysis.disclosure.ledger import Ledger, Release
from analysis.errors import DisclosureRefused
from analysis.records.keyfile import KeyFile
from analysis.records.personframe import person_frame

CORE = "CORE-10"
SEXES = ("Female", "Male", "Intersex")
YES_NO = ("Yes", "No")
FIRST = 12
"""Rows of the men who come first, in the made-up frames of sums."""


def stays(*, tiny=0, rows=400, **columns):
    """Return stays, the first of them of a third group."""
    frame = episodes(rows, seed=5, late=0.0)
    sex = frame["sex"].astype(str).to_numpy(copy=True)
    sex[:tiny] = "Intersex"
    need = np.where(np.arange(rows) % 3 == 0, "Yes", "No")
    return frame.assign(sex=coded(sex, SEXES), need=coded(need, YES_NO), **columns)


def scores(change, *, men=FIRST):
    """Return pairs of scores, the first ones of men, with so many points of change."""
    rows = len(change)
    frame = episodes(rows)[["person"]].assign(
        sex=coded(["Male"] * men + ["Female"] * (rows - men), SEXES),
        measure=coded([CORE] * rows, (CORE, "PHQ-9")),
        paired=coded(["Both scores"] * rows, ("Both scores", "First score alone", "Latest score alone")),
        start=40.0,
        end=40.0 + change,
        change=change,
    )
    return person_frame(frame, "pairs of scores")


def told(released):
    """Return what a release shows, or nothing."""
    return {} if released.absence is not None else released.frame()


# Two views of one release ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tiny", [1, 3, 9])
def test_no_two_groups_that_differ_by_few_both_have_their_days(tiny):
    """Mean days times rows of the larger, less those of the smaller, would be the days of the few."""
    one, frame = release(), stays(tiny=tiny)
    apart = one.pace(frame, "sex")
    joined = one.pace(frame, "sex", groups={"sex": {"Not male": ["Female", "Intersex"]}})
    one.commit()
    means = apart.frame().set_index("sex")["mean"].dropna()
    wider = joined.frame().set_index("sex")["mean"].dropna()
    assert len(wider)
    assert not ("Female" in means and "Not male" in wider)


@pytest.mark.parametrize("few", [1, 9])
def test_nor_do_a_group_and_all_but_few_of_it(few):
    """The part that a view is about is subtracted from the whole."""
    one = release()
    frame = stays().assign(need=coded(["No"] * few + ["Yes"] * (400 - few), YES_NO))
    whole, part = one.pace(frame, "sex"), one.pace(frame, "sex", where={"need": "Yes"})
    one.commit()
    shown = [
        set(told(one).dropna(subset=["mean"])["sex"]) if len(told(one)) else set() for one in (whole, part)
    ]
    larger = frame["sex"].astype(str)[frame["need"] == "No"].unique()
    assert any(shown)
    assert not shown[0] & shown[1] & set(larger)


def test_days_of_groups_that_may_differ_are_too_coarse_to_tell_the_largest_of_them():
    """Whole days of the smallest groups allowed leave the sum of those between open by more than p%."""
    least = RULES.percentage_base
    open_by = (least + least + RULES.threshold) / 2
    assert open_by > RULES.p_percent / 100 * RULES.survival_grid_days[-1]
    one = release()
    shown = one.pace(stays(), "sex")
    one.commit()
    days = shown.frame()["mean"].dropna()
    assert (days == days.round()).all()


@pytest.mark.parametrize("kind", ["magnitude", "means", "gain"])
def test_the_sum_of_one_who_holds_most_of_a_difference_is_not_told(kind):
    """Twelve men, of whom one gained nearly all: the sums of everybody and of women are not both shown."""
    change = -np.resize([1.0, 2.0, 3.0], 600)
    change[:FIRST] = 0.0
    even = change.copy()
    even[:FIRST] = -2.0
    change[0] = -40.0
    assert len(_both(kind, scores(even))) == 2
    assert len(_both(kind, scores(change))) == 1


def _both(kind, frame):
    """Return which of the views of everybody and of women show a number."""
    one = release()
    part = {"measure": CORE, "paired": "Both scores"}
    how = {
        "magnitude": lambda where: one.magnitude(frame, "change", where={**part, **where}),
        "means": lambda where: one.means(frame, "change", where={**part, **where}),
        "gain": lambda where: one.gain(frame, CORE, where=where),
    }[kind]
    views = [how({}), how({"sex": "Female"})]
    one.commit()
    name = {"magnitude": "total", "means": "mean", "gain": "gain"}[kind]
    return [view for view in views if len(told(view)) and view.frame()[name].notna().any()]


# Two releases ---------------------------------------------------------------------------------------------


def handed(frame, *, data="0" * 64, **changes):
    """Return what a report with every kind of number of single rows hands over."""
    one = release()
    one.about = replace(one.about, data=data, **changes)
    one.crosstab(frame, "sex", name="sex")
    one.pace(frame, "sex", name="pace")
    one.magnitude(frame, "nights", name="nights", unit="count")
    one.commit()
    return handover(one, {})


@pytest.fixture(scope="module")
def before():
    """A report on stays, and the nights of each."""
    return handed(stays(nights=np.arange(400) % 90 + 10.0))


@pytest.fixture(scope="module")
def corrected():
    """The same of records in which one survivor's nights and days were corrected: no count changes."""
    frame = stays(nights=np.arange(400) % 90 + 10.0)
    days, nights = frame["days"].to_numpy(copy=True), frame["nights"].to_numpy(copy=True)
    place = int(np.flatnonzero((days > 100) & (days < 150) & ~frame["censored"].to_numpy(dtype=bool))[0])
    days[place], nights[place] = days[place] + 30, nights[place] + 57
    return handed(frame.assign(days=days, nights=nights), data="1" * 64)


def test_what_one_correction_changes_is_seen_in_no_count(before, corrected):
    """So the counts alone would let it pass, and the nights of one would be known."""
    assert before.published[0].cells == corrected.published[0].cells
    assert not examine(corrected.published, before.published).refusals
    found = from_rows.refusals(corrected.from_rows, before.from_rows)
    assert {one.key for one in found} >= {(("output", "nights"),)}
    assert {one.rule for one in found} == {LATE}
    assert all("may be one survivor's" in one.why for one in found)


def test_the_ledger_takes_the_same_again_and_refuses_what_was_corrected(before, corrected, tmp_path):
    ledger = Ledger(tmp_path / "ledger", KeyFile.open(tmp_path / "key", create=True))
    ledger.append(_entry("first", before))
    ledger.append(_entry("again", before))
    with pytest.raises(DisclosureRefused, match="late records: episodes, output: nights"):
        ledger.append(_entry("corrected", corrected))
    assert [one.id for one in ledger.releases()] == ["first", "again"]
    assert ledger.releases()[0].from_rows == before.from_rows


def _entry(name, made):
    return Release(
        name,
        "2026-04-01T09:30:00+00:00",
        "An officer",
        "0" * 64,
        published=made.published,
        from_rows=made.from_rows,
    )


def test_new_workbooks_that_change_no_number_are_no_reason_to_refuse(before):
    """Later months change the fingerprint of a store, and nothing of an earlier period."""
    later = handed(stays(nights=np.arange(400) % 90 + 10.0), data="2" * 64)
    assert later.from_rows[0].numbers == before.from_rows[0].numbers
    assert not from_rows.refusals(later.from_rows, before.from_rows)


@pytest.mark.parametrize("changes", [{"end": "2023-06-30"}, {"area": ("rutland",)}, {"base": "stays"}])
def test_other_rows_are_other_rows(before, corrected, changes):
    """Longer periods and other places are held against each other by their counts."""
    other = [replace(one, **changes) for one in corrected.from_rows]
    assert not from_rows.refusals(other, before.from_rows)


def test_the_same_records_read_in_another_way_are_the_same_records(before):
    """A curve to another day is another number of the same rows."""
    (one,) = before.from_rows
    assert not from_rows.refusals([replace(one, numbers={"nights": "f" * 64})], [one])


def test_a_handover_holds_digests_and_no_number_of_single_rows(before):
    body = json.loads(before.to_json())["from_rows"]
    assert [FromRows.of(one) for one in body] == list(before.from_rows)
    assert set(body[0]["numbers"]) == {"pace", "nights"}
    assert all(len(one) == 64 for one in body[0]["numbers"].values())
    assert Handover.from_json(before.to_json()).from_rows == before.from_rows


def test_a_digest_is_of_what_is_shown():
    frame = stays()[["sex", "days"]].head(3)
    assert digest_of(frame) == digest_of(frame.assign(days=frame["days"] + 1e-13))
    assert digest_of(frame) != digest_of(frame.assign(days=frame["days"] + 1))
