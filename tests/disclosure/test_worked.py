"""What is worked out of released views: methods see released numbers alone, and nothing left is said so."""

from __future__ import annotations

from typing import Any

import pytest
from rows import referrals, release

from analysis.disclosure.outputs.hidden import Unavailable
from analysis.disclosure.views import declared_by_all
from analysis.present import worked as worked_out
from analysis.present.worked import METHODS, Worked, worked

HOW = {"by": "groups.side_by_side", "of": "by_sex", "shares": "group", "give": {"first": "Sex"}}


class Run:
    """Keeps what a report would show."""

    notebook, confidence = "made_up", 0.95

    def __init__(self, **records: Any) -> None:
        self.records, self.shown = records, []

    def table(self, key: str, frame: Any, *, title: str, **more: Any) -> None:
        """Keep a table."""
        self.shown.append(("table", key, frame, title, more))

    def figure(self, key: str, chart: Any, *, title: str, **more: Any) -> None:
        """Keep a figure."""
        self.shown.append(("figure", key, chart, title, more))

    def absent(self, key: str, *, why: str) -> None:
        """Keep a sentence in the place of a result."""
        self.shown.append(("absent", key, why))


@pytest.fixture(scope="module")
def by_sex() -> Any:
    """Outcomes by sex, released."""
    made = release()
    planned = made.crosstab(referrals(), "sex", "outcome")
    made.commit()
    return planned


def test_a_method_is_handed_released_shares_and_its_title_their_values(by_sex: Any) -> None:
    """Every group and outcome has a row; the largest is named by the title's fields."""
    run = Run(by_sex=by_sex)
    Worked(
        "map", "access", "{top:percent}", HOW, values="groups.extremes", words={"notes": ["A note."]}
    ).show(run)
    ((kind, key, frame, _, more),) = run.shown
    assert (kind, key) == ("table", "access.map")
    assert {"Female", "Male"} <= set(frame.frame()["label"])
    assert 0 < more["top"] < 1
    assert more["notes"] == ["A note."]


def test_a_chart_is_drawn_of_what_was_released(by_sex: Any) -> None:
    """As it was released, or after a method."""
    run = Run(by_sex=by_sex)
    draw = {"xlabel": "Share (%)"}
    Worked("map", "access", "A claim", HOW, chart="heatmap", draw=draw, words={"alt": "A grid."}).show(run)
    ((kind, _, chart, _, _),) = run.shown
    assert kind == "figure"
    assert chart.released
    plain = Worked("raw", "access", "A claim", {"by": "nothing", "of": "by_sex"})
    assert plain.made(run) is by_sex


def test_where_nothing_is_left_a_sentence_says_so() -> None:
    """An output that is not available, and a method that refuses."""
    one = release()
    by_outcome = one.crosstab(referrals(), "outcome")
    one.commit()
    run = Run(by_outcome=by_outcome, gone=Unavailable("The records hold too few referrals.", ("referrals",)))
    Worked("map", "access", "A claim", HOW | {"of": "gone"}).show(run)
    steps = {"by": "cascade.from_furthest", "of": "by_outcome", "give": {"steps": {"Nobody": "Nobody"}}}
    Worked("path", "access", "A claim", steps).show(run)
    assert [one[0] for one in run.shown] == ["absent", "absent"]
    assert run.shown[0][2] == "The records hold too few referrals."
    assert run.shown[1][2].startswith("One of the steps cannot be shown")


@pytest.mark.parametrize("notebook", ["protected_characteristics", "mental_health", "male_survivors"])
def test_every_entry_of_the_project_names_views_that_its_report_declares(notebook: str) -> None:
    """Methods and charts are checked when the file is read; views are those of the same report."""
    names = {view.name for view in declared_by_all() if view.report == notebook}
    for one in worked(notebook):
        assert {one.how["of"], *one.how.get("beside", {}).values()} <= names, one.name
        assert one.how["by"] in {*METHODS, worked_out.AS_RELEASED}
