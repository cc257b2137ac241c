"""The mean gain on a scale: the methods' own values, for those measured twice and for all who began."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from rows import coded, release

from analysis.disclosure.outputs.gains import BOUNDS, TWICE, UNCHANGED, WEIGHTED
from analysis.disclosure.outputs.scored import scales
from analysis.errors import UsageError
from analysis.methods.attrition import weighted_gain
from analysis.methods.gains import mean_gain
from analysis.records.personframe import person_frame

CORE = "CORE-10"
MEASURES = (CORE, "PHQ-9")
NEEDS = ("Yes", "No", "Not recorded")


def scores(rows=800, *, seed=4, leave=0.6):
    """Return pairs of scores: those in need gain nothing, and of them so many are lost; the others gain 8."""
    draw = np.random.default_rng(seed)
    need = draw.choice(np.array(NEEDS, dtype=object), rows, p=[0.45, 0.45, 0.1])
    start = draw.integers(12, 34, rows).astype(float)
    gain = np.where(need == "Yes", 0, 8) + draw.normal(0, 3, rows)
    end = np.clip(np.round(start - gain), 0, 40)
    end[draw.random(rows) < np.where(need == "Yes", leave, 0.1)] = np.nan
    paired = np.where(np.isnan(end), "First score alone", "Both scores")
    frame = pd.DataFrame(
        {
            "person": np.arange(rows),
            "measure": coded([CORE] * (rows - 20) + ["PHQ-9"] * 20, MEASURES),
            "start": np.where(np.arange(rows) < rows - 20, start, np.clip(start, 0, 27)),
            "end": np.where(np.arange(rows) < rows - 20, end, np.clip(end, 0, 27)),
            "need": coded(need, NEEDS),
            "paired": coded(paired, ("Both scores", "First score alone", "Latest score alone")),
        }
    )
    return person_frame(frame.assign(change=frame["end"] - frame["start"]), "pairs of scores")


def shown(frame, measure=CORE, **how):
    one = release()
    planned = one.gain(frame, measure, **how)
    one.commit()
    return planned


def test_gains_are_the_methods_own():
    frame = scores()
    rows = pd.DataFrame(frame)[frame["measure"] == CORE]
    rows = rows.assign(need=rows["need"].astype(str).replace("Not recorded", "all others"))
    rows = rows.sort_values(["start", "end", "need"], kind="stable")
    found = shown(frame, on=["need"]).frame().set_index("basis")
    how = {"person": "person", "start": "start", "end": "end"}
    own = mean_gain(rows, scales()[CORE], **how).iloc[0]
    weighted = weighted_gain(rows, scales()[CORE], ["need"], **how).iloc[0]
    assert list(found.loc[TWICE, ["gain", "low", "high"]]) == [
        round(own[one], 1) for one in ("gain", "low", "high")
    ]
    assert list(found.loc[WEIGHTED, ["gain", "low", "high"]]) == [
        round(weighted[one], 1) for one in ("gain", "low", "high")
    ]
    assert found.loc[UNCHANGED, "gain"] == round(own["unchanged"], 1)
    assert found.loc[BOUNDS, "low"] == round(own["bound_low"], 1)
    assert found.loc[BOUNDS, "high"] == round(own["bound_high"], 1)


def test_a_gain_of_those_who_stay_alone_is_seen_as_that():
    """Half gained nothing and were lost more often: the plain mean is too high, the weighted one is not."""
    found = shown(scores(), on=["need"]).frame().set_index("basis")
    assert found.loc[WEIGHTED, "high"] < found.loc[TWICE, "gain"]
    plain, weighted = (abs(found.loc[one, "gain"] - 4.4) for one in (TWICE, WEIGHTED))
    assert weighted < plain / 3


def test_where_hardly_anybody_was_lost_nothing_is_said_of_the_lost():
    frame = scores(leave=0.0)
    few = frame["paired"].astype(str).eq("First score alone").to_numpy().cumsum() <= 6
    end = np.where(frame["end"].isna() & ~few, frame["start"], frame["end"])
    paired = np.where(np.isnan(end), "First score alone", "Both scores")
    less = frame.assign(
        end=end, change=end - frame["start"], paired=coded(paired, frame["paired"].cat.categories)
    )
    found = shown(less, on=["need"])
    if found.absence is None:
        assert found.frame().set_index("basis").loc[[WEIGHTED, BOUNDS], "marker"].eq("[c]").all()
        assert UNCHANGED not in set(found.frame()["basis"])


@pytest.mark.parametrize(("rows", "measure"), [(24, CORE), (21, "PHQ-9")])
def test_of_too_few_a_sentence_stands(rows, measure):
    frame = scores(rows)
    paired = coded(["First score alone"] * rows, frame["paired"].cat.categories)
    found = shown(frame.assign(paired=paired, end=np.nan, change=np.nan), measure)
    assert found.absence.why == "The mean of those measured twice on the scale cannot be shown."


def test_scores_off_their_scale_are_no_count_in_a_sentence():
    found = shown(scores().assign(end=99.0))
    assert found.absence.why == "The scores of the records do not fit their scale."


def test_a_scale_of_which_nothing_is_published_is_refused():
    with pytest.raises(UsageError, match="nothing is published"):
        release().gain(scores(), "Our own scale")


def test_records_without_any_score_have_no_gain():
    """A store whose services keep no scores at all: a sentence, and no crash."""
    full = scores(60)
    empty = person_frame(pd.DataFrame(full).iloc[:0], "pairs of scores")
    assert shown(empty, on=["need"]).absence is not None
