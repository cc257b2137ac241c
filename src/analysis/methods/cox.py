"""How much faster some leave than others: Cox regression with entry, and whether its ratio stays the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import ndtr
from scipy.stats import chi2

from analysis.errors import DataRefused, UsageError
from analysis.methods.followup import (
    FINE,
    NO_EXIT,
    ONE_PERSON,
    SENTENCES,
    UNRECORDED,
    FollowUp,
    follow_up,
    with_basis,
)
from analysis.methods.inputs import normal_quantile, require_columns
from analysis.methods.partial_likelihood import Likelihood, maximum

REFERENCE: Final = "reference"
NO_ESTIMATE: Final = "no estimate"
WORDS: Final = SENTENCES | {
    REFERENCE: "The others are compared with this.",
    NO_ESTIMATE: "Groups or covariates cannot be told apart in these rows, so there is no finite ratio.",
}
LONGEST: Final = 8.0
"""A log ratio beyond this, a standard deviation of its covariate, is no estimate but a sign of separation."""


@dataclass(frozen=True)
class Cox:
    """What a Cox regression says.

    Parameters
    ----------
    frame
        One row a covariate, or a level of one: ``covariate``, ``level`` ("" for a number), ``people`` and
        ``exits`` [rows], ``ratio`` of the rate of leaving with ``low`` and ``high``, ``p`` [0 to 1],
        ``method``, ``status`` and ``note``. A reference level has the ratio 1 and no interval. A level of
        which nobody left has no ratio, and its rows are left out of the fit.
    check
        Whether the ratio stays the same over time: one row a covariate, then "all together": ``covariate``,
        ``statistic``, ``df``, ``p``, ``status``, ``note``.
    residuals
        Scaled Schoenfeld residuals in long form: ``day``, ``covariate``, ``level``, ``ratio`` (the log
        ratio that each exit points to; a trend over days is a ratio that changes).
    people, exits
        Rows fitted, and exits among them.
    """

    frame: pd.DataFrame
    check: pd.DataFrame
    residuals: pd.DataFrame
    people: int
    exits: int


@dataclass(frozen=True)
class _Term:
    covariate: str
    level: Any
    column: np.ndarray


def cox(
    frame: pd.DataFrame,
    covariates: Sequence[str],
    *,
    reference: Mapping[str, Any] | None = None,
    days: str = "days",
    censored: str = "censored",
    entry: str | None = None,
    person: str | None = None,
    confidence: float = 0.95,
) -> Cox:
    """Compare the rates at which people leave, or are seen, by one or more covariates.

    Parameters
    ----------
    frame
        One row a duration.
    covariates
        Columns: numbers as they are, anything else by level. A missing level is the level "not recorded".
    reference
        Level that the others of a column are compared with; its most frequent by default.
    days, censored, entry
        As in `analysis.methods.durations.kaplan_meier`.
    person
        Column of persons, if one may have several durations: errors are then clustered by person.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    Cox
        Ratios, the check, and the residuals to plot.

    Raises
    ------
    UsageError
        If a column or a reference level is absent, or there is no covariate.
    DataRefused
        If a duration or a numeric covariate is missing or impossible.

    Notes
    -----
    A ratio of rates is not a ratio of times: beside it belong curves and restricted means. Where the check
    says that the ratio changes, give those instead.

    References
    ----------
    As for `analysis.methods.partial_likelihood.partial_likelihood`. Lin DY, Wei LJ (1989). The robust
    inference for the Cox proportional hazards model. Journal of the American Statistical Association 84,
    1074-1078. Grambsch PM, Therneau TM (1994). Proportional hazards tests and diagnostics based on weighted
    residuals. Biometrika 81, 515-526: the score test of a ratio that changes with the Kaplan-Meier time
    scale, each exit with a curvature of its own.
    """
    z = normal_quantile(confidence)
    if not covariates:
        raise UsageError("there is no covariate", where="cox", cure="Name one or more columns.")
    require_columns(frame, [*covariates, *([person] if person else [])], where="cox")
    seen = follow_up(frame, days=days, censored=censored, entry=entry, where="cox")
    terms = [term for name in covariates for term in _terms(frame[name], name, dict(reference or {}))]
    used, kept = _usable(terms, seen.ended)
    fitted = FollowUp(seen.days[kept], seen.ended[kept], seen.entry[kept])
    x = np.column_stack([term.column[kept] for term in used]) if used else np.zeros((int(kept.sum()), 0))
    found = _fit(x, fitted)
    who = None if person is None else pd.factorize(frame[person], use_na_sentinel=False)[0][kept]
    rows = _rows(terms, used, seen, found, who=who, z=z)
    check, residuals = _checked(used, found, fitted) if found else _unchecked(covariates)
    made = with_basis(pd.DataFrame(rows), frame)
    return Cox(made, check, residuals, fitted.people, int(fitted.ended.sum()))


def _terms(column: pd.Series, name: str, reference: dict[str, Any]) -> list[_Term]:
    """Return the reference level, with no values, then a 0/1 column a level; or one column of numbers."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        if column.isna().any():
            raise DataRefused(
                f'"{name}" is missing in {int(column.isna().sum())} of {len(column)} rows',
                where="cox",
                cure="Band it, so that not recorded is a level, or count those rows and leave them out.",
            )
        return [_Term(name, "", column.to_numpy(dtype=float))]
    labels = column.astype(object).where(column.notna(), UNRECORDED)
    levels = list(labels.value_counts(sort=True).index)
    base = reference.get(name, levels[0] if levels else "")
    if levels and base not in levels:
        raise UsageError(
            f'"{base}" is no level of "{name}"', where="cox", cure=f"Known: {', '.join(map(str, levels))}."
        )
    others = [level for level in labels.unique() if level != base]
    start = [_Term(name, base, np.zeros(0))]
    return start + [_Term(name, one, (labels == one).to_numpy(dtype=float)) for one in others]


