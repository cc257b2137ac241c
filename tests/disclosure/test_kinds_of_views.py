"""Every kind of view that the file may hold is planned with the arguments that it gives."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from analysis.disclosure.commitment import RULES
from analysis.disclosure.outputs.durations import Columns
from analysis.disclosure.release import Release
from analysis.disclosure.views import KINDS, declared

ABOUT = """
made_up:
  one:
    section: pathway
    title: What is compared with what
"""
VIEWS = {
    "comparison": (
        (
            "{frame: referrals, outcome: outcome, by: [sex, need], positive: Accepted, adjust: age, family:"
            " confirmatory, references: {sex: Female}, groups: {outcome: {Other: [Declined]}}}"
        ),
        {
            "by": ("sex", "need"),
            "adjust": ("age",),
            "references": {"sex": "Female"},
            "family": "confirmatory",
        },
    ),
    "intersections": (
        "{frame: referrals, outcome: outcome, by: [sex, need], positive: Accepted, parts: true}",
        {"parts": True, "by": ("sex", "need")},
    ),
    "imputed": (
        '{frame: referrals, outcome: outcome, by: need, level: "Yes", against: "No", positive: Accepted}',
        {"level": "Yes", "against": "No"},
    ),
    "trend": ('{frame: referrals, by: month, at: "2022-10"}', {"by": ("month",), "at": "2022-10"}),
    "pace": (
        "{frame: episodes, by: sex, horizon: 182, against: Female}",
        {"horizon": 182, "against": "Female"},
    ),
    "survival": (
        "{frame: waits, kinds: {Reached: [Reached]}, exits: result, others: false, at_risk: true}",
        {"others": False, "at_risk": True, "kinds": {"Reached": ("Reached",)}},
    ),
    "change_shares": ("{frame: scores, by: sex}", {"by": ("sex",)}),
    "gain": ("{frame: scores, measure: CORE-10, on: [sex]}", {"measure": "CORE-10", "on": ("sex",)}),
}


class Planner:
    """Takes what a release would plan."""

    def __init__(self) -> None:
        self.given: dict[str, object] = {}

    def __getattr__(self, name: str):
        def plan(*args: object, **named: object) -> None:
            inspect.signature(getattr(Release, name)).bind(self, *args, **named)
            self.given = named

        return plan


class Cohort:
    """Frames by name."""

    def __getattr__(self, name: str):
        return name


@pytest.mark.parametrize("kind", VIEWS)
def test_a_kind_takes_what_the_file_gives(tmp_path: Path, kind: str) -> None:
    body, wanted = VIEWS[kind]
    keys = "".join(f"    {part}\n" for part in [f"kind: {kind}", *_lines(body)])
    (tmp_path / "views.yml").write_text(ABOUT + keys, "utf-8")
    (view,) = declared("made_up", tmp_path / "views.yml")
    assert {name: view.how[name] for name in wanted} == wanted
    if "groups" in view.how:
        return
    planner = Planner()
    view.plan(planner, Cohort())
    if kind == "survival":
        assert planner.given["columns"] == Columns(exits="result")
    assert "result" in view.columns() or kind != "survival"


def _lines(body: str) -> list[str]:
    """Return the entries of a mapping on one line, a line each."""
    entries, depth, begun = [], 0, 1
    for place, sign in enumerate(body):
        depth += (sign in "{[") - (sign in "}]")
        if (sign == "," and depth == 1) or place == len(body) - 1:
            entries.append(body[begun:place].strip())
            begun = place + 1
    return entries


def test_every_kind_is_planned_by_a_release_and_has_its_rule() -> None:
    kinds = {"crosstab": "counts", "magnitude": "amounts"}
    for kind in KINDS:
        assert callable(getattr(Release, kind))
        assert kinds.get(kind, kind) in RULES
