"""What is not recorded, filled in many times over: a sensitivity analysis, never the main result.

Chained equations with draws from each characteristic's own regression; Rubin's rules; and a shift of the
imputed that says how different the missing would have to be before a finding falls. statsmodels' own MICE
matches predicted means, which is right for numbers alone: categories here are drawn from multinomial
regressions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.errors import DataRefused, UsageError
from analysis.methods.followup import UNRECORDED
from analysis.methods.inputs import amount, level, positive, require_columns, whole
from analysis.methods.logits import design, fit, shares

IMPUTATIONS: Final = 20
CYCLES: Final = 10
DONORS: Final = 5
"""A missing number is taken from one of this many people with the nearest predicted values."""

FEWEST: Final = 10
"""Recorded values without which nothing is imputed."""


@dataclass(frozen=True)
class Pooled:
    """Estimates from completed data sets put together.

    Parameters
    ----------
    value, low, high
        The estimate and its limits, in its own unit.
    within, between, total
        Variances: mean of those within a completed data set, of the estimates, and both together.
    df
        Degrees of freedom of the interval.
    increase
        How much the missing add to the variance, as a fraction of ``within``.
    missing_information
        Share of the information that is missing [0 to 1].
    imputations
        Completed data sets.
    """

    value: float
    low: float
    high: float
    within: float
    between: float
    total: float
    df: float
    increase: float
    missing_information: float
    imputations: int


def pool(
    values: Sequence[float],
    variances: Sequence[float],
    *,
    complete_df: float = math.inf,
    confidence: float = 0.95,
) -> Pooled:
    """Put the estimates of completed data sets together by Rubin's rules.

    Parameters
    ----------
    values, variances
        Estimate and squared standard error of each completed data set, two or more.
    complete_df
        Degrees of freedom if nothing were missing.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Pooled
        Mean, t interval, variances and what they are made of.

    Raises
    ------
    DataRefused
        If there are fewer than two, or not as many variances, or a variance is negative.

    References
    ----------
    Rubin DB (1987). Multiple imputation for nonresponse in surveys. Wiley, section 3.1. Barnard J, Rubin DB
    (1999). Small-sample degrees of freedom with multiple imputation. Biometrika 86, 948-955.
    """
    level(confidence)
    estimates = np.asarray(values, dtype=float)
    within = float(np.mean([amount(one, "variance") for one in variances])) if len(variances) else math.nan
    m = len(estimates)
    if m < 2 or m != len(variances):
        raise DataRefused(
            f"there are {m} estimates and {len(variances)} variances",
            where="pool",
            cure="Give two or more of each, one of every completed data set.",
        )
    between = float(estimates.var(ddof=1))
    added = (1 + 1 / m) * between
    total = within + added
    part = added / total if total > 0 else 0.0
    df = _degrees(part, m, complete_df)
    half = float(stdtrit(df, 1 - (1 - confidence) / 2)) * math.sqrt(total)
    increase = added / within if within > 0 else (math.inf if added > 0 else 0.0)
    value = float(estimates.mean())
    information = part if math.isinf(increase) else (increase + 2 / (df + 3)) / (increase + 1)
    return Pooled(value, value - half, value + half, within, between, total, df, increase, information, m)


def _degrees(part: float, imputations: int, complete: float) -> float:
    """Return Barnard and Rubin's degrees of freedom; ``part`` is the added share of the variance."""
    from_imputations = math.inf if part == 0 else (imputations - 1) / part**2
    if math.isinf(complete):
        return min(from_imputations, 1e9)
    observed = (complete + 1) / (complete + 3) * complete * (1 - part)
    if observed == 0:
        return 1.0
    return 1 / ((0 if math.isinf(from_imputations) else 1 / from_imputations) + 1 / observed)