def _usable(terms: list[_Term], ended: np.ndarray) -> tuple[list[_Term], np.ndarray]:
    """Return the terms with an exit, and the rows of no level without one."""
    kept = np.ones(len(ended), dtype=bool)
    used = []
    for term in terms:
        if not len(term.column):
            continue
        if term.level != "" and not (term.column * ended).any():
            kept &= term.column == 0
        else:
            used.append(term)
    return used, kept


def _fit(x: np.ndarray, seen: FollowUp) -> tuple[np.ndarray, Likelihood] | None:
    if not x.shape[1] or not seen.ended.any() or seen.people < 2:
        return None
    centred = x - x.mean(axis=0)
    if np.linalg.matrix_rank(centred) < x.shape[1]:
        return None
    found = maximum(centred, seen)
    if found is None or (np.abs(found[0]) * centred.std(axis=0) > LONGEST).any():
        return None
    return found


def _rows(
    terms: list[_Term],
    used: list[_Term],
    seen: FollowUp,
    found: tuple[np.ndarray, Likelihood] | None,
    *,
    who: np.ndarray | None,
    z: float,
) -> list[dict[str, Any]]:
    errors = np.sqrt(np.diag(covariance(found[1], who))) if found else np.zeros(0)
    method = "Cox, Efron" if who is None else "Cox, Efron, clustered by person"
    rows = []
    for term in terms:
        mine = _members(term, terms, seen.people)
        row = {
            "covariate": term.covariate,
            "level": term.level,
            "people": int(mine.sum()),
            "exits": int((mine & seen.ended).sum()),
            **dict.fromkeys(("ratio", "low", "high", "p"), math.nan),
            "method": method,
        }
        if not len(term.column):
            row |= {"ratio": 1.0, "status": REFERENCE}
        elif term in used and found:
            at = used.index(term)
            row |= _ratio(float(found[0][at]), float(errors[at]), z) | {"status": FINE}
        else:
            row["status"] = NO_ESTIMATE if term in used else NO_EXIT
        if seen.people < 2 and row["status"] != REFERENCE:
            row["status"] = ONE_PERSON
        rows.append(row | {"note": WORDS[str(row["status"])]})
    return rows


