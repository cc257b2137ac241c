"""Segmented regression: parameters recovered, an independent fit, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataRefused, UsageError
from analysis.methods.change import segmented

CHANGE = 24


def series(step=1.3, slope=0.99, *, trend=1.02, seed=5, noise=0.0):
    """Return a quarterly series with a known change, drawn from a Poisson with shared noise."""
    random = np.random.default_rng(seed)
    periods = 48
    t = np.arange(periods)
    after = t >= CHANGE
    base = 20_000 + 50 * t
    season = np.array([1.0, 1.1, 0.95, 1.05])[t % 4]
    mean = 0.05 * base * season * trend**t * step**after * slope ** (after * (t - CHANGE))
    mean = mean * np.exp(random.normal(0, noise, periods))
    quarter = pd.period_range("2010Q1", periods=periods, freq="Q")
    return pd.DataFrame(
        {"quarter": quarter, "events": random.poisson(mean), "base": base, "tier": "reference"}
    )


AT = pd.Period("2016Q1")


def test_a_known_change_is_recovered():
    """Step, slope and trend come back within 1%, inside the intervals of the model."""
    result = segmented(series(), "events", "quarter", AT, offset="base", lags=None)
    for estimate, truth in ((result.step, 1.3), (result.slope, 0.99), (result.trend, 1.02)):
        assert estimate.value == pytest.approx(truth, rel=0.01)
        assert estimate.low <= truth <= estimate.high
    assert (result.before, result.after) == (24, 24)
    assert result.dispersion == pytest.approx(1, abs=0.5)


def test_no_change_is_not_found_in_more_series_than_the_level_allows():
    """Of 50 series with noise and no step, the model's own 95% intervals hold 1 in 44 or more."""
    held = 0
    for seed in range(50):
        frame = series(step=1, slope=1, seed=seed, noise=0.05)
        step = segmented(frame, "events", "quarter", AT, offset="base", lags=None).step
        held += step.low <= 1 <= step.high
    assert held >= 44


def newey_west(design, residual_score, bread, lags):
    """Return the sandwich covariance, by its definition."""
    scores = design * residual_score[:, None]
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        cross = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (cross + cross.T)
    return bread @ meat @ bread


def test_it_agrees_with_a_fit_written_out():
    """Newton's method for the Poisson score and Newey–West's sum, in a dozen lines of numpy."""
    frame = series(noise=0.1)
    t = np.arange(len(frame), dtype=float)
    after = (t >= CHANGE).astype(float)
    seasons = [(t % 4 == place).astype(float) for place in (1, 2, 3)]
    design = np.column_stack([np.ones_like(t), t, after, after * (t - CHANGE), *seasons])
    counts, exposure = frame["events"].to_numpy(float), frame["base"].to_numpy(float)
    beta = np.linalg.lstsq(design, np.log(counts / exposure), rcond=None)[0]
    for _ in range(25):
        mean = exposure * np.exp(design @ beta)
        bread = np.linalg.inv(design.T @ (design * mean[:, None]))
        beta = beta + bread @ design.T @ (counts - mean)
    robust = newey_west(design, counts - mean, bread, 4)
    dispersion = np.sum((counts - mean) ** 2 / mean) / (len(t) - design.shape[1])
    z = 1.959963984540054
    for lags, variance in ((4, robust[2, 2]), (None, dispersion * bread[2, 2])):
        step = segmented(frame, "events", "quarter", AT, offset="base", lags=lags).step
        half = z * np.sqrt(variance)
        expected = np.exp([beta[2], beta[2] - half, beta[2] + half])
        assert (step.value, step.low, step.high) == pytest.approx(expected, rel=1e-6)


def test_a_step_in_values_is_a_difference():
    """The Gaussian family adds instead of multiplying; with hardly any noise the answer is the truth."""
    t = np.arange(40, dtype=float)
    days = 100 - t + 12 * (t >= 20) + 0.5 * (t >= 20) * (t - 20) + 1e-4 * np.sin(t)
    frame = pd.DataFrame({"t": t, "days": days})
    result = segmented(frame, "days", "t", 20, season=0, family="gaussian")
    assert result.step.value == pytest.approx(12, abs=1e-3)
    assert result.slope.value == pytest.approx(0.5, abs=1e-3)
    assert result.trend.value == pytest.approx(-1, abs=1e-3)
    assert result.frame["counterfactual"].to_numpy() == pytest.approx(100 - t, abs=0.01)
    assert result.frame["fitted"].to_numpy() == pytest.approx(days, abs=1e-3)


def test_the_counterfactual_is_the_fit_until_the_change():
    """And step and slope lie between them after it; the frame keeps its columns."""
    frame = series()
    result = segmented(frame, "events", "quarter", AT, offset="base")
    gap = result.frame["fitted"] / result.frame["counterfactual"]
    assert gap[:CHANGE].to_numpy() == pytest.approx(1)
    assert gap[CHANGE] == pytest.approx(result.step.value)
    assert gap[CHANGE + 10] == pytest.approx(result.step.value * result.slope.value**10)
    pd.testing.assert_frame_equal(result.frame[frame.columns.tolist()], frame)


def test_a_level_change_alone_has_no_slope():
    """Held fixed, it is None and not 1."""
    assert segmented(series(), "events", "quarter", AT, offset="base", slope=False).slope is None


@pytest.mark.parametrize("at", ["2011Q4", "2020Q2", "2030Q1"])
def test_fewer_than_eight_points_on_a_side_are_refused(at):
    """With the alternative."""
    with pytest.raises(DataRefused, match="At least 8 are needed on each side"):
        segmented(series(), "events", "quarter", pd.Period(at))


def test_gaps_and_disorder_are_refused():
    """A missing value, a missing quarter, a repeated one and rows out of order."""
    frame = series().astype({"events": float})
    missing = frame.assign(events=frame["events"].where(frame.index != 3))
    with pytest.raises(DataRefused, match='"events" is missing in 1 of 48 periods'):
        segmented(missing, "events", "quarter", AT)
    for broken in (frame.drop(index=5), frame.iloc[[0, *range(48)]], frame.iloc[::-1]):
        with pytest.raises(DataRefused, match="not in order and equally spaced"):
            segmented(broken, "events", "quarter", AT)


def test_an_unknown_family_or_column_is_a_usage_error():
    """Answered with what is known."""
    with pytest.raises(UsageError, match=r"Known: gaussian, poisson, quasipoisson\."):
        segmented(series(), "events", "quarter", AT, family="normal")
    with pytest.raises(UsageError, match='no column "event"'):
        segmented(series(), "event", "quarter", AT)
