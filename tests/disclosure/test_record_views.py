"""Views over records are data: read strictly, planned together, committed once."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from rows import referrals, release

from analysis.disclosure.absent import NoRelease
from analysis.disclosure.views import Views, declared
from analysis.errors import DataRefused, UsageError
from analysis.layout import Layout
from analysis.parameters import Areas
from analysis.records.cohort import FRAMES, NoCohort

VIEW = """
made_up:
  by_sex:
    kind: crosstab
    frame: referrals
    section: pathway
    title: Outcome, by sex
    by: [sex, outcome]
  of_men:
    kind: crosstab
    frame: referrals
    section: pathway
    title: Outcome of men
    by: outcome
    where: {sex: Male}
"""


def views(tmp_path: Path, text: str, notebook: str = "made_up"):
    path = tmp_path / "views.yml"
    path.write_text(text, "utf-8")
    return declared(notebook, path)


def test_all_views_of_a_report_are_released_when_the_first_is_asked_for(tmp_path: Path) -> None:
    one = release()
    shown = Views(views(tmp_path, VIEW), one, SimpleNamespace(referrals=referrals()))
    assert one.committed
    assert list(shown) == ["by_sex", "of_men"]
    assert shown["by_sex"].count(sex="Male", outcome="Accepted") == 30
    assert shown["of_men"].count(outcome="Accepted") == 30
    with pytest.raises(UsageError, match='no view "by_age"'):
        shown["by_age"]


def test_a_report_that_declares_none_has_none(tmp_path: Path) -> None:
    assert views(tmp_path, VIEW, "another") == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: crosstab", "kind: crosstabs", 'crosstabs" is no kind of view'),
        ("    by: outcome\n", "", 'no "by"'),
        ("    title: Outcome of men\n", "", 'no "title"'),
        ("where:", "were:", 'unknown key "were"'),
    ],
)
def test_a_slip_in_the_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(DataRefused, match=said) as refused:
        views(tmp_path, VIEW.replace(old, new))
    assert "line" in str(refused.value)


@pytest.mark.parametrize(
    "notebook", ["male_survivors", "protected_characteristics", "mental_health", "value_for_money"]
)
def test_the_projects_views_name_frames_columns_and_sections_that_exist(notebook: str) -> None:
    source = (Layout.find().notebooks / f"{notebook}.ipynb").read_text("utf-8")
    area, period = Areas.load().default_pairs()[0]
    cohort = NoCohort(area, period)
    found = declared(notebook)
    assert found
    for view in found:
        assert view.frame in FRAMES
        columns = set(getattr(cohort, view.frame).columns)
        named = [column for column in view.columns() if column != "departure_kind"]
        assert set(named) <= columns, view.name
        assert f'show_records(run, \\"{view.section}\\"' in source, view.name


def test_without_records_every_view_is_not_available(tmp_path: Path) -> None:
    cohort = SimpleNamespace(referrals=referrals())
    shown = Views(views(tmp_path, VIEW), NoRelease(), cohort)
    assert not shown["by_sex"]