def impute(
    frame: pd.DataFrame,
    characteristics: Sequence[str],
    *,
    using: Sequence[str] = (),
    seed: int,
    imputations: int = IMPUTATIONS,
    cycles: int = CYCLES,
    shifts: Mapping[tuple[str, Any], float] | None = None,
) -> list[pd.DataFrame]:
    """Return the frame completed many times over by chained equations.

    Parameters
    ----------
    frame
        One row a person.
    characteristics
        Columns to complete. Numbers are drawn by predictive mean matching, anything else from a multinomial
        regression.
    using
        Other columns that say something about them, the outcome of the analysis among them. One of these
        that is missing is the level "not recorded"; a number may not be missing.
    seed
        Of the random draws [whole number]; the same seed gives the same frames.
    imputations
        Completed frames [2 or more].
    cycles
        Times each column is drawn anew before a frame is taken.
    shifts
        For a level of a characteristic, what is added to the log odds of every missing person's having it,
        or for a number (level ""), to her value [log odds; its own unit]: 0 if the missing are like the
        recorded once all else is the same.

    Returns
    -------
    list of DataFrame
        Copies of ``frame`` with no value of ``characteristics`` missing; recorded values are as they were.

    Raises
    ------
    UsageError
        If a column is absent, a shift names none, or there are fewer than two imputations.
    DataRefused
        If fewer than ten people have a value of a characteristic, or a number in ``using`` is missing.

    References
    ----------
    van Buuren S, Groothuis-Oudshoorn K (2011). mice: multivariate imputation by chained equations in R.
    Journal of Statistical Software 45(3). White IR, Royston P, Wood AM (2011). Multiple imputation using
    chained equations: issues and guidance for practice. Statistics in Medicine 30, 377-399. Little RJA
    (1988). Missing-data adjustments in large surveys. Journal of Business and Economic Statistics 6,
    287-296 (predictive mean matching). As for `analysis.methods.logits.fit`, whose posterior the
    coefficients are drawn from.
    """
    require_columns(frame, [*characteristics, *using], where="impute")
    if whole(imputations, "imputations") < 2:
        raise UsageError("there are fewer than two imputations", where="impute", cure="Give 20 or more.")
    moved = dict(shifts or {})
    _check_shifts(frame, characteristics, moved)
    for name in characteristics:
        known = int(frame[name].notna().sum())
        if known < FEWEST:
            raise DataRefused(
                f'"{name}" is recorded for {known} people',
                where="impute",
                cure=f"Fewer than {FEWEST} say nothing of the others: give completeness and bounds alone.",
            )
    told = design(_predictors(frame, using))
    columns = [_Column.of(frame[name]) for name in characteristics]
    streams = np.random.default_rng(seed).spawn(imputations)
    return [
        _completed(frame, columns, told, cycles=cycles, shifts=moved, random=random) for random in streams
    ]


@dataclass(frozen=True)
class _Column:
    """A characteristic as numbers: its values, or the numbers of its levels; the missing are to be drawn."""

    name: str
    levels: np.ndarray | None
    recorded: np.ndarray
    missing: np.ndarray

    @classmethod
    def of(cls, column: pd.Series) -> _Column:
        missing = column.isna().to_numpy()
        if _is_number(column):
            return cls(str(column.name), None, column.to_numpy(dtype=float, na_value=np.nan), missing)
        codes, levels = pd.factorize(column.astype(object))
        return cls(str(column.name), np.asarray(levels, dtype=object), codes, missing)

    def as_design(self, values: np.ndarray) -> np.ndarray:
        """Return the columns that stand for values in a regression, as `design` would make them."""
        if self.levels is None:
            spread = float(values.std())
            return ((values - values.mean()) / (2 * spread) if spread > 0 else 0 * values)[:, None]
        is_one = (values[:, None] == np.arange(1, len(self.levels))).astype(float)
        return np.asarray(is_one - is_one.mean(axis=0))

    def drawn(
        self, x: np.ndarray, values: np.ndarray, shifts: Mapping[Any, float], random: np.random.Generator
    ) -> np.ndarray:
        """Return a value for each of those missing."""
        seen, gone = ~self.missing, self.missing
        if self.levels is None:
            return _number(x[seen], values[seen], x[gone], random) + shifts.get("", 0.0)
        if len(self.levels) == 1:
            return np.zeros(int(gone.sum()), dtype=int)
        odds = fit(x[seen], values[seen], len(self.levels)).drawn(random).scores(x[gone])
        for one, by in shifts.items():
            odds[:, list(self.levels).index(one)] += by
        reached = shares(odds).cumsum(axis=1)
        return np.asarray((random.random(len(reached))[:, None] > reached[:, :-1]).sum(axis=1))

    def filled(self, values: np.ndarray, index: pd.Index) -> pd.Series:
        """Return the completed column."""
        return pd.Series(values if self.levels is None else self.levels[values], index=index)


