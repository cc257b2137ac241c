"""Kinds of change between two scores: the method's own shares and bounds, of released counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from rows import coded, release

from analysis.disclosure.outputs.scored import scales
from analysis.methods.scores import change_shares, with_change
from analysis.records.personframe import person_frame

MEASURES = ("CORE-10", "Short Warwick-Edinburgh Mental Wellbeing Scale")
SEXES = ("Female", "Male", "Not recorded")


def scores(rows=900, *, gain=6.0, lost=0.3, seed=4, men=0.4):
    """Return pairs of scores on two scales: points are gained, and some are not measured again."""
    draw = np.random.default_rng(seed)
    core = draw.random(rows) < 0.7
    start = np.where(core, draw.integers(4, 36, rows), draw.integers(14, 28, rows)).astype(float)
    change = np.where(core, -gain, gain / 3) + draw.normal(0, 4, rows)
    low, high = np.where(core, 0, 7), np.where(core, 40, 35)
    end = np.clip(np.round(start + change), low, high)
    end[draw.random(rows) < lost] = np.nan
    frame = pd.DataFrame(
        {
            "person": np.arange(rows),
            "measure": coded(np.where(core, *MEASURES), MEASURES),
            "start": start,
            "end": end,
            "sex": coded(draw.choice(np.array(SEXES, dtype=object), rows, p=[0.95 - men, men, 0.05]), SEXES),
        }
    )
    return person_frame(frame, "pairs of scores")


def shown(frame, **how):
    one = release()
    planned = one.change_shares(frame, **how)
    one.commit()
    return planned


def wanted(frame, by=None):
    rows = pd.DataFrame(frame).assign(measure=frame["measure"].astype(str))
    rows = with_change(rows, scales(), start="start", end="end")
    return change_shares(rows, by)


def test_shares_and_bounds_are_the_methods_own():
    frame = scores()
    for measure in MEASURES:
        rows = pd.DataFrame(frame)[frame["measure"] == measure]
        own = wanted(rows).set_index("change")
        found = shown(frame).frame().query("measure == @measure").set_index("change")
        told = [kind for kind in found.index if not pd.isna(found.loc[kind, "share"])]
        assert {"recovered or improved", "no reliable change, or worse"} <= set(told)
        for kind in (one for one in told if one in own.index):
            assert found.loc[kind, "count"] == own.loc[kind, "count"], kind
            for name in ("share", "low", "high", "bound_low", "bound_high"):
                assert found.loc[kind, name] == pytest.approx(own.loc[kind, name], rel=0.005), name


def test_a_gain_that_was_planted_is_found_and_none_where_none_was():
    gained = shown(scores(gain=8.0)).value("share", measure="CORE-10", change="recovered or improved")
    nothing = shown(scores(gain=0.0)).value("share", measure="CORE-10", change="recovered or improved")
    assert gained > 0.5
    assert nothing < 0.15


def test_by_group_unknown_is_no_group():
    found = shown(scores(2000), by="sex").frame()
    assert set(found["sex"]) == {"Female", "Male"}
    core = found.query("measure == 'CORE-10'").set_index(["sex", "change"])
    men = core.loc[("Male", "recovered or improved")]
    rows = pd.DataFrame(scores(2000))
    own = wanted(rows[(rows["sex"] == "Male") & (rows["measure"] == "CORE-10")]).set_index("change")
    assert men["share"] == pytest.approx(own.loc["recovered or improved", "share"], rel=0.005)


def test_a_scale_without_a_clinical_range_has_no_recovery():
    found = shown(scores()).frame().set_index(["measure", "change"])
    assert (MEASURES[1], "recovered") not in found.index
    assert (MEASURES[1], "recovered or improved") in found.index


@pytest.mark.parametrize(
    "frame",
    [scores(12), scores().assign(end=np.nan), scores().assign(start=np.nan)],
    ids=["few", "nobody measured again", "no first score"],
)
def test_where_nothing_can_be_said_a_sentence_stands(frame):
    found = shown(frame)
    why = "No change on a scale with a published threshold can be shown."
    assert found.absence is not None
    assert found.absence.why == why


def test_no_share_of_a_small_base():
    assert shown(scores(60)).frame()["share"].isna().all()


def test_what_is_hidden_changes_nothing():
    frame = scores(men=0.01)
    male = frame["sex"].astype(str).eq("Male").to_numpy()
    assert 0 < male.sum() < 20
    others = (frame.assign(end=np.where(male, end, frame["end"])) for end in (8.0, 30.0))
    found = [shown(one, by="sex").frame() for one in others]
    assert found[0].astype(str).equals(found[1].astype(str))
    assert found[0].query("sex == 'Male'")["share"].isna().all()


def test_scores_off_their_scale_are_no_count_in_a_sentence():
    found = shown(scores().assign(end=99.0))
    assert found.absence.why == "The scores of the records do not fit their scales."
