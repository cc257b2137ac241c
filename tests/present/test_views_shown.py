"""Each kind of view is shown with the chart that belongs to it, or a sentence stands in its place."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rows import EXITS, coded, episodes, referrals

from analysis.disclosure.views import View
from analysis.present.views import show_view
from analysis.record import TABLE_MIME

OUTCOMES = ("Accepted", "Declined", "Not known")
AGES = ("Young", "Middle", "Old")
MONTHS = tuple(pd.period_range("2022-04", periods=12, freq="M").astype("str"))


def made(rows=1500):
    """Return referrals with a need, an age and a month."""
    draw = np.random.default_rng(8)
    columns = {
        "need": coded(draw.choice(["Yes", "No"], rows), ("Yes", "No", "Not recorded")),
        "age": coded(draw.choice(np.array(AGES, dtype=object), rows), AGES),
        "outcome": coded(draw.choice(["Accepted", "Declined"], rows), OUTCOMES),
        "month": coded(draw.choice(np.array(MONTHS), rows), MONTHS),
    }
    return referrals({("Female", "Accepted"): rows}).assign(**columns)


def few_leave():
    """Return episodes of which twelve end on one day, and all others are still there after the last."""
    frame = episodes(120, late=0)
    ends = np.arange(120) < 12
    days = np.where(ends, 100.0, 400.0)
    return frame.assign(
        days=days, entry=0.0, censored=~ends, exit=coded(np.where(ends, EXITS[0], "Still there"), EXITS)
    )


def view(kind, **how):
    """Return a declared view of the section on the pathway."""
    frame = "episodes" if kind in {"pace", "survival"} else "referrals"
    return View("one", kind, frame, how, "pathway", "What is compared with what", report="male_survivors")


def shown_kinds(run, one, frame):
    """Show one view, and return what the report displayed: figures, tables and absences."""
    planned = one.plan(run.release, SimpleNamespace(**{one.frame: frame}))
    run.release.commit()
    show_view(run, one, planned)
    return planned


def displayed(bundles):
    """Return the beginning of each text that was displayed."""
    return [str(bundle["text/plain"]) for bundle in bundles]


@pytest.mark.parametrize(
    ("one", "begins"),
    [
        (view("comparison", outcome="outcome", by=("need", "age"), positive="Accepted"), ["Figure", "Table"]),
        (view("comparison", outcome="outcome", by=("need",)), ["Figure", "Table"]),
        (
            view("intersections", outcome="outcome", by=("need", "age"), positive="Accepted"),
            ["Figure", "Table"],
        ),
        (
            view("intersections", outcome="outcome", by=("need", "age"), positive="Accepted", parts=True),
            ["Table"],
        ),
        (view("trend", by=("month",)), ["Figure"]),
        (view("crosstab", by=("need", "outcome")), ["Table"]),
    ],
    ids=["comparison", "two characteristics", "combinations", "parts", "trend", "crosstab"],
)
def test_a_kind_is_shown_with_its_chart(open_report, shown, one, begins):
    shown_kinds(open_report(), one, made())
    assert [text.partition(":")[0] for text in displayed(shown)] == begins


@pytest.mark.parametrize(
    ("one", "begins"),
    [
        (view("survival", by=("sex",)), ["Figure"]),
        (view("survival", kinds={"Home": ("Social home", "Private home")}), ["Figure"]),
        (view("pace", by=("sex",), horizon=182), ["Figure", "Table"]),
    ],
    ids=["curves", "exits", "pace"],
)
def test_durations_are_shown_with_their_chart(open_report, shown, one, begins):
    shown_kinds(open_report(), one, episodes(300))
    assert [text.partition(":")[0] for text in displayed(shown)] == begins


def test_where_nothing_can_be_shown_one_sentence_stands(open_report, shown):
    one = view("comparison", outcome="outcome", by=("need",), positive="Accepted")
    planned = shown_kinds(open_report(), one, made(30))
    (text,) = displayed(shown)
    assert planned.absence.why in text


def test_the_alternative_text_names_the_highest_and_the_lowest(open_report, shown):
    one = view("comparison", outcome="outcome", by=("need", "age"), positive="Accepted")
    planned = shown_kinds(open_report(), one, made())
    text = displayed(shown)[0]
    highest = planned.frame().set_index("term")["ratio"].idxmax()
    assert f"for {highest}" in text
    assert f"shown, {planned.frame()['ratio'].notna().sum()} of " in text


def test_a_table_beside_a_chart_leaves_out_what_the_chart_shows_and_says_notes_once(open_report, shown):
    one = view("comparison", outcome="outcome", by=("need", "age"), positive="Accepted")
    planned = shown_kinds(open_report(), one, made())
    table = shown[-1][TABLE_MIME]
    names = [column["name"] for column in table["columns"]]
    assert {"count", "base", "share", "difference"} <= set(names)
    assert not {"ratio", "note"} & set(names)
    notes = [note for note in table["notes"] if "survivor" in note]
    assert len(notes) == len(set(notes)) > 0
    assert all(any(note.rstrip(".") in said for said in planned.frame()["note"]) for note in notes)


def test_an_adjusted_comparison_is_drawn_beside_the_crude_one(open_report, shown):
    one = view("comparison", outcome="outcome", by=("need",), adjust=("age",), positive="Accepted")
    shown_kinds(open_report(), one, made())
    labels = str(shown[0])
    assert "Need: Yes, crude" in labels or "Need: No, crude" in labels
    assert "adjusted" in labels


def test_a_curve_of_one_point_is_told_as_a_row(open_report, shown):
    planned = shown_kinds(open_report(), view("survival"), few_leave())
    assert planned.frame()["remaining"].notna().sum() == 1
    assert [text.partition(":")[0] for text in displayed(shown)] == ["Table"]
