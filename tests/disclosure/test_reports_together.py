"""Reports of one area and period are protected as one: none gives another away, and each shows its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rows import referrals, release

from analysis.disclosure import commitment
from analysis.disclosure.earlier.history import refusals
from analysis.disclosure.earlier.siblings import with_siblings
from analysis.disclosure.handover import handover
from analysis.disclosure.ledger import Ledger, Release
from analysis.disclosure.published import Published
from analysis.disclosure.views import View, Views, declared_by_all
from analysis.errors import DisclosureRefused, UsageError
from analysis.records.keyfile import KeyFile

COUNTS = {
    ("Female", "Accepted"): 61,
    ("Female", "Declined"): 33,
    ("Female", "Withdrew"): 14,
    ("Male", "Accepted"): 25,
    ("Male", "Declined"): 12,
    ("Male", "Withdrew"): 4,
    ("Not recorded", "Accepted"): 13,
    ("Not recorded", "Declined"): 15,
    ("Not recorded", "Withdrew"): 16,
}
GROUPED = {"outcome": {"Not taken in": ["Declined", "Withdrew"]}}


def view(name: str, report: str, **how: Any) -> View:
    return View(name, "crosstab", "referrals", how, "pathway", "Outcome, by sex", report=report)


BY_SEX = view("by_sex", "men", by=("sex", "outcome"))
IN_SHORT = view("by_sex", "needs", by=("sex", "outcome"), groups=GROUPED)
COHORT = SimpleNamespace(referrals=referrals(COUNTS))


def shown(report: str, *views: View, cohort: Any = COHORT) -> tuple[Any, Views]:
    """Return the release of a report, with the views that it protects, and what it shows of them."""
    one = release()
    return one, Views(views, one, cohort, report)


def told(report: str, *views: View, cohort: Any = COHORT) -> Published:
    (found,) = shown(report, *views, cohort=cohort)[0].published()
    return found


def test_two_reports_that_are_protected_each_by_itself_give_each_other_away() -> None:
    assert refusals([told("needs", IN_SHORT)], [told("men", BY_SEX)])


def test_two_reports_that_are_protected_together_do_not_in_either_order() -> None:
    men, needs = told("men", BY_SEX, IN_SHORT), told("needs", BY_SEX, IN_SHORT)
    assert not refusals([needs], [men])
    assert not refusals([men], [needs])
    assert not refusals([men, needs], [])


def test_both_reports_hide_the_same_cells_and_show_only_their_own() -> None:
    men, needs = told("men", BY_SEX, IN_SHORT), told("needs", BY_SEX, IN_SHORT)
    both = set(men.cells) & set(needs.cells)
    assert both
    assert {key: men.cells[key] for key in both} == {key: needs.cells[key] for key in both}
    assert set(men.cells) != set(needs.cells)
    assert men.together == needs.together != told("men", BY_SEX).together


def test_a_report_hands_over_its_own_outputs_and_its_readers_learn_no_others() -> None:
    one, views = shown("needs", BY_SEX, IN_SHORT)
    made = handover(one, {})
    assert list(views) == ["by_sex"]
    assert [output.name for output in made.outputs] == ["needs.referrals.by_sex"]
    assert [table.name for table in made.published[0].tables] == ["needs.referrals.by_sex"]
    assert views["by_sex"].count(sex="Female", outcome="Not taken in") == 47


def test_the_ledger_takes_one_after_the_other_and_still_refuses_what_differences(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger", KeyFile.open(tmp_path / "key", create=True))
    for report in ("men", "needs"):
        ledger.append(entry(report, told(report, BY_SEX, IN_SHORT)))
    assert len(ledger.releases()) == 2
    three_more = SimpleNamespace(referrals=referrals({**COUNTS, ("Female", "Accepted"): 64}))
    longer = replace(told("men", BY_SEX, IN_SHORT, cohort=three_more), end="2023-04-30", data="1" * 64)
    with pytest.raises(DisclosureRefused, match="period"):
        ledger.append(entry("longer", longer))


def test_what_says_that_it_is_of_one_whole_and_contradicts_it_is_held_against_it() -> None:
    men, needs = told("men", BY_SEX, IN_SHORT), told("needs", BY_SEX, IN_SHORT)
    key = next(key for key in needs.cells if key in men.cells and men.cells[key] is None)
    forged = replace(needs, cells={**needs.cells, key: 12})
    assert with_siblings(forged, [men]) == (forged, [men])
    assert refusals([forged], [men])


def test_a_release_of_other_data_is_no_part_of_the_whole() -> None:
    men, needs = told("men", BY_SEX, IN_SHORT), told("needs", BY_SEX, IN_SHORT)
    later = replace(needs, data="1" * 64)
    assert with_siblings(needs, [men])[1] == []
    assert with_siblings(later, [men])[1] == [men]


def test_where_nothing_less_is_safe_nothing_is_shown_and_the_report_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise DisclosureRefused("nothing protects a cell")

    monkeypatch.setattr(commitment, "protect", refused)
    one, views = shown("men", BY_SEX)
    assert "too few" in views["by_sex"].absence.why
    assert set(one.published()[0].cells.values()) == {None}


def test_a_view_that_cannot_be_planned_is_named_with_its_report() -> None:
    faulty = view("by_need", "needs", by=("sex", "outcome"), groups={"outcome": {"Left": ["No such"]}})
    with pytest.raises(UsageError, match=r"needs\.referrals\.by_need: there is no category"):
        shown("men", BY_SEX, faulty)


def test_every_view_of_the_project_has_a_name_of_its_own() -> None:
    labels = [one.label for one in declared_by_all()]
    assert labels
    assert len(set(labels)) == len(labels)


def entry(name: str, published: Published) -> Release:
    return Release(name, "2026-04-01T09:30:00+00:00", "An officer", "0" * 64, published=(published,))
