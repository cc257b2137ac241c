"""Did the series change when the service or the law did: segmented regression, with or without comparison."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from scipy.special import stdtrit
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.errors import DataRefused, UsageError, one_of
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import normal_quantile, require_columns

FEWEST_EACH_SIDE: Final = 8
"""Points before and after the change without which no change is estimated."""

FEWEST_SPARE: Final = 4
"""Points beyond the parameters without which errors say nothing."""

Family = Literal["quasipoisson", "poisson", "gaussian"]
FAMILIES: Final = ("quasipoisson", "poisson", "gaussian")


@dataclass(frozen=True)
class Change:
    """What a segmented regression says.

    Parameters
    ----------
    step
        Level just after the change over the level that the earlier trend leads to; a ratio for counts, a
        difference for "gaussian".
    slope
        What is multiplied onto (added to) the trend of each later period; None where it was held fixed.
    trend
        Change per period before the change [ratio, or difference].
    dispersion
        Pearson chi-squared over its degrees of freedom; 1 for Poisson noise.
    before, after
        Points on each side.
    frame
        All rows and columns given, then ``fitted`` and ``counterfactual`` (as if nothing had changed), in
        the unit of the outcome.
    """

    step: Estimate
    slope: Estimate | None
    trend: Estimate
    dispersion: float
    before: int
    after: int
    frame: pd.DataFrame


@dataclass(frozen=True)
class Compared:
    """What a segmented regression of two series says.

    Parameters
    ----------
    step
        How much more the level changed than in the comparison series: a ratio of step ratios for counts, a
        difference of steps for "gaussian".
    slope
        The same of the change of slope; None where it was held fixed.
    own, other
        Each series by itself, as `segmented` gives it.
    """

    step: Estimate
    slope: Estimate | None
    own: Change
    other: Change


def segmented(
    frame: pd.DataFrame,
    outcome: str,
    time: str,
    change_at: Any,
    *,
    offset: str | None = None,
    season: int = 4,
    slope: bool = True,
    family: Family = "quasipoisson",
    lags: int | None = 4,
    confidence: float = 0.95,
) -> Change:
    """Estimate a change of level, and of slope, in a series at a date fixed in advance.

    Parameters
    ----------
    frame
        One row a period, equally spaced, earliest first.
    outcome
        Column of counts [events], or of values for "gaussian".
    time
        Column of periods (`pandas.Period`) or of numbers, increasing.
    change_at
        First period after the change.
    offset
        Column of the population at risk [above 0]: counts are then modelled as a rate of it. Not used for
        "gaussian", whose outcome may be a rate already.
    season
        Periods in a year, each with a level of its own: 4 for quarters, 12 for months, 0 for no season.
    slope
        Whether the slope may change as well as the level.
    family
        "quasipoisson" and "poisson" for counts (log link), "gaussian" for values.
    lags
        Lags of the Newey-West covariance, which allows for correlation between periods; None for the
        model's own covariance.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    Change
        Step, slope and trend with their intervals, and the frame with fitted values.

    Raises
    ------
    UsageError
        If a column is absent or the family not known.
    DataRefused
        If a value is missing, time is not increasing by equal steps, there are fewer than 8 points before or
        after the change or hardly more than parameters, or a count has no events on one side.

    Notes
    -----
    One series without a comparison cannot tell a law from whatever else happened in that quarter: the result
    is an association in time. Newey-West errors are too small in short series: of 200 simulated series of 48
    independent quarters the 95% interval with 4 lags held the true step in 80 to 87%, with the model's own
    errors in 94%. Compute the step with ``lags=None`` as well, and say so where the two differ.

    References
    ----------
    Wagner AK, Soumerai SB, Zhang F, Ross-Degnan D (2002). Segmented regression analysis of interrupted time
    series studies in medication use research. Journal of Clinical Pharmacy and Therapeutics 27, 299-309.
    Lopez Bernal J, Cummins S, Gasparrini A (2017). Interrupted time series regression for the evaluation of
    public health interventions: a tutorial. International Journal of Epidemiology 46, 348-355. Newey WK, West
    KD (1987). A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent covariance
    matrix. Econometrica 55, 703-708.
    """
    if family not in FAMILIES:
        raise UsageError(f'"{family}" is not a family', where="segmented", cure=one_of(family, FAMILIES))
    names = [outcome, time, *([offset] if offset else [])]
    require_columns(frame, names, where="segmented")
    _check_complete(frame, names)
    _check_spacing(frame[time])
    after = (frame[time] >= change_at).to_numpy()
    _check_sides(after)
    design = _design(after, season, slope=slope)
    counts = frame[outcome].to_numpy(dtype=float)
    at_risk = _at_risk(frame, offset, family)
    _check_room(design, season)
    if family != "gaussian":
        _check_counts(counts, after, outcome)
    fit = _fit(counts, design, np.log(at_risk), family, lags)
    untouched = design.assign(**dict.fromkeys({"step", "slope"} & set(design.columns), 0.0))
    return Change(
        step=_effect(fit, design, "step", family, confidence),
        slope=_effect(fit, design, "slope", family, confidence) if slope else None,
        trend=_effect(fit, design, "trend", family, confidence),
        dispersion=float(fit.pearson_chi2 / fit.df_resid),
        before=int((~after).sum()),
        after=int(after.sum()),
        frame=frame.assign(
            fitted=np.asarray(fit.fittedvalues),
            counterfactual=np.asarray(fit.predict(untouched.to_numpy(), offset=np.log(at_risk))),
        ),
    )


def compared(
    frame: pd.DataFrame,
    outcome: str,
    time: str,
    change_at: Any,
    *,
    group: str,
    own: Any,
    offset: str | None = None,
    season: int = 4,
    slope: bool = True,
    family: Family = "quasipoisson",
    lags: int | None = 0,
    confidence: float = 0.95,
) -> Compared:
    """Estimate how much more a series changed at a date than one that the change did not reach.

    Parameters
    ----------
    frame
        One row a period and series; both series over the same periods, in any order.
    outcome, time, change_at, offset, season, slope, family, confidence
        As in `segmented`.
    lags
        Lags of the Driscoll-Kraay covariance, which allows for what moves both series in the same period,
        and with lags for correlation between periods; None for the model's own covariance, which takes the
        two series as independent and is too wide where they move together.
    group, own
        Column that tells the two series apart, and the value of the one that the change reached.

    Returns
    -------
    Compared
        The step and slope beyond those of the comparison series, and each series by itself.

    Raises
    ------
    UsageError
        If a column is absent, the family not known, or there are not two series, one of them ``own``.
    DataRefused
        If the series are not over the same periods, and as for `segmented`.

    Notes
    -----
    Errors carry the usual correction for few clusters, are multiplied by the root of points over points
    less the parameters of one series, and intervals are of Student's t: of 200 simulated pairs of 40
    quarters that move together, the 95% interval held the true step ratio in 94% without lags, in 88% with
    4.

    The comparison takes away what happened to both, such as a pandemic or a new way of counting. It does not
    take away what happened to one series alone, nor what the change did to the other.

    References
    ----------
    Lopez Bernal J, Cummins S, Gasparrini A (2018). The use of controls in interrupted time series studies of
    public health interventions. International Journal of Epidemiology 47, 2082-2093. Driscoll JC, Kraay AC
    (1998). Consistent covariance matrix estimation with spatially dependent panel data. Review of Economics
    and Statistics 80, 549-560. As for `segmented`.
    """
    require_columns(frame, [group, outcome, time, *([offset] if offset else [])], where="compared")
    pair = _pair(frame, group, own, time)
    kinds: dict[str, Any] = {"offset": offset, "season": season, "slope": slope, "family": family}
    changes = [segmented(one, outcome, time, change_at, **kinds, confidence=confidence) for one in pair]
    alone = _design((pair[0][time] >= change_at).to_numpy(), season, slope=slope)
    more = alone.add_prefix("more ")
    design = pd.concat([pd.concat([alone, more], axis=1), pd.concat([alone, more * 0], axis=1)])
    both, periods = pd.concat(pair), np.tile(np.arange(len(alone)), 2)
    at_risk = np.log(_at_risk(both, offset, family))
    fit = _fit(both[outcome].to_numpy(dtype=float), design, at_risk, family, lags, periods=periods)
    spare = len(alone) - alone.shape[1]
    wider = 1.0 if lags is None else math.sqrt(len(alone) / spare)
    reach = wider * float(stdtrit(spare, 1 - (1 - confidence) / 2))
    return Compared(
        step=_effect(fit, design, "more step", family, confidence, reach=reach),
        slope=_effect(fit, design, "more slope", family, confidence, reach=reach) if slope else None,
        own=changes[0],
        other=changes[1],
    )


def _pair(frame: pd.DataFrame, group: str, own: Any, time: str) -> list[pd.DataFrame]:
    names = list(frame[group].unique())
    if len(names) != 2 or own not in names:
        raise UsageError(
            f'"{group}" has {len(names)} values',
            where="compared",
            cure=f'Give two series, one of them "{own}".',
        )
    pair = [frame.loc[frame[group] == name].sort_values(time) for name in (own, *set(names) - {own})]
    if list(pair[0][time]) != list(pair[1][time]):
        raise DataRefused(
            "the two series are not over the same periods",
            where="compared",
            cure="Choose the span that both have, without gaps.",
        )
    return pair


def _at_risk(frame: pd.DataFrame, offset: str | None, family: Family) -> np.ndarray:
    # Only counts have an exposure: a difference of values is the same whatever they are counted from.
    if offset is None or family == "gaussian":
        return np.ones(len(frame))
    people = frame[offset].to_numpy(dtype=float)
    if (people <= 0).any():
        raise DataRefused(
            f'"{offset}" is not above 0 in {int((people <= 0).sum())} periods',
            where="segmented",
            cure="Choose a span in which there was somebody at risk.",
        )
    return people


def _design(after: np.ndarray, season: int, *, slope: bool) -> pd.DataFrame:
    periods = np.arange(len(after), dtype=float)
    first = int(np.argmax(after))
    columns = {"constant": np.ones(len(after)), "trend": periods, "step": after.astype(float)}
    if slope:
        columns["slope"] = after * (periods - first)
    for place in range(1, season):
        columns[f"season {place}"] = (periods % season == place).astype(float)
    return pd.DataFrame(columns)


def _fit(
    outcome: np.ndarray,
    design: pd.DataFrame,
    offset: np.ndarray,
    family: Family,
    lags: int | None,
    *,
    periods: np.ndarray | None = None,
) -> Any:
    distribution = families.Gaussian() if family == "gaussian" else families.Poisson()
    model = GLM(outcome, design.to_numpy(), family=distribution, offset=offset)
    scale = 1.0 if family == "poisson" else "X2"
    if lags is None:
        return model.fit(scale=scale)
    if periods is None:
        return model.fit(scale=scale, cov_type="HAC", cov_kwds={"maxlags": lags})
    return model.fit(scale=scale, cov_type="hac-groupsum", cov_kwds={"time": periods, "maxlags": lags})


def _effect(
    fit: Any,
    design: pd.DataFrame,
    name: str,
    family: Family,
    confidence: float,
    *,
    reach: float | None = None,
) -> Estimate:
    at = design.columns.get_loc(name)
    times = normal_quantile(confidence) if reach is None else reach
    value, half = float(fit.params[at]), times * float(fit.bse[at])
    errors = {"HAC": ", Newey–West", "hac-groupsum": ", Driscoll–Kraay"}
    method = f"segmented {family}" + errors.get(fit.cov_type, "")
    if family == "gaussian":
        return Estimate(value, value - half, value + half, confidence, method, "change")
    value, low, high = (float(np.exp(limit)) for limit in (value, value - half, value + half))
    return Estimate(value, low, high, confidence, method, "ratio")


def _check_complete(frame: pd.DataFrame, names: list[str]) -> None:
    for name in names:
        missing = int(frame[name].isna().sum())
        if missing:
            raise DataRefused(
                f'"{name}" is missing in {missing} of {len(frame)} periods',
                where="segmented",
                cure="Choose a series, or a span of it, without gaps.",
            )


def _check_spacing(time: pd.Series) -> None:
    steps = {getattr(step, "n", step) for step in time.diff().iloc[1:]}
    if len(steps) > 1 or any(step <= 0 for step in steps):
        raise DataRefused(
            "periods are not in order and equally spaced",
            where="segmented",
            cure="Sort by time, and choose a span without missing or repeated periods.",
        )


def _check_sides(after: np.ndarray) -> None:
    before, since = int((~after).sum()), int(after.sum())
    if min(before, since) < FEWEST_EACH_SIDE:
        raise DataRefused(
            f"there are {before} points before the change and {since} after",
            where="segmented",
            cure=f"At least {FEWEST_EACH_SIDE} are needed on each side. Show an XmR chart instead.",
        )


def _check_room(design: pd.DataFrame, season: int) -> None:
    spare = len(design) - design.shape[1]
    if spare < FEWEST_SPARE:
        raise DataRefused(
            f"{len(design)} points leave {spare} beyond the {design.shape[1]} parameters",
            where="segmented",
            cure=f"A season of {season} takes {max(season - 1, 0)} of them: give more points, or season=0.",
        )


def _check_counts(counts: np.ndarray, after: np.ndarray, name: str) -> None:
    if (counts < 0).any():
        raise DataRefused(f'"{name}" has counts below 0', where="segmented", cure='Use family="gaussian".')
    for side, when in ((~after, "before"), (after, "after")):
        if not counts[side].any():
            raise DataRefused(
                f"there is no event {when} the change",
                where="segmented",
                cure="A ratio needs events on both sides: give the count with its exact bound instead.",
            )
