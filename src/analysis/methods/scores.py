"""Scores before and after: change beyond chance of measurement, and recovery.

A gain is counted in points towards the better end of the scale, whichever end that is. Who was not measured
again is never left out of a denominator in silence: shares stand beside their bounds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.errors import DataRefused
from analysis.methods.followup import grouped, with_basis
from analysis.methods.inputs import level, normal_quantile, positive, require_columns, share
from analysis.methods.missing import with_bounds
from analysis.methods.proportions import with_proportions

RECOVERED, IMPROVED, UNCHANGED, WORSE = "recovered", "improved", "no reliable change", "worse"
CLASSES: Final = (RECOVERED, IMPROVED, UNCHANGED, WORSE)
"""Recovered is a reliable gain that also leaves the clinical range; improved is any other reliable gain."""

NOT_AGAIN, NO_FIRST, NO_THRESHOLD = "not measured again", "no first score", "no published threshold"

ALL_MEASURED: Final = "all with a first score"
IN_RANGE: Final = "in the clinical range at the start"


@dataclass(frozen=True)
class Instrument:
    """What is published of a scale.

    Parameters
    ----------
    measure
        Its code.
    better
        "lower" or "higher": the better end.
    least, most
        Lowest and highest score possible [points].
    cut_off
        Score at which the clinical range begins [points]; None if none is published.
    reliable_change
        Smallest change beyond chance of measurement [points]; None if none is published.
    level
        Level at which it is beyond chance [0 to 1].
    source
        Publication of both.
    """

    measure: str
    better: str
    least: float
    most: float
    cut_off: float | None
    reliable_change: float | None
    level: float
    source: str

    def gain(self, start: pd.Series, end: pd.Series) -> pd.Series:
        """Return the points gained towards the better end."""
        return start - end if self.better == "lower" else end - start

    def clinical(self, score: pd.Series) -> pd.Series:
        """Say which scores are in the clinical range; missing stays missing."""
        if self.cut_off is None:
            return pd.Series(pd.NA, index=score.index, dtype="boolean")
        inside = score >= self.cut_off if self.better == "lower" else score <= self.cut_off
        return inside.astype("boolean").mask(score.isna())


def instruments(table: pd.DataFrame) -> dict[str, Instrument]:
    """Return scales by their code, from the table that `analysis.evidence.instruments` loads.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a scale has neither end as the better.
    """
    names = ["measure", "better", "least", "most", "cut_off", "reliable_change", "level", "source"]
    require_columns(table, names, where="instruments")
    made = {}
    for row in table[names].to_dict("records"):
        if row["better"] not in {"lower", "higher"}:
            raise DataRefused(
                f'"{row["better"]}" is no end of a scale', where="instruments", cure="Write lower or higher."
            )
        for name in ("cut_off", "reliable_change"):
            row[name] = None if pd.isna(row[name]) else float(row[name])
        made[str(row["measure"])] = Instrument(**{str(key): value for key, value in row.items()})
    return made


def error_of_difference(sd: float, reliability: float) -> float:
    """Return the standard error of the difference of two scores of one person: sd √2 √(1 − reliability).

    Parameters
    ----------
    sd
        Standard deviation of scores before help [points].
    reliability
        Of the scale [0 to 1].

    Raises
    ------
    DataRefused
        If the spread is not above 0, or the reliability no fraction.

    References
    ----------
    Jacobson NS, Truax P (1991). Clinical significance: a statistical approach to defining meaningful change
    in psychotherapy research. Journal of Consulting and Clinical Psychology 59, 12-19.
    """
    return positive(sd, "standard deviation") * math.sqrt(2 * (1 - share(reliability, "reliability")))


def reliable_change(sd: float, reliability: float, confidence: float = 0.95) -> float:
    """Return the change that measurement error alone seldom makes [points].

    Parameters
    ----------
    sd, reliability
        As in `error_of_difference`.
    confidence
        How seldom: 0.95 for 1 in 20.

    Raises
    ------
    DataRefused
        As for `error_of_difference`.

    References
    ----------
    As for `error_of_difference`.
    """
    return normal_quantile(confidence) * error_of_difference(sd, reliability)


def cut_off(mean: float, sd: float, other_mean: float, other_sd: float) -> float:
    """Return the score as many standard deviations from one group's mean as from the other's (criterion c).

    Parameters
    ----------
    mean, sd
        Among people who seek help [points].
    other_mean, other_sd
        Among people who do not [points].

    Raises
    ------
    DataRefused
        If a spread is not above 0.

    References
    ----------
    Jacobson and Truax (1991), as for `error_of_difference`: criterion c.
    """
    spread, other = positive(sd, "standard deviation"), positive(other_sd, "standard deviation")
    return (other * mean + spread * other_mean) / (spread + other)


def with_change(
    frame: pd.DataFrame,
    scales: Mapping[str, Instrument],
    *,
    measure: str = "measure",
    start: str = "score_start",
    end: str = "score_end",
) -> pd.DataFrame:
    """Add to each row its gain and what kind of change that is.

    Parameters
    ----------
    frame
        One row a course or stay.
    scales
        What is published of each scale, by code.
    measure, start, end
        Columns of the scale's code, the first and the latest score [points]; missing where not measured.

    Returns
    -------
    DataFrame
        All rows and columns of ``frame``, then ``gain`` [points towards the better end], ``clinical_start``
        and ``clinical_end`` (missing where the scale has no cut-off or there is no score) and ``change``:
        one of "recovered", "improved", "no reliable change", "worse", "not measured again", "no first
        score", "no published threshold".

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a score lies off its scale.

    References
    ----------
    Jacobson and Truax (1991), as for `error_of_difference`: reliable and clinically significant change, here
    with the published thresholds of each scale.
    """
    require_columns(frame, [measure, start, end], where="with_change")
    unknown = pd.Series(pd.NA, index=frame.index, dtype="boolean")
    made = frame.assign(gain=math.nan, clinical_start=unknown, clinical_end=unknown, change=NO_THRESHOLD)
    for code, scale in scales.items():
        here = frame[measure].eq(code).fillna(value=False).to_numpy(dtype=bool)
        first, last = frame.loc[here, start].astype(float), frame.loc[here, end].astype(float)
        check_on_scale(scale, first, last)
        made.loc[here, "gain"] = scale.gain(first, last)
        made.loc[here, "clinical_start"] = scale.clinical(first)
        made.loc[here, "clinical_end"] = scale.clinical(last)
        if scale.reliable_change is not None:
            made.loc[here, "change"] = _kinds(made.loc[here], scale.reliable_change)
    made.loc[frame[end].isna(), "change"] = NOT_AGAIN
    made.loc[frame[start].isna(), "change"] = NO_FIRST
    return made


def _kinds(rows: pd.DataFrame, least: float) -> np.ndarray:
    left = rows["clinical_start"].fillna(value=False) & ~rows["clinical_end"].fillna(value=True)
    better, worse = rows["gain"] >= least, rows["gain"] <= -least
    return np.select([better & left, better, worse], [RECOVERED, IMPROVED, WORSE], UNCHANGED)


def check_on_scale(scale: Instrument, *scores: pd.Series) -> None:
    """Refuse scores that their scale does not have.

    Raises
    ------
    DataRefused
        Saying how many there are, and none of them.
    """
    for column in scores:
        off = int(((column < scale.least) | (column > scale.most)).sum())
        if off:
            raise DataRefused(
                f"{off} scores are off the scale, {scale.least:g} to {scale.most:g}",
                where=scale.measure,
                cure="Check the scale, and scores entered as a mean item score.",
            )


def change_shares(frame: pd.DataFrame, by: str | None = None, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return the share of each kind of change, with the bounds that those not measured again leave.

    Parameters
    ----------
    frame
        As `with_change` returns it.
    by
        Column of groups.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    DataFrame
        One row a group and kind: the group, ``change``, ``among`` (whom), ``count`` [rows], ``base`` [rows
        measured twice on a scale with a threshold], ``total`` [rows with a first score on one], ``share``,
        ``low``, ``high``, ``bound_low``, ``bound_high`` [fractions] and ``method``. Recovery is asked of
        those who started in the clinical range alone. NaN where there is nobody.

    Raises
    ------
    UsageError
        If a column is absent.

    References
    ----------
    As for `analysis.methods.proportions.proportion` and `analysis.methods.missing.bounds`.
    """
    require_columns(frame, ["change", "clinical_start", "gain"], where="change_shares")
    level(confidence)
    made = []
    for label, rows in grouped(frame, by, where="change_shares"):
        asked = rows.loc[~rows["change"].isin([NO_FIRST, NO_THRESHOLD])]
        in_range = asked.loc[asked["clinical_start"].fillna(value=False)]
        for kind in CLASSES:
            of, among = (in_range, IN_RANGE) if kind == RECOVERED else (asked, ALL_MEASURED)
            made.append({by or "group": label, **_counted(of, [kind], kind, among)})
        made.append({by or "group": label, **_counted(asked, [RECOVERED, IMPROVED], "either", ALL_MEASURED)})
    counted = pd.DataFrame(made)
    known = counted.assign(base=counted["base"].where(counted["base"] > 0))
    shares = with_proportions(known, confidence=confidence)
    bounds = with_bounds(counted.loc[counted["total"] > 0], recorded="base")
    limits = {name: bounds[name].reindex(counted.index) for name in ("bound_low", "bound_high")}
    return with_basis(shares.assign(base=counted["base"], **limits), frame)


def _counted(rows: pd.DataFrame, kinds: list[str], name: str, among: str) -> dict[str, Any]:
    again = rows["change"].ne(NOT_AGAIN)
    return {
        "change": "recovered or improved" if name == "either" else name,
        "among": among,
        "count": int(rows["change"].isin(kinds).sum()),
        "base": int(again.sum()),
        "total": len(rows),
    }


def scale_of(frame: pd.DataFrame, scales: Mapping[str, Instrument], measure: str = "measure") -> Instrument:
    """Return the one scale that all rows of a frame are on.

    Raises
    ------
    UsageError
        If the column is absent.
    DataRefused
        If there are several scales, none, or one of which nothing is published.
    """
    require_columns(frame, [measure], where="scale_of")
    found = sorted(map(str, frame[measure].dropna().unique()))
    if len(found) != 1 or found[0] not in scales:
        raise DataRefused(
            f"rows are on {', '.join(found) or 'no scale'}",
            where="scale_of",
            cure=f"Take rows of one of: {', '.join(scales)}.",
        )
    return scales[found[0]]
