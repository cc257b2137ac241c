"""Each kind of view is shown with the chart that belongs to it, or a sentence stands in its place."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rows import coded, episodes, referrals

from analysis.disclosure.views import View
from analysis.present.views import show_view

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