def _members(term: _Term, terms: list[_Term], people: int) -> np.ndarray:
    if term.level == "":
        return np.ones(people, dtype=bool)
    if len(term.column):
        return term.column > 0
    others = [one.column for one in terms if one.covariate == term.covariate and len(one.column)]
    return np.asarray(sum(others, np.zeros(people)) == 0)


def _ratio(value: float, error: float, z: float) -> dict[str, float]:
    return {
        "ratio": math.exp(value),
        "low": math.exp(value - z * error),
        "high": math.exp(value + z * error),
        "p": float(2 * ndtr(-abs(value) / error)),
    }


def covariance(found: Likelihood, who: np.ndarray | None = None) -> np.ndarray:
    """Return the covariance of the coefficients: from the information, or clustered by person.

    Parameters
    ----------
    found
        The likelihood at its maximum.
    who
        Number of the person of each row, from 0; None if every row is another person.

    References
    ----------
    Lin and Wei (1989), as in `cox`.
    """
    inverse = np.linalg.inv(found.information)
    if who is None:
        return inverse
    influence = found.per_row @ inverse
    people = np.zeros((int(who.max()) + 1, influence.shape[1]))
    np.add.at(people, who, influence)
    return np.asarray(people.T @ people)


def _checked(
    used: list[_Term], found: tuple[np.ndarray, Likelihood], seen: FollowUp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    beta, likelihood = found
    scale = _time_scale(likelihood.days, seen)
    names = [term.covariate for term in used]
    tests = [(name, [at for at, one in enumerate(names) if one == name]) for name in dict.fromkeys(names)]
    tests.append(("all together", list(range(len(used)))))
    rows = [{"covariate": name, **_changes(likelihood, scale, which)} for name, which in tests]
    inverse = np.linalg.inv(likelihood.information)
    scaled = beta + len(likelihood.days) * likelihood.schoenfeld @ inverse
    residuals = [
        pd.DataFrame(
            {"day": likelihood.days, "covariate": term.covariate, "level": term.level, "ratio": scaled[:, at]}
        )
        for at, term in enumerate(used)
    ]
    return pd.DataFrame(rows), pd.concat(residuals, ignore_index=True)


def _time_scale(days: np.ndarray, seen: FollowUp) -> np.ndarray:
    """Return one minus the Kaplan-Meier curve just before each exit, centred."""
    times = seen.times()
    remaining = np.cumprod(1 - seen.counted(times, seen.ended) / seen.at_risk(times))
    gone = 1 - np.concatenate([[1.0], remaining])[np.searchsorted(times, days)]
    return np.asarray(gone - gone.mean())


def _changes(likelihood: Likelihood, scale: np.ndarray, which: list[int]) -> dict[str, Any]:
    """Score test of coefficients that change with the time scale; the others stay as they are."""
    score = (likelihood.schoenfeld * scale[:, None]).sum(axis=0)[which]
    cross = (likelihood.curvatures * scale[:, None, None]).sum(axis=0)[:, which]
    own = (likelihood.curvatures * scale[:, None, None] ** 2).sum(axis=0)[np.ix_(which, which)]
    left = own - cross.T @ np.linalg.solve(likelihood.information, cross)
    if np.linalg.matrix_rank(left) < len(which) or len(np.unique(scale)) < 2:
        return {
            "statistic": math.nan,
            "df": len(which),
            "p": math.nan,
            "status": NO_ESTIMATE,
            "note": "Too few days with an exit to see a change.",
        }
    statistic = float(score @ np.linalg.solve(left, score))
    p = float(chi2.sf(statistic, len(which)))
    return {"statistic": statistic, "df": len(which), "p": p, "status": FINE, "note": ""}


def _unchecked(covariates: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    unknown = {"statistic": math.nan, "df": 0, "p": math.nan, "status": NO_ESTIMATE}
    rows = [{"covariate": name, **unknown, "note": WORDS[NO_ESTIMATE]} for name in covariates]
    return pd.DataFrame(rows), pd.DataFrame(columns=["day", "covariate", "level", "ratio"])
