"""Intersections: how far combined characteristics divide people, and which fare worse than their parts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.errors import UsageError, one_of
from analysis.methods import random_intercept, shrinkage
from analysis.methods.apart import beyond_parts
from analysis.methods.clusters import design_effect, effective_share, within_person
from analysis.methods.estimate import Estimate
from analysis.methods.inputs import level, normal_quantile, part_of, require_columns
from analysis.methods.random_intercept import Counts, NotSettled, Spread
from analysis.methods.separation import separated

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_STRATA: Final = 6
"""Strata below which a variance between them is not estimated."""

SPARE: Final = 2
"""Strata beyond the number of terms that a variance between them needs."""

WITHIN: Final = math.pi**2 / 3
"""Variance within strata on the latent scale of a logistic model."""

NOT_RECORDED: Final = "not recorded"

NOTES: Final = {
    "estimated": "",
    "no variance": "Strata differ no more than chance would make them, so there is no variance to divide.",
    "too few strata": "The strata are not enough to say how much they differ beyond their parts.",
    "too thin": "Strata do not hold enough people to say how much they differ.",
    "one characteristic": "An intersection needs two characteristics that differ between people.",
    "no event": "Nobody had the outcome, so strata cannot differ in it.",
    "all events": "Everybody had the outcome, so strata cannot differ in it.",
    "nobody recorded": "No stratum has anybody for whom all characteristics are recorded.",
}
"""What each status says to a reader."""

_SEPARATOR: Final = " × "


@dataclass(frozen=True)
class Maihda:
    """What a multilevel analysis of strata says.

    Parameters
    ----------
    variance, remaining
        Between strata, without terms and with the characteristics' own [log odds squared]; None where not
        estimated.
    vpc, remaining_vpc
        Variance partition coefficients: the share of all variation that lies between strata, without and
        with the characteristics' own terms [fractions of the latent scale].
    pcv
        Proportional change in variance: the share of the variance between strata that the characteristics
        explain one by one; the rest is theirs in combination. None where strata do not differ.
    p_between, p_beyond
        That strata do not differ at all, and not beyond their parts [0 to 1].
    status, note
        What could be done, in a word and in a sentence.
    frame
        All strata given, then ``stratum``, ``share`` with ``low`` and ``high``; from the model with terms
        ``shrunk``, ``additive`` and ``interaction`` (shrunk less additive), each with ``_low`` and ``_high``
        [fractions]; with the stratum left out ``expected`` from its parts, ``beyond`` (share less expected)
        and ``beyond_odds_ratio``, each with ``_low`` and ``_high``, and ``beyond_p``; and ``status``.
    """

    variance: Estimate | None
    remaining: Estimate | None
    vpc: Estimate | None
    remaining_vpc: Estimate | None
    pcv: Estimate | None
    p_between: float
    p_beyond: float
    status: str
    note: str
    frame: pd.DataFrame


def strata(
    frame: pd.DataFrame, outcome: str, event: str, characteristics: Sequence[str], *, person: str
) -> pd.DataFrame:
    """Count an outcome in every combination of characteristics that occurs.

    Parameters
    ----------
    frame
        One row a referral; those without an outcome are left out.
    outcome, event
        Column of outcomes, and the one counted.
    characteristics
        Columns whose combinations are the strata.
    person
        Column that says whose referral it is.

    Returns
    -------
    DataFrame
        The characteristics (as text; missing ones stay missing), ``count`` and ``base`` [referrals],
        ``people``, and ``effect``, the design effect of people with several referrals.

    Raises
    ------
    UsageError
        If a column is absent, or nothing has the event's name.

    References
    ----------
    As for `analysis.methods.clusters.design_effect`.
    """
    names = list(characteristics)
    require_columns(frame, [outcome, person, *names], where="strata")
    known = frame[frame[outcome].notna()]
    occurring = known[outcome].astype(str).unique()
    if event not in occurring and len(occurring):
        raise UsageError(
            f'no referral has the outcome "{event}"', where="strata", cure=one_of(event, occurring)
        )
    cells = known[names].astype(str).where(known[names].notna())
    hit = (known[outcome].astype(str) == event).to_numpy(dtype=float)
    people = np.asarray(pd.factorize(known[person])[0])
    stratum = cells.fillna(NOT_RECORDED).groupby(names, sort=True).ngroup().to_numpy()
    alike = within_person(hit, stratum, people) if len(known) else 0.0
    rows = [
        cells.iloc[int(np.argmax(stratum == at))].to_dict() | _cell(hit, people, stratum == at, alike)
        for at in np.unique(stratum)
    ]
    return pd.DataFrame(rows, columns=[*names, "count", "base", "people", "effect"])


def _cell(hit: np.ndarray, people: np.ndarray, inside: np.ndarray, alike: float) -> dict[str, float]:
    return {
        "count": int(hit[inside].sum()),
        "base": int(inside.sum()),
        "people": len(np.unique(people[inside])),
        "effect": design_effect(people[inside], alike),
    }


def maihda(frame: pd.DataFrame, characteristics: Sequence[str], *, confidence: float = 0.95) -> Maihda:
    """Divide the variation between strata into what their parts add up to and what they do not.

    Parameters
    ----------
    frame
        One row a stratum: the characteristics, ``count`` and ``base``; with ``effect``, the counts are worth
        that much less, as in `strata`. Strata with a missing characteristic, or of nobody, are kept and not
        modelled.
    characteristics
        Columns whose combinations are the strata, each combination once.
    confidence
        Level of the intervals [0 to 1].

    Returns
    -------
    Maihda
        From two logistic models with a random intercept of the strata, one with no terms and one with a
        term for every category of every characteristic.

    Raises
    ------
    UsageError
        If a column is absent.
    DataRefused
        If a count is not a part of its base.

    Notes
    -----
    Where everybody or nobody in a category had the outcome no finite term describes it; its strata are set
    aside, with a status that says so. Whether one stratum is worse than its parts is asked twice: the
    interaction is shrunk, which is right on average over all strata and cautious for one that stands out;
    the comparison beyond its parts leaves that stratum out and is not shrunk, and as there is one for every
    stratum, its p-values are a family for `analysis.methods.multiplicity.with_family`.

    References
    ----------
    Evans CR, Williams DR, Onnela J-P, Subramanian SV (2018). A multilevel approach to modeling health
    inequalities at the intersection of multiple social identities. Social Science & Medicine 203, 64-73.
    Merlo J (2018). Multilevel analysis of individual heterogeneity and discriminatory accuracy (MAIHDA)
    within an intersectional framework. Social Science & Medicine 203, 74-80. Evans CR, Leckie G, Subramanian
    SV, Bell A, Merlo J (2024). A tutorial for conducting intersectional multilevel analysis of individual
    heterogeneity and discriminatory accuracy (MAIHDA). SSM - Population Health 26, 101664. Goldstein H,
    Browne W, Rasbash J (2002). Partitioning variation in multilevel models. Understanding Statistics 1,
    223-231: the latent scale.
    """
    names = list(characteristics)
    require_columns(frame, [*names, "count", "base"], where="maihda")
    for count, base in zip(frame["count"], frame["base"], strict=True):
        if base:
            part_of(count, base)
    told = _described(frame, names, level(confidence))
    usable = told["status"] == ""
    varied = _varied(told[usable], names)
    status = _refused(told[usable], varied)
    if status:
        return _nothing(told, usable, status)
    usable &= _set_aside(told, usable, varied)
    modelled = told[usable]
    varied = _varied(modelled, varied)
    design = _main_effects(modelled, varied)
    if len(varied) < 2 or not _estimable(modelled, design):
        return _nothing(told, usable, "too few strata")
    try:
        return _modelled(told, usable, design, confidence)
    except NotSettled:
        return _nothing(told, usable, "too thin")


def _varied(modelled: pd.DataFrame, names: list[str]) -> list[str]:
    return [name for name in names if len(modelled[name].unique()) > 1]


def _estimable(modelled: pd.DataFrame, design: np.ndarray) -> bool:
    spare = len(modelled) - design.shape[1]
    if len(modelled) < FEWEST_STRATA or spare < SPARE or np.linalg.matrix_rank(design) < design.shape[1]:
        return False
    return not separated(modelled["count"].to_numpy(), modelled["base"].to_numpy(), design)


def _described(frame: pd.DataFrame, names: list[str], confidence: float) -> pd.DataFrame:
    """Return the strata with their names, raw shares, and a status where they cannot be modelled."""
    worth = frame["effect"] if "effect" in frame.columns else pd.Series(1.0, frame.index)
    shares = [
        effective_share(count, base, effect, confidence) if base else None
        for count, base, effect in zip(frame["count"], frame["base"], worth, strict=True)
    ]
    missing = frame[names].isna().any(axis=1) | (frame["base"] == 0)
    labels = frame[names].astype(object).where(frame[names].notna(), NOT_RECORDED).astype(str)
    return frame.assign(
        effect=worth,
        stratum=labels.agg(_SEPARATOR.join, axis=1) if len(frame) else pd.Series(dtype=str),
        share=[one.value if one else math.nan for one in shares],
        low=[one.low if one else math.nan for one in shares],
        high=[one.high if one else math.nan for one in shares],
        **dict.fromkeys(_ADDED, math.nan),
        status=np.where(missing, NOT_RECORDED, ""),
    )


_LIMITED: Final = ("shrunk", "additive", "interaction", "expected", "beyond", "beyond_odds_ratio")
_ADDED: Final = [f"{name}{end}" for name in _LIMITED for end in ("", "_low", "_high")] + ["beyond_p"]


def _refused(modelled: pd.DataFrame, varied: list[str]) -> str:
    if modelled.empty:
        return "nobody recorded"
    if modelled["count"].sum() == 0:
        return "no event"
    if modelled["count"].sum() == modelled["base"].sum():
        return "all events"
    return "one characteristic" if len(varied) < 2 else ""


def _nothing(told: pd.DataFrame, usable: pd.Series, status: str) -> Maihda:
    frame = told.assign(status=told["status"].mask(usable, status))
    return Maihda(None, None, None, None, None, math.nan, math.nan, status, NOTES[status], frame)


def _set_aside(told: pd.DataFrame, usable: pd.Series, varied: list[str]) -> pd.Series:
    """Mark strata of a category in which nobody or everybody had the outcome, until there is none left."""
    kept = usable.copy()
    while True:
        before = int(kept.sum())
        for name in varied:
            sums = told[kept].groupby(name)[["count", "base"]].sum()
            for status, odd in (
                ("no event", sums["count"] == 0),
                ("all events", sums["count"] == sums["base"]),
            ):
                hit = kept & told[name].isin(sums.index[odd])
                told.loc[hit, "status"] = f"category with {status}"
                kept &= ~hit
        if int(kept.sum()) == before:
            return kept


def _main_effects(modelled: pd.DataFrame, varied: list[str]) -> np.ndarray:
    columns = [np.ones(len(modelled))]
    for name in varied:
        largest_first = modelled.groupby(name)["base"].sum().sort_values(ascending=False).index
        columns += [(modelled[name] == one).to_numpy(dtype=float) for one in largest_first[1:]]
    return np.column_stack(columns)


def _modelled(told: pd.DataFrame, usable: pd.Series, design: np.ndarray, confidence: float) -> Maihda:
    data = counts_of(told[usable], design)
    empty = Counts(data.count, data.base, design[:, :1], data.stratum)
    null, main = (random_intercept.spread(one, confidence) for one in (empty, data))
    variance, remaining = _variance(null, confidence), _variance(main, confidence)
    status = "estimated" if variance.value > 0 else "no variance"
    index = told.index[usable]
    shrunk = _shrunk(shrinkage.predict(data, main), index, confidence)
    added = pd.concat([shrunk, beyond_parts(data, told[usable], confidence)], axis=1)
    frame = told.assign(status=told["status"].mask(usable, "estimated"))
    frame.loc[usable, added.columns] = added
    return Maihda(
        variance,
        remaining,
        _partition(variance),
        _partition(remaining),
        change_in_variance(variance, remaining),
        null.p,
        main.p,
        status,
        NOTES[status],
        frame,
    )


def counts_of(modelled: pd.DataFrame, design: np.ndarray) -> Counts:
    """Return what strata are worth as counts: their own, over their design effect."""
    worth = modelled["effect"].to_numpy(dtype=float)
    return Counts(
        modelled["count"].to_numpy(dtype=float) / worth,
        modelled["base"].to_numpy(dtype=float) / worth,
        design,
        np.arange(len(modelled)),
    )


def _variance(found: Spread, confidence: float) -> Estimate:
    method = "random intercept, restricted profile likelihood"
    return Estimate(found.found.variance, found.low, found.high, confidence, method, "log odds squared")


def partition_coefficient(variance: float) -> float:
    """Share of all variation that lies between strata.

    Parameters
    ----------
    variance
        Between strata [log odds squared; may be infinite].

    Returns
    -------
    float
        A fraction of the latent scale, on which variation within strata is pi squared over 3.

    References
    ----------
    Goldstein H, Browne W, Rasbash J (2002). Partitioning variation in multilevel models. Understanding
    Statistics 1, 223-231.
    """
    return 1.0 if math.isinf(variance) else variance / (variance + WITHIN)


def _partition(variance: Estimate) -> Estimate:
    value, low, high = (partition_coefficient(one) for one in (variance.value, variance.low, variance.high))
    return Estimate(value, low, high, variance.confidence, "variance partition coefficient, latent scale")


def change_in_variance(variance: Estimate, remaining: Estimate) -> Estimate | None:
    """Share of the variance between strata that their characteristics explain one by one.

    Parameters
    ----------
    variance, remaining
        Without and with the characteristics' own terms [log odds squared].

    Returns
    -------
    Estimate or None
        The proportional change in variance, with the limits of what remains, the variance without terms
        taken as known. Below 0 where terms leave more than there was; None where strata do not differ.

    References
    ----------
    Merlo J (2018). Multilevel analysis of individual heterogeneity and discriminatory accuracy (MAIHDA)
    within an intersectional framework. Social Science & Medicine 203, 74-80.
    """
    if variance.value == 0:
        return None
    value, low, high = (1 - one / variance.value for one in (remaining.value, remaining.high, remaining.low))
    return Estimate(value, low, high, variance.confidence, "proportional change in variance")


def _shrunk(predicted: shrinkage.Predicted, index: pd.Index, confidence: float) -> pd.DataFrame:
    reach = normal_quantile(confidence) * np.array([0, -1, 1])[:, None]
    whole = expit(predicted.whole + reach * predicted.whole_sd)
    parts = expit(predicted.parts + reach * predicted.parts_sd)
    beyond = expit(predicted.parts + predicted.beyond + reach * predicted.beyond_sd) - parts[0]
    columns: dict[str, Any] = {}
    for name, three in (("shrunk", whole), ("additive", parts), ("interaction", beyond)):
        columns |= {f"{name}{end}": one for end, one in zip(("", "_low", "_high"), three, strict=True)}
    return pd.DataFrame(columns, index)
