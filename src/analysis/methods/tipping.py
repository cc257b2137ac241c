"""How different the missing would have to be before a finding falls: shifted imputations, tipping point."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd

from analysis.errors import UsageError
from analysis.methods.followup import with_basis
from analysis.methods.imputation import CYCLES, IMPUTATIONS, impute, pool
from analysis.methods.inputs import require_columns

SHIFTS: Final = (-3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
"""Shifts tried [log odds]; 1 multiplies the odds of having the level by 2.7, 3 by 20."""

Estimator = Callable[[pd.DataFrame], tuple[float, float]]
"""From a completed frame, an estimate and its variance."""


def share_gap(outcome: str, by: str, level: Any, against: Any) -> Estimator:
    """Return an estimator of how much larger the share with an outcome is in one group than in another.

    Parameters
    ----------
    outcome
        Column of truths.
    by
        Column of groups.
    level, against
        The group, and that which it is compared with.

    Returns
    -------
    callable
        From a frame to the difference of shares [fraction] and its variance, for `shifted`. A group with
        nobody in it gives NaN.

    References
    ----------
    Agresti A, Caffo B (2000). Simple and effective confidence intervals for proportions and differences of
    proportions result from adding two successes and two failures. American Statistician 54, 280-288: half of
    those go to each group, so that no group is certain.
    """

    def estimate(frame: pd.DataFrame) -> tuple[float, float]:
        require_columns(frame, [outcome, by], where="share_gap")
        known = frame.loc[frame[outcome].notna()]
        shares, variances = [], []
        for one in (level, against):
            group = known.loc[known[by] == one, outcome].astype(bool)
            if group.empty:
                return math.nan, math.nan
            share = (int(group.sum()) + 1) / (len(group) + 2)
            shares.append(share)
            variances.append(share * (1 - share) / (len(group) + 2))
        return shares[0] - shares[1], sum(variances)

    return estimate


def shifted(
    frame: pd.DataFrame,
    characteristic: str,
    level: Any,
    estimate: Estimator,
    *,
    shifts: Sequence[float] = SHIFTS,
    using: Sequence[str] = (),
    also: Sequence[str] = (),
    null: float = 0.0,
    seed: int,
    imputations: int = IMPUTATIONS,
    cycles: int = CYCLES,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the estimate for each shift of those of whom a characteristic is not recorded.

    Parameters
    ----------
    frame
        One row a person.
    characteristic, level
        What is not recorded of some, and the level whose odds are shifted among them ("" for a number).
    estimate
        The estimate and its variance from a completed frame, as `share_gap` makes it.
    shifts
        Added to the log odds of the level, or to the number, of every missing person; 0 is always among them.
    using, also
        As ``using`` in `analysis.methods.imputation.impute`; further characteristics to complete at the
        same time.
    null
        The estimate that would be no finding.
    seed, imputations, cycles
        As in `analysis.methods.imputation.impute`; the same draws serve every shift.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        One row a shift, increasing: ``shift``, ``imputed_share`` (share of the imputed with the level; for
        a number their mean), ``value``, ``low``, ``high`` (as the estimate), ``missing_information`` [0 to
        1], ``finding`` (whether the interval leaves out ``null``), ``status`` and ``note``. NaN where a
        completed frame gives no estimate.

    Raises
    ------
    UsageError
        If a column or level is absent.
    DataRefused
        As for `analysis.methods.imputation.impute`.

    References
    ----------
    van Buuren S (2018). Flexible imputation of missing data, 2nd edition. CRC Press, section 3.8 (delta
    adjustment). Yan X, Lee S, Li N (2009). Missing data handling methods in medical device clinical trials.
    Journal of Biopharmaceutical Statistics 19, 1085-1098 (tipping point). As for
    `analysis.methods.imputation.pool`.
    """
    require_columns(frame, [characteristic], where="shifted")
    gone = frame[characteristic].isna()
    rows = []
    for by in sorted({0.0, *map(float, shifts)}):
        completed = impute(
            frame,
            [characteristic, *also],
            using=using,
            seed=seed,
            imputations=imputations,
            cycles=cycles,
            shifts={(characteristic, level): by},
        )
        made = [one.loc[gone, characteristic] for one in completed]
        drawn = pd.concat([one if level == "" else one.eq(level) for one in made])
        rows.append(
            {
                "shift": by,
                "imputed_share": float(drawn.astype(float).mean()) if len(drawn) else math.nan,
                **_pooled([estimate(one) for one in completed], null, confidence),
            }
        )
    return with_basis(pd.DataFrame(rows), frame)


def _pooled(estimates: list[tuple[float, float]], null: float, confidence: float) -> dict[str, Any]:
    if any(math.isnan(value) or math.isnan(variance) for value, variance in estimates):
        unknown = dict.fromkeys(("value", "low", "high", "missing_information"), math.nan)
        note = "In some completed data a group has nobody in it."
        return unknown | {"finding": False, "status": "no estimate", "note": note}
    pooled = pool(*zip(*estimates, strict=True), confidence=confidence)
    return {
        "value": pooled.value,
        "low": pooled.low,
        "high": pooled.high,
        "missing_information": pooled.missing_information,
        "finding": not pooled.low <= null <= pooled.high,
        "status": "",
        "note": "",
    }


def tipping_point(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the smallest shift at which a finding falls, or one appears.

    Parameters
    ----------
    rows
        As `shifted` returns them.

    Returns
    -------
    dict
        ``finding`` (whether there is one with no shift), ``shift`` and ``imputed_share`` of the smallest
        shift that turns it round (NaN if none of those tried does), ``tried`` (the largest shift tried) and
        ``note``.

    Raises
    ------
    UsageError
        If a column is absent, or no row has the shift 0.

    References
    ----------
    Yan, Lee and Li (2009), as for `shifted`.
    """
    require_columns(rows, ["shift", "finding", "imputed_share", "status"], where="tipping_point")
    plain = rows.loc[rows["shift"] == 0]
    if plain.empty:
        raise UsageError("no row has the shift 0", where="tipping_point", cure="Give what `shifted` made.")
    there = bool(plain["finding"].iloc[0])
    turned = rows.loc[(rows["finding"] != there) & rows["status"].eq("")]
    tried = float(rows["shift"].abs().max())
    found = {"finding": there, "tried": tried, "shift": math.nan, "imputed_share": math.nan}
    if turned.empty:
        note = "The finding stands" if there else "There is no finding"
        return found | {"note": f"{note} whatever shift was tried."}
    nearest = turned.sort_values("shift", key=abs, kind="stable").iloc[0]
    note = "The finding falls" if there else "A finding appears"
    return found | {
        "shift": float(nearest["shift"]),
        "imputed_share": float(nearest["imputed_share"]),
        "note": f"{note} if those not recorded are this different from the recorded.",
    }