def _check_shifts(frame: pd.DataFrame, names: Sequence[str], shifts: Mapping[tuple[str, Any], float]) -> None:
    for name, one in shifts:
        known = [""] if name in names and _is_number(frame[name]) else []
        if name in names and not known:
            known = list(frame[name].dropna().unique())
        if one not in known:
            raise UsageError(
                f'there is no level "{one}" of "{name}" to shift',
                where="impute",
                cure=f"Known: {', '.join(map(str, known)) or ', '.join(names)}.",
            )


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _predictors(frame: pd.DataFrame, using: Sequence[str]) -> pd.DataFrame:
    made = {}
    for name in using:
        column = frame[name]
        if not _is_number(column):
            made[name] = column.astype(object).where(column.notna(), UNRECORDED)
        elif column.isna().any():
            raise DataRefused(
                f'"{name}" is missing in {int(column.isna().sum())} rows',
                where="impute",
                cure="Name it among the characteristics to complete, or band it.",
            )
        else:
            made[name] = column
    return pd.DataFrame(made, index=frame.index)


def _completed(
    frame: pd.DataFrame,
    columns: list[_Column],
    known: np.ndarray,
    *,
    cycles: int,
    shifts: Mapping[tuple[str, Any], float],
    random: np.random.Generator,
) -> pd.DataFrame:
    """Return one completed frame: a first fill from the recorded, then each column in turn, many times."""
    now = {}
    for one in columns:
        now[one.name] = one.recorded.copy()
        now[one.name][one.missing] = random.choice(one.recorded[~one.missing], int(one.missing.sum()))
    in_turn = sorted((one for one in columns if one.missing.any()), key=lambda one: int(one.missing.sum()))
    for _ in range(cycles):
        for one in in_turn:
            rest = [other.as_design(now[other.name]) for other in columns if other is not one]
            mine = {level: by for (name, level), by in shifts.items() if name == one.name}
            drawn = one.drawn(np.column_stack([known, *rest]), now[one.name], mine, random)
            now[one.name][one.missing] = drawn
    return frame.assign(**{one.name: one.filled(now[one.name], frame.index) for one in columns})


def _number(
    known: np.ndarray, seen: np.ndarray, asked: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Predictive mean matching: the recorded by the best fit, the missing by a drawn one."""
    inverse = np.linalg.pinv(known.T @ known + 1e-8 * np.eye(known.shape[1]))
    best = inverse @ known.T @ seen
    freedom = max(len(seen) - int(np.linalg.matrix_rank(known)), 1)
    spread = float(((seen - known @ best) ** 2).sum()) / random.chisquare(freedom)
    drawn = random.multivariate_normal(best, spread * inverse, method="svd")
    near = np.abs((known @ best)[None, :] - (asked @ drawn)[:, None])
    some = min(DONORS, len(seen))
    donors = np.argpartition(near, some - 1, axis=1)[:, :some]
    return np.asarray(seen[donors[np.arange(len(donors)), random.integers(0, some, len(donors))]])


def pooled_share(
    completed: Sequence[pd.DataFrame],
    holds: Callable[[pd.DataFrame], pd.Series],
    *,
    confidence: float = 0.95,
) -> Pooled:
    """Return a share over completed frames, with a Wilson interval widened by what is missing.

    Parameters
    ----------
    completed
        As `impute` returns them.
    holds
        From a completed frame, whether each person counts; NA for a person who is not in the base.
    confidence
        Level of the interval [0 to 1].

    Returns
    -------
    Pooled
        ``value``, ``low`` and ``high`` are fractions from 0 to 1, also where nobody or everybody counts.

    Raises
    ------
    DataRefused
        If there are fewer than two frames, or nobody is in the base of one.

    References
    ----------
    Lott A, Reiter JP (2020). Wilson confidence intervals for binomial proportions with multiple imputation
    for missing data. American Statistician 74, 109-115.
    """
    values, sizes = [], []
    for one in completed:
        counted = holds(one).astype("boolean").dropna()
        values.append(float(counted.mean()) if len(counted) else math.nan)
        sizes.append(positive(len(counted), "people in the base"))
    variances = [value * (1 - value) / size for value, size in zip(values, sizes, strict=True)]
    pooled = pool(values, variances, confidence=confidence)
    increase = pooled.increase if math.isfinite(pooled.increase) else 0.0
    reach = float(stdtrit(pooled.df, 1 - (1 - confidence) / 2)) ** 2 * (1 + increase) / float(np.mean(sizes))
    centre, wide = (2 * pooled.value + reach) / (2 * (1 + reach)), 2 * pooled.value + reach
    half = math.sqrt(max(wide**2 - 4 * (1 + reach) * pooled.value**2, 0)) / (2 * (1 + reach))
    limits = {"low": max(0.0, centre - half), "high": min(1.0, centre + half)}
    return Pooled(**{**vars(pooled), **limits})
