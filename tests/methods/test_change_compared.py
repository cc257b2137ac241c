"""Segmented regression against a comparison series, and series too poor to say anything."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.layout import Layout
from analysis.methods.change import compared, segmented

AT = 20


def pair(step=1.3, seed=0, *, shared=0.1, periods=40):
    """Return two quarterly series of counts that move together; both step by 1.1, the first by more."""
    random = np.random.default_rng(seed)
    t = np.arange(periods)
    after = t >= AT
    moves = np.exp(random.normal(0, shared, periods))
    season = np.array([1.0, 1.1, 0.9, 1.05])[t % 4]
    parts = []
    for name, base, more, trend in (("own", 400, step, 1.01), ("other", 700, 1.0, 1.0)):
        mean = base * moves * season * trend**t * (1.1 * more) ** after
        parts.append(pd.DataFrame({"quarter": t, "events": random.poisson(mean), "series": name}))
    return pd.concat(parts, ignore_index=True)


def test_the_step_is_the_ratio_of_the_two_steps():
    """With all terms of each series, the estimate is that of each by itself, divided."""
    found = compared(pair(), "events", "quarter", AT, group="series", own="own")
    assert found.step.value == pytest.approx(found.own.step.value / found.other.step.value)
    assert found.slope.value == pytest.approx(found.own.slope.value / found.other.slope.value)
    assert found.step.method == "segmented quasipoisson, Driscoll–Kraay"
    assert found.step.low < 1.3 < found.step.high


def test_values_differ_instead_of_dividing():
    """Gaussian: a step of 12 beside one of 5 is 7 more."""
    t = np.arange(40)
    wobble = np.random.default_rng(1).normal(0, 0.1, 40)
    own = pd.DataFrame({"t": t, "days": 100 - t + 12 * (t >= 20) + wobble, "series": "own"})
    other = pd.DataFrame({"t": t, "days": 60 + t + 5 * (t >= 20) + wobble[::-1], "series": "other"})
    both = pd.concat([own, other])
    found = compared(both, "days", "t", 20, group="series", own="own", season=0, family="gaussian")
    assert found.step.value == pytest.approx(7, abs=0.3)
    assert found.step.unit == "change"
    backwards = compared(
        both.iloc[::-1], "days", "t", 20, group="series", own="other", season=0, family="gaussian"
    )
    assert backwards.step.value == pytest.approx(-found.step.value)


def test_the_errors_are_driscoll_and_kraays_sum_by_definition():
    """Scores of both series summed by quarter, Newey–West, and the two small-sample corrections."""
    frame = pair(seed=4)
    t = np.arange(40.0)
    after = (t >= AT).astype(float)
    seasons = [(t % 4 == place).astype(float) for place in (1, 2, 3)]
    half = np.column_stack([np.ones(40), t, after, after * (t - AT), *seasons])
    design = np.vstack([np.hstack([half, half]), np.hstack([half, 0 * half])])
    counts = frame["events"].to_numpy(float)
    beta = np.linalg.lstsq(design, np.log(counts), rcond=None)[0]
    for _ in range(25):
        mean = np.exp(design @ beta)
        bread = np.linalg.inv(design.T @ (design * mean[:, None]))
        beta = beta + bread @ design.T @ (counts - mean)
    scores = design * (counts - mean)[:, None]
    summed = scores[:40] + scores[40:]
    meat = summed.T @ summed
    for lag in (1, 2):
        cross = summed[lag:].T @ summed[:-lag]
        meat += (1 - lag / 3) * (cross + cross.T)
    clusters = 40 / 39 * 79 / 66
    error = np.sqrt((bread @ meat @ bread)[9, 9] * clusters * 40 / 33)
    found = compared(frame, "events", "quarter", AT, group="series", own="own", lags=2)
    assert np.log(found.step.value) == pytest.approx(beta[9], abs=1e-6)
    t_975 = 2.0345153
    assert np.log(found.step.high / found.step.value) == pytest.approx(t_975 * error, rel=1e-4)


def test_what_moves_both_series_is_no_finding():
    """Of 60 pairs that step alike, the comparison calls at most 8 different."""
    found = [
        compared(pair(1.0, seed), "events", "quarter", AT, group="series", own="own") for seed in range(60)
    ]
    assert sum(not one.step.low <= 1 <= one.step.high for one in found) <= 8


def test_series_that_cannot_be_compared_are_refused():
    """Three series, none of that name, and different periods."""
    frame = pair()
    third = frame.assign(series=np.where(frame.index % 3 == 0, "third", frame["series"]))
    with pytest.raises(UsageError, match='"series" has 3 values'):
        compared(third, "events", "quarter", AT, group="series", own="own")
    with pytest.raises(UsageError, match='one of them "Norfolk"'):
        compared(frame, "events", "quarter", AT, group="series", own="Norfolk")
    with pytest.raises(DataRefused, match="not over the same periods"):
        compared(frame.iloc[:-1], "events", "quarter", AT, group="series", own="own")


def test_a_series_too_poor_for_its_parameters_is_refused():
    """Sixteen months with a season of twelve, no events on a side, nobody at risk, counts below 0."""
    months = pd.DataFrame({"t": range(16), "n": range(5, 21), "people": [100] * 16})
    with pytest.raises(DataRefused, match=r"16 points leave 1 beyond the 15 parameters.*season=0"):
        segmented(months, "n", "t", 8, season=12)
    none = months.assign(n=[0] * 8 + [3] * 8)
    with pytest.raises(DataRefused, match="there is no event before the change"):
        segmented(none, "n", "t", 8, season=0)
    with pytest.raises(DataRefused, match="there is no event after the change"):
        segmented(months.assign(n=[3] * 8 + [0] * 8), "n", "t", 8, season=0)
    with pytest.raises(DataRefused, match='"people" is not above 0 in 1 periods'):
        segmented(months.assign(people=[0] + [9] * 15), "n", "t", 8, offset="people", season=0)
    with pytest.raises(DataRefused, match="counts below 0"):
        segmented(months.assign(n=[-1] + [9] * 15), "n", "t", 8, season=0)
    one_month = months.iloc[:1]
    with pytest.raises(DataRefused, match="1 points before the change and 0 after"):
        segmented(one_month, "n", "t", 8)


def homelessness():
    """Return England's quarters: households owed a main duty, and those in priority need by reason."""
    table = pd.read_csv(Layout.find().data / "reference" / "homelessness.csv")
    england = table.loc[table["area_name"].eq("England") & table["table"].eq("MD3")]
    wide = england.pivot_table(index="quarter", columns="measure", values="value").reset_index()
    return wide.assign(quarter=pd.PeriodIndex(wide["quarter"], freq="Q"))


def test_the_homelessness_step_is_reproduced_from_the_reference_table():
    """Priority need for domestic abuse per main duty: 1.24 (1.05 to 1.47) at July to September 2021."""
    found = segmented(
        homelessness(),
        "priority_need_domestic_abuse",
        "quarter",
        pd.Period("2021Q3"),
        offset="main_duty_total",
    )
    step = found.step
    assert [round(one, 2) for one in (step.value, step.low, step.high)] == [1.24, 1.05, 1.47]
    assert (found.before, found.after) == (13, 18)
